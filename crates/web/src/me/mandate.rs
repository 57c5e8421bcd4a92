//! Who acts for whom: granted here, accepted with a code, ended by either.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::mandate::{MandateLine, MandateOffer, MandateSide, OfferedMandate};
use chengxin_core::mandate::{MandateKind, MandateState, Scope};

use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "me/mandates.html")]
struct List {
    f: Frame,
    mandates: Vec<MandateLine>,
}

impl List {
    fn on(&self, side: MandateSide) -> Vec<&MandateLine> {
        self.mandates.iter().filter(|line| line.side == side).collect()
    }

    fn given(&self) -> Vec<&MandateLine> {
        self.on(MandateSide::Given)
    }

    fn held(&self) -> Vec<&MandateLine> {
        self.on(MandateSide::Held)
    }

    fn stands(line: &MandateLine) -> bool {
        matches!(line.state, MandateState::InForce | MandateState::NotBegun | MandateState::Offered)
    }

    fn in_force(line: &MandateLine) -> bool {
        line.state == MandateState::InForce
    }

    /// Where one acts for whoever gave it.
    fn acting(f: &Frame, line: &MandateLine) -> String {
        f.acting_on("/me", &line.number)
    }

    fn tone(line: &MandateLine) -> &'static str {
        if Self::stands(line) { "info" } else { "plain" }
    }
}

#[derive(Template)]
#[template(path = "me/mandate_new.html")]
struct Ask {
    f: Frame,
    typed: Typed,
    faults: Faults,
}

impl Ask {
    fn scopes(&self) -> Vec<(&'static str, String)> {
        let can = |scope: &Scope| scope.fits(MandateKind::Agent);
        Scope::ALL.into_iter().filter(can).map(|scope| (scope.code(), self.f.say(&scope.name()))).collect()
    }
}

#[derive(Template)]
#[template(path = "me/mandate_offered.html")]
struct Offered {
    f: Frame,
    offered: OfferedMandate,
}

#[derive(Template)]
#[template(path = "me/mandate_accept.html")]
struct Accept {
    f: Frame,
    typed: Typed,
    faults: Faults,
    /// What waits behind the code, to be looked at before it is accepted.
    waits: Option<MandateLine>,
}

/// Every mandate.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let listed = shared.act_own(visit.own(), "mandate_list", |installation, caller, (kind, number)| {
        installation.mandate_list(caller, kind, &number)
    });
    let mandates = listed.await?;
    for line in mandates.iter().filter(|line| line.side == MandateSide::Held) {
        let name = format!("{} {}", line.mandator.name, line.mandator.number);
        shared.names().note(&visit.session(), &line.number, name);
    }
    Ok(html(StatusCode::OK, &List { f: visit.me(&shared), mandates }))
}

async fn asked(shared: &Shared, visit: &Visit, typed: Typed, faults: Faults) -> Result<Response, Problem> {
    shared.act_own(visit.own(), "mandate_offer", |_, _, _| Ok(())).await?;
    let f = visit.me(shared).below("/me/mandates", "me-mandates");
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Ask { f, typed, faults })))
}

/// The form.
pub(super) async fn ask(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    asked(&shared, &visit, Typed::default(), Faults::default()).await
}

/// Offers it; the code is shown here and nowhere else.
pub(super) async fn offer(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.me(&shared), Faults::default());
    let name = typed.needed(&f, "name", &mut faults);
    let actor = typed.document(&f, "actor", &mut faults);
    let actor_name = typed.needed(&f, "actor-name", &mut faults);
    let until = typed.needed_day(&f, "until", &mut faults);
    let scope: BTreeSet<_> = typed.all("scope").iter().filter_map(|code| Scope::from_code(code)).collect();
    if scope.is_empty() {
        faults.wrong(&f, "scope", "fault-choose");
    }
    let Some((actor_kind, actor_number)) = actor.filter(|_| !faults.any()) else {
        return asked(&shared, &visit, typed, faults).await;
    };
    let of_age = typed.is("of-age", "yes");
    let offered = shared.act_own(visit.own(), "mandate_offer", move |installation, caller, (kind, number)| {
        let offer =
            MandateOffer { kind, number, name, actor_kind, actor_number, actor_name, of_age, scope, from: None, until };
        installation.mandate_offer(caller, &offer)
    });
    match offered.await {
        Ok(offered) => Ok(html(StatusCode::OK, &Offered { f: f.below("/me/mandates", "me-mandates"), offered })),
        Err(problem) if problem.status.is_client_error() && problem.status != StatusCode::UNAUTHORIZED => {
            let faults = Faults::refused(&f, &problem);
            asked(&shared, &visit, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}

async fn code_asked(
    shared: &Shared,
    visit: &Visit,
    typed: Typed,
    faults: Faults,
    waits: Option<MandateLine>,
) -> Result<Response, Problem> {
    shared.act_own(visit.oneself(), "mandate_accept", |_, _, _| Ok(())).await?;
    let f = visit.me(shared).below("/me/mandates", "me-mandates");
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &Accept { f, typed, faults, waits })))
}

/// Where a code is typed.
pub(super) async fn ask_code(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    code_asked(&shared, &visit, Typed::default(), Faults::default(), None).await
}

/// Shows what waits behind a code; accepts it once that was seen.
pub(super) async fn accept(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.me(&shared), Faults::default());
    let code = typed.needed(&f, "code", &mut faults);
    if faults.any() {
        return code_asked(&shared, &visit, typed, faults, None).await;
    }
    let seen = typed.is("seen", "yes");
    let done = shared.act_own(visit.oneself(), "mandate_accept", move |installation, caller, (kind, number)| {
        if seen {
            installation.mandate_accept(caller, kind, &number, &code)
        } else {
            installation.mandate_offered(caller, kind, &number, &code)
        }
    });
    match done.await {
        Ok(_) if seen => Ok(visit.go(&shared, "/me/mandates")),
        Ok(line) => code_asked(&shared, &visit, typed, faults, Some(line)).await,
        Err(problem) if matches!(problem.status, StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY) => {
            let faults = Faults::beside_field(&f, "code", &problem);
            code_asked(&shared, &visit, typed, faults, None).await
        }
        Err(problem) => Err(problem),
    }
}

/// Revokes one that was given.
pub(super) async fn revoke(
    State(shared): State<Shared>,
    visit: Visit,
    Path(mandate): Path<String>,
) -> Result<Response, Problem> {
    let done = shared.act_own(visit.own(), "mandate_revoke", move |installation, caller, (kind, number)| {
        installation.mandate_revoke(caller, kind, &number, &mandate)
    });
    done.await.map(|_| visit.go(&shared, "/me/mandates"))
}

/// Gives one up that is held.
pub(super) async fn resign(
    State(shared): State<Shared>,
    visit: Visit,
    Path(mandate): Path<String>,
) -> Result<Response, Problem> {
    let done = shared.act_own(visit.oneself(), "mandate_resign", move |installation, caller, (kind, number)| {
        installation.mandate_resign(caller, kind, &number, &mandate)
    });
    done.await.map(|_| visit.go(&shared, "/me/mandates"))
}
