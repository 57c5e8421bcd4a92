//! What stands for a number, a name, a record and its content while a file is read.

use std::hash::{BuildHasher as _, Hasher as _};

use chengxin_core::identity::DocumentKind;
use chengxin_seal::random_bytes;
use foldhash::quality::FixedState;

use crate::keyring::Keyring;

/// How they are made.
pub(super) enum Prints<'a> {
    /// Keyed digests, as the database holds them.
    Keyed(&'a Keyring),
    /// For a dry run into an empty database, where nothing is looked up and nothing kept: equal or not is all that is
    /// asked, and two quick hashes with seeds of this run's own answer it at a third of the cost. A sender who made
    /// two rows collide would deceive nobody but their own rehearsal.
    Quick(FixedState, FixedState),
}

impl Prints<'_> {
    /// Quick ones, with fresh seeds.
    pub(super) fn quick() -> Self {
        let seed = || FixedState::with_seed(u64::from_ne_bytes(random_bytes()));
        Self::Quick(seed(), seed())
    }

    pub(super) fn tag(&self, kind: DocumentKind, number: &str) -> [u8; 16] {
        match self {
            Self::Keyed(keys) => keys.document_tag(kind, number),
            Self::Quick(a, b) => quick(a, b, &[&[kind.as_u8()], number.as_bytes()]),
        }
    }

    pub(super) fn name(&self, name: &str) -> [u8; 16] {
        match self {
            Self::Keyed(keys) => keys.name_tag(name),
            Self::Quick(a, b) => quick(a, b, &[name.as_bytes()]),
        }
    }

    pub(super) fn seed(&self, authority: &str, item: &str, identity: &[&[u8]]) -> [u8; 16] {
        match self {
            Self::Keyed(keys) => keys.record_seed(authority, item, identity),
            Self::Quick(a, b) => quick(a, b, identity),
        }
    }

    pub(super) fn digest(&self, parts: &[&[u8]]) -> [u8; 16] {
        match self {
            Self::Keyed(keys) => keys.digest(parts),
            Self::Quick(a, b) => quick(a, b, parts),
        }
    }
}

fn quick(a: &FixedState, b: &FixedState, parts: &[&[u8]]) -> [u8; 16] {
    let one = |state: &FixedState| {
        let mut hasher = state.build_hasher();
        for part in parts {
            hasher.write_usize(part.len());
            hasher.write(part);
        }
        hasher.finish().to_be_bytes()
    };
    let mut out = [0; 16];
    out[..8].copy_from_slice(&one(a));
    out[8..].copy_from_slice(&one(b));
    out
}
