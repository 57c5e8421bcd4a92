//! Whose row it is, and whether it says anything new: the step between reading a row and writing it.
//!
//! Reads through a connection of its own, so that the next chunk is resolved while the last one is written.

use std::collections::{HashMap, HashSet};

use chengxin_core::refusal::{Fault, HeldReason, Reason};
use chengxin_core::row::Action;
use chengxin_seal::{Key32, RandomPool};
use chengxin_store::subject::NewSubject;
use chengxin_store::record::VersionHead;
use chengxin_store::{KeyStore, ReadStore};

use super::work::GoodRow;
use crate::AppError;
use crate::keyring::Keyring;
use crate::record::identity_aad;
use crate::subject::SubjectIds;

/// Subjects kept at hand. A bound on memory (about 45 MB): beyond it they are looked up again.
const AT_HAND: usize = 458_752;
/// Records written by this import that are kept at hand, likewise bounded (about 27 MB).
const WRITTEN: usize = 1_835_008;

/// A subject as the rows of a file need it.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) subject_id: [u8; 16],
    name_tag: [u8; 16],
    key: Key32,
    /// Named first by this very run: then nothing about it can be in the database before.
    own: bool,
}

/// What to do with a good row.
pub(super) enum Decision {
    /// Write this version.
    Write { version: i64, body_version: i64, state: i64, effect: Effect },
    /// Held already with equal content; `newer` where its source time is newer than any before.
    Unchanged { newer: Option<i64> },
    /// Stands in this file already (equal or not: the ledger tells which at the end).
    Seen,
    /// For a human.
    Hold(HeldReason),
    /// Not taken.
    Refuse(Fault),
}

/// What a written version means to the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    New,
    Changed,
    Withdrawn,
}

/// One step of the way of a row: subject, record, decision.
pub(super) struct Resolved {
    pub(super) subject_id: [u8; 16],
    pub(super) record_id: [u8; 16],
    pub(super) key: Key32,
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
    at_hand: HashMap<[u8; 16], Known, Keyed>,
    /// Records that a chunk on its way, or already written, holds: the reading connection may not see them yet.
    /// By the first 12 bytes of their ids: two of a hundred million keyed digests agree in them with a chance of 10⁻¹³.
    written: HashSet<[u8; 12], Keyed>,
    /// Nothing was in the database when the import began, and nothing was dropped from `at_hand`: a tag that is not
    /// at hand is nobody's.
    fresh: bool,
    any_lock: bool,
    submission: i64,
    source_field: Option<u16>,
    pub(super) pool: RandomPool,
    ids: SubjectIds,
    /// Write nothing, know everything: new subjects are remembered, not made.
    dry_run: bool,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(
        keys: &'a Keyring,
        reader: ReadStore,
        key_reader: KeyStore,
        submission: i64,
        source_field: Option<u16>,
        dry_run: bool,
        ids: SubjectIds,
    ) -> Result<Self, AppError> {
        let fresh = !reader.view().any_subject()?;
        let any_lock = reader.view().any_lock()?;
        // At their full size from the start: growing holds the old and the new table at once, and what is never touched
        // costs no memory.
        let at_hand = HashMap::with_capacity_and_hasher(AT_HAND, Keyed);
        let written = HashSet::with_capacity_and_hasher(WRITTEN, Keyed);
        let pool = RandomPool::new();
        Ok(Self {
            keys,
            reader,
            key_reader,
            at_hand,
            written,
            fresh,
            any_lock,
            submission,
            source_field,
            pool,
            ids,
            dry_run,
        })
    }

    /// Must everything in flight be in the database before the next row is resolved? Then call [`Self::forget`] after
    /// it is.
    pub(super) fn is_full(&self) -> bool {
        self.at_hand.len() >= AT_HAND || self.written.len() >= WRITTEN
    }

    /// Drops what is at hand; from now on subjects are looked up.
    pub(super) fn forget(&mut self) {
        self.at_hand.clear();
        self.written.clear();
        self.fresh = false;
    }

    /// Who the row is about and what to do with it. A subject met for the first time goes to `newcomers`.
    pub(super) fn resolve(&mut self, row: &GoodRow, newcomers: &mut Newcomers) -> Result<Resolved, AppError> {
        let known = match self.at_hand.get(&row.tag) {
            Some(known) => known.clone(),
            None => self.meet(row, newcomers)?,
        };
        let record_id = self.keys.record_id(&known.subject_id, &row.seed);
        let decision = if known.name_tag != row.name_tag && !self.is_further_name(&known, row)? {
            Decision::Hold(HeldReason::NameDisagrees)
        } else {
            self.decide(row, &known, &record_id)?
        };
        if let Decision::Write { .. } = decision {
            self.written.insert(short(&record_id));
        }
        Ok(Resolved { subject_id: known.subject_id, record_id, key: known.key, decision })
    }

