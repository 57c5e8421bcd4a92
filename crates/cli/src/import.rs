//! `chengxin import`: files of an authority in, a quality report out.

use std::path::{Path, PathBuf};

use chengxin_app::Installation;
use chengxin_app::intake::{ImportOutcome, ImportRequest, QualityReport};
use chengxin_core::{Caller, Lang};
use serde_json::{Value, json};

use crate::args::{Import, Mapping};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::{Look, Out};
use crate::progress::Bar;
use crate::quality::{self, Detail, thousands};

pub(crate) fn import(context: &Context, args: &Import) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let operation = if args.abandon { "submission_abandon" } else { "submission_import" };
    let caller = context.caller(&installation, operation, Some(&args.authority))?;
    let mut exit = Exit::Done;
    for (at, file) in args.files.iter().enumerate() {
        if at > 0 {
            context.out.line("");
        }
        let one = if args.abandon {
            abandon(context, &mut installation, &caller, args, file)
        } else {
            one_file(context, &mut installation, &caller, args, file)
        };
        let ended = one.map_err(|failure| failure.about(file)).unwrap_or_else(|failure| {
            context.out.failure(&failure);
            failure.exit
        });
        exit = exit.worse(ended);
        // What stands in the way of this file stands in the way of the next one too.
        if matches!(ended, Exit::Internal | Exit::Unavailable | Exit::Forbidden) {
            break;
        }
    }
    Ok(exit)
}

fn abandon(
    context: &Context,
    installation: &mut Installation,
    caller: &Caller,
    args: &Import,
    file: &Path,
) -> Result<Exit, Failure> {
    installation.submission_abandon(caller, &args.authority, args.item.as_deref(), file)?;
    let shown = file.display();
    context.out.value(&json!({ "file": file, "abandoned": true }));
    context.out.say(
        format!("{shown}：未完成的导入已放弃，其内容已删除"),
        format!("{shown}: the unfinished import was given up and removed"),
    );
    Ok(Exit::Done)
}

fn one_file(
    context: &Context,
    installation: &mut Installation,
    caller: &Caller,
    args: &Import,
    file: &Path,
) -> Result<Exit, Failure> {
    let out = &context.out;
    let request = request(args, file);
    let outcome = {
        let mut bar = Bar::bytes(out);
        installation.submission_import(caller, &request, &mut bar)?
    };
    let detail = if out.quiet { Detail::Short } else { Detail::Full };
    quality::print(out, &outcome.quality, detail);
    let written = match &args.out {
        Some(dir) => write(installation, caller, &request, &outcome, &folder(dir, args, file), out)?,
        None => vec![],
    };
    next_steps(out, &outcome.quality, &written);
    let exit = ended(&outcome.quality);
    out.value(&json!({
        "file": file, "exit": exit.code(), "quality": outcome.quality, "receipt": receipt(&outcome), "written": written,
    }));
    Ok(exit)
}

pub(crate) fn ended(report: &QualityReport) -> Exit {
    if report.counts.refused + report.counts.held > 0 { Exit::Partly } else { Exit::Done }
}

fn request(args: &Import, file: &Path) -> ImportRequest {
    ImportRequest {
        authority: args.authority.clone(),
        item: args.item.clone(),
        file: file.to_owned(),
        sheet: args.sheet.clone(),
        dry_run: args.dry_run,
        reason: args.reason.clone(),
        mapping: args.mapping.iter().map(|Mapping(heading, field)| (heading.clone(), field.clone())).collect(),
        adults_attested: args.attest_adults,
        ..ImportRequest::default()
    }
}

/// Where the files of one import go: the folder itself, or one below it for each of several files.
fn folder(dir: &Path, args: &Import, file: &Path) -> PathBuf {
    if args.files.len() == 1 { dir.to_owned() } else { dir.join(file.file_name().unwrap_or_default()) }
}

fn receipt(outcome: &ImportOutcome) -> Value {
    outcome.receipt.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null)
}

/// Writes quality.json, quality.html, receipt.json and, where rows were refused, refused.xlsx; answers with their paths.
pub(crate) fn write(
    installation: &Installation,
    caller: &Caller,
    request: &ImportRequest,
    outcome: &ImportOutcome,
    dir: &Path,
    out: &Out,
) -> Result<Vec<PathBuf>, Failure> {
    std::fs::create_dir_all(dir).map_err(|error| Failure::io(dir, &error))?;
    let mut written = vec![];
    let mut put = |name: &str, text: &str| {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(|error| Failure::io(&path, &error))?;
        written.push(path);
        Ok::<_, Failure>(())
    };
    let broken = |error: &dyn std::fmt::Display| {
        Failure::new(Exit::Internal, "质量报告无法生成", "the quality report cannot be made").because(error)
    };
    put("quality.json", &serde_json::to_string_pretty(&outcome.quality).map_err(|e| broken(&e))?)?;
    put("quality.html", &chengxin_web::quality::quality_page(&outcome.quality, out.lang).map_err(|e| broken(&e))?)?;
    if let Some(receipt) = &outcome.receipt {
        put("receipt.json", receipt)?;
    }
    if outcome.quality.counts.refused > 0 {
        let path = spared(&dir.join("refused.xlsx"), &request.file);
        installation.refused_xlsx(caller, request, outcome, &path)?;
        written.push(path);
    }
    Ok(written)
}

/// The path, or a neighbour of it where it is the very file that was sent: somebody's mended rows are not overwritten.
fn spared(path: &Path, sent: &Path) -> PathBuf {
    let same = |path: &Path| matches!((path.canonicalize(), sent.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if same(path) { path.with_file_name("refused-again.xlsx") } else { path.to_owned() }
}

fn next_steps(out: &Out, report: &QualityReport, written: &[PathBuf]) {
    let mut steps = vec![];
    let counts = &report.counts;
    if let (true, Some(id)) = (report.needs_release, report.submission) {
        let (n, authority) = (thousands(counts.awaiting_release), &report.authority);
        steps.push(match out.lang {
            Lang::Zh => format!(
                "本批涉及个人的不利信息（{n} 条）须由第二名审核人放行后才生效；待核实的行也在放行后处理：\n  chengxin submission release {id} --as decider:姓名@{authority} --purpose 审核"
            ),
            Lang::En => format!(
                "adverse rows about persons ({n}) take effect once a second officer releases them; held rows are resolved after that:\n  chengxin submission release {id} --as decider:NAME@{authority} --purpose review"
            ),
        });
    }
    if counts.refused > 0 && written.is_empty() {
        steps.push(
            out.pick(
                "把退回的行写成表格以便修改后重报：加 --out 文件夹，再运行一次（同一文件不会重复计入）",
                "to get the refused rows as a workbook to mend and send again: run it again with --out DIR (nothing is doubled)",
            )
            .to_owned(),
        );
    }
    if !steps.is_empty() {
        out.line("");
        out.line(&format!("  {}", out.look(Look::Title, out.pick("接下来", "Next"))));
        for step in steps {
            for line in step.lines() {
                out.line(&format!("    {line}"));
            }
        }
    }
    if !written.is_empty() {
        out.line("");
        let paths: Vec<_> = written.iter().map(|path| path.display().to_string()).collect();
        out.line(&format!("  {}", out.look(Look::Title, out.pick("已写出", "Written"))));
        for path in paths {
            out.line(&format!("    {path}"));
        }
    }
}
