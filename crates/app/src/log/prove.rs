//! Making proofs: of an entry of the log, and in a second step of a version of a record.

use chengxin_core::Caller;
use chengxin_core::record::RecordId;
use chengxin_store::View;
use chengxin_store::log::{INSTALLATION, LogRow};
use chengxin_store::log_tree::LogHead;
use chengxin_store::record::VersionRow;
use chengxin_tlog::{Hash, ProveError, ReadError, TileId, TileReader, TreeBuilder, VerifiedTiles, prove_inclusion};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::check::{Anchoring, anchoring};
use super::proof::{LogProof, PROOF_FORMAT, ProvenEntry, ProvenPlace, ProvenRecord, ProvenVersion, encoded};
use super::sequence::{head_of, inconsistent};
use super::tiles::DatabaseTiles;
use super::writer::NewEntry;
use crate::keyring::{Keyring, ProfileHash};
use crate::reading::{Disclosure, Reading};
use crate::record::{RecordRef, anchor};
use crate::{AppError, Installation, journal, policy};

/// Entries of a chain that are looked through at once.
const PAGE: i64 = 500;

impl Installation {
    /// The proof that the entry at a place of the tree stands there. The act is logged itself, in the log of whom the entry
    /// concerns, before the proof is handed out; what still waits gets its place first.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; [`crate::Kind::NotFound`] where no entry has that place;
    /// [`crate::Kind::Unavailable`] where the log is inconsistent.
    pub fn log_prove(&mut self, caller: &Caller, leaf_index: u64) -> Result<LogProof, AppError> {
        self.authorise(caller, "log_prove")?;
        self.log_sequence()?;
        let (chain, proof) = prove_place(self.store.view(), &self.keys, leaf_index)?;
        self.log_proving(caller, &chain, &json!({ "leaf": leaf_index }))?;
        Ok(proof)
    }

    /// The proof that a version of a record, the newest where none is named, is anchored in the log: by the entry that
    /// accepted its submission, that decided it, or that changed the catalogue. Logged as [`Self::log_prove`] is.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] where there is no such version, or it waits for acceptance; else as [`Self::log_prove`].
    pub fn log_prove_record(
        &mut self,
        caller: &Caller,
        at: &RecordRef,
        version: Option<i64>,
    ) -> Result<LogProof, AppError> {
        self.authorise(caller, "log_prove")?;
        self.log_sequence()?;
        let tag = self.tag_of(at)?;
        let view = self.store.view();
        let missing = || AppError::not_found("没有该记录或该版本", "there is no such record, or no such version of it");
        let subject = view.subject_document(&tag)?.ok_or_else(missing)?.subject_id;
        let versions = view.versions_of_subject(&subject)?.into_iter().map(|stored| stored.row);
        let mut versions = versions.filter(|row| row.record_id == at.record.0);
        let row = match version {
            Some(number) => versions.find(|row| row.version == number),
            None => versions.next_back(),
        };
        let row = row.ok_or_else(missing)?;
        let (chain, entry) = anchoring_entry(view, &row)?;
        let mut proof = prove_entry(view, &self.keys, &chain, &entry)?;
        let tree = place_of(view, &self.keys.hash(), &row, &entry)?;
        proof.record = Some(ProvenRecord { version: ProvenVersion::new(&row), tree });
        let detail = json!({
            "leaf": proof.leaf_index, "record": RecordId(row.record_id).hex(), "version": row.version,
        });
        self.log_proving(caller, &subject, &detail)?;
        Ok(proof)
    }

    fn log_proving(&mut self, caller: &Caller, chain: &[u8; 16], detail: &Value) -> Result<(), AppError> {
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("log_prove", |tx| {
            journal::log_about(tx, &keys, chain, now_us, "log_prove", caller, detail)?;
            Ok(())
        })
    }
}

impl Reading {
    /// [`Installation::log_prove`] for a server, which sequences by itself: the proof, and the entry that must be durable before
    /// it leaves.
    ///
    /// # Errors
    /// As there.
    pub fn log_prove(&self, caller: &Caller, leaf_index: u64) -> Result<Disclosure<LogProof>, AppError> {
        policy::authorise(caller, "log_prove")?;
        let (subject, answer) = prove_place(self.store.view(), &self.keys, leaf_index)?;
        let detail = json!({ "leaf": leaf_index });
        let entry = NewEntry::new(subject, "log_prove", caller.clone(), detail);
        Ok(Disclosure { answer, entry })
    }
}

