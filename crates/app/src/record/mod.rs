//! Records: their commitments, and the decisions that lock, unlock or erase them.

mod body;
mod decision;
mod delete;
mod due;
mod erase;
mod forget;
mod horizon;
mod list;
mod lock;
mod register;
mod retention;

use chengxin_core::identity::DocumentKind;
use chengxin_store::record::VersionRow;
use chengxin_tlog::{Column, TreeHash, commit};

pub(crate) use body::{BodyOpener, by_record, holder, newest};
pub use decision::{Decision, RecordRef};
pub(crate) use decision::{anchor, committed, next_version};
pub use due::{DueLine, DueList};
pub use erase::{Afterwards, Erased};
pub(crate) use horizon::repair_rule;
pub use horizon::{Affected, Horizon, MayFollow, Seen};
pub use list::{HeldRecord, RecordList};
pub use lock::LockKind;
pub use register::REGISTER;
pub(crate) use retention::watch;

use crate::keyring::Keyring;
use crate::{AppError, Installation};

/// Label of the commitment of a version, with its format version.
pub const VERSION_LABEL: &str = "chengxin/version/1";

/// What is authenticated beside a sealed number or name, before the subject's id.
pub const IDENTITY_AAD: [u8; 8] = *b"identity";

/// What is authenticated beside a subject's sealed numbers and names. Not the tag: tags change when the index key is
/// rotated, and what is sealed stays as it is.
#[must_use]
pub fn identity_aad(subject: &[u8; 16]) -> [u8; 24] {
    let mut aad = [0; 24];
    aad[..8].copy_from_slice(&IDENTITY_AAD);
    aad[8..].copy_from_slice(subject);
    aad
}

/// The commitment of a version: every column but the salt, which goes before them, and the commitment itself.
/// `scratch` is working memory.
///
/// The format is written down, with vectors, in `docs/log-format.md`.
#[must_use]
pub fn version_commitment(keys: &Keyring, row: &VersionRow, scratch: &mut Vec<u8>) -> [u8; 32] {
    commitment_of(&keys.hash(), row, scratch)
}

/// The same for whoever has no keys, only the name of the profile.
pub(crate) fn commitment_of(hash: &impl TreeHash, row: &VersionRow, scratch: &mut Vec<u8>) -> [u8; 32] {
    let or_null = |value: Option<i64>| value.map_or(Column::Null, Column::Int);
    let columns = [
        Column::Bytes(&row.subject_id),
        Column::Bytes(&row.record_id),
        Column::Int(row.version),
        Column::Int(row.body_version),
        Column::Int(row.cause),
        Column::Int(row.submission_id),
        Column::Int(row.leaf),
        Column::Int(row.row_no),
        Column::Text(&row.item),
        Column::Text(&row.authority),
        Column::Int(row.subject_kind),
        Column::Int(row.severity),
        Column::Int(row.decided_on),
        Column::Int(row.display_from),
        or_null(row.display_until),
        Column::Int(row.state),
        Column::Int(row.needs_release),
        or_null(row.source_time),
        Column::Int(row.layout_id),
        Column::Bytes(&row.digest),
        Column::Bytes(&row.body),
    ];
    commit(hash, VERSION_LABEL, &row.salt, &columns, scratch)
}

impl Installation {
    /// The subject that a document leads to. `number` is canonical, as [`chengxin_core::identity::Document`] gives it.
    ///
    /// # Errors
    /// The store's.
    pub fn find_subject(&self, kind: DocumentKind, number: &str) -> Result<Option<[u8; 16]>, AppError> {
        let found = self.store.view().subject_document(&self.keys.document_tag(kind, number))?;
        Ok(found.map(|document| document.subject_id))
    }
}
