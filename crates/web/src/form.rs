//! What a request says about how it wants to be answered, and how a page is put together.

use std::convert::Infallible;
use std::fmt::Display;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use chengxin_core::{Lang, Say};

use crate::pages;
use crate::state::Shared;
use crate::texts::text;

/// The one page among the routes of the interface.
const REFERENCE: &str = "/api/v1/reference";
/// The language in which texts stand in brackets, so that a test sees what comes from no file of texts.
const PSEUDO: &str = "en-XA";
/// Most characters of a path of ours.
const LONGEST_PATH: usize = 120;

/// How a request wants its answer.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// Language.
    pub(crate) lang: Lang,
    /// Texts in brackets, where data are made up?
    pub(crate) pseudo: bool,
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
        let path = own_path(parts.uri.path()).unwrap_or("/").to_owned();
        Self { lang: Lang::from_tag(lang), pseudo: lang == PSEUDO, json, path }
    }
}

/// With what the paths of our pages begin.
const OURS: [&str; 13] = [
    "verify",
    "v",
    "d",
    "publications",
    "catalogue",
    "matters",
    "learn",
    "log",
    "styleguide",
    "sign-in",
    "begin",
    "me",
    "desk",
];

/// The path, if it can be one of our pages. Links are made of it, and `//elsewhere` would lead away.
pub(crate) fn own_path(path: &str) -> Option<&str> {
    let plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'/' || b == b'-');
    let first = path.strip_prefix('/')?.split('/').next().unwrap_or("");
    let ours = path == "/" || path == REFERENCE || OURS.contains(&first);
    (plain && ours && !path.contains("//") && path.len() <= LONGEST_PATH).then_some(path)
}

impl<S: Sync> FromRequestParts<S> for Wish {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

/// For whom a page is: which links stand beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Area {
    /// Everybody.
    #[default]
    Public,
    /// Whoever reads about themself.
    Me,
    /// Windows, authorities, the credit office.
    Desk,
}

/// Path and text of each link beside the pages about oneself.
const ME: [(&str, &str); 10] = [
    ("/me", "me-overview"),
    ("/me/records", "me-records"),
    ("/me/proceedings", "me-proceedings"),
    ("/me/notices", "me-notices"),
    ("/me/log", "me-log"),
    ("/me/checks", "me-checks"),
    ("/me/reports", "me-reports"),
    ("/me/consents", "me-consents"),
    ("/me/mandates", "me-mandates"),
    ("/me/account", "me-account"),
];
/// The same beside those of windows and authorities.
const DESK: [(&str, &str); 10] = [
    ("/desk", "desk-overview"),
    ("/desk/checks", "desk-checks"),
    ("/desk/submissions", "desk-submissions"),
    ("/desk/held", "desk-held"),
    ("/desk/proceedings", "desk-proceedings"),
    ("/desk/publications", "desk-publications"),
    ("/desk/follow-ups", "desk-follow-ups"),
    ("/desk/figures", "desk-figures"),
    ("/desk/accounts", "desk-accounts"),
    ("/desk/authorities", "desk-authorities"),
];

/// What every page needs.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) lang: Lang,
    pub(crate) city: String,
    pub(crate) synthetic: bool,
    pub(crate) area: Area,
    /// Address and name of each page above this one.
    pub(crate) crumbs: Vec<(String, String)>,
    pseudo: bool,
    path: String,
}

impl Frame {
    pub(crate) fn new(shared: &Shared, wish: &Wish) -> Self {
        let synthetic = shared.synthetic();
        Self {
            lang: wish.lang,
            city: shared.city().to_owned(),
            synthetic,
            area: Area::Public,
            crumbs: Vec::new(),
            pseudo: wish.pseudo && synthetic,
            path: wish.path.clone(),
        }
    }

    /// The same beside other links.
    pub(crate) fn beside(self, area: Area) -> Self {
        Self { area, ..self }
    }

    /// The same below a page: its path, and the key of its name.
    pub(crate) fn below(mut self, path: &str, key: &str) -> Self {
        let root = match self.area {
            Area::Public => None,
            Area::Me => Some(("/me", "nav-me")),
            Area::Desk => Some(("/desk", "nav-desk")),
        };
        for (path, key) in root.filter(|_| self.crumbs.is_empty()).into_iter().chain([(path, key)]) {
            let crumb = (self.to(path), self.m(key));
            self.crumbs.push(crumb);
        }
        self
    }

    fn worded(&self, text: String) -> String {
        if self.pseudo { format!("⟦{text}⟧") } else { text }
    }

