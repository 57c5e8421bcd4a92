//! Submissions of every authority, the newest first, page by page: how far each has come, and nothing of what is in it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::submission::SubmissionRow;
use chengxin_core::Say;

use super::PURPOSE;
use crate::desk::stated;
use crate::form::{Frame, html};
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;

/// Lines of a page.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "office/submissions.html")]
struct List {
    f: Frame,
    /// Each with the names of its authority and its item.
    rows: Vec<(SubmissionRow, Say, Say)>,
    /// From where older ones go on.
    older: Option<i64>,
}

impl List {
    fn state(&self, row: &SubmissionRow) -> (&'static str, String) {
        stated(&self.f, row)
    }
}

async fn listed(shared: &Shared, visit: &Visit, before: Option<i64>) -> Result<Response, Problem> {
    let rows = shared.act(visit.duty(PURPOSE), "submission_list", move |installation, caller, _| {
        let rows = installation.submission_page(caller, before, PAGE)?;
        let named = |row: SubmissionRow| {
            let (authority, item) =
                (installation.authority_called(&row.authority)?, installation.item_called(&row.item));
            Ok((row, authority, item))
        };
        rows.into_iter().map(named).collect::<Result<Vec<_>, chengxin_app::AppError>>()
    });
    let rows = rows.await?;
    // Numbers count from 1 without a gap: where the last on the page is not the first of all, there are older ones.
    let older = rows.last().map(|(row, ..)| row.id).filter(|id| *id > 1);
    let f = visit.office(shared);
    let f = if before.is_some() { f.below("/office/submissions", "office-submissions") } else { f };
    Ok(html(StatusCode::OK, &List { f, rows, older }))
}

/// The newest.
pub(super) async fn newest(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    listed(&shared, &visit, None).await
}

/// Older ones.
pub(super) async fn before(
    State(shared): State<Shared>,
    visit: Visit,
    Path(number): Path<i64>,
) -> Result<Response, Problem> {
    listed(&shared, &visit, Some(number)).await
}
