//! Every statement, held against the real schema.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use chengxin_store::{KeyStore, ReadStore, Statement, Store, StoreError};
use rusqlite::{Connection, params};

#[test]
fn every_statement_prepares_on_the_schema_that_the_migrations_make() {
    let dir = tempfile::tempdir().unwrap();
    Store::create(&dir.path().join("main.db")).unwrap();
    KeyStore::open(&dir.path().join("keys.db"), true).unwrap();
    let main = Connection::open(dir.path().join("main.db")).unwrap();
    let keys = Connection::open(dir.path().join("keys.db")).unwrap();
    let all = chengxin_store::statements();
    assert!(all.len() > 60);
    for (connection, statements) in [(&main, all.as_slice()), (&keys, chengxin_store::keys::statements())] {
        for statement in statements {
            connection.prepare(statement.sqlite()).unwrap_or_else(|e| panic!("{}: {e}", statement.name));
        }
    }
}

#[test]
fn names_of_statements_are_unique_and_pages_are_ordered() {
    let mut names = BTreeSet::new();
    for statement in chengxin_store::statements().iter().chain(chengxin_store::keys::statements()) {
        assert!(names.insert(statement.name), "{} twice", statement.name);
        let text = statement.text.to_uppercase();
        assert!(!text.contains('*') || text.contains("COUNT(*)"), "{}: columns are listed", statement.name);
        if text.contains("LIMIT $") {
            assert!(text.contains("ORDER BY"), "{}: a page has an order", statement.name);
        }
    }
}

#[test]
fn placeholders_are_numbers_and_not_names_in_order_of_appearance() {
    let connection = Connection::open_in_memory().unwrap();
    let statement = Statement::new("OUT_OF_ORDER", "SELECT $2 || '-' || $1");
    let value: String = connection.query_row(statement.sqlite(), params!["first", "second"], |row| row.get(0)).unwrap();
    assert_eq!(value, "second-first");
    // Untranslated, SQLite takes $2 for a name and gives it the first value.
    let wrong: String = connection.query_row(statement.text, params!["first", "second"], |row| row.get(0)).unwrap();
    assert_eq!(wrong, "first-second");
}

#[test]
fn every_column_says_what_it_is() {
    for text in [
        include_str!("../migrations/sqlite/0001_foundation.sql"),
        include_str!("../migrations/sqlite/0002_log_tree.sql"),
        include_str!("../migrations/sqlite/0003_log_checks.sql"),
        include_str!("../migrations/keys/0001_foundation.sql"),
        include_str!("../migrations/keys/0002_salt_blocks.sql"),
    ] {
        let mut inside = false;
        for line in text.lines() {
            inside = (inside || line.starts_with("CREATE TABLE")) && !line.starts_with(')');
            let column =
                inside && line.starts_with("    ") && line.trim_start().starts_with(|c: char| c.is_ascii_lowercase());
            assert!(!column || line.contains("-- "), "no comment: {line}");
        }
    }
}

#[test]
fn a_reader_cannot_write_and_an_unknown_schema_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("main.db");
    Store::create(&path).unwrap();
    ReadStore::open(&path).unwrap();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 999).unwrap();
    assert!(matches!(ReadStore::open(&path), Err(StoreError::UnknownSchema { found: 999, .. })));
    assert!(matches!(Store::open(&path), Err(StoreError::UnknownSchema { found: 999, .. })));
    std::fs::write(&path, b"this is no database, and says so at some length").unwrap();
    assert!(matches!(Store::open(&path), Err(StoreError::Damaged(_))));
}

#[test]
fn a_transaction_whose_work_fails_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::create(&dir.path().join("main.db")).unwrap();
    let failed = store.write("test", |tx| -> Result<(), StoreError> {
        tx.set_setting("a", "1")?;
        Err(StoreError::Conflict("test"))
    });
    assert!(matches!(failed, Err(StoreError::Conflict("test"))));
    assert_eq!(store.view().setting("a").unwrap(), None);
}
