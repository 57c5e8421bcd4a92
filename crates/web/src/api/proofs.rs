//! Proofs that an entry, or a version of a record, stands in the log. Whom it concerns reads that one was made.

use axum::extract::State;
use axum::response::Response;
use chengxin_app::log::LogProof;
use chengxin_app::record::RecordRef;
use serde::Deserialize;
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, DocumentBody, InPath, json};
use super::records::record_id;
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// Prove that the entry at a place stands there. The proof is checked offline: `chengxin log verify-proof`.
#[utoipa::path(get, path = "/log/entries/{leaf}/proof", operation_id = "log_prove", tag = "log",
    params(("leaf" = u64, Path, description = "place of the entry, from 0", example = 0)),
    responses((status = 200, body = LogProof), Refusals))]
pub(crate) async fn log_prove(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(leaf): InPath<u64>,
) -> Result<Response, Problem> {
    let proven = shared.disclose_as(
        asker,
        "log_prove",
        move |reading, caller, _| reading.log_prove(&caller, leaf).map(Some),
        move |installation, caller, _| installation.log_prove(&caller, leaf),
    );
    proven.await.map(json)
}

/// Of whose record, and which version.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ProofBody {
    /// The subject's document.
    document: DocumentBody,
    /// Number of the version; the newest, where it is left out.
    version: Option<i64>,
}

/// Prove that a version of a record is anchored in the log.
#[utoipa::path(post, path = "/records/{record}/proof", operation_id = "log_prove_record", tag = "log",
    params(("record" = String, Path, description = "its id")),
    request_body = ProofBody, responses((status = 200, body = LogProof), Refusals))]
pub(crate) async fn log_prove_record(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(record): InPath<String>,
    Body(body): Body<ProofBody>,
) -> Result<Response, Problem> {
    let (kind, number) = body.document.read()?;
    let at = RecordRef { kind, number, record: record_id(&record)? };
    let proven = shared.act(asker, "log_prove", move |installation, caller, _| {
        installation.log_prove_record(caller, &at, body.version)
    });
    proven.await.map(json)
}
