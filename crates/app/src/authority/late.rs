//! What an authority answered late is a record about the authority, made by the platform itself.
//!
//! Whoever writes the passing of a last day, or the step that came after it, writes a job in the same transaction. The job holds what it says against the
//! item as a row of a file is held, and writes once: the number of the case and the day are the record's identity. Nothing of the person who waits is in it.

use chengxin_core::Caller;
use chengxin_core::catalogue::{Catalogue, DeadlineRule, FieldRole, ItemDef};
use chengxin_core::dates::{from_days, shanghai_date};
use chengxin_core::deadline::DeadlineKind;
use chengxin_core::identity::Uscc;
use chengxin_store::Tx;
use chengxin_store::authority::AuthorityRow;
use chengxin_store::log::INSTALLATION;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::entered::Row;
use crate::jobs::{JobKind, job_id};
use crate::keyring::Keyring;
use crate::{AppError, Installation};

/// The item under which late answers are recorded.
const ITEM: &str = "authority-late-answer";
/// Kinds of authority that may determine it, whose word counts first.
const FINDERS: [&str; 2] = ["credit_office", "government_office"];

/// A last day that passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Late {
    /// Number of the case. It names nobody, and opens nothing.
    pub(crate) number: String,
    /// Code of the authority whose answer it was to be; absent where it was the credit office's.
    pub(crate) authority: Option<String>,
    /// What was due.
    pub(crate) deadline: DeadlineKind,
    /// The day on which the period began, by which its rule is found.
    pub(crate) begun: Date,
    /// The last day.
    pub(crate) due: Date,
    /// When it was done in the end.
    pub(crate) answered: Option<Date>,
}

/// The columns of a proceeding or complaint from which lateness follows, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Last day for what is to be done.
    pub(crate) due_on: Option<i64>,
    /// The last day whose passing was told.
    pub(crate) told_on: Option<i64>,
    /// Day of the end.
    pub(crate) closed_on: Option<i64>,
}

/// What a change of the columns means: the last day that passed, and the day of the answer if this is the answer.
pub(crate) fn passed(before: Clock, next: Clock, now_us: i64) -> Option<(Date, Option<Date>)> {
    let due = before.due_on.and_then(|day| from_days(i32::try_from(day).ok()?))?;
    let today = shanghai_date(now_us);
    let told = next.told_on != before.told_on && next.told_on == before.due_on;
    let done = next.due_on != before.due_on || (next.closed_on.is_some() && before.closed_on.is_none());
    if told {
        return Some((due, None));
    }
    (done && today > due).then_some((due, Some(today)))
}

impl Late {
    /// Number of the document: one case can be late with several steps.
    fn document(&self) -> String {
        format!("{}-{}", self.number, self.due.strftime("%Y%m%d"))
    }

    /// Has it recorded: the job is part of the transaction that found out.
    pub(crate) fn record(&self, tx: &Tx<'_>, keys: &Keyring, now_us: i64) -> Result<(), AppError> {
        let text = serde_json::to_string(self).map_err(|error| AppError::internal(format!("job: {error}")))?;
        let about = format!("{}/{}", self.document(), if self.answered.is_some() { "answered" } else { "late" });
        let id = job_id(keys, JobKind::AuthorityLate, &about);
        Ok(tx.job_add(&INSTALLATION, &id, JobKind::AuthorityLate.code(), &text, now_us)?)
    }

    /// The cells of the row that a file would have, by field.
    fn cells(&self, (late, finder): (&AuthorityRow, &AuthorityRow), rule: &DeadlineRule, basis: &str) -> Row {
        // The day after the last one: a job that is done again next week says the same.
        let found = self.due.tomorrow().unwrap_or(self.due);
        let what = format!("{}逾期（办件编号 {}）", rule.name, self.number);
        let answered = self.answered.map_or_else(String::new, |day| day.to_string());
        let by_role = [
            (FieldRole::SubjectName, late.name.clone()),
            (FieldRole::SubjectKind, "行政机关".to_owned()),
            (FieldRole::SubjectUscc, late.code.clone()),
            (FieldRole::DocumentType, "督办通知书".to_owned()),
            (FieldRole::DocumentNumber, self.document()),
            (FieldRole::CitedBasis, basis.to_owned()),
            (FieldRole::DecidedOn, found.to_string()),
            (FieldRole::AuthorityName, finder.name.clone()),
            (FieldRole::AuthorityCode, finder.code.clone()),
            (FieldRole::PerformedOn, answered),
        ];
        let own = [("SX".to_owned(), what), ("FDQX".to_owned(), self.due.to_string())];
        Row { by_role: by_role.into(), by_code: own.into() }
    }
}

/// Who was late and who determines it, by what is on file; `None` where either is not.
///
/// Nobody keeps the record of their own lateness: a credit office's is determined by an office of the government.
pub(crate) fn parties<'a>(
    on_file: &'a [AuthorityRow],
    late: Option<&str>,
) -> Option<(&'a AuthorityRow, Vec<&'a AuthorityRow>)> {
    let is_authority = |row: &&AuthorityRow| Uscc::parse(&row.code).is_ok();
    let of_kind = |kind: &'static str| on_file.iter().filter(move |row| row.kind == kind).filter(is_authority);
    let late = match late {
        Some(code) => on_file.iter().filter(is_authority).find(|row| row.code == code),
        // Of several nobody can say which one it was.
        None => of_kind(FINDERS[0]).next().filter(|_| of_kind(FINDERS[0]).count() == 1),
    }?;
    let finders: Vec<_> = FINDERS.into_iter().flat_map(of_kind).filter(|row| row.code != late.code).collect();
    (!finders.is_empty()).then_some((late, finders))
}

