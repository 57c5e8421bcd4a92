//! A file on its way in: tried, its columns and refused cells mended in the page, taken in, its refused rows downloaded.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chengxin_app::intake::{Draft, FileHeadings, ImportRequest, Mend, QualityReport, RefusedCells, Silent};
use chengxin_app::{AppError, Installation, Kind};
use chengxin_core::{Caller, Say};

use super::submission::PURPOSE;
use crate::form::{Frame, html};
use crate::mending::{KEPT_FOR, Shown, Stage, Tried, Work};
use crate::problem::{Problem, keep};
use crate::quality::fault_words;
use crate::state::Shared;
use crate::typed::Typed;
use crate::visit::Visit;

/// Refused rows that are mended on one page: after these the file is better mended where it was made.
const MOST: usize = 50;
/// How long a trial waits for those before it.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most characters of a mended cell; what its field allows, the row's reading says.
const LONGEST: usize = 4_000;

/// Where a file lies while somebody is at work on it.
fn place(id: &str) -> String {
    format!("/desk/submissions/drafts/{id}")
}

#[derive(Template)]
#[template(path = "desk/draft.html")]
struct Page {
    f: Frame,
    id: String,
    name: String,
    request: ImportRequest,
    said: Option<Say>,
    /// Why it cannot be read.
    unread: Option<Say>,
    quality: Option<QualityReport>,
    refused: Vec<RefusedCells>,
    headings: FileHeadings,
    items: Vec<(String, String)>,
}

impl Page {
    /// Address of something about this file.
    fn at(&self, step: &str) -> String {
        self.f.act(&format!("{}/{step}", place(&self.id)))
    }

    fn fields(&self) -> Vec<(&str, &str)> {
        self.headings
            .fields
            .iter()
            .map(|field| (field.code.as_str(), self.f.t(&field.label.zh, &field.label.en)))
            .collect()
    }

    fn stands_for(&self, of: &Option<String>, code: &str) -> bool {
        of.as_deref() == Some(code)
    }

    fn more(&self) -> u64 {
        let all = self.quality.as_ref().map_or(0, |quality| quality.counts.refused);
        all.saturating_sub(self.refused.len() as u64)
    }
}

#[derive(Template)]
#[template(path = "desk/draft_running.html")]
struct Running {
    f: Frame,
    name: String,
    done: u64,
    total: u64,
}

impl Running {
    fn percent(&self) -> u64 {
        (self.done * 100).checked_div(self.total).unwrap_or(0).min(100)
    }
}

/// What became of a file.
#[derive(Template)]
#[template(path = "desk/submitted.html")]
struct Sent {
    f: Frame,
    id: String,
    report: QualityReport,
}

impl Sent {
    fn fault(&self, code: &str) -> String {
        self.f.say(&fault_words(code))
    }

    fn refused_at(&self) -> String {
        self.f.to(&format!("{}/refused", place(&self.id)))
    }
}

/// Who may send files.
pub(super) async fn sender(shared: &Shared, visit: &Visit) -> Result<Caller, Problem> {
    let caller = shared.act(visit.duty(PURPOSE), "submission_import", |installation, caller, _| {
        installation.submission_import_allowed(caller)?;
        Ok(caller.clone())
    });
    caller.await
}

/// Keeps a file for somebody to work on; where.
pub(super) fn kept(shared: &Shared, caller: &Caller, draft: Draft, request: ImportRequest) -> Arc<Work> {
    let work = Arc::new(Work::new(crate::once::unguessable(), caller, draft, request));
    shared.mending().keep(Arc::clone(&work));
    // What nobody touches any more goes without anybody asking for a page.
    let later = shared.clone();
    drop(tokio::spawn(async move {
        tokio::time::sleep(KEPT_FOR + Duration::from_secs(1)).await;
        later.mending().sweep();
    }));
    work
}

/// Leads to the page of a file.
pub(super) fn go(shared: &Shared, visit: &Visit, work: &Work) -> Response {
    visit.go(shared, &place(&work.id))
}

