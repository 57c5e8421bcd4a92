//! Proofs that a leaf is in a tree, and that one tree is the beginning of another.

use crate::{Hash, TreeHash, leaf_hash, node_hash};

/// Hashes that a proof of either kind can have at most, for a tree of fewer than 2⁶⁴ leaves. Readers may refuse longer
/// ones before they read them.
pub const MAX_PROOF_HASHES: usize = 65;

/// Why a proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf is not in a tree of that size.
    #[error("leaf {index} is not in a tree of {size} leaves: expected an index below the size")]
    IndexBeyondSize {
        /// Index of the leaf, from 0.
        index: u64,
        /// Leaves of the tree.
        size: u64,
    },
    /// The older tree is larger than the newer.
    #[error("the older tree has {old_size} leaves, the newer {new_size}: expected it not to shrink")]
    Shrinks {
        /// Leaves of the older tree.
        old_size: u64,
        /// Leaves of the newer tree.
        new_size: u64,
    },
    /// The older tree is empty: every tree goes on from it, and a proof would say nothing.
    #[error("the older tree is empty: expected at least one leaf")]
    FromEmpty,
    /// The number of hashes is not the one that index and sizes give.
    #[error("the proof has {found} hashes: expected {expected}")]
    Length {
        /// Hashes in the proof.
        found: usize,
        /// Hashes that index and sizes call for.
        expected: usize,
    },
    /// The proof leads to another root than the one it is held against.
    #[error("the proof leads to root {}, not to {} at {size} leaves", encoded(found), encoded(expected))]
    Root {
        /// Leaves of the tree whose root it is.
        size: u64,
        /// The root the proof leads to.
        found: Hash,
        /// The root it was held against.
        expected: Hash,
    },
}

pub(crate) fn encoded(hash: &Hash) -> String {
    crate::base64::encode(hash)
}

/// The path from a leaf to the root of the tree of `size` leaves.
///
/// # Source
/// RFC 6962 §2.1.1, RFC 9162 §2.1.3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// Index of the leaf, from 0.
    pub index: u64,
    /// Leaves of the tree.
    pub size: u64,
    /// Siblings from the leaf upwards.
    pub hashes: Vec<Hash>,
}

impl InclusionProof {
    /// The root that the proof leads to from a leaf hash.
    ///
    /// # Errors
    /// [`ProofError::IndexBeyondSize`], [`ProofError::Length`]: the work done is bounded by the size named, never by the
    /// proof.
    pub fn root(&self, hash: &impl TreeHash, leaf: &Hash) -> Result<Hash, ProofError> {
        let &Self { index, size, ref hashes } = self;
        if index >= size {
            return Err(ProofError::IndexBeyondSize { index, size });
        }
        let (inner, border) = split(index, size);
        check_length(hashes, inner + border)?;
        let (inner, border) = hashes.split_at(inner);
        Ok(chain_left(hash, chain(hash, *leaf, inner, index), border))
    }

    /// Checks that `leaf` (a leaf hash, not the entry) stands at [`Self::index`] of the tree with this root.
    ///
    /// # Errors
    /// Those of [`Self::root`], and [`ProofError::Root`].
    pub fn verify_hash(&self, hash: &impl TreeHash, leaf: &Hash, root: &Hash) -> Result<(), ProofError> {
        same(self.size, self.root(hash, leaf)?, root)
    }

    /// Checks that `entry` (a commitment, before leaf hashing) stands at [`Self::index`] of the tree with this root.
    ///
    /// # Errors
    /// Those of [`Self::verify_hash`].
    pub fn verify(&self, hash: &impl TreeHash, entry: &[u8], root: &Hash) -> Result<(), ProofError> {
        self.verify_hash(hash, &leaf_hash(hash, entry), root)
    }
}

/// The hashes that show the tree of `old_size` leaves to be the beginning of the tree of `new_size`.
///
/// # Source
/// RFC 6962 §2.1.2, RFC 9162 §2.1.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// Leaves of the older tree; at least 1.
    pub old_size: u64,
    /// Leaves of the newer tree.
    pub new_size: u64,
    /// The proof's hashes, in the order of the RFC.
    pub hashes: Vec<Hash>,
}

impl ConsistencyProof {
    /// Checks that the tree with `new_root` begins with the leaves of the tree with `old_root`.
    ///
    /// # Errors
    /// [`ProofError`]; where a root does not fit, [`ProofError::Root`] names the size it belongs to.
    pub fn verify(&self, hash: &impl TreeHash, old_root: &Hash, new_root: &Hash) -> Result<(), ProofError> {
        let &Self { old_size, new_size, ref hashes } = self;
        if old_size > new_size {
            return Err(ProofError::Shrinks { old_size, new_size });
        }
        if old_size == 0 {
            return Err(ProofError::FromEmpty);
        }
        if old_size == new_size {
            check_length(hashes, 0)?;
            return same(new_size, *old_root, new_root);
        }
        // The proof is the path of the last full subtree of the old tree, its root going before it unless it is the
        // whole old tree, whose root the reader has.
        let (fork, border) = split(old_size - 1, new_size);
        let shift = old_size.trailing_zeros();
        let inner = fork - shift as usize;
        let whole = old_size.is_power_of_two();
        check_length(hashes, usize::from(!whole) + inner + border)?;
        let (seed, path) = if whole { (*old_root, hashes.as_slice()) } else { (hashes[0], &hashes[1..]) };
        let (inner, border) = path.split_at(inner);
        let from = (old_size - 1) >> shift;
        let old = chain_left(hash, chain_left_of(hash, seed, inner, from), border);
        same(old_size, old, old_root)?;
        let new = chain_left(hash, chain(hash, seed, inner, from), border);
        same(new_size, new, new_root)
    }
}

/// Length of a path below and above the point where it leaves the right border of the tree.
fn split(index: u64, size: u64) -> (usize, usize) {
    let inner = u64::BITS - (index ^ (size - 1)).leading_zeros();
    let border = index.checked_shr(inner).unwrap_or(0).count_ones();
    (inner as usize, border as usize)
}

fn check_length(hashes: &[Hash], expected: usize) -> Result<(), ProofError> {
    if hashes.len() == expected { Ok(()) } else { Err(ProofError::Length { found: hashes.len(), expected }) }
}

fn same(size: u64, found: Hash, expected: &Hash) -> Result<(), ProofError> {
    if found == *expected { Ok(()) } else { Err(ProofError::Root { size, found, expected: *expected }) }
}

/// Goes up the path of node `index`: bit by bit, the sibling is to the right (0) or to the left (1).
fn chain(hash: &impl TreeHash, seed: Hash, path: &[Hash], index: u64) -> Hash {
    path.iter().enumerate().fold(seed, |node, (i, sibling)| {
        if (index >> i) & 1 == 0 { node_hash(hash, &node, sibling) } else { node_hash(hash, sibling, &node) }
    })
}

/// The same, as the tree stood when nothing was to the right of the path.
fn chain_left_of(hash: &impl TreeHash, seed: Hash, path: &[Hash], index: u64) -> Hash {
    let on_the_left = path.iter().enumerate().filter(|(i, _)| (index >> i) & 1 == 1);
    on_the_left.fold(seed, |node, (_, sibling)| node_hash(hash, sibling, &node))
}

/// Goes up the right border, where every sibling is to the left.
fn chain_left(hash: &impl TreeHash, seed: Hash, path: &[Hash]) -> Hash {
    path.iter().fold(seed, |node, sibling| node_hash(hash, sibling, &node))
}
