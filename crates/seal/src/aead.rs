//! Authenticated encryption: what is sealed can be neither read nor altered without the key.

use core::fmt;

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::aead::{AeadInOut, KeyInit, Nonce};
use aes_gcm::aes::cipher::consts::U12;
use aes_gcm::{Aes256Gcm, AesGcm};
use sm4::Sm4;

use crate::random::{RandomPool, random_bytes};
use crate::{Key32, Profile};

/// Length of a nonce.
pub const NONCE_BYTES: usize = 12;
/// Length of an authentication tag.
pub const TAG_BYTES: usize = 16;
/// How much longer than its plaintext a sealed text is: format, nonce, tag.
pub const SEALED_OVERHEAD: usize = 1 + NONCE_BYTES + TAG_BYTES;
/// How much longer than its plaintext a text sealed for single use is: format, tag.
pub const SINGLE_USE_OVERHEAD: usize = 1 + TAG_BYTES;

/// The nonce of a key that seals one message only.
const SINGLE_USE_NONCE: [u8; NONCE_BYTES] = [0; NONCE_BYTES];

/// A key for AES-256-GCM or SM4-GCM (which takes the first 16 bytes of a [`Key32`]).
///
/// # Format
/// Byte 0 says profile and mode: 1 intl, 2 gm, 3 intl for single use, 4 gm for single use. Then the
/// 12-byte nonce (modes 1 and 2 only), the ciphertext, and the 16-byte tag.
#[derive(Clone)]
pub struct AeadKey(Cipher);

#[expect(
    clippy::large_enum_variant,
    reason = "keys made for one record live on the stack for a moment; a box would cost an allocation each"
)]
#[derive(Clone)]
enum Cipher {
    Intl(Aes256Gcm),
    Gm(AesGcm<Sm4, U12>),
}

impl AeadKey {
    /// Prepares a key.
    #[must_use]
    pub fn new(profile: Profile, key: &Key32) -> Self {
        let bytes = key.as_bytes();
        Self(match profile {
            Profile::Intl => Cipher::Intl(Aes256Gcm::new(bytes.into())),
            // Unwrap safety: the first 16 of 32 bytes are 16 bytes.
            Profile::Gm => Cipher::Gm(AesGcm::new_from_slice(&bytes[..16]).expect("16 bytes are an SM4 key")),
        })
    }

    /// Seals `plaintext` under a random nonce and binds it to `aad`, which is not stored: whoever opens
    /// the text must know it. One key may seal 2³² texts so before a nonce is likely to repeat
    /// (SP 800-38D §8.3); keys that seal more are derived, not shared.
    #[must_use]
    pub fn seal(&self, aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(plaintext.len() + SEALED_OVERHEAD);
        self.seal_into(aad, &mut out, plaintext);
        out
    }

    /// As [`Self::seal`], appended to `out`.
    pub fn seal_into(&self, aad: &[u8], out: &mut Vec<u8>, plaintext: &[u8]) {
        self.append(&random_bytes(), true, aad, out, plaintext);
    }

    /// As [`Self::seal_into`], with the nonce out of a pool, for bulk work.
    pub fn seal_into_from(&self, pool: &mut RandomPool, aad: &[u8], out: &mut Vec<u8>, plaintext: &[u8]) {
        self.append(&pool.take(), true, aad, out, plaintext);
    }

