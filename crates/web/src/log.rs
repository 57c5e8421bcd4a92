//! The public log: checkpoint, tiles, key. Commitments only: nothing about people can be read or guessed from them.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chengxin_app::log::{LogHealth, origin_of};
use chengxin_core::Say;
use serde_json::json;

use crate::form::{Frame, Wish, html};
use crate::problem::{Problem, of};
use crate::state::Shared;

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");
/// A full tile never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FOR_NOW: HeaderValue = HeaderValue::from_static("no-cache");

fn with(kind: HeaderValue, caching: HeaderValue) -> [(HeaderName, HeaderValue); 2] {
    [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, caching)]
}

/// The newest signed checkpoint.
pub(crate) async fn checkpoint(State(shared): State<Shared>, wish: Wish) -> Response {
    match shared.read(|reading| reading.log_checkpoint()).await {
        Ok(Some(note)) => (with(TEXT, FOR_NOW), note).into_response(),
        Ok(None) => of(StatusCode::NOT_FOUND).show(&shared, &wish),
        Err(error) => Problem::from(error).show(&shared, &wish),
    }
}

/// A tile or a bundle of entries.
pub(crate) async fn tile(State(shared): State<Shared>, wish: Wish, Path(path): Path<String>) -> Response {
    match shared.read(move |reading| reading.log_tile(&format!("tile/{path}"))).await {
        Ok(Some((at, bytes))) => {
            let (chengxin_app::log::TilePath::Hashes(tile) | chengxin_app::log::TilePath::Entries(tile)) = at;
            let caching = if tile.is_full() { FOR_EVER } else { FOR_NOW };
            (with(BYTES, caching), bytes).into_response()
        }
        Ok(None) => of(StatusCode::NOT_FOUND).show(&shared, &wish),
        Err(error) => Problem::from(error).show(&shared, &wish),
    }
}

/// The key by which checkpoints are checked, in its text form.
pub(crate) async fn key(State(shared): State<Shared>, wish: Wish) -> Response {
    match shared.with(|installation| installation.log_key()).await {
        Ok(key) => (with(TEXT, FOR_NOW), format!("{key}\n")).into_response(),
        Err(error) => Problem::from(error).show(&shared, &wish),
    }
}

/// How the log fares, for the health page.
pub(crate) fn health(base_url: &str, health: &LogHealth) -> serde_json::Value {
    json!({
        "origin": origin_of(base_url), "size": health.size, "sequencedAtUs": health.sequenced_us,
        "fault": health.fault.as_ref().map(|say| json!({ "zh": say.zh, "en": say.en })),
    })
}

#[derive(Template)]
#[template(path = "log.html")]
struct LogPage {
    f: Frame,
    origin: String,
    size: u64,
    checkpoint: Option<String>,
    key: String,
    fault: Option<Say>,
}

/// What the log is, how it stands, and how anybody checks it.
pub(crate) async fn page(State(shared): State<Shared>, wish: Wish) -> Result<Response, Problem> {
    // First how it fares: the checkpoint that is read then is no older.
    let (health, origin) = (shared.log().health(), origin_of(shared.base_url()));
    let checkpoint = shared.read(|reading| reading.log_checkpoint()).await?;
    let key = shared.with_stranger(|installation| installation.log_key()).await?;
    let f = Frame::new(&shared, &wish);
    let (size, fault) = (health.size, health.fault);
    Ok(html(StatusCode::OK, &LogPage { f, origin, size, checkpoint, key: key.to_string(), fault }))
}
