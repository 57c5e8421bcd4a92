//! The key store: wrapped keys of subjects and submissions, and the salts whose loss makes a body unreadable.

use rusqlite::TransactionBehavior;

use crate::dialect::postgres::{Server, Session};
use crate::dialect::sqlite;
use crate::link::{Engine, Link};
use crate::place::Place;
use crate::value::{Value, row, values};
use crate::{Statement, StoreError, migrate};

crate::statements! {
    KEY_META_SET = "INSERT INTO key_meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    KEY_META_GET = "SELECT value FROM key_meta WHERE name = $1";
    SUBJECT_KEY_ADD = "INSERT INTO subject_key (subject_id, wrapping, wrapped) VALUES ($1, $2, $3) \
        ON CONFLICT (subject_id) DO UPDATE SET wrapping = excluded.wrapping, wrapped = excluded.wrapped";
    SUBJECT_KEY_NEW = "INSERT INTO subject_key (subject_id, wrapping, wrapped) VALUES ($1, $2, $3)";
    SUBJECT_KEY_FIND = "SELECT wrapping, wrapped FROM subject_key WHERE subject_id = $1";
    SUBJECT_KEY_REMOVE = "DELETE FROM subject_key WHERE subject_id = $1";
    // Rotation of the wrapping key reads every key once. Bound: all keys, in slices of $2 behind subject $1.
    SUBJECT_KEY_WALK = "SELECT subject_id, wrapping, wrapped FROM subject_key WHERE subject_id > $1 ORDER BY subject_id LIMIT $2";
    BODY_SALT_ADD = "INSERT INTO body_salt (subject_id, record_id, version, salt) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (subject_id, record_id, version) DO UPDATE SET salt = excluded.salt";
    BODY_SALT_KEEP = "INSERT INTO body_salt (subject_id, record_id, version, salt) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (subject_id, record_id, version) DO NOTHING";
    BODY_SALT_FIND = "SELECT salt FROM body_salt WHERE subject_id = $1 AND record_id = $2 AND version = $3";
    BODY_SALT_REMOVE = "DELETE FROM body_salt WHERE subject_id = $1 AND record_id = $2 AND version = $3";
    SALT_BLOCK_ADD = "INSERT INTO salt_block (submission_id, first_leaf, salts) VALUES ($1, $2, $3)";
    SALT_BLOCK_FIND = "SELECT first_leaf, salts FROM salt_block WHERE submission_id = $1 AND first_leaf <= $2 \
        ORDER BY first_leaf DESC LIMIT 1";
    SALT_BLOCK_SET = "UPDATE salt_block SET salts = $3 WHERE submission_id = $1 AND first_leaf = $2";
    SALT_BLOCK_REMOVE_FROM = "DELETE FROM salt_block WHERE submission_id = $1 AND first_leaf >= $2";
    SUBMISSION_KEY_ADD = "INSERT INTO submission_key (submission_id, wrapping, wrapped) VALUES ($1, $2, $3) \
        ON CONFLICT (submission_id) DO UPDATE SET wrapping = excluded.wrapping, wrapped = excluded.wrapped";
    SUBMISSION_KEY_FIND = "SELECT wrapping, wrapped FROM submission_key WHERE submission_id = $1";
    SUBMISSION_KEY_REMOVE = "DELETE FROM submission_key WHERE submission_id = $1";
    // Rotation, and the deletion of keys that seal nothing any more. Bound: submissions of 30 days.
    SUBMISSION_KEY_LIST = "SELECT submission_id, wrapping, wrapped FROM submission_key ORDER BY submission_id";
}

/// Every statement of the key store, for the test that prepares each one.
#[must_use]
pub fn statements() -> &'static [&'static Statement] {
    ALL
}

/// Salts in one block: two blocks fit a page, and erasing one salt rewrites no more than its block.
const SALTS_A_BLOCK: usize = 120;
/// Bytes of a salt.
const SALT: usize = 16;

