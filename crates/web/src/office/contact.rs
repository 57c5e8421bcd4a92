//! Where people reach the credit office, said by the office itself.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_core::contact::Contact;

use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What it is changed for.
const PURPOSE: &str = "维护联系方式";

#[derive(Template)]
#[template(path = "office/contact.html")]
struct Page {
    f: Frame,
    typed: Typed,
    faults: Faults,
}

async fn shown(shared: &Shared, visit: &Visit, typed: Typed, faults: Faults) -> Result<Response, Problem> {
    // Whoever may not set it is told so before they type.
    let may = shared.act(visit.duty(PURPOSE), "contact_set", |_, _, _| Ok(()));
    may.await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Page { f: visit.office(shared), typed, faults })))
}

/// The form, with what is said now.
pub(super) async fn ask(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let said = shared.read_public(PURPOSE, |reading, caller| reading.contact_show(caller)).await?;
    let typed = Typed::with(&[
        ("phone", &said.phone),
        ("place", &said.place),
        ("place-en", &said.place_en),
        ("hours", &said.hours),
        ("hours-en", &said.hours_en),
    ]);
    shown(&shared, &visit, typed, Faults::default()).await
}

/// Sets it; it stands at the foot of the page that answers.
pub(super) async fn set(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let contact = Contact {
        phone: typed.own("phone"),
        place: typed.own("place"),
        place_en: typed.own("place-en"),
        hours: typed.own("hours"),
        hours_en: typed.own("hours-en"),
    };
    let mut faults = Faults::default();
    if let Err((field, why)) = contact.clone().checked() {
        faults.say(name(field), visit.office(&shared).say(&why));
        return shown(&shared, &visit, typed, faults).await;
    }
    let set = shared
        .act(visit.duty(PURPOSE), "contact_set", |installation, caller, _| installation.contact_set(caller, contact));
    shared.reached_at(set.await?);
    Ok(visit.go(&shared, "/office/contact"))
}

/// Of a field of [`Contact`] that of the form.
fn name(field: &str) -> &'static str {
    match field {
        "phone" => "phone",
        "place" => "place",
        "place_en" => "place-en",
        "hours" => "hours",
        _ => "hours-en",
    }
}
