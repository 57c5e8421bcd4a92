//! `chengxin policy`, `chengxin matter` and `chengxin check`: who may do what, the matters of windows, an answer to one, and what came of it.

use chengxin_app::Installation;
use chengxin_app::check::{CheckRequest, MatterView, Outcome, OutcomeNotice, OutcomeRequest, RelevantView};
use chengxin_core::catalogue::matter::MatterGround;
use chengxin_core::check::{AskAuthority, CheckAnswer, CheckConvenience, CheckFinding};
use chengxin_core::{Caller, Ground};
use serde_json::json;

use crate::args::{Check, CheckAsk, CheckOutcome, Matter, Policy};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::file::writable;
use crate::out::{Look, Out};

pub(crate) fn policy(context: &Context, args: &Policy) -> Result<Exit, Failure> {
    let Policy::Show = args;
    let installation = context.open()?;
    let caller = context.caller(&installation, "policy_show", None)?;
    let grants = installation.policy_show(&caller)?;
    let out = &context.out;
    for grant in grants {
        let (id, clause) = (&*grant.id, &*grant.clause);
        out.value(&json!({
            "policy": id, "permits": grant.permits, "clause": clause, "reason": grant.reason, "file": grant.file,
        }));
        let does = if grant.permits { out.pick("允许", "permits") } else { out.pick("禁止", "forbids") };
        out.line(&format!("{}  {id} · {clause} · {}", out.look(Look::Title, does), grant.file));
        out.item(2, out.tr(&grant.reason));
    }
    Ok(Exit::Done)
}

pub(crate) fn matter(context: &Context, args: &Matter) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let out = &context.out;
    match args {
        Matter::List => {
            let caller = context.caller(&installation, "matter_show", None)?;
            let matters = installation.matter_list(&caller)?;
            out.value(&matters);
            out.say(format!("现行办理事项 {} 项", matters.len()), format!("{} matters in force", matters.len()));
            for matter in &matters {
                out.item(2, &format!("{}  {} · {}", matter.code, out.tr(&matter.name), out.tr(&matter.clause_label)));
            }
        }
        Matter::Show { code } => {
            let caller = context.caller(&installation, "matter_show", None)?;
            let matter = installation.matter_show(&caller, code)?;
            out.value(&matter);
            show(out, &matter);
        }
    }
    Ok(Exit::Done)
}

fn show(out: &Out, matter: &MatterView) {
    out.line(&out.look(Look::Title, &format!("{}（{}）", out.tr(&matter.name), matter.code)));
    let ground = match matter.ground {
        MatterGround::Duty => out.pick("法定职责", "the authority's duty"),
        MatterGround::Consent => out.pick("申请人授权", "the applicant's consent"),
    };
    out.item(2, &format!("{}{}", out.pick("依据：", "on: "), out.tr(&matter.clause_label)));
    out.item(2, &format!("{}{ground}", out.pick("核查理由：", "asked on: ")));
    for relevant in &matter.relevant {
        relevance(out, relevant);
    }
    for ease in &matter.conveniences {
        relevance(out, ease);
    }
}

fn relevance(out: &Out, view: &RelevantView) {
    let what: Vec<&str> = view.what.iter().map(|say| out.tr(say)).collect();
    out.line("");
    out.line(&out.look(Look::Title, &format!("{} · {}", out.tr(&view.kind), what.join(out.pick("、", ", ")))));
    out.item(2, &format!("{}{}", out.pick("条款：", "clause: "), out.tr(&view.clause_label)));
    out.paragraph(2, out.tr(&view.means));
    if let Some(can_do) = &view.can_do {
        out.paragraph(2, out.tr(can_do));
    }
}

pub(crate) fn check(context: &Context, args: &Check) -> Result<Exit, Failure> {
    match args {
        Check::Ask(args) => ask(context, args),
        Check::Outcome(args) => outcome(context, args),
    }
}

fn ask(context: &Context, args: &CheckAsk) -> Result<Exit, Failure> {
    if let Some(path) = &args.out {
        writable(path)?;
    }
    let (kind, number) = args.subject.read()?;
    let mut installation = context.open()?;
    let caller = on_ground(context.caller(&installation, "check_answer", None)?, &installation, args)?;
    let request = CheckRequest {
        matter: args.matter.clone(),
        kind,
        number,
        name: args.name.clone(),
        case_number: args.case.clone(),
    };
    let checked = installation.check_answer(&caller, &request)?;
    let out = &context.out;
    out.value(&checked);
    let head = &checked.slip.head;
    out.line(&out.look(Look::Title, &format!("{}  {} · {}", head.number, head.applicant, head.case_number)));
    print_answer(out, 0, &checked.slip.answer);
    if let Some(path) = &args.out {
        let json = serde_json::to_string_pretty(&checked.slip).map_err(|error| Failure::io(path, &error.into()))?;
        std::fs::write(path, json + "\n").map_err(|error| Failure::io(path, &error))?;
        let shown = path.display();
        out.say(format!("已写出核查单 {shown}"), format!("wrote the slip {shown}"));
    }
    Ok(Exit::Done)
}

