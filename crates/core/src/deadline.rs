//! When something is due, by a dated rule of the catalogue and the working days of a calendar; and why, in plain words.
//!
//! Pure: whoever asks says on which day the period began. Nothing is guessed: without a rule in force on that day, or without the
//! holidays of a year that matters, there is no answer but what lacks.
//!
//! # Source
//! 民法典 art. 201 (the day of the event is not counted), 202 (months and years end on the corresponding day), 203 (a last day on a
//! holiday moves), in force 2021-01-01. Whether a deadline moves is a matter of its rule: what the house sets itself as a ceiling
//! does not, since it would lengthen what burdens the person.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use crate::catalogue::deadline::{Bound, DeadlineKind, DeadlineRule, DeadlineUnit};

use crate::calendar::{Calendar, DayKind, NoYear};
use crate::catalogue::{Catalogue, Dated};
use crate::dates::chinese_date;
use crate::period::last_day;
use crate::say::Say;

/// Why no day can be named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeadlineError {
    /// The catalogue has no such deadline for a period that begins on this day.
    #[error("no rule of {} on {on}", kind.code())]
    NoRule {
        /// The deadline.
        kind: DeadlineKind,
        /// The day on which the period begins.
        on: Date,
    },
    /// The holidays of a year are not known.
    #[error(transparent)]
    NoYear(#[from] NoYear),
    /// The period ends beyond the calendar.
    #[error("beyond the calendar")]
    TooFar,
}

impl DeadlineError {
    /// What lacks, and what to do.
    #[must_use]
    pub fn say(&self) -> Say {
        match self {
            Self::NoRule { kind, on } => {
                let code = kind.code();
                Say::new(
                    format!(
                        "目录中没有自 {on} 起算的期限“{code}”；请在目录中补上 [[deadline]] 并运行 chengxin catalogue apply"
                    ),
                    format!(
                        "the catalogue has no deadline “{code}” for a period that begins on {on}: add a [[deadline]] to it and run chengxin catalogue apply"
                    ),
                )
            }
            Self::NoYear(year) => year.say(),
            Self::TooFar => Say::new(
                "期限届满日超出日历范围；请核对起算日",
                "the period ends beyond the calendar: compare the day on which it begins",
            ),
        }
    }
}

/// The last day on which something is in time, and how it was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// What is due.
    pub kind: DeadlineKind,
    /// The day of the event, which is not counted.
    pub start: Date,
    /// The last day.
    pub last: Date,
    /// The last day as counted, where a holiday moved it.
    pub moved_from: Option<Date>,
    /// How it was counted, in one sentence without its full stop.
    pub how: Say,
}

impl Due {
    /// Is it too late on this day? On the last day it is not.
    #[must_use]
    pub fn is_over(&self, today: Date) -> bool {
        today > self.last
    }
}

impl Catalogue {
    /// The rule for a period that begins on a day.
    ///
    /// # Errors
    /// [`DeadlineError::NoRule`].
    pub fn deadline(&self, kind: DeadlineKind, on: Date) -> Result<&DeadlineRule, DeadlineError> {
        let found = self.deadlines().iter().find(|rule| rule.code == kind && rule.span().holds(on));
        found.ok_or(DeadlineError::NoRule { kind, on })
    }
}

/// When something is due whose period began by an event on `start`.
///
/// # Source
/// 民法典 art. 201–203; the rule's own clauses.
///
/// # Errors
/// [`DeadlineError::NoYear`] where a day that matters is of a year that is not there; [`DeadlineError::TooFar`] beyond year 9999.
///
/// # Example
/// Ten working days from Tuesday, 29 September 2026 end on 19 October: seven days off for National Day lie between, and Saturday,
/// 10 October is worked. `tests/law/` has it, with the others.
pub fn due(start: Date, rule: &DeadlineRule, calendar: &Calendar) -> Result<Due, DeadlineError> {
    let counted = counted(start, rule, calendar)?;
    let last = match rule.holiday_clause {
        Some(_) => calendar.first_working_day(counted)?,
        None => counted,
    };
    let moved_from = (last != counted).then_some(counted);
    let how = explained(start, rule, calendar, last, moved_from)?;
    Ok(Due { kind: rule.code, start, last, moved_from, how })
}