    /// Opens a text that [`Self::seal`] made with the same key and `aad`.
    ///
    /// # Errors
    /// [`OpenError`]. Of a text that is not authentic nothing is returned.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let rest = strip_format(sealed, self.format(true), SEALED_OVERHEAD)?;
        let (nonce, body) = rest.split_first_chunk().ok_or(OpenError::TooShort)?;
        self.decrypt(nonce, aad, body)
    }

    /// Seals the one message that this key will ever seal, and saves its nonce.
    ///
    /// # Condition
    /// The nonce is always zero. Under a second plaintext the same key would show the exclusive-or of both
    /// and allow forgeries. Use it only with a key derived from, or drawn at random for, exactly this
    /// message: a record version's body key, for example, with the version among what it is derived from.
    #[must_use]
    pub fn seal_single_use(&self, aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(plaintext.len() + SINGLE_USE_OVERHEAD);
        self.seal_single_use_into(aad, &mut out, plaintext);
        out
    }

    /// As [`Self::seal_single_use`], under the same condition, appended to `out`.
    pub fn seal_single_use_into(&self, aad: &[u8], out: &mut Vec<u8>, plaintext: &[u8]) {
        self.append(&SINGLE_USE_NONCE, false, aad, out, plaintext);
    }

    /// Opens a text that [`Self::seal_single_use`] made with the same key and `aad`.
    ///
    /// # Errors
    /// [`OpenError`]. Of a text that is not authentic nothing is returned.
    pub fn open_single_use(&self, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let body = strip_format(sealed, self.format(false), SINGLE_USE_OVERHEAD)?;
        self.decrypt(&SINGLE_USE_NONCE, aad, body)
    }

    const fn format(&self, with_nonce: bool) -> u8 {
        match (&self.0, with_nonce) {
            (Cipher::Intl(_), true) => 1,
            (Cipher::Gm(_), true) => 2,
            (Cipher::Intl(_), false) => 3,
            (Cipher::Gm(_), false) => 4,
        }
    }

    #[inline]
    fn append(&self, nonce: &[u8; NONCE_BYTES], with_nonce: bool, aad: &[u8], out: &mut Vec<u8>, plaintext: &[u8]) {
        out.reserve(plaintext.len() + SEALED_OVERHEAD);
        out.push(self.format(with_nonce));
        if with_nonce {
            out.extend_from_slice(nonce);
        }
        let start = out.len();
        out.extend_from_slice(plaintext);
        let tag = match &self.0 {
            Cipher::Intl(cipher) => encrypt(cipher, nonce, aad, &mut out[start..]),
            Cipher::Gm(cipher) => encrypt(cipher, nonce, aad, &mut out[start..]),
        };
        out.extend_from_slice(&tag);
    }

    fn decrypt(&self, nonce: &[u8; NONCE_BYTES], aad: &[u8], body: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (ciphertext, tag) = body.split_last_chunk().ok_or(OpenError::TooShort)?;
        let mut plaintext = ciphertext.to_vec();
        match &self.0 {
            Cipher::Intl(cipher) => decrypt(cipher, nonce, aad, &mut plaintext, tag)?,
            Cipher::Gm(cipher) => decrypt(cipher, nonce, aad, &mut plaintext, tag)?,
        }
        Ok(plaintext)
    }
}

impl fmt::Debug for AeadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AeadKey(…)")
    }
}

/// Why a sealed text could not be opened. Never says anything about its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Shorter than an empty sealed text.
    #[error("the sealed text is cut off")]
    TooShort,
    /// Sealed under the other profile, or in the other mode.
    #[error("the sealed text is of another format than this key seals")]
    OtherFormat,
    /// Altered, bound to something else, or sealed with another key.
    #[error("the sealed text was altered, or another key or place sealed it")]
    NotAuthentic,
}

fn strip_format(sealed: &[u8], format: u8, overhead: usize) -> Result<&[u8], OpenError> {
    match sealed {
        [first, ..] if *first != format => Err(OpenError::OtherFormat),
        [_, rest @ ..] if sealed.len() >= overhead => Ok(rest),
        _ => Err(OpenError::TooShort),
    }
}

fn encrypt<A>(cipher: &A, nonce: &[u8; NONCE_BYTES], aad: &[u8], buffer: &mut [u8]) -> [u8; TAG_BYTES]
where
    A: AeadInOut<NonceSize = U12, TagSize = aes_gcm::aes::cipher::consts::U16>,
{
    let nonce: &Nonce<A> = nonce.into();
    // Unwrap safety: GCM refuses only texts of 64 GiB and more (SP 800-38D §5.2.1.1), and ours are records.
    cipher.encrypt_inout_detached(nonce, aad, InOutBuf::from(buffer)).expect("texts are shorter than 64 GiB").into()
}

fn decrypt<A>(
    cipher: &A,
    nonce: &[u8; NONCE_BYTES],
    aad: &[u8],
    buffer: &mut [u8],
    tag: &[u8; TAG_BYTES],
) -> Result<(), OpenError>
where
    A: AeadInOut<NonceSize = U12, TagSize = aes_gcm::aes::cipher::consts::U16>,
{
    cipher
        .decrypt_inout_detached(nonce.into(), aad, InOutBuf::from(buffer), tag.into())
        .map_err(|_| OpenError::NotAuthentic)
}
