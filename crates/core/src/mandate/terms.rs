//! What a mandate allows, and between whom there can be one.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{MandateKind, Paper, RecordedBy, Scope, limits};
use crate::dates::day_start_us;
use crate::identity::{Document, DocumentKind, is_of_age_on};
use crate::period::display_until;

/// The terms of a mandate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Its kind.
    pub kind: MandateKind,
    /// How it came to be.
    pub by: RecordedBy,
    /// What it covers.
    pub scope: BTreeSet<Scope>,
    /// From when, microseconds UTC.
    pub from_us: i64,
    /// From when no longer.
    pub until_us: i64,
}

/// Which of the two somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// For whom another acts.
    Mandator,
    /// Who acts.
    Actor,
}

/// Why there is no such mandate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MandateFault {
    /// Somebody under 18: there is nothing about them here that anybody could act on, and they act for nobody.
    #[error("{0:?} is under 18")]
    Minor(Party),
    /// The document does not say when its holder was born, and nobody attested that they are of age.
    #[error("nobody attested that {0:?} is of age")]
    AgeUnsaid(Party),
    /// A person where an organisation belongs, or the other way round.
    #[error("{0:?} has a document of another kind")]
    DocumentKind(Party),
    /// Both are one.
    #[error("nobody acts for themself on a mandate")]
    Oneself,
    /// It covers nothing.
    #[error("it covers nothing")]
    Nothing,
    /// It covers what a mandate of its kind cannot.
    #[error("it cannot cover {}", .0.code())]
    Scope(Scope),
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
    /// It rests on a document of another kind.
    #[error("it does not rest on such a document")]
    Paper,
    /// It does not end on a document of this kind.
    #[error("it does not end on such a document")]
    EndPaper,
    /// The document is of a day that is still to come.
    #[error("its document is of a later day")]
    PaperAhead,
}

/// Can the holder of a document be one of the two, on a day? `attested`: somebody answers for it that they are of age, where the document
/// does not say when they were born.
///
/// # Errors
/// [`MandateFault`].
///
/// # Source
/// 民法典 arts 17–18, 28, 161 (not verified at their source). Hard limit of the platform: no record about anybody under 18, so that a minor is no
/// subject here, and nobody's guardian is one here for a child.
pub fn check_party(
    kind: MandateKind,
    party: Party,
    document: &Document,
    attested: bool,
    today: Date,
) -> Result<(), MandateFault> {
    let organisation = document.kind() == DocumentKind::Uscc;
    if organisation != (kind.of_organisation() && party == Party::Mandator) {
        return Err(MandateFault::DocumentKind(party));
    }
    match document.birth_date() {
        _ if organisation => Ok(()),
        Some(birth) if is_of_age_on(birth, today) => Ok(()),
        Some(_) => Err(MandateFault::Minor(party)),
        None if attested => Ok(()),
        None => Err(MandateFault::AgeUnsaid(party)),
    }
}

/// The terms of a mandate from its first day to `until`, the first day on which it no longer holds, held against the bounds of `today`.
///
/// # Errors
/// [`MandateFault`].
///
/// # Source
/// See [`super::LIMITS`]; months are counted as in 民法典 arts 200–202.
pub fn check_terms(
    (kind, by): (MandateKind, RecordedBy),
    scope: BTreeSet<Scope>,
    (from, until): (Date, Date),
    paper: Option<&Paper>,
    today: Date,
) -> Result<Terms, MandateFault> {
    let limits = limits(today);
    let latest = display_until(today, limits.ahead_months);
    let last = display_until(from, limits.months(kind));
    match () {
        () if scope.is_empty() => Err(MandateFault::Nothing),
        () if from < today => Err(MandateFault::Past),
        () if from > latest => Err(MandateFault::TooFarAhead(latest)),
        () if until <= from => Err(MandateFault::Backwards),
        () if until > last => Err(MandateFault::TooLong(last)),
        () if paper.is_some_and(|paper| !paper.kind.fits(kind)) => Err(MandateFault::Paper),
        () if paper.is_some_and(|paper| paper.date > today) => Err(MandateFault::PaperAhead),
        () => match scope.iter().find(|scope| !scope.fits(kind)) {
            Some(beyond) => Err(MandateFault::Scope(*beyond)),
            None => Ok(Terms { kind, by, scope, from_us: day_start_us(from), until_us: day_start_us(until) }),
        },
    }
}
