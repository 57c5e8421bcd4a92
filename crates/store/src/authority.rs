//! Authorities that may send.

use rusqlite::{OptionalExtension, Row, params};

use crate::{StoreError, Tx, View};

crate::statements! {
    AUTHORITY_ADD = "INSERT INTO authority (code, name, name_en, kind, added_at_us) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, kind = excluded.kind";
    AUTHORITY_FIND = "SELECT code, name, name_en, kind FROM authority WHERE code = $1";
    AUTHORITY_LIST = "SELECT code, name, name_en, kind FROM authority ORDER BY code";
    MAPPING_SET = "INSERT INTO column_mapping (authority, item, heading, field) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (authority, item, heading) DO UPDATE SET field = excluded.field";
    MAPPING_LIST = "SELECT heading, field FROM column_mapping WHERE authority = $1 AND item = $2 ORDER BY heading";
}

/// One authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityRow {
    /// Unified social credit code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Value of the dictionary `authority-kind`.
    pub kind: String,
}

fn read(row: &Row<'_>) -> rusqlite::Result<AuthorityRow> {
    Ok(AuthorityRow { code: row.get(0)?, name: row.get(1)?, name_en: row.get(2)?, kind: row.get(3)? })
}

impl View<'_> {
    /// The authority with a code.
    ///
    /// # Errors
    /// The engine's.
    pub fn authority(&self, code: &str) -> Result<Option<AuthorityRow>, StoreError> {
        Ok(self.connection.prepare_cached(AUTHORITY_FIND.sqlite())?.query_row(params![code], read).optional()?)
    }

    /// All authorities, by code.
    ///
    /// # Errors
    /// The engine's.
    pub fn authorities(&self) -> Result<Vec<AuthorityRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(AUTHORITY_LIST.sqlite())?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Headings that an office's files carry for an item, with the field code each stands for.
    ///
    /// # Errors
    /// The engine's.
    pub fn column_mapping(&self, authority: &str, item: &str) -> Result<Vec<(String, String)>, StoreError> {
        let mut statement = self.connection.prepare_cached(MAPPING_LIST.sqlite())?;
        let rows = statement.query_map(params![authority, item], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Tx<'_> {
    /// Registers an authority, or changes its names and kind.
    ///
    /// # Errors
    /// The engine's.
    pub fn authority_add(&self, authority: &AuthorityRow, at_us: i64) -> Result<(), StoreError> {
        let AuthorityRow { code, name, name_en, kind } = authority;
        self.inner.prepare_cached(AUTHORITY_ADD.sqlite())?.execute(params![code, name, name_en, kind, at_us])?;
        Ok(())
    }

    /// Remembers which field a heading of an office stands for.
    ///
    /// # Errors
    /// The engine's.
    pub fn column_mapping_set(
        &self,
        authority: &str,
        item: &str,
        heading: &str,
        field: &str,
    ) -> Result<(), StoreError> {
        self.inner.prepare_cached(MAPPING_SET.sqlite())?.execute(params![authority, item, heading, field])?;
        Ok(())
    }
}
