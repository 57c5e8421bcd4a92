//! What a machine signs itself in with, and when it is believed. That it was signed, and never seen before, is for the caller.

use serde::Deserialize;
use serde_json::Number;

/// How far the clock of an authority's machine may be off, in microseconds.
pub const LEEWAY_US: i64 = 30 * 1_000_000;

/// How long an assertion may be good for. So long its identifier is remembered.
///
/// # Source
/// A house rule of 2026-11-22; RFC 7523 §3 lets a server refuse what expires unreasonably late, and gives no figure.
pub const LONGEST_ASSERTION_US: i64 = 5 * 60 * 1_000_000;

/// Most bytes of its identifier.
const LONGEST_JTI: usize = 128;

/// For whom it is meant: one, or a list (RFC 7519 §4.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// A list. Only of one is it believed: what is meant for several, one of them could hand on.
    Many(Vec<String>),
}

/// The claims of an assertion (RFC 7523 §3). Others are left aside.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Assertion {
    /// Who signed: the machine's id.
    pub iss: String,
    /// Who is to be signed in: the same.
    pub sub: String,
    /// For whom.
    pub aud: Audience,
    /// When it expires, seconds since 1970.
    pub exp: Number,
    /// From when it holds.
    pub nbf: Option<Number>,
    /// When it was made.
    pub iat: Option<Number>,
    /// By what it is told from every other.
    pub jti: String,
}

/// Why an assertion is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssertionFault {
    /// Signed in another's name.
    Issuer,
    /// Meant for somebody else.
    Audience,
    /// Over.
    Expired,
    /// It expires too late.
    TooLate,
    /// Not yet good, or made in the future or too long ago.
    NotYet,
    /// Without an identifier, or with one that is too long.
    Identifier,
}

/// Is an assertion of `client`, meant for one of `audiences`, good at `now_us`? The instant until which its identifier must be
/// remembered.
///
/// # Errors
/// [`AssertionFault`].
pub fn judge(assertion: &Assertion, client: &str, audiences: &[&str], now_us: i64) -> Result<i64, AssertionFault> {
    let Assertion { iss, sub, aud, exp, nbf, iat, jti } = assertion;
    if iss != client || sub != client {
        return Err(AssertionFault::Issuer);
    }
    let meant = match aud {
        Audience::One(one) => Some(one),
        Audience::Many(many) => many.first().filter(|_| many.len() == 1),
    };
    if !meant.is_some_and(|meant| audiences.contains(&meant.as_str())) {
        return Err(AssertionFault::Audience);
    }
    let exp = instant(exp).ok_or(AssertionFault::Expired)?;
    if exp <= now_us - LEEWAY_US {
        return Err(AssertionFault::Expired);
    }
    if exp > now_us + LONGEST_ASSERTION_US + LEEWAY_US {
        return Err(AssertionFault::TooLate);
    }
    let begins = |stated: &Option<Number>| match stated {
        None => Some(i64::MIN),
        Some(number) => instant(number).filter(|at| *at <= now_us + LEEWAY_US),
    };
    let (_, made) = begins(nbf).zip(begins(iat)).ok_or(AssertionFault::NotYet)?;
    if iat.is_some() && made < now_us - LONGEST_ASSERTION_US - LEEWAY_US {
        return Err(AssertionFault::NotYet);
    }
    if !(1..=LONGEST_JTI).contains(&jti.len()) {
        return Err(AssertionFault::Identifier);
    }
    Ok(exp + LEEWAY_US)
}