/// The proof of the entry at a place, and the chain in which the proving is logged.
fn prove_place(view: View<'_>, keys: &Keyring, leaf_index: u64) -> Result<([u8; 16], LogProof), AppError> {
    let missing = || {
        AppError::not_found(
            format!("日志中没有第 {leaf_index} 个位置（从 0 起）"),
            format!("the log has no entry at place {leaf_index}, counted from 0"),
        )
    };
    let index = i64::try_from(leaf_index).map_err(|_| missing())?;
    let leaf = view.log_leaves(index, 1)?.into_iter().find(|leaf| leaf.index == index).ok_or_else(missing)?;
    let entry = view.log_entry(&leaf.subject_id, leaf.number)?;
    let entry = entry.ok_or_else(|| inconsistent("a leaf without its entry"))?;
    let proof = prove_entry(view, keys, &leaf.subject_id, &entry)?;
    // A chain of its own belongs to an entry that the law hides for a time: a line in the subject's log would tell.
    let chain = if view.subject_kind(&leaf.subject_id)?.is_some() { leaf.subject_id } else { INSTALLATION };
    Ok((chain, proof))
}

/// The proof of an entry that has its place under the newest head.
///
/// # Errors
/// [`crate::Kind::NotFound`] for one that still waits; [`crate::Kind::Unavailable`] where tiles and head do not fit.
pub(crate) fn prove_entry(
    view: View<'_>,
    keys: &Keyring,
    chain: &[u8; 16],
    entry: &LogRow,
) -> Result<LogProof, AppError> {
    let waits = || {
        AppError::not_found(
            "该条目尚未编入日志，请稍后再试",
            "the entry has no place in the log yet: try again in a moment",
        )
    };
    let head = view.log_head()?.ok_or_else(waits)?;
    let index = entry.leaf_index.and_then(|index| u64::try_from(index).ok()).ok_or_else(waits)?;
    let hash = keys.hash();
    let stands = head_of(&head)?;
    if index >= stands.size {
        return Err(waits());
    }
    let tiles = verified(view, &hash, &head)?;
    let path = prove_inclusion(&hash, &tiles, index, stands.size).map_err(unproven)?;
    path.verify(&hash, &entry.commitment, &stands.root).map_err(|error| inconsistent(&error.to_string()))?;
    Ok(LogProof {
        format: PROOF_FORMAT.to_owned(),
        origin: head.origin,
        profile: keys.profile().name().to_owned(),
        entry: ProvenEntry::new(chain, entry),
        leaf_index: index,
        inclusion: encoded(&path.hashes),
        checkpoint: head.note,
        record: None,
    })
}

/// The tiles under the head, each checked against its root when it is read.
pub(super) fn verified<'a, 'v>(
    view: View<'v>,
    hash: &'a ProfileHash,
    head: &LogHead,
) -> Result<VerifiedTiles<'a, ProfileHash, DatabaseTiles<'v, 'v>>, AppError> {
    let stands = head_of(head)?;
    VerifiedTiles::new(hash, DatabaseTiles::reading(view), stands.size, &stands.root)
        .map_err(|error| inconsistent(&error.to_string()))
}

pub(super) fn unproven(error: ProveError) -> AppError {
    inconsistent(&error.to_string())
}

/// The entry that anchors a version, with its chain.
fn anchoring_entry(view: View<'_>, row: &VersionRow) -> Result<([u8; 16], LogRow), AppError> {
    let missing = || inconsistent("no entry anchors a version");
    match anchoring(row) {
        Anchoring::Catalogue => Ok((INSTALLATION, view.log_entry(&INSTALLATION, row.row_no)?.ok_or_else(missing)?)),
        Anchoring::Submission => {
            let submission = view.submission(row.submission_id)?.and_then(|of| of.accepted_at_us);
            let from = number_at(view, submission.ok_or_else(missing)?)?;
            let accepts = |detail: &Value| detail["accepted"] == true && detail["submission"] == row.submission_id;
            let entry = find_entry(view, &INSTALLATION, from - 1, "submission_import", accepts)?;
            Ok((INSTALLATION, entry.ok_or_else(missing)?))
        }
        Anchoring::Decision => {
            let named = |detail: &Value| detail["versions"].as_array().is_some_and(|list| list.contains(&anchor(row)));
            let entry = find_entry(view, &row.subject_id, 0, "", named)?;
            Ok((row.subject_id, entry.ok_or_else(missing)?))
        }
    }
}

