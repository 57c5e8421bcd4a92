//! Signatures: Ed25519, or SM2 with SM3.

use core::fmt;

use data_encoding::HEXLOWER;
use ed25519_dalek::Signer as _;
use sm2::dsa::signature::Verifier as _;

use crate::{Key32, Profile};

/// Length of a signature in both profiles: `R ‖ S`, or `r ‖ s`.
pub const SIGNATURE_BYTES: usize = 64;

/// The distinguishing identifier of every SM2 signer here: the default of GM/T 0009, which other
/// implementations assume where none is agreed.
const SM2_IDENTIFIER: &str = "1234567812345678";

/// `n − 1` of the SM2 curve (GB/T 32918.5). As a private key it would make `1 + d` zero.
const SM2_ORDER_LESS_ONE: [u8; 32] = [
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x72, 0x03, 0xdf,
    0x6b, 0x21, 0xc6, 0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x22,
];

/// A private signing key.
///
/// An Ed25519 seed is overwritten when dropped. The SM2 implementation gives no way to do that to its private
/// number: under that profile, keep signing keys for the life of the process, as [`crate::FileKeyProvider`]
/// does, and leave the rest to the certified module that stands behind [`crate::KeyProvider`] one day.
pub struct SigningKey {
    private: Private,
    key_id: String,
}

enum Private {
    Intl(Box<ed25519_dalek::SigningKey>),
    Gm(Box<sm2::dsa::SigningKey>),
}

impl SigningKey {
    /// A new random key.
    #[must_use]
    pub fn generate(profile: Profile) -> Self {
        loop {
            // Only SM2 refuses a seed, one in four billion.
            if let Ok(key) = Self::from_seed(profile, &Key32::generate()) {
                return key;
            }
        }
    }

    /// The key that belongs to 32 secret bytes: an Ed25519 seed, or an SM2 private key, big-endian.
    ///
    /// # Errors
    /// [`InvalidKey`] for bytes outside the range of SM2 private keys, 1 to n − 2.
    pub fn from_seed(profile: Profile, seed: &Key32) -> Result<Self, InvalidKey> {
        let private = match profile {
            Profile::Intl => Private::Intl(Box::new(ed25519_dalek::SigningKey::from_bytes(seed.as_bytes()))),
            Profile::Gm if *seed.as_bytes() == SM2_ORDER_LESS_ONE => return Err(InvalidKey),
            Profile::Gm => {
                let key = sm2::dsa::SigningKey::from_slice(SM2_IDENTIFIER, seed.as_bytes());
                Private::Gm(Box::new(key.map_err(|_| InvalidKey)?))
            }
        };
        let key_id = private.verifying_key().key_id();
        Ok(Self { private, key_id })
    }

    /// The secret bytes that [`Self::from_seed`] takes.
    #[must_use]
    pub fn to_seed(&self) -> Key32 {
        match &self.private {
            Private::Intl(key) => Key32::from_bytes(key.to_bytes()),
            Private::Gm(key) => Key32::from_bytes(key.to_bytes().into()),
        }
    }

    /// The profile the key signs under.
    #[must_use]
    pub const fn profile(&self) -> Profile {
        match self.private {
            Private::Intl(_) => Profile::Intl,
            Private::Gm(_) => Profile::Gm,
        }
    }

    /// The public key that checks this key's signatures.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        self.private.verifying_key()
    }

    /// [`VerifyingKey::key_id`] of the public key.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Signs exactly these bytes; [`SIGNATURE_BYTES`] long. Deterministic in both profiles (RFC 8032;
    /// RFC 6979 with SM3), so that a weak generator at signing time cannot give the key away.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.private {
            Private::Intl(key) => key.sign(message).to_bytes().to_vec(),
            // Unwrap safety: SM2 fails where r, s or r + k comes out as zero, with a chance of about 2⁻²⁵⁵.
            Private::Gm(key) => key.try_sign(message).expect("SM2 signing met zero").to_vec(),
        }
    }
}

impl Private {
    fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(match self {
            Self::Intl(key) => Public::Intl(key.verifying_key()),
            Self::Gm(key) => Public::Gm(key.verifying_key().clone()),
        })
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// A public key.
#[derive(Clone)]
pub struct VerifyingKey(Public);

#[derive(Clone)]
enum Public {
    Intl(ed25519_dalek::VerifyingKey),
    Gm(sm2::dsa::VerifyingKey),
}

impl VerifyingKey {
    /// Reads [`Self::to_bytes`].
    ///
    /// # Errors
    /// [`InvalidKey`] for bytes that are no point of the curve, for an Ed25519 point of small order (under
    /// which everything would verify), and for any but the uncompressed form of an SM2 point: one key has
    /// one form, and so one [`Self::key_id`].
    pub fn from_bytes(profile: Profile, bytes: &[u8]) -> Result<Self, InvalidKey> {
        match profile {
            Profile::Intl => {
                let bytes = bytes.try_into().map_err(|_| InvalidKey)?;
                let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| InvalidKey)?;
                if key.is_weak() { Err(InvalidKey) } else { Ok(Self(Public::Intl(key))) }
            }
            Profile::Gm if bytes.len() == 65 && bytes[0] == 4 => {
                let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_IDENTIFIER, bytes).map_err(|_| InvalidKey)?;
                Ok(Self(Public::Gm(key)))
            }
            Profile::Gm => Err(InvalidKey),
        }
    }

    /// 32 bytes of Ed25519, or 65 bytes `04 ‖ x ‖ y` of SM2.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.0 {
            Public::Intl(key) => key.to_bytes().to_vec(),
            Public::Gm(key) => key.to_sec1_bytes().into_vec(),
        }
    }

    /// The profile the key verifies under.
    #[must_use]
    pub const fn profile(&self) -> Profile {
        match self.0 {
            Public::Intl(_) => Profile::Intl,
            Public::Gm(_) => Profile::Gm,
        }
    }

    /// A name for the key: the first 8 bytes, in lower-case hexadecimal, of the hash of
    /// `"chengxin key id" ‖ profile ‖ public key`. A hint for finding a key, never a reason to trust it.
    #[must_use]
    pub fn key_id(&self) -> String {
        let profile = self.profile();
        let hash = profile.hash(&[b"chengxin key id", &[profile.as_u8()], &self.to_bytes()]);
        HEXLOWER.encode(&hash[..8])
    }

    /// Checks a signature over exactly these bytes. Strict: encodings that a second verifier might read
    /// otherwise are refused.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        match &self.0 {
            Public::Intl(key) => {
                let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| BadSignature)?;
                key.verify_strict(message, &signature).map_err(|_| BadSignature)
            }
            Public::Gm(key) => {
                let signature = sm2::dsa::Signature::from_slice(signature).map_err(|_| BadSignature)?;
                key.verify(message, &signature).map_err(|_| BadSignature)
            }
        }
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VerifyingKey").field(&self.key_id()).finish()
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.profile() == other.profile() && self.to_bytes() == other.to_bytes()
    }
}

impl Eq for VerifyingKey {}

/// Bytes that are no key of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no key of the profile")]
pub struct InvalidKey;

/// The signature is not this key's over these bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not this key's over these bytes")]
pub struct BadSignature;
