//! What a person is told, for that person: the list, and one notice, which counts as told once they have opened it.

use chengxin_core::dates::shanghai_text;
use chengxin_core::delivery::{Delivery, DeliveryStep};
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::{Caller, Say};
use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::json;

use super::row::{Opened, find};
use super::text::NoticeView;
use super::{MOST, no_such_notice, read_id};
use crate::log::NewEntry;
use crate::log::told::{Telling, told};
use crate::reading::{Disclosure, Reading};
use crate::report::subjects_of;
use crate::{AppError, Installation, journal};

/// A notice in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoticeLine {
    /// Its number, 32 hexadecimal digits.
    pub notice: String,
    /// Of what.
    pub kind: String,
    /// The same in words.
    pub title: Say,
    /// Case number; empty where there is none.
    pub case_number: String,
    /// About which record, 32 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// When it was made, microseconds UTC.
    pub made_us: i64,
    /// The same in Asia/Shanghai.
    pub made: String,
    /// Were they told?
    pub delivery: Delivery,
    /// The same in words.
    pub delivery_name: Say,
    /// When, in Asia/Shanghai; absent while no deadline runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered: Option<String>,
}

impl NoticeLine {
    pub(super) fn of(of: &Opened) -> Self {
        let (row, delivery) = (&of.row, of.delivery());
        Self {
            notice: HEXLOWER.encode(&row.notice_id),
            kind: of.kind.word().to_owned(),
            title: of.kind.says(),
            case_number: row.case_no.clone(),
            record: row.record_id.map(|id| HEXLOWER.encode(&id)),
            made_us: row.made_us,
            made: shanghai_text(row.made_us),
            delivery,
            delivery_name: delivery.says(),
            delivered: row.delivered_us.map(shanghai_text),
        }
    }
}

impl Reading {
    /// What somebody is told, the newest first, some hundreds at most, and the entry that must be durable before it is shown; `None` of who is not known at all:
    /// they have no log that could say that somebody looked. Looking at the list tells nobody of what stands in the notices: none counts as delivered by it.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not that person or acts for them; [`crate::Kind::Invalid`] for a number that cannot be.
    ///
    /// # Source
    /// 个人信息保护法 arts 44–45.
    pub fn notice_list(
        &self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Option<Disclosure<Vec<NoticeLine>>>, AppError> {
        const NAME: &str = "notice_list";
        let document = self.ruling(caller, NAME, kind, number)?;
        let (view, mut answer) = (self.store.view(), Vec::new());
        let subjects = subjects_of(view, &self.keys, &document)?;
        for subject in &subjects {
            let rows = view.notices(subject, MOST)?;
            if rows.is_empty() {
                continue;
            }
            let told = told(view, subject, 0, "notice")?;
            let ours = rows.into_iter().filter_map(|row| Opened::of(&self.keys, row));
            answer.extend(ours.filter(|of| of.thing(of.row.line).is_newest_of(&told)).map(|of| NoticeLine::of(&of)));
        }
        answer.sort_by(|a, b| (b.made_us, &a.notice).cmp(&(a.made_us, &b.notice)));
        let Some(subject) = subjects.first().copied() else { return Ok(None) };
        let detail = json!({ "notices": answer.len() });
        let entry = NewEntry::new(subject, NAME, caller.clone(), detail);
        Ok(Some(Disclosure { answer, entry }))
    }
}

impl Installation {
    /// [`Reading::notice_list`], with its entry written before it returns.
    ///
    /// # Errors
    /// As there.
    pub fn notice_list(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Vec<NoticeLine>, AppError> {
        self.disclosed(caller, "notice_list", |reading| reading.notice_list(caller, kind, number))
    }

    /// One notice, composed from what stands today. Opened by the person, or by whoever acts for an organisation, it counts as delivered from then on; by somebody who
    /// acts for a person it does not.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for one that is none of theirs; and as [`Self::notice_list`].
    pub fn notice_show(
        &mut self,
        caller: &Caller,
        (kind, number): (DocumentKind, &str),
        notice: &str,
    ) -> Result<NoticeView, AppError> {
        const NAME: &str = "notice_show";
        let document = self.ruling(caller, NAME, kind, number)?;
        let found = self.notice_of(&document, notice)?;
        let found = found.ok_or_else(|| self.unseen(caller, NAME, no_such_notice()))?;
        let own = caller.standing.deputy().is_none() || document.kind() == DocumentKind::Uscc;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let shown = self.store.write(NAME, |tx| -> Result<Opened, AppError> {
            let (subject, id) = (&found.row.subject_id, &found.row.notice_id);
            let found = find(tx.view(), &keys, subject, id)?.ok_or_else(no_such_notice)?;
            if own && !found.is_delivered() {
                let by = Telling { keys: &keys, now_us, operation: NAME, caller };
                return found.deliver(tx, &by, (DeliveryStep::Read, now_us), json!({}));
            }
            // Not by the word that stands for a change of the row.
            let detail = json!({ "read_notice": HEXLOWER.encode(id) });
            journal::log_about(tx, &keys, subject, now_us, NAME, caller, &detail)?;
            Ok(found)
        });
        let shown = shown.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        Reading::open(self)?.notice_view(&shown)
    }

    fn notice_of(&self, document: &Document, notice: &str) -> Result<Option<Opened>, AppError> {
        let Some(id) = read_id(notice) else { return Ok(None) };
        let view = self.store.view();
        for subject in subjects_of(view, &self.keys, document)? {
            if let Some(found) = find(view, &self.keys, &subject, &id)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}
