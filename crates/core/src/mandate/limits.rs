//! How long a mandate may last at most.

use jiff::civil::{Date, date};

use super::MandateKind;

const HOUR_US: i64 = 60 * 60 * 1_000_000;

/// Bounds of mandates, from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// First day on which these bounds hold.
    pub from: Date,
    /// Longest period of what a person or a legal representative grants, in months.
    pub granted_months: u32,
    /// Longest period of what a window records of a guardian or a legal representative, in months; then the document is looked at anew.
    pub recorded_months: u32,
    /// Months by which the first day may lie ahead.
    pub ahead_months: u32,
    /// How long the code of an offer is good, in microseconds.
    pub code_us: i64,
    /// Most mandates of one person or organisation that stand or wait at once.
    pub standing: usize,
    /// Where these figures come from.
    pub source: &'static str,
}

impl Limits {
    /// Longest period of a kind, in months.
    #[must_use]
    pub fn months(&self, kind: MandateKind) -> u32 {
        match kind {
            MandateKind::Attorney | MandateKind::Agent => self.granted_months,
            MandateKind::Guardian | MandateKind::LegalRepresentative => self.recorded_months,
        }
    }
}

/// Bounds by the day from which they hold, the oldest first.
///
/// # Source
/// 民法典 art. 165 asks that a mandate states its period, and names no figure. All of these are house rules of 2026-11-22: a year, so that
/// nobody is represented by whom they have forgotten; three years for what rests on a judgment or a licence, so that one that was overturned
/// or replaced is noticed; three days to redeem a code.
pub const LIMITS: &[Limits] = &[Limits {
    from: date(2021, 1, 1),
    granted_months: 12,
    recorded_months: 36,
    ahead_months: 3,
    code_us: 72 * HOUR_US,
    standing: 20,
    source: "house rule, 2026-11-22; 民法典 art. 165",
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
        assert!(LIMITS.iter().all(|of| of.granted_months <= of.recorded_months && of.standing > 0));
        assert!(LIMITS.iter().all(|of| of.code_us > 0 && !of.source.is_empty()));
        assert_eq!(limits(date(1999, 1, 1)), &LIMITS[0]);
        assert_eq!(limits(date(2026, 11, 22)).months(MandateKind::Attorney), 12, "a year at most");
    }
}
