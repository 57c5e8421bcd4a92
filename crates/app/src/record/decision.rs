//! What a decision about a record names: the record, a case number, a date. And who may take it.

use chengxin_core::Caller;
use std::collections::BTreeSet;

use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::record::RecordId;
use chengxin_policy::{Resource, Stage};
use chengxin_store::View;
use chengxin_store::record::{StoredVersion, VersionRow};
use jiff::civil::Date;

use crate::keyring::Keyring;
use crate::{AppError, Installation, policy};

/// Most characters of a case number or of the name of a document.
const LONGEST: usize = 128;

/// A record, as a decision names it: by its subject's document and its id, which receipts and reports carry.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordRef {
    /// Kind of the subject's document.
    pub kind: DocumentKind,
    /// Its number as written.
    pub number: String,
    /// The record.
    pub record: RecordId,
}

impl std::fmt::Debug for RecordRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordRef")
            .field("kind", &self.kind)
            .field("record", &self.record.hex())
            .finish_non_exhaustive()
    }
}

/// A decision of the determining authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its case number.
    pub case_no: String,
    /// Its date.
    pub decided_on: Date,
}

impl Decision {
    /// Refuses a decision without a number, or of a day that has not come.
    pub(super) fn check(&self, today: Date) -> Result<(), AppError> {
        filled(&self.case_no, "案号", "the case number")?;
        if self.decided_on > today {
            return Err(AppError::invalid("决定日期晚于今天", "the date of the decision lies in the future"));
        }
        Ok(())
    }
}

/// Refuses what is empty or longer than 128 characters.
pub(super) fn filled(text: &str, zh: &str, en: &str) -> Result<(), AppError> {
    if text.trim().is_empty() || text.chars().count() > LONGEST {
        return Err(AppError::invalid(
            format!("{zh}须填写，且不超过 {LONGEST} 字"),
            format!("{en} is needed, in at most {LONGEST} characters"),
        ));
    }
    Ok(())
}

/// A record that was found and that the caller decides about.
#[derive(Debug)]
pub(super) struct Found {
    /// About whom.
    pub(super) subject: [u8; 16],
    /// Its effective versions, at least one, in order.
    pub(super) versions: Vec<StoredVersion>,
}

impl Installation {
    /// The tag under which the record's subject is looked for.
    pub(crate) fn tag_of(&self, at: &RecordRef) -> Result<[u8; 16], AppError> {
        let (document, _) = Document::parse(at.kind, &at.number, self.synthetic_rule())?;
        Ok(self.keys.document_tag(document.kind(), document.number()))
    }

    /// The same for whoever is to decide about the record, and keeps out of their own affairs.
    pub(super) fn decidable(&self, caller: &Caller, name: &'static str, at: &RecordRef) -> Result<[u8; 16], AppError> {
        let (document, _) = Document::parse(at.kind, &at.number, self.synthetic_rule())?;
        self.recused(caller, name, &document)?;
        self.tag_of(at)
    }
}

/// Finds the record. Only who acts for the authority that determined it learns that it exists.
///
/// # Errors
/// [`crate::Kind::NotFound`] in one sentence for an unknown subject, an unknown record, and one of another authority;
/// [`crate::Kind::Forbidden`] for whoever sent a version of it.
///
/// # Source
/// 信用修复管理办法: 谁认定谁修复.
pub(super) fn find(
    view: View<'_>,
    tag: &[u8; 16],
    at: &RecordRef,
    caller: &Caller,
    name: &str,
) -> Result<Found, AppError> {
    let hidden = || AppError::not_found("没有该批次或记录", "there is no such submission or record");
    let subject = view.subject_document(tag)?.ok_or_else(hidden)?.subject_id;
    let mut versions = view.versions_of_subject(&subject)?;
    versions.retain(|version| version.row.record_id == at.record.0);
    let authority = &versions.last().ok_or_else(hidden)?.row.authority;
    policy::acts_for(caller, authority)?;
    for number in versions.iter().map(|version| version.row.submission_id).collect::<BTreeSet<_>>() {
        let mut thing = Resource::new().of_authority(authority).at(Stage::Active);
        // A version that a decision wrote was sent by nobody.
        thing.submitter = view.submission(number)?.map(|submission| submission.sent_by);
        policy::on(caller, name, &thing)?;
    }
    Ok(Found { subject, versions })
}

/// Number of the next version: behind those of open submissions too, which take their numbers before they count.
pub(crate) fn next_version(view: View<'_>, subject: &[u8; 16], record: &[u8; 16]) -> Result<i64, AppError> {
    let heads = view.versions_of_record(subject, record)?;
    Ok(heads.last().map_or(1, |head| head.version + 1))
}

/// What the log entry of a decision says of a version that it wrote: record, version and commitment. A version that no
/// entry anchors was put there by hand.
pub(crate) fn anchor(row: &VersionRow) -> serde_json::Value {
    let commitment = data_encoding::HEXLOWER.encode(&row.commitment);
    serde_json::json!([chengxin_core::record::RecordId(row.record_id).hex(), row.version, commitment])
}

/// A fresh salt and the commitment that goes with it.
pub(crate) fn committed(keys: &Keyring, mut row: VersionRow) -> VersionRow {
    row.salt = chengxin_seal::random_bytes();
    row.commitment = super::version_commitment(keys, &row, &mut Vec::new());
    row
}
