//! Carrying out: for each notice the channels of whom it concerns, for each channel a message, done at least once by whichever worker comes to it.
//!
//! The outbox is the table of jobs: a message is written with the notice, tried again after pauses that double, and given up in the end; given up, it
//! stays listed (`dead.rs`). Nothing is sent from within a transaction.

use chengxin_core::catalogue::FieldRole;
use chengxin_core::channel::ChannelStage;
use chengxin_core::delivery::{Delivery, DeliveryStep};
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::notice::{ChannelKind, outside, outside_code, outside_title};
use chengxin_seal::AeadKey;
use chengxin_store::Tx;
use chengxin_store::job::JobRow;
use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::carry::{self, Outside};
use super::encrypted::authorities;
use super::read_id;
use super::row::{Channel, Opened, Owner, channels, find, find_channel};
use super::tell::platform;
use crate::jobs::{JobKind, job_id};
use crate::keyring::Keyring;
use crate::log::told::Telling;
use crate::record::{BodyOpener, by_record, holder};
use crate::report::reader;
use crate::{AppError, Installation};

/// What a job is about. Ids only, and sealed: in the open they would say which reader of their own records is the one whom a record is about.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Payload {
    /// Who is told, where that is not whose job it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    subject: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    notice: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) channel: String,
}

/// What a job holds.
#[derive(Debug, Serialize, Deserialize)]
struct Sealed {
    /// The payload, sealed for whose job it is, base64.
    sealed: String,
}

impl Payload {
    pub(super) fn read(keys: &Keyring, job: &JobRow) -> Result<Self, AppError> {
        let broken = |what: &dyn std::fmt::Display| AppError::internal(format!("job {}: {what}", job.kind));
        let Sealed { sealed } = serde_json::from_str(&job.payload).map_err(|error| broken(&error))?;
        let sealed = BASE64.decode(sealed.as_bytes()).map_err(|error| broken(&error))?;
        let plain = keys.outbox_key().open(&job.subject_id, &sealed).map_err(|error| broken(&error))?;
        serde_json::from_slice(&plain).map_err(|error| broken(&error))
    }

    fn id(text: &str) -> Result<[u8; 16], AppError> {
        read_id(text).ok_or_else(|| AppError::internal("a job names no id"))
    }
}

impl Keyring {
    fn outbox_key(&self) -> AeadKey {
        AeadKey::new(self.profile(), &self.own_key("outbox"))
    }
}

fn add(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    subject: &[u8; 16],
    kind: JobKind,
    of: &Payload,
) -> Result<(), AppError> {
    let fault = |error: serde_json::Error| AppError::internal(format!("job: {error}"));
    let plain = serde_json::to_vec(of).map_err(fault)?;
    // Keyed, so that nobody finds out by trial whom it is about.
    let id = job_id(keys, kind, &HEXLOWER.encode(&keys.code_tag("outbox", &[subject, &plain])));
    let sealed = BASE64.encode(&keys.outbox_key().seal(subject, &plain));
    let text = serde_json::to_string(&Sealed { sealed }).map_err(fault)?;
    Ok(tx.job_add(subject, &id, kind.code(), &text, now_us)?)
}

/// Writes the job that looks for the channels of whom a notice concerns.
pub(super) fn add_send(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    subject: &[u8; 16],
    notice: &[u8; 16],
) -> Result<(), AppError> {
    let of = Payload { notice: HEXLOWER.encode(notice), ..Payload::default() };
    add(tx, keys, now_us, subject, JobKind::NoticeSend, &of)
}

/// Writes the job that sends a channel its code.
pub(super) fn add_code(tx: &Tx<'_>, keys: &Keyring, now_us: i64, of: &Channel) -> Result<(), AppError> {
    let payload = Payload { channel: HEXLOWER.encode(&of.row.channel_id), ..Payload::default() };
    add(tx, keys, now_us, &of.row.subject_id, JobKind::ChannelCode, &payload)
}

impl Installation {
    /// A message for each proven channel of whom a notice concerns. Whoever has none stays untold.
    pub(crate) fn job_notice_send(&mut self, job: &JobRow) -> Result<(), AppError> {
        let of = Payload::read(&self.keys, job)?;
        let (keys, now_us, id) = (self.keys.clone(), self.now_us(), Payload::id(&of.notice)?);
        let Some(notice) = find(self.store.view(), &keys, &job.subject_id, &id)? else { return Ok(()) };
        if notice.is_delivered() {
            return Ok(());
        }
        let mut proven = Vec::new();
        for subject in self.whom(&notice)? {
            let Some(owner) = Owner::of(&keys, &self.key_store, subject)? else { continue };
            proven.extend(channels(self.store.view(), &keys, &owner, i64::MAX)?);
        }
        proven.retain(|channel| channel.stage == ChannelStage::Proven);
        self.store.write("notice_send", |tx| -> Result<(), AppError> {
            proven.iter().try_for_each(|channel| {
                let payload = Payload {
                    subject: HEXLOWER.encode(&job.subject_id),
                    notice: of.notice.clone(),
                    channel: HEXLOWER.encode(&channel.row.channel_id),
                };
                add(tx, &keys, now_us, &channel.row.subject_id, JobKind::NoticeDeliver, &payload)
            })
        })
    }

