//! `chengxin client`: machines of authorities. No private key is ever asked for, or shown.

use chengxin_app::client::{ClientId, ClientLine, KeyLine, NewClient, NewKey};
use chengxin_core::dates::shanghai_text;
use chengxin_core::operation_words::role;
use chengxin_core::{Role, Say};
use serde_json::json;

use crate::args::{Client, ClientAdd, ClientRotate, KeyOption, RightOf};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::table::Table;

pub(crate) fn client(context: &Context, args: &Client) -> Result<Exit, Failure> {
    match args {
        Client::Add(args) => add(context, args),
        Client::List => list(context),
        Client::Rotate(args) => rotate(context, args),
        Client::Revoke { client, key } => revoke(context, client, key.as_deref()),
    }
}

fn key(option: &KeyOption) -> Result<NewKey, Failure> {
    let jwk = std::fs::read_to_string(&option.file).map_err(|error| Failure::io(&option.file, &error))?;
    Ok(NewKey { jwk, from: option.from, until: option.until })
}

fn id(text: &str) -> Result<ClientId, Failure> {
    ClientId::parse(text).ok_or_else(|| {
        Failure::invalid(
            "客户端编号为 32 位十六进制数字，见 chengxin client list",
            "the id of a machine is 32 hexadecimal digits: chengxin client list shows them",
        )
    })
}

fn add(context: &Context, args: &ClientAdd) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "client_add", None)?;
    let RightOf { role, authority } = args.right.clone();
    let authority = authority.ok_or_else(|| {
        Failure::invalid("须写明所服务的单位：角色@单位代码", "name the authority that it serves: ROLE@AUTHORITY")
    })?;
    let new = NewClient { name: args.name.clone(), authority, role, scopes: args.scopes.clone(), key: key(&args.key)? };
    let added = installation.client_add(&caller, &new)?;
    context.out.value(&value(&added));
    context.out.say(
        format!("已登记接口客户端 {}；编号（iss 与 sub）：{}", added.name, added.id),
        format!("registered the machine {}; its id, for iss and sub: {}", added.name, added.id),
    );
    for line in &added.keys {
        said(context, line);
    }
    context.out.say(
        format!("  令牌地址（aud）：{}", installation.token_endpoint()),
        format!("  where it asks for tokens, for aud: {}", installation.token_endpoint()),
    );
    Ok(Exit::Done)
}

fn rotate(context: &Context, args: &ClientRotate) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "client_rotate", None)?;
    let added = installation.client_rotate(&caller, id(&args.client)?, &key(&args.key)?)?;
    context.out.value(&key_value(&added));
    said(context, &added);
    Ok(Exit::Done)
}

fn revoke(context: &Context, client: &str, kid: Option<&str>) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "client_revoke", None)?;
    installation.client_revoke(&caller, id(client)?, kid)?;
    context.out.value(&json!({ "client": client, "key": kid, "revoked": true }));
    match kid {
        None => context.out.say("已停用该客户端，其令牌一并失效", "stopped the machine; its tokens end with it"),
        Some(kid) => context.out.say(
            format!("已停用密钥 {kid}，以其换取的令牌一并失效"),
            format!("stopped the key {kid}; tokens that were given for it end with it"),
        ),
    }
    Ok(Exit::Done)
}

fn state(line: &KeyLine) -> Say {
    match line.state {
        "coming" => Say::new("未生效", "not begun"),
        "holds" => Say::new("有效", "holds"),
        "over" => Say::new("已到期", "over"),
        _ => Say::new("已停用", "stopped"),
    }
}

fn said(context: &Context, line: &KeyLine) {
    let (from, until, state) = (shanghai_text(line.from_us), shanghai_text(line.until_us), state(line));
    context.out.say(
        format!("  密钥 {}（{}）：{from} 至 {until}，{}", line.kid, line.alg, state.zh),
        format!("  key {} ({}): {from} to {until}, {}", line.kid, line.alg, state.en),
    );
}

fn key_value(line: &KeyLine) -> serde_json::Value {
    let KeyLine { kid, alg, from_us, until_us, state } = line;
    json!({ "kid": kid, "alg": alg, "from_us": from_us, "until_us": until_us, "state": state })
}

fn value(line: &ClientLine) -> serde_json::Value {
    let keys: Vec<_> = line.keys.iter().map(key_value).collect();
    json!({
        "client": line.id.to_string(), "name": line.name, "authority": line.authority, "role": line.role, "scopes": line.scopes,
        "works": line.works, "dormant": line.dormant, "opened_us": line.opened_us, "opened_by": line.opened_by, "keys": keys,
    })
}

fn list(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "client_list", None)?;
    let out = &context.out;
    let mut table = Table::new(&[
        out.pick("编号", "id"),
        out.pick("名称", "name"),
        out.pick("单位与角色", "authority and role"),
        out.pick("状态", "state"),
        out.pick("密钥", "keys"),
    ]);
    for line in installation.client_list(&caller)? {
        out.value(&value(&line));
        let acts = Role::from_code(&line.role).map_or_else(|| line.role.clone(), |of| out.tr(&role(of)).to_owned());
        let works = match (line.works, line.dormant) {
            (false, _) => out.pick("已停用", "stopped"),
            (true, true) => out.pick("休眠", "asleep"),
            (true, false) => out.pick("在用", "in use"),
        };
        let keys: Vec<_> = line.keys.iter().map(|key| format!("{} {}", key.kid, out.tr(&state(key)))).collect();
        let keys = keys.join(out.pick("、", ", "));
        table.row([line.id.to_string().as_str(), &line.name, &format!("{}@{acts}", line.authority), works, &keys]);
    }
    if table.is_empty() {
        out.say("还没有接口客户端：chengxin client add", "no machine yet: chengxin client add");
    }
    table.print(out, 0);
    Ok(Exit::Done)
}
