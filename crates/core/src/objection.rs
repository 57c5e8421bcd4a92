//! An objection to a record, from its filing to the answer: states, lawful steps, who does each, and the clock.
//!
//! Two ways in. An objection to content, period or repair result marks the record at once and goes to the authority that determined
//! it, which answers in writing by the deadline [`DeadlineKind::ObjectionAnswer`]. The statement “this is not me” puts the record out
//! of use at once, until an identity clerk has decided on evidence; it has no deadline, because waiting costs the person nothing. It may be said while an objection
//! runs, which ends with it where the record is found not to be theirs, and goes on where it is.
//!
//! What an overdue answer does is no step that somebody could forget: [`Objection::effect`] follows from state and day alone.
//!
//! # Source
//! 信用修复管理办法 (NDRC Order 36), 异议处理 (not verified); the ceiling by analogy with 征信业管理条例 art. 25; marking, out of use and the
//! statement are house rules.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::deadline::{DeadlineKind, Due};
use crate::say::Say;
use crate::workflow::{Move, Party, Word as _, follow, words};

/// Most characters of a person's statement beside a record.
pub const STATEMENT: usize = 500;

words! {
    /// How far an objection has come.
    ObjectionState {
        /// Filed: the record is marked, the authority has it.
        Filed "filed" "已提出" "filed",
        /// Accepted by the authority.
        Accepted "accepted" "办理中" "accepted",
        /// The authority has asked the person for more.
        MoreAsked "more_asked" "待补充" "asked for more",
        /// “This is not me”: out of use until an identity clerk has decided.
        NotMe "not_me" "声明非本人" "said not to be theirs",
        /// Not taken up, with a reason.
        Refused "refused" "不予受理" "not taken up",
        /// Answered: the record was corrected.
        Corrected "corrected" "已更正" "corrected",
        /// Answered: the record was withdrawn.
        Withdrawn "withdrawn" "已撤销" "withdrawn",
        /// Answered: the record stays, with the person's statement beside it.
        Kept "kept" "维持" "kept",
        /// Decided on evidence: the record is theirs. A further doubt is an objection.
        Theirs "theirs" "确认为本人" "found to be theirs",
        /// Decided on evidence: the record is not theirs.
        NotTheirs "not_theirs" "确认非本人" "found not to be theirs",
    }
}

words! {
    /// A step.
    ObjectionStep {
        /// The authority takes it up.
        Accept "accept" "受理" "take up",
        /// The authority does not, with a reason.
        Refuse "refuse" "不予受理" "not take up",
        /// The authority asks for more.
        AskMore "ask_more" "要求补充" "ask for more",
        /// The person hands in more.
        Supply "supply" "补充材料" "hand in more",
        /// The answer: corrected.
        Correct "correct" "答复更正" "answer that it is corrected",
        /// The answer: withdrawn.
        Withdraw "withdraw" "答复撤销" "answer that it is withdrawn",
        /// The answer: it stays, with reasons.
        Keep "keep" "答复维持" "answer that it stays",
        /// The person's own statement, to stand beside the record.
        State "state" "附加说明" "put a statement beside it",
        /// An identity clerk finds the record to be theirs.
        FindTheirs "find_theirs" "核实为本人" "find it to be theirs",
        /// An identity clerk finds that it is not.
        FindNotTheirs "find_not_theirs" "核实非本人" "find it not to be theirs",
    }
}

type Row = Move<ObjectionState, ObjectionStep>;

const fn row(from: ObjectionState, step: ObjectionStep, by: Party, to: ObjectionState) -> Row {
    Move { from, step, by, to }
}

use ObjectionState as S;
use ObjectionStep as K;

