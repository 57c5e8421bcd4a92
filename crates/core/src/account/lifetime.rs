//! How long a session lasts.

use crate::Role;

const MINUTE_US: i64 = 60 * 1_000_000;
const HOUR_US: i64 = 60 * MINUTE_US;

/// How long a session of a role lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// At most, in microseconds.
    pub whole_us: i64,
    /// Without a request.
    pub idle_us: i64,
}

/// Lifetimes from the shortest to the longest: who runs the installation, who works with records, who reads their own.
///
/// # Source
/// GB/T 22239-2019 level 3, 8.1.4.1 b: sessions end and idle connections are closed; it gives no figures. These are a house rule of
/// 2026-11-22: a working day for staff, an idle time that does not outlast a lunch.
pub const LIFETIMES: [Lifetime; 3] = [
    Lifetime { whole_us: 8 * HOUR_US, idle_us: 15 * MINUTE_US },
    Lifetime { whole_us: 12 * HOUR_US, idle_us: 30 * MINUTE_US },
    Lifetime { whole_us: 24 * HOUR_US, idle_us: 30 * MINUTE_US },
];

/// How long a proof counts before an act that asks for one anew: granting rights, changing what an account proves itself by, carrying
/// everything away.
///
/// # Source
/// A house rule of 2026-11-22; OWASP ASVS 5.0 §7.5.1 asks for one without a figure.
pub const PROOF_LASTS_US: i64 = 10 * MINUTE_US;

/// The lifetime of a session of somebody who holds `roles`: the shortest of theirs.
#[must_use]
pub fn lifetime(roles: &[Role]) -> Lifetime {
    let of = |role: &Role| match role {
        Role::Administrator | Role::CreditOffice | Role::Auditor => 0,
        Role::Clerk | Role::DataOfficer | Role::Decider | Role::IdentityClerk => 1,
        Role::Resident | Role::Representative | Role::Public => 2,
    };
    LIFETIMES[roles.iter().map(of).min().unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_can_do_more_proves_it_more_often() {
        for pair in LIFETIMES.windows(2) {
            assert!(pair[0].whole_us < pair[1].whole_us && pair[0].idle_us <= pair[1].idle_us);
        }
        assert_eq!(lifetime(&[Role::Resident]), LIFETIMES[2]);
        assert_eq!(lifetime(&[Role::DataOfficer, Role::Decider]), LIFETIMES[1]);
        assert_eq!(lifetime(&[Role::Administrator]), LIFETIMES[0]);
        assert_eq!(lifetime(&[]), LIFETIMES[0], "somebody without a right gets the least");
    }
}
