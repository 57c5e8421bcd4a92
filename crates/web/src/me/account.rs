//! How somebody signs in: where they are signed in, what the account proves itself by, the password.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chengxin_app::account::{FactorLine, NewApp, SessionLine};
use serde_json::{Value, json};

use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::sign_in::second;
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "me/account.html")]
struct Account {
    f: Frame,
    sessions: Vec<SessionLine>,
    factors: Vec<FactorLine>,
    faults: Faults,
    /// Key of what was just done.
    done: Option<&'static str>,
    /// New recovery codes: shown once.
    codes: Vec<String>,
    /// An authenticator app that is being set up.
    app: Option<NewApp>,
}

impl Account {
    /// What a factor is called.
    fn kind(&self, factor: &FactorLine) -> String {
        let key = match factor.kind {
            "password" => "factor-password",
            "totp" => "factor-totp",
            "passkey" => "factor-passkey",
            _ => "factor-recovery",
        };
        self.f.m(key)
    }

    /// A secret in groups of four, as people type it.
    fn grouped(secret: &str) -> String {
        let groups: Vec<_> = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
        groups.join(" ")
    }

    fn removable(factor: &FactorLine) -> bool {
        factor.kind != "password"
    }
}

async fn page(shared: &Shared, visit: &Visit, change: impl FnOnce(Account) -> Account) -> Result<Response, Problem> {
    let sessions =
        shared.act(visit.oneself(), "session_list", |installation, caller, who| installation.session_list(caller, who));
    let factors = shared.act(visit.oneself(), "account_factor_list", |installation, caller, who| {
        installation.account_factor_list(caller, who)
    });
    let (sessions, factors) = (sessions.await?, factors.await?);
    let (f, faults) = (visit.me(shared), Faults::default());
    let page = change(Account { f, sessions, factors, faults, done: None, codes: Vec::new(), app: None });
    let status = if page.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &page)))
}

/// Said on the page where something was done, or refused.
async fn said<T>(
    shared: &Shared,
    visit: &Visit,
    done: Result<T, Problem>,
    key: &'static str,
) -> Result<Response, Problem> {
    match done {
        Ok(_) => page(shared, visit, |page| Account { done: Some(key), ..page }).await,
        Err(problem) if problem.status == StatusCode::UNAUTHORIZED => Err(problem),
        Err(problem) => {
            page(shared, visit, |page| Account { faults: Faults::refused(&page.f, &problem), ..page }).await
        }
    }
}

/// All of it.
pub(super) async fn show(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    page(&shared, &visit, |page| page).await
}

/// Ends one session.
pub(super) async fn end(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let done = shared.act(visit.oneself(), "session_end", move |installation, caller, who| {
        installation.session_end(caller, who, Some(&id))
    });
    let done = done.await;
    said(&shared, &visit, done, "account-session-ended").await
}

/// Ends them all, this one too.
pub(super) async fn end_all(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let done = shared
        .act(visit.oneself(), "session_end_all", |installation, caller, who| installation.session_end_all(caller, who));
    done.await.map(|_| visit.go(&shared, "/sign-in"))
}

/// Removes a factor.
pub(super) async fn remove(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let done = shared.act(visit.oneself(), "account_factor_remove", move |installation, caller, who| {
        installation.account_factor_remove(caller, who, &id)
    });
    let done = done.await;
    said(&shared, &visit, done, "account-factor-removed").await
}

/// Proves anew who it is, for what asks for it.
pub(super) async fn prove(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let (second, password) = (second(typed.get("digits")), typed.raw("password"));
    let done = shared.act(visit.oneself(), "session_reauthenticate", move |installation, caller, who| {
        installation.session_reauthenticate(caller, who, &password, second.as_ref())
    });
    let done = done.await;
    said(&shared, &visit, done, "account-proven").await
}

/// Changes the password; every other session ends.
pub(super) async fn password(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let done = shared.act(visit.oneself(), "account_password", move |installation, caller, who| {
        installation.account_password(caller, who, &typed.raw("old"), &typed.raw("new"))
    });
    let done = done.await;
    said(&shared, &visit, done, "account-password-changed").await
}

/// Makes new recovery codes; those before are void.
pub(super) async fn recovery(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let made = shared
        .act(visit.oneself(), "account_factor_add", |installation, caller, who| installation.recovery_add(caller, who));
    match made.await {
        Ok(codes) => page(&shared, &visit, |page| Account { codes, ..page }).await,
        Err(problem) => said::<()>(&shared, &visit, Err(problem), "").await,
    }
}

/// Draws the secret of an authenticator app; nothing changes before its digits are typed.
pub(super) async fn offer_app(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let offered = shared
        .act(visit.oneself(), "account_factor_add", |installation, caller, who| installation.app_offer(caller, who));
    match offered.await {
        Ok(app) => page(&shared, &visit, |page| Account { app: Some(app), ..page }).await,
        Err(problem) => said::<()>(&shared, &visit, Err(problem), "").await,
    }
}

/// Enrols the app by the digits that it shows. Where they are wrong it is still set up: the secret stays.
pub(super) async fn add_app(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let (enrolment, digits) = (typed.own("enrolment"), typed.own("digits"));
    let added = shared.act(visit.oneself(), "account_factor_add", move |installation, caller, who| {
        installation.app_add(caller, who, &enrolment, &digits)
    });
    match added.await {
        Ok(codes) => page(&shared, &visit, |page| Account { codes, done: Some("account-app-added"), ..page }).await,
        Err(problem) if problem.status == StatusCode::UNAUTHORIZED => Err(problem),
        Err(problem) => {
            let (enrolment, totp_secret, totp_uri) = (typed.own("enrolment"), typed.own("secret"), typed.own("uri"));
            let app = Some(NewApp { enrolment, totp_secret, totp_uri });
            page(&shared, &visit, |page| Account { faults: Faults::refused(&page.f, &problem), app, ..page }).await
        }
    }
}

/// What a device is asked for a passkey, for the script of the page.
pub(super) async fn offer_passkey(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let offered = shared.act(visit.oneself(), "account_factor_add", |installation, caller, who| {
        installation.passkey_offer(caller, who)
    });
    let offered = offered.await?;
    Ok(Json(json!({ "ceremony": offered.ceremony, "options": offered.options })).into_response())
}

/// Registers the passkey that a device made: the script sends its answer with the form.
pub(super) async fn add_passkey(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let answer: Value = serde_json::from_str(&typed.raw("answer")).unwrap_or(Value::Null);
    let added = shared.act(visit.oneself(), "account_factor_add", move |installation, caller, who| {
        installation.passkey_add(caller, who, typed.get("ceremony"), typed.get("passkey-name"), &answer)
    });
    match added.await {
        Ok(codes) => page(&shared, &visit, |page| Account { codes, done: Some("account-passkey-added"), ..page }).await,
        Err(problem) => said::<()>(&shared, &visit, Err(problem), "").await,
    }
}
