//! Beginning an account with a one-time code: from a window for a person, from an administrator for staff.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use chengxin_app::account::{Begin, Begun, Enrolment, Redeem, Redeemed};
use chengxin_app::{AppError, Installation};

use super::cookie::Browser;
use super::visitor;
use crate::form::{Frame, Wish, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};

#[derive(Template)]
#[template(path = "begin.html")]
struct Opened {
    f: Frame,
    enrolment: Enrolment,
    typed: Typed,
    faults: Faults,
}

impl Opened {
    /// Does a window's code make it the account of a person?
    fn binds(&self) -> bool {
        let Enrolment { login, needs_second, recovers, .. } = &self.enrolment;
        login.is_none() && !needs_second && !recovers
    }

    /// The app's secret in groups of four, as people type it.
    fn secret(&self) -> String {
        let groups: Vec<_> = self.enrolment.totp_secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
        groups.join(" ")
    }
}

#[derive(Template)]
#[template(path = "begin_code.html")]
struct AskCode {
    f: Frame,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "begun.html")]
struct Done {
    f: Frame,
    begun: Begun,
}

/// Where a code is typed that was handed over on paper.
pub(super) async fn ask(State(shared): State<Shared>, wish: Wish, query: axum::extract::RawQuery) -> Response {
    let f = Frame::new(&shared, &wish);
    let code: String = query
        .0
        .unwrap_or_default()
        .split('&')
        .find_map(|pair| pair.strip_prefix("code="))
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(80)
        .collect();
    if !code.is_empty() {
        return Redirect::to(&f.to(&format!("/begin/{code}"))).into_response();
    }
    html(StatusCode::OK, &AskCode { f, typed: Typed::default(), faults: Faults::default() })
}

async fn opened(
    shared: &Shared,
    wish: &Wish,
    browser: &Browser,
    code: String,
    typed: Typed,
    faults: Faults,
) -> Result<Response, Problem> {
    let source = browser.source.clone();
    let enrol = shared.with_stranger(move |installation| installation.account_enrol(&visitor(), &code, &source));
    let f = Frame::new(shared, wish);
    match enrol.await.map_err(Problem::from) {
        Ok(mut enrolment) => {
            // Whoever has to mend something keeps the secret that their app has already.
            if !typed.get("enrolment").is_empty() {
                enrolment.enrolment = typed.own("enrolment");
                enrolment.totp_secret = typed.own("secret");
                enrolment.totp_uri = typed.own("uri");
            }
            let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            Ok(keep(html(status, &Opened { f, enrolment, typed, faults })))
        }
        Err(problem) if problem.status == StatusCode::NOT_FOUND => {
            let faults = Faults::beside_field(&f, "code", &problem);
            Ok(keep(html(StatusCode::NOT_FOUND, &AskCode { f, typed: Typed::default(), faults })))
        }
        Err(problem) => Err(problem),
    }
}

/// What a code leads to; uses nothing up.
pub(super) async fn show(
    State(shared): State<Shared>,
    wish: Wish,
    browser: Browser,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    opened(&shared, &wish, &browser, code, Typed::default(), Faults::default()).await
}

/// A code from a window binds a person; one from an administrator begins an account that was opened.
fn begun(installation: &mut Installation, begin: &Begin, binds: bool) -> Result<Begun, AppError> {
    if !binds {
        return installation.account_begin(&visitor(), begin);
    }
    match installation.activation_redeem(&visitor(), &Redeem::New(begin))? {
        Redeemed::Begun(begun) => Ok(begun),
        Redeemed::Bound => Err(AppError::internal("a new account was not begun")),
    }
}

/// Begins it. Its recovery codes are shown here and nowhere else.
pub(super) async fn begin(
    State(shared): State<Shared>,
    wish: Wish,
    browser: Browser,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let some = |name: &str| Some(typed.own(name)).filter(|text| !text.is_empty());
    let begin = Begin {
        code: code.clone(),
        login: some("login"),
        name: some("name"),
        password: typed.raw("password"),
        enrolment: typed.own("enrolment"),
        totp: some("digits"),
        source: browser.source.clone(),
    };
    let begin = Begin { enrolment: if begin.totp.is_some() { begin.enrolment } else { String::new() }, ..begin };
    let binds = typed.is("kind", "person");
    let done = shared.with_stranger(move |installation| begun(installation, &begin, binds)).await;
    let f = Frame::new(&shared, &wish);
    match done.map_err(Problem::from) {
        Ok(begun) => Ok(html(StatusCode::OK, &Done { f, begun })),
        Err(problem) if problem.status.is_client_error() => {
            let faults = Faults::refused(&f, &problem);
            opened(&shared, &wish, &browser, code, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}
