//! Checks of many open applications at once.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    CHECK_BATCH_ADD = "INSERT INTO check_batch (number, authority, matter, purpose, applications, part_size, parts, opened_by, \
        opened_us, approved_by, approved_us, until_us, done, repeated, seal) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    CHECK_BATCH_FIND = "SELECT number, authority, matter, purpose, applications, part_size, parts, opened_by, opened_us, \
        approved_by, approved_us, until_us, done, repeated, seal FROM check_batch WHERE number = $1";
    // What goes on stands first, so that nothing that waits for somebody falls out at the end.
    CHECK_BATCH_LIST = "SELECT number, authority, matter, purpose, applications, part_size, parts, opened_by, opened_us, \
        approved_by, approved_us, until_us, done, repeated, seal FROM check_batch WHERE authority = $1 \
        ORDER BY CASE WHEN until_us > $2 AND done < (applications + part_size - 1) / part_size THEN 0 ELSE 1 END, opened_us DESC, number LIMIT $3";
    CHECK_BATCH_COUNT = "SELECT COUNT(number) FROM check_batch \
        WHERE authority = $1 AND until_us > $2 AND done < (applications + part_size - 1) / part_size";
    // Only as it was read: whoever changed it meanwhile wrote another seal.
    CHECK_BATCH_SET = "UPDATE check_batch SET approved_by = $2, approved_us = $3, until_us = $4, done = $5, repeated = $6, \
        seal = $7 WHERE number = $1 AND seal = $8";
}

/// One batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckBatchRow {
    /// Its number.
    pub number: String,
    /// The office that asks.
    pub authority: String,
    /// Code of the matter.
    pub matter: String,
    /// What for.
    pub purpose: String,
    /// How many applications.
    pub applications: i64,
    /// Applications in a part, as it was when the batch was asked for.
    pub part_size: i64,
    /// Of each part the keyed digest, 32 bytes.
    pub parts: Vec<u8>,
    /// Account that asked for it.
    pub opened_by: String,
    /// When, microseconds UTC.
    pub opened_us: i64,
    /// Account that approved it.
    pub approved_by: Option<String>,
    /// When.
    pub approved_us: Option<i64>,
    /// From when on it is over.
    pub until_us: i64,
    /// Parts that were answered.
    pub done: i64,
    /// The last of them whose answer was given once more, counted from 1; 0 for none.
    pub repeated: i64,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

fn read(row: Row<'_>) -> Result<CheckBatchRow, StoreError> {
    Ok(CheckBatchRow {
        number: row.get(0)?,
        authority: row.get(1)?,
        matter: row.get(2)?,
        purpose: row.get(3)?,
        applications: row.get(4)?,
        part_size: row.get(5)?,
        parts: row.get(6)?,
        opened_by: row.get(7)?,
        opened_us: row.get(8)?,
        approved_by: row.get(9)?,
        approved_us: row.get(10)?,
        until_us: row.get(11)?,
        done: row.get(12)?,
        repeated: row.get(13)?,
        seal: row.get(14)?,
    })
}

impl View<'_> {
    /// A batch.
    ///
    /// # Errors
    /// The engine's.
    pub fn check_batch(&self, number: &str) -> Result<Option<CheckBatchRow>, StoreError> {
        self.link.first(&CHECK_BATCH_FIND, values![number], read)
    }

    /// Batches of an authority, first those that go on at an instant, each time the newest first; `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn check_batches(&self, authority: &str, at_us: i64, limit: i64) -> Result<Vec<CheckBatchRow>, StoreError> {
        self.link.rows(&CHECK_BATCH_LIST, values![authority, at_us, limit], read)
    }

    /// How many batches of an authority go on at an instant: neither over nor answered to their end.
    ///
    /// # Errors
    /// The engine's.
    pub fn check_batches_open(&self, authority: &str, at_us: i64) -> Result<i64, StoreError> {
        let count = self.link.first(&CHECK_BATCH_COUNT, values![authority, at_us], |row| row.get(0))?;
        Ok(count.unwrap_or(0))
    }
}

impl Tx<'_> {
    /// Adds a batch.
    ///
    /// # Errors
    /// The engine's.
    pub fn check_batch_add(&self, row: &CheckBatchRow) -> Result<(), StoreError> {
        let values = values![
            row.number,
            row.authority,
            row.matter,
            row.purpose,
            row.applications,
            row.part_size,
            row.parts,
            row.opened_by,
            row.opened_us,
            row.approved_by,
            row.approved_us,
            row.until_us,
            row.done,
            row.repeated,
            row.seal
        ];
        self.link.run(&CHECK_BATCH_ADD, values)?;
        Ok(())
    }

    /// Writes approval, end and progress of a batch that still stands as it was read, with the seal `before`; `false` where it does not.
    ///
    /// # Errors
    /// The engine's.
    pub fn check_batch_set(&self, row: &CheckBatchRow, before: &[u8; 32]) -> Result<bool, StoreError> {
        let values = values![
            row.number,
            row.approved_by,
            row.approved_us,
            row.until_us,
            row.done,
            row.repeated,
            row.seal,
            before
        ];
        Ok(self.link.run(&CHECK_BATCH_SET, values)? == 1)
    }
}
