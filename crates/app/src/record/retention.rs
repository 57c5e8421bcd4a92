//! The end of retention: the daily round destroys the content of what may be kept no longer, and says so in each person's log.
//!
//! It finds what is due by the day on which display ended, item by item, from where it stopped the last time: it costs what became due since, however much is
//! stored. What came in later than its day cannot be there, because intake refuses it; what is put off waits as a job of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use chengxin_core::Caller;
use chengxin_core::catalogue::{Catalogue, ItemDef};
use chengxin_core::dates::{day_start_us, from_days, to_days};
use chengxin_core::identity::SyntheticRule;
use chengxin_core::record::{RecordId, State};
use chengxin_core::retention::{Fate, PutOff, fate};
use chengxin_store::job::JobRow;
use chengxin_store::record::{EndedRecord, StoredVersion, VersionRow};
use chengxin_store::submission::SubmissionState;
use chengxin_store::{Tx, View};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::body::{by_record, newest};
use super::erase::{Act, ErasureKind, Ground, erase};
use super::register::Entry;
use crate::jobs::{JobKind, job_id};
use crate::keyring::Keyring;
use crate::{AppError, Installation};

/// Records looked at in one transaction: some ten milliseconds.
const SLICE: i64 = 50;
/// Slices in one run: then the worker looks at what else is due, and comes back.
const AT_ONCE: usize = 100;
/// How long after midnight what was put off is looked at again.
const AFTER_MIDNIGHT_US: i64 = 20 * 60 * 1_000_000;
/// State of follow-ups that wait to be settled: one that only tells asks nothing of anybody, and would hold its record for ever.
const SETTLE: i64 = 2;

/// How far the round has come. Written with every slice, so that whoever takes it up goes on there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Looked {
    /// For each item the first day, since 1970-01-01, on which the display of what was not looked at yet ended.
    through: BTreeMap<String, i64>,
    /// Is there more to do today?
    more: bool,
}

impl Looked {
    /// One that cannot be read begins anew: that costs time and harms nobody.
    fn read(payload: &str) -> Self {
        serde_json::from_str(payload).unwrap_or_default()
    }

    fn text(&self) -> Result<String, AppError> {
        serde_json::to_string(self).map_err(|error| AppError::internal(format!("job: {error}")))
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    record: String,
}

/// What one look at a record came to.
pub(super) struct Judged {
    pub(super) fate: Fate,
    /// Its newest version; `None` where only a file that is being taken in speaks of it.
    pub(super) last: Option<VersionRow>,
}

impl Installation {
    /// Destroys what is due today, a bounded number of slices at once.
    ///
    /// # Errors
    /// The store's. What was destroyed before stays so, and how far that was is written down.
    ///
    /// # Source
    /// 个人信息保护法 art. 19, 47.
    pub(crate) fn retention_round(&mut self, job: &JobRow) -> Result<(), AppError> {
        let before = Looked::read(&job.payload);
        let mut looked = Looked { more: false, ..before.clone() };
        let (catalogue, law) = (Arc::clone(&self.catalogue), self.law()?);
        let (mut left, mut destroyed) = (AT_ONCE, false);
        for item in catalogue.items() {
            let Some(end) = law.ended_before(item) else { continue };
            let from = looked.through.get(item.code()).copied().unwrap_or(i64::MIN);
            if from >= end {
                continue;
            }
            let mut after: EndedRecord = (from, [0; 16], [0; 16]);
            loop {
                let slice = self.store.view().records_ended(item.code(), &after, end, SLICE)?;
                let Some(last) = slice.last().copied() else {
                    looked.through.insert(item.code().to_owned(), end);
                    break;
                };
                if left == 0 {
                    looked.more = true;
                    break;
                }
                left -= 1;
                after = last;
                // Of the last day some may be left: it is looked at again, and what is erased is passed over.
                looked.through.insert(item.code().to_owned(), last.0);
                destroyed |=
                    self.expire(Some((job, &looked)), slice.iter().map(|(_, subject, record)| (*subject, *record)))?;
            }
        }
        if looked != before {
            let text = looked.text()?;
            self.store.write("record_expire", |tx| -> Result<(), AppError> { Ok(tx.job_payload_set(job, &text)?) })?;
        }
        if destroyed {
            self.key_store.checkpoint()?;
        }
        Ok(())
    }

    /// Is the round to go on at once?
    pub(crate) fn retention_goes_on(&self, job: &JobRow) -> Result<bool, AppError> {
        let row = self.store.view().job(&job.subject_id, &job.job_id)?;
        Ok(row.is_some_and(|row| Looked::read(&row.payload).more))
    }

    /// Looks once more at a record that was put off.
    pub(crate) fn job_record_expire(&mut self, subject: &[u8; 16], payload: &str) -> Result<(), AppError> {
        let broken = || AppError::internal("a job names no record");
        let job: Payload = serde_json::from_str(payload).map_err(|_| broken())?;
        let record = RecordId::from_hex(&job.record).ok_or_else(broken)?;
        if self.expire(None, std::iter::once((*subject, record.0)))? {
            self.key_store.checkpoint()?;
        }
        Ok(())
    }