/// Number of the installation's first entry that is not older than `at_us`. Times never go back in a chain, so a dozen or
/// two looks find it among millions.
fn number_at(view: View<'_>, at_us: i64) -> Result<i64, AppError> {
    let (mut low, mut high) = (1, view.log_last_number(&INSTALLATION)? + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let entry = view.log_entry(&INSTALLATION, middle)?.ok_or_else(|| inconsistent("an entry is missing"))?;
        if entry.at_us < at_us {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// The first entry of a chain behind `after` that `fits`; `operation` may be empty for any.
fn find_entry(
    view: View<'_>,
    chain: &[u8; 16],
    mut after: i64,
    operation: &str,
    fits: impl Fn(&Value) -> bool,
) -> Result<Option<LogRow>, AppError> {
    // What cannot be read names nothing, so it fits nothing: whoever finds no entry says so.
    let parsed = |entry: &LogRow| serde_json::from_str(&entry.detail).unwrap_or(Value::Null);
    let mut limit = 8;
    loop {
        let page = view.log_of_subject(chain, after, limit)?;
        let Some(last) = page.last() else { return Ok(None) };
        after = last.number;
        let found = page
            .into_iter()
            .find(|entry| (operation.is_empty() || entry.operation == operation) && fits(&parsed(entry)));
        if found.is_some() {
            return Ok(found);
        }
        limit = PAGE;
    }
}

/// Place of a version under the root that its entry names.
fn place_of(
    view: View<'_>,
    hash: &ProfileHash,
    row: &VersionRow,
    entry: &LogRow,
) -> Result<Option<ProvenPlace>, AppError> {
    let detail: Value =
        serde_json::from_str(&entry.detail).map_err(|_| inconsistent("an entry that anchors a version is no JSON"))?;
    match anchoring(row) {
        Anchoring::Decision => Ok(None),
        Anchoring::Submission => {
            let root = root_in(&detail).ok_or_else(|| inconsistent("an acceptance without a root"))?;
            let size = detail["versions"].as_u64().ok_or_else(|| inconsistent("an acceptance without its size"))?;
            let index = rank(view, row, size)?;
            let tiles = SubmissionTiles { view, submission: row.submission_id };
            let tiles =
                VerifiedTiles::new(hash, tiles, size, &root).map_err(|error| inconsistent(&error.to_string()))?;
            let path = prove_inclusion(hash, &tiles, index, size).map_err(unproven)?;
            Ok(Some(ProvenPlace { index, size, inclusion: encoded(&path.hashes) }))
        }
        Anchoring::Catalogue => {
            let (mut tree, mut tiles, mut size) = (TreeBuilder::default(), std::collections::HashMap::new(), 0u64);
            let mut full = Vec::new();
            view.catalogue_versions(row.row_no, |commitment| {
                tree.push(hash, commitment, &mut |tile| full.push(tile));
                size += 1;
            })?;
            full.extend(tree.finish());
            for tile in full {
                let id = TileId::in_tree(tile.level, tile.part, size).ok_or_else(|| inconsistent("a tile"))?;
                tiles.insert(id, tile.hashes);
            }
            let index = u64::try_from(row.leaf).map_err(|_| inconsistent("a leaf"))?;
            let path = prove_inclusion(hash, &tiles, index, size).map_err(unproven)?;
            Ok(Some(ProvenPlace { index, size, inclusion: encoded(&path.hashes) }))
        }
    }
}

/// Place of a version in its submission's tree. Rows that contradicted each other were taken out before acceptance, which
/// leaves gaps in `leaf` and none in the tree; mostly there are none, and nothing need be counted.
fn rank(view: View<'_>, row: &VersionRow, size: u64) -> Result<u64, AppError> {
    let number = |n: i64| u64::try_from(n).map_err(|_| inconsistent("a leaf"));
    let last = view.submission_last_leaf(row.submission_id)?;
    if last.map(|last| last + 1) == i64::try_from(size).ok() {
        return number(row.leaf);
    }
    number(view.submission_leaves_before(row.submission_id, row.leaf)?)
}

pub(super) fn root_in(detail: &Value) -> Option<Hash> {
    HEXLOWER.decode(detail["root"].as_str()?.as_bytes()).ok()?.try_into().ok()
}

/// The tiles of a submission's tree.
struct SubmissionTiles<'v> {
    view: View<'v>,
    submission: i64,
}

impl TileReader for SubmissionTiles<'_> {
    fn tile(&self, tile: TileId) -> Result<Vec<u8>, ReadError> {
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| ReadError::Store { tile, source };
        let part = i64::try_from(tile.index()).map_err(|error| failed(Box::new(error)))?;
        let found = self.view.submission_tile(self.submission, i64::from(tile.level()), part);
        found.map_err(|error| failed(Box::new(error)))?.ok_or(ReadError::Missing { tile })
    }
}
