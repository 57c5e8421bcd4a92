//! Deadlines, for everybody to read and to count: who has how long, from which event, by which clause.

use std::collections::BTreeSet;

use chengxin_core::calendar::Calendar;
use chengxin_core::catalogue::Catalogue;
use chengxin_core::check::{Cited, cited};
use chengxin_core::deadline::{self, Bound, DeadlineError, DeadlineKind, DeadlineRule, DeadlineUnit};
use chengxin_core::{Caller, Say};
use chengxin_store::View;
use jiff::civil::Date;
use serde::Serialize;

use crate::reading::Reading;
use crate::{AppError, Installation};

/// A deadline in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineView {
    /// Its code.
    pub code: DeadlineKind,
    /// What must be done.
    pub name: Say,
    /// The event that begins it.
    pub starts: Say,
    /// Whom it binds.
    pub binds: Bound,
    /// How many units.
    pub count: u32,
    /// The unit that the clause names.
    pub unit: DeadlineUnit,
    /// The clause that sets it.
    pub clause: Cited,
    /// Was the clause read at its source, by whoever wrote the catalogue or by an office that confirmed it?
    pub verified: bool,
    /// Does the clause bind others, and stand here as a ceiling of the house's own?
    pub analogy: bool,
    /// The clause by which its days are working days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_clause: Option<Cited>,
    /// The clause by which a last day on a holiday moves; absent where it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holiday_clause: Option<Cited>,
    /// First day on which a period may begin by it.
    pub from: Date,
    /// First day no longer.
    pub until: Option<Date>,
}

/// When something is due, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DueView {
    /// By which deadline.
    pub deadline: DeadlineView,
    /// The day of the event, which is not counted.
    pub start: Date,
    /// The last day on which it is in time.
    pub last: Date,
    /// The last day as counted, where a holiday moved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Date>,
    /// How it was counted.
    pub how: Say,
}

/// What deadlines are read by.
struct Rules<'r> {
    catalogue: &'r Catalogue,
    /// Clauses that an office has confirmed.
    confirmed: BTreeSet<String>,
}

impl<'r> Rules<'r> {
    fn of(catalogue: &'r Catalogue, view: View<'_>) -> Result<Self, AppError> {
        Ok(Self { catalogue, confirmed: view.clauses_confirmed()?.into_iter().collect() })
    }

    fn all(&self) -> Vec<DeadlineView> {
        self.catalogue.deadlines().iter().map(|rule| self.seen(rule)).collect()
    }

    fn seen(&self, rule: &DeadlineRule) -> DeadlineView {
        let read = |clause: &str| {
            let written = self.catalogue.clause(clause).is_some_and(|(_, of)| of.verified);
            written || self.confirmed.contains(clause)
        };
        let of = |clause: &Option<String>| clause.as_deref().map(|clause| cited(self.catalogue, clause));
        DeadlineView {
            code: rule.code,
            name: rule.label(),
            starts: Say::new(&rule.starts, &rule.starts_en),
            binds: rule.binds,
            count: rule.count,
            unit: rule.unit,
            clause: cited(self.catalogue, &rule.clause),
            verified: rule.clauses().all(|(_, clause)| read(clause)),
            analogy: rule.analogy,
            unit_clause: of(&rule.unit_clause),
            holiday_clause: of(&rule.holiday_clause),
            from: rule.from,
            until: rule.until,
        }
    }

    fn due(&self, calendar: &Calendar, code: &str, start: Date) -> Result<DueView, AppError> {
        let kind = DeadlineKind::from_code(code).ok_or_else(|| unknown(code))?;
        let rule = self.catalogue.deadline(kind, start).map_err(refused)?;
        let due = deadline::due(start, rule, calendar).map_err(refused)?;
        Ok(DueView { deadline: self.seen(rule), start, last: due.last, moved_from: due.moved_from, how: due.how })
    }
}

impl Installation {
    /// As [`Reading::deadline_list`].
    ///
    /// # Errors
    /// As there.
    pub fn deadline_list(&self, caller: &Caller) -> Result<Vec<DeadlineView>, AppError> {
        Reading::open(self)?.deadline_list(caller)
    }

    /// As [`Reading::deadline_show`].
    ///
    /// # Errors
    /// As there.
    pub fn deadline_show(&self, caller: &Caller, code: &str, start: Date) -> Result<DueView, AppError> {
        Reading::open(self)?.deadline_show(caller, code, start)
    }
}

impl Reading {
    /// Every deadline of the catalogue, in its order.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without a purpose.
    pub fn deadline_list(&self, caller: &Caller) -> Result<Vec<DeadlineView>, AppError> {
        self.authorise(caller, "deadline_show")?;
        Ok(Rules::of(&self.catalogue, self.store.view())?.all())
    }

    /// When something is due whose period began by an event on `start`.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for an unknown code, where none holds on that day, and where the holidays of a year that matters are
    /// not known.
    pub fn deadline_show(&self, caller: &Caller, code: &str, start: Date) -> Result<DueView, AppError> {
        self.authorise(caller, "deadline_show")?;
        Rules::of(&self.catalogue, self.store.view())?.due(&*self.calendar()?, code, start)
    }
}

fn unknown(code: &str) -> AppError {
    let excerpt: String = code.chars().take(40).collect();
    let known = DeadlineKind::ALL.map(DeadlineKind::code);
    AppError::not_found(
        format!("没有期限“{excerpt}”；有 {}", known.join("、")),
        format!("there is no deadline “{excerpt}”; there are {}", known.join(", ")),
    )
}

/// What lacks is for the operator to load, and waiting does not bring it: there is no such day.
fn refused(error: DeadlineError) -> AppError {
    let kind = if error == DeadlineError::TooFar { crate::Kind::Invalid } else { crate::Kind::NotFound };
    let say = error.say();
    AppError::new(kind, say.zh, say.en)
}
