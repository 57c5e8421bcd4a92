//! Objections and repairs, what was handed in with them, and whom their decisions must reach.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    PROCEEDING_ADD = "INSERT INTO proceeding (subject_id, proceeding_id, kind, record_id, authority, state, waits, filed_us, due_on, told_on, \
        closed_on, late_days, stated, line, sealed, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    PROCEEDING_FIND = "SELECT subject_id, proceeding_id, kind, record_id, authority, state, waits, filed_us, due_on, told_on, closed_on, late_days, \
        stated, line, sealed, seal FROM proceeding WHERE subject_id = $1 AND proceeding_id = $2";
    // Without a bound: one that is left out would leave its record unmarked. A person files few, and house rules bound those that are open.
    PROCEEDING_OF_SUBJECT = "SELECT subject_id, proceeding_id, kind, record_id, authority, state, waits, filed_us, due_on, told_on, closed_on, \
        late_days, stated, line, sealed, seal FROM proceeding WHERE subject_id = $1 ORDER BY filed_us DESC, proceeding_id";
    // Only as it was read: whoever changed it meanwhile wrote another line.
    PROCEEDING_SET = "UPDATE proceeding SET state = $3, waits = $4, due_on = $5, told_on = $6, closed_on = $7, late_days = $8, stated = $9, \
        line = $10, sealed = $11, seal = $12 WHERE subject_id = $1 AND proceeding_id = $2 AND line = $13";
    PROCEEDING_FILE_ADD = "INSERT INTO proceeding_file (subject_id, proceeding_id, file_no, added_us, size, sealed, body) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    PROCEEDING_FILE_LIST = "SELECT file_no, added_us, size, sealed FROM proceeding_file WHERE subject_id = $1 AND proceeding_id = $2 ORDER BY file_no";
    PROCEEDING_FILE_FIND = "SELECT sealed, body FROM proceeding_file WHERE subject_id = $1 AND proceeding_id = $2 AND file_no = $3";
    PROCEEDING_NUMBER_ADD = "INSERT INTO proceeding_number (number_tag, subject_id, proceeding_id, seal) VALUES ($1, $2, $3, $4)";
    PROCEEDING_NUMBER_FIND = "SELECT subject_id, proceeding_id, seal FROM proceeding_number WHERE number_tag = $1";
    FOLLOW_UP_ADD = "INSERT INTO follow_up (subject_id, follow_up_id, record_id, authority, state, told_us, line, sealed, seal) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    FOLLOW_UP_FIND = "SELECT subject_id, follow_up_id, record_id, authority, state, told_us, line, sealed, seal FROM follow_up \
        WHERE subject_id = $1 AND follow_up_id = $2";
    FOLLOW_UP_OF_SUBJECT = "SELECT subject_id, follow_up_id, record_id, authority, state, told_us, line, sealed, seal FROM follow_up \
        WHERE subject_id = $1 ORDER BY told_us DESC, follow_up_id";
    FOLLOW_UP_SET = "UPDATE follow_up SET state = $3, line = $4, sealed = $5, seal = $6 WHERE subject_id = $1 AND follow_up_id = $2 AND line = $7";
}

/// A proceeding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProceedingRow {
    /// Whose record it is about.
    pub subject_id: [u8; 16],
    /// Which.
    pub proceeding_id: [u8; 16],
    /// 1 objection, 2 “this is not me”, 3 repair.
    pub kind: i64,
    /// About which record.
    pub record_id: [u8; 16],
    /// Code of the authority that decides.
    pub authority: String,
    /// How far it has come.
    pub state: String,
    /// For whom it waits: 0 nobody, 1 the authority, 2 an identity clerk, 3 the person.
    pub waits: i64,
    /// When it was filed, microseconds UTC.
    pub filed_us: i64,
    /// Last day for what the authority has to do, days since 1970-01-01.
    pub due_on: Option<i64>,
    /// The due day whose passing was told.
    pub told_on: Option<i64>,
    /// Day of the answer or decision.
    pub closed_on: Option<i64>,
    /// Days by which steps of the authority came late.
    pub late_days: i64,
    /// 1 where a statement stands beside the record.
    pub stated: i64,
    /// Entry in the log of [`Self::subject_id`] that wrote this row last.
    pub line: i64,
    /// Number, steps and words, sealed.
    pub sealed: Vec<u8>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// Something handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProceedingFileRow {
    /// Whose.
    pub subject_id: [u8; 16],
    /// Of which proceeding.
    pub proceeding_id: [u8; 16],
    /// 1, 2, 3 …
    pub file_no: i64,
    /// When, microseconds UTC.
    pub added_us: i64,
    /// Bytes before sealing.
    pub size: i64,
    /// Name and kind, sealed.
    pub sealed: Vec<u8>,
    /// Content, sealed; empty in a list.
    pub body: Vec<u8>,
}

