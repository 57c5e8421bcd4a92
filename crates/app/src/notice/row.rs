//! From a row to a notice or a channel and back: what is sealed, and whether it is ours.

use chengxin_core::channel::ChannelStage;
use chengxin_core::delivery::{Delivery, DeliveryStep};
use chengxin_core::notice::{ChannelKind, NoticeKind};
use chengxin_seal::{AeadKey, same_secret};
use chengxin_store::audit::{CHANNELS, NOTICES};
use chengxin_store::notice::{ChannelRow, NoticeRow};
use chengxin_store::{KeyStore, Tx, View};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::tell::{Told, ToldOffice};
use crate::AppError;
use crate::keyring::Keyring;
use crate::log::told::{Telling, Thing, told};

/// A notice whose row is ours.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    pub(super) kind: NoticeKind,
    pub(super) row: NoticeRow,
}

impl Opened {
    /// The notice of a row; `None` for one that was not written with our keys, which is none.
    pub(super) fn of(keys: &Keyring, row: NoticeRow) -> Option<Self> {
        let kind = NoticeKind::from_i64(row.kind).filter(|_| keys.is_notice(&row));
        if kind.is_none() {
            warn(NOTICES.name);
        }
        kind.map(|kind| Self { kind, row })
    }

    /// Its row as the log tells of it, once entry `line` has written it.
    pub(super) fn thing(&self, line: i64) -> Thing<'_> {
        Thing { what: "notice", table: &NOTICES, subject: &self.row.subject_id, id: &self.row.notice_id, line }
    }

    pub(super) fn delivery(&self) -> Delivery {
        Delivery::from_i64(self.row.delivery).unwrap_or(Delivery::NotDelivered)
    }

    pub(super) fn is_delivered(&self) -> bool {
        self.delivery() != Delivery::NotDelivered
    }

    /// Writes that it was delivered, and the entry that says so; the notice as it is then.
    pub(super) fn deliver(
        &self,
        tx: &Tx<'_>,
        by: &Telling<'_>,
        (step, at_us): (DeliveryStep, i64),
        detail: Value,
    ) -> Result<Self, AppError> {
        let line = tx.view().log_last_number(&self.row.subject_id)? + 1;
        let how =
            self.delivery().after(step).map_err(|unlawful| AppError::conflict(unlawful.say.zh, unlawful.say.en))?;
        let (delivery, delivered_us) = (how.as_i64(), Some(at_us));
        let row = by.keys.sealed_notice(NoticeRow { delivery, delivered_us, line, ..self.row.clone() });
        tx.notice_set(&row, self.row.line)?;
        let after = Self { kind: self.kind, row };
        after.thing(line).tell(tx, by, Vec::new(), detail)?;
        Ok(after)
    }
}

/// The notice with an id, if its row is ours and no entry tells of a later one.
pub(super) fn find(
    view: View<'_>,
    keys: &Keyring,
    subject: &[u8; 16],
    id: &[u8; 16],
) -> Result<Option<Opened>, AppError> {
    newest(view, keys, view.notice(subject, id)?)
}

/// The same of a row that was found otherwise.
pub(super) fn newest(view: View<'_>, keys: &Keyring, row: Option<NoticeRow>) -> Result<Option<Opened>, AppError> {
    let Some(found) = row.and_then(|row| Opened::of(keys, row)) else { return Ok(None) };
    Ok(found.thing(found.row.line).is_newest(view)?.then_some(found))
}

/// What of a channel lies sealed under the key of whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    /// Nothing once it is removed.
    pub(super) address: String,
    /// By which what is sent to a webhook is signed, base64; nothing for mail.
    pub(super) secret: String,
    /// The code that proves it; nothing once it has.
    pub(super) code: String,
    /// From when on the code is worth nothing, microseconds UTC.
    pub(super) code_until_us: i64,
    /// Wrong codes so far.
    pub(super) tries: i64,
}

/// A channel whose row is ours.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) row: ChannelRow,
    pub(super) body: Body,
    pub(super) kind: ChannelKind,
    pub(super) stage: ChannelStage,
}

