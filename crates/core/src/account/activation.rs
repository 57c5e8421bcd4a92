//! One-time codes: on paper from a window, or in a link from an administrator.

use crate::code;

/// Random characters of a code that is handed over at a window and typed: 70 bits. It lives for days, wrong ones wait, and it is looked
/// up by a keyed tag, so that a thousand live codes and a guess every millisecond for all their life come to one in ten thousand million.
const WINDOW_BODY: usize = 14;
/// Random characters of a code in a link, which nobody types: 130 bits.
const LINK_BODY: usize = 26;

/// How long a code from a window is good for, in microseconds: the person goes home, finds the letter, begins.
pub const WINDOW_CODE_LIFETIME_US: i64 = 7 * 24 * 3_600 * 1_000_000;
/// How long a link is good for.
pub const LINK_LIFETIME_US: i64 = 24 * 3_600 * 1_000_000;

/// A one-time code. Its `Debug` tells nothing: who has it can begin.
#[derive(Clone, PartialEq, Eq)]
pub struct ActivationCode(String);

impl std::fmt::Debug for ActivationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ActivationCode(..)")
    }
}

impl ActivationCode {
    /// A code to be typed, of 14 random bytes: 16 characters.
    #[must_use]
    pub fn for_window(random: &[u8; WINDOW_BODY]) -> Self {
        Self::of(random)
    }

    /// A code to stand in a link, of 26 random bytes: 28 characters.
    #[must_use]
    pub fn for_link(random: &[u8; LINK_BODY]) -> Self {
        Self::of(random)
    }

    fn of(random: &[u8]) -> Self {
        Self(code::with_check(code::text_of(random)))
    }

    /// Reads a code as people write it, see [`code::canonical`], or the address that it stands at the end of. `None` where its check
    /// characters say that it was mistyped.
    ///
    /// # Example
    /// ```
    /// use chengxin_core::account::ActivationCode;
    /// let code = ActivationCode::for_window(&[7; 14]);
    /// assert_eq!(ActivationCode::parse(&code.grouped().to_lowercase()), Some(code));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let lengths = [WINDOW_BODY, LINK_BODY].map(|body| body + code::CHECK_LENGTH);
        code::read_checked(code::last_of_address(text), &lengths).map(Self)
    }

    /// Without separators.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as it is printed.
    #[must_use]
    pub fn grouped(&self) -> String {
        code::grouped(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_back_from_every_writing_of_it_and_tells_nothing_by_accident() {
        for code in
            [ActivationCode::for_window(b"0123456789abcd"), ActivationCode::for_link(b"0123456789abcdefghijklmnop")]
        {
            for writing in [
                code.grouped(),
                code.as_str().to_lowercase(),
                format!(" {} ", code.grouped().replace('-', " ")),
                format!("https://credit.example/begin/{}?lang=en", code.as_str()),
            ] {
                assert_eq!(ActivationCode::parse(&writing), Some(code.clone()), "{writing}");
            }
            assert_eq!(format!("{code:?}"), "ActivationCode(..)");
        }
    }

    #[test]
    fn the_window_code_is_short_enough_to_type_and_long_enough_not_to_guess() {
        assert_eq!(ActivationCode::for_window(&[9; 14]).grouped().len(), 19);
        const { assert!(WINDOW_BODY * 5 >= 60 && LINK_BODY * 5 >= 128) };
    }

    proptest! {
        #[test]
        fn one_wrong_character_and_two_neighbours_exchanged_are_noticed(random: [u8; 14], at in 0..15usize, by in 1..32usize) {
            let code = ActivationCode::for_window(&random);
            let mut wrong = code.as_str().as_bytes().to_vec();
            wrong[at] = code::character(code::digit(wrong[at]).unwrap() as usize + by) as u8;
            prop_assert_eq!(ActivationCode::parse(std::str::from_utf8(&wrong).unwrap()), None);
            let mut swapped = code.as_str().as_bytes().to_vec();
            swapped.swap(at.min(12), at.min(12) + 1);
            prop_assume!(swapped != code.as_str().as_bytes());
            prop_assert_eq!(ActivationCode::parse(std::str::from_utf8(&swapped).unwrap()), None);
        }

        #[test]
        fn no_text_makes_a_reader_panic(text in "\\PC{0,600}") {
            let _ = ActivationCode::parse(&text);
        }
    }
}
