//! What a file, a release, an identity clerk or a lock changed about a record reaches whoever was shown it, as a decision does: by a job, which is part of the
//! transaction that gave it effect. Killed and done again, it makes nothing twice.
//!
//! A window reads before its entry is durable, so that one which read just before a change may write just behind it. Therefore everything is looked at once
//! more when such a request has long ended; that goes for decisions too.

use chengxin_core::notice::NoticeKind;
use chengxin_core::record::{RecordId, State};
use chengxin_store::log::INSTALLATION;
use chengxin_store::proceeding::ProceedingRow;
use chengxin_store::record::{Cause, StoredVersion, VersionRow};
use chengxin_store::submission::{SubmissionRow, SubmissionState};
use chengxin_store::{Tx, View};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::reach::{self, Turn, concerned};
use super::row::{Keeper, find};
use crate::check::ShownTo;
use crate::jobs::{JobKind, job_id};
use crate::keyring::Keyring;
use crate::{AppError, Installation, journal, notice};

/// Records in one slice.
const SLICE: i64 = 200;
/// After how long everything is looked at once more: no request takes as long.
const AGAIN_US: i64 = 10 * 60 * 1_000_000;

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
enum Changed {
    /// Records that a submission changed or withdrew, behind a leaf: those that waited for its release, or those that did not.
    Submission { submission: i64, waited: bool, after: i64 },
    /// One record; `locked`: it was locked as repaired.
    Record { record: String, locked: bool },
    /// One about which a proceeding was decided, and the version that was written.
    Decision { record: String, proceeding: String, version: i64 },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    #[serde(flatten)]
    changed: Changed,
    /// When it took effect.
    at_us: i64,
    /// Is this the second look?
    again: bool,
}

impl Payload {
    fn add(&self, tx: &Tx<'_>, keys: &Keyring, subject: &[u8; 16]) -> Result<(), AppError> {
        let text = serde_json::to_string(self).map_err(|error| AppError::internal(format!("job: {error}")))?;
        let due_us = if self.again { self.at_us.saturating_add(AGAIN_US) } else { self.at_us };
        // What it says is what makes it this job: of each slice, and of each look, there is one.
        let id = job_id(keys, JobKind::RecordReach, &text);
        Ok(tx.job_add(subject, &id, JobKind::RecordReach.code(), &text, due_us)?)
    }
}

/// Has whoever was shown a record that a submission changed or withdrew told of it, in the transaction that gives its versions effect: those that wait for
/// release with the release, the others at once.
pub(crate) fn after_submission(
    tx: &Tx<'_>,
    keys: &Keyring,
    at_us: i64,
    submission: i64,
    waited: bool,
) -> Result<(), AppError> {
    let changed = Changed::Submission { submission, waited, after: -1 };
    Payload { changed, at_us, again: false }.add(tx, keys, &INSTALLATION)
}

/// The same of one version that no submission brought; the first of a record changes nothing.
pub(crate) fn after_version(tx: &Tx<'_>, keys: &Keyring, at_us: i64, row: &VersionRow) -> Result<(), AppError> {
    if row.version == 1 {
        return Ok(());
    }
    let changed = Changed::Record { record: RecordId(row.record_id).hex(), locked: false };
    Payload { changed, at_us, again: false }.add(tx, keys, &row.subject_id)
}

/// The same of a record that is locked as it stands; `repaired`: by a decision on its repair, which leaves its versions as they are.
pub(crate) fn after_lock(
    tx: &Tx<'_>,
    keys: &Keyring,
    at_us: i64,
    (subject, record): (&[u8; 16], &[u8; 16]),
    repaired: bool,
) -> Result<(), AppError> {
    let changed = Changed::Record { record: RecordId(*record).hex(), locked: repaired };
    Payload { changed, at_us, again: false }.add(tx, keys, subject)
}

/// Has a proceeding's decision, which reached whoever the log told of in its own transaction, looked at once more.
pub(super) fn after_decision(
    tx: &Tx<'_>,
    keys: &Keyring,
    at_us: i64,
    of: &ProceedingRow,
    version: i64,
) -> Result<(), AppError> {
    let (record, proceeding) = (RecordId(of.record_id).hex(), HEXLOWER.encode(&of.proceeding_id));
    let changed = Changed::Decision { record, proceeding, version };
    Payload { changed, at_us, again: true }.add(tx, keys, &of.subject_id)
}

