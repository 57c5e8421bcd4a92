//! Who does the jobs.

use chengxin_core::Caller;
use chengxin_core::notice::pause_us;
use chengxin_store::job::{JobRow, NEVER_US};
use chengxin_store::log::INSTALLATION;

use super::JobKind;
use crate::keyring::Keyring;
use crate::{AppError, Installation};

/// For how long a job is a worker's. One that has not ended it by then is taken for dead.
const LEASE_US: i64 = 5 * 60 * 1_000_000;
/// Jobs claimed in one round.
const AT_ONCE: i64 = 32;
/// Pause after a first failure; it doubles with each further one, up to [`LONGEST_PAUSE_US`].
const FIRST_PAUSE_US: i64 = 2_000_000;
/// A job that fails for weeks is still tried once an hour: what it needs may come back.
const LONGEST_PAUSE_US: i64 = 3_600 * 1_000_000;

/// What a round came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Jobs done.
    pub done: usize,
    /// Jobs that failed and are tried again later.
    pub failed: usize,
}

/// A job as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobLine {
    /// What is to be done.
    pub kind: String,
    /// Not before, microseconds UTC.
    pub due_us: i64,
    /// Who has it now, if anybody.
    pub worker: Option<String>,
    /// How often it was begun.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub problem: Option<String>,
}

/// A name that no other process has.
#[must_use]
pub fn worker_name() -> String {
    data_encoding::HEXLOWER.encode(&chengxin_seal::random_bytes::<6>())
}

/// The id of a job: of the same kind about the same, there is one.
pub(crate) fn job_id(keys: &Keyring, kind: JobKind, about: &str) -> [u8; 16] {
    let digest = keys.profile().hash(&[b"chengxin/job/1\0", kind.code().as_bytes(), b"\0", about.as_bytes()]);
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    id
}

/// When a job that failed is tried again.
fn again_us(job: &JobRow, now_us: i64) -> i64 {
    if JobKind::of(&job.kind).is_some_and(JobKind::goes_outside) {
        return pause_us(job.attempts).map_or(NEVER_US, |pause| now_us + pause);
    }
    let pause = FIRST_PAUSE_US << job.attempts.clamp(1, 12) >> 1;
    now_us + pause.min(LONGEST_PAUSE_US)
}

impl Installation {
    /// Does what is due. `worker` is a name that no other process has.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for a caller who may not; where the jobs cannot be read or claimed. A job that fails is no error
    /// here: it is put off, and says why in [`Self::job_list`].
    pub fn job_run(&mut self, caller: &Caller, worker: &str) -> Result<Round, AppError> {
        crate::policy::authorise(caller, "job_run")?;
        self.ensure_daily_round(self.now_us())?;
        self.jobs_do(worker, &JobKind::ALL)
    }

    /// Does what is due of these kinds.
    pub(crate) fn jobs_do(&mut self, worker: &str, kinds: &[JobKind]) -> Result<Round, AppError> {
        let (now_us, mut round) = (self.now_us(), Round::default());
        let wanted = |job: &JobRow| JobKind::of(&job.kind).is_none_or(|kind| kinds.contains(&kind));
        for candidate in self.store.view().job_candidates(now_us, AT_ONCE)?.into_iter().filter(wanted) {
            let until = now_us + LEASE_US;
            let claimed = self.store.write("job_claim", |tx| -> Result<_, AppError> {
                Ok(tx.job_claim(&candidate, now_us, until, worker)?)
            })?;
            // Another worker was faster.
            let Some(job) = claimed else { continue };
            match self.job_do(&job) {
                Ok(()) => {
                    self.job_end(&job, worker)?;
                    round.done += 1;
                }
                Err(error) => {
                    tracing::warn!(kind = job.kind, attempts = job.attempts, %error, "a job failed");
                    let due_us = again_us(&job, now_us);
                    self.store.write("job_failed", |tx| tx.job_failed(&job, worker, due_us, &error.public.en))?;
                    round.failed += 1;
                }
            }
        }
        Ok(round)
    }

    /// Jobs that wait, oldest first, a hundred at most.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; the store's.
    pub fn job_list(&self, caller: &Caller) -> Result<Vec<JobLine>, AppError> {
        crate::policy::authorise(caller, "job_list")?;
        let now_us = self.now_us();
        let line = |job: JobRow| JobLine {
            worker: Some(job.worker).filter(|_| job.lease_until_us >= now_us),
            problem: Some(job.problem).filter(|problem| !problem.is_empty()),
            kind: job.kind,
            due_us: job.due_us,
            attempts: job.attempts,
        };
        Ok(self.store.view().job_list(100)?.into_iter().map(line).collect())
    }

    fn job_do(&mut self, job: &JobRow) -> Result<(), AppError> {
        match JobKind::of(&job.kind) {
            Some(JobKind::Destroy) => self.job_destroy(&job.payload),
            Some(JobKind::Tidy) => self.job_tidy(job),
            Some(JobKind::NoticeMake) => self.job_notice_make(&job.payload),
            Some(JobKind::RepairPossible) => self.job_repair_possible(&job.subject_id, &job.payload),
            Some(JobKind::RecordExpire) => self.job_record_expire(&job.subject_id, &job.payload),
            Some(JobKind::SubjectForget) => self.job_subject_forget(&job.subject_id),
            Some(JobKind::AuthorityLate) => self.job_authority_late(&job.payload),
            Some(JobKind::RecordReach) => self.job_record_reach(&job.subject_id, &job.payload),
            Some(JobKind::RepairMoved) => self.job_repair_moved(&job.payload),
            Some(JobKind::NoticeSend) => self.job_notice_send(job),
            Some(JobKind::NoticeDeliver) => self.job_notice_deliver(job),
            Some(JobKind::ChannelCode) => self.job_channel_code(job),
            // A newer programme works on the same database.
            None => Err(AppError::internal(format!("a job of unknown kind {}", job.kind))),
        }
    }

    /// The daily round is due again tomorrow, or at once where it has not come to its end; every other job is over.
    fn job_end(&mut self, job: &JobRow, worker: &str) -> Result<(), AppError> {
        let next = match JobKind::of(&job.kind) {
            Some(JobKind::Tidy) if self.retention_goes_on(job)? => Some(self.now_us()),
            Some(JobKind::Tidy) => Some(self.next_round_us()?),
            _ => None,
        };
        let ended = self.store.write("job_done", |tx| match next {
            Some(due_us) => tx.job_again(job, worker, due_us),
            None => tx.job_done(job, worker),
        });
        Ok(ended?)
    }

    fn ensure_daily_round(&mut self, now_us: i64) -> Result<(), AppError> {
        let id = job_id(&self.keys, JobKind::Tidy, "daily");
        if self.store.view().job(&INSTALLATION, &id)?.is_some() {
            return Ok(());
        }
        self.store.write("job_add", |tx| -> Result<(), AppError> {
            Ok(tx.job_add(&INSTALLATION, &id, JobKind::Tidy.code(), "{}", now_us)?)
        })
    }
}
