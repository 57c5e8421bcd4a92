//! Reading tiles: from a store, and checked against the root of a checkpoint.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::prove::exactly;
use crate::storage::TileStore;
use crate::tile::{TILE_WIDTH, right_edge};
use crate::tree::fold;
use crate::{Hash, ReadError, TileId, TilePath, TileReader, TreeHash, root_at};

/// The tiles of a store. Where the width asked for is gone, the hashes come from a wider tile in the same place.
#[derive(Debug)]
pub struct StoredTiles<'a, S: ?Sized> {
    store: &'a S,
    latest: u64,
}

impl<'a, S: TileStore + ?Sized> StoredTiles<'a, S> {
    /// Reads from `store`, whose newest checkpoint has `latest` leaves: where a partial tile is gone, it looks for the one of
    /// that size, then for the full one.
    pub fn new(store: &'a S, latest: u64) -> Self {
        Self { store, latest }
    }

    fn read(&self, tile: TileId) -> Result<Option<Vec<u8>>, ReadError> {
        let read = self.store.tile_read(TilePath::Hashes(tile));
        let bytes = read.map_err(|source| ReadError::Store { tile, source: Box::new(source) })?;
        bytes.map(|bytes| exactly(tile, bytes)).transpose()
    }
}

impl<S: TileStore + ?Sized> TileReader for StoredTiles<'_, S> {
    fn tile(&self, tile: TileId) -> Result<Vec<u8>, ReadError> {
        let latest = TileId::in_tree(tile.level(), tile.index(), self.latest);
        let wider = [latest, tile.with_width(TILE_WIDTH).ok()].into_iter().flatten();
        for place in [tile].into_iter().chain(wider.filter(|wider| wider.width() > tile.width())) {
            if let Some(mut bytes) = self.read(place)? {
                bytes.truncate(tile.bytes());
                return Ok(bytes);
            }
        }
        Err(ReadError::Missing { tile })
    }
}

/// Tiles checked against the root of a checkpoint: what it gives out can be trusted as far as the checkpoint.
///
/// The right edge is read and checked at once. Every other tile is full, and its root stands in the level above: it is checked
/// against that, up to the right edge. Tiles above level 0 are kept, at most 1/256 of the tree; a tile of level 0 is read and
/// checked each time it is asked for.
#[derive(Debug)]
pub struct VerifiedTiles<'a, H, R> {
    hash: &'a H,
    tiles: R,
    size: u64,
    checked: RefCell<HashMap<(u8, u64), Vec<u8>>>,
}

impl<'a, H: TreeHash, R: TileReader> VerifiedTiles<'a, H, R> {
    /// Checks that the right edge of the tree of `size` leaves leads to `root`.
    ///
    /// # Errors
    /// [`ReadError::Root`] where it does not; [`ReadError::Missing`], [`ReadError::Length`], [`ReadError::Store`].
    pub fn new(hash: &'a H, tiles: R, size: u64, root: &Hash) -> Result<Self, ReadError> {
        let mut edge = HashMap::new();
        for tile in right_edge(size) {
            edge.insert(tile, exactly(tile, tiles.tile(tile)?)?);
        }
        let found = root_at(hash, &edge, size)?;
        if found != *root {
            return Err(ReadError::Root { tiles: right_edge(size).collect(), size, found, expected: *root });
        }
        let checked = edge.into_iter().map(|(tile, bytes)| ((tile.level(), tile.index()), bytes)).collect();
        Ok(Self { hash, tiles, size, checked: RefCell::new(checked) })
    }

    /// Leaves of the tree.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The tile as wide as the tree has it, checked.
    fn whole(&self, tile: TileId) -> Result<Vec<u8>, ReadError> {
        let place = (tile.level(), tile.index());
        if let Some(bytes) = self.checked.borrow().get(&place) {
            return Ok(bytes.clone());
        }
        let outside = ReadError::Outside { tile, size: self.size };
        // A full tile: the tree has its root in the level above, unless it was on the right edge.
        let Some(above) = TileId::in_tree(tile.level() + 1, tile.index() / 256, self.size) else { return Err(outside) };
        let roots = self.whole(above)?;
        let bytes = exactly(tile, self.tiles.tile(tile)?)?;
        let at = (tile.index() % 256) as usize * 32;
        if roots.get(at..at + 32) != Some(fold(self.hash, &bytes).as_slice()) {
            return Err(ReadError::Altered { tile, size: self.size });
        }
        if tile.level() > 0 {
            self.checked.borrow_mut().insert(place, bytes.clone());
        }
        Ok(bytes)
    }
}

impl<H: TreeHash, R: TileReader> TileReader for VerifiedTiles<'_, H, R> {
    fn tile(&self, tile: TileId) -> Result<Vec<u8>, ReadError> {
        let whole = TileId::in_tree(tile.level(), tile.index(), self.size);
        let whole = whole.filter(|whole| whole.width() >= tile.width());
        let mut bytes = self.whole(whole.ok_or(ReadError::Outside { tile, size: self.size })?)?;
        bytes.truncate(tile.bytes());
        Ok(bytes)
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
