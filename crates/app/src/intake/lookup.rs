//! Many look-ups as one question each. An empty list asks nothing.

use std::collections::{HashMap, HashSet};

use chengxin_store::keys::Wrapped;
use chengxin_store::lock::LockRow;
use chengxin_store::record::VersionHead;
use chengxin_store::subject::DocumentRow;
use chengxin_store::{KeyStore, StoreError, View};

/// A subject and one of its records.
pub(super) type RecordOf = ([u8; 16], [u8; 16]);

/// What [`View`] tells of many at once.
pub(super) trait SetWise {
    /// The subjects behind those of the tags that lead to one.
    fn subject_documents(&self, tags: &[[u8; 16]]) -> Result<HashMap<[u8; 16], DocumentRow>, StoreError>;
    /// Heads of all versions of those of the records that have any, in order.
    fn version_heads(&self, records: &[RecordOf]) -> Result<HashMap<RecordOf, Vec<VersionHead>>, StoreError>;
    /// Newest source times with which equal content was repeated, where it was.
    fn sources_seen(&self, records: &[RecordOf]) -> Result<HashMap<RecordOf, i64>, StoreError>;
    /// The locks on those of the records that are locked.
    fn locks(&self, records: &[RecordOf]) -> Result<HashMap<RecordOf, LockRow>, StoreError>;
    /// Those of the pairs of subject and name tag that are a further name of that subject.
    fn names_held(&self, names: &[RecordOf]) -> Result<HashSet<RecordOf>, StoreError>;
}

/// What [`KeyStore`] tells of many at once.
pub(super) trait SetWiseKeys {
    /// Wrapped keys of those of the subjects that have one.
    fn subject_keys_of(&self, subjects: &[[u8; 16]]) -> Result<HashMap<[u8; 16], Wrapped>, StoreError>;
}

impl SetWise for View<'_> {
    fn subject_documents(&self, tags: &[[u8; 16]]) -> Result<HashMap<[u8; 16], DocumentRow>, StoreError> {
        let one = |tag: &[u8; 16]| self.subject_document(tag).map(|found| Some((*tag, found?))).transpose();
        tags.iter().filter_map(one).collect()
    }

    fn version_heads(&self, records: &[RecordOf]) -> Result<HashMap<RecordOf, Vec<VersionHead>>, StoreError> {
        let one = |of: &RecordOf| self.versions_of_record(&of.0, &of.1).map(|heads| (*of, heads));
        records.iter().map(one).filter(|found| !matches!(found, Ok((_, heads)) if heads.is_empty())).collect()
    }

    fn sources_seen(&self, records: &[RecordOf]) -> Result<HashMap<RecordOf, i64>, StoreError> {
        let one = |of: &RecordOf| self.source_seen(&of.0, &of.1).map(|found| Some((*of, found?))).transpose();
        records.iter().filter_map(one).collect()
    }

    fn locks(&self, records: &[RecordOf]) -> Result<HashMap<RecordOf, LockRow>, StoreError> {
        let one = |of: &RecordOf| self.lock(&of.0, &of.1).map(|found| Some((*of, found?))).transpose();
        records.iter().filter_map(one).collect()
    }

    fn names_held(&self, names: &[RecordOf]) -> Result<HashSet<RecordOf>, StoreError> {
        let one = |of: &RecordOf| self.subject_has_name(&of.0, &of.1).map(|held| held.then_some(*of)).transpose();
        names.iter().filter_map(one).collect()
    }
}

impl SetWiseKeys for KeyStore {
    fn subject_keys_of(&self, subjects: &[[u8; 16]]) -> Result<HashMap<[u8; 16], Wrapped>, StoreError> {
        let one = |subject: &[u8; 16]| self.subject_key(subject).map(|found| Some((*subject, found?))).transpose();
        subjects.iter().filter_map(one).collect()
    }
}
