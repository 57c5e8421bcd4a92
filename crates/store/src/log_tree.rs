//! The tree over the log: places of entries, tiles, the signed head, witnesses. What sequencing reads across subjects is in
//! `fanout`.

use chengxin_tlog::Hash;

use crate::value::{row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    LOG_LEAF_ADD = "INSERT INTO log_leaf (leaf_index, subject_id, number, commitment) VALUES ($1, $2, $3, $4)";
    LOG_ENTRY_PLACE = "UPDATE log_entry SET leaf_index = $3 WHERE subject_id = $1 AND number = $2 AND leaf_index IS NULL";
    LOG_TILE_FIND = "SELECT hashes FROM log_tile WHERE level = $1 AND part = $2";
    LOG_TILE_SET = "INSERT INTO log_tile (level, part, hashes) VALUES ($1, $2, $3) \
        ON CONFLICT (level, part) DO UPDATE SET hashes = excluded.hashes WHERE length(excluded.hashes) >= length(log_tile.hashes)";
    LOG_HEAD_FIND = "SELECT origin, size, epoch, root, last_us, note, cosigned FROM log_head ORDER BY origin LIMIT 1";
    LOG_HEAD_ADD = "INSERT INTO log_head (origin, size, epoch, root, last_us, note, cosigned) VALUES ($1, $2, $3, $4, $5, $6, '')";
    LOG_HEAD_SET = "UPDATE log_head SET size = $4, epoch = $5, root = $6, last_us = $7, note = $8 \
        WHERE origin = $1 AND size = $2 AND epoch = $3";
    LOG_COSIGNED_SET = "UPDATE log_head SET cosigned = $2 WHERE origin = $1";
    LOG_WITNESS_LIST = "SELECT name, key, url, size FROM log_witness ORDER BY name";
    LOG_WITNESS_SET = "INSERT INTO log_witness (name, key, url, size, added_us) VALUES ($1, $2, $3, 0, $4) \
        ON CONFLICT (name) DO UPDATE SET key = excluded.key, url = excluded.url";
    LOG_WITNESS_REMOVE = "DELETE FROM log_witness WHERE name = $1";
    LOG_WITNESS_SIGNED = "UPDATE log_witness SET size = $2 WHERE name = $1";
}

/// A leaf of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLeaf {
    /// Place in the tree, from 0.
    pub index: i64,
    /// Chain of the entry.
    pub subject_id: [u8; 16],
    /// Number of the entry in its chain.
    pub number: i64,
    /// Its commitment.
    pub commitment: Hash,
}

/// The head of the log: what the newest signed checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// Name of the log.
    pub origin: String,
    /// Leaves.
    pub size: i64,
    /// Grows with each sequencer that takes over.
    pub epoch: i64,
    /// Root of the tree.
    pub root: Hash,
    /// Newest time of an entry in it, microseconds UTC.
    pub last_us: i64,
    /// The signed checkpoint.
    pub note: String,
    /// The newest checkpoint with the signatures of witnesses, or nothing.
    pub cosigned: String,
}

/// A witness that is asked to sign checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessRow {
    /// Name in its key.
    pub name: String,
    /// Its verifier key.
    pub key: String,
    /// Where it takes checkpoints.
    pub url: String,
    /// Newest size that it has signed.
    pub size: i64,
}

impl View<'_> {
    /// The head, once the log was sequenced for the first time.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_head(&self) -> Result<Option<LogHead>, StoreError> {
        self.link.first(&LOG_HEAD_FIND, &[], |row| {
            Ok(LogHead {
                origin: row.get(0)?,
                size: row.get(1)?,
                epoch: row.get(2)?,
                root: row.get(3)?,
                last_us: row.get(4)?,
                note: row.get(5)?,
                cosigned: row.get(6)?,
            })
        })
    }

    /// Hashes of a tile.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_tile(&self, level: i64, part: i64) -> Result<Option<Vec<u8>>, StoreError> {
        self.link.first(&LOG_TILE_FIND, values![level, part], |row| row.get(0))
    }

    /// Witnesses by name.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_witnesses(&self) -> Result<Vec<WitnessRow>, StoreError> {
        self.link.rows(&LOG_WITNESS_LIST, &[], |row| {
            Ok(WitnessRow { name: row.get(0)?, key: row.get(1)?, url: row.get(2)?, size: row.get(3)? })
        })
    }
}

impl Tx<'_> {
    /// Gives entries their places, in this order from `first` on. From here on their order is fixed: whatever happens
    /// next, they get the same places.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where another sequencer was faster; the engine's.
    pub fn log_place(&self, leaves: &[LogLeaf]) -> Result<(), StoreError> {
        let rows = leaves.iter().map(|leaf| row![leaf.index, leaf.subject_id, leaf.number, leaf.commitment]);
        self.link.load(&LOG_LEAF_ADD, rows)?;
        if self.log_entries_place(leaves)? == leaves.len() { Ok(()) } else { Err(StoreError::Conflict("log entry")) }
    }

    /// Says in an entry which place it has, where it has none; 1 or 0.
    pub(crate) fn log_entry_place(&self, leaf: &LogLeaf) -> Result<usize, StoreError> {
        self.link.run(&LOG_ENTRY_PLACE, values![leaf.subject_id, leaf.number, leaf.index])
    }

    /// Keeps a tile. A tile only grows: a shorter one than is there changes nothing.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_tile_set(&self, level: i64, part: i64, hashes: &[u8]) -> Result<(), StoreError> {
        self.link.run(&LOG_TILE_SET, values![level, part, hashes])?;
        Ok(())
    }

    /// Puts `new` in the place of `expected`, if that is still the head.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it is not: another sequencer has taken over; the engine's.
    pub fn log_head_set(&self, expected: Option<(i64, i64)>, new: &LogHead) -> Result<(), StoreError> {
        let LogHead { origin, size, epoch, root, last_us, note, .. } = new;
        let changed = match expected {
            None => self.link.run(&LOG_HEAD_ADD, values![origin, size, epoch, root, last_us, note])?,
            Some((was, of)) if *size >= was && *epoch >= of => {
                self.link.run(&LOG_HEAD_SET, values![origin, was, of, size, epoch, root, last_us, note])?
            }
            Some(_) => 0,
        };
        if changed == 1 { Ok(()) } else { Err(StoreError::Conflict("log head")) }
    }

    /// Keeps a checkpoint that witnesses have signed too.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_cosigned_set(&self, origin: &str, note: &str) -> Result<(), StoreError> {
        self.link.run(&LOG_COSIGNED_SET, values![origin, note])?;
        Ok(())
    }

    /// Adds a witness, or gives it another key or address.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_witness_set(&self, name: &str, key: &str, url: &str, at_us: i64) -> Result<(), StoreError> {
        self.link.run(&LOG_WITNESS_SET, values![name, key, url, at_us])?;
        Ok(())
    }

    /// Removes a witness; whether there was one.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_witness_remove(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.link.run(&LOG_WITNESS_REMOVE, values![name])? == 1)
    }

    /// Remembers the newest size that a witness has signed.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_witness_signed(&self, name: &str, size: i64) -> Result<(), StoreError> {
        self.link.run(&LOG_WITNESS_SIGNED, values![name, size])?;
        Ok(())
    }
}
