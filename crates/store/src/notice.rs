//! Notices, the channels on which somebody is told that one waits, and what authorities are told.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    // The same once more is the same.
    NOTICE_ADD = "INSERT INTO notice (subject_id, notice_id, kind, record_id, version, authority, case_no, made_us, delivery, delivered_us, \
        line, sealed, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    NOTICE_FIND = "SELECT subject_id, notice_id, kind, record_id, version, authority, case_no, made_us, delivery, delivered_us, line, sealed, \
        seal FROM notice WHERE subject_id = $1 AND notice_id = $2";
    NOTICE_LIST = "SELECT subject_id, notice_id, kind, record_id, version, authority, case_no, made_us, delivery, delivered_us, line, sealed, \
        seal FROM notice WHERE subject_id = $1 ORDER BY made_us DESC, notice_id LIMIT $2";
    // Whether something was not delivered yet.
    NOTICE_UNSERVED = "SELECT 1 FROM notice WHERE subject_id = $1 AND delivery = 0 LIMIT 1";
    // Of one kind about one thing: from when a deadline counts.
    NOTICE_ABOUT = "SELECT subject_id, notice_id, kind, record_id, version, authority, case_no, made_us, delivery, delivered_us, line, sealed, \
        seal FROM notice WHERE subject_id = $1 AND kind = $2 AND case_no = $3 ORDER BY made_us, notice_id LIMIT $4";
    // Only as it was read: whoever changed it meanwhile wrote another line.
    NOTICE_SET = "UPDATE notice SET delivery = $3, delivered_us = $4, line = $5, seal = $6 \
        WHERE subject_id = $1 AND notice_id = $2 AND line = $7";
    NOTICE_VERSION = "SELECT item, authority, subject_kind, state, needs_release FROM version \
        WHERE subject_id = $1 AND record_id = $2 AND version = $3 ORDER BY version LIMIT 1";
    CHANNEL_ADD = "INSERT INTO channel (subject_id, channel_id, kind, stage, added_us, proven_us, line, sealed, seal) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    CHANNEL_FIND = "SELECT subject_id, channel_id, kind, stage, added_us, proven_us, line, sealed, seal FROM channel \
        WHERE subject_id = $1 AND channel_id = $2";
    CHANNEL_LIST = "SELECT subject_id, channel_id, kind, stage, added_us, proven_us, line, sealed, seal FROM channel \
        WHERE subject_id = $1 AND (stage <= 2 OR added_us > $2) ORDER BY added_us, channel_id LIMIT $3";
    CHANNEL_SET = "UPDATE channel SET stage = $3, proven_us = $4, line = $5, sealed = $6, seal = $7 \
        WHERE subject_id = $1 AND channel_id = $2 AND line = $8";
    OFFICE_NOTICE_ADD = "INSERT INTO office_notice (authority, notice_id, kind, record_id, version, case_no, made_us) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (authority, notice_id) DO NOTHING";
    OFFICE_NOTICE_LIST = "SELECT authority, notice_id, kind, record_id, version, case_no, made_us FROM office_notice \
        WHERE authority = $1 ORDER BY made_us DESC, notice_id LIMIT $2";
}

/// Subject, record, version and leaf of an adverse record of which somebody is to be told.
pub type NoticeDue = ([u8; 16], [u8; 16], i64, i64);

