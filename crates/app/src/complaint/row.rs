//! From a row to a complaint and back: what is sealed, which columns follow from it, whether it is ours, and the entry that it names.

use chengxin_core::complaint::{Complaint, ComplaintNumber, ComplaintState};
use chengxin_core::dates::{from_days, to_days};
use chengxin_core::deadline::DeadlineKind;
use chengxin_core::identity::{Document, DocumentKind, SyntheticRule};
use chengxin_core::workflow::Word as _;
use chengxin_core::{Caller, Say};
use chengxin_seal::{AeadKey, same_secret};
use chengxin_store::audit::{COMPLAINTS, Cell, PROCEEDING_NUMBERS, Table};
use chengxin_store::complaint::ComplaintRow;
use chengxin_store::proceeding::ProceedingNumberRow;
use chengxin_store::{KeyStore, Tx, View};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::AppError;
use crate::authority::late::{Clock, Late, passed};
use crate::keyring::Keyring;
use crate::log::told::{Telling, Thing, newest_row};
use crate::log::{Line, LineChain};

/// The line of the log that is complained of, as the person read it on the day of filing. Of records it has none: who answers reads none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AboutLine {
    /// In which chain of the person's.
    pub chain: LineChain,
    /// Its number there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// Number of the installation's entry from which it follows, where it has no number of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<i64>,
    /// When it was done, in Asia/Shanghai.
    pub at: String,
    /// Operation.
    pub operation: String,
    /// What was done.
    pub act: Say,
    /// By whom: authority and role.
    pub who: Say,
    /// What for, as it was stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// On which ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Say>,
}

impl AboutLine {
    pub(super) fn of(line: &Line) -> Self {
        Self {
            chain: line.chain,
            number: line.number,
            anchor: line.anchor,
            at: line.at.clone(),
            operation: line.operation.clone(),
            act: line.act.clone(),
            who: line.who.say.clone(),
            purpose: line.purpose.clone(),
            basis: line.basis.clone(),
        }
    }

    /// Is it the same line?
    pub(super) fn is(&self, other: &Self) -> bool {
        (self.chain, self.number, self.anchor, &self.operation)
            == (other.chain, other.number, other.anchor, &other.operation)
    }
}

/// What of a complaint lies sealed under the key of whoever complains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) number: String,
    /// Document of the person: officers keep out of their own affairs, and find that out by it.
    pub(super) document: (DocumentKind, String),
    pub(super) about: AboutLine,
    /// Tag of who did what is complained of: that one does not handle the complaint.
    pub(super) actor: String,
    /// What a clerk compared, where it was filed at a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) evidence: Option<String>,
    pub(super) complaint: Complaint,
}

/// A complaint with its row.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    pub(super) row: ComplaintRow,
    pub(super) body: Body,
}

/// Whose complaints, and the key that opens them.
pub(super) struct Keeper {
    pub(super) subject: [u8; 16],
    key: AeadKey,
}

impl Keeper {
    pub(super) fn of(keys: &Keyring, key_store: &KeyStore, subject: [u8; 16]) -> Result<Self, AppError> {
        Ok(Self { subject, key: keys.subject_key(key_store, &subject)?.complaints() })
    }
}

fn aad(subject: &[u8; 16], id: &[u8; 16]) -> Vec<u8> {
    [&b"complaint"[..], subject, id].concat()
}

impl Keyring {
    pub(super) fn complaint_id(&self, number: &ComplaintNumber) -> [u8; 16] {
        let (mut id, tag) = ([0; 16], self.code_tag("complaint", &[number.as_str().as_bytes()]));
        id.copy_from_slice(&tag[..16]);
        id
    }

    pub(super) fn complaint_tag(&self, number: &ComplaintNumber) -> [u8; 32] {
        self.code_tag("complaint-number", &[number.as_str().as_bytes()])
    }

