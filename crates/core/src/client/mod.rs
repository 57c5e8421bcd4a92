//! Machines of authorities: in which role one may act, how long its keys last, and when what it signs itself in with is believed. Rules
//! only; who signs and what is stored is elsewhere.

mod assertion;
mod key;

pub use assertion::{Assertion, AssertionFault, Audience, LEEWAY_US, LONGEST_ASSERTION_US, judge};
pub use key::{KeyFault, LONGEST_KEY_DAYS, MOST_KEYS, check_key};

use crate::Role;

/// How long an access token lasts, in microseconds. A machine signs a new assertion as easily as it breathes.
pub const TOKEN_LASTS_US: i64 = 10 * 60 * 1_000_000;

/// Most characters of a name of a machine.
const NAME_LENGTH: usize = 40;

/// May a machine act in this role? Where sending and asking is the work, and nobody is decided about.
///
/// # Source
/// 个人信息保护法 art. 24: a decision that weighs on somebody is a person's to make and to explain.
#[must_use]
pub fn acts_as_machine(role: Role) -> bool {
    matches!(role, Role::Clerk | Role::DataOfficer)
}

/// A machine's name, as the log calls it: of one line, without the sign that parts it from its id.
#[must_use]
pub fn client_name(text: &str) -> Option<String> {
    let name = text.trim();
    let fits = !name.is_empty() && name.chars().count() <= NAME_LENGTH;
    (fits && !name.chars().any(|c| c.is_control() || c == '#')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{family, serves_authority};

    #[test]
    fn a_machine_acts_for_an_authority_and_never_where_somebody_is_decided_about() {
        for role in Role::ALL {
            assert!(!acts_as_machine(role) || serves_authority(role), "{role:?}");
        }
        for role in [Role::Decider, Role::IdentityClerk, Role::Administrator, Role::Resident] {
            assert!(!acts_as_machine(role), "{role:?} {:?}", family(role));
        }
    }

    #[test]
    fn a_name_is_one_line_and_no_id() {
        assert_eq!(client_name(" 税务接口 ").as_deref(), Some("税务接口"));
        for wrong in ["", "  ", "a#b", "a\nb", &"长".repeat(41)] {
            assert_eq!(client_name(wrong), None, "{wrong}");
        }
    }
}
