//! Texts of published entries, confirmed one by one by somebody of the authority who did not send them.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::publication::{
    PublicationDraft, PublicationDraftText, PublicationLine, PublicationList, PublicationQuery, PublicationText,
    PublicationTextState,
};
use jiff::civil::Date;

use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::publication::{Asked, next};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What drafts are read for.
const PURPOSE: &str = "公示文字核对";
/// With what the field of a text begins; the code of the catalogue's field follows.
const TEXT: &str = "text-";

#[derive(Template)]
#[template(path = "desk/publications.html")]
struct List {
    f: Frame,
    list: PublicationList,
}

impl List {
    /// Entries with a text.
    fn waiting(&self) -> Vec<&PublicationLine> {
        self.list.entries.iter().filter(|line| line.text != PublicationTextState::None).collect()
    }

    fn awaits(line: &PublicationLine) -> bool {
        line.text == PublicationTextState::Awaits
    }

    fn next(&self) -> Option<String> {
        next(&self.f, "/desk/publications", &self.list)
    }

    fn day(day: &Option<Date>) -> String {
        day.map(|day| day.to_string()).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "desk/publication.html")]
struct Shown {
    f: Frame,
    draft: PublicationDraft,
    typed: Typed,
    faults: Faults,
    done: bool,
}

impl Shown {
    /// Was what was typed typed beside what stands there now? Else it was not written for this.
    fn is_beside(&self) -> bool {
        let same = |name: &str, number: i64| self.typed.get(name) == number.to_string();
        self.faults.any() && same("version", self.draft.version) && same("line", self.draft.line)
    }

    /// What was typed; what is confirmed; else the masked draft.
    fn value(&self, text: &PublicationDraftText) -> String {
        if self.is_beside() {
            return self.typed.own(&format!("{TEXT}{}", text.field));
        }
        text.confirmed.clone().unwrap_or_else(|| text.draft.clone())
    }

    fn explanation(&self) -> String {
        if self.is_beside() {
            return self.typed.own("explanation");
        }
        self.draft.explanation.clone().unwrap_or_default()
    }
}

/// Entries of one's own authority, the newest decision first.
pub(super) async fn list(
    State(shared): State<Shared>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let mut query = PublicationQuery { withdrawn: true, ..asked.query() };
    // Whoever may confirm is shown what there is to confirm.
    let list = shared.act(visit.duty(PURPOSE), "publication_draft", move |installation, caller, _| {
        query.authority.clone_from(&caller.authority);
        installation.publication_list(caller, &query)
    });
    Ok(html(StatusCode::OK, &List { f: visit.desk(&shared), list: list.await? }))
}

async fn shown(
    shared: &Shared,
    visit: &Visit,
    code: String,
    typed: Typed,
    faults: Faults,
) -> Result<Response, Problem> {
    let draft = shared.act(visit.duty(PURPOSE), "publication_draft", move |installation, caller, _| {
        installation.publication_draft(caller, &code)
    });
    let f = visit.desk(shared).below("/desk/publications", "desk-publications");
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Shown { f, draft: draft.await?, typed, faults, done: false })))
}

/// The masked draft of one; the look is logged.
pub(super) async fn show(
    State(shared): State<Shared>,
    visit: Visit,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    shown(&shared, &visit, code, Typed::default(), Faults::default()).await
}

/// Confirms what was typed.
pub(super) async fn confirm(
    State(shared): State<Shared>,
    visit: Visit,
    Path(code): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let f = visit.desk(&shared).below("/desk/publications", "desk-publications");
    let texts: BTreeMap<_, _> =
        typed.names().filter_map(|name| Some((name.strip_prefix(TEXT)?.to_owned(), typed.own(name)))).collect();
    let explanation = Some(typed.own("explanation")).filter(|text| !text.is_empty());
    let number = |name: &str| typed.get(name).parse().unwrap_or_default();
    let given =
        PublicationText { code: code.clone(), version: number("version"), line: number("line"), texts, explanation };
    let confirmed = shared.act(visit.duty(PURPOSE), "publication_confirm", move |installation, caller, _| {
        installation.publication_confirm(caller, &given)
    });
    match confirmed.await {
        Ok(confirmed) => {
            let (draft, faults) = (confirmed.draft, Faults::default());
            Ok(keep(html(StatusCode::OK, &Shown { f, draft, typed, faults, done: true })))
        }
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let faults = Faults::refused(&f, &problem);
            shown(&shared, &visit, code, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}