/// Where the salt of a body lies: in its submission's blocks, at its leaf; of a decision (submission 0), and of what was
/// written before there were blocks, in a row of its own. A million rows then cost some thousand appended blocks in place of a million insertions at random places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyAt<'a> {
    /// About whom.
    pub subject: &'a [u8; 16],
    /// Which record.
    pub record: &'a [u8; 16],
    /// Version that holds the body.
    pub version: i64,
    /// Submission that brought that version; 0 for a decision.
    pub submission: i64,
    /// Its place in the submission's tree.
    pub leaf: i64,
}

/// A subject and its wrapped key.
pub type SubjectWrapped = ([u8; 16], Wrapped);

/// A wrapped key with the version of the wrapping key.
pub type Wrapped = (i64, Vec<u8>);

/// The key store. Its transactions are committed before those of the main database that rely on them: a crash between
/// the two leaves a key without a body, which harms nobody, never a body without a key.
#[derive(Debug)]
pub struct KeyStore {
    engine: Engine,
}

/// A transaction on the key store.
#[derive(Debug, Clone, Copy)]
pub struct KeyTx<'s> {
    link: Link<'s>,
}

impl KeyStore {
    /// Makes a new key store.
    ///
    /// # Errors
    /// As [`crate::Store::create`].
    pub fn create(place: &Place) -> Result<Self, StoreError> {
        let engine = match place {
            Place::File(path) => Engine::Sqlite(sqlite::open_keys(path, true)?),
            Place::Server(address) => {
                migrate::create_on_server(address, migrate::KEYS)?;
                Engine::Postgres(Box::new(Server::open(address, Session::Writing)?))
            }
        };
        Ok(Self { engine })
    }

    /// Opens the key store.
    ///
    /// # Errors
    /// As [`crate::Store::open`].
    pub fn open(place: &Place) -> Result<Self, StoreError> {
        let engine = match place {
            Place::File(path) => Engine::Sqlite(sqlite::open_keys(path, false)?),
            Place::Server(address) => {
                let server = Server::open(address, Session::Writing)?;
                migrate::check(&server, migrate::KEYS)?;
                Engine::Postgres(Box::new(server))
            }
        };
        Ok(Self { engine })
    }

