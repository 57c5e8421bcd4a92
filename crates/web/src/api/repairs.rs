//! Repairs: what the person does toward one, and what the determining authority decides.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::proceeding::Proceeded;
use chengxin_app::repair::{RepairAnswer, RepairRequest};
use chengxin_core::identity::DocumentKind;
use chengxin_core::repair::RepairStep;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{DocumentBody, InPath, json};
use super::objections::record;
use super::proceedings::{AttachmentBody, For, attachments, handed_in};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// A step toward repair.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RepairBody {
    /// Id of the record, 32 hexadecimal digits.
    record: String,
    /// The step: `perform`, `ask_delay`, `explain`, or `ask` for the request itself.
    step: RepairStep,
    /// In one's own words.
    #[serde(default)]
    text: String,
    /// What is handed in, four at most beside a commitment; with a request, the proof of performance.
    #[serde(default)]
    attachments: Vec<AttachmentBody>,
    /// The commitment letter, with a request.
    #[serde(default)]
    commitment: Option<AttachmentBody>,
    /// Number by which the national platform knows it, where it came in there.
    #[serde(default)]
    national_number: Option<String>,
}

impl RepairBody {
    fn read(self, (kind, number): (DocumentKind, String), evidence: Option<String>) -> Result<RepairRequest, Problem> {
        let record = record(&self.record)?;
        let Self { step, text, national_number, .. } = self;
        let attachments = attachments(self.attachments)?;
        let commitment = self.commitment.map(AttachmentBody::read).transpose()?;
        Ok(RepairRequest { kind, number, record, step, text, attachments, commitment, national_number, evidence })
    }
}

/// A step toward repair of somebody who came to a window.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WindowRepairBody {
    /// The document that was compared in person.
    document: DocumentBody,
    /// What was compared.
    evidence: String,
    /// The step.
    repair: RepairBody,
}

/// Do something toward the repair of a record: perform, ask for more time, explain, or ask for it. Free of charge.
#[utoipa::path(post, path = "/me/repairs", operation_id = "repair_file_own", tag = "me",
    request_body = RepairBody, responses((status = 200, body = Proceeded), Refusals))]
pub(crate) async fn repair_file_own(
    State(shared): State<Shared>,
    asker: Asker,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "repair_file";
    let (body, _place) = handed_in::<RepairBody>(&shared, &asker, NAME, For::Own, request).await?;
    let asked = body.read((DocumentKind::ResidentId, String::new()), None)?;
    let filed = shared.act_own(asker, NAME, move |installation, caller, (kind, number)| {
        installation.repair_file(caller, &RepairRequest { kind, number, ..asked.clone() })
    });
    filed.await.map(json)
}

/// The same for somebody who came to the window, on a document compared in person.
#[utoipa::path(post, path = "/repairs", operation_id = "repair_file", tag = "offices",
    request_body = WindowRepairBody, responses((status = 201, body = Proceeded), Refusals))]
pub(crate) async fn repair_file(
    State(shared): State<Shared>,
    asker: Asker,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "repair_file";
    let (body, _place) = handed_in::<WindowRepairBody>(&shared, &asker, NAME, For::Duty, request).await?;
    let asked = body.repair.read(body.document.read()?, Some(body.evidence))?;
    let filed = shared.act(asker, NAME, move |installation, caller, _| installation.repair_file(caller, &asked));
    filed.await.map(|filed| (StatusCode::CREATED, json(filed)).into_response())
}

/// What the determining authority does about a repair.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RepairAnswerBody {
    /// The step: `accept`, `turn_away`, `answer_delay`, `extend`, `grant` or `refuse`.
    step: RepairStep,
    /// The reason or the answer; the person reads it.
    #[serde(default)]
    text: String,
    /// What goes with it, five at most.
    #[serde(default)]
    attachments: Vec<AttachmentBody>,
    /// Of an extension: the day until which.
    #[serde(default)]
    until: Option<Date>,
}

/// Take a request for repair up or turn it away, extend the time for it, grant or refuse it.
#[utoipa::path(post, path = "/repairs/{number}/answers", operation_id = "repair_decide", tag = "offices",
    params(("number" = String, Path, description = "number of the repair")),
    request_body = RepairAnswerBody, responses((status = 200, body = Proceeded), Refusals))]
pub(crate) async fn repair_decide(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(number): InPath<String>,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "repair_decide";
    let (body, _place) = handed_in::<RepairAnswerBody>(&shared, &asker, NAME, For::Duty, request).await?;
    let RepairAnswerBody { step, text, until, .. } = body;
    let answer = RepairAnswer { number, step, text, attachments: attachments(body.attachments)?, until };
    let done = shared.act(asker, NAME, move |installation, caller, _| installation.repair_decide(caller, &answer));
    done.await.map(json)
}
