//! The daily round.

use chengxin_core::Caller;
use chengxin_core::account::KNOWN_FOR_US;
use chengxin_core::dates::{day_start_us, shanghai_date};
use chengxin_store::job::JobRow;

use crate::{AppError, Installation, journal};

/// How long after midnight it begins: whoever still works on yesterday has ended.
const AFTER_MIDNIGHT_US: i64 = 10 * 60 * 1_000_000;

impl Installation {
    /// Deletes what is past its deadline, sessions and kept answers that are over among it, reveals what was hidden until today, and tells of proceedings and
    /// complaints whose last day has passed and of letters that wait for long. After a month it counts its checks. At the end it destroys what may be kept no longer.
    pub(super) fn job_tidy(&mut self, job: &JobRow) -> Result<(), AppError> {
        let caller = Caller::operator("chengxin", "daily round");
        self.held_purge(&caller)?;
        let (keys, now_us) = (self.keys.clone(), self.now_us());
        self.store.write("tidy", |tx| -> Result<_, AppError> {
            tx.requests_tidy(now_us)?;
            Ok(tx.sign_ins_tidy(now_us, now_us - KNOWN_FOR_US)?)
        })?;
        self.remind_of_letters()?;
        journal::reveal_due(&mut self.store, &keys, now_us)?;
        // A row that cannot be read is an error of the round, and keeps nothing else of it from being done.
        let told = [self.proceedings_overdue(), self.complaints_overdue()];
        self.statistics_count()?;
        self.retention_round(job)?;
        told.into_iter().try_for_each(|told| told.map(drop))
    }

    /// When the next round is due.
    pub(super) fn next_round_us(&self) -> Result<i64, AppError> {
        let tomorrow = shanghai_date(self.now_us()).tomorrow();
        let tomorrow = tomorrow.map_err(|error| AppError::internal(format!("tomorrow: {error}")))?;
        Ok(day_start_us(tomorrow) + AFTER_MIDNIGHT_US)
    }
}
