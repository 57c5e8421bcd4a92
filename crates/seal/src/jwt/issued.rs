//! What a provider of sign-in issues: its set of keys (RFC 7517 §5), and tokens that one of them signed.

use jsonwebtoken::decode_header;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{JwtAlg, PublicJwk, open};

/// Most bytes of a token of theirs.
pub const LONGEST_ISSUED: usize = 16 * 1_024;
/// Most keys that are looked at.
const MOST_KEYS: usize = 32;
/// Most bytes of a key's name.
const LONGEST_KID: usize = 256;

/// The keys of a provider with which it may have signed.
#[derive(Debug, Clone, Default)]
pub struct IssuedKeys(Vec<(String, PublicJwk)>);

impl IssuedKeys {
    /// Reads a set of keys. What is no public key for signing by an algorithm of ours is left aside: a set may hold keys for other uses.
    /// `None` for what is no set, or one that gives a private key away.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let set: Value = serde_json::from_slice(text).ok()?;
        let mut keys: Vec<(String, PublicJwk)> = Vec::new();
        for key in set.get("keys")?.as_array()?.iter().take(MOST_KEYS) {
            let Some(members) = key.as_object() else { continue };
            if ["d", "p", "q", "dp", "dq", "qi", "oth"].iter().any(|member| members.contains_key(*member)) {
                return None;
            }
            let Some(kid) = members.get("kid").and_then(Value::as_str).filter(|kid| is_name(kid)) else { continue };
            // Of two by one name it would not be known which one is meant.
            if keys.iter().any(|(known, _)| known == kid) {
                return None;
            }
            keys.extend(public(members).map(|key| (kid.to_owned(), key)));
        }
        Some(Self(keys))
    }

    /// Is there a key of this name?
    #[must_use]
    pub fn has(&self, kid: &str) -> bool {
        self.0.iter().any(|(known, _)| known == kid)
    }

    /// What a token says, if the key that it names signed it with that key's own algorithm.
    #[must_use]
    pub fn open<C: DeserializeOwned>(&self, token: &str) -> Option<C> {
        let kid = issued_kid(token)?;
        let (_, key) = self.0.iter().find(|(known, _)| *known == kid)?;
        open(token, key)
    }
}

/// What a public key is told by; and the private half, which makes it none.
const TOLD: [&str; 17] =
    ["kty", "use", "key_ops", "alg", "crv", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi", "oth", "k"];

fn is_name(kid: &str) -> bool {
    (1..=LONGEST_KID).contains(&kid.len()) && !kid.chars().any(char::is_control)
}

fn public(members: &Map<String, Value>) -> Option<PublicJwk> {
    // What else a provider says of a key (certificates, thumbprints) can be long, and is nothing to us.
    let mut members: Map<String, Value> = members
        .iter()
        .filter(|(name, _)| TOLD.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if members.get("kty").and_then(Value::as_str) == Some("RSA") {
        // What a provider signs with where nothing else was agreed (OpenID Connect Registration 1.0 §2).
        members.entry("alg").or_insert_with(|| JwtAlg::Rs256.code().into());
    }
    PublicJwk::parse(&Value::Object(members).to_string()).ok()
}

/// By which key a token says that it was signed, without believing it. `None` for what is too long, no signed token, names no key, a shared
/// secret or no algorithm at all, or asks to be understood in a way that we do not.
#[must_use]
pub fn issued_kid(token: &str) -> Option<String> {
    if token.len() > LONGEST_ISSUED {
        return None;
    }
    let head = decode_header(token).ok()?;
    let known = JwtAlg::ALL.into_iter().any(|alg| alg.library() == head.alg);
    let foreign = head.crit.is_some() || head.jwk.is_some() || head.jku.is_some() || head.x5u.is_some();
    head.kid.filter(|kid| known && !foreign && is_name(kid))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use serde_json::json;

    use super::*;

    fn key(kid: &str) -> Value {
        json!({
            "kty": "EC", "crv": "P-256", "kid": kid, "x5c": ["AAAA".repeat(2_000), "AAAA".repeat(2_000)], "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        })
    }

    fn set(keys: &[Value]) -> Option<IssuedKeys> {
        IssuedKeys::parse(json!({ "keys": keys }).to_string().as_bytes())
    }

    #[test]
    fn keys_for_other_uses_are_left_aside_and_names_are_whatever_a_provider_likes() {
        let encrypts = json!({ "kty": "RSA", "use": "enc", "kid": "enc", "n": "AAAA", "e": "AQAB" });
        let secret = json!({ "kty": "oct", "kid": "secret", "k": "AAAA" });
        let keys = set(&[encrypts, secret, key("a/b+c=="), json!(7), json!({ "kty": "EC" })]).unwrap();
        assert!(keys.has("a/b+c==") && !keys.has("enc") && !keys.has("secret"));
    }

    #[test]
    fn a_set_that_gives_a_private_key_away_or_names_two_alike_is_no_set() {
        let mut private = key("b");
        private["d"] = json!("AAAA");
        assert!(set(&[key("a"), private]).is_none());
        assert!(set(&[key("a"), key("a")]).is_none());
        for wrong in ["", "[]", "{}", r#"{"keys":{}}"#] {
            assert!(IssuedKeys::parse(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }

    #[test]
    fn what_a_token_says_of_itself_is_only_the_name_of_a_key() {
        let token =
            |head: Value| format!("{}.e30.AAAA", data_encoding::BASE64URL_NOPAD.encode(head.to_string().as_bytes()));
        assert_eq!(issued_kid(&token(json!({ "alg": "ES256", "kid": "a/b" }))).as_deref(), Some("a/b"));
        for head in [
            json!({ "alg": "none", "kid": "a" }),
            json!({ "alg": "HS256", "kid": "a" }),
            json!({ "alg": "ES256" }),
            json!({ "alg": "ES256", "kid": "a", "crit": ["b64"] }),
            json!({ "alg": "ES256", "kid": "a", "jku": "https://other.example" }),
            json!({ "alg": "ES256", "kid": "a", "jwk": key("a") }),
        ] {
            assert_eq!(issued_kid(&token(head.clone())), None, "{head}");
        }
    }
}
