//! The interface for programs, `/api/v1`: what the pages and the command line can do for a role, in JSON.
//!
//! The list of routes and their description are one ([`documented`]): a route that is not described does not exist. Only a
//! bearer's token signs a request in, never a cookie, so that no other site can make a browser send one.

mod account;
mod accounts;
mod act;
mod asker;
mod batches;
mod body;
mod checks;
mod clients;
mod complaints;
mod consent_paper;
mod consents;
mod contact;
mod finished;
mod idempotency;
mod imports;
mod limits;
mod mandates;
mod me;
mod notices;
mod oauth;
mod objections;
mod offices;
mod passkeys;
mod proceedings;
mod proofs;
mod publications;
mod records;
mod reference;
mod refusals;
mod repairs;
mod rules;
mod sessions;
mod statistics;

use std::sync::LazyLock;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderName};
use axum::response::Response;
use axum::routing::get;
use axum::{Router, middleware};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use utoipa::openapi::security::{ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Scopes, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

pub(crate) use asker::{Asker, source};
pub(crate) use checks::answered;
pub(crate) use finished::Finished;
pub(crate) use imports::{arrived, takes_its_own_time, too_large};
pub use limits::Rate;
pub(crate) use limits::{Limits, count};
pub(crate) use me::{ahead_of, held_about, slips_of};
pub(crate) use objections::record;
pub(crate) use proceedings::{allowed, download};
pub(crate) use publications::{PURPOSE as PUBLICATION_PURPOSE, published};
pub(crate) use statistics::file;

use chengxin_app::check::BatchFault;
use chengxin_app::client::TOKEN_PATH;

use self::body::Tagged;
use crate::state::Shared;

/// Where everything lies.
pub(crate) const PREFIX: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "诚信 Chengxin",
        version = "1",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        description = "Public credit records: what is held about a person or an organisation, on which clause, who looked, and the one \
            lawful answer to the matter at hand. No score, no grade, no list of people to search.\n\n\
            Sign in at `POST /api/v1/sessions` and send the token as `Authorization: Bearer …`. Officers say what for in \
            `Chengxin-Purpose` (percent-encoded UTF-8): it is logged and shown to the person concerned. Whoever holds several rights \
            says by `Chengxin-Role` and `Chengxin-Authority` in which they act; whoever acts for another names the mandate in \
            `Chengxin-Mandate`, and what lies under `/me` is then that one's. A machine of an authority asks for its token at \
            `POST /api/v1/oauth/token` with an assertion that its key signed (OAuth 2.0 client credentials, `private_key_jwt`; metadata at \
            `/.well-known/oauth-authorization-server`). A POST may carry an `Idempotency-Key`: sent again within a day it is answered again and not \
            carried out twice; operations that hand out a secret take none. Every refusal is a problem document (RFC 9457) in both \
            languages; `?lang=en` chooses that of its title and detail. `X-Request-Id` names a request in the operator's log; `RateLimit` \
            says how many more may follow at once."
    ),
    tags(
        (name = "sessions", description = "Signing in and out"),
        (name = "account", description = "What one's own account proves itself by"),
        (name = "accounts", description = "Beginning an account, and administering those of staff"),
        (name = "clients", description = "Machines of authorities: their keys and tokens"),
        (name = "me", description = "What one reads and does about oneself"),
        (name = "consents", description = "What a person allows"),
        (name = "mandates", description = "Who acts for whom"),
        (name = "notices", description = "What a person is told and on which channels; what authorities are told and have to serve"),
        (name = "checks", description = "The check at the window"),
        (name = "rules", description = "By what rules the platform works; open to everybody"),
        (name = "offices", description = "The work of authorities"),
        (name = "records", description = "Decisions of the determining authority about its own records"),
        (name = "log", description = "Proofs that something stands in the log"),
    ),
    components(schemas(BatchFault)),
    security(("token" = []), ("machine" = [])),
    modifiers(&Token),
)]
struct Api;

struct Token;

impl Modify for Token {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let scopes = Scopes::from_iter(oauth::scopes().into_iter().map(|name| (name, "the operation of this name")));
        let flow = Flow::ClientCredentials(ClientCredentials::new(TOKEN_PATH, scopes));
        components.add_security_scheme("machine", SecurityScheme::OAuth2(OAuth2::new([flow])));
    }
}