/// Every lawful step. The diagram in `docs/objection.md` is drawn from it.
pub const OBJECTION: &[Row] = &[
    row(S::Filed, K::Accept, Party::Authority, S::Accepted),
    row(S::Filed, K::Refuse, Party::Authority, S::Refused),
    row(S::Filed, K::Supply, Party::Person, S::Filed),
    row(S::Filed, K::State, Party::Person, S::Filed),
    row(S::Accepted, K::AskMore, Party::Authority, S::MoreAsked),
    row(S::Accepted, K::Supply, Party::Person, S::Accepted),
    row(S::Accepted, K::State, Party::Person, S::Accepted),
    row(S::Accepted, K::Correct, Party::Authority, S::Corrected),
    row(S::Accepted, K::Withdraw, Party::Authority, S::Withdrawn),
    row(S::Accepted, K::Keep, Party::Authority, S::Kept),
    row(S::MoreAsked, K::Supply, Party::Person, S::Accepted),
    row(S::MoreAsked, K::State, Party::Person, S::MoreAsked),
    row(S::MoreAsked, K::Correct, Party::Authority, S::Corrected),
    row(S::MoreAsked, K::Withdraw, Party::Authority, S::Withdrawn),
    row(S::MoreAsked, K::Keep, Party::Authority, S::Kept),
    row(S::Kept, K::State, Party::Person, S::Kept),
    row(S::NotMe, K::Supply, Party::Person, S::NotMe),
    row(S::NotMe, K::State, Party::Person, S::NotMe),
    row(S::NotMe, K::FindTheirs, Party::IdentityClerk, S::Theirs),
    row(S::NotMe, K::FindNotTheirs, Party::IdentityClerk, S::NotTheirs),
    // Found in “this is not me” about the same record: then nobody has to answer what it says.
    row(S::Filed, K::FindNotTheirs, Party::IdentityClerk, S::NotTheirs),
    row(S::Accepted, K::FindNotTheirs, Party::IdentityClerk, S::NotTheirs),
    row(S::MoreAsked, K::FindNotTheirs, Party::IdentityClerk, S::NotTheirs),
];

/// The deadline that runs in a state. In all of them it is one and the same period, from the day of filing.
#[must_use]
pub fn clock(state: ObjectionState) -> Option<DeadlineKind> {
    matches!(state, S::Filed | S::Accepted | S::MoreAsked).then_some(DeadlineKind::ObjectionAnswer)
}

/// What an objection in a state does to its record, by whether its answer is overdue.
#[must_use]
pub fn effect(state: ObjectionState, overdue: bool) -> ObjectionEffect {
    match state {
        S::Filed | S::Accepted | S::MoreAsked if overdue => ObjectionEffect::OutOfUse,
        S::Filed | S::Accepted | S::MoreAsked => ObjectionEffect::Marked,
        S::NotMe => ObjectionEffect::OutOfUse,
        S::Refused | S::Kept | S::Theirs => ObjectionEffect::None,
        S::Corrected | S::Withdrawn | S::NotTheirs => ObjectionEffect::Decided,
    }
}

/// What is said with a step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Said {
    /// The reason, the answer or what is asked for; the statement's words.
    pub text: String,
    /// Handles of attachments.
    pub attachments: Vec<String>,
}

/// A step that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// What.
    pub step: ObjectionStep,
    /// By whom.
    pub by: Party,
    /// On which day.
    pub on: Date,
    /// With which words and attachments.
    pub said: Said,
}

/// What an objection does to its record on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectionEffect {
    /// Shown marked 异议中; alone it supports no adverse outcome.
    Marked,
    /// Neither shown nor used, until it is answered.
    OutOfUse,
    /// Nothing any more: the record stands as it is.
    None,
    /// The record was corrected or is gone: its decision locks it.
    Decided,
}

/// Why a step was not done. Nothing has changed then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectionError {
    /// Not lawful here, or not for this party.
    Unlawful(Say),
    /// Filed without grounds: neither words nor anything handed in.
    Groundless,
    /// The step says nothing where it must: a reason, an answer, evidence, a statement, something handed in.
    SaysNothing(ObjectionStep),
    /// A statement is too long: so many characters.
    TooLong(usize),
    /// Before the step that was done last.
    OutOfOrder {
        /// The day given.
        on: Date,
        /// The day of the last step.
        last: Date,
    },
    /// The deadline is of another kind, or begins on another day.
    WrongClock,
}

impl ObjectionError {
    /// What is wrong, and what to do.
    #[must_use]
    pub fn say(&self) -> Say {
        match self {
            Self::Unlawful(say) => say.clone(),
            Self::SaysNothing(step) => {
                let step = step.name();
                Say::new(
                    format!("“{}”须写明内容或者附上材料", step.zh),
                    format!("“{}” takes words or an attachment", step.en),
                )
            }
            Self::Groundless => {
                Say::new("请写明异议的理由，或者附上证明材料", "say why you object, or hand in what shows it")
            }
            Self::TooLong(chars) => Say::new(
                format!("说明有 {chars} 字，最多 {STATEMENT} 字"),
                format!("the statement has {chars} characters; it may have {STATEMENT}"),
            ),
            Self::OutOfOrder { on, last } => Say::new(
                format!("{on} 早于上一步的 {last}；请核对日期"),
                format!("{on} is before the last step, of {last}: compare the dates"),
            ),
            Self::WrongClock => Say::new(
                "异议的期限应为书面答复期限，自提出之日起算",
                "the clock of an objection is that of its answer, from the day of filing",
            ),
        }
    }
}

