//! Working days: which day an office is open, by the holidays and shifted workdays that the State Council orders each year.
//!
//! A calendar is data, one file for a year ([`mod@file`]). Nothing here guesses: a year without a file is an error that names it,
//! because a weekend or a Monday in October may be either.
//!
//! # Source
//! 全国年节及纪念日放假办法 for the festivals; the yearly notice of the General Office of the State Council for the days, which each
//! file names. The notice of a year comes out in the last weeks of the year before and may make the last days of December a
//! holiday or worked: those days are certain once the next year is loaded.

pub mod file;

use std::collections::BTreeMap;
use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

pub use file::{Fault, Holiday, YearFile};

use crate::catalogue::hash_of_files;
use crate::say::Say;

/// Years of working days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i16, YearFile>,
    /// Days that are not what their weekday says, and weekends within a holiday.
    special: BTreeMap<Date, Special>,
}

/// A day in a notice: of which holiday, and whether it is worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Special {
    year: i16,
    holiday: usize,
    worked: bool,
}

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind<'c> {
    /// Monday to Friday, and no holiday.
    Workday,
    /// A Saturday or Sunday outside every holiday.
    Weekend,
    /// Off for a holiday, whichever day of the week it is.
    Holiday(&'c Holiday),
    /// A Saturday or Sunday that is worked in return for a holiday.
    Shifted(&'c Holiday),
}

impl DayKind<'_> {
    /// Are offices open?
    #[must_use]
    pub fn is_worked(self) -> bool {
        matches!(self, Self::Workday | Self::Shifted(_))
    }
}

/// A year whose holidays are not known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoYear {
    /// The year that lacks.
    pub year: i16,
    /// First and last year of each run of years that are there.
    pub known: Vec<(i16, i16)>,
}

impl NoYear {
    /// What lacks, and what to do.
    #[must_use]
    pub fn say(&self) -> Say {
        let year = self.year;
        let run = |(first, last): &(i16, i16), to: &str| {
            if first == last { first.to_string() } else { format!("{first}{to}{last}") }
        };
        let runs = |to: &str, by: &str| self.known.iter().map(|known| run(known, to)).collect::<Vec<_>>().join(by);
        let (zh, en) = match self.known.as_slice() {
            [] => ("目前没有任何年份".to_owned(), "no year is there".to_owned()),
            _ => (format!("已有 {}", runs("—", "、")), format!("there are {}", runs("–", ", "))),
        };
        Say::new(
            format!(
                "没有 {year} 年的节假日安排（{zh}），无法推算工作日；请按国务院办公厅的通知写成文件，运行 chengxin calendar apply {year}.toml"
            ),
            format!(
                "the holidays of {year} are not known ({en}), so working days cannot be counted: write the State Council's notice as a file and run chengxin calendar apply {year}.toml"
            ),
        )
    }
}

impl fmt::Display for NoYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for NoYear {}

