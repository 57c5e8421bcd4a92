//! Opening the main database: one connection that writes, any number that only read.

use rusqlite::TransactionBehavior;

use crate::dialect::postgres::{Server, Session};
use crate::dialect::sqlite;
use crate::fault::{self, Moment};
use crate::link::{Engine, Link};
use crate::place::Place;
use crate::{StoreError, migrate};

/// The store, for writing. One connection; hand it to one thread.
#[derive(Debug)]
pub struct Store {
    engine: Engine,
    place: Place,
}

/// A named transaction. On SQLite it holds the write lock from its beginning; on PostgreSQL it is serializable.
#[derive(Debug, Clone, Copy)]
pub struct Tx<'s> {
    pub(crate) link: Link<'s>,
}

impl Store {
    /// Makes a new database: a new file, or the tables in an empty database of a server.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the server has no database of that name; [`StoreError::Occupied`] where there is an
    /// installation already; the engine's.
    pub fn create(place: &Place) -> Result<Self, StoreError> {
        let engine = match place {
            Place::File(path) => Engine::Sqlite(sqlite::open_main(path, true)?),
            Place::Server(address) => {
                migrate::create_on_server(address, migrate::MAIN)?;
                Engine::Postgres(Box::new(Server::open(address, Session::Writing)?))
            }
        };
        Ok(Self { engine, place: place.clone() })
    }

    /// Opens an existing database. A file is brought to the newest version of its schema; on a server that is the
    /// administrator's act, since other processes may be at work there.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::UnknownSchema`], [`StoreError::OldSchema`], [`StoreError::Damaged`], and why a
    /// server cannot be used.
    pub fn open(place: &Place) -> Result<Self, StoreError> {
        let engine = match place {
            Place::File(path) => Engine::Sqlite(sqlite::open_main(path, false)?),
            Place::Server(address) => {
                let server = Server::open(address, Session::Writing)?;
                migrate::check(&server, migrate::MAIN)?;
                Engine::Postgres(Box::new(server))
            }
        };
        Ok(Self { engine, place: place.clone() })
    }

    /// Where the database lies.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Runs `work` in one transaction that is durable when this returns. `name` says in an error or a trace which one it
    /// was. If `work` fails nothing of it remains.
    ///
    /// On a server `work` is run again where the transaction collided with another, or where the connection ended before
    /// the commit: it may change nothing outside but what it sets anew each time.
    ///
    /// # Errors
    /// Whatever `work` returns, or the failure to begin or commit.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        name: &'static str,
        mut work: impl FnMut(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut work = |tx: &Tx<'_>| -> Result<T, E> {
            let value = work(tx)?;
            fault::reached(Moment::BeforeCommit)?;
            Ok(value)
        };
        let value = match &mut self.engine {
            Engine::Sqlite(connection) => {
                let wrap = |error: rusqlite::Error| {
                    tracing::warn!(transaction = name, %error, "transaction failed");
                    E::from(StoreError::from(error))
                };
                let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrap)?;
                let value = work(&Tx { link: Link::Sqlite(&tx) })?;
                tx.commit().map_err(wrap)?;
                Ok(value)
            }
            Engine::Postgres(server) => {
                let tx = Tx { link: Link::Postgres(server) };
                server.transact(name, || work(&tx))
            }
        };
        let value: T = value?;
        fault::reached(Moment::AfterCommit)?;
        Ok(value)
    }

    /// The same for work that can be done once only. What a server would have had run again fails with
    /// [`StoreError::Conflict`] or [`StoreError::Unreachable`], and nothing of it remains.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_once<T, E: From<StoreError>>(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut work = Some(work);
        self.write(name, |tx| match work.take() {
            Some(work) => work(tx),
            None => Err(E::from(StoreError::Conflict(name))),
        })
    }

    /// Whether a power cut may take back the transactions that follow (never a killed process). Used for the chunks
    /// of an open submission, which the durable transaction that accepts it seals, and for nothing else. On a server nothing
    /// changes: it may restart while we go on, and would then have forgotten a chunk that we count on.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn set_relaxed(&self, relaxed: bool) -> Result<(), StoreError> {
        self.on_sqlite(|connection| sqlite::set_relaxed(connection, relaxed))
    }

    /// Folds the whole write-ahead log back and empties it, where it has grown beyond `bytes`: under steady writing folding
    /// beside it never comes to an end, and the file would grow for as long as an import lasts. Somebody who reads an old state
    /// meanwhile is not waited for longer than a writer is. A server sees to that itself.
    ///
    /// # Errors
    /// The engine's.
    pub fn fold_beyond(&self, bytes: u64) -> Result<(), StoreError> {
        self.on_sqlite(|connection| sqlite::fold_beyond(connection, bytes))
    }

    /// A ceiling on the size of an SQLite database, in pages. At it the engine says what it says on a full disk.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn set_page_limit(&self, pages: i64) -> Result<(), StoreError> {
        self.on_sqlite(|connection| {
            Ok(connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?)
        })
    }

    /// Size of an SQLite database, in pages; 0 on a server.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn pages(&self) -> Result<i64, StoreError> {
        match &self.engine {
            Engine::Sqlite(connection) => Ok(connection.pragma_query_value(None, "page_count", |row| row.get(0))?),
            Engine::Postgres(_) => Ok(0),
        }
    }

    /// Whether commits fold the write-ahead log back when it has grown, as they do from the start. An import leaves that to
    /// a [`crate::Checkpointer`] beside it.
    ///
    /// # Errors
    /// The engine's refusal.
    pub fn set_folding(&self, folding: bool) -> Result<(), StoreError> {
        self.on_sqlite(|connection| sqlite::set_folding(connection, folding))
    }

    /// Asks for the write lock every half millisecond in place of ever longer pauses: for the one writer of a server, which
    /// must get in between the slices of an import. PostgreSQL has no such lock.
    ///
    /// # Errors
    /// The engine's.
    pub fn set_eager(&mut self) -> Result<(), StoreError> {
        match &mut self.engine {
            Engine::Sqlite(connection) => sqlite::set_eager(connection),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Makes the index that a list of persons needs, where it is not there. Asked for by a catalogue that has persons published: without such a law it would
    /// only cost imports.
    ///
    /// # Errors
    /// The engine's.
    pub fn index_persons_public(&mut self) -> Result<(), StoreError> {
        match &mut self.engine {
            Engine::Sqlite(connection) => Ok(connection.execute_batch(crate::fanout::PERSONS_PUBLIC)?),
            Engine::Postgres(server) => server.make(crate::fanout::PERSONS_PUBLIC),
        }
    }

    fn on_sqlite(&self, act: impl FnOnce(&rusqlite::Connection) -> Result<(), StoreError>) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(connection) => act(connection),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// A second connection that can only read.
    ///
    /// # Errors
    /// As [`ReadStore::open`].
    pub fn reader(&self) -> Result<ReadStore, StoreError> {
        ReadStore::open(&self.place)
    }

    /// The writing connection's own view for reading.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View { link: self.engine.link() }
    }
}

