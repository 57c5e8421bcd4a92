//! A new catalogue may move the day on which repair becomes possible, of records whose columns stay as they are. A job walks what is there and has each person told on
//! the day as it is now: the jobs that wait for the old days would come too late.

use std::collections::BTreeSet;

use chengxin_core::catalogue::{Catalogue, Impact, RuleKind};
use chengxin_core::record::RecordId;
use chengxin_store::log::INSTALLATION;
use chengxin_store::{Tx, View};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::possible::{add, concerns_person, told_on};
use crate::jobs::{JobKind, job_id};
use crate::keyring::Keyring;
use crate::record::{by_record, newest, repair_rule};
use crate::{AppError, Installation, catalogue};

/// Records looked at in one statement.
const SLICE: i64 = 500;
/// Slices in one job: then the worker looks at what else is due, and comes back.
const AT_ONCE: usize = 20;
/// Most jobs of one person that are looked at.
const WAITING: i64 = 500;

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    /// Hash of the catalogue that was in use before.
    from: String,
    /// Hash of the one that took its place.
    to: String,
    /// Subject and record behind which the walk goes on.
    after: (String, String),
}

/// Whom to tell about which record, and when.
type Found = ([u8; 16], [u8; 16], Date);

/// Does a change of the catalogue move the day of any repair?
pub(crate) fn moves_repair(impact: &Impact) -> bool {
    const RULES: [RuleKind; 4] = [RuleKind::Repair, RuleKind::Period, RuleKind::Severity, RuleKind::Item];
    !impact.added.is_empty() || impact.changed.iter().any(|change| RULES.iter().any(|rule| change.touches(*rule)))
}

/// Writes the job, in the transaction that puts a catalogue to use.
pub(crate) fn after_catalogue(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    (from, to): (&str, &str),
) -> Result<(), AppError> {
    let nothing = || RecordId([0; 16]).hex();
    Payload { from: from.to_owned(), to: to.to_owned(), after: (nothing(), nothing()) }.add(tx, keys, now_us)
}

impl Payload {
    fn add(&self, tx: &Tx<'_>, keys: &Keyring, now_us: i64) -> Result<(), AppError> {
        let text = serde_json::to_string(self).map_err(|error| AppError::internal(format!("job: {error}")))?;
        // Put to use, replaced and put to use again, a catalogue is walked for again.
        let id = job_id(keys, JobKind::RepairMoved, &format!("{text}/{now_us}"));
        Ok(tx.job_add(&INSTALLATION, &id, JobKind::RepairMoved.code(), &text, now_us)?)
    }
}

impl Installation {
    /// Goes on with the walk. What the job says is not believed: days are those of the catalogue that is in use.
    pub(crate) fn job_repair_moved(&mut self, payload: &str) -> Result<(), AppError> {
        let broken = || AppError::internal("a job names no catalogue");
        let mut job: Payload = serde_json::from_str(payload).map_err(|_| broken())?;
        let id = |text: &str| RecordId::from_hex(text).map(|id| id.0).ok_or_else(broken);
        let view = self.store.view();
        let in_use = view.setting("catalogue")?.ok_or_else(broken)?;
        let (old, new) = (catalogue::stored(view, &job.from)?, catalogue::stored(view, &in_use)?);
        let (keys, now_us, today) = (self.keys.clone(), self.now_us(), self.today());
        let mut after = (id(&job.after.0)?, id(&job.after.1)?);
        for _ in 0..AT_ONCE {
            let view = self.store.view();
            let heads = view.records_walk(&after.0, &after.1, SLICE)?;
            let Some((subject, record, _)) = heads.last() else { return Ok(()) };
            after = (*subject, *record);
            let mut found = Vec::new();
            for of_subject in heads.chunk_by(|a, b| a.0 == b.0) {
                let Some((subject, ..)) = of_subject.first() else { continue };
                let records: BTreeSet<_> = of_subject.iter().map(|(_, record, _)| *record).collect();
                found.extend(moved(view, (&old, &new), today, subject, &records)?);
            }
            if !found.is_empty() {
                self.store.write("notice_make", |tx| -> Result<(), AppError> {
                    found.iter().try_for_each(|(subject, record, on)| add(tx, &keys, subject, record, *on))
                })?;
            }
        }
        job.after = (RecordId(after.0).hex(), RecordId(after.1).hex());
        self.store.write("notice_make", |tx| job.add(tx, &keys, now_us))
    }
}

/// When the person is told of which of these records of theirs.
fn moved(
    view: View<'_>,
    (old, new): (&Catalogue, &Catalogue),
    today: Date,
    subject: &[u8; 16],
    records: &BTreeSet<[u8; 16]>,
) -> Result<Vec<Found>, AppError> {
    let (versions, mut waiting, mut found) = (view.versions_of_subject(subject)?, None, Vec::new());
    for row in by_record(&versions).filter_map(newest).filter(|row| records.contains(&row.record_id)) {
        if !concerns_person(row) {
            continue;
        }
        // Most are looked at here for nothing: they are none that can be repaired, or could be before.
        let before = repair_rule(old, row, today).map(|(first, _)| first);
        let Some(on) = told_on(row, new, today, None) else { continue };
        if on == today && before.is_some_and(|before| before <= today) {
            // The columns are the new ones already: whether it was possible before is told by the job that waits, or does not.
            let waiting = match &mut waiting {
                Some(known) => known,
                none => none.insert(awaited(view, subject)?),
            };
            if !waiting.contains(&RecordId(row.record_id).hex()) {
                continue;
            }
        }
        found.push((*subject, row.record_id, on));
    }
    Ok(found)
}

/// Records of somebody's whose repair a job waits for.
fn awaited(view: View<'_>, subject: &[u8; 16]) -> Result<BTreeSet<String>, AppError> {
    let jobs = view.jobs_of(subject, JobKind::RepairPossible.code(), WAITING)?;
    let record = |payload: &str| -> Option<String> {
        let payload: serde_json::Value = serde_json::from_str(payload).ok()?;
        Some(payload["record"].as_str()?.to_owned())
    };
    Ok(jobs.iter().filter_map(|job| record(&job.payload)).collect())
}
