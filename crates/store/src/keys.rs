//! The key store: wrapped keys of subjects and submissions, and the salts whose loss makes a body unreadable.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::{Statement, StoreError, migrate, open};

crate::statements! {
    KEY_META_SET = "INSERT INTO key_meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    KEY_META_GET = "SELECT value FROM key_meta WHERE name = $1";
    SUBJECT_KEY_ADD = "INSERT INTO subject_key (subject_id, wrapping, wrapped) VALUES ($1, $2, $3) \
        ON CONFLICT (subject_id) DO UPDATE SET wrapping = excluded.wrapping, wrapped = excluded.wrapped";
    SUBJECT_KEY_FIND = "SELECT wrapping, wrapped FROM subject_key WHERE subject_id = $1";
    SUBJECT_KEY_REMOVE = "DELETE FROM subject_key WHERE subject_id = $1";
    SUBJECT_KEY_WALK = "SELECT subject_id, wrapping, wrapped FROM subject_key WHERE subject_id > $1 ORDER BY subject_id LIMIT $2";
    BODY_SALT_ADD = "INSERT INTO body_salt (subject_id, record_id, version, salt) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (subject_id, record_id, version) DO UPDATE SET salt = excluded.salt";
    BODY_SALT_FIND = "SELECT salt FROM body_salt WHERE subject_id = $1 AND record_id = $2 AND version = $3";
    BODY_SALT_REMOVE_VERSION = "DELETE FROM body_salt WHERE subject_id = $1 AND record_id = $2 AND version = $3";
    BODY_SALT_REMOVE = "DELETE FROM body_salt WHERE subject_id = $1 AND record_id = $2";
    SUBMISSION_KEY_ADD = "INSERT INTO submission_key (submission_id, wrapping, wrapped) VALUES ($1, $2, $3) \
        ON CONFLICT (submission_id) DO UPDATE SET wrapping = excluded.wrapping, wrapped = excluded.wrapped";
    SUBMISSION_KEY_FIND = "SELECT wrapping, wrapped FROM submission_key WHERE submission_id = $1";
    SUBMISSION_KEY_REMOVE = "DELETE FROM submission_key WHERE submission_id = $1";
    SUBMISSION_KEY_LIST = "SELECT submission_id, wrapping, wrapped FROM submission_key ORDER BY submission_id";
}

/// Every statement of the key store, for the test that prepares each one.
#[must_use]
pub fn statements() -> &'static [&'static Statement] {
    ALL
}

/// Page cache of the key store, in KiB.
const CACHE_KIB: i64 = 16 * 1024;

/// Subject, record, version and salt of a body.
pub type BodySalt = ([u8; 16], [u8; 16], i64, [u8; 16]);

/// A subject and its wrapped key.
pub type SubjectWrapped = ([u8; 16], Wrapped);

/// A wrapped key with the version of the wrapping key.
pub type Wrapped = (i64, Vec<u8>);

/// The key store. Its transactions are committed before those of the main database that rely on them: a crash between
/// the two leaves a key without a body, which harms nobody, never a body without a key.
#[derive(Debug)]
pub struct KeyStore {
    connection: Connection,
}

/// A transaction on the key store.
#[derive(Debug)]
pub struct KeyTx<'s> {
    inner: rusqlite::Transaction<'s>,
}

impl KeyStore {
    /// Opens, or with `create` makes, the key store.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::UnknownSchema`], the engine's.
    pub fn open(path: &Path, create: bool) -> Result<Self, StoreError> {
        if !create && !path.is_file() {
            return Err(StoreError::Missing(path.display().to_string()));
        }
        let mut connection = Connection::open(path)?;
        open::prepare(&connection, CACHE_KIB)?;
        // What is deleted here must not survive in a free page.
        connection.pragma_update(None, "secure_delete", "ON")?;
        migrate::run(&mut connection, migrate::KEYS)?;
        Ok(Self { connection })
    }

    /// See [`crate::Store::set_relaxed`].
    ///
    /// # Errors
    /// The engine's.
    pub fn set_relaxed(&self, relaxed: bool) -> Result<(), StoreError> {
        Ok(self.connection.pragma_update(None, "synchronous", if relaxed { "NORMAL" } else { "FULL" })?)
    }

    /// Runs `work` in one transaction.
    ///
    /// # Errors
    /// Whatever `work` returns, or the engine's.
    pub fn write<T, E: From<StoreError>>(&mut self, work: impl FnOnce(&KeyTx<'_>) -> Result<T, E>) -> Result<T, E> {
        let wrap = |error: rusqlite::Error| E::from(StoreError::from(error));
        let tx =
            KeyTx { inner: self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrap)? };
        let value = work(&tx)?;
        tx.inner.commit().map_err(wrap)?;
        Ok(value)
    }

