//! What may be recorded, item by item, for everybody to read.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::catalogue::ItemLine;
use chengxin_core::catalogue::ShowSection;

use crate::form::{Frame, Wish, html};
use crate::problem::Problem;
use crate::state::Shared;

const PURPOSE: &str = "查阅规则";

#[derive(Template)]
#[template(path = "catalogue.html")]
struct List {
    f: Frame,
    classes: Vec<(String, Vec<ItemLine>)>,
    count: usize,
}

#[derive(Template)]
#[template(path = "catalogue_item.html")]
struct Item {
    f: Frame,
    line: ItemLine,
    sections: Vec<ShowSection>,
}

/// Items under the classes of the national catalogue, in the order of the catalogue.
fn by_class(lines: Vec<ItemLine>) -> Vec<(String, Vec<ItemLine>)> {
    let mut classes: Vec<(String, Vec<ItemLine>)> = Vec::new();
    for line in lines {
        match classes.iter_mut().find(|(class, _)| *class == line.class) {
            Some((_, lines)) => lines.push(line),
            None => classes.push((line.class.clone(), vec![line])),
        }
    }
    classes
}

/// Every item.
pub(crate) async fn list(State(shared): State<Shared>, wish: Wish) -> Result<Response, Problem> {
    let lines = shared.read_public(PURPOSE, |reading, caller| reading.item_list(caller)).await?;
    let (count, classes) = (lines.len(), by_class(lines));
    Ok(html(StatusCode::OK, &List { f: Frame::new(&shared, &wish), classes, count }))
}

/// One item.
pub(crate) async fn item(
    State(shared): State<Shared>,
    wish: Wish,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let read = shared.read_public(PURPOSE, move |reading, caller| {
        let sections = reading.catalogue_show(caller, Some(&code))?;
        let line = reading.item_list(caller)?.into_iter().find(|line| line.code == code);
        Ok(line.map(|line| (line, sections)))
    });
    let (line, sections) = read.await?.ok_or_else(|| crate::problem::of(StatusCode::NOT_FOUND))?;
    let f = Frame::new(&shared, &wish).below("/catalogue", "nav-catalogue");
    Ok(html(StatusCode::OK, &Item { f, line, sections }))
}
