//! How the installation fares.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::operations::InstallationView;

use super::PURPOSE;
use crate::form::{Frame, html};
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "office/operations.html")]
struct Operations {
    f: Frame,
    of: InstallationView,
}

/// Versions, queues, the log, when it was checked and saved last.
pub(super) async fn show(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let of = shared.act(visit.duty(PURPOSE), "installation_show", |installation, caller, _| {
        installation.installation_show(caller)
    });
    Ok(html(StatusCode::OK, &Operations { f: visit.office(&shared), of: of.await? }))
}
