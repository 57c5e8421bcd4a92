//! Consents, each use that was made of them, and the one-time codes that lead to them.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    CONSENT_ADD = "INSERT INTO consent (subject_id, consent_id, confirmed, stopped, from_us, until_us, uses, used, granted_us, line, \
        sealed, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    CONSENT_FIND = "SELECT subject_id, consent_id, confirmed, stopped, from_us, until_us, uses, used, granted_us, line, sealed, seal \
        FROM consent WHERE subject_id = $1 AND consent_id = $2";
    CONSENT_LIST = "SELECT subject_id, consent_id, confirmed, stopped, from_us, until_us, uses, used, granted_us, line, sealed, seal \
        FROM consent WHERE subject_id = $1 ORDER BY granted_us DESC, consent_id LIMIT $2";
    // Only as it was read: whoever changed it meanwhile wrote another line.
    CONSENT_SET = "UPDATE consent SET stopped = $3, until_us = $4, uses = $5, used = $6, line = $7, sealed = $8, seal = $9 \
        WHERE subject_id = $1 AND consent_id = $2 AND line = $10";
    CONSENT_STANDING = "SELECT count(*) FROM consent WHERE subject_id = $1 AND stopped = 1 AND used < uses AND until_us > $2 \
        AND confirmed <> $3";
    CONSENT_USE_ADD = "INSERT INTO consent_use (subject_id, consent_id, number, at_us, sealed) VALUES ($1, $2, $3, $4, $5)";
    CONSENT_USE_LIST = "SELECT number, at_us, sealed FROM consent_use WHERE subject_id = $1 AND consent_id = $2 ORDER BY number";
    CONSENT_CODE_ADD = "INSERT INTO consent_code (code_tag, subject_id, consent_id, seal) VALUES ($1, $2, $3, $4)";
    CONSENT_CODE_FIND = "SELECT subject_id, consent_id, seal FROM consent_code WHERE code_tag = $1";
}

/// One consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRow {
    /// Whose, as a reader of their own records.
    pub subject_id: [u8; 16],
    /// Which.
    pub consent_id: [u8; 16],
    /// 1 by the person's own account, 2 by a one-time code, 3 on signed paper.
    pub confirmed: i64,
    /// 1 no, 2 withdrawn, 3 disowned.
    pub stopped: i64,
    /// From when it holds, microseconds UTC.
    pub from_us: i64,
    /// From when no longer.
    pub until_us: i64,
    /// How often it may be used.
    pub uses: i64,
    /// How often it was.
    pub used: i64,
    /// When it was granted.
    pub granted_us: i64,
    /// Number of the entry in the person's log that wrote this row last.
    pub line: i64,
    /// The rest of it, sealed under the person's key.
    pub sealed: Vec<u8>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// One use of a consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentUseRow {
    /// Whose consent.
    pub subject_id: [u8; 16],
    /// Which.
    pub consent_id: [u8; 16],
    /// 1, 2, 3 …
    pub number: i64,
    /// When.
    pub at_us: i64,
    /// By whom and in which case, sealed under the person's key.
    pub sealed: Vec<u8>,
}

/// Where a one-time code leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentCodeRow {
    /// HMAC of the code.
    pub code_tag: [u8; 32],
    /// Whose consent.
    pub subject_id: [u8; 16],
    /// Which.
    pub consent_id: [u8; 16],
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

fn read(row: Row<'_>) -> Result<ConsentRow, StoreError> {
    Ok(ConsentRow {
        subject_id: row.get(0)?,
        consent_id: row.get(1)?,
        confirmed: row.get(2)?,
        stopped: row.get(3)?,
        from_us: row.get(4)?,
        until_us: row.get(5)?,
        uses: row.get(6)?,
        used: row.get(7)?,
        granted_us: row.get(8)?,
        line: row.get(9)?,
        sealed: row.get(10)?,
        seal: row.get(11)?,
    })
}

