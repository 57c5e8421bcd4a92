//! Keys of machines: several at once, each for a time, so that one takes over from another without a gap.

/// Most keys that a machine has at once, those that begin later among them.
pub const MOST_KEYS: usize = 4;

/// Longest life of a key in days: a year, and a month to hand over.
///
/// # Source
/// A house rule of 2026-11-22, beneath GB/T 39786-2021, which asks that keys have a period and gives none.
pub const LONGEST_KEY_DAYS: i64 = 397;

const DAY_US: i64 = 24 * 3_600 * 1_000_000;

/// Why a key cannot be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// It ends before it begins, or is over.
    Over,
    /// It would last for too long.
    TooLong,
    /// There are as many as there may be.
    TooMany,
    /// The machine has, or had, one of that name or the same key: what was revoked stays so.
    Known,
}

/// May a key be added that holds from and until these instants (microseconds UTC), beside `living` ones that are not over?
///
/// # Errors
/// [`KeyFault`].
pub fn check_key(from_us: i64, until_us: i64, now_us: i64, living: usize, known: bool) -> Result<(), KeyFault> {
    if until_us <= from_us || until_us <= now_us {
        return Err(KeyFault::Over);
    }
    if until_us.saturating_sub(from_us.max(now_us)) > LONGEST_KEY_DAYS * DAY_US {
        return Err(KeyFault::TooLong);
    }
    if known {
        return Err(KeyFault::Known);
    }
    if living >= MOST_KEYS { Err(KeyFault::TooMany) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_305_600_000_000;

    #[test]
    fn a_key_lasts_for_a_time_that_is_not_over_and_not_too_long() {
        let year = 365 * DAY_US;
        assert_eq!(check_key(NOW, NOW + year, NOW, 0, false), Ok(()));
        assert_eq!(
            check_key(NOW + year, NOW + year + DAY_US, NOW, 3, false),
            Ok(()),
            "the next one may be known early"
        );
        assert_eq!(check_key(NOW, NOW, NOW, 0, false), Err(KeyFault::Over));
        assert_eq!(check_key(NOW - year, NOW - 1, NOW, 0, false), Err(KeyFault::Over));
        let longest = LONGEST_KEY_DAYS * DAY_US;
        assert_eq!(check_key(NOW, NOW + longest, NOW, 0, false), Ok(()));
        assert_eq!(check_key(NOW, NOW + longest + 1, NOW, 0, false), Err(KeyFault::TooLong));
        assert_eq!(check_key(NOW - year, NOW + longest + 1, NOW, 0, false), Err(KeyFault::TooLong));
        assert_eq!(check_key(i64::MIN, i64::MAX, NOW, 0, false), Err(KeyFault::TooLong));
    }

    #[test]
    fn there_are_few_and_none_comes_back() {
        assert_eq!(check_key(NOW, NOW + DAY_US, NOW, MOST_KEYS, false), Err(KeyFault::TooMany));
        assert_eq!(check_key(NOW, NOW + DAY_US, NOW, 0, true), Err(KeyFault::Known));
    }
}
