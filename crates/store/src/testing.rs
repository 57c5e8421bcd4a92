//! Databases for tests, on the engine that `CHENGXIN_TEST_DATABASE` names: unset, files of SQLite; set, the address of a
//! PostgreSQL server at which each test gets databases of its own, cloned from a template and dropped when it ends.
//!
//! And a hand that reaches past every rule into them, for tests of what is done to a database behind our back.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

mod citus;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::audit::Cell;
use crate::dialect::postgres::{Server, Session};
use crate::link::{Engine, Link};
use crate::migrate::{self, Schema};
use crate::place::{Place, Places, ServerAddress};
use crate::value::{CellRef, Given};
use crate::{Statement, StoreError};

/// Variable that names the server.
pub const VARIABLE: &str = "CHENGXIN_TEST_DATABASE";

/// Templates are made by one test, the others wait.
const TEMPLATE_LOCK: i64 = 0x6378_7465;

/// The databases of one test.
#[derive(Debug)]
pub struct Databases {
    server: Option<Own>,
}

#[derive(Debug)]
struct Own {
    admin: Server,
    places: [ServerAddress; 2],
    more: std::sync::Mutex<Vec<String>>,
}

impl Databases {
    /// Two databases with the tables of the main database and of the key store, or none of a server.
    #[must_use]
    pub fn for_test() -> Self {
        let Ok(url) = std::env::var(VARIABLE) else { return Self { server: None } };
        let address: ServerAddress = url.parse().unwrap();
        let admin = Server::open(&address, Session::Writing).unwrap();
        let [main, keys] = [("main", migrate::MAIN), ("keys", migrate::KEYS)].map(|(kind, schema)| {
            let name = unique(kind);
            let own = address.with_database(&name).unwrap();
            if admin.is_citus() {
                citus::make(&admin, &address, &name);
                migrate::create_on_server(&own, schema).unwrap();
            } else {
                let template = template(&admin, &address, kind, schema);
                admin.batch(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
            }
            own
        });
        Self { server: Some(Own { admin, places: [main, keys], more: std::sync::Mutex::default() }) }
    }

    /// Where they lie, if they are a server's.
    #[must_use]
    pub fn places(&self) -> Option<Places> {
        let [main, keys] = self.server.as_ref()?.places.clone();
        Some(Places { main: Place::Server(main), keys: Place::Server(keys) })
    }

    /// The main database, on SQLite this file.
    #[must_use]
    pub fn main_or(&self, file: &Path) -> Place {
        self.places().map_or_else(|| Place::from(file), |places| places.main)
    }

    /// The key store, on SQLite this file.
    #[must_use]
    pub fn keys_or(&self, file: &Path) -> Place {
        self.places().map_or_else(|| Place::from(file), |places| places.keys)
    }

    /// An empty database without tables, on SQLite this file.
    #[must_use]
    pub fn empty_or(&self, file: &Path) -> Place {
        let Some(own) = &self.server else { return Place::from(file) };
        let name = unique("empty");
        if own.admin.is_citus() {
            citus::make(&own.admin, &own.places[0], &name);
        } else {
            own.admin.batch(&format!("CREATE DATABASE {name}")).unwrap();
        }
        let address = own.places[0].with_database(&name).unwrap();
        own.more.lock().unwrap().push(name);
        Place::Server(address)
    }
}

impl Drop for Databases {
    fn drop(&mut self) {
        let Some(own) = &self.server else { return };
        let more = own.more.lock().unwrap().clone();
        for name in own.places.iter().map(|place| place.database().to_owned()).chain(more) {
            drop(remove_database(&own.admin, &own.places[0], &name));
        }
    }
}

fn unique(kind: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("cx_{}_{}_{kind}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn template(admin: &Server, address: &ServerAddress, kind: &str, schema: &Schema) -> String {
    let name = format!("cx_template_{kind}_{:016x}", migrate::fingerprint(schema));
    let there =
        || admin.text(&format!("SELECT datname::text FROM pg_database WHERE datname = '{name}'")).unwrap().is_some();
    if there() {
        return name;
    }
    admin.batch(&format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).unwrap();
    if !there() {
        // Under another name until it is whole: who sees it may clone it.
        let raw = format!("{name}_raw");
        admin.batch(&format!("DROP DATABASE IF EXISTS {raw} WITH (FORCE)")).unwrap();
        admin.batch(&format!("CREATE DATABASE {raw}")).unwrap();
        migrate::create_on_server(&address.with_database(&raw).unwrap(), schema).unwrap();
        admin.batch(&format!("ALTER DATABASE {raw} RENAME TO {name}")).unwrap();
    }
    admin.batch(&format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).unwrap();
    name
}

/// A hand in a database.
#[derive(Debug)]
pub struct Hand(Engine);

impl Hand {
    /// Reaches into a database.
    #[must_use]
    pub fn in_(place: &Place) -> Self {
        Self(match place {
            Place::File(path) => {
                let connection = rusqlite::Connection::open(path).unwrap();
                connection.busy_timeout(std::time::Duration::from_secs(30)).unwrap();
                Engine::Sqlite(connection)
            }
            Place::Server(address) => Engine::Postgres(Box::new(Server::open(address, Session::Writing).unwrap())),
        })
    }

    /// Runs a statement with values `$1`, `$2` …; how many rows it changed.
    ///
    /// # Errors
    /// The engine's.
    pub fn run(&self, text: &str, values: &[Cell]) -> Result<usize, StoreError> {
        self.0.link().run(leaked(text), &values.iter().map(Given::value).collect::<Vec<_>>())
    }

    /// Runs statements without values.
    ///
    /// # Errors
    /// The engine's.
    pub fn batch(&self, text: &str) -> Result<(), StoreError> {
        match &self.0 {
            Engine::Sqlite(connection) => Ok(connection.execute_batch(text)?),
            Engine::Postgres(server) => server.batch(text),
        }
    }

    /// The rows that a statement answers with.
    ///
    /// # Errors
    /// The engine's.
    pub fn rows(&self, text: &str, values: &[Cell]) -> Result<Vec<Vec<Cell>>, StoreError> {
        let values: Vec<_> = values.iter().map(Given::value).collect();
        self.0.link().rows(leaked(text), &values, |row| (0..row.len()).map(|at| Ok(cell(row.cell(at)?))).collect())
    }

    /// The one integer that a statement answers with.
    ///
    /// # Errors
    /// The engine's.
    pub fn number(&self, text: &str, values: &[Cell]) -> Result<i64, StoreError> {
        let rows = self.rows(text, values)?;
        rows.first().and_then(|row| row.first()).and_then(Cell::int).ok_or(StoreError::Value("number".into()))
    }

    /// Columns of a table, in order.
    ///
    /// # Errors
    /// The engine's.
    pub fn columns(&self, table: &str) -> Result<Vec<String>, StoreError> {
        crate::transfer::columns(self.0.link(), table)
    }

    /// Every value of every table of ours.
    ///
    /// # Errors
    /// The engine's.
    pub fn everything(&self) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        for table in crate::transfer::tables(self.0.link())? {
            for cell in self.rows(&format!("SELECT * FROM {table}"), &[])?.into_iter().flatten() {
                match cell {
                    Cell::Bytes(value) => bytes.extend(value),
                    other => bytes.extend(other.to_string().into_bytes()),
                }
            }
        }
        Ok(bytes)
    }

    /// A value that a column of a table can hold.
    ///
    /// # Errors
    /// The engine's.
    pub fn some_value(&self, table: &str, column: &str) -> Result<Cell, StoreError> {
        let text = match self.0.link() {
            Link::Sqlite(_) => format!("SELECT type FROM pragma_table_info('{table}') WHERE name = '{column}'"),
            Link::Postgres(_) => format!(
                "SELECT data_type::text FROM information_schema.columns WHERE table_name = '{table}' AND column_name = '{column}'"
            ),
        };
        let kind = self.rows(&text, &[])?.first().map_or_else(String::new, |row| row[0].to_string());
        Ok(match kind.to_lowercase().as_str() {
            "text" => Cell::Text("x".to_owned()),
            "blob" | "bytea" => Cell::Bytes(vec![5]),
            _ => Cell::Int(5),
        })
    }

    /// Has the engine understand a statement, without running it.
    ///
    /// # Errors
    /// What it does not understand.
    pub fn prepare(&self, statement: &'static Statement) -> Result<(), StoreError> {
        match &self.0 {
            Engine::Sqlite(connection) => {
                connection.prepare(statement.sqlite())?;
                Ok(())
            }
            Engine::Postgres(server) => server.prepare(statement),
        }
    }

    /// Is this the engine whose columns hold whatever is put into them?
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        matches!(self.0, Engine::Sqlite(_))
    }
}

