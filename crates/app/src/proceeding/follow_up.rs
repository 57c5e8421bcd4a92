//! What follows for whoever was shown a record that then changed: their list, and what they confirm or open again, which the person sees.

use chengxin_core::catalogue::Catalogue;
use chengxin_core::dates::shanghai_text;
use chengxin_core::follow_up::{FollowUpState, FollowUpStep};
use chengxin_core::notice::NoticeKind;
use chengxin_core::proceeding::ProceedingKind;
use chengxin_core::record::RecordId;
use chengxin_core::statement::cleaned;
use chengxin_core::workflow::Word as _;
use chengxin_core::{Caller, Say};
use chengxin_store::audit::FOLLOW_UPS;
use chengxin_store::proceeding::FollowUpRow;
use chengxin_store::{KeyStore, View};
use serde::{Deserialize, Serialize};

use super::keys::follow_up_aad;
use super::row::{Keeper, Opened};
use crate::authority::{called, served};
use crate::keyring::Keyring;
use crate::log::told::{Telling, Thing};
use crate::reading::Reading;
use crate::{AppError, Installation};

/// Lines of a work list.
const LISTED: i64 = 500;
/// Fewest characters of a reason.
const SHORTEST_REASON: usize = 4;

/// Somebody who was shown a record that then changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FollowUpLine {
    /// Number of the check that showed it.
    pub check: String,
    /// Number of the application.
    pub case_number: String,
    /// The matter.
    pub matter: Say,
    /// The record.
    pub record: String,
    /// What was decided about it, or what became of it.
    pub decided: Say,
    /// The proceeding in which that was decided; not told to whoever was shown the record. Absent where its authority changed it without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proceeding: Option<String>,
    /// Who was shown it.
    pub authority: Say,
    /// What became of it.
    pub state: FollowUpState,
    /// The same in words.
    pub state_name: Say,
    /// When they were told.
    pub told: String,
    /// Their reason, once they confirmed it or opened it again.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What of it lies sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) check: String,
    pub(super) case_no: String,
    pub(super) matter: String,
    /// The proceeding by which the record changed, and its kind; none where its authority's file, or a decision of its own, changed it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) proceeding: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<ProceedingKind>,
    /// State of the proceeding; the word of what is told of the record where there is none.
    pub(super) decided: String,
    #[serde(default)]
    pub(super) reason: String,
}

impl Body {
    fn decided(&self) -> Say {
        let told = || NoticeKind::from_code(&self.decided).map(NoticeKind::says);
        self.kind.map_or_else(told, |kind| kind.state_name(&self.decided)).unwrap_or_default()
    }
}

/// From what lines are composed.
struct Lines<'a> {
    view: View<'a>,
    keys: &'a Keyring,
    key_store: &'a KeyStore,
    catalogue: &'a Catalogue,
}

impl Lines<'_> {
    fn body(&self, row: &FollowUpRow) -> Result<Body, AppError> {
        let broken = || AppError::internal("a row of the table follow_up was not written with the installation's keys");
        if !self.keys.is_follow_up(row) {
            return Err(broken());
        }
        let keeper = Keeper::of(self.keys, self.key_store, row.subject_id)?;
        let plain = keeper.key.open(&follow_up_aad(&row.subject_id, &row.follow_up_id), &row.sealed);
        serde_json::from_slice(&plain.map_err(|_| broken())?).map_err(|_| broken())
    }

    fn line(&self, row: &FollowUpRow, for_person: bool) -> Result<FollowUpLine, AppError> {
        let body = self.body(row)?;
        let state = FollowUpState::from_i64(row.state).ok_or_else(|| AppError::internal("state of a follow-up"))?;
        let office = self.view.authority(&row.authority)?;
        let matter = self.catalogue.matter(&body.matter);
        Ok(FollowUpLine {
            matter: matter.map_or_else(|| Say::new(&body.matter, &body.matter), |matter| matter.name()),
            record: RecordId(row.record_id).hex(),
            decided: body.decided(),
            proceeding: Some(body.proceeding).filter(|number| for_person && !number.is_empty()),
            authority: called(office.as_ref(), &row.authority),
            state,
            state_name: state.name(),
            told: shanghai_text(row.told_us),
            check: body.check,
            case_number: body.case_no,
            reason: body.reason,
        })
    }
}

impl Reading {
    /// Whom changes of a record of somebody's reached, and what they did, for the person; the newest first.
    ///
    /// # Errors
    /// The stores'; an internal fault for a row that was not written with our keys.
    pub(crate) fn reached(&self, subject: &[u8; 16], record: &[u8; 16]) -> Result<Vec<FollowUpLine>, AppError> {
        let (keys, key_store, catalogue) = (&self.keys, &self.key_store, &*self.catalogue);
        let lines = Lines { view: self.store.view(), keys, key_store, catalogue };
        let rows = lines.view.follow_ups(subject)?;
        rows.iter().filter(|row| row.record_id == *record).map(|row| lines.line(row, true)).collect()
    }
}

