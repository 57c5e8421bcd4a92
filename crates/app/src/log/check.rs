//! Checking a proof with nothing but the list of trusted keys. What it rests on is the signature of the checkpoint; nothing
//! in the file is believed that does not follow from it.

use chengxin_core::Say;
use chengxin_core::record::RecordId;
use chengxin_seal::{Profile, TrustList, TrustedKey};
use chengxin_store::log::{INSTALLATION, LogRow};
use chengxin_store::record::{Cause, VersionRow};
use chengxin_tlog::{Checkpoint, CheckpointError, InclusionProof, Note, NoteError, NoteVerifier, OpenCheckpoint};
use serde::Serialize;
use serde_json::Value;

use super::proof::{
    LONGEST_PROOF, LogProof, PROOF_FORMAT, ProvenEntry, ProvenPlace, ProvenRecord, hashes, hex, malformed,
};
use super::signer::{KeyUse, Verifier, verifiers};
use crate::keyring::ProfileHash;
use crate::record::{anchor, commitment_of};
use crate::{AppError, Kind};

/// What a proof that holds has shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// Name of the log.
    pub origin: String,
    /// Leaves of the tree that the checkpoint is of.
    pub size: u64,
    /// Place of the entry in it.
    pub leaf_index: u64,
    /// Who signed the checkpoint.
    pub signer: CheckedSigner,
    /// The entry.
    pub entry: ProvenEntry,
    /// The record, where the proof has a second step.
    pub record: Option<CheckedRecord>,
    /// The same in a sentence.
    pub say: Say,
}

/// A trusted key that has signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedSigner {
    /// Its id.
    pub key_id: String,
    /// Whose it is.
    pub holder: String,
}

/// A version of a record that was shown to be anchored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedRecord {
    /// Which record.
    pub record: String,
    /// Which version of it.
    pub version: i64,
    /// Item code.
    pub item: String,
    /// Determining authority.
    pub authority: String,
    /// Submission that brought it; 0 for a decision or a change of the catalogue.
    pub submission: i64,
}

/// Checks a proof. Needs nothing but the list of trusted keys.
///
/// # Errors
/// [`Kind::Invalid`] for what is no proof; [`Kind::Conflict`] for one that does not hold: something in it was altered, it is of
/// another log, or nobody on the list signed its checkpoint.
pub fn check_proof(json: &[u8], trust: &TrustList) -> Result<Checked, AppError> {
    if json.len() > LONGEST_PROOF {
        return Err(malformed(&format!("{} bytes: expected at most {LONGEST_PROOF}", json.len())));
    }
    let proof: LogProof = serde_json::from_slice(json).map_err(|error| malformed(&error.to_string()))?;
    if proof.format != PROOF_FORMAT {
        return Err(malformed(&format!("format {:?}: expected {PROOF_FORMAT}", proof.format)));
    }
    let profile: Profile = proof.profile.parse().map_err(|_| malformed("profile: expected intl or gm"))?;
    let (checkpoint, key) = open_note(trust, &proof.origin, &proof.checkpoint)?;
    if key.public().profile() != profile {
        return Err(false_proof(
            "证明所称的算法组与签名密钥的不同",
            "it names another profile than that of the key which signed",
        ));
    }
    let hash = ProfileHash(profile);
    let (chain, row) = proof.entry.read()?;
    if row.expected_commitment(&hash, &chain) != row.commitment {
        return Err(false_proof("条目的内容与其承诺值不符", "the entry's columns do not give its commitment"));
    }
    let size = checkpoint.checkpoint.size;
    let path = InclusionProof { index: proof.leaf_index, size, hashes: hashes("inclusion", &proof.inclusion)? };
    path.verify(&hash, &row.commitment, &checkpoint.checkpoint.root).map_err(|error| {
        false_proof("路径不通向已签名的树根", &format!("the path does not lead to the signed root: {error}"))
    })?;
    let record = proof.record.as_ref().map(|record| check_record(&hash, &chain, &row, record)).transpose()?;
    let signer = CheckedSigner { key_id: key.key_id().to_owned(), holder: key.holder().to_owned() };
    let say = said(&proof, size, &signer, record.as_ref());
    Ok(Checked { origin: proof.origin, size, leaf_index: proof.leaf_index, signer, entry: proof.entry, record, say })
}

fn said(proof: &LogProof, size: u64, signer: &CheckedSigner, record: Option<&CheckedRecord>) -> Say {
    let (index, origin, entry) = (proof.leaf_index, &proof.origin, &proof.entry);
    let (record_zh, record_en) = record.map_or_else(Default::default, |record| {
        let (id, version) = (&record.record, record.version);
        (
            format!("；记录 {id} 第 {version} 版由该条目锚定"),
            format!("; version {version} of record {id} is anchored by that entry"),
        )
    });
    Say::new(
        format!(
            "条目 {index}（{}，链内第 {} 条）在日志 {origin} 的前 {size} 条之内，检查点由 {}（{}）签名{record_zh}",
            entry.operation, entry.number, signer.holder, signer.key_id
        ),
        format!(
            "entry {index} ({}, number {} of its chain) is among the first {size} of the log {origin}, by a checkpoint that {} ({}) signed{record_en}",
            entry.operation, entry.number, signer.holder, signer.key_id
        ),
    )
}

