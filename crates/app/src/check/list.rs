//! The checks about a person, for that person: who asked in which matter, what they were told, and what came of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chengxin_core::catalogue::Catalogue;
use chengxin_core::catalogue::model::SubjectKind;
use chengxin_core::check::{self, CheckAnswer, CheckStanding};
use chengxin_core::dates::shanghai_text;
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Say};
use chengxin_store::View;
use chengxin_store::log::LogRow;
use chengxin_store::record::StoredVersion;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::asked;
use super::outcome::{Outcome, OutcomeSaid, opened};
use crate::authority::called;
use crate::catalogue::stored;
use crate::log::NewEntry;
use crate::proceeding::ever_stated;
use crate::reading::{Disclosure, Reading};
use crate::report::{entitled, subjects_of};
use crate::{AppError, Installation};

/// Entries read at once.
const SLICE: i64 = 1_024;

/// One check, as the person reads it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckLine {
    /// Its number.
    pub number: String,
    /// Number of the entry in the person's log.
    pub entry: i64,
    /// When it was asked, microseconds UTC.
    pub at_us: i64,
    /// The same in Asia/Shanghai.
    pub at: String,
    /// Name of the authority that asked.
    pub authority: Say,
    /// Code of the matter.
    pub matter: String,
    /// Name of the matter.
    pub matter_name: Say,
    /// Number of the application.
    pub case_number: String,
    /// What the clerk was told, the same to the byte; absent where something that it rested on was erased since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<CheckAnswer>,
    /// What came of it, oldest first.
    pub outcomes: Vec<OutcomeLine>,
}

/// What came of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeLine {
    /// When it was recorded, microseconds UTC.
    pub at_us: i64,
    /// The same in Asia/Shanghai.
    pub at: String,
    /// What it was.
    pub outcome: Outcome,
    /// The same in words.
    pub outcome_name: Say,
    /// The clerk's reason; absent once the person's key was destroyed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Records on which it rests.
    pub rests_on: Vec<String>,
}

/// What an entry says of a check, as [`super::Asked::detail`] writes it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct CheckSaid {
    pub(super) check: String,
    pub(super) matter: String,
    pub(super) case_no: String,
    pub(super) applicant: SubjectKind,
    pub(super) day: Date,
    pub(super) records: Vec<(String, i64)>,
    pub(super) contested: Vec<String>,
    pub(super) asks: Vec<String>,
    pub(super) supports: Vec<String>,
    /// Records beside which a statement stood, with its digest.
    #[serde(default)]
    pub(super) stated: Vec<(String, String)>,
    /// Offices of what was shown, by code: names and kind, as they were.
    pub(super) offices: BTreeMap<String, (Say, String)>,
    pub(super) catalogue: String,
    pub(super) answer_sha256: String,
}

/// One entry of a kind, read.
pub(super) struct Found<T> {
    pub(super) entry: LogRow,
    pub(super) caller: Caller,
    pub(super) said: T,
}

/// A check that showed a record, and what came of its matter last.
#[derive(Debug, Clone)]
pub(crate) struct ShownTo {
    /// When it was answered, microseconds UTC.
    pub(crate) at_us: i64,
    /// Which version of the record it showed.
    pub(crate) version: i64,
    /// Number of the check.
    pub(crate) check: String,
    /// Number of the application.
    pub(crate) case_no: String,
    /// Code of the matter.
    pub(crate) matter: String,
    /// Code of the authority that was shown it.
    pub(crate) authority: String,
    /// What came of it last, and the records on which that rests.
    pub(crate) outcome: Option<(Outcome, Vec<String>)>,
}

