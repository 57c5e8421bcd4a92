//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that is sent again is not carried out twice.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts as _, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chengxin_app::idempotency::{KeptAnswer, Repeatable, Repeated, TakenKey};
use chengxin_core::Say;
use chengxin_core::operation::{Api, OPERATIONS};

use super::asker::{AUTHORITY, Asker, MANDATE, PURPOSE, ROLE};
use super::body::LIMIT;
use crate::problem::{Problem, of};
use crate::state::Shared;

/// The header.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Characters of a key. Fewer would be a counter's, and two programs of one account count alike.
const LENGTH: std::ops::RangeInclusive<usize> = 16..=128;

/// Operations whose answer hands something out once: tokens, one-time codes, secrets, the codes of a report; and the proof of who one
/// is. To keep them, even sealed, would be to have them twice. What is lost is asked for anew: each has its own way to make what was lost worthless.
const HANDED_OUT_ONCE: [&str; 13] = [
    "account_begin",
    "account_factor_add",
    "account_open",
    "activation_issue",
    "activation_redeem",
    "channel_add",
    "consent_code",
    "mandate_offer",
    "recovery_issue",
    "report_issue",
    "session_open",
    "session_reauthenticate",
    "token_issue",
];

/// Operations of large bodies, of which none needs a key: a batch that was asked for twice looks nobody up and waits twice, a part is asked
/// once more by its number, and the rows of a file that was taken in are unchanged. An objection, an answer or a request that is sent twice is refused the second time
/// with the number or the state of the first; what is handed in twice stands there twice and is lost to nobody.
const LARGE: [&str; 9] = [
    "check_batch_answer",
    "check_batch_open",
    "objection_add",
    "objection_decide",
    "objection_file",
    "objection_identify",
    "repair_decide",
    "repair_file",
    "submission_import",
];

/// The operation of a route.
fn operation(method: &Method, parts: &Parts) -> Option<&'static str> {
    let route = format!("{method} {}", parts.extensions.get::<MatchedPath>()?.as_str());
    let has = |api: Api| matches!(api, Api::Routes(routes) if routes.contains(&route.as_str()));
    OPERATIONS.iter().find(|operation| has(operation.api)).map(|operation| operation.name)
}

/// The key that a request brings, in quotation marks as the draft has it or without.
fn key(headers: &HeaderMap) -> Option<Result<String, Problem>> {
    let mut values = headers.get_all(KEY).iter();
    let first = values.next()?;
    let text = first.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let fits = |c: u8| c.is_ascii_alphanumeric() || b"-_.~:+/=".contains(&c);
    let good = values.next().is_none() && LENGTH.contains(&text.len()) && text.bytes().all(fits);
    let wrong = || {
        Problem::new(
            StatusCode::BAD_REQUEST,
            Say::new(
                "Idempotency-Key 只能有一个，由 16 至 128 个字母、数字或 - _ . ~ : + / = 组成；建议用 UUID",
                "there is one Idempotency-Key, of 16 to 128 letters, digits or - _ . ~ : + / = ; a UUID is best",
            ),
        )
    };
    Some(if good { Ok(text.to_owned()) } else { Err(wrong()) })
}

