//! What a person allows: standing consents, and one-time codes for a window.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chengxin_app::Installation;
use chengxin_app::consent::{
    ConsentCodeRequest, ConsentLine, ConsentNarrowing, ConsentRequest, Granted, RecipientAsked,
};
use chengxin_app::reading::Reading;
use chengxin_core::catalogue::matter::MatterGround;
use chengxin_core::consent::ConsentState;

use crate::form::{Frame, html};
use crate::problem::{Problem, keep, of};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// In `to`: another organisation, by its name.
const OTHER: &str = "other";

#[derive(Template)]
#[template(path = "me/consents.html")]
struct List {
    f: Frame,
    consents: Vec<ConsentLine>,
}

impl List {
    fn holds(line: &ConsentLine) -> bool {
        matches!(line.state, ConsentState::InForce | ConsentState::NotBegun)
    }

    fn tone(line: &ConsentLine) -> &'static str {
        if Self::holds(line) { "info" } else { "plain" }
    }
}

#[derive(Template)]
#[template(path = "me/consent_new.html")]
struct Ask {
    f: Frame,
    choices: Vec<(String, String)>,
    classes: Vec<(String, String)>,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "me/consent_granted.html")]
struct Shown {
    f: Frame,
    granted: Granted,
}

#[derive(Template)]
#[template(path = "me/consent_code.html")]
struct AskCode {
    f: Frame,
    choices: Vec<(String, String)>,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "me/consent_code_shown.html")]
struct CodeShown {
    f: Frame,
    code: String,
    qr: String,
    expires_us: i64,
    granted: Granted,
}

/// Every consent, newest first.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let listed = shared.disclose_own(visit.own(), "consent_list", Reading::consent_list, Installation::consent_list);
    Ok(html(StatusCode::OK, &List { f: visit.me(&shared), consents: listed.await? }))
}

/// Each matter that is asked on consent at each of its windows: `matter|authority`, and both in words.
async fn windows(shared: &Shared, f: &Frame) -> Result<Vec<(String, String)>, Problem> {
    let read = shared.read_public("查阅规则", |reading, caller| {
        let matters = reading.matter_list(caller)?.into_iter().filter(|m| m.ground == MatterGround::Consent);
        matters.map(|matter| Ok((reading.matter_offices(caller, &matter.code)?, matter))).collect::<Result<Vec<_>, _>>()
    });
    let mut windows = Vec::new();
    for (offices, matter) in read.await? {
        for (code, office) in offices {
            windows.push((format!("{}|{code}", matter.code), format!("{} · {}", f.say(&matter.name), f.say(&office))));
        }
    }
    Ok(windows)
}

async fn asked(shared: &Shared, visit: &Visit, typed: Typed, faults: Faults) -> Result<Response, Problem> {
    shared.act_own(visit.own(), "consent_grant", |_, _, _| Ok(())).await?;
    let f = visit.me(shared).below("/me/consents", "me-consents");
    let mut choices = windows(shared, &f).await?;
    choices.push((OTHER.to_owned(), f.m("consent-to-other")));
    let items = shared.read_public("查阅规则", |reading, caller| reading.item_list(caller)).await?;
    let mut classes: Vec<(String, String)> = Vec::new();
    for item in items {
        if !classes.iter().any(|(class, _)| *class == item.class) {
            classes.push((item.class.clone(), item.class));
        }
    }
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Ask { f, choices, classes, typed, faults })))
}

/// The form.
pub(super) async fn ask(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    asked(&shared, &visit, Typed::with(&[("uses", "1")]), Faults::default()).await
}

/// What a window is chosen by, apart.
fn chosen(typed: &Typed) -> Option<(String, String)> {
    typed.get("to").split_once('|').map(|(matter, authority)| (matter.to_owned(), authority.to_owned()))
}

