//! Pages and JSON: parse, call `app`, render. Nothing here decides anything.
//!
//! Pages for everybody (verification, catalogue, matters, knowledge, the log), for residents (`/me`), for windows and authorities
//! (`/desk`), for the credit office (`/office`). They are made on the server, work without a script but for passkeys, and load one style sheet and one script from the same
//! place; the content security policy allows nothing else. Their texts come from `locales/`. [`quality_page`] makes the quality report of an import as a file of its own.

mod api;
mod board;
mod bucket;
mod carried;
mod catalogue;
mod chart;
mod compare;
mod decision;
mod demo;
mod desk;
mod filing;
mod form;
mod handed;
mod headers;
mod learn;
mod log;
mod matter;
mod me;
mod mending;
mod names;
mod office;
mod once;
mod pages;
mod picture;
mod places;
mod problem;
mod publication;
pub mod quality;
mod reached;
mod report;
mod sign_in;
mod state;
mod styleguide;
mod texts;
mod typed;
mod visit;
mod witness;

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

pub use api::Rate;
pub use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use chengxin_app::reading::Pool;
use chengxin_app::{AppError, Installation};

pub use quality::quality_page;
pub use witness::witness_router;

use state::Shared;

/// How long a request may take, its body included; where a file comes with it, it has its own times.
const PATIENCE: Duration = Duration::from_secs(60);

/// The public routes over an installation; `pool` says how many of them read at once.
///
/// The installation stays behind one lock: a look takes milliseconds, and SQLite has one writer anyway. Work with it is
/// done off the threads that serve connections.
///
/// Entries of the log are made durable by a thread of its own, which sequences them too; it ends when the routes are
/// dropped.
///
/// # Errors
/// The stores'. An inconsistent log is no error here: the server starts, refuses to write, and says so under `/health`.
pub fn router(installation: Installation, pool: Pool) -> Result<Router, AppError> {
    router_at(installation, pool, Rate::default())
}

/// The same with another number of requests that a client may send.
///
/// # Errors
/// As [`router`].
pub fn router_at(installation: Installation, pool: Pool, rate: Rate) -> Result<Router, AppError> {
    let shared = Shared::new(installation, pool, rate)?;
    let routes = Router::new()
        .route("/", get(pages::home))
        .route("/verify", get(pages::verify).post(pages::verify_code))
        .route("/verify/picture", post(picture::read))
        .route("/publications", get(publication::list))
        .route("/publications/{code}", get(publication::show))
        .route("/v/{code}", get(report::show).post(report::look_closer))
        .route("/trust.json", get(pages::trust))
        .route("/health", get(pages::health))
        .route("/demo/records", post(demo::records))
        .route("/log/checkpoint", get(log::checkpoint))
        .route("/log/key", get(log::key))
        .route("/log/tile/{*path}", get(log::tile))
        .route("/robots.txt", get(pages::robots))
        .route(pages::STYLE_PATH, get(pages::style))
        .route(pages::SCRIPT_PATH, get(pages::script))
        .route(pages::ICON_PATH, get(pages::icon))
        .route("/catalogue", get(catalogue::list))
        .route("/catalogue/{item}", get(catalogue::item))
        .route("/matters", get(matter::list))
        .route("/matters/{matter}", get(matter::show))
        .route("/quality", get(board::show))
        .route("/quality/{authority}", get(board::about))
        .route("/d/{number}/{code}", get(decision::show))
        .route("/learn", get(learn::list))
        .route("/learn/{page}", get(learn::page))
        .route("/log", get(log::page))
        .route("/styleguide", get(styleguide::show))
        .merge(api::routes(&shared))
        .merge(sign_in::routes(&shared))
        .merge(visit::routes(&shared))
        .fallback(problem::no_such_page)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(axum::extract::DefaultBodyLimit::max(compare::UPLOAD_LIMIT))
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn_with_state(shared.clone(), problem::in_house_words))
        .layer(middleware::from_fn_with_state(shared.clone(), headers::protect))
        .with_state(shared);
    Ok(routes)
}

/// Ends what takes too long.
async fn in_time(request: Request, next: Next) -> Response {
    if api::takes_its_own_time(&request) || desk::takes_its_own_time(&request) {
        return next.run(request).await;
    }
    let done = tokio::time::timeout(PATIENCE, next.run(request)).await;
    done.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
}

/// The description of the interface for programs, OpenAPI 3.1 as JSON, as it is served and lies in `docs/`.
#[must_use]
pub fn api_description() -> String {
    api::description()
}

/// Serves until `shutdown` is done; requests that are being answered are answered.
///
/// # Errors
/// The listener's.
pub async fn serve(
    listener: tokio::net::TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(shutdown)
        .await
}
