//! The pages of the credit office: what waits and what is late, complaints, submissions of every authority, statistics, changes of the catalogue, how
//! the installation fares. It coordinates, and reads no record.

mod catalogue;
mod complaint;
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
use chengxin_core::Role;
use chengxin_core::operation::operation;

use crate::form::{Frame, html};
use crate::problem::{Problem, keep, of};
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
        .route("/office/leak", get(leak))
}

/// What can be done here: path, text, what it is for, and the operation that says who may.
const WORK: [(&str, &str, &str, &str); 9] = [
    ("/office/overdue", "office-overdue", "office-overdue-about", "complaint_work"),
    ("/office/complaints", "office-complaints", "office-complaints-about", "complaint_work"),
    ("/office/submissions", "office-submissions", "office-submissions-about", "submission_list"),
    ("/office/statistics", "office-statistics", "office-statistics-about", "statistics_show"),
    ("/office/catalogue", "office-catalogue", "office-catalogue-about", "catalogue_history"),
    ("/office/operations", "office-operations", "office-operations-about", "installation_show"),
    ("/office/leak", "office-leak", "office-leak-about", "leak_list"),
    ("/desk/authorities", "desk-authorities", "desk-authorities-about", "authority_list"),
    ("/desk/accounts", "desk-accounts", "desk-accounts-about", "account_list"),
];

/// Does one of these roles give an operation?
fn may(roles: &[Role], name: &str) -> bool {
    operation(name).is_some_and(|o| o.roles.iter().any(|role| roles.contains(role)))
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
    roles: Vec<Role>,
    waiting: Option<Waiting>,
}

impl Overview {
    fn work(&self) -> Vec<(String, String, String)> {
        let work = WORK.into_iter().filter(|(_, _, _, name)| may(&self.roles, name));
        work.map(|(path, key, about, _)| (self.f.to(path), self.f.m(key), self.f.m(about))).collect()
    }
}

async fn roles_of(shared: &Shared, visit: &Visit) -> Result<Vec<Role>, Problem> {
    let seen = shared.act(visit.own(), "session_list", |_, _, who| Ok(who.rights.clone()));
    Ok(seen.await?.into_iter().map(|right| right.role).collect())
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
    let roles = roles_of(&shared, &visit).await?;
    let waiting = if roles.contains(&Role::CreditOffice) { Some(waiting(&shared, &visit).await?) } else { None };
    Ok(keep(html(StatusCode::OK, &Overview { f: visit.office(&shared), roles, waiting })))
}

#[derive(Template)]
#[template(path = "office/leak.html")]
struct Leak {
    f: Frame,
}

/// What to do after a leak. The search itself is done at the console: it walks everybody's log, and no page does.
async fn leak(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    if !may(&roles_of(&shared, &visit).await?, "leak_list") {
        return Err(of(StatusCode::FORBIDDEN));
    }
    Ok(html(StatusCode::OK, &Leak { f: visit.office(&shared) }))
}
