//! Channels: where somebody is told that a notice waits. One counts once the code that was sent there has come back; until then nothing else is sent.

use chengxin_core::channel::{ChannelStage, ChannelStep};
use chengxin_core::code;
use chengxin_core::dates::shanghai_text;
use chengxin_core::identity::DocumentKind;
use chengxin_core::notice::{CHANNELS, CHANNELS_A_DAY, CODE_TRIES, CODE_US, ChannelKind, address, masked};
use chengxin_core::workflow::Unlawful;
use chengxin_core::{Caller, Say};
use chengxin_seal::{random_bytes, same_secret};
use chengxin_store::audit::SUBJECTS;
use chengxin_store::notice::ChannelRow;
use data_encoding::{BASE64, HEXLOWER};
use serde::Serialize;
use serde_json::json;

use super::deliver::{self, Payload};
use super::row::{Body, Channel, Owner, channels, find, find_channel};
use super::{no_such_channel, read_id};
use crate::jobs::JobKind;
use crate::log::told::Telling;
use crate::report::{reader, subjects_of};
use crate::{AppError, Installation, journal};

/// Characters of a code.
const CODE_LENGTH: usize = 8;
/// Bytes of the secret by which messages to a webhook are signed.
const SECRET: usize = 32;
const DAY_US: i64 = 24 * 3_600 * 1_000_000;

/// Where somebody wants to be told.
#[derive(Debug, Clone)]
pub struct ChannelRequest {
    /// Kind of their document.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// Kind of the channel.
    pub channel: ChannelKind,
    /// The address.
    pub address: String,
}

/// A channel as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChannelLine {
    /// Its number, 32 hexadecimal digits.
    pub channel: String,
    /// Its kind.
    pub kind: ChannelKind,
    /// The same in words.
    pub kind_name: Say,
    /// The address, masked.
    pub address: String,
    /// How far it has come.
    pub stage: ChannelStage,
    /// The same in words.
    pub stage_name: Say,
    /// When it was added, in Asia/Shanghai.
    pub added: String,
    /// When it was proven, in Asia/Shanghai.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proven: Option<String>,
    /// Why what waits for it could not be handed over, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing: Option<String>,
}

/// A channel that was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddedChannel {
    /// As it is now.
    pub channel: ChannelLine,
    /// By which messages to a webhook are signed: `whsec_…`; shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

impl ChannelLine {
    fn of(of: &Channel, failing: Option<String>) -> Self {
        Self {
            channel: HEXLOWER.encode(&of.row.channel_id),
            kind: of.kind,
            kind_name: of.kind.name(),
            address: masked(of.kind, &of.body.address),
            stage: of.stage,
            stage_name: of.stage.says(),
            added: shanghai_text(of.row.added_us),
            proven: of.row.proven_us.map(shanghai_text),
            failing,
        }
    }
}

fn number_of(text: &str) -> Result<[u8; 16], AppError> {
    read_id(text).ok_or_else(|| {
        AppError::invalid(
            "渠道编号应为 32 位十六进制数；运行 chengxin channel list 查看",
            "the number of a channel has 32 hexadecimal digits: see chengxin channel list",
        )
    })
}

