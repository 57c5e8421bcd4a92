//! Migrations: numbered files, applied in order, each in one transaction; an unknown version is refused.

use rusqlite::Connection;

use crate::StoreError;

/// One migration: number and text.
pub(crate) type Migration = (i64, &'static str);

/// Migrations of the main database.
pub(crate) const MAIN: &[Migration] = &[
    (1, include_str!("../migrations/sqlite/0001_foundation.sql")),
    (2, include_str!("../migrations/sqlite/0002_log_tree.sql")),
    (3, include_str!("../migrations/sqlite/0003_log_checks.sql")),
];

/// Migrations of the key store.
pub(crate) const KEYS: &[Migration] = &[
    (1, include_str!("../migrations/keys/0001_foundation.sql")),
    (2, include_str!("../migrations/keys/0002_salt_blocks.sql")),
];

/// Brings a database to the newest version. Several processes may start at once: the first takes the write lock, the
/// others wait and find nothing left to do.
pub(crate) fn run(connection: &mut Connection, migrations: &[Migration]) -> Result<(), StoreError> {
    let known = migrations.last().map_or(0, |(number, _)| *number);
    if version(connection)? == known {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found = version(&tx)?;
    if found > known {
        return Err(StoreError::UnknownSchema { found, known });
    }
    for (number, text) in migrations.iter().filter(|(number, _)| *number > found) {
        tx.execute_batch(text)?;
        tx.pragma_update(None, "user_version", number)?;
    }
    tx.commit()?;
    Ok(())
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
