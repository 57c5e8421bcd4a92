//! Who acts for whom: granted in an account, accepted from another, recorded and ended at a window.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::mandate::{MandateEnding, MandateLine, MandateOffer, MandateRecord, Revoked};
use chengxin_core::mandate::{MandateKind, Paper, PaperKind, Scope};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, DocumentBody, InPath, InQuery, Page, Paging, json};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// Every mandate that one gave or holds, with each use, those that one gave first.
#[utoipa::path(get, path = "/me/mandates", operation_id = "mandate_list", tag = "mandates", params(Paging),
    responses((status = 200, body = Page<MandateLine>), Refusals))]
pub(crate) async fn mandate_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let listed = shared.act_own(asker, "mandate_list", |installation, caller, (kind, number)| {
        installation.mandate_list(caller, kind, &number)
    });
    Ok(json(Page::of(listed.await?, &paging, |line: &MandateLine| format!("{} {:?}", line.number, line.side))?))
}

/// Whom one means, what for and until when.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OfferBody {
    /// One's own name, or the organisation's; shown to whom it is meant for.
    #[serde(default)]
    name: String,
    /// Document of whoever shall act. It makes nobody known, and its answer does not tell whether somebody is.
    actor: DocumentBody,
    /// Their name.
    #[serde(default)]
    actor_name: String,
    /// Does one answer for it that they are 18 or more? Asked only where their document does not say when they were born.
    #[serde(default)]
    of_age: bool,
    /// What it covers.
    scope: BTreeSet<Scope>,
    /// First day; today, where it is left out.
    from: Option<Date>,
    /// First day on which it no longer holds.
    until: Date,
}

/// An offer, and the code to be handed over; told once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OfferedBody {
    /// The code, in groups. It works for the one who is meant, and for nobody else.
    code: String,
    /// From when on it is worth nothing, microseconds UTC.
    expires_us: i64,
    /// What waits to be accepted.
    mandate: MandateLine,
}

/// Grant a mandate; for an organisation, as its legal representative under `Chengxin-Mandate`.
#[utoipa::path(post, path = "/me/mandates", operation_id = "mandate_offer", tag = "mandates",
    request_body = OfferBody, responses((status = 201, body = OfferedBody), Refusals))]
pub(crate) async fn mandate_offer(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<OfferBody>,
) -> Result<Response, Problem> {
    let (actor_kind, actor_number) = body.actor.read()?;
    let offered = shared.act_own(asker, "mandate_offer", move |installation, caller, (kind, number)| {
        let OfferBody { name, actor_name, of_age, scope, from, until, .. } = body;
        let offer =
            MandateOffer { kind, number, name, actor_kind, actor_number, actor_name, of_age, scope, from, until };
        installation.mandate_offer(caller, &offer)
    });
    let offered = offered.await?;
    let (code, expires_us) = (offered.code.grouped(), offered.expires_us);
    Ok((StatusCode::CREATED, json(OfferedBody { code, expires_us, mandate: offered.mandate })).into_response())
}

/// A one-time code.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OfferCodeBody {
    /// The code, as it was handed over.
    code: String,
}

/// Look at what waits behind a code: for whom one would act, in what, until when. Uses nothing up.
#[utoipa::path(post, path = "/me/mandate-offers", operation_id = "mandate_offered", tag = "mandates",
    request_body = OfferCodeBody, responses((status = 200, body = MandateLine), Refusals))]
pub(crate) async fn mandate_offered(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<OfferCodeBody>,
) -> Result<Response, Problem> {
    let offered = shared.act_own(asker, "mandate_accept", move |installation, caller, (kind, number)| {
        installation.mandate_offered(caller, kind, &number, &body.code)
    });
    offered.await.map(json)
}

/// Accept a mandate with its code.
#[utoipa::path(post, path = "/me/mandates/accepted", operation_id = "mandate_accept", tag = "mandates",
    request_body = OfferCodeBody, responses((status = 200, body = MandateLine), Refusals))]
pub(crate) async fn mandate_accept(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<OfferCodeBody>,
) -> Result<Response, Problem> {
    let accepted = shared.act_own(asker, "mandate_accept", move |installation, caller, (kind, number)| {
        installation.mandate_accept(caller, kind, &number, &body.code)
    });
    accepted.await.map(json)
}

/// Revoke a mandate, with effect from the next act. Consents that were granted on it are named: they stand until they are withdrawn.
#[utoipa::path(post, path = "/me/mandates/{mandate}/revoked", operation_id = "mandate_revoke", tag = "mandates",
    params(("mandate" = String, Path, description = "number of the mandate")),
    responses((status = 200, body = Revoked), Refusals))]
