//! Complaints about misuse of data.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    COMPLAINT_ADD = "INSERT INTO complaint (subject_id, complaint_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, line, \
        sealed, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    COMPLAINT_FIND = "SELECT subject_id, complaint_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, line, sealed, seal \
        FROM complaint WHERE subject_id = $1 AND complaint_id = $2";
    // Without a bound of its own: a person has few that are open, by a house rule.
    COMPLAINT_OF_SUBJECT = "SELECT subject_id, complaint_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, line, sealed, seal \
        FROM complaint WHERE subject_id = $1 ORDER BY filed_us DESC, complaint_id";
    // Only as it was read: whoever changed it meanwhile wrote another line.
    COMPLAINT_SET = "UPDATE complaint SET state = $3, waits = $4, due_on = $5, told_on = $6, closed_on = $7, late_days = $8, line = $9, sealed = $10, \
        seal = $11 WHERE subject_id = $1 AND complaint_id = $2 AND line = $12";
}

/// A complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintRow {
    /// Who complains.
    pub subject_id: [u8; 16],
    /// Which.
    pub complaint_id: [u8; 16],
    /// Code of the authority complained of; empty where there is none.
    pub authority: String,
    /// How far it has come.
    pub state: String,
    /// For whom it waits: 0 nobody, 1 the credit office, 2 the authority to which it was handed over.
    pub waits: i64,
    /// When it was filed, microseconds UTC.
    pub filed_us: i64,
    /// Last day for the answer, days since 1970-01-01.
    pub due_on: Option<i64>,
    /// The due day whose passing was told.
    pub told_on: Option<i64>,
    /// Day on which it was closed.
    pub closed_on: Option<i64>,
    /// Days by which the answer came late.
    pub late_days: i64,
    /// Entry in the log of [`Self::subject_id`] that wrote this row last.
    pub line: i64,
    /// Number, line, words and steps, sealed.
    pub sealed: Vec<u8>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// How complaints about an authority are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintFigures {
    /// Code of the authority; empty where lines name none.
    pub authority: String,
    /// How many were filed.
    pub filed: i64,
    /// How many of them are closed.
    pub closed: i64,
    /// How many were upheld.
    pub upheld: i64,
    /// How many were answered late.
    pub late: i64,
    /// By how many days in all.
    pub late_days: i64,
    /// How many are overdue.
    pub overdue: i64,
}

/// Columns as in [`COMPLAINT_FIND`].
pub(crate) fn read(row: Row<'_>) -> Result<ComplaintRow, StoreError> {
    Ok(ComplaintRow {
        subject_id: row.get(0)?,
        complaint_id: row.get(1)?,
        authority: row.get(2)?,
        state: row.get(3)?,
        waits: row.get(4)?,
        filed_us: row.get(5)?,
        due_on: row.get(6)?,
        told_on: row.get(7)?,
        closed_on: row.get(8)?,
        late_days: row.get(9)?,
        line: row.get(10)?,
        sealed: row.get(11)?,
        seal: row.get(12)?,
    })
}

impl View<'_> {
    /// A complaint of somebody's.
    ///
    /// # Errors
    /// The engine's.
    pub fn complaint(&self, subject: &[u8; 16], id: &[u8; 16]) -> Result<Option<ComplaintRow>, StoreError> {
        self.link.first(&COMPLAINT_FIND, values![subject, id], read)
    }

    /// Every complaint of somebody's, the newest first.
    ///
    /// # Errors
    /// The engine's.
    pub fn complaints(&self, subject: &[u8; 16]) -> Result<Vec<ComplaintRow>, StoreError> {
        self.link.rows(&COMPLAINT_OF_SUBJECT, values![subject], read)
    }
}

impl Tx<'_> {
    /// Adds a complaint.
    ///
    /// # Errors
    /// The engine's.
    pub fn complaint_add(&self, new: &ComplaintRow) -> Result<(), StoreError> {
        let ComplaintRow { subject_id, complaint_id, authority, state, waits, filed_us, due_on, .. } = new;
        let ComplaintRow { told_on, closed_on, late_days, line, sealed, seal, .. } = new;
        let values = values![
            subject_id,
            complaint_id,
            authority,
            state,
            waits,
            filed_us,
            due_on,
            told_on,
            closed_on,
            late_days,
            line,
            sealed,
            seal
        ];
        self.link.run(&COMPLAINT_ADD, values)?;
        Ok(())
    }

    /// Changes a complaint that `line` wrote last.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where something else changed it since it was read; the engine's.
    pub fn complaint_set(&self, new: &ComplaintRow, line: i64) -> Result<(), StoreError> {
        let ComplaintRow { subject_id, complaint_id, state, waits, due_on, told_on, closed_on, .. } = new;
        let ComplaintRow { late_days, sealed, seal, .. } = new;
        let values = values![
            subject_id,
            complaint_id,
            state,
            waits,
            due_on,
            told_on,
            closed_on,
            late_days,
            new.line,
            sealed,
            seal,
            line
        ];
        match self.link.run(&COMPLAINT_SET, values)? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict("complaint")),
        }
    }
}
