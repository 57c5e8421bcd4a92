//! What a consent allows.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::limits;
use crate::dates::day_start_us;
use crate::period::display_until;

/// To whom a consent is given: somebody named, never a kind of body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Recipient {
    /// A registered authority.
    Authority {
        /// Its unified social credit code.
        code: String,
        /// How it was called then.
        name: String,
    },
    /// Another organisation.
    Organisation {
        /// As the person named it.
        name: String,
    },
}

impl Recipient {
    /// Is it the authority with this code?
    #[must_use]
    pub fn is_authority(&self, wanted: &str) -> bool {
        matches!(self, Self::Authority { code, .. } if code == wanted)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Authority { name, .. } | Self::Organisation { name } => name,
        }
    }
}

/// The terms of a consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// To whom.
    pub recipient: Recipient,
    /// For what, in the person's words; may be empty where a matter is named.
    pub purpose: String,
    /// For which matter of the catalogue, by its code.
    pub matter: Option<String>,
    /// Which classes of items; dictionary `item-class`.
    pub classes: BTreeSet<String>,
    /// From when, microseconds UTC.
    pub from_us: i64,
    /// From when no longer.
    pub until_us: i64,
    /// How often.
    pub uses: i64,
}

/// What is wrong with a period or a number of uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodFault {
    /// It begins before today.
    #[error("it begins before today")]
    Past,
    /// It begins too far ahead; the last first day that there may be.
    #[error("it begins after {0}")]
    TooFarAhead(Date),
    /// It ends before it begins, or with it.
    #[error("it ends before it begins")]
    Backwards,
    /// It is too long; the last `until` that there may be.
    #[error("it ends after {0}")]
    TooLong(Date),
    /// No use at all, or more than there may be.
    #[error("from 1 to {0} uses")]
    Uses(i64),
}

/// Instants of a period, `from` its first day and `until` the first day on which it no longer holds, with its number of uses held
/// against the bounds of `today`.
///
/// # Errors
/// [`PeriodFault`].
///
/// # Source
/// See [`super::LIMITS`]; months are counted as in 民法典 arts 200–202.
pub fn check_period(today: Date, from: Date, until: Date, uses: i64) -> Result<(i64, i64), PeriodFault> {
    let limits = limits(today);
    let latest = display_until(today, limits.ahead_months);
    let last = display_until(from, limits.months);
    match () {
        () if from < today => Err(PeriodFault::Past),
        () if from > latest => Err(PeriodFault::TooFarAhead(latest)),
        () if until <= from => Err(PeriodFault::Backwards),
        () if until > last => Err(PeriodFault::TooLong(last)),
        () if uses < 1 || uses > limits.uses => Err(PeriodFault::Uses(limits.uses)),
        () => Ok((day_start_us(from), day_start_us(until))),
    }
}
