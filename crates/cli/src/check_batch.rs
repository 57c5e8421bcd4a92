//! `chengxin check batch`: many open applications at once.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use chengxin_app::Installation;
use chengxin_app::check::{Answered, Batch, BatchFault, BatchOpened, BatchRequest, PartRequest, batch_rows};
use chengxin_app::intake::Progress as _;
use chengxin_core::Say;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::args::CheckBatch;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::Out;
use crate::own_file;
use crate::progress::Bar;
use crate::quality::thousands;
use crate::table::Table;

pub(crate) fn batch(context: &Context, args: &CheckBatch) -> Result<Exit, Failure> {
    match args {
        CheckBatch::Open { matter, file } => open(context, matter, file),
        CheckBatch::List => list(context),
        CheckBatch::Show { batch } => show(context, batch),
        CheckBatch::Approve { batch } => approve(context, batch),
        CheckBatch::Answer { batch, file, out } => answer(context, batch, file, out),
    }
}

fn open(context: &Context, matter: &str, file: &Path) -> Result<Exit, Failure> {
    let rows = batch_rows(file)?;
    let mut installation = context.open()?;
    let caller = installation.for_matter(context.caller(&installation, "check_batch_open", None)?, matter);
    let out = &context.out;
    match installation.check_batch_open(&caller, &BatchRequest { matter: matter.to_owned(), rows })? {
        BatchOpened::Waits(batch) => {
            out.value(&batch);
            out.say(
                format!(
                    "{}：{} 件，待审核人员批准；批准前不查询任何人",
                    batch.number,
                    thousands(batch.applications.unsigned_abs())
                ),
                format!(
                    "{}: {} applications wait for a decider's approval; nobody is looked up before",
                    batch.number,
                    thousands(batch.applications.unsigned_abs())
                ),
            );
            Ok(Exit::Done)
        }
        BatchOpened::Faulty(faults) => {
            out.value(&json!({ "faults": faults }));
            for fault in faults.iter().take(out.limit()) {
                let place = out.pick("第", "application").to_owned();
                let unit = out.pick(" 件：", ": ");
                out.item(2, &format!("{place} {}{unit}{}", fault.row, out.tr(&fault.says)));
            }
            let says = BatchFault::sentence(&faults);
            Err(Failure::new(Exit::Invalid, &says.zh, &says.en))
        }
    }
}

fn list(context: &Context) -> Result<Exit, Failure> {
    let installation = context.open()?;
    let batches = installation.check_batch_list(&context.caller(&installation, "check_batch_list", None)?)?;
    let out = &context.out;
    out.value(&batches);
    if batches.is_empty() {
        out.say("没有批量核查", "there are no batches");
        return Ok(Exit::Done);
    }
    print(out, &batches);
    Ok(Exit::Done)
}

fn show(context: &Context, number: &str) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let batch = one(context, &mut installation, number)?;
    context.out.value(&batch);
    print(&context.out, std::slice::from_ref(&batch));
    Ok(Exit::Done)
}

fn print(out: &Out, batches: &[Batch]) {
    let mut table = Table::new(&[
        out.pick("编号", "number"),
        out.pick("事项", "matter"),
        out.pick("件数", "applications"),
        out.pick("已答复部分", "parts answered"),
        out.pick("状态", "state"),
        out.pick("提出人", "asked by"),
        out.pick("有效至", "until"),
    ]);
    for batch in batches {
        table.row([
            batch.number.as_str(),
            out.tr(&batch.matter_name),
            &thousands(batch.applications.unsigned_abs()),
            &format!("{}/{}", batch.done, batch.parts),
            out.tr(&batch.state_name),
            &batch.opened_by,
            &batch.until,
        ]);
    }
    table.print(out, 0);
}

fn approve(context: &Context, number: &str) -> Result<Exit, Failure> {
    let mut installation = context.open()?;
    let caller = context.caller(&installation, "check_batch_approve", None)?;
    let batch = installation.check_batch_approve(&caller, number)?;
    context.out.value(&batch);
    context.out.say(
        format!("{} 已批准，{} 前有效", batch.number, batch.until),
        format!("{} is approved, and good until {}", batch.number, batch.until),
    );
    Ok(Exit::Done)
}

