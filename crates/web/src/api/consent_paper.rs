//! Paper that somebody signed at a desk: for one check, or for one report.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::AppError;
use chengxin_app::consent::{PaperConsent, PaperFor};
use serde::Deserialize;
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, DocumentBody, json};
use super::consents::GrantedBody;
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// A report that somebody consented to on paper.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PaperReportBody {
    /// For what it is.
    purpose: String,
    /// Which classes of items it shows.
    classes: Vec<String>,
    /// Who is to receive it.
    recipient: String,
}

/// Paper that somebody signed at a desk.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PaperBody {
    /// The document that was compared.
    document: DocumentBody,
    /// Code of the matter, for one check.
    matter: Option<String>,
    /// Instead of a matter: one report, as the paper bounds it.
    report: Option<PaperReportBody>,
    /// What was compared in person.
    evidence: String,
    /// Number of the signed paper, by which it is found in the files.
    paper: String,
}

/// Record consent that somebody signed on paper, for one check in a matter at one's own authority, or for one report.
#[utoipa::path(post, path = "/consents", operation_id = "consent_record", tag = "consents",
    request_body = PaperBody, responses((status = 201, body = GrantedBody), Refusals))]
pub(crate) async fn consent_record(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<PaperBody>,
) -> Result<Response, Problem> {
    let (kind, number) = body.document.read()?;
    let PaperBody { matter, report, evidence, paper, .. } = body;
    let what = match (matter, report) {
        (Some(matter), None) => PaperFor::Check(matter),
        (None, Some(PaperReportBody { purpose, classes, recipient })) => {
            PaperFor::Report { purpose, classes, recipient }
        }
        (None, None) | (Some(_), Some(_)) => {
            let both = AppError::invalid("matter 和 report 须写且只写一项", "name either a matter or a report");
            return Err(both.into());
        }
    };
    let recorded = shared.act(asker, "consent_record", move |installation, caller, _| {
        installation.consent_record(caller, &PaperConsent { kind, number, what, evidence, paper })
    });
    Ok((StatusCode::CREATED, json(GrantedBody::from(recorded.await?))).into_response())
}