/// Grants it.
pub(super) async fn grant(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.me(&shared), Faults::default());
    let (until, uses) = (typed.needed_day(&f, "until", &mut faults), typed.whole(&f, "uses", &mut faults));
    let (recipient, matter) = match chosen(&typed) {
        Some((matter, authority)) => (RecipientAsked::Authority(authority), Some(matter)),
        None => {
            typed.needed(&f, "purpose", &mut faults);
            (RecipientAsked::Organisation(typed.needed(&f, "organisation", &mut faults)), None)
        }
    };
    if faults.any() {
        return asked(&shared, &visit, typed, faults).await;
    }
    let kept = typed.clone();
    let granted = shared.act_own(visit.own(), "consent_grant", move |installation, caller, (kind, number)| {
        let (purpose, classes) = (typed.own("purpose"), typed.all("class").into_iter().collect());
        let request = ConsentRequest { kind, number, recipient, purpose, matter, classes, from: None, until, uses };
        installation.consent_grant(caller, &request)
    });
    match granted.await {
        Ok(granted) => Ok(html(StatusCode::OK, &Shown { f: f.below("/me/consents", "me-consents"), granted })),
        Err(problem) if problem.status.is_client_error() && problem.status != StatusCode::UNAUTHORIZED => {
            let faults = Faults::refused(&f, &problem);
            asked(&shared, &visit, kept, faults).await
        }
        Err(problem) => Err(problem),
    }
}

async fn code_asked(shared: &Shared, visit: &Visit, typed: Typed, faults: Faults) -> Result<Response, Problem> {
    shared.act_own(visit.own(), "consent_code", |_, _, _| Ok(())).await?;
    let f = visit.me(shared).below("/me/consents", "me-consents");
    let choices = windows(shared, &f).await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &AskCode { f, choices, typed, faults })))
}

/// The form for a one-time code.
pub(super) async fn ask_code(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    code_asked(&shared, &visit, Typed::default(), Faults::default()).await
}

/// Makes a one-time code; it is shown here and nowhere else.
pub(super) async fn code(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.me(&shared), Faults::default());
    let Some((matter, authority)) = chosen(&typed) else {
        faults.wrong(&f, "to", "fault-choose");
        return code_asked(&shared, &visit, typed, faults).await;
    };
    let issued = shared.act_own(visit.own(), "consent_code", move |installation, caller, (kind, number)| {
        installation.consent_code(caller, &ConsentCodeRequest { kind, number, matter, authority })
    });
    match issued.await {
        Ok(issued) => {
            let (code, qr, expires_us) = (issued.code.grouped(), issued.qr_svg()?, issued.expires_us);
            let f = f.below("/me/consents", "me-consents");
            Ok(html(StatusCode::OK, &CodeShown { f, code, qr, expires_us, granted: issued.granted }))
        }
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let faults = Faults::refused(&f, &problem);
            code_asked(&shared, &visit, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}

/// One that becomes narrower.
#[derive(Template)]
#[template(path = "me/consent_narrow.html")]
struct Narrow {
    f: Frame,
    line: ConsentLine,
    typed: Typed,
    faults: Faults,
}

impl Narrow {
    /// Of one for a matter all classes stay: its check takes them all.
    fn classes(&self) -> Vec<(&str, String)> {
        let classes = self.line.classes.iter().filter(|_| self.line.matter.is_none());
        classes.map(|class| (class.zh.as_str(), self.f.say(class))).collect()
    }

    /// Most uses, and fewest: one more than were made.
    fn uses(&self) -> String {
        format!("type=\"number\" min=\"{}\" max=\"{}\" required", self.line.used.len() + 1, self.line.uses)
    }

    fn until(&self) -> String {
        format!("type=\"date\" max=\"{}\" required", first_day(&self.line.until))
    }
}

/// The day of a moment.
fn first_day(moment: &str) -> &str {
    moment.get(..10).unwrap_or(moment)
}

async fn narrow_asked(
    shared: &Shared,
    visit: &Visit,
    receipt: String,
    typed: Option<Typed>,
    faults: Faults,
) -> Result<Response, Problem> {
    const NAME: &str = "consent_narrow";
    shared.act_own(visit.own(), NAME, |_, _, _| Ok(())).await?;
    let listed = shared.disclose_own(visit.own(), "consent_list", Reading::consent_list, Installation::consent_list);
    let found = listed.await?.into_iter().find(|line| line.number == receipt && List::holds(line));
    let line = found.ok_or_else(|| of(StatusCode::NOT_FOUND))?;
    let typed = typed.unwrap_or_else(|| {
        let uses = line.uses.to_string();
        let classes = line.classes.iter().map(|class| ("class", class.zh.as_str()));
        let stands = [("until", first_day(&line.until)), ("uses", &uses)].into_iter().chain(classes);
        Typed::with(&stands.collect::<Vec<_>>())
    });
    let f = visit.me(shared).below("/me/consents", "me-consents");
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Narrow { f, line, typed, faults })))
}

