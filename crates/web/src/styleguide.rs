//! Everything that pages are put together from, on one page: for whoever builds one, and for tests that look at all of it at once.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::form::{Frame, Wish, html};
use crate::state::Shared;
use crate::typed::{Faults, Typed};

#[derive(Template)]
#[template(path = "styleguide.html")]
struct Styleguide {
    f: Frame,
    typed: Typed,
    faults: Faults,
    none: Faults,
    options: Vec<(&'static str, String)>,
}

pub(crate) async fn show(State(shared): State<Shared>, wish: Wish) -> Response {
    let f = Frame::new(&shared, &wish).below("/", "home-home");
    let mut faults = Faults::default();
    faults.wrong(&f, "sample-day", "fault-day");
    let typed = Typed::with(&[("sample-day", "2026-02-30"), ("sample-choice", "one")]);
    let options = vec![("one", f.m("style-one")), ("two", f.m("style-two"))];
    html(StatusCode::OK, &Styleguide { f, typed, faults, none: Faults::default(), options })
}
