//! Mandates, the way to them from who acts, and the one-time codes of offers.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    MANDATE_ADD = "INSERT INTO mandate (subject_id, mandate_id, kind, given, stage, actor_id, parent_id, from_us, until_us, granted_us, line, \
        sealed, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    MANDATE_FIND = "SELECT subject_id, mandate_id, kind, given, stage, actor_id, parent_id, from_us, until_us, granted_us, line, sealed, seal \
        FROM mandate WHERE subject_id = $1 AND mandate_id = $2";
    MANDATE_LIST = "SELECT subject_id, mandate_id, kind, given, stage, actor_id, parent_id, from_us, until_us, granted_us, line, sealed, seal \
        FROM mandate WHERE subject_id = $1 \
        ORDER BY CASE WHEN stage = 2 AND until_us > $2 THEN 1 WHEN stage = 1 AND granted_us > $3 THEN 2 ELSE 3 END, \
        granted_us DESC, mandate_id LIMIT $4";
    // Without a bound: what somebody heaps up in front of a mandate must not keep it from being ended.
    MANDATE_OPEN = "SELECT subject_id, mandate_id, kind, given, stage, actor_id, parent_id, from_us, until_us, granted_us, line, sealed, seal \
        FROM mandate WHERE subject_id = $1 AND kind = $2 AND stage <= 2 ORDER BY granted_us DESC, mandate_id";
    // Only as it was read: whoever changed it meanwhile wrote another line.
    MANDATE_SET = "UPDATE mandate SET stage = $3, actor_id = $4, line = $5, sealed = $6, seal = $7 \
        WHERE subject_id = $1 AND mandate_id = $2 AND line = $8";
    MANDATE_LINE = "SELECT line FROM mandate WHERE subject_id = $1 AND mandate_id = $2";
    MANDATE_STANDING = "SELECT count(*) FROM mandate WHERE subject_id = $1 AND until_us > $2 \
        AND (stage = 2 OR stage = 1 AND granted_us > $3)";
    MANDATE_HOLDER_ADD = "INSERT INTO mandate_holder (subject_id, mandate_id, mandator_id) VALUES ($1, $2, $3)";
    MANDATE_HOLDER_FIND = "SELECT mandator_id FROM mandate_holder WHERE subject_id = $1 AND mandate_id = $2";
    MANDATE_HOLDER_BETWEEN = "SELECT mandate_id FROM mandate_holder WHERE subject_id = $1 AND mandator_id = $2 ORDER BY mandate_id";
    MANDATE_HOLDER_LIST = "SELECT mandate_id, mandator_id FROM mandate_holder WHERE subject_id = $1 ORDER BY mandate_id LIMIT $2";
    MANDATE_CODE_ADD = "INSERT INTO mandate_code (code_tag, subject_id, mandate_id, seal) VALUES ($1, $2, $3, $4)";
    MANDATE_CODE_FIND = "SELECT subject_id, mandate_id, seal FROM mandate_code WHERE code_tag = $1";
}

/// One mandate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateRow {
    /// For whom somebody acts, as a reader of their own records.
    pub subject_id: [u8; 16],
    /// Which.
    pub mandate_id: [u8; 16],
    /// 1 attorney, 2 guardian, 3 legal representative, 4 agent of an organisation.
    pub kind: i64,
    /// 1 in an account, 2 recorded at a window.
    pub given: i64,
    /// 1 offered, 2 accepted or recorded, 3 revoked, 4 given up, 5 ended at a window.
    pub stage: i64,
    /// Who acts, as a reader of their own records; nobody yet while it is offered.
    pub actor_id: Option<[u8; 16]>,
    /// Mandate of the legal representative who granted it.
    pub parent_id: Option<[u8; 16]>,
    /// From when it holds, microseconds UTC.
    pub from_us: i64,
    /// From when no longer.
    pub until_us: i64,
    /// When it was granted or recorded.
    pub granted_us: i64,
    /// Number of the entry in the log of [`Self::subject_id`] that wrote this row last.
    pub line: i64,
    /// The rest of it, sealed under that one's key.
    pub sealed: Vec<u8>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// The way from who acts to a mandate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateHolderRow {
    /// Who acts.
    pub subject_id: [u8; 16],
    /// On which mandate.
    pub mandate_id: [u8; 16],
    /// For whom.
    pub mandator_id: [u8; 16],
}

/// Where the one-time code of an offer leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateCodeRow {
    /// HMAC of the code.
    pub code_tag: [u8; 32],
    /// Whose offer.
    pub subject_id: [u8; 16],
    /// Which.
    pub mandate_id: [u8; 16],
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

fn read(row: Row<'_>) -> Result<MandateRow, StoreError> {
    Ok(MandateRow {
        subject_id: row.get(0)?,
        mandate_id: row.get(1)?,
        kind: row.get(2)?,
        given: row.get(3)?,
        stage: row.get(4)?,
        actor_id: row.get(5)?,
        parent_id: row.get(6)?,
        from_us: row.get(7)?,
        until_us: row.get(8)?,
        granted_us: row.get(9)?,
        line: row.get(10)?,
        sealed: row.get(11)?,
        seal: row.get(12)?,
    })
}

