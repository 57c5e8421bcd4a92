//! What can go wrong in the store, in words that `app` can act on.

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database file is not there.
    #[error("no database at {0}")]
    Missing(String),
    /// A schema that this programme does not know: a newer one, or not ours.
    #[error("schema version {found} where this programme knows up to {known}")]
    UnknownSchema {
        /// Version found.
        found: i64,
        /// Newest version known.
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
    Value(&'static str),
    /// A change that a concurrent one has overtaken.
    #[error("changed by somebody else meanwhile: {0}")]
    Conflict(&'static str),
    /// The clock stands before the newest entry of the log: nothing may be logged with a time that cannot be.
    #[error("the clock stands {behind_s} seconds before the newest log entry")]
    ClockBack {
        /// By how many seconds.
        behind_s: i64,
    },
    /// Anything else that the engine says.
    #[error("database: {0}")]
    Engine(rusqlite::Error),
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
            _ => Self::Engine(error),
        }
    }
}
