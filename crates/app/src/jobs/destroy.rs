//! The keys of what an acceptance took out again: rows that contradicted another row of their file.

use chengxin_store::Tx;
use chengxin_store::keys::BodyAt;
use chengxin_store::log::INSTALLATION;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::JobKind;
use crate::keyring::Keyring;
use crate::{AppError, Installation};

/// Bodies and subjects in one job.
const AT_ONCE: usize = 500;

/// A version that was taken out: subject, record, version, leaf.
pub(crate) type Orphan = ([u8; 16], [u8; 16], i64, i64);

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    submission: i64,
    /// Subject and record in hexadecimal, version, leaf.
    bodies: Vec<(String, String, i64, i64)>,
    subjects: Vec<String>,
}

/// Writes the jobs that destroy the keys of these versions and subjects, in the transaction that took them out.
pub(crate) fn add(
    tx: &Tx<'_>,
    keys: &Keyring,
    now_us: i64,
    submission: i64,
    orphans: &[Orphan],
    gone: &[[u8; 16]],
) -> Result<(), AppError> {
    let hex = |id: &[u8; 16]| HEXLOWER.encode(id);
    let bodies = orphans.iter().map(|(subject, record, version, leaf)| (hex(subject), hex(record), *version, *leaf));
    let bodies: Vec<_> = bodies.collect();
    let subjects: Vec<String> = gone.iter().map(hex).collect();
    let parts = bodies.len().max(subjects.len()).div_ceil(AT_ONCE);
    for part in 0..parts {
        let payload = Payload {
            submission,
            bodies: bodies.chunks(AT_ONCE).nth(part).unwrap_or_default().to_vec(),
            subjects: subjects.chunks(AT_ONCE).nth(part).unwrap_or_default().to_vec(),
        };
        let text = serde_json::to_string(&payload).map_err(|error| AppError::internal(format!("job: {error}")))?;
        let id = super::worker::job_id(keys, JobKind::Destroy, &format!("{submission}/{part}"));
        tx.job_add(&INSTALLATION, &id, JobKind::Destroy.code(), &text, now_us)?;
    }
    Ok(())
}

impl Installation {
    /// Destroys what the job names and the database does not need.
    pub(super) fn job_destroy(&mut self, payload: &str) -> Result<(), AppError> {
        let unreadable = |what: &str| AppError::internal(format!("job {}: {what}", JobKind::Destroy.code()));
        let job: Payload = serde_json::from_str(payload).map_err(|error| unreadable(&error.to_string()))?;
        let id = |text: &str| -> Result<[u8; 16], AppError> {
            let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|error| unreadable(&error.to_string()))?;
            bytes.try_into().map_err(|_| unreadable("an id of another length"))
        };
        let view = self.store.view();
        let (mut bodies, mut subjects) = (Vec::new(), Vec::new());
        for (subject, record, version, leaf) in &job.bodies {
            let (subject, record) = (id(subject)?, id(record)?);
            let heads = view.versions_of_record(&subject, &record)?;
            let needed = heads.iter().any(|head| head.submission_id == job.submission && head.leaf == *leaf);
            if needed {
                tracing::warn!(
                    submission = job.submission,
                    leaf,
                    "a job would destroy the key of a version that is there"
                );
            } else {
                bodies.push((subject, record, *version, *leaf));
            }
        }
        for subject in &job.subjects {
            let subject = id(subject)?;
            if view.subject_kind(&subject)?.is_none() && !view.subject_has_versions(&subject)? {
                subjects.push(subject);
            }
        }
        self.key_store.write(|tx| -> Result<(), AppError> {
            for (subject, record, version, leaf) in &bodies {
                let (version, submission, leaf) = (*version, job.submission, *leaf);
                tx.body_salt_remove(&BodyAt { subject, record, version, submission, leaf })?;
            }
            Ok(subjects.iter().try_for_each(|subject| tx.subject_key_remove(subject))?)
        })
    }
}
