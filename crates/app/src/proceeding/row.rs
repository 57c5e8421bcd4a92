//! From a row to a proceeding and back: what is sealed, which columns follow from it, and whether it is ours.

use chengxin_core::dates::{from_days, to_days};
use chengxin_core::identity::{Document, DocumentKind, SyntheticRule};
use chengxin_core::objection::{Objection, ObjectionState};
use chengxin_core::proceeding::{ObjectionAspect, ProceedingKind, ProceedingNumber, Way};
use chengxin_core::repair::{Repair, RepairState, RepairStep};
use chengxin_core::workflow::Word as _;
use chengxin_seal::AeadKey;
use chengxin_store::audit::PROCEEDINGS;
use chengxin_store::proceeding::ProceedingRow;
use chengxin_store::{KeyStore, View};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::keys::aad;
use crate::AppError;
use crate::keyring::Keyring;
use crate::log::told::{Thing, newest_row};

/// How a proceeding goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Course {
    /// An objection, or “this is not me”.
    Objection(Objection),
    /// A repair.
    Repair(Repair),
}

/// What of a proceeding lies sealed under the key of the one whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Body {
    number: String,
    /// Document of the one whom it concerns: officers keep out of their own affairs, and find that out by it.
    document: (DocumentKind, String),
    /// Item of the record, and the version that is contested or repaired.
    pub(crate) item: String,
    pub(crate) version: i64,
    pub(crate) way: Way,
    /// What a clerk compared, where it was filed at a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) evidence: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) aspect: Option<ObjectionAspect>,
    /// Number by which the national platform knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) national_number: Option<String>,
    pub(crate) course: Course,
}

/// A proceeding that is about to be.
pub(super) struct Draft<'a> {
    pub(super) number: &'a ProceedingNumber,
    pub(super) kind: ProceedingKind,
    pub(super) document: &'a Document,
    pub(super) item: &'a str,
    pub(super) record: [u8; 16],
    pub(super) version: i64,
    pub(super) authority: &'a str,
    pub(super) way: Way,
    pub(super) evidence: Option<String>,
    pub(super) national_number: Option<String>,
    pub(super) aspect: Option<ObjectionAspect>,
    pub(super) course: Course,
}

/// A proceeding with its row.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    pub(crate) row: ProceedingRow,
    pub(crate) kind: ProceedingKind,
    pub(crate) body: Body,
}

/// Whose proceedings, and the key that opens them.
pub(crate) struct Keeper {
    pub(crate) subject: [u8; 16],
    pub(crate) key: AeadKey,
}

impl Keeper {
    /// The subject's.
    ///
    /// # Errors
    /// Where its key was destroyed: nothing is left to decide about then.
    pub(crate) fn of(keys: &Keyring, key_store: &KeyStore, subject: [u8; 16]) -> Result<Self, AppError> {
        Ok(Self { subject, key: keys.subject_key(key_store, &subject)?.proceedings() })
    }
}

impl Keeper {
    /// The same; `None` where its key was destroyed: what lies there concerns nobody any more, and nobody can read it.
    pub(crate) fn kept(keys: &Keyring, key_store: &KeyStore, subject: [u8; 16]) -> Result<Option<Self>, AppError> {
        let key = keys.subject_key_kept(key_store, &subject)?;
        Ok(key.map(|key| Self { subject, key: key.proceedings() }))
    }
}

impl Opened {
    /// Its first state: not written yet.
    pub(super) fn of(draft: Draft<'_>, keeper: &Keeper, keys: &Keyring, now_us: i64) -> Self {
        let Draft {
            number,
            kind,
            document,
            item,
            record,
            version,
            authority,
            way,
            evidence,
            national_number,
            aspect,
            course,
        } = draft;
        let row = ProceedingRow {
            subject_id: keeper.subject,
            proceeding_id: keys.proceeding_id(number),
            kind: kind as i64,
            record_id: record,
            authority: authority.to_owned(),
            state: String::new(),
            waits: 0,
            filed_us: now_us,
            due_on: None,
            told_on: None,
            closed_on: None,
            late_days: 0,
            stated: 0,
            line: 0,
            sealed: Vec::new(),
            seal: [0; 32],
        };
        let body = Body {
            number: number.as_str().to_owned(),
            document: (document.kind(), document.number().to_owned()),
            item: item.to_owned(),
            version,
            way,
            evidence,
            aspect,
            national_number,
            course,
        };
        let opened = Self { row, kind, body };
        let course = opened.body.course.clone();
        opened.with(course)
    }

