//! Hashing, in one piece ([`Profile::hash`]) or piece by piece.

use std::io;

use sha2::{Digest, Sha256};
use sm3::Sm3;

use crate::Profile;

/// A hash under construction: SHA-256 or SM3.
///
/// Implements [`io::Write`], which never fails, so that a file can be copied into it.
#[derive(Clone, Debug)]
pub struct Hasher(State);

#[derive(Clone, Debug)]
enum State {
    Intl(Sha256),
    Gm(Sm3),
}

impl Hasher {
    /// An empty hash of the profile's algorithm.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        Self(match profile {
            Profile::Intl => State::Intl(Sha256::new()),
            Profile::Gm => State::Gm(Sm3::new()),
        })
    }

    /// Takes in the next bytes.
    #[inline]
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Intl(state) => state.update(bytes),
            State::Gm(state) => state.update(bytes),
        }
    }

    /// The hash of everything taken in.
    #[must_use]
    pub fn finalize(self) -> [u8; 32] {
        match self.0 {
            State::Intl(state) => state.finalize().into(),
            State::Gm(state) => state.finalize().into(),
        }
    }
}

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
