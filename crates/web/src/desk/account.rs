//! Accounts of staff, for whoever administers them. An address names an account by its id: no name of anybody stands there.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chengxin_app::account::{AccountLine, NewAccount, Recovering, Right};
use chengxin_app::authority::AuthorityRow;
use chengxin_app::{AppError, Installation};
use chengxin_core::account::{Family, family};
use chengxin_core::operation::operation;
use chengxin_core::operation_words::role;
use chengxin_core::{Caller, Role};

use super::activation::Handed;
use super::on_the_page;
use crate::form::{Frame, html};
use crate::problem::{Problem, keep, of};
use crate::sign_in::cookie::{read_right, right_text};
use crate::state::Shared;
use crate::typed::{Faults, Typed};
use crate::visit::Visit;

/// What accounts are looked at and changed for.
const PURPOSE: &str = "账户管理";
/// Where they stand.
const LIST: (&str, &str) = ("/desk/accounts", "desk-accounts");

/// Authorities, to be called by their names.
struct Offices(Vec<AuthorityRow>);

impl Offices {
    /// What an authority is called; by its code where it is registered no more.
    fn called(&self, f: &Frame, code: &str) -> String {
        let of = self.0.iter().find(|row| row.code == code);
        of.map_or_else(|| code.to_owned(), |row| super::authority::called(f, row))
    }

    fn right(&self, f: &Frame, right: &Right) -> String {
        let role = f.say(&role(right.role));
        right.authority.as_ref().map_or(role.clone(), |code| format!("{role} · {}", self.called(f, code)))
    }

    /// To be chosen from, and none first.
    fn choices(&self, f: &Frame) -> Vec<(String, String)> {
        let each = self.0.iter().map(|row| (row.code.clone(), super::authority::called(f, row)));
        std::iter::once((String::new(), f.m("account-no-authority"))).chain(each).collect()
    }
}

/// Roles that an account of staff may hold.
fn roles(f: &Frame) -> Vec<(&'static str, String)> {
    let staff = Role::ALL.into_iter().filter(|role| !matches!(family(*role), Family::Own | Family::Nobody));
    staff.map(|of| (of.code(), f.say(&role(of)))).collect()
}

/// An account's id, as addresses have it.
fn id(line: &AccountLine) -> String {
    format!("{:032x}", u128::from_be_bytes(line.account))
}

fn state(f: &Frame, line: &AccountLine) -> (&'static str, String) {
    match line.state {
        "in_use" => ("good", f.m("account-in-use")),
        "opened" => ("info", f.m("account-opened")),
        _ => ("plain", f.m("account-closed")),
    }
}

/// May a role do this?
fn may(by: Role, name: &str) -> bool {
    operation(name).is_some_and(|of| of.roles.contains(&by))
}

#[derive(Template)]
#[template(path = "desk/accounts.html")]
struct List {
    f: Frame,
    accounts: Vec<AccountLine>,
    offices: Offices,
    opens: bool,
}

#[derive(Template)]
#[template(path = "desk/account_new.html")]
struct New {
    f: Frame,
    offices: Offices,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "desk/account.html")]
struct One {
    f: Frame,
    line: AccountLine,
    offices: Offices,
    /// The role of whoever looks.
    by: Role,
    typed: Typed,
    faults: Faults,
}

impl One {
    fn changes(&self) -> bool {
        self.line.state != "closed" && may(self.by, "account_right_grant")
    }

    fn renews(&self, right: &Right) -> bool {
        right.dormant && may(self.by, "account_renew")
    }

    fn text(right: &Right) -> String {
        right_text(right.role, right.authority.as_deref())
    }

    fn act(&self, step: &str) -> String {
        self.f.act(&format!("/desk/accounts/{}/{step}", id(&self.line)))
    }
}

/// All accounts and authorities, and in which role they are looked at.
async fn seen(shared: &Shared, visit: &Visit) -> Result<(Vec<AccountLine>, Offices, Role), Problem> {
    let seen = shared.act(visit.duty(PURPOSE), "account_list", |installation, caller, _| {
        Ok((installation.account_list(caller)?, Offices(installation.authority_list(caller)?), caller.role))
    });
    seen.await
}