/// An objection with everything that was said in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    state: ObjectionState,
    filed_on: Date,
    filed: Said,
    /// When the answer is due; none for “this is not me”.
    due: Option<Due>,
    done: Vec<Done>,
}

impl Objection {
    /// Files an objection to content, period or repair result, with its grounds.
    ///
    /// # Errors
    /// [`ObjectionError::WrongClock`] for another deadline or day; [`ObjectionError::Groundless`] without grounds.
    pub fn file(on: Date, grounds: Said, due: Due) -> Result<Self, ObjectionError> {
        if due.kind != DeadlineKind::ObjectionAnswer || due.start != on {
            return Err(ObjectionError::WrongClock);
        }
        if is_silent(&grounds) {
            return Err(ObjectionError::Groundless);
        }
        Ok(Self { state: S::Filed, filed_on: on, filed: grounds, due: Some(due), done: Vec::new() })
    }

    /// Files the statement “this is not me”; it needs no grounds.
    #[must_use]
    pub fn file_not_me(on: Date, said: Said) -> Self {
        Self { state: S::NotMe, filed_on: on, filed: said, due: None, done: Vec::new() }
    }

    /// The same after a step.
    ///
    /// # Errors
    /// [`ObjectionError`]; the objection is as it was.
    pub fn after(&self, step: ObjectionStep, by: Party, on: Date, said: Said) -> Result<Self, ObjectionError> {
        let to = follow(OBJECTION, self.state, step, by).map_err(|unlawful| ObjectionError::Unlawful(unlawful.say))?;
        let last = self.last_day();
        if on < last {
            return Err(ObjectionError::OutOfOrder { on, last });
        }
        if step != K::Accept && is_silent(&said) {
            return Err(ObjectionError::SaysNothing(step));
        }
        let chars = said.text.chars().count();
        if step == K::State && chars > STATEMENT {
            return Err(ObjectionError::TooLong(chars));
        }
        let mut next = self.clone();
        next.state = to;
        next.done.push(Done { step, by, on, said });
        Ok(next)
    }

    /// How far it has come.
    #[must_use]
    pub fn state(&self) -> ObjectionState {
        self.state
    }

    /// The steps that were done, in their order.
    #[must_use]
    pub fn done(&self) -> &[Done] {
        &self.done
    }

    /// When the answer is due, while one is.
    #[must_use]
    pub fn due(&self) -> Option<&Due> {
        self.due.as_ref().filter(|_| self.is_open())
    }

    /// Is the authority late on this day?
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.due().is_some_and(|due| due.is_over(today))
    }

    /// Days by which the answer was late, or is on this day; for the authority's figures. Nothing for “this is not me”.
    #[must_use]
    pub fn days_late(&self, today: Date) -> i32 {
        let until = self.answered_on().unwrap_or(today);
        let days = self.due.as_ref().map_or(0, |due| crate::dates::to_days(until) - crate::dates::to_days(due.last));
        days.max(0)
    }

    /// What it does to its record on a day.
    #[must_use]
    pub fn effect(&self, today: Date) -> ObjectionEffect {
        effect(self.state, self.is_overdue(today))
    }

    /// What was said when it was filed.
    #[must_use]
    pub fn filed(&self) -> &Said {
        &self.filed
    }

    /// The day of filing.
    #[must_use]
    pub fn filed_on(&self) -> Date {
        self.filed_on
    }

    /// The statement that stands beside its record: the newest, once the record is kept.
    #[must_use]
    pub fn statement(&self) -> Option<&str> {
        if self.state == S::Kept { self.statements().last() } else { None }
    }

    /// Handles of everything that was handed in, in order.
    pub fn attachments(&self) -> impl Iterator<Item = &str> {
        let said = std::iter::once(&self.filed).chain(self.done.iter().map(|done| &done.said));
        said.flat_map(|said| said.attachments.iter().map(String::as_str))
    }

    /// The person's statements, the newest last: that one stands beside a record that is kept.
    pub fn statements(&self) -> impl Iterator<Item = &str> {
        self.done.iter().filter(|done| done.step == K::State).map(|done| done.said.text.as_str())
    }

    /// Does somebody still have to answer or decide?
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, S::Filed | S::Accepted | S::MoreAsked | S::NotMe)
    }

    /// The day of the answer or decision, once there is one.
    #[must_use]
    pub fn answered_on(&self) -> Option<Date> {
        if self.is_open() {
            return None;
        }
        self.done.iter().rev().find(|done| done.step != K::State).map(|done| done.on)
    }

    fn last_day(&self) -> Date {
        self.done.last().map_or(self.filed_on, |done| done.on)
    }
}

fn is_silent(said: &Said) -> bool {
    said.text.trim().is_empty() && said.attachments.is_empty()
}