impl Installation {
    /// What the caller's authority was told about records that it was shown: what it must answer first.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; the store's.
    pub fn follow_up_list(&self, caller: &Caller) -> Result<Vec<FollowUpLine>, AppError> {
        self.authorise(caller, "follow_up_list")?;
        let rows = self.store.view().follow_up_work(served(caller)?, LISTED)?;
        rows.iter().map(|row| self.follow_up_lines().line(row, false)).collect()
    }

    /// Confirms an outcome that rests on a record which has changed since, or opens the matter again.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a check that is not the authority's or about which nothing is to be settled; [`crate::Kind::Invalid`] without a reason;
    /// [`crate::Kind::Conflict`] where somebody else was faster.
    pub fn follow_up_settle(
        &mut self,
        caller: &Caller,
        check: &str,
        reopened: bool,
        reason: &str,
    ) -> Result<FollowUpLine, AppError> {
        const NAME: &str = "follow_up_settle";
        self.authorise(caller, NAME)?;
        let reason = cleaned(reason).text;
        if reason.chars().count() < SHORTEST_REASON {
            return Err(AppError::invalid(
                format!("须说明理由（不少于 {SHORTEST_REASON} 个字符）；理由会告知当事人"),
                format!("give a reason ({SHORTEST_REASON} characters at least): the person is told it"),
            ));
        }
        let none = || {
            AppError::not_found("没有需要处理的此编号核查", "there is nothing to settle about a check of this number")
        };
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let step = if reopened { FollowUpStep::Reopen } else { FollowUpStep::Confirm };
        let mut found = None;
        for row in self.store.view().follow_up_work(served(caller)?, LISTED)? {
            let body = self.follow_up_lines().body(&row)?;
            let state = FollowUpState::from_i64(row.state).and_then(|state| state.after(step).ok());
            if let Some(state) = state.filter(|_| body.check == check) {
                found = Some((row, body, state));
            }
        }
        let (row, body, state) = found.ok_or_else(none).map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        let keeper = Keeper::of(&self.keys, &self.key_store, row.subject_id)?;
        let body = Body { reason, ..body };
        let settled = self.store.write(NAME, |tx| -> Result<FollowUpRow, AppError> {
            let line = tx.view().log_last_number(&row.subject_id)? + 1;
            let next = FollowUpRow { state: state.as_i64(), line, ..row.clone() };
            let next = sealed(&keys, &keeper, next, &body)?;
            tx.follow_up_set(&next, row.line)?;
            let thing = Thing {
                what: "follow_up",
                table: &FOLLOW_UPS,
                subject: &next.subject_id,
                id: &next.follow_up_id,
                line,
            };
            let by = Telling { keys: &keys, now_us, operation: NAME, caller };
            let detail = serde_json::json!({
                "check": body.check, "case_no": body.case_no, "record": RecordId(next.record_id).hex(),
                "settled": state.code(),
            });
            thing.tell(tx, &by, Vec::new(), detail)?;
            let (subject, kind) = (&next.subject_id, NoticeKind::OutcomeReviewed);
            let told = crate::notice::Told {
                subject,
                kind,
                record: None,
                office: &next.authority,
                case: &body.case_no,
                // The person sees which of the two it was.
                detail: &serde_json::json!({ "check": body.check, "say": state.name() }),
            };
            crate::notice::tell(tx, &keys, now_us, &told)?;
            Ok(next)
        });
        let settled = settled.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        self.follow_up_lines().line(&settled, false)
    }

    /// Whom a proceeding's decision reached, for the person.
    pub(super) fn reached(&self, of: &Opened) -> Result<Vec<FollowUpLine>, AppError> {
        let rows = self.store.view().follow_ups(&of.row.subject_id)?;
        let lines = rows.iter().map(|row| self.follow_up_lines().line(row, true)).collect::<Result<Vec<_>, _>>()?;
        let number = of.number();
        Ok(lines.into_iter().filter(|line| line.proceeding.as_ref() == Some(&number)).collect())
    }

    fn follow_up_lines(&self) -> Lines<'_> {
        let (keys, key_store, catalogue) = (&self.keys, &self.key_store, &*self.catalogue);
        Lines { view: self.store.view(), keys, key_store, catalogue }
    }
}

/// The row with what of it lies sealed, and its seal.
pub(super) fn sealed(
    keys: &Keyring,
    keeper: &Keeper,
    mut row: FollowUpRow,
    body: &Body,
) -> Result<FollowUpRow, AppError> {
    let plain = serde_json::to_vec(body).map_err(|error| AppError::internal(format!("follow-up: {error}")))?;
    row.sealed = keeper.key.seal(&follow_up_aad(&row.subject_id, &row.follow_up_id), &plain);
    Ok(keys.sealed_follow_up(row))
}
