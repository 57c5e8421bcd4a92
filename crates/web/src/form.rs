//! What a request says about how it wants to be answered, and how a page is put together.

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use chengxin_core::{Lang, Say};

use crate::pages;
use crate::state::Shared;

/// The one page among the routes of the interface.
const REFERENCE: &str = "/api/v1/reference";

/// How a request wants its answer.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// Language.
    pub(crate) lang: Lang,
    /// JSON instead of a page?
    pub(crate) json: bool,
    /// Path of the request, for the link to the other language.
    pub(crate) path: String,
}

impl Wish {
    pub(crate) fn of(parts: &Parts) -> Self {
        let pairs = parts.uri.query().unwrap_or("").split('&');
        let lang = pairs.filter_map(|pair| pair.strip_prefix("lang=")).next_back().unwrap_or("");
        let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
        let json = accept.contains("json") && !accept.contains("text/html")
            || parts.uri.path().starts_with("/api/") && parts.uri.path() != REFERENCE;
        Self { lang: Lang::from_tag(lang), json, path: own_path(parts.uri.path()) }
    }
}

/// The path, if it can be one of our pages; else the home page. Links are made of it, and `//elsewhere` would lead away.
fn own_path(path: &str) -> String {
    let code = path.strip_prefix("/v/").unwrap_or("");
    let is_code = !code.is_empty() && code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_code || path == "/verify" || path == "/sign-in" || path == "/me" || path == REFERENCE {
        path.to_owned()
    } else {
        "/".to_owned()
    }
}

impl<S: Sync> FromRequestParts<S> for Wish {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

/// What every page needs.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) lang: Lang,
    pub(crate) city: String,
    pub(crate) synthetic: bool,
    path: String,
}

impl Frame {
    pub(crate) fn new(shared: &Shared, wish: &Wish) -> Self {
        Self { lang: wish.lang, city: shared.city().to_owned(), synthetic: shared.synthetic(), path: wish.path.clone() }
    }

    /// One of two texts, by language.
    pub(crate) fn t<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A sentence in the page's language.
    pub(crate) fn say<'s>(&self, say: &'s Say) -> &'s str {
        say.get(self.lang)
    }

    /// What follows the path of a link, so that the language stays.
    pub(crate) fn q(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "",
            Lang::En => "?lang=en",
        }
    }

    /// The same page in the same language, for its forms.
    pub(crate) fn here(&self) -> String {
        format!("{}{}", self.path, self.q())
    }

    /// The same page in the other language.
    pub(crate) fn other(&self) -> String {
        match self.lang {
            Lang::Zh => format!("{}?lang=en", self.path),
            Lang::En => self.path.clone(),
        }
    }

    pub(crate) fn tag(&self) -> &'static str {
        self.t("zh-CN", "en")
    }

    pub(crate) fn style(&self) -> &'static str {
        pages::style_address()
    }
}

/// A page as an answer. That a template fails to render means that memory ran out; then a bare sentence must do.
pub(crate) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "render");
            (StatusCode::INTERNAL_SERVER_ERROR, "平台内部错误 / internal error").into_response()
        }
    }
}
