//! Whom a decision must reach: whoever was shown the record in the last three years, in a matter that is open or ended adversely. They are told the
//! number of their application and no name; where their refusal rests on the record, they confirm it or open it again, and the person sees which.

use chengxin_core::dates::{day_start_us, shanghai_text};
use chengxin_core::record::RecordId;
use chengxin_core::statement::cleaned;
use chengxin_core::{Caller, Say};
use chengxin_store::Tx;
use chengxin_store::audit::{Cell, FOLLOW_UPS};
use chengxin_store::proceeding::FollowUpRow;
use jiff::ToSpan;
use serde::{Deserialize, Serialize};

use super::act::{Act, Besides};
use super::keys::follow_up_aad;
use super::row::{Keeper, Opened};
use crate::authority::{called, served};
use crate::check::{Outcome, ShownTo};
use crate::keyring::Keyring;
use crate::log::told::{Telling, Thing};
use crate::reading::Reading;
use crate::{AppError, Installation};

/// For how many years back.
///
/// # Source
/// House rule.
const YEARS: i32 = 3;
/// Lines of a work list.
const LISTED: i64 = 500;
/// Fewest characters of a reason.
const SHORTEST_REASON: usize = 4;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpState {
    /// The matter is open, or was refused for another reason: they are told.
    Told = 1,
    /// They refused on this record: they confirm that, or open it again.
    ToSettle = 2,
    /// They confirmed the refusal.
    Confirmed = 3,
    /// They opened the matter again.
    Reopened = 4,
}

impl FollowUpState {
    fn from_i64(value: i64) -> Option<Self> {
        [Self::Told, Self::ToSettle, Self::Confirmed, Self::Reopened].into_iter().find(|it| *it as i64 == value)
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Say {
        match self {
            Self::Told => Say::new("已告知记录变动", "told that the record changed"),
            Self::ToSettle => Say::new("待确认或重新办理", "to be confirmed or opened again"),
            Self::Confirmed => Say::new("维持原办理结果", "the outcome was confirmed"),
            Self::Reopened => Say::new("重新办理", "the matter was opened again"),
        }
    }
}

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
    /// What was decided about it.
    pub decided: Say,
    /// The proceeding in which that was decided; not told to whoever was shown the record.
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
struct Body {
    check: String,
    case_no: String,
    matter: String,
    proceeding: String,
    /// State of the proceeding, by which the record changed.
    kind: chengxin_core::proceeding::ProceedingKind,
    decided: String,
    #[serde(default)]
    reason: String,
}

impl Installation {
    /// Who was shown the record of a proceeding, and must be told what is decided.
    pub(super) fn shown_to(&self, subject: &[u8; 16], of: &Opened) -> Result<Vec<ShownTo>, AppError> {
        let since = self.today().checked_sub(YEARS.years());
        let since = since.map_err(|error| AppError::internal(format!("three years ago: {error}")))?;
        let shown = Reading::open(self)?.shown_to(subject, &RecordId(of.row.record_id).hex(), day_start_us(since))?;
        let concerned = |it: &ShownTo| !matches!(it.outcome, Some((Outcome::Granted | Outcome::Withdrawn, _)));
        Ok(shown.into_iter().map(|(_, it)| it).filter(concerned).collect())
    }

