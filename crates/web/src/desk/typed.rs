//! Records entered by a form that the catalogue makes: a file of one row, which goes the way of every other, so that every rule holds for it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::AppError;
use chengxin_app::intake::{Draft, FileField, ImportRequest};
use chengxin_core::Say;
use chengxin_core::dates::shanghai_text;

use super::draft;
use super::submission::PURPOSE;
use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// Most characters of a field whose kind sets none.
const LONGEST: u32 = 200;

#[derive(Template)]
#[template(path = "desk/forms.html")]
struct Choose {
    f: Frame,
    items: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "desk/form.html")]
struct Ask {
    f: Frame,
    item: String,
    item_name: Say,
    fields: Vec<FileField>,
    typed: Typed,
}

impl Ask {
    fn options(&self, field: &FileField) -> Vec<(String, String)> {
        let values = field.choices.iter().map(|value| (value.zh.clone(), self.f.say(value)));
        std::iter::once((String::new(), self.f.m("form-choose"))).chain(values).collect()
    }

    /// What is wrong with nothing that was typed: faults are shown once the row was tried.
    fn none(&self) -> Faults {
        Faults::default()
    }

    fn hint(&self, field: &FileField) -> String {
        if field.required { String::new() } else { self.f.m("form-may-be-empty") }
    }

    /// What its tag says beside.
    fn attributes(field: &FileField) -> String {
        let most = if field.max_length == 0 { LONGEST } else { field.max_length };
        let needed = if field.required { " required" } else { "" };
        if field.date { format!("type=\"date\"{needed}") } else { format!("maxlength=\"{most}\"{needed}") }
    }
}

/// Of which item a record is.
pub(super) async fn choose(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let sent = shared
        .act(visit.duty(PURPOSE), "submission_import", |installation, caller, _| installation.submission_items(caller));
    let sent = sent.await?;
    let f = visit.desk(&shared).below("/desk/submissions", "desk-submissions");
    let items = sent.into_iter().map(|(code, name)| (code, f.say(&name))).collect();
    Ok(html(StatusCode::OK, &Choose { f, items }))
}

async fn fields(shared: &Shared, visit: &Visit, item: &str) -> Result<(Vec<FileField>, Say), Problem> {
    let item = item.to_owned();
    let fields = shared.act(visit.duty(PURPOSE), "submission_import", move |installation, caller, _| {
        Ok((installation.submission_fields(caller, &item)?, installation.item_called(&item)))
    });
    fields.await
}

/// Its form.
pub(super) async fn ask(
    State(shared): State<Shared>,
    visit: Visit,
    Path(item): Path<String>,
) -> Result<Response, Problem> {
    let (fields, item_name) = fields(&shared, &visit, &item).await?;
    let f = visit.desk(&shared).below("/desk/submissions", "desk-submissions");
    let f = f.below("/desk/submissions/forms", "form-title");
    Ok(keep(html(StatusCode::OK, &Ask { f, item, item_name, fields, typed: Typed::default() })))
}

/// Makes a file of the row, and leads to its page.
pub(super) async fn send(
    State(shared): State<Shared>,
    visit: Visit,
    Path(item): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let caller = draft::sender(&shared, &visit).await?;
    let (fields, _) = fields(&shared, &visit, &item).await?;
    let cells = fields.iter().map(|field| (field.code.clone(), typed.own(&field.code))).collect::<Vec<_>>();
    let (opened, code) = (shared.clone(), item.clone());
    let made = tokio::task::spawn_blocking(move || {
        let installation = opened.another()?;
        let at: String = shanghai_text(installation.now_us()).chars().filter(char::is_ascii_digit).take(14).collect();
        Draft::typed(&installation, format!("{code}-{at}.csv"), &cells)
    });
    let draft = made.await.unwrap_or_else(|_| Err(AppError::internal("a row was not kept")))?;
    let authority = caller.authority.clone().unwrap_or_default();
    let adults_attested = typed.is("adults", "yes");
    let request =
        ImportRequest { authority, item: Some(item), dry_run: true, adults_attested, ..ImportRequest::default() };
    let work = draft::kept(&shared, &caller, draft, request);
    Ok(draft::go(&shared, &visit, &work))
}
