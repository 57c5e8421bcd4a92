//! `chengxin record`: what a decision does to one record.

use chengxin_app::Installation;
use chengxin_app::record::{Afterwards, Decision, DueList, LockKind, RecordRef};
use chengxin_core::Caller;
use chengxin_core::record::RecordId;
use serde_json::json;

use crate::args::{Record, RecordDecision};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::Out;

pub(crate) fn record(context: &Context, args: &Record) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    match args {
        Record::Lock { decision, kind } => {
            let (caller, at, decided) = read(context, &installation, "record_lock", decision)?;
            let kind =
                LockKind::from_code(kind).ok_or_else(|| Failure::new(Exit::Usage, "没有这种决定", "no such kind"))?;
            installation.record_lock(&caller, &at, kind, &decided)?;
            told(context, &at, "locked", "已锁定：与之不同的报送将被退回", "is locked: rows that differ are refused");
        }
        Record::Unlock { decision, document } => {
            let (caller, at, decided) = read(context, &installation, "record_unlock", decision)?;
            installation.record_unlock(&caller, &at, &decided, document)?;
            told(context, &at, "unlocked", "已解锁", "is unlocked");
        }
        Record::Erase { decision, forget_subject, clause } => {
            let (caller, at, decided) = read(context, &installation, "record_erase", decision)?;
            let afterwards = if *forget_subject { Afterwards::ForgetSubject } else { Afterwards::KeepLock };
            let erased = installation.record_erase_on(&caller, &at, &decided, clause.as_deref(), afterwards)?;
            told(context, &at, "erased", "的内容已销毁，不可恢复", "is erased: its content can never be read again");
            if erased.subject_forgotten {
                context.out.say("该主体的号码和姓名也已销毁", "the subject's number and name are gone too");
            }
        }
        Record::Retention { until } => {
            let caller = context.caller(&installation, "record_retention", None)?;
            let list = installation.record_retention(&caller, until.unwrap_or_else(|| installation.today()))?;
            retention(&context.out, &list);
        }
    }
    Ok(Exit::Done)
}

/// Counts, and nobody's name.
fn retention(out: &Out, list: &DueList) {
    out.value(list);
    let until = list.until;
    if list.lines.is_empty() {
        out.say(format!("到 {until} 为止没有要销毁的记录"), format!("nothing is to be destroyed until {until}"));
    }
    let few = || out.pick("少于 5", "fewer than 5").to_owned();
    let count = |count: Option<u64>| count.map_or_else(few, |count| count.to_string());
    for line in &list.lines {
        let (name, due) = (out.tr(&line.name), count(line.due));
        out.say(format!("{name}：将销毁 {due} 条"), format!("{name}: {due} to be destroyed"));
        for (why, held) in &line.put_off {
            let (why, held) = (why.say(), count(*held));
            out.item(2, &format!("{} · {held}", out.tr(&why)));
        }
    }
    for clause in &list.unread {
        out.say(
            format!("{clause} 未核对原文，依据它不销毁；核对后运行 chengxin catalogue confirm"),
            format!("{clause} was not read at its source and nothing is destroyed on it: read it, then run chengxin catalogue confirm"),
        );
    }
}

fn read(
    context: &Context,
    installation: &Installation,
    operation: &str,
    args: &RecordDecision,
) -> Result<(Caller, RecordRef, Decision), Failure> {
    let record = record_id(&args.record)?;
    let (kind, number) = args.subject.read()?;
    let caller = context.caller(installation, operation, args.authority.as_deref())?;
    let decision = Decision { case_no: args.case.clone(), decided_on: args.decided_on };
    Ok((caller, RecordRef { kind, number, record }, decision))
}

/// Id of a record as it was typed.
pub(crate) fn record_id(text: &str) -> Result<RecordId, Failure> {
    RecordId::from_hex(&text.to_ascii_lowercase()).ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            "记录编号是 32 位十六进制数，见报告的 JSON",
            "a record's id has 32 hexadecimal digits: a report's JSON has it",
        )
    })
}

fn told(context: &Context, at: &RecordRef, what: &str, zh: &str, en: &str) {
    let record = at.record.hex();
    context.out.value(&json!({ "record": record, "done": what }));
    context.out.say(format!("记录 {record} {zh}"), format!("record {record} {en}"));
}
