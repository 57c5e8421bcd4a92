//! PostgreSQL: connecting, and what has to be done so that a request or an import outlives a server's restart.
//!
//! A transaction is run again from its beginning where the server says that it collided with another, or where the connection
//! ended before the commit. Where it ended during the commit, the server is asked what became of it. A statement outside a
//! transaction only reads, and is asked once more.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::ToSql;
use postgres::{Client, NoTls};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::CertificateDer;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::with_cause;
use crate::place::ServerAddress;
use crate::value::Value;
use crate::{Statement, StoreError};

/// Oldest server that is supported, as `server_version_num` counts.
const OLDEST: i64 = 150_000;

/// What is asked first.
const ABOUT: &str = "SELECT current_setting('server_version_num')::bigint, \
    EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')";

/// Limits of a session, which the parameter `options` of an address may change: a statement of a request is over in
/// milliseconds, one of an import in seconds.
const LIMITS: &str = "-c lock_timeout=30s -c idle_in_transaction_session_timeout=15min";
/// For sessions that read.
const READING: &str = "-c statement_timeout=60s -c default_transaction_read_only=on";
/// For sessions that write.
const WRITING: &str = "-c statement_timeout=30min";
/// For verifying and for moving, which read everything.
const UNHURRIED: &str = "-c statement_timeout=0 -c default_transaction_read_only=on";
/// Compiling a statement takes longer than running any of ours. On Citus the shards of a statement are changed one after the
/// other: in parallel, a transaction that changed a reference table before would be refused.
const ALWAYS: &str = "-c jit=off -c timezone=UTC -c citus.multi_shard_modify_mode=sequential";

/// How long to wait for an answer to a first packet.
const CONNECT: Duration = Duration::from_secs(5);
/// Pauses between attempts to reach a server that went away: it has about half a minute to come back.
const PAUSES_MS: [u64; 34] = {
    let mut pauses = [1_000; 34];
    (pauses[0], pauses[1], pauses[2], pauses[3], pauses[4], pauses[5]) = (20, 50, 100, 200, 300, 500);
    pauses
};
/// How often a transaction that collides with others is run.
const ATTEMPTS: u32 = 12;

/// Rows from which on a COPY is worth its two round trips.
const FEW: usize = 8;
/// Bytes of a COPY handed over at once.
const PIECE: usize = 256 * 1024;

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Session {
    /// Requests, statement by statement.
    Reading,
    /// Transactions.
    Writing,
    /// Reading everything.
    Unhurried,
}

/// Why something failed that may succeed when it is done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// The connection, or the server, is gone.
    Lost,
    /// It collided with another transaction.
    Collided,
    /// Neither: again would fail again.
    Lasting,
}

impl Trouble {
    fn of(error: &postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            let io = std::error::Error::source(error).is_some_and(|cause| cause.is::<std::io::Error>());
            return if error.is_closed() || io { Self::Lost } else { Self::Lasting };
        };
        match said.code() {
            &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => Self::Collided,
            // Another server was faster: run again, the transaction sees what it did.
            &SqlState::UNIQUE_VIOLATION => Self::Collided,
            &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW => Self::Lost,
            // A primary that has become a standby; the next connection finds the new one.
            &SqlState::READ_ONLY_SQL_TRANSACTION => Self::Lost,
            // What was prepared is not there any more, or means something else since a migration.
            &SqlState::INVALID_SQL_STATEMENT_NAME => Self::Lost,
            &SqlState::FEATURE_NOT_SUPPORTED if said.message().contains("cached plan") => Self::Lost,
            code if code.code().starts_with("08") => Self::Lost,
            _ => Self::Lasting,
        }
    }
}

/// A connection to a server, which comes back when the server does.
pub(crate) struct Server {
    address: ServerAddress,
    session: Session,
    live: RefCell<Option<Live>>,
    in_transaction: Cell<bool>,
    /// The worst that happened since the transaction began.
    trouble: Cell<Option<Trouble>>,
}

struct Live {
    client: Client,
    citus: bool,
    prepared: HashMap<*const u8, postgres::Statement>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).field("session", &self.session).finish_non_exhaustive()
    }
}

