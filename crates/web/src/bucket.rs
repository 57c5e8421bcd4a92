//! A bucket of tokens for the whole process: guessing codes is slow, whoever guesses.

/// Codes that led nowhere before looking stops, when there were none for a while.
const CAPACITY: i64 = 200;
/// Microseconds until one more is allowed: twenty a second. Against 128 bits that is nothing, and a city's visitors
/// mistype far less often.
const REFILL_US: i64 = 50_000;

/// Spent by codes that lead nowhere, asked by every look. Not by address: visitors share one, guessers have many.
#[derive(Debug)]
pub(crate) struct Bucket {
    /// When it will be full again, microseconds UTC.
    full_at_us: i64,
}

impl Bucket {
    pub(crate) fn new() -> Self {
        Self { full_at_us: 0 }
    }

    /// May a code be looked at? Otherwise after how many seconds.
    pub(crate) fn ask(&self, now_us: i64) -> Result<(), u64> {
        let missing = (self.full_at_us - now_us).max(0);
        let over = missing - (CAPACITY - 1) * REFILL_US;
        if over <= 0 { Ok(()) } else { Err(u64::try_from(over / 1_000_000).unwrap_or(0) + 1) }
    }

    /// A code led nowhere.
    pub(crate) fn spend(&mut self, now_us: i64) {
        self.full_at_us = self.full_at_us.max(now_us) + REFILL_US;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_empties_refuses_and_fills_again() {
        let mut bucket = Bucket::new();
        for _ in 0..CAPACITY {
            assert_eq!(bucket.ask(0), Ok(()));
            bucket.spend(0);
        }
        assert_eq!(bucket.ask(0), Err(1));
        assert_eq!(bucket.ask(REFILL_US), Ok(()));
        bucket.spend(REFILL_US);
        assert!(bucket.ask(REFILL_US).is_err());
        assert_eq!(bucket.ask(REFILL_US * CAPACITY * 2), Ok(()));
    }
}
