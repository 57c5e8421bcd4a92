//! Accounts: what a login name and a password may be, how long a session lasts, what may be held together, and how long
//! somebody who guesses waits. Rules only; who asks and what is stored is elsewhere.

mod activation;
mod delay;
mod factor;
mod lifetime;
mod login;
mod password;
mod right;

pub use activation::{ActivationCode, LINK_LIFETIME_US, WINDOW_CODE_LIFETIME_US};
pub use delay::{Attempts, FORGOTTEN_AFTER_US, KNOWN_FOR_US, not_before};
pub use factor::{CHALLENGE_LASTS_US, Factor, FactorFault, PASSKEYS, passkey_name, removable};
pub use lifetime::{LIFETIMES, Lifetime, PROOF_LASTS_US, lifetime};
pub use login::{LoginFault, normalise_login};
pub use password::{PASSWORD_LENGTH, PasswordFault, check_password, prepare_password};
pub use right::{DORMANT_AFTER_DAYS, Family, dormant, family, mixes, needs_second_factor, serves_authority};

/// How many recovery codes an account gets at a time.
pub const RECOVERY_CODES: usize = 10;

/// Characters of a recovery code: 50 bits. Each works once, and wrong ones wait like wrong passwords.
pub const RECOVERY_CODE_LENGTH: usize = 10;

/// May a step of a TOTP be accepted after `last` was? Only a later one: digits that somebody looked at over a shoulder are worth
/// nothing once they were used.
///
/// # Source
/// RFC 6238 §5.2: a verifier must not accept a second attempt with the same code.
#[must_use]
pub fn accepts_step(step: i64, last: i64) -> bool {
    step > last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_accepted_once_and_none_before_it_any_more() {
        assert!(accepts_step(10, 0) && accepts_step(11, 10));
        assert!(!accepts_step(10, 10) && !accepts_step(9, 10));
    }
}
