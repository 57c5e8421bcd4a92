//! Merkle trees as in RFC 6962 §2.1, built leaf by leaf, their hashes kept in tiles.

use crate::tile::{TileId, right_edge};
use crate::{Hash, TreeHash};

/// Hashes a tile can hold.
pub const EMPTY_TILE_ROOM: usize = 256;

/// `H(0x00 ‖ data)`.
///
/// # Source
/// RFC 6962 §2.1.
#[must_use]
pub fn leaf_hash(hash: &impl TreeHash, data: &[u8]) -> Hash {
    hash.hash(&[&[0], data])
}

/// `H(0x01 ‖ left ‖ right)`.
///
/// # Source
/// RFC 6962 §2.1.
#[must_use]
pub fn node_hash(hash: &impl TreeHash, left: &Hash, right: &Hash) -> Hash {
    hash.hash(&[&[1], left, right])
}

/// A run of hashes of one level: level 0 holds leaf hashes, level n the roots of full subtrees of 256ⁿ leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Level.
    pub level: u8,
    /// Running number in the level.
    pub part: u64,
    /// 1 to 256 hashes, one after the other.
    pub hashes: Vec<u8>,
}

/// Builds a tree from its leaves in order, giving away each tile as it fills up.
#[derive(Debug, Default, Clone)]
pub struct TreeBuilder {
    /// Roots of the full subtrees so far, largest first, with their heights.
    peaks: Vec<(u32, Hash)>,
    /// The open tile of each level.
    open: Vec<Tile>,
    size: u64,
}

/// Why a tree cannot be gone on with from its tiles.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError<E> {
    /// A tile that a tree of this size must have is not there.
    #[error("{tile} is missing: expected it for a tree of {size} leaves")]
    Missing {
        /// Path of the tile.
        tile: TileId,
        /// Size of the tree.
        size: u64,
    },
    /// A tile has another length than its width says.
    #[error("{tile} has {found} bytes: expected {}", tile.bytes())]
    Length {
        /// Path of the tile.
        tile: TileId,
        /// Bytes found.
        found: usize,
    },
    /// A tile could not be read.
    #[error("{tile} cannot be read")]
    Read {
        /// Path of the tile.
        tile: TileId,
        /// Why.
        source: E,
    },
}

impl TreeBuilder {
    /// The builder as it stood after `size` leaves, from the tiles of the right edge alone: at most one a level.
    ///
    /// `read` is asked for (level, part, width) and gives the `width` hashes of that tile, or `None` where there is none.
    /// The tiles are not checked against anything: whoever resumes compares [`TreeBuilder::root`] with a root it trusts.
    ///
    /// # Errors
    /// [`ResumeError`], which names the tile that is missing, too short or too long, or unreadable.
    pub fn resume<E>(
        hash: &impl TreeHash,
        size: u64,
        mut read: impl FnMut(u8, u64, u16) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<Self, ResumeError<E>> {
        let mut builder = Self { size, ..Self::default() };
        while builder.open.len() < 8 && size >> (8 * builder.open.len()) > 0 {
            let level = builder.open.len() as u8;
            let part = (size >> (8 * level)) / EMPTY_TILE_ROOM as u64;
            builder.open.push(Tile { level, part, hashes: Vec::new() });
        }
        for tile in right_edge(size) {
            let found = read(tile.level(), tile.index(), tile.width());
            let hashes = found.map_err(|source| ResumeError::Read { tile, source })?;
            let hashes = hashes.ok_or(ResumeError::Missing { tile, size })?;
            if hashes.len() != tile.bytes() {
                return Err(ResumeError::Length { tile, found: hashes.len() });
            }
            builder.open[usize::from(tile.level())].hashes = hashes;
        }
        for tile in builder.open.iter().rev() {
            peaks_within(hash, tile, &mut builder.peaks);
        }
        Ok(builder)
    }

    /// Number of leaves so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf. Tiles that it fills are handed to `full`.
    pub fn push(&mut self, hash: &impl TreeHash, leaf: &[u8], full: &mut impl FnMut(Tile)) {
        let leaf = leaf_hash(hash, leaf);
        self.size += 1;
        self.keep(0, leaf, full);
        let (mut height, mut root) = (0u32, leaf);
        while let Some((peak, left)) = self.peaks.last().copied().filter(|(peak, _)| *peak == height) {
            root = node_hash(hash, &left, &root);
            height = peak + 1;
            self.peaks.pop();
            if height % 8 == 0 {
                self.keep((height / 8) as usize, root, full);
            }
        }
        self.peaks.push((height, root));
    }

    fn keep(&mut self, level: usize, hash: Hash, full: &mut impl FnMut(Tile)) {
        while self.open.len() <= level {
            self.open.push(Tile { level: self.open.len() as u8, part: 0, hashes: Vec::new() });
        }
        let tile = &mut self.open[level];
        tile.hashes.extend_from_slice(&hash);
        if tile.hashes.len() == EMPTY_TILE_ROOM * 32 {
            let next = Tile { level: tile.level, part: tile.part + 1, hashes: Vec::new() };
            full(std::mem::replace(tile, next));
        }
    }

    /// Root of the tree so far; of no leaves, the hash of nothing.
    #[must_use]
    pub fn root(&self, hash: &impl TreeHash) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some((_, last)) = peaks.next() else { return hash.hash(&[]) };
        peaks.fold(*last, |right, (_, left)| node_hash(hash, left, &right))
    }