/// Every check since a moment that showed a record of a subject, the oldest first, as the subject's log has it in this transaction.
///
/// # Errors
/// The store's.
pub(crate) fn shown_to(
    view: View<'_>,
    subject: &[u8; 16],
    record: &str,
    since_us: i64,
) -> Result<Vec<ShownTo>, AppError> {
    let checks = entries_of::<CheckSaid>(view, subject, "check_answer")?;
    let version = |said: &CheckSaid| said.records.iter().find(|(of, _)| of == record).map(|(_, version)| *version);
    let showed = |found: Found<CheckSaid>| Some((version(&found.said)?, found));
    let showed: Vec<_> = checks.into_iter().filter(|found| found.entry.at_us >= since_us).filter_map(showed).collect();
    if showed.is_empty() {
        return Ok(Vec::new());
    }
    let outcomes = entries_of::<OutcomeSaid>(view, subject, "check_outcome")?;
    let shown = showed.into_iter().map(|(version, found)| {
        let last = outcomes.iter().rfind(|outcome| outcome.said.check == found.said.check);
        ShownTo {
            at_us: found.entry.at_us,
            version,
            outcome: last.map(|last| (last.said.outcome, last.said.rests_on.clone())),
            authority: found.caller.authority.unwrap_or_default(),
            check: found.said.check,
            case_no: found.said.case_no,
            matter: found.said.matter,
        }
    });
    Ok(shown.collect())
}

/// Entries of one operation in a subject's log, of those that say what `T` says.
fn entries_of<T: for<'d> Deserialize<'d>>(
    view: View<'_>,
    subject: &[u8; 16],
    operation: &str,
) -> Result<Vec<Found<T>>, AppError> {
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let slice = view.log_of_subject(subject, after, SLICE)?;
        let Some(last) = slice.last() else { return Ok(found) };
        after = last.number;
        for entry in slice.into_iter().filter(|entry| entry.operation == operation) {
            // A refusal is an entry of the same operation and says something else.
            let Ok(said) = serde_json::from_str(&entry.detail) else { continue };
            let caller = serde_json::from_str(&entry.caller)
                .map_err(|error| AppError::internal(format!("log caller: {error}")))?;
            found.push(Found { entry, caller, said });
        }
    }
}

impl Reading {
    /// As [`entries_of`].
    pub(super) fn entries_of<T: for<'d> Deserialize<'d>>(
        &self,
        subject: &[u8; 16],
        operation: &str,
    ) -> Result<Vec<Found<T>>, AppError> {
        entries_of(self.store.view(), subject, operation)
    }

    /// What a clerk was told, written once more from what the log says of it.
    pub(super) fn answer_again(
        &self,
        subject: &[u8; 16],
        versions: &[StoredVersion],
        said: &CheckSaid,
    ) -> Result<Option<CheckAnswer>, AppError> {
        // A catalogue that this programme cannot read any more hides no other check from the person.
        let Ok(catalogue) = self.catalogue_then(&said.catalogue) else { return Ok(None) };
        let Some(matter) = catalogue.matter(&said.matter) else { return Ok(None) };
        // As the records were then: of each no version behind the one that was shown.
        let then = |version: &&StoredVersion| {
            let id = chengxin_core::record::RecordId(version.row.record_id).hex();
            said.records.iter().any(|(record, shown)| *record == id && version.row.version <= *shown)
        };
        let shown: Vec<StoredVersion> = versions.iter().filter(then).cloned().collect();
        let standing = |row: &chengxin_store::record::VersionRow| {
            let id = chengxin_core::record::RecordId(row.record_id).hex();
            if said.asks.contains(&id) {
                CheckStanding::OutOfUse
            } else if said.contested.contains(&id) {
                CheckStanding::UnderObjection
            } else {
                CheckStanding::Plain
            }
        };
        let stated = if said.stated.is_empty() {
            Vec::new()
        } else {
            ever_stated(self.store.view(), &self.keys, &self.key_store, subject)?
        };
        let statement = |row: &chengxin_store::record::VersionRow| {
            let id = chengxin_core::record::RecordId(row.record_id).hex();
            let (_, digest) = said.stated.iter().find(|(record, _)| *record == id)?;
            let same = |(record, text): &&([u8; 16], String)| {
                *record == row.record_id && asked::statement_digest(text) == *digest
            };
            stated.iter().find(same).map(|(_, text)| text.clone())
        };
        let beside = |row: &_| (standing(row), statement(row));
        let mut records = asked::records(self, &matter.items(), subject, &shown, beside)?;
        for record in &mut records {
            if let Some((name, kind)) = said.offices.get(&record.authority.code) {
                (record.authority.name, record.authority.kind) = (name.clone(), kind.clone());
            }
        }
        let answer = check::answer(&catalogue, matter, said.applicant, &records, said.day);
        let answer = answer.map_err(|error| asked::refused(error, matter))?;
        Ok((asked::digest(&answer)? == said.answer_sha256).then_some(answer))
    }