/// Name and kind, and content, of something handed in: both sealed.
pub type SealedFile = (Vec<u8>, Vec<u8>);

/// Where a number leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProceedingNumberRow {
    /// HMAC of the number.
    pub number_tag: [u8; 32],
    /// Where the proceeding lies.
    pub subject_id: [u8; 16],
    /// Which.
    pub proceeding_id: [u8; 16],
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// Whoever was shown a record that a decision then changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUpRow {
    /// Whom the check was about.
    pub subject_id: [u8; 16],
    /// Which.
    pub follow_up_id: [u8; 16],
    /// Which record.
    pub record_id: [u8; 16],
    /// Code of the authority that was shown it.
    pub authority: String,
    /// 1 told, 2 outcome to be confirmed or reopened, 3 confirmed, 4 reopened.
    pub state: i64,
    /// When it was told, microseconds UTC.
    pub told_us: i64,
    /// Entry in the log of [`Self::subject_id`] that wrote this row last.
    pub line: i64,
    /// Check, application and what was decided, sealed.
    pub sealed: Vec<u8>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// Columns as in [`PROCEEDING_FIND`].
pub(crate) fn read(row: Row<'_>) -> Result<ProceedingRow, StoreError> {
    Ok(ProceedingRow {
        subject_id: row.get(0)?,
        proceeding_id: row.get(1)?,
        kind: row.get(2)?,
        record_id: row.get(3)?,
        authority: row.get(4)?,
        state: row.get(5)?,
        waits: row.get(6)?,
        filed_us: row.get(7)?,
        due_on: row.get(8)?,
        told_on: row.get(9)?,
        closed_on: row.get(10)?,
        late_days: row.get(11)?,
        stated: row.get(12)?,
        line: row.get(13)?,
        sealed: row.get(14)?,
        seal: row.get(15)?,
    })
}

/// Columns as in [`FOLLOW_UP_FIND`].
pub(crate) fn read_follow_up(row: Row<'_>) -> Result<FollowUpRow, StoreError> {
    Ok(FollowUpRow {
        subject_id: row.get(0)?,
        follow_up_id: row.get(1)?,
        record_id: row.get(2)?,
        authority: row.get(3)?,
        state: row.get(4)?,
        told_us: row.get(5)?,
        line: row.get(6)?,
        sealed: row.get(7)?,
        seal: row.get(8)?,
    })
}

