//! Everything of one database into another, whichever engines the two are on; and a copy of a file that is in use.

use std::path::Path;
use std::time::Duration;

use crate::audit::{Cell, cells};
use crate::link::Link;
use crate::open::Store;
use crate::place::Place;
use crate::value::Given;
use crate::{KeyStore, ReadStore, Statement, StoreError};

/// Rows held in memory at once: bodies are some hundred bytes, lists of members half a megabyte.
const AT_ONCE: usize = 500;
/// How long to wait for a schema that is being changed.
const BUSY: Duration = Duration::from_secs(30);

/// What was copied: a table, and how many rows.
pub type Copied = (String, u64);

/// Tables of ours, by name.
pub(crate) fn tables(link: Link<'_>) -> Result<Vec<String>, StoreError> {
    let text = match link {
        Link::Sqlite(_) => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        }
        Link::Postgres(_) => {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'schema_migration' \
             ORDER BY tablename"
        }
    };
    link.rows(Statement::made("TABLES", text.to_owned()), &[], |row| row.get(0))
}

/// Columns of a table, in order.
pub(crate) fn columns(link: Link<'_>, table: &str) -> Result<Vec<String>, StoreError> {
    let text = match link {
        Link::Sqlite(_) => format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"),
        Link::Postgres(_) => format!(
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() \
             AND table_name = '{table}' ORDER BY ordinal_position"
        ),
    };
    link.rows(Statement::made("COLUMNS", text), &[], |row| row.get(0))
}

/// Copies the main database into one that is empty or not there yet, in one transaction: interrupted, nothing is there.
/// Nobody may write to `from` meanwhile. `each` is told a table before its rows.
///
/// # Errors
/// [`StoreError::Occupied`] where there is an installation already; [`StoreError::Value`] where the tables of the two differ; the
/// engines'.
pub fn copy_main(from: &Place, to: &Place, each: &mut dyn FnMut(&str)) -> Result<Vec<Copied>, StoreError> {
    let source = ReadStore::open_unhurried(from)?;
    source.freeze()?;
    let mut target = Store::create(to)?;
    target.write_once("installation_move", |tx| copy_tables(source.view().link, tx.link, each))
}

/// Copies the key store likewise.
///
/// # Errors
/// As [`copy_main`].
pub fn copy_keys(from: &Place, to: &Place, each: &mut dyn FnMut(&str)) -> Result<Vec<Copied>, StoreError> {
    let source = KeyStore::open(from)?;
    let mut target = KeyStore::create(to)?;
    target.write_once(|tx| copy_tables(source.link(), tx.link(), each))
}

fn copy_tables(from: Link<'_>, to: Link<'_>, each: &mut dyn FnMut(&str)) -> Result<Vec<Copied>, StoreError> {
    let all = tables(from)?;
    if all != tables(to)? {
        return Err(StoreError::Value("tables".into()));
    }
    all.into_iter()
        .map(|table| {
            each(&table);
            let count = copy_table(from, to, &table)?;
            Ok((table, count))
        })
        .collect()
}

fn copy_table(from: Link<'_>, to: Link<'_>, table: &str) -> Result<u64, StoreError> {
    let columns = columns(from, table)?;
    let listed = columns.join(", ");
    let marks: Vec<String> = (1..=columns.len()).map(|number| format!("${number}")).collect();
    let select = Statement::made("COPY_FROM", format!("SELECT {listed} FROM {table}"));
    let insert = Statement::made("COPY_TO", format!("INSERT INTO {table} ({listed}) VALUES ({})", marks.join(", ")));
    let (mut waiting, mut count) = (Vec::with_capacity(AT_ONCE), 0u64);
    let load = |rows: &mut Vec<Vec<Cell>>| -> Result<(), StoreError> {
        to.load(insert, rows.iter().map(|row| row.iter().map(Given::value).collect::<Vec<_>>()))?;
        rows.clear();
        Ok(())
    };
    from.each(select, &[], |row| {
        waiting.push(cells(row, columns.len())?);
        count += 1;
        if waiting.len() == AT_ONCE { load(&mut waiting) } else { Ok(()) }
    })?;
    load(&mut waiting)?;
    if let (Link::Postgres(server), "held") = (to, table) {
        server.text("SELECT setval(pg_get_serial_sequence('held', 'held_id'), coalesce(max(held_id), 0) + 1, false)::text FROM held")?;
    }
    Ok(count)
}

/// Copies an SQLite database as it stands, while others read and write it.
///
/// # Errors
/// [`StoreError::Missing`], [`StoreError::Full`], the engine's.
pub fn copy_file(from: &Path, to: &Path) -> Result<(), StoreError> {
    if !from.is_file() {
        return Err(StoreError::Missing(from.display().to_string()));
    }
    // One read transaction: however much is written meanwhile, it sees one state and never begins anew.
    let source = rusqlite::Connection::open(from)?;
    source.busy_timeout(BUSY)?;
    source.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    let target = rusqlite::Connection::open_with_flags(to, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let fit: String = target.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if fit == "ok" { Ok(()) } else { Err(StoreError::Damaged(fit)) }
}
