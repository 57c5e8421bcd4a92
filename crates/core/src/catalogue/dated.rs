//! Rules of an item on a day. Spans are half-open: `from` is the first day, `until` the first day no longer.

use jiff::ToSpan;
use jiff::civil::Date;

use super::item::ItemDef;
use super::model::{
    Basis, Clock, PeriodRule, Polarity, RepairRule, RetentionRule, Severity, SeverityCase, SubjectKind, Use, UseRule,
};
use crate::period::{display_until, kept_until};

/// A span of days, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// First day no longer; `None` without end.
    pub until: Option<Date>,
}

impl Span {
    /// Is the day in it?
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// Have the two a day in common?
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.until.is_none_or(|until| other.from < until) && other.until.is_none_or(|until| self.from < until)
    }

    /// Does it hold no day at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.until.is_some_and(|until| until <= self.from)
    }
}

/// A rule that holds for a span of days.
pub trait Dated {
    /// The span.
    fn span(&self) -> Span;
}

macro_rules! dated {
    ($($rule:ty),+) => { $(impl Dated for $rule {
        fn span(&self) -> Span {
            Span { from: self.from, until: self.until }
        }
    })+ };
}
dated!(
    super::matter::Matter,
    super::deadline::DeadlineRule,
    Basis,
    PeriodRule,
    RepairRule,
    UseRule,
    RetentionRule,
    super::model::ClassRetention,
    super::model::SeverityRule,
    super::model::Law,
    super::model::Measure
);

impl ItemDef {
    /// The clauses on which the item may be collected for a decision of this day: named by the item for it, and of a
    /// law then in force and of sufficient rank. Whether a *local* regulation holds here is for
    /// [`super::check()`], which knows the place and refuses a catalogue that rests on another place's.
    pub fn basis_on(&self, decided_on: Date) -> impl Iterator<Item = &Basis> {
        self.item
            .bases
            .iter()
            .zip(&self.law_spans)
            .filter(move |(basis, law)| basis.span().holds(decided_on) && law.is_some_and(|law| law.holds(decided_on)))
            .map(|(basis, _)| basis)
    }

    /// The display period of a record decided on a day. Where the item knows severities and this record's is not
    /// decided, the shortest maximum holds.
    ///
    /// # Source
    /// 信用修复管理办法 (NDRC Order 36) for the periods; the shorter one while undecided is a house rule.
    #[must_use]
    pub fn period_for(&self, decided_on: Date, severity: Option<Severity>) -> Option<&PeriodRule> {
        let in_force = || self.item.periods.iter().filter(|rule| rule.span().holds(decided_on));
        let plain = || in_force().find(|rule| rule.severity.is_none());
        match severity {
            Some(severity) => in_force().find(|rule| rule.severity == Some(severity)).or_else(plain),
            None => plain().or_else(|| in_force().min_by_key(|rule| rule.max_months.unwrap_or(u32::MAX))),
        }
    }

    /// The first day on which a record is no longer shown; `None`: its display has no end. A result that is not after
    /// `decided_on` means that it is never shown.
    ///
    /// `valid_until` is the last day of validity, where the row has one that is not the "no end" of 2099-12-31. Without
    /// a period rule, or with one that has no maximum, a record is shown as long as it is valid; but an adverse one
    /// without a maximum is not shown at all, for display without a rule would be display without a ground.
    ///
    /// # Source
    /// 信用修复管理办法 (NDRC Order 36); counting by 民法典 art. 200–202, see [`crate::period`].
    #[must_use]
    pub fn display_until(
        &self,
        decided_on: Date,
        severity: Option<Severity>,
        valid_until: Option<Date>,
    ) -> Option<Date> {
        let rule = self.period_for(decided_on, severity);
        let day_after_validity = valid_until.map(|last| last.saturating_add(1.day()));
        match rule.and_then(|rule| Some((rule.clock, rule.max_months?))) {
            Some((Clock::DecidedOn, months)) => Some(display_until(decided_on, months)),
            Some((Clock::ValidUntil, months)) => valid_until.map(|last| display_until(last, months)),
            None if self.item.polarity == Polarity::Adverse => Some(decided_on),
            None => day_after_validity,
        }
        .or_else(|| (self.item.polarity == Polarity::Adverse).then_some(decided_on))
    }

