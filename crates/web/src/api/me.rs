//! What somebody reads and does about themself, or about the one for whom they act on a mandate. No number is sent: it is that to which a window
//! bound the account, or that of the mandate.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::Installation;
use chengxin_app::check::CheckLine;
use chengxin_app::log::Line;
use chengxin_app::reading::Reading;
use chengxin_app::record::{Horizon, RecordList};
use chengxin_app::report::ReportRequest;
use chengxin_core::check::CheckAnswer;
use chengxin_core::{Lang, Say};
use data_encoding::BASE64;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, InPath, InQuery, Page, Paging, json};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// Everything held about oneself.
#[utoipa::path(get, path = "/me/records", operation_id = "record_list", tag = "me",
    responses((status = 200, body = RecordList), Refusals))]
pub(crate) async fn record_list(State(shared): State<Shared>, asker: Asker) -> Result<Response, Problem> {
    held_about(&shared, asker).await.map(json)
}

/// Everything held about whoever asks, its entry durable before it is told.
pub(crate) async fn held_about(shared: &Shared, asker: Asker) -> Result<RecordList, Problem> {
    let listed = shared.disclose_as(
        asker,
        "record_list",
        |reading, caller, who| {
            let Some((kind, number)) = reading.own_document(&caller, who)? else { return Ok(None) };
            reading.record_list(&caller, kind, &number).map(Some)
        },
        |installation, caller, who| {
            let (kind, number) = installation.own_document(&caller, "record_list", who)?;
            installation.record_list(&caller, kind, &number)
        },
    );
    listed.await
}

/// What lies ahead of one of one's records: when it stops showing, how it is repaired, what it means to windows today, who has seen it.
#[utoipa::path(get, path = "/me/records/{record}/horizon", operation_id = "record_horizon", tag = "me",
    params(("record" = String, Path, description = "id of the record, 32 hexadecimal digits")),
    responses((status = 200, body = Horizon), Refusals))]
pub(crate) async fn record_horizon(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(record): InPath<String>,
) -> Result<Response, Problem> {
    ahead_of(&shared, asker, &record).await.map(json)
}

/// What lies ahead of a record of whoever asks, its entry durable before it is told.
pub(crate) async fn ahead_of(shared: &Shared, asker: Asker, record: &str) -> Result<Horizon, Problem> {
    let record = super::objections::record(record)?;
    let found = shared.disclose_as(
        asker,
        "record_horizon",
        move |reading, caller, who| {
            let Some((kind, number)) = reading.own_document(&caller, who)? else { return Ok(None) };
            reading.record_horizon(&caller, (kind, &number), &record).map(Some)
        },
        move |installation, caller, who| {
            let (kind, number) = installation.own_document(&caller, "record_horizon", who)?;
            installation.record_horizon(&caller, (kind, &number), &record)
        },
    );
    found.await
}

/// Delete a record that rests on nothing but one's own wish, at once and for good.
#[utoipa::path(delete, path = "/me/records/{record}", operation_id = "record_delete", tag = "me",
    params(("record" = String, Path, description = "id of the record, 32 hexadecimal digits")),
    responses((status = 204), Refusals))]
pub(crate) async fn record_delete(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(record): InPath<String>,
) -> Result<StatusCode, Problem> {
    let record = super::objections::record(&record)?;
    let deleted = shared.act_own(asker, "record_delete", move |installation, caller, (kind, number)| {
        installation.record_delete(caller, (kind, &number), &record)
    });
    deleted.await.map(|()| StatusCode::NO_CONTENT)
}

/// A part of what the log says about oneself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogBody {
    /// When it was read, microseconds UTC.
    at_us: i64,
    /// What is wrong with the log; absent while every line is there as it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<Say>,
    /// Said to everybody alike: that a law may order an act to be kept from a person for a time.
    sealed: Say,
    /// On a mandate that does not cover all: that lines beyond it are not here, whether or not there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<Say>,
    /// Newest first.
    #[serde(flatten)]
    lines: Page<Line>,
}

/// Everybody who looked, and everything that was done, newest first.
#[utoipa::path(get, path = "/me/log", operation_id = "log_lines", tag = "me", params(Paging),
    responses((status = 200, body = LogBody), Refusals))]
pub(crate) async fn log_lines(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let read = shared.log_lines(asker);
    let lines = read.await?;
    let key =
        |line: &Line| format!("{:?} {:?} {:?} {} {}", line.chain, line.number, line.anchor, line.at_us, line.operation);
    let (at_us, broken, sealed, part) = (lines.at_us, lines.broken, lines.sealed, lines.part);
    Ok(json(LogBody { at_us, broken, sealed, part, lines: Page::of(lines.lines, &paging, key)? }))
}

