//! What an error of a server means for what was being done.

use tokio_postgres::Error;
use tokio_postgres::error::{Severity, SqlState};

use crate::StoreError;
use crate::error::with_cause;
use crate::place::ServerAddress;

/// Why something could not be done.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server says so, or the driver.
    Said(Error),
    /// No answer came in time.
    Silent,
    /// There is no connection.
    Closed,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Said(error)
    }
}

impl Failure {
    /// In words that `app` can act on.
    pub(super) fn explained(self, address: &ServerAddress) -> StoreError {
        let trouble = Trouble::of(&self);
        let why = match self {
            Self::Said(error) if trouble != Trouble::Lost => return StoreError::from(error),
            Self::Said(error) => with_cause(&error),
            Self::Silent => "no answer in time".to_owned(),
            Self::Closed => "the connection is closed".to_owned(),
        };
        StoreError::Unreachable { at: address.to_string(), why }
    }

    /// Was it said by the server, so that what it answers is certain?
    pub(super) fn is_certain(&self) -> bool {
        let Self::Said(error) = self else { return false };
        let unsure = [&SqlState::TRANSACTION_RESOLUTION_UNKNOWN, &SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN];
        error.code().is_some_and(|code| !unsure.contains(&code)) && Trouble::of(self) != Trouble::Lost
    }
}

/// Whether it may succeed when it is done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The connection, or the server, is gone.
    Lost,
    /// It collided with another transaction.
    Collided,
    /// Neither: again would fail again.
    Lasting,
}

impl Trouble {
    pub(super) fn of(failure: &Failure) -> Self {
        let Failure::Said(error) = failure else { return Self::Lost };
        let Some(said) = error.as_db_error() else { return Self::of_driver(error) };
        match said.code() {
            &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => Self::Collided,
            // Another server was faster: run again, the transaction sees what it did.
            &SqlState::UNIQUE_VIOLATION => Self::Collided,
            &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW => Self::Lost,
            // A primary that has become a standby; the next connection finds the new one.
            &SqlState::READ_ONLY_SQL_TRANSACTION => Self::Lost,
            // What was prepared is not there any more, or means something else since a migration.
            &SqlState::INVALID_SQL_STATEMENT_NAME => Self::Lost,
            &SqlState::FEATURE_NOT_SUPPORTED if said.routine() == Some("RevalidateCachedQuery") => Self::Lost,
            code if code.code().starts_with("08") => Self::Lost,
            // The server ends the session with it: idle in a transaction for too long, its database dropped.
            _ if matches!(said.parsed_severity(), Some(Severity::Fatal | Severity::Panic)) => Self::Lost,
            _ => Self::Lasting,
        }
    }

    fn of_driver(error: &Error) -> Self {
        let io = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<std::io::Error>());
        match io {
            // What cannot be sent: too long, or with a zero byte in a statement.
            Some(io) if io.kind() == std::io::ErrorKind::InvalidInput => Self::Lasting,
            Some(_) => Self::Lost,
            None if error.is_closed() => Self::Lost,
            None => Self::Lasting,
        }
    }
}
