//! How somebody signs in: where they are signed in, what the account proves itself by, the password.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::account::{FactorLine, SessionLine};

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

    fn removable(factor: &FactorLine) -> bool {
        factor.kind != "password"
    }
}

async fn page(shared: &Shared, visit: &Visit, change: impl FnOnce(Account) -> Account) -> Result<Response, Problem> {
    let sessions =
        shared.act(visit.own(), "session_list", |installation, caller, who| installation.session_list(caller, who));
    let factors = shared.act(visit.own(), "account_factor_list", |installation, caller, who| {
        installation.account_factor_list(caller, who)
    });
    let (sessions, factors) = (sessions.await?, factors.await?);
    let (f, faults) = (visit.me(shared), Faults::default());
    let page = change(Account { f, sessions, factors, faults, done: None, codes: Vec::new() });
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
    let done = shared.act(visit.own(), "session_end", move |installation, caller, who| {
        installation.session_end(caller, who, Some(&id))
    });
    let done = done.await;
    said(&shared, &visit, done, "account-session-ended").await
}

/// Ends them all, this one too.
pub(super) async fn end_all(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let done = shared
        .act(visit.own(), "session_end_all", |installation, caller, who| installation.session_end_all(caller, who));
    done.await.map(|_| visit.go(&shared, "/sign-in"))
}

/// Removes a factor.
pub(super) async fn remove(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let done = shared.act(visit.own(), "account_factor_remove", move |installation, caller, who| {
        installation.account_factor_remove(caller, who, &id)
    });
    let done = done.await;
    said(&shared, &visit, done, "account-factor-removed").await
}

/// Proves anew who it is, for what asks for it.
pub(super) async fn prove(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let (second, password) = (second(typed.get("digits")), typed.raw("password"));
    let done = shared.act(visit.own(), "session_reauthenticate", move |installation, caller, who| {
        installation.session_reauthenticate(caller, who, &password, second.as_ref())
    });
    let done = done.await;
    said(&shared, &visit, done, "account-proven").await
}

/// Changes the password; every other session ends.
pub(super) async fn password(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let done = shared.act(visit.own(), "account_password", move |installation, caller, who| {
        installation.account_password(caller, who, &typed.raw("old"), &typed.raw("new"))
    });
    let done = done.await;
    said(&shared, &visit, done, "account-password-changed").await
}

/// Makes new recovery codes; those before are void.
pub(super) async fn recovery(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let made = shared
        .act(visit.own(), "account_factor_add", |installation, caller, who| installation.recovery_add(caller, who));
    match made.await {
        Ok(codes) => page(&shared, &visit, |page| Account { codes, ..page }).await,
        Err(problem) => said::<()>(&shared, &visit, Err(problem), "").await,
    }
}
