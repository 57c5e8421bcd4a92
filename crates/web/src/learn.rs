//! Pages to learn from: written in Markdown, one file a page and language, in `learn/`.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chengxin_core::Lang;
use pulldown_cmark::{Event, Options, Parser, Tag, html::push_html};

use crate::form::{Frame, Wish, html};
use crate::problem::of;
use crate::state::Shared;

/// One page: its name in the address, its Chinese and its English. The first line is the title, the next paragraph says what it is about.
struct Learn {
    name: &'static str,
    zh: &'static str,
    en: &'static str,
}

macro_rules! learn {
    ($($name:literal),*) => {
        const PAGES: &[Learn] = &[$(Learn {
            name: $name,
            zh: include_str!(concat!("../learn/zh-CN/", $name, ".md")),
            en: include_str!(concat!("../learn/en/", $name, ".md")),
        }),*];
    };
}

learn!("credit-law", "your-rights", "how-to-contest", "how-to-repair", "at-the-window");

impl Learn {
    /// Title, what it is about, and the rest.
    fn parts(&self, lang: Lang) -> (&'static str, &'static str, &'static str) {
        let text = match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        };
        let (title, rest) = text.split_once("\n\n").unwrap_or((text, ""));
        let (about, rest) = rest.split_once("\n\n").unwrap_or((rest, ""));
        (title.trim_start_matches("# "), about, rest)
    }
}

#[derive(Template)]
#[template(path = "learn.html")]
struct List {
    f: Frame,
    pages: Vec<(String, &'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "learn_page.html")]
struct Page {
    f: Frame,
    title: &'static str,
    about: &'static str,
    body: String,
}

/// Markdown of ours as HTML, its own links in the language of the page.
fn rendered(f: &Frame, markdown: &str) -> String {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).map(|event| match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) if dest_url.starts_with('/') => {
            let dest_url = f.to(&dest_url).into();
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    });
    let mut body = String::new();
    push_html(&mut body, events);
    body
}

/// All of them.
pub(crate) async fn list(State(shared): State<Shared>, wish: Wish) -> Response {
    let f = Frame::new(&shared, &wish);
    let line = |page: &Learn| {
        let (title, about, _) = page.parts(f.lang);
        (f.to(&format!("/learn/{}", page.name)), title, about)
    };
    let pages = PAGES.iter().map(line).collect();
    html(StatusCode::OK, &List { f, pages })
}

/// One of them.
pub(crate) async fn page(State(shared): State<Shared>, wish: Wish, Path(name): Path<String>) -> Response {
    let f = Frame::new(&shared, &wish).below("/learn", "nav-learn");
    let Some(page) = PAGES.iter().find(|page| page.name == name) else {
        return of(StatusCode::NOT_FOUND).into_response();
    };
    let (title, about, rest) = page.parts(f.lang);
    let body = rendered(&f, rest);
    html(StatusCode::OK, &Page { f, title, about, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_title_subject_and_body_in_both_languages() {
        for page in PAGES {
            for lang in [Lang::Zh, Lang::En] {
                let (title, about, rest) = page.parts(lang);
                assert!(!title.is_empty() && title.chars().count() < 60 && !title.contains('\n'), "{}", page.name);
                assert!(about.chars().count() > 20 && rest.contains("## "), "{}", page.name);
            }
            let heads = |text: &str| text.matches("\n## ").count();
            assert_eq!(heads(page.zh), heads(page.en), "{}: both say the same", page.name);
        }
    }
}
