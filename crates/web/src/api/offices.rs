//! The work of authorities: which there are, what they sent, what waits for a decision on identity.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chengxin_app::authority::{AuthorityRecords, AuthorityRow};
use chengxin_app::held::{HeldDecision, HeldItem};
use chengxin_app::submission::{SubmissionRow, state_of};
use chengxin_core::Say;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, DocumentBody, InPath, InQuery, Page, Paging, json, tagged};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// An authority.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthorityBody {
    /// Unified social credit code.
    code: String,
    /// Name.
    name: String,
    /// Name in English, where it has one.
    name_en: String,
    /// Kind, a value of the dictionary `authority-kind`.
    kind: String,
    /// Code of the authority that supervises it, where one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    supervisor: Option<String>,
}

/// What an authority is called.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AuthorityNewBody {
    /// Name.
    name: String,
    /// Name in English.
    #[serde(default)]
    name_en: String,
    /// Kind, a value of the dictionary `authority-kind`.
    kind: String,
    /// Code of the authority that supervises it: as it is where this is left out, none any more where it is empty.
    #[serde(default)]
    supervisor: Option<String>,
}

/// List authorities.
#[utoipa::path(get, path = "/authorities", operation_id = "authority_list", tag = "offices", params(Paging),
    responses((status = 200, body = Page<AuthorityBody>), Refusals))]
pub(crate) async fn authority_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let listed = shared.act(asker, "authority_list", |installation, caller, _| {
        Ok((installation.authority_list(caller)?, installation.authority_supervisors(caller)?))
    });
    let (rows, under) = listed.await?;
    let mut under: HashMap<_, _> = under.into_iter().collect();
    let body = |AuthorityRow { code, name, name_en, kind }| {
        let supervisor = under.remove(&code);
        AuthorityBody { code, name, name_en, kind, supervisor }
    };
    Ok(json(Page::of(rows.into_iter().map(body).collect(), &paging, |body: &AuthorityBody| body.code.clone())?))
}

/// What is public about an authority itself: broken promises, late answers, honours. Open to everybody, and each expires as its item does.
#[utoipa::path(get, path = "/authorities/{code}/records", operation_id = "authority_records", tag = "rules", security(()),
    params(("code" = String, Path, description = "unified social credit code")),
    responses((status = 200, body = AuthorityRecords), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn authority_records(
    State(shared): State<Shared>,
    headers: HeaderMap,
    InPath(code): InPath<String>,
) -> Result<Response, Problem> {
    let records =
        shared.read_public("查阅政务诚信", move |reading, caller| reading.authority_records(caller, &code));
    tagged(&headers, &records.await?)
}

/// Register an authority, or change its names and kind.
#[utoipa::path(put, path = "/authorities/{code}", operation_id = "authority_add", tag = "offices",
    params(("code" = String, Path, description = "unified social credit code")),
    request_body = AuthorityNewBody, responses((status = 204), Refusals))]
pub(crate) async fn authority_add(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(code): InPath<String>,
    Body(body): Body<AuthorityNewBody>,
) -> Result<StatusCode, Problem> {
    let row = AuthorityRow { code, name: body.name, name_en: body.name_en, kind: body.kind };
    let added = shared.act(asker, "authority_add", move |installation, caller, _| {
        installation.authority_add_under(caller, &row, body.supervisor.as_deref())
    });
    added.await.map(|()| StatusCode::NO_CONTENT)
}

/// A submission.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SubmissionBody {
    /// Running number.
    submission: i64,
    /// Sending authority.
    authority: String,
    /// Code of the item.
    item: String,
    /// Name of the file.
    file: String,
    /// Rows of the file.
    rows: i64,
    /// `open`, `accepted`, `awaiting_release`, `recalled` or `abandoned`.
    state: &'static str,
    /// The same in words.
    state_name: Say,
    /// When it was opened, microseconds UTC.
    opened_us: i64,
    /// When it was accepted.
    accepted_us: Option<i64>,
    /// When it was released.
    released_us: Option<i64>,
}

