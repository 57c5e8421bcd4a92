//! Jobs: what is to be done after a change, claimed by one worker at a time.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    // Where the same job waits already nothing is added; one that is being done is not the same any more, and neither is lost.
    JOB_ADD = "INSERT INTO job (subject_id, job_id, kind, payload, due_us, lease_until_us, worker, attempts, problem) \
        VALUES ($1, $2, $3, $4, $5, 0, '', 0, '') ON CONFLICT (subject_id, job_id) DO NOTHING";
    JOB_CLAIM = "UPDATE job SET lease_until_us = $4, worker = $5, attempts = attempts + 1 \
        WHERE subject_id = $1 AND job_id = $2 AND lease_until_us < $3";
    JOB_FIND = "SELECT subject_id, job_id, kind, payload, due_us, lease_until_us, worker, attempts, problem FROM job \
        WHERE subject_id = $1 AND job_id = $2";
    // What waits for one person, and whether it failed.
    JOB_OF_KIND = "SELECT subject_id, job_id, kind, payload, due_us, lease_until_us, worker, attempts, problem FROM job \
        WHERE subject_id = $1 AND kind = $2 ORDER BY job_id LIMIT $3";
    JOB_DONE = "DELETE FROM job WHERE subject_id = $1 AND job_id = $2 AND worker = $3";
    JOB_AGAIN = "UPDATE job SET due_us = $4, lease_until_us = 0, attempts = 0, problem = '' \
        WHERE subject_id = $1 AND job_id = $2 AND worker = $3";
    // How far a job has come, written with each of its steps.
    JOB_PAYLOAD = "UPDATE job SET payload = $3 WHERE subject_id = $1 AND job_id = $2";
    JOB_FAILED = "UPDATE job SET due_us = $4, lease_until_us = 0, problem = $5 WHERE subject_id = $1 AND job_id = $2 AND worker = $3";
}

/// When a job is due that was given up: it stays where it is listed, until somebody has it done again. The year 9999.
pub const NEVER_US: i64 = 253_370_736_000_000_000;

/// One job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// About whom; 16 zero bytes for the installation.
    pub subject_id: [u8; 16],
    /// Digest of kind and of what makes it this job.
    pub job_id: [u8; 16],
    /// What is to be done.
    pub kind: String,
    /// JSON: on what.
    pub payload: String,
    /// Not before, microseconds UTC.
    pub due_us: i64,
    /// Until then it is a worker's; 0 where nobody claimed it.
    pub lease_until_us: i64,
    /// Who claimed it last, or nothing.
    pub worker: String,
    /// How often it was begun.
    pub attempts: i64,
    /// Why the last attempt failed, or nothing.
    pub problem: String,
}

/// Columns as in [`JOB_FIND`].
pub(crate) fn read(row: Row<'_>) -> Result<JobRow, StoreError> {
    Ok(JobRow {
        subject_id: row.get(0)?,
        job_id: row.get(1)?,
        kind: row.get(2)?,
        payload: row.get(3)?,
        due_us: row.get(4)?,
        lease_until_us: row.get(5)?,
        worker: row.get(6)?,
        attempts: row.get(7)?,
        problem: row.get(8)?,
    })
}

impl View<'_> {
    /// A job.
    ///
    /// # Errors
    /// The engine's.
    pub fn job(&self, subject: &[u8; 16], job: &[u8; 16]) -> Result<Option<JobRow>, StoreError> {
        self.link.first(&JOB_FIND, values![subject, job], read)
    }
}

impl View<'_> {
    /// Jobs of a kind about somebody, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn jobs_of(&self, subject: &[u8; 16], kind: &str, limit: i64) -> Result<Vec<JobRow>, StoreError> {
        self.link.rows(&JOB_OF_KIND, values![subject, kind, limit], read)
    }
}

impl Tx<'_> {
    /// Adds a job, where the same does not wait already.
    ///
    /// # Errors
    /// The engine's.
    pub fn job_add(
        &self,
        subject: &[u8; 16],
        job: &[u8; 16],
        kind: &str,
        payload: &str,
        due_us: i64,
    ) -> Result<(), StoreError> {
        self.link.run(&JOB_ADD, values![subject, job, kind, payload, due_us])?;
        Ok(())
    }

    /// Claims a job until `lease_until_us`; the job, where no other worker has it.
    ///
    /// # Errors
    /// The engine's.
    pub fn job_claim(
        &self,
        of: &JobRow,
        now_us: i64,
        lease_until_us: i64,
        worker: &str,
    ) -> Result<Option<JobRow>, StoreError> {
        let claimed = self.link.run(&JOB_CLAIM, values![of.subject_id, of.job_id, now_us, lease_until_us, worker])?;
        if claimed == 0 { Ok(None) } else { self.view().job(&of.subject_id, &of.job_id) }
    }

    /// Writes down how far a job has come.
    ///
    /// # Errors
    /// The engine's.
    pub fn job_payload_set(&self, of: &JobRow, payload: &str) -> Result<(), StoreError> {
        self.link.run(&JOB_PAYLOAD, values![of.subject_id, of.job_id, payload])?;
        Ok(())
    }

    /// Ends a job that this worker has done.
    ///
    /// # Errors
    /// The engine's.
    pub fn job_done(&self, of: &JobRow, worker: &str) -> Result<(), StoreError> {
        self.link.run(&JOB_DONE, values![of.subject_id, of.job_id, worker])?;
        Ok(())
    }

    /// Has a job that this worker has done come again.
    ///
    /// # Errors
    /// The engine's.
    pub fn job_again(&self, of: &JobRow, worker: &str, due_us: i64) -> Result<(), StoreError> {
        self.link.run(&JOB_AGAIN, values![of.subject_id, of.job_id, worker, due_us])?;
        Ok(())
    }

    /// Puts a job off that this worker could not do.
    ///
    /// # Errors
    /// The engine's.
    pub fn job_failed(&self, of: &JobRow, worker: &str, due_us: i64, problem: &str) -> Result<(), StoreError> {
        self.link.run(&JOB_FAILED, values![of.subject_id, of.job_id, worker, due_us, problem])?;
        Ok(())
    }
}
