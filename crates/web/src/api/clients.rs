//! Machines of authorities: registering them, their keys, stopping them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chengxin_app::AppError;
use chengxin_app::client::{ClientId, ClientLine, KeyLine, NewClient, NewKey};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::accounts::role_named;
use super::asker::Asker;
use super::body::{Body, InPath, InQuery, Page, Paging, json};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// A public key.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct KeyNewBody {
    /// The key as a JWK: P-256, Ed25519, or RSA with its `alg` (PS256 or RS256). Never the private half. Without a `kid` it is
    /// called by its thumbprint (RFC 7638).
    #[schema(value_type = Object)]
    jwk: Map<String, Value>,
    /// First day on which it holds; at once, where it is left out.
    from: Option<Date>,
    /// First day on which it no longer does.
    until: Date,
}

impl KeyNewBody {
    fn read(self) -> NewKey {
        NewKey { jwk: Value::Object(self.jwk).to_string(), from: self.from, until: self.until }
    }
}

/// A machine of an authority.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ClientNewBody {
    /// How the log calls it.
    name: String,
    /// Code of the authority that it serves.
    authority: String,
    /// In which role: `clerk` asks, `data_officer` sends.
    role: String,
    /// Operations that it may ask tokens for.
    scopes: Vec<String>,
    /// Its first key.
    key: KeyNewBody,
}

/// A key of a machine.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyBody {
    /// Its name.
    kid: String,
    /// Its algorithm.
    alg: String,
    /// From when it holds, microseconds UTC.
    from_us: i64,
    /// From when no longer.
    until_us: i64,
    /// `coming`, `holds`, `over` or `revoked`.
    state: &'static str,
}

impl From<KeyLine> for KeyBody {
    fn from(line: KeyLine) -> Self {
        Self { kid: line.kid, alg: line.alg, from_us: line.from_us, until_us: line.until_us, state: line.state }
    }
}

/// A machine.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientBody {
    /// Its id: `iss` and `sub` of what it signs.
    client: String,
    /// How the log calls it.
    name: String,
    /// Code of the authority that it serves.
    authority: String,
    /// In which role.
    role: String,
    /// Operations that it may ask tokens for.
    scopes: Vec<String>,
    /// Was it not stopped?
    works: bool,
    /// Was it unused for so long that it sleeps? A new key wakes it.
    dormant: bool,
    /// When it was registered, microseconds UTC.
    opened_us: i64,
    /// By whom.
    opened_by: String,
    /// Its keys.
    keys: Vec<KeyBody>,
}

impl From<ClientLine> for ClientBody {
    fn from(line: ClientLine) -> Self {
        Self {
            client: line.id.to_string(),
            name: line.name,
            authority: line.authority,
            role: line.role,
            scopes: line.scopes,
            works: line.works,
            dormant: line.dormant,
            opened_us: line.opened_us,
            opened_by: line.opened_by,
            keys: line.keys.into_iter().map(KeyBody::from).collect(),
        }
    }
}

/// What is no id is nobody's.
fn id(text: &str) -> Result<ClientId, AppError> {
    ClientId::parse(text)
        .ok_or_else(|| AppError::not_found("没有这个接口客户端或密钥", "there is no such machine or key"))
}

/// List machines of authorities; an officer sees those of their own.
#[utoipa::path(get, path = "/clients", operation_id = "client_list", tag = "clients", params(Paging),
    responses((status = 200, body = Page<ClientBody>), Refusals))]
pub(crate) async fn client_list(
    State(shared): State<Shared>,
    asker: Asker,
    InQuery(paging): InQuery<Paging>,
) -> Result<Response, Problem> {
    let lines = shared.act(asker, "client_list", |installation, caller, _| installation.client_list(caller)).await?;
    let lines: Vec<ClientBody> = lines.into_iter().map(ClientBody::from).collect();
    Ok(json(Page::of(lines, &paging, |line| line.client.clone())?))
}

/// Register a machine of an authority with its first public key.
#[utoipa::path(post, path = "/clients", operation_id = "client_add", tag = "clients",
    request_body = ClientNewBody, responses((status = 201, body = ClientBody), Refusals))]
pub(crate) async fn client_add(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<ClientNewBody>,
) -> Result<Response, Problem> {
    let ClientNewBody { name, authority, role, scopes, key } = body;
    let new = NewClient { name, authority, role: role_named(&role)?, scopes, key: key.read() };
    let added = shared.act(asker, "client_add", move |installation, caller, _| installation.client_add(caller, &new));
    Ok((StatusCode::CREATED, json(ClientBody::from(added.await?))).into_response())
}

/// Give a machine a further public key; those that it has hold beside it.
#[utoipa::path(post, path = "/clients/{client}/keys", operation_id = "client_rotate", tag = "clients",
    params(("client" = String, Path, description = "id of the machine")),
    request_body = KeyNewBody, responses((status = 201, body = KeyBody), Refusals))]
pub(crate) async fn client_rotate(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(client): InPath<String>,
    Body(body): Body<KeyNewBody>,
) -> Result<Response, Problem> {
    let new = body.read();
    let added = shared.act(asker, "client_rotate", move |installation, caller, _| {
        installation.client_rotate(caller, id(&client)?, &new)
    });
    Ok((StatusCode::CREATED, json(KeyBody::from(added.await?))).into_response())
}

/// Stop a machine for good; tokens that it was given end with it.
#[utoipa::path(delete, path = "/clients/{client}", operation_id = "client_revoke", tag = "clients",
    params(("client" = String, Path, description = "id of the machine")), responses((status = 204), Refusals))]
pub(crate) async fn client_revoke(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(client): InPath<String>,
) -> Result<StatusCode, Problem> {
    let revoked = shared.act(asker, "client_revoke", move |installation, caller, _| {
        installation.client_revoke(caller, id(&client)?, None)
    });
    revoked.await.map(|()| StatusCode::NO_CONTENT)
}

/// Stop one key of a machine; tokens that were given for it end with it.
#[utoipa::path(delete, path = "/clients/{client}/keys/{kid}", operation_id = "client_key_revoke", tag = "clients",
    params(("client" = String, Path, description = "id of the machine"), ("kid" = String, Path, description = "name of the key")),
    responses((status = 204), Refusals))]
pub(crate) async fn client_key_revoke(
    State(shared): State<Shared>,
    asker: Asker,
    InPath((client, kid)): InPath<(String, String)>,
) -> Result<StatusCode, Problem> {
    let revoked = shared.act(asker, "client_revoke", move |installation, caller, _| {
        installation.client_revoke(caller, id(&client)?, Some(&kid))
    });
    revoked.await.map(|()| StatusCode::NO_CONTENT)
}