/// All of them.
pub(super) async fn list(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    let (accounts, offices, by) = seen(&shared, &visit).await?;
    let opens = may(by, "account_open");
    Ok(html(StatusCode::OK, &List { f: visit.desk(&shared), accounts, offices, opens }))
}

async fn asked(shared: &Shared, visit: &Visit, typed: Typed, faults: Faults) -> Result<Response, Problem> {
    let offices = shared.act(visit.duty(PURPOSE), "account_open", |installation, caller, _| {
        installation.allowed(caller, "account_open")?;
        installation.authority_list(caller)
    });
    let (offices, f) = (Offices(offices.await?), visit.desk(shared).below(LIST.0, LIST.1));
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(keep(html(status, &New { f, offices, typed, faults })))
}

/// The form for a new one.
pub(super) async fn ask(State(shared): State<Shared>, visit: Visit) -> Result<Response, Problem> {
    asked(&shared, &visit, Typed::default(), Faults::default()).await
}

/// A right as a form names it.
fn wanted(f: &Frame, typed: &Typed, faults: &mut Faults) -> Option<(Role, Option<String>)> {
    let role = Role::from_code(typed.get("role"));
    if role.is_none() {
        faults.wrong(f, "role", "fault-choose");
    }
    Some((role?, Some(typed.own("authority")).filter(|code| !code.is_empty())))
}

/// Opens one. The code by which its owner begins is shown here and nowhere else.
pub(super) async fn open(State(shared): State<Shared>, visit: Visit, typed: Typed) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.desk(&shared), Faults::default());
    let (login, name) = (typed.needed(&f, "login", &mut faults), typed.needed(&f, "person", &mut faults));
    let right = wanted(&f, &typed, &mut faults);
    let Some(right) = right.filter(|_| !faults.any()) else {
        return asked(&shared, &visit, typed, faults).await;
    };
    let whose = format!("{name} · {login}");
    let new = NewAccount { login, name, rights: vec![right] };
    let opened = shared.act(visit.duty(PURPOSE), "account_open", move |installation, caller, _| {
        installation.account_open(caller, &new)
    });
    match opened.await {
        Ok(opened) => Handed::page(f, &opened.code, whose, "handed-staff-begins", LIST),
        Err(problem) if on_the_page(&problem) => {
            let faults = match problem.status {
                // Only a login name can be taken.
                StatusCode::CONFLICT => Faults::beside_field(&f, "login", &problem),
                _ => Faults::refused(&f, &problem),
            };
            asked(&shared, &visit, typed, faults).await
        }
        Err(problem) => Err(problem),
    }
}

async fn shown(
    shared: &Shared,
    visit: &Visit,
    account: &str,
    typed: Typed,
    (status, faults): (StatusCode, Faults),
) -> Result<Response, Problem> {
    let (accounts, offices, by) = seen(shared, visit).await?;
    let line = accounts.into_iter().find(|line| id(line) == account).ok_or_else(|| of(StatusCode::NOT_FOUND))?;
    let f = visit.desk(shared).below(LIST.0, LIST.1);
    Ok(keep(html(status, &One { f, line, offices, by, typed, faults })))
}

/// One of them, with what may be changed of it.
pub(super) async fn show(
    State(shared): State<Shared>,
    visit: Visit,
    Path(account): Path<String>,
) -> Result<Response, Problem> {
    shown(&shared, &visit, &account, Typed::default(), (StatusCode::OK, Faults::default())).await
}

/// Changes an account by its login name, and shows it as it is then, or why it was refused beside what was typed.
async fn changed(
    shared: &Shared,
    visit: &Visit,
    account: &str,
    typed: Typed,
    name: &'static str,
    change: impl FnOnce(&mut Installation, &Caller, &str) -> Result<(), AppError> + Clone + Send + 'static,
) -> Result<Response, Problem> {
    let (login, _) = named(shared, visit, account).await?;
    let done = shared
        .act(visit.duty(PURPOSE), name, move |installation, caller, _| change.clone()(installation, caller, &login));
    match done.await {
        Ok(()) => Ok(visit.go(shared, &format!("/desk/accounts/{account}"))),
        Err(problem) if on_the_page(&problem) => {
            let faults = Faults::refused(&visit.desk(shared), &problem);
            shown(shared, visit, account, typed, (problem.status, faults)).await
        }
        Err(problem) => Err(problem),
    }
}

