//! `chengxin objection`, `repair`, `proceeding`, `follow-up`, and `me proceedings`.

use std::path::{Path, PathBuf};

use chengxin_app::objection::{ObjectionAnswer, ObjectionRequest};
use chengxin_app::proceeding::{Attachment, FollowUpLine, Proceeded, ProceedingView};
use chengxin_app::repair::{RepairAnswer, RepairRequest};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Role};

use crate::args::{
    FollowUpCommand, ObjectionAdd, ObjectionCommand, ObjectionDecide, ObjectionFile, ProceedingAttachment,
    ProceedingCommand, ProceedingDecision, RepairCommand, RepairDecide, RepairFile, SaidArgs, Subject,
};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::file::{is_pdf, read, writable};
use crate::me::asked;
use crate::out::{Look, Out};
use crate::own_file;

pub(crate) fn objection(context: &Context, args: &ObjectionCommand) -> Result<Exit, Failure> {
    match args {
        ObjectionCommand::File(args) => objection_file(context, args),
        ObjectionCommand::Add(args) => objection_add(context, args),
        ObjectionCommand::Decide(args) => objection_decide(context, args, "objection_decide"),
        ObjectionCommand::Identify(args) => objection_decide(context, args, "objection_identify"),
    }
}

pub(crate) fn repair(context: &Context, args: &RepairCommand) -> Result<Exit, Failure> {
    match args {
        RepairCommand::File(args) => repair_file(context, args),
        RepairCommand::Decide(args) => repair_decide(context, args),
    }
}

pub(crate) fn proceeding(context: &Context, args: &ProceedingCommand) -> Result<Exit, Failure> {
    match args {
        ProceedingCommand::Work => work(context),
        ProceedingCommand::Show { number } => {
            let mut installation = context.open()?;
            let caller = context.caller(&installation, "proceeding_show", None)?;
            let shown = installation.proceeding_show(&caller, number)?;
            context.out.value(&shown);
            print(&context.out, &shown);
            Ok(Exit::Done)
        }
        ProceedingCommand::Attachment(args) => attachment(context, args),
        ProceedingCommand::Decision(args) => decision(context, args),
        ProceedingCommand::Verify { number, code } => {
            let installation = context.open()?;
            let caller = context.caller(&installation, "decision_verify", None)?;
            let status = installation.decision_verify(&caller, number, code)?;
            let out = &context.out;
            out.value(&status);
            let (kind, outcome) = (out.tr(&status.kind), out.tr(&status.outcome));
            out.line(&out.look(Look::Good, &format!("✓ {}  {kind} · {outcome}", status.number)));
            out.item(2, &format!("{} · {}", status.decided_on, out.tr(&status.authority)));
            Ok(Exit::Done)
        }
        ProceedingCommand::Figures => figures(context),
    }
}

pub(crate) fn follow_up(context: &Context, args: &FollowUpCommand) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let out = &context.out;
    match args {
        FollowUpCommand::List => {
            let caller = context.caller(&installation, "follow_up_list", None)?;
            let lines = installation.follow_up_list(&caller)?;
            out.value(&lines);
            out.say(format!("共 {} 件", lines.len()), format!("{} in all", lines.len()));
            lines.iter().for_each(|line| print_follow_up(out, line));
        }
        FollowUpCommand::Settle(args) => {
            let caller = context.caller(&installation, "follow_up_settle", None)?;
            let line = installation.follow_up_settle(&caller, &args.check, args.reopen, &args.reason)?;
            out.value(&line);
            print_follow_up(out, &line);
        }
    }
    Ok(Exit::Done)
}

/// Everything that a person filed.
pub(crate) fn own(context: &Context, args: &Subject) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, args, "proceeding_list")?;
    let own = installation.proceeding_list(&caller, kind, &number)?;
    let out = &context.out;
    out.value(&own);
    out.say(format!("办件：{} 件", own.len()), format!("proceedings: {}", own.len()));
    for of in &own {
        out.line("");
        print(out, &of.proceeding);
        of.reached.iter().for_each(|line| print_follow_up(out, line));
    }
    Ok(Exit::Done)
}

/// Who files: the person, or a clerk at a window.
pub(crate) fn filing(
    context: &Context,
    subject: &Subject,
    operation: &'static str,
) -> Result<(chengxin_app::Installation, Caller, DocumentKind, String), Failure> {
    if context.globals.act_as.as_ref().is_some_and(|act_as| act_as.role == Role::Clerk) {
        let (kind, number) = subject.read()?;
        let installation = context.open()?;
        let caller = context.caller(&installation, operation, None)?;
        return Ok((installation, caller, kind, number));
    }
    asked(context, subject, operation)
}

