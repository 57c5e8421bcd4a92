//! One year of holidays as it is written in TOML, and what may not stand there.
//!
//! ```toml
//! year = 2026
//! verified = false
//! notices = ["https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm"]
//!
//! [[holiday]]
//! festival = "春节"
//! festival_en = "Spring Festival"
//! first = 2026-02-15   # both are days off
//! last = 2026-02-23
//! worked = [2026-02-14, 2026-02-28]
//! ```

use std::fmt;
use std::ops::Range;

use jiff::Span;
use jiff::civil::{Date, Weekday, date};
use serde::{Deserialize, Deserializer, Serialize};
use toml::Spanned;

use crate::catalogue::{day, line_of};
use crate::say::Say;

/// Years that a file may be of. The first notice of this kind was for 2000; four digits are written everywhere.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2999;

/// Longest holiday, in days. The longest yet had ten (Spring Festival of 2020, prolonged): more is a slip of the pen.
const LONGEST: usize = 16;

/// Days off in every year, as month, day and name.
///
/// # Source
/// 全国年节及纪念日放假办法 art. 2.
const ALWAYS_OFF: [(i8, i8, &str, &str); 3] =
    [(1, 1, "元旦", "New Year's Day"), (5, 1, "劳动节", "Labour Day"), (10, 1, "国庆节", "National Day")];

/// A year of holidays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct YearFile {
    /// The year.
    pub year: i16,
    /// Did whoever wrote the file read the notice itself?
    pub verified: bool,
    /// Where the notices stand; empty where nobody said.
    pub notices: Vec<String>,
    /// The holidays, in their order.
    pub holidays: Vec<Holiday>,
}

/// One holiday, of one festival or of two that touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Holiday {
    /// Its name.
    pub festival: Say,
    /// First day off.
    pub first: Date,
    /// Last day off.
    pub last: Date,
    /// Saturdays and Sundays that are worked in return, in their order.
    pub worked: Vec<Date>,
}

impl Holiday {
    /// Its days off.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        let last = self.last;
        self.first.series(Span::new().days(1)).take_while(move |day| *day <= last)
    }

    fn holds(&self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

/// What is wrong with a file, and what would mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Name of the file, as it was given.
    pub file: String,
    /// Line in it, counted from 1.
    pub line: usize,
    /// What is wrong and what would mend it.
    pub say: Say,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.say)
    }
}

/// The file as read, each value with its place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    year: Spanned<i64>,
    verified: bool,
    #[serde(default)]
    notices: Vec<Spanned<String>>,
    #[serde(default, rename = "holiday")]
    holidays: Vec<WrittenHoliday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenHoliday {
    festival: Spanned<String>,
    festival_en: Spanned<String>,
    first: Spanned<Day>,
    last: Spanned<Day>,
    #[serde(default)]
    worked: Vec<Spanned<Day>>,
}

#[derive(Clone, Copy)]
struct Day(Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        day::deserialize(from).map(Day)
    }
}

impl YearFile {
    /// Reads one file.
    ///
    /// # Errors
    /// Each fault with its line: no TOML, an unknown key, a year out of range or without a festival that every year has, a holiday
    /// without a name, reversed, too long or of another year, a day twice, a worked day that is no weekend.
    pub fn read(name: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults { file: name, text, found: Vec::new() };
        let written: Written = match toml::from_str(text) {
            Ok(written) => written,
            Err(error) => {
                let why = error.message();
                let (zh, en) = (
                    format!("无法读取：{why}；写法见 docs/operating/calendars.md"),
                    format!("cannot be read: {why}; docs/operating/calendars.md shows the form"),
                );
                faults.add(error.span().unwrap_or(0..0), zh, en);
                return Err(faults.found);
            }
        };
        let year = i16::try_from(*written.year.get_ref()).ok().filter(|year| YEARS.contains(year));
        let Some(year) = year else {
            let (zh, en) = ("年份应为 2000 至 2999", "a year is 2000 to 2999");
            faults.add(written.year.span(), zh, en);
            return Err(faults.found);
        };
        for notice in written.notices.iter().filter(|notice| notice.get_ref().trim().is_empty()) {
            let (zh, en) = ("通知地址为空；请写明或者删去", "an empty address of a notice: write it, or leave it out");
            faults.add(notice.span(), zh, en);
        }
        let mut holidays: Vec<Holiday> = Vec::new();
        for one in &written.holidays {
            let holiday = one.plain();
            faults.holiday(year, one, &holiday);
            faults.twice(one, &holiday, &holidays);
            holidays.push(holiday);
        }
        faults.worked_in_holiday(&written.holidays, &holidays);
        faults.complete(year, &written.year.span(), &holidays);
        if !faults.found.is_empty() {
            faults.found.sort_by_key(|fault| fault.line);
            return Err(faults.found);
        }
        holidays.sort_by_key(|holiday| holiday.first);
        let notices = written.notices.into_iter().map(Spanned::into_inner).collect();
        Ok(Self { year, verified: written.verified, notices, holidays })
    }
}

impl WrittenHoliday {
    fn plain(&self) -> Holiday {
        let mut worked: Vec<Date> = self.worked.iter().map(|day| day.get_ref().0).collect();
        worked.sort_unstable();
        Holiday {
            festival: Say::new(self.festival.get_ref().trim(), self.festival_en.get_ref().trim()),
            first: self.first.get_ref().0,
            last: self.last.get_ref().0,
            worked,
        }
    }
}

/// A second file of one year.
pub(super) fn second(name: &str, year: i16) -> Fault {
    let say = Say::new(
        format!("{year} 年已有另一个文件；一年只留一个"),
        format!("there is another file of {year}: keep one for a year"),
    );
    Fault { file: name.to_owned(), line: 1, say }
}

