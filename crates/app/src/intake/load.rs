//! Writing a chunk: bodies sealed on every core, then one transaction on the key store and one on the database.

use std::ops::Range;
use std::sync::Arc;

use chengxin_core::record::State;
use chengxin_core::refusal::HeldReason;
use chengxin_seal::{AeadKey, Key32};
use chengxin_store::record::{Cause, VersionRow};
use chengxin_store::refusal::RefusalRow;
use chengxin_store::submission::ChunkRow;
use chengxin_store::{KeyStore, Store, Tx};
use chengxin_tlog::{Tile, TreeBuilder};
use crossbeam_channel::bounded;
use rayon::prelude::*;

use super::quality::Tally;
use super::resolve::Newcomers;
use crate::AppError;
use crate::keyring::{Keyring, SubjectKey, body_aad};
use crate::record::version_commitment;

/// Days for which the values of a refused row that can be mended are kept, sealed.
///
/// # Source
/// House rule on intake.
pub(super) const REFUSED_DAYS: i32 = 30;
/// Days after which a held row that nobody decided is deleted.
///
/// # Source
/// House rule: as long as refused rows that can be mended, three times over, since evidence takes letters.
pub(super) const HELD_DAYS: i32 = 90;

/// What a submission's chunks share.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) keys: &'a Keyring,
    pub(super) submission: i64,
    pub(super) item: &'a str,
    pub(super) authority: &'a str,
    pub(super) layout_id: i64,
    pub(super) today: i32,
    pub(super) now_us: i64,
}

/// A version before its body is sealed.
pub(super) struct Draft {
    pub(super) row: VersionRow,
    pub(super) key: Key32,
    pub(super) body_salt: [u8; 16],
    /// The bodies of its batch, and where its values lie in them; nowhere for a withdrawal.
    pub(super) bodies: Arc<Vec<u8>>,
    pub(super) plain: Range<usize>,
}

/// A chunk on its way into the database.
#[derive(Default)]
pub(super) struct Chunk {
    pub(super) newcomers: Newcomers,
    pub(super) drafts: Vec<Draft>,
    pub(super) refusals: Vec<RefusalRow>,
    /// Row, reason, sealed values.
    pub(super) held: Vec<(u64, HeldReason, Vec<u8>)>,
    /// Record, subject and newer source time of equal content.
    pub(super) seen: Vec<([u8; 16], [u8; 16], i64)>,
    pub(super) tally: Tally,
    pub(super) through_row: u64,
    pub(super) first_leaf: i64,
}

/// A sealed chunk.
pub(super) struct Sealed {
    pub(super) chunk: Chunk,
    pub(super) versions: Vec<VersionRow>,
    /// Salts of the bodies, by leaf; zeros where there is none.
    salts: Vec<[u8; 16]>,
}

/// What of a chunk goes to the key store.
struct ChunkKeys {
    subjects: Vec<([u8; 16], Vec<u8>)>,
    first_leaf: i64,
    salts: Vec<[u8; 16]>,
}

