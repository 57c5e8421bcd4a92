//! The second person.

use chengxin_core::Caller;
use chengxin_core::check::NotNow;
use chengxin_policy::{Resource, Stage};
use chengxin_store::audit::CHECK_BATCHES;
use chengxin_store::check_batch::CheckBatchRow;
use serde_json::json;

use super::{Batch, asked_for_by_law, progress};
use crate::log::rows::marks;
use crate::matter::find;
use crate::{AppError, Installation, journal, policy};

impl Installation {
    /// Approves a batch that somebody else of the same authority asked for.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for whoever asked for it; [`crate::Kind::Conflict`] where it is approved or over;
    /// [`crate::Kind::NotFound`] for one of another authority.
    ///
    /// # Source
    /// A house rule: what concerns many at once is done by two.
    pub fn check_batch_approve(&mut self, caller: &Caller, number: &str) -> Result<Batch, AppError> {
        const NAME: &str = "check_batch_approve";
        self.authorise(caller, NAME)?;
        let before = self.batch_of(caller, NAME, number)?;
        let thing = Resource::new().of_authority(&before.authority).submitted_by(&before.opened_by).at(Stage::Waiting);
        policy::on(caller, NAME, &thing).map_err(|refusal| self.denied(caller, NAME, refusal))?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        if before.approved_by.is_some() {
            return Err(AppError::conflict("该批量核查已经批准", "this batch is approved already"));
        }
        if now_us >= progress(&before).until_us {
            let says = NotNow::Over.say();
            return Err(AppError::conflict(says.zh, says.en));
        }
        asked_for_by_law(find(self.catalogue.matter(&before.matter), &before.matter)?)?;
        let row = keys.sealed_check_batch(CheckBatchRow {
            approved_by: Some(caller.actor.clone()),
            approved_us: Some(now_us),
            until_us: now_us + self.batch_limits().lasts_us,
            ..before.clone()
        });
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            if !tx.check_batch_set(&row, &before.seal)? {
                return Err(changed());
            }
            let rows = marks(tx.view(), &keys, &[(&CHECK_BATCHES, vec![row.number.as_str().into()])])?;
            let detail =
                json!({ "batch": row.number, "matter": row.matter, "applications": row.applications, "rows": rows });
            journal::log(tx, &keys, now_us, NAME, caller, &detail).map(drop)
        })?;
        Ok(self.batch(&row))
    }
}

/// Somebody else did something with the batch at the same time.
pub(super) fn changed() -> AppError {
    AppError::conflict("该批量核查刚刚有了变化，请重新查看后再办", "this batch changed a moment ago: look at it again")
}
