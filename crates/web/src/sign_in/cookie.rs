//! The cookies of these pages: one holds the session, one says which browser was sent to a provider, one that a browser signed in here before.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use chengxin_app::account::Token;
use chengxin_core::Role;
use chengxin_core::account::KNOWN_FOR_US;
use chengxin_core::issuer::AWAY_LASTS_US;

use crate::api::source;
use crate::state::Shared;

/// Most characters of a value of ours.
const LONGEST: usize = 64;

/// What a cookie is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cookie {
    /// The session. It ends with the browser, or where the server says.
    Session,
    /// Which browser was sent to a provider.
    Away,
    /// That this browser signed in here before. It outlives sessions, shows nobody who, and only spares its owner to wait for what strangers try.
    Device,
    /// In which of several rights somebody acts, as they chose. It gives none.
    Right,
}

impl Cookie {
    /// Over https no other host, and nobody on the way, can set a cookie of this name.
    fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-chengxin",
            (Self::Session, false) => "chengxin",
            (Self::Away, true) => "__Host-chengxin-away",
            (Self::Away, false) => "chengxin-away",
            (Self::Device, true) => "__Host-chengxin-device",
            (Self::Device, false) => "chengxin-device",
            (Self::Right, true) => "__Host-chengxin-right",
            (Self::Right, false) => "chengxin-right",
        }
    }

    /// Puts the cookie into an answer, or takes it away where `value` is empty.
    pub(crate) fn set(self, shared: &Shared, response: &mut Response, value: &str) {
        let lasts = match (self, value) {
            (_, "") => "; Max-Age=0".to_owned(),
            (Self::Away, _) => format!("; Max-Age={}", AWAY_LASTS_US / 1_000_000),
            (Self::Device, _) => format!("; Max-Age={}", KNOWN_FOR_US / 1_000_000),
            (Self::Session | Self::Right, _) => String::new(),
        };
        // `Lax` where somebody who comes back from a provider is sent here by another site.
        let site = if matches!(self, Self::Device | Self::Right) { "Strict" } else { "Lax" };
        let secure = if shared.https() { "; Secure" } else { "" };
        let name = self.name(shared.https());
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite={site}{secure}{lasts}");
        if let Ok(text) = HeaderValue::from_str(&text) {
            response.headers_mut().append(header::SET_COOKIE, text);
        }
    }

    /// Its value. Of two by one name neither is believed.
    fn of(self, shared: &Shared, headers: &HeaderMap) -> Option<String> {
        let name = self.name(shared.https());
        let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(of, _)| *of == name).map(|(_, value)| value);
        let value = values.next().filter(|value| !value.is_empty() && value.len() <= LONGEST)?;
        values.next().is_none().then(|| value.to_owned())
    }
}

/// A right as a cookie and a form hold it: `ROLE` or `ROLE@AUTHORITY`.
pub(crate) fn right_text(role: Role, authority: Option<&str>) -> String {
    authority.map_or_else(|| role.code().to_owned(), |authority| format!("{}@{authority}", role.code()))
}

/// The reverse.
pub(crate) fn read_right(text: &str) -> Option<(Role, Option<String>)> {
    let (role, authority) = text.split_once('@').map_or((text, None), |(role, authority)| (role, Some(authority)));
    Some((Role::from_code(role)?, authority.map(ToOwned::to_owned)))
}

/// What a browser brings to these pages.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    /// The session that it shows.
    pub(crate) token: Option<Token>,
    /// By what it is known that it was sent to a provider.
    pub(crate) away: Option<String>,
    /// By what it is known that somebody signed in with it here before.
    pub(crate) device: Option<String>,
    /// In which of their rights whoever uses it chose to act.
    pub(crate) right: Option<(Role, Option<String>)>,
    /// The network that it comes from.
    pub(crate) source: String,
    /// What it calls itself.
    pub(crate) label: String,
}

impl FromRequestParts<Shared> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Infallible> {
        let headers = &parts.headers;
        let label = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self {
            // A machine has no pages.
            token: Cookie::Session
                .of(shared, headers)
                .filter(|text| text.len() == LONGEST)
                .and_then(|text| Token::parse(&text)),
            away: Cookie::Away.of(shared, headers),
            device: Cookie::Device.of(shared, headers),
            right: Cookie::Right.of(shared, headers).as_deref().and_then(read_right),
            source: source(parts),
            label: label.to_owned(),
        })
    }
}