    fn complaint_seal(&self, row: &ComplaintRow) -> [u8; 32] {
        // None is no day that can be.
        let day = |day: Option<i64>| day.unwrap_or(i64::MIN);
        let numbers =
            [row.waits, row.filed_us, day(row.due_on), day(row.told_on), day(row.closed_on), row.late_days, row.line];
        let numbers = numbers.map(i64::to_be_bytes).concat();
        let ids: [&[u8]; 2] = [&row.subject_id, &row.complaint_id];
        let words = [row.authority.as_bytes(), row.state.as_bytes()];
        self.code_tag("complaint-row", &[ids[0], ids[1], words[0], words[1], &numbers, &row.sealed])
    }
}

impl Opened {
    /// Its first state: not written yet.
    pub(super) fn new(keys: &Keyring, keeper: &Keeper, authority: String, body: Body, filed_us: i64) -> Option<Self> {
        let number = ComplaintNumber::parse(&body.number)?;
        let row = ComplaintRow {
            subject_id: keeper.subject,
            complaint_id: keys.complaint_id(&number),
            authority,
            state: String::new(),
            waits: 0,
            filed_us,
            due_on: None,
            told_on: None,
            closed_on: None,
            late_days: 0,
            line: 0,
            sealed: Vec::new(),
            seal: [0; 32],
        };
        let complaint = body.complaint.clone();
        Some(Self { row, body }.with(complaint))
    }

    /// The same, come further.
    pub(super) fn with(&self, complaint: Complaint) -> Self {
        let mut next = self.clone();
        let day = |day: Date| i64::from(to_days(day));
        let row = &mut next.row;
        complaint.state().code().clone_into(&mut row.state);
        row.waits = match complaint.state() {
            ComplaintState::Referred => 2,
            _ => i64::from(complaint.is_open()),
        };
        row.due_on = complaint.due().map(|due| day(due.last));
        row.closed_on = complaint.closed_on().map(day);
        row.late_days = complaint.closed_on().map_or(0, |on| i64::from(complaint.days_late(on)));
        next.body.complaint = complaint;
        next
    }

    pub(super) fn document(&self) -> Result<Document, AppError> {
        let read = Document::parse(self.body.document.0, &self.body.document.1, SyntheticRule::Allowed);
        Ok(read.map_err(|_| AppError::internal("a complaint names a number that cannot be"))?.0)
    }

    /// Last day for the answer, while one is due.
    pub(super) fn due(&self) -> Option<Date> {
        self.row.due_on.and_then(|day| from_days(i32::try_from(day).ok()?))
    }

    fn thing(&self, line: i64) -> Thing<'_> {
        let (subject, id) = (&self.row.subject_id, &self.row.complaint_id);
        Thing { what: "complaint", table: &COMPLAINTS, subject, id, line }
    }

    fn row_at(&self, line: i64, keeper: &Keeper, keys: &Keyring) -> Result<ComplaintRow, AppError> {
        let fault = |error| AppError::internal(format!("complaint: {error}"));
        let plain = serde_json::to_vec(&self.body).map_err(fault)?;
        let sealed = keeper.key.seal(&aad(&self.row.subject_id, &self.row.complaint_id), &plain);
        let mut row = ComplaintRow { line, sealed, ..self.row.clone() };
        row.seal = keys.complaint_seal(&row);
        Ok(row)
    }
}

/// The complaint of a row.
///
/// # Errors
/// An internal fault for one that was not written with our keys, or that is older than the log says.
pub(super) fn opened(view: View<'_>, keys: &Keyring, keeper: &Keeper, row: ComplaintRow) -> Result<Opened, AppError> {
    let (subject, id) = (row.subject_id, row.complaint_id);
    let mut given = Some(row);
    let found = newest_row("complaint", || {
        let row = given.take().map_or_else(|| view.complaint(&subject, &id), |row| Ok(Some(row)))?;
        let Some(row) = row else { return Ok(None) };
        let found = unsealed(keys, keeper, row)?;
        let (line, newest) = (found.row.line, found.thing(found.row.line).is_newest(view)?);
        Ok(Some((found, line, newest)))
    })?;
    found.ok_or_else(|| AppError::internal("a row of the table complaint is gone"))
}

