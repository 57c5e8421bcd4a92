//! By what rules the platform works, for everybody to read: matters, catalogue, policies, working days, deadlines.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chengxin_app::calendar::CalendarView;
use chengxin_app::deadline::{DeadlineView, DueView};
use chengxin_app::matter::MatterView;
use chengxin_core::Say;
use chengxin_core::catalogue::ShowSection;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{InPath, InQuery, tagged};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

const PURPOSE: &str = "查阅规则";

/// Every matter in force.
#[utoipa::path(get, path = "/matters", operation_id = "matter_list", tag = "rules", security(()),
    responses((status = 200, body = Vec<MatterView>), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn matter_list(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    let matters = shared.read_public(PURPOSE, |reading, caller| reading.matter_list(caller)).await?;
    tagged(&headers, &matters)
}

/// One matter.
#[utoipa::path(get, path = "/matters/{matter}", operation_id = "matter_show", tag = "rules", security(()),
    params(("matter" = String, Path, description = "code of the matter", example = "food-business-permit")),
    responses((status = 200, body = MatterView), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn matter_show(
    State(shared): State<Shared>,
    headers: HeaderMap,
    InPath(matter): InPath<String>,
) -> Result<Response, Problem> {
    let shown = shared.read_public(PURPOSE, move |reading, caller| reading.matter_show(caller, &matter)).await?;
    tagged(&headers, &shown)
}

/// Every item that may be recorded.
#[utoipa::path(get, path = "/catalogue", operation_id = "catalogue_list", tag = "rules", security(()),
    responses((status = 200, body = Vec<ShowSection>), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn catalogue_list(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    let shown = shared.read_public(PURPOSE, |reading, caller| reading.catalogue_show(caller, None)).await?;
    tagged(&headers, &shown)
}

/// One item in words: by whom, on which clause, how long, how to contest and repair it.
#[utoipa::path(get, path = "/catalogue/{item}", operation_id = "catalogue_show", tag = "rules", security(()),
    params(("item" = String, Path, description = "code of the item", example = "penalty")),
    responses((status = 200, body = Vec<ShowSection>), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn catalogue_show(
    State(shared): State<Shared>,
    headers: HeaderMap,
    InPath(item): InPath<String>,
) -> Result<Response, Problem> {
    let shown = shared.read_public(PURPOSE, move |reading, caller| reading.catalogue_show(caller, Some(&item)));
    tagged(&headers, &shown.await?)
}

/// Every year of working days in use: holidays, shifted workdays, and the notices they rest on.
#[utoipa::path(get, path = "/calendars", operation_id = "calendar_list", tag = "rules", security(()),
    responses((status = 200, body = Vec<CalendarView>), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn calendar_list(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    let years = shared.read_public(PURPOSE, |reading, caller| reading.calendar_show(caller, None)).await?;
    tagged(&headers, &years)
}

/// The working days of one year.
#[utoipa::path(get, path = "/calendars/{year}", operation_id = "calendar_show", tag = "rules", security(()),
    params(("year" = i16, Path, description = "the year", example = 2026)),
    responses((status = 200, body = CalendarView), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn calendar_show(
    State(shared): State<Shared>,
    headers: HeaderMap,
    InPath(year): InPath<i16>,
) -> Result<Response, Problem> {
    let shown = shared.read_public(PURPOSE, move |reading, caller| reading.calendar_show(caller, Some(year)));
    tagged(&headers, &shown.await?.first())
}

/// Every deadline: who has how long, from which event, on which clause.
#[utoipa::path(get, path = "/deadlines", operation_id = "deadline_list", tag = "rules", security(()),
    responses((status = 200, body = Vec<DeadlineView>), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn deadline_list(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    let deadlines = shared.read_public(PURPOSE, |reading, caller| reading.deadline_list(caller)).await?;
    tagged(&headers, &deadlines)
}

/// From when a deadline is counted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DueQuery {
    /// Day of the event that begins it.
    #[param(example = "2026-09-29")]
    from: Date,
}

/// When something is due, and how it was counted.
#[utoipa::path(get, path = "/deadlines/{deadline}", operation_id = "deadline_show", tag = "rules", security(()),
    params(("deadline" = String, Path, description = "code of the deadline", example = "repair-decision"), DueQuery),
    responses((status = 200, body = DueView), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn deadline_show(
    State(shared): State<Shared>,
    headers: HeaderMap,
    InPath(deadline): InPath<String>,
    InQuery(DueQuery { from }): InQuery<DueQuery>,
) -> Result<Response, Problem> {
    let due = shared.read_public(PURPOSE, move |reading, caller| reading.deadline_show(caller, &deadline, from));
    tagged(&headers, &due.await?)
}

/// One policy.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyBody {
    /// Its name.
    id: String,
    /// Does it permit, or forbid?
    permits: bool,
    /// The clause or house rule on which it rests.
    clause: String,
    /// Why.
    reason: Say,
}

/// Every policy by which the platform decides who may do what, those that forbid first.
#[utoipa::path(get, path = "/policy", operation_id = "policy_show", tag = "rules", security(()),
    responses((status = 200, body = Vec<PolicyBody>), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn policy_show(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    let grants = shared.read_public(PURPOSE, |reading, caller| reading.policy_show(caller)).await?;
    let policies: Vec<_> = grants
        .iter()
        .map(|grant| PolicyBody {
            id: grant.id.to_string(),
            permits: grant.permits,
            clause: grant.clause.to_string(),
            reason: grant.reason.clone(),
        })
        .collect();
    tagged(&headers, &policies)
}
