//! The checks about whoever asks: what windows were told, and what one would be told.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::check::CheckLine;
use chengxin_app::matter::MatterView;
use chengxin_core::Say;
use chengxin_core::check::{CheckAnswer, Headline};

use crate::api::slips_of;
use crate::form::{Frame, html};
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "me/checks.html")]
struct Checks {
    f: Frame,
    checks: Vec<CheckLine>,
    matters: Vec<MatterView>,
}

#[derive(Template)]
#[template(path = "me/preview.html")]
struct Preview {
    f: Frame,
    answer: CheckAnswer,
}

/// What an answer comes to, in one sentence.
pub(crate) fn headline(answer: &CheckAnswer) -> &Say {
    match &answer.headline {
        Headline::MayProceed { say } | Headline::ToVerify { say, .. } => say,
    }
}

/// May the matter go on as it is?
pub(crate) fn may_proceed(answer: &CheckAnswer) -> bool {
    matches!(answer.headline, Headline::MayProceed { .. })
}

/// Every check, newest first, and the matters in which one can look ahead.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let checks = slips_of(&shared, visit.own()).await?;
    let ahead = shared.act_own(visit.own(), "check_slip", |installation, _, (kind, number)| {
        installation.check_previews(kind, &number)
    });
    let ahead = ahead.await?;
    let mut matters = shared.read_public("查阅规则", |reading, caller| reading.matter_list(caller)).await?;
    matters.retain(|matter| ahead.contains(&matter.code));
    Ok(html(StatusCode::OK, &Checks { f: visit.me(&shared), checks, matters }))
}

/// What a window would be told in a matter today.
pub(super) async fn preview(
    State(shared): State<Shared>,
    visit: Visit,
    Path(matter): Path<String>,
) -> Result<Response, Problem> {
    let read = shared.act_own(visit.own(), "check_preview", move |installation, caller, (kind, number)| {
        installation.check_preview(caller, &matter, kind, &number)
    });
    let f = visit.me(&shared).below("/me/checks", "me-checks");
    Ok(html(StatusCode::OK, &Preview { f, answer: read.await? }))
}