/// Microseconds of a NumericDate, which may have a fraction; `None` for what is no instant of this era.
fn instant(number: &Number) -> Option<i64> {
    const ERA_S: std::ops::RangeInclusive<i64> = 0..=253_402_300_799;
    if let Some(seconds) = number.as_i64() {
        return Some(seconds).filter(|seconds| ERA_S.contains(seconds)).map(|seconds| seconds * 1_000_000);
    }
    let seconds = number.as_f64().filter(|seconds| (0.0..=253_402_300_799.0).contains(seconds))?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range was looked at, and nothing hangs on less than a microsecond"
    )]
    Some((seconds * 1e6) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const NOW_S: i64 = 1_795_305_600;
    const NOW: i64 = NOW_S * 1_000_000;
    const HERE: [&str; 2] = ["https://credit.example", "https://credit.example/api/v1/oauth/token"];

    fn judged(change: impl FnOnce(&mut Value)) -> Result<i64, Option<AssertionFault>> {
        let mut claims =
            json!({ "iss": "m1", "sub": "m1", "aud": HERE[1], "exp": NOW_S + 60, "iat": NOW_S, "jti": "a" });
        change(&mut claims);
        let read: Assertion = serde_json::from_value(claims).map_err(|_| None)?;
        judge(&read, "m1", &HERE, NOW).map_err(Some)
    }

    #[test]
    fn one_that_is_meant_for_us_and_good_now_is_believed() {
        assert_eq!(judged(|_| {}), Ok(NOW + 90_000_000));
        for good in [
            json!({ "aud": HERE[0] }),
            json!({ "aud": [HERE[0]] }),
            json!({ "exp": NOW_S - 29 }),
            json!({ "exp": NOW_S + 330 }),
            json!({ "exp": NOW_S as f64 + 0.5 }),
            json!({ "nbf": NOW_S + 30 }),
            json!({ "iat": NOW_S + 30 }),
            json!({ "iat": null, "nbf": null }),
            json!({ "jti": "x".repeat(128), "scope": "anything else" }),
        ] {
            let with = |claims: &mut Value| {
                claims
                    .as_object_mut()
                    .into_iter()
                    .for_each(|all| all.extend(good.as_object().cloned().unwrap_or_default()));
            };
            assert!(judged(with).is_ok(), "{good}");
        }
    }

    #[test]
    fn every_other_one_is_refused_for_its_reason() {
        use AssertionFault::{Audience, Expired, Identifier, Issuer, NotYet, TooLate};
        for (member, value, fault) in [
            ("iss", json!("m2"), Some(Issuer)),
            ("sub", json!("m2"), Some(Issuer)),
            ("aud", json!("https://other.example"), Some(Audience)),
            ("aud", json!("https://credit.example/"), Some(Audience)),
            ("aud", json!([]), Some(Audience)),
            ("aud", json!([HERE[0], "https://other.example"]), Some(Audience)),
            ("exp", json!(NOW_S - 30), Some(Expired)),
            ("exp", json!(-1), Some(Expired)),
            ("exp", json!(1e300), Some(Expired)),
            ("exp", json!(NOW_S + 331), Some(TooLate)),
            ("nbf", json!(NOW_S + 31), Some(NotYet)),
            ("iat", json!(NOW_S + 31), Some(NotYet)),
            ("iat", json!(NOW_S - 331), Some(NotYet)),
            ("jti", json!(""), Some(Identifier)),
            ("jti", json!("x".repeat(129)), Some(Identifier)),
            ("exp", json!("soon"), None),
            ("exp", json!(null), None),
            ("jti", json!(null), None),
        ] {
            assert_eq!(judged(|claims| claims[member] = value.clone()), Err(fault), "{member} {value}");
        }
    }

    proptest! {
        #[test]
        fn what_is_believed_is_remembered_until_it_is_not_believed_any_more(off in -1_000i64..1_000, later in 0i64..2_000_000_000) {
            let claims = json!({ "iss": "m1", "sub": "m1", "aud": HERE[0], "exp": NOW_S + off, "jti": "a" });
            let read: Assertion = serde_json::from_value(claims).map_err(|error| TestCaseError::fail(error.to_string()))?;
            if let Ok(until) = judge(&read, "m1", &HERE, NOW) {
                let at = NOW + later;
                prop_assert!(at < until || judge(&read, "m1", &HERE, at).is_err());
            }
        }
    }
}
