//! The tamper-evident log: commitments to what was written, and Merkle trees over them.
//!
//! Hash functions come in by the [`TreeHash`] seam (SHA-256 or SM3), so this crate knows no keys. Tree hashing is
//! that of RFC 6962 §2.1; tiles hold 256 hashes as in C2SP tlog-tiles. The format of commitments is written down, with
//! vectors, in `docs/log-format.md`.

mod bundle;
mod commitment;
mod dir;
mod memory;
mod proof;
mod prove;
mod reader;
mod sequence;
mod storage;
#[cfg(test)]
mod testing;
mod tile;
mod tree;

pub use bundle::{BundleError, bundle_entries, bundle_push};
pub use commitment::{Column, commit};
pub use dir::DirStore;
pub use memory::{Fault, Faulty, MemoryStore, Write};
pub use proof::{ConsistencyProof, InclusionProof, MAX_PROOF_HASHES, ProofError};
pub use prove::{ProveError, ReadError, TileReader, prove_consistency, prove_inclusion, root_at};
pub use reader::{StoredTiles, VerifiedTiles};
pub use sequence::{Batch, SequenceError, Sequencer};
pub use storage::{CheckpointStore, Head, StorageError, StoredHead, TileStore, check_advance, covers};
pub use tile::{MAX_LEVEL, TILE_WIDTH, TileError, TileId, TilePath, right_edge, tiles_of};
pub use tree::{EMPTY_TILE_ROOM, ResumeError, Tile, TreeBuilder, leaf_hash, node_hash, root_of};

/// A hash of 32 bytes.
pub type Hash = [u8; 32];

/// The hash function of a profile.
pub trait TreeHash {
    /// Hash of the parts, one after the other with nothing between them.
    fn hash(&self, parts: &[&[u8]]) -> Hash;
}

impl<T: TreeHash + ?Sized> TreeHash for &T {
    fn hash(&self, parts: &[&[u8]]) -> Hash {
        (**self).hash(parts)
    }
}
