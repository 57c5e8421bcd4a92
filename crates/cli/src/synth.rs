//! `chengxin synth`: a made-up city on disk.

use std::path::{Path, PathBuf};

use chengxin_app::intake::Progress as _;
use chengxin_core::{Say, dates};
use chengxin_synth::{Manifest, Plan, SynthError};
use serde_json::json;

use crate::args::Synth;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::out::Out;
use crate::progress::Bar;
use crate::quality::thousands;

/// Rows that are written before a bar could be read.
const AT_ONCE: u64 = 50_000;

pub(crate) fn synth(context: &Context, args: &Synth) -> Result<Exit, Failure> {
    let mut plan = Plan::new(args.residents, args.records, args.seed);
    if let Some(day) = context.globals.on {
        plan.today = day;
    }
    if let Some(share) = args.faults {
        plan.fault_share = share;
    }
    match (&args.penalty_csv, &args.out) {
        (Some(file), _) => {
            if args.faults.is_none() {
                plan.fault_share = 0.0;
            }
            penalty_csv(&context.out, &plan, file)
        }
        (None, Some(dir)) => city(&context.out, &plan, dir),
        (None, None) => Err(Failure::new(Exit::Usage, "须给出 --out 或 --penalty-csv", "give --out or --penalty-csv")),
    }
}

fn penalty_csv(out: &Out, plan: &Plan, file: &Path) -> Result<Exit, Failure> {
    let mut bar = bar(out, plan);
    let entry = chengxin_synth::penalty_csv(plan, file, &mut |done, _| bar.advance(done)).map_err(failure)?;
    drop(bar);
    out.value(&json!({ "file": file, "rows": entry.rows, "authority": entry.authority, "item": entry.item }));
    let (path, rows) = (file.display(), thousands(entry.rows));
    out.tell(format!("已写出 {path}：{rows} 行"), format!("wrote {path}: {rows} rows"));
    Ok(Exit::Done)
}

fn city(out: &Out, plan: &Plan, dir: &Path) -> Result<Exit, Failure> {
    let manifest = make(out, plan, dir)?;
    let faults: u64 = manifest.files.iter().map(|f| f.rows - f.good).sum();
    out.value(&json!({ "dir": dir, "files": manifest.files.len(), "records": manifest.records, "faulty": faults }));
    let (path, files, rows) = (dir.display(), manifest.files.len(), thousands(manifest.records));
    out.tell(
        format!("已在 {path} 造出{}：{files} 个文件，{rows} 行，其中 {faults} 行故意有错；说明见 manifest.json", manifest.city),
        format!("made {} in {path}: {files} files, {rows} rows, {faults} of them faulty on purpose; manifest.json tells which", manifest.city_en),
    );
    Ok(Exit::Done)
}

/// Makes a city, with a bar.
pub(crate) fn make(out: &Out, plan: &Plan, dir: &Path) -> Result<Manifest, Failure> {
    let mut bar = bar(out, plan);
    chengxin_synth::make(plan, dir, &mut |done, _| bar.advance(done)).map_err(failure)
}

fn bar(out: &Out, plan: &Plan) -> Bar {
    let mut bar = Bar::rows(out, AT_ONCE);
    bar.step(&Say::new("造城", "making"), plan.records);
    bar
}

/// The plan of the demonstration's day: today, so that what is shown is what a city would see today.
pub(crate) fn plan_of_today(residents: u64, records: u64, seed: u64, now_us: i64) -> Plan {
    Plan { today: dates::shanghai_date(now_us), ..Plan::new(residents, records, seed) }
}

fn failure(error: SynthError) -> Failure {
    let io = |path: &PathBuf, source: &std::io::Error| Failure::io(path, source);
    match &error {
        SynthError::Write { path, source } => io(path, source),
        SynthError::Residents { least, most, asked } => Failure::new(
            Exit::Usage,
            format!("--residents 须在 {least} 与 {most} 之间，给出的是 {asked}"),
            format!("--residents must be between {least} and {most}, not {asked}"),
        ),
        SynthError::FaultShare(_) => {
            Failure::new(Exit::Usage, "--faults 须在 0 与 0.5 之间", "--faults must be between 0 and 0.5")
        }
        SynthError::Today(_) => Failure::new(
            Exit::Usage,
            "--on 须在 1950-01-01 与 2100-01-01 之间",
            "--on must lie between 1950-01-01 and 2100-01-01",
        ),
        SynthError::Workbook { path, .. } => Failure::new(
            Exit::Unavailable,
            format!("{}：工作簿无法写出，请检查磁盘空间", path.display()),
            format!("{}: the workbook cannot be written, look at the disk's free space", path.display()),
        )
        .because(&error),
        SynthError::Encoding { .. } | SynthError::Manifest(_) => {
            Failure::new(Exit::Internal, "程序内部错误", "a fault of the programme").because(&error)
        }
    }
}
