//! Validation of a million rows, against a validator that is known to be fast.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Bench;
use super::data::{self, Profile};
use super::measure::{self, Runs};
use super::table::{Row, Target};
use crate::run::{self, Outcome, cargo};
use crate::tools;

const QSV_VERSION: &str = "4.0.0";

/// `import --dry-run` into an empty database, on both profiles, against `qsvlite validate`.
///
/// Both hold every row against the same lengths, dictionaries and patterns (`xtask/bench/penalty.schema.json`).
/// Ours also checks what a schema cannot say: check characters, the calendar, age at the conduct, clashes
/// within the file. The other is not asked for those.
///
/// # Errors
/// A tool cannot be had; a row of the made-up file was refused by either.
pub(super) fn dry_run(bench: &Bench) -> Outcome<Vec<Row>> {
    let file = data::penalty_csv(bench)?;
    let qsv = qsvlite()?;
    let schema = run::root().join("xtask/bench/penalty.schema.json");
    let ours = || data::import(bench, Profile::Intl, &file, &["--dry-run"]);
    let other = || Ok(validate(&qsv, &file, &schema));
    let (ours, other) = measure::in_turn(bench, &ours, &other)?;
    let gm = (0..bench.runs)
        .map(|_| measure::once(bench, &mut data::import(bench, Profile::Gm, &file, &["--dry-run"])?))
        .collect::<Outcome<Vec<_>>>()?;
    let row = |profile: Profile, runs, target| Row {
        name: format!("dry run, {}", profile.name()),
        ours: runs,
        other: Some(("qsvlite validate", other.clone())),
        target,
    };
    Ok(vec![row(Profile::Intl, ours, Target::AtLeastRatio(1.0)), row(Profile::Gm, Runs::new(gm), Target::Beside)])
}

fn validate(qsv: &Path, file: &Path, schema: &Path) -> Command {
    let mut validate = run::command(qsv);
    validate.args(["validate", "--quiet"]).arg(file).arg(schema);
    validate
}

/// The validator, installed into the target folder as its own manual says: with its faster allocator.
///
/// # Errors
/// It cannot be compiled here.
fn qsvlite() -> Outcome<PathBuf> {
    let tools = run::root().join("target/bench-tools");
    let program = tools.join("bin/qsvlite");
    let says = || run::output(run::command(&program).arg("--version")).unwrap_or_default();
    if !program.is_file() || !says().contains(QSV_VERSION) {
        eprintln!("installing qsvlite {QSV_VERSION} (compiles for many minutes, once)");
        tools::ensure_cmake()?;
        let mut install = cargo(&["install", "qsv", "--version", QSV_VERSION, "--locked", "--bin", "qsvlite"]);
        install.args(["--features", "lite", "--root"]).arg(&tools).env("CARGO_TARGET_DIR", tools.join("build"));
        run::go(&mut install)?;
    }
    Ok(program)
}
