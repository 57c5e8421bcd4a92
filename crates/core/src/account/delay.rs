//! Who guesses waits longer and longer. Never is anybody locked out: a stranger who fails at will must not keep the owner away.

const SECOND_US: i64 = 1_000_000;

/// Failures from one place before it waits: people mistype.
const OWN_FREE: i64 = 5;
/// Longest wait of one place.
const OWN_LONGEST_US: i64 = 3_600 * SECOND_US;

/// Failures from all unknown places together before they wait.
const STRANGERS_FREE: i64 = 20;
/// Longest wait of unknown places: an owner at a new device waits no longer, and whoever guesses from ten thousand addresses gets
/// a hundred guesses a day.
const STRANGERS_LONGEST_US: i64 = 900 * SECOND_US;

/// After so long without an attempt, failures are forgotten.
pub const FORGOTTEN_AFTER_US: i64 = 24 * 3_600 * SECOND_US;

/// For so long a device that signed in is known.
pub const KNOWN_FOR_US: i64 = 90 * 24 * 3_600 * SECOND_US;

/// What was tried without success.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attempts {
    /// In a row.
    pub failures: i64,
    /// When the last one was made, microseconds UTC.
    pub last_us: i64,
}

impl Attempts {
    /// With one more at `now_us`.
    #[must_use]
    pub fn and_one(self, now_us: i64) -> Self {
        Self { failures: self.counted(now_us).saturating_add(1), last_us: now_us }
    }

    fn counted(self, now_us: i64) -> i64 {
        if now_us.saturating_sub(self.last_us) > FORGOTTEN_AFTER_US { 0 } else { self.failures }
    }

    fn until(self, now_us: i64, free: i64, longest_us: i64) -> i64 {
        let over = self.counted(now_us) - free;
        if over < 0 {
            return 0;
        }
        let doubled = SECOND_US.saturating_mul(1i64 << over.min(40));
        self.last_us.saturating_add(doubled.min(longest_us))
    }
}

/// The instant before which an attempt is not even looked at; in the past where it is.
///
/// `own` is what was tried for this account from this device or address; `strangers` what was tried for it from all devices
/// that it does not know. A known device waits for its own failures only.
#[must_use]
pub fn not_before(own: Attempts, strangers: Attempts, known: bool, now_us: i64) -> i64 {
    let own = own.until(now_us, OWN_FREE, OWN_LONGEST_US);
    if known { own } else { own.max(strangers.until(now_us, STRANGERS_FREE, STRANGERS_LONGEST_US)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_795_305_600_000_000;

    fn failed(failures: i64) -> Attempts {
        Attempts { failures, last_us: NOW }
    }

    #[test]
    fn a_few_mistakes_cost_nothing_then_each_costs_twice_the_last() {
        let wait = |n| not_before(failed(n), Attempts::default(), false, NOW) - NOW;
        assert!(wait(4) < 0);
        assert_eq!([5, 6, 7, 8].map(wait), [1, 2, 4, 8].map(|s| s * SECOND_US));
        assert_eq!(wait(1_000), OWN_LONGEST_US);
    }

    #[test]
    fn strangers_never_make_a_known_device_wait() {
        assert!(not_before(failed(0), failed(1_000_000), true, NOW) < NOW);
        assert_eq!(not_before(failed(0), failed(1_000_000), false, NOW) - NOW, STRANGERS_LONGEST_US);
    }

    #[test]
    fn from_ten_thousand_addresses_a_hundred_guesses_a_day_are_looked_at() {
        let (mut now, mut strangers, mut looked_at) = (NOW, Attempts::default(), 0);
        while now < NOW + FORGOTTEN_AFTER_US {
            now = now.max(not_before(Attempts::default(), strangers, false, now));
            strangers = strangers.and_one(now);
            looked_at += 1;
        }
        assert!((100..150).contains(&looked_at), "{looked_at}");
    }

    #[test]
    fn a_day_without_attempts_forgets_them() {
        let later = NOW + FORGOTTEN_AFTER_US + 1;
        assert!(not_before(failed(50), failed(50), false, later) < later);
        assert_eq!(failed(50).and_one(later).failures, 1);
    }

    proptest! {
        #[test]
        fn more_failures_never_wait_shorter(n in 0i64..2_000, known: bool) {
            let at = |n| not_before(failed(n), failed(n), known, NOW);
            prop_assert!(at(n) <= at(n + 1));
        }
    }
}
