//! A month of the calendar in China, and the quarter that it ends or lies in.

use std::fmt;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::dates::{day_start_us, to_days};

/// A month: `2026-10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Reads `2026-10`; years 2000 to 2999.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return None;
        }
        let of = Self { year: year.parse().ok()?, month: month.parse().ok()? };
        ((2000..3000).contains(&of.year) && (1..=12).contains(&of.month)).then_some(of)
    }

    /// As it stands in a column: `202610`.
    #[must_use]
    pub fn number(self) -> i64 {
        i64::from(self.year) * 100 + i64::from(self.month)
    }

    /// Reads a column.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        let of = Self { year: i16::try_from(number / 100).ok()?, month: i8::try_from(number % 100).ok()? };
        ((2000..3000).contains(&of.year) && (1..=12).contains(&of.month)).then_some(of)
    }

    /// The month `count` before this one.
    #[must_use]
    pub fn back(self, count: u16) -> Self {
        let months = i32::from(self.year) * 12 + i32::from(self.month) - 1 - i32::from(count);
        let year = i16::try_from(months.div_euclid(12)).unwrap_or(i16::MIN);
        Self { year, month: i8::try_from(months.rem_euclid(12)).unwrap_or(0) + 1 }
    }

    /// The month after this one.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 { Self { year: self.year + 1, month: 1 } } else { Self { month: self.month + 1, ..self } }
    }

    /// Its first day.
    #[must_use]
    pub fn first(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or(Date::MAX)
    }

    /// Is it over on a day?
    #[must_use]
    pub fn is_over(self, today: Date) -> bool {
        self < Self::of(today)
    }

    /// The last month that is over on a day.
    #[must_use]
    pub fn last_over(today: Date) -> Self {
        Self::of(today).back(1)
    }

    /// Its first instant, microseconds UTC.
    #[must_use]
    pub fn start_us(self) -> i64 {
        day_start_us(self.first())
    }

    /// Its first day, days since 1970-01-01.
    #[must_use]
    pub fn start_day(self) -> i32 {
        to_days(self.first())
    }

    /// First month of the last quarter that is over at the end of this month.
    #[must_use]
    pub fn quarter(self) -> Self {
        let ends = self.month % 3 == 0;
        self.back(u16::try_from(if ends { 2 } else { self.month % 3 + 2 }).unwrap_or(0))
    }

    /// A quarter's number, of its first month: 1 to 4.
    #[must_use]
    pub fn quarter_number(self) -> i8 {
        (self.month + 2) / 3
    }

    /// Its year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month in its year, from 1.
    #[must_use]
    pub fn month(self) -> i8 {
        self.month
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_month_is_read_as_it_is_written_and_nothing_else_is_one() {
        let october = Month::parse("2026-10").unwrap();
        assert_eq!(
            (october.to_string().as_str(), october.number(), october.first()),
            ("2026-10", 202_610, date(2026, 10, 1))
        );
        assert_eq!(Month::from_number(202_610), Some(october));
        for wrong in ["", "2026", "2026-1", "2026-13", "2026-00", "26-10", "2026-10-01", "２０２６-10", "+026-10"] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_quarter_of_a_month_is_the_last_one_that_is_over_with_it() {
        let quarter = |text: &str| Month::parse(text).unwrap().quarter().to_string();
        assert_eq!(quarter("2026-09"), "2026-07");
        assert_eq!(quarter("2026-10"), "2026-07");
        assert_eq!(quarter("2026-11"), "2026-07");
        assert_eq!(quarter("2026-12"), "2026-10");
        assert_eq!(quarter("2026-02"), "2025-10");
        assert_eq!(Month::parse("2025-10").unwrap().quarter_number(), 4);
    }

    #[test]
    fn a_month_is_over_on_the_first_day_of_the_next() {
        let october = Month::parse("2026-10").unwrap();
        assert!(!october.is_over(date(2026, 10, 31)) && october.is_over(date(2026, 11, 1)));
        assert_eq!(Month::last_over(date(2026, 11, 1)), october);
        assert_eq!(Month::last_over(date(2026, 1, 31)).to_string(), "2025-12");
    }

    proptest! {
        #[test]
        fn going_back_and_on_meet(year in 2001i16..2900, month in 1i8..=12, count in 0u16..40) {
            let of = Month { year, month };
            let mut back = of.back(count);
            for _ in 0..count {
                back = back.next();
            }
            prop_assert_eq!(back, of);
            prop_assert!(of.quarter().back(0).next().next() <= of, "its last month is not behind the month itself");
        }
    }
}
