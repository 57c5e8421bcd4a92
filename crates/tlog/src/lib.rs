//! The tamper-evident log: commitments to what was written, and Merkle trees over them.
//!
//! Hash functions come in by the [`TreeHash`] seam (SHA-256 or SM3), signatures by [`NoteSigner`] and [`NoteVerifier`], so
//! this crate knows no keys. It reads no clock. Tree hashing is that of RFC 6962 §2.1. What is published follows C2SP:
//! tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature, tlog-witness; with SHA-256 and Ed25519, tools made for these
//! read it as it stands. The format is written down, with vectors, in `docs/log-format.md`.
//!
//! | to | use |
//! | --- | --- |
//! | take entries into the log | [`Sequencer`] over a [`TileStore`] and a [`CheckpointStore`] |
//! | prove | [`prove_inclusion`], [`prove_consistency`] over [`VerifiedTiles`] |
//! | check a proof | [`InclusionProof`], [`ConsistencyProof`] |
//! | sign and check a checkpoint | [`Checkpoint`], [`Note`] |
//! | witness another log | [`add_checkpoint`] over a [`WitnessState`] |
//!
//! Every reader here takes bytes from strangers: it refuses all but the one canonical form, bounds its work before it
//! does it, and never panics.

mod base64;
mod bundle;
mod checkpoint;
mod commitment;
mod cosignature;
mod dir;
mod memory;
mod note;
mod proof;
mod prove;
mod reader;
mod sequence;
mod storage;
#[cfg(test)]
mod testing;
mod tile;
mod tree;
mod verifier_key;
mod witness;

pub use bundle::{BundleError, bundle_entries, bundle_push};
pub use checkpoint::{Checkpoint, CheckpointError, OpenCheckpoint};
pub use commitment::{Column, commit};
pub use cosignature::{CosignatureVerifier, cosign, cosignature_time};
pub use dir::DirStore;
pub use memory::{Fault, Faulty, MemoryStore, Write};
pub use note::{MAX_NOTE_BYTES, MAX_SIGNATURES, Note, NoteError, NoteSignature, NoteSigner, NoteVerifier, is_key_name};
pub use proof::{ConsistencyProof, InclusionProof, MAX_PROOF_HASHES, ProofError};
pub use prove::{ProveError, ReadError, TileReader, prove_consistency, prove_inclusion, root_at};
pub use reader::{StoredTiles, VerifiedTiles};
pub use sequence::{Batch, SequenceError, Sequencer};
pub use storage::{CheckpointStore, Head, StorageError, StoredHead, TileStore, check_advance, covers};
pub use tile::{MAX_LEVEL, TILE_WIDTH, TileError, TileId, TilePath, right_edge, tiles_of};
pub use tree::{EMPTY_TILE_ROOM, ResumeError, Tile, TreeBuilder, leaf_hash, node_hash, root_of};
pub use verifier_key::{
    TYPE_COSIGNATURE_V1, TYPE_ED25519, TYPE_SM2, TYPE_SM2_COSIGNATURE, VerifierKey, VerifierKeyError, key_hash,
};
pub use witness::{
    AddCheckpoint, Answer, Refusal, WitnessState, Witnessed, WitnessedLog, add_checkpoint, decide, parse_cosignatures,
};

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
