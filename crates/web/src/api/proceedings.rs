//! Objections and repairs as proceedings: reading them, what was handed in, and whom their decisions reached.

use axum::extract::{FromRequest as _, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chengxin_app::Installation;
use chengxin_app::proceeding::{
    Attachment, AuthorityFigures, DecisionStatus, FollowUpLine, OwnProceeding, ProceedingView, WorkLine,
};
use chengxin_core::attachment::Media;
use chengxin_core::{Caller, Lang, Say};
use data_encoding::BASE64;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::SemaphorePermit;
use utoipa::{IntoParams, ToSchema};

use super::asker::Asker;
use super::body::{Body, InPath, InQuery, Page, Paging, json};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// Largest body of a step, in bytes: five attachments of five megabytes each, in base64, with room for words.
pub(super) const STEP: usize = 36 * 1024 * 1024;

/// Something handed in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AttachmentBody {
    /// Its name.
    #[serde(default)]
    name: String,
    /// Its content: PDF, JPEG, PNG or plain text, 5 MB at most, in base64.
    #[schema(format = "byte")]
    content: String,
}

impl AttachmentBody {
    pub(super) fn read(self) -> Result<Attachment, Problem> {
        let content = BASE64.decode(self.content.as_bytes()).map_err(|_| {
            Problem::new(
                axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                Say::new(
                    "附件的 content 须为标准 base64（含补位的 =）",
                    "the content of an attachment is base64 of the usual alphabet, with its padding",
                ),
            )
        })?;
        Ok(Attachment { name: self.name, content })
    }
}

pub(super) fn attachments(given: Vec<AttachmentBody>) -> Result<Vec<Attachment>, Problem> {
    given.into_iter().map(AttachmentBody::read).collect()
}

/// Everything that one filed, and how it stands.
#[utoipa::path(get, path = "/me/proceedings", operation_id = "proceeding_list", tag = "me", params(Paging),
    responses((status = 200, body = Page<OwnProceeding>), Refusals))]
pub(crate) async fn proceeding_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let listed = shared.act_own(asker, "proceeding_list", |installation, caller, (kind, number)| {
        installation.proceeding_list(caller, kind, &number)
    });
    Ok(json(Page::of(listed.await?, &paging, |of| of.proceeding.number.clone())?))
}

/// Something that one handed in.
#[utoipa::path(get, path = "/me/proceedings/{number}/attachments/{file}", operation_id = "proceeding_attachment_own", tag = "me",
    params(("number" = String, Path, description = "number of the proceeding"), ("file" = i64, Path, description = "which attachment")),
    responses((status = 200, content_type = "application/octet-stream"), Refusals))]
pub(crate) async fn proceeding_attachment_own(
    State(shared): State<Shared>,
    asker: Asker,
    InPath((number, file)): InPath<(String, i64)>,
) -> Result<Response, Problem> {
    let read = shared.act_own(asker, "proceeding_attachment", move |installation, caller, (kind, document)| {
        installation.proceeding_attachment(caller, Some((kind, &document)), &number, file)
    });
    Ok(download(read.await?))
}

/// In which form a decision is taken.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DecisionForm {
    /// `json`, signed, or `pdf`.
    #[serde(default)]
    form: String,
}

/// The decision in a proceeding of one's own: signed JSON, or PDF with a QR code.
#[utoipa::path(get, path = "/me/proceedings/{number}/decision", operation_id = "proceeding_decision", tag = "me",
    params(("number" = String, Path, description = "number of the proceeding"), DecisionForm),
    responses((status = 200, content_type = "application/json"), Refusals))]
pub(crate) async fn proceeding_decision(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(number): InPath<String>,
    InQuery(form): InQuery<DecisionForm>,
) -> Result<Response, Problem> {
    let pdf = match form.form.as_str() {
        "" | "json" => false,
        "pdf" => true,
        _ => {
            let say = Say::new("form 须为 json 或 pdf", "form is json or pdf");
            return Err(Problem::new(axum::http::StatusCode::BAD_REQUEST, say));
        }
    };
    let paper = shared.act_own(asker, "proceeding_decision", move |installation, caller, (kind, document)| {
        installation.proceeding_decision(caller, (kind, &document), &number, Lang::Zh)
    });
    let paper = paper.await?;
    let (kind, body) = match pdf {
        true => ("application/pdf", paper.pdf),
        false => ("application/json", paper.json.into_bytes()),
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], body).into_response())
}

/// What stands behind the QR code of a decision: outcome, day and authority. Open to whoever holds the paper.
#[utoipa::path(get, path = "/decisions/{number}/{code}", operation_id = "decision_verify", tag = "rules",
    params(("number" = String, Path, description = "number on the paper"), ("code" = String, Path, description = "code behind the QR code")),
    responses((status = 200, body = DecisionStatus), Refusals))]
pub(crate) async fn decision_verify(
    State(shared): State<Shared>,
    asker: Asker,
    InPath((number, code)): InPath<(String, String)>,
) -> Result<Response, Problem> {
    let status = shared.act(asker, "decision_verify", move |installation, caller, _| {
        installation.decision_verify(caller, &number, &code)
    });
    status.await.map(json)
}

/// What waits at one's own authority, what is due first; for an identity clerk and the credit office, everywhere. Names nobody.
#[utoipa::path(get, path = "/proceedings", operation_id = "proceeding_work", tag = "offices", params(Paging),
    responses((status = 200, body = Page<WorkLine>), Refusals))]