/// The form by which one becomes narrower, with what it allows now.
pub(super) async fn narrow_ask(
    State(shared): State<Shared>,
    visit: Visit,
    Path(receipt): Path<String>,
) -> Result<Response, Problem> {
    narrow_asked(&shared, &visit, receipt, None, Faults::default()).await
}

/// Narrows it; the new receipt takes the place of the old.
pub(super) async fn narrow(
    State(shared): State<Shared>,
    visit: Visit,
    Path(receipt): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.me(&shared), Faults::default());
    let (until, uses) = (typed.needed_day(&f, "until", &mut faults), typed.whole(&f, "uses", &mut faults));
    if faults.any() {
        return narrow_asked(&shared, &visit, receipt, Some(typed), faults).await;
    }
    // The page of one for a matter has no boxes; of any other, none chosen is none left.
    let classes = typed.has("classes").then(|| typed.all("class").into_iter().collect());
    let (by, of) = (ConsentNarrowing { until: Some(until), uses: Some(uses), classes }, receipt.clone());
    let narrowed = shared.act_own(visit.own(), "consent_narrow", move |installation, caller, (kind, number)| {
        installation.consent_narrow(caller, kind, &number, &of, &by)
    });
    match narrowed.await {
        Ok(granted) => Ok(html(StatusCode::OK, &Shown { f: f.below("/me/consents", "me-consents"), granted })),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            narrow_asked(&shared, &visit, receipt, Some(typed), Faults::refused(&f, &problem)).await
        }
        Err(problem) => Err(problem),
    }
}

/// Withdraws one.
pub(super) async fn withdraw(
    State(shared): State<Shared>,
    visit: Visit,
    Path(receipt): Path<String>,
) -> Result<Response, Problem> {
    let done = shared.act_own(visit.own(), "consent_withdraw", move |installation, caller, (kind, number)| {
        installation.consent_withdraw(caller, kind, &number, &receipt)
    });
    done.await.map(|_| visit.go(&shared, "/me/consents"))
}

/// Says that it was not given freely.
pub(super) async fn disown(
    State(shared): State<Shared>,
    visit: Visit,
    Path(receipt): Path<String>,
) -> Result<Response, Problem> {
    let done = shared.act_own(visit.own(), "consent_disown", move |installation, caller, (kind, number)| {
        installation.consent_disown(caller, kind, &number, &receipt)
    });
    done.await.map(|_| visit.go(&shared, "/me/consents"))
}

/// Its receipt once more, to print.
pub(super) async fn receipt(
    State(shared): State<Shared>,
    visit: Visit,
    Path(receipt): Path<String>,
) -> Result<Response, Problem> {
    let lang = visit.wish.lang;
    let granted = shared.act_own(visit.own(), "consent_receipt", move |installation, caller, (kind, number)| {
        installation.consent_receipt(caller, kind, &number, &receipt)
    });
    let granted = granted.await?;
    let pdf = shared.print(move || granted.pdf(lang)).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response())
}
