//! `chengxin notice` and `chengxin channel`: what people and authorities are told, and where.

use std::path::{Path, PathBuf};

use chengxin_app::notice::{ChannelLine, ChannelRequest, MailSettings, MailTls, NoticeLine, NoticeView, Served};
use chengxin_core::notice::ChannelKind;
use serde_json::json;

use crate::args::{
    ChannelAdd, ChannelCommand, ChannelOne, ChannelProve, MailSet, MeNotice, NoticeCommand, NoticeServed, Subject,
};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::me::asked;
use crate::out::{Look, Out};
use crate::own_file;

pub(crate) fn channel(context: &Context, args: &ChannelCommand) -> Result<Exit, Failure> {
    match args {
        ChannelCommand::Add(args) => add(context, args),
        ChannelCommand::List(args) => channels(context, args),
        ChannelCommand::Prove(args) => prove(context, args),
        ChannelCommand::Remove(args) => remove(context, args),
    }
}

pub(crate) fn notice(context: &Context, args: &NoticeCommand) -> Result<Exit, Failure> {
    match args {
        NoticeCommand::Dead => dead(context),
        NoticeCommand::Inbox => inbox(context),
        NoticeCommand::Letter { notice, out } => letter(context, notice, out),
        NoticeCommand::MailSet(args) => mail_set(context, args),
        NoticeCommand::Retry { message } => retry(context, message),
        NoticeCommand::Served(args) => served(context, args),
        NoticeCommand::Undelivered => undelivered(context),
    }
}

fn add(context: &Context, args: &ChannelAdd) -> Result<Exit, Failure> {
    let channel = if args.kind == "mail" { ChannelKind::Mail } else { ChannelKind::Webhook };
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "channel_add")?;
    let added =
        installation.channel_add(&caller, &ChannelRequest { kind, number, channel, address: args.address.clone() })?;
    let out = &context.out;
    out.value(&added);
    print_channel(out, &added.channel);
    if let Some(secret) = &added.secret {
        out.say(
            format!("签名密钥（只显示这一次）：{secret}"),
            format!("the secret by which messages are signed, shown this once: {secret}"),
        );
    }
    out.say(
        "验证码将发往该渠道；收到后用 chengxin channel prove 验证，此前不发送任何通知",
        "its code is on the way there: prove it with chengxin channel prove; nothing else is sent before",
    );
    Ok(Exit::Done)
}

fn channels(context: &Context, args: &Subject) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, args, "channel_list")?;
    let lines = installation.channel_list(&caller, kind, &number)?;
    let out = &context.out;
    out.value(&lines);
    out.say(format!("通知渠道：{} 个", lines.len()), format!("channels: {}", lines.len()));
    lines.iter().for_each(|line| print_channel(out, line));
    Ok(Exit::Done)
}

fn prove(context: &Context, args: &ChannelProve) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, &args.of.subject, "channel_prove")?;
    let line = installation.channel_prove(&caller, (kind, &number), &args.of.channel, &args.code)?;
    context.out.value(&line);
    print_channel(&context.out, &line);
    Ok(Exit::Done)
}

fn remove(context: &Context, args: &ChannelOne) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "channel_remove")?;
    installation.channel_remove(&caller, (kind, &number), &args.channel)?;
    context.out.value(&json!({ "channel": args.channel, "removed": true }));
    context.out.say("已删除该渠道及其地址", "removed, and its address with it");
    Ok(Exit::Done)
}

fn print_channel(out: &Out, line: &ChannelLine) {
    let title =
        format!("{}  {} · {}  {}", line.channel, out.tr(&line.kind_name), out.tr(&line.stage_name), line.address);
    out.line(&out.look(Look::Title, &title));
    if let Some(failing) = &line.failing {
        out.item(2, &format!("{}{failing}", out.pick("未能送出：", "not handed over: ")));
    }
}

pub(crate) fn list(context: &Context, args: &Subject) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, args, "notice_list")?;
    let lines = installation.notice_list(&caller, kind, &number)?;
    let out = &context.out;
    out.value(&lines);
    out.say(format!("告知：{} 份", lines.len()), format!("notices: {}", lines.len()));
    lines.iter().for_each(|line| print_line(out, line));
    Ok(Exit::Done)
}

pub(crate) fn show(context: &Context, args: &MeNotice) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "notice_show")?;
    let view = installation.notice_show(&caller, (kind, &number), &args.notice)?;
    context.out.value(&view);
    print_view(&context.out, &view);
    Ok(Exit::Done)
}