pub(crate) async fn proceeding_work(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let work = shared.act(asker, "proceeding_work", |installation, caller, _| installation.proceeding_work(caller));
    Ok(json(Page::of(work.await?, &paging, |line| line.number.clone())?))
}

/// One proceeding whole, for whoever decides it; a line in the person's log.
#[utoipa::path(get, path = "/proceedings/{number}", operation_id = "proceeding_show", tag = "offices",
    params(("number" = String, Path, description = "its number")), responses((status = 200, body = ProceedingView), Refusals))]
pub(crate) async fn proceeding_show(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(number): InPath<String>,
) -> Result<Response, Problem> {
    let shown = shared
        .act(asker, "proceeding_show", move |installation, caller, _| installation.proceeding_show(caller, &number));
    shown.await.map(json)
}

/// Something that was handed in, for whoever decides; a line in the person's log.
#[utoipa::path(get, path = "/proceedings/{number}/attachments/{file}", operation_id = "proceeding_attachment", tag = "offices",
    params(("number" = String, Path, description = "number of the proceeding"), ("file" = i64, Path, description = "which attachment")),
    responses((status = 200, content_type = "application/octet-stream"), Refusals))]
pub(crate) async fn proceeding_attachment(
    State(shared): State<Shared>,
    asker: Asker,
    InPath((number, file)): InPath<(String, i64)>,
) -> Result<Response, Problem> {
    let read = shared.act(asker, "proceeding_attachment", move |installation, caller, _| {
        installation.proceeding_attachment(caller, None, &number, file)
    });
    Ok(download(read.await?))
}

/// Never shown in place: whatever is in it, the browser saves it.
pub(crate) fn download((name, media, content): (String, Media, Vec<u8>)) -> Response {
    // RFC 6266: the name as people write it, and one for old programmes.
    let encoded: String = name
        .bytes()
        .map(|byte| {
            let plain = byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        })
        .collect();
    let disposition = format!("attachment; filename=\"attachment.{}\"; filename*=UTF-8''{encoded}", media.ending());
    let headers = [
        (header::CONTENT_TYPE, media.mime().to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, content).into_response()
}

/// How authorities answer objections and repairs: how many, how many late, by how many days.
#[utoipa::path(get, path = "/proceeding-figures", operation_id = "proceeding_figures", tag = "offices",
    responses((status = 200, body = Vec<AuthorityFigures>), Refusals))]
pub(crate) async fn proceeding_figures(State(shared): State<Shared>, asker: Asker) -> Result<Response, Problem> {
    let figures =
        shared.act(asker, "proceeding_figures", |installation, caller, _| installation.proceeding_figures(caller));
    figures.await.map(json)
}

/// What one's own authority was told about records that it was shown and that changed since: what it must answer first.
#[utoipa::path(get, path = "/follow-ups", operation_id = "follow_up_list", tag = "checks", params(Paging),
    responses((status = 200, body = Page<FollowUpLine>), Refusals))]
pub(crate) async fn follow_up_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let listed = shared.act(asker, "follow_up_list", |installation, caller, _| installation.follow_up_list(caller));
    Ok(json(Page::of(listed.await?, &paging, |line| format!("{}/{}", line.check, line.record))?))
}

/// What an authority does about an outcome that rests on a record which has changed since.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SettleBody {
    /// Is the matter opened again? Otherwise its outcome is confirmed.
    reopened: bool,
    /// Why; the person is told it.
    reason: String,
}

/// Confirm an outcome that rests on a record which has changed since, or open its matter again.
#[utoipa::path(post, path = "/follow-ups/{check}/settled", operation_id = "follow_up_settle", tag = "checks",
    params(("check" = String, Path, description = "number of the check")), request_body = SettleBody,
    responses((status = 200, body = FollowUpLine), Refusals))]
pub(crate) async fn follow_up_settle(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(check): InPath<String>,
    Body(body): Body<SettleBody>,
) -> Result<Response, Problem> {
    let settled = shared.act(asker, "follow_up_settle", move |installation, caller, _| {
        installation.follow_up_settle(caller, &check, body.reopened, &body.reason)
    });
    settled.await.map(json)
}

/// For whom somebody hands something in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// For themself, or on a mandate.
    Own,
    /// On duty.
    Duty,
}

/// Reads what somebody hands in, once it is known that they may: such a body is large, and a few are read at a time. The permit is kept until it is dealt
/// with.
pub(super) async fn handed_in<'s, T: DeserializeOwned>(
    shared: &'s Shared,
    asker: &Asker,
    name: &'static str,
    of: For,
    request: Request,
) -> Result<(T, SemaphorePermit<'s>), Problem> {
    match of {
        For::Own => {
            let ask = move |installation: &mut Installation, caller: &Caller, _| allowed(installation, caller, name);
            shared.act_own(asker.clone(), name, ask).await?;
        }
        For::Duty => shared.act(asker.clone(), name, move |it, caller, _| allowed(it, caller, name)).await?,
    }
    let place = shared.uploads().try_acquire().map_err(|_| Problem::busy())?;
    let Body(body) = Body::<T, STEP>::from_request(request, shared).await?;
    Ok((body, place))
}

/// May the caller do this at all? Asked before a body with attachments is read.
pub(crate) fn allowed(
    installation: &Installation,
    caller: &Caller,
    name: &'static str,
) -> Result<(), chengxin_app::AppError> {
    installation.proceeding_allowed(caller, name)
}