impl Live {
    fn prepared(&mut self, statement: &Statement) -> Result<postgres::Statement, postgres::Error> {
        let key = statement.text.as_ptr();
        if let Some(prepared) = self.prepared.get(&key) {
            return Ok(prepared.clone());
        }
        let prepared = self.client.prepare(statement.postgres())?;
        self.prepared.insert(key, prepared.clone());
        Ok(prepared)
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
            in_transaction: Cell::new(false),
            trouble: Cell::new(None),
        })
    }

    /// The rows of an answer.
    pub(crate) fn query(&self, statement: &Statement, values: &[Value<'_>]) -> Result<Vec<postgres::Row>, StoreError> {
        self.ask(|live| {
            let prepared = live.prepared(statement)?;
            live.client.query(&prepared, &parameters(values))
        })
    }

    /// How many rows a statement changed.
    pub(crate) fn execute(&self, statement: &Statement, values: &[Value<'_>]) -> Result<usize, StoreError> {
        let changed = self.ask(|live| {
            let prepared = live.prepared(statement)?;
            live.client.execute(&prepared, &parameters(values))
        })?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    /// Hands the rows of an answer over as they come. `each` may not ask the same connection anything.
    pub(crate) fn each(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&postgres::Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut begun = false;
        loop {
            let (lost, error) = {
                let mut live = self.live.borrow_mut();
                let outcome = match live.as_mut() {
                    Some(live) => stream(live, statement, values, &mut |row| {
                        begun = true;
                        each(row)
                    }),
                    None => Err(Streaming::Server(None)),
                };
                match outcome {
                    Ok(()) => return Ok(()),
                    Err(Streaming::Reader(error)) => return Err(error),
                    Err(Streaming::Server(error)) => self.classify(error),
                }
            };
            if !lost || begun || self.in_transaction.get() {
                return Err(error);
            }
            self.reconnect()?;
            begun = true;
        }
    }

    /// Are tables spread over nodes? Then a statement that joins with a list it is given is not for it.
    pub(crate) fn is_citus(&self) -> bool {
        self.live.borrow().as_ref().is_some_and(|live| live.citus)
    }

    /// Text of several statements, without values.
    pub(crate) fn batch(&self, text: &str) -> Result<(), StoreError> {
        self.ask(|live| live.client.batch_execute(text))
    }

    /// One value that a text answers with, as text.
    pub(crate) fn text(&self, query: &str) -> Result<Option<String>, StoreError> {
        self.ask(|live| {
            let row = live.client.query_opt(query, &[])?;
            row.map_or(Ok(None), |row| row.try_get::<_, Option<String>>(0))
        })
    }

    /// Has the server understand a statement, without running it.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn prepare(&self, statement: &Statement) -> Result<(), StoreError> {
        self.ask(|live| live.prepared(statement).map(drop))
    }

    /// Many rows through one `INSERT`.
    pub(crate) fn load<'v, const N: usize>(
        &self,
        statement: &Statement,
        rows: impl IntoIterator<Item = [Value<'v>; N]>,
    ) -> Result<(), StoreError> {
        let mut rows = rows.into_iter();
        let Some(copy) = statement.copy() else { return self.load_blocks(statement, rows) };
        let first: Vec<[Value<'v>; N]> = rows.by_ref().take(FEW).collect();
        if first.len() < FEW {
            return first.iter().try_for_each(|row| self.execute(statement, row).map(drop));
        }
        let mut live = self.live.borrow_mut();
        let live = live.as_mut().ok_or_else(|| self.gone())?;
        let copied = (|| -> Result<(), CopyError> {
            let mut writer = live.client.copy_in(copy)?;
            let mut piece = Vec::with_capacity(PIECE + PIECE / 4);
            // Signature, no flags, no extension: the documented header of the binary format.
            piece.extend_from_slice(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
            for row in first.iter().copied().chain(rows) {
                encode(&row, &mut piece)?;
                if piece.len() >= PIECE {
                    writer.write_all(&piece)?;
                    piece.clear();
                }
            }
            piece.extend_from_slice(&(-1i16).to_be_bytes());
            writer.write_all(&piece)?;
            writer.finish()?;
            Ok(())
        })();
        copied.map_err(|error| match error {
            CopyError::Server(error) => self.classify(Some(error)).1,
            CopyError::Io(error) => match error.downcast::<postgres::Error>() {
                Ok(error) => self.classify(Some(error)).1,
                Err(error) => {
                    self.note(Trouble::Lost);
                    StoreError::Engine(error.to_string())
                }
            },
            CopyError::TooLong => {
                self.note(Trouble::Lasting);
                StoreError::Value(statement.name.into())
            }
        })
    }

    /// The same for an `INSERT` that says what happens on a conflict: many rows a statement.
    fn load_blocks<'v, const N: usize>(
        &self,
        statement: &Statement,
        rows: impl Iterator<Item = [Value<'v>; N]>,
    ) -> Result<(), StoreError> {
        const BLOCK: usize = 128;
        let rows: Vec<[Value<'v>; N]> = rows.collect();
        let (blocks, rest) = rows.as_chunks::<BLOCK>();
        if !blocks.is_empty() {
            let text = many(statement.text, BLOCK, N).ok_or_else(|| StoreError::Value(statement.name.into()))?;
            for block in blocks {
                let values = block.as_flattened();
                self.ask(|live| live.client.execute(text.as_str(), &parameters(values)))?;
            }
        }
        rest.iter().try_for_each(|row| self.execute(statement, row).map(drop))
    }

    /// Runs `work` in one transaction that is durable when this returns, as often as it takes.
    pub(crate) fn transact<T, E: From<StoreError>>(
        &self,
        name: &'static str,
        mut work: impl FnMut() -> Result<T, E>,
    ) -> Result<T, E> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match self.try_transact(&mut work) {
                Attempt::Done(value) => return Ok(value),
                Attempt::Failed(error) => return Err(error),
                Attempt::Again(error) => {
                    tracing::info!(transaction = name, attempt, "run again");
                    if attempt >= ATTEMPTS {
                        return Err(error.unwrap_or_else(|| E::from(StoreError::Conflict(name))));
                    }
                    // Unlike pauses part those who collided.
                    let spread = u64::from(attempt * attempt) * (1 + u64::from(std::process::id() % 3));
                    std::thread::sleep(Duration::from_millis(spread));
                }
            }
        }
    }

    fn try_transact<T, E: From<StoreError>>(&self, work: &mut impl FnMut() -> Result<T, E>) -> Attempt<T, E> {
        if let Err(error) = self.begin("BEGIN ISOLATION LEVEL SERIALIZABLE") {
            return Attempt::Failed(E::from(error));
        }
        let open = Open { server: self };
        let outcome = work();
        let trouble = self.trouble.get();
        match (outcome, trouble) {
            (Ok(value), None) => match open.commit() {
                Ok(()) => Attempt::Done(value),
                Err((_, Trouble::Collided)) => Attempt::Again(None),
                Err((error, Trouble::Lasting)) => Attempt::Failed(E::from(error)),
                Err((error, Trouble::Lost)) => Attempt::Failed(E::from(error)),
            },
            // Nothing of it is kept, whatever was made of the error.
            (Ok(_), Some(Trouble::Lasting)) => {
                Attempt::Failed(E::from(StoreError::Engine("a statement of the transaction failed".to_owned())))
            }
            (Err(error), None | Some(Trouble::Lasting)) => Attempt::Failed(error),
            (outcome, Some(Trouble::Lost | Trouble::Collided)) => Attempt::Again(outcome.err()),
        }
    }

    /// Begins a transaction; a connection that ended is made anew first.
    pub(crate) fn begin(&self, text: &str) -> Result<(), StoreError> {
        self.trouble.set(None);
        self.batch(text)?;
        self.trouble.set(None);
        self.in_transaction.set(true);
        Ok(())
    }

    /// Runs `ask`; outside a transaction once more where the connection was lost.
    fn ask<T>(&self, mut ask: impl FnMut(&mut Live) -> Result<T, postgres::Error>) -> Result<T, StoreError> {
        let mut again = !self.in_transaction.get();
        loop {
            let outcome = match self.live.borrow_mut().as_mut() {
                Some(live) => ask(live).map_err(Some),
                None => Err(None),
            };
            let error = match outcome {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let (lost, error) = self.classify(error);
            if !lost || !again {
                return Err(error);
            }
            again = false;
            self.reconnect()?;
        }
    }

    /// Notes what kind of trouble an error is. Is the connection lost?
    fn classify(&self, error: Option<postgres::Error>) -> (bool, StoreError) {
        let Some(error) = error else {
            self.note(Trouble::Lost);
            return (true, self.gone());
        };
        let trouble = Trouble::of(&error);
        self.note(trouble);
        if trouble == Trouble::Lost {
            let why = with_cause(&error);
            return (true, StoreError::Unreachable { at: self.address.to_string(), why });
        }
        (false, StoreError::from(error))
    }

    fn note(&self, trouble: Trouble) {
        if self.trouble.get() != Some(Trouble::Lost) {
            self.trouble.set(Some(trouble));
        }
    }

    fn gone(&self) -> StoreError {
        StoreError::Unreachable { at: self.address.to_string(), why: "the connection is closed".to_owned() }
    }

    /// Connects anew, waiting for a server that restarts.
    fn reconnect(&self) -> Result<(), StoreError> {
        *self.live.borrow_mut() = None;
        let mut pauses = PAUSES_MS.iter();
        loop {
            match connect(&self.address, self.session) {
                Ok(live) => {
                    tracing::info!(database = %self.address, "connected again");
                    *self.live.borrow_mut() = Some(live);
                    return Ok(());
                }
                Err((error, may_pass)) => match pauses.next().filter(|_| may_pass) {
                    Some(pause) => std::thread::sleep(Duration::from_millis(*pause)),
                    None => return Err(error),
                },
            }
        }
    }

    /// Does the connection still answer? A lock of the session is held exactly as long.
    pub(crate) fn answers(&self) -> bool {
        let mut live = self.live.borrow_mut();
        live.as_mut().is_some_and(|live| live.client.is_valid(CONNECT).is_ok())
    }
}

enum Attempt<T, E> {
    Done(T),
    Failed(E),
    Again(Option<E>),
}

/// An open transaction; rolled back unless it is committed.
struct Open<'s> {
    server: &'s Server,
}

impl Open<'_> {
    /// Commits. Where the connection ends meanwhile the server is asked, once it is back, what became of it.
    fn commit(self) -> Result<(), (StoreError, Trouble)> {
        let server = self.server;
        let mut live = server.live.borrow_mut();
        let Some(open) = live.as_mut() else { return Err((server.gone(), Trouble::Collided)) };
        let number = open.client.query_one("SELECT pg_current_xact_id_if_assigned()::text", &[]);
        let number: Result<Option<String>, postgres::Error> = number.and_then(|row| row.try_get(0));
        // Lost before the commit: nothing was kept, and it can be run again.
        let again = |error: postgres::Error| match Trouble::of(&error) {
            Trouble::Lost => (StoreError::from(error), Trouble::Collided),
            trouble => (StoreError::from(error), trouble),
        };
        let number = number.map_err(again)?;
        let committed = open.client.batch_execute("COMMIT");
        drop(live);
        server.in_transaction.set(false);
        let Err(error) = committed else { return Ok(()) };
        match (Trouble::of(&error), number) {
            (Trouble::Lost, Some(number)) => server.fate(&number),
            // It changed nothing.
            (Trouble::Lost, None) => Ok(()),
            (trouble, _) => Err((StoreError::from(error), trouble)),
        }
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.server.in_transaction.replace(false)
            && let Ok(mut live) = self.server.live.try_borrow_mut()
            && let Some(open) = live.as_mut()
            && open.client.batch_execute("ROLLBACK").is_err()
        {
            // Whatever state it is in, nobody goes on with it.
            *live = None;
        }
    }
}

impl Server {
    /// What became of a transaction whose commit was not answered. A standby that took over without it does not know
    /// it: that is said, since nothing proves then that it was not kept.
    fn fate(&self, number: &str) -> Result<(), (StoreError, Trouble)> {
        let lasting = |error| (error, Trouble::Lasting);
        for pause in PAUSES_MS {
            self.reconnect().map_err(lasting)?;
            let status = self.text(&format!("SELECT pg_xact_status('{number}'::xid8)")).map_err(lasting)?;
            match status.as_deref() {
                Some("committed") => return Ok(()),
                Some("aborted") => return Err((StoreError::Conflict("transaction"), Trouble::Collided)),
                Some(_) => std::thread::sleep(Duration::from_millis(pause)),
                None => break,
            }
        }
        Err(lasting(StoreError::CommitUnknown))
    }
}

enum Streaming {
    Server(Option<postgres::Error>),
    Reader(StoreError),
}

fn stream(
    live: &mut Live,
    statement: &Statement,
    values: &[Value<'_>],
    each: &mut dyn FnMut(&postgres::Row) -> Result<(), StoreError>,
) -> Result<(), Streaming> {
    let server = |error| Streaming::Server(Some(error));
    let prepared = live.prepared(statement).map_err(server)?;
    let mut rows = live.client.query_raw(&prepared, values.iter().map(|value| value as &dyn ToSql)).map_err(server)?;
    while let Some(row) = rows.next().map_err(server)? {
        each(&row).map_err(Streaming::Reader)?;
    }
    Ok(())
}

enum CopyError {
    Server(postgres::Error),
    Io(std::io::Error),
    TooLong,
}

impl From<postgres::Error> for CopyError {
    fn from(error: postgres::Error) -> Self {
        Self::Server(error)
    }
}

impl From<std::io::Error> for CopyError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// One row in the binary format of COPY.
fn encode(row: &[Value<'_>], out: &mut Vec<u8>) -> Result<(), CopyError> {
    out.extend_from_slice(&i16::try_from(row.len()).map_err(|_| CopyError::TooLong)?.to_be_bytes());
    for value in row {
        let bytes = match value {
            Value::Null => {
                out.extend_from_slice(&(-1i32).to_be_bytes());
                continue;
            }
            Value::Int(number) => &number.to_be_bytes()[..],
            Value::Text(text) => text.as_bytes(),
            Value::Bytes(bytes) => bytes,
            Value::List(_) | Value::Ints(_) => return Err(CopyError::TooLong),
        };
        out.extend_from_slice(&i32::try_from(bytes.len()).map_err(|_| CopyError::TooLong)?.to_be_bytes());
        out.extend_from_slice(bytes);
    }
    Ok(())
}

/// An `INSERT` of one row as one of `rows` rows of `width` values.
fn many(text: &str, rows: usize, width: usize) -> Option<String> {
    let (head, rest) = text.split_once(" VALUES (")?;
    let (tuple, tail) = rest.split_once(')')?;
    let tuples: Vec<String> = (0..rows)
        .map(|row| {
            let values = tuple.split(',').map(|value| match value.trim().strip_prefix('$') {
                Some(number) => number.parse::<usize>().ok().map(|number| format!("${}", number + row * width)),
                None => Some(value.trim().to_owned()),
            });
            values.collect::<Option<Vec<String>>>().map(|values| format!("({})", values.join(", ")))
        })
        .collect::<Option<_>>()?;
    Some(format!("{head} VALUES {}{tail}", tuples.join(", ")))
}

fn parameters<'a>(values: &'a [Value<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// Connects, and checks that the server is one that will do. The flag says whether it may succeed a moment later.
fn connect(address: &ServerAddress, session: Session) -> Result<Live, (StoreError, bool)> {
    let mut config = address.config().clone();
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    if config.get_application_name().is_none() {
        config.application_name("chengxin");
    }
    config.tcp_user_timeout(Duration::from_secs(30)).keepalives_idle(Duration::from_secs(30));
    let own = match session {
        Session::Reading => READING,
        Session::Writing => WRITING,
        Session::Unhurried => UNHURRIED,
    };
    // The address has the last word.
    config.options(format!("{ALWAYS} {LIMITS} {own} {}", config.get_options().unwrap_or_default()).trim());
    let encrypted = config.get_ssl_mode() != postgres::config::SslMode::Disable;
    let client =
        if encrypted { config.connect(tls(address).map_err(|error| (error, false))?) } else { config.connect(NoTls) };
    let mut client = client.map_err(|error| explain(address, &error))?;
    let about = client.query_one(ABOUT, &[]).and_then(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
    let (found, citus): (i64, bool) = about.map_err(|error| explain(address, &error))?;
    if found < OLDEST {
        return Err((StoreError::OldServer { found: found / 10_000, needed: OLDEST / 10_000 }, false));
    }
    Ok(Live { client, citus, prepared: HashMap::new() })
}

/// Why a connection could not be made, and whether it may be made a moment later.
fn explain(address: &ServerAddress, error: &postgres::Error) -> (StoreError, bool) {
    let at = address.to_string();
    let Some(said) = error.as_db_error() else {
        return (StoreError::Unreachable { at, why: with_cause(error) }, true);
    };
    let why = said.message().to_owned();
    match *said.code() {
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            (StoreError::Refused { at, why }, false)
        }
        SqlState::INVALID_CATALOG_NAME => (StoreError::Missing(at), false),
        SqlState::INSUFFICIENT_PRIVILEGE => (StoreError::Rights(why), false),
        SqlState::TOO_MANY_CONNECTIONS => (StoreError::NoConnection, true),
        SqlState::INVALID_PARAMETER_VALUE | SqlState::UNDEFINED_OBJECT => (StoreError::Address(why), false),
        _ => (StoreError::Unreachable { at, why }, true),
    }
}

/// Verifies the server by the certificate authority that the address names, else by the public ones.
fn tls(address: &ServerAddress) -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = rustls::RootCertStore::empty();
    match address.root_certificate() {
        Some(path) => {
            let wrong = |why: String| StoreError::Address(format!("sslrootcert {}: {why}", path.display()));
            let read = CertificateDer::pem_file_iter(path).map_err(|error| wrong(error.to_string()))?;
            for certificate in read {
                let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
                roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
            }
            if roots.is_empty() {
                return Err(wrong("there is no certificate in it".to_owned()));
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Address(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insert_of_one_row_becomes_one_of_many() {
        let text = "INSERT INTO t (a, b, c) VALUES ($1, $2, 1) ON CONFLICT (a) DO UPDATE SET b = excluded.b";
        assert_eq!(
            many(text, 2, 2).as_deref(),
            Some("INSERT INTO t (a, b, c) VALUES ($1, $2, 1), ($3, $4, 1) ON CONFLICT (a) DO UPDATE SET b = excluded.b")
        );
    }
}
