//! The format of a proof that an entry stands in the log, as a file that can be checked far from any installation: it holds
//! the entry, the path to the root and the signed root, and in a second step a version of a record that the entry anchors.
//! The module `check` beside it checks it.

use chengxin_store::log::LogRow;
use chengxin_store::record::VersionRow;
use chengxin_tlog::{Hash, MAX_PROOF_HASHES};
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};

use crate::AppError;

/// Format of a proof.
pub const PROOF_FORMAT: &str = "chengxin/log-proof/1";

/// Longest proof that is read, in bytes: a body is bounded by its item's fields, far below it.
pub const LONGEST_PROOF: usize = 16 * 1024 * 1024;

/// A proof as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogProof {
    /// [`PROOF_FORMAT`].
    pub format: String,
    /// Name of the log.
    pub origin: String,
    /// Cryptographic profile: `intl` or `gm`.
    pub profile: String,
    /// The entry.
    pub entry: ProvenEntry,
    /// Place of its commitment in the tree, from 0.
    pub leaf_index: u64,
    /// Path from the leaf to the root, each hash in base64.
    pub inclusion: Vec<String>,
    /// The signed checkpoint with that root.
    pub checkpoint: String,
    /// A version of a record that the entry anchors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<ProvenRecord>,
}

/// An entry with every column, as in `docs/log-format.md`. Bytes are in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProvenEntry {
    /// Chain: the subject's id, zeros for the installation.
    pub chain: String,
    /// Number in the chain.
    pub number: i64,
    /// When, microseconds UTC.
    pub at_us: i64,
    /// Operation.
    pub operation: String,
    /// The caller's JSON, as it was committed to.
    pub caller: String,
    /// The JSON of what was done, as it was committed to.
    pub detail: String,
    /// Salt.
    pub salt: String,
    /// Commitment of the entry before in its chain.
    pub previous: String,
    /// Commitment.
    pub commitment: String,
}

/// A version, and how the entry anchors it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProvenRecord {
    /// The version.
    pub version: ProvenVersion,
    /// Its place in the tree whose root the entry names; absent where the entry names the commitment itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<ProvenPlace>,
}

/// Place in the tree over the versions of a submission, or of a change of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProvenPlace {
    /// From 0.
    pub index: u64,
    /// Leaves of that tree.
    pub size: u64,
    /// Path from the leaf to its root, each hash in base64.
    pub inclusion: Vec<String>,
}

/// A version with every column, as in `docs/log-format.md`. Ids, digest, salt and commitment are in hexadecimal, the sealed
/// body in base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(missing_docs, reason = "the columns of docs/log-format.md, under their names")]
pub struct ProvenVersion {
    pub subject_id: String,
    pub record_id: String,
    pub version: i64,
    pub body_version: i64,
    pub cause: i64,
    pub submission_id: i64,
    pub leaf: i64,
    pub row_no: i64,
    pub item: String,
    pub authority: String,
    pub subject_kind: i64,
    pub severity: i64,
    pub decided_on: i64,
    pub display_from: i64,
    pub display_until: Option<i64>,
    pub state: i64,
    pub needs_release: i64,
    pub source_time: Option<i64>,
    pub layout_id: i64,
    pub digest: String,
    pub salt: String,
    pub commitment: String,
    pub body: String,
}

impl LogProof {
    /// The proof as a file: JSON, indented, with a line end.
    ///
    /// # Errors
    /// None that can be met: strings and numbers have a JSON form.
    pub fn to_json(&self) -> Result<String, AppError> {
        let text = serde_json::to_string_pretty(self).map_err(|e| AppError::internal(format!("proof: {e}")))?;
        Ok(text + "\n")
    }
}

impl ProvenEntry {
    pub(super) fn new(chain: &[u8; 16], row: &LogRow) -> Self {
        Self {
            chain: HEXLOWER.encode(chain),
            number: row.number,
            at_us: row.at_us,
            operation: row.operation.clone(),
            caller: row.caller.clone(),
            detail: row.detail.clone(),
            salt: HEXLOWER.encode(&row.salt),
            previous: HEXLOWER.encode(&row.previous),
            commitment: HEXLOWER.encode(&row.commitment),
        }
    }

