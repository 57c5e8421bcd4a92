//! One record: what lies ahead of it, and what the person does about it. They object, say “this is not me”, or go the way to repair.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::objection::ObjectionRequest;
use chengxin_app::record::Horizon;
use chengxin_app::repair::RepairRequest;

use crate::api::{ahead_of, allowed, record};
use crate::filing;
use crate::form::{Frame, html};
use crate::handed::Handed;
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "me/horizon.html")]
struct Ahead {
    f: Frame,
    it: Horizon,
}

#[derive(Template)]
#[template(path = "me/object.html")]
struct Object {
    f: Frame,
    it: Horizon,
    typed: Typed,
    faults: Faults,
}

impl Object {
    fn aspects(&self) -> Vec<(&'static str, String)> {
        filing::aspects(&self.f)
    }
}

#[derive(Template)]
#[template(path = "me/repair.html")]
struct Repair {
    f: Frame,
    it: Horizon,
    typed: Typed,
    faults: Faults,
}

impl Repair {
    fn steps(&self) -> Vec<(&'static str, String)> {
        filing::steps(&self.f)
    }
}

fn status(faults: &Faults) -> StatusCode {
    if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// Below which pages a form about a record stands.
fn frame(shared: &Shared, visit: &Visit, it: &Horizon) -> Frame {
    let f = visit.me(shared).below("/me/records", "me-records");
    f.below(&format!("/me/records/{}", it.record), "horizon-title")
}

/// What lies ahead of it.
pub(super) async fn show(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let it = ahead_of(&shared, visit.own(), &id).await?;
    let f = visit.me(&shared).below("/me/records", "me-records");
    Ok(keep(html(StatusCode::OK, &Ahead { f, it })))
}

async fn object_asked(
    shared: &Shared,
    visit: &Visit,
    id: &str,
    typed: Typed,
    faults: Faults,
) -> Result<Response, Problem> {
    let it = ahead_of(shared, visit.own(), id).await?;
    let f = frame(shared, visit, &it);
    Ok(keep(html(status(&faults), &Object { f, it, typed, faults })))
}

/// The form of an objection.
pub(super) async fn object_ask(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    object_asked(&shared, &visit, &id, Typed::default(), Faults::default()).await
}

/// Files it. The record is marked, or out of use, from the next read on.
pub(super) async fn object(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "objection_file";
    shared.act_own(visit.own(), NAME, |installation, caller, _| allowed(installation, caller, NAME)).await?;
    let (handed, about) = (Handed::read(request, &shared).await?, record(&id)?);
    let (f, mut faults, typed) = (visit.me(&shared), Faults::default(), handed.typed.clone());
    let aspect = filing::aspect(&f, &typed, &mut faults);
    if faults.any() {
        return object_asked(&shared, &visit, &id, typed, faults).await;
    }
    let (grounds, attachments) = (typed.own("grounds"), handed.files("file"));
    let filed = shared.act_own(visit.own(), NAME, move |installation, caller, (kind, number)| {
        let asked = ObjectionRequest { kind, number, record: about, aspect, grounds, attachments, evidence: None };
        installation.objection_file(caller, &asked)
    });
    match filed.await {
        Ok(_) => Ok(visit.go(&shared, "/me/proceedings")),
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let faults = Faults::refused(&f, &problem);
            object_asked(&shared, &visit, &id, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}

/// What deleting means, before it is done.
#[derive(Template)]
#[template(path = "me/delete.html")]
struct Delete {
    f: Frame,
    it: Horizon,
    typed: Typed,
    faults: Faults,
}

impl Delete {
    fn sure(&self) -> Vec<(&'static str, String)> {
        vec![("yes", self.f.m("delete-sure-yes"))]
    }
}

async fn delete_asked(shared: &Shared, visit: &Visit, id: &str, faults: Faults) -> Result<Response, Problem> {
    let it = ahead_of(shared, visit.own(), id).await?;
    let f = frame(shared, visit, &it);
    Ok(keep(html(status(&faults), &Delete { f, it, typed: Typed::default(), faults })))
}

/// Asks once more: it is for good.
pub(super) async fn delete_ask(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    delete_asked(&shared, &visit, &id, Faults::default()).await
}

/// Deletes what rests on nothing but one's own wish.
pub(super) async fn delete(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    const NAME: &str = "record_delete";
    shared.act_own(visit.own(), NAME, |installation, caller, _| allowed(installation, caller, NAME)).await?;
    let (f, mut faults, about) = (visit.me(&shared), Faults::default(), record(&id)?);
    if !typed.is("sure", "yes") {
        faults.wrong(&f, "sure", "delete-not-sure");
        return delete_asked(&shared, &visit, &id, faults).await;
    }
    let deleted = shared.act_own(visit.own(), NAME, move |installation, caller, (kind, number)| {
        installation.record_delete(caller, (kind, &number), &about)
    });
    match deleted.await {
        Ok(()) => Ok(visit.go(&shared, "/me/records")),
        Err(problem) if problem.status == StatusCode::CONFLICT => {
            delete_asked(&shared, &visit, &id, Faults::refused(&f, &problem)).await
        }
        Err(problem) => Err(problem),
    }
}

async fn repair_asked(
    shared: &Shared,
    visit: &Visit,
    id: &str,
    typed: Typed,
    faults: Faults,
) -> Result<Response, Problem> {
    let it = ahead_of(shared, visit.own(), id).await?;
    let f = frame(shared, visit, &it);
    Ok(keep(html(status(&faults), &Repair { f, it, typed, faults })))
}

/// The form of a step toward repair.
pub(super) async fn repair_ask(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    repair_asked(&shared, &visit, &id, Typed::default(), Faults::default()).await
}

/// Does the step; the first one begins the proceeding.
pub(super) async fn repair(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    const NAME: &str = "repair_file";
    shared.act_own(visit.own(), NAME, |installation, caller, _| allowed(installation, caller, NAME)).await?;
    let (handed, about) = (Handed::read(request, &shared).await?, record(&id)?);
    let (f, mut faults, typed) = (visit.me(&shared), Faults::default(), handed.typed.clone());
    let step = filing::step(&f, &handed, &mut faults);
    let Some(step) = step.filter(|_| !faults.any()) else {
        return repair_asked(&shared, &visit, &id, typed, faults).await;
    };
    let text = typed.own("text");
    let filed = shared.act_own(visit.own(), NAME, move |installation, caller, (kind, number)| {
        let (attachments, commitment) = (handed.files("file"), handed.files("commitment").pop());
        let asked = RepairRequest {
            kind,
            number,
            record: about,
            step,
            text,
            attachments,
            commitment,
            national_number: None,
            evidence: None,
        };
        installation.repair_file(caller, &asked)
    });
    match filed.await {
        Ok(_) => Ok(visit.go(&shared, "/me/proceedings")),
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let faults = Faults::refused(&f, &problem);
            repair_asked(&shared, &visit, &id, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}
