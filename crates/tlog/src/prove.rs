//! Proofs computed from tiles, and the seam that tiles are read through.

use std::collections::HashMap;

use crate::proof::encoded;
use crate::tree::fold;
use crate::{ConsistencyProof, Hash, InclusionProof, ProofError, TileId, TreeHash, node_hash};

/// Why a tile could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not there.
    #[error("{tile} is missing")]
    Missing {
        /// The tile.
        tile: TileId,
    },
    /// It is shorter or longer than its width says.
    #[error("{tile} has {found} bytes: expected {}", tile.bytes())]
    Length {
        /// The tile.
        tile: TileId,
        /// Bytes found.
        found: usize,
    },
    /// Its hashes are not those that the root stands for.
    #[error("{tile} was altered: its hashes do not lead to the root of the tree of {size} leaves")]
    Altered {
        /// The tile.
        tile: TileId,
        /// Leaves of the tree it was held against.
        size: u64,
    },
    /// The tiles of the right edge, together, do not give the root: one of them was altered, or the root is another log's.
    #[error(
        "the tree of {size} leaves has root {}: expected {}; altered is one of {}",
        encoded(found),
        encoded(expected),
        tiles.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    )]
    Root {
        /// The tiles that the root was computed from.
        tiles: Vec<TileId>,
        /// Leaves of the tree.
        size: u64,
        /// Root that they give.
        found: Hash,
        /// Root they were held against.
        expected: Hash,
    },
    /// No tree of that size has it.
    #[error("{tile} is outside of the tree of {size} leaves")]
    Outside {
        /// The tile.
        tile: TileId,
        /// Leaves of the tree.
        size: u64,
    },
    /// The place it is kept in failed.
    #[error("{tile} cannot be read")]
    Store {
        /// The tile.
        tile: TileId,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Where hashes are read from, a tile at a time.
pub trait TileReader {
    /// Exactly the [`TileId::bytes`] of that tile. The hashes are untrusted unless the reader says otherwise.
    ///
    /// # Errors
    /// [`ReadError`], which names the tile.
    fn tile(&self, tile: TileId) -> Result<Vec<u8>, ReadError>;
}

impl<R: TileReader + ?Sized> TileReader for &R {
    fn tile(&self, tile: TileId) -> Result<Vec<u8>, ReadError> {
        (**self).tile(tile)
    }
}

/// Tiles held in memory, each under its own width.
impl TileReader for HashMap<TileId, Vec<u8>> {
    fn tile(&self, tile: TileId) -> Result<Vec<u8>, ReadError> {
        let bytes = self.get(&tile).ok_or(ReadError::Missing { tile })?;
        exactly(tile, bytes.clone())
    }
}

/// The bytes, if they are as many as the tile's width says.
pub(crate) fn exactly(tile: TileId, bytes: Vec<u8>) -> Result<Vec<u8>, ReadError> {
    if bytes.len() == tile.bytes() { Ok(bytes) } else { Err(ReadError::Length { tile, found: bytes.len() }) }
}

/// Why no proof can be given.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// There is no such proof.
    #[error(transparent)]
    Impossible(#[from] ProofError),
    /// A tile that it needs cannot be had.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The proof that leaf `index` is in the tree of `size` leaves. Each tile is read at most once, and only tiles of that tree.
///
/// # Errors
/// [`ProofError::IndexBeyondSize`], [`ReadError`].
pub fn prove_inclusion(
    hash: &impl TreeHash,
    tiles: &impl TileReader,
    index: u64,
    size: u64,
) -> Result<InclusionProof, ProveError> {
    if index >= size {
        return Err(ProofError::IndexBeyondSize { index, size }.into());
    }
    let mut nodes = Nodes::new(hash, tiles, size);
    let (mut begin, mut end) = (0, size);
    let mut hashes = Vec::new();
    while end - begin > 1 {
        let middle = begin + left_half(end - begin);
        if index < middle {
            hashes.push(nodes.range(middle, end)?);
            end = middle;
        } else {
            hashes.push(nodes.range(begin, middle)?);
            begin = middle;
        }
    }
    hashes.reverse();
    Ok(InclusionProof { index, size, hashes })
}

/// The proof that the tree of `new_size` leaves begins with that of `old_size`. Each tile is read at most once, and only
/// tiles of the newer tree.
///
/// # Errors
/// [`ProofError::Shrinks`], [`ProofError::FromEmpty`], [`ReadError`].
pub fn prove_consistency(
    hash: &impl TreeHash,
    tiles: &impl TileReader,
    old_size: u64,
    new_size: u64,
) -> Result<ConsistencyProof, ProveError> {
    if old_size > new_size {
        return Err(ProofError::Shrinks { old_size, new_size }.into());
    }
    if old_size == 0 {
        return Err(ProofError::FromEmpty.into());
    }
    let mut nodes = Nodes::new(hash, tiles, new_size);
    let (mut begin, mut end) = (0, new_size);
    let mut hashes = Vec::new();
    while end != old_size {
        let middle = begin + left_half(end - begin);
        if old_size <= middle {
            hashes.push(nodes.range(middle, end)?);
            end = middle;
        } else {
            hashes.push(nodes.range(begin, middle)?);
            begin = middle;
        }
    }
    if begin != 0 {
        hashes.push(nodes.range(begin, end)?);
    }
    hashes.reverse();
    Ok(ConsistencyProof { old_size, new_size, hashes })
}

/// Root of the tree of `size` leaves, from its right edge; of no leaves, the hash of nothing.
///
/// # Errors
/// [`ReadError`].
pub fn root_at(hash: &impl TreeHash, tiles: &impl TileReader, size: u64) -> Result<Hash, ReadError> {
    if size == 0 {
        return Ok(hash.hash(&[]));
    }
    Nodes::new(hash, tiles, size).range(0, size)
}

/// The largest power of two below `count`, which is at least 2.
///
/// # Source
/// RFC 6962 §2.1: the “k” at which a tree is cut in two.
fn left_half(count: u64) -> u64 {
    1 << (u64::BITS - 1 - (count - 1).leading_zeros())
}

/// Nodes of one tree, computed from its tiles.
struct Nodes<'a, H, R> {
    hash: &'a H,
    tiles: &'a R,
    size: u64,
    /// What was read for this proof: a handful, so a search in order is the fastest.
    read: Vec<(TileId, Vec<u8>)>,
}

impl<'a, H: TreeHash, R: TileReader> Nodes<'a, H, R> {
    fn new(hash: &'a H, tiles: &'a R, size: u64) -> Self {
        Self { hash, tiles, size, read: Vec::new() }
    }

    /// Root over the leaves from `begin` to `end`, which is one side of a cut of the tree: full subtrees of falling size.
    fn range(&mut self, begin: u64, end: u64) -> Result<Hash, ReadError> {
        let mut full = [[0u8; 32]; 64];
        let (mut count, mut at) = (0, begin);
        while at < end {
            let height = u64::BITS - 1 - (end - at).leading_zeros();
            full[count] = self.node(height, at >> height)?;
            count += 1;
            at += 1 << height;
        }
        let (last, before) = full[..count].split_last().map_or(([0; 32], [].as_slice()), |(last, b)| (*last, b));
        Ok(before.iter().rev().fold(last, |right, left| node_hash(self.hash, left, &right)))
    }

    /// Root of the full subtree over the leaves `index × 2ʰ` to `(index + 1) × 2ʰ`.
    fn node(&mut self, height: u32, index: u64) -> Result<Hash, ReadError> {
        let (level, within) = ((height / 8) as u8, height % 8);
        let first = index << within;
        // Unwrap safety: callers cut the tree of `size` leaves, so the subtree is in it, and with it a tile that holds it.
        let tile = TileId::in_tree(level, first / 256, self.size).expect("a subtree of the tree has a tile");
        let position = match self.read.iter().position(|(id, _)| *id == tile) {
            Some(position) => position,
            None => {
                let bytes = exactly(tile, self.tiles.tile(tile)?)?;
                self.read.push((tile, bytes));
                self.read.len() - 1
            }
        };
        let begin = (first % 256) as usize * 32;
        let bytes = &self.read[position].1;
        Ok(fold(self.hash, &bytes[begin..begin + (32 << within)]))
    }
}

#[cfg(test)]
#[path = "prove_tests.rs"]
mod tests;
