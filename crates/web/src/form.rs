//! What a request says about how it wants to be answered, and how a page is put together.

use std::convert::Infallible;
use std::fmt::Display;
use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use chengxin_core::contact::Contact;
use chengxin_core::{Lang, Say};

use crate::pages;
use crate::places::{Place, Visitor};
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
    /// Is it a form that was sent? Nothing of it is in the address.
    pub(crate) posted: bool,
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
        let (posted, acting) = (parts.method == Method::POST, acting.map(ToOwned::to_owned));
        Self { lang: Lang::from_tag(lang), pseudo: lang == PSEUDO, json, path, posted, acting }
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

/// Pages about oneself that nobody goes to for another.
const OWN_ALONE: [&str; 3] = ["/me/account", "/me/carried-away", "/me/mandates/accepted"];

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
    pub(crate) posted: bool,
    acting: Option<String>,
    /// What the one is called for whom somebody acts.
    pub(crate) acting_for: Option<String>,
    mark: String,
    contact: Arc<Contact>,
    /// Whoever is signed in and asks for it.
    pub(crate) visitor: Option<Visitor>,
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
            posted: wish.posted,
            acting: wish.acting.clone(),
            acting_for: None,
            mark: crate::once::mark(),
            contact: shared.contact(),
            visitor: None,
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
        let within =
            |start: &str| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let about = within("/me") && !OWN_ALONE.into_iter().any(within);
        self.acting.as_deref().filter(|_| about)
    }

    fn address(&self, path: &str, lang: &str, acting: Option<&str>) -> String {
        match acting {
            None => format!("{path}{lang}"),
            Some(number) => format!("{path}{lang}{}for={number}", if lang.is_empty() { '?' } else { '&' }),
        }
    }

    /// A page of ours, in the language of this one, about the same person.
    pub(crate) fn to(&self, path: &str) -> String {
        self.address(path, self.q(), self.acts_at(path))
    }

    /// What follows the path of such a page.
    pub(crate) fn said(&self, path: &str) -> String {
        self.address("", self.q(), self.acts_at(path))
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

    /// A page that can be asked for anew: this one; of an answer to a form, which may have no address of its own, the one that the area has for it.
    fn again(&self) -> &str {
        let area = Area::of(&self.path);
        match area.start() {
            _ if !self.posted => &self.path,
            None => ["/verify", "/sign-in"].into_iter().find(|page| self.path.starts_with(page)).unwrap_or(&self.path),
            Some((start, _)) => area.nearest(&self.path).unwrap_or(start),
        }
    }

    /// The same page in the other language.
    pub(crate) fn other(&self) -> String {
        let path = self.again();
        match self.lang {
            Lang::Zh => self.address(path, "?lang=en", self.acts_at(path)),
            Lang::En => self.address(path, "", self.acts_at(path)),
        }
    }

    /// What stands under the link to it: after a form was sent, that what was typed does not come along.
    pub(crate) fn other_note(&self) -> Option<&'static str> {
        self.posted.then_some("nav-other-language-anew")
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

    /// May whoever reads the page do this?
    pub(crate) fn may(&self, name: &str) -> bool {
        self.visitor.as_ref().is_some_and(|visitor| visitor.may().own(name))
    }

    /// Is the desk named in the head of the page? Not to whoever is known to have nothing to do there.
    pub(crate) fn desk(&self) -> bool {
        self.visitor.as_ref().is_none_or(|visitor| visitor.may().staff())
    }

    /// Other pages of an area that whoever reads this one may go to.
    fn places(&self, area: Area) -> Vec<&'static Place> {
        let Some(may) = self.visitor.as_ref().map(Visitor::may) else { return Vec::new() };
        let open = |(path, _, _, name): &&Place| match area {
            Area::Me if self.acts_at(path).is_some() => may.acting(name),
            Area::Me => may.about_oneself(name),
            _ => may.on_duty(name),
        };
        area.places().iter().filter(open).collect()
    }

    /// What can be done in an area: address, name, and what it is for.
    pub(crate) fn work(&self, area: Area) -> Vec<(String, String, String)> {
        self.places(area).into_iter().map(|(path, key, about, _)| (self.to(path), self.m(key), self.m(about))).collect()
    }

    /// The links beside the page: address, text, and whether it is this page, or the nearest above it.
    pub(crate) fn beside_links(&self) -> Vec<(String, String, bool)> {
        let Some(start) = self.area.start() else { return Vec::new() };
        let links = [start].into_iter().chain(self.places(self.area).into_iter().map(|(path, key, ..)| (*path, *key)));
        let links: Vec<_> = links.collect();
        let at = |path: &str| self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let nearest = links.iter().map(|(path, _)| *path).filter(|path| at(path)).max_by_key(|path| path.len());
        // The first page stands above all others: it is here only where it is meant.
        let here = nearest.filter(|path| *path != start.0 || self.path == start.0);
        links.into_iter().map(|(path, key)| (self.to(path), self.m(key), here == Some(path))).collect()
    }

    /// Telephone of the credit office, as it is shown and as a telephone takes it; nothing where it never said.
    pub(crate) fn phone(&self) -> Option<(&str, String)> {
        let phone = self.contact.phone.as_str();
        let digits = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        (!phone.is_empty()).then_some((phone, digits))
    }

    /// Where its window is and when somebody is there, as far as it said.
    pub(crate) fn window(&self) -> Vec<String> {
        let of = |key, name, say: &Say| {
            let text = self.t(&say.zh, &say.en);
            (!text.is_empty()).then(|| self.m1(key, name, text))
        };
        let place = of("footer-place", "place", &self.contact.place());
        place.into_iter().chain(of("footer-hours", "hours", &self.contact.hours())).collect()
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
