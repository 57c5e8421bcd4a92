//! Complaints about misuse of data: for the credit office, which answers, and for a decider of the authority complained of, who may comment and does
//! not read what the person said.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::complaint::{ComplaintAnswer, ComplaintLine, ComplaintView};
use chengxin_core::Role;
use chengxin_core::complaint::{COMPLAINT, ComplaintStep};
use chengxin_core::workflow::{Party, Word as _};

use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What complaints are read and answered for.
const PURPOSE: &str = "投诉办理";

#[derive(Template)]
#[template(path = "office/complaints.html")]
struct List {
    f: Frame,
    rows: Vec<ComplaintLine>,
}

#[derive(Template)]
#[template(path = "office/complaint.html")]
struct Shown {
    f: Frame,
    c: ComplaintView,
    role: Role,
    typed: Typed,
    faults: Faults,
}

impl Shown {
    /// Steps that a party may do now.
    fn next_of(&self, party: Party) -> Vec<(String, String)> {
        let own = self.c.next.iter().filter(|next| next.by == party);
        own.map(|next| (next.step.clone(), self.f.say(&next.step_name))).collect()
    }

    /// Steps of whoever answers: the credit office, or the authority to which it was handed over, which reads what the person said.
    fn steps(&self) -> Vec<(String, String)> {
        match self.role {
            Role::CreditOffice => self.next_of(Party::CreditOffice),
            _ if self.c.words.is_some() => self.next_of(Party::Handler),
            _ => Vec::new(),
        }
    }

    fn refers(&self) -> bool {
        self.steps().iter().any(|(step, _)| step == ComplaintStep::Refer.code())
    }

    fn comments(&self) -> bool {
        self.role == Role::Decider && !self.next_of(Party::Concerned).is_empty()
    }
}

/// Those that wait, what is due first.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let rows = shared
        .act(visit.duty(PURPOSE), "complaint_work", |installation, caller, _| installation.complaint_work(caller));
    Ok(keep(html(StatusCode::OK, &List { f: visit.office(&shared), rows: rows.await? })))
}

async fn shown(
    shared: &Shared,
    visit: &Visit,
    number: String,
    typed: Typed,
    faults: Faults,
) -> Result<Response, Problem> {
    let read = shared.act(visit.duty(PURPOSE), "complaint_show", move |installation, caller, _| {
        Ok((installation.complaint_show(caller, &number)?, caller.role))
    });
    let (c, role) = read.await?;
    let f = visit.office(shared).below("/office/complaints", "office-complaints");
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Shown { f, c, role, typed, faults })))
}

/// One, whole; the look is a line in the person's log.
pub(super) async fn show(
    State(shared): State<Shared>,
    visit: Visit,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    shown(&shared, &visit, number, Typed::default(), Faults::default()).await
}

/// Back to the complaint; what was refused is said there, with what was typed.
async fn done(
    shared: &Shared,
    visit: &Visit,
    number: String,
    typed: Typed,
    done: Result<ComplaintView, Problem>,
) -> Result<Response, Problem> {
    match done {
        Ok(_) => Ok(visit.go(shared, &format!("/office/complaints/{number}"))),
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let faults = Faults::refused(&visit.office(shared), &problem);
            shown(shared, visit, number, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}

/// Takes one up, answers it or passes it on.
pub(super) async fn answer(
    State(shared): State<Shared>,
    visit: Visit,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let step: Option<ComplaintStep> =
        COMPLAINT.iter().map(|row| row.step).find(|step| step.code() == typed.get("step"));
    let Some(step) = step else {
        let mut faults = Faults::default();
        faults.wrong(&visit.office(&shared), "step", "fault-choose");
        return shown(&shared, &visit, number, typed, faults).await;
    };
    let to = Some(typed.own("to")).filter(|to| !to.is_empty());
    let answer = ComplaintAnswer { number: number.clone(), step, to, text: typed.own("text") };
    let answered = shared.act(visit.duty(PURPOSE), "complaint_answer", move |installation, caller, _| {
        installation.complaint_answer(caller, &answer)
    });
    let answered = answered.await;
    done(&shared, &visit, number, typed, answered).await
}

/// What the authority complained of has to say.
pub(super) async fn comment(
    State(shared): State<Shared>,
    visit: Visit,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let (of, text) = (number.clone(), typed.own("text"));
    let commented = shared.act(visit.duty(PURPOSE), "complaint_comment", move |installation, caller, _| {
        installation.complaint_comment(caller, &of, &text)
    });
    let commented = commented.await;
    done(&shared, &visit, number, typed, commented).await
}
