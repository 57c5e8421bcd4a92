//! Objections, and the statement “this is not me”.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::objection::{ObjectionAnswer, ObjectionRequest};
use chengxin_app::proceeding::Proceeded;
use chengxin_core::Say;
use chengxin_core::identity::DocumentKind;
use chengxin_core::objection::ObjectionStep;
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::record::RecordId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{DocumentBody, InPath, json};
use super::proceedings::{AttachmentBody, For, attachments, handed_in};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// An objection.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ObjectionBody {
    /// Id of the record, 32 hexadecimal digits.
    record: String,
    /// Against what; left out for the statement “this is not me”.
    #[serde(default)]
    aspect: Option<ObjectionAspect>,
    /// The grounds, in one's own words; “this is not me” needs none.
    #[serde(default)]
    grounds: String,
    /// What is handed in, five at most.
    #[serde(default)]
    attachments: Vec<AttachmentBody>,
}

impl ObjectionBody {
    fn read(
        self,
        (kind, number): (DocumentKind, String),
        evidence: Option<String>,
    ) -> Result<ObjectionRequest, Problem> {
        let record = record(&self.record)?;
        let Self { aspect, grounds, .. } = self;
        let attachments = attachments(self.attachments)?;
        Ok(ObjectionRequest { kind, number, record, aspect, grounds, attachments, evidence })
    }
}

/// An objection of somebody who came to a window.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WindowObjectionBody {
    /// The document that was compared in person.
    document: DocumentBody,
    /// What was compared: which document, and that it is the applicant's.
    evidence: String,
    /// The objection.
    objection: ObjectionBody,
}

/// Reads the id of a record.
pub(crate) fn record(text: &str) -> Result<RecordId, Problem> {
    RecordId::from_hex(text.trim()).ok_or_else(|| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            Say::new(
                "记录编号（record）为 32 位十六进制数字",
                "the id of a record (record) is of 32 hexadecimal digits",
            ),
        )
    })
}

/// File an objection, or say “this is not me”. The record is marked, or out of use, from the next read on.
#[utoipa::path(post, path = "/me/objections", operation_id = "objection_file_own", tag = "me",
    request_body = ObjectionBody, responses((status = 201, body = Proceeded), Refusals))]
pub(crate) async fn objection_file_own(
    State(shared): State<Shared>,
    asker: Asker,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "objection_file";
    let (body, _place) = handed_in::<ObjectionBody>(&shared, &asker, NAME, For::Own, request).await?;
    let asked = body.read((DocumentKind::ResidentId, String::new()), None)?;
    let filed = shared.act_own(asker, NAME, move |installation, caller, (kind, number)| {
        installation.objection_file(caller, &ObjectionRequest { kind, number, ..asked.clone() })
    });
    filed.await.map(|filed| (StatusCode::CREATED, json(filed)).into_response())
}

/// File an objection for somebody who came to the window, on a document compared in person.
#[utoipa::path(post, path = "/objections", operation_id = "objection_file", tag = "offices",
    request_body = WindowObjectionBody, responses((status = 201, body = Proceeded), Refusals))]
pub(crate) async fn objection_file(
    State(shared): State<Shared>,
    asker: Asker,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "objection_file";
    let (body, _place) = handed_in::<WindowObjectionBody>(&shared, &asker, NAME, For::Duty, request).await?;
    let asked = body.objection.read(body.document.read()?, Some(body.evidence))?;
    let filed = shared.act(asker, NAME, move |installation, caller, _| installation.objection_file(caller, &asked));
    filed.await.map(|filed| (StatusCode::CREATED, json(filed)).into_response())
}

/// Something more in an objection.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AdditionBody {
    /// Is it the person's own statement, to stand beside the record if it is kept? 500 characters at most.
    #[serde(default)]
    statement: bool,
    /// In one's own words.
    #[serde(default)]
    text: String,
    /// What is handed in, five at most.
    #[serde(default)]
    attachments: Vec<AttachmentBody>,
}

/// Something more, of somebody who came to a window.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WindowAdditionBody {
    /// The document that was compared in person.
    document: DocumentBody,
    /// What was compared.
    evidence: String,
    /// What is added.
    addition: AdditionBody,
}