fn print_line(out: &Out, line: &NoticeLine) {
    let title = format!("{}  {}", line.notice, out.tr(&line.title));
    out.line(&out.look(Look::Title, &title));
    let delivered = line.delivered.as_ref().map_or_else(String::new, |at| format!("  {at}"));
    out.item(2, &format!("{}  {}{delivered}", line.made, out.tr(&line.delivery_name)));
    if !line.case_number.is_empty() {
        out.item(2, &format!("{}{}", out.pick("案件编号：", "case number: "), line.case_number));
    }
}

fn print_view(out: &Out, view: &NoticeView) {
    print_line(out, &view.notice);
    for part in &view.parts {
        out.line("");
        out.line(&out.look(Look::Title, out.tr(&part.heading)));
        part.sentences.iter().for_each(|sentence| out.item(2, out.tr(sentence)));
    }
}

fn inbox(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "notice_inbox", None)?;
    let lines = installation.notice_inbox(&caller)?;
    let out = &context.out;
    out.value(&lines);
    out.say(format!("本单位收到的告知：{} 份", lines.len()), format!("your authority is told: {}", lines.len()));
    for line in &lines {
        let record = line.record.as_deref().unwrap_or_default();
        out.item(2, &format!("{}  {}  {}  {record}", line.made, out.tr(&line.title), line.case_number));
    }
    Ok(Exit::Done)
}

fn undelivered(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "notice_undelivered", None)?;
    let lines = installation.notice_undelivered(&caller)?;
    let out = &context.out;
    out.value(&lines);
    out.say(format!("待送达：{} 份", lines.len()), format!("to be served: {}", lines.len()));
    for line in &lines {
        out.item(2, &format!("{}  {}  {}", line.notice, line.made, out.tr(&line.title)));
    }
    Ok(Exit::Done)
}

fn letter(context: &Context, notice: &str, file: &Path) -> Result<Exit, Failure> {
    crate::file::writable(file)?;
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "notice_letter", None)?;
    let letter = installation.notice_letter(&caller, notice, context.out.lang)?;
    own_file::write(file, letter.pdf()?)?;
    let shown = file.display();
    context.out.value(&json!({ "notice": notice, "file": shown.to_string() }));
    context.out.say(
        format!("已写出 {shown}；送达后请用 chengxin notice served 登记"),
        format!("wrote {shown}; once it is served, record that with chengxin notice served"),
    );
    Ok(Exit::Done)
}

fn served(context: &Context, args: &NoticeServed) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "notice_served", None)?;
    let how = Served { on: args.served_on, by: args.by.clone(), evidence: args.evidence.clone() };
    let line = installation.notice_served(&caller, &args.notice, &how)?;
    context.out.value(&line);
    print_line(&context.out, &line);
    Ok(Exit::Done)
}

fn dead(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "notice_dead", None)?;
    let lines = installation.notice_dead(&caller)?;
    let out = &context.out;
    out.value(&lines);
    out.say(format!("未能送出：{} 条", lines.len()), format!("given up: {}", lines.len()));
    for line in &lines {
        out.item(2, &format!("{}  {} × {}  {}", line.message, line.kind, line.attempts, line.problem));
    }
    Ok(Exit::Done)
}

fn retry(context: &Context, message: &str) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "notice_retry", None)?;
    installation.notice_retry(&caller, message)?;
    context.out.value(&json!({ "message": message, "retried": true }));
    context.out.say("将立即重新发送", "it is tried again at once");
    Ok(Exit::Done)
}

fn read(path: Option<&PathBuf>) -> Result<String, Failure> {
    let Some(path) = path else { return Ok(String::new()) };
    std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))
}

fn mail_set(context: &Context, args: &MailSet) -> Result<Exit, Failure> {
    let tls = match args.tls.as_str() {
        "starttls" => MailTls::StartTls,
        "none" => MailTls::None,
        _ => MailTls::Implicit,
    };
    let server = MailSettings {
        host: args.host.clone(),
        port: args.port,
        tls,
        user: args.user.clone(),
        from: args.from.clone(),
        certificate: read(args.certificate.as_ref())?,
    };
    let password = read(args.password.as_ref())?;
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "notice_mail_set", None)?;
    installation.notice_mail_set(&caller, &server, password.trim_end_matches(['\r', '\n']))?;
    context.out.value(&json!({ "host": server.host, "port": server.port, "tls": server.tls }));
    context.out.say(
        format!("已设定邮件服务器 {}:{}", server.host, server.port),
        format!("set the mail server {}:{}", server.host, server.port),
    );
    Ok(Exit::Done)
}
