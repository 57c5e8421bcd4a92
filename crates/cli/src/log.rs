//! `chengxin log`: the log checked, proven and compared.

use std::path::Path;

use chengxin_app::Kind;
use chengxin_app::installation::files;
use chengxin_app::log::{Checked, Consistency, LONGEST_PROOF, LogPoint, LogProof, Relation, Verified, check_proof};
use chengxin_app::record::RecordRef;
use chengxin_core::dates::shanghai_text;
use serde_json::json;

use crate::args::{Log, LogCheckpoint, LogConsistency, LogProve, LogVerify, ProofFile};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::file::{read, trusted, writable};
use crate::out::{Look, Out};
use crate::record::record_id;
use crate::witness;

pub(crate) fn log(context: &Context, args: &Log) -> Result<Exit, Failure> {
    match args {
        Log::Verify(args) => verify(context, args),
        Log::Prove(args) => prove(context, args),
        Log::VerifyProof(args) => verify_proof(context, args),
        Log::Consistency(args) => consistency(context, args),
        Log::Checkpoint(args) => checkpoint(context, args),
        Log::Sequence => sequence(context),
        Log::Reveal => reveal(context),
        Log::Publish(args) => witness::publish(context, args),
        Log::WitnessAdd(args) => witness::add(context, args),
        Log::Cosign => witness::cosign(context),
        Log::Witness(args) => witness::witness(context, args),
    }
}

fn reveal(context: &Context) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "log_reveal", None)?;
    let lines = installation.log_reveal_due(&caller)?;
    context.out.value(&json!({ "revealed": lines }));
    context.out.say(format!("已揭示 {lines} 条"), format!("{lines} entries revealed"));
    Ok(Exit::Done)
}

fn verify(context: &Context, args: &LogVerify) -> Result<Exit, Failure> {
    let since = args.since.as_deref().map(text).transpose()?;
    let installation = context.open()?;
    let caller = context.caller(&installation, "log_verify", None)?;
    let verified = installation.log_verify(&caller, since.as_deref()).map_err(genuine)?;
    context.out.value(&verified);
    print(&context.out, &verified);
    Ok(if verified.is_whole() { Exit::Done } else { Exit::NotGenuine })
}

fn print(out: &Out, verified: &Verified) {
    let Verified { entries, leaves, versions, waiting, open, .. } = verified;
    let next = verified.findings.iter().skip(1).map(Some).chain([None]);
    for (finding, next) in verified.findings.iter().zip(next) {
        let (what, look) = (out.tr(&finding.what), out.tr(&finding.look));
        out.line(&out.look(Look::Bad, &format!("✕ {} {}", finding.table, finding.key)));
        out.paragraph(2, what);
        // Many findings of one kind: once, below the last of them.
        if next.is_none_or(|next| next.look != finding.look) {
            out.paragraph(2, &format!("{}{look}", out.pick("去哪里查：", "where to look: ")));
        }
    }
    if verified.further > 0 {
        let more = verified.further;
        out.line(&format!("{}{more}{}", out.pick("另有 ", "and "), out.pick(" 处未列出", " more")));
    }
    let (mark, look) = if verified.is_whole() { ("✓", Look::Good) } else { ("✕", Look::Bad) };
    let found = verified.findings.len() as u64 + verified.further;
    let ended = match (found, out.lang) {
        (0, chengxin_core::Lang::Zh) => "日志与数据库一致".to_owned(),
        (0, chengxin_core::Lang::En) => "log and database agree".to_owned(),
        (found, chengxin_core::Lang::Zh) => format!("有 {found} 处不符"),
        (found, chengxin_core::Lang::En) => format!("{found} things do not fit"),
    };
    out.line(&out.look(look, &format!("{mark} {ended}")));
    out.say(
        format!("  {} · 已签名 {leaves} 条，共 {entries} 条（{waiting} 条等待编入）· 记录版本 {versions} 个（{open} 个属于未完成的批次）", verified.origin),
        format!("  {} · {leaves} entries signed of {entries} ({waiting} wait) · {versions} versions of records ({open} of unfinished submissions)", verified.origin),
    );
    match verified.since {
        Some(size) => out.say(
            format!("  自所给检查点（{size} 条）延续而来"),
            format!("  goes on from the checkpoint given ({size} entries)"),
        ),
        None if found == 0 => out.tell(
            "  要发现被截断的尾部，请用 --since 对照存放在别处的检查点（chengxin log checkpoint）",
            "  to see a cut-off tail, hold it against a checkpoint kept elsewhere: --since (chengxin log checkpoint)",
        ),
        None => {}
    }
}

fn prove(context: &Context, args: &LogProve) -> Result<Exit, Failure> {
    if let Some(path) = &args.out {
        writable(path)?;
    }
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "log_prove", None)?;
    let proof = match (&args.record, &args.subject, args.leaf) {
        (Some(record), Some(subject), _) => {
            let record = record_id(record)?;
            let (kind, number) = args.document.read(subject)?;
            installation.log_prove_record(&caller, &RecordRef { kind, number, record }, args.record_version)?
        }
        (_, _, Some(leaf)) => installation.log_prove(&caller, leaf)?,
        _ => return Err(Failure::new(Exit::Usage, "须给出位置或 --record", "name a place or --record")),
    };
    hand_out(context, args, &proof)
}

