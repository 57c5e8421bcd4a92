//! How an import behaves beside a server: SQLite has one writer, so it writes in slices and lets others in between.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chengxin_store::Place;

/// File that every server of an installation holds a shared lock on.
pub const SERVER_LOCK: &str = "server.lock";

/// How long a slice may take before it is committed; the commit itself comes on top.
const SLICE: Duration = Duration::from_millis(6);
/// For how long others are let in after each slice: long enough for a writer who asks every half millisecond.
const PAUSE: Duration = Duration::from_micros(1_500);
/// Versions sealed at once beside a server: some two milliseconds of writing.
const SMALL_CHUNK: usize = 192;

/// Whether there is anybody to be considerate of.
#[derive(Debug, Clone)]
pub(super) struct Manners {
    /// Absent where many may write at once.
    lock: Option<PathBuf>,
}

impl Manners {
    /// For an import into this database.
    pub(super) fn beside(place: &Place) -> Self {
        Self { lock: place.file().map(|path| path.with_file_name(SERVER_LOCK)) }
    }

    /// Is a server at work on the installation?
    pub(super) fn company(&self) -> bool {
        let Some(Ok(file)) = self.lock.as_ref().map(File::open) else { return false };
        matches!(file.try_lock(), Err(TryLockError::WouldBlock))
    }

    /// Versions to seal at once, where `alone` is the usual number.
    pub(super) fn chunk(&self, alone: usize) -> usize {
        if self.company() { SMALL_CHUNK } else { alone }
    }

    /// Lets others write.
    pub(super) fn yield_now(&self) {
        std::thread::sleep(PAUSE);
    }
}

/// Lets this thread, and those that it starts, give way to the others of the process and of the machine.
///
/// One thread writes, and everything waits for it in the end: the threads that read, check and seal before it must not take its
/// core. They also give way to a server. Where the system knows no such thing, nothing changes.
pub(super) fn step_back() {
    #[cfg(target_os = "linux")]
    {
        let _as_it_was = rustix::process::nice(NICENESS);
    }
}

/// Each step takes a fifth of a thread's share: at five it gets a third of what the writing one gets, and is not starved on a busy
/// machine.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

/// How long a transaction has been open.
#[derive(Debug)]
pub(super) struct Slice(Instant);

impl Slice {
    #[expect(clippy::disallowed_methods, reason = "how long something has taken, not what time it is")]
    pub(super) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Is it time to commit?
    pub(super) fn is_over(&self) -> bool {
        self.0.elapsed() >= SLICE
    }
}

/// Says to imports that a server is at work, as long as it is held.
#[derive(Debug)]
pub struct Presence(#[expect(dead_code, reason = "held for its lock, which goes with it")] File);

impl Presence {
    /// Shows the presence of a server on an installation.
    ///
    /// # Errors
    /// The file system's.
    pub fn show(dir: &Path) -> std::io::Result<Self> {
        let file = File::options().create(true).truncate(false).write(true).open(dir.join(SERVER_LOCK))?;
        file.lock_shared()?;
        Ok(Self(file))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_server_is_noticed_as_long_as_it_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let manners = Manners::beside(&Place::from(dir.path().join("chengxin.db")));
        assert!(!manners.company(), "no server ever ran");
        let (one, two) = (Presence::show(dir.path()).unwrap(), Presence::show(dir.path()).unwrap());
        assert!(manners.company() && manners.chunk(2_048) == SMALL_CHUNK);
        drop(one);
        assert!(manners.company());
        drop(two);
        assert!(!manners.company() && manners.chunk(2_048) == 2_048);
    }
}
