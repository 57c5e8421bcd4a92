//! Over made-up data, and nowhere else: what is held about a made-up person, without an account. It goes the way that every
//! disclosure goes: read, make the entry durable, then let the answer leave.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Role, Say, Standing};
use serde::Deserialize;

use crate::form::Wish;
use crate::problem::{Problem, of};
use crate::state::Shared;

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Resident ID number, or unified social credit code.
    number: String,
}

/// Everything held about a made-up subject, as JSON.
pub(crate) async fn records(
    State(shared): State<Shared>,
    mut wish: Wish,
    asked: Result<Json<Asked>, JsonRejection>,
) -> Response {
    wish.json = true;
    if !shared.synthetic() {
        return of(StatusCode::NOT_FOUND).show(&shared, &wish);
    }
    let asked = match asked {
        Ok(Json(asked)) => asked,
        Err(rejection) => return unread(&rejection).show(&shared, &wish),
    };
    let number = asked.number.trim().to_owned();
    let kind = DocumentKind::of_number(&number);
    let role = if kind == DocumentKind::Uscc { Role::Representative } else { Role::Resident };
    let caller = Caller {
        actor: "demonstration".to_owned(),
        role,
        authority: None,
        purpose: "演示".to_owned(),
        ground: Ground::OwnRight,
        // Everybody may act as anybody here: there is nobody.
        standing: Standing::Console,
    };
    match shared.disclose(move |reading| reading.record_list(&caller, kind, &number)).await {
        Ok(list) => ([(header::CACHE_CONTROL, "no-store")], Json(list)).into_response(),
        Err(error) => Problem::from(error).show(&shared, &wish),
    }
}

/// What was sent cannot be read: what it should be. The parser's own words are left out: they are English, and could hold
/// a piece of a number.
fn unread(rejection: &JsonRejection) -> Problem {
    const EXAMPLE: &str = r#"{"number": "990000199001010017"}"#;
    let (zh, en) = match rejection {
        JsonRejection::MissingJsonContentType(_) => (
            format!("内容类型有误：请加上请求头 Content-Type: application/json，内容如 {EXAMPLE}"),
            format!(
                "the content type is wrong: send the header Content-Type: application/json, and a body such as {EXAMPLE}"
            ),
        ),
        JsonRejection::JsonSyntaxError(_) | JsonRejection::JsonDataError(_) => (
            format!("内容应为一个 JSON 对象，其字段 number 为证件号码，写成文本；请改为如 {EXAMPLE}"),
            format!(
                "the body must be a JSON object whose field number is the document number, as text: send one such as {EXAMPLE}"
            ),
        ),
        // Too large, or broken off on the way.
        other => return of(other.status()),
    };
    Problem::new(rejection.status(), Say::new(zh, en))
}
