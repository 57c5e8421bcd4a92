//! What is published about licences and penalties (双公示): for everybody to read, and for officers of the determining authority to word.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::publication::{
    MOST, PublicationConfirmed, PublicationDraft, PublicationEntry, PublicationList, PublicationQuery,
    PublicationShown, PublicationText,
};
use chengxin_core::Say;
use serde::Deserialize;
use serde_json::json as object;
use utoipa::{IntoParams, ToSchema};

use super::asker::Asker;
use super::body::{Body, InPath, InQuery, json};
use super::refusals::{ProblemBody, Refusals};
use crate::problem::Problem;
use crate::state::Shared;

/// What published entries are read for.
pub(crate) const PURPOSE: &str = "查阅公示";

/// Which part of which list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PublicationsQuery {
    /// Code of the item; the first that is published where it is left out.
    #[param(example = "penalty")]
    item: Option<String>,
    /// Code of one authority.
    authority: Option<String>,
    /// `next` of the part before.
    cursor: Option<String>,
    /// How many, 1 to 50; 20 where it is left out.
    #[serde(default = "usual")]
    #[param(minimum = 1, maximum = 50, default = 20)]
    limit: usize,
}

fn usual() -> usize {
    20
}

/// What is published of an item, the newest decision first. Nobody's name leads here: there is no search.
#[utoipa::path(get, path = "/publications", operation_id = "publication_list", tag = "rules", security(()),
    params(PublicationsQuery), responses((status = 200, body = PublicationList), Refusals))]
pub(crate) async fn publication_list(
    State(shared): State<Shared>,
    InQuery(query): InQuery<PublicationsQuery>,
) -> Result<Response, Problem> {
    let PublicationsQuery { item, authority, cursor, limit } = query;
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            Say::new(format!("limit 须在 1 到 {MOST} 之间"), format!("limit is between 1 and {MOST}")),
        ));
    }
    let asked = PublicationQuery { item, authority, after: cursor, limit, withdrawn: false };
    let list = shared.read_public(PURPOSE, move |reading, caller| reading.publication_list(caller, &asked));
    list.await.map(json)
}

/// One entry by its code. Once its time is over it is gone (410): with the reason where a decision was withdrawn.
#[utoipa::path(get, path = "/publications/{code}", operation_id = "publication_show", tag = "rules", security(()),
    params(("code" = String, Path, description = "address of the entry, as the list has it")),
    responses((status = 200, body = PublicationEntry),
        (status = 410, description = "It is published no more; of a withdrawn decision `withdrawal` says why", body = ProblemBody,
            content_type = "application/problem+json"),
        Refusals))]
pub(crate) async fn publication_show(
    State(shared): State<Shared>,
    InPath(code): InPath<String>,
) -> Result<Response, Problem> {
    match published(&shared, code).await? {
        PublicationShown::Entry(entry) => Ok(json(entry)),
        gone => Err(over(&gone)),
    }
}

/// What a code leads to, for pages and programs.
pub(crate) async fn published(shared: &Shared, code: String) -> Result<PublicationShown, Problem> {
    shared.read_public(PURPOSE, move |reading, caller| reading.publication_show(caller, &code)).await
}

/// The refusal of an entry that is gone.
fn over(shown: &PublicationShown) -> Problem {
    let problem = Problem::new(StatusCode::GONE, shown.gone().unwrap_or_default());
    match shown {
        PublicationShown::Withdrawn(withdrawal) => problem.with("withdrawal", object!(withdrawal)),
        PublicationShown::Entry(_) | PublicationShown::Paused | PublicationShown::Ended => problem,
    }
}

/// The texts of an entry that an officer has to confirm, masked. A line in the log of whom it is about.
#[utoipa::path(get, path = "/publications/{code}/draft", operation_id = "publication_draft", tag = "offices",
    params(("code" = String, Path, description = "address of the entry")),
    responses((status = 200, body = PublicationDraft), Refusals))]
pub(crate) async fn publication_draft(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(code): InPath<String>,
) -> Result<Response, Problem> {
    let draft = shared
        .act(asker, "publication_draft", move |installation, caller, _| installation.publication_draft(caller, &code));
    draft.await.map(json)
}

/// Texts as an officer confirms them.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PublicationConfirmBody {
    /// `version` of the draft that was read.
    version: i64,
    /// `line` of it; 0 where nothing was confirmed before.
    #[serde(default)]
    line: i64,
    /// Texts by code of their field; an empty one where the entry is to go without.
    #[serde(default)]
    #[schema(example = json!({ "CF_SY": "未按规定公示价格" }))]
    texts: BTreeMap<String, String>,
    /// Of a decision that was withdrawn: why, in words for everybody.
    #[serde(default)]
    explanation: Option<String>,
}

/// Confirm the texts of an entry, or word them anew: from then on they are shown. Not for whoever sent the row.
#[utoipa::path(post, path = "/publications/{code}/confirmed", operation_id = "publication_confirm", tag = "offices",
    params(("code" = String, Path, description = "address of the entry")),
    request_body = PublicationConfirmBody, responses((status = 200, body = PublicationConfirmed), Refusals))]
pub(crate) async fn publication_confirm(
    State(shared): State<Shared>,
    asker: Asker,
    InPath(code): InPath<String>,
    Body(body): Body<PublicationConfirmBody>,
) -> Result<Response, Problem> {
    let PublicationConfirmBody { version, line, texts, explanation } = body;
    let given = PublicationText { code, version, line, texts, explanation };
    let done = shared.act(asker, "publication_confirm", move |installation, caller, _| {
        installation.publication_confirm(caller, &given)
    });
    done.await.map(json)
}
