//! Opening the main database: one connection that writes, any number that only read.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::{StoreError, migrate};

/// How long a writer waits for another process to finish its transaction.
const BUSY: Duration = Duration::from_secs(30);

/// Bytes of a page. With twice SQLite's usual 4 KiB a large import takes a tenth less processor time, since there are half as
/// many pages to write, log and fold back; with four times as many every small commit would write four times as much.
const PAGE: i64 = 8_192;

/// Pause of an eager writer between two attempts.
const EAGER: Duration = Duration::from_micros(500);
/// Attempts until [`BUSY`] is over.
const EAGER_TRIES: i64 = 60_000;

/// Page cache of the writing connection, in KiB. Large enough for the inner pages of the indexes of some ten million
/// records, small enough for the memory bound of an import.
const WRITER_CACHE_KIB: i64 = 24 * 1024;

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
        // Counts where the database is made, and is passed over where it exists.
        connection.pragma_update(None, "page_size", PAGE)?;
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

    /// Folds the whole write-ahead log back and empties it, where it has grown beyond `bytes`: under steady writing folding
    /// beside it never comes to an end, and the file would grow for as long as an import lasts. Somebody who reads an old state
    /// meanwhile is not waited for longer than a writer is.
    ///
    /// # Errors
    /// The engine's.
    pub fn fold_beyond(&self, bytes: u64) -> Result<(), StoreError> {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        // Where it cannot be seen it is not there.
        if std::fs::metadata(log).map_or(0, |of| of.len()) < bytes {
            return Ok(());
        }
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    /// A ceiling on the size of the database, in pages. At it the engine says what it says on a full disk.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn set_page_limit(&self, pages: i64) -> Result<(), StoreError> {
        let set =
            |connection: &Connection| connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()));
        Ok(set(&self.connection)?)
    }

    /// Size of the database, in pages.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn pages(&self) -> Result<i64, StoreError> {
        Ok(self.connection.pragma_query_value(None, "page_count", |row| row.get(0))?)
    }

    /// Whether commits fold the write-ahead log back when it has grown, as they do from the start. An import leaves that to
    /// a [`Checkpointer`] beside it.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn set_folding(&self, folding: bool) -> Result<(), StoreError> {
        folding_of(&self.connection, folding)
    }

    /// Asks for the write lock every half millisecond in place of ever longer pauses: for the one writer of a server, which
    /// must get in between the slices of an import.
    ///
    /// # Errors
    /// The engine's.
    pub fn set_eager(&mut self) -> Result<(), StoreError> {
        Ok(self.connection.busy_handler(Some(|tries| {
            std::thread::sleep(EAGER);
            i64::from(tries) < EAGER_TRIES
        }))?)
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

/// Folds the write-ahead log back into the database by a connection of its own, while others read and write: what has to be
/// copied and synced then holds up no commit.
#[derive(Debug)]
pub struct Checkpointer {
    connection: Connection,
}

impl Checkpointer {
    /// Opens a connection to a database that exists.
    ///
    /// # Errors
    /// The engine's.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(BUSY)?;
        // A small cache: pages are copied from file to file.
        connection.pragma_update(None, "cache_size", -1024)?;
        Ok(Self { connection })
    }

    /// Folds back what nobody reads any more in its old form. Waits for nobody.
    ///
    /// # Errors
    /// The engine's.
    pub fn fold(&self) -> Result<(), StoreError> {
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
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

/// Pages after which a commit folds the write-ahead log back: SQLite's own measure.
const FOLD_AFTER: i64 = 1_000;

pub(crate) fn folding_of(connection: &Connection, folding: bool) -> Result<(), StoreError> {
    Ok(connection.pragma_update(None, "wal_autocheckpoint", if folding { FOLD_AFTER } else { 0 })?)
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
