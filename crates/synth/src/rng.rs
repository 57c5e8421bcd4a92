//! The generator of choices: SplitMix64, written out here.
//!
//! A made-up city must be the same city in ten years and on every machine, because a benchmark, a demo and a bug
//! report name it by its seed. The `rand` crate keeps its streams stable only within a major version, so these
//! fifteen lines are kept instead. They are for choosing surnames, never for keys, codes or salts.
//!
//! # Source
//! Steele, Lea, Flood: *Fast splittable pseudorandom number generators*, OOPSLA 2014; the constants are those of the
//! reference implementation `splitmix64.c`.

/// A stream of choices.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

/// The finaliser of SplitMix64: every bit of the answer depends on every bit of `z`.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Rng {
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

    /// The stream for one thing: person 17 of city 42 has the same name whether or not person 16 was ever asked for.
    /// That is what lets a file of any size be written without holding the city in memory.
    pub(crate) fn of(seed: u64, purpose: u64, index: u64) -> Self {
        let a = mix(seed.wrapping_add(Self::STEP));
        let b = mix(a ^ purpose.wrapping_mul(Self::STEP));
        Self(mix(b ^ index.wrapping_mul(Self::STEP).rotate_left(17)))
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(Self::STEP);
        mix(self.0)
    }

    /// A number in `0..bound`; 0 when `bound` is 0. The multiplication leaves a bias of at most `bound / 2^64`,
    /// which nobody will see in a list of surnames.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as u64) as i64
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len() as u64) as usize]
    }

    /// One of a list whose first entries are the more common ones.
    pub(crate) fn pick_early<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let n = list.len() as u64;
        list[self.below(n).min(self.below(n)) as usize]
    }

    /// Puts a list into another order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn finaliser_and_step_are_those_of_the_reference_implementation() {
        // splitmix64.c started at 1234567.
        let mut rng = Rng(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| rng.next()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn streams_of_neighbours_differ_and_repeat() {
        assert_eq!(Rng::of(42, 1, 7).next(), Rng::of(42, 1, 7).next());
        assert_ne!(Rng::of(42, 1, 7).next(), Rng::of(42, 1, 8).next());
        assert_ne!(Rng::of(42, 1, 7).next(), Rng::of(42, 2, 7).next());
        assert_ne!(Rng::of(42, 1, 7).next(), Rng::of(43, 1, 7).next());
    }

    #[test]
    fn numbers_stay_in_their_bounds_and_reach_both_ends() {
        let mut rng = Rng::of(1, 1, 1);
        let drawn: Vec<i64> = (0..1000).map(|_| rng.between(-2, 3)).collect();
        assert_eq!((drawn.iter().min().copied(), drawn.iter().max().copied()), (Some(-2), Some(3)));
        assert_eq!(rng.below(0), 0);
    }
}
