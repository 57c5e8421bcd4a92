//! `chengxin issuer`: providers of sign-in. No secret is ever taken on the command line, or shown.

use std::path::Path;

use chengxin_app::issuer::{IssuerLine, read_terms};
use serde_json::json;

use crate::args::Issuer;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::table::Table;

pub(crate) fn issuer(context: &Context, args: &Issuer) -> Result<Exit, Failure> {
    match args {
        Issuer::Set { name, file, secret } => set(context, name, file, secret),
        Issuer::List => list(context),
        Issuer::Remove { name } => remove(context, name),
        Issuer::Link { name, login } => link(context, name, login),
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))
}

fn set(context: &Context, name: &str, file: &Path, secret: &Path) -> Result<Exit, Failure> {
    let terms = read_terms(&read(file)?)?;
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "issuer_set", None)?;
    installation.issuer_set(&caller, name, &terms, &read(secret)?)?;
    let back = format!("{}/sign-in/{name}/callback", installation.issuer());
    context.out.value(&json!({ "issuer": name, "redirect_uri": back }));
    context.out.say(
        format!("已设定登录提供方 {name}；请在提供方登记回调地址（redirect_uri）：{back}"),
        format!("set up the provider {name}; register this redirect_uri there: {back}"),
    );
    Ok(Exit::Done)
}

fn remove(context: &Context, name: &str) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "issuer_remove", None)?;
    installation.issuer_remove(&caller, name)?;
    context.out.value(&json!({ "issuer": name, "removed": true }));
    context.out.say(
        format!("已停用登录提供方 {name}；经它登录的会话已全部结束"),
        format!("removed the provider {name}; the sessions that it opened have ended"),
    );
    Ok(Exit::Done)
}

fn link(context: &Context, name: &str, login: &str) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "issuer_link", None)?;
    let code = installation.issuer_link(&caller, login, name)?;
    let (grouped, until) = (code.code.grouped(), code.expires());
    context.out.value(&json!({ "code": grouped, "link": code.link, "expires_us": code.expires_us }));
    context.out.say(
        format!("请本人在 {} 输入一次性码 {grouped}（{until} 前有效，只显示这一次）", code.link),
        format!("its owner enters the one-time code {grouped} at {} (good until {until}, shown this once)", code.link),
    );
    Ok(Exit::Done)
}

fn value(line: &IssuerLine) -> serde_json::Value {
    json!({
        "issuer": line.name, "terms": line.terms, "works": line.works, "set_us": line.set_us, "set_by": line.set_by,
    })
}

fn list(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "issuer_list", None)?;
    let out = &context.out;
    let mut table = Table::new(&[
        out.pick("名称", "name"),
        out.pick("地址", "address"),
        out.pick("用于", "signs in"),
        out.pick("状态", "state"),
    ]);
    for line in installation.issuer_list(&caller)? {
        out.value(&value(&line));
        let whom = match (line.terms.residents.is_some(), line.terms.staff) {
            (true, true) => out.pick("个人、工作人员", "persons, staff"),
            (true, false) => out.pick("个人", "persons"),
            _ => out.pick("工作人员", "staff"),
        };
        let works = if line.works { out.pick("在用", "in use") } else { out.pick("已停用", "removed") };
        table.row([line.name.as_str(), &line.terms.url, whom, works]);
    }
    if table.is_empty() {
        out.say("还没有登录提供方：chengxin issuer set", "no provider of sign-in yet: chengxin issuer set");
    }
    table.print(out, 0);
    Ok(Exit::Done)
}