struct Faults<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<Fault>,
}

impl Faults<'_> {
    fn add(&mut self, at: Range<usize>, zh: impl Into<String>, en: impl Into<String>) {
        self.found.push(Fault { file: self.file.to_owned(), line: line_of(self.text, at), say: Say::new(zh, en) });
    }

    /// What a holiday says by itself.
    fn holiday(&mut self, year: i16, written: &WrittenHoliday, holiday: &Holiday) {
        for (name, key) in [(&written.festival, "festival"), (&written.festival_en, "festival_en")] {
            if name.get_ref().trim().is_empty() {
                self.add(name.span(), format!("没有节日名称；请填写 {key}"), format!("which festival? fill in {key}"));
            }
        }
        let (first, last) = (holiday.first, holiday.last);
        if last < first {
            let (zh, en) = (
                format!("放假止于 {last}，早于起始的 {first}"),
                format!("ends on {last}, before it begins on {first}"),
            );
            self.add(written.last.span(), zh, en);
        } else if holiday.days().take(LONGEST + 1).count() > LONGEST {
            self.add(
                written.last.span(),
                format!("放假超过 {LONGEST} 天；请核对年月"),
                format!("longer than {LONGEST} days: compare year and month"),
            );
        }
        for day in [&written.first, &written.last] {
            self.of_year(year, holiday, day);
        }
        for day in &written.worked {
            self.of_year(year, holiday, day);
            let worked = day.get_ref().0;
            if !matches!(worked.weekday(), Weekday::Saturday | Weekday::Sunday) {
                self.add(
                    day.span(),
                    format!("{worked} 不是周末，本来就上班；调休上班日须为周六或周日"),
                    format!("{worked} is no weekend and worked anyway: a shifted workday is a Saturday or a Sunday"),
                );
            }
        }
    }

    /// Each day of a file is of its year; only the holiday with 1 January may reach into December.
    fn of_year(&mut self, year: i16, holiday: &Holiday, day: &Spanned<Day>) {
        let written = day.get_ref().0;
        let over_new_year = holiday.holds(date(year, 1, 1)) && written.year() == year - 1 && written.month() == 12;
        if written.year() != year && !over_new_year {
            self.add(
                day.span(),
                format!("{written} 不在 {year} 年；只有元旦假期可以涉及上年十二月"),
                format!("{written} is not in {year}: only the holiday with 1 January reaches into December"),
            );
        }
    }

    /// No day stands twice.
    fn twice(&mut self, written: &WrittenHoliday, holiday: &Holiday, before: &[Holiday]) {
        for other in before {
            if holiday.first <= other.last && other.first <= holiday.last {
                let (name, name_en) = (&other.festival.zh, &other.festival.en);
                self.add(
                    written.first.span(),
                    format!("与 {name}（{} 至 {}）重叠；相连的节日请合写为一段", other.first, other.last),
                    format!(
                        "overlaps {name_en} ({} to {}): festivals that touch are written as one",
                        other.first, other.last
                    ),
                );
            }
        }
        for (at, day) in written.worked.iter().enumerate() {
            let worked = day.get_ref().0;
            let here = written.worked.iter().take(at).any(|other| other.get_ref().0 == worked);
            if here || before.iter().any(|other| other.worked.contains(&worked)) {
                let (zh, en) = (format!("{worked} 写了两次；请删去一处"), format!("{worked} stands twice: keep one"));
                self.add(day.span(), zh, en);
            }
        }
    }

    /// No day is both worked and off.
    fn worked_in_holiday(&mut self, written: &[WrittenHoliday], holidays: &[Holiday]) {
        for day in written.iter().flat_map(|holiday| &holiday.worked) {
            let worked = day.get_ref().0;
            if let Some(off) = holidays.iter().find(|holiday| holiday.holds(worked)) {
                self.add(
                    day.span(),
                    format!("{worked} 同时写作{}放假和上班；请按通知改正", off.festival.zh),
                    format!("{worked} is off for {} and worked: the notice says which", off.festival.en),
                );
            }
        }
    }

    /// Half a notice would make working days of holidays.
    fn complete(&mut self, year: i16, at: &Range<usize>, holidays: &[Holiday]) {
        for (month, day, zh, en) in ALWAYS_OFF {
            let off = date(year, month, day);
            if !holidays.iter().any(|holiday| holiday.holds(off)) {
                self.add(
                    at.clone(),
                    format!("缺少{zh}（{off}）；请写全通知"),
                    format!("{en} ({off}) lacks: write the whole notice"),
                );
            }
        }
        // It moves with the moon, between 21 January and 20 February, and never has fewer than three days.
        let spring = (date(year, 1, 21), date(year, 2, 20));
        if !holidays
            .iter()
            .any(|holiday| holiday.last >= spring.0 && holiday.first <= spring.1 && holiday.days().nth(2).is_some())
        {
            let (zh, en) = (
                "缺少春节（1月21日至2月20日之间）；请写全通知",
                "Spring Festival (21 January to 20 February) lacks: write the whole notice",
            );
            self.add(at.clone(), zh, en);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_holiday_has_each_of_its_days_once() {
        let holiday = Holiday {
            festival: Say::new("元旦", "New Year"),
            first: date(2018, 12, 30),
            last: date(2019, 1, 1),
            worked: vec![date(2018, 12, 29)],
        };
        assert_eq!(holiday.days().collect::<Vec<_>>(), [date(2018, 12, 30), date(2018, 12, 31), date(2019, 1, 1)]);
        assert!(holiday.holds(holiday.last) && !holiday.holds(holiday.worked[0]));
    }
}
