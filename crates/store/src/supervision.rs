//! Which authority supervises which.

use crate::value::values;
use crate::{StoreError, Tx, View};

crate::statements! {
    SUPERVISION_SET = "INSERT INTO supervision (authority, supervisor, set_us) VALUES ($1, $2, $3) \
        ON CONFLICT (authority) DO UPDATE SET supervisor = excluded.supervisor, set_us = excluded.set_us";
    SUPERVISION_OF = "SELECT supervisor FROM supervision WHERE authority = $1 AND supervisor <> ''";
    SUPERVISION_LIST = "SELECT authority, supervisor FROM supervision WHERE supervisor <> '' ORDER BY authority";
}

impl View<'_> {
    /// Code of the authority that supervises one.
    ///
    /// # Errors
    /// The engine's.
    pub fn supervisor(&self, authority: &str) -> Result<Option<String>, StoreError> {
        self.link.first(&SUPERVISION_OF, values![authority], |row| row.get(0))
    }

    /// Codes of authorities that are supervised, each with its supervisor's, by code.
    ///
    /// # Errors
    /// The engine's.
    pub fn supervisors(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.link.rows(&SUPERVISION_LIST, &[], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

impl Tx<'_> {
    /// Registers who supervises an authority; nobody with an empty code.
    ///
    /// # Errors
    /// The engine's.
    pub fn supervision_set(&self, authority: &str, supervisor: &str, at_us: i64) -> Result<(), StoreError> {
        self.link.run(&SUPERVISION_SET, values![authority, supervisor, at_us])?;
        Ok(())
    }
}
