//! Tiles in the database: [`TileStore`] and [`TileReader`] over a transaction or a view.
//!
//! A tile is one row that grows. A narrower tile is the beginning of a wider one, so that only the newest is kept.

use chengxin_store::{StoreError, Tx, View};
use chengxin_tlog::{ReadError, StorageError, TileId, TilePath, TileReader, TileStore};

/// Tiles as a transaction or a view sees them.
pub(super) struct DatabaseTiles<'a, 's> {
    tx: Option<&'a Tx<'s>>,
    view: View<'a>,
}

impl<'a, 's> DatabaseTiles<'a, 's> {
    pub(super) fn of(tx: &'a Tx<'s>) -> Self {
        Self { tx: Some(tx), view: tx.view() }
    }

    pub(super) fn reading(view: View<'a>) -> Self {
        Self { tx: None, view }
    }

    fn find(&self, tile: TileId) -> Result<Option<Vec<u8>>, StoreError> {
        let part = i64::try_from(tile.index()).map_err(|_| StoreError::Value("log_tile.part".into()))?;
        let found = self.view.log_tile(i64::from(tile.level()), part)?;
        Ok(found.filter(|hashes| hashes.len() >= tile.bytes()).map(|mut hashes| {
            hashes.truncate(tile.bytes());
            hashes
        }))
    }
}

impl TileStore for DatabaseTiles<'_, '_> {
    fn tile_read(&self, path: TilePath) -> Result<Option<Vec<u8>>, StorageError> {
        match path {
            TilePath::Hashes(tile) => self.find(tile).map_err(|error| failed(path, error)),
            // Entries are served from the leaves themselves.
            TilePath::Entries(_) => Ok(None),
        }
    }

    fn tile_write(&mut self, path: TilePath, bytes: &[u8]) -> Result<(), StorageError> {
        let Some(tx) = self.tx else { return Err(StorageError::ReadOnly { place: "log_tile".to_owned() }) };
        let TilePath::Hashes(tile) = path else { return Ok(()) };
        let part = i64::try_from(tile.index()).map_err(|_| failed(path, StoreError::Value("log_tile.part".into())))?;
        tx.log_tile_set(i64::from(tile.level()), part, bytes).map_err(|error| failed(path, error))
    }

    /// Tiles become durable in the transaction that stores the head.
    fn flush(&mut self) -> Result<(), StorageError> {
        Ok(())
    }
}

impl TileReader for DatabaseTiles<'_, '_> {
    fn tile(&self, tile: TileId) -> Result<Vec<u8>, ReadError> {
        let found = self.find(tile).map_err(|error| ReadError::Store { tile, source: Box::new(error) })?;
        found.ok_or(ReadError::Missing { tile })
    }
}

fn failed(path: TilePath, error: StoreError) -> StorageError {
    StorageError::Failed { what: format!("{path} in the database"), source: Box::new(error) }
}
