//! What somebody's own account proves itself by: passkeys, an authenticator app, recovery codes, the password.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::account::{FactorLine, NewApp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, InPath, json};
use super::passkeys::ChallengeBody;
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// One thing that the account proves itself by.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FactorBody {
    /// By what it is removed; of recovery codes `recovery`.
    id: String,
    /// `password`, `totp`, `passkey` or `recovery`.
    kind: &'static str,
    /// What its holder calls a passkey.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// When it was added, microseconds UTC.
    added_us: i64,
    /// When it was last used; of passwords it is not noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_us: Option<i64>,
    /// How many recovery codes are left.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<usize>,
}

impl From<FactorLine> for FactorBody {
    fn from(line: FactorLine) -> Self {
        let FactorLine { id, kind, name, added_us, last_used_us, left } = line;
        Self { id, kind, name, added_us, last_used_us, left }
    }
}

/// List what one's own account proves itself by.
#[utoipa::path(get, path = "/account/factors", operation_id = "account_factor_list", tag = "account",
    responses((status = 200, body = Vec<FactorBody>), Refusals))]
pub(crate) async fn account_factor_list(State(shared): State<Shared>, asker: Asker) -> Result<Response, Problem> {
    let lines = shared
        .act(asker, "account_factor_list", |installation, caller, who| installation.account_factor_list(caller, who));
    Ok(json(lines.await?.into_iter().map(FactorBody::from).collect::<Vec<_>>()))
}

/// Remove an app, a passkey, or all recovery codes (`recovery`); never the last second factor of staff.
#[utoipa::path(delete, path = "/account/factors/{id}", operation_id = "account_factor_remove", tag = "account",
    params(("id" = String, Path, description = "`recovery`, or an id of the list")), responses((status = 204), Refusals))]
pub(crate) async fn account_factor_remove(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(id): InPath<String>,
) -> Result<StatusCode, Problem> {
    let removed = shared.act(asker, "account_factor_remove", move |installation, caller, who| {
        installation.account_factor_remove(caller, who, &id)
    });
    removed.await.map(|()| StatusCode::NO_CONTENT)
}

/// What was added.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddedBody {
    /// New recovery codes, where there are any; shown once and never again.
    recovery_codes: Vec<String>,
}

fn added(recovery_codes: Vec<String>) -> Response {
    (StatusCode::CREATED, json(AddedBody { recovery_codes })).into_response()
}

/// Ask a device for a passkey: `options` go to `navigator.credentials.create`.
#[utoipa::path(post, path = "/account/passkeys/offered", operation_id = "passkey_offer", tag = "account",
    responses((status = 200, body = ChallengeBody), Refusals))]
pub(crate) async fn passkey_offer(State(shared): State<Shared>, asker: Asker) -> Result<Response, Problem> {
    let offer =
        shared.act(asker, "account_factor_add", |installation, caller, who| installation.passkey_offer(caller, who));
    Ok(json(ChallengeBody::from(offer.await?)))
}

/// A passkey that a device made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewPasskeyBody {
    /// As the challenge had it.
    ceremony: String,
    /// What its holder calls it.
    name: String,
    /// What the device answered: `PublicKeyCredential.toJSON()`.
    #[schema(value_type = Object)]
    answer: Map<String, Value>,
}

/// Register the passkey that a device made.
#[utoipa::path(post, path = "/account/passkeys", operation_id = "passkey_add", tag = "account",
    request_body = NewPasskeyBody, responses((status = 201, body = AddedBody), Refusals))]
pub(crate) async fn passkey_add(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<NewPasskeyBody>,
) -> Result<Response, Problem> {
    let NewPasskeyBody { ceremony, name, answer } = body;
    let answer = Value::Object(answer);
    let add = shared.act(asker, "account_factor_add", move |installation, caller, who| {
        installation.passkey_add(caller, who, &ceremony, &name, &answer)
    });
    add.await.map(added)
}

/// The secret of an authenticator app.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewAppBody {
    /// To be sent back with the digits.
    enrolment: String,
    /// The app's secret, in base 32, to be typed.
    totp_secret: String,
    /// The same as an address, for a QR code.
    totp_uri: String,
}

/// Draw the secret of an authenticator app. Nothing changes before its digits are sent.
#[utoipa::path(post, path = "/account/apps/offered", operation_id = "app_offer", tag = "account",
    responses((status = 200, body = NewAppBody), Refusals))]
pub(crate) async fn app_offer(State(shared): State<Shared>, asker: Asker) -> Result<Response, Problem> {
    let offer =
        shared.act(asker, "account_factor_add", |installation, caller, who| installation.app_offer(caller, who));
    let NewApp { enrolment, totp_secret, totp_uri } = offer.await?;
    Ok(json(NewAppBody { enrolment, totp_secret, totp_uri }))
}

/// An authenticator app that was set up.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AppBody {
    /// As it was drawn.
    enrolment: String,
    /// The six digits that it shows now.
    totp: String,
}

/// Enrol an authenticator app, in the place of the one before.
#[utoipa::path(post, path = "/account/apps", operation_id = "app_add", tag = "account",
    request_body = AppBody, responses((status = 201, body = AddedBody), Refusals))]
pub(crate) async fn app_add(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<AppBody>,
) -> Result<Response, Problem> {
    let add = shared.act(asker, "account_factor_add", move |installation, caller, who| {
        installation.app_add(caller, who, &body.enrolment, &body.totp)
    });
    add.await.map(added)
}

/// Make new recovery codes; those from before are void.
#[utoipa::path(post, path = "/account/recovery-codes", operation_id = "recovery_add", tag = "account",
    responses((status = 201, body = AddedBody), Refusals))]
pub(crate) async fn recovery_add(State(shared): State<Shared>, asker: Asker) -> Result<Response, Problem> {
    let add =
        shared.act(asker, "account_factor_add", |installation, caller, who| installation.recovery_add(caller, who));
    add.await.map(added)
}

/// A password that is changed.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasswordBody {
    /// The one until now.
    old: String,
    /// The one from now on.
    new: String,
}

/// Change one's own password; every other session ends.
#[utoipa::path(put, path = "/account/password", operation_id = "account_password", tag = "account",
    request_body = PasswordBody, responses((status = 204), Refusals))]
pub(crate) async fn account_password(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<PasswordBody>,
) -> Result<StatusCode, Problem> {
    let changed = shared.act(asker, "account_password", move |installation, caller, who| {
        installation.account_password(caller, who, &body.old, &body.new)
    });
    changed.await.map(|_| StatusCode::NO_CONTENT)
}
