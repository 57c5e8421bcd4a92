//! Who sends a request: the token, as whom they act, and from where.

use std::hash::{BuildHasher as _, RandomState};
use std::net::{IpAddr, SocketAddr};
use std::sync::LazyLock;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use chengxin_app::account::{Acting, Token};
use chengxin_core::identity::Uscc;
use chengxin_core::{Role, Say};

use crate::problem::Problem;
use crate::state::Shared;

/// In which role they act, a word of [`Role::code`].
pub(crate) const ROLE: &str = "chengxin-role";
/// For which authority, by its code.
pub(crate) const AUTHORITY: &str = "chengxin-authority";
/// What for: UTF-8, percent-encoded.
pub(crate) const PURPOSE: &str = "chengxin-purpose";
/// For another, on the mandate of this number.
pub(crate) const MANDATE: &str = "chengxin-mandate";

/// Most bytes of a header of ours.
const LONGEST: usize = 1_024;

/// Who sends a request, as they say; nothing of it is known to be so yet.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    pub(crate) token: Option<Token>,
    pub(crate) acting: Acting,
    /// The network that it comes from.
    pub(crate) source: String,
}

impl FromRequestParts<Shared> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Problem> {
        let headers = &parts.headers;
        let role = text(headers, ROLE)?.map(|code| Role::from_code(&code).ok_or_else(|| wrong_header(ROLE)));
        let authority = text(headers, AUTHORITY)?.map(|code| match Uscc::parse(&code) {
            Ok((code, _)) => Ok(code.as_str().to_owned()),
            Err(_) => Err(wrong_header(AUTHORITY)),
        });
        let acting = Acting {
            role: role.transpose()?,
            authority: authority.transpose()?,
            purpose: text(headers, PURPOSE)?.unwrap_or_default(),
            mandate: text(headers, MANDATE)?,
            prefers: None,
        };
        Ok(Self { token: token(headers), acting, source: source(parts) })
    }
}

/// The bearer's token. One that cannot be a token is none: the answer is the same for both.
fn token(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::parse(token.trim()))?
}

fn text(headers: &HeaderMap, name: &str) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let decoded = value.to_str().ok().filter(|value| value.len() <= LONGEST).and_then(decoded);
    let text = decoded.ok_or_else(|| wrong_header(name))?;
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

/// Percent-encoded UTF-8; a bare sign `%` is none.
fn decoded(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let (high, low) = (char::from(rest.next()?).to_digit(16)?, char::from(rest.next()?).to_digit(16)?);
                bytes.push(u8::try_from(high * 16 + low).ok()?);
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}

fn wrong_header(name: &str) -> Problem {
    let roles: Vec<_> = Role::ALL.into_iter().filter(|role| *role != Role::Public).map(Role::code).collect();
    let say = match name {
        ROLE => Say::new(
            format!("请求头 {name} 须为下列之一：{}", roles.join("、")),
            format!("the header {name} is one of: {}", roles.join(", ")),
        ),
        AUTHORITY => Say::new(
            format!("请求头 {name} 须为单位的统一社会信用代码（18 位）"),
            format!("the header {name} is the unified social credit code of an authority, 18 characters"),
        ),
        _ => Say::new(
            format!("请求头 {name} 须为百分号编码的 UTF-8 文本，不超过 {LONGEST} 字节"),
            format!("the header {name} is percent-encoded UTF-8 of at most {LONGEST} bytes"),
        ),
    };
    Problem::new(StatusCode::BAD_REQUEST, say)
}

/// The network from which a request comes: an address of version 4, the first 64 bits of one of version 6, which is what one
/// household or office has. Behind a proxy that is the proxy's; nothing that a client writes is believed.
pub(crate) fn source(parts: &Parts) -> String {
    let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
        return "unknown".to_owned();
    };
    match peer.ip().to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Whom a request counts for: the holder of its token, or whoever is behind an address; and its network.
pub(super) fn clients(parts: &Parts) -> (u64, u64) {
    // Keyed anew in each process, so that nobody finds two tokens that count for one.
    static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    let network = KEY.hash_one(source(parts));
    (token(&parts.headers).map_or(network ^ 1, |token| KEY.hash_one(token.text())), network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_percent_encoded_text() {
        assert_eq!(decoded("%E5%8A%9E%E7%90%86").as_deref(), Some("办理"));
        assert_eq!(decoded("plain words").as_deref(), Some("plain words"));
        for wrong in ["%", "%E5", "%zz", "%FF", "a%0Ab", "a%00"] {
            assert_eq!(decoded(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_token_is_none() {
        let mut headers = HeaderMap::new();
        for value in ["", "Bearer", "Bearer x", "Basic dTpw", "Bearer  ", &format!("Bearer {}", "é".repeat(32))] {
            let Ok(value) = axum::http::HeaderValue::from_str(value) else { continue };
            headers.insert(header::AUTHORIZATION, value);
            assert!(token(&headers).is_none());
        }
        let value = format!("bearer {}", "A".repeat(64));
        headers.insert(header::AUTHORIZATION, value.parse().unwrap_or_else(|_| unreachable!("plain ASCII")));
        assert!(token(&headers).is_some());
    }
}
