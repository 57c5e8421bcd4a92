//! Pages of whoever is signed in: who they are comes by the cookie, as whom they act from what they ask for.

use std::convert::Infallible;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use chengxin_app::account::Acting;
use chengxin_core::Role;
use tower_http::csrf::CsrfLayer;

use crate::api::{Asker, count};
use crate::form::{Area, Frame, Wish};
use crate::places::Visitor;
use crate::problem::Problem;
use crate::sign_in::cookie::Browser;
use crate::state::Shared;
use crate::{carried, desk, me, office, once};

/// Who asks for a page, and how they want it.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) wish: Wish,
    browser: Browser,
}

impl FromRequestParts<Shared> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Infallible> {
        let browser = Browser::from_request_parts(parts, shared).await?;
        Ok(Self { wish: Wish::of(parts), browser })
    }
}

impl Visit {
    /// In which of their rights somebody chose to act.
    pub(crate) fn right(&self) -> Option<&(Role, Option<String>)> {
        self.browser.right.as_ref()
    }

    /// Who asks about themself, or on a mandate about another: what for needs no word.
    pub(crate) fn own(&self) -> Asker {
        let mut asker = self.duty("");
        asker.acting.mandate.clone_from(&self.wish.acting);
        asker
    }

    /// Who asks for what nobody does for another: how they sign in, what they were given a mandate for.
    pub(crate) fn oneself(&self) -> Asker {
        self.duty("")
    }

    /// Who asks on duty, and what for: it is logged.
    pub(crate) fn duty(&self, purpose: &str) -> Asker {
        let prefers = self.browser.right.clone();
        let acting = Acting { purpose: purpose.to_owned(), prefers, ..Acting::default() };
        Asker { token: self.browser.token.clone(), acting, source: self.browser.source.clone() }
    }

    /// A page of an area. What stands beside it follows from what its visitor may do.
    fn page(&self, shared: &Shared, area: Area) -> Frame {
        let mut frame = Frame::new(shared, &self.wish).beside(area);
        frame.visitor = Visitor::new(shared.mays(), self.browser.token.as_ref(), self.wish.acting.as_deref());
        frame
    }

    /// A page about oneself.
    pub(crate) fn me(&self, shared: &Shared) -> Frame {
        let acting_for = self.wish.acting.as_ref().and_then(|number| shared.names().of(&self.session(), number));
        let mut frame = self.page(shared, Area::Me);
        frame.acting_for = acting_for;
        frame
    }

    /// By what a session is told from another.
    pub(crate) fn session(&self) -> String {
        self.browser.token.as_ref().map(chengxin_app::account::Token::text).unwrap_or_default()
    }

    /// A page of a window or an authority.
    pub(crate) fn desk(&self, shared: &Shared) -> Frame {
        self.page(shared, Area::Desk)
    }

    /// A page of the credit office.
    pub(crate) fn office(&self, shared: &Shared) -> Frame {
        self.page(shared, Area::Office)
    }

    /// To another page of ours, in the same language.
    pub(crate) fn go(&self, shared: &Shared, path: &str) -> Response {
        Redirect::to(&Frame::new(shared, &self.wish).to(path)).into_response()
    }
}

/// The routes. A page of somebody else cannot have a browser post to them.
pub(crate) fn routes(shared: &Shared) -> Router<Shared> {
    Router::new()
        .merge(me::routes())
        .merge(desk::routes())
        .merge(office::routes())
        .route("/me/resumed/{id}", get(carried::resume))
        .layer(middleware::from_fn_with_state(shared.clone(), counted_once))
        .layer(middleware::from_fn_with_state(shared.clone(), to_sign_in))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(shared.clone(), count))
}

/// The value of a pair of the address.
fn of_query<'p>(parts: &'p Parts, name: &str) -> Option<&'p str> {
    let pairs = parts.uri.query().unwrap_or("").split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find(|(of, _)| *of == name).map(|(_, value)| value)
}

/// Sends whoever is not signed in to where one signs in, and from there back to the page; what they typed waits for them.
async fn to_sign_in(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let wish = Wish::of(&parts);
    let address = Frame::new(&shared, &wish).to("/sign-in");
    let joint = if address.contains('?') { '&' } else { '?' };
    let away = |next: &str| Redirect::to(&format!("{address}{joint}next={next}")).into_response();
    let posts = parts.method == Method::POST;
    if posts && !wish.json && !desk::takes_file(&parts) {
        let Ok(visit) = Visit::from_request_parts(&mut parts, &shared).await;
        let asker = visit.oneself();
        if shared.is_stranger(&asker).await.unwrap_or(false) {
            let action = Frame::new(&shared, &wish).here();
            let request = Request::from_parts(parts, body);
            let kept = carried::kept(&shared, &asker.source, action, request).await;
            return away(kept.as_deref().unwrap_or(&wish.path));
        }
    }
    let response = next.run(Request::from_parts(parts, body)).await;
    match response.extensions().get::<Problem>() {
        Some(problem) if problem.status == StatusCode::UNAUTHORIZED && !wish.json => away(&wish.path),
        // Before a form is shown its page asks for the same right; one that comes without is told so, and nothing is done.
        Some(problem) if problem.which_right && !wish.json && !posts => {
            let address = Frame::new(&shared, &wish).with("/desk", "next", &wish.path);
            Redirect::to(&address).into_response()
        }
        _ => response,
    }
}

/// Answers a form that is sent twice as it was answered first. Of forms with files each is another to a browser: there the rules of the act decide.
async fn counted_once(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let plain = parts.method == Method::POST && kind.starts_with("application/x-www-form-urlencoded");
    let (Some(mark), true) = (of_query(&parts, "once").map(ToOwned::to_owned), plain) else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let Ok(browser) = Browser::from_request_parts(&mut parts, &shared).await;
    let Ok(bytes) = to_bytes(body, once::LARGEST).await else {
        return crate::problem::of(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let session = browser.token.as_ref().map(chengxin_app::account::Token::text).unwrap_or_default();
    let place = shared.once().place(once::key(&session, parts.uri.path(), &mark, &bytes));
    let request = Request::from_parts(parts, Body::from(bytes));
    // Whoever presses twice breaks the first request off: what it began is done to its end, and answers the second.
    let answered = tokio::spawn(async move { place.answer(next.run(request)).await }).await;
    answered.unwrap_or_else(|_| crate::problem::of(StatusCode::INTERNAL_SERVER_ERROR).into_response())
}
