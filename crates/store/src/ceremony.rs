//! What passkeys were asked and have not answered.

use crate::value::values;
use crate::{StoreError, Tx};

crate::statements! {
    CEREMONY_ADD = "INSERT INTO ceremony (ceremony_tag, expires_us, sealed) VALUES ($1, $2, $3)";
    CEREMONY_FIND = "SELECT ceremony_tag, expires_us, sealed FROM ceremony WHERE ceremony_tag = $1";
    CEREMONY_REMOVE = "DELETE FROM ceremony WHERE ceremony_tag = $1";
}

/// One question that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CeremonyRow {
    /// HMAC of what the browser brings back with its answer.
    pub ceremony_tag: [u8; 32],
    /// From then on no answer counts.
    pub expires_us: i64,
    /// What was asked, of whom and what for, sealed.
    pub sealed: Vec<u8>,
}

impl Tx<'_> {
    /// Notes what was asked.
    ///
    /// # Errors
    /// The engine's.
    pub fn ceremony_add(&self, row: &CeremonyRow) -> Result<(), StoreError> {
        let CeremonyRow { ceremony_tag, expires_us, sealed } = row;
        self.link.run(&CEREMONY_ADD, values![ceremony_tag, expires_us, sealed])?;
        Ok(())
    }

    /// Takes what was asked: of two answers that come at once, one does.
    ///
    /// # Errors
    /// The engine's.
    pub fn ceremony_take(&self, tag: &[u8; 32]) -> Result<Option<CeremonyRow>, StoreError> {
        let found = self.link.first(&CEREMONY_FIND, values![tag], |row| {
            Ok(CeremonyRow { ceremony_tag: row.get(0)?, expires_us: row.get(1)?, sealed: row.get(2)? })
        })?;
        let taken = self.link.run(&CEREMONY_REMOVE, values![tag])? > 0;
        Ok(found.filter(|_| taken))
    }
}
