//! What a person is told.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::Installation;
use chengxin_app::notice::{NoticeLine, NoticeView};
use chengxin_app::reading::Reading;

use crate::form::{Frame, html};
use crate::problem::{Problem, keep};
use crate::state::Shared;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "me/notices.html")]
struct List {
    f: Frame,
    notices: Vec<NoticeLine>,
}

impl List {
    fn tone(line: &NoticeLine) -> &'static str {
        if line.delivered.is_some() { "plain" } else { "info" }
    }
}

#[derive(Template)]
#[template(path = "me/notice.html")]
struct Shown {
    f: Frame,
    it: NoticeView,
}

/// All of them, the newest first. None counts as delivered by being listed.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let listed = shared.disclose_own(visit.own(), "notice_list", Reading::notice_list, Installation::notice_list);
    Ok(keep(html(StatusCode::OK, &List { f: visit.me(&shared), notices: listed.await? })))
}

/// One. Opened by the person it counts as delivered.
pub(super) async fn show(
    State(shared): State<Shared>,
    visit: Visit,
    Path(notice): Path<String>,
) -> Result<Response, Problem> {
    let shown = shared.act_own(visit.own(), "notice_show", move |installation, caller, (kind, number)| {
        installation.notice_show(caller, (kind, &number), &notice)
    });
    let f = visit.me(&shared).below("/me/notices", "me-notices");
    Ok(keep(html(StatusCode::OK, &Shown { f, it: shown.await? })))
}
