//! Files of an authority: sent, tried first, released by a second officer, taken back.

use askama::Template;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::intake::{ImportOutcome, ImportRequest, QualityReport};
use chengxin_app::submission::{SubmissionRow, state_of};
use chengxin_core::Say;

use crate::api::taken_in;
use crate::form::{Frame, html};
use crate::problem::{Problem, keep, of};
use crate::quality::fault_words;
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What submissions are looked after for.
const PURPOSE: &str = "报送管理";
/// Most bytes of a field of the form that is no file.
const FIELD: usize = 1_024;

#[derive(Template)]
#[template(path = "desk/submissions.html")]
struct List {
    f: Frame,
    rows: Vec<SubmissionRow>,
    items: Vec<(String, String)>,
    typed: Typed,
    faults: Faults,
}

impl List {
    fn state(&self, row: &SubmissionRow) -> (&'static str, &'static str, String) {
        let (code, say) = state_of(row);
        let tone = match code {
            "accepted" => "good",
            "awaiting_release" => "warn",
            "open" => "info",
            _ => "plain",
        };
        (code, tone, self.f.say(&say))
    }
}

#[derive(Template)]
#[template(path = "desk/submitted.html")]
struct Sent {
    f: Frame,
    quality: Option<QualityReport>,
}

impl Sent {
    fn fault(&self, code: &str) -> String {
        self.f.say(&fault_words(code))
    }
}

async fn listed(shared: &Shared, visit: &Visit, typed: Typed, faults: Faults) -> Result<Response, Problem> {
    let rows = shared
        .act(visit.duty(PURPOSE), "submission_list", |installation, caller, _| installation.submission_list(caller));
    let mut rows = rows.await?;
    rows.reverse();
    let f = visit.desk(shared);
    let lines = shared.read_public("查阅规则", |reading, caller| reading.item_list(caller)).await?;
    let mut items = vec![(String::new(), f.m("submission-item-by-headings"))];
    items.extend(lines.into_iter().map(|line| (line.code, f.say(&line.name))));
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &List { f, rows, items, typed, faults })))
}

/// What was sent, newest first, and the form for a file.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    listed(&shared, &visit, Typed::with(&[("dry-run", "yes")]), Faults::default()).await
}

/// Takes a file in, or tries it. The file is the last field of the form, so that what is to become of it is known when it comes.
pub(super) async fn send(State(shared): State<Shared>, visit: Visit, request: Request) -> Result<Response, Problem> {
    let caller = shared.act(visit.duty(PURPOSE), "submission_import", |installation, caller, _| {
        installation.submission_import_allowed(caller)?;
        Ok(caller.clone())
    });
    let caller = caller.await?;
    let mut form = Multipart::from_request(request, &shared).await.map_err(|rejection| of(rejection.status()))?;
    let (f, mut typed) = (visit.desk(&shared), Typed::default());
    while let Some(mut field) = form.next_field().await.map_err(|error| of(error.status()))? {
        let name = field.name().unwrap_or("").to_owned();
        if name != "file" {
            typed.put(&name, short(&mut field).await?);
            continue;
        }
        let file = field.file_name().unwrap_or("").to_owned();
        if file.is_empty() {
            break;
        }
        let some = |name: &str| Some(typed.own(name)).filter(|text| !text.is_empty());
        let import = ImportRequest {
            authority: caller.authority.clone().unwrap_or_default(),
            item: some("item"),
            file: file.into(),
            sheet: None,
            dry_run: typed.is("dry-run", "yes"),
            reason: typed.own("reason"),
            mapping: Vec::new(),
            adults_attested: typed.is("adults", "yes"),
        };
        return match taken_in(&shared, caller, import, field).await {
            Ok(done) => Ok(sent(f, done)),
            Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
                let faults = Faults::beside_field(&f, "file", &problem);
                listed(&shared, &visit, typed, faults).await
            }
            Err(problem) => Err(problem),
        };
    }
    let mut faults = Faults::default();
    faults.wrong(&f, "file", "fault-file");
    listed(&shared, &visit, typed, faults).await
}

fn sent(f: Frame, done: Option<ImportOutcome>) -> Response {
    let f = f.below("/desk/submissions", "desk-submissions");
    html(StatusCode::OK, &Sent { f, quality: done.map(|done| done.quality) })
}

/// The text of a field, of bounded length.
async fn short(field: &mut axum::extract::multipart::Field<'_>) -> Result<String, Problem> {
    let mut text = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(|error| of(error.status()))? {
        text.extend_from_slice(&bytes);
        if text.len() > FIELD {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                Say::new(
                    "表单中有一项内容过长，请缩短后重试",
                    "one field of the form is too long: shorten it and try again",
                ),
            ));
        }
    }
    String::from_utf8(text).map_err(|_| of(StatusCode::BAD_REQUEST))
}

/// Goes back to the list; what was refused is said there.
async fn done<T>(shared: &Shared, visit: &Visit, done: Result<T, Problem>) -> Result<Response, Problem> {
    match done {
        Ok(_) => Ok(visit.go(shared, "/desk/submissions")),
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let faults = Faults::refused(&visit.desk(shared), &problem);
            listed(shared, visit, Typed::default(), faults).await
        }
        Err(problem) => Err(problem),
    }
}

/// Releases one, as its second officer.
pub(super) async fn release(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let released = shared.act(visit.duty(PURPOSE), "submission_release", move |installation, caller, _| {
        installation.submission_release(caller, id)
    });
    let released = released.await;
    done(&shared, &visit, released).await
}

/// Takes one back before its release.
pub(super) async fn recall(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<i64>,
    typed: Typed,
) -> Result<Response, Problem> {
    let recalled = shared.act(visit.duty(PURPOSE), "submission_recall", move |installation, caller, _| {
        installation.submission_recall(caller, id, typed.get("reason"))
    });
    let recalled = recalled.await;
    done(&shared, &visit, recalled).await
}

/// Gives an unfinished one up.
pub(super) async fn abandon(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let abandoned = shared.act(visit.duty(PURPOSE), "submission_abandon", move |installation, caller, _| {
        installation.submission_abandon_number(caller, id)
    });
    let abandoned = abandoned.await;
    done(&shared, &visit, abandoned).await
}
