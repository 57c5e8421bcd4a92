//! A private key by which the platform proves itself to a provider of sign-in (`private_key_jwt`, RFC 7523 §2.2): what it signs with one is the
//! only token of its own.

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::Signer as _;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::{JwtAlg, PublicJwk};

/// A private key of P-256 or Ed25519. Its `Debug` tells no secret.
pub struct PrivateJwk {
    kid: String,
    pair: Pair,
}

enum Pair {
    Es256(Box<EcdsaKeyPair>),
    EdDsa(Box<ed25519_dalek::SigningKey>),
}

impl std::fmt::Debug for PrivateJwk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivateJwk").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl PrivateJwk {
    /// Reads a JWK with its private half; `None` for anything else, a public key and one whose halves do not fit among it. RSA keys are not
    /// taken: they are no better, and ten times as long.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut members: Map<String, Value> = serde_json::from_str(text).ok()?;
        let number = |member: &Value| BASE64URL_NOPAD.decode(member.as_str()?.as_bytes()).ok();
        let private = Zeroizing::new(number(&members.remove("d")?)?);
        let public = PublicJwk::parse(&Value::Object(members.clone()).to_string()).ok()?;
        let pair = match public.alg() {
            JwtAlg::Es256 => {
                let point = [vec![4], number(members.get("x")?)?, number(members.get("y")?)?].concat();
                let (how, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
                let pair = EcdsaKeyPair::from_private_key_and_public_key(how, &private, &point, &random);
                Pair::Es256(Box::new(pair.ok()?))
            }
            JwtAlg::EdDsa => {
                let key = ed25519_dalek::SigningKey::from_bytes(private.as_slice().try_into().ok()?);
                let fits = key.verifying_key().as_bytes()[..] == number(members.get("x")?)?[..];
                Pair::EdDsa(Box::new(Some(key).filter(|_| fits)?))
            }
            JwtAlg::Rs256 | JwtAlg::Ps256 => return None,
        };
        Some(Self { kid: public.kid().to_owned(), pair })
    }

    /// A token with these claims; `None` where the machine has no randomness.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> Option<String> {
        let alg = match self.pair {
            Pair::Es256(_) => JwtAlg::Es256,
            Pair::EdDsa(_) => JwtAlg::EdDsa,
        };
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let head = json!({ "alg": alg.code(), "kid": self.kid, "typ": "JWT" });
        let message = format!("{}.{}", part(&head), part(claims));
        let signature = match &self.pair {
            Pair::Es256(pair) => pair.sign(&SystemRandom::new(), message.as_bytes()).ok()?.as_ref().to_vec(),
            Pair::EdDsa(key) => key.sign(message.as_bytes()).to_bytes().to_vec(),
        };
        Some(format!("{message}.{}", BASE64URL_NOPAD.encode(&signature)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::jwt_open;

    /// RFC 7515 appendix A.3 and RFC 8037 appendix A.1.
    const P256: &str = r#"{"kty":"EC","crv":"P-256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
    const ED: &str = r#"{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#;

    fn without(text: &str, member: &str) -> String {
        let mut members: Map<String, Value> = serde_json::from_str(text).unwrap();
        members.remove(member);
        Value::Object(members).to_string()
    }

    #[test]
    fn what_a_private_key_signed_its_public_half_opens_and_no_other_does() {
        for (ours, others) in [(P256, ED), (ED, P256)] {
            let key = PrivateJwk::parse(ours).unwrap();
            let token = key.sign(&json!({ "sub": "chengxin" })).unwrap();
            let public = |text| PublicJwk::parse(&without(text, "d")).unwrap();
            assert_eq!(jwt_open::<Value>(&token, &public(ours)), Some(json!({ "sub": "chengxin" })));
            assert_eq!(jwt_open::<Value>(&token, &public(others)), None);
            assert!(!format!("{key:?}").contains("jpsQ") && !format!("{key:?}").contains("nWGx"));
        }
    }

    #[test]
    fn what_is_no_private_key_with_its_public_half_is_none() {
        let exchanged = P256.replace("f83OJ3D2", "f83OJ3D3");
        let other = ED.replace("nWGxne_9", "nWGxne_8");
        for wrong in [
            "quiet herons",
            "{}",
            &without(P256, "d"),
            &without(P256, "y"),
            &without(ED, "x"),
            &exchanged,
            &other,
            &P256.replace("\"d\":\"jpsQ", "\"d\":\"!!!!"),
            r#"{"kty":"oct","k":"AAAA","d":"AAAA"}"#,
        ] {
            assert!(PrivateJwk::parse(wrong).is_none(), "{wrong}");
        }
    }
}
