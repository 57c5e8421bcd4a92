//! What is sent and what comes back: bodies, lists in pages, answers with a tag.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chengxin_core::Say;
use chengxin_core::identity::DocumentKind;
use data_encoding::BASE64URL_NOPAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::pages::fingerprint;
use crate::problem::{Problem, of};
use crate::state::Shared;

/// Largest body, in bytes.
pub(crate) const LIMIT: usize = 64 * 1024;

/// A JSON body of at most so many bytes, read field by field so that a refusal names the field. Where a route takes more than [`LIMIT`],
/// it says so to the router too.
pub(crate) struct Body<T, const MOST: usize = LIMIT>(pub(crate) T);

impl<T: DeserializeOwned, const MOST: usize> FromRequest<Shared> for Body<T, MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, shared: &Shared) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let essence = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        if essence != "application/json" {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Say::new(
                    "请加上请求头 Content-Type: application/json",
                    "send the header Content-Type: application/json",
                ),
            ));
        }
        let bytes = Bytes::from_request(request, shared).await;
        let bytes = bytes.map_err(|rejection: BytesRejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                Say::new(format!("请求内容不得超过 {MOST} 字节"), format!("the body may have {MOST} bytes at most")),
            ),
            status => of(status),
        })?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let at = error.path().to_string();
            let why = error.into_inner();
            if why.is_data() { wrong_field(&at, &why) } else { not_json(&why) }
        })?;
        reader.end().map_err(|why| not_json(&why))?;
        Ok(Self(read))
    }
}

fn not_json(why: &serde_json::Error) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        Say::new(
            format!("请求内容不是有效的 JSON：第 {} 行第 {} 列有误", why.line(), why.column()),
            format!("the body is not JSON: look at line {}, column {}", why.line(), why.column()),
        ),
    )
}

/// The sender reads their own words back and nobody else does: they are in no log.
fn wrong_field(at: &str, why: &serde_json::Error) -> Problem {
    let at = if at == "." { "" } else { at };
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        Say::new(
            format!("请求内容有误（{}）：{why}；各字段见 /api/v1/reference", if at.is_empty() { "顶层" } else { at }),
            format!(
                "the body is wrong at {}: {why}; /api/v1/reference lists the fields",
                if at.is_empty() { "the top" } else { at }
            ),
        ),
    )
}

/// A part of the address.
pub(crate) struct InPath<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Shared> for InPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Problem> {
        let read = Path::<T>::from_request_parts(parts, shared).await;
        read.map(|Path(value)| Self(value)).map_err(|_: PathRejection| of(StatusCode::NOT_FOUND))
    }
}

/// What follows the question mark.
pub(crate) struct InQuery<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Shared> for InQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Problem> {
        let read = Query::<T>::from_request_parts(parts, shared).await;
        read.map(|Query(value)| Self(value)).map_err(|rejection: QueryRejection| {
            let why = rejection.body_text();
            Problem::new(
                StatusCode::BAD_REQUEST,
                Say::new(format!("查询参数有误：{why}"), format!("a parameter of the query is wrong: {why}")),
            )
        })
    }
}

/// Which part of a list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// How many, 1 to 200; 50 where it is left out.
    #[serde(default = "usual_limit")]
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: u32,
    /// `next` of the page before.
    cursor: Option<String>,
}

fn usual_limit() -> u32 {
    50
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The part.
    items: Vec<T>,
    /// For the next part; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl<T> Page<T> {
    /// The part of a list that was asked for; `key` tells its lines apart and stays while the list grows.
    pub(crate) fn of(all: Vec<T>, paging: &Paging, key: impl Fn(&T) -> String) -> Result<Self, Problem> {
        let limit = usize::try_from(paging.limit).unwrap_or(usize::MAX);
        if !(1..=200).contains(&limit) {
            return Err(Problem::new(
                StatusCode::BAD_REQUEST,
                Say::new("limit 须在 1 到 200 之间", "limit is between 1 and 200"),
            ));
        }
        let from = match &paging.cursor {
            None => 0,
            Some(cursor) => {
                all.iter().position(|line| sealed(&key(line)) == *cursor).map(|at| at + 1).ok_or_else(|| {
                    Problem::new(
                        StatusCode::BAD_REQUEST,
                        Say::new(
                            "cursor 无效：请从第一页重新开始",
                            "the cursor is none of this list: begin at its first page",
                        ),
                    )
                })?
            }
        };
        let more = all.len() > from + limit;
        let items: Vec<T> = all.into_iter().skip(from).take(limit).collect();
        let next = items.last().filter(|_| more).map(|line| sealed(&key(line)));
        Ok(Self { items, next })
    }
}

fn sealed(key: &str) -> String {
    BASE64URL_NOPAD.encode(key.as_bytes())
}

/// A person's or an organisation's document.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DocumentBody {
    /// Kind, as the data standard codes it: `01` to `05`, `uscc`. Where it is left out, a unified social credit code is told from
    /// a resident ID number by its form.
    kind: Option<String>,
    /// Number, in any usual writing.
    #[schema(example = "990000198505050018")]
    number: String,
}

impl DocumentBody {
    pub(crate) fn read(&self) -> Result<(DocumentKind, String), Problem> {
        let kind = match &self.kind {
            None => DocumentKind::of_number(&self.number),
            Some(value) => DocumentKind::from_value(value).ok_or_else(|| {
                let known: Vec<_> = DocumentKind::ALL.into_iter().map(DocumentKind::code).collect();
                let known = known.join("、");
                Problem::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    Say::new(
                        format!("证件类型（kind）须为下列之一：{known}"),
                        format!("the kind of document is one of: {known}"),
                    ),
                )
            })?,
        };
        Ok((kind, self.number.clone()))
    }
}

/// What changes seldom, with a tag by which it need not be sent again.
pub(crate) fn tagged(headers: &HeaderMap, answer: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(answer).map_err(|_| of(StatusCode::INTERNAL_SERVER_ERROR))?;
    Ok(Tagged::of(body.into()).answer(headers))
}

/// JSON with its tag.
pub(crate) struct Tagged {
    body: Bytes,
    tag: String,
}

impl Tagged {
    pub(crate) fn of(body: Bytes) -> Self {
        Self { tag: format!("\"{}\"", fingerprint(&body)), body }
    }

    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let same = known.flat_map(|value| value.split(',')).any(|one| one.trim().trim_start_matches("W/") == self.tag);
        let headers = [(header::ETAG, self.tag.as_str()), (header::CACHE_CONTROL, "no-cache")];
        if same {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, [(header::CONTENT_TYPE, "application/json")], self.body.clone()).into_response()
    }
}

/// A JSON answer.
pub(crate) fn json<T: Serialize>(answer: T) -> Response {
    Json(answer).into_response()
}