/// Login and name of the account that an address means.
async fn named(shared: &Shared, visit: &Visit, account: &str) -> Result<(String, String), Problem> {
    let (accounts, _, _) = seen(shared, visit).await?;
    let line = accounts.into_iter().find(|line| id(line) == account).ok_or_else(|| of(StatusCode::NOT_FOUND))?;
    Ok((line.login, line.name))
}

/// Gives it a right.
pub(super) async fn grant(
    State(shared): State<Shared>,
    visit: Visit,
    Path(account): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let Some((role, authority)) = wanted(&visit.desk(&shared), &typed, &mut faults) else {
        return shown(&shared, &visit, &account, typed, (StatusCode::UNPROCESSABLE_ENTITY, faults)).await;
    };
    changed(&shared, &visit, &account, typed, "account_right_grant", move |installation, caller, login| {
        installation.account_right_grant(caller, login, role, authority.as_deref())
    })
    .await
}

/// The right that a button stands beside.
fn stated(typed: &Typed) -> Result<(Role, Option<String>), Problem> {
    read_right(typed.get("right")).ok_or_else(|| of(StatusCode::NOT_FOUND))
}

/// What is done with one right of an account.
type OfRight = fn(&mut Installation, &Caller, &str, Role, Option<&str>) -> Result<(), AppError>;

/// Does something with the right that a button stands beside.
async fn right_changed(
    (shared, visit): (Shared, Visit),
    account: String,
    typed: Typed,
    (name, change): (&'static str, OfRight),
) -> Result<Response, Problem> {
    let (role, authority) = stated(&typed)?;
    changed(&shared, &visit, &account, typed, name, move |installation, caller, login| {
        change(installation, caller, login, role, authority.as_deref())
    })
    .await
}

/// Takes a right from it.
pub(super) async fn end(
    State(shared): State<Shared>,
    visit: Visit,
    Path(account): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    right_changed((shared, visit), account, typed, ("account_right_end", Installation::account_right_end)).await
}

/// Wakes a right that slept.
pub(super) async fn renew(
    State(shared): State<Shared>,
    visit: Visit,
    Path(account): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    right_changed((shared, visit), account, typed, ("account_renew", Installation::account_renew)).await
}

/// Closes it for good, once it was said that this is meant.
pub(super) async fn close(
    State(shared): State<Shared>,
    visit: Visit,
    Path(account): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    if !typed.is("sure", "yes") {
        let mut faults = Faults::default();
        faults.wrong(&visit.desk(&shared), "sure", "fault-choose");
        return shown(&shared, &visit, &account, typed, (StatusCode::UNPROCESSABLE_ENTITY, faults)).await;
    }
    changed(&shared, &visit, &account, typed, "account_close", |installation, caller, login| {
        installation.account_close(caller, login)
    })
    .await
}

/// Hands its owner a code to come back with, or a first one where that ran out. It is shown once.
pub(super) async fn recover(
    State(shared): State<Shared>,
    visit: Visit,
    Path(account): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let (f, mut faults) = (visit.desk(&shared), Faults::default());
    let evidence = typed.needed(&f, "evidence", &mut faults);
    if faults.any() {
        return shown(&shared, &visit, &account, typed, (StatusCode::UNPROCESSABLE_ENTITY, faults)).await;
    }
    let (login, name) = named(&shared, &visit, &account).await?;
    let whose = format!("{name} · {login}");
    let issued = shared.act(visit.duty(PURPOSE), "recovery_issue", move |installation, caller, _| {
        installation.recovery_issue(caller, Recovering::Staff(&login), &evidence)
    });
    match issued.await {
        Ok(code) => Handed::page(f, &code, whose, "handed-staff-recovers", LIST),
        Err(problem) if on_the_page(&problem) => {
            let faults = Faults::refused(&f, &problem);
            shown(&shared, &visit, &account, typed, (problem.status, faults)).await
        }
        Err(problem) => Err(problem),
    }
}
