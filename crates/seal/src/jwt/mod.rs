//! What machines sign themselves in with: signed assertions (JWT, RFC 7519), and the public keys that they are held against (JWK,
//! RFC 7517); what providers of sign-in say of somebody, and how we prove ourselves to them. The only user of `jsonwebtoken`.
//!
//! The algorithm is the key's, never the token's: what names another is refused before anything is computed. Times, names and whether an
//! assertion came before are for the caller to look at. Both profiles read the same algorithms: no standard for SM2 in these tokens is
//! in use.

mod issued;
mod jwk;
mod private;
mod provider;

use jsonwebtoken::{Validation, dangerous, decode, decode_header};
use serde::de::DeserializeOwned;

pub use issued::{IssuedKeys, LONGEST_ISSUED, issued_kid};
pub use jwk::{JwkFault, PublicJwk};
pub use private::PrivateJwk;

/// Most bytes of an assertion: one with a key of 4096 bits has some 1 200.
const LONGEST: usize = 4_096;
/// Most characters of a name of a key.
const LONGEST_KID: usize = 64;

/// Algorithms of keys. No shared secret is among them, and no "none".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JwtAlg {
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSA with PKCS #1 v1.5 and SHA-256.
    Rs256,
    /// RSA with PSS and SHA-256.
    Ps256,
}

impl JwtAlg {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Es256, Self::EdDsa, Self::Rs256, Self::Ps256];

    /// As a token's header names it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
        }
    }

    /// Reads [`Self::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.code() == code)
    }

    fn library(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Ps256 => jsonwebtoken::Algorithm::PS256,
        }
    }
}

/// May this be the name of a key? Letters, digits and `- _ . ~`, which stand in an address as they are.
pub(crate) fn is_kid(text: &str) -> bool {
    let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b'~');
    (1..=LONGEST_KID).contains(&text.len()) && text.bytes().all(fits)
}

/// What an assertion says of itself; nothing of it is known to be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwtHead {
    /// With which key it says that it was signed.
    pub kid: String,
}

/// Looks into an assertion without believing it: by whose key it is to be held against. `None` for what is too long, no signed
/// token, names no key, a shared secret or no algorithm at all, or asks to be understood in a way that we do not.
#[must_use]
pub fn jwt_peek<C: DeserializeOwned>(token: &str) -> Option<(JwtHead, C)> {
    if token.len() > LONGEST {
        return None;
    }
    let head = decode_header(token).ok()?;
    let known = JwtAlg::ALL.into_iter().any(|alg| alg.library() == head.alg);
    // Where a key lies, or a whole key, is nothing that a token may say: ours are registered.
    let foreign = head.crit.is_some() || head.jwk.is_some() || head.jku.is_some() || head.x5u.is_some();
    let kid = head.kid.filter(|kid| known && !foreign && is_kid(kid))?;
    let claims = dangerous::insecure_decode_claims(token).ok()?;
    Some((JwtHead { kid }, claims))
}

/// What an assertion claims, if this key signed it with its own algorithm.
#[must_use]
pub fn jwt_open<C: DeserializeOwned>(token: &str, key: &PublicJwk) -> Option<C> {
    if token.len() > LONGEST {
        return None;
    }
    open(token, key)
}

fn open<C: DeserializeOwned>(token: &str, key: &PublicJwk) -> Option<C> {
    provider::install();
    let mut rules = Validation::new(key.alg().library());
    // The library would look at the clock. What is claimed is judged by `core`, at an instant that is handed to it.
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    decode(token, key.library(), &rules).ok().map(|opened| opened.claims)
}
