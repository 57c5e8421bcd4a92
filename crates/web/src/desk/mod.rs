//! The pages of windows and authorities.

mod account;
mod activation;
mod authority;
mod check;
mod compared;
mod draft;
mod filing;
mod held;
mod letter;
mod proceeding;
mod publication;
mod submission;
mod submitted;
mod typed;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use chengxin_app::AppError;
use chengxin_app::account::Right;
use chengxin_core::operation_words::role;
use chengxin_core::{Role, Say};
use serde::Deserialize;

use crate::form::{Area, Frame, html, own_path};
use crate::handed::LARGEST;
use crate::problem::Problem;
use crate::sign_in::cookie::{Cookie, read_right, right_text};
use crate::state::Shared;
use crate::typed::Typed;
use crate::visit::Visit;

pub(crate) use submission::stated;

/// Seconds after which a page about somebody is covered that nobody touches.
pub(crate) const PATIENCE_S: u32 = 60;

/// Where files are sent.
const SUBMISSIONS: &str = "/desk/submissions";

/// The routes.
pub(crate) fn routes() -> Router<Shared> {
    // A file is counted as it comes, and has a bound of its own.
    let files = Router::new()
        .route(SUBMISSIONS, get(submission::list).post(submission::send))
        .layer(DefaultBodyLimit::disable());
    let drafts = Router::new()
        .route("/desk/submissions/forms", get(typed::choose))
        .route("/desk/submissions/forms/{item}", get(typed::ask).post(typed::send))
        .route("/desk/submissions/drafts/{id}", get(draft::show))
        .route("/desk/submissions/drafts/{id}/columns", post(draft::columns))
        .route("/desk/submissions/drafts/{id}/cells", post(draft::cells))
        .route("/desk/submissions/drafts/{id}/submitted", post(draft::submit))
        .route("/desk/submissions/drafts/{id}/discarded", post(draft::discard))
        .route("/desk/submissions/drafts/{id}/refused", get(draft::refused));
    let with_files = Router::new()
        .route("/desk/proceedings/{number}/{kind}", post(proceeding::answer))
        .route("/desk/filings/{what}", get(filing::ask).post(filing::file))
        .layer(DefaultBodyLimit::max(LARGEST));
    Router::new()
        .route("/desk", get(overview))
        .route("/desk/filings", get(filing::choose))
        .route("/desk/checks", get(check::ask).post(check::answer))
        .route("/desk/checks/{check}/outcomes", post(check::outcome))
        .merge(files)
        .merge(with_files)
        .merge(drafts)
        .route("/desk/proceedings", get(proceeding::list))
        .route("/desk/proceedings/{number}", get(proceeding::show))
        .route("/desk/proceedings/{number}/attachments/{file}", get(proceeding::attachment))
        .route("/desk/right", post(choose))
        .route("/desk/publications", get(publication::list))
        .route("/desk/publications/{code}", get(publication::show).post(publication::confirm))
        .route("/desk/follow-ups", get(proceeding::follow_ups))
        .route("/desk/follow-ups/{check}/settled", post(proceeding::settle))
        .route("/desk/figures", get(proceeding::figures))
        .route("/desk/submissions/{id}", get(submitted::show))
        .route("/desk/submissions/{id}/refused", get(submitted::refused))
        .route("/desk/submissions/{id}/released", post(submission::release))
        .route("/desk/submissions/{id}/recalled", post(submission::recall))
        .route("/desk/submissions/{id}/abandoned", post(submission::abandon))
        .route("/desk/held", get(held::list))
        .route("/desk/held/{id}", get(held::show).post(held::resolve))
        .route("/desk/activations", get(activation::ask).post(activation::issue))
        .route("/desk/letters", get(letter::list))
        .route("/desk/letters/{notice}", get(letter::show).post(letter::serve))
        .route("/desk/letters/{notice}/printed", get(letter::print))
        .route("/desk/accounts", get(account::list))
        .route("/desk/accounts/new", get(account::ask).post(account::open))
        .route("/desk/accounts/{account}", get(account::show))
        .route("/desk/accounts/{account}/rights", post(account::grant))
        .route("/desk/accounts/{account}/rights/ended", post(account::end))
        .route("/desk/accounts/{account}/rights/renewed", post(account::renew))
        .route("/desk/accounts/{account}/recovered", post(account::recover))
        .route("/desk/accounts/{account}/closed", post(account::close))
        .route("/desk/authorities", get(authority::list))
        .route("/desk/authorities/new", get(authority::ask).post(authority::register))
        .route("/desk/authorities/{code}", get(authority::show).post(authority::change))
}

