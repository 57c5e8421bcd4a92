//! Settings of the installation.

use crate::value::values;
use crate::{StoreError, Tx, View};

crate::statements! {
    INSTALLATION_SET = "INSERT INTO installation (name, value) VALUES ($1, $2) \
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    INSTALLATION_GET = "SELECT value FROM installation WHERE name = $1";
}

impl View<'_> {
    /// The value of a setting.
    ///
    /// # Errors
    /// The engine's.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.link.first(&INSTALLATION_GET, values![name], |row| row.get(0))
    }
}

impl Tx<'_> {
    /// Sets a setting.
    ///
    /// # Errors
    /// The engine's.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.link.run(&INSTALLATION_SET, values![name, value])?;
        Ok(())
    }
}
