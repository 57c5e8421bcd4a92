//! Authorities that may send.

use crate::value::{Row, values};
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

fn read(row: Row<'_>) -> Result<AuthorityRow, StoreError> {
    Ok(AuthorityRow { code: row.get(0)?, name: row.get(1)?, name_en: row.get(2)?, kind: row.get(3)? })
}

impl View<'_> {
    /// The authority with a code.
    ///
    /// # Errors
    /// The engine's.
    pub fn authority(&self, code: &str) -> Result<Option<AuthorityRow>, StoreError> {
        self.link.first(&AUTHORITY_FIND, values![code], read)
    }

    /// All authorities, by code.
    ///
    /// # Errors
    /// The engine's.
    pub fn authorities(&self) -> Result<Vec<AuthorityRow>, StoreError> {
        self.link.rows(&AUTHORITY_LIST, &[], read)
    }

    /// Headings that an office's files carry for an item, with the field code each stands for.
    ///
    /// # Errors
    /// The engine's.
    pub fn column_mapping(&self, authority: &str, item: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.link.rows(&MAPPING_LIST, values![authority, item], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

impl Tx<'_> {
    /// Registers an authority, or changes its names and kind.
    ///
    /// # Errors
    /// The engine's.
    pub fn authority_add(&self, authority: &AuthorityRow, at_us: i64) -> Result<(), StoreError> {
        let AuthorityRow { code, name, name_en, kind } = authority;
        self.link.run(&AUTHORITY_ADD, values![code, name, name_en, kind, at_us])?;
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
        self.link.run(&MAPPING_SET, values![authority, item, heading, field])?;
        Ok(())
    }
}
