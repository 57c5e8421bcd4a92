//! What a provider says of a person beyond its token: its answer about them (userinfo, OpenID Connect Core 1.0 §5.3).

use serde_json::{Map, Value};

use super::Residents;

/// Claims about how somebody signed in. The token says them, and nothing else does.
const OF_THE_SIGN_IN: [&str; 2] = ["acr", "amr"];

impl Residents {
    /// The claims that say who a person is and how well that was verified, those apart that are about the sign-in.
    fn of_the_person(&self) -> impl Iterator<Item = &str> {
        let claims = [self.number.as_str(), self.level.claim.as_str()].into_iter();
        claims.filter(|claim| !OF_THE_SIGN_IN.contains(claim))
    }

    /// Does a token leave out who the person is, so that the provider is to be asked about them?
    #[must_use]
    pub fn asks_more(&self, token: &Map<String, Value>) -> bool {
        self.of_the_person().any(|claim| !token.contains_key(claim))
    }

    /// What a token says, with what it leaves out of `more` by those claims alone. What the token says is never overruled.
    #[must_use]
    pub fn claims(&self, token: &Map<String, Value>, more: &Map<String, Value>) -> Map<String, Value> {
        let mut claims = token.clone();
        for claim in self.of_the_person() {
            if let Some(value) = more.get(claim).filter(|_| !token.contains_key(claim)) {
                claims.insert(claim.to_owned(), value.clone());
            }
        }
        claims
    }
}

/// Reads an answer about a person; `None` for what is no object or about somebody else than the token, whose values are never used (§5.3.4).
#[must_use]
pub fn about(answer: &[u8], sub: &str) -> Option<Map<String, Value>> {
    let claims: Map<String, Value> = serde_json::from_slice(answer).ok()?;
    (claims.get("sub")?.as_str()? == sub).then_some(claims)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use serde_json::json;

    use super::*;
    use crate::identity::DocumentKind;
    use crate::issuer::Shown;

    fn residents(level: &str) -> Residents {
        let level = Shown { claim: level.to_owned(), values: vec!["high".to_owned()] };
        Residents { number: "id_number".to_owned(), kind: DocumentKind::ResidentId, level }
    }

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_token_is_filled_up_with_who_the_person_is_and_with_nothing_else() {
        let more =
            object(&json!({ "id_number": "1", "id_level": "high", "acr": "high", "amr": ["otp"], "sub": "other" }));
        let token = object(&json!({ "acr": "low" }));
        assert!(residents("acr").asks_more(&token));
        let claims = residents("acr").claims(&token, &more);
        assert_eq!(Value::from(claims), json!({ "acr": "low", "id_number": "1" }), "how they signed in the token says");
        let claims = residents("id_level").claims(&object(&json!({})), &more);
        assert_eq!(Value::from(claims), json!({ "id_level": "high", "id_number": "1" }));
        let whole = object(&json!({ "id_number": null, "id_level": "low" }));
        assert!(!residents("id_level").asks_more(&whole));
        assert_eq!(residents("id_level").claims(&whole, &more), whole, "what the token says is never overruled");
    }

    #[test]
    fn an_answer_about_somebody_else_is_none() {
        assert!(about(br#"{"sub":"s-1","x":1}"#, "s-1").unwrap().contains_key("x"));
        for other in [r#"{"sub":"s-2"}"#, "{}", r#"{"sub":1}"#, r#"["s-1"]"#, "", "<html>", "null"] {
            assert!(about(other.as_bytes(), "s-1").is_none(), "{other}");
        }
    }
}