/// The routes with their description.
fn documented() -> OpenApiRouter<Shared> {
    let own = OpenApiRouter::new()
        .routes(routes!(sessions::session_open, sessions::session_list, sessions::session_end_all))
        .routes(routes!(sessions::session_end))
        .routes(routes!(sessions::session_reauthenticate))
        .routes(routes!(passkeys::session_open_ask))
        .routes(routes!(passkeys::session_open_passkey))
        .routes(routes!(passkeys::session_reauthenticate_ask))
        .routes(routes!(passkeys::session_reauthenticate_passkey))
        .routes(routes!(account::account_factor_list))
        .routes(routes!(account::account_factor_remove))
        .routes(routes!(account::passkey_offer))
        .routes(routes!(account::passkey_add))
        .routes(routes!(account::app_offer))
        .routes(routes!(account::app_add))
        .routes(routes!(account::recovery_add))
        .routes(routes!(account::account_password))
        .routes(routes!(accounts::account_enrol))
        .routes(routes!(accounts::account_begin))
        .routes(routes!(accounts::activation_redeem))
        .routes(routes!(accounts::activation_issue))
        .routes(routes!(accounts::recovery_issue))
        .routes(routes!(accounts::account_list, accounts::account_open))
        .routes(routes!(accounts::account_close))
        .routes(routes!(accounts::account_right_grant, accounts::account_right_end))
        .routes(routes!(accounts::account_renew))
        .routes(routes!(clients::client_list, clients::client_add))
        .routes(routes!(clients::client_revoke))
        .routes(routes!(clients::client_rotate))
        .routes(routes!(clients::client_key_revoke))
        .routes(routes!(oauth::token_issue))
        .routes(routes!(me::record_list))
        .routes(routes!(me::log_lines))
        .routes(routes!(me::check_slip))
        .routes(routes!(me::check_preview))
        .routes(routes!(me::report_issue))
        .routes(routes!(me::report_withdraw))
        .routes(routes!(checks::check_answer))
        .routes(routes!(checks::check_outcome))
        .merge(large(batches::WHOLE, routes!(batches::check_batch_list, batches::check_batch_open)))
        .routes(routes!(batches::check_batch_show))
        .routes(routes!(batches::check_batch_approve))
        .merge(large(batches::PART, routes!(batches::check_batch_answer)))
        .routes(routes!(consents::consent_list, consents::consent_grant))
        .routes(routes!(consents::consent_narrow))
        .routes(routes!(consents::consent_withdraw))
        .routes(routes!(consents::consent_disown))
        .routes(routes!(consents::consent_receipt))
        .routes(routes!(consents::consent_code))
        .routes(routes!(consent_paper::consent_record))
        .routes(routes!(mandates::mandate_list, mandates::mandate_offer))
        .routes(routes!(mandates::mandate_offered))
        .routes(routes!(mandates::mandate_accept))
        .routes(routes!(mandates::mandate_revoke))
        .routes(routes!(mandates::mandate_resign))
        .routes(routes!(mandates::mandate_record))
        .routes(routes!(mandates::mandate_end))
        .merge(large(proceedings::STEP, routes!(objections::objection_file_own)))
        .merge(large(proceedings::STEP, routes!(objections::objection_file)))
        .merge(large(proceedings::STEP, routes!(objections::objection_add_own)))
        .merge(large(proceedings::STEP, routes!(objections::objection_add)))
        .merge(large(proceedings::STEP, routes!(objections::objection_decide)))
        .merge(large(proceedings::STEP, routes!(objections::objection_identify)))
        .merge(large(proceedings::STEP, routes!(repairs::repair_file_own)))
        .merge(large(proceedings::STEP, routes!(repairs::repair_file)))
        .merge(large(proceedings::STEP, routes!(repairs::repair_decide)))
        .routes(routes!(proceedings::proceeding_list))
        .routes(routes!(proceedings::proceeding_attachment_own))
        .routes(routes!(me::record_horizon))
        .routes(routes!(me::record_delete))
        .routes(routes!(proceedings::proceeding_decision))
        .routes(routes!(proceedings::decision_verify))
        .routes(routes!(proceedings::proceeding_work))
        .routes(routes!(proceedings::proceeding_show))
        .routes(routes!(proceedings::proceeding_attachment))
        .routes(routes!(proceedings::proceeding_figures))
        .routes(routes!(complaints::complaint_list, complaints::complaint_file_own))
        .routes(routes!(complaints::complaint_withdraw))
        .routes(routes!(complaints::complaint_work, complaints::complaint_file))
        .routes(routes!(complaints::complaint_show))
        .routes(routes!(complaints::complaint_answer))
        .routes(routes!(complaints::complaint_comment))
        .routes(routes!(complaints::complaint_figures))
        .routes(routes!(proceedings::follow_up_list))
        .routes(routes!(proceedings::follow_up_settle))
        .routes(routes!(notices::notice_list))
        .routes(routes!(notices::notice_show))
        .routes(routes!(notices::channel_list, notices::channel_add))
        .routes(routes!(notices::channel_prove))
        .routes(routes!(notices::channel_remove))
        .routes(routes!(notices::notice_inbox))
        .routes(routes!(notices::notice_undelivered))
        .routes(routes!(notices::notice_letter))
        .routes(routes!(notices::notice_served))
        .routes(routes!(notices::notice_dead))
        .routes(routes!(notices::notice_retry))
        .routes(routes!(rules::matter_list))
        .routes(routes!(rules::matter_show))
        .routes(routes!(rules::catalogue_list))
        .routes(routes!(rules::catalogue_show))
        .routes(routes!(rules::policy_show))
        .routes(routes!(rules::calendar_list))
        .routes(routes!(rules::calendar_show))
        .routes(routes!(rules::deadline_list))
        .routes(routes!(rules::deadline_show))
        .routes(routes!(statistics::statistics_board))
        .routes(routes!(statistics::statistics_show))
        .routes(routes!(statistics::statistics_export))
        .routes(routes!(statistics::catalogue_history))
        .routes(routes!(statistics::installation_show))
        .routes(routes!(publications::publication_list))
        .routes(routes!(publications::publication_show))
        .routes(routes!(publications::publication_draft))
        .routes(routes!(publications::publication_confirm))
        .routes(routes!(contact::contact_show, contact::contact_set))
        .routes(routes!(offices::authority_list))
        .routes(routes!(offices::authority_add))
        .routes(routes!(offices::authority_records))
        .routes(routes!(offices::submission_list, imports::submission_import))
        .routes(routes!(offices::submission_abandon))
        .routes(routes!(offices::submission_release))
        .routes(routes!(offices::submission_recall))
        .routes(routes!(offices::held_list))
        .routes(routes!(offices::held_show))
        .routes(routes!(offices::held_resolve))
        .routes(routes!(offices::held_purge))
        .routes(routes!(records::record_lock))
        .routes(routes!(records::record_unlock))
        .routes(routes!(records::record_erase))
        .routes(routes!(proofs::log_prove))
        .routes(routes!(proofs::log_prove_record));
    OpenApiRouter::with_openapi(Api::openapi()).nest(PREFIX, own)
}

