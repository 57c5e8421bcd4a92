//! `chengxin record`: what a decision does to one record.

use chengxin_app::Installation;
use chengxin_app::record::{Afterwards, Decision, LockKind, RecordRef};
use chengxin_core::Caller;
use chengxin_core::record::RecordId;
use serde_json::json;

use crate::args::{Record, RecordDecision};
use crate::context::Context;
use crate::exit::{Exit, Failure};

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
        Record::Erase { decision, forget_subject } => {
            let (caller, at, decided) = read(context, &installation, "record_erase", decision)?;
            let afterwards = if *forget_subject { Afterwards::ForgetSubject } else { Afterwards::KeepLock };
            let erased = installation.record_erase(&caller, &at, &decided, afterwards)?;
            told(context, &at, "erased", "的内容已销毁，不可恢复", "is erased: its content can never be read again");
            if erased.subject_forgotten {
                context.out.say("该主体的号码和姓名也已销毁", "the subject's number and name are gone too");
            }
        }
    }
    Ok(Exit::Done)
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
