//! Message authentication codes and the keys derived by them.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sm3::Sm3;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::encoding::length_prefixed;
use crate::{Key32, Profile};

/// What the first byte of the input says the output is for, so that a published MAC is never a key.
const FOR_MAC: u8 = 1;
const FOR_KEY: u8 = 2;

/// A key for HMAC-SHA-256 or HMAC-SM3, with both padded key blocks hashed in advance.
///
/// # Format
/// The input is one byte (1 for [`Self::mac`], 2 for [`Self::derive`]), then label and parts in order,
/// each behind its length as a big-endian `u32`. No two different calls feed the same bytes, so
/// `["ab", "c"]` and `["a", "bc"]` differ, and one key serves many labels.
#[derive(Clone)]
pub struct MacKey(State);

#[derive(Clone)]
enum State {
    Intl(Hmac<Sha256>),
    Gm(Hmac<Sm3>),
}

impl MacKey {
    /// Prepares a key. It should be 32 random bytes; any length works.
    #[must_use]
    pub fn new(profile: Profile, key: &[u8]) -> Self {
        Self(match profile {
            Profile::Intl => State::Intl(prepare(key)),
            Profile::Gm => State::Gm(prepare(key)),
        })
    }

    /// The MAC of `parts` for the use that `label` names. Allocates nothing.
    #[inline]
    #[must_use]
    pub fn mac(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.run(FOR_MAC, label, parts)
    }

    /// Whether `tag` is the MAC of `parts`, compared in constant time.
    #[must_use]
    pub fn verify(&self, label: &str, parts: &[&[u8]], tag: &[u8]) -> bool {
        self.mac(label, parts).as_slice().ct_eq(tag).into()
    }

    /// A key of its own for the use that `label` and `parts` name (one step of HKDF-Expand, RFC 5869:
    /// this key is already uniform, so there is nothing to extract). Never equal to a [`Self::mac`].
    #[inline]
    #[must_use]
    pub fn derive(&self, label: &str, parts: &[&[u8]]) -> Key32 {
        let mut bytes = Zeroizing::new(self.run(FOR_KEY, label, parts));
        let key = Key32::from_bytes(*bytes);
        bytes.zeroize();
        key
    }

    #[inline]
    fn run(&self, purpose: u8, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        match &self.0 {
            State::Intl(state) => tag(state.clone(), purpose, label, parts),
            State::Gm(state) => tag(state.clone(), purpose, label, parts),
        }
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(…)")
    }
}

/// Plain HMAC of exactly these bytes, as other systems compute it (RFC 2104): for a signed webhook and
/// the like. Inside the platform use [`MacKey`], which keeps uses apart.
#[must_use]
pub fn hmac(profile: Profile, key: &[u8], message: &[u8]) -> [u8; 32] {
    match profile {
        Profile::Intl => prepare::<Hmac<Sha256>>(key).chain_update(message).finalize().into_bytes().into(),
        Profile::Gm => prepare::<Hmac<Sm3>>(key).chain_update(message).finalize().into_bytes().into(),
    }
}

fn prepare<M: Mac + KeyInit>(key: &[u8]) -> M {
    // Unwrap safety: HMAC takes a key of every length (RFC 2104 §2).
    <M as KeyInit>::new_from_slice(key).expect("HMAC takes keys of every length")
}

#[inline]
fn tag<M: Mac<OutputSize = sha2::digest::consts::U32>>(
    mut state: M,
    purpose: u8,
    label: &str,
    parts: &[&[u8]],
) -> [u8; 32] {
    state.update(&[purpose]);
    length_prefixed(label.as_bytes(), |bytes| state.update(bytes));
    for part in parts {
        length_prefixed(part, |bytes| state.update(bytes));
    }
    state.finalize().into_bytes().into()
}
