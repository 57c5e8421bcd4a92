//! What one process does at a time: importing, sequencing. A claim ends with the process that holds it, however that ends.

use std::fs::{File, TryLockError};

use crate::StoreError;
use crate::dialect::postgres::{Server, Session};
use crate::place::Place;

/// A claim, held as long as this lives.
#[derive(Debug)]
pub struct Claim(Held);

#[derive(Debug)]
enum Held {
    /// A locked file beside the database.
    File(#[expect(dead_code, reason = "held for its lock, which goes with it")] File),
    /// A session with a lock of its own, by its number. The server frees it when the session ends.
    Session(Box<Server>, i64),
}

impl Drop for Claim {
    /// A server sees only after a moment that a session has ended. Who comes next need not wait for that.
    fn drop(&mut self) {
        if let Held::Session(server, number) = &self.0
            && server.answers()
        {
            let freed = server.text(&format!("SELECT pg_advisory_unlock({number})::text"));
            if let Err(error) = freed {
                tracing::debug!(%error, "a claim ends with its session");
            }
        }
    }
}

impl Claim {
    /// Claims `name` in a database; nothing where another process, or another claim of this one, holds it.
    ///
    /// # Errors
    /// The file system's or the engine's.
    pub fn take(place: &Place, name: &'static str) -> Result<Option<Self>, StoreError> {
        match place {
            Place::File(path) => {
                let path = path.with_file_name(format!("{name}.lock"));
                let failed = |error: std::io::Error| StoreError::Engine(format!("{}: {error}", path.display()));
                let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
                match file.try_lock() {
                    Ok(()) => Ok(Some(Self(Held::File(file)))),
                    Err(TryLockError::WouldBlock) => Ok(None),
                    Err(TryLockError::Error(error)) => Err(failed(error)),
                }
            }
            Place::Server(address) => {
                // Of several hosts the one that can be written to: a standby keeps locks of its own.
                let server = Server::open(address, Session::Writing)?;
                let number = number(name);
                let taken = server.text(&format!("SELECT pg_try_advisory_lock({number})::text"))?;
                Ok((taken.as_deref() == Some("true")).then(|| Self(Held::Session(Box::new(server), number))))
            }
        }
    }

    /// Is it still held? One over a connection that ended is not.
    #[must_use]
    pub fn holds(&self) -> bool {
        match &self.0 {
            Held::File(_) => true,
            Held::Session(server, _) => server.answers(),
        }
    }
}

/// The number by which a server knows a claim: the letters of its name.
fn number(name: &str) -> i64 {
    name.bytes().fold(0x6378, |number, byte| (number << 7) ^ i64::from(byte))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn what_is_claimed_is_nobody_elses_until_it_is_let_go() {
        let databases = crate::testing::Databases::for_test();
        let dir = tempfile::tempdir().unwrap();
        let place = databases.main_or(&dir.path().join("main.db"));
        let held = Claim::take(&place, "import").unwrap().unwrap();
        assert!(held.holds());
        assert!(Claim::take(&place, "import").unwrap().is_none());
        assert!(Claim::take(&place, "sequencer").unwrap().is_some(), "another claim is free");
        drop(held);
        assert!(Claim::take(&place, "import").unwrap().is_some());
    }
}
