//! Messages that were given up: listed for the operator, who learns why and neither for whom nor of what, and may have them tried again.

use chengxin_core::Caller;
use chengxin_store::job::JobRow;
use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::json;

use super::{MOST, read_id};
use crate::jobs::JobKind;
use crate::{AppError, Installation, journal};

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeadLine {
    /// By which it is named, 32 hexadecimal digits.
    pub message: String,
    /// `notice_deliver` or `channel_code`.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub problem: String,
}

fn line(job: JobRow) -> DeadLine {
    DeadLine { message: HEXLOWER.encode(&job.job_id), kind: job.kind, attempts: job.attempts, problem: job.problem }
}

impl Installation {
    /// Messages that were given up, some hundreds at most.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`].
    pub fn notice_dead(&self, caller: &Caller) -> Result<Vec<DeadLine>, AppError> {
        self.authorise(caller, "notice_dead")?;
        let mut lines = Vec::new();
        for kind in [JobKind::NoticeDeliver, JobKind::ChannelCode] {
            lines.extend(self.store.view().jobs_dead(kind.code(), MOST)?.into_iter().map(line));
        }
        Ok(lines)
    }

    /// Has a message that was given up tried again at once.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] where there is none of that number.
    pub fn notice_retry(&mut self, caller: &Caller, message: &str) -> Result<(), AppError> {
        const NAME: &str = "notice_retry";
        self.authorise(caller, NAME)?;
        let missing = || {
            AppError::not_found(
                "没有此编号的未送出消息；运行 chengxin notice dead 查看",
                "no message of this number was given up: see chengxin notice dead",
            )
        };
        let id = read_id(message);
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let done = self.store.write(NAME, |tx| -> Result<(), AppError> {
            let id = id.ok_or_else(missing)?;
            if !tx.job_revive(&id, now_us)? {
                return Err(missing());
            }
            journal::log(tx, &keys, now_us, NAME, caller, &json!({ "message": HEXLOWER.encode(&id) })).map(drop)
        });
        done.map_err(|refusal| self.unseen(caller, NAME, refusal))
    }
}
