//! A witness of other logs, over HTTP.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chengxin_app::log::Witness;
use chengxin_app::{AppError, Clock};

/// A request is a note of some lines and a proof of some dozens.
const LARGEST: usize = 64 * 1024;

struct Desk {
    witness: Witness,
    clock: Arc<dyn Clock>,
    key: String,
}

/// The routes of a witness: `POST /add-checkpoint`, and `GET /key` for those who configure it.
///
/// # Errors
/// Internal faults of its key.
///
/// # Source
/// C2SP tlog-witness.
pub fn witness_router(witness: Witness, clock: Arc<dyn Clock>) -> Result<Router, AppError> {
    let key = witness.key()?;
    let desk = Arc::new(Desk { witness, clock, key });
    Ok(Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/key", get(async |State(desk): State<Arc<Desk>>| format!("{}\n", desk.key)))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(desk))
}

async fn add_checkpoint(State(desk): State<Arc<Desk>>, body: Bytes) -> Response {
    let answer = tokio::task::spawn_blocking(move || desk.witness.add_checkpoint(&body, desk.clock.now_us())).await;
    match answer {
        Ok(Ok(answer)) => {
            let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CONTENT_TYPE, answer.content_type)], answer.body).into_response()
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "the witness could not keep what it saw");
            (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", error.public.en)).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the witness ended early");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
