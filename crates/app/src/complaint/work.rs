//! Complaints at work: the list by due day, one whole, its answer, the comment of the authority complained of, and what is overdue.

use chengxin_core::complaint::{ComplaintNumber, ComplaintStep};
use chengxin_core::dates::{shanghai_date, to_days};
use chengxin_core::identity::Document;
use chengxin_core::workflow::{Party, Word as _};
use chengxin_core::{Caller, Role, Say};
use chengxin_policy::Resource;
use chengxin_store::complaint::ComplaintRow;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::row::{Act, Keeper, Opened, opened};
use super::view::ComplaintView;
use super::{Step, complaint_number, own_act};
use crate::authority::{called, served};
use crate::{AppError, Installation, Kind, journal, policy};

/// Lines of a work list.
const LISTED: i64 = 500;

/// Complaints handed over to authorities that are looked through for those of one.
const REFERRED: i64 = 5_000;

/// Looked up at once by the daily round.
const SLICE: i64 = 200;

/// Does this party answer, so that it reads what the person says?
fn answers(party: Party) -> bool {
    matches!(party, Party::CreditOffice | Party::Handler)
}

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
    /// Is it the reader's own office that answers? Others may comment.
    pub to_answer: bool,
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

/// What the credit office, or the authority to which it was handed over, does with a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintAnswer {
    /// Number of the complaint.
    pub number: String,
    /// Take up, answer, hand over, or pass on.
    pub step: ComplaintStep,
    /// Code of the authority to which it is handed over; with that step and no other.
    pub to: Option<String>,
    /// The answer with its reasons, or to whom it is passed on. The person reads it.
    pub text: String,
}

impl Installation {
    /// Complaints that wait, what is due first: all of them for the credit office; for a decider those handed over to their own authority, those about it,
    /// and those about an authority that it supervises. Names nobody.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; the store's.
    pub fn complaint_work(&self, caller: &Caller) -> Result<Vec<ComplaintLine>, AppError> {
        self.authorise(caller, "complaint_work")?;
        let authority = if caller.role == Role::Decider { Some(served(caller)?) } else { None };
        let (view, mut lines) = (self.store.view(), Vec::new());
        for of in self.complaints_for(authority)? {
            let office = view.authority(&of.row.authority)?;
            lines.push(ComplaintLine {
                number: of.body.number.clone(),
                authority: (!of.row.authority.is_empty()).then(|| called(office.as_ref(), &of.row.authority)),
                act: of.body.about.act.clone(),
                state: of.body.complaint.state().name(),
                filed_on: shanghai_date(of.row.filed_us),
                due_on: of.due(),
                overdue: of.due().is_some_and(|due| self.today() > due),
                to_answer: of.body.complaint.handler() == authority,
            });
        }
        Ok(lines)
    }

    /// Every complaint that waits; or of an authority those that it answers, that are about it, and that are about an authority which it supervises.
    fn complaints_for(&self, authority: Option<&str>) -> Result<Vec<Opened>, AppError> {
        let (view, keys) = (self.store.view(), &self.keys);
        let open = |row: ComplaintRow| opened(view, keys, &Keeper::of(keys, &self.key_store, row.subject_id)?, row);
        let about = view.complaint_work(authority, LISTED)?.into_iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let Some(authority) = authority else { return Ok(about) };
        let referred = view.complaints_referred(REFERRED)?.into_iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let handled = |of: &Opened| of.body.complaint.handler() == Some(authority);
        let (mut all, about) = (referred, about.into_iter().filter(|of| !handled(of)));
        all.retain(handled);
        all.extend(about);
        all.sort_by_key(|of| (of.row.due_on, of.row.filed_us));
        Ok(all)
    }

    /// A complaint whole for the credit office and for a decider of the authority to which it was handed over; for deciders of the authority complained of and
    /// of its supervisor without what the person says. A line in the person's log.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for another authority's; [`crate::Kind::Forbidden`] for whoever did what is complained of, and in their own cause.
    pub fn complaint_show(&mut self, caller: &Caller, number: &str) -> Result<ComplaintView, AppError> {
        const NAME: &str = "complaint_show";
        self.authorise(caller, NAME)?;
        let (keeper, of, party) = self.complaint_at_work(caller, NAME, number)?;
        let shown = self.complaint_view(&of, answers(party))?;
        let (now_us, keys, detail) = (self.now_us(), self.keys.clone(), json!({ "number": of.body.number }));
        let logged =
            self.store.write(NAME, |tx| journal::log_about(tx, &keys, &keeper.subject, now_us, NAME, caller, &detail));
        logged.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        Ok(shown)
    }

    /// Takes a complaint up, answers it, hands it over to an authority here, or passes it on to somebody who is not.
    ///
    /// # Errors
    /// As [`Self::complaint_show`]; [`crate::Kind::Forbidden`] for an authority that does not have it; [`crate::Kind::Conflict`] where the step is not lawful
    /// now, or somebody else was faster; [`crate::Kind::Invalid`] without a reason, or where it is handed over to nobody who can answer it.
    pub fn complaint_answer(&mut self, caller: &Caller, answer: &ComplaintAnswer) -> Result<ComplaintView, AppError> {
        const NAME: &str = "complaint_answer";
        self.authorise(caller, NAME)?;
        let (keeper, before, party) = self.complaint_at_work(caller, NAME, &answer.number)?;
        if !answers(party) {
            let refusal = AppError::new(
                Kind::Forbidden,
                "投诉由信用主管部门或者其转交的单位答复；贵单位可以说明情况",
                "the credit office answers a complaint, or the authority to which it was handed over: yours may comment",
            );
            return Err(self.turned_away(caller, NAME, refusal));
        }
        if let Some(to) = &answer.to {
            self.can_answer(to)?;
        }
        let step = Step { step: answer.step, by: party, to: answer.to.as_deref(), words: &answer.text };
        let next = self.complaint_stepped(caller, NAME, &keeper, &before, &step)?;
        self.complaint_view(&next, true)
    }