/// What is to be told about a record, and which looks at it saw something else.
struct Reaching {
    turn: Turn,
    /// First version that says what it says now.
    version: i64,
    /// Looks behind this moment saw it.
    until_us: i64,
}

impl Reaching {
    /// By the record as it stands: what the job says is not believed. `None` where nothing was changed, and where a proceeding changed it last, which told of it itself.
    fn of(own: &[StoredVersion], locked: bool, at_us: i64) -> Option<Self> {
        let stands = |version: &&VersionRow| ![Cause::Catalogue as i64, Cause::Erasure as i64].contains(&version.cause);
        let in_effect = own.iter().filter(|version| !version.awaits_release).map(|version| &version.row);
        let mut newest_first = in_effect.rev();
        let by_version = |row: &VersionRow, told, mark: u8| {
            let mut by = [0; 16];
            by[8..].copy_from_slice(&row.version.to_be_bytes());
            by[0] = mark;
            let (record, version, which) = (row.record_id, row.version, row.version.to_string());
            Turn { record, by, version, told, which, proceeding: None }
        };
        if locked {
            let newest = newest_first.next().filter(|row| row.state == State::Active.as_i64())?;
            let turn = by_version(newest, NoticeKind::RecordRepaired, 1);
            return Some(Self { turn, version: newest.version + 1, until_us: at_us });
        }
        let newest = newest_first.find(stands)?;
        newest_first.next()?;
        if is_decided(newest) {
            return None;
        }
        let withdrawn = newest.state == State::Withdrawn.as_i64();
        let told = if withdrawn { NoticeKind::RecordWithdrawn } else { NoticeKind::RecordCorrected };
        Some(Self { turn: by_version(newest, told, 0), version: newest.version, until_us: i64::MAX })
    }

    fn whom(&self, view: View<'_>, subject: &[u8; 16], at_us: i64) -> Result<Vec<ShownTo>, AppError> {
        let mut shown = concerned(view, subject, &self.turn.record, at_us)?;
        shown.retain(|it| it.version < self.version && it.at_us <= self.until_us);
        Ok(shown)
    }
}

/// Did a proceeding write the version? An identity clerk writes one where a record is not its person's, and one where they attach a held row.
fn is_decided(row: &VersionRow) -> bool {
    let decided = [Cause::Withdrawal, Cause::Correction, Cause::Repair].map(|cause| cause as i64).contains(&row.cause);
    let not_theirs = row.cause == Cause::Identity as i64 && row.state != State::Active.as_i64();
    row.submission_id == 0 && (decided || not_theirs)
}

impl Installation {
    /// Reaches whoever was shown what changed: a slice of a submission, or one record.
    pub(crate) fn job_record_reach(&mut self, subject: &[u8; 16], payload: &str) -> Result<(), AppError> {
        let broken = || AppError::internal("a job names no record");
        let job: Payload = serde_json::from_str(payload).map_err(|_| broken())?;
        let record = |text: &str| RecordId::from_hex(text).map(|id| id.0).ok_or_else(broken);
        let next = match &job.changed {
            Changed::Submission { submission, waited, after } => {
                let in_effect = self.store.view().submission(*submission)?.is_some_and(|row| in_effect(&row, *waited));
                if !in_effect {
                    return Ok(());
                }
                let slice = self.store.view().versions_changed(*submission, *after, *waited, SLICE)?;
                for (subject, record, _) in &slice {
                    let reached = self.reach_record(subject, record, (false, job.at_us));
                    reached.or_else(|error| self.reach_apart(subject, record, job.at_us, &error))?;
                }
                let more = slice.last().filter(|_| slice.len() as i64 == SLICE).map(|(.., leaf)| *leaf);
                let (submission, waited) = (*submission, *waited);
                let of = |after| Changed::Submission { submission, waited, after };
                match more {
                    Some(leaf) => Some(Payload { changed: of(leaf), ..job }),
                    None => (!job.again).then(|| Payload { changed: of(-1), again: true, ..job }),
                }
            }
            Changed::Record { record: of, locked } => {
                self.reach_record(subject, &record(of)?, (*locked, job.at_us))?;
                (!job.again).then(|| Payload { again: true, ..job.clone() })
            }
            Changed::Decision { record: of, proceeding, version } => {
                let id = RecordId::from_hex(proceeding).ok_or_else(broken)?.0;
                self.reach_decided(subject, (&record(of)?, &id), *version, job.at_us)?;
                None
            }
        };
        let (Some(next), keys) = (next, self.keys.clone()) else { return Ok(()) };
        self.store.write("notice_make", |tx| next.add(tx, &keys, subject))
    }

