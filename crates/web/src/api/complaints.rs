//! Complaints about misuse of data.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::complaint::{
    ComplaintAnswer, ComplaintLine, ComplaintNumbers, ComplaintReceipt, ComplaintRequest, ComplaintView, LineAt,
};
use chengxin_app::log::LineChain;
use chengxin_core::Say;
use chengxin_core::complaint::ComplaintStep;
use serde::Deserialize;
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, DocumentBody, InPath, InQuery, Page, Paging, json};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// A complaint about a line of one's own log.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ComplaintBody {
    /// In which chain the line is numbered; `records` where it is left out.
    #[serde(default)]
    chain: Option<LineChain>,
    /// Number of the line.
    #[serde(default)]
    line: Option<i64>,
    /// Of a line without a number: its anchor.
    #[serde(default)]
    anchor: Option<i64>,
    /// What one says of it.
    words: String,
}

impl ComplaintBody {
    fn at(&self) -> Result<LineAt, Problem> {
        match (self.line, self.anchor) {
            (Some(line), None) => Ok(LineAt::Number(self.chain.unwrap_or(LineChain::Records), line)),
            (None, Some(anchor)) => Ok(LineAt::Anchor(anchor)),
            _ => Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                Say::new("line 和 anchor 须写其一", "name the line by one of line and anchor"),
            )),
        }
    }
}

/// Complain about a line of one's own log: a leak, or a look that should not have been.
#[utoipa::path(post, path = "/me/complaints", operation_id = "complaint_file_own", tag = "me",
    request_body = ComplaintBody, responses((status = 201, body = ComplaintView), Refusals))]
pub(crate) async fn complaint_file_own(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<ComplaintBody>,
) -> Result<Response, Problem> {
    let line = body.at()?;
    let filed = shared.act_own(asker, "complaint_file", move |installation, caller, (kind, number)| {
        installation.complaint_file(caller, &ComplaintRequest { kind, number, line, words: body.words })
    });
    filed.await.map(|filed| (StatusCode::CREATED, json(filed)).into_response())
}

/// A complaint of somebody who came to a window.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WindowComplaintBody {
    /// The document that was compared in person.
    document: DocumentBody,
    /// What was compared: which document, and that it is the applicant's.
    evidence: String,
    /// The complaint.
    complaint: ComplaintBody,
}

/// Take a complaint from somebody who came to the window, on a document compared in person. What the line says is not shown.
#[utoipa::path(post, path = "/complaints", operation_id = "complaint_file", tag = "offices",
    request_body = WindowComplaintBody, responses((status = 201, body = ComplaintReceipt), Refusals))]
pub(crate) async fn complaint_file(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<WindowComplaintBody>,
) -> Result<Response, Problem> {
    let (line, (kind, number)) = (body.complaint.at()?, body.document.read()?);
    let asked = ComplaintRequest { kind, number, line, words: body.complaint.words };
    let taken = shared.act(asker, "complaint_file", move |installation, caller, _| {
        installation.complaint_take(caller, &asked, &body.evidence)
    });
    taken.await.map(|taken| (StatusCode::CREATED, json(taken)).into_response())
}

/// Every complaint of one's own, and how it stands.
#[utoipa::path(get, path = "/me/complaints", operation_id = "complaint_list", tag = "me", params(Paging),
    responses((status = 200, body = Page<ComplaintView>), Refusals))]
pub(crate) async fn complaint_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let listed = shared.act_own(asker, "complaint_list", |installation, caller, (kind, number)| {
        installation.complaint_list(caller, kind, &number)
    });
    Ok(json(Page::of(listed.await?, &paging, |of| of.number.clone())?))
}

/// Words.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ComplaintWordsBody {
    /// What one says.
    #[serde(default)]
    text: String,
}

/// Take a complaint back.
#[utoipa::path(post, path = "/me/complaints/{number}/withdrawn", operation_id = "complaint_withdraw", tag = "me",
    params(("number" = String, Path, description = "number of the complaint")),
    request_body = ComplaintWordsBody, responses((status = 200, body = ComplaintView), Refusals))]
