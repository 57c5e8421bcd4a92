//! The end of a record: whether its time is over, what puts its destruction off, and what keeps the key of its subject.
//!
//! Pure: columns and days in, a decision out. What is kept longer than its purpose needs is a burden without a ground, and what is destroyed too early is a
//! right that nobody can use any more; so both sides stand here, each with its clause.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Say;

/// How long the lines of a person's own log are kept readable behind the last one, in months.
///
/// # Source
/// 民法典 art. 188: three years in which a claim can be brought (not verified); 网络安全法 art. 21: logs are kept for six months at least (not verified). The longer
/// of both, as a house rule: who wants to know who looked has the time in which they could do something about it.
pub const LINES_MONTHS: u32 = 36;

/// What stands open about a record whose time is over, and needs its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PutOff {
    /// An objection, a statement “this is not me” or a repair about it has no answer yet.
    Proceeding,
    /// An authority that was shown it, before a decision changed it, has not settled what it did on it.
    FollowUp,
    /// A complaint of the person's is open, whose line may be about it.
    Complaint,
    /// A file that is being taken in says something about it.
    ComingIn,
    /// Nobody has read the clause at its source: what cannot be undone is done on no other.
    NotRead,
}

impl PutOff {
    /// All of them, in the order in which they are asked.
    pub const ALL: [Self; 5] = [Self::Proceeding, Self::FollowUp, Self::Complaint, Self::ComingIn, Self::NotRead];

    /// In words.
    #[must_use]
    pub fn say(self) -> Say {
        match self {
            Self::Proceeding => {
                Say::new("有未办结的异议、声明或者信用修复", "an objection, a statement or a repair about it is open")
            }
            Self::FollowUp => Say::new(
                "查看过该记录的单位尚未确认或者重新办理",
                "an authority that was shown it has not settled what it did on it",
            ),
            Self::Complaint => Say::new("有未办结的投诉", "a complaint is open"),
            Self::ComingIn => {
                Say::new("正在接收的批次涉及该记录", "a file that is being taken in says something about it")
            }
            Self::NotRead => Say::new(
                "保存期限所依据的条款尚未核对原文",
                "the clause on which it is kept and destroyed was not read at its source",
            ),
        }
    }
}

/// What becomes of a record on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is kept: until a day, or without an end.
    Kept(Option<Date>),
    /// Its time is over, and something still needs it.
    PutOff(PutOff),
    /// It is destroyed today.
    Due,
}

/// What becomes of a record on `today`. `kept_until` are the first days on which each of its versions that count is no longer kept; `None` for one without end.
/// A record is kept for as long as its longest.
///
/// # Source
/// 个人信息保护法 art. 19, 47 (not verified); 征信业管理条例 art. 16, by analogy.
#[must_use]
pub fn fate(kept_until: &[Option<Date>], open: Option<PutOff>, today: Date) -> Fate {
    let longest = kept_until.iter().copied().reduce(|a, b| Some(a?.max(b?)));
    match longest {
        Some(Some(until)) if until <= today => open.map_or(Fate::Due, Fate::PutOff),
        Some(until) => Fate::Kept(until),
        // Nothing says when it ended.
        None => Fate::Kept(None),
    }
}

/// What keeps a subject's key, number and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A record whose content is kept.
    Record,
    /// A tombstone that would not know the row of a weekly file again.
    Tombstone,
    /// A consent that holds.
    Consent,
    /// A mandate that holds or is offered.
    Mandate,
    /// An account that is bound to the person.
    Account,
    /// A proceeding without its answer.
    Proceeding,
    /// What an authority has to settle after a record was changed.
    FollowUp,
    /// A complaint without its answer.
    Complaint,
    /// A notice that was not delivered.
    Notice,
    /// Lines that are hidden until a day.
    Hidden,
    /// Lines that the person may still want to read.
    Lines,
}

/// What is there about a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Remains {
    /// Is there a record that is not erased, those of files being taken in included?
    pub record: bool,
    /// The first day on which no row that a tombstone stands against would be taken any more, because its time is over; [`Date::MAX`] where that never comes,
    /// and `None` where there is no tombstone.
    pub guards_until: Option<Date>,
    /// Is there a consent that holds?
    pub consent: bool,
    /// Is there a mandate that holds or is offered?
    pub mandate: bool,
    /// Is an account bound to them?
    pub account: bool,
    /// Is there an objection, statement or repair without its answer?
    pub proceeding: bool,
    /// Is there something that an authority has to settle?
    pub follow_up: bool,
    /// Is there a complaint without its answer?
    pub complaint: bool,
    /// Is there a notice that was not delivered?
    pub notice: bool,
    /// Are there lines that were not revealed yet?
    pub hidden: bool,
    /// The day of the last line of their log.
    pub last_line: Option<Date>,
}

impl Remains {
    /// The first day on which the lines need to be readable no more.
    fn lines_until(&self) -> Option<Date> {
        self.last_line.map(|day| crate::period::kept_until(day.saturating_add(1.day()), LINES_MONTHS))
    }

    /// What keeps the subject's key on `today`; nothing: it goes, with number, names and tags. What the log needs for its proofs stays: commitments are over
    /// sealed bytes, with salts outside the erasable keys.
    #[must_use]
    pub fn holders(&self, today: Date) -> Vec<Holder> {
        let after = |day: Option<Date>| day.is_some_and(|day| today < day);
        let all = [
            (self.record, Holder::Record),
            (after(self.guards_until), Holder::Tombstone),
            (self.consent, Holder::Consent),
            (self.mandate, Holder::Mandate),
            (self.account, Holder::Account),
            (self.proceeding, Holder::Proceeding),
            (self.follow_up, Holder::FollowUp),
            (self.complaint, Holder::Complaint),
            (self.notice, Holder::Notice),
            (self.hidden, Holder::Hidden),
            (after(self.lines_until()), Holder::Lines),
        ];
        all.into_iter().filter_map(|(holds, holder)| holds.then_some(holder)).collect()
    }

    /// What keeps it where a decision says that nothing need be guarded against, and who looked need not be told any more.
    #[must_use]
    pub fn holders_beside_decision(&self, today: Date) -> Vec<Holder> {
        let mut all = self.holders(today);
        all.retain(|holder| !matches!(holder, Holder::Tombstone | Holder::Lines));
        all
    }

    /// When it is worth asking again: the day on which tombstones and lines are over, a month from now where something else holds; never while a record is
    /// there, whose own erasure asks again, nor where a tombstone stands for ever.
    #[must_use]
    pub fn asked_again(&self, today: Date) -> Option<Date> {
        let holders = self.holders(today);
        if self.record || self.guards_until == Some(Date::MAX) || holders.is_empty() {
            return None;
        }
        let known = [self.guards_until, self.lines_until()].into_iter().flatten().max().filter(|day| *day > today);
        Some(known.unwrap_or_else(|| today.saturating_add(1.month())))
    }
}