impl Installation {
    /// Adds a channel and has its code sent there. It counts for nothing before the code has come back.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not that person or organisation; [`crate::Kind::Invalid`] for an address that cannot be; [`crate::Kind::Conflict`]
    /// for one that is there already, and where there are too many.
    pub fn channel_add(&mut self, caller: &Caller, asked: &ChannelRequest) -> Result<AddedChannel, AppError> {
        const NAME: &str = "channel_add";
        let document = self.ruling(caller, NAME, asked.kind, &asked.number)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let synthetic = self.mode() == crate::Mode::Synthetic;
        let address = address(asked.channel, &asked.address, synthetic).map_err(|fault| {
            let say = fault.say(asked.channel);
            AppError::invalid(say.zh, say.en)
        })?;
        let somebody = self.somebody(&document)?;
        let key = keys.subject_key(&self.key_store, &somebody.subject)?.channels();
        let owner = Owner { subject: somebody.subject, key };
        let secret = match asked.channel {
            ChannelKind::Mail => String::new(),
            ChannelKind::Webhook => BASE64.encode(&random_bytes::<SECRET>()),
        };
        let body = Body {
            address,
            secret: secret.clone(),
            code: code::text_of(&random_bytes::<CODE_LENGTH>()),
            code_until_us: now_us + CODE_US,
            tries: 0,
        };
        let row = ChannelRow {
            subject_id: owner.subject,
            channel_id: random_bytes(),
            kind: asked.channel.as_i64(),
            stage: ChannelStage::Unproven.as_i64(),
            added_us: now_us,
            proven_us: None,
            line: 0,
            sealed: Vec::new(),
            seal: [0; 32],
        };
        let new = Channel { row, body, kind: asked.channel, stage: ChannelStage::Unproven };
        let done = self.store.write(NAME, |tx| -> Result<(), AppError> {
            room(&channels(tx.view(), &keys, &owner, now_us - DAY_US)?, &new, now_us)?;
            let mut rows = Vec::new();
            if let Some(reader) = &somebody.new {
                reader.write(tx, &keys, now_us)?;
                rows.push((&SUBJECTS, vec![(&owner.subject).into()]));
            }
            let line = tx.view().log_last_number(&owner.subject)? + 1;
            tx.channel_add(&new.row_at(line, &owner, &keys)?)?;
            let by = Telling { keys: &keys, now_us, operation: NAME, caller };
            new.thing(line).tell(tx, &by, rows, json!({ "channel_kind": new.kind.code() }))?;
            deliver::add_code(tx, &keys, now_us, &new)
        });
        done.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        let secret = (!secret.is_empty()).then(|| format!("whsec_{secret}"));
        Ok(AddedChannel { channel: ChannelLine::of(&new, None), secret })
    }

    /// Proves a channel with the code that was sent there. What the person was not told yet is sent there then.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a channel that is none of theirs; [`crate::Kind::Invalid`] for a wrong code; [`crate::Kind::Conflict`] where the code is over or was
    /// tried too often; and as [`Self::channel_add`].
    pub fn channel_prove(
        &mut self,
        caller: &Caller,
        (kind, number): (DocumentKind, &str),
        channel: &str,
        code: &str,
    ) -> Result<ChannelLine, AppError> {
        const NAME: &str = "channel_prove";
        let document = self.ruling(caller, NAME, kind, number)?;
        let (now_us, keys, id) = (self.now_us(), self.keys.clone(), number_of(channel)?);
        let owner = self.owner(&document)?;
        let known = subjects_of(self.store.view(), &keys, &document)?;
        let done = self.store.write(NAME, |tx| -> Result<Result<Channel, AppError>, AppError> {
            let owner = owner.as_ref().ok_or_else(no_such_channel)?;
            let found = find_channel(tx.view(), &keys, owner, &id)?.ok_or_else(no_such_channel)?;
            let by = Telling { keys: &keys, now_us, operation: NAME, caller };
            let mut after = found.clone();
            match found.stage {
                ChannelStage::Removed => return Err(no_such_channel()),
                // Said twice, it is said.
                ChannelStage::Proven => return Ok(Ok(found)),
                ChannelStage::Unproven => {}
            }
            if found.body.code_until_us <= now_us || found.body.tries >= CODE_TRIES {
                return Err(over());
            }
            let given = code::canonical(code, CODE_LENGTH).unwrap_or_default();
            if !same_secret(given.as_bytes(), found.body.code.as_bytes()) {
                after.body.tries += 1;
                // The attempt counts although it is refused: the transaction stands.
                after.set(tx, owner, &by, json!({ "refused": "code" }))?;
                return Ok(Err(wrong_code()));
            }
            after.stage = found.stage.after(ChannelStep::Prove).map_err(unlawful)?;
            after.row.proven_us = Some(now_us);
            after.body.code.clear();
            after.set(tx, owner, &by, json!({}))?;
            for subject in &known {
                for notice in tx.view().notices(subject, super::MOST)? {
                    let waits = find(tx.view(), &keys, subject, &notice.notice_id)?.filter(|it| !it.is_delivered());
                    if let Some(waits) = waits {
                        deliver::add_send(tx, &keys, now_us, subject, &waits.row.notice_id)?;
                    }
                }
            }
            Ok(Ok(after))
        });
        let done = done.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        done.map(|after| ChannelLine::of(&after, None))
    }