    /// Destroys what is due of these, in one transaction, and then their keys. Was there anything?
    fn expire(
        &mut self,
        round: Option<(&JobRow, &Looked)>,
        records: impl Iterator<Item = ([u8; 16], [u8; 16])>,
    ) -> Result<bool, AppError> {
        let mut records: Vec<_> = records.collect();
        records.sort_unstable();
        records.dedup();
        let (now_us, keys, today) = (self.now_us(), self.keys.clone(), self.today());
        let (caller, law) = (Caller::operator("chengxin", "保存期限届满"), self.law()?);
        let text = round.map(|(_, looked)| looked.text()).transpose()?;
        let done = self.store.write("record_expire", |tx| -> Result<_, AppError> {
            let (mut lines, mut first) = (Vec::new(), None);
            for (subject, record) in &records {
                let Some(judged) = law.judged(tx.view(), subject, record)? else { continue };
                match (judged.fate, &judged.last) {
                    (Fate::Kept(_), _) | (Fate::Due, None) => {}
                    (Fate::PutOff(_), _) => put_off(tx, &keys, subject, record, today)?,
                    (Fate::Due, Some(last)) => {
                        let ground = Ground::by_law(ErasureKind::Retention, &law.clause(last), today);
                        let act = Act { keys: &keys, now_us, caller: &caller, ground: &ground, forget: None };
                        let erased = erase(tx, &act, last)?;
                        first.get_or_insert(erased.number);
                        lines.push(Entry::new(subject, record, &ground, false));
                    }
                }
            }
            if let Some(((job, _), text)) = round.zip(text.as_ref()) {
                tx.job_payload_set(job, text)?;
            }
            Ok((lines, first))
        });
        let (lines, first) = done?;
        self.register_add(&lines)?;
        match first {
            Some(first) => self.destroy_keys_behind(first - 1),
            None => Ok(false),
        }
    }

    /// By what records are kept, put off and destroyed today.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn law(&self) -> Result<Law, AppError> {
        Law::new(self.store.view(), &self.catalogue, self.synthetic_rule(), self.today())
    }
}

/// By what records are kept, put off and destroyed on a day.
pub(crate) struct Law {
    catalogue: Arc<Catalogue>,
    today: Date,
    /// Clauses that an office has read at their source; `None` in a made-up city, where any clause does.
    confirmed: Option<std::collections::BTreeSet<String>>,
}

impl Law {
    /// # Errors
    /// The store's.
    pub(crate) fn new(
        view: View<'_>,
        catalogue: &Arc<Catalogue>,
        made_up: SyntheticRule,
        today: Date,
    ) -> Result<Self, AppError> {
        let confirmed = match made_up {
            SyntheticRule::Refused => Some(view.clauses_confirmed()?.into_iter().collect()),
            SyntheticRule::Allowed => None,
        };
        Ok(Self { catalogue: Arc::clone(catalogue), today, confirmed })
    }

    /// The same on another day.
    pub(super) fn on(self, today: Date) -> Self {
        Self { today, ..self }
    }

