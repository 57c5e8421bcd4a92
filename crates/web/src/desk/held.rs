//! Rows that wait for a decision on identity.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::held::{HeldDecision, HeldDetail, HeldItem};

use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What held rows are looked at for.
const PURPOSE: &str = "身份核实";

#[derive(Template)]
#[template(path = "desk/held.html")]
struct List {
    f: Frame,
    rows: Vec<HeldItem>,
}

#[derive(Template)]
#[template(path = "desk/held_row.html")]
struct Shown {
    f: Frame,
    detail: HeldDetail,
    typed: Typed,
    faults: Faults,
}

impl Shown {
    fn patience(&self) -> u32 {
        super::PATIENCE_S
    }

    fn decisions(&self) -> Vec<(&'static str, String)> {
        let all = [("attach", "held-attach"), ("correct-name", "held-correct-name"), ("reject", "held-reject")];
        all.map(|(value, key)| (value, self.f.m(key))).into()
    }
}

/// All of them, by deadline.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let rows = shared.act(visit.duty(PURPOSE), "held_list", |installation, caller, _| installation.held_list(caller));
    Ok(html(StatusCode::OK, &List { f: visit.desk(&shared), rows: rows.await? }))
}

async fn shown(shared: &Shared, visit: &Visit, id: i64, typed: Typed, faults: Faults) -> Result<Response, Problem> {
    let detail =
        shared.act(visit.duty(PURPOSE), "held_show", move |installation, caller, _| installation.held_show(caller, id));
    let f = visit.desk(shared).below("/desk/held", "desk-held");
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Shown { f, detail: detail.await?, typed, faults })))
}

/// One, with what stands in it; the look is logged.
pub(super) async fn show(State(shared): State<Shared>, visit: Visit, Path(id): Path<i64>) -> Result<Response, Problem> {
    shown(&shared, &visit, id, Typed::default(), Faults::default()).await
}

/// What the clerk decided, if it can be read.
fn decided(f: &Frame, typed: &Typed, faults: &mut Faults) -> Option<HeldDecision> {
    match typed.get("decision") {
        "attach" => {
            let (kind, number) = typed.document(f, "number", faults)?;
            let (further_name, of_age) = (typed.is("further-name", "yes"), typed.is("of-age", "yes"));
            Some(HeldDecision::Attach { kind, number, further_name, of_age })
        }
        "correct-name" => Some(HeldDecision::CorrectName),
        "reject" => Some(HeldDecision::Reject),
        _ => {
            faults.wrong(f, "decision", "fault-choose");
            None
        }
    }
}

/// Decides, on evidence.
pub(super) async fn resolve(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<i64>,
    typed: Typed,
) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.desk(&shared), Faults::default());
    let evidence = typed.needed(&f, "evidence", &mut faults);
    let decision = decided(&f, &typed, &mut faults);
    let Some(decision) = decision.filter(|_| !faults.any()) else {
        return shown(&shared, &visit, id, typed, faults).await;
    };
    let resolved = shared.act(visit.duty(PURPOSE), "held_resolve", move |installation, caller, _| {
        installation.held_resolve(caller, id, &decision, &evidence)
    });
    match resolved.await {
        Ok(()) => Ok(visit.go(&shared, "/desk/held")),
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let faults = Faults::refused(&f, &problem);
            shown(&shared, &visit, id, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}
