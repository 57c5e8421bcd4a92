//! Public keys of notes, as text that can be published and configured.

use std::fmt;

use data_encoding::HEXLOWER;

use crate::note::is_key_name;
use crate::{TreeHash, base64};

/// Ed25519 over the text of the note; the key is 32 bytes.
pub const TYPE_ED25519: &[u8] = &[0x01];

/// Ed25519 over a timestamped checkpoint (cosignature/v1); the key is 32 bytes.
pub const TYPE_COSIGNATURE_V1: &[u8] = &[0x04];

/// SM2 with SM3 over the text of the note. The format has assigned no byte to it: `ff`, then a longer identifier, as it says
/// for such types. The newline ends the identifier, so that no identifier is the beginning of another with its key.
pub const TYPE_SM2: &[u8] = b"\xffchengxin/sm2-sm3/1\n";

/// SM2 with SM3 over a timestamped checkpoint, otherwise as cosignature/v1.
pub const TYPE_SM2_COSIGNATURE: &[u8] = b"\xffchengxin/sm2-sm3-cosignature/1\n";

/// Why a text is no verifier key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifierKeyError {
    /// Not of the form `name+id+key`.
    #[error("verifier key: {expected}")]
    Form {
        /// What was expected.
        expected: &'static str,
    },
    /// The ID is not the hash of name and key: a mistake in copying, or another kind of key.
    #[error("verifier key of {name}: its ID is {found}, expected {expected}")]
    KeyHash {
        /// Name of the key.
        name: String,
        /// The ID stated.
        found: String,
        /// The ID that name and key give.
        expected: String,
    },
}

/// Key ID: the first four bytes of SHA-256 over name, newline, type and public key.
///
/// `sha256` is SHA-256 in every profile: the ID tells keys apart and protects nothing, and software elsewhere must find the same.
///
/// # Source
/// C2SP signed-note, “Signatures”.
#[must_use]
pub fn key_hash(sha256: &impl TreeHash, name: &str, kind: &[u8], key: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = sha256.hash(&[name.as_bytes(), b"\n", kind, key]);
    [a, b, c, d]
}

/// A public key with its name and type.
///
/// Its [`Display`](fmt::Display) is the text `name+id+base64(type ‖ key)`; [`VerifierKey::parse`] takes exactly what that gives.
///
/// # Source
/// C2SP signed-note, “Verifier keys”.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key_hash: [u8; 4],
    /// Type and key, one after the other: where the type ends is known to who knows the type.
    material: Vec<u8>,
}

impl VerifierKey {
    /// A key of the type `kind`, for example [`TYPE_ED25519`].
    ///
    /// # Errors
    /// [`VerifierKeyError::Form`] where no key can have that name, or type or key are empty.
    pub fn new(sha256: &impl TreeHash, name: &str, kind: &[u8], key: &[u8]) -> Result<Self, VerifierKeyError> {
        if !is_key_name(name) {
            return Err(VerifierKeyError::Form { expected: "expected a name without spaces and plus" });
        }
        if kind.is_empty() || key.is_empty() {
            return Err(VerifierKeyError::Form { expected: "expected a type and a key" });
        }
        let key_hash = key_hash(sha256, name, kind, key);
        Ok(Self { name: name.to_owned(), key_hash, material: [kind, key].concat() })
    }

    /// Reads the text, strictly, and checks the ID.
    ///
    /// Keys whose ID is not computed as recommended (ECDSA, type 2) are refused.
    ///
    /// # Errors
    /// [`VerifierKeyError`].
    pub fn parse(sha256: &impl TreeHash, text: &str) -> Result<Self, VerifierKeyError> {
        let fail = |expected| VerifierKeyError::Form { expected };
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(fail("expected name, ID and key with a plus between them"));
        };
        let id: Option<[u8; 4]> = HEXLOWER.decode(id.as_bytes()).ok().and_then(|id| id.try_into().ok());
        let id = id.ok_or_else(|| fail("expected an ID of 8 hexadecimal digits"))?;
        let material = base64::decode(material).ok_or_else(|| fail("expected a key in canonical base64"))?;
        let (kind, key) = material.split_at_checked(1).ok_or_else(|| fail("expected a type and a key"))?;
        let made = Self::new(sha256, name, kind, key)?;
        if made.key_hash == id {
            return Ok(made);
        }
        let (found, expected) = (HEXLOWER.encode(&id), HEXLOWER.encode(&made.key_hash));
        Err(VerifierKeyError::KeyHash { name: made.name, found, expected })
    }

    /// Name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Key ID.
    #[must_use]
    pub fn key_hash(&self) -> [u8; 4] {
        self.key_hash
    }

    /// The public key, if it is of the type `kind`.
    #[must_use]
    pub fn key_of(&self, kind: &[u8]) -> Option<&[u8]> {
        self.material.strip_prefix(kind)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}+{}", self.name, HEXLOWER.encode(&self.key_hash), base64::encode(&self.material))
    }
}
