//! `chengxin verify`: who signed a file, when, over what, and whether it still stands.

use chengxin_app::report::{self, ReportStatus, Verdict, VerdictStatus};
use chengxin_core::dates::shanghai_date;
use serde_json::json;

use crate::args::Verify;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::file::read;
use crate::out::{Look, Out};
use crate::report::signature_path;
use crate::width::{pad, width};

pub(crate) fn verify(context: &Context, args: &Verify) -> Result<Exit, Failure> {
    let file = read(&args.file)?;
    let beside = signature_path(&args.file);
    let signature = match &args.sig {
        Some(path) => Some(read(path)?),
        None if beside.is_file() => Some(read(&beside)?),
        None => None,
    };
    let verdict = match &args.trust {
        Some(path) => {
            let trust = report::read_trust_list(&read(path)?)?;
            report::verify(&file, signature.as_deref(), &trust, shanghai_date(context.clock().now_us()))
        }
        None => {
            let installation = context.open()?;
            let caller = context.caller(&installation, "report_verify", None)?;
            installation.report_verify(&caller, &file, signature.as_deref())?
        }
    };
    let exit = ended(&verdict);
    context.out.value(
        &json!({ "file": args.file, "exit": exit.code(), "reliable": verdict.can_be_relied_on(), "verdict": verdict }),
    );
    print(&context.out, &verdict);
    Ok(exit)
}

/// How verifying ends.
pub(crate) fn ended(verdict: &Verdict) -> Exit {
    match verdict.status {
        VerdictStatus::NotAReport | VerdictStatus::NoSignature => Exit::Invalid,
        _ if verdict.can_be_relied_on() => Exit::Done,
        _ => Exit::NotGenuine,
    }
}

/// Prints a verdict.
pub(crate) fn print(out: &Out, verdict: &Verdict) {
    let (mark, look) = match ended(verdict) {
        Exit::Done => ("✓", Look::Good),
        Exit::Invalid => ("?", Look::Warn),
        _ => ("✕", Look::Bad),
    };
    out.line(&out.look(look, &format!("{mark} {}", out.tr(&verdict.say))));
    let now = verdict.now.filter(|now| *now != ReportStatus::Valid).map(|now| {
        let say = now.say();
        out.tr(&say).to_owned()
    });
    let lines = [
        (out.pick("现况", "now"), now),
        (out.pick("报告编号", "report"), verdict.report.clone()),
        (out.pick("签发", "signed by"), verdict.signer.clone()),
        (out.pick("密钥", "key"), verdict.key_id.clone()),
        (out.pick("签发时间", "at"), verdict.signed_at.clone()),
        (out.pick("签名覆盖", "over"), verdict.over.as_ref().map(|say| out.tr(say).to_owned())),
        (out.pick("可信至", "rely on until"), verdict.valid_through.map(|day| day.to_string())),
        (out.pick("PDF 的 SHA-256", "SHA-256 of the PDF"), verdict.pdf_sha256.clone()),
        (out.pick("内容的 SHA-256", "SHA-256 of the content"), verdict.content_sha256.clone()),
    ];
    let columns = lines.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    for (label, value) in lines {
        if let Some(value) = value {
            out.line(&format!("  {}  {value}", out.look(Look::Faint, &pad(label, columns))));
        }
    }
}
