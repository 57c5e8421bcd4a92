//! Checks of many open applications at once.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    CHECK_BATCH_ADD = "INSERT INTO check_batch (number, authority, matter, purpose, applications, parts, opened_by, opened_us, \
        approved_by, approved_us, until_us, done, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    CHECK_BATCH_FIND = "SELECT number, authority, matter, purpose, applications, parts, opened_by, opened_us, approved_by, \
        approved_us, until_us, done, seal FROM check_batch WHERE number = $1";
    CHECK_BATCH_LIST = "SELECT number, authority, matter, purpose, applications, parts, opened_by, opened_us, approved_by, \
        approved_us, until_us, done, seal FROM check_batch WHERE authority = $1 ORDER BY opened_us DESC, number LIMIT $2";
    // Only as it was read: whoever changed it meanwhile wrote another seal.
    CHECK_BATCH_SET = "UPDATE check_batch SET approved_by = $2, approved_us = $3, until_us = $4, done = $5, seal = $6 \
        WHERE number = $1 AND seal = $7";
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
        parts: row.get(5)?,
        opened_by: row.get(6)?,
        opened_us: row.get(7)?,
        approved_by: row.get(8)?,
        approved_us: row.get(9)?,
        until_us: row.get(10)?,
        done: row.get(11)?,
        seal: row.get(12)?,
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

    /// Batches of an authority, the newest first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn check_batches(&self, authority: &str, limit: i64) -> Result<Vec<CheckBatchRow>, StoreError> {
        self.link.rows(&CHECK_BATCH_LIST, values![authority, limit], read)
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
            row.parts,
            row.opened_by,
            row.opened_us,
            row.approved_by,
            row.approved_us,
            row.until_us,
            row.done,
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
        let values = values![row.number, row.approved_by, row.approved_us, row.until_us, row.done, row.seal, before];
        Ok(self.link.run(&CHECK_BATCH_SET, values)? == 1)
    }
}
