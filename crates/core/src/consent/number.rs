//! The number of a receipt, and the one-time code: what a person shows at a window.

use jiff::civil::Date;

use crate::code::{grouped, read_checked, text_of, with_check};

/// First in every receipt's number (授权, shouquan).
const PREFIX: &str = "SQ";
/// Characters of chance in a number: 60 bits. Nobody finds one by trying, and who has one can do nothing with it that is not
/// granted to their own authority.
const NUMBER_BODY: usize = 12;
/// Prefix, day, chance, check characters.
const NUMBER_LENGTH: usize = 2 + 8 + NUMBER_BODY + 2;
/// Characters of chance in a one-time code: 40 bits. It lives for minutes, works in one matter at one authority for one person, and who
/// tries wrong ones waits longer and longer: a hundred guesses at it come to one in ten thousand million.
const CODE_BODY: usize = 8;
/// With its check characters.
const CODE_LENGTH: usize = CODE_BODY + 2;

/// Number of a consent's receipt: `SQ20261122-7KQ2-M9F4-3TWX-8N`. The day helps an archive; the rest is random.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptNumber(String);

impl ReceiptNumber {
    /// A number of a day, of 12 random bytes.
    #[must_use]
    pub fn new(day: Date, random: &[u8; NUMBER_BODY]) -> Self {
        Self(with_check(format!("{PREFIX}{}{}", day.strftime("%Y%m%d"), text_of(random))))
    }

    /// Reads a number as people write it, see [`crate::code::canonical`]; `None` where its check characters say that it was mistyped.
    ///
    /// # Example
    /// ```
    /// use chengxin_core::consent::ReceiptNumber;
    /// let number = ReceiptNumber::new(jiff::civil::date(2026, 11, 22), &[7; 12]);
    /// assert_eq!(ReceiptNumber::parse(&number.text().to_lowercase()), Some(number));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        read_checked(text, &[NUMBER_LENGTH]).filter(|number| number.starts_with(PREFIX)).map(Self)
    }

    /// Without separators.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is printed.
    #[must_use]
    pub fn text(&self) -> String {
        let (day, rest) = self.0.split_at(2 + 8);
        format!("{day}-{}", grouped(rest))
    }
}

/// A one-time code for one check. Its `Debug` tells nothing: who has it can ask.
#[derive(Clone, PartialEq, Eq)]
pub struct ConsentCode(String);

impl std::fmt::Debug for ConsentCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConsentCode(..)")
    }
}

impl ConsentCode {
    /// A code of 8 random bytes: 10 characters.
    #[must_use]
    pub fn new(random: &[u8; CODE_BODY]) -> Self {
        Self(with_check(text_of(random)))
    }

    /// Reads a code as people write it, see [`crate::code::canonical`]; `None` where its check characters say that it was mistyped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        read_checked(text, &[CODE_LENGTH]).map(Self)
    }

    /// Without separators.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as it is shown.
    #[must_use]
    pub fn grouped(&self) -> String {
        grouped(&self.0)
    }
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
