//! Migrations: numbered files that pair on both engines, applied in order, each in one transaction.

use rusqlite::Connection;

use crate::StoreError;
use crate::dialect::postgres::{Server, Session};
use crate::place::{Place, ServerAddress};

/// One step of a schema.
#[derive(Debug)]
pub struct Migration {
    /// 1, 2, 3 …
    pub number: i64,
    /// Name of its file, without number and ending.
    pub name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    /// How the tables are spread over the nodes of Citus.
    citus: &'static str,
}

/// A schema: the steps that make it, oldest first.
#[derive(Debug)]
pub struct Schema {
    /// Tables by which an installation shows: where one has rows, there is one.
    filled: &'static [&'static str],
    steps: &'static [Migration],
}

impl Schema {
    /// Number of its last step.
    #[must_use]
    pub fn newest(&self) -> i64 {
        self.steps.last().map_or(0, |migration| migration.number)
    }

    /// Steps behind version `found`.
    fn behind(&self, found: i64) -> impl Iterator<Item = &'static Migration> {
        self.steps.iter().filter(move |migration| migration.number > found)
    }
}

macro_rules! schema {
    ($folder:literal $filled:expr; $($number:literal $name:literal $file:literal),*) => {
        &Schema {
            filled: $filled,
            steps: &[$(Migration {
                number: $number,
                name: $name,
                sqlite: include_str!(concat!("../migrations/", $folder, "sqlite/", $file, ".sql")),
                postgres: include_str!(concat!("../migrations/", $folder, "postgres/", $file, ".sql")),
                citus: include_str!(concat!("../migrations/", $folder, "citus/", $file, ".sql")),
            }),*],
        }
    };
}

/// The main database.
pub const MAIN: &Schema = schema!("" &["installation"];
    1 "foundation" "0001_foundation", 2 "log_tree" "0002_log_tree", 3 "log_checks" "0003_log_checks",
    4 "jobs" "0004_jobs", 5 "accounts" "0005_accounts", 6 "consents" "0006_consents",
    7 "activation_seal" "0007_activation_seal", 8 "machines" "0008_machines", 9 "mandates" "0009_mandates",
    10 "check_batches" "0010_check_batches",
    11 "issuers" "0011_issuers",
    12 "passkeys" "0012_passkeys",
    13 "session_issuer" "0013_session_issuer",
    14 "proceedings" "0014_proceedings",
    15 "notices" "0015_notices",
    16 "complaints" "0016_complaints",
    17 "retention" "0017_retention",
    18 "statistics" "0018_statistics",
    19 "supervision" "0019_supervision",
    20 "publication" "0020_publication",
    21 "overdue" "0021_overdue");

/// The key store.
pub const KEYS: &Schema = schema!("keys/" &["key_meta", "subject_key", "body_salt", "salt_block"]; 1 "foundation" "0001_foundation", 2 "salt_blocks" "0002_salt_blocks");

/// Two processes that migrate at once: the second waits, and finds nothing left to do.
const LOCK: i64 = 0x6368_656e_6778_696e;

const HISTORY: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    number     BIGINT PRIMARY KEY,                     -- 1, 2, 3 …
    name       TEXT NOT NULL,                          -- name of its file
    applied_at TIMESTAMPTZ NOT NULL DEFAULT now()      -- when
)";

/// Where a database stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Version of its schema; 0 where there are no tables of ours.
    pub found: i64,
    /// Version that this programme needs.
    pub needed: i64,
}

/// Where a database stands, and the steps that are missing, oldest first. Changes nothing.
///
/// # Errors
/// Why the database cannot be read.
pub fn plan(place: &Place, schema: &Schema) -> Result<(Standing, Vec<&'static Migration>), StoreError> {
    let found = match place {
        Place::File(path) if !path.is_file() => return Err(StoreError::Missing(path.display().to_string())),
        Place::File(path) => {
            let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
            version_of_sqlite(&Connection::open_with_flags(path, flags)?)?
        }
        Place::Server(address) => version_of_server(&Server::open(address, Session::Reading)?)?,
    };
    let missing = schema.behind(found).collect();
    Ok((Standing { found, needed: schema.newest() }, missing))
}

/// Applies the steps that are missing; which they were. Each is whole or not there at all, so that an interrupted run is
/// simply run again, and several may run at once.
///
/// # Errors
/// [`StoreError::UnknownSchema`] for a newer schema than this programme knows; [`StoreError::Rights`]; the engine's.
pub fn run(place: &Place, schema: &Schema) -> Result<Vec<&'static Migration>, StoreError> {
    let found = match place {
        Place::File(path) if !path.is_file() => return Err(StoreError::Missing(path.display().to_string())),
        Place::File(path) => run_sqlite(&mut Connection::open(path)?, schema)?,
        Place::Server(address) => run_on_server(address, schema)?,
    };
    Ok(schema.behind(found).collect())
}

