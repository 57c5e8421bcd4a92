//! Checks of many open applications at once.

use std::sync::Arc;

use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::check::{Batch, BatchFault, BatchOpened, BatchRequest, BatchRow, PartAnswers, PartRequest};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, DocumentBody, InPath, InQuery, Page, Paging, json};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// Largest body that asks for a batch, in bytes: 100 000 applications of a usual length, twice over.
pub(super) const WHOLE: usize = 40 * 1024 * 1024;
/// Largest body that shows a part again.
pub(super) const PART: usize = 1024 * 1024;
/// Applications that are looked at before somebody else has their turn.
const AT_A_TIME: usize = 50;
/// Most faults that are told at once.
const TOLD: usize = 1_000;

/// One open application.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ApplicationBody {
    /// The applicant's document.
    document: DocumentBody,
    /// The applicant's name, as on the document.
    name: String,
    /// Number of the application.
    case_number: String,
    /// The clause on which this application is checked: `law#clause`, that of the matter.
    ground: String,
}

impl ApplicationBody {
    fn read(self) -> Result<BatchRow, Problem> {
        let (kind, number) = self.document.read()?;
        let Self { name, case_number, ground, .. } = self;
        Ok(BatchRow { kind: Some(kind), number, name, case_number, ground })
    }
}

/// A batch that is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BatchBody {
    /// Code of the matter.
    matter: String,
    /// The open applications, 100 000 at most.
    applications: Vec<ApplicationBody>,
}

/// A part of a batch, shown again.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PartBody {
    /// Its applications, as they were when the batch was asked for, in their order.
    applications: Vec<ApplicationBody>,
}

fn rows(applications: Vec<ApplicationBody>) -> Result<Vec<BatchRow>, Problem> {
    applications.into_iter().map(ApplicationBody::read).collect()
}

/// Ask for a batch. Nobody is looked up before a second person approves it.
#[utoipa::path(post, path = "/check-batches", operation_id = "check_batch_open", tag = "checks",
    request_body = BatchBody, responses((status = 201, body = Batch), Refusals))]
pub(crate) async fn check_batch_open(
    State(shared): State<Shared>,
    asker: Asker,
    request: Request,
) -> Result<Response, Problem> {
    // A body of this size is read from whoever may send one, and from few at once.
    shared
        .act(asker.clone(), "check_batch_open", |installation, caller, _| installation.check_batch_open_allowed(caller))
        .await?;
    let _place = shared.uploads().try_acquire().map_err(|_| Problem::busy())?;
    let Body(BatchBody { matter, applications }) = Body::<_, WHOLE>::from_request(request, &shared).await?;
    let asked = BatchRequest { rows: rows(applications)?, matter };
    let opened = shared.act(asker, "check_batch_open", move |installation, caller, _| {
        let caller = installation.for_matter(caller.clone(), &asked.matter);
        installation.check_batch_open(&caller, &asked)
    });
    match opened.await? {
        BatchOpened::Waits(batch) => Ok((StatusCode::CREATED, json(batch)).into_response()),
        BatchOpened::Faulty(faults) => {
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, BatchFault::sentence(&faults));
            Err(problem.with("faults", json!(faults.iter().take(TOLD).collect::<Vec<_>>())))
        }
    }
}

/// List the batches of one's own authority.
#[utoipa::path(get, path = "/check-batches", operation_id = "check_batch_list", tag = "checks", params(Paging),
    responses((status = 200, body = Page<Batch>), Refusals))]
pub(crate) async fn check_batch_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let batches =
        shared.act(asker, "check_batch_list", |installation, caller, _| installation.check_batch_list(caller)).await?;
    Ok(json(Page::of(batches, &paging, |batch| batch.number.clone())?))
}

/// Show a batch of one's own authority.
#[utoipa::path(get, path = "/check-batches/{batch}", operation_id = "check_batch_show", tag = "checks",
    params(("batch" = String, Path, description = "its number")), responses((status = 200, body = Batch), Refusals))]
pub(crate) async fn check_batch_show(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(batch): InPath<String>,
) -> Result<Response, Problem> {
    let shown = shared
        .act(asker, "check_batch_show", move |installation, caller, _| installation.check_batch_show(caller, &batch));
    shown.await.map(json)
}

/// Approve a batch as its second person.
#[utoipa::path(post, path = "/check-batches/{batch}/approved", operation_id = "check_batch_approve", tag = "checks",
    params(("batch" = String, Path, description = "its number")), responses((status = 200, body = Batch), Refusals))]
pub(crate) async fn check_batch_approve(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(batch): InPath<String>,
) -> Result<Response, Problem> {
    let approved = shared.act(asker, "check_batch_approve", move |installation, caller, _| {
        installation.check_batch_approve(caller, &batch)
    });
    approved.await.map(json)
}

/// Ask for a part of an approved batch. Parts go in their order; the last one can be asked once more, where its answer was lost.
#[utoipa::path(post, path = "/check-batches/{batch}/parts/{part}", operation_id = "check_batch_answer", tag = "checks",
    params(("batch" = String, Path, description = "number of the batch"), ("part" = usize, Path, description = "which part, from 1")),
    request_body = PartBody, responses((status = 200, body = PartAnswers), Refusals))]
pub(crate) async fn check_batch_answer(
    State(shared): State<Shared>,
    asker: Asker,
    InPath((number, part)): InPath<(String, usize)>,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "check_batch_answer";
    // A body of this size is read from whoever may send one, and from few at once.
    let allowed =
        shared.act(asker.clone(), NAME, |installation, caller, _| installation.check_batch_answer_allowed(caller));
    allowed.await?;
    let _place = shared.uploads().try_acquire().map_err(|_| Problem::busy())?;
    let Body(body) = Body::<PartBody, PART>::from_request(request, &shared).await?;
    let request = PartRequest { number, part, rows: rows(body.applications)? };
    let part = shared
        .act(asker.clone(), NAME, move |installation, caller, _| installation.check_batch_part(caller, &request))
        .await?;
    // Some at a time, so that single checks have their turn between them.
    let part = Arc::new(part);
    let mut looks = Vec::with_capacity(part.len());
    for first in (0..part.len()).step_by(AT_A_TIME) {
        let part = Arc::clone(&part);
        let looked = shared.read(move |reading| reading.check_batch_look(&part, first..first + AT_A_TIME)).await;
        looks.extend(looked.map_err(Problem::from)?);
    }
    let answered =
        shared.act(asker, NAME, move |installation, caller, _| installation.check_batch_answered(caller, &part, looks));
    answered.await.map(json)
}
