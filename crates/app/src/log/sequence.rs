//! Sequencing: entries that are durable already get their places in the tree, and the tree a signed head.
//!
//! Two transactions. The first gives entries their places; from then on their order is fixed. The second keeps the tiles
//! and puts the new head in the place of the old one, if that is still the head. Killed between the two, the next run
//! finds the places and makes the same tiles from them: nothing forks, is skipped or stands twice. Two sequencers cannot
//! both go on: a place is given once, and a head replaced once.

use std::sync::Arc;

use chengxin_core::Say;
use chengxin_store::log_tree::{LogHead, LogLeaf};
use chengxin_store::{Claim, Store, StoreError, View};
use chengxin_tlog::{Head, SequenceError, Sequencer as Edge, StorageError};

use super::signer::{origin_of, read_checkpoint, sign_checkpoint};
use super::tiles::DatabaseTiles;
use crate::clock::Clock;
use crate::keyring::Keyring;
use crate::{AppError, Installation, Kind};

/// Entries placed at once. A server's own writes wait for at most one such transaction.
const BATCH: i64 = 1_024;

/// What whoever sequences claims.
pub(super) const SEQUENCER: &str = "sequencer";

/// What a run of the sequencer came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sequenced {
    /// Entries that got a place, or a signed head over a place that they had.
    pub entries: u64,
    /// Leaves under the newest head.
    pub size: u64,
}

impl Sequenced {
    /// Was it a whole batch, so that more may wait?
    #[must_use]
    pub fn is_full(self) -> bool {
        self.entries >= BATCH as u64
    }
}

/// Takes entries into the tree. Holds the right edge of the tree between runs; whatever it finds in the database that
/// does not follow from it, it refuses to build on.
#[derive(Debug)]
pub struct Sequencer {
    keys: Keyring,
    origin: String,
    state: Option<State>,
}

#[derive(Debug)]
struct State {
    edge: Edge,
    head: Option<LogHead>,
}

impl Sequencer {
    /// A sequencer for the log of an installation.
    #[must_use]
    pub fn new(keys: Keyring, base_url: &str) -> Self {
        Self { keys, origin: origin_of(base_url), state: None }
    }

    /// Sequences everything that waits, in batches.
    ///
    /// # Errors
    /// As [`Self::run_batch`].
    pub fn run(&mut self, store: &mut Store, clock: &dyn Clock) -> Result<Sequenced, AppError> {
        let mut total = Sequenced::default();
        loop {
            let done = self.run_batch(store, clock)?;
            total = Sequenced { entries: total.entries + done.entries, size: done.size };
            if !done.is_full() {
                return Ok(total);
            }
        }
    }

    /// Sequences one batch. Where nothing waits, nothing is written.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] where tiles and head do not fit each other: the log was tampered with or restored in parts, and
    /// nothing may be built on it; [`Kind::Conflict`] where another sequencer was faster.
    pub fn run_batch(&mut self, store: &mut Store, clock: &dyn Clock) -> Result<Sequenced, AppError> {
        let done = self.batch(store, clock);
        if done.is_err() {
            // What is in memory may be ahead of what was kept: read it anew next time.
            self.state = None;
        }
        done
    }

    fn batch(&mut self, store: &mut Store, clock: &dyn Clock) -> Result<Sequenced, AppError> {
        let head = store.view().log_head()?;
        let state = match self.state.take() {
            Some(state) if state.head == head => state,
            _ => self.resume(store.view(), head)?,
        };
        let size = state.edge.head().size;
        let leaves = place(store, to_i64(size)?)?;
        if leaves.is_empty() && state.head.is_some() {
            self.state = Some(state);
            return Ok(Sequenced { entries: 0, size });
        }
        let (hash, State { mut edge, head }) = (self.keys.hash(), state);
        let newest = newest_us(store.view(), &leaves, clock.now_us())?;
        let batch = store.write("log_sequence", |tx| -> Result<_, AppError> {
            let commitments = leaves.iter().map(|leaf| leaf.commitment);
            let batch = edge.prepare(&hash, &mut DatabaseTiles::of(tx), commitments).map_err(broken)?;
            let Head { size, epoch, root } = batch.head();
            let (last_us, cosigned) = head.as_ref().map_or((0, ""), |h| (h.last_us, h.cosigned.as_str()));
            let new = LogHead {
                origin: self.origin.clone(),
                size: to_i64(size)?,
                epoch: to_i64(epoch)?,
                root,
                last_us: last_us.max(newest),
                note: sign_checkpoint(&self.keys, &self.origin, size, &root)?,
                cosigned: cosigned.to_owned(),
            };
            tx.log_head_set(head.as_ref().map(|h| (h.size, h.epoch)), &new)?;
            Ok((batch, new))
        });
        let (batch, new) = batch?;
        edge.accept(batch);
        let size = edge.head().size;
        self.state = Some(State { edge, head: Some(new) });
        Ok(Sequenced { entries: leaves.len() as u64, size })
    }

    /// Looks whether the log can be gone on with, and writes nothing.
    fn look(&self, view: View<'_>) -> Result<(), AppError> {
        let state = self.resume(view, view.log_head()?)?;
        placed(view, to_i64(state.edge.head().size)?)?;
        Ok(())
    }

