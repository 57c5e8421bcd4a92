//! Entries that the law hides from the subject for a time.

use crate::value::values;
use crate::{StoreError, Tx, View};

crate::statements! {
    LOG_HIDDEN_ADD = "INSERT INTO log_hidden (subject_id, chain_id, number, reveal_on, clause) VALUES ($1, $2, $3, $4, $5)";
    LOG_HIDDEN_DUE = "SELECT chain_id, number, clause FROM log_hidden WHERE subject_id = $1 AND revealed IS NULL \
        AND reveal_on <= $2 ORDER BY chain_id, number";
    LOG_HIDDEN_REVEALED = "UPDATE log_hidden SET revealed = $4 WHERE subject_id = $1 AND chain_id = $2 AND number = $3";
}

/// A hidden entry whose day has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenEntry {
    /// Chain in which it stands.
    pub chain_id: [u8; 16],
    /// Its number there.
    pub number: i64,
    /// Clause that ordered silence.
    pub clause: String,
}

impl View<'_> {
    /// Hidden entries about a subject that may be revealed on `today` (days since 1970-01-01).
    ///
    /// # Errors
    /// The engine's.
    pub fn log_hidden_due(&self, subject: &[u8; 16], today: i32) -> Result<Vec<HiddenEntry>, StoreError> {
        self.link.rows(&LOG_HIDDEN_DUE, values![subject, today], |row| {
            Ok(HiddenEntry { chain_id: row.get(0)?, number: row.get(1)?, clause: row.get(2)? })
        })
    }
}

impl Tx<'_> {
    /// Says that an entry about `subject` stands hidden until `reveal_on` (days since 1970-01-01).
    ///
    /// # Errors
    /// The engine's.
    pub fn log_hidden_add(
        &self,
        subject: &[u8; 16],
        chain: &[u8; 16],
        number: i64,
        reveal_on: i32,
        clause: &str,
    ) -> Result<(), StoreError> {
        self.link.run(&LOG_HIDDEN_ADD, values![subject, chain, number, reveal_on, clause])?;
        Ok(())
    }

    /// Remembers the line that revealed it.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_hidden_revealed(&self, subject: &[u8; 16], hidden: &HiddenEntry, line: i64) -> Result<(), StoreError> {
        self.link.run(&LOG_HIDDEN_REVEALED, values![subject, hidden.chain_id, hidden.number, line])?;
        Ok(())
    }
}
