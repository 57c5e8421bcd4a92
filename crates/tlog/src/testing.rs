//! What the tests within this crate share.

use crate::{Hash, TileId, TreeBuilder, TreeHash};
use std::collections::HashMap;

/// SHA-256.
pub(crate) struct Sha;

impl TreeHash for Sha {
    fn hash(&self, parts: &[&[u8]]) -> Hash {
        use sha2::Digest as _;
        let mut hasher = sha2::Sha256::new();
        parts.iter().for_each(|part| hasher.update(part));
        hasher.finalize().into()
    }
}

pub(crate) fn hex(hash: Hash) -> String {
    hash.iter().map(|b| format!("{b:02x}")).collect()
}

/// Leaves `H("0")`, `H("1")` …: commitments of 32 bytes as the log holds.
pub(crate) fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|i| Sha.hash(&[i.to_string().as_bytes()])).collect()
}

/// Every tile of the tree over these leaves.
pub(crate) fn tiles_in(leaves: &[Hash]) -> HashMap<TileId, Vec<u8>> {
    let (mut builder, mut tiles) = (TreeBuilder::default(), Vec::new());
    for leaf in leaves {
        builder.push(&Sha, leaf, &mut |tile| tiles.push(tile));
    }
    tiles.extend(builder.finish());
    let named = |tile: crate::Tile| {
        let width = (tile.hashes.len() / 32) as u16;
        TileId::new(tile.level, tile.part, width).ok().map(|id| (id, tile.hashes))
    };
    tiles.into_iter().filter_map(named).collect()
}