    /// Folds the write-ahead log back into the file, so that no deleted key lingers in it.
    ///
    /// # Errors
    /// The engine's.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// A setting.
    ///
    /// # Errors
    /// The engine's.
    pub fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection.prepare_cached(KEY_META_GET.sqlite())?;
        Ok(statement.query_row(params![name], |row| row.get(0)).optional()?)
    }

    /// A subject's wrapped key.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_key(&self, subject: &[u8; 16]) -> Result<Option<Wrapped>, StoreError> {
        let mut statement = self.connection.prepare_cached(SUBJECT_KEY_FIND.sqlite())?;
        Ok(statement.query_row(params![subject.as_slice()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Wrapped keys of subjects behind `after`, for rotation.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_keys(&self, after: &[u8; 16], limit: i64) -> Result<Vec<SubjectWrapped>, StoreError> {
        let mut statement = self.connection.prepare_cached(SUBJECT_KEY_WALK.sqlite())?;
        let rows = statement
            .query_map(params![after.as_slice(), limit], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The salt of a body; `None` once it was erased.
    ///
    /// # Errors
    /// The engine's.
    pub fn body_salt(
        &self,
        subject: &[u8; 16],
        record: &[u8; 16],
        version: i64,
    ) -> Result<Option<[u8; 16]>, StoreError> {
        let mut statement = self.connection.prepare_cached(BODY_SALT_FIND.sqlite())?;
        Ok(statement.query_row(params![subject.as_slice(), record.as_slice(), version], |row| row.get(0)).optional()?)
    }

    /// A submission's wrapped key.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_key(&self, submission: i64) -> Result<Option<Wrapped>, StoreError> {
        let mut statement = self.connection.prepare_cached(SUBMISSION_KEY_FIND.sqlite())?;
        Ok(statement.query_row(params![submission], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// All wrapped keys of submissions.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_keys(&self) -> Result<Vec<(i64, Wrapped)>, StoreError> {
        let mut statement = self.connection.prepare_cached(SUBMISSION_KEY_LIST.sqlite())?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl KeyTx<'_> {
    /// Sets a setting.
    ///
    /// # Errors
    /// The engine's.
    pub fn set_meta(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.inner.prepare_cached(KEY_META_SET.sqlite())?.execute(params![name, value])?;
        Ok(())
    }

    /// Keeps a subject's wrapped key.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_key_set(&self, subject: &[u8; 16], wrapping: i64, wrapped: &[u8]) -> Result<(), StoreError> {
        self.inner.prepare_cached(SUBJECT_KEY_ADD.sqlite())?.execute(params![subject.as_slice(), wrapping, wrapped])?;
        Ok(())
    }

    /// Destroys a subject's key.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_key_remove(&self, subject: &[u8; 16]) -> Result<(), StoreError> {
        self.inner.prepare_cached(SUBJECT_KEY_REMOVE.sqlite())?.execute(params![subject.as_slice()])?;
        Ok(())
    }

    /// Keeps the salt of a body.
    ///
    /// # Errors
    /// The engine's.
    pub fn body_salt_set(
        &self,
        subject: &[u8; 16],
        record: &[u8; 16],
        version: i64,
        salt: &[u8; 16],
    ) -> Result<(), StoreError> {
        let mut statement = self.inner.prepare_cached(BODY_SALT_ADD.sqlite())?;
        statement.execute(params![subject.as_slice(), record.as_slice(), version, salt.as_slice()])?;
        Ok(())
    }

    /// Keeps the salts of many bodies: subject, record, version, salt.
    ///
    /// # Errors
    /// The engine's.
    pub fn body_salts_load(&self, salts: &[BodySalt]) -> Result<(), StoreError> {
        let mut statement = self.inner.prepare_cached(BODY_SALT_ADD.sqlite())?;
        for (subject, record, version, salt) in salts {
            statement.execute(params![subject.as_slice(), record.as_slice(), version, salt.as_slice()])?;
        }
        Ok(())
    }

    /// Keeps the wrapped keys of many subjects.
    ///
    /// # Errors
    /// The engine's.
    pub fn subject_keys_load(&self, wrapping: i64, keys: &[([u8; 16], Vec<u8>)]) -> Result<(), StoreError> {
        let mut statement = self.inner.prepare_cached(SUBJECT_KEY_ADD.sqlite())?;
        for (subject, wrapped) in keys {
            statement.execute(params![subject.as_slice(), wrapping, wrapped])?;
        }
        Ok(())
    }

    /// Destroys the salt of one body.
    ///
    /// # Errors
    /// The engine's.
    pub fn body_salt_remove(&self, subject: &[u8; 16], record: &[u8; 16], version: i64) -> Result<(), StoreError> {
        let mut statement = self.inner.prepare_cached(BODY_SALT_REMOVE_VERSION.sqlite())?;
        statement.execute(params![subject.as_slice(), record.as_slice(), version])?;
        Ok(())
    }

    /// Destroys the salts of all bodies of a record.
    ///
    /// # Errors
    /// The engine's.
    pub fn record_erase(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<usize, StoreError> {
        let mut statement = self.inner.prepare_cached(BODY_SALT_REMOVE.sqlite())?;
        Ok(statement.execute(params![subject.as_slice(), record.as_slice()])?)
    }

    /// Keeps a submission's wrapped key.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_key_set(&self, submission: i64, wrapping: i64, wrapped: &[u8]) -> Result<(), StoreError> {
        self.inner.prepare_cached(SUBMISSION_KEY_ADD.sqlite())?.execute(params![submission, wrapping, wrapped])?;
        Ok(())
    }

    /// Destroys a submission's key.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_key_remove(&self, submission: i64) -> Result<(), StoreError> {
        self.inner.prepare_cached(SUBMISSION_KEY_REMOVE.sqlite())?.execute(params![submission])?;
        Ok(())
    }
}
