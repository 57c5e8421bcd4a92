//! Files of an authority: sent, tried first, released by a second officer, taken back.

use askama::Template;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::intake::{Draft, ImportRequest, LARGEST_INCOMING};
use chengxin_app::submission::{SubmissionRow, state_of};
use chengxin_app::{AppError, Kind};
use chengxin_core::{Caller, Role, Say};

use super::{draft, submitted};
use crate::api::{arrived, too_large};
use crate::form::{Frame, html};
use crate::problem::{Problem, keep, of};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What submissions are looked after for.
pub(super) const PURPOSE: &str = "报送管理";
/// Most bytes of what a form says beside its file.
const FORM: usize = 64 * 1024;
/// Most bytes of a field of the form that is no file.
const FIELD: usize = 1_024;

#[derive(Template)]
#[template(path = "desk/submissions.html")]
struct List {
    f: Frame,
    /// Each with the name of its item.
    rows: Vec<(SubmissionRow, Say)>,
    items: Vec<(String, String)>,
    /// May they send files?
    sends: bool,
    typed: Typed,
    faults: Faults,
}

impl List {
    fn state(&self, row: &SubmissionRow) -> (&'static str, String) {
        stated(&self.f, row)
    }
}

/// How far one has come: how it is to be looked at, and in words.
pub(crate) fn stated(f: &Frame, row: &SubmissionRow) -> (&'static str, String) {
    let (code, say) = state_of(row);
    let tone = match code {
        "accepted" => "good",
        "awaiting_release" => "warn",
        "open" => "info",
        _ => "plain",
    };
    (tone, f.say(&say))
}

async fn listed(shared: &Shared, visit: &Visit, typed: Typed, faults: Faults) -> Result<Response, Problem> {
    let rows = shared.act(visit.duty(PURPOSE), "submission_list", |installation, caller, who| {
        let sends = who.holds(Role::DataOfficer, caller.authority.as_deref());
        let items = installation.submission_items(caller)?;
        let rows = installation.submission_list(caller)?;
        let named = |row: SubmissionRow| (installation.item_called(&row.item), row);
        let rows = rows.into_iter().rev().map(named).map(|(name, row)| (row, name)).collect::<Vec<_>>();
        Ok((rows, items, sends))
    });
    let (rows, items, sends) = rows.await?;
    let f = visit.desk(shared);
    let items = by_name(&f, items);
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &List { f, rows, items, sends, typed, faults })))
}

/// What was sent, newest first, and the form for a file.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    listed(&shared, &visit, Typed::with(&[("dry-run", "yes")]), Faults::default()).await
}

/// The items that their authority may send, for whoever says of which a file is; the first choice is to go by its headings.
pub(super) async fn items(shared: &Shared, visit: &Visit) -> Result<Vec<(String, String)>, Problem> {
    let own = shared
        .act(visit.duty(PURPOSE), "submission_list", |installation, caller, _| installation.submission_items(caller));
    Ok(by_name(&visit.desk(shared), own.await?))
}

fn by_name(f: &Frame, own: Vec<(String, Say)>) -> Vec<(String, String)> {
    let mut items = vec![(String::new(), f.m("submission-item-by-headings"))];
    items.extend(own.into_iter().map(|(code, name)| (code, f.say(&name))));
    items
}

/// Receives a file and leads to its page, where it is tried first, or taken in at once. The file is the last field of the form, so that what is to become of
/// it is known when it comes. What says that it is too large is refused before it has come.
pub(super) async fn send(State(shared): State<Shared>, visit: Visit, request: Request) -> Result<Response, Problem> {
    let caller = draft::sender(&shared, &visit).await?;
    let length = request.headers().get("content-length").and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > LARGEST_INCOMING + FORM) {
        return Err(too_large());
    }
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
        let arrived = match arrived(&shared, file, field).await {
            Ok(arrived) => arrived,
            Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
                let faults = Faults::beside_field(&f, "file", &problem);
                return listed(&shared, &visit, typed, faults).await;
            }
            Err(problem) => return Err(problem),
        };
        let opened = shared.clone();
        // What is no table has no columns that anybody could explain: that is said where the file was chosen.
        let sealed = tokio::task::spawn_blocking(move || {
            arrived.is_table()?;
            Draft::seal(&opened.another()?, &arrived)
        });
        let sealed = match sealed.await.unwrap_or_else(|_| Err(AppError::internal("a file was not sealed"))) {
            Err(error) if error.kind == Kind::Invalid => {
                let faults = Faults::beside_field(&f, "file", &error.into());
                return listed(&shared, &visit, typed, faults).await;
            }
            sealed => sealed?,
        };
        let work = draft::kept(&shared, &caller, sealed, import(&caller, &typed));
        if !typed.is("dry-run", "yes") {
            draft::begin(&shared, caller, &work, |_| {})?;
        }
        return Ok(draft::go(&shared, &visit, &work));
    }
    let mut faults = Faults::default();
    faults.wrong(&f, "file", "fault-file");
    listed(&shared, &visit, typed, faults).await
}

/// How a file is to be understood.
fn import(caller: &Caller, typed: &Typed) -> ImportRequest {
    ImportRequest {
        authority: caller.authority.clone().unwrap_or_default(),
        item: Some(typed.own("item")).filter(|item| !item.is_empty()),
        dry_run: true,
        reason: typed.own("reason"),
        adults_attested: typed.is("adults", "yes"),
        ..ImportRequest::default()
    }
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

/// Goes back to its page; what was refused is said there, beside the reason that was typed.
async fn done<T>(
    shared: &Shared,
    visit: &Visit,
    id: i64,
    typed: Typed,
    done: Result<T, Problem>,
) -> Result<Response, Problem> {
    match done {
        Ok(_) => Ok(visit.go(shared, &format!("/desk/submissions/{id}"))),
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let f = visit.desk(shared);
            let unsaid = typed.has("reason") && typed.get("reason").is_empty();
            let mut faults = Faults::default();
            if unsaid {
                faults.wrong(&f, "reason", "fault-missing");
            } else {
                faults = Faults::refused(&f, &problem);
            }
            submitted::shown(shared, visit, id, &submitted::Behind::default(), typed, faults).await
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
    done(&shared, &visit, id, Typed::default(), released).await
}

/// Takes one back before its release.
pub(super) async fn recall(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<i64>,
    typed: Typed,
) -> Result<Response, Problem> {
    let reason = typed.own("reason");
    let recalled = shared.act(visit.duty(PURPOSE), "submission_recall", move |installation, caller, _| {
        installation.submission_recall(caller, id, &reason)
    });
    let recalled = recalled.await;
    done(&shared, &visit, id, typed, recalled).await
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
    done(&shared, &visit, id, Typed::default(), abandoned).await
}
