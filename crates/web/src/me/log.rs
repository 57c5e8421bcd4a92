//! Who looked, and what was done, newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::log::{Line, Lines};
use serde::Deserialize;

use crate::form::{Frame, html, near};
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;

/// Lines on one page.
const MANY: usize = 30;

#[derive(Template)]
#[template(path = "me/log.html")]
struct Log {
    f: Frame,
    lines: Lines,
    part: usize,
}

impl Log {
    fn shown(&self) -> &[Line] {
        self.lines.lines.chunks(MANY).nth(self.part - 1).unwrap_or_default()
    }

    fn parts(&self) -> usize {
        self.lines.lines.len().div_ceil(MANY)
    }

    /// Where one complains about a line.
    fn complain(&self, line: &Line) -> Option<String> {
        super::complaint::place(line).map(|place| self.f.to(&place))
    }

    /// Parts to which the page leads.
    fn near(&self) -> Vec<usize> {
        near(self.part, self.parts())
    }

    /// Address of another part.
    fn to_part(&self, part: &usize) -> String {
        self.f.with("/me/log", "part", part)
    }
}

#[derive(Deserialize)]
pub(super) struct Part {
    #[serde(default)]
    pub(super) part: usize,
}

/// A part of the lines.
pub(super) async fn lines(
    State(shared): State<Shared>,
    visit: Visit,
    Query(Part { part }): Query<Part>,
) -> Result<Response, Problem> {
    let read = shared.act_own(visit.own(), "log_lines", |installation, caller, (kind, number)| {
        installation.log_lines(caller, kind, &number)
    });
    Ok(html(StatusCode::OK, &Log { f: visit.me(&shared), lines: read.await?, part: part.max(1) }))
}