/// A test makes few statements, and ends.
fn leaked(text: &str) -> &'static Statement {
    Statement::made("HAND", text.to_owned())
}

fn cell(cell: CellRef<'_>) -> Cell {
    match cell {
        CellRef::Null => Cell::Null,
        CellRef::Int(number) => Cell::Int(number),
        CellRef::Real(number) => Cell::Bytes(number.to_be_bytes().to_vec()),
        CellRef::Text(text) => Cell::Text(text.to_owned()),
        CellRef::Bytes(bytes) | CellRef::Foreign(bytes) => Cell::Bytes(bytes.to_vec()),
    }
}

/// A copy of a database as it stands, to be put back later: what a backup is.
#[derive(Debug)]
pub struct Copy {
    of: Place,
    at: Place,
}

impl Copy {
    /// Copies a database that nobody uses at the moment. On SQLite into `folder`.
    #[must_use]
    pub fn of(place: &Place, folder: &Path) -> Self {
        match place {
            Place::File(path) => {
                let at = folder.join(unique("copy"));
                Hand::in_(place).batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
                std::fs::copy(path, &at).unwrap();
                Self { of: place.clone(), at: Place::File(at) }
            }
            Place::Server(address) => {
                let name = unique("copy");
                clone_database(address, address.database(), &name);
                Self { of: place.clone(), at: Place::Server(address.with_database(&name).unwrap()) }
            }
        }
    }

