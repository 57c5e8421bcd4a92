//! What is late, of every authority: proceedings and complaints whose last day has passed. Nobody's name is on it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::complaint::ComplaintLine;
use chengxin_app::proceeding::WorkLine;

use super::PURPOSE;
use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "office/overdue.html")]
struct Overdue {
    f: Frame,
    proceedings: Vec<WorkLine>,
    complaints: Vec<ComplaintLine>,
}

/// All of it, what was due first.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let proceedings = shared
        .act(visit.duty(PURPOSE), "proceeding_work", |installation, caller, _| installation.proceeding_work(caller));
    let mut proceedings = proceedings.await?;
    proceedings.retain(|line| line.overdue);
    let complaints = shared
        .act(visit.duty(PURPOSE), "complaint_work", |installation, caller, _| installation.complaint_work(caller));
    let mut complaints = complaints.await?;
    complaints.retain(|line| line.overdue);
    Ok(keep(html(StatusCode::OK, &Overdue { f: visit.office(&shared), proceedings, complaints })))
}