    /// The clause of an item's rule, where nobody has read it at its source.
    pub(super) fn unread<'i>(&self, item: &'i ItemDef) -> Option<&'i str> {
        let clause = item.retention_on(self.today)?.clause.as_str();
        (!self.read(clause)).then_some(clause)
    }

    /// The first day, since 1970-01-01, on which the display of a record may have ended that is kept today. Of what ended before, the time is over. `None` where
    /// nothing says how long, or nobody has read what says so.
    pub(super) fn ended_before(&self, item: &ItemDef) -> Option<i64> {
        let rule = item.retention_on(self.today).filter(|rule| self.read(&rule.clause))?;
        let over = |ended: Date| item.kept_until(Some(ended), self.today).is_some_and(|until| until <= self.today);
        // Months are of 28 to 31 days: the day lies within these bounds, and the rule itself says where.
        let mut day = self.today.saturating_sub(i64::from(rule.months).months()).saturating_add(5.days());
        while !over(day) && day > Date::MIN {
            day = day.saturating_sub(1.day());
        }
        Some(i64::from(to_days(day)) + 1)
    }

    /// Has anybody read the clause at its source? What cannot be undone is done on no other.
    fn read(&self, clause: &str) -> bool {
        let verified = || self.catalogue.clause(clause).is_some_and(|(_, clause)| clause.verified);
        self.confirmed.as_ref().is_none_or(|confirmed| confirmed.contains(clause) || verified())
    }

    /// The same by a catalogue that is not in use yet.
    pub(crate) fn under(self, catalogue: &Catalogue) -> Self {
        Self { catalogue: Arc::new(catalogue.clone()), ..self }
    }

    /// The clause on which a record's time is over.
    pub(super) fn clause(&self, row: &VersionRow) -> String {
        let rule = self.catalogue.item(&row.item).and_then(|item| item.retention_on(self.today));
        rule.map_or_else(String::new, |rule| rule.clause.clone())
    }

    /// First day on which a version is no longer kept.
    pub(crate) fn kept_until(&self, row: &VersionRow) -> Option<Date> {
        let ended = row.display_until.and_then(|day| from_days(i32::try_from(day).ok()?));
        self.catalogue.item(&row.item)?.kept_until(ended, self.today)
    }

    /// What becomes of a record today; `None` where there is nothing that could be destroyed.
    pub(super) fn judged(
        &self,
        view: View<'_>,
        subject: &[u8; 16],
        record: &[u8; 16],
    ) -> Result<Option<Judged>, AppError> {
        let versions = view.versions_of_subject(subject)?;
        let own = by_record(&versions).find(|all| all.first().is_some_and(|one| one.row.record_id == *record));
        if own.is_none() && view.versions_of_record(subject, record)?.is_empty() {
            return Ok(None);
        }
        let Some(own) = own else {
            // Nothing but what is being taken in: it counts once it is accepted.
            return Ok(Some(Judged { fate: Fate::PutOff(PutOff::ComingIn), last: None }));
        };
        self.judged_of(view, own)
    }

    /// The same of the versions of one record.
    pub(super) fn judged_of(&self, view: View<'_>, own: &[StoredVersion]) -> Result<Option<Judged>, AppError> {
        let Some(last) = own.last().map(|version| &version.row) else { return Ok(None) };
        if last.state == State::Erased.as_i64() {
            return Ok(None);
        }
        // The version that counts, and those behind it that wait for release: the record is kept for the longest of them.
        let counts = newest(own).map_or(i64::MIN, |row| row.version);
        let kept: Vec<_> =
            own.iter().filter(|of| of.row.version >= counts).map(|of| self.kept_until(&of.row)).collect();
        let today = self.today;
        let fate = match fate(&kept, None, today) {
            Fate::Due => fate(&kept, self.open(view, last)?, today),
            other => other,
        };
        Ok(Some(Judged { fate, last: Some(last.clone()) }))
    }

    /// What stands open about a record.
    fn open(&self, view: View<'_>, row: &VersionRow) -> Result<Option<PutOff>, AppError> {
        const OPEN: i64 = SubmissionState::Open as i64;
        let (subject, record) = (&row.subject_id, &row.record_id);
        let of = |record_id: &[u8; 16]| record_id == record;
        if view.proceedings(subject)?.iter().any(|row| of(&row.record_id) && row.closed_on.is_none()) {
            return Ok(Some(PutOff::Proceeding));
        }
        if view.follow_ups(subject)?.iter().any(|row| of(&row.record_id) && row.state == SETTLE) {
            return Ok(Some(PutOff::FollowUp));
        }
        if view.complaints(subject)?.iter().any(|row| row.closed_on.is_none()) {
            return Ok(Some(PutOff::Complaint));
        }
        if view
            .versions_of_record(subject, record)?
            .iter()
            .any(|head| head.submission_id > 0 && head.submission_state == OPEN)
        {
            return Ok(Some(PutOff::ComingIn));
        }
        Ok(Some(PutOff::NotRead).filter(|_| !self.read(&self.clause(row))))
    }
}

/// Has a record looked at again tomorrow.
fn put_off(tx: &Tx<'_>, keys: &Keyring, subject: &[u8; 16], record: &[u8; 16], today: Date) -> Result<(), AppError> {
    add(tx, keys, subject, record, today.tomorrow().unwrap_or(Date::MAX))
}

fn add(tx: &Tx<'_>, keys: &Keyring, subject: &[u8; 16], record: &[u8; 16], on: Date) -> Result<(), AppError> {
    let record = RecordId(*record).hex();
    // Keyed by the day too: the same job cannot be written again while it is being done.
    let id = job_id(keys, JobKind::RecordExpire, &format!("{record}/{on}"));
    let text = serde_json::to_string(&Payload { record });
    let text = text.map_err(|error| AppError::internal(format!("job: {error}")))?;
    let due_us = day_start_us(on).saturating_add(AFTER_MIDNIGHT_US);
    Ok(tx.job_add(subject, &id, JobKind::RecordExpire.code(), &text, due_us)?)
}

/// Has a version looked at that was written behind the day up to which the round has come: by a new catalogue, or by a clerk.
pub(crate) fn watch(tx: &Tx<'_>, keys: &Keyring, law: &Law, row: &VersionRow) -> Result<(), AppError> {
    match law.kept_until(row) {
        Some(until) if until <= law.today => add(tx, keys, &row.subject_id, &row.record_id, law.today),
        _ => Ok(()),
    }
}
