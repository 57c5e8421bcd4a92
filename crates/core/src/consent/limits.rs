//! How much a consent may allow at most.

use jiff::civil::{Date, date};

const MINUTE_US: i64 = 60 * 1_000_000;

/// Bounds of consents, from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// First day on which these bounds hold.
    pub from: Date,
    /// Longest period, in months.
    pub months: u32,
    /// Months by which the first day may lie ahead.
    pub ahead_months: u32,
    /// Most uses.
    pub uses: i64,
    /// How long a one-time code is good, in microseconds.
    pub code_us: i64,
    /// How long signed paper that a clerk recorded is good, in microseconds.
    pub paper_us: i64,
    /// Most consents of one person that stand at once.
    pub standing: usize,
    /// Where these figures come from.
    pub source: &'static str,
}

/// Bounds by the day from which they hold, the oldest first.
///
/// # Source
/// 个人信息保护法 arts 14 and 6 ask for consent that is informed, specific, and no wider than its purpose; they name no figure. All of
/// these are house rules of 2026-11-22: a year, so that nobody is bound by what they have forgotten; ten minutes for a code, which is shown at
/// a desk; the working day and the next morning for paper.
pub const LIMITS: &[Limits] = &[Limits {
    from: date(2021, 11, 1),
    months: 12,
    ahead_months: 12,
    uses: 100,
    code_us: 10 * MINUTE_US,
    paper_us: 24 * 60 * MINUTE_US,
    standing: 100,
    source: "house rule, 2026-11-22; 个人信息保护法 arts 6, 14",
}];

/// The bounds that hold on a day; the oldest where the day lies before all of them.
#[must_use]
pub fn limits(on: Date) -> &'static Limits {
    LIMITS.iter().rev().find(|limits| limits.from <= on).unwrap_or(&LIMITS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_dated_and_in_order() {
        assert!(LIMITS.windows(2).all(|pair| pair[0].from < pair[1].from));
        assert!(LIMITS.iter().all(|of| of.uses >= 1 && of.code_us < of.paper_us && !of.source.is_empty()));
        assert_eq!(limits(date(1999, 1, 1)), &LIMITS[0]);
        assert_eq!(limits(date(2026, 11, 22)).months, 12, "a year at most");
    }
}
