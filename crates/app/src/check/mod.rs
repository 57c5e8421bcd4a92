//! The check at the window: one matter, one applicant, one answer, which the applicant gets too.
//!
//! What an answer says is decided by [`chengxin_core::check`], from what this check may show and from nothing else. Here it is
//! asked for by somebody with a duty, logged before it leaves, and found again for the person whom it was about: the entry in
//! the log names the records, so that the slip can be written once more from it, and need not be kept.
//!
//! An outage counts against nobody: where this cannot be asked, the matter proceeds (house rules of the domain reference, §10).

mod asked;
mod batch;
mod consented;
mod list;
mod outcome;
mod print;

use std::collections::BTreeSet;

use chengxin_core::catalogue::matter::{MatterDef, MatterGround};
use chengxin_core::check::{CheckRecord, Slip};
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::{Caller, Ground, check as rules};
use chengxin_store::record::StoredVersion;
use serde::Serialize;
use serde_json::json;

pub(crate) use asked::records as records_of;
pub(crate) use asked::refused as refused_by_rules;
pub use batch::{
    Answered, Batch, BatchFault, BatchOpened, BatchRequest, BatchRow, Look, Part, PartAnswers, PartRequest, batch_rows,
};
pub use list::{CheckLine, OutcomeLine};
pub(crate) use list::{ShownTo, shown_to};
pub use outcome::{Outcome, OutcomeNotice, OutcomeRequest};

use crate::consent::checking::shown;
use crate::log::NewEntry;
use crate::proceeding::Contests;
use crate::reading::{Disclosure, Reading};
use crate::report::Owner;
use crate::{AppError, Installation, journal};
use asked::Asked;

/// What a clerk asks.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// Code of the matter.
    pub matter: String,
    /// Kind of the applicant's document.
    pub kind: DocumentKind,
    /// Its number, in any usual writing.
    pub number: String,
    /// The applicant's name, as on the document: it must agree with the one on file, exactly.
    pub name: String,
    /// Number of the application.
    pub case_number: String,
}

/// An answer, with the number under which it is found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Checked {
    /// When it was asked, microseconds UTC.
    pub at_us: i64,
    /// What the clerk sees and the applicant keeps: the same.
    #[serde(flatten)]
    pub slip: Slip,
}

/// The caller, asking on the clause that states the matter, and for it where they state no other purpose. Of a matter that there
/// is not, as they were: that is for the check to refuse.
fn for_matter(caller: Caller, matter: Option<&MatterDef>) -> Caller {
    let Some(matter) = matter else { return caller };
    let purpose = match caller.purpose.trim() {
        "" => format!("办理“{}”", matter.name().zh),
        _ => caller.purpose,
    };
    let ground = match matter.matter.ground {
        MatterGround::Duty => Ground::Duty(matter.matter.clause.clone()),
        MatterGround::Consent => caller.ground,
    };
    Caller { purpose, ground, ..caller }
}

impl Reading {
    /// The caller, asking on the clause that states the matter with a code.
    #[must_use]
    pub fn for_matter(&self, caller: Caller, code: &str) -> Caller {
        for_matter(caller, self.catalogue.matter(code))
    }

    /// Answers a matter about an applicant of whom something is held, together with the entry that must be durable before
    /// it leaves. `None` where [`Installation::check_answer`] is to be asked: about somebody of whom nothing is held, and
    /// where the name does not agree, something has to be written first; and on consent, a use is counted.
    ///
    /// # Errors
    /// As there.
    pub fn check_answer(
        &self,
        caller: &Caller,
        request: &CheckRequest,
    ) -> Result<Option<Disclosure<Checked>>, AppError> {
        self.authorise(caller, "check_answer")?;
        if matches!(caller.ground, Ground::Consent(_)) {
            return Ok(None);
        }
        let asked = self.check_asked(caller, request)?;
        let tag = self.keys.document_tag(asked.document.kind(), asked.document.number());
        let Some((document, versions)) = self.store.view().versions_of_document(&tag)? else { return Ok(None) };
        if !self.name_is(&document, &asked.name)? {
            return Ok(None);
        }
        self.checked(caller, &asked, &document.subject_id, &versions).map(Some)
    }

