//! Accounts of staff, for whoever administers them.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::account::{AccountLine, Right};
use chengxin_core::operation_words::role;

use crate::form::{Frame, html};
use crate::problem::Problem;
use crate::state::Shared;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "desk/accounts.html")]
struct List {
    f: Frame,
    accounts: Vec<AccountLine>,
}

impl List {
    fn right(&self, right: &Right) -> String {
        let role = self.f.say(&role(right.role));
        right.authority.as_ref().map_or(role.clone(), |authority| format!("{role} · {authority}"))
    }

    fn state(&self, line: &AccountLine) -> (&'static str, String) {
        match line.state {
            "in_use" => ("good", self.f.m("account-in-use")),
            "opened" => ("info", self.f.m("account-opened")),
            _ => ("plain", self.f.m("account-closed")),
        }
    }
}

/// All of them.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let lines = shared
        .act(visit.duty("账户管理"), "account_list", |installation, caller, _| installation.account_list(caller));
    Ok(html(StatusCode::OK, &List { f: visit.desk(&shared), accounts: lines.await? }))
}