/// The clause of a deadline as a decision cites it.
fn basis(catalogue: &Catalogue, rule: &DeadlineRule) -> String {
    let cited = catalogue.clause(&rule.clause);
    let cited = cited.map_or_else(|| rule.clause.clone(), |(law, clause)| format!("《{}》{}", law.title, clause.label));
    // What binds others stands here as a ceiling of the house's own, and says so.
    if rule.analogy { format!("平台办理期限（参照{cited}）") } else { cited }
}

impl Installation {
    /// Makes the record of a late answer, or notes in it when the answer came. Done again it finds it made.
    ///
    /// # Errors
    /// The stores'; a conflict while nobody has read the clauses of the item, and the job is tried again. What cannot be recorded, because nobody is on file about whom or by whom, is said and counted in the figures instead.
    ///
    /// # Source
    /// 国发〔2016〕76号: governments' own broken promises are recorded.
    pub(crate) fn job_authority_late(&mut self, payload: &str) -> Result<(), AppError> {
        let late: Late = serde_json::from_str(payload).map_err(|_| AppError::internal("a job names no late answer"))?;
        let on_file = self.store.view().authorities()?;
        let Some((who, finders)) = parties(&on_file, late.authority.as_deref()) else {
            return unrecorded(&late, "the authority, or an office that determines it, is not on file with its code");
        };
        let catalogue = std::sync::Arc::clone(&self.catalogue);
        let item = crate::intake::item_of(&catalogue, ITEM)?;
        let Some(rule) = ruling(&catalogue, &late) else {
            return unrecorded(&late, "the catalogue has no rule for what was due");
        };
        // Until an office has read the clauses the job waits, and the list of jobs says for what.
        self.collectable(item, self.today())?;
        let cited = basis(&catalogue, rule);
        let rows = |finder: &&AuthorityRow| (finder.code.clone(), late.cells((who, finder), rule, &cited));
        let rows: Vec<_> = finders.iter().map(rows).collect();
        let caller = Caller::operator("chengxin", "行政机关逾期答复");
        match self.authority_entered(&caller, item, &late, &rows)? {
            None => Ok(()),
            Some(why) => unrecorded(&late, &why),
        }
    }
}

/// The rule by which the last day was counted.
fn ruling<'c>(catalogue: &'c Catalogue, late: &Late) -> Option<&'c DeadlineRule> {
    catalogue.deadline(late.deadline, late.begun).ok()
}

/// Says that nothing is recorded, and why. Nothing of the person is in it.
fn unrecorded(late: &Late, why: &str) -> Result<(), AppError> {
    tracing::warn!(case = late.number, due = %late.due, why, "a late answer is counted, and no record");
    Ok(())
}

/// Is the item one of authorities alone, so that no person can be named by it?
pub(crate) fn is_of_authorities(item: &ItemDef) -> bool {
    use chengxin_core::catalogue::model::SubjectKind;
    item.item.subjects == [SubjectKind::Authority]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    /// 2026-11-21, noon in Shanghai.
    const NOON_US: i64 = 1_795_233_600_000_000;
    const NONE: Clock = Clock { due_on: None, told_on: None, closed_on: None };

    fn day() -> i64 {
        i64::from(chengxin_core::dates::to_days(shanghai_date(NOON_US)))
    }

    #[test]
    fn a_last_day_is_late_from_the_day_after_it_on() {
        let due = |due_on| Clock { due_on: Some(due_on), ..NONE };
        let closed = |clock: Clock| Clock { closed_on: Some(day()), ..clock };
        assert_eq!(passed(due(day()), closed(due(day())), NOON_US), None, "on the last day it is in time");
        let late = passed(due(day() - 1), closed(due(day() - 1)), NOON_US).unwrap();
        assert_eq!(late.1, Some(shanghai_date(NOON_US)));
        let told = Clock { told_on: Some(day() - 1), ..due(day() - 1) };
        assert_eq!(passed(due(day() - 1), told, NOON_US).unwrap().1, None, "the round knows of no answer");
        assert_eq!(passed(told, told, NOON_US), None, "a step that ends nothing is no answer");
        assert_eq!(passed(NONE, closed(NONE), NOON_US), None);
    }

    #[test]
    fn nobody_determines_their_own_lateness() {
        let office = |code: &str, kind: &str| AuthorityRow {
            code: code.to_owned(),
            name: "某局".to_owned(),
            name_en: String::new(),
            kind: kind.to_owned(),
        };
        let transport = office("11990000MB0000001E", "transport");
        assert_eq!(parties(std::slice::from_ref(&transport), Some(&transport.code)), None, "nobody determines it");
        let credit = office("91350100M000100Y43", "credit_office");
        let both = [transport.clone(), credit.clone()];
        assert_eq!(parties(&both, Some(&transport.code)), Some((&transport, vec![&credit])));
        assert_eq!(parties(&both, None), None, "the credit office was late, and nobody else is there");
        assert_eq!(parties(&both, Some("11990000MB0000002X")), None, "not on file");
    }
}
