//! Rights: what may be held together, and when one has slept too long.

use crate::Role;

/// After so many days without use a right is refused until it is granted anew.
///
/// # Source
/// GB/T 22239-2019 level 3, 8.1.4.2 c: surplus and expired accounts are removed or disabled in time. 90 days are a house rule of
/// 2026-11-22.
pub const DORMANT_AFTER_DAYS: i64 = 90;

/// Families of roles. No account holds roles of two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Runs the platform and administers accounts; reads no record.
    Running,
    /// Works with records.
    Working,
    /// Watches over both.
    Watching,
    /// Reads what is held about themself, or about whom they represent.
    Own,
    /// Nobody in particular: no account holds it.
    Nobody,
}

/// The family of a role.
#[must_use]
pub fn family(role: Role) -> Family {
    match role {
        Role::Administrator | Role::CreditOffice => Family::Running,
        Role::Clerk | Role::DataOfficer | Role::Decider | Role::IdentityClerk => Family::Working,
        Role::Auditor => Family::Watching,
        Role::Resident | Role::Representative => Family::Own,
        Role::Public => Family::Nobody,
    }
}

/// May an account that holds `held` be given `role` too? Who administers accounts is given no role that reads records, and the other
/// way round; who watches does neither.
///
/// # Source
/// GB/T 22239-2019 level 3, 8.1.4.2 d: the least rights that the work takes, separate for those who administer.
#[must_use]
pub fn mixes(held: &[Role], role: Role) -> bool {
    let own = family(role);
    own != Family::Nobody && held.iter().all(|held| family(*held) == own)
}

/// Does a session in one of these roles take two factors?
///
/// # Source
/// GB/T 22239-2019 level 3, 8.1.4.1 d: two or more kinds of proof, one of them cryptographic. Of all staff, since each of them
/// reaches other people's data or whoever does.
#[must_use]
pub fn needs_second_factor(roles: &[Role]) -> bool {
    roles.iter().any(|role| family(*role) != Family::Own)
}

/// Does a role serve one authority?
#[must_use]
pub fn serves_authority(role: Role) -> bool {
    matches!(role, Role::Clerk | Role::DataOfficer | Role::Decider)
}

/// Has a right slept too long? Days are days since 1970-01-01. A person's right to know about themself never sleeps.
#[must_use]
pub fn dormant(role: Role, last_used_on: i64, today: i64) -> bool {
    family(role) != Family::Own && today.saturating_sub(last_used_on) >= DORMANT_AFTER_DAYS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::OPERATIONS;

    #[test]
    fn who_may_grant_rights_can_hold_no_role_that_reads_records() {
        let grants = OPERATIONS.iter().find(|o| o.name == "account_right_grant").map_or(&[][..], |o| o.roles);
        let reads: Vec<Role> = OPERATIONS
            .iter()
            .filter(|o| o.discloses)
            // The letter of the credit office's own answer to a complaint, and no other, is its to print: no record is in it.
            .flat_map(|o| o.roles.iter().filter(|r| o.name != "notice_letter" || **r != Role::CreditOffice))
            .copied()
            .filter(|r| *r != Role::Public)
            .collect();
        assert!(!grants.is_empty() && reads.len() > 3);
        for one in grants {
            for other in &reads {
                assert!(!mixes(&[*one], *other) && !mixes(&[*other], *one), "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn roles_of_one_family_are_held_together_and_nobody_is_given_to_nobody() {
        assert!(mixes(&[Role::DataOfficer], Role::Decider) && mixes(&[], Role::Auditor));
        assert!(!mixes(&[Role::Auditor], Role::Clerk) && !mixes(&[], Role::Public));
        assert!(!mixes(&[Role::Resident], Role::Clerk), "who serves and is served has two accounts");
    }

    #[test]
    fn staff_take_two_factors_and_persons_may() {
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Public) {
            assert_eq!(needs_second_factor(&[role]), family(role) != Family::Own, "{role:?}");
        }
    }

    #[test]
    fn a_right_sleeps_after_ninety_days_and_a_persons_own_never() {
        assert!(!dormant(Role::Clerk, 1_000, 1_089) && dormant(Role::Clerk, 1_000, 1_090));
        assert!(!dormant(Role::Resident, 0, 20_000));
    }
}