impl View<'_> {
    /// A mandate.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandate(&self, subject: &[u8; 16], mandate: &[u8; 16]) -> Result<Option<MandateRow>, StoreError> {
        self.link.first(&MANDATE_FIND, values![subject, mandate], read)
    }

    /// Mandates of a person or an organisation, `limit` at most: first those that are accepted and not over at `now_us`, then offers made
    /// after `offered_us`, then the rest; among each the newest first.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandates(
        &self,
        subject: &[u8; 16],
        (now_us, offered_us): (i64, i64),
        limit: i64,
    ) -> Result<Vec<MandateRow>, StoreError> {
        self.link.rows(&MANDATE_LIST, values![subject, now_us, offered_us, limit], read)
    }

    /// Every mandate of a kind that nothing has stopped, the newest first, however many there are.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandates_open(&self, subject: &[u8; 16], kind: i64) -> Result<Vec<MandateRow>, StoreError> {
        self.link.rows(&MANDATE_OPEN, values![subject, kind], read)
    }

    /// Number of the entry that wrote a mandate last.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandate_line(&self, subject: &[u8; 16], mandate: &[u8; 16]) -> Result<Option<i64>, StoreError> {
        self.link.first(&MANDATE_LINE, values![subject, mandate], |row| row.get(0))
    }

    /// How many mandates of somebody's stand at `now_us`, or will, or were offered after `offered_us` and wait.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandates_standing(&self, subject: &[u8; 16], now_us: i64, offered_us: i64) -> Result<i64, StoreError> {
        self.link.one(&MANDATE_STANDING, values![subject, now_us, offered_us], |row| row.get(0))
    }

    /// For whom somebody acts on a mandate.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandate_held(&self, actor: &[u8; 16], mandate: &[u8; 16]) -> Result<Option<[u8; 16]>, StoreError> {
        self.link.first(&MANDATE_HOLDER_FIND, values![actor, mandate], |row| row.get(0))
    }

    /// Mandates on which somebody acts or acted for another.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandates_between(&self, actor: &[u8; 16], mandator: &[u8; 16]) -> Result<Vec<[u8; 16]>, StoreError> {
        self.link.rows(&MANDATE_HOLDER_BETWEEN, values![actor, mandator], |row| row.get(0))
    }

    /// Mandates on which somebody acts or acted, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandates_held(&self, actor: &[u8; 16], limit: i64) -> Result<Vec<MandateHolderRow>, StoreError> {
        self.link.rows(&MANDATE_HOLDER_LIST, values![actor, limit], |row| {
            Ok(MandateHolderRow { subject_id: *actor, mandate_id: row.get(0)?, mandator_id: row.get(1)? })
        })
    }

    /// Where the one-time code of an offer leads.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandate_code(&self, tag: &[u8; 32]) -> Result<Option<MandateCodeRow>, StoreError> {
        self.link.first(&MANDATE_CODE_FIND, values![tag], |row| {
            Ok(MandateCodeRow { code_tag: *tag, subject_id: row.get(0)?, mandate_id: row.get(1)?, seal: row.get(2)? })
        })
    }
}

impl Tx<'_> {
    /// Adds a mandate.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandate_add(&self, new: &MandateRow) -> Result<(), StoreError> {
        let MandateRow { subject_id, mandate_id, kind, given, stage, actor_id, parent_id, .. } = new;
        let MandateRow { from_us, until_us, granted_us, line, sealed, seal, .. } = new;
        let values = values![
            subject_id, mandate_id, kind, given, stage, actor_id, parent_id, from_us, until_us, granted_us, line,
            sealed, seal
        ];
        self.link.run(&MANDATE_ADD, values)?;
        Ok(())
    }

    /// Changes a mandate that `line` wrote last: how far it has come, who acts and what is sealed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where something else changed it since it was read; the engine's.
    pub fn mandate_set(&self, new: &MandateRow, line: i64) -> Result<(), StoreError> {
        let MandateRow { subject_id, mandate_id, stage, actor_id, sealed, seal, .. } = new;
        let values = values![subject_id, mandate_id, stage, actor_id, new.line, sealed, seal, line];
        match self.link.run(&MANDATE_SET, values)? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict("mandate")),
        }
    }

    /// Adds the way from who acts to a mandate.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandate_holder_add(&self, new: &MandateHolderRow) -> Result<(), StoreError> {
        let MandateHolderRow { subject_id, mandate_id, mandator_id } = new;
        self.link.run(&MANDATE_HOLDER_ADD, values![subject_id, mandate_id, mandator_id])?;
        Ok(())
    }

    /// Adds a one-time code.
    ///
    /// # Errors
    /// The engine's.
    pub fn mandate_code_add(&self, new: &MandateCodeRow) -> Result<(), StoreError> {
        let MandateCodeRow { code_tag, subject_id, mandate_id, seal } = new;
        self.link.run(&MANDATE_CODE_ADD, values![code_tag, subject_id, mandate_id, seal])?;
        Ok(())
    }
}
