//! The log: one entry for every change and every disclosure, in the transaction that makes it.

use chengxin_tlog::{Column, Hash, TreeHash, commit};

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    LOG_LAST = "SELECT number, commitment, at_us FROM log_entry WHERE subject_id = $1 ORDER BY number DESC LIMIT 1";
    LOG_APPEND = "INSERT INTO log_entry (subject_id, number, at_us, operation, caller, detail, salt, previous, commitment) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LOG_OF_SUBJECT = "SELECT number, at_us, operation, caller, detail, salt, previous, commitment, leaf_index FROM log_entry \
        WHERE subject_id = $1 AND number > $2 ORDER BY number LIMIT $3";
    LOG_LAST_NUMBER = "SELECT max(number) FROM log_entry WHERE subject_id = $1";
    LOG_LAST_TIME = "SELECT at_us FROM log_entry WHERE subject_id = $1 ORDER BY number DESC LIMIT 1";
    // The last acts of one kind among the last entries of a chain. Bound: the entries behind $3, by the primary key.
    LOG_LAST_OF = "SELECT at_us, detail FROM log_entry WHERE subject_id = $1 AND operation = $2 AND number > $3 ORDER BY number DESC LIMIT $4";
    // The same with who did it.
    LOG_DONE = "SELECT at_us, caller, detail FROM log_entry WHERE subject_id = $1 AND operation = $2 AND number > $3 ORDER BY number DESC LIMIT $4";
    LOG_CLOCK = "SELECT (SELECT last_us FROM log_head ORDER BY origin LIMIT 1), \
        (SELECT value FROM installation WHERE name = 'mode')";
}

/// Label of the commitment of a log entry, with its format version.
pub const LOG_LABEL: &str = "chengxin/log/1";

/// The subject under which entries about the installation itself stand.
pub const INSTALLATION: [u8; 16] = [0; 16];

/// How far the clock may stand before the newest entry. Servers differ by less, and an act is stamped when it begins.
pub const CLOCK_TOLERANCE_US: i64 = 600_000_000;

/// What happened, about to be logged.
#[derive(Debug, Clone)]
pub struct NewLogEntry<'a> {
    /// Whom it concerns.
    pub subject_id: &'a [u8; 16],
    /// When.
    pub at_us: i64,
    /// Operation.
    pub operation: &'a str,
    /// JSON of the caller.
    pub caller: &'a str,
    /// JSON of what was done.
    pub detail: &'a str,
}

/// One entry as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Running number of the subject.
    pub number: i64,
    /// When.
    pub at_us: i64,
    /// Operation.
    pub operation: String,
    /// JSON of the caller.
    pub caller: String,
    /// JSON of what was done.
    pub detail: String,
    /// Salt.
    pub salt: [u8; 16],
    /// Commitment of the entry before.
    pub previous: Hash,
    /// Commitment.
    pub commitment: Hash,
    /// Place in the public tree, once it was sequenced.
    pub leaf_index: Option<i64>,
}

impl LogRow {
    /// The commitment that these columns must have.
    #[must_use]
    pub fn expected_commitment(&self, hash: &impl TreeHash, subject: &[u8; 16]) -> Hash {
        let columns = [
            Column::Bytes(subject),
            Column::Int(self.number),
            Column::Int(self.at_us),
            Column::Text(&self.operation),
            Column::Text(&self.caller),
            Column::Text(&self.detail),
            Column::Bytes(&self.previous),
        ];
        commit(hash, LOG_LABEL, &self.salt, &columns, &mut Vec::new())
    }
}

/// Columns as in `LOG_OF_SUBJECT`.
pub(crate) fn read(row: Row<'_>) -> Result<LogRow, StoreError> {
    Ok(LogRow {
        number: row.get(0)?,
        at_us: row.get(1)?,
        operation: row.get(2)?,
        caller: row.get(3)?,
        detail: row.get(4)?,
        salt: row.get(5)?,
        previous: row.get(6)?,
        commitment: row.get(7)?,
        leaf_index: row.get(8)?,
    })
}

