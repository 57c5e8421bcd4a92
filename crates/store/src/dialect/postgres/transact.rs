//! Transactions that are run again.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use super::Server;
use super::commit::Open;
use super::trouble::Trouble;
use crate::StoreError;

/// How often a transaction is run that collides with others.
const COLLISIONS: u32 = 16;
/// How often one is run whose connection ends: a statement that brings the server down must not do so for ever.
const LOSSES: u32 = 3;
/// From how many collisions on it is a transaction's turn: else it would lose to ever new ones, of which one is always ahead.
const TURNS: u32 = 2;
/// What every transaction waits for before it begins: that it is nobody's turn. Within the transaction it would see the state
/// from before.
const GATE: &str = "SELECT pg_advisory_lock_shared(109369001079406), pg_advisory_unlock_shared(109369001079406)";
/// Whose turn it is holds this lock of the session; who else begins waits at the gate, and who has begun comes to an end.
const TURN: &str = "SELECT pg_advisory_lock(109369001079406)";
const TURN_OVER: &str = "SELECT pg_advisory_unlock(109369001079406)";
/// Longest pause between two runs.
const PAUSE: Duration = Duration::from_millis(50);

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
        let (mut collisions, mut losses, mut turn) = (0, 0, None);
        loop {
            if collisions >= TURNS && turn.is_none() {
                turn = Some(Turn::wait(self)?);
            }
            let (trouble, error) = match self.attempt(&mut work) {
                Attempt::Done(value) => return Ok(value),
                Attempt::Failed(error) => return Err(error),
                Attempt::Again(trouble, error) => (trouble, error),
            };
            if trouble == Trouble::Lost {
                losses += 1;
                turn = None;
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
        if let Err(error) = self.begin(GATE, "BEGIN ISOLATION LEVEL SERIALIZABLE") {
            let error = E::from(error);
            return match self.trouble() {
                Some(Trouble::Lost) => Attempt::Again(Trouble::Lost, Some(error)),
                _ => Attempt::Failed(error),
            };
        }
        let open = Open(self);
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
    let most = (Duration::from_millis(1) * collisions * collisions).min(PAUSE);
    most.mul_f64(RandomState::new().hash_one(collisions) as f64 / u64::MAX as f64)
}

/// A transaction's turn, until this is dropped. Where the connection ends so does the turn; what is right depends on none.
struct Turn<'s>(&'s Server);

impl<'s> Turn<'s> {
    fn wait(server: &'s Server) -> Result<Self, StoreError> {
        server.batch(TURN)?;
        Ok(Self(server))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        drop(self.0.with_live(|live| live.map(|live| live.batch(TURN_OVER))));
    }
}
