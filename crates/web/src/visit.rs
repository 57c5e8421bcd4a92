//! Pages of whoever is signed in: who they are comes by the cookie, as whom they act from what they ask for.

use std::convert::Infallible;

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Redirect, Response};
use chengxin_app::account::Acting;
use tower_http::csrf::CsrfLayer;

use crate::api::{Asker, count};
use crate::form::{Area, Frame, Wish};
use crate::problem::Problem;
use crate::sign_in::cookie::Browser;
use crate::state::Shared;
use crate::{desk, me, office};

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
    /// Who asks about themself: what for needs no word.
    pub(crate) fn own(&self) -> Asker {
        self.duty("")
    }

    /// Who asks on duty, and what for: it is logged.
    pub(crate) fn duty(&self, purpose: &str) -> Asker {
        let acting = Acting { purpose: purpose.to_owned(), ..Acting::default() };
        Asker { token: self.browser.token.clone(), acting, source: self.browser.source.clone() }
    }

    /// A page about oneself.
    pub(crate) fn me(&self, shared: &Shared) -> Frame {
        Frame::new(shared, &self.wish).beside(Area::Me)
    }

    /// A page of a window or an authority.
    pub(crate) fn desk(&self, shared: &Shared) -> Frame {
        Frame::new(shared, &self.wish).beside(Area::Desk)
    }

    /// A page of the credit office.
    pub(crate) fn office(&self, shared: &Shared) -> Frame {
        Frame::new(shared, &self.wish).beside(Area::Office)
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
        .layer(middleware::from_fn_with_state(shared.clone(), to_sign_in))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(shared.clone(), count))
}

/// Sends whoever is not signed in to where one signs in, and from there back to the page.
async fn to_sign_in(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let wish = Wish::of(&parts);
    let response = next.run(Request::from_parts(parts, body)).await;
    let signed_out = response.extensions().get::<Problem>().is_some_and(|p| p.status == StatusCode::UNAUTHORIZED);
    if !signed_out || wish.json {
        return response;
    }
    let address = Frame::new(&shared, &wish).to("/sign-in");
    let joint = if address.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{address}{joint}next={}", wish.path)).into_response()
}
