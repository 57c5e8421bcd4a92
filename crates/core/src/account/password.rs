//! Passwords: long, not the login name, none of those that are tried first. No rule on kinds of characters, which only makes people
//! write `Passw0rd!2026`.

use crate::Say;

/// Fewest characters.
///
/// # Source
/// NIST SP 800-63B-4 §3.1.1.2 asks for 15 where the password is the only factor and 8 beside another one; composition rules
/// and regular changes it forbids. GB/T 22239-2019 8.1.4.1 a asks for complexity without a figure. A house rule between the two.
pub const PASSWORD_LENGTH: usize = 12;

/// Most bytes, so that nobody has the platform hash a book.
const LONGEST: usize = 512;

/// What people choose first where twelve characters are asked for. Repeats, runs and the login name are found by rule; this list has
/// what they do not find.
const COMMON: &[&str] = &[
    "password1234",
    "password12345",
    "passwordpassword",
    "password2026",
    "mypassword123",
    "adminadmin123",
    "administrator",
    "administrator1",
    "admin1234567",
    "adminadminadmin",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopasdfghjkl",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u",
    "zaq12wsxcde3",
    "iloveyou1314",
    "woaini1314520",
    "woaini5201314",
    "5201314woaini",
    "woaiwojia1314",
    "aa1234567890",
    "abc1234567890",
    "a123456789012",
    "letmeinletmein",
    "welcome12345",
    "changemechangeme",
    "correcthorsebatterystaple",
    "chengxin1234",
    "chengxinchengxin",
    "xinyong123456",
    "zhongguo1234",
    "zhonghua1949",
    "beijing20081234",
    "我爱你我爱你我爱你我爱你",
];

/// Why a text is no password here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// Too short.
    Short,
    /// Too long.
    Long,
    /// It holds the login name, or is held by it.
    Login,
    /// It is among those that are tried first.
    Common,
}

impl PasswordFault {
    /// For the person who chooses one.
    #[must_use]
    pub fn say(self) -> Say {
        let (zh, en) = match self {
            Self::Short => (
                "密码至少 12 个字符；可用几个词连成的短句",
                "a password has 12 characters or more: a few words will do",
            ),
            Self::Long => ("密码过长；最多 512 字节", "the password is too long: at most 512 bytes"),
            Self::Login => ("密码不得包含登录名", "the password must not hold the login name"),
            Self::Common => (
                "这个密码在常见密码之列，会最先被猜到；请换一个",
                "this password is among those that are tried first: choose another",
            ),
        };
        Say::new(zh, en)
    }
}

/// A password as it is hashed: as it was typed, but for full-width letters and digits, which an input method leaves there without the
/// person seeing it. Spaces within and at the ends count.
#[must_use]
pub fn prepare_password(text: &str) -> String {
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    };
    text.chars().map(half).collect()
}

/// May a password, as [`prepare_password`] gives it, be chosen for the account that signs in as `login`?
///
/// # Errors
/// [`PasswordFault`].
pub fn check_password(password: &str, login: &str) -> Result<(), PasswordFault> {
    if password.len() > LONGEST {
        return Err(PasswordFault::Long);
    }
    if password.chars().count() < PASSWORD_LENGTH {
        return Err(PasswordFault::Short);
    }
    let plain: String = password.to_lowercase().split_whitespace().collect();
    if !login.is_empty() && (plain.contains(login) || login.contains(plain.as_str())) {
        return Err(PasswordFault::Login);
    }
    if COMMON.contains(&plain.as_str()) || is_run(&plain) || repeats(&plain) {
        return Err(PasswordFault::Common);
    }
    Ok(())
}

/// Four different characters or fewer, or the same piece again and again.
fn repeats(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    let mut different = all.clone();
    different.sort_unstable();
    different.dedup();
    let again = |length: usize| all.iter().enumerate().all(|(at, c)| *c == all[at % length]);
    different.len() <= 4 || (1..=all.len() / 3).any(again)
}

/// A run along the alphabet, the digits or a row of keys, in either direction.
fn is_run(text: &str) -> bool {
    const ROWS: [&str; 3] =
        ["abcdefghijklmnopqrstuvwxyz", "0123456789012345678901234567890", "qwertyuiopasdfghjklzxcvbnm"];
    let backwards: String = text.chars().rev().collect();
    ROWS.iter().any(|row| row.contains(text) || row.contains(&backwards))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_long_one_passes_whatever_kinds_of_characters_it_has() {
        for good in ["correct-horse-9", "seven quiet herons", "春眠不觉晓处处闻啼鸟夜来", "klmnvwqprtzx"] {
            assert_eq!(check_password(good, "wang.fang"), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_short_one_the_login_name_and_what_is_tried_first_are_refused() {
        let fault = |text: &str| check_password(text, "wang.fang").unwrap_err();
        assert_eq!(fault("Abc!2345678"), PasswordFault::Short);
        assert_eq!(fault("my-Wang.Fang-2026"), PasswordFault::Login);
        assert_eq!(fault(&"x".repeat(513)), PasswordFault::Long);
        for common in [
            "Password1234",
            "1QAZ2wsx3edc",
            "123456789012",
            "210987654321",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "12341234 1234",
            "qwertyuiopasdf",
            "Correct Horse Battery Staple",
        ] {
            assert_eq!(fault(common), PasswordFault::Common, "{common}");
        }
    }

    #[test]
    fn every_listed_one_is_long_enough_to_need_listing() {
        for common in COMMON {
            assert!(common.chars().count() >= PASSWORD_LENGTH, "{common} is refused for its length already");
        }
    }

    #[test]
    fn full_width_letters_are_those_that_were_meant() {
        assert_eq!(prepare_password("ｓｅｖｅｎ　quiet１"), "seven quiet1");
        assert_eq!(prepare_password(" as typed "), " as typed ");
    }
}
