//! Login names.

use crate::Say;

/// Fewest and most characters.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=32;

/// Most digits in a row: a login name is none of the numbers by which a person is known, so that its tag gives none away.
const DIGITS_IN_A_ROW: usize = 6;

/// Why a text is no login name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginFault {
    /// Too short or too long.
    Length,
    /// Something else than letters, digits, `.`, `_` and `-`, or it does not begin with a letter.
    Characters,
    /// It looks like an identity or telephone number.
    Number,
}

impl LoginFault {
    /// For the person who chooses one.
    #[must_use]
    pub fn say(self) -> Say {
        let (zh, en) = match self {
            Self::Length => ("登录名须为 3 至 32 个字符", "a login name has 3 to 32 characters"),
            Self::Characters => (
                "登录名以汉字或字母开头，只含汉字、字母、数字和 . _ -",
                "a login name begins with a letter and has letters, digits, and . _ - only",
            ),
            Self::Number => (
                "登录名不得含 6 位以上连续数字：不要用证件号码或手机号码",
                "a login name has no more than 6 digits in a row: use no identity or telephone number",
            ),
        };
        Say::new(zh, en)
    }
}

/// The form in which a login name is compared: without spaces around it, full width as half width, lower case.
///
/// # Errors
/// [`LoginFault`].
///
/// # Example
/// ```
/// use chengxin_core::account::normalise_login;
/// assert_eq!(normalise_login(" Ｗang.Fang ").as_deref(), Ok("wang.fang"));
/// assert!(normalise_login("13800000000").is_err());
/// ```
pub fn normalise_login(text: &str) -> Result<String, LoginFault> {
    // More is no name, and nothing of it needs to be looked at.
    if text.len() > 512 {
        return Err(LoginFault::Length);
    }
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    let login: String = text.trim().chars().map(half).flat_map(char::to_lowercase).collect();
    if !LENGTH.contains(&login.chars().count()) {
        return Err(LoginFault::Length);
    }
    // One script beside the Latin one: letters of others look like those, and a name must not be taken for another.
    let letter = |c: char| c.is_ascii_lowercase() || ('\u{4e00}'..='\u{9fff}').contains(&c);
    let fits = |c: char| letter(c) || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    if !login.chars().all(fits) || !login.starts_with(letter) {
        return Err(LoginFault::Characters);
    }
    let longest = login.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    if longest > DIGITS_IN_A_ROW { Err(LoginFault::Number) } else { Ok(login) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_name_has_one_form_however_it_is_written() {
        for text in ["wang.fang", "Wang.Fang", "  WANG.FANG\u{3000}", "ｗａｎｇ．ｆａｎｇ"] {
            assert_eq!(normalise_login(text).as_deref(), Ok("wang.fang"), "{text}");
        }
        assert_eq!(normalise_login("王芳2").as_deref(), Ok("王芳2"));
    }

    #[test]
    fn a_number_by_which_a_person_is_known_is_no_login_name() {
        for text in ["990000199001010017", "13800000000", "u13800000000", "e12345678"] {
            assert!(normalise_login(text).is_err(), "{text}");
        }
        assert_eq!(normalise_login("u13800000000"), Err(LoginFault::Number));
    }

    #[test]
    fn what_looks_like_another_name_is_refused() {
        // Cyrillic а, a zero-width space, a line end within.
        for text in ["wаng", "wa\u{200b}ng", "wa\nng", "王 芳", "-wang", "wa", ""] {
            assert!(normalise_login(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_form_is_its_own_form(text in "\\PC{0,40}") {
            if let Ok(login) = normalise_login(&text) {
                prop_assert_eq!(normalise_login(&login), Ok(login.clone()));
            }
        }
    }
}
