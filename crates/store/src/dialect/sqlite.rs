//! Bulk load into SQLite: the rows of a chunk, sorted by key, through prepared statements in one transaction.
//!
//! Sorted, because the index on (subject, record, version) is then walked from left to right and each of its pages is
//! touched once a chunk. Multi-row `INSERT`s were measured no faster than one prepared statement per row.

use crate::record::VersionRow;
use crate::subject::NewDocument;
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
    pub fn subjects_load(&self, new: &[NewSubject], key_version: i64, submission: i64, at_us: i64) -> Result<(), StoreError> {
        for subject in new {
            self.subject_add(&subject.subject_id, subject.kind, submission, at_us)?;
            self.subject_document_add(NewDocument {
                tag: &subject.tag,
                subject_id: &subject.subject_id,
                kind: subject.document_kind,
                key_version,
                name_tag: &subject.name_tag,
                sealed: &subject.sealed,
            })?;
        }
        Ok(())
    }

    /// Adds the versions of a chunk, sorted by subject and record.
    ///
    /// # Errors
    /// The engine's; a version that is there already is an error.
    pub fn versions_load(&self, versions: &[VersionRow]) -> Result<(), StoreError> {
        versions.iter().try_for_each(|version| self.version_add(version))
    }
}
