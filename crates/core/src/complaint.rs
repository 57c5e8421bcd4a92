//! A complaint about misuse of data, a leak or an unlawful look: states, lawful steps, who does each, and the clock.
//!
//! It goes to the credit office, and the authority that supervises the one complained of is told. Both of these may say what they have to say, and decide
//! nothing; the credit office may hand the answer over to an authority here that is competent, which then answers in the same time. A complaint is no item,
//! touches no record and is no reason to refuse anybody anything.
//!
//! # Source
//! 个人信息保护法 art. 65: whoever receives a complaint deals with it in time, and tells the outcome (the clause names no days; not verified). The
//! ceiling by analogy with 征信业管理条例 art. 25.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::code::dated_number;
use crate::dates::to_days;
use crate::deadline::{DeadlineKind, Due};
use crate::say::Say;
use crate::workflow::{Move, Party, follow, words};

dated_number! {
    /// Number of a complaint (投诉, tousu): `TS20261122-7KQ2-M9F4-3TWX-8N`. 60 bits of chance.
    ///
    /// # Example
    /// ```
    /// use chengxin_core::complaint::ComplaintNumber;
    /// let number = ComplaintNumber::new(jiff::civil::date(2026, 11, 22), &[7; 12]);
    /// assert_eq!(ComplaintNumber::parse(&number.text().to_lowercase()), Some(number));
    /// ```
    ComplaintNumber, "TS", 12
}

words! {
    /// How far a complaint has come.
    ComplaintState {
        /// Filed: the credit office has it.
        Filed "filed" "已提交" "filed",
        /// The credit office looks into it.
        Accepted "accepted" "办理中" "being looked into",
        /// Answered: it was right.
        Upheld "upheld" "投诉成立" "upheld",
        /// Answered: it was not.
        NotUpheld "not_upheld" "投诉不成立" "not upheld",
        /// Handed over to an authority here, which answers.
        Referred "referred" "已转交接办" "handed over",
        /// Passed on to somebody who is competent and not here, whom the answer names.
        PassedOn "passed_on" "已移送" "passed on",
        /// Taken back by the person.
        Withdrawn "withdrawn" "已撤回" "taken back",
    }
}

words! {
    /// A step.
    ComplaintStep {
        /// The credit office takes it up.
        Accept "accept" "受理" "take up",
        /// Whoever is concerned, supervises or handles it says what they have to say.
        Comment "comment" "说明情况" "comment",
        /// The answer: it was right, and what follows.
        Uphold "uphold" "答复成立" "answer that it is upheld",
        /// The answer: it was not, and why.
        NotUphold "not_uphold" "答复不成立" "answer that it is not upheld",
        /// To an authority here, which answers in the time that is left.
        Refer "refer" "转交" "hand over",
        /// To somebody who is competent and not here.
        PassOn "pass_on" "移送" "pass on",
        /// The person takes it back.
        Withdraw "withdraw" "撤回" "take back",
    }
}

type Row = Move<ComplaintState, ComplaintStep>;

const fn row(from: ComplaintState, step: ComplaintStep, by: Party, to: ComplaintState) -> Row {
    Move { from, step, by, to }
}

use ComplaintState as S;
use ComplaintStep as K;

/// Every lawful step. The diagram in `docs/complaint.md` is drawn from it.
pub const COMPLAINT: &[Row] = &[
    row(S::Filed, K::Accept, Party::CreditOffice, S::Accepted),
    row(S::Filed, K::Refer, Party::CreditOffice, S::Referred),
    row(S::Filed, K::PassOn, Party::CreditOffice, S::PassedOn),
    row(S::Filed, K::Comment, Party::Concerned, S::Filed),
    row(S::Filed, K::Comment, Party::Supervisor, S::Filed),
    row(S::Filed, K::Withdraw, Party::Person, S::Withdrawn),
    row(S::Accepted, K::Comment, Party::Concerned, S::Accepted),
    row(S::Accepted, K::Comment, Party::Supervisor, S::Accepted),
    row(S::Accepted, K::Uphold, Party::CreditOffice, S::Upheld),
    row(S::Accepted, K::NotUphold, Party::CreditOffice, S::NotUpheld),
    row(S::Accepted, K::Refer, Party::CreditOffice, S::Referred),
    row(S::Accepted, K::PassOn, Party::CreditOffice, S::PassedOn),
    row(S::Accepted, K::Withdraw, Party::Person, S::Withdrawn),
    row(S::Referred, K::Accept, Party::CreditOffice, S::Accepted),
    row(S::Referred, K::Comment, Party::Concerned, S::Referred),
    row(S::Referred, K::Comment, Party::Supervisor, S::Referred),
    row(S::Referred, K::Comment, Party::Handler, S::Referred),
    row(S::Referred, K::Uphold, Party::Handler, S::Upheld),
    row(S::Referred, K::NotUphold, Party::Handler, S::NotUpheld),
    row(S::Referred, K::Withdraw, Party::Person, S::Withdrawn),
];

/// The deadline that runs in a state: one and the same period from the day of filing.
#[must_use]
pub fn clock(state: ComplaintState) -> Option<DeadlineKind> {
    matches!(state, S::Filed | S::Accepted | S::Referred).then_some(DeadlineKind::ComplaintAnswer)
}

/// A step that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// What.
    pub step: ComplaintStep,
    /// By whom.
    pub by: Party,
    /// On which day.
    pub on: Date,
    /// In which words.
    pub text: String,
    /// To whom it was handed over with this step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Why a step was not done. Nothing has changed then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComplaintError {
    /// Not lawful here, or not for this party.
    Unlawful(Say),
    /// A complaint, or a step of this kind, says something.
    SaysNothing,
    /// Before the step that was done last.
    OutOfOrder,
    /// Handed over to nobody, to the authority complained of, or where nothing is handed over.
    WrongHandler,
    /// The deadline is of another kind, or begins on another day.
    WrongClock,
}

