//! `chengxin me`: what is held about a person, and who has looked at it, for that person.

use chengxin_app::Installation;
use chengxin_app::log::{CheckedLines, Line, LineChain, Lines, LinesFault, check_lines};
use chengxin_app::record::RecordList;
use chengxin_core::identity::{DocumentKind, Uscc};
use chengxin_core::record::State;
use chengxin_core::{Caller, Role};
use serde_json::json;

use crate::args::{Me, MeHorizon, MeLog, MePreview, ProofFile, Subject};
use crate::check::print_answer;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::file::{read, trusted, writable};
use crate::out::{Look, Out};
use crate::proceeding::print_follow_up;
use crate::width::{pad, width, wrap};
use crate::{notice, own_file};

pub(crate) fn me(context: &Context, args: &Me) -> Result<Exit, Failure> {
    match args {
        Me::Log(args) => log(context, args),
        Me::Checks(args) => checks(context, args),
        Me::Horizon(args) => horizon(context, args),
        Me::Delete(args) => delete(context, args),
        Me::Preview(args) => preview(context, args),
        Me::Complaints(args) => crate::complaint::own(context, args),
        Me::Proceedings(args) => crate::proceeding::own(context, args),
        Me::Notices(args) => notice::list(context, args),
        Me::Notice(args) => notice::show(context, args),
        Me::Records(args) => records(context, args),
        Me::VerifyLog(args) => verify_log(context, args),
    }
}

fn horizon(context: &Context, args: &MeHorizon) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "record_horizon")?;
    let horizon = installation.record_horizon(&caller, (kind, &number), &args.record)?;
    let out = &context.out;
    out.value(&horizon);
    out.line(&out.look(Look::Title, out.tr(&horizon.item)));
    for (step, way) in horizon.way.iter().enumerate() {
        out.item(2, &format!("{}. {}", step + 1, out.tr(way)));
    }
    for condition in horizon.conditions.iter().chain(&horizon.documents) {
        out.item(4, out.tr(condition));
    }
    if let Some(day) = horizon.destroyed_on {
        out.say(
            format!("内容保存至 {day} 前，届时销毁"),
            format!("its content is kept until before {day}, and then destroyed"),
        );
    }
    if let Some(why) = &horizon.put_off {
        out.item(2, out.tr(why));
    }
    if horizon.own_wish {
        out.say("您可以随时要求删除：chengxin me delete", "you have it deleted whenever you want: chengxin me delete");
    }
    let (matters, looks) = (horizon.affects.len(), horizon.seen_by.len());
    out.say(format!("现在涉及的办理事项：{matters} 项"), format!("matters in which it counts today: {matters}"));
    for of in &horizon.affects {
        out.item(2, &format!("{} · {}", out.tr(&of.name), out.tr(&of.means)));
    }
    if !horizon.measures.is_empty() {
        out.say("法律规定可能采取的措施：", "measures that the law allows:");
    }
    for of in &horizon.measures {
        out.item(2, &format!("{} · {} · {}", out.tr(&of.name), out.tr(&of.agency), out.tr(&of.clause.label)));
    }
    out.say(format!("看过它的：{looks} 次"), format!("shown to others: {looks} times"));
    for seen in &horizon.seen_by {
        out.item(2, &format!("{}  {} · {}", seen.at, out.tr(&seen.who), out.tr(&seen.what)));
    }
    horizon.reached.iter().for_each(|line| print_follow_up(out, line));
    Ok(Exit::Done)
}

fn delete(context: &Context, args: &MeHorizon) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "record_delete")?;
    installation.record_delete(&caller, (kind, &number), &args.record)?;
    let record = args.record.hex();
    context.out.value(&serde_json::json!({ "record": record, "done": "deleted" }));
    context.out.say(
        format!("记录 {record} 的内容已销毁，不可恢复；以后的报送不能使它恢复"),
        format!("record {record} is deleted: its content can never be read again, and no file brings it back"),
    );
    Ok(Exit::Done)
}

