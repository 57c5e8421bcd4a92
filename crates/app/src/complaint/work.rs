//! Complaints at work: the list by due day, one whole, its answer, the comment of the authority complained of, and what is overdue.

use chengxin_core::complaint::ComplaintStep;
use chengxin_core::dates::{shanghai_date, to_days};
use chengxin_core::workflow::{Party, Word as _};
use chengxin_core::{Caller, Role, Say};
use chengxin_policy::Resource;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::complaint_number;
use super::row::{Act, Keeper, Opened, opened};
use super::view::ComplaintView;
use crate::authority::{called, served};
use crate::{AppError, Installation, Kind, journal, policy};

/// Lines of a work list.
const LISTED: i64 = 500;

/// Looked up at once by the daily round.
const SLICE: i64 = 200;

/// A complaint in a work list: nothing about the person, and nothing that they said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComplaintLine {
    /// Its number.
    pub number: String,
    /// The authority complained of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<Say>,
    /// What was done that is complained of.
    pub act: Say,
    /// How far it has come.
    pub state: Say,
    /// Day of filing.
    pub filed_on: Date,
    /// Last day for the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Is it past?
    pub overdue: bool,
}

/// How complaints about an authority are answered. A count of complaints is no measure of a person, and of nobody's worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComplaintNumbers {
    /// The authority complained of; absent where lines name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority_name: Option<Say>,
    /// How many were filed.
    pub filed: i64,
    /// How many of them are closed.
    pub closed: i64,
    /// How many were upheld.
    pub upheld: i64,
    /// How many were answered late.
    pub late: i64,
    /// By how many days in all.
    pub late_days: i64,
    /// How many are overdue today.
    pub overdue: i64,
}

/// What the credit office does with a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintAnswer {
    /// Number of the complaint.
    pub number: String,
    /// Take up, answer, or pass on.
    pub step: ComplaintStep,
    /// The answer with its reasons, or to whom it is passed on. The person reads it.
    pub text: String,
}

impl Installation {
    /// Complaints that wait, what is due first: all of them for the credit office, those about their own authority for a decider. Names nobody.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; the store's.
    pub fn complaint_work(&self, caller: &Caller) -> Result<Vec<ComplaintLine>, AppError> {
        self.authorise(caller, "complaint_work")?;
        let authority = if caller.role == Role::Decider { Some(served(caller)?) } else { None };
        let (view, keys, mut lines) = (self.store.view(), &self.keys, Vec::new());
        for row in view.complaint_work(authority, LISTED)? {
            let of = opened(view, keys, &Keeper::of(keys, &self.key_store, row.subject_id)?, row)?;
            let office = view.authority(&of.row.authority)?;
            lines.push(ComplaintLine {
                number: of.body.number.clone(),
                authority: (!of.row.authority.is_empty()).then(|| called(office.as_ref(), &of.row.authority)),
                act: of.body.about.act.clone(),
                state: of.body.complaint.state().name(),
                filed_on: shanghai_date(of.row.filed_us),
                due_on: of.due(),
                overdue: of.due().is_some_and(|due| self.today() > due),
            });
        }
        Ok(lines)
    }

    /// A complaint for the credit office, whole; for a decider of the authority complained of, without what the person says. A line in the person's log.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for another authority's; [`crate::Kind::Forbidden`] for whoever did what is complained of, and in their own cause.
    pub fn complaint_show(&mut self, caller: &Caller, number: &str) -> Result<ComplaintView, AppError> {
        const NAME: &str = "complaint_show";
        self.authorise(caller, NAME)?;
        let (keeper, of) = self.complaint_at_work(caller, NAME, number)?;
        let shown = self.complaint_view(&of, caller.role == Role::CreditOffice)?;
        let (now_us, keys, detail) = (self.now_us(), self.keys.clone(), json!({ "number": of.body.number }));
        let logged =
            self.store.write(NAME, |tx| journal::log_about(tx, &keys, &keeper.subject, now_us, NAME, caller, &detail));
        logged.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        Ok(shown)
    }

    /// Takes a complaint up, answers it, or passes it on.
    ///
    /// # Errors
    /// As [`Self::complaint_show`]; [`crate::Kind::Conflict`] where the step is not lawful now, or somebody else was faster; [`crate::Kind::Invalid`]
    /// without a reason.
    pub fn complaint_answer(&mut self, caller: &Caller, answer: &ComplaintAnswer) -> Result<ComplaintView, AppError> {
        const NAME: &str = "complaint_answer";
        self.authorise(caller, NAME)?;
        let (keeper, before) = self.complaint_at_work(caller, NAME, &answer.number)?;
        let step = (answer.step, Party::CreditOffice);
        let next = self.complaint_stepped(caller, NAME, &keeper, &before, step, &answer.text)?;
        self.complaint_view(&next, true)
    }

