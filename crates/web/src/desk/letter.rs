//! Letters: what an authority serves on paper because nobody could be told.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chengxin_app::notice::{LetterLine, Served};
use chengxin_core::Role;
use chengxin_core::operation::operation;

use super::on_the_page;
use crate::form::{Frame, html};
use crate::problem::{Problem, keep, of};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What letters are printed and served for.
const PURPOSE: &str = "书面送达";
/// Where they stand.
const LIST: (&str, &str) = ("/desk/letters", "desk-letters");

#[derive(Template)]
#[template(path = "desk/letters.html")]
struct List {
    f: Frame,
    letters: Vec<LetterLine>,
}

#[derive(Template)]
#[template(path = "desk/letter.html")]
struct One {
    f: Frame,
    line: LetterLine,
    /// May whoever looks print it? They act in another of their rights where that is why not.
    prints: bool,
    typed: Typed,
    faults: Faults,
}

async fn waiting(shared: &Shared, visit: &Visit) -> Result<(Vec<LetterLine>, Vec<Role>), Problem> {
    let waiting = shared.act(visit.duty(PURPOSE), "notice_undelivered", |installation, caller, who| {
        Ok((installation.notice_undelivered(caller)?, who.rights.iter().map(|right| right.role).collect()))
    });
    waiting.await
}

/// All of them, the oldest first.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let (letters, _) = waiting(&shared, &visit).await?;
    Ok(html(StatusCode::OK, &List { f: visit.desk(&shared), letters }))
}

async fn shown(
    shared: &Shared,
    visit: &Visit,
    notice: &str,
    typed: Typed,
    (status, faults): (StatusCode, Faults),
) -> Result<Response, Problem> {
    let (letters, roles) = waiting(shared, visit).await?;
    let line = letters.into_iter().find(|line| line.notice == notice).ok_or_else(|| of(StatusCode::NOT_FOUND))?;
    let prints = operation("notice_letter").is_some_and(|of| of.roles.iter().any(|role| roles.contains(role)));
    let f = visit.desk(shared).below(LIST.0, LIST.1);
    Ok(keep(html(status, &One { f, line, prints, typed, faults })))
}

/// One of them: to be printed, and what became of it.
pub(super) async fn show(
    State(shared): State<Shared>,
    visit: Visit,
    Path(notice): Path<String>,
) -> Result<Response, Problem> {
    shown(&shared, &visit, &notice, Typed::default(), (StatusCode::OK, Faults::default())).await
}

/// The letter as PDF/A. That it was printed is a line in the person's log.
pub(super) async fn print(
    State(shared): State<Shared>,
    visit: Visit,
    Path(notice): Path<String>,
) -> Result<Response, Problem> {
    let lang = visit.wish.lang;
    let printed = shared.act(visit.duty(PURPOSE), "notice_letter", move |installation, caller, _| {
        installation.notice_letter(caller, &notice, lang)
    });
    let letter = printed.await?;
    let pdf = shared.print(move || letter.pdf()).await?;
    Ok(keep(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response()))
}

/// Records that it was served: from that day on the person was told.
pub(super) async fn serve(
    State(shared): State<Shared>,
    visit: Visit,
    Path(notice): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.desk(&shared), Faults::default());
    let on = typed.needed_day(&f, "served-on", &mut faults);
    let by = typed.needed(&f, "served-by", &mut faults);
    let evidence = typed.needed(&f, "served-evidence", &mut faults);
    if faults.any() {
        return shown(&shared, &visit, &notice, typed, (StatusCode::UNPROCESSABLE_ENTITY, faults)).await;
    }
    let (number, how) = (notice.clone(), Served { on, by, evidence });
    let served = shared.act(visit.duty(PURPOSE), "notice_served", move |installation, caller, _| {
        installation.notice_served(caller, &number, &how)
    });
    match served.await {
        Ok(_) => Ok(visit.go(&shared, LIST.0)),
        Err(problem) if on_the_page(&problem) => {
            let faults = Faults::refused(&f, &problem);
            shown(&shared, &visit, &notice, typed, (problem.status, faults)).await
        }
        Err(problem) => Err(problem),
    }
}