    fn is_further_name(&self, known: &Known, row: &GoodRow) -> Result<bool, AppError> {
        Ok(!known.own && self.reader.view().subject_has_name(&known.subject_id, &row.name_tag)?)
    }

    /// A tag that is not at hand: in the database, or new.
    fn meet(&mut self, row: &GoodRow, newcomers: &mut Newcomers) -> Result<Known, AppError> {
        let found = if self.fresh { None } else { self.reader.view().subject_document(&row.tag)? };
        let known = match found {
            Some(document) => {
                let key = match self.key_reader.subject_key(&document.subject_id)? {
                    Some((_, wrapped)) => self.keys.unwrap("subject", &document.subject_id, &wrapped)?,
                    None => return Err(AppError::internal("a subject without a key")),
                };
                Known { subject_id: document.subject_id, name_tag: document.name_tag, key, own: false }
            }
            None => self.welcome(row, newcomers),
        };
        self.at_hand.insert(row.tag, known.clone());
        Ok(known)
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
        Known { subject_id, name_tag: row.name_tag, key, own: true }
    }

    /// What the row means beside what is held.
    ///
    /// # Source
    /// House rules on intake: an older source time never overwrites a newer one; without it, content equal to a
    /// superseded version is held; a decided record is locked.
    fn decide(&mut self, row: &GoodRow, known: &Known, record: &[u8; 16]) -> Result<Decision, AppError> {
        let fresh = Decision::Write { version: 1, body_version: 1, state: 1, effect: Effect::New };
        if self.written.contains(&short(record)) {
            return Ok(Decision::Seen);
        }
        if known.own {
            return Ok(if row.action == Action::Put { fresh } else { Decision::Refuse(nothing_to_withdraw()) });
        }
        let view = self.reader.view();
        let heads = view.versions_of_record(&known.subject_id, record)?;
        if heads.iter().any(|h| h.submission_id == self.submission && !self.dry_run) {
            return Ok(Decision::Seen);
        }
        let effective: Vec<&VersionHead> = heads.iter().filter(|h| h.submission_state == 2).collect();
        if self.any_lock
            && let Some(lock) = view.lock(&known.subject_id, record)?
        {
            if lock.digest == row.digest && row.action == Action::Put {
                return Ok(Decision::Unchanged { newer: None });
            }
            let decided_on = i32::try_from(lock.decided_on).ok().and_then(chengxin_core::dates::from_days);
            let decided_on = decided_on.map_or_else(String::new, |d| d.to_string());
            return Ok(Decision::Refuse(Fault {
                field: None,
                reason: Reason::Locked { case: lock.case_no, decided_on },
            }));
        }
        let version = heads.last().map_or(1, |h| h.version + 1);
        let Some(current) = effective.last() else {
            return Ok(match row.action {
                Action::Put => Decision::Write { version, body_version: version, state: 1, effect: Effect::New },
                Action::Withdraw => Decision::Refuse(nothing_to_withdraw()),
            });
        };
        let seen = view.source_seen(&known.subject_id, record)?;
        let newest = effective.iter().filter_map(|h| h.source_time).chain(seen).max();
        if let (Some(own), Some(newest)) = (row.source_time, newest)
            && own < newest
        {
            return Ok(Decision::Refuse(Fault { field: self.source_field, reason: Reason::OlderThanHeld }));
        }
        Ok(match (row.action, current.state) {
            (Action::Withdraw, 1) => {
                Decision::Write { version, body_version: current.body_version, state: 2, effect: Effect::Withdrawn }
            }
            (Action::Withdraw, _) => Decision::Unchanged { newer: None },
            (Action::Put, 1) if current.digest == row.digest => {
                Decision::Unchanged { newer: row.source_time.filter(|own| newest.is_none_or(|n| *own > n)) }
            }
            (Action::Put, _) if row.source_time.is_none() && effective.iter().any(|h| h.digest == row.digest) => {
                Decision::Hold(HeldReason::EqualsSuperseded)
            }
            (Action::Put, _) => Decision::Write { version, body_version: version, state: 1, effect: Effect::Changed },
        })
    }
}

fn short(record: &[u8; 16]) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes.copy_from_slice(&record[..12]);
    bytes
}

fn nothing_to_withdraw() -> Fault {
    Fault { field: None, reason: Reason::NothingToWithdraw }
}