/// A notice to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// Who is told.
    pub subject_id: [u8; 16],
    /// Which.
    pub notice_id: [u8; 16],
    /// Of what.
    pub kind: i64,
    /// About which record.
    pub record_id: Option<[u8; 16]>,
    /// Which version of it.
    pub version: Option<i64>,
    /// Which authority serves the letter, or nothing.
    pub authority: String,
    /// Case number, or nothing.
    pub case_no: String,
    /// When it was made, microseconds UTC.
    pub made_us: i64,
    /// 0 not delivered, 1 opened, 2 by a channel, 3 by letter.
    pub delivery: i64,
    /// When they were told.
    pub delivered_us: Option<i64>,
    /// Number of the entry in the log of [`Self::subject_id`] that wrote this row last.
    pub line: i64,
    /// What it says beside the record, sealed.
    pub sealed: Vec<u8>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// A way on which somebody is told that a notice waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelRow {
    /// Whose it is.
    pub subject_id: [u8; 16],
    /// Which.
    pub channel_id: [u8; 16],
    /// 1 mail, 2 webhook.
    pub kind: i64,
    /// 1 waits for its code, 2 proven, 3 removed.
    pub stage: i64,
    /// When it was added, microseconds UTC.
    pub added_us: i64,
    /// When its code came back.
    pub proven_us: Option<i64>,
    /// Number of the entry in the log of [`Self::subject_id`] that wrote this row last.
    pub line: i64,
    /// Address, secret, code and tries, sealed under that one's key.
    pub sealed: Vec<u8>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// What an authority is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeNoticeRow {
    /// Its code; nothing for the credit office.
    pub authority: String,
    /// Which.
    pub notice_id: [u8; 16],
    /// Of what.
    pub kind: i64,
    /// About which record.
    pub record_id: Option<[u8; 16]>,
    /// Which version of it.
    pub version: Option<i64>,
    /// Case number, or nothing.
    pub case_no: String,
    /// When it was made, microseconds UTC.
    pub made_us: i64,
}

/// What of a version decides whether somebody is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionTold {
    /// Its item.
    pub item: String,
    /// Who sent it.
    pub authority: String,
    /// Kind of subject.
    pub subject_kind: i64,
    /// Its state.
    pub state: i64,
    /// 1 where it waits, or waited, for a second officer.
    pub needs_release: i64,
}

/// Columns as in [`NOTICE_FIND`].
pub(crate) fn read_notice(row: Row<'_>) -> Result<NoticeRow, StoreError> {
    Ok(NoticeRow {
        subject_id: row.get(0)?,
        notice_id: row.get(1)?,
        kind: row.get(2)?,
        record_id: row.get(3)?,
        version: row.get(4)?,
        authority: row.get(5)?,
        case_no: row.get(6)?,
        made_us: row.get(7)?,
        delivery: row.get(8)?,
        delivered_us: row.get(9)?,
        line: row.get(10)?,
        sealed: row.get(11)?,
        seal: row.get(12)?,
    })
}

fn read_channel(row: Row<'_>) -> Result<ChannelRow, StoreError> {
    Ok(ChannelRow {
        subject_id: row.get(0)?,
        channel_id: row.get(1)?,
        kind: row.get(2)?,
        stage: row.get(3)?,
        added_us: row.get(4)?,
        proven_us: row.get(5)?,
        line: row.get(6)?,
        sealed: row.get(7)?,
        seal: row.get(8)?,
    })
}

impl View<'_> {
    /// A notice.
    ///
    /// # Errors
    /// The engine's.
    pub fn notice(&self, subject: &[u8; 16], notice: &[u8; 16]) -> Result<Option<NoticeRow>, StoreError> {
        self.link.first(&NOTICE_FIND, values![subject, notice], read_notice)
    }

    /// Notices to somebody, the newest first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn notices(&self, subject: &[u8; 16], limit: i64) -> Result<Vec<NoticeRow>, StoreError> {
        self.link.rows(&NOTICE_LIST, values![subject, limit], read_notice)
    }

    /// Does a notice to somebody wait for its delivery?
    ///
    /// # Errors
    /// The engine's.
    pub fn notice_unserved(&self, subject: &[u8; 16]) -> Result<bool, StoreError> {
        self.link.any(&NOTICE_UNSERVED, values![subject])
    }

    /// Notices to somebody of one kind and with one case number, the oldest first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn notices_about(
        &self,
        subject: &[u8; 16],
        kind: i64,
        case_no: &str,
        limit: i64,
    ) -> Result<Vec<NoticeRow>, StoreError> {
        self.link.rows(&NOTICE_ABOUT, values![subject, kind, case_no, limit], read_notice)
    }

    /// What of a version decides whether somebody is told of it.
    ///
    /// # Errors
    /// The engine's.
    pub fn version_told(
        &self,
        subject: &[u8; 16],
        record: &[u8; 16],
        version: i64,
    ) -> Result<Option<VersionTold>, StoreError> {
        self.link.first(&NOTICE_VERSION, values![subject, record, version], |row| {
            Ok(VersionTold {
                item: row.get(0)?,
                authority: row.get(1)?,
                subject_kind: row.get(2)?,
                state: row.get(3)?,
                needs_release: row.get(4)?,
            })
        })
    }

    /// A channel.
    ///
    /// # Errors
    /// The engine's.
    pub fn channel(&self, subject: &[u8; 16], channel: &[u8; 16]) -> Result<Option<ChannelRow>, StoreError> {
        self.link.first(&CHANNEL_FIND, values![subject, channel], read_channel)
    }

    /// Channels of somebody, the oldest first, `limit` at most; removed ones only where they were added after `since_us`.
    ///
    /// # Errors
    /// The engine's.
    pub fn channels(&self, subject: &[u8; 16], since_us: i64, limit: i64) -> Result<Vec<ChannelRow>, StoreError> {
        self.link.rows(&CHANNEL_LIST, values![subject, since_us, limit], read_channel)
    }

    /// What an authority was told, the newest first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn office_notices(&self, authority: &str, limit: i64) -> Result<Vec<OfficeNoticeRow>, StoreError> {
        self.link.rows(&OFFICE_NOTICE_LIST, values![authority, limit], |row| {
            Ok(OfficeNoticeRow {
                authority: row.get(0)?,
                notice_id: row.get(1)?,
                kind: row.get(2)?,
                record_id: row.get(3)?,
                version: row.get(4)?,
                case_no: row.get(5)?,
                made_us: row.get(6)?,
            })
        })
    }
}

