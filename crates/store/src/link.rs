//! A connection to either engine, as statements see it. One function for each thing that can be done with a statement;
//! which engine it is matters nowhere above this file and `dialect/`.

use rusqlite::Connection;

use crate::dialect::postgres::Server;
use crate::value::{Row, Value};
use crate::{Statement, StoreError};

/// A connection to run statements on, borrowed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Link<'c> {
    Sqlite(&'c Connection),
    Postgres(&'c Server),
}

/// A connection, owned.
#[derive(Debug)]
pub(crate) enum Engine {
    Sqlite(Connection),
    Postgres(Box<Server>),
}

impl Engine {
    pub(crate) fn link(&self) -> Link<'_> {
        match self {
            Self::Sqlite(connection) => Link::Sqlite(connection),
            Self::Postgres(server) => Link::Postgres(server),
        }
    }
}

impl Link<'_> {
    /// Hands every row of the answer to `each`.
    pub(crate) fn each(
        self,
        statement: &Statement,
        values: &[Value<'_>],
        mut each: impl FnMut(Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => {
                let mut prepared = connection.prepare_cached(statement.sqlite())?;
                let mut rows = prepared.query(rusqlite::params_from_iter(values))?;
                while let Some(row) = rows.next()? {
                    each(Row::Sqlite(row))?;
                }
                Ok(())
            }
            Self::Postgres(server) => server.each(statement, values, &mut |row| each(Row::Postgres(row))),
        }
    }

    /// The rows of the answer.
    pub(crate) fn rows<T>(
        self,
        statement: &Statement,
        values: &[Value<'_>],
        mut read: impl FnMut(Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(_) => {
                let mut found = Vec::new();
                self.each(statement, values, |row| {
                    found.push(read(row)?);
                    Ok(())
                })?;
                Ok(found)
            }
            Self::Postgres(server) => {
                server.query(statement, values)?.iter().map(|row| read(Row::Postgres(row))).collect()
            }
        }
    }

    /// The first row of the answer, if there is one.
    pub(crate) fn first<T>(
        self,
        statement: &Statement,
        values: &[Value<'_>],
        read: impl FnOnce(Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match self {
            Self::Sqlite(connection) => {
                let mut prepared = connection.prepare_cached(statement.sqlite())?;
                let mut rows = prepared.query(rusqlite::params_from_iter(values))?;
                rows.next()?.map(|row| read(Row::Sqlite(row))).transpose()
            }
            Self::Postgres(server) => {
                server.query(statement, values)?.first().map(|row| read(Row::Postgres(row))).transpose()
            }
        }
    }

    /// The one row that such a statement always gives.
    pub(crate) fn one<T>(
        self,
        statement: &Statement,
        values: &[Value<'_>],
        read: impl FnOnce(Row<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.first(statement, values, read)?.ok_or(StoreError::Value(statement.name.into()))
    }

    /// Is there any row in the answer?
    pub(crate) fn any(self, statement: &Statement, values: &[Value<'_>]) -> Result<bool, StoreError> {
        Ok(self.first(statement, values, |_| Ok(()))?.is_some())
    }

    /// Runs a statement that changes; how many rows it changed.
    pub(crate) fn run(self, statement: &Statement, values: &[Value<'_>]) -> Result<usize, StoreError> {
        match self {
            Self::Sqlite(connection) => {
                Ok(connection.prepare_cached(statement.sqlite())?.execute(rusqlite::params_from_iter(values))?)
            }
            Self::Postgres(server) => server.execute(statement, values),
        }
    }

    /// Runs one `INSERT` for every row: on SQLite a statement prepared once, on PostgreSQL a COPY. Rows sorted by key are
    /// loaded fastest on both, since the pages of an index are then touched once.
    pub(crate) fn load<'v, R: AsRef<[Value<'v>]>>(
        self,
        statement: &Statement,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => {
                let mut prepared = connection.prepare_cached(statement.sqlite())?;
                for row in rows {
                    prepared.execute(rusqlite::params_from_iter(row.as_ref()))?;
                }
                Ok(())
            }
            Self::Postgres(server) => server.load(statement, rows),
        }
    }
}
