//! What is published, for everybody to read. An address holds a code and no name; a title holds the number of a document.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::publication::{
    PublicationEntry, PublicationList, PublicationQuery, PublicationShown, PublicationTextState, PublicationWithdrawal,
};
use chengxin_core::Say;
use jiff::civil::Date;
use serde::Deserialize;

use crate::api::{PUBLICATION_PURPOSE, published};
use crate::form::{Frame, Wish, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;

/// Entries on one page.
pub(crate) const PAGE: usize = 20;

/// What follows the question mark. Empty is left out: a form sends all its fields.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    item: String,
    #[serde(default)]
    authority: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    pub(crate) fn query(&self) -> PublicationQuery {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let (item, authority, after) = (given(&self.item), given(&self.authority), given(&self.after));
        PublicationQuery { item, authority, after, limit: PAGE, withdrawn: false }
    }
}

/// Address of the next part of a list: of what was asked, only what the list itself knows goes into it.
pub(crate) fn next(f: &Frame, path: &str, list: &PublicationList) -> Option<String> {
    let item = list.items.iter().find(|item| item.chosen).map(|item| ("item", item.code.as_str()));
    let office = list.authorities.iter().find(|office| office.chosen).map(|office| ("authority", office.code.as_str()));
    let after = ("after", list.next.as_deref()?);
    Some(f.with_all(path, item.into_iter().chain(office).chain([after])))
}

#[derive(Template)]
#[template(path = "publications.html")]
struct List {
    f: Frame,
    list: PublicationList,
}

impl List {
    fn next(&self) -> Option<String> {
        next(&self.f, "/publications", &self.list)
    }

    fn day(day: &Option<Date>) -> String {
        day.map(|day| day.to_string()).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "publication.html")]
struct Shown {
    f: Frame,
    entry: PublicationEntry,
}

impl Shown {
    fn awaits(&self) -> bool {
        self.entry.line.text == PublicationTextState::Awaits
    }
}

#[derive(Template)]
#[template(path = "publication_gone.html")]
struct Gone {
    f: Frame,
    why: Say,
    withdrawal: Option<PublicationWithdrawal>,
}

/// The newest decisions of an item.
pub(crate) async fn list(
    State(shared): State<Shared>,
    wish: Wish,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let query = asked.query();
    let list = shared.read_public(PUBLICATION_PURPOSE, move |reading, caller| reading.publication_list(caller, &query));
    Ok(html(StatusCode::OK, &List { list: list.await?, f: Frame::new(&shared, &wish) }))
}

/// One entry; 410 with the reason once it is over.
pub(crate) async fn show(
    State(shared): State<Shared>,
    wish: Wish,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let f = Frame::new(&shared, &wish).below("/publications", "nav-publications");
    let shown = published(&shared, code).await?;
    let why = shown.gone().unwrap_or_default();
    let withdrawal = match shown {
        PublicationShown::Entry(entry) => return Ok(html(StatusCode::OK, &Shown { f, entry: *entry })),
        PublicationShown::Withdrawn(withdrawal) => Some(*withdrawal),
        PublicationShown::Paused | PublicationShown::Ended => None,
    };
    Ok(keep(html(StatusCode::GONE, &Gone { f, why, withdrawal })))
}
