//! Objections and repairs at the authority: what waits, one whole with the steps that are lawful now, what follows from decisions, and how
//! authorities answer. Nothing here decides: an officer chooses a step and says why.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::objection::ObjectionAnswer;
use chengxin_app::proceeding::{AuthorityFigures, FollowUpLine, ProceedingView, WorkLine};
use chengxin_app::repair::RepairAnswer;
use chengxin_core::Role;
use chengxin_core::follow_up::FollowUpState;
use chengxin_core::objection::{OBJECTION, ObjectionStep};
use chengxin_core::proceeding::ProceedingKind;
use chengxin_core::repair::{REPAIR, RepairStep};
use chengxin_core::workflow::{Party, Word as _};

use crate::api::{allowed, download};
use crate::form::{Frame, html};
use crate::handed::Handed;
use crate::office::statistics::Drawn;
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What proceedings are read and decided for.
const PURPOSE: &str = "异议与信用修复办理";

#[derive(Template)]
#[template(path = "desk/proceedings.html")]
struct List {
    f: Frame,
    rows: Vec<WorkLine>,
}

#[derive(Template)]
#[template(path = "desk/proceeding.html")]
struct Shown {
    f: Frame,
    p: ProceedingView,
    role: Role,
    typed: Typed,
    faults: Faults,
}

impl Shown {
    /// What whoever reads it may do now.
    fn steps(&self) -> Vec<(String, String)> {
        let party = if self.role == Role::IdentityClerk { Party::IdentityClerk } else { Party::Authority };
        let own = self.p.next.iter().filter(|next| next.by == party);
        own.map(|next| (next.step.clone(), self.f.say(&next.step_name))).collect()
    }

    fn may(&self, step: &str) -> bool {
        self.p.next.iter().any(|next| next.step == step)
    }

    fn corrects(&self) -> bool {
        self.may(ObjectionStep::Correct.code())
    }

    fn extends(&self) -> bool {
        self.may(RepairStep::Extend.code())
    }
}

#[derive(Template)]
#[template(path = "desk/follow_ups.html")]
struct FollowUps {
    f: Frame,
    rows: Vec<FollowUpLine>,
    faults: Faults,
}

impl FollowUps {
    fn open(line: &FollowUpLine) -> bool {
        line.state == FollowUpState::ToSettle
    }
}

#[derive(Template)]
#[template(path = "desk/figures.html")]
struct Figures {
    f: Frame,
    /// How their own authority sent.
    tables: Vec<Drawn>,
    rows: Vec<AuthorityFigures>,
}

/// What waits, by the last day.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let rows = shared
        .act(visit.duty(PURPOSE), "proceeding_work", |installation, caller, _| installation.proceeding_work(caller));
    Ok(keep(html(StatusCode::OK, &List { f: visit.desk(&shared), rows: rows.await? })))
}

async fn shown(
    shared: &Shared,
    visit: &Visit,
    number: String,
    typed: Typed,
    faults: Faults,
) -> Result<Response, Problem> {
    let read = shared.act(visit.duty(PURPOSE), "proceeding_show", move |installation, caller, _| {
        Ok((installation.proceeding_show(caller, &number)?, caller.role))
    });
    let (p, role) = read.await?;
    let f = visit.desk(shared).below("/desk/proceedings", "desk-proceedings");
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Shown { f, p, role, typed, faults })))
}

/// One, whole; the look is a line in the person's log.
pub(super) async fn show(
    State(shared): State<Shared>,
    visit: Visit,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    shown(&shared, &visit, number, Typed::default(), Faults::default()).await
}

/// Something that was handed in.
pub(super) async fn attachment(
    State(shared): State<Shared>,
    visit: Visit,
    Path((number, file)): Path<(String, i64)>,
) -> Result<Response, Problem> {
    let read = shared.act(visit.duty(PURPOSE), "proceeding_attachment", move |installation, caller, _| {
        installation.proceeding_attachment(caller, None, &number, file)
    });
    Ok(download(read.await?))
}

/// A step that was chosen, of either kind of proceeding.
enum Step {
    Objection(ObjectionStep),
    Repair(RepairStep),
}

fn chosen(kind: ProceedingKind, code: &str) -> Option<Step> {
    match kind {
        ProceedingKind::Repair => REPAIR.iter().map(|it| it.step).find(|it| it.code() == code).map(Step::Repair),
        ProceedingKind::Objection | ProceedingKind::NotMe => {
            OBJECTION.iter().map(|it| it.step).find(|it| it.code() == code).map(Step::Objection)
        }
    }
}

