//! Authorities that may send: registered, renamed, put under another.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::authority::AuthorityRow;
use chengxin_core::Say;
use chengxin_core::operation::operation;

use super::on_the_page;
use crate::form::{Frame, html};
use crate::problem::{Problem, keep, of};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What authorities are looked at and changed for.
const PURPOSE: &str = "单位管理";

/// What an authority is called in the language of a page.
pub(super) fn called(f: &Frame, row: &AuthorityRow) -> String {
    let english = if row.name_en.is_empty() { &row.name } else { &row.name_en };
    f.t(&row.name, english).to_owned()
}

/// Everything that the pages show.
struct Known {
    rows: Vec<AuthorityRow>,
    /// Code of an authority, and of the one above it.
    under: Vec<(String, String)>,
    kinds: Vec<(String, Say)>,
    /// May whoever looks change it?
    changes: bool,
}

impl Known {
    fn kind(&self, f: &Frame, row: &AuthorityRow) -> String {
        let of = self.kinds.iter().find(|(value, _)| *value == row.kind);
        of.map_or_else(|| row.kind.clone(), |(_, name)| f.say(name))
    }

    fn above(&self, code: &str) -> &str {
        self.under.iter().find(|(of, _)| of == code).map_or("", |(_, above)| above)
    }
}

#[derive(Template)]
#[template(path = "desk/authorities.html")]
struct List {
    f: Frame,
    known: Known,
}

impl List {
    fn supervisor(&self, row: &AuthorityRow) -> String {
        let above = self.known.above(&row.code);
        let of = self.known.rows.iter().find(|row| row.code == above);
        of.map_or_else(|| above.to_owned(), |row| called(&self.f, row))
    }
}

#[derive(Template)]
#[template(path = "desk/authority.html")]
struct One {
    f: Frame,
    known: Known,
    /// Of which it is; none where it is a new one.
    code: Option<String>,
    typed: Typed,
    faults: Faults,
}

impl One {
    fn title(&self) -> String {
        let of = self.known.rows.iter().find(|row| Some(&row.code) == self.code.as_ref());
        of.map_or_else(|| self.f.m("authority-new"), |row| called(&self.f, row))
    }

    fn kinds(&self) -> Vec<(String, String)> {
        self.known.kinds.iter().map(|(value, name)| (value.clone(), self.f.say(name))).collect()
    }

    fn supervisors(&self) -> Vec<(String, String)> {
        let others = self.known.rows.iter().filter(|row| Some(&row.code) != self.code.as_ref());
        let each = others.map(|row| (row.code.clone(), called(&self.f, row)));
        std::iter::once((String::new(), self.f.m("authority-no-supervisor"))).chain(each).collect()
    }
}

async fn known(shared: &Shared, visit: &Visit) -> Result<Known, Problem> {
    let known = shared.act(visit.duty(PURPOSE), "authority_list", |installation, caller, _| {
        let changes = operation("authority_add").is_some_and(|of| of.roles.contains(&caller.role));
        let (rows, under) = (installation.authority_list(caller)?, installation.authority_supervisors(caller)?);
        Ok(Known { rows, under, kinds: installation.authority_kinds(caller)?, changes })
    });
    known.await
}

/// All of them.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let known = known(&shared, &visit).await?;
    Ok(html(StatusCode::OK, &List { f: visit.desk(&shared), known }))
}

async fn asked(
    shared: &Shared,
    visit: &Visit,
    code: Option<String>,
    typed: Option<Typed>,
    faults: Faults,
) -> Result<Response, Problem> {
    // Whoever may not is told so before they type.
    let may = shared.act(visit.duty(PURPOSE), "authority_add", |installation, caller, _| {
        installation.allowed(caller, "authority_add")
    });
    may.await?;
    let known = known(shared, visit).await?;
    let typed = match (typed, &code) {
        (Some(typed), _) => typed,
        (None, None) => Typed::default(),
        (None, Some(code)) => {
            let row = known.rows.iter().find(|row| row.code == *code).ok_or_else(|| of(StatusCode::NOT_FOUND))?;
            Typed::with(&[
                ("authority-name", &row.name),
                ("name-en", &row.name_en),
                ("authority-kind", &row.kind),
                ("supervisor", known.above(code)),
            ])
        }
    };
    let f = visit.desk(shared).below("/desk/authorities", "desk-authorities");
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &One { f, known, code, typed, faults })))
}

/// The form for a new one.
pub(super) async fn ask(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    asked(&shared, &visit, None, None, Faults::default()).await
}

/// One of them, to be changed.
pub(super) async fn show(
    State(shared): State<Shared>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    asked(&shared, &visit, Some(code), None, Faults::default()).await
}

/// Writes what was typed, of an authority that is new (`fixed` is none) or known.
async fn written(shared: &Shared, visit: &Visit, fixed: Option<String>, typed: Typed) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.desk(shared), Faults::default());
    let is_new = fixed.is_none();
    let code = match &fixed {
        Some(code) => code.clone(),
        None => typed.needed(&f, "authority-code", &mut faults).to_uppercase(),
    };
    let name = typed.needed(&f, "authority-name", &mut faults);
    let (name_en, kind) = (typed.own("name-en"), typed.needed(&f, "authority-kind", &mut faults));
    if faults.any() {
        return asked(shared, visit, fixed, Some(typed), faults).await;
    }
    let held = known(shared, visit).await?.rows.iter().any(|row| row.code == code);
    match (is_new, held) {
        // What is registered already is changed on its own page, and not by being registered again.
        (true, true) => {
            faults.wrong(&f, "authority-code", "authority-registered");
            return asked(shared, visit, fixed, Some(typed), faults).await;
        }
        (false, false) => return Err(of(StatusCode::NOT_FOUND)),
        _ => {}
    }
    let (row, supervisor) = (AuthorityRow { code, name, name_en, kind }, typed.own("supervisor"));
    let added = shared.act(visit.duty(PURPOSE), "authority_add", move |installation, caller, _| {
        installation.authority_add_under(caller, &row, Some(&supervisor))
    });
    match added.await {
        Ok(()) => Ok(visit.go(shared, "/desk/authorities")),
        Err(problem) if on_the_page(&problem) => {
            let faults = Faults::refused(&f, &problem);
            asked(shared, visit, fixed, Some(typed), faults).await
        }
        Err(problem) => Err(problem),
    }
}

/// Registers a new one.
pub(super) async fn register(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    written(&shared, &visit, None, typed).await
}

/// Changes how one is called, its kind, and what it is under.
pub(super) async fn change(
    State(shared): State<Shared>,
    visit: Visit,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    written(&shared, &visit, Some(code), typed).await
}
