//! Narrowing: the one change that a consent allows.

use std::collections::BTreeSet;

use super::{Consent, ConsentState, Terms};

/// What is to become less. What is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// From when it no longer holds, microseconds UTC.
    pub until_us: Option<i64>,
    /// Uses in all, those that were made included.
    pub uses: Option<i64>,
    /// The classes that are left.
    pub classes: Option<BTreeSet<String>>,
}

/// Why a consent is not narrowed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NarrowingFault {
    /// It is over, used up or stopped.
    #[error("nothing can be done on it any more")]
    NotOpen(ConsentState),
    /// It would end later than it does.
    #[error("it would end later")]
    Later,
    /// It would end before now, or before it begins: that is withdrawing it.
    #[error("it would have ended already")]
    Ended,
    /// It would allow more uses.
    #[error("it would allow more uses")]
    MoreUses,
    /// It would allow fewer uses than were made.
    #[error("{0} uses were made already")]
    FewerThanMade(i64),
    /// It would cover a class that it does not.
    #[error("it would cover {0}")]
    MoreClasses(String),
    /// It would cover none.
    #[error("it would cover nothing")]
    NoClass,
    /// It names a matter, which asks for all of its classes.
    #[error("its matter asks for all of its classes")]
    MatterNeedsAll,
    /// Nothing would become less.
    #[error("nothing would become less")]
    Same,
}

/// The terms of a consent, narrowed. They allow nothing that they did not allow before.
///
/// # Errors
/// [`NarrowingFault`].
pub fn narrowed(consent: &Consent, by: &Narrowing, now_us: i64) -> Result<Terms, NarrowingFault> {
    let state = consent.state(now_us);
    if !state.is_open() {
        return Err(NarrowingFault::NotOpen(state));
    }
    let old = &consent.terms;
    let mut new = old.clone();
    if let Some(until_us) = by.until_us {
        new.until_us = match until_us {
            later if later > old.until_us => return Err(NarrowingFault::Later),
            ended if ended <= now_us.max(old.from_us) => return Err(NarrowingFault::Ended),
            earlier => earlier,
        };
    }
    if let Some(uses) = by.uses {
        new.uses = match uses {
            more if more > old.uses => return Err(NarrowingFault::MoreUses),
            // None left is the same as withdrawn, and is said so.
            fewer if fewer <= consent.used => return Err(NarrowingFault::FewerThanMade(consent.used)),
            fewer => fewer,
        };
    }
    if let Some(classes) = &by.classes {
        if let Some(more) = classes.difference(&old.classes).next() {
            return Err(NarrowingFault::MoreClasses(more.clone()));
        }
        if classes.is_empty() {
            return Err(NarrowingFault::NoClass);
        }
        if old.matter.is_some() && *classes != old.classes {
            return Err(NarrowingFault::MatterNeedsAll);
        }
        new.classes.clone_from(classes);
    }
    if new == *old { Err(NarrowingFault::Same) } else { Ok(new) }
}