/// Every check about oneself, with the slip and what came of it.
#[utoipa::path(get, path = "/me/checks", operation_id = "check_slip", tag = "me", params(Paging),
    responses((status = 200, body = Page<CheckLine>), Refusals))]
pub(crate) async fn check_slip(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let slips = slips_of(&shared, asker).await?;
    Ok(json(Page::of(slips, &paging, |line: &CheckLine| line.number.clone())?))
}

/// Every check about whoever asks.
pub(crate) async fn slips_of(shared: &Shared, asker: Asker) -> Result<Vec<CheckLine>, Problem> {
    shared.disclose_own(asker, "check_slip", Reading::check_slip, Installation::check_slip).await
}

/// What a window would be told about oneself in a matter.
#[utoipa::path(get, path = "/me/previews/{matter}", operation_id = "check_preview", tag = "me",
    params(("matter" = String, Path, description = "code of the matter", example = "food-business-permit")),
    responses((status = 200, body = CheckAnswer), Refusals))]
pub(crate) async fn check_preview(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(matter): InPath<String>,
) -> Result<Response, Problem> {
    let again = matter.clone();
    let shown = shared.disclose_as(
        asker,
        "check_preview",
        move |reading, caller, who| {
            let Some((kind, number)) = reading.own_document(&caller, who)? else { return Ok(None) };
            reading.check_preview(&caller, &matter, kind, &number)
        },
        move |installation, caller, who| {
            let (kind, number) = installation.own_document(&caller, "check_preview", who)?;
            installation.check_preview(&caller, &again, kind, &number)
        },
    );
    shown.await.map(json)
}

/// What a report is to contain.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ReportBody {
    /// For whom it is; oneself, where it is left out.
    recipient: Option<String>,
    /// Fields of life; all, where none is named.
    #[serde(default)]
    domains: Vec<String>,
    /// First day of decision.
    from: Option<Date>,
    /// Last day of decision.
    to: Option<Date>,
    /// Chinese, or Chinese with English.
    #[serde(default)]
    lang: Lang,
}

/// A report; its codes are shown here and stored nowhere.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssuedBody {
    /// Report number.
    number: String,
    /// Verification code, as printed.
    verification_code: String,
    /// Extract code, as printed.
    extract_code: String,
    /// Address behind the QR code.
    verify_url: String,
    /// The signed content: JSON of a signed envelope.
    json: String,
    /// The PDF, base 64.
    pdf: String,
    /// SHA-256 of the PDF, hexadecimal.
    pdf_hash: String,
    /// The detached signature over the PDF: JSON of a signed envelope.
    pdf_signature: String,
}

/// One's own report, as signed JSON and PDF.
#[utoipa::path(post, path = "/me/reports", operation_id = "report_issue", tag = "me",
    request_body = ReportBody, responses((status = 201, body = IssuedBody), Refusals))]
pub(crate) async fn report_issue(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<ReportBody>,
) -> Result<Response, Problem> {
    let issued = shared.act_own_apart(asker, "report_issue", move |installation, caller, (document_kind, number)| {
        let ReportBody { recipient, domains, from, to, lang } = body;
        let recipient = recipient.unwrap_or_else(|| "本人".to_owned());
        let request = ReportRequest { document_kind, number, name: None, recipient, domains, from, to, lang };
        installation.report_issue(caller, &request)
    });
    let issued = issued.await?;
    let answer = IssuedBody {
        number: issued.number,
        verification_code: issued.verification_code,
        extract_code: issued.extract_code,
        verify_url: issued.verify_url,
        json: issued.json,
        pdf: BASE64.encode(&issued.pdf),
        pdf_hash: issued.pdf_hash,
        pdf_signature: issued.pdf_signature,
    };
    Ok((StatusCode::CREATED, json(answer)).into_response())
}

/// Which report.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WithdrawnBody {
    /// Its verification code, or the address behind its QR code; the credit office may give its number.
    report: String,
}

/// Withdraw a report: from now on its page shows that, and its content to nobody.
#[utoipa::path(post, path = "/reports/withdrawn", operation_id = "report_withdraw", tag = "me",
    request_body = WithdrawnBody, responses((status = 204), Refusals))]
pub(crate) async fn report_withdraw(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<WithdrawnBody>,
) -> Result<StatusCode, Problem> {
    let withdrawn = shared.act(asker, "report_withdraw", move |installation, caller, _| {
        installation.report_withdraw(caller, &body.report)
    });
    withdrawn.await.map(|()| StatusCode::NO_CONTENT)
}