    /// Severity of a record, derived from its row: the most severe case that matches, else the rule's `otherwise`.
    /// `None` where no severity rule governs the day.
    ///
    /// `value` gives the exact value of a field by code, as intake stores it: an amount as a whole number of 分
    /// (0.01 CNY) in digits, nothing as an empty string.
    ///
    /// A sole trader reaches an amount only at the higher of the two thresholds: the law names citizens and
    /// organisations and leaves open which a sole trader is, so the reading that favours the person holds.
    pub fn severity_of<'v>(
        &self,
        decided_on: Date,
        subject: SubjectKind,
        value: impl Fn(&str) -> &'v str,
    ) -> Option<Severity> {
        let rule = self.item.severity_rules.iter().find(|rule| rule.span().holds(decided_on))?;
        let matching = rule.cases.iter().filter(|case| case_matches(case, subject, value(&case.field)));
        matching.map(|case| case.is).max().or(Some(rule.otherwise))
    }

    /// The rules in force for a use on the day of reading. More than one may hold: each for its own subjects.
    pub fn use_rule(&self, use_for: Use, on: Date) -> impl Iterator<Item = &UseRule> {
        self.item.use_rules.iter().filter(move |rule| rule.use_for == use_for && rule.span().holds(on))
    }

    /// The rule by which a record of this subject and severity may be shown for a use on a day; `None`: it may not.
    /// A sealed item is never shown. An undecided severity counts as minor, which is published least.
    #[must_use]
    pub fn may_show(
        &self,
        use_for: Use,
        on: Date,
        subject: SubjectKind,
        severity: Option<Severity>,
    ) -> Option<&UseRule> {
        if self.item.sealed {
            return None;
        }
        let severity = severity.unwrap_or(Severity::Minor);
        self.use_rule(use_for, on).find(|rule| {
            rule.subjects.contains(&subject) && (rule.severities.is_empty() || rule.severities.contains(&severity))
        })
    }

    /// How a record is repaired when it is asked for on a day.
    #[must_use]
    pub fn repair_on(&self, asked_on: Date) -> Option<&RepairRule> {
        self.item.repairs.iter().find(|rule| rule.span().holds(asked_on))
    }

    /// How long records are kept by what holds on a day: the item's own rule, or its class's.
    #[must_use]
    pub fn retention_on(&self, day: Date) -> Option<&RetentionRule> {
        self.retentions.iter().find(|rule| rule.span().holds(day))
    }

    /// The first day on which a record is no longer kept, by what holds on `day`. `ended` is the first day on which it was no longer shown; `None` where it
    /// has no end, or the item no rule.
    ///
    /// # Source
    /// 个人信息保护法 art. 19, 47: kept no longer than its purpose needs, then deleted; counting by 民法典 art. 200–202.
    #[must_use]
    pub fn kept_until(&self, ended: Option<Date>, day: Date) -> Option<Date> {
        Some(kept_until(ended?, self.retention_on(day)?.months))
    }
}

fn case_matches(case: &SeverityCase, subject: SubjectKind, value: &str) -> bool {
    let by_value = case.any_of.is_empty() || parts(value).any(|part| case.any_of.iter().any(|wanted| wanted == part));
    let by_amount = match threshold(case, subject) {
        // A case without any condition would match everything; the checker refuses it, and here it matches nothing.
        Threshold::None => !case.any_of.is_empty(),
        Threshold::NotForThisSubject => false,
        Threshold::Fen(least) => value.parse().is_ok_and(|fen: i64| fen >= least),
    };
    by_value && by_amount
}

enum Threshold {
    None,
    NotForThisSubject,
    Fen(i64),
}

fn threshold(case: &SeverityCase, subject: SubjectKind) -> Threshold {
    let (person, organisation) = (case.person_at_least_fen, case.organisation_at_least_fen);
    if person.is_none() && organisation.is_none() {
        return Threshold::None;
    }
    let chosen = match subject {
        SubjectKind::Person => person,
        SubjectKind::Organisation | SubjectKind::Authority => organisation,
        SubjectKind::SoleTrader => person.zip(organisation).map(|(a, b)| a.max(b)),
    };
    chosen.map_or(Threshold::NotForThisSubject, Threshold::Fen)
}

/// The parts of a value that names several things: `罚款、没收违法所得`.
pub fn parts(value: &str) -> impl Iterator<Item = &str> {
    value.split(['、', ';', '；', ',', '，', '/', '|']).map(str::trim).filter(|part| !part.is_empty())
}