    /// The same further on: the columns follow from the course.
    pub(crate) fn with(&self, course: Course) -> Self {
        let mut next = self.clone();
        let before = self.row.due_on;
        match &course {
            Course::Objection(objection) => objection_columns(&mut next.row, objection),
            Course::Repair(repair) => repair_columns(&mut next.row, repair),
        }
        if next.row.due_on != before {
            next.row.told_on = None;
        }
        next.body.course = course;
        next
    }

    /// Its number, as it is printed.
    pub(crate) fn number(&self) -> String {
        let number = ProceedingNumber::parse(&self.body.number);
        number.map_or_else(|| self.body.number.clone(), |number| number.text())
    }

    /// The document of the one whom it concerns.
    pub(crate) fn document(&self) -> Result<Document, AppError> {
        // It was read under the installation's own rule when it was filed.
        let read = Document::parse(self.body.document.0, &self.body.document.1, SyntheticRule::Allowed);
        Ok(read.map_err(|_| AppError::internal("a proceeding names a number that cannot be"))?.0)
    }

    /// The objection, where it is one.
    pub(crate) fn objection(&self) -> Option<&Objection> {
        match &self.body.course {
            Course::Objection(objection) => Some(objection),
            Course::Repair(_) => None,
        }
    }

    /// The repair, where it is one.
    pub(crate) fn repair(&self) -> Option<&Repair> {
        match &self.body.course {
            Course::Repair(repair) => Some(repair),
            Course::Objection(_) => None,
        }
    }

    /// What of it stands beside the record: a statement once it is kept, or an explanation.
    pub(crate) fn statement(&self) -> Option<&str> {
        match &self.body.course {
            Course::Objection(objection) => objection.statement(),
            Course::Repair(repair) => repair.explanations().last(),
        }
    }

    /// Last day for what the authority has to do.
    pub(crate) fn due(&self) -> Option<Date> {
        self.row.due_on.and_then(|day| from_days(i32::try_from(day).ok()?))
    }

    /// The day on which the period began that runs now; a longer one keeps the day of the one that it extends.
    pub(super) fn begun(&self) -> Option<Date> {
        match &self.body.course {
            Course::Objection(objection) => objection.due().map(|due| due.start),
            Course::Repair(repair) => repair.clock().map(|due| due.start),
        }
    }

    /// How many attachments it has.
    pub(super) fn attached(&self) -> usize {
        match &self.body.course {
            Course::Objection(objection) => objection.attachments().count(),
            Course::Repair(repair) => repair.attachments().count(),
        }
    }

    /// Its row as the log tells of it, once entry `line` has written it.
    pub(super) fn thing(&self, line: i64) -> Thing<'_> {
        Thing {
            what: "proceeding",
            table: &PROCEEDINGS,
            subject: &self.row.subject_id,
            id: &self.row.proceeding_id,
            line,
        }
    }

    /// The row as entry `line` writes it.
    pub(super) fn row_at(&self, line: i64, keeper: &Keeper, keys: &Keyring) -> Result<ProceedingRow, AppError> {
        let fault = |error| AppError::internal(format!("proceeding: {error}"));
        let plain = serde_json::to_vec(&self.body).map_err(fault)?;
        let row = &self.row;
        let sealed = keeper.key.seal(&aad(&row.subject_id, &row.proceeding_id), &plain);
        Ok(keys.sealed_proceeding(ProceedingRow { line, sealed, ..row.clone() }))
    }
}

/// For whom a proceeding waits.
pub(super) mod waits {
    pub(in crate::proceeding) const NOBODY: i64 = 0;
    pub(in crate::proceeding) const AUTHORITY: i64 = 1;
    pub(in crate::proceeding) const IDENTITY_CLERK: i64 = 2;
    pub(in crate::proceeding) const PERSON: i64 = 3;
}

