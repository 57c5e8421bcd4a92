//! The text of a number, as a person would have written it.

use crate::serial::{self, NumberKind};

/// Digits that a spreadsheet keeps of a number. More are silently replaced by zeros when somebody types
/// them, so what a file says beyond them cannot be trusted.
const KEPT_DIGITS: usize = 15;

/// Appends the shortest text that reads back as the same number: no `.0`, no exponent.
pub(crate) fn push_number(out: &mut String, value: f64) {
    use std::fmt::Write;
    // -0.0 is what a formula such as `=-A1` leaves of an empty cell.
    let value = if value == 0.0 { 0.0 } else { value };
    // Writing to a String cannot fail.
    let _ = write!(out, "{value}");
}

/// Appends what a numeric cell holds, as a number or a date. Says whether digits were lost.
#[must_use]
pub(crate) fn push_cell(out: &mut String, value: f64, kind: NumberKind, epoch_1904: bool) -> bool {
    if kind == NumberKind::Number {
        push_number(out, value);
        return is_lossy(value);
    }
    serial::push_serial(out, value, kind, epoch_1904);
    false
}

/// Whether a number is a whole number of 16 or more digits.
pub(crate) fn is_lossy(value: f64) -> bool {
    value.abs() >= 1e15 && value.fract() == 0.0
}

/// Whether the text of a `<v>` is already what [`push_number`] would write: up to 15 digits and nothing
/// else. Almost every number in a workbook is, and needs no floating point.
pub(crate) fn is_plain_integer(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=KEPT_DIGITS).contains(&bytes.len())
        && (bytes[0] != b'0' || bytes.len() == 1)
        && bytes.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: f64) -> String {
        let mut out = String::new();
        push_number(&mut out, value);
        out
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(text(1.0), "1");
        assert_eq!(text(-0.0), "0");
        // As workbooks write 2.3.
        assert_eq!(text("2.2999999999999998".parse().unwrap_or_default()), "2.3");
        assert_eq!(text(0.000_001), "0.000001");
        assert_eq!(text(123_456_789_012_345.0), "123456789012345");
        assert_eq!(text(9.9e20), "990000000000000000000");
    }

    #[test]
    fn a_resident_id_number_in_a_numeric_cell_is_lossy() {
        assert!(is_lossy(990_000_199_001_010_017.0));
        assert!(is_lossy(-1e15));
        assert!(!is_lossy(999_999_999_999_999.0));
        assert!(!is_lossy(0.1));
    }
}
