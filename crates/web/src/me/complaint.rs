//! Complaints about a line of one's own log: filed from the line, with their clock, taken back.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::complaint::{ComplaintRequest, ComplaintView, LineAt};
use chengxin_app::log::{Line, LineChain};
use chengxin_core::statement::WORDS;
use chengxin_core::workflow::Party;

use crate::form::{Frame, html};
use crate::problem::{Problem, keep, of};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// Of a line without a number: it is found by the entry from which it follows.
const ANCHOR: &str = "entry";

#[derive(Template)]
#[template(path = "me/complaints.html")]
struct List {
    f: Frame,
    complaints: Vec<ComplaintView>,
}

impl List {
    /// May the person take it back?
    fn open(of: &ComplaintView) -> bool {
        of.next.iter().any(|next| next.by == Party::Person)
    }
}

#[derive(Template)]
#[template(path = "me/complaint_new.html")]
struct Ask {
    f: Frame,
    typed: Typed,
    faults: Faults,
}

impl Ask {
    fn most(&self) -> String {
        self.f.m1("complaint-words-hint", "most", WORDS)
    }
}

/// Where a line is complained about; `None` where it has neither number nor entry.
pub(super) fn place(line: &Line) -> Option<String> {
    let chain = match line.chain {
        LineChain::Records => "records",
        LineChain::Reports => "reports",
    };
    let at = line.number.map(|number| format!("{chain}/{number}"));
    let at = at.or_else(|| line.anchor.map(|anchor| format!("{ANCHOR}/{anchor}")));
    at.map(|at| format!("/me/complaints/new/{at}"))
}

fn at(chain: &str, number: i64) -> Result<LineAt, Problem> {
    match chain {
        "records" => Ok(LineAt::Number(LineChain::Records, number)),
        "reports" => Ok(LineAt::Number(LineChain::Reports, number)),
        ANCHOR => Ok(LineAt::Anchor(number)),
        _ => Err(of(StatusCode::NOT_FOUND)),
    }
}

/// Every one of them, the newest first.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let listed = shared.act_own(visit.own(), "complaint_list", |installation, caller, (kind, number)| {
        installation.complaint_list(caller, kind, &number)
    });
    Ok(keep(html(StatusCode::OK, &List { f: visit.me(&shared), complaints: listed.await? })))
}

fn asked(shared: &Shared, visit: &Visit, typed: Typed, faults: Faults) -> Response {
    let f = visit.me(shared).below("/me/complaints", "me-complaints");
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    keep(html(status, &Ask { f, typed, faults }))
}

/// The form, about one line.
pub(super) async fn ask(
    State(shared): State<Shared>,
    visit: Visit,
    Path((chain, number)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    at(&chain, number)?;
    shared.act_own(visit.own(), "complaint_file", |_, _, _| Ok(())).await?;
    Ok(asked(&shared, &visit, Typed::default(), Faults::default()))
}

/// Files it.
pub(super) async fn file(
    State(shared): State<Shared>,
    visit: Visit,
    Path((chain, number)): Path<(String, i64)>,
    typed: Typed,
) -> Result<Response, Problem> {
    let line = at(&chain, number)?;
    let (f, mut faults) = (visit.me(&shared), Faults::default());
    let words = typed.needed(&f, "text", &mut faults);
    if faults.any() {
        return Ok(asked(&shared, &visit, typed, faults));
    }
    let filed = shared.act_own(visit.own(), "complaint_file", move |installation, caller, (kind, number)| {
        installation.complaint_file(caller, &ComplaintRequest { kind, number, line, words })
    });
    match filed.await {
        Ok(_) => Ok(visit.go(&shared, "/me/complaints")),
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let faults = Faults::refused(&f, &problem);
            Ok(asked(&shared, &visit, typed, faults))
        }
        Err(problem) => Err(problem),
    }
}

/// Takes one back.
pub(super) async fn withdraw(
    State(shared): State<Shared>,
    visit: Visit,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let done = shared.act_own(visit.own(), "complaint_withdraw", move |installation, caller, (kind, document)| {
        installation.complaint_withdraw(caller, (kind, &document), &number, typed.get("text"))
    });
    done.await.map(|_| visit.go(&shared, "/me/complaints"))
}