    /// The tree as the head says it stands, read from its right edge.
    fn resume(&self, view: View<'_>, head: Option<LogHead>) -> Result<State, AppError> {
        let hash = self.keys.hash();
        let Some(head) = head else { return Ok(State { edge: Edge::new(&hash, 1), head: None }) };
        let stands = head_of(&head)?;
        let signed = read_checkpoint(self.keys.provider().trust_list(), &head.origin, &head.note)
            .map_err(|error| inconsistent(&error.private_or_public()))?
            .checkpoint;
        if signed.size != stands.size || signed.root != stands.root {
            return Err(inconsistent("the stored head and its signed checkpoint say different things"));
        }
        if head.origin != self.origin {
            return Err(inconsistent(&format!("the log is called {}, not {}", head.origin, self.origin)));
        }
        let edge = Edge::resume(&hash, stands, &DatabaseTiles::reading(view)).map_err(broken)?;
        Ok(State { edge, head: Some(head) })
    }
}

/// Places that were given but stand under no head yet, else new places for what waits.
fn place(store: &mut Store, size: i64) -> Result<Vec<LogLeaf>, AppError> {
    let placed = placed(store.view(), size)?;
    if !placed.is_empty() {
        return Ok(placed);
    }
    if store.view().log_unsequenced(1)?.is_empty() {
        return Ok(Vec::new());
    }
    store.write("log_place", |tx| -> Result<_, AppError> {
        let leaf = |(index, entry): (i64, chengxin_store::fanout::Unsequenced)| LogLeaf {
            index,
            subject_id: entry.subject_id,
            number: entry.number,
            commitment: entry.commitment,
        };
        let leaves: Vec<LogLeaf> = (size..).zip(tx.view().log_unsequenced(BATCH)?).map(leaf).collect();
        tx.log_place(&leaves)?;
        Ok(leaves)
    })
}

/// Places that were given but stand under no head yet: they follow on the head, and where there are none, no leaf is missing
/// under it.
fn placed(view: View<'_>, size: i64) -> Result<Vec<LogLeaf>, AppError> {
    let placed = view.log_leaves(size, BATCH)?;
    if placed.iter().zip(size..).any(|(leaf, index)| leaf.index != index) {
        return Err(inconsistent("a leaf is missing"));
    }
    if placed.is_empty() && view.log_placed()? != size {
        return Err(inconsistent("leaves are missing"));
    }
    Ok(placed)
}

/// Time of the newest entry, but no later than now: a clock that ran ahead for a moment must not stop the log for ever.
fn newest_us(view: View<'_>, leaves: &[LogLeaf], now_us: i64) -> Result<i64, AppError> {
    let Some(last) = leaves.last() else { return Ok(0) };
    let entry = view.log_entry(&last.subject_id, last.number)?;
    Ok(entry.map_or(0, |entry| entry.at_us).min(now_us))
}

pub(super) fn head_of(head: &LogHead) -> Result<Head, AppError> {
    let number = |n: i64| u64::try_from(n).map_err(|_| inconsistent("the head has a negative number"));
    Ok(Head { size: number(head.size)?, epoch: number(head.epoch)?, root: head.root })
}

fn to_i64(number: u64) -> Result<i64, AppError> {
    i64::try_from(number).map_err(|_| AppError::internal("the log is full"))
}

fn broken(error: SequenceError) -> AppError {
    match error {
        SequenceError::Storage(StorageError::Failed { source, what }) => match source.downcast::<StoreError>() {
            Ok(store) => match *store {
                // A column of another type than ours was written by somebody else.
                StoreError::Value(what) => inconsistent(&format!("{what} cannot be what it is")),
                other => AppError::from(other),
            },
            Err(other) => AppError::internal(format!("{what}: {other}")),
        },
        other => inconsistent(&other.to_string()),
    }
}

/// What is said, and done, where the log contradicts itself.
pub(super) fn inconsistent(what: &str) -> AppError {
    AppError::new(
        Kind::Unavailable,
        "留痕日志前后不一致，已停止写入；请运行 chengxin log verify 查明，并从备份恢复",
        "the log is inconsistent, so nothing is written: run chengxin log verify to see where, and restore from a backup",
    )
    .because(format!("{INCONSISTENT}{what}"))
}

/// Beginning of the private half of [`inconsistent`].
const INCONSISTENT: &str = "log: ";

/// Does an error say that the log contradicts itself?
pub(super) fn is_inconsistent(error: &AppError) -> bool {
    error.kind == Kind::Unavailable && error.private.starts_with(INCONSISTENT)
}

impl Installation {
    /// Takes every entry that waits into the tree. A server does it several times a second; commands do it when they end, unless
    /// another process has its turn at the tree: that one takes in what they wrote.
    ///
    /// # Errors
    /// As [`Sequencer::run_batch`].
    pub fn log_sequence(&mut self) -> Result<Sequenced, AppError> {
        let Some(_turn) = Claim::take(self.database(), SEQUENCER)? else {
            let size = self.store.view().log_head()?.map_or(0, |head| head.size);
            return Ok(Sequenced { entries: 0, size: size.unsigned_abs() });
        };
        let clock = Arc::clone(&self.clock);
        let mut sequencer = self.sequencer();
        sequencer.run(&mut self.store, clock.as_ref())
    }

    /// Why nothing can be added to the log as it stands; `None` where it can be gone on with. Looks at its head and its right
    /// edge, which takes no time: a server asks when it starts. [`Self::log_verify`] looks at everything.
    ///
    /// # Errors
    /// The store's.
    pub fn log_fault(&self) -> Result<Option<Say>, AppError> {
        // One state of the database, whoever sequences beside it.
        let store = self.store.reader()?;
        store.freeze()?;
        match self.sequencer().look(store.view()) {
            Ok(()) => Ok(None),
            Err(error) if is_inconsistent(&error) => Ok(Some(error.public)),
            Err(error) => Err(error),
        }
    }

    /// A sequencer for this installation, to be kept by a server.
    #[must_use]
    pub fn sequencer(&self) -> Sequencer {
        Sequencer::new(self.keys.clone(), self.base_url())
    }
}
