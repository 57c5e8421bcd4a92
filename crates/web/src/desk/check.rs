//! The check at the window: one matter, one applicant, one answer with its slip, and what came of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::check::{CheckRequest, Checked, Outcome, OutcomeNotice, OutcomeRequest};
use chengxin_app::matter::MatterView;
use chengxin_core::catalogue::matter::MatterGround;
use chengxin_core::check::CheckFinding;
use chengxin_core::identity::DocumentKind;

use super::PATIENCE_S;
use crate::api::answered;
use crate::form::{Frame, html};
use crate::me::{headline, may_proceed};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What an outcome is recorded for.
const OUTCOME: &str = "登记办理结果";
/// What the list of matters is read for.
const RULES: &str = "查阅规则";

#[derive(Template)]
#[template(path = "desk/check.html")]
struct Ask {
    f: Frame,
    matters: Vec<MatterView>,
    typed: Typed,
    faults: Faults,
}

impl Ask {
    fn choices(&self) -> Vec<(String, String)> {
        let words = |matter: &MatterView| match matter.ground {
            MatterGround::Duty => self.f.say(&matter.name),
            MatterGround::Consent => format!("{} · {}", self.f.say(&matter.name), self.f.m("matter-on-consent")),
        };
        let matters = self.matters.iter().map(|matter| (matter.code.clone(), words(matter)));
        std::iter::once((String::new(), self.f.m("form-choose"))).chain(matters).collect()
    }
}

#[derive(Template)]
#[template(path = "desk/answer.html")]
struct Answer {
    f: Frame,
    checked: Checked,
    /// The applicant's document, which the outcome needs again.
    number: String,
    typed: Typed,
    faults: Faults,
}

impl Answer {
    fn patience(&self) -> u32 {
        PATIENCE_S
    }

    fn proceeds(&self) -> bool {
        may_proceed(&self.checked.slip.answer)
    }

    fn says(&self) -> String {
        self.f.say(headline(&self.checked.slip.answer))
    }

    fn outcomes(&self) -> Vec<(&'static str, String)> {
        Outcome::ALL.into_iter().map(|outcome| (outcome.code(), self.f.say(&outcome.name()))).collect()
    }

    fn records(&self) -> Vec<(String, String)> {
        let words = |finding: &CheckFinding| (finding.record.clone(), self.f.say(&finding.item_name));
        self.checked.slip.answer.findings.iter().map(words).collect()
    }
}

#[derive(Template)]
#[template(path = "desk/outcome.html")]
struct Recorded {
    f: Frame,
    check: String,
    notice: Option<OutcomeNotice>,
    faults: Faults,
}

/// The matters of the clerk's own authority. Whoever may not ask is told so before they type.
async fn own_matters(shared: &Shared, visit: &Visit) -> Result<Vec<MatterView>, Problem> {
    let matters =
        shared.act(visit.duty(RULES), "check_answer", |installation, caller, _| installation.matter_list_own(caller));
    matters.await
}

async fn asked(shared: &Shared, visit: &Visit, typed: Typed, faults: Faults) -> Result<Response, Problem> {
    let matters = own_matters(shared, visit).await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Ask { f: visit.desk(shared), matters, typed, faults })))
}

/// The form.
pub(super) async fn ask(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    asked(&shared, &visit, Typed::default(), Faults::default()).await
}

/// The answer, and the slip that the applicant gets.
pub(super) async fn answer(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.desk(&shared), Faults::default());
    let matter = typed.needed(&f, "matter", &mut faults);
    let document = typed.document(&f, "number", &mut faults);
    let name = typed.needed(&f, "name", &mut faults);
    let case_number = typed.needed(&f, "case-number", &mut faults);
    let Some((kind, number)) = document.filter(|_| !faults.any()) else {
        return asked(&shared, &visit, typed, faults).await;
    };
    let request = CheckRequest { matter: matter.clone(), kind, number: number.clone(), name, case_number };
    let consent = Some(typed.own("consent")).filter(|shown| !shown.is_empty());
    match answered(&shared, visit.duty(""), request, consent).await {
        Ok(checked) => {
            let (f, faults) = (f.below("/desk/checks", "desk-checks"), Faults::default());
            Ok(html(StatusCode::OK, &Answer { f, checked, number, typed: Typed::default(), faults }))
        }
        // They may ask, so that what is refused is this question: for its matter, or for whom it is about.
        Err(problem) if matches!(problem.status.as_u16(), 403 | 404 | 409 | 422) => {
            let foreign = own_matters(&shared, &visit).await?.iter().all(|own| own.code != matter);
            let faults =
                if foreign { Faults::beside_field(&f, "matter", &problem) } else { Faults::refused(&f, &problem) };
            asked(&shared, &visit, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}

/// Records what came of it. Where it is adverse and rests on records, the notice to the person is shown, to be handed over.
pub(super) async fn outcome(
    State(shared): State<Shared>,
    visit: Visit,
    Path(check): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.desk(&shared).below("/desk/checks", "desk-checks"), Faults::default());
    // Whoever may not record is told so before what they typed is looked at.
    let may = shared
        .act(visit.duty(OUTCOME), "check_answer", |installation, caller, _| installation.check_answer_allowed(caller));
    may.await?;
    let outcome = Outcome::from_code(typed.get("outcome"));
    if outcome.is_none() {
        faults.wrong(&f, "outcome", "fault-choose");
    }
    let reason = typed.needed(&f, "reason", &mut faults);
    let Some(outcome) = outcome.filter(|_| !faults.any()) else {
        return Ok(keep(html(StatusCode::UNPROCESSABLE_ENTITY, &Recorded { f, check, notice: None, faults })));
    };
    let number = typed.own("number");
    let (kind, rests_on) = (DocumentKind::of_number(&number), typed.all("rests-on").into_iter().collect());
    let request = OutcomeRequest { kind, number, check: check.clone(), outcome, reason, rests_on };
    let recorded = shared.act(visit.duty(OUTCOME), "check_outcome", move |installation, caller, _| {
        installation.check_outcome(caller, &request)
    });
    match recorded.await {
        Ok(notice) => Ok(html(StatusCode::OK, &Recorded { f, check, notice, faults })),
        Err(problem) if matches!(problem.status.as_u16(), 404 | 409 | 422) => {
            let faults = Faults::refused(&f, &problem);
            Ok(keep(html(problem.status, &Recorded { f, check, notice: None, faults })))
        }
        Err(problem) => Err(problem),
    }
}
