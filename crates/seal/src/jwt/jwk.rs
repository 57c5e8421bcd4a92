//! Public keys as they are registered.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::DecodingKey;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{JwtAlg, is_kid};

/// Most bytes of a JWK: one of 4096 bits has some 800.
const LONGEST: usize = 4_096;
/// Bits of a modulus.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=4_096;

/// Why a text is no public key of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkFault {
    /// Not a JSON object, or too long.
    #[error("not a JSON object of at most 4096 bytes")]
    Form,
    /// It holds the private half.
    #[error("it holds the private key")]
    Private,
    /// Another kind than P-256, Ed25519 or RSA, or another use than signing.
    #[error("neither P-256, Ed25519 nor RSA, or not for signing")]
    Kind,
    /// Another algorithm than the kind of key takes; an RSA key must name one.
    #[error("another algorithm than the key takes")]
    Alg,
    /// A coordinate or modulus of another length, not base64url, or one that makes a weak key.
    #[error("its numbers are malformed or weak")]
    Numbers,
    /// A name that is too long or has other characters.
    #[error("its name is malformed")]
    Kid,
}

/// A public key with the one algorithm that it is for.
#[derive(Debug, Clone)]
pub struct PublicJwk {
    alg: JwtAlg,
    kid: String,
    text: String,
    library: DecodingKey,
}

