//! `chengxin complaint`, and `me complaints`.

use chengxin_app::complaint::{ComplaintAnswer, ComplaintRequest, ComplaintView, LineAt};
use chengxin_app::log::LineChain;
use chengxin_core::Role;

use crate::args::{ComplaintCommand, ComplaintFile, Subject};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::me::asked;
use crate::out::{Look, Out};
use crate::proceeding::filing;

pub(crate) fn complaint(context: &Context, args: &ComplaintCommand) -> Result<Exit, Failure> {
    match args {
        ComplaintCommand::File(args) => file(context, args),
        ComplaintCommand::Withdraw(args) => {
            let (mut installation, caller, kind, number) = asked(context, &args.subject, "complaint_withdraw")?;
            let done = installation.complaint_withdraw(&caller, (kind, &number), &args.number, "")?;
            shown(context, &done)
        }
        ComplaintCommand::Work => work(context),
        ComplaintCommand::Show { number } => {
            let mut installation = context.open()?;
            let caller = context.caller(&installation, "complaint_show", None)?;
            let of = installation.complaint_show(&caller, number)?;
            shown(context, &of)
        }
        ComplaintCommand::Answer(args) => {
            let mut installation = context.open()?;
            let caller = context.caller(&installation, "complaint_answer", None)?;
            let (number, text) = (args.number.clone(), args.text.clone());
            let of = installation
                .complaint_answer(&caller, &ComplaintAnswer { number, step: args.step, to: args.to.clone(), text })?;
            shown(context, &of)
        }
        ComplaintCommand::Comment(args) => {
            let mut installation = context.open()?;
            let caller = context.caller(&installation, "complaint_comment", None)?;
            let of = installation.complaint_comment(&caller, &args.number, &args.text)?;
            shown(context, &of)
        }
        ComplaintCommand::Figures => figures(context),
    }
}

fn file(context: &Context, args: &ComplaintFile) -> Result<Exit, Failure> {
    let chain = if args.reports { LineChain::Reports } else { LineChain::Records };
    // One of them is there: the options say so.
    let line = args.line.map_or(LineAt::Anchor(args.anchor.unwrap_or_default()), |line| LineAt::Number(chain, line));
    let (mut installation, caller, kind, number) = filing(context, &args.subject, "complaint_file")?;
    let request = ComplaintRequest { kind, number, line, words: args.text.clone() };
    if caller.role != Role::Clerk {
        let filed = installation.complaint_file(&caller, &request)?;
        return shown(context, &filed);
    }
    let taken = installation.complaint_take(&caller, &request, args.evidence.as_deref().unwrap_or_default())?;
    context.out.value(&taken);
    let due = taken.due_on.map(|due| due.to_string()).unwrap_or_default();
    context.out.say(
        format!("已提交投诉 {}；答复期限：{due}", taken.number),
        format!("filed complaint {}; answer due: {due}", taken.number),
    );
    Ok(Exit::Done)
}

/// Everything that a person complained of.
pub(crate) fn own(context: &Context, args: &Subject) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, args, "complaint_list")?;
    let own = installation.complaint_list(&caller, kind, &number)?;
    let out = &context.out;
    out.value(&own);
    out.say(format!("投诉：{} 件", own.len()), format!("complaints: {}", own.len()));
    for of in &own {
        out.line("");
        print(out, of);
    }
    Ok(Exit::Done)
}

fn work(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "complaint_work", None)?;
    let lines = installation.complaint_work(&caller)?;
    let out = &context.out;
    out.value(&lines);
    out.say(format!("待办：{} 件", lines.len()), format!("waiting: {}", lines.len()));
    for line in &lines {
        out.line(&out.look(Look::Title, &format!("{}  {}", line.number, out.tr(&line.state))));
        let authority = line.authority.as_ref().map(|name| format!("{} · ", out.tr(name))).unwrap_or_default();
        out.item(2, &format!("{authority}{}", out.tr(&line.act)));
        if let Some(due) = line.due_on {
            let late = if line.overdue { out.pick("（已逾期）", " (overdue)") } else { "" };
            out.item(2, &format!("{}{due}{late}", out.pick("期限：", "due: ")));
        }
    }
    Ok(Exit::Done)
}

fn figures(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "complaint_figures", None)?;
    let figures = installation.complaint_figures(&caller)?;
    let out = &context.out;
    out.value(&figures);
    for of in &figures {
        let name = of
            .authority_name
            .as_ref()
            .map_or_else(|| out.pick("（未指明单位）", "(no authority)"), |name| out.tr(name));
        out.line(&out.look(Look::Title, name));
        let (filed, closed, upheld, late, days, overdue) =
            (of.filed, of.closed, of.upheld, of.late, of.late_days, of.overdue);
        out.say(
            format!("  收到 {filed} 件，办结 {closed} 件，成立 {upheld} 件；逾期 {late} 件，共 {days} 天；目前逾期 {overdue} 件"),
            format!("  {filed} filed, {closed} closed, {upheld} upheld; {late} late, by {days} days in all; {overdue} overdue now"),
        );
    }
    Ok(Exit::Done)
}

fn shown(context: &Context, of: &ComplaintView) -> Result<Exit, Failure> {
    context.out.value(of);
    print(&context.out, of);
    Ok(Exit::Done)
}

fn print(out: &Out, of: &ComplaintView) {
    out.line(&out.look(Look::Title, &format!("{}  {}", of.number, out.tr(&of.state_name))));
    let about = &of.about;
    let number = about.number.or(about.anchor).unwrap_or_default();
    out.item(2, &format!("[{number}] {}  {} {}", about.at, out.tr(&about.who), out.tr(&about.act)));
    if let Some(words) = &of.words {
        out.item(2, words);
    }
    if let Some(due) = of.due_on {
        let late = if of.overdue { out.pick("（已逾期）", " (overdue)") } else { "" };
        out.item(2, &format!("{}{due}{late}", out.pick("答复期限：", "answer due: ")));
    }
    if let Some(name) = &of.handler_name {
        out.item(2, &format!("{}{}", out.pick("接办单位：", "answered by: "), out.tr(name)));
    }
    for step in &of.steps {
        out.item(4, &format!("{}  {} · {}", step.on, out.tr(&step.by_name), out.tr(&step.step_name)));
        if !step.text.is_empty() {
            out.item(6, &step.text);
        }
    }
    for route in &of.routes {
        out.item(2, out.tr(route));
    }
}