fn objection_file(context: &Context, args: &ObjectionFile) -> Result<Exit, Failure> {
    let attachments = attachments(&args.said)?;
    let (mut installation, caller, kind, number) = filing(context, &args.subject, "objection_file")?;
    let request = ObjectionRequest {
        kind,
        number,
        record: args.record,
        aspect: if args.not_me { None } else { args.aspect },
        grounds: args.said.text.clone(),
        attachments,
        evidence: args.evidence.clone(),
    };
    let filed = installation.objection_file(&caller, &request)?;
    shown(context, &filed)
}

fn objection_add(context: &Context, args: &ObjectionAdd) -> Result<Exit, Failure> {
    let attachments = attachments(&args.said)?;
    let (mut installation, caller, kind, number) = filing(context, &args.subject, "objection_add")?;
    let (own, said) = ((kind, number.as_str()), &args.said);
    let evidence = args.evidence.as_deref();
    let added =
        installation.objection_add(&caller, own, &args.number, args.statement, &said.text, &attachments, evidence)?;
    shown(context, &added)
}

fn objection_decide(context: &Context, args: &ObjectionDecide, operation: &'static str) -> Result<Exit, Failure> {
    let attachments = attachments(&args.said)?;
    let mut installation = context.open()?;
    let caller = context.caller(&installation, operation, None)?;
    let answer = ObjectionAnswer {
        number: args.number.clone(),
        step: args.step,
        text: args.said.text.clone(),
        attachments,
        corrected: args.corrected.iter().cloned().collect(),
    };
    let done = match operation {
        "objection_identify" => installation.objection_identify(&caller, &answer)?,
        _ => installation.objection_decide(&caller, &answer)?,
    };
    shown(context, &done)
}

fn repair_file(context: &Context, args: &RepairFile) -> Result<Exit, Failure> {
    let attachments = attachments(&args.said)?;
    let commitment = args.commitment.as_deref().map(one).transpose()?;
    let (mut installation, caller, kind, number) = filing(context, &args.subject, "repair_file")?;
    let request = RepairRequest {
        kind,
        number,
        record: args.record,
        step: args.step,
        text: args.said.text.clone(),
        attachments,
        commitment,
        national_number: args.national_number.clone(),
        evidence: args.evidence.clone(),
    };
    let filed = installation.repair_file(&caller, &request)?;
    shown(context, &filed)
}

fn repair_decide(context: &Context, args: &RepairDecide) -> Result<Exit, Failure> {
    let attachments = attachments(&args.said)?;
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "repair_decide", None)?;
    let (number, text) = (args.number.clone(), args.said.text.clone());
    let answer = RepairAnswer { number, step: args.step, text, attachments, until: args.until };
    let done = installation.repair_decide(&caller, &answer)?;
    shown(context, &done)
}

fn work(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "proceeding_work", None)?;
    let lines = installation.proceeding_work(&caller)?;
    let out = &context.out;
    out.value(&lines);
    out.say(format!("待办：{} 件", lines.len()), format!("waiting: {}", lines.len()));
    for line in &lines {
        let title = format!("{}  {} · {}", line.number, out.tr(&line.kind_name), out.tr(&line.state));
        out.line(&out.look(Look::Title, &title));
        out.item(2, &format!("{} · {}", out.tr(&line.authority), out.tr(&line.item)));
        if let Some(due) = line.due_on {
            let late = if line.overdue { out.pick("（已逾期）", " (overdue)") } else { "" };
            out.item(2, &format!("{}{due}{late}", out.pick("期限：", "due: ")));
        }
    }
    Ok(Exit::Done)
}

fn decision(context: &Context, args: &ProceedingDecision) -> Result<Exit, Failure> {
    writable(&args.out)?;
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "proceeding_decision")?;
    let paper = installation.proceeding_decision(&caller, (kind, &number), &args.number, context.out.lang)?;
    let bytes = if is_pdf(&args.out) { paper.pdf } else { paper.json.into_bytes() };
    own_file::write(&args.out, bytes)?;
    let shown = args.out.display();
    context.out.value(&paper.decided);
    context.out.say(format!("已写出 {shown}"), format!("wrote {shown}"));
    Ok(Exit::Done)
}

