//! At the window: what somebody without an account files about a record, on a document that a clerk compared. An objection, “this is not me”, something
//! more in an objection, or a step toward repair; whoever determined the record decides, never the window.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::objection::ObjectionRequest;
use chengxin_app::proceeding::Proceeded;
use chengxin_app::repair::RepairRequest;
use chengxin_app::{AppError, Kind};
use chengxin_core::identity::DocumentKind;
use chengxin_core::objection::STATEMENT;
use chengxin_core::record::RecordId;
use chengxin_core::{Caller, Role};

use super::compared::{compared, kinds};
use super::on_the_page;
use crate::filing;
use crate::form::{Frame, html};
use crate::handed::Handed;
use crate::problem::{Problem, keep, of};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What a window takes it in for.
const PURPOSE: &str = "当面核对身份，代收异议与信用修复申请";

/// What is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Objection,
    Addition,
    Repair,
}

impl What {
    const ALL: [Self; 3] = [Self::Objection, Self::Addition, Self::Repair];

    /// In an address.
    fn word(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::Addition => "addition",
            Self::Repair => "repair",
        }
    }

    fn read(word: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|what| what.word() == word).ok_or_else(|| of(StatusCode::NOT_FOUND))
    }

    fn operation(self) -> &'static str {
        match self {
            Self::Objection => "objection_file",
            Self::Addition => "objection_add",
            Self::Repair => "repair_file",
        }
    }

    /// Keys of its name, and of what it is for.
    fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Objection => ("filing-objection", "filing-objection-about"),
            Self::Addition => ("filing-addition", "filing-addition-about"),
            Self::Repair => ("filing-repair", "filing-repair-about"),
        }
    }
}

#[derive(Template)]
#[template(path = "desk/filings.html")]
struct Choose {
    f: Frame,
}

impl Choose {
    fn all() -> [What; 3] {
        What::ALL
    }
}

#[derive(Template)]
#[template(path = "desk/filing.html")]
struct Ask {
    f: Frame,
    what: What,
    typed: Typed,
    faults: Faults,
}

impl Ask {
    fn kinds(&self) -> Vec<(&'static str, String)> {
        kinds(&self.f, DocumentKind::ALL)
    }
}

/// What the person takes home.
#[derive(Template)]
#[template(path = "desk/filed.html")]
struct Filed {
    f: Frame,
    filed: Proceeded,
}

/// Whoever files for themselves does so on a page of their own; here it is for somebody else, who came.
fn at_a_window(caller: &Caller) -> Result<(), AppError> {
    if caller.role == Role::Clerk {
        return Ok(());
    }
    Err(AppError::new(
        Kind::Forbidden,
        "这里由窗口经办人员为到场的人代收；本人请在“我的”页面提出",
        "here clerks take in what somebody files who came to the window: file your own on the pages about you",
    ))
}

async fn may(shared: &Shared, visit: &Visit, what: What) -> Result<(), Problem> {
    let may = shared.act(visit.duty(PURPOSE), what.operation(), move |installation, caller, _| {
        at_a_window(caller)?;
        installation.allowed(caller, what.operation())
    });
    may.await
}

/// What there is to file.
pub(super) async fn choose(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    may(&shared, &visit, What::Objection).await?;
    Ok(html(StatusCode::OK, &Choose { f: visit.desk(&shared) }))
}

fn asked(shared: &Shared, visit: &Visit, what: What, typed: Typed, faults: Faults) -> Response {
    let f = visit.desk(shared).below("/desk/filings", "desk-filings");
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    keep(html(status, &Ask { f, what, typed, faults }))
}

/// The form.
pub(super) async fn ask(
    State(shared): State<Shared>,
    visit: Visit,
    Path(what): Path<String>,
) -> Result<Response, Problem> {
    let what = What::read(&what)?;
    may(&shared, &visit, what).await?;
    Ok(asked(&shared, &visit, what, Typed::with(&[("what", filing::SUPPLY)]), Faults::default()))
}

/// The record that is meant, as the notice and the slip print its number.
fn record(f: &Frame, typed: &Typed, faults: &mut Faults) -> RecordId {
    let text = typed.needed(f, "record", faults);
    let id = RecordId::from_hex(&text);
    if id.is_none() && !text.is_empty() {
        faults.wrong(f, "record", "fault-record");
    }
    id.unwrap_or(RecordId([0; 16]))
}

/// Takes it in. From then on it is the authority's that determined the record.
pub(super) async fn file(
    State(shared): State<Shared>,
    visit: Visit,
    Path(what): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let what = What::read(&what)?;
    may(&shared, &visit, what).await?;
    let handed = Handed::read(request, &shared).await?;
    let (f, mut faults, typed) = (visit.desk(&shared), Faults::default(), handed.typed.clone());
    let document = compared(&f, DocumentKind::ALL, &typed, &mut faults);
    let evidence = typed.needed(&f, "evidence", &mut faults);
    let asked_for = read(&f, what, &handed, &mut faults);
    let (Some((kind, number)), Some(asked_for)) = (document.filter(|_| !faults.any()), asked_for) else {
        return Ok(asked(&shared, &visit, what, typed, faults));
    };
    let filed = shared.act(visit.duty(PURPOSE), what.operation(), move |installation, caller, _| match asked_for {
        Asked::Objection(asked) => {
            let evidence = Some(evidence);
            installation.objection_file(caller, &ObjectionRequest { kind, number, evidence, ..asked })
        }
        Asked::Addition { number: of, statement, text } => {
            let (own, files) = ((kind, number.as_str()), handed.files("file"));
            installation.objection_add(caller, own, &of, statement, &text, &files, Some(&evidence))
        }
        Asked::Repair(asked) => {
            let evidence = Some(evidence);
            installation.repair_file(caller, &RepairRequest { kind, number, evidence, ..asked })
        }
    });
    match filed.await {
        Ok(filed) => {
            let f = f.below("/desk/filings", "desk-filings");
            Ok(keep(html(StatusCode::OK, &Filed { f, filed })))
        }
        Err(problem) if on_the_page(&problem) => Ok(asked(&shared, &visit, what, typed, Faults::refused(&f, &problem))),
        Err(problem) => Err(problem),
    }
}

/// What was asked for, but for whose document was compared.
enum Asked {
    Objection(ObjectionRequest),
    Addition { number: String, statement: bool, text: String },
    Repair(RepairRequest),
}

fn read(f: &Frame, what: What, handed: &Handed, faults: &mut Faults) -> Option<Asked> {
    let (typed, kind, number) = (&handed.typed, DocumentKind::ResidentId, String::new());
    let asked = match what {
        What::Objection => {
            let (record, aspect) = (record(f, typed, faults), filing::aspect(f, typed, faults));
            let (grounds, attachments) = (typed.own("grounds"), handed.files("file"));
            Asked::Objection(ObjectionRequest { kind, number, record, aspect, grounds, attachments, evidence: None })
        }
        What::Addition => {
            let number = typed.needed(f, "proceeding", faults);
            Asked::Addition { number, statement: filing::statement(f, handed, faults), text: typed.own("text") }
        }
        What::Repair => {
            let (record, step) = (record(f, typed, faults), filing::step(f, handed, faults));
            Asked::Repair(RepairRequest {
                kind,
                number,
                record,
                step: step?,
                text: typed.own("text"),
                attachments: handed.files("file"),
                commitment: handed.files("commitment").pop(),
                national_number: Some(typed.own("national")).filter(|number| !number.is_empty()),
                evidence: None,
            })
        }
    };
    Some(asked)
}