impl Channel {
    fn of(keys: &Keyring, key: &AeadKey, row: ChannelRow) -> Option<Self> {
        let read = || -> Option<Self> {
            let plain = key.open(&channel_aad(&row.subject_id, &row.channel_id), &row.sealed).ok()?;
            let (kind, stage) = (ChannelKind::from_i64(row.kind)?, ChannelStage::from_i64(row.stage)?);
            Some(Self { body: serde_json::from_slice(&plain).ok()?, kind, stage, row: row.clone() })
        };
        let found = keys.is_channel(&row).then(read).flatten();
        if found.is_none() {
            warn(CHANNELS.name);
        }
        found
    }

    pub(super) fn thing(&self, line: i64) -> Thing<'_> {
        Thing { what: "channel", table: &CHANNELS, subject: &self.row.subject_id, id: &self.row.channel_id, line }
    }

    /// Its row as entry `line` writes it.
    pub(super) fn row_at(&self, line: i64, owner: &Owner, keys: &Keyring) -> Result<ChannelRow, AppError> {
        let plain = serde_json::to_vec(&self.body).map_err(|error| AppError::internal(format!("channel: {error}")))?;
        let row = &self.row;
        let sealed = owner.key.seal(&channel_aad(&row.subject_id, &row.channel_id), &plain);
        Ok(keys.sealed_channel(ChannelRow { line, sealed, stage: self.stage.as_i64(), ..row.clone() }))
    }

    /// Writes it as it is after a change, and the entry that says so.
    pub(super) fn set(&self, tx: &Tx<'_>, owner: &Owner, by: &Telling<'_>, detail: Value) -> Result<(), AppError> {
        let line = tx.view().log_last_number(&owner.subject)? + 1;
        tx.channel_set(&self.row_at(line, owner, by.keys)?, self.row.line)?;
        self.thing(line).tell(tx, by, Vec::new(), detail)
    }
}

/// Somebody who has channels.
pub(super) struct Owner {
    pub(super) subject: [u8; 16],
    pub(super) key: AeadKey,
}

impl Owner {
    /// The subject's, unless its key was destroyed.
    pub(super) fn of(keys: &Keyring, key_store: &KeyStore, subject: [u8; 16]) -> Result<Option<Self>, AppError> {
        let key = keys.subject_key_kept(key_store, &subject)?;
        Ok(key.map(|key| Self { subject, key: key.channels() }))
    }
}

/// The channel with an id, if its row is ours and the newest.
pub(super) fn find_channel(
    view: View<'_>,
    keys: &Keyring,
    owner: &Owner,
    id: &[u8; 16],
) -> Result<Option<Channel>, AppError> {
    let found = view.channel(&owner.subject, id)?.and_then(|row| Channel::of(keys, &owner.key, row));
    let Some(found) = found else { return Ok(None) };
    Ok(found.thing(found.row.line).is_newest(view)?.then_some(found))
}

/// Channels of somebody that are ours and the newest; of removed ones those added after `since_us`.
pub(super) fn channels(view: View<'_>, keys: &Keyring, owner: &Owner, since_us: i64) -> Result<Vec<Channel>, AppError> {
    let rows = view.channels(&owner.subject, since_us, super::MOST)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let told = told(view, &owner.subject, 0, "channel")?;
    let ours = rows.into_iter().filter_map(|row| Channel::of(keys, &owner.key, row));
    Ok(ours.filter(|of| of.thing(of.row.line).is_newest_of(&told)).collect())
}

fn warn(table: &str) {
    tracing::warn!(table, "a row was not written with the installation's keys, and counts for nothing");
}

fn channel_aad(subject: &[u8; 16], channel: &[u8; 16]) -> Vec<u8> {
    [&b"channel"[..], subject, channel].concat()
}

fn detail_aad(subject: &[u8; 16], notice: &[u8; 16]) -> Vec<u8> {
    [&b"notice"[..], subject, notice].concat()
}

fn half(tag: [u8; 32]) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&tag[..16]);
    id
}

/// An optional value in a seal: there or not, and what.
fn or_none(bytes: Option<Vec<u8>>) -> Vec<u8> {
    bytes.map_or_else(Vec::new, |mut bytes| {
        bytes.push(1);
        bytes
    })
}

