//! Held rows: set apart, attached to nobody, until the identity clerk decides or the deadline deletes them.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    HELD_ADD = "INSERT INTO held (submission_id, row_no, reason, sealed, layout_id, delete_after, state) \
        VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT (submission_id, row_no) DO NOTHING";
    HELD_FIND = "SELECT h.held_id, h.submission_id, h.row_no, h.reason, h.sealed, h.layout_id, h.delete_after, h.state, s.authority, \
        s.item, h.evidence, h.decided_by FROM held h JOIN submission s ON s.submission_id = h.submission_id WHERE h.held_id = $1";
    HELD_DECIDE = "UPDATE held SET state = $2, sealed = NULL, decided_by = $3, evidence = $4, decided_at_us = $5 \
        WHERE held_id = $1 AND state = 1";
    HELD_REMOVE = "DELETE FROM held WHERE submission_id = $1 AND state = 1";
    HELD_OF_SUBMISSION = "SELECT held_id, row_no, reason, state FROM held WHERE submission_id = $1 AND row_no > $2 ORDER BY row_no LIMIT $3";
}

/// State of a held row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldState {
    /// Waits for the identity clerk.
    Waiting = 1,
    /// Attached to a subject on evidence.
    Attached = 2,
    /// Rejected on evidence.
    Rejected = 3,
    /// Deleted at its deadline.
    Deleted = 4,
}

/// One held row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRow {
    /// Running number.
    pub id: i64,
    /// Submission.
    pub submission_id: i64,
    /// Row of the file.
    pub row_no: i64,
    /// Code of the reason.
    pub reason: String,
    /// Values, sealed under the submission's key.
    pub sealed: Option<Vec<u8>>,
    /// Order of the values.
    pub layout_id: i64,
    /// Day after which it is deleted undecided.
    pub delete_after: i64,
    /// Number of its [`HeldState`].
    pub state: i64,
    /// Sending office.
    pub authority: String,
    /// Item code.
    pub item: String,
    /// Evidence of the decision.
    pub evidence: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
}

pub(crate) fn read(row: Row<'_>) -> Result<HeldRow, StoreError> {
    Ok(HeldRow {
        id: row.get(0)?,
        submission_id: row.get(1)?,
        row_no: row.get(2)?,
        reason: row.get(3)?,
        sealed: row.get(4)?,
        layout_id: row.get(5)?,
        delete_after: row.get(6)?,
        state: row.get(7)?,
        authority: row.get(8)?,
        item: row.get(9)?,
        evidence: row.get(10)?,
        decided_by: row.get(11)?,
    })
}

impl View<'_> {
    /// A held row by its number.
    ///
    /// # Errors
    /// The engine's.
    pub fn held(&self, id: i64) -> Result<Option<HeldRow>, StoreError> {
        self.link.first(&HELD_FIND, values![id], read)
    }

    /// Numbers, row numbers, reasons and states of a submission's held rows behind row `after`, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn held_of_submission(
        &self,
        submission: i64,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, i64, String, i64)>, StoreError> {
        self.link.rows(&HELD_OF_SUBMISSION, values![submission, after, limit], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
    }
}

impl Tx<'_> {
    /// Sets a row apart.
    ///
    /// # Errors
    /// The engine's.
    pub fn held_add(
        &self,
        submission: i64,
        row_no: i64,
        reason: &str,
        sealed: &[u8],
        layout: i64,
        delete_after: i32,
    ) -> Result<(), StoreError> {
        self.link.run(&HELD_ADD, values![submission, row_no, reason, sealed, layout, delete_after])?;
        Ok(())
    }

    /// Decides a waiting row; its values are gone from here afterwards.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if it is not waiting any more.
    pub fn held_decide(&self, id: i64, to: HeldState, by: &str, evidence: &str, at_us: i64) -> Result<(), StoreError> {
        if self.link.run(&HELD_DECIDE, values![id, to as i64, by, evidence, at_us])? == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict("held row"))
        }
    }

    /// Forgets the waiting rows of a submission that is taken back.
    ///
    /// # Errors
    /// The engine's.
    pub fn held_remove(&self, submission: i64) -> Result<(), StoreError> {
        self.link.run(&HELD_REMOVE, values![submission])?;
        Ok(())
    }
}
