//! At the window: a code by which somebody begins an account of their own, or comes back to the one they have. It is shown once, on a slip.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::account::{OneTimeCode, Recovering};
use chengxin_core::identity::{DocumentKind, mask_number};

use super::compared::{compared, kinds};
use super::{PATIENCE_S, on_the_page};
use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What a code is handed over for.
const PURPOSE: &str = "当面核对身份，发放启用码";
/// An account that is begun.
const BEGIN: &str = "begin";
/// One that is come back to.
const RECOVER: &str = "recover";

#[derive(Template)]
#[template(path = "desk/activation.html")]
struct Ask {
    f: Frame,
    typed: Typed,
    faults: Faults,
}

impl Ask {
    fn choices(&self) -> Vec<(&'static str, String)> {
        vec![(BEGIN, self.f.m("activation-begin")), (RECOVER, self.f.m("activation-recover"))]
    }

    fn kinds(&self) -> Vec<(&'static str, String)> {
        kinds(&self.f, persons())
    }
}

/// Documents of natural persons: no account binds to an organisation.
fn persons() -> impl Iterator<Item = DocumentKind> {
    DocumentKind::ALL.into_iter().filter(|kind| *kind != DocumentKind::Uscc)
}

/// A code as it is handed over: on the page once, to be printed.
#[derive(Template)]
#[template(path = "desk/code.html")]
pub(super) struct Handed {
    f: Frame,
    code: String,
    link: String,
    qr: String,
    expires_us: i64,
    /// Whose it is: a masked number, or the name and login of a member of staff.
    whose: String,
    /// Key of what it is for.
    about: &'static str,
    /// Where the page leads on to: path, and key of its name.
    on: (&'static str, &'static str),
}

impl Handed {
    /// Of a code that was issued.
    ///
    /// # Errors
    /// An internal fault of the picture.
    pub(super) fn page(
        f: Frame,
        code: &OneTimeCode,
        whose: String,
        about: &'static str,
        on: (&'static str, &'static str),
    ) -> Result<Response, Problem> {
        let (qr, expires_us, link) = (code.qr_svg()?, code.expires_us, code.link.clone());
        let f = f.below(on.0, on.1);
        Ok(html(StatusCode::OK, &Self { f, code: code.code.grouped(), link, qr, expires_us, whose, about, on }))
    }

    fn patience(&self) -> u32 {
        PATIENCE_S
    }
}

async fn asked(shared: &Shared, visit: &Visit, typed: Typed, faults: Faults) -> Result<Response, Problem> {
    // Whoever may not is told so before they type.
    let may = shared.act(visit.duty(PURPOSE), "activation_issue", |installation, caller, _| {
        installation.allowed(caller, "activation_issue")
    });
    may.await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Ask { f: visit.desk(shared), typed, faults })))
}

/// The form.
pub(super) async fn ask(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    asked(&shared, &visit, Typed::with(&[("what", BEGIN)]), Faults::default()).await
}

/// Hands a code over, on what was compared in person.
pub(super) async fn issue(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.desk(&shared), Faults::default());
    let recovers = typed.is("what", RECOVER);
    if !recovers && !typed.is("what", BEGIN) {
        faults.wrong(&f, "what", "fault-choose");
    }
    let document = compared(&f, persons(), &typed, &mut faults);
    let evidence = typed.needed(&f, "evidence", &mut faults);
    let Some((kind, number)) = document.filter(|_| !faults.any()) else {
        return asked(&shared, &visit, typed, faults).await;
    };
    let whose = mask_number(kind, &number);
    let name = if recovers { "recovery_issue" } else { "activation_issue" };
    let issued = shared.act(visit.duty(PURPOSE), name, move |installation, caller, _| match recovers {
        true => installation.recovery_issue(caller, Recovering::Person(kind, &number), &evidence),
        false => installation.activation_issue(caller, kind, &number, &evidence),
    });
    match issued.await {
        Ok(code) => {
            let about = if recovers { "handed-recovers" } else { "handed-begins" };
            Handed::page(f, &code, whose, about, ("/desk/activations", "desk-activations"))
        }
        Err(problem) if on_the_page(&problem) => {
            let faults = Faults::refused(&f, &problem);
            asked(&shared, &visit, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}
