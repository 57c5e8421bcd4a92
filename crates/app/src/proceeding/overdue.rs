//! The daily round of proceedings: what passed its last day is told, once. That a record is out of use then needs no round: it follows from the day.

use chengxin_core::Caller;
use chengxin_core::dates::{shanghai_date, to_days};
use chengxin_core::proceeding::ProceedingKind;
use chengxin_store::proceeding::ProceedingRow;
use serde_json::json;

use super::act::{Act, Besides};
use super::row::{Keeper, opened};
use crate::{AppError, Installation};

/// How many are looked up at once: the round costs what is due, not what is stored.
const SLICE: i64 = 200;

impl Installation {
    /// Tells of every proceeding whose last day has passed and that was not told of yet. How many those were.
    ///
    /// # Errors
    /// The store's, and the first fault of a row, once every other row was told of.
    pub(crate) fn proceedings_overdue(&mut self) -> Result<usize, AppError> {
        let (mut told, mut fault) = (0, Ok(()));
        loop {
            let today = to_days(shanghai_date(self.now_us()));
            let due = self.store.view().proceedings_overdue(today, SLICE)?;
            let before_slice = told;
            for row in due {
                match self.proceeding_overdue(row) {
                    Ok(was_told) => told += usize::from(was_told),
                    // A row that is not ours keeps nobody else from being told; an operator reads of it in the job's error.
                    Err(error) => fault = fault.and(Err(error)),
                }
            }
            // Nothing is left but what cannot be told.
            if told == before_slice {
                return fault.map(|()| told);
            }
        }
    }

    /// Tells of one; whether it was told.
    fn proceeding_overdue(&mut self, row: ProceedingRow) -> Result<bool, AppError> {
        const NAME: &str = "proceeding_overdue";
        // A row whose key was destroyed concerns nobody any more.
        let Some(keeper) = Keeper::kept(&self.keys, &self.key_store, row.subject_id)? else { return Ok(false) };
        let before = opened(&self.keys, &keeper, row)?;
        let mut next = before.clone();
        next.row.told_on = next.row.due_on;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let caller = Caller::operator("chengxin", "办理期限届满");
        let done = self.store.write(NAME, |tx| -> Result<(), AppError> {
            let act = Act { keys: &keys, keeper: &keeper, now_us, operation: NAME, caller: &caller };
            let stops = before.kind == ProceedingKind::Objection;
            let besides = Besides { detail: json!({ "due": before.due(), "stops": stops }), ..Besides::default() };
            act.set(tx, &before, &next, &[], besides)?;
            super::tell::overdue(tx, &keys, now_us, &next)
        });
        match done {
            Ok(()) => Ok(true),
            // Somebody answered this minute: the next look finds it answered.
            Err(error) if error.kind == crate::Kind::Conflict => Ok(false),
            Err(error) => Err(error),
        }
    }
}
