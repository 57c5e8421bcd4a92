//! What an account proves itself by beside its password: how many, by what name, and what may be taken away.

use crate::Say;

/// How many passkeys an account may have.
pub const PASSKEYS: usize = 10;

/// How long a question to a passkey waits for its answer, in microseconds.
///
/// # Source
/// W3C Web Authentication Level 3 §15.1: five minutes at least where a person has to find a device first.
pub const CHALLENGE_LASTS_US: i64 = 5 * 60 * 1_000_000;

/// Most characters of a passkey's name.
const NAME_LENGTH: usize = 40;

/// By what kind of thing an account proves itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// A password.
    Password,
    /// The six digits of an authenticator app.
    App,
    /// A passkey.
    Passkey,
    /// Recovery codes.
    Recovery,
}

impl Factor {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Password, Self::App, Self::Passkey, Self::Recovery];

    /// As it is stored and sent.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::App => "totp",
            Self::Passkey => "passkey",
            Self::Recovery => "recovery",
        }
    }

    /// Reads [`Self::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.code() == code)
    }

    /// Does an account that has it take more than a password? Recovery codes stand in for such a one, and are none themselves.
    #[must_use]
    pub fn is_second(self) -> bool {
        matches!(self, Self::App | Self::Passkey)
    }
}

/// Why a factor is not added or taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorFault {
    /// It is a password.
    Password,
    /// It is the last second factor of an account that takes one.
    Last,
    /// There are enough passkeys.
    Enough,
    /// It has no name, or one that cannot be.
    Name,
    /// There is nothing that recovery codes could stand in for.
    NoSecond,
}

impl FactorFault {
    /// For whom the account belongs to.
    #[must_use]
    pub fn say(self) -> Say {
        let (zh, en) = match self {
            Self::Password => ("密码不能删除，只能更改", "a password is not removed but changed"),
            Self::Last => (
                "这是工作人员账户的最后一种第二验证方式，不能删除；请先添加另一种",
                "this is the last second factor of an account of staff: add another one first",
            ),
            Self::Enough => {
                ("通行密钥最多 10 个；请先删除不用的", "an account has at most 10 passkeys: remove one first")
            }
            Self::Name => (
                "须为通行密钥起名，最多 40 个字，例如：办公电脑",
                "a passkey needs a name of at most 40 characters, such as: office computer",
            ),
            Self::NoSecond => (
                "备用码代替的是密码之外的第二验证方式；请先添加身份验证器或通行密钥",
                "recovery codes stand in for a second factor beside a password: add an app or a passkey first",
            ),
        };
        Say::new(zh, en)
    }
}

/// The name that somebody gives a passkey, as it is kept.
///
/// # Errors
/// [`FactorFault::Name`].
pub fn passkey_name(text: &str) -> Result<String, FactorFault> {
    let name = text.trim();
    let fits = (1..=NAME_LENGTH).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(FactorFault::Name) }
}

/// May one of the factors that an account `has` be taken away, where `takes_two` says whether it takes two? `has` names each factor that
/// counts, the one in question among them.
///
/// # Errors
/// [`FactorFault::Password`], [`FactorFault::Last`].
///
/// # Source
/// GB/T 22239-2019 level 3, 8.1.4.1 d: two or more kinds of proof for staff.
pub fn removable(has: &[Factor], one: Factor, takes_two: bool) -> Result<(), FactorFault> {
    let seconds = has.iter().filter(|factor| factor.is_second()).count();
    match one {
        Factor::Password => Err(FactorFault::Password),
        one if one.is_second() && takes_two && seconds < 2 => Err(FactorFault::Last),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_second_factor_of_staff_stays_and_a_person_may_go_back_to_a_password() {
        use Factor::{App, Passkey, Password, Recovery};
        for (has, one, takes_two, allowed) in [
            (&[Password, App, Recovery][..], App, true, Err(FactorFault::Last)),
            (&[Password, Passkey, Recovery], Passkey, true, Err(FactorFault::Last)),
            (&[Password, App, Passkey], App, true, Ok(())),
            (&[Password, App, Passkey], Passkey, true, Ok(())),
            (&[Password, Passkey, Passkey], Passkey, true, Ok(())),
            (&[Password, App, Recovery], Recovery, true, Ok(())),
            (&[Password, App, Passkey], Password, true, Err(FactorFault::Password)),
            (&[Password, App], App, false, Ok(())),
            (&[Passkey], Passkey, false, Ok(())),
            (&[Password], Password, false, Err(FactorFault::Password)),
        ] {
            assert_eq!(removable(has, one, takes_two), allowed, "{has:?} {one:?} {takes_two}");
        }
    }

    #[test]
    fn names_of_passkeys_are_short_and_on_one_line() {
        assert_eq!(passkey_name(" 办公电脑 "), Ok("办公电脑".to_owned()));
        let long = "长".repeat(41);
        for wrong in ["", "  ", "a\nb", "a\u{0}b", &long] {
            assert_eq!(passkey_name(wrong), Err(FactorFault::Name));
        }
    }

    #[test]
    fn every_factor_is_read_as_it_is_written() {
        for factor in Factor::ALL {
            assert_eq!(Factor::from_code(factor.code()), Some(factor));
        }
        assert_eq!(Factor::from_code("sms"), None);
    }
}
