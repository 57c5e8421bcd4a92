//! A secret of 32 bytes.

use core::fmt;

use data_encoding::BASE64;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::random::{RandomPool, fill_random};

/// 32 secret bytes: overwritten when dropped, compared in constant time, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key32([u8; 32]);

impl Key32 {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        let mut key = Self([0; 32]);
        fill_random(&mut key.0);
        key
    }

    /// A new random key out of a pool, for bulk work.
    #[must_use]
    pub fn generate_from(pool: &mut RandomPool) -> Self {
        let mut key = Self([0; 32]);
        pool.fill(&mut key.0);
        key
    }

    /// A key of these bytes. The caller's copy stays the caller's to overwrite.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The secret bytes. Whoever copies them answers for the copy.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Base64 of the secret, for a key file.
    pub(crate) fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64.encode(&self.0))
    }

    /// Reads [`Self::to_base64`]; `None` unless it is exactly 32 bytes.
    pub(crate) fn from_base64(text: &str) -> Option<Self> {
        // 44 characters decode to at most 33 bytes.
        let mut bytes = Zeroizing::new([0u8; 33]);
        if text.len() != 44 {
            return None;
        }
        let length = BASE64.decode_mut(text.as_bytes(), &mut bytes[..]).ok()?;
        let mut key = Self([0; 32]);
        key.0.copy_from_slice(bytes.get(..length).filter(|b| b.len() == 32)?);
        Some(key)
    }
}

impl fmt::Debug for Key32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key32(…)")
    }
}

impl PartialEq for Key32 {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Key32 {}
