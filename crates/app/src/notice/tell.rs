//! Telling: the row of a notice, its entry and the job that carries the message out, in the transaction of whatever it tells of.

use chengxin_core::Caller;
use chengxin_core::delivery::{Delivery, counts_from};
use chengxin_core::notice::NoticeKind;
use chengxin_store::audit::OFFICE_NOTICES;
use chengxin_store::notice::{NoticeRow, OfficeNoticeRow};
use chengxin_store::{Tx, View};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::deliver;
use super::row::Opened;
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::log::told::Telling;
use crate::{AppError, journal};

/// Most notices of one kind in one case that are looked at for when a deadline counts.
const LOOKED_AT: i64 = 64;

/// What somebody is told.
pub(crate) struct Told<'a> {
    /// Who: whom the record is about, or a reader of their own records.
    pub(crate) subject: &'a [u8; 16],
    /// Of what.
    pub(crate) kind: NoticeKind,
    /// About which record and which version of it.
    pub(crate) record: Option<([u8; 16], i64)>,
    /// Code of the authority that serves the letter where nobody could be told: that of the record where one is named, and else this one.
    pub(crate) office: &'a str,
    /// Case number, or nothing.
    pub(crate) case: &'a str,
    /// What the record does not say: days, codes, `say` as a [`chengxin_core::Say`] that the notice shows. Never what somebody wrote about the person: that stays sealed where it was
    /// written. The same kind about the same with the same detail is told once; a second step of one kind says in it which it is.
    pub(crate) detail: &'a Value,
}

/// What the officers of an authority are told.
#[derive(Default)]
pub(crate) struct ToldOffice<'a> {
    /// Which authority: its code; the credit office where it is empty.
    pub(crate) authority: &'a str,
    /// About which record and which version of it.
    pub(crate) record: Option<([u8; 16], i64)>,
    /// Case number, or nothing.
    pub(crate) case: &'a str,
    /// Which of several of one kind in one case: the day or the moment that tells them apart. Empty where there is one only.
    pub(crate) which: &'a str,
}

/// By what a notice is found again.
pub(crate) struct About<'a> {
    pub(crate) kind: NoticeKind,
    pub(crate) record: Option<([u8; 16], i64)>,
    pub(crate) case: &'a str,
}

/// The platform itself, as the log has it.
pub(crate) fn platform() -> Caller {
    Caller::operator("", "告知当事人")
}

/// Tells somebody: once, however often it is called with the same.
///
/// It writes to the log of the one who is told. A use case whose row names its own entry there calls this behind it.
///
/// # Errors
/// The store's.
pub(crate) fn tell(tx: &Tx<'_>, keys: &Keyring, now_us: i64, told: &Told<'_>) -> Result<(), AppError> {
    let id = keys.notice_id(told);
    if tx.view().notice(told.subject, &id)?.is_some() {
        return Ok(());
    }
    let version = match &told.record {
        Some((record, version)) => tx.view().version_told(told.subject, record, *version)?,
        None => None,
    };
    let line = tx.view().log_last_number(told.subject)? + 1;
    let row = keys.sealed_notice(NoticeRow {
        subject_id: *told.subject,
        notice_id: id,
        kind: told.kind.as_i64(),
        record_id: told.record.map(|(record, _)| record),
        version: told.record.map(|(_, version)| version),
        authority: version.map_or_else(|| told.office.to_owned(), |version| version.authority),
        case_no: told.case.to_owned(),
        made_us: now_us,
        delivery: Delivery::NotDelivered.as_i64(),
        delivered_us: None,
        line,
        sealed: keys.seal_detail(told.subject, &id, told.detail),
        seal: [0; 32],
    });
    tx.notice_add(&row)?;
    let new = Opened { kind: told.kind, row };
    let by = Telling { keys, now_us, operation: "notice_make", caller: &platform() };
    new.thing(line).tell(tx, &by, Vec::new(), json!({ "kind": told.kind.word() }))?;
    deliver::add_send(tx, keys, now_us, told.subject, &id)
}

/// Tells the officers of an authority, in their work list. Once, however often it is called with the same.
///
/// # Errors
/// The store's.
pub(crate) fn tell_authority(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    kind: NoticeKind,
    told: &ToldOffice<'_>,
) -> Result<(), AppError> {
    let (authority, id) = (told.authority, keys.office_notice_id(kind, told));
    let row = OfficeNoticeRow {
        authority: authority.to_owned(),
        notice_id: id,
        kind: kind.as_i64(),
        record_id: told.record.map(|(record, _)| record),
        version: told.record.map(|(_, version)| version),
        case_no: told.case.to_owned(),
        made_us: now_us,
    };
    if !tx.office_notice_add(&row)? {
        return Ok(());
    }
    let rows = marks(tx.view(), keys, &[(&OFFICE_NOTICES, vec![authority.into(), (&id).into()])])?;
    let detail = json!({ "authority": authority, "kind": kind.word(), "rows": rows });
    journal::log(tx, keys, now_us, "notice_make", &platform(), &detail).map(drop)
}

/// The day from which a deadline of somebody's counts that begins with what they were told: the day of the first notice of it that reached them;
/// `None` while none did, and nothing runs.
///
/// # Errors
/// The store's.
pub(crate) fn delivered_on(
    view: View<'_>,
    keys: &Keyring,
    subject: &[u8; 16],
    about: &About<'_>,
) -> Result<Option<Date>, AppError> {
    let rows = view.notices_about(subject, about.kind.as_i64(), about.case, LOOKED_AT)?;
    let mut first: Option<Date> = None;
    for row in rows.into_iter().filter(|row| row.record_id.zip(row.version) == about.record) {
        let Some(of) = Opened::of(keys, row) else { continue };
        // A row put back as it was before, or one that says more than its entry does, tells of nothing.
        if of.thing(of.row.line).is_newest(view)? {
            let day = counts_from(of.delivery(), of.row.delivered_us);
            first = day.map(|day| first.map_or(day, |before| before.min(day))).or(first);
        }
    }
    Ok(first)
}
