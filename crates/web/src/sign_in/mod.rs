//! Pages by which people sign in: here, with name and password or a passkey, or by another provider.
//!
//! The session lies in a cookie that only these pages read. The interface for programs knows no cookie: a page of somebody else cannot have a
//! browser speak to it.

mod begin;
pub(crate) mod cookie;
mod pages;
mod provider;

pub(crate) use pages::second;

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};
use chengxin_core::{Caller, Ground};
use tower_http::csrf::CsrfLayer;

use crate::api::count;
use crate::state::{Shared, public};

/// The routes.
pub(crate) fn routes(shared: &Shared) -> Router<Shared> {
    Router::new()
        .route("/sign-in", get(pages::choose).post(pages::enter))
        .route("/sign-in/{issuer}", get(provider::leave).post(provider::leave_with_code))
        .route("/sign-in/{issuer}/callback", get(provider::come_back))
        .route("/sign-in/passkey/asked", post(pages::passkey_asked))
        .route("/sign-in/passkey", post(pages::passkey))
        .route("/sign-out", post(pages::leave))
        .route("/begin", get(begin::ask))
        .route("/begin/{code}", get(begin::show).post(begin::begin))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(shared.clone(), count))
}

/// Whoever is not signed in yet.
fn visitor() -> Caller {
    Caller { actor: "visitor".to_owned(), purpose: "登录".to_owned(), ground: Ground::OwnRight, ..public() }
}