impl From<SubmissionRow> for SubmissionBody {
    fn from(row: SubmissionRow) -> Self {
        let (state, state_name) = state_of(&row);
        Self {
            submission: row.id,
            authority: row.authority,
            item: row.item,
            file: row.file_name,
            rows: row.row_count,
            state,
            state_name,
            opened_us: row.opened_at_us,
            accepted_us: row.accepted_at_us,
            released_us: row.released_at_us,
        }
    }
}

/// List submissions; an officer sees those of their own authority.
#[utoipa::path(get, path = "/submissions", operation_id = "submission_list", tag = "offices", params(Paging),
    responses((status = 200, body = Page<SubmissionBody>), Refusals))]
pub(crate) async fn submission_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let rows =
        shared.act(asker, "submission_list", |installation, caller, _| installation.submission_list(caller)).await?;
    let bodies: Vec<_> = rows.into_iter().map(SubmissionBody::from).collect();
    Ok(json(Page::of(bodies, &paging, |body| body.submission.to_string())?))
}

/// Give up an unfinished import; what it had loaded is removed.
#[utoipa::path(post, path = "/submissions/{id}/abandoned", operation_id = "submission_abandon", tag = "offices",
    params(("id" = i64, Path, description = "its number", example = 1)), responses((status = 204), Refusals))]
pub(crate) async fn submission_abandon(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(id): InPath<i64>,
) -> Result<StatusCode, Problem> {
    let abandoned = shared.act(asker, "submission_abandon", move |installation, caller, _| {
        installation.submission_abandon_number(caller, id)
    });
    abandoned.await.map(|()| StatusCode::NO_CONTENT)
}

/// What was released.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReleasedBody {
    /// How many versions of records are in effect with it.
    versions: u64,
}

/// Release a submission as its second officer.
#[utoipa::path(post, path = "/submissions/{id}/released", operation_id = "submission_release", tag = "offices",
    params(("id" = i64, Path, description = "its number", example = 1)), responses((status = 200, body = ReleasedBody), Refusals))]
pub(crate) async fn submission_release(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(id): InPath<i64>,
) -> Result<Response, Problem> {
    let released = shared
        .act(asker, "submission_release", move |installation, caller, _| installation.submission_release(caller, id));
    released.await.map(|versions| json(ReleasedBody { versions }))
}

/// Why a submission is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RecallBody {
    /// The reason.
    reason: String,
}

/// Take an accepted submission back before its release.
#[utoipa::path(post, path = "/submissions/{id}/recalled", operation_id = "submission_recall", tag = "offices",
    params(("id" = i64, Path, description = "its number", example = 1)), request_body = RecallBody, responses((status = 204), Refusals))]
pub(crate) async fn submission_recall(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(id): InPath<i64>,
    Body(body): Body<RecallBody>,
) -> Result<StatusCode, Problem> {
    let recalled = shared.act(asker, "submission_recall", move |installation, caller, _| {
        installation.submission_recall(caller, id, &body.reason)
    });
    recalled.await.map(|()| StatusCode::NO_CONTENT)
}

/// A row that waits for a decision on identity.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HeldBody {
    /// Running number.
    held: i64,
    /// Submission that it came with.
    submission: i64,
    /// Row of the file.
    row: i64,
    /// Sending authority.
    authority: String,
    /// Code of the item.
    item: String,
    /// Why it is held.
    reason: Say,
    /// Day after which it is deleted undecided.
    delete_after: Date,
}

impl From<HeldItem> for HeldBody {
    fn from(held: HeldItem) -> Self {
        let HeldItem { id, submission, row, authority, item, reason, delete_after, .. } = held;
        Self { held: id, submission, row, authority, item, reason: reason.say(), delete_after }
    }
}

/// List rows that wait, by deadline.
#[utoipa::path(get, path = "/held", operation_id = "held_list", tag = "offices", params(Paging),
    responses((status = 200, body = Page<HeldBody>), Refusals))]
