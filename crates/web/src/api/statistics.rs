//! Statistics: tables for the credit office and the auditor, the board for everybody, and how the installation fares.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use chengxin_app::operations::{CatalogueChange, InstallationView};
use chengxin_app::statistics::{Board, ExportFormat, Exported, Statistics};
use chengxin_core::Lang;
use serde::Deserialize;
use utoipa::IntoParams;

use super::asker::Asker;
use super::body::{InPath, InQuery, json, tagged};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// Which month.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OfMonth {
    /// A month that is over: `2026-10`; the last one where it is left out.
    month: Option<String>,
}

/// Which month, as what file, in which language.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AsFile {
    /// A month that is over: `2026-10`; the last one where it is left out.
    month: Option<String>,
    /// What kind of file.
    #[param(inline)]
    format: ExportFormat,
    /// `en` for English headings; Chinese where it is left out.
    lang: Option<String>,
}

/// Every table of a month. No number of fewer than five people is told, nor one from which such a one would follow.
#[utoipa::path(get, path = "/statistics", operation_id = "statistics_show", tag = "offices", params(OfMonth),
    responses((status = 200, body = Statistics), Refusals))]
pub(crate) async fn statistics_show(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(of): InQuery<OfMonth>,
) -> Result<Response, Problem> {
    let shown = shared.act(asker, "statistics_show", move |installation, caller, _| {
        installation.statistics_show(caller, of.month.as_deref())
    });
    shown.await.map(json)
}

/// A file as an answer.
pub(crate) fn file(exported: Exported) -> Response {
    let Exported { name, format, content } = exported;
    let headers = [
        (header::CONTENT_TYPE, format.mime().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, content).into_response()
}

/// One table as a file for a spreadsheet programme.
#[utoipa::path(get, path = "/statistics/{table}", operation_id = "statistics_export", tag = "offices",
    params(("table" = String, Path, description = "code of the table", example = "timeliness"), AsFile),
    responses((status = 200, description = "The file, text/csv or a workbook"), Refusals))]
pub(crate) async fn statistics_export(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(table): InPath<String>,
    InQuery(AsFile { month, format, lang }): InQuery<AsFile>,
) -> Result<Response, Problem> {
    let lang = Lang::from_tag(&lang.unwrap_or_default());
    let exported = shared.act(asker, "statistics_export", move |installation, caller, _| {
        installation.statistics_export(caller, month.as_deref(), &table, format, lang)
    });
    exported.await.map(file)
}

/// How authorities sent in the last month that is over: shares alone, by code, and no rank.
#[utoipa::path(get, path = "/quality", operation_id = "statistics_board", tag = "rules", security(()),
    responses((status = 200, body = Board), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn statistics_board(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    let board = shared.read_public("查阅报送质量", |reading, caller| reading.statistics_board(caller)).await?;
    tagged(&headers, &board)
}

/// Changes of the catalogue and what they did to records held, the newest first.
#[utoipa::path(get, path = "/catalogue-changes", operation_id = "catalogue_history", tag = "offices",
    responses((status = 200, body = Vec<CatalogueChange>), Refusals))]
pub(crate) async fn catalogue_history(State(shared): State<Shared>, asker: Asker) -> Result<Response, Problem> {
    let listed =
        shared.act(asker, "catalogue_history", |installation, caller, _| installation.catalogue_history(caller));
    listed.await.map(json)
}

/// How the installation fares: versions, queues, the log, when it was checked and saved last.
#[utoipa::path(get, path = "/installation", operation_id = "installation_show", tag = "offices",
    responses((status = 200, body = InstallationView), Refusals))]
pub(crate) async fn installation_show(State(shared): State<Shared>, asker: Asker) -> Result<Response, Problem> {
    let shown =
        shared.act(asker, "installation_show", |installation, caller, _| installation.installation_show(caller));
    shown.await.map(json)
}
