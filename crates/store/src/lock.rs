//! Locks: a decided correction, withdrawal, repair or erasure that a later file may not undo. And tombstones.

use rusqlite::{OptionalExtension, params};

use crate::{StoreError, Tx, View};

crate::statements! {
    LOCK_SET = "INSERT INTO record_lock (subject_id, record_id, kind, case_no, decided_on, locked_by, locked_at_us, digest) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (subject_id, record_id) DO UPDATE SET kind = excluded.kind, \
        case_no = excluded.case_no, decided_on = excluded.decided_on, locked_by = excluded.locked_by, \
        locked_at_us = excluded.locked_at_us, digest = excluded.digest";
    LOCK_FIND = "SELECT kind, case_no, decided_on, digest FROM record_lock WHERE subject_id = $1 AND record_id = $2";
    LOCK_ANY = "SELECT 1 FROM record_lock LIMIT 1";
    LOCK_REMOVE = "DELETE FROM record_lock WHERE subject_id = $1 AND record_id = $2";
    ERASURE_ADD = "INSERT INTO erasure (subject_id, record_id, case_no, erased_at_us) VALUES ($1, $2, $3, $4) RETURNING erasure_id";
    ERASURE_SINCE = "SELECT erasure_id, subject_id, record_id FROM erasure WHERE erasure_id > $1 ORDER BY erasure_id";
}

/// One lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockRow {
    /// correction, withdrawal, repair, erasure.
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

impl View<'_> {
    /// The lock on a record.
    ///
    /// # Errors
    /// The engine's.
    pub fn lock(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<Option<LockRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(LOCK_FIND.sqlite())?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(LockRow { kind: row.get(0)?, case_no: row.get(1)?, decided_on: row.get(2)?, digest: row.get(3)? })
        };
        Ok(statement.query_row(params![subject.as_slice(), record.as_slice()], read).optional()?)
    }

    /// Is any record locked at all? Spares an import the look-up per row where none is.
    ///
    /// # Errors
    /// The engine's.
    pub fn any_lock(&self) -> Result<bool, StoreError> {
        Ok(self.connection.prepare_cached(LOCK_ANY.sqlite())?.exists([])?)
    }

    /// Erasures behind a running number, for a key store that was restored from a backup.
    ///
    /// # Errors
    /// The engine's.
    pub fn erasures_since(&self, number: i64) -> Result<Vec<ErasureRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(ERASURE_SINCE.sqlite())?;
        let rows = statement.query_map(params![number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
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
        let mut statement = self.inner.prepare_cached(LOCK_SET.sqlite())?;
        let (subject, record, digest) = (subject.as_slice(), record.as_slice(), digest.as_slice());
        statement.execute(params![subject, record, kind, case_no, decided_on, by, at_us, digest])?;
        Ok(())
    }

    /// Unlocks a record on a new decision.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if it is not locked.
    pub fn lock_remove(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<(), StoreError> {
        let mut statement = self.inner.prepare_cached(LOCK_REMOVE.sqlite())?;
        match statement.execute(params![subject.as_slice(), record.as_slice()])? {
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
        let mut statement = self.inner.prepare_cached(ERASURE_ADD.sqlite())?;
        Ok(statement.query_row(params![subject.as_slice(), record.as_slice(), case_no, at_us], |row| row.get(0))?)
    }
}
