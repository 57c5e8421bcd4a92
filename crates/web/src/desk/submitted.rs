//! One submission: what came of it, which rows were refused and are held, what was done with it, and what may still be done.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chengxin_app::submission::{SubmissionView, state_of};
use chengxin_core::Role;
use chengxin_core::operation::operation;
use serde::Deserialize;

use super::submission::{PURPOSE, stated};
use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::quality::fault_words;
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// Behind which rows its lists begin.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Behind {
    #[serde(default)]
    refused: i64,
    #[serde(default)]
    held: i64,
}

/// What whoever looks may do with it.
#[derive(Debug, Clone, Copy)]
struct May {
    release: bool,
    recall: bool,
    abandon: bool,
    /// Take the refused rows away.
    download: bool,
    /// Open held rows.
    held: bool,
}

#[derive(Template)]
#[template(path = "desk/submission.html")]
struct Shown {
    f: Frame,
    it: SubmissionView,
    code: &'static str,
    may: May,
    typed: Typed,
    faults: Faults,
}

impl Shown {
    fn state(&self) -> (&'static str, String) {
        stated(&self.f, &self.it.row)
    }

    fn at(&self, step: &str) -> String {
        self.f.act(&format!("/desk/submissions/{}/{step}", self.it.row.id))
    }

    /// Its page with a list that goes on behind a row.
    fn behind(&self, list: &str, row: &i64) -> String {
        self.f.with(&format!("/desk/submissions/{}", self.it.row.id), list, row)
    }

    fn fault(&self, code: &str) -> String {
        self.f.say(&fault_words(code))
    }

    /// What the column of a field is called: its label, and the heading that stands over it in the file.
    fn column(&self, field: &str) -> String {
        let columns = self.it.quality.as_ref().map_or(&[][..], |report| &report.columns);
        let Some(column) = columns.iter().find(|column| column.field.as_deref() == Some(field)) else {
            return if field.is_empty() { self.f.m("submission-whole-row") } else { field.to_owned() };
        };
        let label = column.label.as_ref().map_or_else(String::new, |label| self.f.say(label));
        if column.heading.is_empty() || column.heading == label {
            label
        } else {
            format!("{label} ({})", column.heading)
        }
    }
}

pub(super) async fn shown(
    shared: &Shared,
    visit: &Visit,
    id: i64,
    behind: &Behind,
    typed: Typed,
    faults: Faults,
) -> Result<Response, Problem> {
    let (refused, held) = (behind.refused.max(0), behind.held.max(0));
    let found = shared.act(visit.duty(PURPOSE), "submission_list", move |installation, caller, who| {
        let it = installation.submission_show(caller, id, refused, held)?;
        let (code, _) = state_of(&it.row);
        let of = it.row.authority.as_str();
        let has = |role: &Role| who.holds(*role, Some(of)) || who.holds(*role, None);
        let may = |name| operation(name).is_some_and(|operation| operation.roles.iter().any(has));
        let waits = code == "awaiting_release";
        let may = May {
            // Whoever sent it is not its second officer.
            release: waits && may("submission_release") && it.row.sent_by != caller.actor,
            recall: waits && may("submission_recall"),
            abandon: code == "open" && may("submission_abandon"),
            download: it.own && may("submission_import"),
            held: may("held_show"),
        };
        Ok((it, code, may))
    });
    let (it, code, may) = found.await?;
    let f = if it.own {
        visit.desk(shared).below("/desk/submissions", "desk-submissions")
    } else {
        visit.office(shared).below("/office/submissions", "office-submissions")
    };
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Shown { f, it, code, may, typed, faults })))
}

/// One submission.
pub(super) async fn show(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<i64>,
    Query(behind): Query<Behind>,
) -> Result<Response, Problem> {
    shown(&shared, &visit, id, &behind, Typed::default(), Faults::default()).await
}

/// Its refused rows as a workbook, with their reasons and, for 30 days, what stood in them; that is logged.
pub(super) async fn refused(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let book = shared.act(visit.duty(PURPOSE), "submission_import", move |installation, caller, _| {
        installation.submission_refused_workbook(caller, id)
    });
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"refused-rows.xlsx\""),
    ];
    Ok((headers, book.await?).into_response())
}
