//! Opening the main database: one connection that writes, any number that only read.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::{StoreError, migrate};

/// How long a writer waits for another process to finish its transaction.
const BUSY: Duration = Duration::from_secs(30);

/// Page cache of the writing connection, in KiB. Large enough for the inner pages of the indexes of some ten million
/// records, small enough for the memory bound of an import.
const WRITER_CACHE_KIB: i64 = 48 * 1024;

/// The store, for writing. One connection; hand it to one thread.
#[derive(Debug)]
pub struct Store {
    pub(crate) connection: Connection,
    path: PathBuf,
}

/// A named transaction that holds the write lock from its beginning.
#[derive(Debug)]
pub struct Tx<'s> {
    pub(crate) inner: rusqlite::Transaction<'s>,
}

impl Store {
    /// Makes a new database.
    ///
    /// # Errors
    /// [`StoreError::Engine`] where it cannot be created.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Opens an existing database and brings its schema to the newest version.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::UnknownSchema`], [`StoreError::Damaged`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.is_file() {
            return Err(StoreError::Missing(path.display().to_string()));
        }
        Self::open_with(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    fn open_with(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let mut connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        prepare(&connection, WRITER_CACHE_KIB)?;
        migrate::run(&mut connection, migrate::MAIN)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// Where the database lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` in one transaction that is durable when this returns (`synchronous=FULL`). `name` says in an error
    /// or a trace which one it was. If `work` fails nothing of it remains.
    ///
    /// # Errors
    /// Whatever `work` returns, or the failure to begin or commit.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let wrap = |error: rusqlite::Error| {
            tracing::warn!(transaction = name, %error, "transaction failed");
            E::from(StoreError::from(error))
        };
        let tx = Tx { inner: self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrap)? };
        let value = work(&tx)?;
        tx.inner.commit().map_err(wrap)?;
        Ok(value)
    }

    /// Whether a power cut may take back the transactions that follow (never a killed process). Used for the chunks
    /// of an open submission, which the durable transaction that accepts it seals, and for nothing else.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn set_relaxed(&self, relaxed: bool) -> Result<(), StoreError> {
        Ok(self.connection.pragma_update(None, "synchronous", if relaxed { "NORMAL" } else { "FULL" })?)
    }

    /// Lets the write-ahead log grow to about `pages` pages (of 4 KiB) before it is folded back.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn set_checkpoint_pages(&self, pages: i64) -> Result<(), StoreError> {
        self.connection.pragma_update(None, "wal_autocheckpoint", pages)?;
        Ok(())
    }

    /// A second connection that can only read.
    ///
    /// # Errors
    /// As [`ReadStore::open`].
    pub fn reader(&self) -> Result<ReadStore, StoreError> {
        ReadStore::open(&self.path)
    }

    /// The writing connection's own view for reading.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View { connection: &self.connection }
    }
}

impl Tx<'_> {
    /// What the transaction sees.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View { connection: &self.inner }
    }
}

/// The store, for reading only: SQLite itself refuses a write.
#[derive(Debug)]
pub struct ReadStore {
    connection: Connection,
}

impl ReadStore {
    /// Opens a database for reading.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::UnknownSchema`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.is_file() {
            return Err(StoreError::Missing(path.display().to_string()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.set_prepared_statement_cache_capacity(128);
        let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let known = migrate::MAIN.last().map_or(0, |(number, _)| *number);
        if found != known {
            return Err(StoreError::UnknownSchema { found, known });
        }
        Ok(Self { connection })
    }

    /// What it sees now.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View { connection: &self.connection }
    }
}

/// Anything that can be read from: a store, a reader, a transaction.
#[derive(Debug, Clone, Copy)]
pub struct View<'c> {
    pub(crate) connection: &'c Connection,
}

pub(crate) fn prepare(connection: &Connection, cache_kib: i64) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // What is erased is overwritten in the file, not only unlinked.
    connection.pragma_update(None, "secure_delete", "FAST")?;
    Ok(())
}