/// The clerk asks on the matter's own clause, or on the consent whose receipt was given.
fn on_ground(caller: Caller, installation: &Installation, args: &CheckAsk) -> Result<Caller, Failure> {
    if let Some(receipt) = &args.consent {
        return Ok(Caller { ground: Ground::Consent(receipt.clone()), ..caller });
    }
    let matter = installation.matter_show(&caller, &args.matter)?;
    Ok(Caller { ground: Ground::Duty(matter.clause), ..caller })
}

fn outcome(context: &Context, args: &CheckOutcome) -> Result<Exit, Failure> {
    let (kind, number) = args.subject.read()?;
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "check_outcome", None)?;
    let outcome = Outcome::from_code(&args.outcome)
        .ok_or_else(|| Failure::new(Exit::Usage, "没有这种结果", "no such outcome"))?;
    let request = OutcomeRequest {
        kind,
        number,
        check: args.check.clone(),
        outcome,
        reason: args.reason.clone(),
        rests_on: args.records.clone(),
    };
    let notice = installation.check_outcome(&caller, &request)?;
    let out = &context.out;
    out.value(&notice);
    out.say(
        format!("已登记 {}：{}", args.check, outcome.name().zh),
        format!("recorded {}: {}", args.check, outcome.name().en),
    );
    if let Some(notice) = &notice {
        print_notice(out, notice);
    }
    Ok(Exit::Done)
}

fn print_notice(out: &Out, notice: &OutcomeNotice) {
    out.line("");
    out.line(&out.look(Look::Title, out.pick("告知申请人", "The applicant is told")));
    out.item(2, &format!("{} · {}", out.tr(&notice.matter), notice.case_number));
    out.item(2, &format!("{}：{}", out.tr(&notice.outcome), notice.reason));
    for fact in &notice.facts {
        finding(out, 2, fact);
    }
    out.paragraph(2, out.tr(&notice.object));
    out.paragraph(2, out.tr(&notice.review));
}

/// An answer, as a clerk and the applicant read it.
pub(crate) fn print_answer(out: &Out, indent: usize, answer: &CheckAnswer) {
    let headline = format!("{}{}", " ".repeat(indent), out.tr(answer.headline.say()));
    out.line(&out.look(Look::Good, &headline));
    out.item(indent + 2, &format!("{} · {}", out.tr(&answer.matter_name), out.tr(&answer.clause.label)));
    answer.findings.iter().for_each(|it| finding(out, indent + 2, it));
    answer.ask.iter().for_each(|it| to_ask(out, indent + 2, it));
    answer.conveniences.iter().for_each(|it| ease(out, indent + 2, it));
    for note in &answer.notes {
        out.paragraph(indent + 2, out.tr(note));
    }
}

fn finding(out: &Out, indent: usize, it: &CheckFinding) {
    let mark = it.mark.as_ref().map(|mark| format!("［{}］", out.tr(mark))).unwrap_or_default();
    let title = format!("{} · {} {}{mark}", out.tr(&it.finding_name), out.tr(&it.item_name), it.decided_on);
    out.item(indent, &out.look(Look::Title, &title));
    out.item(indent + 2, &format!("{}{}", out.pick("认定单位：", "by: "), out.tr(&it.authority.name)));
    out.item(indent + 2, &format!("{}{}", out.pick("条款：", "clause: "), out.tr(&it.clause.label)));
    for field in &it.fields {
        out.item(indent + 2, &format!("{}{}{}", out.tr(&field.label), out.pick("：", ": "), out.tr(&field.value)));
    }
    out.item(indent + 2, &format!("{}{} ({})", out.pick("记录编号：", "record: "), it.record, it.version));
    for words in [Some(&it.means), it.reason.as_ref(), Some(&it.can_do)].into_iter().flatten() {
        out.paragraph(indent + 2, out.tr(words));
    }
}

fn to_ask(out: &Out, indent: usize, it: &AskAuthority) {
    let title = format!("{} · {}", out.tr(&it.item_name), out.tr(&it.authority.name));
    out.item(indent, &out.look(Look::Title, &title));
    out.paragraph(indent + 2, out.tr(&it.means));
    out.paragraph(indent + 2, out.tr(&it.can_do));
}

fn ease(out: &Out, indent: usize, it: &CheckConvenience) {
    let title = format!("{} · {} {}", out.tr(&it.name), out.tr(&it.fact), it.decided_on);
    out.item(indent, &out.look(Look::Good, &title));
    out.paragraph(indent + 2, out.tr(&it.means));
}