    /// The tiles that are not full yet, at most one a level. They are the right edge of the tree so far.
    pub fn open_tiles(&self) -> impl Iterator<Item = &Tile> {
        self.open.iter().filter(|tile| !tile.hashes.is_empty())
    }

    /// The tiles that are not full yet.
    #[must_use]
    pub fn finish(self) -> Vec<Tile> {
        self.open.into_iter().filter(|tile| !tile.hashes.is_empty()).collect()
    }
}

/// The roots of the full subtrees that an open tile ends in, largest first.
fn peaks_within(hash: &impl TreeHash, tile: &Tile, peaks: &mut Vec<(u32, Hash)>) {
    let mut rest = tile.hashes.as_slice();
    for bit in (0..8u32).rev() {
        let bytes = 32usize << bit;
        if (tile.hashes.len() / 32) & (1 << bit) != 0 {
            let (subtree, after) = rest.split_at(bytes);
            peaks.push((u32::from(tile.level) * 8 + bit, fold(hash, subtree)));
            rest = after;
        }
    }
}

/// Root of a full subtree of at most 256 hashes, one after the other: 1, 2, 4 … of them.
pub(crate) fn fold(hash: &impl TreeHash, hashes: &[u8]) -> Hash {
    let mut level = [[0u8; 32]; EMPTY_TILE_ROOM];
    let (chunks, _) = hashes.as_chunks::<32>();
    debug_assert!(chunks.len().is_power_of_two() && chunks.len() <= EMPTY_TILE_ROOM, "{} hashes", chunks.len());
    let mut count = chunks.len();
    level[..count].copy_from_slice(chunks);
    while count > 1 {
        count /= 2;
        for i in 0..count {
            level[i] = node_hash(hash, &level[2 * i], &level[2 * i + 1]);
        }
    }
    level[0]
}