impl View<'_> {
    /// A proceeding.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceeding(&self, subject: &[u8; 16], id: &[u8; 16]) -> Result<Option<ProceedingRow>, StoreError> {
        self.link.first(&PROCEEDING_FIND, values![subject, id], read)
    }

    /// Every proceeding about somebody's records, the newest first.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceedings(&self, subject: &[u8; 16]) -> Result<Vec<ProceedingRow>, StoreError> {
        self.link.rows(&PROCEEDING_OF_SUBJECT, values![subject], read)
    }

    /// What was handed in with a proceeding, without its content, in its order.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceeding_files(&self, subject: &[u8; 16], id: &[u8; 16]) -> Result<Vec<ProceedingFileRow>, StoreError> {
        self.link.rows(&PROCEEDING_FILE_LIST, values![subject, id], |row| {
            Ok(ProceedingFileRow {
                subject_id: *subject,
                proceeding_id: *id,
                file_no: row.get(0)?,
                added_us: row.get(1)?,
                size: row.get(2)?,
                sealed: row.get(3)?,
                body: Vec::new(),
            })
        })
    }

    /// Name and kind, and content, of something handed in: both sealed.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceeding_file(
        &self,
        subject: &[u8; 16],
        id: &[u8; 16],
        file_no: i64,
    ) -> Result<Option<SealedFile>, StoreError> {
        self.link.first(&PROCEEDING_FILE_FIND, values![subject, id, file_no], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Where the number of a proceeding leads.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceeding_number(&self, tag: &[u8; 32]) -> Result<Option<ProceedingNumberRow>, StoreError> {
        self.link.first(&PROCEEDING_NUMBER_FIND, values![tag], |row| {
            Ok(ProceedingNumberRow {
                number_tag: *tag,
                subject_id: row.get(0)?,
                proceeding_id: row.get(1)?,
                seal: row.get(2)?,
            })
        })
    }

    /// Somebody who was shown a record that changed.
    ///
    /// # Errors
    /// The engine's.
    pub fn follow_up(&self, subject: &[u8; 16], id: &[u8; 16]) -> Result<Option<FollowUpRow>, StoreError> {
        self.link.first(&FOLLOW_UP_FIND, values![subject, id], read_follow_up)
    }

    /// Everybody who was shown a record of somebody's that changed, the newest first.
    ///
    /// # Errors
    /// The engine's.
    pub fn follow_ups(&self, subject: &[u8; 16]) -> Result<Vec<FollowUpRow>, StoreError> {
        self.link.rows(&FOLLOW_UP_OF_SUBJECT, values![subject], read_follow_up)
    }
}

impl Tx<'_> {
    /// Adds a proceeding.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceeding_add(&self, new: &ProceedingRow) -> Result<(), StoreError> {
        let ProceedingRow { subject_id, proceeding_id, kind, record_id, authority, state, waits, filed_us, .. } = new;
        let ProceedingRow { due_on, told_on, closed_on, late_days, stated, line, sealed, seal, .. } = new;
        let values = values![
            subject_id,
            proceeding_id,
            kind,
            record_id,
            authority,
            state,
            waits,
            filed_us,
            due_on,
            told_on,
            closed_on,
            late_days,
            stated,
            line,
            sealed,
            seal
        ];
        self.link.run(&PROCEEDING_ADD, values)?;
        Ok(())
    }

    /// Changes a proceeding that `line` wrote last.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where something else changed it since it was read; the engine's.
    pub fn proceeding_set(&self, new: &ProceedingRow, line: i64) -> Result<(), StoreError> {
        let ProceedingRow { subject_id, proceeding_id, state, waits, due_on, told_on, closed_on, .. } = new;
        let ProceedingRow { late_days, stated, sealed, seal, .. } = new;
        let values = values![
            subject_id,
            proceeding_id,
            state,
            waits,
            due_on,
            told_on,
            closed_on,
            late_days,
            stated,
            new.line,
            sealed,
            seal,
            line
        ];
        match self.link.run(&PROCEEDING_SET, values)? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict("proceeding")),
        }
    }

    /// Adds something that was handed in.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceeding_file_add(&self, new: &ProceedingFileRow) -> Result<(), StoreError> {
        let ProceedingFileRow { subject_id, proceeding_id, file_no, added_us, size, sealed, body } = new;
        let values = values![subject_id, proceeding_id, file_no, added_us, size, sealed, body];
        self.link.run(&PROCEEDING_FILE_ADD, values)?;
        Ok(())
    }

    /// Adds the way from a number to its proceeding.
    ///
    /// # Errors
    /// The engine's.
    pub fn proceeding_number_add(&self, new: &ProceedingNumberRow) -> Result<(), StoreError> {
        let ProceedingNumberRow { number_tag, subject_id, proceeding_id, seal } = new;
        self.link.run(&PROCEEDING_NUMBER_ADD, values![number_tag, subject_id, proceeding_id, seal])?;
        Ok(())
    }

    /// Adds somebody who was shown a record that changed.
    ///
    /// # Errors
    /// The engine's.
    pub fn follow_up_add(&self, new: &FollowUpRow) -> Result<(), StoreError> {
        let FollowUpRow { subject_id, follow_up_id, record_id, authority, state, told_us, line, sealed, seal } = new;
        let values = values![subject_id, follow_up_id, record_id, authority, state, told_us, line, sealed, seal];
        self.link.run(&FOLLOW_UP_ADD, values)?;
        Ok(())
    }

    /// Changes what became of it, where `line` wrote it last.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where something else changed it since it was read; the engine's.
    pub fn follow_up_set(&self, new: &FollowUpRow, line: i64) -> Result<(), StoreError> {
        let FollowUpRow { subject_id, follow_up_id, state, sealed, seal, .. } = new;
        match self.link.run(&FOLLOW_UP_SET, values![subject_id, follow_up_id, state, new.line, sealed, seal, line])? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict("follow_up")),
        }
    }
}
