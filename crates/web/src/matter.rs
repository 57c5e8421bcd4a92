//! Matters of windows, for everybody to read: who asks what, on which clause, and what it would mean.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::matter::MatterView;
use chengxin_core::Say;
use chengxin_core::catalogue::matter::MatterGround;

use crate::form::{Frame, Wish, html};
use crate::problem::Problem;
use crate::state::Shared;

const PURPOSE: &str = "查阅规则";

#[derive(Template)]
#[template(path = "matters.html")]
struct List {
    f: Frame,
    matters: Vec<MatterView>,
}

#[derive(Template)]
#[template(path = "matter.html")]
struct Shown {
    f: Frame,
    matter: MatterView,
    offices: Vec<(String, Say)>,
}

impl Shown {
    fn on_consent(&self) -> bool {
        self.matter.ground == MatterGround::Consent
    }
}

/// Every matter in force.
pub(crate) async fn list(State(shared): State<Shared>, wish: Wish) -> Result<Response, Problem> {
    let matters = shared.read_public(PURPOSE, |reading, caller| reading.matter_list(caller)).await?;
    Ok(html(StatusCode::OK, &List { f: Frame::new(&shared, &wish), matters }))
}

/// One matter.
pub(crate) async fn show(
    State(shared): State<Shared>,
    wish: Wish,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let read = shared.read_public(PURPOSE, move |reading, caller| {
        Ok((reading.matter_show(caller, &code)?, reading.matter_offices(caller, &code)?))
    });
    let (matter, offices) = read.await?;
    let f = Frame::new(&shared, &wish).below("/matters", "nav-matters");
    Ok(html(StatusCode::OK, &Shown { f, matter, offices }))
}
