//! The three codes printed on a report: its number, the verification code that the QR leads by, the extract code.
//!
//! All use Crockford's alphabet, which has no I, L, O or U: people read these codes off paper and over the telephone.

use chengxin_core::code::{canonical, character, grouped, last_of_address, read_checked, text_of, with_check};
use chengxin_seal::{fill_random, random_bytes};
use jiff::civil::Date;

/// Characters of a verification code: 26 for 128 random bits, and 2 check characters.
const CODE_LENGTH: usize = 28;
/// Characters that carry the random bits.
const CODE_BODY: usize = 26;
/// Characters of an extract code: 40 bits, which the growing pause after each wrong one makes enough.
const EXTRACT_LENGTH: usize = 8;

/// A verification code: 128 random bits that lead to a report and to nothing else. Not guessable, so that whoever has
/// it was handed the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationCode(String);

/// An extract code: opens a report's content on the page that its verification code leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtractCode(String);

impl VerificationCode {
    /// A fresh one.
    #[must_use]
    pub(super) fn generate() -> Self {
        let bits = u128::from_be_bytes(random_bytes());
        let mut text = String::with_capacity(CODE_LENGTH);
        // 26 characters hold 130 bits; the first one carries the three highest of 128 only.
        for at in (0..CODE_BODY).rev() {
            text.push(character((bits >> (5 * at)) as usize));
        }
        Self(with_check(text))
    }

    /// Reads a code as people write it: any case, hyphens and spaces anywhere, O for 0, I and L for 1, or the address
    /// that it stands at the end of. `None` where its check characters say that it was mistyped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let code = read_checked(last_of_address(text), &[CODE_LENGTH]);
        code.filter(|code| code.starts_with(['0', '1', '2', '3', '4', '5', '6', '7'])).map(Self)
    }

    /// Without separators, as it stands in the address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as it is printed.
    #[must_use]
    pub fn grouped(&self) -> String {
        grouped(&self.0)
    }
}

impl ExtractCode {
    /// A fresh one.
    #[must_use]
    pub(super) fn generate() -> Self {
        Self(random_text(EXTRACT_LENGTH))
    }

    /// Reads a code as people write it, see [`VerificationCode::parse`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 128 {
            return None;
        }
        canonical(text, EXTRACT_LENGTH).map(Self)
    }

    /// Without separators.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as it is printed.
    #[must_use]
    pub fn grouped(&self) -> String {
        grouped(&self.0)
    }
}

/// A report number: `XB20261121-7KQ2M9F4`. The day helps an archive; the rest is random, so that numbers do not tell
/// how many reports a city issues. 40 bits keep two of one day apart; nothing relies on it.
pub(super) fn report_number(today: Date) -> String {
    format!("XB{:04}{:02}{:02}-{}", today.year(), today.month(), today.day(), random_text(8))
}

fn random_text(length: usize) -> String {
    let mut bytes = vec![0; length];
    fill_random(&mut bytes);
    text_of(&bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use chengxin_core::code::digit;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_back_from_every_writing_of_it() {
        let code = VerificationCode::generate();
        assert_eq!(code.as_str().len(), CODE_LENGTH);
        for writing in [
            code.grouped(),
            code.as_str().to_lowercase(),
            format!("  {} ", code.grouped().replace('-', " ")),
            format!("https://credit.example/v/{}?lang=en", code.as_str()),
            code.as_str().chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect(),
        ] {
            assert_eq!(VerificationCode::parse(&writing), Some(code.clone()), "{writing}");
        }
    }

    #[test]
    fn letters_that_look_like_digits_are_read_as_digits() {
        assert_eq!(ExtractCode::parse("oil0-1234").unwrap().as_str(), "01101234");
        assert_eq!(ExtractCode::parse("UUUUUUUU"), None);
        assert_eq!(ExtractCode::parse("1234567"), None);
        assert_eq!(ExtractCode::parse("123456789"), None);
        assert_eq!(ExtractCode::parse("1234\u{0}5678"), None);
    }

    #[test]
    fn a_number_carries_its_day() {
        let number = report_number(jiff::civil::date(2026, 11, 21));
        assert!(number.starts_with("XB20261121-") && number.len() == 19, "{number}");
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_noticed(at in 0..CODE_LENGTH, by in 1..32usize) {
            let code = VerificationCode::generate();
            let mut wrong = code.as_str().as_bytes().to_vec();
            wrong[at] = character(digit(wrong[at]).unwrap() as usize + by) as u8;
            prop_assert_eq!(VerificationCode::parse(std::str::from_utf8(&wrong).unwrap()), None);
        }

        #[test]
        fn two_neighbours_exchanged_are_noticed(at in 0..CODE_BODY - 1) {
            let code = VerificationCode::generate();
            let mut wrong = code.as_str().as_bytes().to_vec();
            wrong.swap(at, at + 1);
            prop_assume!(wrong != code.as_str().as_bytes());
            prop_assert_eq!(VerificationCode::parse(std::str::from_utf8(&wrong).unwrap()), None);
        }

        #[test]
        fn no_text_makes_a_reader_panic(text in "\\PC{0,600}") {
            let _ = (VerificationCode::parse(&text), ExtractCode::parse(&text));
        }
    }
}
