//! Whose row it is, and whether it says anything new: the step between reading a row and writing it.
//!
//! Reads through a connection of its own, so that the next chunk is resolved while the last one is written.

use std::collections::{HashMap, HashSet};

use chengxin_core::refusal::HeldReason;
use chengxin_seal::{Key32, RandomPool};
use chengxin_store::subject::NewSubject;
use chengxin_store::{KeyStore, ReadStore};

use super::ahead::{Ahead, Lookout, Prospect};
use super::decide::{Decision, Judge};
use super::work::GoodRow;
use crate::AppError;
use crate::keyring::Keyring;
use crate::record::identity_aad;
use crate::subject::SubjectIds;

/// What a resolver keeps in memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Rows of a batch looked up at once: a question to a database server stays of moderate length.
    pub(super) ahead: usize,
    /// Subjects kept at hand. A bound on memory (about 45 MB): beyond it they are looked up again.
    pub(super) at_hand: usize,
    /// Records written by this import that are kept at hand, likewise bounded (about 27 MB).
    pub(super) written: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { ahead: 2_048, at_hand: 458_752, written: 1_835_008 }
    }
}

/// A subject as the rows of a file need it.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) subject_id: [u8; 16],
    pub(super) name_tag: [u8; 16],
    /// Unwrapped with the first version to write: it costs more than all else about a row that says nothing new.
    pub(super) key: Option<Key32>,
    /// Named first by this very run: then nothing about it can be in the database before.
    pub(super) own: bool,
}

/// Subjects by the tags of their numbers.
pub(super) type AtHand = HashMap<[u8; 16], Known, Keyed>;

/// Records that a chunk on its way, or already written, holds: the reading connection may not see them yet.
/// By the first 12 bytes of their ids: two of a hundred million keyed digests agree in them with a chance of 10⁻¹³.
pub(super) struct Written(HashSet<[u8; 12], Keyed>);

impl Written {
    pub(super) fn holds(&self, record: &[u8; 16]) -> bool {
        self.0.contains(&short(record))
    }
}

/// One step of the way of a row: subject, record, decision.
pub(super) struct Resolved {
    pub(super) subject_id: [u8; 16],
    pub(super) record_id: [u8; 16],
    /// Of the subject, for a version that is to be written; absent in a dry run.
    pub(super) key: Option<Key32>,
    pub(super) decision: Decision,
}

/// New subjects of a chunk, with their wrapped keys.
#[derive(Default)]
pub(super) struct Newcomers {
    pub(super) subjects: Vec<NewSubject>,
    pub(super) keys: Vec<([u8; 16], Vec<u8>)>,
}

/// Hashes what is a keyed digest already: its own last bytes are as good as any hash of them, and no sender can choose
/// them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Keyed;

/// See [`Keyed`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LastBytes(u64);

impl std::hash::BuildHasher for Keyed {
    type Hasher = LastBytes;

    fn build_hasher(&self) -> LastBytes {
        LastBytes(0)
    }
}

impl std::hash::Hasher for LastBytes {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(last) = bytes.last_chunk::<8>() {
            self.0 = u64::from_ne_bytes(*last);
        }
    }

    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Resolves the rows of one file.
pub(super) struct Resolver<'a> {
    keys: &'a Keyring,
    reader: ReadStore,
    key_reader: KeyStore,
    bounds: Bounds,
    at_hand: AtHand,
    written: Written,
    ahead: Ahead,
    /// Nothing was in the database when the import began, and nothing was dropped from `at_hand`: a tag that is not
    /// at hand is nobody's.
    fresh: bool,
    any_lock: bool,
    judge: Judge,
    pub(super) pool: RandomPool,
    ids: SubjectIds,
    /// Write nothing, know everything: new subjects are remembered, not made.
    dry_run: bool,
}

impl<'a> Resolver<'a> {
    /// For the rows of `submission`, or in a dry run of none.
    pub(super) fn new(
        keys: &'a Keyring,
        reader: ReadStore,
        key_reader: KeyStore,
        submission: Option<i64>,
        source_field: Option<u16>,
        ids: SubjectIds,
        bounds: Bounds,
    ) -> Result<Self, AppError> {
        let fresh = !reader.view().any_subject()?;
        let any_lock = reader.view().any_lock()?;
        // At their full size from the start: growing holds the old and the new table at once, and what is never touched
        // costs no memory.
        let at_hand = HashMap::with_capacity_and_hasher(bounds.at_hand, Keyed);
        let written = Written(HashSet::with_capacity_and_hasher(bounds.written, Keyed));
        Ok(Self {
            keys,
            reader,
            key_reader,
            bounds,
            at_hand,
            written,
            ahead: Ahead::default(),
            fresh,
            any_lock,
            judge: Judge { submission, source_field },
            pool: RandomPool::new(),
            ids,
            dry_run: submission.is_none(),
        })
    }

