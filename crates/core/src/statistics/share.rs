//! A share in whole percent, told no more exactly than its parts may be.

use serde::{Deserialize, Serialize};

use super::{FEWEST, is_small};

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Share {
    /// So many percent, cut off: 100 is said of all and of nothing less.
    Exactly(u8),
    /// At least so many: few are missing, and how few is not told.
    AtLeast(u8),
    /// At most so many: there are few, and how few is not told.
    AtMost(u8),
    /// Of too few to be told.
    Withheld,
    /// Of nothing.
    OfNothing,
}

impl Share {
    /// The share of `part` in `whole`. Where either what is in it or what is missing is one to four, the bound that all of these have is told.
    #[must_use]
    pub fn of(part: u64, whole: u64) -> Self {
        let rest = whole.saturating_sub(part);
        match (is_small(part), is_small(rest)) {
            _ if whole == 0 => Self::OfNothing,
            _ if whole < FEWEST => Self::Withheld,
            (true, true) => Self::Withheld,
            (false, false) => Self::Exactly(percent(part, whole)),
            (false, true) => Self::AtLeast(percent(whole - (FEWEST - 1), whole)),
            (true, false) => Self::AtMost(percent(FEWEST - 1, whole).saturating_add(1)),
        }
    }

    /// As people read it.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Exactly(percent) => format!("{percent}%"),
            Self::AtLeast(percent) => format!("≥{percent}%"),
            Self::AtMost(percent) => format!("≤{percent}%"),
            Self::Withheld => super::table::WITHHELD.to_owned(),
            Self::OfNothing => String::new(),
        }
    }

    /// The percent that is told, whichever bound it is.
    #[must_use]
    pub fn percent(self) -> Option<u8> {
        match self {
            Self::Exactly(percent) | Self::AtLeast(percent) | Self::AtMost(percent) => Some(percent),
            Self::Withheld | Self::OfNothing => None,
        }
    }
}

/// Whole percent, cut off.
fn percent(part: u64, whole: u64) -> u8 {
    let percent = u128::from(part) * 100 / u128::from(whole.max(1));
    u8::try_from(percent).unwrap_or(100).min(100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_hundred_percent_is_said_of_all_and_of_nothing_less() {
        assert_eq!(Share::of(9_995, 10_000), Share::Exactly(99));
        assert_eq!(Share::of(10_000, 10_000), Share::Exactly(100));
        assert_eq!(Share::of(0, 0), Share::OfNothing);
        assert_eq!(Share::of(3, 4), Share::Withheld);
        assert_eq!(Share::of(998, 1_000).text(), "≥99%");
        assert_eq!(Share::of(2, 1_000).text(), "≤1%");
    }

    proptest! {
        #[test]
        fn a_share_is_the_same_whichever_of_one_to_four_it_is(whole in 5u64..100_000, a in 1u64..5, b in 1u64..5) {
            prop_assert_eq!(Share::of(a, whole), Share::of(b.min(whole), whole));
            prop_assert_eq!(Share::of(whole - a, whole), Share::of(whole - b, whole));
        }

        #[test]
        fn what_is_told_holds(part in 0u64..100_000, more in 0u64..100_000) {
            let whole = part + more;
            match Share::of(part, whole) {
                Share::Exactly(percent) => {
                    prop_assert!(u64::from(percent) * whole <= part * 100 && part * 100 < (u64::from(percent) + 1) * whole);
                }
                Share::AtLeast(percent) => prop_assert!(u64::from(percent) * whole <= part * 100),
                Share::AtMost(percent) => prop_assert!(u64::from(percent) * whole >= part * 100),
                Share::Withheld => prop_assert!(whole < 9),
                Share::OfNothing => prop_assert_eq!(whole, 0),
            }
        }
    }
}
