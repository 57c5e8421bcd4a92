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

    /// The kinds of records that a line touched, each once, with how many.
    fn touched(&self, line: &Line) -> Vec<String> {
        let mut kinds: Vec<(String, usize)> = Vec::new();
        for touched in &line.records {
            let name = self.f.say(&touched.item_name);
            match kinds.iter_mut().find(|(kind, _)| *kind == name) {
                Some((_, count)) => *count += 1,
                None => kinds.push((name, 1)),
            }
        }
        let one = |(kind, count): (String, usize)| if count > 1 { format!("{kind} × {count}") } else { kind };
        kinds.into_iter().map(one).collect()
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
    let read = shared.log_lines(visit.own());
    Ok(html(StatusCode::OK, &Log { f: visit.me(&shared), lines: read.await?, part: part.max(1) }))
}