fn objection_columns(row: &mut ProceedingRow, objection: &Objection) {
    use ObjectionState as S;
    let state = objection.state();
    state.code().clone_into(&mut row.state);
    row.waits = match state {
        S::Filed | S::Accepted => waits::AUTHORITY,
        // Its clock goes on: the authority asked, and answers for the time.
        S::MoreAsked => waits::PERSON,
        S::NotMe => waits::IDENTITY_CLERK,
        S::Refused | S::Corrected | S::Withdrawn | S::Kept | S::Theirs | S::NotTheirs => waits::NOBODY,
    };
    row.due_on = objection.due().map(|due| i64::from(to_days(due.last)));
    row.closed_on = objection.answered_on().map(|day| i64::from(to_days(day)));
    row.late_days = objection.answered_on().map_or(0, |day| i64::from(objection.days_late(day)));
    row.stated = i64::from(objection.statement().is_some());
}

fn repair_columns(row: &mut ProceedingRow, repair: &Repair) {
    use RepairState as S;
    let state = repair.state();
    state.code().clone_into(&mut row.state);
    let delay = repair.done().iter().rfind(|done| matches!(done.step, RepairStep::AskDelay | RepairStep::AnswerDelay));
    row.waits = match state {
        S::Asked | S::Accepted => waits::AUTHORITY,
        S::Open if delay.is_some_and(|done| done.step == RepairStep::AskDelay) => waits::AUTHORITY,
        S::Open | S::TurnedAway | S::Refused | S::Granted => waits::NOBODY,
    };
    let day = |day: Date| i64::from(to_days(day));
    row.due_on = repair.due().map(day);
    let decided = matches!(state, S::TurnedAway | S::Refused | S::Granted);
    let last = repair
        .done()
        .iter()
        .rfind(|done| matches!(done.step, RepairStep::TurnAway | RepairStep::Refuse | RepairStep::Grant));
    row.closed_on = last.filter(|_| decided).map(|done| day(done.on));
    row.late_days = repair.done().iter().map(|done| i64::from(done.late)).sum();
    row.stated = i64::from(repair.explanations().next().is_some() && state != S::Granted);
}

/// In how many of somebody's proceedings an office asked for more and waits for it.
///
/// # Errors
/// The store's.
pub(crate) fn asked_of_person(view: View<'_>, keys: &Keyring, subject: &[u8; 16]) -> Result<usize, AppError> {
    let rows = view.proceedings(subject)?;
    Ok(rows.iter().filter(|row| row.waits == waits::PERSON && keys.is_proceeding(row)).count())
}

/// The proceeding of a row.
///
/// # Errors
/// An internal fault for one that was not written with our keys. It is not passed over: that would take a mark off a contested record, or
/// leave one on, as whoever put it there pleases.
pub(crate) fn opened(keys: &Keyring, keeper: &Keeper, row: ProceedingRow) -> Result<Opened, AppError> {
    let broken = || AppError::internal("a row of the table proceeding was not written with the installation's keys");
    let kind = ProceedingKind::from_i64(row.kind).filter(|_| keys.is_proceeding(&row)).ok_or_else(broken)?;
    let plain = keeper.key.open(&aad(&row.subject_id, &row.proceeding_id), &row.sealed).map_err(|_| broken())?;
    let body: Body = serde_json::from_slice(&plain).map_err(|_| broken())?;
    Ok(Opened { row, kind, body })
}

/// The proceeding with an id, of somebody's.
///
/// # Errors
/// As [`opened`]; also where an entry of the log tells of a later state than its row.
pub(crate) fn find(view: View<'_>, keys: &Keyring, keeper: &Keeper, id: &[u8; 16]) -> Result<Option<Opened>, AppError> {
    newest_row("proceeding", || {
        let Some(row) = view.proceeding(&keeper.subject, id)? else { return Ok(None) };
        let found = opened(keys, keeper, row)?;
        let (line, newest) = (found.row.line, found.thing(found.row.line).is_newest(view)?);
        Ok(Some((found, line, newest)))
    })
}
