//! Refused rows: number, field and reason; the row itself only where it may be kept, sealed.

use crate::value::values;
use crate::{StoreError, Tx, View};

crate::statements! {
    REFUSAL_ADD = "INSERT INTO refusal (submission_id, row_no, faults, sealed, delete_after) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (submission_id, row_no) DO UPDATE SET faults = excluded.faults, sealed = excluded.sealed";
    REFUSAL_LIST = "SELECT row_no, faults, sealed FROM refusal WHERE submission_id = $1 AND row_no > $2 ORDER BY row_no LIMIT $3";
    REFUSAL_REMOVE = "DELETE FROM refusal WHERE submission_id = $1";
}

/// One refused row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalRow {
    /// Row of the file.
    pub row_no: i64,
    /// JSON of the faults.
    pub faults: String,
    /// The row, sealed under the submission's key.
    pub sealed: Option<Vec<u8>>,
}

impl View<'_> {
    /// Refused rows behind row `after`, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn refusals(&self, submission: i64, after: i64, limit: i64) -> Result<Vec<RefusalRow>, StoreError> {
        self.link.rows(&REFUSAL_LIST, values![submission, after, limit], |row| {
            Ok(RefusalRow { row_no: row.get(0)?, faults: row.get(1)?, sealed: row.get(2)? })
        })
    }
}

impl Tx<'_> {
    /// Keeps a refusal until the day after `delete_after`.
    ///
    /// # Errors
    /// The engine's.
    pub fn refusal_add(&self, submission: i64, row: &RefusalRow, delete_after: i32) -> Result<(), StoreError> {
        let RefusalRow { row_no, faults, sealed } = row;
        self.link.run(&REFUSAL_ADD, values![submission, row_no, faults, sealed, delete_after])?;
        Ok(())
    }

    /// Forgets the refusals of a submission.
    ///
    /// # Errors
    /// The engine's.
    pub fn refusals_remove(&self, submission: i64) -> Result<(), StoreError> {
        self.link.run(&REFUSAL_REMOVE, values![submission])?;
        Ok(())
    }
}
