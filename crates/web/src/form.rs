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
    /// Number of the mandate on which whoever asks acts for another. It goes from page to page in their addresses, so that two tabs may act for two.
    pub(crate) acting: Option<String>,
}

impl Wish {
    pub(crate) fn of(parts: &Parts) -> Self {
        let pairs = parts.uri.query().unwrap_or("").split('&');
        let acting = pairs.clone().find_map(|pair| pair.strip_prefix("for=")).filter(|number| is_number(number));
        let lang = pairs.filter_map(|pair| pair.strip_prefix("lang=")).next_back().unwrap_or("");
        let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
        let json = accept.contains("json") && !accept.contains("text/html")
            || parts.uri.path().starts_with("/api/") && parts.uri.path() != REFERENCE;
        let path = own_path(parts.uri.path()).unwrap_or("/").to_owned();
        Self { lang: Lang::from_tag(lang), pseudo: lang == PSEUDO, json, path, acting: acting.map(ToOwned::to_owned) }
    }
}

/// Can it be the number of a mandate? It becomes a part of links.
fn is_number(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// With what the paths of our pages begin.
const OURS: [&str; 15] = [
    "verify",
    "v",
    "d",
    "publications",
    "catalogue",
    "matters",
    "quality",
    "learn",
    "log",
    "styleguide",
    "sign-in",
    "begin",
    "me",
    "desk",
    "office",
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
    /// Windows and authorities.
    Desk,
    /// The credit office.
    Office,
}

/// Path and text of each link beside the pages about oneself.
const ME: [(&str, &str); 11] = [
    ("/me", "me-overview"),
    ("/me/records", "me-records"),
    ("/me/proceedings", "me-proceedings"),
    ("/me/complaints", "me-complaints"),
    ("/me/notices", "me-notices"),
    ("/me/log", "me-log"),
    ("/me/checks", "me-checks"),
    ("/me/reports", "me-reports"),
    ("/me/consents", "me-consents"),
    ("/me/mandates", "me-mandates"),
    ("/me/account", "me-account"),
];
/// The same beside those of windows and authorities.
const DESK: [(&str, &str); 12] = [
    ("/desk", "desk-overview"),
    ("/desk/checks", "desk-checks"),
    ("/desk/submissions", "desk-submissions"),
    ("/desk/held", "desk-held"),
    ("/desk/proceedings", "desk-proceedings"),
    ("/desk/publications", "desk-publications"),
    ("/desk/follow-ups", "desk-follow-ups"),
    ("/desk/figures", "desk-figures"),
    ("/desk/activations", "desk-activations"),
    ("/desk/letters", "desk-letters"),
    ("/desk/accounts", "desk-accounts"),
    ("/desk/authorities", "desk-authorities"),
];

/// The same beside those of the credit office.
const OFFICE: [(&str, &str); 10] = [
    ("/office", "office-overview"),
    ("/office/overdue", "office-overdue"),
    ("/office/complaints", "office-complaints"),
    ("/office/submissions", "office-submissions"),
    ("/office/statistics", "office-statistics"),
    ("/office/catalogue", "office-catalogue"),
    ("/office/operations", "office-operations"),
    ("/office/leak", "office-leak"),
    ("/desk/authorities", "desk-authorities"),
    ("/desk/accounts", "desk-accounts"),
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
    acting: Option<String>,
    /// What the one is called for whom somebody acts.
    pub(crate) acting_for: Option<String>,
    mark: String,
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
            acting: wish.acting.clone(),
            acting_for: None,
            mark: crate::once::mark(),
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
            Area::Office => Some(("/office", "nav-office")),
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

    /// The mandate that a page goes on to act on, for those that are about somebody.
    fn acts_at(&self, path: &str) -> Option<&str> {
        let about =
            path == "/me" || path.starts_with("/me/") && path != "/me/account" && !path.starts_with("/me/account/");
        self.acting.as_deref().filter(|_| about)
    }

    fn address(&self, path: &str, lang: &str) -> String {
        match self.acts_at(path) {
            None => format!("{path}{lang}"),
            Some(number) => format!("{path}{lang}{}for={number}", if lang.is_empty() { '?' } else { '&' }),
        }
    }

    /// A page of ours, in the language of this one, about the same person.
    pub(crate) fn to(&self, path: &str) -> String {
        self.address(path, self.q())
    }

    /// The same with something said in its address.
    pub(crate) fn with(&self, path: &str, name: &str, value: impl Display) -> String {
        self.with_all(path, [(name, value)])
    }

    /// The same with several things said. Values are codes: nothing in them wants escaping.
    pub(crate) fn with_all<'a>(&self, path: &str, said: impl IntoIterator<Item = (&'a str, impl Display)>) -> String {
        let mut address = self.to(path);
        for (name, value) in said {
            let joint = if address.contains('?') { '&' } else { '?' };
            address = format!("{address}{joint}{name}={value}");
        }
        address
    }

    /// Where a form goes: with a mark by which it counts once.
    pub(crate) fn act(&self, path: &str) -> String {
        self.with(path, "once", &self.mark)
    }

    /// The same page in the same language, for its forms.
    pub(crate) fn here(&self) -> String {
        self.act(&self.path)
    }

    /// The language, as a form that is sent by its address has to carry it; empty for the first one.
    pub(crate) fn lang_value(&self) -> &'static str {
        self.q().strip_prefix("?lang=").unwrap_or("")
    }

    /// The same page in the other language.
    pub(crate) fn other(&self) -> String {
        match self.lang {
            Lang::Zh => self.address(&self.path, "?lang=en"),
            Lang::En => self.address(&self.path, ""),
        }
    }

    /// On which mandate this page acts for another.
    pub(crate) fn acting(&self) -> Option<&str> {
        self.acts_at(&self.path)
    }

    /// A page of ours, about whoever gave a mandate.
    pub(crate) fn acting_on(&self, path: &str, number: &str) -> String {
        Self { acting: Some(number.to_owned()), ..self.clone() }.to(path)
    }

    /// The same page about oneself.
    pub(crate) fn as_oneself(&self) -> String {
        format!("/me{}", self.q())
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
        self.path == path || below && path != "/me" && path != "/desk" && path != "/office"
    }

    /// The links beside the page: address, text, and whether it is this page.
    pub(crate) fn beside_links(&self) -> Vec<(String, String, bool)> {
        let links: &[(&str, &str)] = match self.area {
            Area::Public => &[],
            Area::Me => &ME,
            Area::Desk => &DESK,
            Area::Office => &OFFICE,
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

/// Of many parts the first, the last, and those beside one.
pub(crate) fn near(part: usize, parts: usize) -> Vec<usize> {
    (1..=parts).filter(|other| *other == 1 || *other == parts || other.abs_diff(part) <= 2).collect()
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
    fn of_many_parts_a_page_leads_to_a_few() {
        assert_eq!(near(1, 3), [1, 2, 3]);
        assert_eq!(near(100, 200), [1, 98, 99, 100, 101, 102, 200]);
        assert_eq!(near(201, 200), [1, 199, 200]);
        assert!(near(1, 0).is_empty());
    }

    #[test]
    fn an_instant_is_shown_to_the_minute() {
        assert_eq!(readable("2026-11-21T09:30:05+08:00"), "2026-11-21 09:30");
        assert_eq!(readable("soon"), "soon");
    }
}
