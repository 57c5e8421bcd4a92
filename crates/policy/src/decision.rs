//! What a decision says: yes or no, by which policies, on which clause, in which words.

use std::sync::Arc;

use chengxin_core::Say;

/// Why something is refused, as far as the answer to the asker depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The role is never allowed it.
    Role,
    /// The role is, but not this asker in these circumstances, whatever the thing: sign-in, purpose, ground, a sleeping right.
    Circumstances,
    /// This asker is, now, but not on this thing. Where its existence is none of the asker's business, answer as though
    /// it were not there.
    Thing,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// May they?
    pub allowed: bool,
    /// Names of the policies that decided, in the order in which they are loaded. Empty where it is refused because no
    /// policy permits it.
    pub policies: Vec<Arc<str>>,
    /// `law#clause` of the catalogue, or `house#rule`, on which the first of them rests.
    pub clause: Option<Arc<str>>,
    /// Why, in a sentence without its full stop; names nobody and no thing.
    pub reason: Say,
    /// Why not; absent where it is allowed.
    pub refusal: Option<Refusal>,
}

/// A policy, as a reader meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its name.
    pub id: Arc<str>,
    /// Does it permit, or forbid?
    pub permits: bool,
    /// `law#clause` of the catalogue, or `house#rule` ([`crate::Policy::house_rules`]).
    pub clause: Arc<str>,
    /// Why, in a sentence without its full stop.
    pub reason: Say,
    /// File in which it stands.
    pub file: &'static str,
}
