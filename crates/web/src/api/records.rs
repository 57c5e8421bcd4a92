//! Decisions of the determining authority about its own records.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::record::{Afterwards, Decision, LockKind, RecordRef};
use chengxin_core::Say;
use chengxin_core::record::RecordId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, DocumentBody, InPath, json};
use super::refusals::Refusals;
use crate::problem::{Problem, of};
use crate::state::Shared;

/// A decision, and whom the record is about.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DecisionBody {
    /// The subject's document.
    document: DocumentBody,
    /// Case number of the decision.
    case_number: String,
    /// Its date.
    decided_on: Date,
}

impl DecisionBody {
    fn read(self, record: &str) -> Result<(RecordRef, Decision), Problem> {
        let (kind, number) = self.document.read()?;
        Ok((
            RecordRef { kind, number, record: record_id(record)? },
            Decision { case_no: self.case_number, decided_on: self.decided_on },
        ))
    }
}

/// What is no id is no record.
pub(super) fn record_id(record: &str) -> Result<RecordId, Problem> {
    RecordId::from_hex(&record.to_ascii_lowercase()).ok_or_else(|| of(StatusCode::NOT_FOUND))
}

/// A decision that locks.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LockBody {
    /// The decision.
    decision: DecisionBody,
    /// What it decided: `correction`, `withdrawal` or `repair`.
    kind: String,
}

/// Lock a record to what a decision left in force.
#[utoipa::path(put, path = "/records/{record}/lock", operation_id = "record_lock", tag = "records",
    params(("record" = String, Path, description = "id of the record, 32 hexadecimal digits")),
    request_body = LockBody, responses((status = 204), Refusals))]
pub(crate) async fn record_lock(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(record): InPath<String>,
    Body(body): Body<LockBody>,
) -> Result<StatusCode, Problem> {
    let kind = LockKind::from_code(&body.kind).ok_or_else(|| {
        let known: Vec<_> = LockKind::ALL.into_iter().map(LockKind::code).collect();
        let known = known.join("、");
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            Say::new(
                format!("决定种类（kind）须为下列之一：{known}"),
                format!("the kind of decision is one of: {known}"),
            ),
        )
    })?;
    let (at, decision) = body.decision.read(&record)?;
    let locked = shared.act(asker, "record_lock", move |installation, caller, _| {
        installation.record_lock(caller, &at, kind, &decision)
    });
    locked.await.map(|()| StatusCode::NO_CONTENT)
}

/// A decision that unlocks.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct UnlockBody {
    /// The decision.
    decision: DecisionBody,
    /// The new decision document.
    paper: String,
}

/// Take a lock off on a new decision.
#[utoipa::path(post, path = "/records/{record}/unlocked", operation_id = "record_unlock", tag = "records",
    params(("record" = String, Path, description = "id of the record, 32 hexadecimal digits")),
    request_body = UnlockBody, responses((status = 204), Refusals))]
pub(crate) async fn record_unlock(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(record): InPath<String>,
    Body(body): Body<UnlockBody>,
) -> Result<StatusCode, Problem> {
    let (at, decision) = body.decision.read(&record)?;
    let unlocked = shared.act(asker, "record_unlock", move |installation, caller, _| {
        installation.record_unlock(caller, &at, &decision, &body.paper)
    });
    unlocked.await.map(|()| StatusCode::NO_CONTENT)
}

/// A decision that erases.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EraseBody {
    /// The decision.
    decision: DecisionBody,
    /// Destroy the subject's own key too, where nothing else must stay?
    #[serde(default)]
    forget_subject: bool,
    /// The clause that asks for it, `law#clause`; the person reads it in their log.
    #[serde(default)]
    clause: Option<String>,
}

/// What was destroyed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErasedBody {
    /// Were the subject's number and name destroyed too?
    subject_forgotten: bool,
}

/// Destroy what a record says; a tombstone stays.
#[utoipa::path(post, path = "/records/{record}/erased", operation_id = "record_erase", tag = "records",
    params(("record" = String, Path, description = "id of the record, 32 hexadecimal digits")),
    request_body = EraseBody, responses((status = 200, body = ErasedBody), Refusals))]
pub(crate) async fn record_erase(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(record): InPath<String>,
    Body(body): Body<EraseBody>,
) -> Result<Response, Problem> {
    let (at, decision) = body.decision.read(&record)?;
    let afterwards = if body.forget_subject { Afterwards::ForgetSubject } else { Afterwards::KeepLock };
    let erased = shared.act(asker, "record_erase", move |installation, caller, _| {
        installation.record_erase_on(caller, &at, &decision, body.clause.as_deref(), afterwards)
    });
    erased.await.map(|erased| json(ErasedBody { subject_forgotten: erased.subject_forgotten }))
}