impl View<'_> {
    /// One entry.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_entry(&self, subject: &[u8; 16], number: i64) -> Result<Option<LogRow>, StoreError> {
        Ok(self.log_of_subject(subject, number - 1, 1)?.into_iter().find(|entry| entry.number == number))
    }

    /// Number of a subject's last entry; 0 where there is none.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_last_number(&self, subject: &[u8; 16]) -> Result<i64, StoreError> {
        Ok(self.link.one(&LOG_LAST_NUMBER, values![subject], |row| row.get::<Option<i64>>(0))?.unwrap_or(0))
    }

    /// When the last entry of a subject was written, microseconds UTC; `None` where there is none.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_last_time(&self, subject: &[u8; 16]) -> Result<Option<i64>, StoreError> {
        self.link.first(&LOG_LAST_TIME, values![subject], |row| row.get(0))
    }

    /// When one operation was done last among the entries of a chain behind `after`, and with what detail; `limit` times at most, the newest first.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_last_of(
        &self,
        subject: &[u8; 16],
        operation: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, String)>, StoreError> {
        let values = values![subject, operation, after, limit];
        self.link.rows(&LOG_LAST_OF, values, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// As [`Self::log_last_of`], with the caller as the entry has them.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_done(
        &self,
        subject: &[u8; 16],
        operation: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, String, String)>, StoreError> {
        let values = values![subject, operation, after, limit];
        self.link.rows(&LOG_DONE, values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// Entries of a subject behind `after`.
    ///
    /// # Errors
    /// The engine's.
    pub fn log_of_subject(&self, subject: &[u8; 16], after: i64, limit: i64) -> Result<Vec<LogRow>, StoreError> {
        self.link.rows(&LOG_OF_SUBJECT, values![subject, after, limit], read)
    }
}

/// Where a subject's chain ends: number, commitment and time of its last entry.
pub(crate) type Last = (i64, Hash, i64);

/// What the times of new entries are held against.
pub(crate) struct Clocks {
    /// Time of the newest entry that was sequenced.
    sequenced_us: i64,
    /// Over made-up data one may look at any day: there the log takes the newest time for its own.
    synthetic: bool,
}

/// The entry that follows `last`, without salt and commitment.
fn following(new: &NewLogEntry<'_>, last: Option<Last>, clocks: &Clocks) -> Result<LogRow, StoreError> {
    let (number, previous, last_us) =
        last.map_or((1, [0; 32], i64::MIN), |(number, commitment, at_us)| (number + 1, commitment, at_us));
    let last_us = last_us.max(clocks.sequenced_us);
    let behind = last_us.saturating_sub(new.at_us);
    if behind > CLOCK_TOLERANCE_US && !clocks.synthetic {
        return Err(StoreError::ClockBack { behind_s: behind / 1_000_000 });
    }
    Ok(LogRow {
        number,
        at_us: new.at_us.max(last_us),
        operation: new.operation.to_owned(),
        caller: new.caller.to_owned(),
        detail: new.detail.to_owned(),
        salt: [0; 16],
        previous,
        commitment: [0; 32],
        leaf_index: None,
    })
}

impl Tx<'_> {
    /// Appends an entry behind the subject's last one. If it cannot be written the transaction fails, and with it the
    /// change or disclosure that it describes.
    ///
    /// Times never go back: an act that began before another was logged takes that one's time. `salt` is told every other
    /// column and gives the salt.
    ///
    /// # Errors
    /// [`StoreError::ClockBack`] where the clock stands more than [`CLOCK_TOLERANCE_US`] before the newest entry, except
    /// over made-up data; the engine's.
    pub fn log_append(
        &self,
        hash: &impl TreeHash,
        new: &NewLogEntry<'_>,
        salt: impl FnOnce(&LogRow) -> [u8; 16],
    ) -> Result<LogRow, StoreError> {
        let subject = new.subject_id;
        let last = self.link.first(&LOG_LAST, values![subject], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut entry = following(new, last, &self.log_clocks()?)?;
        entry.salt = salt(&entry);
        entry.commitment = entry.expected_commitment(hash, subject);
        self.link.run(
            &LOG_APPEND,
            values![
                subject,
                entry.number,
                entry.at_us,
                entry.operation,
                entry.caller,
                entry.detail,
                entry.salt,
                entry.previous,
                entry.commitment
            ],
        )?;
        Ok(entry)
    }

    /// [`Self::log_append`] of many entries, in their order; `salt` is told whom each concerns. A server is asked three
    /// times, however many they are.
    ///
    /// # Errors
    /// As [`Self::log_append`].
    pub fn log_append_all(
        &self,
        hash: &impl TreeHash,
        new: &[NewLogEntry<'_>],
        mut salt: impl FnMut(&[u8; 16], &LogRow) -> [u8; 16],
    ) -> Result<Vec<LogRow>, StoreError> {
        let subjects: Vec<&[u8; 16]> = new.iter().map(|entry| entry.subject_id).collect();
        let Some(mut lasts) = self.log_lasts(&subjects)? else {
            let one = |entry: &NewLogEntry<'_>| self.log_append(hash, entry, |row| salt(entry.subject_id, row));
            return new.iter().map(one).collect();
        };
        let clocks = self.log_clocks()?;
        let mut entries = Vec::with_capacity(new.len());
        for entry in new {
            let subject = entry.subject_id;
            let mut row = following(entry, lasts.get(subject).copied(), &clocks)?;
            row.salt = salt(subject, &row);
            row.commitment = row.expected_commitment(hash, subject);
            lasts.insert(*subject, (row.number, row.commitment, row.at_us));
            entries.push(row);
        }
        self.log_entries_add(&subjects, &entries)?;
        Ok(entries)
    }

    fn log_clocks(&self) -> Result<Clocks, StoreError> {
        let (sequenced, mode): (Option<i64>, Option<String>) =
            self.link.one(&LOG_CLOCK, &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Clocks { sequenced_us: sequenced.unwrap_or(i64::MIN), synthetic: mode.as_deref() == Some("synthetic") })
    }
}
