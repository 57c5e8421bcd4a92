//! A log held in memory, and a store that fails where it is told to.

use std::collections::BTreeMap;
use std::fmt;

use crate::storage::{CheckpointStore, StorageError, StoredHead, TileStore, check_advance, covers};
use crate::{Head, TilePath};

/// Tiles, entry bundles and head in memory. Nothing is durable: for tests, and for a log that is only looked at.
#[derive(Debug, Default, Clone)]
pub struct MemoryStore {
    tiles: BTreeMap<TilePath, Vec<u8>>,
    head: Option<StoredHead>,
}

impl MemoryStore {
    /// Takes away what is under this path, as a broken medium would.
    pub fn remove(&mut self, path: TilePath) -> Option<Vec<u8>> {
        self.tiles.remove(&path)
    }

    /// The bytes under this path, to be altered behind the back of the log.
    pub fn bytes_mut(&mut self, path: TilePath) -> Option<&mut Vec<u8>> {
        self.tiles.get_mut(&path)
    }

    /// Every path in order.
    pub fn paths(&self) -> impl Iterator<Item = TilePath> {
        self.tiles.keys().copied()
    }
}

impl TileStore for MemoryStore {
    fn tile_read(&self, path: TilePath) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.tiles.get(&path).cloned())
    }

    fn tile_write(&mut self, path: TilePath, bytes: &[u8]) -> Result<(), StorageError> {
        let stored = self.head.as_ref().map_or(0, |stored| stored.head.size);
        match self.tiles.get(&path) {
            Some(there) if there == bytes => {}
            Some(_) if covers(stored, path) => return Err(StorageError::Changed { path }),
            _ => {
                self.tiles.insert(path, bytes.to_vec());
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), StorageError> {
        Ok(())
    }

    fn keeps_entries(&self) -> bool {
        true
    }
}

impl CheckpointStore for MemoryStore {
    fn load(&self) -> Result<Option<StoredHead>, StorageError> {
        Ok(self.head.clone())
    }

    fn compare_and_set(&mut self, expected: Option<(u64, u64)>, new: &StoredHead) -> Result<(), StorageError> {
        check_advance(self.head.as_ref().map(|stored| &stored.head), expected, &new.head)?;
        self.head = Some(new.clone());
        Ok(())
    }
}

/// How a write fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It took place, and the writer is told that it failed.
    Persisted,
    /// It did not take place.
    NotPersisted,
}

/// A write that is about to take place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Write {
    /// A tile or bundle.
    Tile(TilePath),
    /// The barrier after tiles.
    Flush,
    /// A head, by its (size, epoch).
    Checkpoint(u64, u64),
}

/// A store whose writes fail as a plan says. The plan is told each write and its running number from 0.
pub struct Faulty<S> {
    inner: S,
    count: u64,
    plan: Plan,
}

type Plan = Box<dyn FnMut(u64, Write) -> Option<Fault>>;

impl<S> Faulty<S> {
    /// The store, with a plan of its faults.
    pub fn new(inner: S, plan: impl FnMut(u64, Write) -> Option<Fault> + 'static) -> Self {
        Self { inner, count: 0, plan: Box::new(plan) }
    }

    /// Writes tried so far.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.count
    }

    /// The store behind it.
    #[must_use]
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// The store behind it, and no more faults.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.inner
    }

    fn attempt(
        &mut self,
        write: Write,
        act: impl FnOnce(&mut S) -> Result<(), StorageError>,
    ) -> Result<(), StorageError> {
        let number = self.count;
        self.count += 1;
        let fault = (self.plan)(number, write);
        if fault != Some(Fault::NotPersisted) {
            act(&mut self.inner)?;
        }
        let failed = |fault| StorageError::Failed { what: format!("{write:?}"), source: format!("{fault:?}").into() };
        fault.map_or(Ok(()), |fault| Err(failed(fault)))
    }
}

impl<S: fmt::Debug> fmt::Debug for Faulty<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faulty").field("inner", &self.inner).field("count", &self.count).finish_non_exhaustive()
    }
}

impl<S: TileStore> TileStore for Faulty<S> {
    fn tile_read(&self, path: TilePath) -> Result<Option<Vec<u8>>, StorageError> {
        self.inner.tile_read(path)
    }

    fn tile_write(&mut self, path: TilePath, bytes: &[u8]) -> Result<(), StorageError> {
        self.attempt(Write::Tile(path), |inner| inner.tile_write(path, bytes))
    }

    fn flush(&mut self) -> Result<(), StorageError> {
        self.attempt(Write::Flush, S::flush)
    }

    fn keeps_entries(&self) -> bool {
        self.inner.keeps_entries()
    }
}

impl<S: CheckpointStore> CheckpointStore for Faulty<S> {
    fn load(&self) -> Result<Option<StoredHead>, StorageError> {
        self.inner.load()
    }

    fn compare_and_set(&mut self, expected: Option<(u64, u64)>, new: &StoredHead) -> Result<(), StorageError> {
        let Head { size, epoch, .. } = new.head;
        self.attempt(Write::Checkpoint(size, epoch), |inner| inner.compare_and_set(expected, new))
    }
}