    /// What a window would be told about a person in a matter, for that person alone. `None` where
    /// [`Installation::check_preview`] is to be asked, since nothing is held about them.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not the person; [`crate::Kind::NotFound`] for a matter that there is not;
    /// [`crate::Kind::Invalid`] for one that is not for such an applicant, or not in force.
    pub fn check_preview(
        &self,
        caller: &Caller,
        matter: &str,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Option<Disclosure<rules::CheckAnswer>>, AppError> {
        self.authorise(caller, "check_preview")?;
        let asked = self.preview_asked(caller, matter, kind, number)?;
        let tag = self.keys.document_tag(asked.document.kind(), asked.document.number());
        let Some((document, versions)) = self.store.view().versions_of_document(&tag)? else { return Ok(None) };
        self.previewed(caller, &asked, &document.subject_id, &versions).map(Some)
    }

    fn previewed(
        &self,
        caller: &Caller,
        asked: &Asked<'_>,
        subject: &[u8; 16],
        versions: &[StoredVersion],
    ) -> Result<Disclosure<rules::CheckAnswer>, AppError> {
        let answer = asked.answer(&self.catalogue, &self.check_records(asked, subject, versions)?)?;
        let detail = json!({ "matter": answer.matter, "records": answer.records() });
        let entry = NewEntry::new(*subject, "check_preview", caller.clone(), detail);
        Ok(Disclosure { answer, entry })
    }

    fn checked(
        &self,
        caller: &Caller,
        asked: &Asked<'_>,
        subject: &[u8; 16],
        versions: &[StoredVersion],
    ) -> Result<Disclosure<Checked>, AppError> {
        let answer = asked.answer(&self.catalogue, &self.check_records(asked, subject, versions)?)?;
        let slip = answer.slip(asked.head());
        let detail = asked.detail(&slip, &self.catalogue.hash_hex())?;
        let entry = NewEntry::new(*subject, "check_answer", caller.clone(), detail);
        Ok(Disclosure { answer: Checked { at_us: asked.at_us, slip }, entry })
    }

    /// The current versions of what the matter makes relevant, bodies opened. What is never shown is not opened either.
    fn check_records(
        &self,
        asked: &Asked<'_>,
        subject: &[u8; 16],
        versions: &[StoredVersion],
    ) -> Result<Vec<CheckRecord>, AppError> {
        let contests = Contests::read(self.store.view(), &self.keys, &self.key_store, subject, asked.day())?;
        asked::records(self, &asked.matter.items(), subject, versions, |row| contests.of(&row.record_id).beside())
    }
}

impl Installation {
    /// May the caller ask for answers at all? Asked before a form is shown; each answer is asked for again.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where not.
    pub fn check_answer_allowed(&self, caller: &Caller) -> Result<(), AppError> {
        self.authorise(caller, "check_answer").map(drop)
    }

    /// As [`Reading::for_matter`].
    #[must_use]
    pub fn for_matter(&self, caller: Caller, code: &str) -> Caller {
        for_matter(caller, self.catalogue.matter(code))
    }