/// Fields of a correction, a line each: code, `=`, and what it says from now on, which may be nothing.
fn corrected(f: &Frame, typed: &Typed, faults: &mut Faults) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    for line in typed.get("corrected").lines().filter(|line| !line.trim().is_empty()) {
        let Some((code, value)) = line.split_once(['=', '＝']) else {
            faults.wrong(f, "corrected", "fault-corrected");
            break;
        };
        fields.insert(code.trim().to_owned(), value.trim().to_owned());
    }
    fields
}

/// Which operation decides a kind of proceeding.
fn operation_of(kind: ProceedingKind) -> &'static str {
    match kind {
        ProceedingKind::Objection => "objection_decide",
        ProceedingKind::NotMe => "objection_identify",
        ProceedingKind::Repair => "repair_decide",
    }
}

/// Does the step that an officer chose, with the reason that the person reads.
pub(super) async fn answer(
    State(shared): State<Shared>,
    visit: Visit,
    Path((number, kind)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let kind = ProceedingKind::from_code(&kind).ok_or_else(|| crate::problem::of(StatusCode::NOT_FOUND))?;
    let name = operation_of(kind);
    shared.act(visit.duty(PURPOSE), name, move |installation, caller, _| allowed(installation, caller, name)).await?;
    let handed = Handed::read(request, &shared).await?;
    let (f, mut faults, typed) = (visit.desk(&shared), Faults::default(), handed.typed.clone());
    let step = chosen(kind, typed.get("step"));
    if step.is_none() {
        faults.wrong(&f, "step", "fault-choose");
    }
    let (corrected, until) = (corrected(&f, &typed, &mut faults), typed.day(&f, "until", &mut faults));
    let Some(step) = step.filter(|_| !faults.any()) else {
        return shown(&shared, &visit, number, typed, faults).await;
    };
    let (text, attachments, of) = (typed.own("text"), handed.files("file"), number.clone());
    let done = shared.act(visit.duty(PURPOSE), name, move |installation, caller, _| match step {
        Step::Repair(step) => {
            let answer = RepairAnswer { number: of, step, text, attachments, until };
            installation.repair_decide(caller, &answer).map(drop)
        }
        Step::Objection(step) => {
            let answer = ObjectionAnswer { number: of, step, text, attachments, corrected };
            let done = match kind {
                ProceedingKind::NotMe => installation.objection_identify(caller, &answer),
                ProceedingKind::Objection | ProceedingKind::Repair => installation.objection_decide(caller, &answer),
            };
            done.map(drop)
        }
    });
    match done.await {
        Ok(()) => Ok(visit.go(&shared, &format!("/desk/proceedings/{number}"))),
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let faults = Faults::refused(&f, &problem);
            shown(&shared, &visit, number, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}

async fn followed(shared: &Shared, visit: &Visit, faults: Faults) -> Result<Response, Problem> {
    let rows = shared
        .act(visit.duty(PURPOSE), "follow_up_list", |installation, caller, _| installation.follow_up_list(caller));
    let rows = rows.await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &FollowUps { f: visit.desk(shared), rows, faults })))
}

/// Checks that showed a record which has changed since.
pub(super) async fn follow_ups(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    followed(&shared, &visit, Faults::default()).await
}

/// Confirms an outcome, or opens its matter again.
pub(super) async fn settle(
    State(shared): State<Shared>,
    visit: Visit,
    Path(check): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let reopened = typed.is("what", "reopened");
    let settled = shared.act(visit.duty(PURPOSE), "follow_up_settle", move |installation, caller, _| {
        installation.follow_up_settle(caller, &check, reopened, typed.get("reason"))
    });
    match settled.await {
        Ok(_) => Ok(visit.go(&shared, "/desk/follow-ups")),
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let faults = Faults::refused(&visit.desk(&shared), &problem);
            followed(&shared, &visit, faults).await
        }
        Err(problem) => Err(problem),
    }
}

/// How authorities answer, and how one's own sends.
pub(super) async fn figures(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let read = shared.act(visit.duty(PURPOSE), "proceeding_figures", |installation, caller, _| {
        Ok((installation.proceeding_figures(caller)?, installation.statistics_own(caller)?))
    });
    let ((rows, tables), f) = (read.await?, visit.desk(&shared));
    let tables = tables.into_iter().map(|table| Drawn::of(&f, table)).collect();
    Ok(html(StatusCode::OK, &Figures { f, tables, rows }))
}
