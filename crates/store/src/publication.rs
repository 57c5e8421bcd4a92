//! Texts that an officer confirmed for the public page of a record.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    PUBLICATION_FIND = "SELECT subject_id, record_id, version, confirmed_us, line, sealed, seal FROM publication \
        WHERE subject_id = $1 AND record_id = $2";
    PUBLICATION_SET = "INSERT INTO publication (subject_id, record_id, version, confirmed_us, line, sealed, seal) VALUES ($1, $2, $3, $4, $5, $6, $7) \
        ON CONFLICT (subject_id, record_id) DO UPDATE SET version = excluded.version, confirmed_us = excluded.confirmed_us, line = excluded.line, \
        sealed = excluded.sealed, seal = excluded.seal";
    PUBLICATION_REMOVE = "DELETE FROM publication WHERE subject_id = $1 AND record_id = $2";
}

/// What was confirmed for the public page of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationRow {
    /// About whom.
    pub subject_id: [u8; 16],
    /// Which record.
    pub record_id: [u8; 16],
    /// Version whose body the texts were read beside.
    pub version: i64,
    /// When, microseconds UTC.
    pub confirmed_us: i64,
    /// Entry in the log of [`Self::subject_id`] that wrote this row last.
    pub line: i64,
    /// Texts, sealed.
    pub sealed: Vec<u8>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// A record that may be published: day of its decision, subject, record.
pub type PublicCandidate = (i64, [u8; 16], [u8; 16]);

/// Which records may be published.
#[derive(Debug, Clone, Copy)]
pub struct PublicOf<'a> {
    /// Item code.
    pub item: &'a str,
    /// Kind of subject.
    pub subject_kind: i64,
    /// Code of one authority; of every one where there is none.
    pub authority: Option<&'a str>,
    /// Lowest severity.
    pub severity: i64,
    /// The day, since 1970-01-01: what is not shown on it is none.
    pub today: i32,
}

fn read(row: Row<'_>) -> Result<PublicationRow, StoreError> {
    Ok(PublicationRow {
        subject_id: row.get(0)?,
        record_id: row.get(1)?,
        version: row.get(2)?,
        confirmed_us: row.get(3)?,
        line: row.get(4)?,
        sealed: row.get(5)?,
        seal: row.get(6)?,
    })
}

impl View<'_> {
    /// What was confirmed for the public page of a record.
    ///
    /// # Errors
    /// The engine's.
    pub fn publication(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<Option<PublicationRow>, StoreError> {
        self.link.first(&PUBLICATION_FIND, values![subject, record], read)
    }
}

impl Tx<'_> {
    /// Writes what was confirmed, in place of what was before.
    ///
    /// # Errors
    /// The engine's.
    pub fn publication_set(&self, row: &PublicationRow) -> Result<(), StoreError> {
        let PublicationRow { subject_id, record_id, version, confirmed_us, line, sealed, seal } = row;
        self.link.run(&PUBLICATION_SET, values![subject_id, record_id, version, confirmed_us, line, sealed, seal])?;
        Ok(())
    }

    /// Removes it; was there anything?
    ///
    /// # Errors
    /// The engine's.
    pub fn publication_remove(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<bool, StoreError> {
        Ok(self.link.run(&PUBLICATION_REMOVE, values![subject, record])? > 0)
    }
}
