//! From a row to the texts of a public page and back: what is sealed, whether it is ours, and the entry that it names.

use std::collections::BTreeMap;

use chengxin_seal::same_secret;
use chengxin_store::View;
use chengxin_store::audit::PUBLICATIONS;
use chengxin_store::publication::PublicationRow;
use serde::{Deserialize, Serialize};

use super::code::At;
use crate::AppError;
use crate::keyring::{Keyring, SubjectKey};
use crate::log::told::{Thing, newest_row};

/// What an officer confirmed for the public page of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Texts {
    /// Texts by code of their field; empty where the officer decided that the page goes without.
    pub(super) texts: BTreeMap<String, String>,
    /// Why the decision was withdrawn, in public words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) explanation: Option<String>,
}

fn aad((subject, record): &At) -> Vec<u8> {
    [&b"publication"[..], subject, record].concat()
}

fn seal(keys: &Keyring, row: &PublicationRow) -> [u8; 32] {
    let numbers = [row.version, row.confirmed_us, row.line].map(i64::to_be_bytes).concat();
    keys.code_tag("publication-row", &[&row.subject_id, &row.record_id, &numbers, &row.sealed])
}

/// The record to which a row belongs, as the log speaks of it.
pub(super) fn thing<'a>((subject, record): &'a At, line: i64) -> Thing<'a> {
    Thing { what: "publication", table: &PUBLICATIONS, subject, id: record, line }
}

impl Texts {
    /// The row that says so.
    ///
    /// # Errors
    /// An internal fault.
    pub(super) fn row(
        &self,
        keys: &Keyring,
        key: &SubjectKey,
        at: &At,
        version: i64,
        confirmed_us: i64,
        line: i64,
    ) -> Result<PublicationRow, AppError> {
        let plain = serde_json::to_vec(self).map_err(|error| AppError::internal(format!("publication: {error}")))?;
        let sealed = key.publications().seal(&aad(at), &plain);
        let (subject_id, record_id) = *at;
        let mut row = PublicationRow { subject_id, record_id, version, confirmed_us, line, sealed, seal: [0; 32] };
        row.seal = seal(keys, &row);
        Ok(row)
    }

    /// What a row says of a version; nothing where it was read beside another.
    ///
    /// # Errors
    /// An internal fault for a row that was not written with our keys, or, where `newest` asks for it, that is older than the log says: what nobody
    /// confirmed is not shown.
    pub(super) fn of(
        view: View<'_>,
        keys: &Keyring,
        key: &SubjectKey,
        at: &At,
        version: i64,
        newest: bool,
    ) -> Result<Option<Self>, AppError> {
        let broken =
            || AppError::internal("a row of the table publication was not written with the installation's keys");
        let found = newest_row("publication", || {
            let Some(row) = view.publication(&at.0, &at.1)? else { return Ok(None) };
            if !same_secret(&row.seal, &seal(keys, &row)) {
                return Err(broken());
            }
            // One of another version is passed over below, however old it is.
            let counts = !newest || row.version != version || thing(at, row.line).is_newest(view)?;
            let line = row.line;
            Ok(Some((row, line, counts)))
        });
        let Some(row) = found?.filter(|row| row.version == version) else { return Ok(None) };
        let plain = key.publications().open(&aad(at), &row.sealed).map_err(|_| broken())?;
        serde_json::from_slice(&plain).map(Some).map_err(|_| broken())
    }
}