/// Root over leaves held in memory.
#[must_use]
pub fn root_of<'a>(hash: &impl TreeHash, leaves: impl IntoIterator<Item = &'a [u8]>) -> Hash {
    let mut builder = TreeBuilder::default();
    for leaf in leaves {
        builder.push(hash, leaf, &mut |_| {});
    }
    builder.root(hash)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::testing::{Sha, hex, leaves, tiles_in};
    use proptest::prelude::*;
    use std::convert::Infallible;

    fn resumed(count: usize) -> TreeBuilder {
        let tiles = tiles_in(&leaves(count));
        let read = |level, part, width| {
            let tile = TileId::new(level, part, width).unwrap();
            Ok::<_, Infallible>(tiles.get(&tile).cloned())
        };
        TreeBuilder::resume(&Sha, count as u64, read).unwrap()
    }

    /// The definition of RFC 6962 §2.1, word for word.
    fn by_definition(leaves: &[Vec<u8>]) -> Hash {
        match leaves {
            [] => Sha.hash(&[]),
            [one] => leaf_hash(&Sha, one),
            more => {
                let k = (more.len().next_power_of_two() / 2).max(1);
                node_hash(&Sha, &by_definition(&more[..k]), &by_definition(&more[k..]))
            }
        }
    }

    #[test]
    fn the_empty_tree_is_the_hash_of_nothing() {
        assert_eq!(
            hex(TreeBuilder::default().root(&Sha)),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn a_missing_or_shortened_tile_is_refused_and_named() {
        let tiles = tiles_in(&leaves(300));
        let without = |level, bytes: Option<Vec<u8>>| {
            let read = |l, part, width| {
                let tile = TileId::new(l, part, width).unwrap();
                Ok::<_, Infallible>(if l == level { bytes.clone() } else { tiles.get(&tile).cloned() })
            };
            TreeBuilder::resume(&Sha, 300, read).map(|_| ()).unwrap_err().to_string()
        };
        assert_eq!(without(0, None), "tile/0/001.p/44 is missing: expected it for a tree of 300 leaves");
        assert_eq!(without(1, Some(vec![0; 31])), "tile/1/000.p/1 has 31 bytes: expected 32");
        assert_eq!(without(0, Some(vec![0; 45 * 32])), "tile/0/001.p/44 has 1440 bytes: expected 1408");
        let unread = TreeBuilder::resume(&Sha, 300, |_, _, _| Err(std::fmt::Error)).map(|_| ()).unwrap_err();
        assert_eq!(unread.to_string(), "tile/0/001.p/44 cannot be read");
    }

    #[test]
    fn a_tree_of_no_leaves_resumes_without_a_read() {
        let read = |_, _, _| -> Result<_, Infallible> { panic!("an empty tree has no tiles") };
        let builder = TreeBuilder::resume(&Sha, 0, read).unwrap();
        assert_eq!((builder.size(), builder.root(&Sha)), (0, Sha.hash(&[])));
    }

    /// A tree gone on with from its tiles gives the same root, open tiles and full tiles as one built at once.
    fn resumes_the_same(first: usize, more: usize) {
        let all = leaves(first + more);
        let (mut once, mut full_once) = (TreeBuilder::default(), Vec::new());
        for (i, leaf) in all.iter().enumerate() {
            once.push(&Sha, leaf, &mut |tile| full_once.extend((i >= first).then_some(tile)));
        }
        let (mut again, mut full_again) = (resumed(first), Vec::new());
        for leaf in &all[first..] {
            again.push(&Sha, leaf, &mut |tile| full_again.push(tile));
        }
        assert_eq!(again.root(&Sha), once.root(&Sha));
        assert_eq!(again.open_tiles().collect::<Vec<_>>(), once.open_tiles().collect::<Vec<_>>());
        assert_eq!(full_again, full_once);
    }

    #[test]
    fn a_tree_resumes_at_the_seams_of_its_levels() {
        for first in [0, 1, 255, 256, 257, 511, 512, 65_535] {
            resumes_the_same(first, 2);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn a_tree_resumed_at_any_size_goes_on_as_the_one_built_at_once(first in 0usize..1500, more in 0usize..600) {
            resumes_the_same(first, more);
        }

        #[test]
        fn the_root_is_that_of_the_definition(leaves in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..700)) {
            let root = root_of(&Sha, leaves.iter().map(Vec::as_slice));
            prop_assert_eq!(root, by_definition(&leaves));
        }

        #[test]
        fn tiles_hold_every_leaf_and_the_roots_of_full_subtrees(count in 0usize..1500) {
            let leaves: Vec<Vec<u8>> = (0..count).map(|i| i.to_be_bytes().to_vec()).collect();
            let (mut builder, mut tiles) = (TreeBuilder::default(), Vec::new());
            for leaf in &leaves {
                builder.push(&Sha, leaf, &mut |tile| tiles.push(tile));
            }
            tiles.extend(builder.finish());
            let level = |n: u8| tiles.iter().filter(|t| t.level == n).flat_map(|t| t.hashes.clone()).collect::<Vec<u8>>();
            let expected: Vec<u8> = leaves.iter().flat_map(|l| leaf_hash(&Sha, l)).collect();
            prop_assert_eq!(level(0), expected);
            let roots: Vec<u8> = leaves.chunks_exact(256).flat_map(by_definition).collect();
            prop_assert_eq!(level(1), roots);
        }
    }
}