    /// What the authority complained of has to say. It changes nothing about the complaint, and its clock goes on.
    ///
    /// # Errors
    /// As [`Self::complaint_answer`].
    pub fn complaint_comment(&mut self, caller: &Caller, number: &str, text: &str) -> Result<ComplaintView, AppError> {
        const NAME: &str = "complaint_comment";
        self.authorise(caller, NAME)?;
        let (keeper, before) = self.complaint_at_work(caller, NAME, number)?;
        let step = (ComplaintStep::Comment, Party::Concerned);
        let next = self.complaint_stepped(caller, NAME, &keeper, &before, step, text)?;
        self.complaint_view(&next, false)
    }

    /// How complaints are answered, by the authority complained of.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; the store's.
    pub fn complaint_figures(&self, caller: &Caller) -> Result<Vec<ComplaintNumbers>, AppError> {
        self.authorise(caller, "complaint_figures")?;
        let view = self.store.view();
        let mut figures = Vec::new();
        for row in view.complaint_figures(to_days(self.today()))? {
            let office = view.authority(&row.authority)?;
            let named = !row.authority.is_empty();
            figures.push(ComplaintNumbers {
                authority_name: named.then(|| called(office.as_ref(), &row.authority)),
                authority: named.then_some(row.authority),
                filed: row.filed,
                closed: row.closed,
                upheld: row.upheld,
                late: row.late,
                late_days: row.late_days,
                overdue: row.overdue,
            });
        }
        Ok(figures)
    }

    /// Tells of every complaint whose last day has passed and that was not told of yet; how many. Whoever is to be told by other ways is told from here.
    ///
    /// # Errors
    /// The store's. What was told before stays told.
    pub(crate) fn complaints_overdue(&mut self) -> Result<usize, AppError> {
        const NAME: &str = "complaint_overdue";
        let (mut told, caller) = (0, Caller::operator("chengxin", "投诉答复期限届满"));
        loop {
            let due = self.store.view().complaints_overdue(to_days(self.today()), SLICE)?;
            if due.is_empty() {
                return Ok(told);
            }
            for row in due {
                let (now_us, keys) = (self.now_us(), self.keys.clone());
                let keeper = Keeper::of(&keys, &self.key_store, row.subject_id)?;
                let before = opened(self.store.view(), &keys, &keeper, row)?;
                let mut next = before.clone();
                next.row.told_on = next.row.due_on;
                let done = self.store.write(NAME, |tx| -> Result<(), AppError> {
                    Act { keys: &keys, keeper: &keeper, now_us, operation: NAME, caller: &caller }
                        .set(tx, &before, &next)
                });
                match done {
                    Ok(()) => told += 1,
                    // Somebody answered this minute: the next look finds it answered.
                    Err(error) if error.kind == Kind::Conflict => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }

    /// A complaint for whoever works on it. Refusals are entries in the log.
    fn complaint_at_work(
        &self,
        caller: &Caller,
        name: &'static str,
        number: &str,
    ) -> Result<(Keeper, Opened), AppError> {
        let number = complaint_number(number)?;
        let look = || -> Result<(Keeper, Opened), AppError> {
            let none = || AppError::not_found("没有此编号的投诉", "there is no complaint of this number");
            let (view, keys) = (self.store.view(), &self.keys);
            let leads = view.proceeding_number(&keys.complaint_tag(&number))?;
            let subject = leads.filter(|row| keys.is_proceeding_number(row)).ok_or_else(none)?.subject_id;
            let row = view.complaint(&subject, &keys.complaint_id(&number))?.ok_or_else(none)?;
            let keeper = Keeper::of(keys, &self.key_store, subject)?;
            let found = opened(view, keys, &keeper, row)?;
            if caller.role != Role::CreditOffice {
                policy::acts_for(caller, &found.row.authority).map_err(|_| none())?;
            }
            // Some lines name no authority: one's own acts, and those of the platform.
            let mut thing = Resource::new();
            thing.authority = Some(found.row.authority.clone()).filter(|authority| !authority.is_empty());
            policy::on(caller, name, &thing)?;
            policy::recused(view, keys, caller, name, &found.document()?)?;
            if [&caller.actor, &keys.actor_tag(&caller.actor)].contains(&&found.body.actor) {
                return Err(AppError::new(
                    Kind::Forbidden,
                    "被投诉的是您本人的操作，应当回避；请由其他人员办理",
                    "what is complained of was done by you: somebody else deals with it",
                ));
            }
            Ok((keeper, found))
        };
        look().map_err(|refusal| self.turned_away(caller, name, refusal))
    }
}