    pub(super) fn read(&self) -> Result<([u8; 16], LogRow), AppError> {
        let row = LogRow {
            number: self.number,
            at_us: self.at_us,
            operation: self.operation.clone(),
            caller: self.caller.clone(),
            detail: self.detail.clone(),
            salt: hex("entry.salt", &self.salt)?,
            previous: hex("entry.previous", &self.previous)?,
            commitment: hex("entry.commitment", &self.commitment)?,
            leaf_index: None,
        };
        Ok((hex("entry.chain", &self.chain)?, row))
    }
}

impl ProvenVersion {
    pub(super) fn new(row: &VersionRow) -> Self {
        Self {
            subject_id: HEXLOWER.encode(&row.subject_id),
            record_id: HEXLOWER.encode(&row.record_id),
            version: row.version,
            body_version: row.body_version,
            cause: row.cause,
            submission_id: row.submission_id,
            leaf: row.leaf,
            row_no: row.row_no,
            item: row.item.clone(),
            authority: row.authority.clone(),
            subject_kind: row.subject_kind,
            severity: row.severity,
            decided_on: row.decided_on,
            display_from: row.display_from,
            display_until: row.display_until,
            state: row.state,
            needs_release: row.needs_release,
            source_time: row.source_time,
            layout_id: row.layout_id,
            digest: HEXLOWER.encode(&row.digest),
            salt: HEXLOWER.encode(&row.salt),
            commitment: HEXLOWER.encode(&row.commitment),
            body: BASE64.encode(&row.body),
        }
    }

    pub(super) fn read(&self) -> Result<VersionRow, AppError> {
        Ok(VersionRow {
            subject_id: hex("record.subjectId", &self.subject_id)?,
            record_id: hex("record.recordId", &self.record_id)?,
            version: self.version,
            body_version: self.body_version,
            cause: self.cause,
            submission_id: self.submission_id,
            leaf: self.leaf,
            row_no: self.row_no,
            item: self.item.clone(),
            authority: self.authority.clone(),
            subject_kind: self.subject_kind,
            severity: self.severity,
            decided_on: self.decided_on,
            display_from: self.display_from,
            display_until: self.display_until,
            state: self.state,
            needs_release: self.needs_release,
            source_time: self.source_time,
            layout_id: self.layout_id,
            digest: hex("record.digest", &self.digest)?,
            salt: hex("record.salt", &self.salt)?,
            commitment: hex("record.commitment", &self.commitment)?,
            body: base64(&self.body).ok_or_else(|| malformed("record.body: expected base64"))?,
        })
    }
}

pub(super) fn encoded(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| BASE64.encode(hash)).collect()
}

pub(super) fn hashes(field: &str, texts: &[String]) -> Result<Vec<Hash>, AppError> {
    if texts.len() > MAX_PROOF_HASHES {
        return Err(malformed(&format!("{field}: expected at most {MAX_PROOF_HASHES} hashes")));
    }
    let one = |text: &String| base64(text).and_then(|bytes| bytes.try_into().ok());
    let all: Option<Vec<Hash>> = texts.iter().map(one).collect();
    all.ok_or_else(|| malformed(&format!("{field}: expected hashes of 32 bytes in base64")))
}

/// Base64 in its one form: the decoder by itself would take padding before the end too.
fn base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).ok().filter(|bytes| BASE64.encode(bytes) == text)
}

pub(super) fn hex<const N: usize>(field: &str, text: &str) -> Result<[u8; N], AppError> {
    let bytes = HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| malformed(&format!("{field}: expected {N} bytes in hexadecimal")))
}

/// What cannot be read as a proof or a checkpoint at all.
pub(super) fn malformed(why: &str) -> AppError {
    AppError::invalid(
        format!("这不是有效的留痕证明或检查点（{why}）；请重新取得该文件，不要用编辑器改动它"),
        format!("this is no proof or checkpoint of a log ({why}): fetch the file again, and do not edit it"),
    )
}
