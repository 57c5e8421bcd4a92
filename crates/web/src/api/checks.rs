//! The check at the window, and what came of it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::check::{CheckRequest, Checked, Outcome, OutcomeNotice, OutcomeRequest};
use chengxin_core::{Caller, Ground};
use serde::Deserialize;
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, DocumentBody, InPath, json};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// What a clerk asks.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CheckBody {
    /// Code of the matter.
    matter: String,
    /// The applicant's document.
    document: DocumentBody,
    /// The applicant's name, as on the document.
    name: String,
    /// Number of the application.
    case_number: String,
    /// In a matter that is asked on consent: the receipt's number or the one-time code that the applicant shows.
    consent: Option<String>,
}

/// The caller, asking on what the applicant shows. It is put in only here, behind the right, so that no refusal logs a code.
fn on_consent(caller: Caller, shown: Option<String>) -> Caller {
    let ground = shown.map_or(caller.ground, Ground::Consent);
    Caller { ground, ..caller }
}

/// Ask for the answer to one matter about one applicant.
#[utoipa::path(post, path = "/checks", operation_id = "check_answer", tag = "checks",
    request_body = CheckBody, responses((status = 201, body = Checked), Refusals))]
pub(crate) async fn check_answer(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<CheckBody>,
) -> Result<Response, Problem> {
    let (kind, number) = body.document.read()?;
    let CheckBody { matter, name, case_number, consent, .. } = body;
    let request = CheckRequest { matter, kind, number, name, case_number };
    let checked = answered(&shared, asker, request, consent).await?;
    Ok((StatusCode::CREATED, json(checked)).into_response())
}

/// The answer to one matter about one applicant, its entry durable before it is told; on what the applicant shows, where they show something.
pub(crate) async fn answered(
    shared: &Shared,
    asker: Asker,
    request: CheckRequest,
    consent: Option<String>,
) -> Result<Checked, Problem> {
    let (again, shown) = (request.clone(), consent.clone());
    let answered = shared.disclose_as(
        asker,
        "check_answer",
        move |reading, caller, _| {
            let caller = on_consent(reading.for_matter(caller, &request.matter), consent);
            reading.check_answer(&caller, &request)
        },
        move |installation, caller, _| {
            let caller = on_consent(installation.for_matter(caller, &again.matter), shown);
            installation.check_answer(&caller, &again)
        },
    );
    answered.await
}

/// What came of a matter.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OutcomeBody {
    /// The applicant's document: a check's number leads to nobody.
    document: DocumentBody,
    /// What came of it.
    outcome: Outcome,
    /// Why, in the clerk's words.
    reason: String,
    /// Records on which a refusal rests; none where it rests on something else.
    #[serde(default)]
    rests_on: Vec<String>,
}

/// Record what came of a matter, with a reason. Where it is adverse and rests on records, the notice to the person comes back.
#[utoipa::path(post, path = "/checks/{check}/outcomes", operation_id = "check_outcome", tag = "checks",
    params(("check" = String, Path, description = "number of the check")),
    request_body = OutcomeBody, responses((status = 201, body = Option<OutcomeNotice>), Refusals))]
pub(crate) async fn check_outcome(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(check): InPath<String>,
    Body(body): Body<OutcomeBody>,
) -> Result<Response, Problem> {
    let (kind, number) = body.document.read()?;
    let OutcomeBody { outcome, reason, rests_on, .. } = body;
    let request = OutcomeRequest { kind, number, check, outcome, reason, rests_on };
    let recorded =
        shared.act(asker, "check_outcome", move |installation, caller, _| installation.check_outcome(caller, &request));
    Ok((StatusCode::CREATED, json(recorded.await?)).into_response())
}
