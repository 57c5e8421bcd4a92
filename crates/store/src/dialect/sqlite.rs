//! SQLite: how a file is opened, and what an import does with its write-ahead log.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

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
/// Page cache of the key store, in KiB.
const KEYS_CACHE_KIB: i64 = 4 * 1024;

/// Page cache of a reader, in KiB.
const READER_CACHE_KIB: i64 = 4 * 1024;

/// Pages after which a commit folds the write-ahead log back: SQLite's own measure.
const FOLD_AFTER: i64 = 1_000;

/// Opens the main database for writing; with `create` it may be a new one.
pub(crate) fn open_main(path: &Path, create: bool) -> Result<Connection, StoreError> {
    let mut connection = open_file(path, create)?;
    // Counts where the database is made, and is passed over where it exists.
    connection.pragma_update(None, "page_size", PAGE)?;
    prepare(&connection, WRITER_CACHE_KIB)?;
    migrate::run_sqlite(&mut connection, migrate::MAIN)?;
    Ok(connection)
}

/// Opens the key store.
pub(crate) fn open_keys(path: &Path, create: bool) -> Result<Connection, StoreError> {
    let mut connection = open_file(path, create)?;
    prepare(&connection, KEYS_CACHE_KIB)?;
    // What is deleted here must not survive in a free page.
    connection.pragma_update(None, "secure_delete", "ON")?;
    migrate::run_sqlite(&mut connection, migrate::KEYS)?;
    Ok(connection)
}

/// Opens the main database so that SQLite itself refuses a write.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    if !path.is_file() {
        return Err(StoreError::Missing(path.display().to_string()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    stable_plans(&connection)?;
    let found = migrate::version_of_sqlite(&connection)?;
    let known = migrate::MAIN.newest();
    if found != known {
        return Err(StoreError::UnknownSchema { found, known });
    }
    Ok(connection)
}

/// A statement keeps its plan whatever is bound to it. Otherwise one whose plan could depend on a value, as beside a partial index,
/// is prepared anew each time that it is used.
fn stable_plans(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn open_file(path: &Path, create: bool) -> Result<Connection, StoreError> {
    if !create && !path.is_file() {
        return Err(StoreError::Missing(path.display().to_string()));
    }
    let flags = if create {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    };
    Ok(Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?)
}

fn prepare(connection: &Connection, cache_kib: i64) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(128);
    stable_plans(connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // What is erased is overwritten in the file, not only unlinked.
    connection.pragma_update(None, "secure_delete", "FAST")?;
    Ok(())
}

/// May a power cut take back the transactions that follow?
pub(crate) fn set_relaxed(connection: &Connection, relaxed: bool) -> Result<(), StoreError> {
    Ok(connection.pragma_update(None, "synchronous", if relaxed { "NORMAL" } else { "FULL" })?)
}

/// Do commits fold the write-ahead log back?
pub(crate) fn set_folding(connection: &Connection, folding: bool) -> Result<(), StoreError> {
    Ok(connection.pragma_update(None, "wal_autocheckpoint", if folding { FOLD_AFTER } else { 0 })?)
}

/// Asks for the write lock every half millisecond.
pub(crate) fn set_eager(connection: &mut Connection) -> Result<(), StoreError> {
    Ok(connection.busy_handler(Some(|tries| {
        std::thread::sleep(EAGER);
        i64::from(tries) < EAGER_TRIES
    }))?)
}

/// Folds the whole write-ahead log back and empties it, where it has grown beyond `bytes`.
pub(crate) fn fold_beyond(connection: &Connection, bytes: u64) -> Result<(), StoreError> {
    let Some(path) = connection.path() else { return Ok(()) };
    // Where it cannot be seen it is not there.
    if std::fs::metadata(format!("{path}-wal")).map_or(0, |of| of.len()) < bytes {
        return Ok(());
    }
    fold(connection)
}

/// Folds the whole write-ahead log back and empties it.
pub(crate) fn fold(connection: &Connection) -> Result<(), StoreError> {
    Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

/// Begins to read of one state. It is the state of now, not of the first read that follows.
pub(crate) fn begin_reading(connection: &Connection) -> Result<(), StoreError> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    Ok(connection
        .prepare_cached("SELECT count(rootpage) FROM sqlite_schema WHERE rowid = 1")?
        .query_row([], |_| Ok(()))?)
}

/// Ends it.
pub(crate) fn end_reading(connection: &Connection) -> Result<(), StoreError> {
    if !connection.is_autocommit() {
        connection.prepare_cached("COMMIT")?.execute([])?;
    }
    Ok(())
}

/// From here on every read sees the database as it stands now.
pub(crate) fn freeze(connection: &Connection) -> Result<(), StoreError> {
    // A larger cache than a request needs: indexes are walked beside their tables.
    connection.pragma_update(None, "cache_size", -32_768)?;
    Ok(connection.execute_batch("BEGIN")?)
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
