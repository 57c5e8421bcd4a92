//! Over made-up data, and nowhere else: what is held about a made-up person, without an account. It goes the way that every
//! disclosure goes: read, make the entry durable, then let the answer leave.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Ground, Role};
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
pub(crate) async fn records(State(shared): State<Shared>, mut wish: Wish, Json(asked): Json<Asked>) -> Response {
    wish.json = true;
    if !shared.synthetic() {
        return of(StatusCode::NOT_FOUND).show(&shared, &wish);
    }
    let number = asked.number.trim().to_owned();
    let kind = DocumentKind::of_number(&number);
    let role = if kind == DocumentKind::Uscc { Role::Representative } else { Role::Resident };
    let caller = Caller {
        actor: "demonstration".to_owned(),
        role,
        authority: None,
        purpose: "demonstration".to_owned(),
        ground: Ground::OwnRight,
    };
    match shared.disclose(move |reading| reading.record_list(&caller, kind, &number)).await {
        Ok(list) => ([(header::CACHE_CONTROL, "no-store")], Json(list)).into_response(),
        Err(error) => Problem::from(error).show(&shared, &wish),
    }
}