/// Is it a request that a file comes with? Those have times of their own.
pub(crate) fn takes_its_own_time(request: &Request) -> bool {
    request.method() == Method::POST && request.uri().path() == SUBMISSIONS
}

/// The same, once its parts are apart.
pub(crate) fn takes_file(parts: &Parts) -> bool {
    parts.uri.path() == SUBMISSIONS
}

/// Is it a refusal that is said on the page of the form, so that what was typed stays?
fn on_the_page(problem: &Problem) -> bool {
    !problem.which_right && matches!(problem.status.as_u16(), 403 | 404 | 409 | 422)
}

#[derive(Template)]
#[template(path = "desk/overview.html")]
struct Overview {
    f: Frame,
    name: String,
    /// Role, name of the authority, and whether it has slept too long.
    rights: Vec<(Say, Option<Say>, bool)>,
    /// Of whoever holds several: as a form sends them, in words, and whether it is the one they chose.
    choices: Vec<(String, String, bool)>,
    /// Where whoever has to choose first wanted to go.
    next: String,
}

/// Where whoever chose in which right they act goes on to.
#[derive(Deserialize)]
struct Onward {
    #[serde(default)]
    next: String,
}

impl Onward {
    fn path(&self) -> &str {
        own_path(&self.next).filter(|path| !path.starts_with("/me")).unwrap_or("/desk")
    }
}

/// Who is signed in, and what they can do here; of several rights, in which they act.
async fn overview(
    State(shared): State<Shared>,
    visit: Visit,
    Query(onward): Query<Onward>,
) -> Result<Response, Problem> {
    let seen = shared.act(visit.oneself(), "session_list", |installation, _, who| {
        let called = |right: &Right| {
            let named = right.authority.as_deref().map(|code| installation.authority_called(code)).transpose()?;
            Ok((right.clone(), named))
        };
        let rights = who.rights.iter().map(called).collect::<Result<Vec<_>, AppError>>()?;
        Ok((who.actor.clone(), rights))
    });
    let (name, rights) = seen.await?;
    let f = visit.desk(&shared);
    let staff = rights.iter().filter(|(right, _)| !matches!(right.role, Role::Resident | Role::Representative));
    let mut choices: Vec<_> = staff
        .map(|(right, named)| {
            let of = named.as_ref().map(|name| format!(" · {}", f.say(name))).unwrap_or_default();
            let chosen = visit.right() == Some(&(right.role, right.authority.clone()));
            (right_text(right.role, right.authority.as_deref()), format!("{}{of}", f.say(&role(right.role))), chosen)
        })
        .collect();
    if choices.len() < 2 {
        choices.clear();
    }
    let rights = rights.into_iter().map(|(right, named)| (role(right.role), named, right.dormant)).collect();
    let next = onward.path().to_owned();
    Ok(html(StatusCode::OK, &Overview { f, name, rights, choices, next }))
}

/// Chooses in which of their rights somebody acts where several allow what they ask. It is no right: each page asks for that.
async fn choose(
    State(shared): State<Shared>,
    visit: Visit,
    Query(onward): Query<Onward>,
    typed: Typed,
) -> Result<Response, Problem> {
    let wanted = read_right(typed.get("right"));
    let held = shared.act(visit.oneself(), "session_list", move |_, _, who| {
        Ok(wanted.filter(|(role, authority)| who.holds(*role, authority.as_deref())))
    });
    let Some((role, authority)) = held.await? else {
        return Ok(visit.go(&shared, "/desk"));
    };
    let mut response = visit.go(&shared, onward.path());
    Cookie::Right.set(&shared, &mut response, &right_text(role, authority.as_deref()));
    Ok(response)
}