fn hand_out(context: &Context, args: &LogProve, proof: &LogProof) -> Result<Exit, Failure> {
    let text = proof.to_json()?;
    let Some(path) = &args.out else {
        if context.globals.json {
            context.out.value(proof);
        } else {
            context.out.line(text.trim_end());
        }
        return Ok(Exit::Done);
    };
    std::fs::write(path, text).map_err(|error| Failure::io(path, &error))?;
    context.out.value(&json!({ "file": path, "leafIndex": proof.leaf_index, "record": proof.record.is_some() }));
    let shown = path.display();
    context.out.say(
        format!("已写出 {shown}；核对：chengxin log verify-proof {shown} --trust {}", files::TRUST),
        format!("wrote {shown}; to check it: chengxin log verify-proof {shown} --trust {}", files::TRUST),
    );
    Ok(Exit::Done)
}

fn verify_proof(context: &Context, args: &ProofFile) -> Result<Exit, Failure> {
    let file = read(&args.file)?;
    let trust = trusted(context, args)?;
    let checked = check_proof(&file, &trust).map_err(|error| genuine(error).about(&args.file))?;
    context.out.value(&checked);
    said(&context.out, &checked);
    Ok(Exit::Done)
}

fn said(out: &Out, checked: &Checked) {
    out.line(&out.look(Look::Good, &format!("✓ {}", out.tr(&checked.say))));
    let at = shanghai_text(checked.entry.at_us);
    out.say(format!("  时间 {at}"), format!("  at {at}"));
    if let Some(record) = &checked.record {
        let (item, authority) = (&record.item, &record.authority);
        out.say(format!("  事项 {item}，认定单位 {authority}"), format!("  item {item}, determined by {authority}"));
    }
}

fn consistency(context: &Context, args: &LogConsistency) -> Result<Exit, Failure> {
    let old = point(&args.old)?;
    let new = args.new.as_deref().map_or(Ok(LogPoint::Newest), point)?;
    let installation = context.open()?;
    let caller = context.caller(&installation, "log_consistency", None)?;
    let compared = installation.log_consistency(&caller, &old, &new).map_err(genuine)?;
    context.out.value(&compared);
    let Consistency { old, new, relation, .. } = &compared;
    let grew = *relation == Relation::Grew;
    let (mark, look) = if grew { ("✓", Look::Good) } else { ("✕", Look::Bad) };
    let say = relation.say();
    context.out.line(&context.out.look(look, &format!("{mark} {}", context.out.tr(&say))));
    context
        .out
        .say(format!("  {} 条 → {} 条", old.size, new.size), format!("  {} entries → {} entries", old.size, new.size));
    Ok(if grew { Exit::Done } else { Exit::NotGenuine })
}

/// A number of entries, or the file of a checkpoint.
fn point(given: &Path) -> Result<LogPoint, Failure> {
    match given.to_str().map(str::parse) {
        Some(Ok(size)) => Ok(LogPoint::Size(size)),
        _ => Ok(LogPoint::Note(text(given)?)),
    }
}

fn checkpoint(context: &Context, args: &LogCheckpoint) -> Result<Exit, Failure> {
    if let Some(path) = &args.out {
        writable(path)?;
    }
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "log_checkpoint", None)?;
    let note = installation.log_checkpoint(&caller)?;
    let Some(path) = &args.out else {
        if context.globals.json {
            context.out.value(&json!({ "checkpoint": note }));
        } else {
            context.out.line(note.trim_end());
        }
        return Ok(Exit::Done);
    };
    std::fs::write(path, &note).map_err(|error| Failure::io(path, &error))?;
    context.out.value(&json!({ "file": path, "checkpoint": note }));
    let shown = path.display();
    context.out.say(
        format!("已写出 {shown}；请存放在他人管理的地方，以后用 chengxin log verify --since {shown} 对照"),
        format!("wrote {shown}; keep it where somebody else rules, and hold the log against it with chengxin log verify --since {shown}"),
    );
    Ok(Exit::Done)
}

fn sequence(context: &Context) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "log_sequence", None)?;
    let done = installation.log_sequence_now(&caller)?;
    context.out.value(&json!({ "entries": done.entries, "size": done.size }));
    let (entries, size) = (done.entries, done.size);
    context.out.say(
        format!("编入 {entries} 条；日志现有 {size} 条"),
        format!("{entries} entries got their places; the log has {size}"),
    );
    Ok(Exit::Done)
}

/// A file of text: checkpoints are short.
fn text(path: &Path) -> Result<String, Failure> {
    let bytes = read(path)?;
    let text = (bytes.len() <= LONGEST_PROOF).then(|| String::from_utf8(bytes).ok()).flatten();
    text.ok_or_else(|| {
        let shown = path.display();
        Failure::invalid(format!("{shown} 不是检查点"), format!("{shown} is no checkpoint"))
    })
}

/// What does not hold is not genuine; everything else ends as it does elsewhere.
fn genuine(error: chengxin_app::AppError) -> Failure {
    let false_one = error.kind == Kind::Conflict;
    let mut failure = Failure::from(error);
    if false_one {
        failure.exit = Exit::NotGenuine;
    }
    failure
}