/// Carries out what comes with a key once, and answers it again as it was answered.
pub(crate) async fn once(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let name = operation(&parts.method, &parts).filter(|_| parts.method == Method::POST);
    let (Some(name), Some(key)) = (name, key(&parts.headers)) else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let key = match key {
        Ok(key) => key,
        Err(problem) => return problem.into_response(),
    };
    if HANDED_OUT_ONCE.contains(&name) {
        return handed_out_once().into_response();
    }
    if LARGE.contains(&name) {
        return without_key().into_response();
    }
    let (asker, parts, sent) = match received(&shared, parts, body).await {
        Ok(Received::Whole(whole)) => *whole,
        // Nothing is kept for a stranger: they are refused as without a key.
        Ok(Received::Stranger(request)) => return next.run(*request).await,
        Err(problem) => return problem.into_response(),
    };
    // To its end, whether or not whoever asked still waits: that they do not is what the key is for.
    let done = tokio::spawn(async move { carried_out(&shared, name, &key, asker, (parts, sent), next).await });
    match done.await {
        Ok(answer) => answer.unwrap_or_else(Problem::into_response),
        Err(_) => of(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}

/// What came with a key.
enum Received {
    Whole(Box<(Asker, Parts, Bytes)>),
    Stranger(Box<Request>),
}

/// Receives the body of whoever is signed in, in the time that a request has.
async fn received(shared: &Shared, mut parts: Parts, body: Body) -> Result<Received, Problem> {
    let asker = Asker::from_request_parts(&mut parts, shared).await?;
    if shared.is_stranger(&asker).await? {
        return Ok(Received::Stranger(Box::new(Request::from_parts(parts, body))));
    }
    let sent = to_bytes(body, LIMIT).await.map_err(|_| of(StatusCode::PAYLOAD_TOO_LARGE))?;
    Ok(Received::Whole(Box::new((asker, parts, sent))))
}

async fn carried_out(
    shared: &Shared,
    name: &'static str,
    key: &str,
    asker: Asker,
    (parts, sent): (Parts, Bytes),
    next: Next,
) -> Result<Response, Problem> {
    let (key, told_apart, whole) = (key.to_owned(), told_apart(&parts), sent.clone());
    let begun = shared.with(move |installation| {
        let mut with: Vec<&[u8]> = told_apart.iter().map(String::as_bytes).collect();
        with.push(&whole);
        installation.request_begin(asker.token.as_ref(), &asker.acting, Repeatable { name, key: &key, parts: &with })
    });
    let request = Request::from_parts(parts, Body::from(sent));
    match begun.await? {
        Repeated::Stranger => Ok(next.run(request).await),
        Repeated::First(taken) => kept(shared, taken, next.run(request).await).await,
        Repeated::Again(answer) => again(answer),
        Repeated::Other => Err(another()),
        Repeated::UnderWay => Err(under_way()),
        Repeated::Unknown => Err(unknown()),
    }
}

/// By what one request is told from another, its body apart: what is asked, as whom, what for.
fn told_apart(parts: &Parts) -> Vec<String> {
    let address = parts.uri.path_and_query().map_or_else(|| parts.uri.path().to_owned(), ToString::to_string);
    let said = |name: &str| {
        let values = parts.headers.get_all(name).iter();
        values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect::<Vec<_>>().join(",")
    };
    let headers = [ROLE, AUTHORITY, MANDATE, PURPOSE, header::CONTENT_TYPE.as_str()].map(said);
    [vec![parts.method.to_string(), address], headers.to_vec()].concat()
}

/// Keeps what was done; lets go of the key where it was refused, since nothing was. After a fault it is not known, and the key stays.
async fn kept(shared: &Shared, taken: TakenKey, response: Response) -> Result<Response, Problem> {
    let status = response.status();
    if response.extensions().get::<Problem>().map_or(status.is_server_error(), |problem| problem.unknown) {
        return Ok(response);
    }
    if !status.is_success() {
        noted(shared, taken, None).await;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    // Our own words, of bounded length.
    let bytes = to_bytes(body, usize::MAX).await.map_err(|_| of(StatusCode::INTERNAL_SERVER_ERROR))?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let answer = KeptAnswer { status: status.as_u16(), kind: kind.to_owned(), body: bytes.to_vec() };
    noted(shared, taken, Some(answer)).await;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// What was done is done, and said, even where it could not be noted: sent again, it is then told to be unknown.
async fn noted(shared: &Shared, taken: TakenKey, answer: Option<KeptAnswer>) {
    let noted = shared.with(move |installation| installation.request_answered(taken, answer.as_ref()));
    if let Err(error) = noted.await {
        tracing::warn!(%error, "an answer could not be kept for its key");
    }
}

fn again(answer: KeptAnswer) -> Result<Response, Problem> {
    let fault = || of(StatusCode::INTERNAL_SERVER_ERROR);
    let status = StatusCode::from_u16(answer.status).map_err(|_| fault())?;
    let mut response = (status, answer.body).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    if !answer.kind.is_empty() {
        let kind = HeaderValue::from_str(&answer.kind).map_err(|_| fault())?;
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

fn without_key() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        Say::new(
            "批量核查和文件报送不使用 Idempotency-Key：重复提出的批次在批准前不查询任何人；某一部分的答复丢失的，按其序号再取一次；同一文件再次报送不会重复计入",
            "a batch and a file take no Idempotency-Key: a batch that was asked for twice looks nobody up before it is approved, a part whose answer was lost is asked for once more by its number, and a file that is sent again changes nothing",
        ),
    )
}

fn handed_out_once() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        Say::new(
            "该操作的答复含只交付一次的内容（令牌、一次性码、口令验证等），平台不留存，因此不接受 Idempotency-Key；请去掉该请求头。没有收到答复的，重新办理即可",
            "what this answers is handed out once (tokens, codes, proofs) and kept nowhere, so it takes no Idempotency-Key: send it without one. Where the answer was lost, ask anew",
        ),
    )
}

fn another() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        Say::new(
            "该 Idempotency-Key 已用于另一请求；另一请求请用新的键",
            "this Idempotency-Key was used for another request: use a new one for each",
        ),
    )
}

fn under_way() -> Problem {
    let say = Say::new(
        "使用该 Idempotency-Key 的请求正在办理；请稍后以同一请求查询结果",
        "the request with this Idempotency-Key is being carried out: send the same again in a moment for its answer",
    );
    Problem { retry_after: Some(1), ..Problem::new(StatusCode::CONFLICT, say) }
}

fn unknown() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        Say::new(
            "使用该 Idempotency-Key 的请求曾经开始，平台未能记下其结果：可能已经办理，也可能没有。请先查看（批次、待核实信息、授权、本人的留痕，或由审计人员查日志），确未办理的，换一个新的键重发",
            "the request with this Idempotency-Key was begun, and what became of it was not noted: it may have been carried out or not. Look first (submissions, held rows, consents, one's own log; an auditor finds it in the log); where it was not, send it under a new key",
        ),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_key_is_one_of_bounded_length_with_or_without_quotation_marks() {
        let read = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(KEY, HeaderValue::from_str(value).unwrap());
            }
            key(&headers).map(|key| key.ok())
        };
        assert_eq!(read(&[]), None);
        let uuid = "8e03978e-40d5-43dd-bc93-6894a57f9324";
        assert_eq!(read(&[uuid]), Some(Some(uuid.to_owned())));
        assert_eq!(read(&[&format!("\"{uuid}\"")]), Some(Some(uuid.to_owned())));
        for wrong in ["", "1", "fifteen-letters", "with a space in it", "\"never-ended-never-ended", &"x".repeat(129)] {
            assert_eq!(read(&[wrong]), Some(None), "{wrong}");
        }
        assert_eq!(read(&[uuid, uuid]), Some(None));
    }

    #[test]
    fn what_is_handed_out_once_is_an_operation_that_there_is() {
        for name in HANDED_OUT_ONCE {
            assert!(OPERATIONS.iter().any(|operation| operation.name == name), "{name}");
        }
    }
}
