//! Signing in and out.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::account::{Right, Second, SessionLine, SignIn, SignedIn, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::{Body, InPath, json};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// A second factor: the digits of an authenticator app, or a recovery code.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SecondBody {
    /// Six digits of the authenticator app.
    totp: Option<String>,
    /// A recovery code, where the app is lost; it works once.
    recovery: Option<String>,
}

impl SecondBody {
    fn read(self) -> Option<Second> {
        self.totp.map(Second::Totp).or(self.recovery.map(Second::Recovery))
    }
}

/// What somebody enters to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SignInBody {
    /// Login name.
    login: String,
    /// Password.
    password: String,
    /// Second factor; staff always have one.
    second: Option<SecondBody>,
    /// `device` of an earlier sign-in on the same device: then one does not wait for what strangers try.
    device: Option<String>,
    /// The device in words, for the list of sessions.
    #[serde(default)]
    label: String,
}

/// A right that the account holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RightBody {
    /// Role.
    role: &'static str,
    /// Authority for which they act.
    authority: Option<String>,
    /// Has it slept too long?
    dormant: bool,
}

impl RightBody {
    pub(crate) fn of(right: &Right) -> Self {
        Self { role: right.role.code(), authority: right.authority.clone(), dormant: right.dormant }
    }
}

/// A session that was opened.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedInBody {
    /// Sent with every request: `Authorization: Bearer …`.
    token: String,
    /// To be kept by the device beyond the session, and sent at the next sign-in.
    device: String,
    /// Rights in which one may act.
    rights: Vec<RightBody>,
    /// How many factors were proved.
    factors: u8,
    /// When the session ends at the latest, microseconds UTC.
    ends_us: i64,
    /// Is the account bound to a person?
    bound: bool,
    /// How many recovery codes are left, where one was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_left: Option<usize>,
}

/// One session of one's own.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionBody {
    /// By what it is ended.
    id: String,
    /// When it was opened, microseconds UTC.
    opened_us: i64,
    /// Last request, to a minute.
    last_seen_us: i64,
    /// When it ends at the latest.
    ends_us: i64,
    /// How many factors opened it.
    factors: u8,
    /// The device in words.
    label: String,
    /// Is it the one that asks?
    current: bool,
}

impl From<SessionLine> for SessionBody {
    fn from(line: SessionLine) -> Self {
        let SessionLine { id, opened_us, last_seen_us, ends_us, factors, label, current } = line;
        Self { id, opened_us, last_seen_us, ends_us, factors, label, current }
    }
}

/// Sign in.
#[utoipa::path(post, path = "/sessions", operation_id = "session_open", tag = "sessions", security(()),
    request_body = SignInBody, responses((status = 201, body = SignedInBody), Refusals))]
pub(crate) async fn session_open(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<SignInBody>,
) -> Result<Response, Problem> {
    let sign_in = SignIn {
        login: body.login,
        password: body.password,
        second: body.second.and_then(SecondBody::read),
        source: asker.source,
        device: body.device,
        label: body.label,
    };
    let opened = shared.act_public("登录", move |installation, caller| installation.session_open(caller, &sign_in));
    opened.await.map(signed_in)
}

/// What whoever signed in is given.
pub(crate) fn signed_in(signed_in: SignedIn) -> Response {
    let Who { rights, factors, ends_us, subject, .. } = &signed_in.who;
    let answer = SignedInBody {
        token: signed_in.token.text(),
        device: signed_in.device,
        rights: rights.iter().map(RightBody::of).collect(),
        factors: *factors,
        ends_us: *ends_us,
        bound: subject.is_some(),
        recovery_left: signed_in.recovery_left,
    };
    (StatusCode::CREATED, json(answer)).into_response()
}

/// List one's own sessions.
#[utoipa::path(get, path = "/sessions", operation_id = "session_list", tag = "sessions",
    responses((status = 200, body = Vec<SessionBody>), Refusals))]
pub(crate) async fn session_list(State(shared): State<Shared>, asker: Asker) -> Result<Response, Problem> {
    let lines = shared.act(asker, "session_list", |installation, caller, who| installation.session_list(caller, who));
    Ok(json(lines.await?.into_iter().map(SessionBody::from).collect::<Vec<_>>()))
}

/// End every session of one's own, this one too.
#[utoipa::path(delete, path = "/sessions", operation_id = "session_end_all", tag = "sessions",
    responses((status = 204), Refusals))]
pub(crate) async fn session_end_all(State(shared): State<Shared>, asker: Asker) -> Result<StatusCode, Problem> {
    let ended =
        shared.act(asker, "session_end_all", |installation, caller, who| installation.session_end_all(caller, who));
    ended.await.map(|_| StatusCode::NO_CONTENT)
}

/// End a session of one's own: `current`, or an id of the list.
#[utoipa::path(delete, path = "/sessions/{id}", operation_id = "session_end", tag = "sessions",
    params(("id" = String, Path, description = "`current`, or an id of the list")), responses((status = 204), Refusals))]
pub(crate) async fn session_end(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(id): InPath<String>,
) -> Result<StatusCode, Problem> {
    let end = move |installation: &mut chengxin_app::Installation, caller: &chengxin_core::Caller, who: &Who| {
        installation.session_end(caller, who, Some(id.as_str()).filter(|id| *id != "current"))
    };
    shared.act(asker, "session_end", end).await.map(|()| StatusCode::NO_CONTENT)
}

/// A fresh proof of who one is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ProofBody {
    /// Password.
    password: String,
    /// Second factor; staff always have one.
    second: Option<SecondBody>,
}

/// Prove again who one is, for acts that take it.
#[utoipa::path(post, path = "/sessions/current/proof", operation_id = "session_reauthenticate", tag = "sessions",
    request_body = ProofBody, responses((status = 204), Refusals))]
pub(crate) async fn session_reauthenticate(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<ProofBody>,
) -> Result<StatusCode, Problem> {
    let second = body.second.and_then(SecondBody::read);
    let proven = shared.act(asker, "session_reauthenticate", move |installation, caller, who| {
        installation.session_reauthenticate(caller, who, &body.password, second.as_ref())
    });
    proven.await.map(|_| StatusCode::NO_CONTENT)
}
