//! The pages of the credit office: what waits and what is late, complaints, submissions of every authority, statistics, changes of the catalogue, how
//! the installation fares. It coordinates, and reads no record.

mod catalogue;
mod complaint;
mod contact;
mod operations;
mod overdue;
pub(crate) mod statistics;
mod submission;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use chengxin_app::submission::state_of;

use crate::form::{Area, Frame, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::visit::Visit;

/// What the office's pages are read for.
const PURPOSE: &str = "信用主管部门督促办理";
/// Newest submissions among which those that wait for release are counted.
const AMONG: i64 = 200;

/// The routes.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/office", get(overview))
        .route("/office/overdue", get(overdue::list))
        .route("/office/complaints", get(complaint::list))
        .route("/office/complaints/{number}", get(complaint::show))
        .route("/office/complaints/{number}/answers", post(complaint::answer))
        .route("/office/complaints/{number}/comments", post(complaint::comment))
        .route("/office/submissions", get(submission::newest))
        .route("/office/submissions/before/{number}", get(submission::before))
        .route("/office/statistics", get(statistics::last))
        .route("/office/statistics/{month}", get(statistics::of_month))
        .route("/office/statistics/{month}/{table}/{format}", get(statistics::export))
        .route("/office/catalogue", get(catalogue::history))
        .route("/office/operations", get(operations::show))
        .route("/office/contact", get(contact::ask).post(contact::set))
        .route("/office/leak", get(leak))
}

/// What waits, in numbers of work.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    complaints: usize,
    complaints_late: usize,
    proceedings: usize,
    proceedings_late: usize,
    unreleased: usize,
}

#[derive(Template)]
#[template(path = "office/overview.html")]
struct Overview {
    f: Frame,
    waiting: Option<Waiting>,
}

async fn waiting(shared: &Shared, visit: &Visit) -> Result<Waiting, Problem> {
    let complaints = shared
        .act(visit.duty(PURPOSE), "complaint_work", |installation, caller, _| installation.complaint_work(caller))
        .await?;
    let proceedings = shared
        .act(visit.duty(PURPOSE), "proceeding_work", |installation, caller, _| installation.proceeding_work(caller))
        .await?;
    let sent = shared.act(visit.duty(PURPOSE), "submission_list", |installation, caller, _| {
        installation.submission_page(caller, None, AMONG)
    });
    Ok(Waiting {
        complaints: complaints.len(),
        complaints_late: complaints.iter().filter(|line| line.overdue).count(),
        proceedings: proceedings.len(),
        proceedings_late: proceedings.iter().filter(|line| line.overdue).count(),
        unreleased: sent.await?.iter().filter(|row| state_of(row).0 == "awaiting_release").count(),
    })
}

/// What waits, what is late, and what can be done here.
async fn overview(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    shared.act(visit.oneself(), "session_list", |_, _, _| Ok(())).await?;
    let f = visit.office(&shared);
    let read = ["complaint_work", "proceeding_work", "submission_list", "statistics_show"];
    let waiting = if read.into_iter().all(|name| f.may(name)) { Some(waiting(&shared, &visit).await?) } else { None };
    Ok(keep(html(StatusCode::OK, &Overview { f, waiting })))
}

#[derive(Template)]
#[template(path = "office/leak.html")]
struct Leak {
    f: Frame,
}

/// What to do after a leak. The search itself is done at the console: it walks everybody's log, and no page does.
async fn leak(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    shared.act(visit.duty(PURPOSE), "leak_list", |_, _, _| Ok(())).await?;
    Ok(html(StatusCode::OK, &Leak { f: visit.office(&shared) }))
}
