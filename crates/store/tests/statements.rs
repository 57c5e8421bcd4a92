//! Every statement, held against the real schema.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use chengxin_store::testing::{Databases, Hand};
use chengxin_store::{KeyStore, Place, ReadStore, Statement, Store, StoreError};
use rusqlite::{Connection, params};

#[test]
fn every_statement_prepares_on_the_schema_that_the_migrations_make() {
    let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
    let (main, keys) = (databases.main_or(&dir.path().join("main.db")), databases.keys_or(&dir.path().join("keys.db")));
    Store::create(&main).unwrap();
    KeyStore::create(&keys).unwrap();
    let (main, keys) = (Hand::in_(&main), Hand::in_(&keys));
    let all = chengxin_store::statements();
    assert!(all.len() > 60);
    let (of_main, of_keys) = chengxin_store::statements_of_postgres();
    let only = |statements: Vec<&'static Statement>| if main.is_sqlite() { Vec::new() } else { statements };
    for (hand, statements) in [
        (&main, all.clone()),
        (&main, only(of_main)),
        (&keys, chengxin_store::keys::statements().to_vec()),
        (&keys, only(of_keys.to_vec())),
    ] {
        for statement in statements {
            hand.prepare(statement).unwrap_or_else(|e| panic!("{}: {e}", statement.name));
        }
    }
}

#[test]
fn the_schemas_of_both_engines_have_the_same_tables_and_columns() {
    let dir = tempfile::tempdir().unwrap();
    let (main, keys) = (Place::from(dir.path().join("main.db")), Place::from(dir.path().join("keys.db")));
    Store::create(&main).unwrap();
    KeyStore::create(&keys).unwrap();
    for (place, texts) in [
        (
            main,
            [
                include_str!("../migrations/postgres/0001_foundation.sql"),
                include_str!("../migrations/postgres/0002_log_tree.sql"),
                include_str!("../migrations/postgres/0003_log_checks.sql"),
                include_str!("../migrations/postgres/0004_jobs.sql"),
                include_str!("../migrations/postgres/0005_accounts.sql"),
                include_str!("../migrations/postgres/0006_consents.sql"),
                include_str!("../migrations/postgres/0007_activation_seal.sql"),
                include_str!("../migrations/postgres/0008_machines.sql"),
                include_str!("../migrations/postgres/0009_mandates.sql"),
                include_str!("../migrations/postgres/0010_check_batches.sql"),
                include_str!("../migrations/postgres/0011_issuers.sql"),
                include_str!("../migrations/postgres/0012_passkeys.sql"),
                include_str!("../migrations/postgres/0013_session_issuer.sql"),
                include_str!("../migrations/postgres/0014_proceedings.sql"),
                include_str!("../migrations/postgres/0015_notices.sql"),
                include_str!("../migrations/postgres/0016_complaints.sql"),
                include_str!("../migrations/postgres/0018_statistics.sql"),
                include_str!("../migrations/postgres/0019_supervision.sql"),
                include_str!("../migrations/postgres/0020_publication.sql"),
            ]
            .as_slice(),
        ),
        (
            keys,
            [
                include_str!("../migrations/keys/postgres/0001_foundation.sql"),
                include_str!("../migrations/keys/postgres/0002_salt_blocks.sql"),
            ]
            .as_slice(),
        ),
    ] {
        let hand = Hand::in_(&place);
        let tables = hand.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", &[]).unwrap();
        assert!(tables.len() > 4);
        let text = texts.concat();
        for table in tables.iter().map(|row| row[0].to_string()) {
            let (_, rest) = text.split_once(&format!("CREATE TABLE {table} (")).unwrap_or_else(|| panic!("{table}"));
            let (body, _) = rest.split_once("\n);").unwrap();
            let words = body.lines().filter_map(|line| line.split_whitespace().next());
            let mut columns: Vec<&str> =
                words.filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).collect();
            let alter = format!("ALTER TABLE {table} ADD COLUMN ");
            let added = text.split(&alter).skip(1);
            columns.extend(added.filter_map(|rest| rest.split_whitespace().next()));
            assert_eq!(hand.columns(&table).unwrap(), columns, "{table}");
        }
    }
}

fn statements_of_both() -> Vec<&'static Statement> {
    let (of_main, of_keys) = chengxin_store::statements_of_postgres();
    [chengxin_store::statements().as_slice(), chengxin_store::keys::statements(), &of_main, of_keys].concat()
}

#[test]
fn names_of_statements_are_unique_and_pages_are_ordered() {
    let mut names = BTreeSet::new();
    for statement in statements_of_both().iter() {
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
        include_str!("../migrations/sqlite/0004_jobs.sql"),
        include_str!("../migrations/sqlite/0005_accounts.sql"),
        include_str!("../migrations/sqlite/0006_consents.sql"),
        include_str!("../migrations/sqlite/0007_activation_seal.sql"),
        include_str!("../migrations/sqlite/0008_machines.sql"),
        include_str!("../migrations/sqlite/0009_mandates.sql"),
        include_str!("../migrations/sqlite/0010_check_batches.sql"),
        include_str!("../migrations/sqlite/0011_issuers.sql"),
        include_str!("../migrations/sqlite/0012_passkeys.sql"),
        include_str!("../migrations/sqlite/0013_session_issuer.sql"),
        include_str!("../migrations/sqlite/0014_proceedings.sql"),
        include_str!("../migrations/sqlite/0015_notices.sql"),
        include_str!("../migrations/sqlite/0016_complaints.sql"),
        include_str!("../migrations/sqlite/0018_statistics.sql"),
        include_str!("../migrations/sqlite/0019_supervision.sql"),
        include_str!("../migrations/sqlite/0020_publication.sql"),
        include_str!("../migrations/keys/sqlite/0001_foundation.sql"),
        include_str!("../migrations/keys/sqlite/0002_salt_blocks.sql"),
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
    let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
    let path = dir.path().join("main.db");
    let place = databases.main_or(&path);
    Store::create(&place).unwrap();
    ReadStore::open(&place).unwrap();
    let hand = Hand::in_(&place);
    if hand.is_sqlite() {
        hand.batch("PRAGMA user_version = 999").unwrap();
    } else {
        hand.batch("INSERT INTO schema_migration (number, name) VALUES (999, 'from the future')").unwrap();
    }
    assert!(matches!(ReadStore::open(&place), Err(StoreError::UnknownSchema { found: 999, .. })));
    assert!(matches!(Store::open(&place), Err(StoreError::UnknownSchema { found: 999, .. })));
    if hand.is_sqlite() {
        std::fs::write(&path, b"this is no database, and says so at some length").unwrap();
        assert!(matches!(Store::open(&place), Err(StoreError::Damaged(_))));
    }
}

#[test]
fn a_transaction_whose_work_fails_leaves_nothing() {
    let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
    let mut store = Store::create(&databases.main_or(&dir.path().join("main.db"))).unwrap();
    let failed = store.write("test", |tx| -> Result<(), StoreError> {
        tx.set_setting("a", "1")?;
        Err(StoreError::Conflict("test"))
    });
    assert!(matches!(failed, Err(StoreError::Conflict("test"))));
    assert_eq!(store.view().setting("a").unwrap(), None);
}
