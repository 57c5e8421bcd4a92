//! Where machines ask for tokens: client credentials (RFC 6749 §4.4) by a signed assertion (RFC 7523). Refusals here are in the words of
//! RFC 6749 §5.2, with both languages beside them; everywhere else a token is refused as any other.

use axum::extract::{Form, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chengxin_app::client::{TOKEN_PATH, TokenRequest, scopes_of};
use chengxin_app::{AppError, Installation, Kind};
use chengxin_core::{Role, Say};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::asker::Asker;
use super::body::json as as_json;
use super::refusals::{ProblemBody, Refusals};
use crate::problem::{Problem, keep, of};
use crate::state::Shared;

/// The only grant (RFC 6749 §4.4).
const GRANT: &str = "client_credentials";
/// The only way in which a machine shows who it is (RFC 7523 §2.2).
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Where the metadata lie (RFC 8414).
pub(crate) const METADATA_PATH: &str = "/.well-known/oauth-authorization-server";

/// What a machine sends. Other parameters are left aside, as RFC 6749 §3.2 asks.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TokenBody {
    /// `client_credentials`.
    grant_type: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    client_assertion_type: Option<String>,
    /// The signed assertion: `iss` and `sub` the machine's id, `aud` the issuer or this address, `exp` at most five minutes ahead, a `jti` that
    /// was never used; its header with `kid` and the key's `alg`.
    client_assertion: Option<String>,
    /// The machine's id once more, where it says it.
    client_id: Option<String>,
    /// Operations that the token is to be for, parted by spaces; all that the machine was registered for, where it is left out.
    scope: Option<String>,
}

/// A token.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenAnswer {
    /// Goes with every request as `Authorization: Bearer …`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// For how many seconds.
    expires_in: i64,
    /// Operations that it is for.
    scope: String,
}

/// A refusal in the words of RFC 6749 §5.2.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenRefusal {
    /// Its code.
    error: &'static str,
    /// What is wrong, in English.
    error_description: String,
    /// The same in Simplified Chinese.
    zh: String,
}

fn refused(status: StatusCode, error: &'static str, say: Say, retry_after: Option<u32>) -> Response {
    // RFC 6749 §5.2 allows printable ASCII without quotation marks and backslashes.
    let plain = |c: char| matches!(c, ' ' | '!' | '#'..='[' | ']'..='~');
    let error_description = say.en.chars().filter(|c| plain(*c)).collect();
    let mut response = (status, as_json(TokenRefusal { error, error_description, zh: say.zh })).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    keep(response)
}

fn malformed(zh: &str, en: &str) -> Response {
    refused(StatusCode::BAD_REQUEST, "invalid_request", Say::new(zh, en), None)
}

/// What `app` refused; what is not about the request stays a problem document.
fn of_app(error: AppError) -> Result<Response, Problem> {
    // Whoever asks is told one sentence; the operator is told which it was.
    tracing::warn!(kind = ?error.kind, private = %error.private, "no token was given");
    Ok(match error.kind {
        Kind::Unauthenticated => refused(StatusCode::UNAUTHORIZED, "invalid_client", error.public, None),
        Kind::Forbidden => refused(StatusCode::BAD_REQUEST, "invalid_scope", error.public, None),
        Kind::TooOften(seconds) => {
            refused(StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", error.public, Some(seconds))
        }
        _ => return Err(error.into()),
    })
}

/// Give a machine a token of some minutes for what its key signed.
#[utoipa::path(post, path = "/oauth/token", operation_id = "token_issue", tag = "clients", security(()),
    request_body(content = TokenBody, content_type = "application/x-www-form-urlencoded"),
    responses(Refusals, (status = 200, body = TokenAnswer), (status = 401, body = TokenRefusal, description = "The assertion shows nobody"),
        (status = 400, description = "What was sent is wrong", content(
            (TokenRefusal = "application/json"), (ProblemBody = "application/problem+json"))),
        (status = 429, description = "Too many attempts or requests: Retry-After says when to come again", content(
            (TokenRefusal = "application/json"), (ProblemBody = "application/problem+json")))))]
pub(crate) async fn token_issue(
    State(shared): State<Shared>,
    asker: Asker,
    body: Result<Form<TokenBody>, axum::extract::rejection::FormRejection>,
) -> Result<Response, Problem> {
    let Ok(Form(body)) = body else {
        return Ok(malformed(
            "请以 application/x-www-form-urlencoded 提交，每个参数一次",
            "send application/x-www-form-urlencoded, each parameter once",
        ));
    };
    if body.grant_type.as_deref().is_some_and(|grant| grant != GRANT) {
        let say = Say::new("grant_type 须为 client_credentials", "grant_type is client_credentials");
        return Ok(refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", say, None));
    }
    let (Some(_), Some(ASSERTION), Some(assertion)) =
        (body.grant_type, body.client_assertion_type.as_deref(), body.client_assertion)
    else {
        return Ok(malformed(
            "须有 grant_type、client_assertion_type（jwt-bearer）和 client_assertion",
            "grant_type, client_assertion_type (jwt-bearer) and client_assertion are needed",
        ));
    };
    let request = TokenRequest { assertion, client_id: body.client_id, scope: body.scope, source: asker.source };
    let caller = chengxin_core::Caller {
        actor: "visitor".to_owned(),
        purpose: "换取访问令牌".to_owned(),
        ground: chengxin_core::Ground::OwnRight,
        ..crate::state::public()
    };
    let shown = request.clone();
    let signed = shared.read(move |reading| reading.token_is_signed(&shown)).await.map_err(Problem::from)?;
    let issue = move |installation: &mut Installation| installation.token_issue(&caller, &request);
    let issued = if signed { shared.with(issue).await } else { shared.with_stranger(issue).await };
    let issued = match issued {
        Ok(issued) => issued,
        Err(error) => return of_app(error),
    };
    let answer = TokenAnswer {
        access_token: issued.token.text(),
        token_type: "Bearer",
        expires_in: issued.seconds,
        scope: issued.scopes.join(" "),
    };
    let mut response = as_json(answer);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Operations that any machine may be given.
pub(crate) fn scopes() -> Vec<&'static str> {
    let mut all: Vec<_> = Role::ALL.into_iter().filter_map(|role| scopes_of(role).ok()).flatten().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What a program needs to know to ask for tokens (RFC 8414).
pub(crate) async fn metadata(State(shared): State<Shared>) -> Result<Response, Problem> {
    let issuer = shared.base_url().trim_end_matches('/');
    if issuer.is_empty() {
        return Err(of(StatusCode::NOT_FOUND));
    }
    Ok(as_json(json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}{TOKEN_PATH}"),
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": chengxin_app::client::algorithms(),
        "scopes_supported": scopes(),
        "service_documentation": format!("{issuer}/api/v1/reference"),
    })))
}
