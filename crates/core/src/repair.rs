//! Repair of a record, from the person's request to the authority's decision: states, lawful steps, who does each, and the clocks.
//!
//! The authority takes a request up or turns it away by [`DeadlineKind::RepairAcceptance`], and decides what it took up by
//! [`DeadlineKind::RepairDecision`]; a complex case is extended with a reason to a day that it names. More time to perform (申请延期), an
//! own explanation (自主解释) and “performed on …” (已履行) are steps of their own, which need no request. At the maximum period display ends
//! with no step at all: [`Repair::is_shown`] follows from the day.
//!
//! What follows where the authority is late is not in the clause that was read: lateness is seen from the first day on and counts.
//!
//! # Source
//! 信用修复管理办法 (NDRC Order 36, in force 2026-04-01): 信用修复条件 and 效力; 办理流程, not verified.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::dates::to_days;
use crate::deadline::{DeadlineKind, Due};
use crate::say::Say;
use crate::workflow::{Move, Party, Word as _, follow, words};

words! {
    /// How far repair has come.
    RepairState {
        /// Nothing is asked for.
        Open "open" "未申请" "not asked for",
        /// Asked for: the authority takes it up or turns it away.
        Asked "asked" "已申请" "asked for",
        /// Taken up: the authority decides.
        Accepted "accepted" "已受理" "taken up",
        /// Turned away with reasons; it may be asked for again.
        TurnedAway "turned_away" "不予受理" "turned away",
        /// Refused with reasons; it may be asked for again.
        Refused "refused" "不予修复" "refused",
        /// Granted: display, sharing, use and measures end.
        Granted "granted" "准予修复" "granted",
    }
}

words! {
    /// A step.
    RepairStep {
        /// The person says when they performed, with proof.
        Perform "perform" "已履行" "say that it is performed",
        /// The person asks for more time to perform.
        AskDelay "ask_delay" "申请延期" "ask for more time to perform",
        /// The authority answers that request.
        AnswerDelay "answer_delay" "答复延期" "answer about more time",
        /// The person's own explanation, without contesting the record.
        Explain "explain" "自主解释" "explain",
        /// The person asks for repair.
        Ask "ask" "申请修复" "ask for repair",
        /// The authority takes it up.
        Accept "accept" "受理" "take up",
        /// The authority turns it away, with reasons.
        TurnAway "turn_away" "不予受理" "turn away",
        /// The authority extends the time for its decision, with a reason.
        Extend "extend" "延长办理期限" "extend",
        /// The authority grants it.
        Grant "grant" "准予修复" "grant",
        /// The authority refuses it, with reasons.
        Refuse "refuse" "不予修复" "refuse",
    }
}

type Row = Move<RepairState, RepairStep>;

const fn row(from: RepairState, step: RepairStep, by: Party, to: RepairState) -> Row {
    Move { from, step, by, to }
}

use RepairState as S;
use RepairStep as K;

/// Every lawful step. The diagram in `docs/repair.md` is drawn from it.
pub const REPAIR: &[Row] = &[
    row(S::Open, K::Perform, Party::Person, S::Open),
    row(S::Open, K::AskDelay, Party::Person, S::Open),
    row(S::Open, K::AnswerDelay, Party::Authority, S::Open),
    row(S::Open, K::Explain, Party::Person, S::Open),
    row(S::Open, K::Ask, Party::Person, S::Asked),
    row(S::Asked, K::Explain, Party::Person, S::Asked),
    row(S::Asked, K::Accept, Party::Authority, S::Accepted),
    row(S::Asked, K::TurnAway, Party::Authority, S::TurnedAway),
    row(S::Accepted, K::Explain, Party::Person, S::Accepted),
    row(S::Accepted, K::Extend, Party::Authority, S::Accepted),
    row(S::Accepted, K::Grant, Party::Authority, S::Granted),
    row(S::Accepted, K::Refuse, Party::Authority, S::Refused),
    row(S::TurnedAway, K::Perform, Party::Person, S::TurnedAway),
    row(S::TurnedAway, K::Explain, Party::Person, S::TurnedAway),
    row(S::TurnedAway, K::Ask, Party::Person, S::Asked),
    row(S::Refused, K::Perform, Party::Person, S::Refused),
    row(S::Refused, K::Explain, Party::Person, S::Refused),
    row(S::Refused, K::Ask, Party::Person, S::Asked),
];

/// The deadline that runs in a state.
#[must_use]
pub fn clock(state: RepairState) -> Option<DeadlineKind> {
    match state {
        S::Asked => Some(DeadlineKind::RepairAcceptance),
        S::Accepted => Some(DeadlineKind::RepairDecision),
        S::Open | S::TurnedAway | S::Refused | S::Granted => None,
    }
}