    fn can_answer(&self, authority: &str) -> Result<(), AppError> {
        self.store.view().authority(authority)?.map(drop).ok_or_else(|| {
            AppError::invalid(
                format!("接办单位「{authority}」没有登记；不在本平台的单位请用“移送”"),
                format!("“{authority}” is no registered authority: a complaint is passed on, not handed over, to one that is not here"),
            )
        })
    }

    /// What the authority complained of, its supervisor, or who handles it has to say. It changes nothing about the complaint, and its clock goes on.
    ///
    /// # Errors
    /// As [`Self::complaint_answer`].
    pub fn complaint_comment(&mut self, caller: &Caller, number: &str, text: &str) -> Result<ComplaintView, AppError> {
        const NAME: &str = "complaint_comment";
        self.authorise(caller, NAME)?;
        let (keeper, before, by) = self.complaint_at_work(caller, NAME, number)?;
        let step = Step { step: ComplaintStep::Comment, by, to: None, words: text };
        let next = self.complaint_stepped(caller, NAME, &keeper, &before, &step)?;
        self.complaint_view(&next, answers(by))
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
    /// The store's, and the first fault of a row, once every other row was told of.
    pub(crate) fn complaints_overdue(&mut self) -> Result<usize, AppError> {
        let (mut told, mut fault) = (0, Ok(()));
        loop {
            let due = self.store.view().complaints_overdue(to_days(self.today()), SLICE)?;
            let before_slice = told;
            for row in due {
                match self.complaint_overdue(row) {
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
    fn complaint_overdue(&mut self, row: ComplaintRow) -> Result<bool, AppError> {
        const NAME: &str = "complaint_overdue";
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        // A row whose key was destroyed concerns nobody any more.
        if keys.subject_key_kept(&self.key_store, &row.subject_id)?.is_none() {
            return Ok(false);
        }
        let keeper = Keeper::of(&keys, &self.key_store, row.subject_id)?;
        let before = opened(self.store.view(), &keys, &keeper, row)?;
        let mut next = before.clone();
        next.row.told_on = next.row.due_on;
        let caller = Caller::operator("chengxin", "投诉答复期限届满");
        let done = self.store.write(NAME, |tx| -> Result<(), AppError> {
            Act { keys: &keys, keeper: &keeper, now_us, operation: NAME, caller: &caller }.set(tx, &before, &next)
        });
        match done {
            Ok(()) => Ok(true),
            // Somebody answered this minute: the next look finds it answered.
            Err(error) if error.kind == Kind::Conflict => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// As what somebody works on a complaint, and the authority that makes them so: the nearest where it is more than one. Nothing for whom it is none of
    /// their business.
    fn party_of(&self, caller: &Caller, of: &Opened) -> Result<Option<(Party, String)>, AppError> {
        if caller.role == Role::CreditOffice {
            return Ok(Some((Party::CreditOffice, of.row.authority.clone())));
        }
        let (own, complaint) = (served(caller)?, &of.body.complaint);
        let party = if complaint.handler() == Some(own) {
            Party::Handler
        } else if of.row.authority == own {
            Party::Concerned
        } else if self.store.view().supervisor(&of.row.authority)?.as_deref() == Some(own) {
            Party::Supervisor
        } else {
            return Ok(None);
        };
        Ok(Some((party, own.to_owned())))
    }

    /// Document of whoever complained, by the number of the complaint; `None` where it is gone.
    pub(crate) fn complainant(&self, subject: &[u8; 16], number: &str) -> Result<Option<Document>, AppError> {
        let (view, keys) = (self.store.view(), &self.keys);
        let Some(number) = ComplaintNumber::parse(number) else { return Ok(None) };
        let Some(row) = view.complaint(subject, &keys.complaint_id(&number))? else { return Ok(None) };
        opened(view, keys, &Keeper::of(keys, &self.key_store, *subject)?, row)?.document().map(Some)
    }

    /// A complaint for whoever works on it. Refusals are entries in the log.
    fn complaint_at_work(
        &self,
        caller: &Caller,
        name: &'static str,
        number: &str,
    ) -> Result<(Keeper, Opened, Party), AppError> {
        let number = complaint_number(number)?;
        let look = || -> Result<(Keeper, Opened, Party), AppError> {
            let none = || AppError::not_found("没有此编号的投诉", "there is no complaint of this number");
            let (view, keys) = (self.store.view(), &self.keys);
            let leads = view.proceeding_number(&keys.complaint_tag(&number))?;
            let subject = leads.filter(|row| keys.is_proceeding_number(row)).ok_or_else(none)?.subject_id;
            let row = view.complaint(&subject, &keys.complaint_id(&number))?.ok_or_else(none)?;
            let keeper = Keeper::of(keys, &self.key_store, subject)?;
            let found = opened(view, keys, &keeper, row)?;
            let (party, authority) = self.party_of(caller, &found)?.ok_or_else(none)?;
            // Some lines name no authority: one's own acts, and those of the platform.
            let mut thing = Resource::new();
            thing.authority = Some(authority).filter(|authority| !authority.is_empty());
            policy::on(caller, name, &thing)?;
            policy::recused(view, keys, caller, name, &found.document()?)?;
            if self.did(caller, &found.body.actor) {
                return Err(own_act());
            }
            Ok((keeper, found, party))
        };
        look().map_err(|refusal| self.turned_away(caller, name, refusal))
    }
}