/// Members that a private key or a shared secret has.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl PublicJwk {
    /// Reads a JWK.
    ///
    /// # Errors
    /// [`JwkFault`].
    pub fn parse(text: &str) -> Result<Self, JwkFault> {
        let object: Option<Map<String, Value>> =
            Some(text).filter(|text| text.len() <= LONGEST).and_then(|text| serde_json::from_str(text).ok());
        let object = object.ok_or(JwkFault::Form)?;
        if PRIVATE.iter().any(|member| object.contains_key(*member)) {
            return Err(JwkFault::Private);
        }
        let said = |member: &str| object.get(member).map(|value| value.as_str().unwrap_or_default());
        if said("use").is_some_and(|used| used != "sig") {
            return Err(JwkFault::Kind);
        }
        let number = |member: &str| {
            let text = said(member).ok_or(JwkFault::Numbers)?;
            let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| JwkFault::Numbers)?;
            Ok((text, bytes))
        };
        let stated = said("alg").map(|alg| JwtAlg::from_code(alg).ok_or(JwkFault::Alg)).transpose()?;
        let (alg, canonical, library) = match (said("kty"), said("crv")) {
            (Some("EC"), Some("P-256")) => {
                let ((x, x_bytes), (y, y_bytes)) = (number("x")?, number("y")?);
                if x_bytes.len() != 32 || y_bytes.len() != 32 {
                    return Err(JwkFault::Numbers);
                }
                let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
                (JwtAlg::Es256, canonical, DecodingKey::from_ec_components(x, y))
            }
            (Some("OKP"), Some("Ed25519")) => {
                let (x, bytes) = number("x")?;
                let point = <[u8; 32]>::try_from(bytes).map_err(|_| JwkFault::Numbers)?;
                let key = ed25519_dalek::VerifyingKey::from_bytes(&point).map_err(|_| JwkFault::Numbers)?;
                if key.is_weak() {
                    return Err(JwkFault::Numbers);
                }
                let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
                (JwtAlg::EdDsa, canonical, DecodingKey::from_ed_components(x))
            }
            (Some("RSA"), None) => {
                let ((n, modulus), (e, exponent)) = (number("n")?, number("e")?);
                let zeros = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
                // F4 and no other: small exponents are where mistakes of padding become forgeries.
                if !RSA_BITS.contains(&(modulus.len() * 8 - zeros)) || zeros == 8 || exponent != [1, 0, 1] {
                    return Err(JwkFault::Numbers);
                }
                // There are two for one kind of key: whoever registers it says which.
                let alg = stated.ok_or(JwkFault::Alg)?;
                (alg, format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#), DecodingKey::from_rsa_components(n, e))
            }
            _ => return Err(JwkFault::Kind),
        };
        let rsa = |alg| matches!(alg, JwtAlg::Rs256 | JwtAlg::Ps256);
        if stated.is_some_and(|stated| stated != alg) || rsa(alg) != (said("kty") == Some("RSA")) {
            return Err(JwkFault::Alg);
        }
        let kid = match said("kid") {
            None => BASE64URL_NOPAD.encode(&Sha256::digest(canonical.as_bytes())),
            Some(kid) if is_kid(kid) => kid.to_owned(),
            Some(_) => return Err(JwkFault::Kid),
        };
        Ok(Self { alg, kid, text: canonical, library: library.map_err(|_| JwkFault::Numbers)? })
    }

    /// Reads back what was registered.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn registered(alg: &str, kid: &str, text: &str) -> Result<Self, JwkFault> {
        let mut object: Map<String, Value> = serde_json::from_str(text).map_err(|_| JwkFault::Form)?;
        object.insert("alg".to_owned(), alg.into());
        object.insert("kid".to_owned(), kid.into());
        Self::parse(&Value::Object(object).to_string())
    }

    /// The one algorithm that it is for.
    #[must_use]
    pub fn alg(&self) -> JwtAlg {
        self.alg
    }

    /// Its name: that which it came with, else its thumbprint (RFC 7638).
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Its required members in their order (RFC 7638 §3): two texts of one key are one text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn library(&self) -> &DecodingKey {
        &self.library
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const P256: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    const ED: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    fn with(text: &str, member: &str, value: &str) -> String {
        let mut object: Map<String, Value> = serde_json::from_str(text).unwrap();
        object.insert(member.to_owned(), value.into());
        Value::Object(object).to_string()
    }

    /// RFC 8037 appendix A.3.
    #[test]
    fn a_key_without_a_name_is_called_by_its_thumbprint() {
        let key = PublicJwk::parse(ED).unwrap();
        assert_eq!((key.alg(), key.kid()), (JwtAlg::EdDsa, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
        let again = PublicJwk::registered("EdDSA", "other", key.text()).unwrap();
        assert_eq!((again.kid(), again.text()), ("other", key.text()));
    }

    #[test]
    fn what_is_no_public_key_for_signing_is_refused_with_its_reason() {
        assert_eq!(PublicJwk::parse(P256).unwrap().alg(), JwtAlg::Es256);
        let (long, zero) = ("x".repeat(65), BASE64URL_NOPAD.encode(&[0; 32]));
        for (text, fault) in [
            ("{".to_owned(), JwkFault::Form),
            (format!("{}{P256}", " ".repeat(4_096)), JwkFault::Form),
            (with(P256, "d", "AAAA"), JwkFault::Private),
            (r#"{"kty":"oct","k":"AAAA"}"#.to_owned(), JwkFault::Private),
            (with(P256, "crv", "P-384"), JwkFault::Kind),
            (with(P256, "use", "enc"), JwkFault::Kind),
            (with(P256, "alg", "HS256"), JwkFault::Alg),
            (with(P256, "alg", "none"), JwkFault::Alg),
            (with(P256, "alg", "EdDSA"), JwkFault::Alg),
            (with(P256, "alg", "RS256"), JwkFault::Alg),
            (with(P256, "x", "AAAA"), JwkFault::Numbers),
            (with(P256, "x", "no+base64"), JwkFault::Numbers),
            (with(ED, "x", &zero), JwkFault::Numbers),
            (with(ED, "kid", &long), JwkFault::Kid),
            (with(ED, "kid", "a/b"), JwkFault::Kid),
        ] {
            assert_eq!(PublicJwk::parse(&text).unwrap_err(), fault, "{text}");
        }
    }

    #[test]
    fn an_rsa_key_is_long_enough_and_says_for_which_algorithm() {
        let of = |bytes: usize, e: &str| {
            let mut modulus = vec![0xab; bytes];
            modulus[0] = 0xc0;
            format!(r#"{{"kty":"RSA","n":"{}","e":"{e}"}}"#, BASE64URL_NOPAD.encode(&modulus))
        };
        assert_eq!(PublicJwk::parse(&of(256, "AQAB")).unwrap_err(), JwkFault::Alg);
        for alg in [JwtAlg::Rs256, JwtAlg::Ps256] {
            assert_eq!(PublicJwk::parse(&with(&of(256, "AQAB"), "alg", alg.code())).unwrap().alg(), alg);
        }
        for wrong in [of(255, "AQAB"), of(513, "AQAB"), of(256, "Aw")] {
            assert_eq!(PublicJwk::parse(&with(&wrong, "alg", "PS256")).unwrap_err(), JwkFault::Numbers);
        }
        assert_eq!(PublicJwk::parse(&with(&of(256, "AQAB"), "alg", "ES256")).unwrap_err(), JwkFault::Alg);
    }
}
