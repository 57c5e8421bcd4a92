//! One connection. Whoever uses it waits for its answers, as with SQLite, but not for ever.

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join;
use futures_util::{SinkExt as _, TryStreamExt as _};
use tokio::runtime::{Handle, Runtime};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, Row, Socket};

use super::connect::{CONNECT, Session};
use super::trouble::Failure;
use crate::value::Value;
use crate::{Statement, StoreError};

/// What is asked first.
const ABOUT: &str = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus'), \
    (SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout')";

/// What sessions of requests and imports ask for is looked up by key, again and again: a plan is made once and holds for every
/// value, and is one by index even while the server has no statistics of a table, as after a first large import. Not for
/// Citus, which plans by the value.
const BY_KEY: &str = "SELECT set_config('plan_cache_mode', 'force_generic_plan', false), \
    set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', 'off', false)";

/// What can be proved of a commit only with these. Not every service that speaks PostgreSQL has them.
const PROOF: &str = "SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_checkpoint()";

/// How long taking leave may last.
const FAREWELL: Duration = Duration::from_secs(1);

/// A connection.
pub(super) struct Live {
    // Dropped first: the line then takes leave of the server.
    client: Client,
    line: Line,
    prepared: HashMap<(usize, usize), tokio_postgres::Statement>,
    citus: bool,
    timeline: Option<String>,
}

/// What carries it. It moves while somebody waits for an answer.
struct Line {
    /// Until the connection ends.
    runtime: Option<Runtime>,
    /// Until it has said why it ended.
    driver: Option<JoinHandle<Result<(), Error>>>,
    /// As long as the server gives a statement, and a while for saying that it ended it.
    limit: Option<Duration>,
}

/// What the server says of itself before it is asked.
pub(super) struct Greeting {
    pub(super) version: Option<String>,
    pub(super) encoding: Option<String>,
}

/// Why rows that were streamed did not all arrive.
pub(super) enum Streaming {
    /// The server or the connection.
    Failed(Failure),
    /// Whoever reads them.
    Reader(StoreError),
}

/// Why rows were not all copied.
pub(super) enum Copying {
    /// The server or the connection.
    Failed(Failure),
    /// A row that cannot be sent.
    Unfit,
}

