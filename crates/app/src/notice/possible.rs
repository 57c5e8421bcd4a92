//! The day on which repair of a record becomes possible: a job that waits for it, written with the first notice about the record, and once more where a correction
//! or a new catalogue (`moved.rs`) moves the day. So the daily work costs what is due that day, however much is stored.

use chengxin_core::catalogue::Catalogue;
use chengxin_core::catalogue::model::SubjectKind;
use chengxin_core::dates::{day_start_us, from_days};
use chengxin_core::notice::NoticeKind;
use chengxin_core::record::{RecordId, subject_kind_from_i64};
use chengxin_store::record::VersionRow;
use chengxin_store::{Tx, View};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::tell::{Told, tell};
use crate::jobs::{JobKind, job_id};
use crate::keyring::Keyring;
use crate::record::{by_record, newest, repair_rule};
use crate::{AppError, Installation};

/// How long after midnight the day's work begins.
const AFTER_MIDNIGHT_US: i64 = 15 * 60 * 1_000_000;

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    record: String,
}

/// Most notices of the kind to one person that are looked at for whether they were told already.
const LOOKED_AT: i64 = 64;

/// The version of a record that counts now.
fn current(view: View<'_>, subject: &[u8; 16], record: &[u8; 16]) -> Result<Option<VersionRow>, AppError> {
    let versions = view.versions_of_subject(subject)?;
    let own = by_record(&versions).find(|all| all.first().is_some_and(|one| one.row.record_id == *record));
    Ok(own.and_then(newest).cloned())
}

/// Is the record one of whose repair somebody is told: about a person, or about one who trades alone?
pub(super) fn concerns_person(row: &VersionRow) -> bool {
    matches!(subject_kind_from_i64(row.subject_kind), Some(SubjectKind::Person | SubjectKind::SoleTrader))
}

pub(super) fn add(
    tx: &Tx<'_>,
    keys: &Keyring,
    subject: &[u8; 16],
    record: &[u8; 16],
    on: Date,
) -> Result<(), AppError> {
    let record = RecordId(*record).hex();
    // Keyed by the day too: the same job cannot be written again while it is being done.
    let id = job_id(keys, JobKind::RepairPossible, &format!("{record}/{on}"));
    let text = serde_json::to_string(&Payload { record });
    let text = text.map_err(|error| AppError::internal(format!("job: {error}")))?;
    Ok(tx.job_add(subject, &id, JobKind::RepairPossible.code(), &text, day_start_us(on) + AFTER_MIDNIGHT_US)?)
}

/// When the person is told of the repair of a record whose rules or content changed: on the day on which it becomes possible, or today where it has become so by the
/// change. `before`: the first day as it was. `None` where nothing is to be told, or was possible before.
pub(super) fn told_on(row: &VersionRow, catalogue: &Catalogue, today: Date, before: Option<Date>) -> Option<Date> {
    let (first, _) = repair_rule(catalogue, row, today).filter(|_| concerns_person(row))?;
    let was_possible = before.is_some_and(|before| before <= today);
    let on = if first > today { first } else { Some(today).filter(|_| !was_possible)? };
    shown_on(row, on).then_some(on)
}

/// Has the person told when repair of a record becomes possible that was just corrected; `before`: the first day before that.
pub(crate) fn repair_moved(
    tx: &Tx<'_>,
    keys: &Keyring,
    (catalogue, today): (&Catalogue, Date),
    (subject, record): (&[u8; 16], &[u8; 16]),
    before: Option<Date>,
) -> Result<(), AppError> {
    let Some(row) = current(tx.view(), subject, record)? else { return Ok(()) };
    // A job that waits for the day as it was finds that the person was told, or that it is not yet the day.
    told_on(&row, catalogue, today, before).map_or(Ok(()), |on| add(tx, keys, subject, record, on))
}

/// Has the person told when repair of their record becomes possible, where that lies ahead. The first notice says so where it is possible at once.
pub(crate) fn await_repair(
    tx: &Tx<'_>,
    keys: &Keyring,
    catalogue: &Catalogue,
    today: Date,
    (subject, record): (&[u8; 16], &[u8; 16]),
) -> Result<(), AppError> {
    let Some(row) = current(tx.view(), subject, record)? else { return Ok(()) };
    match repair_rule(catalogue, &row, today) {
        Some((first, _)) if first > today && shown_on(&row, first) => add(tx, keys, subject, record, first),
        _ => Ok(()),
    }
}

impl Installation {
    /// Tells whoever can ask for repair from today on. What the job says is not believed: the record is looked at as it stands.
    pub(crate) fn job_repair_possible(&mut self, subject: &[u8; 16], payload: &str) -> Result<(), AppError> {
        let broken = || AppError::internal("a job names no record");
        let job: Payload = serde_json::from_str(payload).map_err(|_| broken())?;
        let record = RecordId::from_hex(&job.record).ok_or_else(broken)?;
        let (keys, now_us, today) = (self.keys.clone(), self.now_us(), self.today());
        let catalogue = std::sync::Arc::clone(&self.catalogue);
        self.store.write("notice_make", |tx| -> Result<(), AppError> {
            let Some(row) = current(tx.view(), subject, &record.0)? else { return Ok(()) };
            match repair_rule(&catalogue, &row, today) {
                // A later version, or another catalogue, has moved the day.
                Some((first, _)) if first > today => add(tx, &keys, subject, &record.0, first),
                // Another job was there since it is possible: of an earlier day that the record had, or of a later one.
                Some((first, _)) if told_since(tx.view(), subject, &record.0, first)? => Ok(()),
                Some(_) if shown_on(&row, today) => {
                    let (record, detail) = (Some((record.0, row.version)), json!({}));
                    let kind = NoticeKind::RepairPossible;
                    tell(tx, &keys, now_us, &Told { subject, kind, record, office: "", case: "", detail: &detail })
                }
                _ => Ok(()),
            }
        })
    }
}

/// Was the person told, on a day or later, that repair of a record is possible?
fn told_since(view: View<'_>, subject: &[u8; 16], record: &[u8; 16], first: Date) -> Result<bool, AppError> {
    let told = view.notices_about(subject, NoticeKind::RepairPossible.as_i64(), "", LOOKED_AT)?;
    Ok(told.iter().any(|row| row.record_id.as_ref() == Some(record) && row.made_us >= day_start_us(first)))
}

/// Is the record still shown on a day?
fn shown_on(row: &VersionRow, day: Date) -> bool {
    let until = row.display_until.and_then(|until| from_days(i32::try_from(until).ok()?));
    until.is_none_or(|until| day < until)
}
