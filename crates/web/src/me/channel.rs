//! Where a person is told that something waits for them: added, proven by the code that was sent there, removed.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::notice::{ChannelLine, ChannelRequest};
use chengxin_core::channel::ChannelStage;
use chengxin_core::notice::ChannelKind;

use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// Where they stand.
const HERE: &str = "/me/notices/channels";

/// What was done or refused, to be said on the page.
#[derive(Default)]
struct Said {
    typed: Typed,
    faults: Faults,
    /// The channel whose code was refused, what was typed, and why.
    wrong: Option<(String, String, String)>,
    /// By which messages to a webhook are signed: shown once.
    secret: Option<String>,
}

#[derive(Template)]
#[template(path = "me/channels.html")]
struct List {
    f: Frame,
    channels: Vec<ChannelLine>,
    said: Said,
}

impl List {
    fn kinds(&self) -> Vec<(&'static str, String)> {
        ChannelKind::ALL.into_iter().map(|kind| (kind.code(), self.f.say(&kind.name()))).collect()
    }

    fn tone(line: &ChannelLine) -> &'static str {
        match line.stage {
            ChannelStage::Proven => "good",
            ChannelStage::Unproven => "warn",
            ChannelStage::Removed => "plain",
        }
    }

    fn waits(line: &ChannelLine) -> bool {
        line.stage == ChannelStage::Unproven
    }

    fn stands(line: &ChannelLine) -> bool {
        line.stage != ChannelStage::Removed
    }

    /// What was typed as the code of a channel, and why it was refused.
    fn refused(&self, line: &ChannelLine) -> Option<(&str, &str)> {
        let of = self.said.wrong.as_ref().filter(|(channel, _, _)| *channel == line.channel);
        of.map(|(_, typed, why)| (typed.as_str(), why.as_str()))
    }
}

async fn page(shared: &Shared, visit: &Visit, status: StatusCode, said: Said) -> Result<Response, Problem> {
    let listed = shared.act_own(visit.own(), "channel_list", |installation, caller, (kind, number)| {
        installation.channel_list(caller, kind, &number)
    });
    let channels = listed.await?.into_iter().filter(List::stands).collect();
    let f = visit.me(shared).below("/me/notices", "me-notices");
    Ok(keep(html(status, &List { f, channels, said })))
}

/// All of them.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    page(&shared, &visit, StatusCode::OK, Said::default()).await
}

/// Adds one; its code is sent there.
pub(super) async fn add(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.me(&shared), Faults::default());
    let channel = ChannelKind::ALL.into_iter().find(|kind| kind.code() == typed.get("channel"));
    if channel.is_none() {
        faults.wrong(&f, "channel", "fault-choose");
    }
    let address = typed.needed(&f, "address", &mut faults);
    let Some(channel) = channel.filter(|_| !faults.any()) else {
        return page(&shared, &visit, StatusCode::UNPROCESSABLE_ENTITY, Said { typed, faults, ..Said::default() })
            .await;
    };
    let added = shared.act_own(visit.own(), "channel_add", move |installation, caller, (kind, number)| {
        installation.channel_add(caller, &ChannelRequest { kind, number, channel, address })
    });
    match added.await {
        Ok(added) => match added.secret {
            None => Ok(visit.go(&shared, HERE)),
            secret => page(&shared, &visit, StatusCode::OK, Said { secret, ..Said::default() }).await,
        },
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let faults = Faults::beside_field(&f, "address", &problem);
            page(&shared, &visit, problem.status, Said { typed, faults, ..Said::default() }).await
        }
        Err(problem) => Err(problem),
    }
}

/// Proves one with its code. From then on it counts.
pub(super) async fn prove(
    State(shared): State<Shared>,
    visit: Visit,
    Path(channel): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let (code, of) = (typed.own("code"), channel.clone());
    let proven = shared.act_own(visit.own(), "channel_prove", move |installation, caller, (kind, number)| {
        installation.channel_prove(caller, (kind, &number), &of, &code)
    });
    match proven.await {
        Ok(_) => Ok(visit.go(&shared, HERE)),
        Err(problem) if matches!(problem.status.as_u16(), 409 | 422) => {
            let why = visit.me(&shared).say(&problem.detail);
            let wrong = Some((channel, typed.own("code"), why));
            page(&shared, &visit, problem.status, Said { wrong, ..Said::default() }).await
        }
        Err(problem) => Err(problem),
    }
}

/// Removes one, and its address with it.
pub(super) async fn remove(
    State(shared): State<Shared>,
    visit: Visit,
    Path(channel): Path<String>,
) -> Result<Response, Problem> {
    let removed = shared.act_own(visit.own(), "channel_remove", move |installation, caller, (kind, number)| {
        installation.channel_remove(caller, (kind, &number), &channel)
    });
    removed.await.map(|()| visit.go(&shared, HERE))
}
