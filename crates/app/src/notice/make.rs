//! One notice for each adverse record about a person that a submission brought, once a second officer has released it: in slices, each a job that writes the next
//! one in its own transaction. Killed and done again, it tells nobody twice.

use chengxin_core::notice::NoticeKind;
use chengxin_store::log::INSTALLATION;
use chengxin_store::submission::SubmissionState;
use chengxin_store::{Tx, View};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::tell::{Told, tell};
use crate::jobs::{JobKind, job_id};
use crate::keyring::Keyring;
use crate::{AppError, Installation};

/// Records in one slice.
const SLICE: i64 = 200;

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    submission: i64,
    /// Leaf behind which the slice begins.
    after: i64,
}

/// Writes the job that tells whom a submission's adverse records are about, in the transaction that gives them effect.
pub(crate) fn after_release(tx: &Tx<'_>, keys: &Keyring, now_us: i64, submission: i64) -> Result<(), AppError> {
    add(tx, keys, now_us, &Payload { submission, after: -1 })
}

fn add(tx: &Tx<'_>, keys: &Keyring, now_us: i64, of: &Payload) -> Result<(), AppError> {
    let text = serde_json::to_string(of).map_err(|error| AppError::internal(format!("job: {error}")))?;
    let id = job_id(keys, JobKind::NoticeMake, &format!("{}/{}", of.submission, of.after));
    Ok(tx.job_add(&INSTALLATION, &id, JobKind::NoticeMake.code(), &text, now_us)?)
}

impl Installation {
    /// Does one slice. What the job says is not believed: of a submission that is not in effect nobody is told.
    pub(crate) fn job_notice_make(&mut self, payload: &str) -> Result<(), AppError> {
        let job: Payload = serde_json::from_str(payload)
            .map_err(|error| AppError::internal(format!("job {}: {error}", JobKind::NoticeMake.code())))?;
        let (keys, now_us) = (self.keys.clone(), self.now_us());
        let (catalogue, today) = (std::sync::Arc::clone(&self.catalogue), self.today());
        self.store.write("notice_make", |tx| -> Result<(), AppError> {
            let view = tx.view();
            let submission = view.submission(job.submission)?;
            let in_effect = |row: &chengxin_store::submission::SubmissionRow| {
                row.state == SubmissionState::Accepted as i64 && row.released_at_us.is_some()
            };
            if !submission.as_ref().is_some_and(in_effect) {
                return Ok(());
            }
            let slice = view.notices_due(job.submission, job.after, SLICE)?;
            for (subject, record, version, _) in &slice {
                if is_current(view, subject, record, *version)? {
                    let (id, record) = (record, Some((*record, *version)));
                    let kind = NoticeKind::AdverseRecord;
                    tell(tx, &keys, now_us, &Told { subject, kind, record, office: "", case: "", detail: &json!({}) })?;
                    super::possible::await_repair(tx, &keys, &catalogue, today, (subject, id))?;
                }
            }
            match slice.last() {
                Some((.., after)) if slice.len() as i64 == SLICE => {
                    add(tx, &keys, now_us, &Payload { submission: job.submission, after: *after })
                }
                _ => Ok(()),
            }
        })
    }
}

/// Does this version count now? Of one that a later took the place of, that later tells.
fn is_current(view: View<'_>, subject: &[u8; 16], record: &[u8; 16], version: i64) -> Result<bool, AppError> {
    let heads = view.versions_of_record(subject, record)?;
    let counts = heads.iter().rev().find(|head| !head.awaits_release && head.submission_state == 2);
    Ok(counts.is_some_and(|head| head.version == version))
}