/// Hand in more in an objection, or put a statement beside the record.
#[utoipa::path(post, path = "/me/objections/{number}/additions", operation_id = "objection_add_own", tag = "me",
    params(("number" = String, Path, description = "number of the objection")),
    request_body = AdditionBody, responses((status = 200, body = Proceeded), Refusals))]
pub(crate) async fn objection_add_own(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(number): InPath<String>,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "objection_add";
    let (body, _place) = handed_in::<AdditionBody>(&shared, &asker, NAME, For::Own, request).await?;
    let files = attachments(body.attachments)?;
    let added = shared.act_own(asker, NAME, move |installation, caller, (kind, document)| {
        let own = (kind, document.as_str());
        installation.objection_add(caller, own, &number, body.statement, &body.text, &files, None)
    });
    added.await.map(json)
}

/// The same for somebody who came to the window.
#[utoipa::path(post, path = "/objections/{number}/additions", operation_id = "objection_add", tag = "offices",
    params(("number" = String, Path, description = "number of the objection")),
    request_body = WindowAdditionBody, responses((status = 200, body = Proceeded), Refusals))]
pub(crate) async fn objection_add(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(number): InPath<String>,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "objection_add";
    let (WindowAdditionBody { document, evidence, addition }, _place) =
        handed_in::<WindowAdditionBody>(&shared, &asker, NAME, For::Duty, request).await?;
    let (kind, document) = document.read()?;
    let files = attachments(addition.attachments)?;
    let added = shared.act(asker, NAME, move |installation, caller, _| {
        let (own, said) = ((kind, document.as_str()), (addition.statement, addition.text.as_str()));
        installation.objection_add(caller, own, &number, said.0, said.1, &files, Some(&evidence))
    });
    added.await.map(json)
}

/// What the determining authority does, or what an identity clerk finds.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ObjectionAnswerBody {
    /// The step.
    step: ObjectionStep,
    /// The reason, the answer or what is asked for; the person reads it.
    #[serde(default)]
    text: String,
    /// What goes with it, five at most.
    #[serde(default)]
    attachments: Vec<AttachmentBody>,
    /// Of a correction: codes of fields, and what they say from now on, as a file would write it.
    #[serde(default)]
    corrected: BTreeMap<String, String>,
}

impl ObjectionAnswerBody {
    fn read(self, number: String) -> Result<ObjectionAnswer, Problem> {
        let Self { step, text, corrected, .. } = self;
        Ok(ObjectionAnswer { number, step, text, attachments: attachments(self.attachments)?, corrected })
    }
}

/// Take an objection up or not, ask for more, or answer it: corrected, withdrawn, or kept.
#[utoipa::path(post, path = "/objections/{number}/answers", operation_id = "objection_decide", tag = "offices",
    params(("number" = String, Path, description = "number of the objection")),
    request_body = ObjectionAnswerBody, responses((status = 200, body = Proceeded), Refusals))]
pub(crate) async fn objection_decide(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(number): InPath<String>,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "objection_decide";
    let (body, _place) = handed_in::<ObjectionAnswerBody>(&shared, &asker, NAME, For::Duty, request).await?;
    let answer = body.read(number)?;
    let done = shared.act(asker, NAME, move |installation, caller, _| installation.objection_decide(caller, &answer));
    done.await.map(json)
}

/// Find on evidence whether a record is whose it is said not to be.
#[utoipa::path(post, path = "/objections/{number}/findings", operation_id = "objection_identify", tag = "offices",
    params(("number" = String, Path, description = "number of the objection")),
    request_body = ObjectionAnswerBody, responses((status = 200, body = Proceeded), Refusals))]
pub(crate) async fn objection_identify(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(number): InPath<String>,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "objection_identify";
    let (body, _place) = handed_in::<ObjectionAnswerBody>(&shared, &asker, NAME, For::Duty, request).await?;
    let answer = body.read(number)?;
    let done = shared.act(asker, NAME, move |installation, caller, _| installation.objection_identify(caller, &answer));
    done.await.map(json)
}