fn log(context: &Context, args: &MeLog) -> Result<Exit, Failure> {
    if let Some(path) = &args.json_proofs {
        writable(path)?;
    }
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "log_lines")?;
    let lines = installation.log_lines(&caller, kind, &number)?;
    context.out.value(&lines);
    print(&context.out, &lines);
    if let Some(path) = &args.json_proofs {
        let export = installation.log_export(&lines)?.to_json()?;
        own_file::write(path, export + "\n")?;
        let shown = path.display();
        context.out.say(
            format!("已写出 {shown}；核对：chengxin me verify-log {shown} --trust trust.json"),
            format!("wrote {shown}; to check it: chengxin me verify-log {shown} --trust trust.json"),
        );
    }
    Ok(if lines.broken.is_some() { Exit::NotGenuine } else { Exit::Done })
}

/// An installation, who asks and about whom, for a person or the representative of an organisation; with `--mandate`, about the one for whom the
/// person acts.
pub(crate) fn asked(
    context: &Context,
    args: &Subject,
    operation: &'static str,
) -> Result<(Installation, Caller, DocumentKind, String), Failure> {
    let (kind, number) = args.read()?;
    let mut installation = context.open()?;
    let mut caller = context.own_caller(&installation, operation, None)?;
    if context.globals.act_as.is_none() {
        // Where data are made up and nobody said who asks, whoever may does: for an organisation its representative.
        let sole_trader = Uscc::parse(&number).is_ok_and(|(code, _)| code.is_self_employed());
        let represented = kind == DocumentKind::Uscc && !sole_trader;
        caller.role = if represented { Role::Representative } else { Role::Resident };
    }
    if let Some(mandate) = &context.globals.mandate {
        let (caller, kind, number) = installation.console_deputy(&caller, operation, (kind, &number), mandate)?;
        return Ok((installation, caller, kind, number));
    }
    Ok((installation, caller, kind, number))
}

/// The list for a terminal: newest first, each line with its facts below it.
fn print(out: &Out, lines: &Lines) {
    let count = lines.lines.len();
    let title = out.pick("与您有关的留痕", "What the log says about you").to_owned();
    let at = lines.at.get(..19).unwrap_or(&lines.at).replacen('T', " ", 1);
    out.line(&out.look(
        Look::Title,
        &match out.lang {
            chengxin_core::Lang::Zh => format!("{title}（截至 {at}，共 {count} 条，最新的在前）"),
            chengxin_core::Lang::En => format!("{title} ({at}, {count} lines, newest first)"),
        },
    ));
    match &lines.broken {
        None => out.line(&out.look(
            Look::Good,
            out.pick(
                "✓ 编号连续，各条前后衔接，未见改动",
                "✓ numbered without a gap, each line following on the one before, none altered",
            ),
        )),
        Some(broken) => out.line(&out.look(Look::Bad, &format!("✕ {}", out.tr(broken)))),
    }
    for line in &lines.lines {
        out.line("");
        entry(out, line);
    }
    out.line("");
    out.paragraph(0, out.tr(&lines.sealed));
    if let Some(part) = &lines.part {
        out.paragraph(0, out.tr(part));
        return;
    }
    out.paragraph(
        0,
        out.pick(
            "没有编号的各条（“—”）来自涉及多人的一条平台留痕，括号内是那一条的编号；R 开头的编号是平台上尚无您的记录时的留痕。",
            "A line without a number (—) follows from an entry of the platform that concerns many people; its number stands in brackets. Numbers with R are from when nothing was held about you.",
        ),
    );
}

