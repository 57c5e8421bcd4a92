//! To another provider and back.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chengxin_app::AppError;
use chengxin_app::account::{Came, Departure};
use chengxin_app::issuer::Returned;
use serde::Deserialize;

use super::cookie::{Browser, Cookie};
use super::visitor;
use crate::form::{Frame, Wish, html};
use crate::places::start;
use crate::problem::Problem;
use crate::state::Shared;

#[derive(Template)]
#[template(path = "away.html")]
struct AwayPage {
    f: Frame,
    name: String,
    address: String,
}

/// Sends somebody to a provider.
pub(super) async fn leave(
    State(shared): State<Shared>,
    browser: Browser,
    Path(issuer): Path<String>,
) -> Result<Response, Problem> {
    let (departure, address) = depart(&shared, &browser, issuer, None).await?;
    let mut response = Redirect::to(&address).into_response();
    Cookie::Away.set(&shared, &mut response, &departure.browser);
    Ok(response)
}

#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    code: String,
}

/// The same with a one-time code that links an account of staff. A page of ours leads there: a form may not (`form-action`).
pub(super) async fn leave_with_code(
    State(shared): State<Shared>,
    wish: Wish,
    browser: Browser,
    Path(issuer): Path<String>,
    Form(form): Form<CodeForm>,
) -> Result<Response, Problem> {
    let (departure, address) = depart(&shared, &browser, issuer, Some(form.code)).await?;
    let f = Frame::new(&shared, &wish);
    let terms = &departure.trusted.terms;
    let name = f.t(&terms.zh, &terms.en).to_owned();
    let mut response = html(StatusCode::OK, &AwayPage { f, name, address });
    Cookie::Away.set(&shared, &mut response, &departure.browser);
    Ok(response)
}

async fn depart(
    shared: &Shared,
    browser: &Browser,
    issuer: String,
    code: Option<String>,
) -> Result<(Departure, String), Problem> {
    let source = browser.source.clone();
    let departure = shared.with_stranger(move |installation| {
        let departure = installation.sign_in_begin(&visitor(), &issuer, code.as_deref(), &source)?;
        Ok((departure, installation.now_us()))
    });
    let (departure, now_us) = departure.await?;
    let (asked, away) = (departure.trusted.clone(), departure.away.clone());
    let address = shared.ask_provider(move |directory| directory.address(&asked, &away, now_us)).await?;
    match address {
        Ok(address) => Ok((departure, address)),
        Err(why) => Err(failed(shared, why).await),
    }
}

async fn failed(shared: &Shared, why: String) -> Problem {
    let refusal: Result<(), AppError> =
        shared.with_stranger(move |installation| Err(installation.sign_in_failed(&visitor(), &why))).await;
    match refusal {
        Err(refusal) => refusal.into(),
        Ok(()) => Problem::busy(),
    }
}

#[derive(Deserialize)]
pub(super) struct BackQuery {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// Takes back whoever comes from a provider.
pub(super) async fn come_back(
    State(shared): State<Shared>,
    wish: Wish,
    browser: Browser,
    Path(issuer): Path<String>,
    Query(query): Query<BackQuery>,
) -> Response {
    let mut response = match came(&shared, browser, issuer, query).await {
        Ok(came) => {
            let to = Frame::new(&shared, &wish).to(start(&came.who));
            let mut response = Redirect::to(&to).into_response();
            Cookie::Session.set(&shared, &mut response, &came.token.text());
            response
        }
        // Whoever is told to try again can: they are still on their way.
        Err(problem) if problem.status == StatusCode::SERVICE_UNAVAILABLE => return problem.show(&shared, &wish),
        Err(problem) => problem.show(&shared, &wish),
    };
    Cookie::Away.set(&shared, &mut response, "");
    response
}

async fn came(shared: &Shared, browser: Browser, issuer: String, query: BackQuery) -> Result<Came, Problem> {
    let Browser { away, label, .. } = browser;
    let state = query.state.clone();
    let back = shared.with_stranger(move |installation| {
        let back = installation.sign_in_awaited(&visitor(), &issuer, &state, away.as_deref())?;
        Ok((back, installation.now_us()))
    });
    let (back, now_us) = back.await?;
    let (asked, away) = (back.trusted.clone(), back.away.clone());
    let returned = Returned { state: query.state, code: query.code, iss: query.iss, error: query.error };
    let said = shared.ask_provider(move |directory| directory.redeem(&asked, &away, &returned, now_us)).await?;
    let finished = shared.with(move |installation| installation.sign_in_finish(&visitor(), &back, said, &label));
    Ok(finished.await?)
}
