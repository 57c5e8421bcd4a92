//! What an authority is told: the work list of its officers, and of the credit office.

use chengxin_core::dates::shanghai_text;
use chengxin_core::notice::{LETTER_US, NoticeKind};
use chengxin_core::{Caller, Role, Say};
use chengxin_store::notice::OfficeNoticeRow;
use data_encoding::HEXLOWER;
use serde::Serialize;

use super::{MOST, ToldOffice, tell_authority};
use crate::authority::served;
use crate::{AppError, Installation};

/// What an authority is told: which case and which record, and nobody's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfficeNoticeLine {
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
    /// Which version of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// When it was made, in Asia/Shanghai.
    pub made: String,
}

fn line(row: OfficeNoticeRow) -> Option<OfficeNoticeLine> {
    let kind = NoticeKind::from_i64(row.kind)?;
    Some(OfficeNoticeLine {
        notice: HEXLOWER.encode(&row.notice_id),
        kind: kind.word().to_owned(),
        title: kind.says(),
        case_number: row.case_no,
        record: row.record_id.map(|id| HEXLOWER.encode(&id)),
        version: row.version,
        made: shanghai_text(row.made_us),
    })
}

/// For whom somebody is told and serves: the code of their authority; nothing for the credit office, which has none here.
///
/// # Errors
/// [`crate::Kind::Forbidden`] for whoever names no authority.
pub(super) fn told_for(caller: &Caller) -> Result<&str, AppError> {
    if caller.role == Role::CreditOffice { Ok("") } else { served(caller) }
}

impl Installation {
    /// Tells each authority, and the credit office, with letters that have waited for long, once in a calendar week while some do.
    pub(crate) fn remind_of_letters(&mut self) -> Result<(), AppError> {
        let (keys, now_us) = (self.keys.clone(), self.now_us());
        let week = self.today().iso_week_date();
        let case = format!("{}-W{:02}", week.year(), week.week());
        let authorities = self.store.view().authorities()?.into_iter().map(|authority| authority.code);
        for authority in authorities.chain([String::new()]) {
            let oldest = self.store.view().notices_undelivered(&authority, 1)?;
            if oldest.first().is_some_and(|row| row.made_us <= now_us - LETTER_US) {
                self.store.write("notice_make", |tx| {
                    let told = ToldOffice { authority: &authority, case: &case, ..ToldOffice::default() };
                    tell_authority(tx, &keys, now_us, NoticeKind::LettersWait, &told)
                })?;
            }
        }
        Ok(())
    }

    /// What the caller's authority is told, the newest first, some hundreds at most; to the credit office what is for it.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for whoever names no authority.
    pub fn notice_inbox(&self, caller: &Caller) -> Result<Vec<OfficeNoticeLine>, AppError> {
        self.authorise(caller, "notice_inbox")?;
        let rows = self.store.view().office_notices(told_for(caller)?, MOST)?;
        Ok(rows.into_iter().filter_map(line).collect())
    }
}
