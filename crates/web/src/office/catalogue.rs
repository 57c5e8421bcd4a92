//! Changes of the catalogue, and what each did to the records held, as the log tells it. What a change *would* do is asked at the console: it walks
//! every record of the items that change.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::operations::CatalogueChange;

use super::PURPOSE;
use crate::form::{Frame, html};
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "office/catalogue.html")]
struct History {
    f: Frame,
    rows: Vec<CatalogueChange>,
}

/// All of them, the newest first.
pub(super) async fn history(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let rows = shared.act(visit.duty(PURPOSE), "catalogue_history", |installation, caller, _| {
        installation.catalogue_history(caller)
    });
    Ok(html(StatusCode::OK, &History { f: visit.office(&shared), rows: rows.await? }))
}
