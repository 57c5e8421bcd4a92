//! How often something was tried without success: sign-ins, one-time codes.

use crate::value::values;
use crate::{StoreError, Tx, View};

crate::statements! {
    THROTTLE_FIND = "SELECT failures, last_us, known_us FROM throttle WHERE tag = $1";
    THROTTLE_SET = "INSERT INTO throttle (tag, failures, last_us, known_us) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (tag) DO UPDATE SET failures = excluded.failures, last_us = excluded.last_us, known_us = excluded.known_us";
}

/// What was tried from somewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ThrottleRow {
    /// Attempts in a row that did not succeed.
    pub failures: i64,
    /// When the last was made.
    pub last_us: i64,
    /// When a device last succeeded; 0 for never, and for what is no device.
    pub known_us: i64,
}

impl View<'_> {
    /// What was tried under a tag; nothing yet is a row of zeros.
    ///
    /// # Errors
    /// The engine's.
    pub fn throttle(&self, tag: &[u8; 32]) -> Result<ThrottleRow, StoreError> {
        let found = self.link.first(&THROTTLE_FIND, values![tag], |row| {
            Ok(ThrottleRow { failures: row.get(0)?, last_us: row.get(1)?, known_us: row.get(2)? })
        })?;
        Ok(found.unwrap_or_default())
    }
}

impl Tx<'_> {
    /// Writes what was tried under a tag.
    ///
    /// # Errors
    /// The engine's.
    pub fn throttle_set(&self, tag: &[u8; 32], row: ThrottleRow) -> Result<(), StoreError> {
        self.link.run(&THROTTLE_SET, values![tag, row.failures, row.last_us, row.known_us])?;
        Ok(())
    }
}