/// Brings a file to the newest version; from which one. Several processes may start at once: the first takes the write lock,
/// the others wait and find nothing left to do.
pub(crate) fn run_sqlite(connection: &mut Connection, schema: &Schema) -> Result<i64, StoreError> {
    let known = schema.newest();
    if version_of_sqlite(connection)? == known {
        return Ok(known);
    }
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found = version_of_sqlite(&tx)?;
    if found > known {
        return Err(StoreError::UnknownSchema { found, known });
    }
    for migration in schema.behind(found) {
        tx.execute_batch(migration.sqlite)?;
        tx.pragma_update(None, "user_version", migration.number)?;
    }
    tx.commit()?;
    Ok(found)
}

pub(crate) fn version_of_sqlite(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Makes the tables in a database of a server, where there are none of ours yet, or empty ones that an administrator made.
pub(crate) fn create_on_server(address: &ServerAddress, schema: &Schema) -> Result<(), StoreError> {
    let server = Server::open(address, Session::Reading)?;
    vacant(address, &server, schema)?;
    run_on_server(address, schema).map(drop)
}

/// Is there nothing of an installation at this place yet? Tables without rows are nothing.
///
/// # Errors
/// [`StoreError::Occupied`] where there is; why a server cannot be used.
pub fn check_vacant(place: &Place, schema: &Schema) -> Result<(), StoreError> {
    match place {
        Place::File(path) if path.exists() => Err(StoreError::Occupied(path.display().to_string())),
        Place::File(_) => Ok(()),
        Place::Server(address) => vacant(address, &Server::open(address, Session::Reading)?, schema),
    }
}

fn vacant(address: &ServerAddress, server: &Server, schema: &Schema) -> Result<(), StoreError> {
    if version_of_server(server)? == 0 {
        return Ok(());
    }
    for table in schema.filled {
        if server.text(&format!("SELECT 1::text FROM {table} LIMIT 1"))?.is_some() {
            return Err(StoreError::Occupied(address.to_string()));
        }
    }
    Ok(())
}

/// Tells sets of migrations apart.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn fingerprint(schema: &Schema) -> u64 {
    use std::hash::{DefaultHasher, Hasher as _};
    let mut hasher = DefaultHasher::new();
    schema.steps.iter().for_each(|of| [of.postgres, of.citus].iter().for_each(|text| hasher.write(text.as_bytes())));
    hasher.finish()
}

fn run_on_server(address: &ServerAddress, schema: &Schema) -> Result<i64, StoreError> {
    let server = Server::open(address, Session::Migrating)?;
    // A lock of the session goes with the process, whatever becomes of it. Where the session ends before, this run ends too.
    server.bind();
    server.batch(&format!("SELECT pg_advisory_lock({LOCK})"))?;
    let (found, known) = (version_of_server(&server)?, schema.newest());
    if found > known {
        return Err(StoreError::UnknownSchema { found, known });
    }
    if found == 0 {
        server.batch(HISTORY)?;
    }
    let citus = server.is_citus();
    for migration in schema.behind(found) {
        let Migration { number, name, postgres, .. } = migration;
        let spread = if citus { migration.citus } else { "" };
        let noted = format!("INSERT INTO schema_migration (number, name) VALUES ({number}, '{name}')");
        // One transaction, but not one text: of a change of a spread table Citus hands each node the text in which it came.
        server.batch("BEGIN")?;
        for statement in postgres.split(";\n").chain(spread.split(";\n")).chain([noted.as_str(), "COMMIT"]) {
            server.batch(statement)?;
        }
        tracing::info!(number, name, database = %address, "migrated");
    }
    Ok(found)
}

/// Version of the schema in a database; 0 where there are no tables of ours. Who may not even look is told so.
fn version_of_server(server: &Server) -> Result<i64, StoreError> {
    if server.text("SELECT to_regclass('schema_migration')::text")?.is_none() {
        // A schema that one may not use is passed over in silence.
        return match server.text("SELECT current_schema()::text")? {
            Some(_) => Ok(0),
            None => Err(StoreError::Rights("no schema of the search path exists and may be used".to_owned())),
        };
    }
    let found = server.text("SELECT coalesce(max(number), 0)::text FROM schema_migration")?;
    found.and_then(|found| found.parse().ok()).ok_or_else(|| StoreError::Value("schema_migration.number".into()))
}

/// Refuses a database whose schema is not the one that this programme works with.
pub(crate) fn check(server: &Server, schema: &Schema) -> Result<(), StoreError> {
    let (found, known) = (version_of_server(server)?, schema.newest());
    match found.cmp(&known) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(StoreError::OldSchema { found, known }),
        std::cmp::Ordering::Greater => Err(StoreError::UnknownSchema { found, known }),
    }
}

#[cfg(test)]
mod tests;