impl Tx<'_> {
    /// Adds a notice.
    ///
    /// # Errors
    /// The engine's; the same twice is an error.
    pub fn notice_add(&self, new: &NoticeRow) -> Result<(), StoreError> {
        let NoticeRow { subject_id, notice_id, kind, record_id, version, authority, case_no, .. } = new;
        let NoticeRow { made_us, delivery, delivered_us, line, sealed, seal, .. } = new;
        let values = values![
            subject_id,
            notice_id,
            kind,
            record_id,
            version,
            authority,
            case_no,
            made_us,
            delivery,
            delivered_us,
            line,
            sealed,
            seal
        ];
        self.link.run(&NOTICE_ADD, values)?;
        Ok(())
    }

    /// Says of a notice that `line` wrote last how and when it was delivered.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where something else changed it since it was read; the engine's.
    pub fn notice_set(&self, new: &NoticeRow, line: i64) -> Result<(), StoreError> {
        let NoticeRow { subject_id, notice_id, delivery, delivered_us, seal, .. } = new;
        let values = values![subject_id, notice_id, delivery, delivered_us, new.line, seal, line];
        match self.link.run(&NOTICE_SET, values)? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict("notice")),
        }
    }

    /// Adds a channel.
    ///
    /// # Errors
    /// The engine's.
    pub fn channel_add(&self, new: &ChannelRow) -> Result<(), StoreError> {
        let ChannelRow { subject_id, channel_id, kind, stage, added_us, proven_us, line, sealed, seal } = new;
        let values = values![subject_id, channel_id, kind, stage, added_us, proven_us, line, sealed, seal];
        self.link.run(&CHANNEL_ADD, values)?;
        Ok(())
    }

    /// Changes a channel that `line` wrote last.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where something else changed it since it was read; the engine's.
    pub fn channel_set(&self, new: &ChannelRow, line: i64) -> Result<(), StoreError> {
        let ChannelRow { subject_id, channel_id, stage, proven_us, sealed, seal, .. } = new;
        let values = values![subject_id, channel_id, stage, proven_us, new.line, sealed, seal, line];
        match self.link.run(&CHANNEL_SET, values)? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict("channel")),
        }
    }

    /// Tells an authority something, where it was not told before; was it?
    ///
    /// # Errors
    /// The engine's.
    pub fn office_notice_add(&self, new: &OfficeNoticeRow) -> Result<bool, StoreError> {
        let OfficeNoticeRow { authority, notice_id, kind, record_id, version, case_no, made_us } = new;
        let values = values![authority, notice_id, kind, record_id, version, case_no, made_us];
        Ok(self.link.run(&OFFICE_NOTICE_ADD, values)? == 1)
    }
}