impl Frame<'_> {
    /// Seals the bodies of a chunk and computes the commitments. The order of its versions is that of their keys, so
    /// that the index is walked from left to right.
    pub(super) fn seal(&self, mut chunk: Chunk) -> Sealed {
        let mut drafts = std::mem::take(&mut chunk.drafts);
        drafts
            .par_sort_unstable_by(|a, b| (a.row.subject_id, a.row.record_id).cmp(&(b.row.subject_id, b.row.record_id)));
        for (leaf, draft) in (chunk.first_leaf..).zip(&mut drafts) {
            draft.row.leaf = leaf;
        }
        let salts = drafts.iter().map(|d| if d.plain.is_empty() { [0; 16] } else { d.body_salt }).collect();
        let versions =
            drafts.into_par_iter().map_init(Vec::new, |scratch, draft| self.seal_one(draft, scratch)).collect();
        Sealed { chunk, versions, salts }
    }

    fn seal_one(&self, draft: Draft, scratch: &mut Vec<u8>) -> VersionRow {
        let Draft { mut row, key, body_salt, bodies, plain } = draft;
        if !plain.is_empty() {
            let key = SubjectKey::new(self.keys.profile(), &key).body(&row.record_id, row.version, &body_salt);
            let aad = body_aad(&row.subject_id, &row.record_id, row.version);
            row.body = key.seal_single_use(&aad, &bodies[plain]);
        }
        row.commitment = version_commitment(self.keys, &row, scratch);
        row
    }

    /// Writes sealed chunks in one transaction: keys first, so that no body is ever without its key. What a killed
    /// process leaves is whole. Chunks are sealed small, so that memory stays small, and committed many at once, since
    /// each commit writes every index page that it touched.
    pub(super) fn write(
        &self,
        store: &mut Store,
        key_store: &mut KeyStore,
        chunks: &mut dyn Iterator<Item = Sealed>,
        tree: &mut Option<TreeBuilder>,
    ) -> Result<(), AppError> {
        let (wrapping, submission) = (self.keys.wrapping_version(), self.submission);
        let (to_keys, for_keys) = bounded::<ChunkKeys>(1);
        std::thread::scope(|scope| {
            // Chunks are taken as they come and come once: where a server would have it all run again, the import resumes.
            let keys = scope.spawn(move || {
                key_store.write_once(|tx| -> Result<(), AppError> {
                    for chunk in for_keys {
                        tx.subject_keys_load(wrapping, &chunk.subjects)?;
                        tx.body_salts_load(submission, chunk.first_leaf, &chunk.salts)?;
                    }
                    Ok(())
                })
            });
            store.write_once("submission_import", |tx| {
                let (mut rest, mut newcomers, mut tiles) = (Vec::new(), Vec::new(), Vec::<Tile>::new());
                let hash = self.keys.hash();
                tx.versions_stream(|| {
                    let Sealed { mut chunk, versions, salts } = chunks.next()?;
                    // If the other thread has failed, its error is the one to tell: joined below.
                    let subjects = std::mem::take(&mut chunk.newcomers.keys);
                    let _failed = to_keys.send(ChunkKeys { subjects, first_leaf: chunk.first_leaf, salts });
                    if let Some(tree) = tree {
                        let leaves = versions.iter().map(|version| &version.commitment);
                        leaves.for_each(|leaf| tree.push(&hash, leaf, &mut |tile| tiles.push(tile)));
                    }
                    newcomers.append(&mut chunk.newcomers.subjects);
                    rest.push((chunk, versions.len() as i64));
                    Some(versions)
                })?;
                drop(to_keys);
                tx.subjects_load(&newcomers, self.keys.index_version(), submission, self.now_us)?;
                tx.submission_tiles_add(submission, &tiles)?;
                rest.into_iter().try_for_each(|(chunk, leaves)| self.write_rest(tx, &chunk, leaves))?;
                // The keys must be there before anything that needs them is.
                keys.join().map_err(|_| AppError::internal("the key store's thread ended early"))??;
                Ok(())
            })
        })
    }

    /// What of a chunk is neither a version nor a new subject.
    fn write_rest(&self, tx: &Tx<'_>, chunk: &Chunk, leaves: i64) -> Result<(), AppError> {
        let id = self.submission;
        for refusal in &chunk.refusals {
            tx.refusal_add(id, refusal, self.today + REFUSED_DAYS)?;
        }
        for (row, reason, sealed) in &chunk.held {
            tx.held_add(id, *row as i64, reason.code(), sealed, self.layout_id, self.today + HELD_DAYS)?;
        }
        for (subject, record, time) in &chunk.seen {
            tx.source_seen_add(subject, record, id, *time)?;
        }
        let tally = serde_json::to_string(&chunk.tally).map_err(|e| AppError::internal(e.to_string()))?;
        let through_row = chunk.through_row as i64;
        Ok(tx.submission_chunk_add(id, &ChunkRow { through_row, first_leaf: chunk.first_leaf, leaves, tally })?)
    }

    /// A version row with everything but body, leaf and commitment.
    #[expect(clippy::too_many_arguments, reason = "the columns of one row, each of another meaning")]
    pub(super) fn draft(
        &self,
        row: &super::work::GoodRow,
        subject_id: [u8; 16],
        record_id: [u8; 16],
        version: i64,
        body_version: i64,
        state: i64,
        salt: [u8; 16],
    ) -> VersionRow {
        let withdrawn = state == State::Withdrawn.as_i64();
        let cause = if withdrawn { Cause::Withdrawal } else { Cause::Submission };
        let until = row.display_until.map(i64::from);
        // From today on it is shown no more, and kept for as long as what is not shown is kept.
        let today = i64::from(self.today);
        let until = if withdrawn { Some(until.map_or(today, |until| until.min(today))) } else { until };
        VersionRow {
            subject_id,
            record_id,
            version,
            body_version,
            cause: cause as i64,
            submission_id: self.submission,
            leaf: 0,
            row_no: row.row as i64,
            item: self.item.to_owned(),
            authority: self.authority.to_owned(),
            subject_kind: row.subject_kind(),
            severity: row.severity,
            decided_on: i64::from(row.decided_on),
            display_from: i64::from(row.display_from),
            display_until: until,
            state,
            needs_release: i64::from(row.needs_release),
            source_time: row.source_time,
            layout_id: self.layout_id,
            digest: row.digest,
            salt,
            commitment: [0; 32],
            body: Vec::new(),
        }
    }
}

/// What is authenticated beside a refused or held row.
pub(crate) fn row_aad(submission: i64, row: u64) -> [u8; 16] {
    let mut aad = [0; 16];
    aad[..8].copy_from_slice(&submission.to_be_bytes());
    aad[8..].copy_from_slice(&row.to_be_bytes());
    aad
}

/// Seals what stood in a refused or held row.
pub(super) fn seal_row(key: &AeadKey, submission: i64, row: u64, values: &[u8]) -> Vec<u8> {
    key.seal(&row_aad(submission, row), values)
}