impl Live {
    /// Connects; all of it, name, encryption and password included, within `limit`.
    pub(super) fn connect<T>(
        runtime: Runtime,
        config: &Config,
        tls: T,
        limit: Duration,
    ) -> Result<(Self, Greeting), Failure>
    where
        T: MakeTlsConnect<Socket> + Send,
        T::TlsConnect: Send,
        T::Stream: Send + 'static,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let connected = block_on(&runtime, async { timeout(limit, config.connect(tls)).await });
        let connected = match connected {
            Ok(connected) => connected.map_err(Failure::Said),
            Err(_) => Err(Failure::Silent),
        };
        let (client, connection) = match connected {
            Ok(connected) => connected,
            Err(failure) => {
                // Not waited for: the system may look a name up for minutes.
                runtime.shutdown_background();
                return Err(failure);
            }
        };
        let said = |name| connection.parameter(name).map(str::to_owned);
        let greeting = Greeting { version: said("server_version"), encoding: said("server_encoding") };
        let driver = Some(runtime.spawn(connection));
        let line = Line { runtime: Some(runtime), driver, limit: Some(limit) };
        Ok((Self { client, line, prepared: HashMap::new(), citus: false, timeline: None }, greeting))
    }

    /// Asks what has to be known of a server for a session.
    pub(super) fn introduce(&mut self, session: Session) -> Result<(), Failure> {
        let row = self.line.wait(self.client.query_one(ABOUT, &[]))?;
        let (citus, limit_ms): (bool, i64) = (row.try_get(0)?, row.try_get(1)?);
        self.citus = citus;
        if !citus && matches!(session, Session::Reading | Session::Writing) {
            self.line.wait(self.client.query_one(BY_KEY, &[]))?;
        }
        if session == Session::Writing {
            let timeline = self.line.wait(self.client.query_one(PROOF, &[])).ok();
            self.timeline = timeline.and_then(|row| row.try_get(0).ok());
        }
        self.line.limit =
            u64::try_from(limit_ms).ok().filter(|ms| *ms > 0).map(|ms| Duration::from_millis(ms) + CONNECT);
        Ok(())
    }

    /// Are tables spread over nodes?
    pub(super) fn is_citus(&self) -> bool {
        self.citus
    }

    /// Which history the server writes, where it tells: another one once a standby has taken over, or a backup was put back.
    pub(super) fn timeline(&self) -> Option<&str> {
        self.timeline.as_deref()
    }

    /// Has the server understand a statement. `text` is one that lives as long as the programme: it is known by its place.
    fn prepared(&mut self, text: &str) -> Result<tokio_postgres::Statement, Failure> {
        let place = (text.as_ptr().addr(), text.len());
        if let Some(prepared) = self.prepared.get(&place) {
            return Ok(prepared.clone());
        }
        let prepared = self.line.wait(self.client.prepare(text))?;
        self.prepared.insert(place, prepared.clone());
        Ok(prepared)
    }

    /// Has the server understand a statement, without running it.
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn prepare(&mut self, statement: &Statement) -> Result<(), Failure> {
        self.prepared(statement.postgres()).map(drop)
    }

    pub(super) fn query(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<Vec<Row>, Failure> {
        let prepared = self.prepared(statement.postgres())?;
        self.line.wait(self.client.query(&prepared, &parameters(values)))
    }

    pub(super) fn execute(&mut self, statement: &Statement, values: &[Value<'_>]) -> Result<u64, Failure> {
        let prepared = self.prepared(statement.postgres())?;
        self.line.wait(self.client.execute(&prepared, &parameters(values)))
    }

    /// Runs one text for many blocks of values.
    pub(super) fn execute_blocks<'v>(
        &mut self,
        text: &str,
        mut blocks: impl Iterator<Item = &'v [Value<'v>]>,
    ) -> Result<(), Failure> {
        let prepared = self.line.wait(self.client.prepare(text))?;
        blocks.try_for_each(|block| self.line.wait(self.client.execute(&prepared, &parameters(block))).map(drop))
    }

    /// Text of several statements, without values.
    pub(super) fn batch(&mut self, text: &str) -> Result<(), Failure> {
        self.line.wait(self.client.batch_execute(text))
    }

    /// Begins a transaction; whatever becomes of what is asked before it.
    pub(super) fn begin(&mut self, before: &str, text: &str) -> Result<(), Failure> {
        let both = join(self.client.batch_execute(before), self.client.batch_execute(text));
        self.line.wait(async { both.await.1 })
    }

    /// One value that a text answers with, as text.
    pub(super) fn text(&mut self, query: &str) -> Result<Option<String>, Failure> {
        let row = self.line.wait(self.client.query_opt(query, &[]))?;
        Ok(row.map_or(Ok(None), |row| row.try_get::<_, Option<String>>(0))?)
    }

    /// Hands rows over as they come.
    pub(super) fn stream(
        &mut self,
        statement: &Statement,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), Streaming> {
        let prepared = self.prepared(statement.postgres()).map_err(Streaming::Failed)?;
        let values = values.iter().map(|value| value as &(dyn ToSql + Sync));
        let rows = self.line.wait(self.client.query_raw(&prepared, values)).map_err(Streaming::Failed)?;
        let mut rows = pin!(rows);
        while let Some(row) = self.line.wait(rows.try_next()).map_err(Streaming::Failed)? {
            each(&row).map_err(Streaming::Reader)?;
        }
        Ok(())
    }

    /// Runs a COPY with what `next` gives. Where that fails nothing is kept, and the connection can be used further.
    pub(super) fn copy(
        &mut self,
        copy: &str,
        mut next: impl FnMut() -> Option<Result<Vec<u8>, Copying>>,
    ) -> Result<(), Copying> {
        let prepared = self.prepared(copy).map_err(Copying::Failed)?;
        let sink = self.line.wait(self.client.copy_in::<_, Bytes>(&prepared)).map_err(Copying::Failed)?;
        let mut sink = pin!(sink);
        while let Some(piece) = next() {
            self.line.wait(sink.send(Bytes::from(piece?))).map_err(Copying::Failed)?;
        }
        self.line.wait(sink.as_mut().finish()).map_err(Copying::Failed)?;
        Ok(())
    }

    /// Does it answer, and soon?
    pub(super) fn answers(&mut self) -> bool {
        let limit = self.line.limit.replace(CONNECT);
        let answer = self.line.wait(self.client.check_connection());
        self.line.limit = limit;
        answer.is_ok()
    }
}

impl Line {
    fn wait<T: Send>(&mut self, answer: impl Future<Output = Result<T, Error>> + Send) -> Result<T, Failure> {
        let (Some(runtime), limit) = (&self.runtime, self.limit) else { return Err(Failure::Closed) };
        let answer = block_on(runtime, async {
            match limit {
                Some(limit) => timeout(limit, answer).await.map_err(|_| Failure::Silent),
                None => Ok(answer.await),
            }
        })?;
        answer.map_err(|error| self.reason(error))
    }

    /// Why a connection is closed is said to what drives it.
    fn reason(&mut self, error: Error) -> Failure {
        let ended = if error.is_closed() { self.driver.take_if(|driver| driver.is_finished()) } else { None };
        match (&self.runtime, ended) {
            (Some(runtime), Some(driver)) => match block_on(runtime, driver) {
                Ok(Err(reason)) => Failure::Said(reason),
                _ => Failure::Said(error),
            },
            _ => Failure::Said(error),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let Some(driver) = self.driver.take() else { return runtime.shutdown_background() };
        // Whatever comes of it, the connection ends here.
        let leave = move || drop(runtime.block_on(async { timeout(FAREWELL, driver).await }));
        // A task of another runtime may let go of a store; it may not wait.
        if Handle::try_current().is_ok() {
            drop(std::thread::Builder::new().spawn(leave));
        } else {
            leave();
        }
    }
}

/// Waits. A task of another runtime may not on its own thread: for it, one of ours does.
fn block_on<T: Send>(runtime: &Runtime, future: impl Future<Output = T> + Send) -> T {
    if Handle::try_current().is_err() {
        return runtime.block_on(future);
    }
    std::thread::scope(|scope| match scope.spawn(|| runtime.block_on(future)).join() {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

fn parameters<'a>(values: &'a [Value<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}
