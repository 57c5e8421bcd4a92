//! What an operator writes down of a provider.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Say;
use crate::identity::DocumentKind;

/// Most characters of an issuer's name.
pub const LONGEST_NAME: usize = 32;
/// Most bytes of an address, a name there, a claim or one of its values.
const LONGEST: usize = 300;
/// Most values of a claim, and most scopes.
const MOST: usize = 16;

/// A provider of sign-in, and what it is trusted for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Its address, exactly as its tokens name it (`iss`).
    pub url: String,
    /// Our name there.
    pub client_id: String,
    /// How pages call it, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Scopes to be asked for beside `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Where it signs persons in: by which of its claims it vouches for whom.
    #[serde(default)]
    pub residents: Option<Residents>,
    /// Does it sign staff in, whom an administrator linked to it?
    #[serde(default)]
    pub staff: bool,
    /// What shows that somebody proved themself by two factors there; without it, it counts as one.
    #[serde(default)]
    pub second: Option<Shown>,
}

/// By what a provider vouches for who somebody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Residents {
    /// Claim with the number of a document that the provider verified.
    pub number: String,
    /// Kind of that document.
    pub kind: DocumentKind,
    /// What shows that it verified it well enough. There is no issuer of persons without.
    pub level: Shown,
}

/// A claim, and the values of it that show something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Its name, such as `acr` or `amr`.
    pub claim: String,
    /// Values, any of which shows it. Of a claim that is a list, any entry may.
    pub values: Vec<String>,
}

impl Shown {
    /// Do these claims show it? Only a text that is equal does, or a list with one.
    #[must_use]
    pub fn by(&self, claims: &Map<String, Value>) -> bool {
        let is = |value: &Value| value.as_str().is_some_and(|text| self.values.iter().any(|one| one == text));
        match claims.get(&self.claim) {
            Some(Value::Array(list)) => list.iter().any(is),
            Some(value) => is(value),
            None => false,
        }
    }

    fn fits(&self) -> bool {
        is_claim(&self.claim) && (1..=MOST).contains(&self.values.len()) && self.values.iter().all(|v| is_text(v))
    }
}

/// What is wrong with the terms of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermsFault {
    /// The address is none, or not over https.
    Url,
    /// Our name there, the names on pages or a scope are empty, too long or have other characters.
    Text,
    /// A claim or its values.
    Claim,
    /// A kind of document that names no person.
    Kind,
    /// It signs nobody in.
    Nobody,
}

impl TermsFault {
    /// What to mend.
    #[must_use]
    pub fn say(self) -> Say {
        match self {
            Self::Url => Say::new(
                "url 须为 https:// 地址，不含用户名、查询和片段；仅虚构数据的安装可用本机 http 地址",
                "url is an https:// address without user, query or fragment; over made-up data alone it may be http on this machine",
            ),
            Self::Text => Say::new(
                "client_id、zh、en 与 scopes 须填写，不超过 300 字节，不含控制字符",
                "client_id, zh, en and scopes are filled in, with at most 300 bytes each and no control characters",
            ),
            Self::Claim => Say::new(
                "声明名称只含字母、数字和 _ - : / .，其取值 1 至 16 个",
                "a claim is named by letters, digits and _ - : / . and has 1 to 16 values",
            ),
            Self::Kind => Say::new("residents.kind 须为自然人证件", "residents.kind is a document of a natural person"),
            Self::Nobody => Say::new(
                "须写明 residents 或 staff = true，至少其一",
                "say whom it signs in: residents, staff = true, or both",
            ),
        }
    }
}

impl Terms {
    /// Looks whether these can be an issuer's terms. `loopback`: may it be http on this machine?
    ///
    /// # Errors
    /// [`TermsFault`].
    pub fn check(&self, loopback: bool) -> Result<(), TermsFault> {
        if !is_url(&self.url, loopback) || self.url.contains('?') {
            return Err(TermsFault::Url);
        }
        let scope = |scope: &String| is_text(scope) && !scope.contains(char::is_whitespace);
        let texts = [&self.client_id, &self.zh, &self.en];
        if !texts.into_iter().all(|text| is_text(text)) || self.scopes.len() > MOST || !self.scopes.iter().all(scope) {
            return Err(TermsFault::Text);
        }
        if let Some(residents) = &self.residents {
            if !is_claim(&residents.number) || !residents.level.fits() {
                return Err(TermsFault::Claim);
            }
            if residents.kind == DocumentKind::Uscc {
                return Err(TermsFault::Kind);
            }
        }
        if self.second.as_ref().is_some_and(|second| !second.fits()) {
            return Err(TermsFault::Claim);
        }
        if self.residents.is_none() && !self.staff {
            return Err(TermsFault::Nobody);
        }
        Ok(())
    }

