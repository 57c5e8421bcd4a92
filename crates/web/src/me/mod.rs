//! The pages of a person about themself: what is held, who looked, what they allow, and how they sign in.

mod account;
mod carry;
mod channel;
mod check;
mod complaint;
mod consent;
mod horizon;
mod log;
mod mandate;
mod notice;
mod proceeding;
mod record;
mod report;

pub(crate) use check::{headline, may_proceed};

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use chengxin_app::notice::Waiting;
use chengxin_core::Say;
use chengxin_core::identity::mask_number;
use chengxin_core::operation_words::role;

use crate::form::{Area, Frame, html};
use crate::handed::LARGEST;
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;

/// The routes.
pub(crate) fn routes() -> Router<Shared> {
    let with_files = Router::new()
        .route("/me/records/{record}/object", get(horizon::object_ask).post(horizon::object))
        .route("/me/records/{record}/repair", get(horizon::repair_ask).post(horizon::repair))
        .route("/me/proceedings/{number}/additions", get(proceeding::ask).post(proceeding::add))
        .layer(DefaultBodyLimit::max(LARGEST));
    Router::new()
        .merge(with_files)
        .route("/me", get(overview))
        .route("/me/records/{record}", get(horizon::show))
        .route("/me/records/{record}/delete", get(horizon::delete_ask).post(horizon::delete))
        .route("/me/proceedings", get(proceeding::list))
        .route("/me/proceedings/{number}/decision", get(proceeding::decision))
        .route("/me/proceedings/{number}/attachments/{file}", get(proceeding::attachment))
        .route("/me/notices", get(notice::list))
        .route("/me/notices/channels", get(channel::list).post(channel::add))
        .route("/me/notices/channels/{channel}/proven", post(channel::prove))
        .route("/me/notices/channels/{channel}/removed", post(channel::remove))
        .route("/me/notices/{notice}", get(notice::show))
        .route("/me/records", get(record::list))
        .route("/me/log", get(log::lines))
        .route("/me/complaints", get(complaint::list))
        .route("/me/complaints/new/{chain}/{number}", get(complaint::ask).post(complaint::file))
        .route("/me/complaints/{number}/withdrawn", post(complaint::withdraw))
        .route("/me/checks", get(check::list))
        .route("/me/previews/{matter}", get(check::preview))
        .route("/me/reports", get(report::ask).post(report::issue))
        .route("/me/reports/withdrawn", post(report::withdraw))
        .route("/me/consents", get(consent::list))
        .route("/me/consents/new", get(consent::ask).post(consent::grant))
        .route("/me/consents/code", get(consent::ask_code).post(consent::code))
        .route("/me/consents/{receipt}/narrowed", get(consent::narrow_ask).post(consent::narrow))
        .route("/me/consents/{receipt}/withdrawn", post(consent::withdraw))
        .route("/me/consents/{receipt}/disowned", post(consent::disown))
        .route("/me/consents/{receipt}/receipt", get(consent::receipt))
        .route("/me/mandates", get(mandate::list))
        .route("/me/mandates/new", get(mandate::ask).post(mandate::offer))
        .route("/me/mandates/accepted", get(mandate::ask_code).post(mandate::accept))
        .route("/me/mandates/{mandate}/revoked", post(mandate::revoke))
        .route("/me/mandates/{mandate}/resigned", post(mandate::resign))
        .route("/me/carried-away", get(carry::ask).post(carry::carry))
        .route("/me/account", get(account::show))
        .route("/me/account/sessions/{id}/ended", post(account::end))
        .route("/me/account/sessions/ended", post(account::end_all))
        .route("/me/account/factors/{id}/removed", post(account::remove))
        .route("/me/account/proof", post(account::prove))
        .route("/me/account/password", post(account::password))
        .route("/me/account/recovery", post(account::recovery))
        .route("/me/account/app", post(account::offer_app))
        .route("/me/account/app/added", post(account::add_app))
        .route("/me/account/passkeys/offered", post(account::offer_passkey))
        .route("/me/account/passkeys", post(account::add_passkey))
}

#[derive(Template)]
#[template(path = "me/overview.html")]
struct Overview {
    f: Frame,
    name: String,
    bound: bool,
    rights: Vec<Say>,
    staff: bool,
    waiting: Waiting,
}

/// Who is signed in, and what they can do here.
async fn overview(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let seen = shared.act(visit.oneself(), "session_list", |installation, _, who| {
        let own = installation.bound_document(who)?.map(|(kind, number)| mask_number(kind, &number));
        let waiting = installation.waiting_for(who)?;
        Ok((own.is_some(), own.unwrap_or_else(|| who.actor.clone()), who.roles(), waiting))
    });
    let (bound, name, roles, waiting) = seen.await?;
    let staff = roles.iter().any(|role| role.code() != "resident" && role.code() != "representative");
    let rights = roles.into_iter().map(role).collect();
    Ok(html(StatusCode::OK, &Overview { f: visit.me(&shared), name, bound, rights, staff, waiting }))
}