    /// A text by its key.
    pub(crate) fn m(&self, key: &str) -> String {
        self.worded(text(self.lang, key, &[]))
    }

    /// The same with something put into it.
    pub(crate) fn m1(&self, key: &str, name: &str, value: impl Display) -> String {
        self.worded(text(self.lang, key, &[(name, value.to_string())]))
    }

    /// One of two texts that are data and no words of ours, by language.
    pub(crate) fn t<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A sentence in the page's language.
    pub(crate) fn say(&self, say: &Say) -> String {
        self.worded(say.get(self.lang).to_owned())
    }

    /// What follows the path of a link, so that the language stays.
    pub(crate) fn q(&self) -> &'static str {
        match self.lang {
            _ if self.pseudo => "?lang=en-XA",
            Lang::Zh => "",
            Lang::En => "?lang=en",
        }
    }

    /// A page of ours, in the language of this one.
    pub(crate) fn to(&self, path: &str) -> String {
        format!("{path}{}", self.q())
    }

    /// The same page in the same language, for its forms.
    pub(crate) fn here(&self) -> String {
        self.to(&self.path)
    }

    /// A page of ours with what follows its question mark, in the language of this one. Values are codes: nothing in them wants escaping.
    pub(crate) fn with(&self, path: &str, query: &[(&str, &str)]) -> String {
        let pairs: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let address = self.to(path);
        let joint = if address.contains('?') { '&' } else { '?' };
        if pairs.is_empty() { address } else { format!("{address}{joint}{}", pairs.join("&")) }
    }

    /// The language, as a form that is sent by its address has to carry it; empty for the first one.
    pub(crate) fn lang_value(&self) -> &'static str {
        self.q().strip_prefix("?lang=").unwrap_or("")
    }

    /// The same page in the other language.
    pub(crate) fn other(&self) -> String {
        match self.lang {
            Lang::Zh => format!("{}?lang=en", self.path),
            Lang::En => self.path.clone(),
        }
    }

    /// Its language, for the markup.
    pub(crate) fn tag(&self) -> &'static str {
        self.t("zh-CN", "en")
    }

    /// The other language.
    pub(crate) fn other_tag(&self) -> &'static str {
        self.t("en", "zh-CN")
    }

    pub(crate) fn style(&self) -> &'static str {
        pages::style_address()
    }

    pub(crate) fn script(&self) -> &'static str {
        pages::script_address()
    }

    /// Is it the page that a link leads to, or one below it?
    fn at(&self, path: &str) -> bool {
        let below = self.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        self.path == path || below && path != "/me" && path != "/desk"
    }

    /// The links beside the page: address, text, and whether it is this page.
    pub(crate) fn beside_links(&self) -> Vec<(String, String, bool)> {
        let links: &[(&str, &str)] = match self.area {
            Area::Public => &[],
            Area::Me => &ME,
            Area::Desk => &DESK,
        };
        links.iter().map(|(path, key)| (self.to(path), self.m(key), self.at(path))).collect()
    }

    /// An instant in China time, to the second: where somebody waits for it.
    pub(crate) fn moment(&self, us: i64) -> String {
        chengxin_core::dates::shanghai_text(us)
    }

    /// An instant in China time, as people write it.
    pub(crate) fn when(&self, us: &i64) -> String {
        readable(&chengxin_core::dates::shanghai_text(*us))
    }

    /// The same of an instant in text.
    pub(crate) fn time(&self, text: &str) -> String {
        readable(text)
    }
}

/// `2026-11-21T09:30:05+08:00` as `2026-11-21 09:30`; of anything else itself.
fn readable(text: &str) -> String {
    text.get(..16).map_or_else(|| text.to_owned(), |text| text.replace('T', " "))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_becomes_a_link() {
        for ours in ["/", "/me/records", "/v/0123-ABCD", "/catalogue/penalty", "/learn/your-rights"] {
            assert_eq!(own_path(ours), Some(ours));
        }
        for other in
            ["", "me", "//elsewhere.example", "/a//b", "/a/../b", "/a?b", "/a\"b", "/%2F%2Fx", &"/a".repeat(99)]
        {
            assert_eq!(own_path(other), None, "{other}");
        }
    }

    #[test]
    fn an_instant_is_shown_to_the_minute() {
        assert_eq!(readable("2026-11-21T09:30:05+08:00"), "2026-11-21 09:30");
        assert_eq!(readable("soon"), "soon");
    }
}