impl<'s> Tx<'s> {
    /// What the transaction sees.
    #[must_use]
    pub fn view(&self) -> View<'s> {
        View { link: self.link }
    }
}

/// The store, for reading only: the engine itself refuses a write.
#[derive(Debug)]
pub struct ReadStore {
    engine: Engine,
}

impl ReadStore {
    /// Opens a database for reading.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(place: &Place) -> Result<Self, StoreError> {
        Self::with(place, Session::Reading)
    }

    /// Opens a database to read all of it: no time limit on a statement.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_unhurried(place: &Place) -> Result<Self, StoreError> {
        Self::with(place, Session::Unhurried)
    }

    fn with(place: &Place, session: Session) -> Result<Self, StoreError> {
        let engine = match place {
            Place::File(path) => Engine::Sqlite(sqlite::open_reader(path)?),
            Place::Server(address) => {
                let server = Server::open(address, session)?;
                migrate::check(&server, migrate::MAIN)?;
                Engine::Postgres(Box::new(server))
            }
        };
        Ok(Self { engine })
    }

    /// From here on every view sees the database as it stands now, whoever writes beside it. Where the connection to a server
    /// ends, so does that: every view is then [`StoreError::Unreachable`], until it is frozen anew.
    ///
    /// # Errors
    /// The engine's.
    pub fn freeze(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::freeze(connection)?,
            Engine::Postgres(server) => server.freeze()?,
        }
        self.view().setting("mode").map(drop)
    }

    /// Lets the reads that follow see one state, that of now, until [`Self::end`]. On SQLite each would otherwise lock, unlock and forget its pages; on a server
    /// it would cost two journeys and spare none, so that nothing is done there.
    ///
    /// # Errors
    /// The engine's.
    pub fn begin(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::begin_reading(connection),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Ends what [`Self::begin`] began, if it did.
    ///
    /// # Errors
    /// The engine's.
    pub fn end(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::end_reading(connection),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// What it sees now.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View { link: self.engine.link() }
    }
}

/// Anything that can be read from: a store, a reader, a transaction.
#[derive(Debug, Clone, Copy)]
pub struct View<'c> {
    pub(crate) link: Link<'c>,
}
