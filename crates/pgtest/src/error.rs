//! What can go wrong, in words that say what to do.

use std::fmt;
use std::path::PathBuf;

/// How to get the server, on the systems that developers use.
pub(crate) const INSTALL: &str = "\
install PostgreSQL, one of:
  apt-get install postgresql            (Debian, Ubuntu)
  dnf install postgresql-server         (Fedora, Red Hat)
  brew install postgresql               (macOS)
or set CHENGXIN_TEST_POSTGRES_BIN to the folder that has initdb, postgres and psql";

/// Why there is no server, or why it did not do what was asked.
///
/// `Debug` prints the same sentence as `Display`: most of these are met as the message of a test that panicked, and the
/// command to run must be in it.
#[derive(thiserror::Error)]
pub enum ServerError {
    /// No server is installed where one is looked for.
    #[error("no PostgreSQL server was found on this machine\n{INSTALL}")]
    NotInstalled,
    /// The folder that was named, or the one that was found, does not have the programs.
    #[error("there is no `{program}` in {}\n{INSTALL}", folder.display())]
    NoBinaries {
        /// The folder that was looked into.
        folder: PathBuf,
        /// The first program that is missing.
        program: &'static str,
    },
    /// An older server than [`crate::Options::version_at_least`].
    #[error("{} has PostgreSQL {found}, and {wanted} or later is needed\n{INSTALL}", folder.display())]
    TooOld {
        /// Where it is.
        folder: PathBuf,
        /// Its major version.
        found: u32,
        /// The major version that was asked for.
        wanted: u32,
    },
    /// PostgreSQL refuses to run as root, and there is no other account to run it with.
    #[error("PostgreSQL does not run as root, and this machine has neither an account `postgres` nor `nobody`")]
    NoAccount,
    /// A file, folder or process that the operating system would not give.
    #[error("{what}: {source}")]
    Io {
        /// What was being done, and to which file.
        what: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// `initdb`, `psql` or another of the server's programs ended with an error.
    #[error("{program} failed: {said}")]
    Program {
        /// Its name.
        program: String,
        /// What it wrote to standard error.
        said: String,
    },
    /// The server ended before it was ready, or was not ready in five minutes.
    #[error("the server did not start; the end of its log:\n{log}")]
    NotStarted {
        /// The last lines of the server's log.
        log: String,
    },
}

impl fmt::Debug for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Gives an error of the operating system the sentence that it lacks.
pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> ServerError {
    let what = what.into();
    move |source| ServerError::Io { what, source }
}
