//! Versions of a record, and the body behind them.

use std::collections::HashMap;

use chengxin_core::row::split_body;
use chengxin_store::KeyStore;
use chengxin_store::record::{StoredVersion, VersionRow};

use crate::AppError;
use crate::keyring::{Keyring, SubjectKey, body_aad};

/// Versions of one subject, ordered by record and version as the store gives them, cut into records.
pub(crate) fn by_record(versions: &[StoredVersion]) -> impl Iterator<Item = &[StoredVersion]> {
    versions.chunk_by(|a, b| a.row.record_id == b.row.record_id)
}

/// The version of a record that counts now: the newest that does not wait for release.
pub(crate) fn newest(versions: &[StoredVersion]) -> Option<&VersionRow> {
    versions.iter().rev().find(|version| !version.awaits_release).map(|version| &version.row)
}

/// The version of a record that holds the body of `row`.
pub(crate) fn holder<'v>(record: &'v [StoredVersion], row: &VersionRow) -> Result<&'v VersionRow, AppError> {
    let found = record.iter().map(|version| &version.row).find(|version| version.version == row.body_version);
    found.ok_or_else(|| AppError::internal("the version that holds a body is missing"))
}

/// Opens bodies. Keeps the key of the subject asked for last: walks go subject by subject.
#[derive(Debug)]
pub(crate) struct BodyOpener<'a> {
    keys: &'a Keyring,
    key_store: &'a KeyStore,
    last: Option<([u8; 16], SubjectKey)>,
    /// Salts that were asked for all at once, by record and version.
    salts: HashMap<([u8; 16], i64), Option<[u8; 16]>>,
}

impl<'a> BodyOpener<'a> {
    pub(crate) fn new(keys: &'a Keyring, key_store: &'a KeyStore) -> Self {
        Self { keys, key_store, last: None, salts: HashMap::new() }
    }

    /// Asks for what opens these bodies about one subject at once: on a server each question is a journey.
    pub(crate) fn ask_for(&mut self, subject: &[u8; 16], rows: &[&VersionRow]) -> Result<(), AppError> {
        let bodies: Vec<_> = rows.iter().map(|row| row.body_at()).collect();
        let found = self.key_store.body_keys(subject, &bodies)?;
        self.salts.extend(rows.iter().zip(found.salts).map(|(row, salt)| ((row.record_id, row.version), salt)));
        if let Some((_, wrapped)) = found.subject {
            self.last = Some((*subject, self.keys.open_subject_key(subject, &wrapped)?));
        }
        Ok(())
    }

    /// Field codes and exact values of the body that lies in `row`, in the order of `layout`; `None` once its salt was
    /// destroyed.
    ///
    /// # Errors
    /// Internal faults: a missing or wrong key, a body that was altered or has another form than its layout.
    pub(crate) fn open(
        &mut self,
        row: &VersionRow,
        layout: &[String],
    ) -> Result<Option<Vec<(String, String)>>, AppError> {
        let known = self.salts.get(&(row.record_id, row.version)).copied();
        let Some(salt) = known.map_or_else(|| self.key_store.body_salt(&row.body_at()), Ok)? else {
            return Ok(None);
        };
        let key = self.subject_key(&row.subject_id)?.body(&row.record_id, row.version, &salt);
        let aad = body_aad(&row.subject_id, &row.record_id, row.version);
        let plain =
            key.open_single_use(&aad, &row.body).map_err(|error| AppError::internal(format!("open body: {error}")))?;
        let values = split_body(&plain).filter(|values| values.len() == layout.len());
        let values = values.ok_or_else(|| AppError::internal("a body has another form than its layout"))?;
        Ok(Some(layout.iter().cloned().zip(values.into_iter().map(str::to_owned)).collect()))
    }

    fn subject_key(&mut self, subject: &[u8; 16]) -> Result<SubjectKey, AppError> {
        if let Some((held, key)) = &self.last
            && held == subject
        {
            return Ok(key.clone());
        }
        let key = self.keys.subject_key(self.key_store, subject)?;
        self.last = Some((*subject, key.clone()));
        Ok(key)
    }
}