pub(crate) async fn complaint_withdraw(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(number): InPath<String>,
    Body(body): Body<ComplaintWordsBody>,
) -> Result<Response, Problem> {
    let done = shared.act_own(asker, "complaint_withdraw", move |installation, caller, (kind, document)| {
        installation.complaint_withdraw(caller, (kind, &document), &number, &body.text)
    });
    done.await.map(json)
}

/// Complaints that wait, what is due first; for a decider those that the own authority answers, that are about it, or about one that it supervises. Names nobody.
#[utoipa::path(get, path = "/complaints", operation_id = "complaint_work", tag = "offices", params(Paging),
    responses((status = 200, body = Page<ComplaintLine>), Refusals))]
pub(crate) async fn complaint_work(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let work = shared.act(asker, "complaint_work", |installation, caller, _| installation.complaint_work(caller));
    Ok(json(Page::of(work.await?, &paging, |line| line.number.clone())?))
}

/// A complaint whole; for the authority complained of and its supervisor, without what the person says. A line in the person's log.
#[utoipa::path(get, path = "/complaints/{number}", operation_id = "complaint_show", tag = "offices",
    params(("number" = String, Path, description = "its number")), responses((status = 200, body = ComplaintView), Refusals))]
pub(crate) async fn complaint_show(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(number): InPath<String>,
) -> Result<Response, Problem> {
    let shown = shared
        .act(asker, "complaint_show", move |installation, caller, _| installation.complaint_show(caller, &number));
    shown.await.map(json)
}

/// What the credit office does, or the authority to which it handed a complaint over.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ComplaintAnswerBody {
    /// The step.
    step: ComplaintStep,
    /// With `refer`: code of the authority that is to answer.
    #[serde(default)]
    to: Option<String>,
    /// The answer with its reasons, or to whom it is passed on; the person reads it.
    #[serde(default)]
    text: String,
}

/// Take a complaint up, answer it, hand it over to an authority here, or pass it on.
#[utoipa::path(post, path = "/complaints/{number}/answers", operation_id = "complaint_answer", tag = "offices",
    params(("number" = String, Path, description = "number of the complaint")),
    request_body = ComplaintAnswerBody, responses((status = 200, body = ComplaintView), Refusals))]
pub(crate) async fn complaint_answer(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(number): InPath<String>,
    Body(body): Body<ComplaintAnswerBody>,
) -> Result<Response, Problem> {
    let answer = ComplaintAnswer { number, step: body.step, to: body.to, text: body.text };
    let done = shared
        .act(asker, "complaint_answer", move |installation, caller, _| installation.complaint_answer(caller, &answer));
    done.await.map(json)
}

/// Comment on a complaint about one's own authority, or one that it supervises; it answers nothing.
#[utoipa::path(post, path = "/complaints/{number}/comments", operation_id = "complaint_comment", tag = "offices",
    params(("number" = String, Path, description = "number of the complaint")),
    request_body = ComplaintWordsBody, responses((status = 200, body = ComplaintView), Refusals))]
pub(crate) async fn complaint_comment(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(number): InPath<String>,
    Body(body): Body<ComplaintWordsBody>,
) -> Result<Response, Problem> {
    let done = shared.act(asker, "complaint_comment", move |installation, caller, _| {
        installation.complaint_comment(caller, &number, &body.text)
    });
    done.await.map(json)
}

/// How complaints are answered, by the authority complained of.
#[utoipa::path(get, path = "/complaint-figures", operation_id = "complaint_figures", tag = "offices",
    responses((status = 200, body = Vec<ComplaintNumbers>), Refusals))]
pub(crate) async fn complaint_figures(State(shared): State<Shared>, asker: Asker) -> Result<Response, Problem> {
    let figures =
        shared.act(asker, "complaint_figures", |installation, caller, _| installation.complaint_figures(caller));
    figures.await.map(json)
}
