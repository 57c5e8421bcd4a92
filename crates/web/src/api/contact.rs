//! Where people reach the credit office.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chengxin_core::contact::Contact;

use super::asker::Asker;
use super::body::{Body, json, tagged};
use super::refusals::Refusals;
use crate::problem::Problem;
use crate::state::Shared;

/// Where people reach the credit office. Open to everybody; what is empty was never said.
#[utoipa::path(get, path = "/contact", operation_id = "contact_show", tag = "rules", security(()),
    responses((status = 200, body = Contact), (status = 304, description = "As the tag sent says"), Refusals))]
pub(crate) async fn contact_show(State(shared): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    let contact = shared.read_public("查阅联系方式", |reading, caller| reading.contact_show(caller));
    tagged(&headers, &contact.await?)
}

/// Set where people reach the credit office, in the place of what was said before.
#[utoipa::path(put, path = "/contact", operation_id = "contact_set", tag = "offices",
    request_body = Contact, responses((status = 200, body = Contact), Refusals))]
pub(crate) async fn contact_set(
    State(shared): State<Shared>,
    asker: Asker,
    Body(body): Body<Contact>,
) -> Result<Response, Problem> {
    let set = shared.act(asker, "contact_set", |installation, caller, _| installation.contact_set(caller, body));
    let contact = set.await?;
    shared.reached_at(contact.clone());
    Ok(json(contact))
}
