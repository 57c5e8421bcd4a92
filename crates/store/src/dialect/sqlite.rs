//! Bulk load into SQLite: the rows of a chunk, sorted by key, through prepared statements in one transaction.
//!
//! Sorted, because the index on (subject, record, version) is then walked from left to right and each of its pages is
//! touched once a chunk. Multi-row `INSERT`s were measured no faster than one prepared statement per row.

use rusqlite::params;

use crate::record::VersionRow;
use crate::{StoreError, Tx};

/// A subject that a chunk names for the first time.
#[derive(Debug, Clone)]
pub struct NewSubject {
    /// 16 random bytes.
    pub subject_id: [u8; 16],
    /// Kind of subject.
    pub kind: i64,
    /// Tag of its document.
    pub tag: [u8; 16],
    /// Kind of its document.
    pub document_kind: i64,
    /// Tag of its name.
    pub name_tag: [u8; 16],
    /// Number and name, sealed.
    pub sealed: Vec<u8>,
}

impl Tx<'_> {
    /// Adds the new subjects of a chunk.
    ///
    /// # Errors
    /// The engine's.
    pub fn subjects_load(
        &self,
        new: &[NewSubject],
        key_version: i64,
        submission: i64,
        at_us: i64,
    ) -> Result<(), StoreError> {
        let (mut subjects, mut documents) = self.subject_statements()?;
        for subject in new {
            subjects.execute(params![subject.subject_id.as_slice(), subject.kind, submission, at_us])?;
            documents.execute(params![
                subject.tag.as_slice(),
                subject.subject_id.as_slice(),
                subject.document_kind,
                key_version,
                subject.name_tag.as_slice(),
                subject.sealed
            ])?;
        }
        Ok(())
    }

    /// Adds the versions of a chunk, sorted by subject and record.
    ///
    /// # Errors
    /// The engine's; a version that is there already is an error.
    pub fn versions_load(&self, versions: &[VersionRow]) -> Result<(), StoreError> {
        self.versions_add(versions)
    }
}