    /// Puts the copy in the place of what is there now; nobody may use it at the moment.
    pub fn put_back(&self) {
        match (&self.of, &self.at) {
            (Place::File(of), Place::File(at)) => {
                for suffix in ["-wal", "-shm"] {
                    let mut beside: std::ffi::OsString = of.clone().into_os_string();
                    beside.push(suffix);
                    drop(std::fs::remove_file(PathBuf::from(beside)));
                }
                std::fs::copy(at, of).unwrap();
            }
            (Place::Server(of), Place::Server(at)) => {
                let admin = Server::open(&of.with_database("postgres").unwrap(), Session::Writing).unwrap();
                remove_database(&admin, of, of.database()).unwrap();
                clone_database(at, at.database(), of.database());
            }
            _ => unreachable!("a copy lies where its original does"),
        }
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if let Place::Server(at) = &self.at
            && let Ok(address) = at.with_database("postgres")
            && let Ok(admin) = Server::open(&address, Session::Writing)
        {
            drop(remove_database(&admin, at, at.database()));
        }
    }
}

fn remove_database(admin: &Server, address: &ServerAddress, name: &str) -> Result<(), StoreError> {
    if admin.is_citus() {
        return citus::remove(admin, address, name);
    }
    admin.batch(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
}

fn clone_database(address: &ServerAddress, from: &str, to: &str) {
    let admin = Server::open(&address.with_database("postgres").unwrap(), Session::Writing).unwrap();
    if admin.is_citus() {
        return citus::copy(&admin, &address.with_database(from).unwrap(), to);
    }
    // Sessions that were just closed may still be ending.
    admin
        .batch(&format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{from}'"))
        .unwrap();
    admin.batch(&format!("CREATE DATABASE {to} TEMPLATE {from}")).unwrap();
}
