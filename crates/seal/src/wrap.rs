//! Keys sealed under keys.

use core::fmt;

use zeroize::Zeroizing;

use crate::{AeadKey, Key32, OpenError, Profile, RandomPool, SEALED_OVERHEAD};

/// Length of a wrapped key: version, then the sealed 32 bytes.
pub const WRAPPED_BYTES: usize = 4 + 32 + SEALED_OVERHEAD;

/// What is sealed under a wrapping key besides the caller's data, so that a wrapped key is never taken
/// for another kind of sealed text, nor a text wrapped under one version for another's.
const LABEL: &[u8] = b"chengxin wrapped key v1";

/// A key that seals other keys: one version of the installation's.
///
/// # Format
/// Version as a big-endian `u32`, then [`AeadKey::seal`] of the 32 bytes, bound to
/// `"chengxin wrapped key v1" ‖ version ‖ aad`.
pub struct WrappingKey {
    version: u32,
    key: AeadKey,
}

impl WrappingKey {
    /// Prepares one version.
    #[must_use]
    pub fn new(profile: Profile, version: u32, key: &Key32) -> Self {
        Self { version, key: AeadKey::new(profile, key) }
    }

    /// The version that [`Self::wrap`] writes.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The version that wrapped this text; `None` if it is too short to say.
    #[must_use]
    pub fn version_of(wrapped: &[u8]) -> Option<u32> {
        wrapped.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
    }

    /// Seals `key`, bound to `aad`: whose key it is. [`WRAPPED_BYTES`] long.
    #[must_use]
    pub fn wrap(&self, pool: &mut RandomPool, key: &Key32, aad: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(WRAPPED_BYTES);
        out.extend_from_slice(&self.version.to_be_bytes());
        self.key.seal_into_from(pool, &self.bind(aad), &mut out, key.as_bytes());
        out
    }

    /// Opens what [`Self::wrap`] sealed under this version with the same `aad`.
    ///
    /// # Errors
    /// [`UnwrapError`].
    pub fn unwrap_key(&self, wrapped: &[u8], aad: &[u8]) -> Result<Key32, UnwrapError> {
        let (version, sealed) = wrapped.split_first_chunk().ok_or(OpenError::TooShort)?;
        if u32::from_be_bytes(*version) != self.version {
            return Err(UnwrapError::UnknownVersion(u32::from_be_bytes(*version)));
        }
        let bytes = Zeroizing::new(self.key.open(&self.bind(aad), sealed)?);
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return Err(OpenError::NotAuthentic.into());
        }
        key.copy_from_slice(&bytes);
        Ok(Key32::from_bytes(*key))
    }

    fn bind(&self, aad: &[u8]) -> Vec<u8> {
        [LABEL, &self.version.to_be_bytes(), aad].concat()
    }
}

impl fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WrappingKey").field("version", &self.version).finish_non_exhaustive()
    }
}

/// Why a wrapped key could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnwrapError {
    /// Wrapped under a version that is not at hand.
    #[error("the key is wrapped under version {0}, which these keys do not hold")]
    UnknownVersion(u32),
    /// Cut off, altered, or bound to something else.
    #[error(transparent)]
    Open(#[from] OpenError),
}
