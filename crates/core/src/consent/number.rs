//! The number of a receipt, and the one-time code: what a person shows at a window.

use crate::code::{dated_number, one_time_code};

dated_number! {
    /// Number of a consent's receipt (授权, shouquan): `SQ20261122-7KQ2-M9F4-3TWX-8N`. 60 bits of chance: nobody finds one by trying,
    /// and who has one can do nothing with it that is not granted to their own authority.
    ///
    /// # Example
    /// ```
    /// use chengxin_core::consent::ReceiptNumber;
    /// let number = ReceiptNumber::new(jiff::civil::date(2026, 11, 22), &[7; 12]);
    /// assert_eq!(ReceiptNumber::parse(&number.text().to_lowercase()), Some(number));
    /// ```
    ReceiptNumber, "SQ", 12
}

one_time_code! {
    /// A one-time code for one check: 40 bits of chance. It lives for minutes, works in one matter at one authority for one person,
    /// and who tries wrong ones waits longer and longer: a hundred guesses at it come to one in ten thousand million.
    ConsentCode, 8
}

/// What is shown at a window as consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// A receipt.
    Receipt(ReceiptNumber),
    /// A one-time code.
    Code(ConsentCode),
    /// Neither, or mistyped.
    Neither,
}

impl Presented {
    /// Tells which it is: they differ in length.
    #[must_use]
    pub fn read(text: &str) -> Self {
        match (ReceiptNumber::parse(text), ConsentCode::parse(text)) {
            (Some(number), _) => Self::Receipt(number),
            (None, Some(code)) => Self::Code(code),
            (None, None) => Self::Neither,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;
    const CODE_LENGTH: usize = 8 + crate::code::CHECK_LENGTH;

    proptest! {
        #[test]
        fn what_is_printed_is_read_back_and_told_apart(number: [u8; 12], code: [u8; 8], days in 0..20_000i32) {
            let day = crate::dates::from_days(days).unwrap();
            let (number, code) = (ReceiptNumber::new(day, &number), ConsentCode::new(&code));
            let written = number.text().to_lowercase().replace('-', " ");
            prop_assert_eq!(Presented::read(&written), Presented::Receipt(number));
            prop_assert_eq!(Presented::read(&code.grouped().to_lowercase()), Presented::Code(code));
        }

        #[test]
        fn one_wrong_character_is_noticed(random: [u8; 8], at in 0..CODE_LENGTH, by in 1..32usize) {
            let code = ConsentCode::new(&random);
            let mut wrong = code.as_str().as_bytes().to_vec();
            wrong[at] = crate::code::character(crate::code::digit(wrong[at]).unwrap() as usize + by) as u8;
            prop_assert_eq!(Presented::read(std::str::from_utf8(&wrong).unwrap()), Presented::Neither);
        }

        #[test]
        fn no_text_makes_a_reader_panic(text in "\\PC{0,200}") {
            let _ = Presented::read(&text);
        }
    }

    #[test]
    fn a_number_carries_its_day_and_a_code_tells_nothing_in_debug_output() {
        assert!(ReceiptNumber::new(date(2026, 11, 22), &[3; 12]).text().starts_with("SQ20261122-3333-3333-3333-"));
        assert_eq!(format!("{:?}", ConsentCode::new(&[3; 8])), "ConsentCode(..)");
    }
}