fn unsealed(keys: &Keyring, keeper: &Keeper, row: ComplaintRow) -> Result<Opened, AppError> {
    let broken = || AppError::internal("a row of the table complaint was not written with the installation's keys");
    if !same_secret(&row.seal, &keys.complaint_seal(&row)) {
        return Err(broken());
    }
    let plain = keeper.key.open(&aad(&row.subject_id, &row.complaint_id), &row.sealed).map_err(|_| broken())?;
    let body = serde_json::from_slice(&plain).map_err(|_| broken())?;
    Ok(Opened { row, body })
}

/// Who does something with a complaint, and how the log calls it.
pub(super) struct Act<'a> {
    pub(super) keys: &'a Keyring,
    pub(super) keeper: &'a Keeper,
    pub(super) now_us: i64,
    pub(super) operation: &'static str,
    pub(super) caller: &'a Caller,
}

impl Act<'_> {
    /// Writes a new complaint, with the way from its number to it.
    pub(super) fn add(&self, tx: &Tx<'_>, new: &Opened, number: &ProceedingNumberRow) -> Result<(), AppError> {
        let line = self.next_line(tx)?;
        tx.complaint_add(&new.row_at(line, self.keeper, self.keys)?)?;
        tx.proceeding_number_add(number)?;
        let key = vec![Cell::from(&self.keeper.subject), Cell::from(&number.number_tag)];
        self.told(tx, new, line, vec![(&PROCEEDING_NUMBERS, key)])
    }

    /// Writes the next state of a complaint that was `before`.
    ///
    /// # Errors
    /// A conflict where somebody else changed it since it was read.
    pub(super) fn set(&self, tx: &Tx<'_>, before: &Opened, next: &Opened) -> Result<(), AppError> {
        let stands = tx.view().complaint(&before.row.subject_id, &before.row.complaint_id)?;
        if stands.is_none_or(|row| row.line != before.row.line) {
            return Err(AppError::conflict(
                "该投诉刚刚由他人办理，您的操作没有生效；请重新打开后再办",
                "somebody else dealt with this just now, and what you did was not done: open it again",
            ));
        }
        let line = self.next_line(tx)?;
        tx.complaint_set(&next.row_at(line, self.keeper, self.keys)?, before.row.line)?;
        self.told(tx, next, line, Vec::new())?;
        match late(before, next, self.now_us) {
            Some(late) => late.record(tx, self.keys, self.now_us),
            None => Ok(()),
        }
    }

    fn next_line(&self, tx: &Tx<'_>) -> Result<i64, AppError> {
        Ok(tx.view().log_last_number(&self.keeper.subject)? + 1)
    }

    fn told(
        &self,
        tx: &Tx<'_>,
        of: &Opened,
        line: i64,
        rows: Vec<(&'static Table, Vec<Cell>)>,
    ) -> Result<(), AppError> {
        let detail = json!({ "number": of.body.number, "state": of.row.state, "due": of.due() });
        let Self { keys, now_us, operation, caller, .. } = *self;
        of.thing(line).tell(tx, &Telling { keys, now_us, operation, caller }, rows, detail)
    }
}

/// What a step tells about the last day before it. The credit office answers complaints, or the authority to which one was handed over; taking one back is no answer.
fn late(before: &Opened, next: &Opened, now_us: i64) -> Option<Late> {
    let clock = |of: &Opened| Clock { due_on: of.row.due_on, told_on: of.row.told_on, closed_on: of.row.closed_on };
    let (due, answered) = passed(clock(before), clock(next), now_us)?;
    let taken_back = next.body.complaint.state() == ComplaintState::Withdrawn;
    (!taken_back).then(|| Late {
        number: before.body.number.clone(),
        authority: before.body.complaint.handler_on(due).map(str::to_owned),
        deadline: DeadlineKind::ComplaintAnswer,
        begun: before.body.complaint.filed_on(),
        due,
        answered,
    })
}
