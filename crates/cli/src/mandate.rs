//! `chengxin mandate`: who acts for whom; and at a window, on documents that were compared.

use chengxin_app::mandate::{MandateEnding, MandateLine, MandateOffer, MandateRecord, MandateSide, PartyLine};
use chengxin_core::mandate::Paper;
use serde_json::json;

use crate::args::{
    MandateAccept, MandateCommand, MandateEnd, MandateOfferArgs, MandateOne, MandateRecordArgs, PaperArgs, Subject,
};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::me::asked;
use crate::out::{Look, Out};

pub(crate) fn mandate(context: &Context, args: &MandateCommand) -> Result<Exit, Failure> {
    match args {
        MandateCommand::Accept(args) => accept(context, args),
        MandateCommand::End(args) => end(context, args),
        MandateCommand::List(args) => list(context, args),
        MandateCommand::Offer(args) => offer(context, args),
        MandateCommand::Record(args) => record(context, args),
        MandateCommand::Resign(args) => resign(context, args),
        MandateCommand::Revoke(args) => revoke(context, args),
    }
}

fn offer(context: &Context, args: &MandateOfferArgs) -> Result<Exit, Failure> {
    let (actor_kind, actor_number) = args.actor.read()?;
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "mandate_offer")?;
    let request = MandateOffer {
        kind,
        number,
        name: args.name.clone(),
        actor_kind,
        actor_number,
        actor_name: args.actor.actor_name.clone(),
        of_age: args.actor.of_age,
        scope: args.covers.scope.iter().copied().collect(),
        from: args.covers.from,
        until: args.covers.until,
    };
    let offered = installation.mandate_offer(&caller, &request)?;
    let out = &context.out;
    let code = offered.code.grouped();
    out.value(&json!({ "code": code, "expiresUs": offered.expires_us, "mandate": offered.mandate }));
    out.line(&out.look(Look::Title, &code));
    out.say(
        format!("  请交给对方，由其在 {} 前用本人账户接受；只对其本人有效，只显示这一次", offered.expires()),
        format!(
            "  hand it to whom you mean, who accepts it before {} from an account of their own; it works for nobody else, and is shown this once",
            offered.expires()
        ),
    );
    print_line(out, &offered.mandate);
    Ok(Exit::Done)
}

fn accept(context: &Context, args: &MandateAccept) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "mandate_accept")?;
    let line = match args.look {
        true => installation.mandate_offered(&caller, kind, &number, &args.code)?,
        false => installation.mandate_accept(&caller, kind, &number, &args.code)?,
    };
    shown(context, &line)
}

fn list(context: &Context, args: &Subject) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, args, "mandate_list")?;
    let lines = installation.mandate_list(&caller, kind, &number)?;
    let out = &context.out;
    out.value(&lines);
    out.say(format!("委托：{} 项", lines.len()), format!("mandates: {}", lines.len()));
    for line in &lines {
        out.line("");
        print_line(out, line);
    }
    Ok(Exit::Done)
}

fn revoke(context: &Context, args: &MandateOne) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "mandate_revoke")?;
    let revoked = installation.mandate_revoke(&caller, kind, &number, &args.number)?;
    let out = &context.out;
    out.value(&revoked);
    print_line(out, &revoked.mandate);
    if !revoked.consents.is_empty() {
        let receipts = revoked.consents.join(out.pick("、", ", "));
        out.say(
            format!("凭该委托授予的授权仍然有效：{receipts}；不再需要的，请用 chengxin consent withdraw 撤回"),
            format!("consents that were granted on it stand still: {receipts}; withdraw with chengxin consent withdraw what you want no more"),
        );
    }
    Ok(Exit::Done)
}

fn resign(context: &Context, args: &MandateOne) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "mandate_resign")?;
    let line = installation.mandate_resign(&caller, kind, &number, &args.number)?;
    shown(context, &line)
}

fn record(context: &Context, args: &MandateRecordArgs) -> Result<Exit, Failure> {
    let (mandator, actor) = (args.subject.read()?, args.actor.read()?);
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "mandate_record", None)?;
    let record = MandateRecord {
        kind: args.kind.kind,
        mandator,
        mandator_name: args.name.clone(),
        actor,
        actor_name: args.actor.actor_name.clone(),
        of_age: args.actor.of_age,
        scope: args.covers.scope.iter().copied().collect(),
        from: args.covers.from,
        until: args.covers.until,
        evidence: args.paper.evidence.clone(),
        paper: paper(&args.paper),
    };
    let line = installation.mandate_record(&caller, &record)?;
    shown(context, &line)
}

fn end(context: &Context, args: &MandateEnd) -> Result<Exit, Failure> {
    let mandator = args.subject.read()?;
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "mandate_end", None)?;
    let (kind, number, evidence) = (args.kind.kind, args.number.clone(), args.paper.evidence.clone());
    installation
        .mandate_end(&caller, &MandateEnding { kind, mandator, number, evidence, paper: paper(&args.paper) })?;
    context.out.value(&json!({ "kind": kind, "ended": true }));
    context.out.say("已终止；此前没有的，也是这一句", "ended; where there was none, this is the answer too");
    Ok(Exit::Done)
}

fn paper(args: &PaperArgs) -> Paper {
    Paper { kind: args.paper_kind, number: args.paper.clone(), date: args.paper_date }
}

fn shown(context: &Context, line: &MandateLine) -> Result<Exit, Failure> {
    context.out.value(line);
    print_line(&context.out, line);
    Ok(Exit::Done)
}

fn party(out: &Out, party: &PartyLine) -> String {
    let name = if party.name.is_empty() { String::new() } else { format!("{} · ", party.name) };
    format!("{name}{} {}", out.tr(&party.document), party.number)
}

fn print_line(out: &Out, line: &MandateLine) {
    let side = match line.side {
        MandateSide::Given => out.pick("代我办理", "acts for me"),
        MandateSide::Held => out.pick("我代办", "I act"),
    };
    let title = format!("{}  {} · {}  {side}", line.number, out.tr(&line.kind_name), out.tr(&line.state_name));
    out.line(&out.look(Look::Title, &title));
    let scope: Vec<_> = line.scope_names.iter().map(|scope| out.tr(scope)).collect();
    let paper = line.paper.as_ref().map(|paper| out.tr(paper).to_owned());
    for (zh, en, fact) in [
        ("被代理人", "for", party(out, &line.mandator)),
        ("代办人", "by", party(out, &line.actor)),
        ("范围", "covers", scope.join(out.pick("、", ", "))),
        ("起", "from", line.from.clone()),
        ("止（不含）", "until (exclusive)", line.until.clone()),
        ("方式", "came to be", out.tr(&line.given_name).to_owned()),
        ("文书", "document", paper.unwrap_or_default()),
    ] {
        if !fact.is_empty() {
            out.item(2, &format!("{}{}{fact}", out.pick(zh, en), out.pick("：", ": ")));
        }
    }
    for made in &line.uses {
        out.item(4, &format!("{}  {}", made.at, out.tr(&made.act)));
    }
}
