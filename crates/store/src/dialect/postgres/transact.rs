//! Transactions that are run again.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use super::Server;
use super::trouble::{Failure, Trouble};
use crate::StoreError;

/// How often a transaction is run that collides with others.
const COLLISIONS: u32 = 16;
/// How often one is run whose connection ends: a statement that brings the server down must not do so for ever.
const LOSSES: u32 = 3;
/// Longest pause between two runs.
const PAUSE_MS: u64 = 250;

/// Pauses between questions about a commit, in milliseconds: seconds in all.
const ASKING_MS: [u64; 12] = [5, 10, 20, 50, 100, 200, 300, 500, 500, 1_000, 1_000, 1_000];
/// After how many of them the session that commits is ended, which hangs somewhere.
const PATIENT: usize = 4;

enum Attempt<T, E> {
    Done(T),
    Failed(E),
    Again(Trouble, Option<E>),
}

impl Server {
    /// Runs `work` in one transaction that is durable when this returns, as often as it takes.
    pub(crate) fn transact<T, E: From<StoreError>>(
        &self,
        name: &'static str,
        mut work: impl FnMut() -> Result<T, E>,
    ) -> Result<T, E> {
        let (mut collisions, mut losses) = (0, 0);
        loop {
            let (trouble, error) = match self.attempt(&mut work) {
                Attempt::Done(value) => return Ok(value),
                Attempt::Failed(error) => return Err(error),
                Attempt::Again(trouble, error) => (trouble, error),
            };
            if trouble == Trouble::Lost {
                losses += 1;
            } else {
                collisions += 1;
            }
            if collisions >= COLLISIONS || losses >= LOSSES {
                return Err(error.unwrap_or_else(|| E::from(StoreError::Conflict(name))));
            }
            tracing::info!(transaction = name, collisions, losses, "run again");
            std::thread::sleep(pause(collisions));
        }
    }

    fn attempt<T, E: From<StoreError>>(&self, work: &mut impl FnMut() -> Result<T, E>) -> Attempt<T, E> {
        if let Err(error) = self.begin("BEGIN ISOLATION LEVEL SERIALIZABLE") {
            let error = E::from(error);
            return match self.trouble() {
                Some(Trouble::Lost) => Attempt::Again(Trouble::Lost, Some(error)),
                _ => Attempt::Failed(error),
            };
        }
        let open = Open { server: self };
        let outcome = work();
        match (outcome, self.trouble()) {
            (Ok(value), None) => match open.commit() {
                Ok(()) => Attempt::Done(value),
                Err((error, Trouble::Lasting)) => Attempt::Failed(E::from(error)),
                Err((error, trouble)) => Attempt::Again(trouble, Some(E::from(error))),
            },
            // Nothing of it is kept, whatever was made of the error.
            (Ok(_), Some(Trouble::Lasting)) => {
                Attempt::Failed(E::from(StoreError::Engine("a statement of the transaction failed".to_owned())))
            }
            (Err(error), None | Some(Trouble::Lasting)) => Attempt::Failed(error),
            (outcome, Some(trouble)) => Attempt::Again(trouble, outcome.err()),
        }
    }
}

/// Pauses that differ part those who collided.
fn pause(collisions: u32) -> Duration {
    let most = (5 * u64::from(collisions * collisions)).clamp(1, PAUSE_MS) * 1_000;
    Duration::from_micros(RandomState::new().hash_one(collisions) % most)
}

/// An open transaction; rolled back unless it is committed.
struct Open<'s> {
    server: &'s Server,
}

impl Open<'_> {
    /// Commits. Where the connection ends meanwhile the server is asked, once it is back, what became of it.
    fn commit(self) -> Result<(), (StoreError, Trouble)> {
        let server = self.server;
        // A connection that ends before the commit: nothing was kept, and it can be run again.
        let asked = server.text("SELECT pg_current_xact_id_if_assigned()::text");
        let number = asked.map_err(|error| (error, server.trouble().unwrap_or(Trouble::Lasting)))?;
        let (citus, timeline) = server.about();
        let committed = server.with_live(|live| live.map_or(Err(Failure::Closed), |live| live.batch("COMMIT")));
        server.release();
        let failure = match committed {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(failure)) => failure,
            Err(error) => return Err((error, Trouble::Lasting)),
        };
        let (certain, trouble) = (failure.is_certain(), Trouble::of(&failure));
        let error = server.noted(failure);
        match number {
            _ if certain => Err((error, trouble)),
            Some(number) => server.fate(&Commit { number, citus, timeline }),
            // It changed nothing here; on Citus perhaps on another node.
            None if citus => Err((StoreError::CommitUnknown, Trouble::Lasting)),
            None => Ok(()),
        }
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.server.roll_back();
    }
}

/// A commit that was not answered.
struct Commit {
    number: String,
    citus: bool,
    timeline: Option<String>,
}

impl Server {
    /// What became of it. A server that cannot know says so, and [`StoreError::CommitUnknown`] tells whoever waits.
    fn fate(&self, commit: &Commit) -> Result<(), (StoreError, Trouble)> {
        let unknown = (StoreError::CommitUnknown, Trouble::Lasting);
        let number = &commit.number;
        for (asked, pause) in ASKING_MS.iter().enumerate() {
            let Ok(status) = self.text(&format!("SELECT pg_xact_status('{number}'::xid8)")) else {
                return Err(unknown);
            };
            // Another history: a standby took over, where the number may be that of another transaction.
            if self.about().1 != commit.timeline {
                return Err(unknown);
            }
            match status.as_deref() {
                Some("committed") => return Ok(()),
                // A node may have committed before the one that was asked failed to.
                Some("aborted") if commit.citus => return Err(unknown),
                Some("aborted") => return Err((StoreError::Conflict("transaction"), Trouble::Lost)),
                Some(_) if asked == PATIENT => {
                    let end = format!(
                        "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE backend_xid = '{number}'::xid8::xid"
                    );
                    // Not allowed to, or it has just ended: then it goes on, or is found ended.
                    drop(self.text(&end));
                }
                Some(_) => {}
                None => return Err(unknown),
            }
            std::thread::sleep(Duration::from_millis(*pause));
        }
        Err(unknown)
    }
}
