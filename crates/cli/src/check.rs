//! `chengxin check`: an answer to one matter, and what came of it.

use chengxin_app::check::{CheckRequest, Outcome, OutcomeNotice, OutcomeRequest};
use chengxin_core::check::{AskAuthority, CheckAnswer, CheckConvenience, CheckFinding};
use chengxin_core::{Caller, Ground};

use crate::args::{Check, CheckAsk, CheckOutcome};
use crate::check_batch::batch;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::file::{is_pdf, writable};
use crate::out::{Look, Out};
use crate::own_file;

pub(crate) fn check(context: &Context, args: &Check) -> Result<Exit, Failure> {
    match args {
        Check::Ask(args) => ask(context, args),
        Check::Outcome(args) => outcome(context, args),
        Check::Batch(args) => batch(context, args),
    }
}

fn ask(context: &Context, args: &CheckAsk) -> Result<Exit, Failure> {
    if let Some(path) = &args.out {
        writable(path)?;
    }
    let (kind, number) = args.subject.read()?;
    let mut installation = context.open()?;
    let caller = installation.for_matter(context.caller(&installation, "check_answer", None)?, &args.matter);
    let shown = args.consent.as_ref().or(args.code.as_ref());
    let ground = shown.map_or(caller.ground, |shown| Ground::Consent(shown.clone()));
    let caller = Caller { ground, ..caller };
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
        let content = if is_pdf(path) {
            installation.check_slip_pdf(&checked, out.lang)?
        } else {
            let json = serde_json::to_string_pretty(&checked.slip).map_err(|error| Failure::io(path, &error.into()))?;
            (json + "\n").into_bytes()
        };
        own_file::write(path, content)?;
        let shown = path.display();
        out.say(format!("已写出核查单 {shown}"), format!("wrote the slip {shown}"));
    }
    Ok(Exit::Done)
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
