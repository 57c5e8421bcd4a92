//! Subjects and the only table that knows their numbers.

use crate::value::{Row, row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    SUBJECT_ADD = "INSERT INTO subject (subject_id, kind, submission_id, created_at_us) VALUES ($1, $2, $3, $4)";
    SUBJECT_DOCUMENT_ADD = "INSERT INTO subject_document (tag, subject_id, kind, key_version, name_tag, sealed) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    SUBJECT_DOCUMENT_FIND = "SELECT subject_id, name_tag, kind, sealed, key_version FROM subject_document WHERE tag = $1";
    SUBJECT_NAME_HELD = "SELECT 1 FROM subject_name WHERE subject_id = $1 AND name_tag = $2";
    SUBJECT_NAME_ADD = "INSERT INTO subject_name (subject_id, name_tag, key_version, sealed, evidence, added_by, added_at_us) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (subject_id, name_tag) DO NOTHING";
    SUBJECT_DOCUMENT_RENAME = "UPDATE subject_document SET name_tag = $2, sealed = $3 WHERE tag = $1";
    SUBJECT_DOCUMENT_REKEY = "UPDATE subject_document SET name_tag = $2, key_version = $3 WHERE tag = $1";
    // The tag says on which node of Citus a document lies, and no row may change its node: it is taken here and added there.
    SUBJECT_DOCUMENT_TAKE = "DELETE FROM subject_document WHERE tag = $1 RETURNING subject_id, kind, sealed";
    SUBJECT_NAME_LIST = "SELECT subject_id, name_tag, sealed FROM subject_name WHERE subject_id = $1 ORDER BY name_tag";
    SUBJECT_NAME_RETAG = "UPDATE subject_name SET name_tag = $3, key_version = $4 WHERE subject_id = $1 AND name_tag = $2";
    SUBJECT_NAMES_REMOVE = "DELETE FROM subject_name WHERE subject_id = $1";
    SUBJECT_REMOVE = "DELETE FROM subject WHERE subject_id = $1";
    SUBJECT_DOCUMENT_REMOVE = "DELETE FROM subject_document WHERE tag = $1";
    SUBJECT_SUBMISSION = "SELECT submission_id FROM subject WHERE subject_id = $1";
    SUBJECT_KIND = "SELECT kind FROM subject WHERE subject_id = $1";
}

/// A further name: its tag, and the name sealed.
pub type SealedName = ([u8; 16], Vec<u8>);

/// What is known about a document by its tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    /// Whose it is.
    pub subject_id: [u8; 16],
    /// HMAC of the name that belongs to it.
    pub name_tag: [u8; 16],
    /// Kind of document.
    pub kind: i64,
    /// Number and name, sealed.
    pub sealed: Vec<u8>,
    /// Version of the index key in the tags.
    pub key_version: i64,
}

/// A new document of a subject.
#[derive(Debug, Clone, Copy)]
pub struct NewDocument<'a> {
    /// HMAC of kind and number.
    pub tag: &'a [u8; 16],
    /// Whose it is.
    pub subject_id: &'a [u8; 16],
    /// Kind of document.
    pub kind: i64,
    /// Version of the index key.
    pub key_version: i64,
    /// HMAC of the name.
    pub name_tag: &'a [u8; 16],
    /// Number and name, sealed under the subject's key.
    pub sealed: &'a [u8],
}

/// A subject that a chunk names for the first time.
#[derive(Debug, Clone)]
pub struct NewSubject {
    /// 16 bytes that rise with time.
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

/// Columns as in [`SUBJECT_DOCUMENT_FIND`].
pub(crate) fn read_document(row: Row<'_>) -> Result<DocumentRow, StoreError> {
    Ok(DocumentRow {
        subject_id: row.get(0)?,
        name_tag: row.get(1)?,
        kind: row.get(2)?,
        sealed: row.get(3)?,
        key_version: row.get(4)?,
    })
}

impl View<'_> {
    /// The subject behind a tag.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_document(&self, tag: &[u8; 16]) -> Result<Option<DocumentRow>, StoreError> {
        self.link.first(&SUBJECT_DOCUMENT_FIND, values![tag], read_document)
    }

    /// Is this a further name of the subject?
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_has_name(&self, subject: &[u8; 16], name_tag: &[u8; 16]) -> Result<bool, StoreError> {
        self.link.any(&SUBJECT_NAME_HELD, values![subject, name_tag])
    }

    /// Further names of a subject: tag and sealed name.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_names(&self, subject: &[u8; 16]) -> Result<Vec<SealedName>, StoreError> {
        self.link.rows(&SUBJECT_NAME_LIST, values![subject], |row| Ok((row.get(1)?, row.get(2)?)))
    }

    /// The submission that first named a subject.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_submission(&self, subject: &[u8; 16]) -> Result<Option<i64>, StoreError> {
        self.link.first(&SUBJECT_SUBMISSION, values![subject], |row| row.get(0))
    }

    /// Kind of a subject.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_kind(&self, subject: &[u8; 16]) -> Result<Option<i64>, StoreError> {
        self.link.first(&SUBJECT_KIND, values![subject], |row| row.get(0))
    }
}