impl Keyring {
    /// Id of what somebody is told: the same is told once.
    pub(super) fn notice_id(&self, told: &Told<'_>) -> [u8; 16] {
        let (record, version) = told.record.unzip();
        let version = or_none(version.map(|version| version.to_be_bytes().to_vec()));
        let (record, detail) = (or_none(record.map(|record| record.to_vec())), told.detail.to_string());
        let parts: [&[u8]; 6] =
            [told.subject, told.kind.word().as_bytes(), &record, &version, told.case.as_bytes(), detail.as_bytes()];
        half(self.code_tag("notice", &parts))
    }

    /// Id of what an authority is told.
    pub(super) fn office_notice_id(&self, kind: NoticeKind, told: &ToldOffice<'_>) -> [u8; 16] {
        let (record, version) = told.record.unzip();
        let version = or_none(version.map(|version| version.to_be_bytes().to_vec()));
        let record = or_none(record.map(|record| record.to_vec()));
        let parts: [&[u8]; 6] = [
            told.authority.as_bytes(),
            kind.word().as_bytes(),
            &record,
            &version,
            told.case.as_bytes(),
            told.which.as_bytes(),
        ];
        half(self.code_tag("office-notice", &parts))
    }

    fn notice_key(&self) -> AeadKey {
        AeadKey::new(self.profile(), &self.own_key("notices"))
    }

    /// Seals what a notice says beside its record. Under a key of the installation, since the transaction that tells has no way to the subject's; it holds
    /// days and codes, and what is personal lies sealed where it was written.
    pub(super) fn seal_detail(&self, subject: &[u8; 16], notice: &[u8; 16], detail: &Value) -> Vec<u8> {
        self.notice_key().seal(&detail_aad(subject, notice), detail.to_string().as_bytes())
    }

    /// Opens it; nothing where it is no longer what was sealed.
    pub(super) fn open_detail(&self, row: &NoticeRow) -> Value {
        let plain = self.notice_key().open(&detail_aad(&row.subject_id, &row.notice_id), &row.sealed).ok();
        plain.and_then(|plain| serde_json::from_slice(&plain).ok()).unwrap_or_else(|| json!({}))
    }

    /// The row with its seal: without it anybody who can write to the database could say that somebody was told.
    pub(super) fn sealed_notice(&self, mut row: NoticeRow) -> NoticeRow {
        row.seal = self.notice_seal(&row);
        row
    }

    fn notice_seal(&self, row: &NoticeRow) -> [u8; 32] {
        let numbers = [row.kind, row.made_us, row.delivery, row.line].map(i64::to_be_bytes).concat();
        let (record, version) = (or_none(row.record_id.map(|id| id.to_vec())), row.version);
        let number = |number: Option<i64>| or_none(number.map(|number| number.to_be_bytes().to_vec()));
        let (version, delivered) = (number(version), number(row.delivered_us));
        let texts = [row.authority.as_bytes(), row.case_no.as_bytes()];
        let parts: [&[u8]; 9] =
            [&row.subject_id, &row.notice_id, &numbers, &record, &version, texts[0], texts[1], &delivered, &row.sealed];
        self.code_tag("notice-row", &parts)
    }

    /// Was the notice written with our key?
    fn is_notice(&self, row: &NoticeRow) -> bool {
        same_secret(&row.seal, &self.notice_seal(row))
    }

    /// The row with its seal: without it anybody who can write to the database could be told in another's place.
    pub(super) fn sealed_channel(&self, mut row: ChannelRow) -> ChannelRow {
        row.seal = self.channel_seal(&row);
        row
    }

    fn channel_seal(&self, row: &ChannelRow) -> [u8; 32] {
        let numbers = [row.kind, row.stage, row.added_us, row.line].map(i64::to_be_bytes).concat();
        let proven = or_none(row.proven_us.map(|at| at.to_be_bytes().to_vec()));
        self.code_tag("channel-row", &[&row.subject_id, &row.channel_id, &numbers, &proven, &row.sealed])
    }

    fn is_channel(&self, row: &ChannelRow) -> bool {
        same_secret(&row.seal, &self.channel_seal(row))
    }
}
