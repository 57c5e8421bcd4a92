//! Spreadsheet dates: days since an epoch, in one of two systems.
//!
//! # Source
//! ECMA-376 part 1, 18.17.4.1: in the 1900 system serial 1 is 1900-01-01 and 60 is the 29 February 1900
//! that never was; in the 1904 system serial 0 is 1904-01-01.

use std::fmt::Write;

use jiff::Span;
use jiff::civil::{Date, date};

/// How a cell that holds a number is to be read, from its number format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum NumberKind {
    /// A plain number.
    #[default]
    Number,
    /// A date, perhaps with a time.
    Date,
    /// A time of day.
    Time,
    /// A length of time (`[h]:mm`).
    Elapsed,
}

const MILLIS_A_DAY: i64 = 86_400_000;
/// The last serial that is a date: 9999-12-31.
const LAST_1900: i64 = 2_958_465;

/// Appends a date as `2026-03-01`, with a time as `2026-03-01T09:30:00`, a time as `09:30:00`. A serial
/// that is no date in its system is appended as the number it is, for the reader of the field to refuse.
pub(crate) fn push_serial(out: &mut String, value: f64, kind: NumberKind, epoch_1904: bool) {
    let last = if epoch_1904 { LAST_1900 - 1462 } else { LAST_1900 };
    if kind == NumberKind::Number || !value.is_finite() || value < 0.0 || value >= (last + 1) as f64 {
        return crate::number::push_number(out, value);
    }
    let millis = (value * MILLIS_A_DAY as f64).round() as i64;
    let (days, rest) = (millis / MILLIS_A_DAY, millis % MILLIS_A_DAY);
    match kind {
        NumberKind::Elapsed => push_clock(out, millis),
        NumberKind::Time if days == 0 => push_clock(out, rest),
        _ if days > last => crate::number::push_number(out, value),
        _ => {
            if !push_date(out, days, epoch_1904) {
                return crate::number::push_number(out, value);
            }
            if rest != 0 {
                out.push('T');
                push_clock(out, rest);
            }
        }
    }
}

/// Appends the date, or says that there is none.
fn push_date(out: &mut String, days: i64, epoch_1904: bool) -> bool {
    const DAY_0_OF_1904: Date = date(1904, 1, 1);
    const DAY_0_BEFORE_THE_GAP: Date = date(1899, 12, 31);
    const DAY_0_AFTER_THE_GAP: Date = date(1899, 12, 30);
    let epoch = match (epoch_1904, days) {
        (true, _) => DAY_0_OF_1904,
        (false, 0) => return false,
        (false, 60) => {
            out.push_str("1900-02-29");
            return true;
        }
        (false, 1..60) => DAY_0_BEFORE_THE_GAP,
        (false, _) => DAY_0_AFTER_THE_GAP,
    };
    let Ok(day) = epoch.checked_add(Span::new().days(days)) else { return false };
    let _ = write!(out, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
    true
}

fn push_clock(out: &mut String, millis: i64) {
    let (seconds, rest) = (millis / 1000, millis % 1000);
    let _ = write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest != 0 {
        let _ = write!(out, ".{rest:03}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: f64, kind: NumberKind, epoch_1904: bool) -> String {
        let mut out = String::new();
        push_serial(&mut out, value, kind, epoch_1904);
        out
    }

    #[test]
    fn dates_of_the_1900_system() {
        let day = |serial| text(serial, NumberKind::Date, false);
        assert_eq!(day(1.0), "1900-01-01");
        assert_eq!(day(59.0), "1900-02-28");
        assert_eq!(day(60.0), "1900-02-29");
        assert_eq!(day(61.0), "1900-03-01");
        assert_eq!(day(46_082.0), "2026-03-01");
        assert_eq!(day(2_958_465.0), "9999-12-31");
        assert_eq!(day(20_260_301.0), "20260301", "a number that only looks like a date stays one");
        assert_eq!(day(-1.0), "-1");
        assert_eq!(day(0.0), "0");
    }

    #[test]
    fn dates_of_the_1904_system() {
        let day = |serial| text(serial, NumberKind::Date, true);
        assert_eq!(day(0.0), "1904-01-01");
        assert_eq!(day(46_082.0 - 1462.0), "2026-03-01");
    }

    #[test]
    fn times_keep_what_the_cell_holds() {
        assert_eq!(text(46_082.5, NumberKind::Date, false), "2026-03-01T12:00:00");
        assert_eq!(text(0.75, NumberKind::Time, false), "18:00:00");
        assert_eq!(text(0.75, NumberKind::Date, false), "0.75");
        assert_eq!(text(1.25, NumberKind::Elapsed, false), "30:00:00");
    }
}