    /// See [`crate::ReadStore::begin`]. Begin with the main database: whatever has a body there has its key here already.
    ///
    /// # Errors
    /// The engine's.
    pub fn begin_reading(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::begin_reading(connection),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// See [`crate::ReadStore::end`].
    ///
    /// # Errors
    /// The engine's.
    pub fn end_reading(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::end_reading(connection),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// See [`crate::Store::set_folding`].
    ///
    /// # Errors
    /// The engine's.
    pub fn set_folding(&self, folding: bool) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::set_folding(connection, folding),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Runs `work` in one durable transaction; see [`crate::Store::write`] for how often.
    ///
    /// # Errors
    /// Whatever `work` returns, or the engine's.
    pub fn write<T, E: From<StoreError>>(&mut self, mut work: impl FnMut(&KeyTx<'_>) -> Result<T, E>) -> Result<T, E> {
        match &mut self.engine {
            Engine::Sqlite(connection) => {
                let wrap = |error: rusqlite::Error| E::from(StoreError::from(error));
                let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrap)?;
                let value = work(&KeyTx { link: Link::Sqlite(&tx) })?;
                tx.commit().map_err(wrap)?;
                Ok(value)
            }
            Engine::Postgres(server) => {
                let tx = KeyTx { link: Link::Postgres(server) };
                server.transact("keys", || work(&tx))
            }
        }
    }

    /// See [`crate::Store::write_once`].
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_once<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&KeyTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut work = Some(work);
        self.write(|tx| match work.take() {
            Some(work) => work(tx),
            None => Err(E::from(StoreError::Conflict("keys"))),
        })
    }

    /// Folds the write-ahead log back into the file, so that no deleted key lingers in it. On a server it lingers until the
    /// log is recycled and the table vacuumed, which is asked for here.
    ///
    /// # Errors
    /// The engine's.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::fold(connection),
            Engine::Postgres(server) => server.batch("VACUUM subject_key, body_salt, salt_block, submission_key"),
        }
    }

    pub(crate) fn link(&self) -> Link<'_> {
        self.engine.link()
    }

    /// A setting.
    ///
    /// # Errors
    /// The engine's.
    pub fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.link().first(&KEY_META_GET, values![name], |row| row.get(0))
    }

    /// A subject's wrapped key.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_key(&self, subject: &[u8; 16]) -> Result<Option<Wrapped>, StoreError> {
        self.link().first(&SUBJECT_KEY_FIND, values![subject], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Wrapped keys of subjects behind `after`, for rotation.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_keys(&self, after: &[u8; 16], limit: i64) -> Result<Vec<SubjectWrapped>, StoreError> {
        self.link().rows(&SUBJECT_KEY_WALK, values![after, limit], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
    }

    /// The salt of a body; `None` once it was erased.
    ///
    /// # Errors
    /// The engine's.
    pub fn body_salt(&self, at: &BodyAt<'_>) -> Result<Option<[u8; 16]>, StoreError> {
        let block = block_of(self.link(), at)?;
        if let Some(salt) = block.and_then(|block| block.salt()).filter(|salt| *salt != [0; SALT]) {
            return Ok(Some(salt));
        }
        self.link().first(&BODY_SALT_FIND, values![at.subject, at.record, at.version], |row| row.get(0))
    }

    /// A submission's wrapped key.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_key(&self, submission: i64) -> Result<Option<Wrapped>, StoreError> {
        self.link().first(&SUBMISSION_KEY_FIND, values![submission], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// All wrapped keys of submissions.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_keys(&self) -> Result<Vec<(i64, Wrapped)>, StoreError> {
        self.link().rows(&SUBMISSION_KEY_LIST, &[], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
    }
}

impl<'s> KeyTx<'s> {
    pub(crate) fn link(&self) -> Link<'s> {
        self.link
    }
}

impl KeyTx<'_> {
    /// Sets a setting.
    ///
    /// # Errors
    /// The engine's.
    pub fn set_meta(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.link.run(&KEY_META_SET, values![name, value])?;
        Ok(())
    }

    /// Keeps a subject's wrapped key.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_key_set(&self, subject: &[u8; 16], wrapping: i64, wrapped: &[u8]) -> Result<(), StoreError> {
        self.link.run(&SUBJECT_KEY_ADD, values![subject, wrapping, wrapped])?;
        Ok(())
    }

    /// Destroys a subject's key.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_key_remove(&self, subject: &[u8; 16]) -> Result<(), StoreError> {
        self.link.run(&SUBJECT_KEY_REMOVE, values![subject])?;
        Ok(())
    }

    /// Keeps the salt of one body.
    ///
    /// # Errors
    /// The engine's.
    pub fn body_salt_set(&self, at: &BodyAt<'_>, salt: &[u8; 16]) -> Result<(), StoreError> {
        if at.submission != 0 {
            return match block_of(self.link, at)? {
                Some(block) => self.block_set(at.submission, block, salt),
                None => self.block_add(at.submission, at.leaf, salt),
            };
        }
        self.link.run(&BODY_SALT_ADD, values![at.subject, at.record, at.version, salt])?;
        Ok(())
    }

    /// Keeps a salt for the body of a version that a decision or the platform writes, where there is none; which one is kept. Two who write the same version at
    /// once seal it under the same salt, and the one that comes first is stored.
    ///
    /// # Errors
    /// The engine's.
    pub fn body_salt_kept(
        &self,
        (subject, record, version): (&[u8; 16], &[u8; 16], i64),
        fresh: &[u8; 16],
    ) -> Result<[u8; 16], StoreError> {
        self.link.run(&BODY_SALT_KEEP, values![subject, record, version, fresh])?;
        self.link.one(&BODY_SALT_FIND, values![subject, record, version], |row| row.get(0))
    }

    /// Keeps the salts of a chunk of a submission, `first_leaf` and on; of versions without a body they are zeros. Blocks
    /// that an interrupted run left at or behind `first_leaf` are for versions that were never written, and go.
    ///
    /// # Errors
    /// The engine's.
    pub fn body_salts_load(&self, submission: i64, first_leaf: i64, salts: &[[u8; 16]]) -> Result<(), StoreError> {
        self.body_salts_remove_from(submission, first_leaf)?;
        let blocks = (first_leaf..).step_by(SALTS_A_BLOCK).zip(salts.chunks(SALTS_A_BLOCK));
        self.link.load(
            &SALT_BLOCK_ADD,
            blocks.map(|(leaf, block)| [Value::Int(submission), Value::Int(leaf), Value::Bytes(block.as_flattened())]),
        )
    }

    /// Destroys the salts of a submission that was never accepted or is recalled.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_salts_remove(&self, submission: i64) -> Result<(), StoreError> {
        self.body_salts_remove_from(submission, 0)
    }

    fn body_salts_remove_from(&self, submission: i64, leaf: i64) -> Result<(), StoreError> {
        self.link.run(&SALT_BLOCK_REMOVE_FROM, values![submission, leaf])?;
        Ok(())
    }

    fn block_add(&self, submission: i64, first_leaf: i64, salts: &[u8]) -> Result<(), StoreError> {
        self.link.run(&SALT_BLOCK_ADD, values![submission, first_leaf, salts])?;
        Ok(())
    }

    fn block_set(&self, submission: i64, mut block: Block, salt: &[u8; 16]) -> Result<(), StoreError> {
        if let Some(place) = block.salts.get_mut(block.at..block.at + SALT) {
            place.copy_from_slice(salt);
        }
        self.link.run(&SALT_BLOCK_SET, values![submission, block.first_leaf, block.salts])?;
        Ok(())
    }

    /// Keeps the wrapped keys of many new subjects.
    ///
    /// # Errors
    /// The engine's; a subject that has a key is an error.
    pub fn subject_keys_load(&self, wrapping: i64, keys: &[([u8; 16], Vec<u8>)]) -> Result<(), StoreError> {
        self.link.load(&SUBJECT_KEY_NEW, keys.iter().map(|(subject, wrapped)| row![*subject, wrapping, *wrapped]))
    }

    /// Destroys the salt of one body. Without it the body is noise.
    ///
    /// # Errors
    /// The engine's.
    pub fn body_salt_remove(&self, at: &BodyAt<'_>) -> Result<(), StoreError> {
        if let Some(block) = block_of(self.link, at)? {
            self.block_set(at.submission, block, &[0; SALT])?;
        }
        self.link.run(&BODY_SALT_REMOVE, values![at.subject, at.record, at.version])?;
        Ok(())
    }

    /// Keeps a submission's wrapped key.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_key_set(&self, submission: i64, wrapping: i64, wrapped: &[u8]) -> Result<(), StoreError> {
        self.link.run(&SUBMISSION_KEY_ADD, values![submission, wrapping, wrapped])?;
        Ok(())
    }

    /// Destroys a submission's key.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_key_remove(&self, submission: i64) -> Result<(), StoreError> {
        self.link.run(&SUBMISSION_KEY_REMOVE, values![submission])?;
        Ok(())
    }
}

/// A block of salts as read, and where in it the salt asked for lies.
struct Block {
    first_leaf: i64,
    salts: Vec<u8>,
    at: usize,
}

impl Block {
    fn salt(&self) -> Option<[u8; 16]> {
        self.salts.get(self.at..).and_then(|rest| rest.first_chunk()).copied()
    }
}

/// The block that holds the salt, if there is one: not for decisions, nor for what was written before there were blocks.
fn block_of(link: Link<'_>, at: &BodyAt<'_>) -> Result<Option<Block>, StoreError> {
    let found = link.first(&SALT_BLOCK_FIND, values![at.submission, at.leaf], |row| {
        let (first_leaf, salts): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let place = usize::try_from(at.leaf - first_leaf).unwrap_or(0) * SALT;
        Ok(Block { first_leaf, salts, at: place })
    })?;
    Ok(found.filter(|block| block.salt().is_some()))
}