    /// The catalogue by which something was answered.
    pub(super) fn catalogue_then(&self, hash: &str) -> Result<Arc<Catalogue>, AppError> {
        if hash == self.catalogue.hash_hex() {
            return Ok(Arc::clone(&self.catalogue));
        }
        Ok(Arc::new(stored(self.store.view(), hash)?))
    }

    fn check_line(
        &self,
        subject: &[u8; 16],
        versions: &[StoredVersion],
        found: &Found<CheckSaid>,
        outcomes: &[Found<OutcomeSaid>],
    ) -> Result<CheckLine, AppError> {
        let said = &found.said;
        let code = found.caller.authority.as_deref().unwrap_or_default();
        let office = self.office(code)?;
        let authority = called(office.as_ref(), code);
        let matter_name = self
            .catalogue
            .matter(&said.matter)
            .map_or_else(|| Say::new(&said.matter, &said.matter), chengxin_core::catalogue::matter::MatterDef::name);
        let of_this = outcomes.iter().filter(|outcome| outcome.said.check == said.check);
        Ok(CheckLine {
            number: said.check.clone(),
            entry: found.entry.number,
            at_us: found.entry.at_us,
            at: shanghai_text(found.entry.at_us),
            authority,
            matter: said.matter.clone(),
            matter_name,
            case_number: said.case_no.clone(),
            answer: self.answer_again(subject, versions, said)?,
            outcomes: of_this.map(|outcome| self.outcome_line(subject, outcome)).collect::<Result<_, _>>()?,
        })
    }

    fn outcome_line(&self, subject: &[u8; 16], found: &Found<OutcomeSaid>) -> Result<OutcomeLine, AppError> {
        let said = &found.said;
        Ok(OutcomeLine {
            at_us: found.entry.at_us,
            at: shanghai_text(found.entry.at_us),
            outcome: said.outcome,
            outcome_name: said.outcome.name(),
            reason: opened(&self.keys, &self.key_store, subject, said)?,
            rests_on: said.rests_on.clone(),
        })
    }
}

impl Reading {
    /// Every check about the subject of a document, newest first, each with what the clerk was told, and the entry that must be durable before it is shown;
    /// `None` of whom nothing is known: they have no log that could say it.
    ///
    /// # Errors
    /// As [`Self::record_list`].
    ///
    /// # Source
    /// 个人信息保护法 arts 44–45.
    pub fn check_slip(
        &self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Option<Disclosure<Vec<CheckLine>>>, AppError> {
        const NAME: &str = "check_slip";
        self.authorise(caller, NAME)?;
        let document = self.document(kind, number)?;
        let view = self.store.view();
        entitled(caller, NAME, &document, &self.keys, view)?;
        // Also those from before anything was held, and those that stayed when a file was recalled.
        let subjects = subjects_of(view, &self.keys, &document)?;
        let mut lines = Vec::new();
        for subject in &subjects {
            let versions = view.versions_of_subject(subject)?;
            let outcomes = self.entries_of::<OutcomeSaid>(subject, "check_outcome")?;
            for found in self.entries_of::<CheckSaid>(subject, "check_answer")? {
                lines.push(self.check_line(subject, &versions, &found, &outcomes)?);
            }
        }
        lines.sort_by_key(|line| std::cmp::Reverse((line.at_us, line.entry)));
        let Some(subject) = subjects.first().copied() else { return Ok(None) };
        let detail = json!({ "checks": lines.len() });
        let entry = NewEntry::new(subject, NAME, caller.clone(), detail);
        Ok(Some(Disclosure { answer: lines, entry }))
    }
}

impl Installation {
    /// [`Reading::check_slip`], with its entry written before it returns.
    ///
    /// # Errors
    /// As there.
    pub fn check_slip(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Vec<CheckLine>, AppError> {
        self.disclosed(caller, "check_slip", |reading| reading.check_slip(caller, kind, number))
    }
}