/// What is said with a step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Said {
    /// The reason, the explanation, the answer.
    pub text: String,
    /// Handles of attachments; of a request, the proof of performance.
    pub attachments: Vec<String>,
    /// Handle of the public commitment (信用承诺), with a request.
    pub commitment: Option<String>,
    /// When the next thing is due: with the steps that begin a clock. With an extension, how far it may go.
    pub due: Option<Due>,
    /// The day to which a decision is extended.
    pub until: Option<Date>,
}

/// A step that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// What.
    pub step: RepairStep,
    /// By whom.
    pub by: Party,
    /// On which day.
    pub on: Date,
    /// With what.
    pub said: Said,
    /// Days by which it came after its last day; 0 where it came in time or had no last day.
    pub late: i32,
}

/// Why a step was not done. Nothing has changed then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepairError {
    /// Not lawful here, or not for this party.
    Unlawful(Say),
    /// Asked for before the minimum period is over: it is possible from this day on.
    TooEarly(Date),
    /// A request without proof of performance.
    NoProof,
    /// A request without a commitment.
    NoCommitment,
    /// The step says nothing where it must.
    SaysNothing(RepairStep),
    /// The clock that the step begins is missing, is another, or begins on another day.
    WrongClock,
    /// An extension to a day that is not later than the decision was due, or from which it is late already.
    NoExtension(Date),
    /// An extension beyond the last day to which one is lawful.
    ExtendedTooFar(Date),
    /// A second extension of one decision.
    ExtendedBefore,
    /// Before the step that was done last.
    OutOfOrder {
        /// The day given.
        on: Date,
        /// The day of the last step.
        last: Date,
    },
}

impl RepairError {
    /// What is wrong, and what to do.
    #[must_use]
    pub fn say(&self) -> Say {
        match self {
            Self::Unlawful(say) => say.clone(),
            Self::TooEarly(from) => Say::new(
                format!("尚未达到最短公示期限，{from} 起可以申请"),
                format!("the minimum period is not over: it can be asked for from {from} on"),
            ),
            Self::NoProof => Say::new("请附上义务履行完毕的证明材料", "attach the proof that everything was performed"),
            Self::NoCommitment => Say::new("请附上信用承诺书", "attach the commitment letter"),
            Self::SaysNothing(step) => {
                let step = step.name();
                Say::new(format!("“{}”须写明内容", step.zh), format!("“{}” takes words", step.en))
            }
            Self::WrongClock => Say::new(
                "所附期限与该步骤不符，应自办理之日起算",
                "the clock is not the one that this step begins, from its day",
            ),
            Self::NoExtension(due) => Say::new(
                format!("只能在 {due} 届满之前延长到其后的一日"),
                format!("it can be extended before it is late, to a day after {due}"),
            ),
            Self::ExtendedTooFar(last) => {
                Say::new(format!("最多可以延长到 {last}"), format!("it can be extended until {last} at most"))
            }
            Self::ExtendedBefore => Say::new(
                "该申请的办理期限已经延长过一次，不能再次延长；请在期限内作出决定",
                "the time for this request was extended once, and is not again: decide by its last day",
            ),
            Self::OutOfOrder { on, last } => Say::new(
                format!("{on} 早于上一步的 {last}；请核对日期"),
                format!("{on} is before the last step, of {last}: compare the dates"),
            ),
        }
    }
}

/// The repair of one record, with everything that was said in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    state: RepairState,
    /// First day on which it may be asked for.
    possible_from: Date,
    /// First day on which the record is not shown any more; `None` without a maximum.
    display_until: Option<Date>,
    /// Last day for what the authority has to do now.
    due: Option<Date>,
    done: Vec<Done>,
}

impl Repair {
    /// Of a record for which nothing was asked yet. Both days are the catalogue's: `period::repair_from` and the item's own.
    #[must_use]
    pub fn of(possible_from: Date, display_until: Option<Date>) -> Self {
        Self { state: S::Open, possible_from, display_until, due: None, done: Vec::new() }
    }

    /// The same with the days as catalogue and record have them now: a correction, or another catalogue, may have moved them since it was begun.
    #[must_use]
    pub fn with_days(self, possible_from: Date, display_until: Option<Date>) -> Self {
        Self { possible_from, display_until, ..self }
    }

