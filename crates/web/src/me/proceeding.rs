//! What somebody filed and how it stands: objections, “this is not me”, repairs; and what they add.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chengxin_app::proceeding::{OwnProceeding, ProceedingView};
use chengxin_core::Say;
use chengxin_core::objection::STATEMENT;
use chengxin_core::proceeding::ProceedingKind;
use chengxin_core::workflow::Party;

use crate::api::{allowed, download};
use crate::filing;
use crate::form::{Frame, html};
use crate::handed::Handed;
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "me/proceedings.html")]
struct List {
    f: Frame,
    own: Vec<OwnProceeding>,
}

impl List {
    /// What the person may do next, in words.
    fn may(of: &ProceedingView) -> Vec<&Say> {
        of.next.iter().filter(|next| next.by == Party::Person).map(|next| &next.step_name).collect()
    }

    /// Where they do it.
    fn place(of: &ProceedingView) -> String {
        match of.kind {
            ProceedingKind::Repair => format!("/me/records/{}/repair", of.record),
            ProceedingKind::Objection | ProceedingKind::NotMe => format!("/me/proceedings/{}/additions", of.number),
        }
    }
}

#[derive(Template)]
#[template(path = "me/addition.html")]
struct Add {
    f: Frame,
    typed: Typed,
    faults: Faults,
}

impl Add {
    fn kinds(&self) -> Vec<(&'static str, String)> {
        filing::additions(&self.f)
    }
}

/// Every one of them, the newest first.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let listed = shared.act_own(visit.own(), "proceeding_list", |installation, caller, (kind, number)| {
        installation.proceeding_list(caller, kind, &number)
    });
    Ok(keep(html(StatusCode::OK, &List { f: visit.me(&shared), own: listed.await? })))
}

/// The decision, to print or to hand on.
pub(super) async fn decision(
    State(shared): State<Shared>,
    visit: Visit,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let (lang, name) = (visit.wish.lang, format!("attachment; filename=\"chengxin-{}.pdf\"", plain(&number)));
    let paper = shared.act_own(visit.own(), "proceeding_decision", move |installation, caller, (kind, document)| {
        installation.proceeding_decision(caller, (kind, &document), &number, lang)
    });
    let headers = [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok(keep((headers, paper.await?.pdf).into_response()))
}

/// What of a number may stand in the name of a file.
fn plain(number: &str) -> String {
    number.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

/// Something that one handed in.
pub(super) async fn attachment(
    State(shared): State<Shared>,
    visit: Visit,
    Path((number, file)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    let read = shared.act_own(visit.own(), "proceeding_attachment", move |installation, caller, (kind, document)| {
        installation.proceeding_attachment(caller, Some((kind, &document)), &number, file)
    });
    Ok(download(read.await?))
}

async fn asked(shared: &Shared, visit: &Visit, typed: Typed, faults: Faults) -> Result<Response, Problem> {
    const NAME: &str = "objection_add";
    shared.act_own(visit.own(), NAME, |installation, caller, _| allowed(installation, caller, NAME)).await?;
    let f = visit.me(shared).below("/me/proceedings", "me-proceedings");
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Add { f, typed, faults })))
}

/// The form for more.
pub(super) async fn ask(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    asked(&shared, &visit, Typed::with(&[("what", "supply")]), Faults::default()).await
}

/// Hands in more, or puts the person's own statement beside the record.
pub(super) async fn add(
    State(shared): State<Shared>,
    visit: Visit,
    Path(number): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "objection_add";
    shared.act_own(visit.own(), NAME, |installation, caller, _| allowed(installation, caller, NAME)).await?;
    let handed = Handed::read(request, &shared).await?;
    let (f, mut faults, typed) = (visit.me(&shared), Faults::default(), handed.typed.clone());
    let statement = filing::statement(&f, &handed, &mut faults);
    let (text, files) = (typed.own("text"), handed.files("file"));
    if faults.any() {
        return asked(&shared, &visit, typed, faults).await;
    }
    let added = shared.act_own(visit.own(), NAME, move |installation, caller, (kind, document)| {
        installation.objection_add(caller, (kind, &document), &number, statement, &text, &files, None)
    });
    match added.await {
        Ok(_) => Ok(visit.go(&shared, "/me/proceedings")),
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let faults = Faults::refused(&f, &problem);
            asked(&shared, &visit, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}
