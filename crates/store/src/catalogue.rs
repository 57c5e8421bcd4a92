//! Catalogue versions and, beside them by a hash of their own, those of the calendar; confirmations of clauses, layouts of bodies.

use crate::value::values;
use crate::{StoreError, Tx, View};

crate::statements! {
    CATALOGUE_ADD = "INSERT INTO catalogue_version (hash, files, applied_at_us, applied_by) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (hash) DO UPDATE SET applied_at_us = excluded.applied_at_us, applied_by = excluded.applied_by";
    CATALOGUE_FILES = "SELECT files FROM catalogue_version WHERE hash = $1";
    CLAUSE_CONFIRM = "INSERT INTO clause_confirmation (clause, confirmed_at_us, confirmed_by, office, note) \
        VALUES ($1, $2, $3, $4, $5)";
    CLAUSE_CONFIRMED = "SELECT DISTINCT clause FROM clause_confirmation ORDER BY clause";
    // `WHERE true`: SQLite would else read `ON CONFLICT` as part of a join.
    LAYOUT_ADD = "INSERT INTO layout (layout_id, item, fields) SELECT coalesce(max(layout_id), 0) + 1, $1, $2 FROM layout \
        WHERE true ON CONFLICT (item, fields) DO NOTHING";
    LAYOUT_FIND = "SELECT layout_id FROM layout WHERE item = $1 AND fields = $2";
    LAYOUT_FIELDS = "SELECT item, fields FROM layout WHERE layout_id = $1";
}

impl View<'_> {
    /// Files of a version of catalogue or calendar, as JSON.
    ///
    /// # Errors
    /// The engine's.
    pub fn catalogue_files(&self, hash: &str) -> Result<Option<String>, StoreError> {
        self.link.first(&CATALOGUE_FILES, values![hash], |row| row.get(0))
    }

    /// Clauses (`law#clause`) that an office has confirmed.
    ///
    /// # Errors
    /// The engine's.
    pub fn clauses_confirmed(&self) -> Result<Vec<String>, StoreError> {
        self.link.rows(&CLAUSE_CONFIRMED, &[], |row| row.get(0))
    }

    /// Item and field codes of a layout.
    ///
    /// # Errors
    /// [`StoreError::Value`] if there is none.
    pub fn layout(&self, layout_id: i64) -> Result<(String, Vec<String>), StoreError> {
        let found: Option<(String, String)> =
            self.link.first(&LAYOUT_FIELDS, values![layout_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (item, fields) = found.ok_or(StoreError::Value("layout".into()))?;
        Ok((item, fields.split(' ').map(str::to_owned).collect()))
    }
}

impl Tx<'_> {
    /// Keeps the files of a catalogue or a calendar.
    ///
    /// # Errors
    /// The engine's.
    pub fn catalogue_add(&self, hash: &str, files_json: &str, at_us: i64, by: &str) -> Result<(), StoreError> {
        self.link.run(&CATALOGUE_ADD, values![hash, files_json, at_us, by])?;
        Ok(())
    }

    /// Keeps an office's confirmation that it read a clause.
    ///
    /// # Errors
    /// The engine's.
    pub fn clause_confirm(
        &self,
        clause: &str,
        at_us: i64,
        by: &str,
        office: &str,
        note: &str,
    ) -> Result<(), StoreError> {
        self.link.run(&CLAUSE_CONFIRM, values![clause, at_us, by, office, note])?;
        Ok(())
    }

    /// The number of an item's layout; the layout is added where it is new.
    ///
    /// # Errors
    /// The engine's.
    pub fn layout_for(&self, item: &str, fields: &str) -> Result<i64, StoreError> {
        self.link.run(&LAYOUT_ADD, values![item, fields])?;
        self.link.one(&LAYOUT_FIND, values![item, fields], |row| row.get(0))
    }
}