/// Routes whose bodies may have so many bytes.
fn large(limit: usize, routes: UtoipaMethodRouter<Shared>) -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes).layer(DefaultBodyLimit::max(limit))
}

/// The description of the interface, OpenAPI 3.1, as it is printed.
#[must_use]
pub(crate) fn description() -> String {
    let printed = documented().to_openapi().to_pretty_json();
    printed.unwrap_or_else(|error| unreachable!("a description is made of names and texts: {error}")) + "\n"
}

/// The description, with a tag by which it need not be sent again.
async fn openapi(headers: HeaderMap) -> Response {
    static DESCRIPTION: LazyLock<Tagged> = LazyLock::new(|| Tagged::of(description().into()));
    DESCRIPTION.answer(&headers)
}

/// The routes.
pub(crate) fn routes(shared: &Shared) -> Router<Shared> {
    let id = HeaderName::from_static("x-request-id");
    let (router, _) = documented().split_for_parts();
    router
        .route("/api/v1/openapi.json", get(openapi))
        .route("/api/v1/reference", get(reference::page))
        .layer(middleware::from_fn_with_state(shared.clone(), idempotency::once))
        .route(oauth::METADATA_PATH, get(oauth::metadata))
        .layer(DefaultBodyLimit::max(body::LIMIT))
        .layer(middleware::from_fn_with_state(shared.clone(), limits::count))
        .layer(PropagateRequestIdLayer::new(id.clone()))
        .layer(SetRequestIdLayer::new(id, MakeRequestUuid))
}