fn opened(
    installation: &Installation,
    work: &Work,
    request: &ImportRequest,
) -> Result<(chengxin_app::intake::Incoming, ImportRequest), AppError> {
    let file = work.draft.open(installation)?;
    let request = ImportRequest { file: file.path().to_owned(), ..request.clone() };
    Ok((file, request))
}

/// Tries a file: everything but writing.
fn tried(
    installation: &mut Installation,
    caller: &Caller,
    work: &Work,
    request: &ImportRequest,
) -> Result<Stage, AppError> {
    let (file, import) = opened(installation, work, request)?;
    let import = ImportRequest { dry_run: true, ..import };
    let headings = installation.submission_headings(caller, &import);
    match installation.submission_import(caller, &import, &mut Silent).map_err(|error| file.by_name(error)) {
        Ok(outcome) => {
            let refused = installation.refused_cells(caller, &import, &outcome, MOST)?;
            Ok(Stage::Tried(Box::new(Tried { outcome, refused, headings: headings? })))
        }
        Err(error) if matches!(error.kind, Kind::Invalid | Kind::Conflict | Kind::Forbidden) => {
            Ok(Stage::Unread(error.public, Box::new(headings.unwrap_or_default())))
        }
        Err(error) => Err(error),
    }
}

/// Runs work beside the server, as one of few.
async fn beside<T: Send + 'static>(
    shared: &Shared,
    work: impl FnOnce(&mut Installation) -> Result<T, AppError> + Send + 'static,
) -> Result<T, Problem> {
    let turn = tokio::time::timeout(PATIENCE, shared.imports().clone().acquire_owned()).await;
    let Ok(Ok(turn)) = turn else { return Err(Problem::busy()) };
    let opened = shared.clone();
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work(&mut opened.another()?)
    });
    Ok(done.await.unwrap_or_else(|_| Err(AppError::internal("a file was not tried to its end")))?)
}

/// A file, as far as somebody has come with it.
pub(super) async fn show(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let caller = sender(&shared, &visit).await?;
    let work = shared.mending().of(&id, &caller)?;
    let (request, mut stage, said) = work.look();
    if matches!(stage, Stage::New) {
        let (caller, of, request) = (caller.clone(), Arc::clone(&work), request.clone());
        stage = beside(&shared, move |installation| {
            let stage = tried(installation, &caller, &of, &request)?;
            of.tried(&request, stage.clone());
            Ok(stage)
        })
        .await?;
    }
    let f = visit.desk(&shared).below("/desk/submissions", "desk-submissions");
    let name = work.draft.name().to_owned();
    let (unread, quality, refused, headings) = match stage {
        Stage::New | Stage::Running => {
            let (done, total) = work.read();
            return Ok(html(StatusCode::OK, &Running { f, name, done, total }));
        }
        Stage::Done(outcome) => return Ok(html(StatusCode::OK, &Sent { f, id, report: outcome.quality })),
        Stage::Tried(tried) => (None, Some(tried.outcome.quality), tried.refused, tried.headings),
        Stage::Unread(why, headings) => (Some(why), None, Vec::new(), *headings),
    };
    let items = super::submission::items(&shared, &visit).await?;
    let status = if unread.is_some() || said.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Page { f, id, name, request, said, unread, quality, refused, headings, items })))
}

/// Says which item it is of, and what each heading stands for.
pub(super) async fn columns(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let caller = sender(&shared, &visit).await?;
    let work = shared.mending().of(&id, &caller)?;
    let headings = match work.look().1 {
        Stage::Tried(tried) => tried.headings.headings,
        Stage::Unread(_, headings) => headings.headings,
        _ => Vec::new(),
    };
    work.change(|request| {
        let item = typed.own("item");
        if !item.is_empty() {
            request.item = Some(item);
        }
        for (at, (heading, field)) in headings.iter().enumerate().filter(|(_, (heading, _))| !heading.is_empty()) {
            let name = format!("m-{at}");
            if !typed.has(&name) || typed.get(&name) == field.as_deref().unwrap_or("") {
                continue;
            }
            request.mapping.retain(|(known, _)| known != heading);
            request.mapping.push((heading.clone(), typed.own(&name)));
        }
    });
    Ok(go(&shared, &visit, &work))
}