    /// May this be an address that the provider names for itself: as safe as its own?
    #[must_use]
    pub fn may_lead_to(&self, url: &str) -> bool {
        is_url(url, is_loopback(&self.url))
    }
}

/// May this be an issuer's name? Small letters, digits and hyphens, which stand in an address as they are.
#[must_use]
pub fn is_issuer_name(text: &str) -> bool {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(fits)
}

/// Is it an address on this machine, without encryption?
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, port)| if port.bytes().all(|c| c.is_ascii_digit()) { host } else { "" });
    matches!(host, "127.0.0.1" | "[::1]" | "localhost")
}

fn is_url(url: &str, loopback: bool) -> bool {
    let plain = url.len() <= LONGEST
        && url.bytes().all(|c| c.is_ascii_graphic() && !matches!(c, b'#' | b'@' | b'\\' | b'"' | b'<' | b'>'));
    let host =
        url.strip_prefix("https://").is_some_and(|rest| rest.bytes().next().is_some_and(|c| c.is_ascii_alphanumeric()));
    plain && (host || loopback && is_loopback(url))
}

fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control)
}

fn is_claim(text: &str) -> bool {
    let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b':' | b'/' | b'.');
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use serde_json::json;

    use super::*;

    fn terms() -> Terms {
        let residents = Residents {
            number: "id_number".to_owned(),
            kind: DocumentKind::ResidentId,
            level: Shown { claim: "acr".to_owned(), values: vec!["high".to_owned()] },
        };
        Terms {
            url: "https://id.example".to_owned(),
            client_id: "chengxin".to_owned(),
            zh: "统一认证".to_owned(),
            en: "City sign-in".to_owned(),
            scopes: vec!["identity".to_owned()],
            residents: Some(residents),
            staff: false,
            second: None,
        }
    }

    #[test]
    fn terms_name_a_safe_address_and_whom_it_signs_in() {
        terms().check(false).unwrap();
        for url in [
            "http://id.example",
            "http://127.0.0.1:9",
            "https://",
            "https://user@id.example",
            "https://id.example/#x",
            "https://id.example?x=1",
            "javascript:alert(1)",
            "https://id example",
            "//id.example",
            "",
        ] {
            assert_eq!(Terms { url: url.to_owned(), ..terms() }.check(false), Err(TermsFault::Url), "{url}");
        }
        for url in ["http://127.0.0.1:9/oidc", "http://[::1]:9", "http://localhost"] {
            Terms { url: url.to_owned(), ..terms() }.check(true).unwrap();
        }
        for url in [
            "http://127.0.0.1.id.example",
            "http://localhost.id.example",
            "http://127.0.0.1:9@id.example",
            "http://id.example",
        ] {
            assert_eq!(Terms { url: url.to_owned(), ..terms() }.check(true), Err(TermsFault::Url), "{url}");
        }
        assert_eq!(Terms { residents: None, ..terms() }.check(false), Err(TermsFault::Nobody));
        assert_eq!(Terms { client_id: " ".to_owned(), ..terms() }.check(false), Err(TermsFault::Text));
        let mut company = terms();
        company.residents.as_mut().unwrap().kind = DocumentKind::Uscc;
        assert_eq!(company.check(false), Err(TermsFault::Kind));
        let mut any = terms();
        any.residents.as_mut().unwrap().level.values.clear();
        assert_eq!(any.check(false), Err(TermsFault::Claim), "a level without values would be no level");
    }

    #[test]
    fn a_level_is_shown_by_an_equal_text_and_by_nothing_like_it() {
        let level = terms().residents.unwrap().level;
        let shown = |value: Value| level.by(json!({ "acr": value }).as_object().unwrap());
        assert!(shown(json!("high")) && shown(json!(["low", "high"])));
        for other in [
            json!("High"),
            json!("high "),
            json!("higher"),
            json!(true),
            json!(null),
            json!([["high"]]),
            json!({ "high": 1 }),
        ] {
            assert!(!shown(other.clone()), "{other}");
        }
        assert!(!level.by(&Map::new()));
    }

    #[test]
    fn a_name_stands_in_an_address_as_it_is() {
        assert!(is_issuer_name("city-id-2"));
        for wrong in ["", "City", "a/b", "a.b", "../x", "城", &"a".repeat(33)] {
            assert!(!is_issuer_name(wrong), "{wrong}");
        }
    }
}