    /// What the caller's authority was told about records that it was shown: what it must answer first.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; the store's.
    pub fn follow_up_list(&self, caller: &Caller) -> Result<Vec<FollowUpLine>, AppError> {
        self.authorise(caller, "follow_up_list")?;
        let rows = self.store.view().follow_up_work(served(caller)?, LISTED)?;
        rows.into_iter().map(|row| self.follow_up_line(&row, false)).collect()
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
        let mut found = None;
        for row in self.store.view().follow_up_work(served(caller)?, LISTED)? {
            let body = self.follow_up_body(&row)?;
            if body.check == check && row.state == FollowUpState::ToSettle as i64 {
                found = Some((row, body));
            }
        }
        let (row, body) = found.ok_or_else(none).map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        let keeper = Keeper::of(&self.keys, &self.key_store, row.subject_id)?;
        let state = if reopened { FollowUpState::Reopened } else { FollowUpState::Confirmed };
        let body = Body { reason, ..body };
        let settled = self.store.write(NAME, |tx| -> Result<FollowUpRow, AppError> {
            let line = tx.view().log_last_number(&row.subject_id)? + 1;
            let next = FollowUpRow { state: state as i64, line, ..row.clone() };
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
                "settled": if reopened { "reopened" } else { "confirmed" },
            });
            thing.tell(tx, &by, Vec::new(), detail)?;
            let (subject, kind) = (&next.subject_id, chengxin_core::notice::NoticeKind::OutcomeReviewed);
            let told = crate::notice::Told {
                subject,
                kind,
                record: None,
                office: &next.authority,
                case: &body.case_no,
                detail: &serde_json::json!({ "check": body.check }),
            };
            crate::notice::tell(tx, &keys, now_us, &told)?;
            Ok(next)
        });
        let settled = settled.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        self.follow_up_line(&settled, false)
    }

    /// Whom a proceeding's decision reached, for the person.
    pub(super) fn reached(&self, of: &Opened) -> Result<Vec<FollowUpLine>, AppError> {
        let rows = self.store.view().follow_ups(&of.row.subject_id)?;
        let lines = rows.iter().map(|row| self.follow_up_line(row, true)).collect::<Result<Vec<_>, _>>()?;
        let number = of.number();
        Ok(lines.into_iter().filter(|line| line.proceeding.as_ref() == Some(&number)).collect())
    }

    fn follow_up_body(&self, row: &FollowUpRow) -> Result<Body, AppError> {
        let broken = || AppError::internal("a row of the table follow_up was not written with the installation's keys");
        if !self.keys.is_follow_up(row) {
            return Err(broken());
        }
        let keeper = Keeper::of(&self.keys, &self.key_store, row.subject_id)?;
        let plain = keeper.key.open(&follow_up_aad(&row.subject_id, &row.follow_up_id), &row.sealed);
        serde_json::from_slice(&plain.map_err(|_| broken())?).map_err(|_| broken())
    }

    fn follow_up_line(&self, row: &FollowUpRow, for_person: bool) -> Result<FollowUpLine, AppError> {
        let body = self.follow_up_body(row)?;
        let state = FollowUpState::from_i64(row.state).ok_or_else(|| AppError::internal("state of a follow-up"))?;
        let office = self.store.view().authority(&row.authority)?;
        let matter = self.catalogue.matter(&body.matter);
        Ok(FollowUpLine {
            matter: matter.map_or_else(|| Say::new(&body.matter, &body.matter), |matter| matter.name()),
            record: RecordId(row.record_id).hex(),
            decided: body.kind.state_name(&body.decided).unwrap_or_default(),
            proceeding: for_person.then(|| body.proceeding.clone()),
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

impl Act<'_> {
    /// Writes whom the decision must reach; whoever was told of it already is not told twice.
    pub(super) fn reach(
        &self,
        tx: &Tx<'_>,
        of: &Opened,
        shown: &[ShownTo],
        besides: &mut Besides,
    ) -> Result<(), AppError> {
        let line = tx.view().log_last_number(&self.keeper.subject)? + 1;
        let hex = RecordId(of.row.record_id).hex();
        for it in shown {
            let id = self.keys.follow_up_id(&it.check, &of.row.record_id, &of.row.proceeding_id);
            if tx.view().follow_up(&self.keeper.subject, &id)?.is_some() {
                continue;
            }
            let rests = it.outcome.as_ref().is_some_and(|(_, rests_on)| rests_on.contains(&hex));
            let state = if rests { FollowUpState::ToSettle } else { FollowUpState::Told };
            let row = FollowUpRow {
                subject_id: self.keeper.subject,
                follow_up_id: id,
                record_id: of.row.record_id,
                authority: it.authority.clone(),
                state: state as i64,
                told_us: self.now_us,
                line,
                sealed: Vec::new(),
                seal: [0; 32],
            };
            let body = Body {
                check: it.check.clone(),
                case_no: it.case_no.clone(),
                matter: it.matter.clone(),
                proceeding: of.number(),
                kind: of.kind,
                decided: of.row.state.clone(),
                reason: String::new(),
            };
            tx.follow_up_add(&sealed(self.keys, self.keeper, row, &body)?)?;
            besides.rows.push((&FOLLOW_UPS, vec![Cell::from(&self.keeper.subject), Cell::from(&id)]));
        }
        Ok(())
    }
}

fn sealed(keys: &Keyring, keeper: &Keeper, mut row: FollowUpRow, body: &Body) -> Result<FollowUpRow, AppError> {
    let plain = serde_json::to_vec(body).map_err(|error| AppError::internal(format!("follow-up: {error}")))?;
    row.sealed = keeper.key.seal(&follow_up_aad(&row.subject_id, &row.follow_up_id), &plain);
    Ok(keys.sealed_follow_up(row))
}
