//! Choosing how to sign in, and the page of whoever did.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chengxin_app::account::{Acting, Second, SessionLine, SignIn};
use chengxin_app::issuer::IssuerLine;
use chengxin_core::Say;
use chengxin_core::dates::shanghai_text;
use chengxin_core::identity::mask_number;
use chengxin_core::operation_words::role;
use serde::Deserialize;

use super::cookie::{Browser, Cookie};
use super::visitor;
use crate::api::Asker;
use crate::form::{Frame, Wish, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Choose {
    f: Frame,
    issuers: Vec<IssuerLine>,
    wrong: Option<Say>,
}

#[derive(Template)]
#[template(path = "me.html")]
struct Me {
    f: Frame,
    name: String,
    rights: Vec<Say>,
    sessions: Vec<SessionLine>,
}

impl Me {
    fn when(us: &i64) -> String {
        shanghai_text(*us)
    }
}

async fn page(shared: &Shared, wish: &Wish, wrong: Option<Problem>) -> Result<Response, Problem> {
    let issuers = shared.with_stranger(|installation| installation.issuers_offered()).await?;
    let status = wrong.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let wrong = wrong.map(|problem| problem.detail);
    Ok(keep(html(status, &Choose { f: Frame::new(shared, wish), issuers, wrong })))
}

/// The ways to sign in.
pub(super) async fn choose(State(shared): State<Shared>, wish: Wish) -> Result<Response, Problem> {
    page(&shared, &wish, None).await
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

/// Signs in with name, password and the digits of an authenticator app, or a recovery code.
pub(super) async fn enter(
    State(shared): State<Shared>,
    wish: Wish,
    browser: Browser,
    Form(form): Form<SignInForm>,
) -> Result<Response, Problem> {
    let digits = form.digits.trim().to_owned();
    let second = match digits.len() {
        0 => None,
        6 if digits.bytes().all(|c| c.is_ascii_digit()) => Some(Second::Totp(digits)),
        _ => Some(Second::Recovery(digits)),
    };
    let sign_in = SignIn {
        login: form.login,
        password: form.password,
        second,
        source: browser.source,
        device: browser.device,
        label: browser.label,
    };
    let opened = shared.with_stranger(move |installation| installation.session_open(&visitor(), &sign_in)).await;
    match opened {
        Ok(signed_in) => {
            let mut response = Redirect::to(&format!("/me{}", Frame::new(&shared, &wish).q())).into_response();
            Cookie::Session.set(&shared, &mut response, &signed_in.token.text());
            Cookie::Device.set(&shared, &mut response, &signed_in.device);
            Ok(response)
        }
        Err(refusal) => page(&shared, &wish, Some(refusal.into())).await,
    }
}

fn asker(browser: Browser) -> Asker {
    Asker { token: browser.token, acting: Acting::default(), source: browser.source }
}

fn signed_out(shared: &Shared, wish: &Wish) -> Response {
    let mut response = Redirect::to(&format!("/sign-in{}", Frame::new(shared, wish).q())).into_response();
    Cookie::Session.set(shared, &mut response, "");
    response
}

/// Who is signed in, and where.
pub(super) async fn me(State(shared): State<Shared>, wish: Wish, browser: Browser) -> Result<Response, Problem> {
    let seen = shared.act(asker(browser), "session_list", |installation, caller, who| {
        let own = installation.bound_document(who)?.map(|(kind, number)| mask_number(kind, &number));
        Ok((installation.session_list(caller, who)?, own.unwrap_or_else(|| who.actor.clone()), who.roles()))
    });
    match seen.await {
        Ok((sessions, name, roles)) => {
            let rights = roles.into_iter().map(role).collect();
            Ok(html(StatusCode::OK, &Me { f: Frame::new(&shared, &wish), name, rights, sessions }))
        }
        Err(problem) if problem.status == StatusCode::UNAUTHORIZED => Ok(signed_out(&shared, &wish)),
        Err(problem) => Err(problem),
    }
}

/// Ends the session.
pub(super) async fn leave(State(shared): State<Shared>, wish: Wish, browser: Browser) -> Result<Response, Problem> {
    let ended = shared
        .act(asker(browser), "session_end", |installation, caller, who| installation.session_end(caller, who, None));
    match ended.await {
        Err(problem) if problem.status != StatusCode::UNAUTHORIZED => Err(problem),
        _ => Ok(signed_out(&shared, &wish)),
    }
}
