//! The page behind the QR code of a decision: outcome, day and authority, for whoever holds the paper.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::proceeding::DecisionStatus;

use crate::form::{Frame, Wish, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;

#[derive(Template)]
#[template(path = "decision.html")]
struct Shown {
    f: Frame,
    status: DecisionStatus,
}

/// What was decided.
pub(crate) async fn show(
    State(shared): State<Shared>,
    wish: Wish,
    Path((number, code)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let read = shared.with(move |installation| {
        let caller = chengxin_core::Caller {
            actor: String::new(),
            role: chengxin_core::Role::Public,
            authority: None,
            purpose: "核对决定书".to_owned(),
            ground: chengxin_core::Ground::OwnRight,
            standing: chengxin_core::Standing::Anonymous,
        };
        installation.decision_verify(&caller, &number, &code)
    });
    let status = read.await.map_err(Problem::from)?;
    Ok(keep(html(StatusCode::OK, &Shown { f: Frame::new(&shared, &wish), status })))
}