fn entry(out: &Out, line: &Line) {
    let number = match (line.chain, line.number, line.anchor) {
        (LineChain::Records, Some(number), _) => number.to_string(),
        (LineChain::Reports, Some(number), _) => format!("R{number}"),
        (_, None, Some(anchor)) => format!("— ({anchor})"),
        (_, None, None) => "—".to_owned(),
    };
    let at = line.at.get(..19).unwrap_or(&line.at).replacen('T', " ", 1);
    out.line(&format!("{}  {at}  {}", pad(&number, 6), out.look(Look::Title, out.tr(&line.who.say))));
    out.paragraph(8, out.tr(&line.act));
    let records = touched(out, line);
    let silence = line.revealed.as_ref().map(|revealed| {
        let (at, clause) = (revealed.at.get(..10).unwrap_or(&revealed.at), out.tr(&revealed.clause));
        format!("{} {at}{}{clause}", out.pick("至", "until"), out.pick("，依据", ", by "))
    });
    let sealed = line.sealed_until.as_ref().map(|until| format!("{until}{}", out.pick(" 起告知", "")));
    let facts = [
        (out.pick("涉及", "records"), records),
        (out.pick("用途", "purpose"), line.purpose.clone()),
        (out.pick("依据", "on"), line.basis.as_ref().map(|say| out.tr(say).to_owned())),
        (out.pick("案号", "case"), line.case_no.clone()),
        (out.pick("报告", "report"), line.report.clone()),
        (out.pick("授权", "receipt"), line.receipt.clone()),
        (out.pick("委托", "mandate"), line.mandate.clone()),
        (out.pick("接收方", "for"), line.recipient.clone()),
        (out.pick("曾保密", "sealed"), silence),
        (out.pick("保密至", "told from"), sealed),
        (out.pick("投诉", "complain"), Some(out.tr(&line.complain).to_owned())),
    ];
    let columns = facts.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    for (label, fact) in facts {
        let Some(fact) = fact else { continue };
        let indent = 8 + columns + 2;
        for (at, text) in wrap(&fact, out.columns().saturating_sub(indent)).iter().enumerate() {
            let head = if at == 0 { pad(label, columns) } else { " ".repeat(columns) };
            out.line(&format!("        {}  {text}", out.look(Look::Faint, &head)));
        }
    }
}

/// Items of the records that a line touched, with their class, and how many of each.
fn touched(out: &Out, line: &Line) -> Option<String> {
    let mut items: Vec<(String, usize)> = vec![];
    for record in &line.records {
        let (item, class) = (out.tr(&record.item_name), out.tr(&record.class));
        let name = format!("{item}{}{class}{}", out.pick("（", " ("), out.pick("）", ")"));
        match items.iter_mut().find(|(of, _)| *of == name) {
            Some((_, count)) => *count += 1,
            None => items.push((name, 1)),
        }
    }
    let names: Vec<_> = items.iter().map(|(name, count)| format!("{name} × {count}")).collect();
    (!names.is_empty()).then(|| names.join(out.pick("、", ", ")))
}

fn records(context: &Context, args: &Subject) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, args, "record_list")?;
    let list = installation.record_list(&caller, kind, &number)?;
    context.out.value(&list);
    print_records(&context.out, &list);
    Ok(Exit::Done)
}

fn checks(context: &Context, args: &Subject) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, args, "check_slip")?;
    let lines = installation.check_slip(&caller, kind, &number)?;
    let out = &context.out;
    out.value(&lines);
    out.say(format!("关于您的核查：{} 次", lines.len()), format!("checks about you: {}", lines.len()));
    for line in &lines {
        out.line("");
        let at = line.at.get(..16).unwrap_or(&line.at).replacen('T', " ", 1);
        out.line(&out.look(Look::Title, &format!("{at}  {} · {}", out.tr(&line.authority), out.tr(&line.matter_name))));
        out.item(2, &format!("{}{}  {}", out.pick("核查编号：", "check: "), line.number, line.case_number));
        match &line.answer {
            Some(answer) => print_answer(out, 2, answer),
            None => out.item(2, out.pick("所依据的内容此后已删除", "what it rested on was erased since")),
        }
        for outcome in &line.outcomes {
            let reason = outcome.reason.as_deref().unwrap_or_default();
            out.item(2, &format!("{}{}：{reason}", out.pick("结果：", "outcome: "), out.tr(&outcome.outcome_name)));
        }
    }
    Ok(Exit::Done)
}

fn preview(context: &Context, args: &MePreview) -> Result<Exit, Failure> {
    let (mut installation, caller, kind, number) = asked(context, &args.subject, "check_preview")?;
    let answer = installation.check_preview(&caller, &args.matter, kind, &number)?;
    context.out.value(&answer);
    print_answer(&context.out, 0, &answer);
    Ok(Exit::Done)
}

