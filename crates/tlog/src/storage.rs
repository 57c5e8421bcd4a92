//! Where the log is kept: two narrow seams that say what must be durable, and what is trusted.

use crate::proof::encoded;
use crate::{Hash, TilePath};

/// Where the log stands: what the next checkpoint must go on from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Leaves of the tree.
    pub size: u64,
    /// Number of the sequencer that wrote it. A sequencer that takes the log over raises it by one, and so shuts out
    /// every earlier one.
    pub epoch: u64,
    /// Root of the tree.
    pub root: Hash,
}

impl Head {
    /// What a compare-and-set expects to find.
    #[must_use]
    pub fn mark(&self) -> (u64, u64) {
        (self.size, self.epoch)
    }
}

/// A head with the signed checkpoint that states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHead {
    /// Size, epoch and root.
    pub head: Head,
    /// The checkpoint as published: a signed note.
    pub note: String,
}

/// Why the log was not written or not read.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Another sequencer was there first. Load the head and resume from it.
    #[error("the log stands at {}: expected it at {}", said(*found), said(*expected))]
    Conflict {
        /// (size, epoch) that the writer went on from.
        expected: Option<(u64, u64)>,
        /// (size, epoch) that is stored.
        found: Option<(u64, u64)>,
    },
    /// The new head has fewer leaves or an older epoch than the stored one.
    #[error("the log would go back from {} to {}: expected it to grow", said(Some(*stored)), said(Some(*new)))]
    Backwards {
        /// (size, epoch) that is stored.
        stored: (u64, u64),
        /// (size, epoch) refused.
        new: (u64, u64),
    },
    /// Two roots for one size.
    #[error("the log would fork at {size} leaves: root {} is stored, root {} was to be", encoded(stored), encoded(new))]
    Fork {
        /// Leaves of the tree.
        size: u64,
        /// Root that is stored.
        stored: Hash,
        /// Root refused.
        new: Hash,
    },
    /// A tile that a stored checkpoint covers would get other bytes.
    #[error("{path} is published: expected it never to change")]
    Changed {
        /// The tile or bundle.
        path: TilePath,
    },
    /// Another process writes this log.
    #[error("{place} is being written by another process: expected one writer")]
    Locked {
        /// The lock.
        place: String,
    },
    /// The place was opened for reading.
    #[error("{place} was opened for reading only")]
    ReadOnly {
        /// The place.
        place: String,
    },
    /// What is stored there is not what this programme writes there.
    #[error("{place} is {found}: expected {expected}")]
    Malformed {
        /// Where.
        place: String,
        /// What is there.
        found: String,
        /// What should be.
        expected: &'static str,
    },
    /// The medium failed. After a write it is not known whether it took place.
    #[error("{what} failed")]
    Failed {
        /// What was being done, and where.
        what: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

fn said(mark: Option<(u64, u64)>) -> String {
    mark.map_or_else(|| "nothing".into(), |(size, epoch)| format!("{size} leaves in epoch {epoch}"))
}

/// Keeps tiles, and entry bundles if it says so.
///
/// **Trust:** none. Whoever reads a tile checks its hashes against the root of a checkpoint
/// ([`VerifiedTiles`](crate::VerifiedTiles)); a resumed sequencer checks the root that the tiles give. Losing or altering tiles
/// stops the log, but cannot make it say something else.
///
/// **Durability:** a write need not be durable when it returns, nor before the checkpoint that covers it is stored; it must be
/// durable before that checkpoint is *published*. [`Sequencer`](crate::Sequencer) goes further and calls
/// [`TileStore::flush`] before it hands out the head to store, so that a crash never leaves a stored checkpoint without its tiles.
///
/// **Change:** a write is idempotent. A tile or bundle that a stored checkpoint covers never changes; what a batch left behind
/// whose checkpoint was never stored may be overwritten, because the next batch may have other leaves.
pub trait TileStore {
    /// The bytes under this path, or `None`. Exactly this width: falling back to wider tiles is the reader's part.
    ///
    /// # Errors
    /// [`StorageError::Failed`], [`StorageError::Malformed`].
    fn tile_read(&self, path: TilePath) -> Result<Option<Vec<u8>>, StorageError>;

    /// Puts the bytes under this path.
    ///
    /// # Errors
    /// [`StorageError::Changed`] where a checkpoint covers other bytes there; [`StorageError::Failed`], after which it may or
    /// may not have been written.
    fn tile_write(&mut self, path: TilePath, bytes: &[u8]) -> Result<(), StorageError>;

    /// Returns when every write before it is durable, or will become durable no later than the next checkpoint (as where both
    /// are written in one transaction).
    ///
    /// # Errors
    /// [`StorageError::Failed`].
    fn flush(&mut self) -> Result<(), StorageError>;

    /// Whether bundles ([`TilePath::Entries`]) are kept here too. A store that serves the entries from elsewhere says no, and is
    /// then never asked for them.
    fn keeps_entries(&self) -> bool {
        false
    }
}

/// Keeps the head of the log.
///
/// **Trust:** complete. What is stored here is what the log has committed to; a log that loses it, or is given an older one,
/// signs a fork.
///
/// **Durability:** when [`CheckpointStore::compare_and_set`] returns, the head outlives a loss of power, and every later
/// [`CheckpointStore::load`], by any process, gives it or a newer one.
pub trait CheckpointStore {
    /// The stored head, or `None` where the log has not begun.
    ///
    /// # Errors
    /// [`StorageError::Failed`], [`StorageError::Malformed`].
    fn load(&self) -> Result<Option<StoredHead>, StorageError>;

    /// Replaces the head with size and epoch `expected` (`None`: no head yet) by `new`, in one step. A `new` with the same size
    /// and root may carry another note, for instance with cosignatures.
    ///
    /// # Errors
    /// [`StorageError::Conflict`], [`StorageError::Backwards`], [`StorageError::Fork`]: nothing was stored.
    /// [`StorageError::Failed`]: it may or may not have been stored, and the writer must load before it goes on.
    fn compare_and_set(&mut self, expected: Option<(u64, u64)>, new: &StoredHead) -> Result<(), StorageError>;
}

/// The rule that every [`CheckpointStore`] applies: `new` may take the place of `stored`.
///
/// # Errors
/// [`StorageError::Conflict`], [`StorageError::Backwards`], [`StorageError::Fork`].
pub fn check_advance(stored: Option<&Head>, expected: Option<(u64, u64)>, new: &Head) -> Result<(), StorageError> {
    let found = stored.map(Head::mark);
    if found != expected {
        return Err(StorageError::Conflict { expected, found });
    }
    let Some(stored) = stored else { return Ok(()) };
    if new.size < stored.size || new.epoch < stored.epoch {
        return Err(StorageError::Backwards { stored: stored.mark(), new: new.mark() });
    }
    if new.size == stored.size && new.root != stored.root {
        return Err(StorageError::Fork { size: new.size, stored: stored.root, new: new.root });
    }
    Ok(())
}

/// Whether the tree of `size` leaves has the hashes or entries under this path, so that they must not change any more.
#[must_use]
pub fn covers(size: u64, path: TilePath) -> bool {
    let (TilePath::Hashes(tile) | TilePath::Entries(tile)) = path;
    crate::TileId::in_tree(tile.level(), tile.index(), size).is_some_and(|there| there.width() >= tile.width())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TileId;

    fn head(size: u64, epoch: u64, root: u8) -> Head {
        Head { size, epoch, root: [root; 32] }
    }

    #[test]
    fn a_log_only_goes_on_from_where_it_stands() {
        let advance = |stored: Head, expected, new: Head| check_advance(Some(&stored), expected, &new);
        assert!(advance(head(5, 1, 5), Some((5, 1)), head(9, 1, 9)).is_ok());
        assert!(advance(head(5, 1, 5), Some((5, 1)), head(5, 1, 5)).is_ok(), "the same again, cosigned");
        assert!(advance(head(5, 1, 5), Some((5, 1)), head(5, 2, 5)).is_ok(), "taken over");
        assert!(check_advance(None, None, &head(0, 1, 0)).is_ok());
        assert!(matches!(check_advance(None, Some((5, 1)), &head(9, 1, 9)), Err(StorageError::Conflict { .. })));
        assert!(matches!(advance(head(5, 1, 5), None, head(9, 1, 9)), Err(StorageError::Conflict { .. })));
        assert!(matches!(advance(head(6, 1, 6), Some((5, 1)), head(9, 1, 9)), Err(StorageError::Conflict { .. })));
        assert!(matches!(advance(head(5, 2, 5), Some((5, 1)), head(9, 1, 9)), Err(StorageError::Conflict { .. })));
        assert!(matches!(advance(head(5, 1, 5), Some((5, 1)), head(4, 1, 4)), Err(StorageError::Backwards { .. })));
        assert!(matches!(advance(head(5, 2, 5), Some((5, 2)), head(9, 1, 9)), Err(StorageError::Backwards { .. })));
        assert!(matches!(advance(head(5, 1, 5), Some((5, 1)), head(5, 1, 6)), Err(StorageError::Fork { .. })));
    }

    #[test]
    fn a_refusal_says_where_the_log_stands() {
        let error = check_advance(Some(&head(6, 2, 6)), Some((5, 1)), &head(9, 1, 9)).map_err(|e| e.to_string());
        assert_eq!(error, Err("the log stands at 6 leaves in epoch 2: expected it at 5 leaves in epoch 1".into()));
    }

    #[test]
    fn a_tile_is_covered_once_a_tree_has_all_its_hashes() {
        let covered = |size, width| TileId::new(0, 1, width).is_ok_and(|t| covers(size, TilePath::Hashes(t)));
        assert!(covered(300, 44) && covered(300, 1) && covered(512, 256) && covered(9000, 256));
        assert!(!covered(300, 45) && !covered(256, 1) && !covered(511, 256));
    }
}