    /// Under whom the channels of somebody lie: the one who is told, and as a reader the holder of the document that the record names.
    fn whom(&self, notice: &Opened) -> Result<Vec<[u8; 16]>, AppError> {
        let mut whom = vec![notice.row.subject_id];
        let subject = &notice.row.subject_id;
        // What is about no record in particular concerns whom any of theirs names.
        let record = match notice.row.record_id {
            Some(record) => Some(record),
            None => self.store.view().versions_of_subject(subject)?.last().map(|version| version.row.record_id),
        };
        if let Some(record) = record
            && let Some(document) = self.named_in(subject, &record)?
            && let Some(reader) = reader(self.store.view(), &self.keys, &document)?
            && reader != notice.row.subject_id
        {
            whom.push(reader);
        }
        Ok(whom)
    }

    /// The document that a record names: from a subject no index leads to its documents.
    pub(crate) fn named_in(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<Option<Document>, AppError> {
        let view = self.store.view();
        let versions = view.versions_of_subject(subject)?;
        let found = by_record(&versions).find(|versions| versions[0].row.record_id == *record);
        let Some((versions, last)) = found.and_then(|versions| Some((versions, &versions.last()?.row))) else {
            return Ok(None);
        };
        let Some(item) = self.catalogue.item(&last.item) else { return Ok(None) };
        let row = holder(versions, last)?;
        let (_, layout) = view.layout(row.layout_id)?;
        let values = match BodyOpener::new(&self.keys, &self.key_store).open(row, &layout) {
            // The key was destroyed: nobody is left to be told. Whatever else is wrong is said, and tried again.
            Err(error) if error.kind == crate::Kind::NotFound => None,
            opened => opened?,
        };
        let Some(values) = values else { return Ok(None) };
        let value = |role| {
            let code = item.field_of(role).map_or("", |field| field.field.code.as_str());
            values.iter().find(|(of, _)| of == code).map_or("", |(_, value)| value.as_str())
        };
        let number = value(FieldRole::SubjectDocumentNumber);
        let kind = DocumentKind::from_value(value(FieldRole::SubjectDocumentKind)).unwrap_or(DocumentKind::ResidentId);
        let (kind, number) =
            if number.is_empty() { (DocumentKind::Uscc, value(FieldRole::SubjectUscc)) } else { (kind, number) };
        Ok(Document::parse(kind, number, self.synthetic_rule()).ok().map(|(document, _)| document))
    }

    /// Hands one message over, and notes that its reader was told. One that was read meanwhile, or whose channel went, is not sent.
    pub(crate) fn job_notice_deliver(&mut self, job: &JobRow) -> Result<(), AppError> {
        let of = Payload::read(&self.keys, job)?;
        let (keys, now_us) = (self.keys.clone(), self.now_us());
        let (subject, id) = (Payload::id(&of.subject)?, Payload::id(&of.notice)?);
        let Some(channel) = self.channel_of(job, &of)?.filter(|of| of.stage == ChannelStage::Proven) else {
            return Ok(());
        };
        let Some(notice) = find(self.store.view(), &keys, &subject, &id)? else { return Ok(()) };
        if matches!(notice.delivery(), Delivery::Opened | Delivery::Letter) {
            return Ok(());
        }
        let say = outside(self.base_url());
        let message =
            Outside { what: "notice.waiting", id: of.notice.clone(), title: outside_title(), say, at_us: now_us };
        self.carry(&channel, &message)?;
        self.store.write("notice_deliver", |tx| -> Result<(), AppError> {
            let Some(notice) = find(tx.view(), &keys, &subject, &id)?.filter(|it| !it.is_delivered()) else {
                return Ok(());
            };
            let by = Telling { keys: &keys, now_us, operation: "notice_deliver", caller: &platform() };
            let detail = json!({ "channel_kind": channel.kind.code() });
            notice.deliver(tx, &by, (DeliveryStep::Carry, now_us), detail).map(drop)
        })
    }

    /// Sends a channel its code, and nothing else.
    pub(crate) fn job_channel_code(&mut self, job: &JobRow) -> Result<(), AppError> {
        let (of, now_us) = (Payload::read(&self.keys, job)?, self.now_us());
        let Some(channel) = self.channel_of(job, &of)? else { return Ok(()) };
        if channel.stage != ChannelStage::Unproven || channel.body.code_until_us <= now_us {
            return Ok(());
        }
        let say = outside_code(&channel.body.code);
        self.carry(
            &channel,
            &Outside { what: "channel.code", id: of.channel, title: outside_title(), say, at_us: now_us },
        )
    }

    fn channel_of(&self, job: &JobRow, of: &Payload) -> Result<Option<Channel>, AppError> {
        match Owner::of(&self.keys, &self.key_store, job.subject_id)? {
            Some(owner) => find_channel(self.store.view(), &self.keys, &owner, &Payload::id(&of.channel)?),
            None => Ok(None),
        }
    }

    /// Over the network: the store is not held meanwhile.
    fn carry(&self, to: &Channel, message: &Outside) -> Result<(), AppError> {
        let address = &to.body.address;
        match to.kind {
            ChannelKind::Mail => {
                let (settings, password) = self.mail_settings()?.ok_or_else(super::mail::not_set)?;
                carry::mail(&settings, &password, self.base_url(), address, message)
            }
            ChannelKind::Webhook => {
                let inside = self.mode() == crate::Mode::Synthetic;
                authorities(self.dir())
                    .and_then(|trust| carry::post(address, &to.body.secret, (inside, &trust), message))
            }
        }
        .map_err(carry::Failed::refusal)
    }
}
