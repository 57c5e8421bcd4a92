//! PostgreSQL, and what has to be done so that a request or an import outlives a server's restart.
//!
//! A transaction is run again from its beginning where the server says that it collided with another, or where the connection
//! ended before the commit. Where it ended during the commit, the server is asked what became of it. A statement outside a
//! transaction only reads, and is asked once more.

mod commit;
mod connect;
mod live;
mod load;
mod transact;
mod trouble;

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use crate::place::ServerAddress;
use crate::value::Value;
use crate::{Statement, StoreError};

pub(crate) use connect::Session;
use connect::connect;
use live::{Live, Streaming};
use trouble::{Failure, Trouble};

/// How long a server that went away has to come back.
const PATIENCE: Duration = Duration::from_secs(30);
/// First pause between attempts to reach it; each is twice as long as the one before, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A connection to a server, which comes back when the server does.
pub(crate) struct Server {
    address: ServerAddress,
    session: Session,
    live: RefCell<Option<Live>>,
    /// Does the session hold what another would not: a transaction, a snapshot, a lock? Then nothing is asked of another.
    bound: Cell<bool>,
    /// The worst that happened since the transaction began.
    trouble: Cell<Option<Trouble>>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).field("session", &self.session).finish_non_exhaustive()
    }
}

impl Server {
    /// Connects once: whoever starts is told at once what is wrong.
    pub(crate) fn open(address: &ServerAddress, session: Session) -> Result<Self, StoreError> {
        let live = connect(address, session).map_err(|(error, _)| error)?;
        Ok(Self {
            address: address.clone(),
            session,
            live: RefCell::new(Some(live)),
            bound: Cell::new(false),
            trouble: Cell::new(None),
        })
    }

