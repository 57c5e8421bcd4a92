//! Takes commitments into the tree, in order, and never forks, skips or doubles.
//!
//! The order of writes is visible in one place, [`Sequencer::prepare`] and [`Sequencer::advance`]:
//!
//! 1. tiles that the batch filled, then the partial tiles of the new right edge; nothing refers to them yet;
//! 2. a flush, so that they are durable;
//! 3. the head, by compare-and-set: from here on the batch has happened;
//! 4. whatever publishes it.
//!
//! A crash before 3 leaves tiles that the next batch overwrites; a crash after 3 leaves nothing undone but 4.

use crate::proof::encoded;
use crate::storage::{CheckpointStore, Head, StorageError, StoredHead, TileStore};
use crate::tree::ResumeError;
use crate::{BundleError, Hash, Tile, TileError, TileId, TilePath, TreeBuilder, TreeHash, bundle_push, leaf_hash};

/// Bytes of a commitment in an entry bundle: two of length, and the hash.
const ENTRY_BYTES: usize = 2 + 32;

/// Why a sequencer does not go on.
#[derive(Debug, thiserror::Error)]
pub enum SequenceError {
    /// The tiles do not give the root of the head. Nothing may be written until a person has looked at it.
    #[error(
        "log is inconsistent: its tiles of {size} leaves lead to root {}: expected {}",
        encoded(found),
        encoded(expected)
    )]
    Root {
        /// Leaves of the tree.
        size: u64,
        /// Root that the tiles give.
        found: Hash,
        /// Root of the head.
        expected: Hash,
    },
    /// A tile that the head stands for is missing or of the wrong length.
    #[error("log is inconsistent: {0}")]
    Tile(#[source] ResumeError<StorageError>),
    /// The bundle of the newest entries is missing, or its entries are not those of the tile.
    #[error("log is inconsistent: {bundle} {found}: expected the {expected} entries behind the hashes of its tile")]
    Bundle {
        /// The bundle.
        bundle: TilePath,
        /// What is wrong with it.
        found: &'static str,
        /// Entries it should have.
        expected: u16,
    },
    /// The store refused or failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A tree of 2⁶⁴ leaves.
    #[error("the log is full: {0}")]
    Full(TileError),
    /// An earlier batch ended without it being known whether its head was stored: load the head and resume.
    #[error("it is not known whether the last head was stored: expected the log to be resumed from its stored head")]
    Unknown,
}

/// A batch whose tiles are written and durable, and whose head is to be stored.
#[derive(Debug)]
#[must_use = "a batch has not happened until its head is stored"]
pub struct Batch {
    head: Head,
    from: (u64, u64),
    builder: TreeBuilder,
    newest: Vec<u8>,
}

impl Batch {
    /// The head to store.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// The (size, epoch) to expect in the compare-and-set.
    #[must_use]
    pub fn from(&self) -> (u64, u64) {
        self.from
    }
}

/// The pure part of a sequencer: it holds the right edge of the tree and reads no clock.
#[derive(Debug)]
pub struct Sequencer {
    head: Head,
    /// Epoch of the heads it makes: that of `head`, or the next.
    epoch: u64,
    builder: TreeBuilder,
    /// The open entry bundle, where the store keeps bundles.
    newest: Vec<u8>,
    unknown: bool,
}

impl Sequencer {
    /// A log without leaves. Its head (size 0, the given epoch) is stored like any other, before the first batch.
    #[must_use]
    pub fn new(hash: &impl TreeHash, epoch: u64) -> Self {
        let builder = TreeBuilder::default();
        let head = Head { size: 0, epoch, root: builder.root(hash) };
        Self { head, epoch, builder, newest: Vec::new(), unknown: false }
    }

    /// Goes on from a stored head. Reads the right edge only, at most one tile a level, and the open bundle.
    ///
    /// # Errors
    /// [`SequenceError::Root`] where the tiles give another root than the head has, [`SequenceError::Tile`] and
    /// [`SequenceError::Bundle`], which name what is missing or altered; [`SequenceError::Storage`].
    pub fn resume(hash: &impl TreeHash, head: Head, tiles: &impl TileStore) -> Result<Self, SequenceError> {
        let read = |level, part, width| match TileId::new(level, part, width) {
            Ok(tile) => tiles.tile_read(TilePath::Hashes(tile)),
            Err(_) => Ok(None),
        };
        let builder = TreeBuilder::resume(hash, head.size, read).map_err(|error| match error {
            ResumeError::Read { source, .. } => SequenceError::Storage(source),
            missing_or_cut => SequenceError::Tile(missing_or_cut),
        })?;
        let found = builder.root(hash);
        if found != head.root {
            return Err(SequenceError::Root { size: head.size, found, expected: head.root });
        }
        let newest = if tiles.keeps_entries() { open_bundle(hash, tiles, &builder)? } else { Vec::new() };
        Ok(Self { head, epoch: head.epoch, builder, newest, unknown: false })
    }

    /// Makes the next head, and all after it, of the next epoch. Once one is stored, no other sequencer that resumed before can store
    /// anything. A server that starts, or takes over from another, begins with this.
    pub fn take_over(&mut self) {
        self.epoch = self.head.epoch + 1;
    }

