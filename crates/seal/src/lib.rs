//! Keys and primitives, in two profiles behind one seam.
//!
//! | | [`Profile::Intl`] | [`Profile::Gm`] |
//! | --- | --- | --- |
//! | hash | SHA-256 | SM3 (GB/T 32905) |
//! | MAC, key derivation | HMAC-SHA-256 | HMAC-SM3 |
//! | authenticated encryption | AES-256-GCM | SM4-GCM (GB/T 32907, RFC 8998) |
//! | signature | Ed25519 | SM2 with SM3 (GB/T 32918) |
//!
//! An installation chooses its profile once, in its [`KeyFile`]. Everything that a profile decides is an
//! `enum` matched inside this crate: callers name an operation, never an algorithm, and no call in a hot
//! path goes through a `dyn`. Where the keys come from is the one thing behind a trait, [`KeyProvider`].
//!
//! Rules that hold throughout:
//! - what goes into a MAC, a derived key or a signature is length-prefixed and labelled, so that no two
//!   different inputs give the same bytes, and nothing made for one use passes for another;
//! - secrets are overwritten when dropped and never appear in `Debug` output or errors (the one exception is
//!   said at [`SigningKey`]);
//! - time is an argument: nothing here reads a clock.
//!
//! # Example
//! ```
//! use chengxin_seal::{FileKeyProvider, KeyFile, KeyProvider, Profile, sign_envelope, verify_envelope};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("chengxin.keys");
//! # let now_us = 1_767_225_600_000_000;
//! let file = KeyFile::create(&path, Profile::Gm, now_us)?;
//! let keys = FileKeyProvider::new(&file)?;
//! let tag = keys.current_index_key().mac("document", &[&[1], b"990000199001010017"]);
//! let receipt = sign_envelope(keys.signing_key(), "application/json", b"{}", now_us);
//! assert_eq!(verify_envelope(&receipt, keys.trust_list())?.payload, b"{}");
//! # assert_eq!(tag.len(), 32);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod aead;
mod encoding;
mod envelope;
mod hash;
mod jwt;
mod key;
mod keyfile;
mod mac;
mod password;
mod profile;
mod provider;
mod random;
mod sign;
mod totp;
mod trust;
mod wrap;

pub use aead::{AeadKey, NONCE_BYTES, OpenError, SEALED_OVERHEAD, SINGLE_USE_OVERHEAD, TAG_BYTES};
pub use envelope::{EnvelopeError, SignedEnvelope, VerifiedEnvelope, sign_envelope, verify_envelope};
pub use hash::Hasher;
pub use jwt::{
    IssuedKeys, JwkFault, JwtAlg, JwtHead, LONGEST_ISSUED, PrivateJwk, PublicJwk, issued_kid, jwt_open, jwt_peek,
};
pub use key::Key32;
pub use keyfile::{KeyFile, KeyFileError};
pub use mac::{MacKey, hmac};
pub use password::{PASSWORD_HASH_BYTES, PASSWORD_SALT_BYTES, PasswordCost, hash_password, same_secret};
pub use profile::{Profile, UnknownProfile};
pub use provider::{FileKeyProvider, KeyProvider};
pub use random::{RandomPool, fill_random, random_bytes};
pub use sign::{BadSignature, InvalidKey, SIGNATURE_BYTES, SigningKey, VerifyingKey};
pub use totp::{TOTP_SECRET_BYTES, TOTP_STEP_SECONDS, totp_code, totp_step};
pub use trust::{TrustError, TrustList, TrustListError, TrustedKey};
pub use wrap::{UnwrapError, WRAPPED_BYTES, WrappingKey};
