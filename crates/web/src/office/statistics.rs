//! Statistics of a month: tables, a picture of one column of each, and files of the same values.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::statistics::{ExportFormat, Statistics, StatisticsTable};
use chengxin_core::statistics::Month;

use super::PURPOSE;
use crate::api::file;
use crate::chart::Chart;
use crate::form::{Frame, html};
use crate::problem::{Problem, of};
use crate::state::Shared;
use crate::visit::Visit;

/// Months that can be chosen.
const CHOICE: u16 = 12;

/// A table with its picture.
pub(crate) struct Drawn {
    pub(crate) table: StatisticsTable,
    pub(crate) chart: Option<Chart>,
}

impl Drawn {
    pub(crate) fn of(f: &Frame, table: StatisticsTable) -> Self {
        Self { chart: Chart::of(f, &table), table }
    }

    /// Each row: its name, and each figure under the name of its column.
    pub(crate) fn rows(&self, f: &Frame) -> Vec<(String, Vec<(String, String)>)> {
        let rows = self.table.rows.iter().chain(&self.table.sum);
        let cells = |figures: &[chengxin_app::statistics::Figure]| {
            self.table.columns.iter().zip(figures).map(|(column, figure)| (f.say(column), figure.text())).collect()
        };
        rows.map(|row| (f.say(&row.label), cells(&row.figures))).collect()
    }
}

#[derive(Template)]
#[template(path = "office/statistics.html")]
struct Page {
    f: Frame,
    month: Month,
    months: Vec<(Month, bool)>,
    tables: Vec<Drawn>,
}

async fn shown(shared: &Shared, visit: &Visit, month: Option<String>) -> Result<Response, Problem> {
    let whole = month.is_none();
    let read = shared.act(visit.duty(PURPOSE), "statistics_show", move |installation, caller, _| {
        let shown = installation.statistics_show(caller, month.as_deref())?;
        Ok((shown, Month::last_over(installation.today())))
    });
    let (Statistics { month, tables }, last) = read.await?;
    let f = visit.office(shared);
    let f = if whole { f } else { f.below("/office/statistics", "office-statistics") };
    let tables = tables.into_iter().map(|table| Drawn::of(&f, table)).collect();
    let months = (0..CHOICE).map(|back| last.back(back)).map(|of| (of, of == month)).collect();
    Ok(html(StatusCode::OK, &Page { f, month, months, tables }))
}

/// Of the last month that is over.
pub(super) async fn last(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    shown(&shared, &visit, None).await
}

/// Of another.
pub(super) async fn of_month(
    State(shared): State<Shared>,
    visit: Visit,
    Path(month): Path<String>,
) -> Result<Response, Problem> {
    shown(&shared, &visit, Some(month)).await
}

/// One table as a file.
pub(super) async fn export(
    State(shared): State<Shared>,
    visit: Visit,
    Path((month, table, format)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let format = ExportFormat::from_code(&format).ok_or_else(|| of(StatusCode::NOT_FOUND))?;
    let lang = visit.wish.lang;
    let exported = shared.act(visit.duty(PURPOSE), "statistics_export", move |installation, caller, _| {
        installation.statistics_export(caller, Some(&month), &table, format, lang)
    });
    exported.await.map(file)
}
