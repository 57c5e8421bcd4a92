//! When an ID token is believed (OpenID Connect Core 1.0 §3.1.3.7). Stricter than that where it leaves a choice.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::client::{Audience, LEEWAY_US};

/// How long somebody may be away at a provider.
pub const AWAY_LASTS_US: i64 = 10 * 60 * 1_000_000;

/// How long ago they may have proved themself there; asked for as `max_age`, in seconds.
pub const PROOF_SECONDS: i64 = 300;

/// Most bytes of what a provider calls somebody (§2: 255).
const LONGEST_SUB: usize = 255;

/// What an ID token says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct IdClaims {
    /// Who says it.
    pub iss: String,
    /// About whom, in its own words.
    pub sub: String,
    /// To whom.
    pub aud: Audience,
    /// For whom it was made, where it says so.
    pub azp: Option<String>,
    /// Until when it is good, seconds since 1970-01-01 UTC.
    pub exp: i64,
    /// When it was made.
    pub iat: i64,
    /// What we sent along.
    pub nonce: Option<String>,
    /// When they proved themself there.
    pub auth_time: Option<i64>,
    /// Everything else.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// What we wait for.
#[derive(Debug, Clone, Copy)]
pub struct Awaited<'a> {
    /// Whose word.
    pub issuer: &'a str,
    /// Our name there.
    pub client_id: &'a str,
    /// What we sent along.
    pub nonce: &'a str,
    /// Now, microseconds UTC.
    pub now_us: i64,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// Somebody else says it.
    Issuer,
    /// It is meant for others, or for others too.
    Audience,
    /// It was made for somebody else.
    Party,
    /// It answers another sign-in, or none.
    Nonce,
    /// It is over.
    Over,
    /// It was made too long ago, or is not made yet.
    Made,
    /// They proved themself too long ago, or it does not say when.
    Proof,
    /// It says about nobody.
    Subject,
}

/// Looks whether a token that its issuer signed is the one that we wait for; when they proved themself there, microseconds UTC.
///
/// # Errors
/// [`TokenFault`].
pub fn judge(claims: &IdClaims, awaited: &Awaited<'_>) -> Result<i64, TokenFault> {
    let at = |seconds: i64| seconds.saturating_mul(1_000_000);
    let (now_us, early_us) = (awaited.now_us, awaited.now_us + LEEWAY_US);
    if claims.iss != awaited.issuer {
        return Err(TokenFault::Issuer);
    }
    // What is meant for several, one of them could hand on.
    let ours = match &claims.aud {
        Audience::One(one) => one == awaited.client_id,
        Audience::Many(many) => many.len() == 1 && many[0] == awaited.client_id,
    };
    if !ours {
        return Err(TokenFault::Audience);
    }
    if claims.azp.as_deref().is_some_and(|party| party != awaited.client_id) {
        return Err(TokenFault::Party);
    }
    if claims.nonce.as_deref() != Some(awaited.nonce) {
        return Err(TokenFault::Nonce);
    }
    if at(claims.exp).saturating_add(LEEWAY_US) <= now_us {
        return Err(TokenFault::Over);
    }
    // It is made while they are away.
    if at(claims.iat) > early_us || at(claims.iat).saturating_add(AWAY_LASTS_US) <= now_us {
        return Err(TokenFault::Made);
    }
    let proven_us = at(claims.auth_time.ok_or(TokenFault::Proof)?);
    let oldest_us = now_us - AWAY_LASTS_US - PROOF_SECONDS * 1_000_000;
    if proven_us > early_us
        || proven_us <= oldest_us
        || claims.auth_time > Some(claims.iat.saturating_add(LEEWAY_US / 1_000_000))
    {
        return Err(TokenFault::Proof);
    }
    if claims.sub.is_empty() || claims.sub.len() > LONGEST_SUB {
        return Err(TokenFault::Subject);
    }
    Ok(proven_us.min(now_us))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn judged(change: impl FnOnce(&mut Value)) -> Result<i64, TokenFault> {
        let mut claims = json!({
            "iss": "https://id.example", "sub": "s-1", "aud": "chengxin", "exp": NOW + 60, "iat": NOW - 2, "nonce": "n", "auth_time": NOW - 5,
        });
        change(&mut claims);
        let claims: IdClaims = serde_json::from_value(claims).unwrap();
        let awaited =
            Awaited { issuer: "https://id.example", client_id: "chengxin", nonce: "n", now_us: NOW * 1_000_000 };
        judge(&claims, &awaited)
    }

    #[test]
    fn a_token_is_believed_that_answers_this_very_sign_in() {
        assert_eq!(judged(|_| ()), Ok((NOW - 5) * 1_000_000));
        assert!(judged(|claims| claims["aud"] = json!(["chengxin"])).is_ok());
        assert!(judged(|claims| claims["azp"] = json!("chengxin")).is_ok());
    }

    #[test]
    fn every_other_token_is_refused_for_its_own_reason() {
        for (claim, value, fault) in [
            ("iss", json!("https://id.example/"), TokenFault::Issuer),
            ("iss", json!("https://other.example"), TokenFault::Issuer),
            ("aud", json!("other"), TokenFault::Audience),
            ("aud", json!(["chengxin", "other"]), TokenFault::Audience),
            ("aud", json!([]), TokenFault::Audience),
            ("azp", json!("other"), TokenFault::Party),
            ("nonce", json!("m"), TokenFault::Nonce),
            ("nonce", json!(null), TokenFault::Nonce),
            ("exp", json!(NOW - 30), TokenFault::Over),
            ("exp", json!(i64::MIN), TokenFault::Over),
            ("iat", json!(NOW + 31), TokenFault::Made),
            ("iat", json!(NOW - 600), TokenFault::Made),
            ("auth_time", json!(null), TokenFault::Proof),
            ("auth_time", json!(NOW - 900), TokenFault::Proof),
            ("auth_time", json!(NOW + 31), TokenFault::Proof),
            ("auth_time", json!(i64::MAX), TokenFault::Proof),
            ("sub", json!(""), TokenFault::Subject),
            ("sub", json!("s".repeat(256)), TokenFault::Subject),
        ] {
            assert_eq!(judged(|claims| claims[claim] = value.clone()), Err(fault), "{claim} {value}");
        }
    }
}
