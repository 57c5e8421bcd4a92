//! The pages that are about nobody: home, typing a code, public keys, style and script.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chengxin_app::report::VerificationCode;
use chengxin_core::Say;
use serde::Deserialize;

use crate::form::{Frame, Wish, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;

/// Where the style sheet lies.
pub(crate) const STYLE_PATH: &str = "/assets/style.css";
const STYLE: &str = include_str!("../assets/style.css");

/// Where the script lies.
pub(crate) const SCRIPT_PATH: &str = "/assets/script.js";
const SCRIPT: &str = include_str!("../assets/script.js");
/// Where the picture lies that stands beside the title.
pub(crate) const ICON_PATH: &str = "/assets/icon.svg";
const ICON: &str = include_str!("../assets/icon.svg");

/// Most characters of a typed code that are given back in the form.
const GIVEN_BACK: usize = 60;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    f: Frame,
}

#[derive(Template)]
#[template(path = "verify.html")]
struct Verify {
    f: Frame,
    typed: String,
    wrong: bool,
    /// What is wrong with a picture that was handed in.
    fault: Option<Say>,
}

/// The page for typing a code, where a picture led nowhere.
pub(crate) fn verify_without(shared: &Shared, wish: &Wish, status: StatusCode, fault: Say) -> Response {
    let f = Frame::new(shared, wish);
    keep(html(status, &Verify { f, typed: String::new(), wrong: false, fault: Some(fault) }))
}

pub(crate) async fn home(State(shared): State<Shared>, wish: Wish) -> Response {
    html(StatusCode::OK, &Home { f: Frame::new(&shared, &wish) })
}

pub(crate) async fn verify(State(shared): State<Shared>, wish: Wish) -> Response {
    html(StatusCode::OK, &Verify { f: Frame::new(&shared, &wish), typed: String::new(), wrong: false, fault: None })
}

#[derive(Deserialize)]
pub(crate) struct CodeForm {
    #[serde(default)]
    code: String,
}

/// Leads to the report's page. Only what is a code by its own check characters gets into the address.
pub(crate) async fn verify_code(State(shared): State<Shared>, wish: Wish, Form(form): Form<CodeForm>) -> Response {
    let Some(code) = VerificationCode::parse(&form.code) else {
        let typed = form.code.chars().take(GIVEN_BACK).collect();
        return keep(html(
            StatusCode::UNPROCESSABLE_ENTITY,
            &Verify { f: Frame::new(&shared, &wish), typed, wrong: true, fault: None },
        ));
    };
    Redirect::to(&Frame::new(&shared, &wish).to(&format!("/v/{}", code.as_str()))).into_response()
}

/// Public keys by which anybody verifies a report on their own machine.
pub(crate) async fn trust(State(shared): State<Shared>) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    ([kind], shared.trust().to_owned()).into_response()
}

/// Whether the database answers, and how the log fares.
pub(crate) async fn health(State(shared): State<Shared>, mut wish: Wish) -> Response {
    wish.json = true;
    let log = shared.log().health();
    let answers = shared.with(|installation| installation.answers()).await;
    let status = match (&answers, &log.fault) {
        (Ok(()), None) => StatusCode::OK,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    if let (Err(error), None) = (answers, &log.fault) {
        return Problem::from(error).show(&shared, &wish);
    }
    let word = if status == StatusCode::OK { "ok" } else { "log inconsistent" };
    let body = serde_json::json!({ "status": word, "log": crate::log::health(shared.base_url(), &log) });
    keep((status, axum::Json(body)).into_response())
}

/// Nothing here is for search engines.
pub(crate) async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /\n"
}

/// What never changes at an address that changes with it.
fn asset(kind: &'static str, content: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")], content)
        .into_response()
}

pub(crate) async fn style() -> Response {
    asset("text/css; charset=utf-8", STYLE)
}

pub(crate) async fn script() -> Response {
    asset("text/javascript; charset=utf-8", SCRIPT)
}

pub(crate) async fn icon() -> Response {
    asset("image/svg+xml", ICON)
}

/// Address of the style sheet; it changes with its content, so that browsers keep it for good.
pub(crate) fn style_address() -> &'static str {
    static ADDRESS: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    ADDRESS.get_or_init(|| format!("{STYLE_PATH}?v={}", fingerprint(STYLE.as_bytes())))
}

/// The same of the script.
pub(crate) fn script_address() -> &'static str {
    static ADDRESS: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    ADDRESS.get_or_init(|| format!("{SCRIPT_PATH}?v={}", fingerprint(SCRIPT.as_bytes())))
}

/// Tells versions of a content apart, and nothing more (FNV-1a).
pub(crate) fn fingerprint(content: &[u8]) -> String {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", content.iter().fold(0xcbf2_9ce4_8422_2325, step))
}
