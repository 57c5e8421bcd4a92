//! Everything held about whoever asks, in plain words.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::record::{HeldRecord, RecordList};
use chengxin_core::dates::shanghai_date;
use chengxin_core::record::State as Held;

use super::log::Part;
use crate::api::held_about;
use crate::form::{Frame, html, near};
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;

/// Records on one page.
const MANY: usize = 50;

#[derive(Template)]
#[template(path = "me/records.html")]
struct Records {
    f: Frame,
    list: Option<RecordList>,
    part: usize,
}

impl Records {
    fn records(&self) -> &[HeldRecord] {
        self.list.as_ref().map_or(&[], |list| &list.records)
    }

    fn shown(&self) -> &[HeldRecord] {
        self.records().chunks(MANY).nth(self.part - 1).unwrap_or_default()
    }

    fn parts(&self) -> usize {
        self.records().len().div_ceil(MANY)
    }

    /// Parts to which the page leads.
    fn near(&self) -> Vec<usize> {
        near(self.part, self.parts())
    }

    /// Address of another part.
    fn to_part(&self, part: &usize) -> String {
        self.f.with("/me/records", "part", part)
    }

    /// How a record stands today: the look of it, and the key of the words.
    fn standing(&self, record: &HeldRecord) -> (&'static str, &'static str) {
        let today = shanghai_date(self.list.as_ref().map_or(0, |list| list.at_us));
        match record.state {
            Held::Withdrawn => ("plain", "record-withdrawn"),
            Held::Repaired => ("plain", "record-repaired"),
            Held::Erased => ("plain", "record-erased"),
            Held::Active if record.display_from.is_some_and(|from| from > today) => ("info", "record-not-yet"),
            Held::Active if record.display_until.is_some_and(|until| until <= today) => ("plain", "record-over"),
            Held::Active => ("info", "record-in-force"),
        }
    }

    /// Until when it is shown, in a sentence.
    fn horizon(&self, record: &HeldRecord) -> String {
        match (record.state, record.display_until) {
            (Held::Active, Some(until)) => self.f.m1("record-until", "day", until),
            (Held::Active, None) => self.f.m("record-no-end"),
            (Held::Withdrawn | Held::Repaired | Held::Erased, _) => self.f.m("record-not-shown"),
        }
    }
}

/// Everything.
pub(super) async fn list(
    State(shared): State<Shared>,
    visit: Visit,
    Query(Part { part }): Query<Part>,
) -> Result<Response, Problem> {
    let list = match held_about(&shared, visit.own()).await {
        Ok(list) => Some(list),
        // That nothing is held is an answer, and a good one.
        Err(problem) if problem.status == StatusCode::NOT_FOUND => None,
        Err(problem) => return Err(problem),
    };
    Ok(html(StatusCode::OK, &Records { f: visit.me(&shared), list, part: part.max(1) }))
}