fn answer(context: &Context, number: &str, file: &Path, to: &Path) -> Result<Exit, Failure> {
    let rows = batch_rows(file)?;
    let mut installation = context.open()?;
    let batch = one(context, &mut installation, number)?;
    let caller = context.caller(&installation, "check_batch_answer", None)?;
    if rows.len() as u64 != batch.applications.unsigned_abs() {
        let (here, asked) = (thousands(rows.len() as u64), thousands(batch.applications.unsigned_abs()));
        return Err(Failure::new(
            Exit::Invalid,
            format!("清单有 {here} 件，而提出时为 {asked} 件：请使用提出时的同一份清单"),
            format!("the file has {here} applications, and {asked} were asked for: use the same file"),
        ));
    }
    let Resumed { whole, mut refused, mut sink } = resumed(to, &batch)?;
    let mut bar = Bar::rows(&context.out, 2_000);
    bar.step(&Say::new("核查", "checking"), batch.applications.unsigned_abs());
    for (at, rows) in rows.chunks(batch.part_size).enumerate().skip(whole) {
        let request = PartRequest { number: number.to_owned(), part: at + 1, rows: rows.to_vec() };
        let part = installation.check_batch_answer(&caller, &request)?;
        for answered in &part.answers {
            refused += usize::from(answered.checked.is_none());
            let line = Line { batch: &batch.number, answered };
            serde_json::to_writer(&mut sink, &line).map_err(|error| Failure::io(to, &error.into()))?;
            sink.write_all(b"\n").map_err(|error| Failure::io(to, &error))?;
        }
        // Only what is on the disk is skipped when it is run again.
        sink.flush().and_then(|()| sink.get_ref().sync_data()).map_err(|error| Failure::io(to, &error))?;
        bar.advance(part.answers.last().map_or(0, |last| last.row) as u64);
    }
    drop(bar);
    let (count, shown) = (rows.len() as u64, to.display());
    context
        .out
        .value(&json!({ "batch": batch.number, "applications": count, "refused": refused, "resumedAt": whole + 1 }));
    context.out.say(
        format!("{} 件已答复，写入 {shown}；其中 {refused} 件姓名与证件不一致，未作答复", thousands(count)),
        format!(
            "{} applications answered in {shown}; {refused} not, since name and document do not agree",
            thousands(count)
        ),
    );
    Ok(Exit::Done)
}

fn one(context: &Context, installation: &mut Installation, number: &str) -> Result<Batch, Failure> {
    let caller = context.caller(installation, "check_batch_show", None)?;
    Ok(installation.check_batch_show(&caller, number)?)
}

/// A line of the file of answers.
#[derive(Serialize)]
struct Line<'a> {
    batch: &'a str,
    #[serde(flatten)]
    answered: &'a Answered,
}

/// A line of the file of answers, as far as going on needs it.
#[derive(Deserialize)]
struct Written {
    batch: String,
    row: usize,
    refused: Option<IgnoredAny>,
}

/// A file of answers that can be gone on with.
struct Resumed {
    /// Parts that stand in it whole.
    whole: usize,
    /// Applications in them that were not answered.
    refused: usize,
    sink: BufWriter<File>,
}

/// Opens the file of answers behind the last part that stands in it whole, and tells how many those are. What stands there of the next one was
/// cut off when it was written, and is asked again.
fn resumed(path: &Path, batch: &Batch) -> Result<Resumed, Failure> {
    let failed = |error: std::io::Error| Failure::io(path, &error);
    let file = own_file::options().read(true).append(true).open(path).map_err(failed)?;
    let all = usize::try_from(batch.applications).unwrap_or(usize::MAX);
    let (mut lines, mut refused, mut bytes, mut kept) = (0, 0, 0, (0, 0, 0));
    let (mut reader, mut line) = (BufReader::new(&file), Vec::new());
    while reader.read_until(b'\n', &mut line).map_err(failed)? > 0 {
        let written = serde_json::from_slice::<Written>(&line).ok();
        let ours = written.filter(|it| it.batch == batch.number && it.row == lines + 1);
        let whole = line.last() == Some(&b'\n');
        if ours.is_none() && whole {
            return Err(Failure::new(
                Exit::Usage,
                format!("{} 中有别的内容，未作改动；请另外指定 --out", path.display()),
                format!("{} holds something else and was left as it is: name another file with --out", path.display()),
            ));
        }
        bytes += line.len() as u64;
        lines += usize::from(whole);
        refused += usize::from(ours.is_some_and(|it| it.refused.is_some()));
        if whole && (lines % batch.part_size == 0 || lines == all) {
            kept = (lines.div_ceil(batch.part_size), bytes, refused);
        }
        line.clear();
    }
    file.set_len(kept.1).map_err(failed)?;
    Ok(Resumed { whole: kept.0, refused: kept.2, sink: BufWriter::new(file) })
}