    /// Somebody's channels, the oldest first.
    ///
    /// # Errors
    /// As [`Self::channel_add`].
    pub fn channel_list(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Vec<ChannelLine>, AppError> {
        const NAME: &str = "channel_list";
        let document = self.ruling(caller, NAME, kind, number)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let Some(owner) = self.owner(&document)? else { return Ok(Vec::new()) };
        let mut lines = Vec::new();
        for of in channels(self.store.view(), &keys, &owner, i64::MAX)? {
            let failing = self.failing(&of)?;
            lines.push(ChannelLine::of(&of, failing));
        }
        let detail = json!({ "channels": lines.len() });
        let logged = self
            .store
            .write(NAME, |tx| journal::log_about(tx, &keys, &owner.subject, now_us, NAME, caller, &detail).map(drop));
        logged.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        Ok(lines)
    }

    /// Removes a channel, and its address with it; nothing is sent there any more.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for one that is none of theirs; and as [`Self::channel_add`].
    pub fn channel_remove(
        &mut self,
        caller: &Caller,
        (kind, number): (DocumentKind, &str),
        channel: &str,
    ) -> Result<(), AppError> {
        const NAME: &str = "channel_remove";
        let document = self.ruling(caller, NAME, kind, number)?;
        let (now_us, keys, id) = (self.now_us(), self.keys.clone(), number_of(channel)?);
        let owner = self.owner(&document)?;
        let done = self.store.write(NAME, |tx| -> Result<(), AppError> {
            let owner = owner.as_ref().ok_or_else(no_such_channel)?;
            let found = find_channel(tx.view(), &keys, owner, &id)?;
            let mut of = found.filter(|of| of.stage != ChannelStage::Removed).ok_or_else(no_such_channel)?;
            of.stage = of.stage.after(ChannelStep::Remove).map_err(unlawful)?;
            of.body = Body { address: String::new(), secret: String::new(), code: String::new(), ..of.body };
            of.set(tx, owner, &Telling { keys: &keys, now_us, operation: NAME, caller }, json!({}))
        });
        done.map_err(|refusal| self.turned_away(caller, NAME, refusal))
    }

    fn owner(&self, document: &chengxin_core::identity::Document) -> Result<Option<Owner>, AppError> {
        match reader(self.store.view(), &self.keys, document)? {
            Some(subject) => Owner::of(&self.keys, &self.key_store, subject),
            None => Ok(None),
        }
    }

    /// Why what waits for a channel could not be handed over.
    fn failing(&self, of: &Channel) -> Result<Option<String>, AppError> {
        let id = HEXLOWER.encode(&of.row.channel_id);
        for kind in [JobKind::NoticeDeliver, JobKind::ChannelCode] {
            for job in self.store.view().jobs_of(&of.row.subject_id, kind.code(), super::MOST)? {
                if !job.problem.is_empty() && Payload::read(&self.keys, &job)?.channel == id {
                    return Ok(Some(job.problem));
                }
            }
        }
        Ok(None)
    }
}

/// Is there room for one more?
fn room(known: &[Channel], new: &Channel, now_us: i64) -> Result<(), AppError> {
    let open: Vec<_> = known.iter().filter(|of| of.stage != ChannelStage::Removed).collect();
    if open.iter().any(|of| of.kind == new.kind && of.body.address == new.body.address) {
        return Err(AppError::conflict(
            "该渠道已添加；未验证的，请用已发送的验证码验证，或删除后重新添加",
            "this channel is there already: prove it with the code that was sent, or remove it and add it again",
        ));
    }
    if open.len() >= CHANNELS {
        return Err(AppError::conflict(
            format!("通知渠道最多 {CHANNELS} 个；请先删除一个"),
            format!("there are {CHANNELS} channels at most: remove one first"),
        ));
    }
    if known.iter().filter(|of| of.row.added_us > now_us - DAY_US).count() >= CHANNELS_A_DAY {
        return Err(AppError::conflict(
            format!("一天之内最多添加 {CHANNELS_A_DAY} 个通知渠道；请明天再试"),
            format!("{CHANNELS_A_DAY} channels may be added in a day: try again tomorrow"),
        ));
    }
    Ok(())
}

fn unlawful(refused: Unlawful) -> AppError {
    AppError::conflict(refused.say.zh, refused.say.en)
}

fn wrong_code() -> AppError {
    AppError::invalid(
        format!("验证码不正确；请核对发到该渠道的 {CODE_LENGTH} 位验证码"),
        format!("this is not the code: compare the {CODE_LENGTH} characters that were sent to the channel"),
    )
}

fn over() -> AppError {
    AppError::conflict(
        "验证码已过期或错误次数过多；请删除该渠道后重新添加",
        "the code is over, or was tried too often: remove the channel and add it again",
    )
}