impl Tx<'_> {
    /// Adds a subject.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_add(&self, subject: &[u8; 16], kind: i64, submission: i64, at_us: i64) -> Result<(), StoreError> {
        self.link.run(&SUBJECT_ADD, values![subject, kind, submission, at_us])?;
        Ok(())
    }

    /// Adds the new subjects of a chunk, sorted by id, with their documents.
    ///
    /// # Errors
    /// The engine's; a tag that is there already is an error.
    pub fn subjects_load(
        &self,
        new: &[NewSubject],
        key_version: i64,
        submission: i64,
        at_us: i64,
    ) -> Result<(), StoreError> {
        self.link.load(&SUBJECT_ADD, new.iter().map(|s| row![s.subject_id, s.kind, submission, at_us]))?;
        let documents =
            new.iter().map(|s| row![s.tag, s.subject_id, s.document_kind, key_version, s.name_tag, s.sealed]);
        self.link.load(&SUBJECT_DOCUMENT_ADD, documents)
    }

    /// Links a document to a subject.
    ///
    /// # Errors
    /// The engine's; a tag that is there already is an error.
    pub fn subject_document_add(&self, new: NewDocument<'_>) -> Result<(), StoreError> {
        let NewDocument { tag, subject_id, kind, key_version, name_tag, sealed } = new;
        self.link.run(&SUBJECT_DOCUMENT_ADD, values![tag, subject_id, kind, key_version, name_tag, sealed])?;
        Ok(())
    }

    /// Gives a document another name: the identity clerk found the one on file to be wrong.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_document_rename(
        &self,
        tag: &[u8; 16],
        name_tag: &[u8; 16],
        sealed: &[u8],
    ) -> Result<(), StoreError> {
        self.link.run(&SUBJECT_DOCUMENT_RENAME, values![tag, name_tag, sealed])?;
        Ok(())
    }

    /// Replaces the tags of a document when the index key is rotated. `tag` may be the old one.
    ///
    /// # Errors
    /// The engine's; a tag that is another document's already is an error.
    pub fn subject_document_retag(
        &self,
        old: &[u8; 16],
        tag: &[u8; 16],
        name_tag: &[u8; 16],
        version: i64,
    ) -> Result<(), StoreError> {
        if old == tag {
            self.link.run(&SUBJECT_DOCUMENT_REKEY, values![tag, name_tag, version])?;
            return Ok(());
        }
        let taken: Option<([u8; 16], i64, Vec<u8>)> =
            self.link.first(&SUBJECT_DOCUMENT_TAKE, values![old], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let Some((subject_id, kind, sealed)) = &taken else { return Ok(()) };
        self.subject_document_add(NewDocument { tag, subject_id, kind: *kind, key_version: version, name_tag, sealed })
    }

    /// Replaces the tag of a further name when the index key is rotated.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_name_retag(
        &self,
        subject: &[u8; 16],
        old: &[u8; 16],
        tag: &[u8; 16],
        version: i64,
    ) -> Result<(), StoreError> {
        self.link.run(&SUBJECT_NAME_RETAG, values![subject, old, tag, version])?;
        Ok(())
    }

    /// Links a further name to a subject, with the evidence.
    ///
    /// # Errors
    /// The engine's.
    #[expect(clippy::too_many_arguments, reason = "the columns of one row, each of another meaning")]
    pub fn subject_name_add(
        &self,
        subject: &[u8; 16],
        name_tag: &[u8; 16],
        key_version: i64,
        sealed: &[u8],
        evidence: &str,
        by: &str,
        at_us: i64,
    ) -> Result<(), StoreError> {
        self.link.run(&SUBJECT_NAME_ADD, values![subject, name_tag, key_version, sealed, evidence, by, at_us])?;
        Ok(())
    }

    /// Removes a subject and its further names.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_names_remove(&self, subject: &[u8; 16]) -> Result<(), StoreError> {
        self.link.run(&SUBJECT_NAMES_REMOVE, values![subject])?;
        self.link.run(&SUBJECT_REMOVE, values![subject])?;
        Ok(())
    }

    /// Removes a subject and its document: only for one that a submission brought which never took effect.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_remove(&self, subject: &[u8; 16], tag: &[u8; 16]) -> Result<(), StoreError> {
        self.link.run(&SUBJECT_DOCUMENT_REMOVE, values![tag])?;
        self.link.run(&SUBJECT_REMOVE, values![subject])?;
        Ok(())
    }
}