    /// Answers a matter about an applicant, its entry written before it returns. About somebody of whom nothing is held the
    /// answer is the same as about somebody of whom nothing may be shown.
    ///
    /// The ground of a matter of consent is [`Ground::Consent`] with what the applicant shows: the number of a receipt, or a one-time code. No
    /// code gets into a log or an error from here; entries name the receipt.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller's authority has nothing to do with the matter, or the ground is not the
    /// matter's, and where no consent holds, in the same words for whatever reason; [`crate::Kind::Unavailable`] where too many were tried; [`crate::Kind::NotFound`] for a matter that there is not; [`crate::Kind::Invalid`] for a number that cannot be, an
    /// application without a number, an applicant for whom the matter is not; [`crate::Kind::Conflict`] where the name does
    /// not agree, which the person's log says too.
    ///
    /// # Source
    /// 国办发〔2020〕49号 (五): a consequence only on a concrete fact and a quoted clause. House rules of the domain reference, §9.
    pub fn check_answer(&mut self, caller: &Caller, request: &CheckRequest) -> Result<Checked, AppError> {
        if let Some((presented, caller)) = shown(caller) {
            return self.check_on_consent(&caller, &presented, request);
        }
        self.authorise(caller, "check_answer")?;
        let reading = Reading::open(self)?;
        let asked = reading.check_asked(caller, request);
        let asked = asked.map_err(|refusal| self.refused(caller, "check_answer", refusal))?;
        let owner = self.owner_of(&asked.document)?;
        let (versions, named) = match &owner {
            Owner::Known { document, versions, .. } => (versions.as_slice(), reading.name_is(document, &asked.name)?),
            Owner::Reader { .. } => (&[][..], true),
        };
        let Disclosure { answer, entry } = reading.checked(caller, &asked, owner.subject(), versions)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        // Where nothing is shown no name is held against anything: otherwise trying one would tell who is known here.
        if !named && !answer.slip.answer.records().is_empty() {
            self.store.write("check_answer", |tx| {
                let detail =
                    json!({ "refused": "name", "matter": asked.matter.matter.code, "case_no": asked.case_number });
                journal::log_about(tx, &keys, owner.subject(), now_us, "check_answer", caller, &detail)
            })?;
            return Err(other_name());
        }
        let new_reader = self.reader_of(&owner, &asked.document)?;
        self.store.write("check_answer", |tx| -> Result<(), AppError> {
            let mut detail = entry.detail.clone();
            if let Some(reader) = &new_reader {
                detail["rows"] = reader.write_marked(tx, &keys, now_us)?;
            }
            journal::log_about(tx, &keys, owner.subject(), now_us, "check_answer", caller, &detail).map(drop)
        })?;
        Ok(answer)
    }

    /// Codes of the matters in force that whoever holds a document can apply for, and so look ahead in.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] for a number that is none.
    pub fn check_previews(&self, kind: DocumentKind, number: &str) -> Result<BTreeSet<String>, AppError> {
        let (document, _) = Document::parse(kind, number, self.synthetic_rule())?;
        let (applicant, today) = (asked::applies_as(&document), self.today());
        let fits = |def: &&MatterDef| def.holds_on(today) && def.matter.subjects.contains(&applicant);
        Ok(self.catalogue.matters().iter().filter(fits).map(|def| def.code().to_owned()).collect())
    }

    /// [`Reading::check_preview`], with its entry written before it returns.
    ///
    /// # Errors
    /// As there.
    pub fn check_preview(
        &mut self,
        caller: &Caller,
        matter: &str,
        kind: DocumentKind,
        number: &str,
    ) -> Result<rules::CheckAnswer, AppError> {
        self.authorise(caller, "check_preview")?;
        let reading = Reading::open(self)?;
        let asked = reading.preview_asked(caller, matter, kind, number);
        let asked = asked.map_err(|refusal| self.refused(caller, "check_preview", refusal))?;
        let owner = self.owner_of(&asked.document)?;
        let Disclosure { answer, entry } = reading.previewed(caller, &asked, owner.subject(), owner.versions())?;
        let new_reader = self.reader_of(&owner, &asked.document)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let logged = self.store.write("check_preview", |tx| -> Result<(), AppError> {
            let mut detail = entry.detail.clone();
            if let Some(reader) = &new_reader {
                detail["rows"] = reader.write_marked(tx, &keys, now_us)?;
            }
            journal::log_about(tx, &keys, &entry.subject, now_us, entry.operation, caller, &detail).map(drop)
        });
        logged.map_err(|refusal| self.turned_away(caller, "check_preview", refusal))?;
        Ok(answer)
    }
}

fn other_name() -> AppError {
    AppError::conflict(
        "姓名（名称）与证件号码不一致，请对照证件核对；确认无误的，请由身份核验人员处理",
        "name and document number do not agree: compare them with the document; if they are right, ask the identity clerk",
    )
}