fn counted(start: Date, rule: &DeadlineRule, calendar: &Calendar) -> Result<Date, DeadlineError> {
    let months = |months: u32| last_day(start, months).filter(|last| *last < Date::MAX).ok_or(DeadlineError::TooFar);
    match rule.unit {
        DeadlineUnit::WorkingDays => Ok(calendar.add_working_days(start, rule.count)?),
        DeadlineUnit::Days => start.checked_add(i64::from(rule.count).days()).map_err(|_| DeadlineError::TooFar),
        DeadlineUnit::Months => months(rule.count),
        DeadlineUnit::Years => months(rule.count.saturating_mul(12)),
    }
}

/// The sentence that a resident can recount on a wall calendar.
fn explained(
    start: Date,
    rule: &DeadlineRule,
    calendar: &Calendar,
    last: Date,
    moved_from: Option<Date>,
) -> Result<Say, DeadlineError> {
    let (unit, unit_en) = unit_words(rule.unit, rule.count);
    let (n, from, to) = (rule.count, chinese_date(start), chinese_date(last));
    let mut say = Say::new(
        format!("自{from}次日起 {n} {unit}，至{to}"),
        format!("{n} {unit_en} from the day after {start}, until {last}"),
    );
    if let Some(counted) = moved_from {
        let (zh, en) = day_off(calendar, counted)?;
        say.zh += &format!("（原止于{}，当日为{zh}，顺延至其后第一个工作日）", chinese_date(counted));
        say.en += &format!(" (counted until {counted}, {en}, and moved to the next working day)");
    } else if rule.unit == DeadlineUnit::WorkingDays {
        let (zh, en) = skipped(start, last, calendar)?;
        say.zh += &format!("（{zh}）");
        say.en += &format!(" ({en})");
    } else {
        say.zh += "（周末和节假日计算在内）";
        say.en += " (weekends and holidays count)";
    }
    Ok(say)
}

/// How long somebody has by a rule: “60 日”, “60 days”.
///
/// # Example
/// ```
/// use chengxin_core::deadline::{DeadlineUnit, period};
/// assert_eq!(period(DeadlineUnit::Months, 6).zh, "6 个月");
/// assert_eq!(period(DeadlineUnit::Days, 1).en, "1 day");
/// ```
#[must_use]
pub fn period(unit: DeadlineUnit, count: u32) -> Say {
    let (zh, en) = unit_words(unit, count);
    Say::new(format!("{count} {zh}"), format!("{count} {en}"))
}

fn unit_words(unit: DeadlineUnit, count: u32) -> (&'static str, String) {
    let (zh, en) = match unit {
        DeadlineUnit::WorkingDays => ("个工作日", "working day"),
        DeadlineUnit::Days => ("日", "day"),
        DeadlineUnit::Months => ("个月", "month"),
        DeadlineUnit::Years => ("年", "year"),
    };
    (zh, if count == 1 { en.to_owned() } else { format!("{en}s") })
}

/// What a day without work is.
fn day_off(calendar: &Calendar, day: Date) -> Result<(String, String), NoYear> {
    Ok(match calendar.kind(day)? {
        DayKind::Holiday(holiday) => {
            (format!("{}假期", holiday.festival.zh), format!("a holiday for {}", holiday.festival.en))
        }
        _ => ("周末".to_owned(), "a weekend".to_owned()),
    })
}

/// What was not counted between two days, and which weekend days were.
fn skipped(start: Date, last: Date, calendar: &Calendar) -> Result<(String, String), NoYear> {
    let (mut zh, mut en) = ("周末不计".to_owned(), "weekends do not count".to_owned());
    let (mut told, mut worked): (Vec<Date>, Vec<Date>) = (Vec::new(), Vec::new());
    let mut day = start;
    while day < last {
        day = day.saturating_add(1.day());
        match calendar.kind(day)? {
            DayKind::Holiday(holiday) if !told.contains(&holiday.first) => {
                told.push(holiday.first);
                let Say { zh: name, en: name_en } = &holiday.festival;
                let (first, until) = (holiday.first, holiday.last);
                let (span, span_en) = if first == until {
                    (chinese_date(first), first.to_string())
                } else {
                    (format!("{}至{}", chinese_date(first), chinese_date(until)), format!("{first} to {until}"))
                };
                zh += &format!("，{name}{span}放假不计");
                en += &format!(", nor does {name_en}, {span_en}");
            }
            DayKind::Shifted(_) => worked.push(day),
            _ => {}
        }
    }
    for day in worked {
        zh += &format!("，{}调休上班计入", chinese_date(day));
        en += &format!("; {day} is worked and counts");
    }
    Ok((zh, en))
}
