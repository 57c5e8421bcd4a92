//! What can go wrong in the store, in words that `app` can act on.

use std::borrow::Cow;

use tokio_postgres::error::SqlState;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is not there: a file, or a database of that name on the server.
    #[error("no database at {0}")]
    Missing(String),
    /// There is an installation in the database already.
    #[error("there is an installation at {0} already")]
    Occupied(String),
    /// A schema that this programme does not know: a newer one, or not ours.
    #[error("schema version {found} where this programme knows up to {known}")]
    UnknownSchema {
        /// Version found.
        found: i64,
        /// Newest version known.
        known: i64,
    },
    /// A schema that this programme knows how to bring up to date, and does not by itself: other servers may be at work.
    #[error("schema version {found} where this programme needs {known}")]
    OldSchema {
        /// Version found; 0 where there are no tables of ours.
        found: i64,
        /// Version needed.
        known: i64,
    },
    /// Another process writes and did not let go in time.
    #[error("the database is busy")]
    Busy,
    /// No space is left where the database lies.
    #[error("no space left for the database")]
    Full,
    /// The file is damaged or no database.
    #[error("the database file is damaged: {0}")]
    Damaged(String),
    /// A column held what it must not hold.
    #[error("unexpected value in {0}")]
    Value(Cow<'static, str>),
    /// A change that a concurrent one has overtaken.
    #[error("changed by somebody else meanwhile: {0}")]
    Conflict(&'static str),
    /// The clock stands before the newest entry of the log: nothing may be logged with a time that cannot be.
    #[error("the clock stands {behind_s} seconds before the newest log entry")]
    ClockBack {
        /// By how many seconds.
        behind_s: i64,
    },
    /// An address of a database that cannot be understood.
    #[error("the address of the database: {0}")]
    Address(String),
    /// The server cannot be reached, or went away and did not come back in time.
    #[error("the database server {at} cannot be reached: {why}")]
    Unreachable {
        /// Host, port and database; never a password.
        at: String,
        /// What was tried.
        why: String,
    },
    /// The server refuses the user or the password.
    #[error("the database server {at} refuses the user: {why}")]
    Refused {
        /// Host, port and database; never a password.
        at: String,
        /// What it says.
        why: String,
    },
    /// The server is older than what is needed.
    #[error("the database server has version {found}, at least {needed} is needed")]
    OldServer {
        /// Version found.
        found: i64,
        /// Version needed.
        needed: i64,
    },
    /// The user of the database may not do what is needed.
    #[error("the database user lacks a right: {0}")]
    Rights(String),
    /// The server has no connection to spare.
    #[error("the database server has no connection left")]
    NoConnection,
    /// A statement took longer than it may.
    #[error("a statement took longer than it may")]
    TimedOut,
    /// The connection ended while a transaction was being committed, and nobody can say any more whether it was.
    #[error("the connection ended during a commit, and its outcome is not known")]
    CommitUnknown,
    /// Anything else that the engine says.
    #[error("database: {0}")]
    Engine(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as C;
        match error.sqlite_error_code() {
            Some(C::DatabaseBusy | C::DatabaseLocked) => Self::Busy,
            Some(C::DiskFull) => Self::Full,
            // A write that fails below the database (quota, device) is what a full disk looks like on some systems.
            Some(C::SystemIoFailure) if error.to_string().contains("full") => Self::Full,
            Some(C::DatabaseCorrupt | C::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Engine(error.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else { return Self::Engine(with_cause(&error)) };
        match *said.code() {
            SqlState::LOCK_NOT_AVAILABLE => Self::Busy,
            SqlState::DISK_FULL => Self::Full,
            SqlState::TOO_MANY_CONNECTIONS => Self::NoConnection,
            SqlState::QUERY_CANCELED => Self::TimedOut,
            SqlState::INSUFFICIENT_PRIVILEGE => Self::Rights(said.message().to_owned()),
            SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => Self::Damaged(said.message().to_owned()),
            // A zero character: other than SQLite it refuses one in text.
            SqlState::CHARACTER_NOT_IN_REPERTOIRE | SqlState::UNTRANSLATABLE_CHARACTER => {
                Self::Value("text: a character that the database cannot hold".into())
            }
            // Not the server's detail: it may quote values of a row.
            _ => Self::Engine(format!("{}: {}", said.code().code(), said.message())),
        }
    }
}

/// An error of the driver with what lies behind it: by itself it says no more than `error connecting to server`.
pub(crate) fn with_cause(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