    /// The rows of an answer.
    pub(crate) fn query(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<tokio_postgres::Row>, StoreError> {
        self.ask(|live| live.query(statement, values))
    }

    /// How many rows a statement changed.
    pub(crate) fn execute(&self, statement: &Statement, values: &[Value<'_>]) -> Result<usize, StoreError> {
        let changed = self.ask(|live| live.execute(statement, values))?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    /// Text of several statements, without values.
    pub(crate) fn batch(&self, text: &str) -> Result<(), StoreError> {
        self.ask(|live| live.batch(text))
    }

    /// One value that a text answers with, as text.
    pub(crate) fn text(&self, query: &str) -> Result<Option<String>, StoreError> {
        self.ask(|live| live.text(query))
    }

    /// Has the server understand a statement, without running it.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn prepare(&self, statement: &Statement) -> Result<(), StoreError> {
        self.ask(|live| live.prepare(statement))
    }

    /// Hands the rows of an answer over as they come. `each` may not ask the same connection anything.
    pub(crate) fn each(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&tokio_postgres::Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut begun = false;
        let mut reader = None;
        self.ask_while(|live| {
            let streamed = live.stream(statement, values, &mut |row| {
                begun = true;
                each(row)
            });
            match streamed {
                Ok(()) => (Ok(()), false),
                Err(Streaming::Failed(failure)) => (Err(failure), !begun),
                Err(Streaming::Reader(error)) => {
                    reader = Some(error);
                    (Ok(()), false)
                }
            }
        })?;
        reader.map_or(Ok(()), Err)
    }

    /// Are tables spread over nodes? Then a statement that joins with a list it is given is not for it.
    pub(crate) fn is_citus(&self) -> bool {
        self.about().0
    }

    /// From here on the session holds something that goes with it, such as a lock: where the connection ends, so does what is
    /// done with it.
    pub(crate) fn bind(&self) {
        self.bound.set(true);
    }

    /// Begins a transaction that has a view of its own from here on; a connection that ended is made anew first.
    pub(crate) fn freeze(&self) -> Result<(), StoreError> {
        self.begin("", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    /// Makes something of the schema that is made when it is wanted.
    pub(crate) fn make(&self, text: &str) -> Result<(), StoreError> {
        self.ask(|live| live.batch(text))
    }

    /// Begins a transaction by two texts, of which the first may fail. They cost one journey.
    fn begin(&self, before: &str, text: &str) -> Result<(), StoreError> {
        self.bound.set(false);
        self.trouble.set(None);
        self.ask(|live| live.begin(before, text))?;
        self.trouble.set(None);
        self.bind();
        Ok(())
    }

    /// Does the connection still answer? A lock of the session is held exactly as long.
    pub(crate) fn answers(&self) -> bool {
        self.with_live(|live| live.is_some_and(Live::answers)).unwrap_or(false)
    }
}

impl Server {
    /// Runs `ask`; once more on another connection where this one was lost and holds nothing.
    fn ask<T>(&self, mut ask: impl FnMut(&mut Live) -> Result<T, Failure>) -> Result<T, StoreError> {
        self.ask_while(|live| (ask(live), true))
    }

    /// The same where `ask` says whether it may be run again.
    fn ask_while<T>(&self, mut ask: impl FnMut(&mut Live) -> (Result<T, Failure>, bool)) -> Result<T, StoreError> {
        let mut first = true;
        loop {
            let (outcome, repeatable) = self.with_live(|live| live.map_or((Err(Failure::Closed), true), &mut ask))?;
            let failure = match outcome {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            let lost = Trouble::of(&failure) == Trouble::Lost;
            let error = self.noted(failure);
            if !(lost && first && repeatable) || self.bound.get() {
                return Err(error);
            }
            first = false;
            self.reconnect()?;
        }
    }

    /// Lends the connection, if there is one. It is lent to one at a time.
    fn with_live<T>(&self, act: impl FnOnce(Option<&mut Live>) -> T) -> Result<T, StoreError> {
        match self.live.try_borrow_mut() {
            Ok(mut live) => Ok(act(live.as_mut())),
            Err(_) => {
                self.note(Trouble::Lasting);
                Err(StoreError::Engine("asked for something while the rows of another answer are read".to_owned()))
            }
        }
    }

    /// Notes a failure. A connection that was lost is not used any further, whatever it would still say.
    fn noted(&self, failure: Failure) -> StoreError {
        let trouble = Trouble::of(&failure);
        self.note(trouble);
        if trouble == Trouble::Lost {
            self.hang_up();
        }
        failure.explained(&self.address)
    }

    fn note(&self, trouble: Trouble) {
        // What comes behind the first is what comes of it, unless all is lost.
        if self.trouble.get().is_none() || trouble == Trouble::Lost {
            self.trouble.set(Some(trouble));
        }
    }

    fn trouble(&self) -> Option<Trouble> {
        self.trouble.get()
    }

    /// Whether it is Citus, and which history it writes.
    fn about(&self) -> (bool, Option<String>) {
        let about = |live: Option<&mut Live>| live.map(|live| (live.is_citus(), live.timeline().map(str::to_owned)));
        self.with_live(about).ok().flatten().unwrap_or_default()
    }

    /// What the session held is gone.
    fn release(&self) {
        self.bound.set(false);
    }

    /// Ends a transaction that was not committed.
    fn roll_back(&self) {
        if self.bound.replace(false)
            && !matches!(self.with_live(|live| live.map(|live| live.batch("ROLLBACK"))), Ok(Some(Ok(()))))
        {
            // Whatever state it is in, nobody goes on with it.
            self.hang_up();
        }
    }

    fn hang_up(&self) {
        if let Ok(mut live) = self.live.try_borrow_mut() {
            *live = None;
        }
    }

    /// Connects anew, waiting for a server that restarts.
    #[expect(clippy::disallowed_methods, reason = "how long a server was waited for is no date")]
    fn reconnect(&self) -> Result<(), StoreError> {
        self.hang_up();
        let (begun, mut pause) = (Instant::now(), FIRST_PAUSE);
        loop {
            match connect(&self.address, self.session) {
                Ok(live) => {
                    tracing::info!(database = %self.address, "connected again");
                    self.live.replace(Some(live));
                    return Ok(());
                }
                Err((_, true)) if begun.elapsed() + pause < PATIENCE => {
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err((error, _)) => {
                    // It had its time: whatever waited for it does not wait again.
                    self.trouble.set(Some(Trouble::Lasting));
                    return Err(error);
                }
            }
        }
    }
}
