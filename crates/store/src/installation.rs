//! Settings of the installation.

use rusqlite::{OptionalExtension, params};

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
        let mut statement = self.connection.prepare_cached(INSTALLATION_GET.sqlite())?;
        Ok(statement.query_row(params![name], |row| row.get(0)).optional()?)
    }
}

impl Tx<'_> {
    /// Sets a setting.
    ///
    /// # Errors
    /// The engine's.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.inner.prepare_cached(INSTALLATION_SET.sqlite())?.execute(params![name, value])?;
        Ok(())
    }
}