fn attachment(context: &Context, args: &ProceedingAttachment) -> Result<Exit, Failure> {
    writable(&args.out)?;
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "proceeding_attachment", None)?;
    let (name, _, content) = installation.proceeding_attachment(&caller, None, &args.number, args.file_no)?;
    own_file::write(&args.out, content)?;
    let shown = args.out.display();
    context.out.value(&serde_json::json!({ "name": name, "file": shown.to_string() }));
    context.out.say(format!("已写出 {shown}（{name}）"), format!("wrote {shown} ({name})"));
    Ok(Exit::Done)
}

fn figures(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let caller = context.caller(&installation, "proceeding_figures", None)?;
    let figures = installation.proceeding_figures(&caller)?;
    let out = &context.out;
    out.value(&figures);
    for of in &figures {
        let title = format!("{} · {}", out.tr(&of.authority_name), out.tr(&of.kind.name()));
        out.line(&out.look(Look::Title, &title));
        let (filed, closed, late, days, overdue) = (of.filed, of.closed, of.late, of.late_days, of.overdue);
        out.say(
            format!("  收到 {filed} 件，办结 {closed} 件；逾期 {late} 件，共 {days} 天；目前逾期 {overdue} 件"),
            format!("  {filed} filed, {closed} closed; {late} late, by {days} days in all; {overdue} overdue now"),
        );
    }
    Ok(Exit::Done)
}

fn attachments(said: &SaidArgs) -> Result<Vec<Attachment>, Failure> {
    said.attach.iter().map(PathBuf::as_path).map(one).collect()
}

fn one(path: &Path) -> Result<Attachment, Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Attachment { name, content: read(path)? })
}

fn shown(context: &Context, done: &Proceeded) -> Result<Exit, Failure> {
    let out = &context.out;
    out.value(done);
    print(out, &done.proceeding);
    for warning in &done.warnings {
        out.item(2, out.tr(warning));
    }
    Ok(Exit::Done)
}

fn print(out: &Out, of: &ProceedingView) {
    let title = format!("{}  {} · {}", of.number, out.tr(&of.kind_name), out.tr(&of.state_name));
    out.line(&out.look(Look::Title, &title));
    let aspect = of.aspect_name.as_ref().map(|aspect| out.tr(aspect).to_owned()).unwrap_or_default();
    let due = of.due_on.map(|due| {
        let late = if of.overdue { out.pick("（已逾期）", " (overdue)") } else { "" };
        format!("{due}{late}")
    });
    for (zh, en, fact) in [
        ("记录", "record", format!("{} · {}", of.record, out.tr(&of.item))),
        ("文书号", "document", of.document_number.clone().unwrap_or_default()),
        ("认定单位", "authority", out.tr(&of.authority_name).to_owned()),
        ("针对", "against", aspect),
        ("该记录", "the record is", of.mark.as_ref().map(|mark| out.tr(mark).to_owned()).unwrap_or_default()),
        ("办理期限", "due", due.unwrap_or_default()),
        ("期限计算", "counted", of.due_how.as_ref().map(|how| out.tr(how).to_owned()).unwrap_or_default()),
        ("全国平台编号", "national number", of.national_number.clone().unwrap_or_default()),
    ] {
        if !fact.is_empty() {
            out.item(2, &format!("{}{}{fact}", out.pick(zh, en), out.pick("：", ": ")));
        }
    }
    for step in &of.steps {
        let late = if step.late > 0 { format!(" +{}", step.late) } else { String::new() };
        out.item(4, &format!("{}  {} · {}{late}", step.on, out.tr(&step.by_name), out.tr(&step.step_name)));
        if !step.text.is_empty() {
            out.item(6, &step.text);
        }
    }
    for file in &of.attachments {
        out.item(4, &format!("[{}] {}  {} B", file.number, file.name, file.size));
    }
    for route in &of.routes {
        out.item(2, out.tr(route));
    }
}

pub(crate) fn print_follow_up(out: &Out, line: &FollowUpLine) {
    let title = format!("{} · {} · {}", line.check, line.case_number, out.tr(&line.matter));
    out.item(2, &title);
    out.item(4, &format!("{} → {}", out.tr(&line.decided), out.tr(&line.state_name)));
    out.item(4, out.tr(&line.authority));
    if !line.reason.is_empty() {
        out.item(4, &line.reason);
    }
}
