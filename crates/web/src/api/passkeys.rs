//! Passkeys at the door: signing in by one, and proving anew by one who is there. Each takes two requests, since the device answers in between.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::account::{Challenge, PasskeySignIn};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, json};
use super::refusals::Refusals;
use super::sessions::{SignedInBody, signed_in};
use crate::problem::Problem;
use crate::state::Shared;

/// What a device is asked. It is answered once, within minutes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChallengeBody {
    /// To be sent back with the answer.
    ceremony: String,
    /// For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    #[schema(value_type = Object)]
    options: Value,
    /// From when on no answer counts, microseconds UTC.
    expires_us: i64,
}

impl From<Challenge> for ChallengeBody {
    fn from(challenge: Challenge) -> Self {
        let Challenge { ceremony, options, expires_us } = challenge;
        Self { ceremony, options, expires_us }
    }
}

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LoginBody {
    /// Login name.
    login: String,
}

/// Ask for a passkey to sign in. A name that nobody has is asked alike.
#[utoipa::path(post, path = "/sessions/passkey/asked", operation_id = "session_open_ask", tag = "sessions", security(()),
    request_body = LoginBody, responses((status = 200, body = ChallengeBody), Refusals))]
pub(crate) async fn session_open_ask(
    State(shared): State<Shared>,
    Body(body): Body<LoginBody>,
) -> Result<Response, Problem> {
    let asked =
        shared.act_public("登录", move |installation, caller| installation.session_open_ask(caller, &body.login));
    Ok(json(ChallengeBody::from(asked.await?)))
}

/// What a device answered, to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasskeySignInBody {
    /// As the challenge had it.
    ceremony: String,
    /// What the device answered: `PublicKeyCredential.toJSON()`.
    #[schema(value_type = Object)]
    answer: Map<String, Value>,
    /// `device` of an earlier sign-in on the same device: then one does not wait for what strangers try.
    device: Option<String>,
    /// The device in words, for the list of sessions.
    #[serde(default)]
    label: String,
}

/// Sign in by a passkey; it is two factors by itself.
#[utoipa::path(post, path = "/sessions/passkey", operation_id = "session_open_passkey", tag = "sessions", security(()),
    request_body = PasskeySignInBody, responses((status = 201, body = SignedInBody), Refusals))]
pub(crate) async fn session_open_passkey(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<PasskeySignInBody>,
) -> Result<Response, Problem> {
    let PasskeySignInBody { ceremony, answer, device, label } = body;
    let sign_in = PasskeySignIn { ceremony, answer: Value::Object(answer), source: asker.source, device, label };
    let opened =
        shared.act_public("登录", move |installation, caller| installation.session_open_passkey(caller, &sign_in));
    opened.await.map(signed_in)
}

/// Ask for a passkey, to prove anew who one is.
#[utoipa::path(post, path = "/sessions/current/proof/passkey/asked", operation_id = "session_reauthenticate_ask", tag = "sessions",
    responses((status = 200, body = ChallengeBody), Refusals))]
pub(crate) async fn session_reauthenticate_ask(
    State(shared): State<Shared>,
    asker: Asker,
) -> Result<Response, Problem> {
    let asked = shared.act(asker, "session_reauthenticate", |installation, caller, who| {
        installation.session_reauthenticate_ask(caller, who)
    });
    Ok(json(ChallengeBody::from(asked.await?)))
}

/// What a device answered, to prove anew who one is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasskeyProofBody {
    /// As the challenge had it.
    ceremony: String,
    /// What the device answered: `PublicKeyCredential.toJSON()`.
    #[schema(value_type = Object)]
    answer: Map<String, Value>,
}

/// Prove anew by a passkey who one is, for acts that take it.
#[utoipa::path(post, path = "/sessions/current/proof/passkey", operation_id = "session_reauthenticate_passkey", tag = "sessions",
    request_body = PasskeyProofBody, responses((status = 204), Refusals))]
pub(crate) async fn session_reauthenticate_passkey(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<PasskeyProofBody>,
) -> Result<StatusCode, Problem> {
    let answer = Value::Object(body.answer);
    let proven = shared.act(asker, "session_reauthenticate", move |installation, caller, who| {
        installation.session_reauthenticate_passkey(caller, who, &body.ceremony, &answer)
    });
    proven.await.map(|_| StatusCode::NO_CONTENT)
}