    /// One record that cannot be dealt with keeps nobody else from being told: it gets a job of its own, where an operator reads why.
    fn reach_apart(
        &mut self,
        subject: &[u8; 16],
        record: &[u8; 16],
        at_us: i64,
        error: &AppError,
    ) -> Result<(), AppError> {
        tracing::warn!(%error, "whoever was shown a record is told of it by a job of its own");
        let (keys, record) = (self.keys.clone(), RecordId(*record).hex());
        let apart = Payload { changed: Changed::Record { record, locked: false }, at_us, again: false };
        self.store.write("notice_make", |tx| apart.add(tx, &keys, subject))
    }

    fn reach_record(
        &mut self,
        subject: &[u8; 16],
        record: &[u8; 16],
        (locked, at_us): (bool, i64),
    ) -> Result<(), AppError> {
        let reaching = |view: View<'_>| -> Result<_, AppError> {
            Ok(Reaching::of(&view.versions_of_one(subject, record)?, locked, at_us))
        };
        self.reached_by_job(subject, at_us, reaching)
    }

    fn reach_decided(
        &mut self,
        subject: &[u8; 16],
        (record, proceeding): (&[u8; 16], &[u8; 16]),
        version: i64,
        at_us: i64,
    ) -> Result<(), AppError> {
        let Some(keeper) = Keeper::kept(&self.keys, &self.key_store, *subject)? else { return Ok(()) };
        let keys = self.keys.clone();
        let reaching = |view: View<'_>| -> Result<_, AppError> {
            let of = find(view, &keys, &keeper, proceeding)?.filter(|of| of.row.record_id == *record);
            let turn = of.as_ref().and_then(Turn::of);
            Ok(turn.map(|turn| Reaching { turn, version, until_us: i64::MAX }))
        };
        self.reached_by_job(subject, at_us, reaching)
    }

    /// Makes what follows for whoever was not told yet, with an entry in the log of the one whose record it is.
    fn reached_by_job(
        &mut self,
        subject: &[u8; 16],
        at_us: i64,
        reaching: impl Fn(View<'_>) -> Result<Option<Reaching>, AppError>,
    ) -> Result<(), AppError> {
        // Of almost every record that changes nobody is to be told: that is found out without holding up anybody's writing.
        let view = self.store.view();
        let Some(before) = reaching(view)? else { return Ok(()) };
        if before.whom(view, subject, at_us)?.is_empty() {
            return Ok(());
        }
        // Whose key is gone is nobody any more.
        let Some(keeper) = Keeper::kept(&self.keys, &self.key_store, *subject)? else { return Ok(()) };
        let (keys, now_us) = (self.keys.clone(), self.now_us());
        self.store.write("notice_make", |tx| -> Result<(), AppError> {
            let Some(reaching) = reaching(tx.view())? else { return Ok(()) };
            let (shown, turn) = (reaching.whom(tx.view(), subject, at_us)?, &reaching.turn);
            let rows = reach::reach(tx, &keys, (&keeper, now_us), turn, &shown)?;
            if rows.is_empty() {
                return Ok(());
            }
            let detail = json!({
                "reached": rows.len(), "record": RecordId(turn.record).hex(), "version": turn.version,
                "kind": turn.told.word(), "rows": crate::log::rows::marks(tx.view(), &keys, &rows)?,
            });
            journal::log_about(tx, &keys, subject, now_us, "notice_make", &notice::platform(), &detail)?;
            reach::tell(tx, &keys, now_us, turn, &shown)
        })
    }
}

/// Have the versions of a submission taken effect that waited for its release, or the others?
fn in_effect(row: &SubmissionRow, waited: bool) -> bool {
    row.state == SubmissionState::Accepted as i64 && (!waited || row.released_at_us.is_some())
}