/// The content hash of files, given as (name, text), in 64 lower-case hexadecimal digits; in whatever order they are given.
#[must_use]
pub fn hash_hex(files: &[(String, String)]) -> String {
    hash_of_files(b"chengxin calendar v1\n", files).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Calendar {
    /// Reads files, given as (name, text), in any order.
    ///
    /// Where two years speak of one day, which only the last days of December can be, the later notice holds.
    ///
    /// # Errors
    /// Every fault of every file, and two files of one year.
    pub fn load(files: &[(String, String)]) -> Result<Self, Vec<Fault>> {
        let (mut calendar, mut faults) = (Self::default(), Vec::new());
        for (name, text) in files {
            match YearFile::read(name, text) {
                Ok(year) if calendar.years.contains_key(&year.year) => faults.push(file::second(name, year.year)),
                Ok(year) => drop(calendar.years.insert(year.year, year)),
                Err(found) => faults.extend(found),
            }
        }
        for (year, of) in &calendar.years {
            for (at, holiday) in of.holidays.iter().enumerate() {
                let special = |worked| Special { year: *year, holiday: at, worked };
                calendar.special.extend(holiday.days().map(|day| (day, special(false))));
                calendar.special.extend(holiday.worked.iter().map(|day| (*day, special(true))));
            }
        }
        if faults.is_empty() { Ok(calendar) } else { Err(faults) }
    }

    /// The years that are there, in their order.
    pub fn years(&self) -> impl Iterator<Item = &YearFile> {
        self.years.values()
    }

    /// One year.
    ///
    /// # Errors
    /// [`NoYear`].
    pub fn year(&self, year: i16) -> Result<&YearFile, NoYear> {
        self.years.get(&year).ok_or_else(|| NoYear { year, known: self.runs() })
    }

    /// What a day is.
    ///
    /// # Errors
    /// [`NoYear`] where its year is not there.
    pub fn kind(&self, day: Date) -> Result<DayKind<'_>, NoYear> {
        self.year(day.year())?;
        let special = self.special.get(&day);
        let found = special.and_then(|of| Some((of, self.years.get(&of.year)?.holidays.get(of.holiday)?)));
        Ok(match found {
            Some((of, holiday)) if of.worked => DayKind::Shifted(holiday),
            Some((_, holiday)) => DayKind::Holiday(holiday),
            None if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) => DayKind::Weekend,
            None => DayKind::Workday,
        })
    }

    /// Are offices open on a day?
    ///
    /// # Errors
    /// [`NoYear`] where its year is not there.
    pub fn is_working_day(&self, day: Date) -> Result<bool, NoYear> {
        Ok(self.kind(day)?.is_worked())
    }

    /// The last day of a period of `n` working days from `from`, which is not counted itself: the first working day after it
    /// is the first. No days: `from`.
    ///
    /// # Source
    /// 民法典 art. 201 (in force 2021-01-01): the day on which a period begins is not counted.
    ///
    /// # Errors
    /// [`NoYear`] where the period reaches a year that is not there.
    pub fn add_working_days(&self, from: Date, n: u32) -> Result<Date, NoYear> {
        let mut day = from;
        for _ in 0..n {
            day = self.first_working_day(day.saturating_add(1.day()))?;
        }
        Ok(day)
    }

    /// The working days after `from`, up to `to` and with it; none where `to` is not later. It counts back what
    /// [`Self::add_working_days`] adds.
    ///
    /// # Errors
    /// [`NoYear`] where a day between is of a year that is not there.
    pub fn count_working_days(&self, from: Date, to: Date) -> Result<u32, NoYear> {
        let (mut count, mut day) = (0, from);
        while day < to {
            day = day.saturating_add(1.day());
            count += u32::from(self.is_working_day(day)?);
        }
        Ok(count)
    }

    /// The earliest day from which `today` is not later than `n` working days: what was decided on it or after arrives in time today.
    ///
    /// # Errors
    /// [`NoYear`] where the search reaches a year that is not there.
    pub fn in_time_since(&self, today: Date, n: u32) -> Result<Date, NoYear> {
        let (mut count, mut day) = (0, today);
        loop {
            count += u32::from(self.is_working_day(day)?);
            if count > n {
                return Ok(day);
            }
            day = day.saturating_sub(1.day());
        }
    }

    /// The day itself where offices are open on it, or the first after it on which they are.
    ///
    /// # Errors
    /// [`NoYear`] where the search reaches a year that is not there.
    pub fn first_working_day(&self, day: Date) -> Result<Date, NoYear> {
        let mut day = day;
        // It ends: after the last day of the last year, `is_working_day` refuses.
        while !self.is_working_day(day)? {
            day = day.saturating_add(1.day());
        }
        Ok(day)
    }

    /// First and last of each run of years.
    fn runs(&self) -> Vec<(i16, i16)> {
        let mut runs: Vec<(i16, i16)> = Vec::new();
        for year in self.years.keys() {
            match runs.last_mut() {
                Some((_, last)) if last.saturating_add(1) == *year => *last = *year,
                _ => runs.push((*year, *year)),
            }
        }
        runs
    }
}
