//! `chengxin account`: who may sign in. Nothing here asks for a password, or shows one: whoever holds the code that is printed chooses
//! their own.

use chengxin_app::account::{NewAccount, OneTimeCode, Recovering, Right};
use chengxin_core::operation_words::role;
use serde_json::json;

use crate::args::{Account, AccountOpen, AccountRecover, AccountRight, RightOf, Subject};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::table::Table;

pub(crate) fn account(context: &Context, args: &Account) -> Result<Exit, Failure> {
    match args {
        Account::Activate { subject, evidence } => activate(context, subject, evidence),
        Account::Close { login } => close(context, login),
        Account::FirstLink => first_link(context),
        Account::List => list(context),
        Account::Open(args) => open(context, args),
        Account::Recover(args) => recover(context, args),
        Account::Renew { login, right } => renew(context, login, right),
        Account::Right(args) => right(context, args),
    }
}

fn open(context: &Context, args: &AccountOpen) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "account_open", None)?;
    let rights = args.rights.iter().map(|right| (right.role, right.authority.clone())).collect();
    let new = NewAccount { login: args.login.clone(), name: args.name.clone(), rights };
    let opened = installation.account_open(&caller, &new)?;
    context.out.say(
        format!("已开立账户 {}；请把以下一次性链接当面交给本人，由其设定密码", args.login),
        format!("opened the account {}; hand this one-time link to its owner, who chooses a password", args.login),
    );
    handed_over(context, &opened.code);
    Ok(Exit::Done)
}

fn close(context: &Context, login: &str) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "account_close", None)?;
    installation.account_close(&caller, login)?;
    context.out.value(&json!({ "login": login, "closed": true }));
    context.out.say(
        format!("已注销账户 {login}，其登录全部结束"),
        format!("closed the account {login}; its sessions are ended"),
    );
    Ok(Exit::Done)
}

fn first_link(context: &Context) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "account_first_link", None)?;
    let code = installation.account_first_link(&caller)?;
    handed_over(context, &code);
    Ok(Exit::Done)
}

fn activate(context: &Context, subject: &Subject, evidence: &str) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "activation_issue", None)?;
    let (kind, number) = subject.read()?;
    let code = installation.activation_issue(&caller, kind, &number, evidence)?;
    handed_over(context, &code);
    Ok(Exit::Done)
}

fn recover(context: &Context, args: &AccountRecover) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "recovery_issue", None)?;
    let code = if let Some(number) = &args.subject {
        let (kind, number) = args.document.read(number)?;
        installation.recovery_issue(&caller, Recovering::Person(kind, &number), &args.evidence)?
    } else {
        let login = args.login.as_deref().unwrap_or_default();
        installation.recovery_issue(&caller, Recovering::Staff(login), &args.evidence)?
    };
    handed_over(context, &code);
    Ok(Exit::Done)
}

fn renew(context: &Context, login: &str, right: &RightOf) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "account_renew", None)?;
    installation.account_renew(&caller, login, right.role, right.authority.as_deref())?;
    context
        .out
        .value(&json!({ "login": login, "role": right.role.code(), "authority": right.authority, "renewed": true }));
    context.out.say(format!("已恢复 {login} 的该权限"), format!("woke this right of {login}"));
    Ok(Exit::Done)
}

fn right(context: &Context, args: &AccountRight) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    match args {
        AccountRight::Grant { login, right } => {
            let caller = context.caller(&installation, "account_right_grant", None)?;
            installation.account_right_grant(&caller, login, right.role, right.authority.as_deref())?;
            context.out.value(
                &json!({ "login": login, "role": right.role.code(), "authority": right.authority, "granted": true }),
            );
            context.out.say(format!("已授予 {login} 该权限"), format!("granted {login} this right"));
        }
        AccountRight::End { login, right } => {
            let caller = context.caller(&installation, "account_right_end", None)?;
            installation.account_right_end(&caller, login, right.role, right.authority.as_deref())?;
            context.out.value(
                &json!({ "login": login, "role": right.role.code(), "authority": right.authority, "ended": true }),
            );
            context.out.say(format!("已终止 {login} 的该权限"), format!("ended this right of {login}"));
        }
    }
    Ok(Exit::Done)
}

fn list(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "account_list", None)?;
    let out = &context.out;
    let mut table = Table::new(&[
        out.pick("登录名", "login"),
        out.pick("姓名", "name"),
        out.pick("状态", "state"),
        out.pick("权限", "rights"),
    ]);
    for line in installation.account_list(&caller)? {
        let said = |right: &Right| {
            let authority = right.authority.as_deref().map(|code| format!("@{code}")).unwrap_or_default();
            let asleep = if right.dormant { out.pick("（已停用）", " (suspended)") } else { "" };
            format!("{}{authority}{asleep}", out.tr(&role(right.role)))
        };
        let rights: Vec<String> = line.rights.iter().map(said).collect();
        let codes: Vec<_> = line
            .rights
            .iter()
            .map(|right| json!({ "role": right.role.code(), "authority": right.authority, "dormant": right.dormant }))
            .collect();
        out.value(&json!({ "login": line.login, "name": line.name, "state": line.state, "rights": codes }));
        let state = match line.state {
            "opened" => out.pick("未启用", "not begun"),
            "in_use" => out.pick("在用", "in use"),
            _ => out.pick("已注销", "closed"),
        };
        table.row([line.login.as_str(), &line.name, state, &rights.join(out.pick("、", ", "))]);
    }
    if table.is_empty() {
        out.say("还没有账户：chengxin account first-link", "no account yet: chengxin account first-link");
    }
    table.print(out, 0);
    Ok(Exit::Done)
}

/// Prints a one-time code: it is shown here and nowhere again.
pub(crate) fn handed_over(context: &Context, code: &OneTimeCode) {
    let out = &context.out;
    out.value(&json!({ "code": code.code.grouped(), "link": code.link, "expires_us": code.expires_us }));
    out.line(&format!("  {}", code.link));
    out.say(
        format!("  一次性码：{}（{} 前有效，只显示这一次）", code.code.grouped(), code.expires()),
        format!("  one-time code: {} (good until {}, shown this once)", code.code.grouped(), code.expires()),
    );
}