impl ComplaintError {
    /// What is wrong, and what to do.
    #[must_use]
    pub fn say(&self) -> Say {
        match self {
            Self::Unlawful(say) => say.clone(),
            Self::SaysNothing => Say::new("须用文字写明内容", "say it in words"),
            Self::OutOfOrder => {
                Say::new("早于上一步的日期；请核对", "before the day of the last step: compare the dates")
            }
            Self::WrongHandler => Say::new(
                "转交须指明一个接办单位，且不能是被投诉单位；其他步骤不写接办单位",
                "handing over names the authority that is to answer, which is not the one complained of; no other step names one",
            ),
            Self::WrongClock => Say::new(
                "投诉的期限应为答复期限，自提交之日起算",
                "the clock of a complaint is that of its answer, from the day of filing",
            ),
        }
    }
}

/// A complaint with everything that was said in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    state: ComplaintState,
    filed_on: Date,
    words: String,
    due: Due,
    done: Vec<Done>,
    /// Code of the authority that answers, while it is handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    handler: Option<String>,
}

impl Complaint {
    /// Files a complaint.
    ///
    /// # Errors
    /// [`ComplaintError::WrongClock`] for another deadline or day; [`ComplaintError::SaysNothing`] without words.
    pub fn file(on: Date, words: String, due: Due) -> Result<Self, ComplaintError> {
        if due.kind != DeadlineKind::ComplaintAnswer || due.start != on {
            return Err(ComplaintError::WrongClock);
        }
        if words.trim().is_empty() {
            return Err(ComplaintError::SaysNothing);
        }
        Ok(Self { state: S::Filed, filed_on: on, words, due, done: Vec::new(), handler: None })
    }

    /// The same, handed over by the credit office to an authority that is not the one `concerned`. The clock goes on: who handles it has the time that is left.
    ///
    /// # Errors
    /// [`ComplaintError`]; the complaint is as it was.
    pub fn referred(&self, to: &str, concerned: &str, on: Date, text: String) -> Result<Self, ComplaintError> {
        if to.is_empty() || to == concerned {
            return Err(ComplaintError::WrongHandler);
        }
        let mut next = self.stepped(K::Refer, Party::CreditOffice, on, text)?;
        next.handler = Some(to.to_owned());
        if let Some(done) = next.done.last_mut() {
            done.to = Some(to.to_owned());
        }
        Ok(next)
    }

    /// The same after a step other than handing over. Taking up and taking back need no words; everything else does.
    ///
    /// # Errors
    /// [`ComplaintError`]; the complaint is as it was.
    pub fn after(&self, step: ComplaintStep, by: Party, on: Date, text: String) -> Result<Self, ComplaintError> {
        if step == K::Refer {
            // Not lawful for this party is said first: it is the nearer reason.
            self.stepped(step, by, on, text)?;
            return Err(ComplaintError::WrongHandler);
        }
        let mut next = self.stepped(step, by, on, text)?;
        if step == K::Accept {
            next.handler = None;
        }
        Ok(next)
    }

    fn stepped(&self, step: ComplaintStep, by: Party, on: Date, text: String) -> Result<Self, ComplaintError> {
        let to = follow(COMPLAINT, self.state, step, by).map_err(|unlawful| ComplaintError::Unlawful(unlawful.say))?;
        if on < self.done.last().map_or(self.filed_on, |done| done.on) {
            return Err(ComplaintError::OutOfOrder);
        }
        if !matches!(step, K::Accept | K::Withdraw) && text.trim().is_empty() {
            return Err(ComplaintError::SaysNothing);
        }
        let mut next = self.clone();
        next.state = to;
        next.done.push(Done { step, by, on, text, to: None });
        Ok(next)
    }

    /// How far it has come.
    #[must_use]
    pub fn state(&self) -> ComplaintState {
        self.state
    }

    /// Code of the authority to which it was handed over, also once that one has answered.
    #[must_use]
    pub fn handler(&self) -> Option<&str> {
        self.handler.as_deref()
    }

    /// Code of the authority that had to answer on a day; the credit office had where there is none.
    #[must_use]
    pub fn handler_on(&self, day: Date) -> Option<&str> {
        let last = self.done.iter().rfind(|done| done.on <= day && matches!(done.step, K::Refer | K::Accept))?;
        // Handed over before steps said to whom: then to whoever has it.
        if last.step == K::Refer { last.to.as_deref().or(self.handler()) } else { None }
    }

    /// The day of filing.
    #[must_use]
    pub fn filed_on(&self) -> Date {
        self.filed_on
    }

    /// What the person says.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The steps that were done, in their order.
    #[must_use]
    pub fn done(&self) -> &[Done] {
        &self.done
    }

    /// Does somebody still have to answer?
    #[must_use]
    pub fn is_open(&self) -> bool {
        clock(self.state).is_some()
    }

    /// When the answer is due, while one is.
    #[must_use]
    pub fn due(&self) -> Option<&Due> {
        self.is_open().then_some(&self.due)
    }

    /// The day on which it was answered, passed on or taken back.
    #[must_use]
    pub fn closed_on(&self) -> Option<Date> {
        if self.is_open() { None } else { self.done.last().map(|done| done.on) }
    }

    /// Days by which the answer was late, or is on this day. One that was taken back is late for nobody.
    #[must_use]
    pub fn days_late(&self, today: Date) -> i32 {
        if self.state == S::Withdrawn {
            return 0;
        }
        (to_days(self.closed_on().unwrap_or(today)) - to_days(self.due.last)).max(0)
    }
}