    /// Where the log stands.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// Adds the commitments in order, writes every tile that changes, and flushes. The sequencer itself stays where it is until
    /// [`Sequencer::accept`] is given the batch, so that a batch that fails anywhere can be tried again, with the same commitments
    /// or others.
    ///
    /// Hash work is one leaf and, amortised, one node per commitment, and a few hundred nodes per batch; writes are the tiles
    /// that the batch filled and at most eight partial ones.
    ///
    /// # Errors
    /// [`SequenceError::Storage`], [`SequenceError::Full`], [`SequenceError::Unknown`]. No head was stored.
    pub fn prepare(
        &self,
        hash: &impl TreeHash,
        tiles: &mut impl TileStore,
        commitments: impl IntoIterator<Item = Hash>,
    ) -> Result<Batch, SequenceError> {
        if self.unknown {
            return Err(SequenceError::Unknown);
        }
        let (mut builder, mut newest) = (self.builder.clone(), self.newest.clone());
        let keeps_entries = tiles.keeps_entries();
        let mut filled = Vec::new();
        for commitment in commitments {
            builder.push(hash, &commitment, &mut |tile| filled.push(tile));
            if keeps_entries {
                entry_push(&mut newest, &commitment);
                if newest.len() == 256 * ENTRY_BYTES {
                    let tile = named(0, (builder.size() - 1) / 256, 256)?;
                    tiles.tile_write(TilePath::Entries(tile), &newest)?;
                    newest.clear();
                }
            }
            for tile in filled.drain(..) {
                tile_write(tiles, &tile)?;
            }
        }
        if builder.size() > self.head.size {
            for tile in builder.open_tiles() {
                tile_write(tiles, tile)?;
            }
            if !newest.is_empty() {
                let tile = named(0, builder.size() / 256, (newest.len() / ENTRY_BYTES) as u16)?;
                tiles.tile_write(TilePath::Entries(tile), &newest)?;
            }
            tiles.flush()?;
        }
        let head = Head { size: builder.size(), epoch: self.epoch, root: builder.root(hash) };
        Ok(Batch { head, from: self.head.mark(), builder, newest })
    }

    /// The batch's head is stored: the sequencer goes on from there.
    pub fn accept(&mut self, batch: Batch) {
        self.head = batch.head;
        self.builder = batch.builder;
        self.newest = batch.newest;
    }

    /// [`Sequencer::prepare`], then stores the head with the checkpoint that `sign` makes of it, then [`Sequencer::accept`].
    ///
    /// # Errors
    /// Those of [`Sequencer::prepare`], and of [`CheckpointStore::compare_and_set`]. Where it is not known whether the head was
    /// stored, every later call fails with [`SequenceError::Unknown`] until the log is resumed from its stored head.
    pub fn advance(
        &mut self,
        hash: &impl TreeHash,
        store: &mut (impl TileStore + CheckpointStore),
        commitments: impl IntoIterator<Item = Hash>,
        sign: impl FnOnce(&Head) -> String,
    ) -> Result<Head, SequenceError> {
        let batch = self.prepare(hash, store, commitments)?;
        let note = sign(&batch.head);
        // Before the write, so that nothing on the way out of it can leave the sequencer believing the old head.
        self.unknown = true;
        store.compare_and_set(Some(batch.from), &StoredHead { head: batch.head, note })?;
        self.unknown = false;
        self.accept(batch);
        Ok(self.head)
    }
}

fn named(level: u8, index: u64, width: u16) -> Result<TileId, SequenceError> {
    TileId::new(level, index, width).map_err(SequenceError::Full)
}

fn tile_write(tiles: &mut impl TileStore, tile: &Tile) -> Result<(), SequenceError> {
    let id = named(tile.level, tile.part, (tile.hashes.len() / 32) as u16)?;
    Ok(tiles.tile_write(TilePath::Hashes(id), &tile.hashes)?)
}

/// A commitment's length always fits into the two bytes before it.
fn entry_push(bundle: &mut Vec<u8>, commitment: &Hash) {
    let pushed: Result<(), BundleError> = bundle_push(bundle, bundle.len() / ENTRY_BYTES, commitment);
    debug_assert!(pushed.is_ok(), "32 bytes fit into an entry");
}

/// The open bundle, each of its entries checked against its leaf hash.
fn open_bundle(hash: &impl TreeHash, tiles: &impl TileStore, builder: &TreeBuilder) -> Result<Vec<u8>, SequenceError> {
    let Some(tile) = builder.open_tiles().find(|tile| tile.level == 0) else { return Ok(Vec::new()) };
    let (leaves, _) = tile.hashes.as_chunks::<32>();
    let expected = leaves.len() as u16;
    let bundle = TilePath::Entries(named(0, tile.part, expected)?);
    let wrong = |found| SequenceError::Bundle { bundle, found, expected };
    let bytes = tiles.tile_read(bundle)?.ok_or_else(|| wrong("is missing"))?;
    let entries = crate::bundle_entries(&bytes, expected).map_err(|_| wrong("is no bundle of that many entries"))?;
    if entries.iter().any(|entry| entry.len() != 32) {
        return Err(wrong("has entries that are not 32 bytes long"));
    }
    if entries.iter().zip(leaves).any(|(entry, leaf)| leaf_hash(hash, entry) != *leaf) {
        return Err(wrong("was altered"));
    }
    Ok(bytes)
}

#[cfg(test)]
#[path = "sequence_tests.rs"]
mod tests;