    /// Must everything in flight be in the database before the next row is resolved? Then call [`Self::forget`] after
    /// it is.
    pub(super) fn is_full(&self) -> bool {
        self.at_hand.len() >= self.bounds.at_hand || self.written.0.len() >= self.bounds.written
    }

    /// Drops what is at hand; from now on subjects are looked up.
    pub(super) fn forget(&mut self) {
        self.at_hand.clear();
        self.written.0.clear();
        // It relied on them: what was written since is in the database, and was not when these rows were looked up.
        self.ahead.clear();
        self.fresh = false;
    }

    /// Who the first of the rows is about and what to do with it. A subject met for the first time goes to `newcomers`.
    ///
    /// The others are those behind it in its batch, which the next calls begin with, one further each: they are looked up
    /// with it.
    pub(super) fn resolve(&mut self, rows: &[GoodRow], newcomers: &mut Newcomers) -> Result<Resolved, AppError> {
        let row = rows.first().ok_or_else(|| AppError::internal("no row to resolve"))?;
        let resolved = match self.prospect(rows)? {
            Some(prospect) => self.meet_again(row, prospect)?,
            None => self.meet(row, newcomers),
        };
        if let Decision::Write { .. } = resolved.decision {
            self.written.0.insert(short(&resolved.record_id));
        }
        Ok(resolved)
    }

    /// What is known about the first of the rows; the next ones are looked up where nothing is.
    fn prospect(&mut self, rows: &[GoodRow]) -> Result<Option<Prospect>, AppError> {
        if self.fresh {
            return Ok(None);
        }
        if self.ahead.is_empty() {
            let out = Lookout {
                keys: self.keys,
                view: self.reader.view(),
                key_store: (!self.dry_run).then_some(&self.key_reader),
                at_hand: &self.at_hand,
                written: &self.written,
                any_lock: self.any_lock,
                judge: self.judge,
            };
            self.ahead.fill(&rows[..rows.len().min(self.bounds.ahead)], &out)?;
        }
        Ok(self.ahead.next())
    }

    /// A subject that was here before this run.
    fn meet_again(&mut self, row: &GoodRow, prospect: Prospect) -> Result<Resolved, AppError> {
        let Prospect { subject_id, name_tag, record_id, name_agrees, mut decision } = prospect;
        if name_agrees && self.written.holds(&record_id) {
            decision = Decision::Seen;
        }
        let known = self.at_hand.entry(row.tag).or_insert(Known { subject_id, name_tag, key: None, own: false });
        let mut key = None;
        if let Decision::Write { .. } = decision
            && !self.dry_run
        {
            if known.key.is_none() {
                let wrapped =
                    self.ahead.key(&subject_id).ok_or_else(|| AppError::internal("a subject without a key"))?;
                known.key = Some(self.keys.unwrap("subject", &subject_id, wrapped)?);
            }
            key.clone_from(&known.key);
        }
        Ok(Resolved { subject_id, record_id, key, decision })
    }

    /// A subject that this run met before, or meets for the first time.
    fn meet(&mut self, row: &GoodRow, newcomers: &mut Newcomers) -> Resolved {
        let known = match self.at_hand.get(&row.tag) {
            Some(known) => known.clone(),
            None => self.welcome(row, newcomers),
        };
        let record_id = self.keys.record_id(&known.subject_id, &row.seed);
        let decision = if known.name_tag != row.name_tag {
            Decision::Hold(HeldReason::NameDisagrees)
        } else if self.written.holds(&record_id) {
            Decision::Seen
        } else {
            Judge::first(row.action)
        };
        Resolved { subject_id: known.subject_id, record_id, key: known.key, decision }
    }

    fn welcome(&mut self, row: &GoodRow, newcomers: &mut Newcomers) -> Known {
        let subject_id: [u8; 16] = self.ids.next_id(&mut self.pool);
        let key = Key32::generate_from(&mut self.pool);
        if !self.dry_run {
            let wrapped = self.keys.wrap(&mut self.pool, "subject", &subject_id, &key);
            newcomers.keys.push((subject_id, wrapped));
            let plain = chengxin_core::row::join_body([row.number.as_str(), row.name.as_str()]);
            let mut sealed = Vec::new();
            let aead = crate::keyring::SubjectKey::new(self.keys.profile(), &key).identity();
            aead.seal_into_from(&mut self.pool, &identity_aad(&subject_id), &mut sealed, &plain);
            newcomers.subjects.push(NewSubject {
                subject_id,
                kind: row.subject_kind(),
                tag: row.tag,
                document_kind: i64::from(row.document_kind.as_u8()),
                name_tag: row.name_tag,
                sealed,
            });
        }
        let known = Known { subject_id, name_tag: row.name_tag, key: Some(key), own: true };
        self.at_hand.insert(row.tag, known.clone());
        known
    }
}

fn short(record: &[u8; 16]) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes.copy_from_slice(&record[..12]);
    bytes
}

#[cfg(test)]
mod tests;
