//! One cell of a table.

use chengxin_core::statistics::Share;
use chengxin_core::statistics::table::WITHHELD;
use serde::Serialize;

/// How a share is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// It is so many percent, cut off.
    Exactly,
    /// At least so many.
    AtLeast,
    /// At most so many.
    AtMost,
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Figure {
    /// A number.
    Count {
        /// The number.
        value: u64,
    },
    /// A share in whole percent.
    Share {
        /// The percent.
        percent: u8,
        /// How it is told.
        bound: Precision,
    },
    /// Of fewer than five, or such that one of fewer than five would follow from it.
    Withheld,
    /// There is nothing to tell.
    Nothing,
}

impl From<Share> for Figure {
    fn from(share: Share) -> Self {
        match share {
            Share::Exactly(percent) => Self::Share { percent, bound: Precision::Exactly },
            Share::AtLeast(percent) => Self::Share { percent, bound: Precision::AtLeast },
            Share::AtMost(percent) => Self::Share { percent, bound: Precision::AtMost },
            Share::Withheld => Self::Withheld,
            Share::OfNothing => Self::Nothing,
        }
    }
}

impl Figure {
    /// As people read it, in every language.
    #[must_use]
    pub fn text(&self) -> String {
        match *self {
            Self::Count { value } => value.to_string(),
            Self::Share { percent, bound: Precision::Exactly } => Share::Exactly(percent).text(),
            Self::Share { percent, bound: Precision::AtLeast } => Share::AtLeast(percent).text(),
            Self::Share { percent, bound: Precision::AtMost } => Share::AtMost(percent).text(),
            Self::Withheld => WITHHELD.to_owned(),
            Self::Nothing => String::new(),
        }
    }
}
