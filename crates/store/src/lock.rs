//! Locks: a decided correction, withdrawal, repair or erasure that a later file may not undo. And tombstones.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    LOCK_SET = "INSERT INTO record_lock (subject_id, record_id, kind, case_no, decided_on, locked_by, locked_at_us, digest) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (subject_id, record_id) DO UPDATE SET kind = excluded.kind, \
        case_no = excluded.case_no, decided_on = excluded.decided_on, locked_by = excluded.locked_by, \
        locked_at_us = excluded.locked_at_us, digest = excluded.digest";
    LOCK_FIND = "SELECT kind, case_no, decided_on, digest FROM record_lock WHERE subject_id = $1 AND record_id = $2";
    LOCK_REMOVE = "DELETE FROM record_lock WHERE subject_id = $1 AND record_id = $2";
    // Numbered without a gap and in the order of their commits: a key store replays those behind its last one.
    ERASURE_ADD = "INSERT INTO erasure (erasure_id, subject_id, record_id, case_no, erased_at_us) \
        SELECT coalesce(max(erasure_id), 0) + 1, $1, $2, $3, $4 FROM erasure RETURNING erasure_id";
    ERASURE_LAST = "SELECT coalesce(max(erasure_id), 0) FROM erasure";
    ERASURE_SINCE = "SELECT erasure_id, subject_id, record_id FROM erasure WHERE erasure_id > $1 ORDER BY erasure_id";
}

/// One lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockRow {
    /// correction, withdrawal, repair, erasure, retention, own_wish.
    pub kind: String,
    /// Case number of the decision.
    pub case_no: String,
    /// Its date, days since 1970-01-01.
    pub decided_on: i64,
    /// Digest of the content that the decision left in force; zeros where it left none.
    pub digest: [u8; 16],
}

/// One erasure: its running number, the subject and the record.
pub type ErasureRow = (i64, [u8; 16], [u8; 16]);

/// Columns as in [`LOCK_FIND`].
pub(crate) fn read(row: Row<'_>) -> Result<LockRow, StoreError> {
    Ok(LockRow { kind: row.get(0)?, case_no: row.get(1)?, decided_on: row.get(2)?, digest: row.get(3)? })
}

impl View<'_> {
    /// The lock on a record.
    ///
    /// # Errors
    /// The engine's.
    pub fn lock(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<Option<LockRow>, StoreError> {
        self.link.first(&LOCK_FIND, values![subject, record], read)
    }

    /// Number of the last erasure; 0 where there was none.
    ///
    /// # Errors
    /// The engine's.
    pub fn erasure_last(&self) -> Result<i64, StoreError> {
        self.link.one(&ERASURE_LAST, &[], |row| row.get(0))
    }

    /// Erasures behind a running number, for a key store that was restored from a backup.
    ///
    /// # Errors
    /// The engine's.
    pub fn erasures_since(&self, number: i64) -> Result<Vec<ErasureRow>, StoreError> {
        self.link.rows(&ERASURE_SINCE, values![number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }
}

impl Tx<'_> {
    /// Locks a record.
    ///
    /// # Errors
    /// The engine's.
    pub fn lock_set(
        &self,
        subject: &[u8; 16],
        record: &[u8; 16],
        lock: &LockRow,
        by: &str,
        at_us: i64,
    ) -> Result<(), StoreError> {
        let LockRow { kind, case_no, decided_on, digest } = lock;
        let (subject, record, digest) = (subject, record, digest);
        self.link.run(&LOCK_SET, values![subject, record, kind, case_no, decided_on, by, at_us, digest])?;
        Ok(())
    }

    /// Unlocks a record on a new decision.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if it is not locked.
    pub fn lock_remove(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<(), StoreError> {
        match self.link.run(&LOCK_REMOVE, values![subject, record])? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict("lock")),
        }
    }

    /// Notes an erasure, so that a restored key store can repeat it.
    ///
    /// # Errors
    /// The engine's.
    pub fn erasure_add(
        &self,
        subject: &[u8; 16],
        record: &[u8; 16],
        case_no: &str,
        at_us: i64,
    ) -> Result<i64, StoreError> {
        self.link.one(&ERASURE_ADD, values![subject, record, case_no, at_us], |row| row.get(0))
    }
}
