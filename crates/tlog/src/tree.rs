//! Merkle trees as in RFC 6962 §2.1, built leaf by leaf, their hashes kept in tiles.

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
#[derive(Debug, Default)]
pub struct TreeBuilder {
    /// Roots of the full subtrees so far, largest first, with their heights.
    peaks: Vec<(u32, Hash)>,
    /// The open tile of each level.
    open: Vec<Tile>,
    size: u64,
}

impl TreeBuilder {
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

    /// The tiles that are not full yet.
    #[must_use]
    pub fn finish(self) -> Vec<Tile> {
        self.open.into_iter().filter(|tile| !tile.hashes.is_empty()).collect()
    }
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
    use super::*;
    use proptest::prelude::*;

    struct Sha;
    impl TreeHash for Sha {
        fn hash(&self, parts: &[&[u8]]) -> Hash {
            use sha2::Digest as _;
            let mut hasher = sha2::Sha256::new();
            parts.iter().for_each(|part| hasher.update(part));
            hasher.finalize().into()
        }
    }

    fn hex(hash: Hash) -> String {
        hash.iter().map(|b| format!("{b:02x}")).collect()
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

    proptest! {
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
