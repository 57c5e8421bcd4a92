//! Choosing how to sign in, signing in, and out.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use chengxin_app::account::{Acting, PasskeySignIn, Second, SignIn, SignedIn, Who};
use chengxin_app::issuer::IssuerLine;
use chengxin_core::Say;
use serde::Deserialize;
use serde_json::{Value, json};

use super::cookie::{Browser, Cookie};
use super::visitor;
use crate::api::Asker;
use crate::form::{Area, Frame, Wish, html, own_path};
use crate::places::start;
use crate::problem::{Problem, keep};
use crate::state::Shared;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Choose {
    f: Frame,
    issuers: Vec<IssuerLine>,
    wrong: Option<Say>,
    /// What was typed; a password never is given back.
    login: String,
    /// Where to go afterwards; empty for wherever the work of whoever signs in begins.
    next: String,
}

impl Choose {
    /// Where the form goes.
    fn action(&self) -> String {
        with_next(self.f.to("/sign-in"), &self.next)
    }
}

/// An address that remembers where to go afterwards, if anywhere.
fn with_next(address: String, next: &str) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    if next.is_empty() { address } else { format!("{address}{joint}next={next}") }
}

#[derive(Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

impl Next {
    /// A page of ours for whoever is signed in, if one was asked for.
    fn path(&self) -> Option<&str> {
        let path = self.next.as_deref().and_then(own_path);
        path.filter(|path| Area::of(path) != Area::Public)
    }

    /// That page, or the first of those that are for whoever signed in.
    fn or_start(&self, shared: &Shared, wish: &Wish, who: &Who) -> String {
        Frame::new(shared, wish).to(self.path().unwrap_or_else(|| start(who)))
    }
}

async fn page(
    shared: &Shared,
    wish: &Wish,
    next: &Next,
    login: String,
    wrong: Option<Problem>,
) -> Result<Response, Problem> {
    let issuers = shared.with_stranger(|installation| installation.issuers_offered()).await?;
    let status = wrong.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let wrong = wrong.map(|problem| problem.detail);
    let next = next.path().unwrap_or_default().to_owned();
    Ok(keep(html(status, &Choose { f: Frame::new(shared, wish), issuers, wrong, login, next })))
}

/// The ways to sign in.
pub(super) async fn choose(
    State(shared): State<Shared>,
    wish: Wish,
    Query(next): Query<Next>,
) -> Result<Response, Problem> {
    page(&shared, &wish, &next, String::new(), None).await
}

#[derive(Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    digits: String,
}

/// The second factor that was typed: the digits of an authenticator app, or a recovery code.
pub(crate) fn second(digits: &str) -> Option<Second> {
    let digits = digits.trim().to_owned();
    match digits.len() {
        0 => None,
        6 if digits.bytes().all(|c| c.is_ascii_digit()) => Some(Second::Totp(digits)),
        _ => Some(Second::Recovery(digits)),
    }
}

/// Gives a browser its session, and what it is known by afterwards.
fn admitted(shared: &Shared, mut response: Response, signed_in: &SignedIn) -> Response {
    Cookie::Session.set(shared, &mut response, &signed_in.token.text());
    Cookie::Device.set(shared, &mut response, &signed_in.device);
    response
}

/// Signs in with name, password and the digits of an authenticator app, or a recovery code.
pub(super) async fn enter(
    State(shared): State<Shared>,
    wish: Wish,
    browser: Browser,
    Query(next): Query<Next>,
    Form(form): Form<SignInForm>,
) -> Result<Response, Problem> {
    let SignInForm { login, password, digits } = form;
    let (kept, Browser { source, device, label, .. }) = (login.clone(), browser);
    let sign_in = SignIn { login, password, second: second(&digits), source, device, label };
    let opened = shared.with_stranger(move |installation| installation.session_open(&visitor(), &sign_in)).await;
    match opened {
        Ok(signed_in) => {
            let to = next.or_start(&shared, &wish, &signed_in.who);
            Ok(admitted(&shared, Redirect::to(&to).into_response(), &signed_in))
        }
        Err(refusal) => page(&shared, &wish, &next, kept, Some(refusal.into())).await,
    }
}

#[derive(Deserialize)]
pub(super) struct LoginBody {
    login: String,
}

/// Asks for a passkey of whoever has a name; a name that nobody has is asked alike.
pub(super) async fn passkey_asked(
    State(shared): State<Shared>,
    Json(LoginBody { login }): Json<LoginBody>,
) -> Result<Response, Problem> {
    let asked = shared.with_stranger(move |installation| installation.session_open_ask(&visitor(), &login)).await?;
    Ok(Json(json!({ "ceremony": asked.ceremony, "options": asked.options })).into_response())
}

#[derive(Deserialize)]
pub(super) struct PasskeyBody {
    ceremony: String,
    answer: Value,
}

/// Signs in by what a device answered.
pub(super) async fn passkey(
    State(shared): State<Shared>,
    wish: Wish,
    browser: Browser,
    Query(next): Query<Next>,
    Json(PasskeyBody { ceremony, answer }): Json<PasskeyBody>,
) -> Result<Response, Problem> {
    let Browser { source, device, label, .. } = browser;
    let sign_in = PasskeySignIn { ceremony, answer, source, device, label };
    let opened = shared.with_stranger(move |installation| installation.session_open_passkey(&visitor(), &sign_in));
    let signed_in = opened.await?;
    let to = next.or_start(&shared, &wish, &signed_in.who);
    Ok(admitted(&shared, Json(json!({ "next": to })).into_response(), &signed_in))
}

fn signed_out(shared: &Shared, wish: &Wish) -> Response {
    let mut response = Redirect::to(&Frame::new(shared, wish).to("/sign-in")).into_response();
    Cookie::Session.set(shared, &mut response, "");
    response
}

/// Ends the session.
pub(super) async fn leave(State(shared): State<Shared>, wish: Wish, browser: Browser) -> Result<Response, Problem> {
    let asker = Asker { token: browser.token, acting: Acting::default(), source: browser.source };
    let ended =
        shared.act(asker, "session_end", |installation, caller, who| installation.session_end(caller, who, None));
    match ended.await {
        Err(problem) if problem.status != StatusCode::UNAUTHORIZED => Err(problem),
        _ => Ok(signed_out(&shared, &wish)),
    }
}
