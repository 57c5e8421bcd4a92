//! What a provider is sent: by what we prove ourselves, and which claims we ask for by name.

use std::fmt::Write as _;

use chengxin_core::issuer::Terms;
use chengxin_seal::{PrivateJwk, random_bytes};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Map, Value, json};

use super::Trusted;

/// For how long a proof of ours is good: it is sent at once, and clocks differ.
const PROOF_LASTS_SECONDS: i64 = 60;
/// Of what kind it is (RFC 7523 §2.2).
const BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Names and values of a form.
pub(super) type Fields = Vec<(&'static str, String)>;

/// Could this secret be a key? Then it must be one.
pub(super) fn is_key(secret: &str) -> bool {
    secret.starts_with('{')
}

/// A private key as it is kept: in one line.
pub(super) fn key(text: &str) -> Option<String> {
    PrivateJwk::parse(text)?;
    serde_json::from_str::<Value>(text).ok().map(|key| key.to_string())
}

/// By what we prove ourselves: a header, or what stands in the form.
///
/// # Errors
/// In words for the operator, where what is kept cannot sign.
pub(super) fn proof(trusted: &Trusted, takes_header: bool, now_us: i64) -> Result<(Option<String>, Fields), String> {
    let (id, secret) = (&trusted.terms.client_id, &trusted.secret);
    if is_key(secret) {
        let now = now_us.div_euclid(1_000_000);
        let claims = json!({
            // Its own address and no other: what is meant for one of its endpoints another could have named as theirs.
            "iss": id, "sub": id, "aud": trusted.terms.url, "iat": now, "exp": now + PROOF_LASTS_SECONDS,
            "jti": BASE64URL_NOPAD.encode(&random_bytes::<16>()),
        });
        let signed = PrivateJwk::parse(secret).and_then(|key| key.sign(&claims)).ok_or("our key does not sign")?;
        let id = ("client_id", id.clone());
        return Ok((None, vec![id, ("client_assertion_type", BEARER.to_owned()), ("client_assertion", signed)]));
    }
    if takes_header {
        // RFC 6749 §2.3.1: each is encoded as in a form first.
        let header = BASE64.encode(format!("{}:{}", escaped(id), escaped(secret)).as_bytes());
        return Ok((Some(format!("Basic {header}")), Vec::new()));
    }
    Ok((None, vec![("client_id", id.clone()), ("client_secret", secret.clone())]))
}

/// The claims that we need, asked for by name: many a provider gives none that nobody asked for. `acr` has a parameter of its own; the others go
/// into `claims` (OpenID Connect Core 1.0 §5.5), where the provider takes it.
pub(super) fn asked_by_name(terms: &Terms, takes_claims: bool) -> Fields {
    let level = terms.residents.as_ref().map(|residents| &residents.level);
    let shown: Vec<_> = level.into_iter().chain(&terms.second).collect();
    let contexts: Vec<&str> =
        shown.iter().filter(|shown| shown.claim == "acr").flat_map(|shown| &shown.values).map(String::as_str).collect();
    let mut given = Vec::new();
    if !contexts.is_empty() {
        given.push(("acr_values", contexts.join(" ")));
    }
    let number = terms.residents.iter().map(|residents| &residents.number);
    let claims = number.chain(shown.iter().map(|shown| &shown.claim)).filter(|claim| *claim != "acr");
    let claims: Map<String, Value> = claims.map(|claim| (claim.clone(), Value::Null)).collect();
    if takes_claims && !claims.is_empty() {
        given.push(("claims", json!({ "id_token": claims }).to_string()));
    }
    given
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
        out
    })
}

pub(super) fn form(given: &[(&str, String)]) -> String {
    given.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&")
}
