//! Authorities that may send.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::authority::AuthorityRow;

use crate::form::{Frame, html};
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "desk/authorities.html")]
struct List {
    f: Frame,
    rows: Vec<AuthorityRow>,
}

/// All of them.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let rows = shared.act(visit.duty("单位管理"), "authority_list", |installation, caller, _| {
        installation.authority_list(caller)
    });
    Ok(html(StatusCode::OK, &List { f: visit.desk(&shared), rows: rows.await? }))
}