pub(crate) async fn held_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let held = shared.act(asker, "held_list", |installation, caller, _| installation.held_list(caller)).await?;
    let bodies: Vec<_> = held.into_iter().map(HeldBody::from).collect();
    Ok(json(Page::of(bodies, &paging, |body| body.held.to_string())?))
}

/// One field of a held row.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HeldField {
    /// Its label.
    label: Say,
    /// What stands in it.
    value: String,
}

/// A held row with what stands in it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HeldDetailBody {
    /// The row.
    row: HeldBody,
    /// Its fields, empty ones left out.
    fields: Vec<HeldField>,
    /// The name on file for the row's number, where it is another.
    name_on_file: Option<String>,
}

/// Open a held row; the look is logged.
#[utoipa::path(get, path = "/held/{id}", operation_id = "held_show", tag = "offices",
    params(("id" = i64, Path, description = "its number", example = 1)), responses((status = 200, body = HeldDetailBody), Refusals))]
pub(crate) async fn held_show(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(id): InPath<i64>,
) -> Result<Response, Problem> {
    let detail =
        shared.act(asker, "held_show", move |installation, caller, _| installation.held_show(caller, id)).await?;
    let fields = detail.fields.into_iter().map(|(label, value)| HeldField { label, value }).collect();
    Ok(json(HeldDetailBody { row: detail.item.into(), fields, name_on_file: detail.name_on_file }))
}

/// What the identity clerk decides.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "decision", deny_unknown_fields)]
pub(crate) enum HeldDecisionBody {
    /// The row is about the person with this document.
    #[serde(rename_all = "camelCase")]
    Attach {
        /// The person's document.
        document: DocumentBody,
        /// Is the name in the row a further name of that person?
        #[serde(default)]
        further_name: bool,
        /// Was the person shown to be of age at the conduct?
        #[serde(default)]
        of_age: bool,
        /// On what evidence.
        evidence: String,
    },
    /// The name on file for the row's number is wrong, the one in the row is right.
    CorrectName {
        /// On what evidence.
        evidence: String,
    },
    /// The row is wrong: nothing of it is kept.
    Reject {
        /// On what evidence.
        evidence: String,
    },
}

/// Decide about a held row, on evidence.
#[utoipa::path(post, path = "/held/{id}/resolved", operation_id = "held_resolve", tag = "offices",
    params(("id" = i64, Path, description = "its number", example = 1)), request_body = HeldDecisionBody, responses((status = 204), Refusals))]
pub(crate) async fn held_resolve(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(id): InPath<i64>,
    Body(body): Body<HeldDecisionBody>,
) -> Result<StatusCode, Problem> {
    let (decision, evidence) = match body {
        HeldDecisionBody::Attach { document, further_name, of_age, evidence } => {
            let (kind, number) = document.read()?;
            (HeldDecision::Attach { kind, number, further_name, of_age }, evidence)
        }
        HeldDecisionBody::CorrectName { evidence } => (HeldDecision::CorrectName, evidence),
        HeldDecisionBody::Reject { evidence } => (HeldDecision::Reject, evidence),
    };
    let resolved = shared.act(asker, "held_resolve", move |installation, caller, _| {
        installation.held_resolve(caller, id, &decision, &evidence)
    });
    resolved.await.map(|()| StatusCode::NO_CONTENT)
}

/// What was deleted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PurgedBody {
    /// Held rows past their deadline.
    held: usize,
    /// Refused rows past theirs.
    refused: usize,
}

/// Delete held and refused rows whose time is over.
#[utoipa::path(post, path = "/held/purged", operation_id = "held_purge", tag = "offices",
    responses((status = 200, body = PurgedBody), Refusals))]
pub(crate) async fn held_purge(State(shared): State<Shared>, asker: Asker) -> Result<Response, Problem> {
    let purged = shared.act(asker, "held_purge", |installation, caller, _| installation.held_purge(caller)).await?;
    Ok(json(PurgedBody { held: purged.0, refused: purged.1 }))
}