/// Puts what was mended in the place of what the file says. Only what differs counts as mended.
fn mended(request: &mut ImportRequest, shown: &[RefusedCells], typed: &Typed) {
    for row in shown {
        let mend: &mut Mend = request.mends.entry(row.row).or_default();
        mend.left_out = typed.is("leave-out", &row.row.to_string());
        for cell in &row.cells {
            let name = format!("c-{}-{}", row.row, cell.column);
            let text: String = typed.get(&name).chars().take(LONGEST).collect();
            if typed.has(&name) && text != cell.value {
                mend.cells.insert(cell.column, text);
            }
        }
    }
    request.mends.retain(|_, mend| mend.left_out || !mend.cells.is_empty());
}

/// Mends cells of refused rows, or leaves rows out.
pub(super) async fn cells(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let caller = sender(&shared, &visit).await?;
    let work = shared.mending().of(&id, &caller)?;
    if let Stage::Tried(tried) = work.look().1 {
        work.change(|request| mended(request, &tried.refused, &typed));
    }
    Ok(go(&shared, &visit, &work))
}

/// Takes it in, beside the server; its page shows how far it has come.
pub(super) async fn submit(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let caller = sender(&shared, &visit).await?;
    let work = shared.mending().of(&id, &caller)?;
    begin(&shared, caller, &work, |request| {
        request.reason = typed.own("reason");
        request.adults_attested = typed.is("adults", "yes");
    })?;
    Ok(go(&shared, &visit, &work))
}

/// Begins to take a file in, unless that was begun.
pub(super) fn begin(
    shared: &Shared,
    caller: Caller,
    work: &Arc<Work>,
    change: impl FnOnce(&mut ImportRequest),
) -> Result<(), Problem> {
    let turn = shared.imports().clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let Some(request) = work.begin(change) else { return Ok(()) };
    let (opener, of) = (shared.clone(), Arc::clone(work));
    let thread = std::thread::Builder::new().name("import".to_owned()).spawn(move || {
        let _turn = turn;
        let taken = opener.another().and_then(|mut installation| {
            let (file, import) = opened(&installation, &of, &ImportRequest { dry_run: false, ..request })?;
            let mut shown = Shown(Arc::clone(&of));
            installation.submission_import(&caller, &import, &mut shown).map_err(|error| file.by_name(error))
        });
        match taken {
            Ok(outcome) => of.reach(Stage::Done(Box::new(outcome)), None),
            Err(error) => {
                if !error.private.is_empty() {
                    tracing::warn!(private = %error.private, "an import ended");
                }
                of.reach(Stage::New, Some(error.public));
            }
        }
    });
    thread.map(drop).map_err(|error| {
        work.reach(Stage::New, None);
        AppError::internal(format!("start an import: {error}")).into()
    })
}

/// Lets the file go.
pub(super) async fn discard(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let caller = sender(&shared, &visit).await?;
    let work = shared.mending().of(&id, &caller)?;
    shared.mending().drop_one(&work);
    Ok(visit.go(&shared, "/desk/submissions"))
}

/// The refused rows as a workbook, with their reasons.
pub(super) async fn refused(
    State(shared): State<Shared>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let caller = sender(&shared, &visit).await?;
    let work = shared.mending().of(&id, &caller)?;
    let (request, stage, _) = work.look();
    let outcome = match stage {
        Stage::Tried(tried) => tried.outcome,
        Stage::Done(outcome) => *outcome,
        _ => return Err(crate::problem::of(StatusCode::NOT_FOUND)),
    };
    let book = beside(&shared, move |installation| {
        let (_file, import) = opened(installation, &work, &request)?;
        installation.refused_workbook(&caller, &import, &outcome)
    });
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"refused-rows.xlsx\""),
    ];
    Ok((headers, book.await?).into_response())
}