    /// The same after a step.
    ///
    /// # Errors
    /// [`RepairError`]; it is as it was.
    pub fn after(&self, step: RepairStep, by: Party, on: Date, said: Said) -> Result<Self, RepairError> {
        let to = follow(REPAIR, self.state, step, by).map_err(|unlawful| RepairError::Unlawful(unlawful.say))?;
        if let Some(last) = self.done.last().map(|done| done.on).filter(|last| on < *last) {
            return Err(RepairError::OutOfOrder { on, last });
        }
        if step == K::Ask {
            self.may_ask(on, &said)?;
        } else if step != K::Accept && step != K::Grant && said.text.trim().is_empty() && said.attachments.is_empty() {
            return Err(RepairError::SaysNothing(step));
        }
        let due = self.due_after(step, to, on, &said)?;
        let mut next = self.clone();
        (next.state, next.due) = (to, due);
        let late = if to == self.state { 0 } else { self.days_late(on) };
        next.done.push(Done { step, by, on, said, late });
        Ok(next)
    }

    /// The conditions of a request.
    fn may_ask(&self, on: Date, said: &Said) -> Result<(), RepairError> {
        if on < self.possible_from {
            return Err(RepairError::TooEarly(self.possible_from));
        }
        let handed_in = self.done.iter().filter(|done| done.step == K::Perform).flat_map(|done| &done.said.attachments);
        if said.attachments.iter().chain(handed_in).next().is_none() {
            return Err(RepairError::NoProof);
        }
        if said.commitment.as_deref().is_none_or(|commitment| commitment.trim().is_empty()) {
            return Err(RepairError::NoCommitment);
        }
        Ok(())
    }

    /// The last day for what comes next: a step that enters a state with a clock brings it, another leaves it running.
    fn due_after(&self, step: RepairStep, to: RepairState, on: Date, said: &Said) -> Result<Option<Date>, RepairError> {
        if step == K::Extend {
            let due = self.due.ok_or(RepairError::WrongClock)?;
            if self.extension().is_some() {
                return Err(RepairError::ExtendedBefore);
            }
            let until = said.until.filter(|until| *until > due && on <= due).ok_or(RepairError::NoExtension(due))?;
            let most = said.due.as_ref().filter(|it| it.kind == DeadlineKind::RepairExtension && it.start == due);
            let last = most.ok_or(RepairError::WrongClock)?.last;
            return if until <= last { Ok(Some(until)) } else { Err(RepairError::ExtendedTooFar(last)) };
        }
        match clock(to) {
            Some(_) if to == self.state => Ok(self.due),
            Some(kind) => {
                let due = said.due.as_ref().filter(|due| due.kind == kind && due.start == on);
                due.map(|due| Some(due.last)).ok_or(RepairError::WrongClock)
            }
            None => Ok(None),
        }
    }

    /// The extension of the decision that is due, where it was extended.
    #[must_use]
    pub fn extension(&self) -> Option<&Done> {
        let since = self.done.iter().rev().take_while(|done| done.step != K::Accept);
        since.filter(|_| self.state == S::Accepted).find(|done| done.step == K::Extend)
    }

    /// The period that runs now, as its clause counts it; an extension leaves it, and [`Self::extension`] tells of that.
    #[must_use]
    pub fn clock(&self) -> Option<&Due> {
        let began =
            self.done.iter().rev().filter(|done| done.step != K::Extend).find_map(|done| done.said.due.as_ref());
        began.filter(|_| self.due.is_some())
    }

    /// How far it has come.
    #[must_use]
    pub fn state(&self) -> RepairState {
        self.state
    }

    /// The steps that were done, in their order.
    #[must_use]
    pub fn done(&self) -> &[Done] {
        &self.done
    }

    /// The last day for what the authority has to do now; none where nothing is.
    #[must_use]
    pub fn due(&self) -> Option<Date> {
        self.due
    }

    /// Is the authority late on this day?
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.due.is_some_and(|due| today > due)
    }

    /// Days by which the authority is late on this day with what it has to do now. What it did late says so itself ([`Done::late`]).
    #[must_use]
    pub fn days_late(&self, today: Date) -> i32 {
        self.due.map_or(0, |due| (to_days(today) - to_days(due)).max(0))
    }

    /// Is the record still shown, as far as repair and its period go? Granted or at the maximum it is not, whoever forgets what.
    #[must_use]
    pub fn is_shown(&self, today: Date) -> bool {
        self.state != S::Granted && self.display_until.is_none_or(|until| today < until)
    }

    /// Handles of everything that was handed in, commitments among them, in order.
    pub fn attachments(&self) -> impl Iterator<Item = &str> {
        let said = self.done.iter().map(|done| &done.said);
        said.flat_map(|said| said.attachments.iter().map(String::as_str).chain(said.commitment.as_deref()))
    }

    /// The person's explanations, the newest last.
    pub fn explanations(&self) -> impl Iterator<Item = &str> {
        self.done.iter().filter(|done| done.step == K::Explain).map(|done| done.said.text.as_str())
    }
}
