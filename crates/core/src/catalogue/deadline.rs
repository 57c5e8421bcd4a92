//! Deadlines as they are written in TOML: how long somebody has, counted in the unit that the clause names.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::day;
use crate::say::Say;

/// What must be done in time. A closed list: the work flows of rights name them, and one that a catalogue misspells is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeadlineKind {
    /// A published penalty that was changed or revoked is withdrawn.
    PenaltyWithdrawal,
    /// A request for repair is accepted or turned away.
    RepairAcceptance,
    /// An accepted request for repair is decided.
    RepairDecision,
    /// By how much a decision on repair can be put off, from its last day on.
    RepairExtension,
    /// An objection is answered in writing.
    ObjectionAnswer,
    /// A complaint about misuse of data is answered.
    ComplaintAnswer,
    /// Administrative reconsideration is asked for.
    Reconsideration,
    /// A suit is brought.
    Litigation,
}

impl DeadlineKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::PenaltyWithdrawal,
        Self::RepairAcceptance,
        Self::RepairDecision,
        Self::RepairExtension,
        Self::ObjectionAnswer,
        Self::ComplaintAnswer,
        Self::Reconsideration,
        Self::Litigation,
    ];

    /// Its code: `repair-decision`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PenaltyWithdrawal => "penalty-withdrawal",
            Self::RepairAcceptance => "repair-acceptance",
            Self::RepairDecision => "repair-decision",
            Self::RepairExtension => "repair-extension",
            Self::ObjectionAnswer => "objection-answer",
            Self::ComplaintAnswer => "complaint-answer",
            Self::Reconsideration => "reconsideration",
            Self::Litigation => "litigation",
        }
    }

    /// The kind with exactly this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// In what a clause counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineUnit {
    /// 工作日.
    WorkingDays,
    /// 日: every day counts.
    Days,
    /// 月.
    Months,
    /// 年.
    Years,
}

/// Whom a deadline binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The authority: late is late, and the person is told.
    Authority,
    /// The person, against whom no deadline runs before they were proven to be told.
    Person,
}

/// `[[deadline]]`: how long somebody has from an event, from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// What must be done in time.
    pub code: DeadlineKind,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The event from whose day it is counted: `收到信用修复申请`.
    pub starts: String,
    /// The same in English, after “the day of”.
    pub starts_en: String,
    /// Whom it binds.
    pub binds: Bound,
    /// How many units; at least 1, at most [`Self::MOST`].
    pub count: u32,
    /// The unit.
    pub unit: DeadlineUnit,
    /// `law#clause` that sets it.
    pub clause: String,
    /// The clause binds others, and stands here as the ceiling that the house sets itself by analogy.
    #[serde(default)]
    pub analogy: bool,
    /// `law#clause` by which “days” of the first are working days, where it does not say so itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_clause: Option<String>,
    /// `law#clause` by which a last day on a holiday moves to the next working day; absent where it does not move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holiday_clause: Option<String>,
    /// First day on which a period may start by this rule.
    #[serde(deserialize_with = "day::deserialize")]
    pub from: Date,
    /// First day no longer.
    #[serde(default, deserialize_with = "day::deserialize_option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl DeadlineRule {
    /// Most units of a deadline: no clause of administrative law gives more, and counting stays short.
    pub const MOST: u32 = 1_000;

    /// Its name.
    #[must_use]
    pub fn label(&self) -> Say {
        Say::new(&self.name, &self.name_en)
    }

    /// Every clause that it cites, with the key under which it does.
    pub fn clauses(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let more = [("unit_clause", self.unit_clause.as_deref()), ("holiday_clause", self.holiday_clause.as_deref())];
        let more = more.into_iter().filter_map(|(key, clause)| Some((key, clause?)));
        std::iter::once(("clause", self.clause.as_str())).chain(more)
    }
}