impl View<'_> {
    /// A consent.
    ///
    /// # Errors
    /// The engine's.
    pub fn consent(&self, subject: &[u8; 16], consent: &[u8; 16]) -> Result<Option<ConsentRow>, StoreError> {
        self.link.first(&CONSENT_FIND, values![subject, consent], read)
    }

    /// Consents of a person, the newest first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn consents(&self, subject: &[u8; 16], limit: i64) -> Result<Vec<ConsentRow>, StoreError> {
        self.link.rows(&CONSENT_LIST, values![subject, limit], read)
    }

    /// How many consents of a person can still be used at an instant, or will be; those that were `confirmed` in one way left out.
    ///
    /// # Errors
    /// The engine's.
    pub fn consents_standing(&self, subject: &[u8; 16], now_us: i64, but: i64) -> Result<i64, StoreError> {
        self.link.one(&CONSENT_STANDING, values![subject, now_us, but], |row| row.get(0))
    }

    /// Uses of a consent, the oldest first.
    ///
    /// # Errors
    /// The engine's.
    pub fn consent_uses(&self, subject: &[u8; 16], consent: &[u8; 16]) -> Result<Vec<ConsentUseRow>, StoreError> {
        self.link.rows(&CONSENT_USE_LIST, values![subject, consent], |row| {
            Ok(ConsentUseRow {
                subject_id: *subject,
                consent_id: *consent,
                number: row.get(0)?,
                at_us: row.get(1)?,
                sealed: row.get(2)?,
            })
        })
    }

    /// Where a one-time code leads.
    ///
    /// # Errors
    /// The engine's.
    pub fn consent_code(&self, tag: &[u8; 32]) -> Result<Option<ConsentCodeRow>, StoreError> {
        self.link.first(&CONSENT_CODE_FIND, values![tag], |row| {
            Ok(ConsentCodeRow { code_tag: *tag, subject_id: row.get(0)?, consent_id: row.get(1)?, seal: row.get(2)? })
        })
    }
}

impl Tx<'_> {
    /// Adds a consent.
    ///
    /// # Errors
    /// The engine's.
    pub fn consent_add(&self, new: &ConsentRow) -> Result<(), StoreError> {
        let ConsentRow { subject_id, consent_id, confirmed, stopped, from_us, until_us, uses, used, .. } = new;
        let ConsentRow { granted_us, line, sealed, seal, .. } = new;
        let values = values![
            subject_id, consent_id, confirmed, stopped, from_us, until_us, uses, used, granted_us, line, sealed, seal
        ];
        self.link.run(&CONSENT_ADD, values)?;
        Ok(())
    }

    /// Changes a consent that `line` wrote last: whether it is stopped, its end, its uses and what is sealed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where something else changed it since it was read; the engine's.
    pub fn consent_set(&self, new: &ConsentRow, line: i64) -> Result<(), StoreError> {
        let ConsentRow { subject_id, consent_id, stopped, until_us, uses, used, sealed, seal, .. } = new;
        let values = values![subject_id, consent_id, stopped, until_us, uses, used, new.line, sealed, seal, line];
        match self.link.run(&CONSENT_SET, values)? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict("consent")),
        }
    }

    /// Adds a use.
    ///
    /// # Errors
    /// The engine's.
    pub fn consent_use_add(&self, new: &ConsentUseRow) -> Result<(), StoreError> {
        let ConsentUseRow { subject_id, consent_id, number, at_us, sealed } = new;
        self.link.run(&CONSENT_USE_ADD, values![subject_id, consent_id, number, at_us, sealed])?;
        Ok(())
    }

    /// Adds a one-time code.
    ///
    /// # Errors
    /// The engine's.
    pub fn consent_code_add(&self, new: &ConsentCodeRow) -> Result<(), StoreError> {
        let ConsentCodeRow { code_tag, subject_id, consent_id, seal } = new;
        self.link.run(&CONSENT_CODE_ADD, values![code_tag, subject_id, consent_id, seal])?;
        Ok(())
    }
}