/// The second step: does the entry anchor the version?
fn check_record(
    hash: &ProfileHash,
    chain: &[u8; 16],
    entry: &LogRow,
    record: &ProvenRecord,
) -> Result<CheckedRecord, AppError> {
    let row = record.version.read()?;
    if commitment_of(hash, &row, &mut Vec::new()) != row.commitment {
        return Err(false_proof("版本的内容与其承诺值不符", "the version's columns do not give its commitment"));
    }
    let detail: Value = serde_json::from_str(&entry.detail).map_err(|_| malformed("entry.detail: expected JSON"))?;
    let anchored = match (anchoring(&row), &record.tree) {
        (Anchoring::Submission, Some(place)) => {
            let accepts = *chain == INSTALLATION
                && entry.operation == "submission_import"
                && detail["accepted"] == true
                && detail["submission"] == row.submission_id;
            accepts && under_root(hash, &row, place, &detail, "versions")?
        }
        (Anchoring::Catalogue, Some(place)) => {
            let writes = *chain == INSTALLATION
                && entry.operation == "catalogue_apply"
                && entry.number == row.row_no
                && u64::try_from(row.leaf).ok() == Some(place.index);
            writes && under_root(hash, &row, place, &detail, "records")?
        }
        (Anchoring::Decision, None) => {
            let named = |list: &Vec<Value>| list.contains(&anchor(&row));
            *chain == row.subject_id && detail["versions"].as_array().is_some_and(named)
        }
        _ => return Err(malformed("record.tree: expected it for versions under a root, and only for them")),
    };
    if !anchored {
        return Err(false_proof("该条目没有锚定这一版本", "the entry does not anchor this version"));
    }
    Ok(CheckedRecord {
        record: RecordId(row.record_id).hex(),
        version: row.version,
        item: row.item,
        authority: row.authority,
        submission: row.submission_id,
    })
}

fn under_root(
    hash: &ProfileHash,
    row: &VersionRow,
    place: &ProvenPlace,
    detail: &Value,
    count: &str,
) -> Result<bool, AppError> {
    let Some(root) = detail["root"].as_str().and_then(|root| hex::<32>("root", root).ok()) else { return Ok(false) };
    let path = InclusionProof {
        index: place.index,
        size: place.size,
        hashes: hashes("record.tree.inclusion", &place.inclusion)?,
    };
    Ok(detail[count].as_u64() == Some(place.size) && path.verify(hash, &row.commitment, &root).is_ok())
}

/// By what an entry of the log anchors a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchoring {
    /// By the root of the submission that brought it.
    Submission,
    /// By the root of a slice of a change of the catalogue.
    Catalogue,
    /// By its commitment.
    Decision,
}

pub(super) fn anchoring(row: &VersionRow) -> Anchoring {
    match row {
        row if row.submission_id != 0 => Anchoring::Submission,
        row if row.cause == Cause::Catalogue as i64 => Anchoring::Catalogue,
        _ => Anchoring::Decision,
    }
}

/// Opens a checkpoint and says whose key signed it.
pub(super) fn open_note<'t>(
    trust: &'t TrustList,
    origin: &str,
    note: &str,
) -> Result<(OpenCheckpoint, &'t TrustedKey), AppError> {
    let keys = verifiers(trust, origin);
    let known: Vec<&dyn NoteVerifier> = keys.iter().map(|key| key as &dyn NoteVerifier).collect();
    let open = Checkpoint::open(note.as_bytes(), origin, &known, &[]).map_err(|error| refused_note(&error))?;
    let by = |key: &&TrustedKey| {
        let id = Verifier::new(origin, key.public(), KeyUse::Log).key_hash();
        open.signatures.iter().any(|signature| signature.name == origin && signature.key_hash == id)
    };
    let key = trust.keys().iter().find(by).ok_or_else(|| AppError::internal("a checkpoint opened without a key"))?;
    Ok((open, key))
}

fn refused_note(error: &CheckpointError) -> AppError {
    match error {
        CheckpointError::Note(NoteError::UnknownSigners { .. } | NoteError::BadSignature { .. }) => AppError::new(
            Kind::Conflict,
            "检查点不是由信任清单中的密钥签名的，或签名后被改动；请核对所用的信任清单，并重新取得该文件",
            format!(
                "nobody on the trust list signed this checkpoint, or it was altered since: check which trust list you use, and fetch the file again ({error})"
            ),
        ),
        CheckpointError::Origin { .. } => {
            false_proof("检查点属于另一本日志", &format!("the checkpoint is another log's: {error}"))
        }
        _ => malformed(&format!("checkpoint: {error}")),
    }
}

/// Name of the log in a signed note. Believe it once the signature was checked under it.
pub(super) fn origin_in(note: &str) -> Result<String, AppError> {
    let note = Note::parse(note.as_bytes()).map_err(|error| malformed(&format!("checkpoint: {error}")))?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|error| malformed(&format!("checkpoint: {error}")))?;
    Ok(checkpoint.origin)
}

/// What can be read and does not hold.
pub(super) fn false_proof(zh: &str, en: &str) -> AppError {
    AppError::conflict(
        format!("证明不成立：{zh}；请向出具方重新索取，仍不成立的，请向信用主管部门反映"),
        format!("the proof does not hold: {en}; ask for it again, and if that fails too tell the credit office"),
    )
}