fn print_records(out: &Out, list: &RecordList) {
    let count = list.records.len();
    out.say(format!("平台上关于您的记录：{count} 条"), format!("records held about you: {count}"));
    for record in &list.records {
        out.line("");
        let decided = record.decided_on.map(|day| format!("{day}  ")).unwrap_or_default();
        let title = format!("{decided}{} · {}", out.tr(&record.item_name), out.tr(&record.authority));
        out.line(&out.look(Look::Title, &title));
        let state = match record.state {
            State::Active => None,
            State::Withdrawn => Some(out.pick("已撤销", "withdrawn").to_owned()),
            State::Repaired => {
                Some(out.pick("已修复，不再公示和使用", "repaired: shown and used nowhere any more").to_owned())
            }
            State::Erased => {
                Some(out.pick("已删除，内容不可恢复", "erased, its content can never be read again").to_owned())
            }
        };
        let shown = record.display_from.map(|from| match record.display_until {
            Some(until) => format!("{from} – {until}{}", out.pick("（不含）", " (exclusive)")),
            None => format!("{from} –"),
        });
        let mut facts = vec![
            (out.pick("状态", "state").to_owned(), state),
            (out.pick("严重程度", "severity").to_owned(), record.severity.as_ref().map(|say| out.tr(say).to_owned())),
            (out.pick("公示期间", "shown").to_owned(), shown),
            (out.pick("记录编号", "record").to_owned(), Some(format!("{} ({})", record.record, record.version))),
        ];
        let fields =
            record.fields.iter().map(|(label, value)| (out.tr(label).to_owned(), Some(out.tr(value).to_owned())));
        facts.extend(fields);
        for (label, fact) in facts {
            if let Some(fact) = fact {
                out.item(2, &format!("{label}{}{fact}", out.pick("：", ": ")));
            }
        }
    }
}

fn verify_log(context: &Context, args: &ProofFile) -> Result<Exit, Failure> {
    let file = read(&args.file)?;
    let checked = check_lines(&file, &trusted(context, args)?);
    let out = &context.out;
    match checked {
        Ok(checked) => {
            out.value(&json!({ "file": args.file, "holds": true, "checked": checked }));
            told(out, &checked);
            Ok(Exit::Done)
        }
        Err(LinesFault::NotAnExport(say)) => Err(Failure::invalid(say.zh, say.en).about(&args.file)),
        Err(fault) => {
            let line = match &fault {
                LinesFault::Line { chain, number, .. } => Some(json!({ "chain": chain, "number": number })),
                _ => None,
            };
            out.value(&json!({ "file": args.file, "holds": false, "line": line, "say": fault.say() }));
            out.line(&out.look(Look::Bad, &format!("✕ {}", out.tr(fault.say()))));
            Ok(Exit::NotGenuine)
        }
    }
}

fn told(out: &Out, checked: &CheckedLines) {
    let CheckedLines { origin, size, lines, anchors } = checked;
    let count = lines.len();
    out.line(&out.look(
        Look::Good,
        out.pick(
            &format!("✓ {count} 条都在日志 {origin} 的前 {size} 条之内，编号连续，未被改动"),
            &format!("✓ all {count} lines are among the first {size} entries of the log {origin}, without a gap, none altered"),
        ),
    ));
    if *anchors > 0 {
        out.paragraph(
            0,
            out.pick(
                &format!("另有平台的 {anchors} 条留痕在日志之内；它们涉及多人，其内容由本文件说明，不由本文件证明。"),
                &format!("{anchors} entries of the platform are in the log too; they concern many people: what they are this file states, and does not prove."),
            ),
        );
    }
    for line in lines.iter().rev() {
        let mark = if line.chain == LineChain::Reports { "R" } else { "" };
        let at = line.at.get(..19).unwrap_or(&line.at).replacen('T', " ", 1);
        let who = match &line.authority {
            Some(code) => format!("{code} · {}", out.tr(&line.role)),
            None => out.tr(&line.role).to_owned(),
        };
        out.item(2, &format!("{}  {at}  {who}  {}", pad(&format!("{mark}{}", line.number), 4), out.tr(&line.act)));
    }
}