pub(crate) async fn mandate_revoke(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(mandate): InPath<String>,
) -> Result<Response, Problem> {
    let revoked = shared.act_own(asker, "mandate_revoke", move |installation, caller, (kind, number)| {
        installation.mandate_revoke(caller, kind, &number, &mandate)
    });
    revoked.await.map(json)
}

/// Give a mandate up: one acts on it no more.
#[utoipa::path(post, path = "/me/mandates/{mandate}/resigned", operation_id = "mandate_resign", tag = "mandates",
    params(("mandate" = String, Path, description = "number of the mandate")),
    responses((status = 200, body = MandateLine), Refusals))]
pub(crate) async fn mandate_resign(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(mandate): InPath<String>,
) -> Result<Response, Problem> {
    let resigned = shared.act_own(asker, "mandate_resign", move |installation, caller, (kind, number)| {
        installation.mandate_resign(caller, kind, &number, &mandate)
    });
    resigned.await.map(json)
}

/// The document on which a mandate rests, or ends.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct MandatePaperBody {
    /// Its kind.
    kind: PaperKind,
    /// Its number, by which it is found in the files.
    number: String,
    /// Its date.
    date: Date,
}

impl From<MandatePaperBody> for Paper {
    fn from(MandatePaperBody { kind, number, date }: MandatePaperBody) -> Self {
        Self { kind, number, date }
    }
}

/// What a clerk saw.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RecordBody {
    /// Its kind; an agent's is never recorded.
    kind: MandateKind,
    /// Document of the one for whom somebody acts.
    mandator: DocumentBody,
    /// Their name, as it stands there.
    mandator_name: String,
    /// Document of who acts.
    actor: DocumentBody,
    /// Their name, as it stands there.
    actor_name: String,
    /// Did the clerk make sure that both are 18 or more? Asked only where a document does not say when its holder was born.
    #[serde(default)]
    of_age: bool,
    /// What it covers; everything that one of its kind can, where it is left out.
    #[serde(default)]
    scope: BTreeSet<Scope>,
    /// First day; today, where it is left out.
    from: Option<Date>,
    /// First day on which it no longer holds.
    until: Date,
    /// What was compared in person.
    evidence: String,
    /// The document on which it rests.
    paper: MandatePaperBody,
}

/// Record who acts for whom, after comparing both documents and the paper in person.
#[utoipa::path(post, path = "/mandates", operation_id = "mandate_record", tag = "mandates",
    request_body = RecordBody, responses((status = 201, body = MandateLine), Refusals))]
pub(crate) async fn mandate_record(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<RecordBody>,
) -> Result<Response, Problem> {
    let (mandator, actor) = (body.mandator.read()?, body.actor.read()?);
    let recorded = shared.act(asker, "mandate_record", move |installation, caller, _| {
        let RecordBody { kind, mandator_name, actor_name, of_age, scope, from, until, evidence, paper, .. } = body;
        let record = MandateRecord {
            kind,
            mandator,
            mandator_name,
            actor,
            actor_name,
            of_age,
            scope,
            from,
            until,
            evidence,
            paper: paper.into(),
        };
        installation.mandate_record(caller, &record)
    });
    Ok((StatusCode::CREATED, json(recorded.await?)).into_response())
}

/// On what somebody's mandates of a kind end.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EndingBody {
    /// Kind of the mandates.
    kind: MandateKind,
    /// Document of the one for whom somebody acted.
    mandator: DocumentBody,
    /// Number of the one that ends; every one of the kind, where it is left out.
    number: Option<String>,
    /// What was compared in person.
    evidence: String,
    /// The document on which they end.
    paper: MandatePaperBody,
}

/// End what stands of a kind, on a document seen in person. The answer does not tell whether there was anything.
#[utoipa::path(post, path = "/mandates/ended", operation_id = "mandate_end", tag = "mandates",
    request_body = EndingBody, responses((status = 204), Refusals))]
pub(crate) async fn mandate_end(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<EndingBody>,
) -> Result<StatusCode, Problem> {
    let mandator = body.mandator.read()?;
    let ended = shared.act(asker, "mandate_end", move |installation, caller, _| {
        let EndingBody { kind, number, evidence, paper, .. } = body;
        installation.mandate_end(caller, &MandateEnding { kind, mandator, number, evidence, paper: paper.into() })
    });
    ended.await.map(|()| StatusCode::NO_CONTENT)
}
