//! `chengxin report` and `chengxin report-withdraw`.

use std::path::{Path, PathBuf};

use chengxin_app::Installation;
use chengxin_app::report::{IssuedReport, ReportRequest};
use chengxin_core::identity::{DocumentKind, Uscc};
use chengxin_core::{Caller, Ground, Role};
use serde_json::json;

use crate::args::{Report, ReportWithdraw};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::file::writable;
use crate::out::Out;
use crate::own_file;

pub(crate) fn issue(context: &Context, args: &Report) -> Result<Exit, Failure> {
    let form = form(&args.out)?;
    let (kind, number) = args.subject.read()?;
    let mut installation = context.open()?;
    let caller = asker(context, &installation, args, kind, &number)?;
    let (caller, kind, number) = match (&context.globals.mandate, &args.consent) {
        (Some(mandate), None) => installation.console_deputy(&caller, "report_issue", (kind, &number), mandate)?,
        (Some(_), Some(_)) => {
            return Err(Failure::new(
                Exit::Usage,
                "--mandate 与 --consent 不能同用",
                "--mandate and --consent do not go together",
            ));
        }
        (None, _) => (caller, kind, number),
    };
    let request = ReportRequest {
        document_kind: kind,
        number,
        name: args.name.clone(),
        recipient: args.recipient.clone().unwrap_or_else(|| context.out.pick("本人", "the subject").to_owned()),
        domains: args.domain.clone(),
        from: args.from,
        to: args.to,
        lang: context.out.lang,
    };
    let report = installation.report_issue(&caller, &request)?;
    let written = write(&report, &args.out, form)?;
    told(&context.out, &report, &written);
    Ok(Exit::Done)
}

pub(crate) fn withdraw(context: &Context, args: &ReportWithdraw) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "report_withdraw", None)?;
    installation.report_withdraw(&caller, &args.number)?;
    let number = &args.number;
    context.out.value(&json!({ "report": number, "withdrawn": true }));
    context.out.say(
        format!("报告 {number} 已声明作废；核验页面从此显示“已撤回”"),
        format!("report {number} is withdrawn; whoever verifies it is told so"),
    );
    Ok(Exit::Done)
}

/// The two forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Pdf,
    Json,
}

/// The form that a file's name asks for, once it is known that the file can be written.
fn form(path: &Path) -> Result<Form, Failure> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let form = match extension.as_str() {
        "pdf" => Form::Pdf,
        "json" => Form::Json,
        _ => {
            let shown = path.display();
            return Err(Failure::new(
                Exit::Usage,
                format!("-o {shown}：文件名应以 .pdf 或 .json 结尾"),
                format!("-o {shown}: the name must end in .pdf or .json"),
            ));
        }
    };
    writable(path)?;
    Ok(form)
}

fn asker(
    context: &Context,
    installation: &Installation,
    args: &Report,
    kind: DocumentKind,
    number: &str,
) -> Result<Caller, Failure> {
    let mut caller = context.own_caller(installation, "report_issue", args.authority.as_deref())?;
    if context.globals.act_as.is_none() {
        // Where data are made up and nobody said who asks, the subject does.
        let sole_trader = Uscc::parse(number).is_ok_and(|(code, _)| code.is_self_employed());
        let represented = kind == DocumentKind::Uscc && !sole_trader;
        caller.role = if represented { Role::Representative } else { Role::Resident };
    }
    if let Some(receipt) = &args.consent {
        caller.ground = Ground::Consent(receipt.clone());
    }
    Ok(caller)
}

/// Writes the report and, for a PDF, its signature beside it.
pub(crate) fn write(report: &IssuedReport, path: &Path, form: Form) -> Result<Vec<PathBuf>, Failure> {
    if form == Form::Json {
        own_file::write(path, &report.json)?;
        return Ok(vec![path.to_owned()]);
    }
    let signature = signature_path(path);
    own_file::write(path, &report.pdf)?;
    own_file::write(&signature, &report.pdf_signature)?;
    Ok(vec![path.to_owned(), signature])
}

/// Where a file's detached signature lies: beside it.
pub(crate) fn signature_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

fn told(out: &Out, report: &IssuedReport, written: &[PathBuf]) {
    out.value(&json!({
        "report": report.number, "written": written, "entries": report.content.entry_count(), "pages": report.pages,
        "verification_code": report.verification_code, "extract_code": report.extract_code, "verify_url": report.verify_url,
        "content_sha256": report.content_hash, "pdf_sha256": report.pdf_hash, "missing_characters": report.missing,
    }));
    let entries = report.content.entry_count();
    if entries == 0 {
        out.say(
            format!("报告 {}：未查询到可报告信息", report.number),
            format!("report {}: nothing reportable in this scope", report.number),
        );
    } else {
        out.say(
            format!("报告 {}：{entries} 条", report.number),
            format!("report {}: {entries} entries", report.number),
        );
    }
    for path in written {
        out.say(format!("  已写出 {}", path.display()), format!("  wrote {}", path.display()));
    }
    out.say(format!("  核验网址 {}", report.verify_url), format!("  verify at {}", report.verify_url));
    out.say(
        format!("  提取码 {}（凭它可在核验页面看到报告内容；平台不再保存）", report.extract_code),
        format!("  extract code {} (shows the content on that page; it is kept nowhere else)", report.extract_code),
    );
    if !report.missing.is_empty() {
        let points: Vec<_> = report.missing.iter().map(|c| format!("U+{:04X}", u32::from(*c))).collect();
        out.notice(
            format!("字库中没有的字以编码印出：{}", points.join("、")),
            format!("characters that no font has are printed as code points: {}", points.join(", ")),
        );
    }
}
