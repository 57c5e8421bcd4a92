//! The files that are imported, and how `chengxin` is called. Whatever depends on the words of the command
//! line stands here, once.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Bench;
use crate::run::{self, Outcome, cargo};

/// Adults in the made-up city for so many penalties: three each, about, so that most people are known already when their
/// second row comes.
fn residents(rows: u64) -> u64 {
    rows * 333 / 1000
}

/// The columns of the penalty file, in its order. The JSON Schema and the plain table have the same.
pub(super) const COLUMNS: [&str; 16] = [
    "CF_XDR_MC",
    "CF_XDR_LB",
    "CF_XDR_ZJLX",
    "CF_XDR_ZJHM",
    "CF_WSH",
    "CF_WFXW",
    "CF_SY",
    "CF_YJ",
    "CF_CFLB",
    "CF_NR",
    "CF_NR_FK",
    "CF_JDRQ",
    "CF_CFJG",
    "CF_CFJGDM",
    "XWFSRQ",
    "SJC",
];

/// Sets of primitives that a database can be made with.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Profile {
    Intl,
    Gm,
}

impl Profile {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Intl => "intl",
            Self::Gm => "gm",
        }
    }
}

/// Builds the program that is measured, unless one was named.
///
/// # Errors
/// It does not compile.
fn build(bench: &Bench) -> Outcome<PathBuf> {
    if bench.program.is_none() {
        run::go(&mut cargo(&["build", "--release", "--locked", "--package", "chengxin-cli"]))?;
    }
    Ok(bench.chengxin())
}

/// The penalty file, made once for each number of rows.
///
/// # Errors
/// The program does not build, or cannot make the file.
pub(super) fn penalty_csv(bench: &Bench) -> Outcome<PathBuf> {
    let chengxin = build(bench)?;
    let file = bench.folder.join(format!("penalty-{}.csv", bench.rows));
    made_whole(&file, |part| {
        let mut synth = run::command(chengxin);
        let (residents, records) = (residents(bench.rows).to_string(), bench.rows.to_string());
        synth.args(["synth", "--residents", &residents, "--seed", "1", "--records", &records]);
        run::go(synth.arg("--penalty-csv").arg(part))
    })?;
    let header = first_lines(&file, 1)?.concat();
    if header.trim_start_matches('\u{feff}').split(',').eq(COLUMNS) {
        Ok(file)
    } else {
        Err(format!("{} has other columns than the JSON Schema that it is held against: {header}", file.display()))
    }
}

/// The same rows as JSON Lines (`jsonl`) or as a workbook (`xlsx`).
///
/// # Errors
/// As [`penalty_csv`]; Python failed.
pub(super) fn penalty_as(bench: &Bench, format: &str) -> Outcome<PathBuf> {
    let csv = penalty_csv(bench)?;
    let file = csv.with_extension(format);
    made_whole(&file, |part| {
        let script = run::root().join("xtask/bench/convert.py");
        run::go(run::command("python3").arg(script).arg(format).arg(&csv).arg(part))
    })?;
    Ok(file)
}

/// Makes the file under another name first: one cut short by Ctrl-C is not taken for whole the next time.
pub(super) fn made_whole(file: &Path, make: impl FnOnce(&Path) -> Outcome) -> Outcome {
    if file.is_file() {
        return Ok(());
    }
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    let part = file.with_extension(format!("part.{extension}"));
    make(&part)?;
    std::fs::rename(&part, file).map_err(|error| format!("{}: {error}", file.display()))
}

fn first_lines(file: &Path, count: usize) -> Outcome<Vec<String>> {
    let said = |error| format!("{}: {error}", file.display());
    let lines = BufReader::new(std::fs::File::open(file).map_err(said)?).lines();
    lines.take(count).collect::<Result<_, _>>().map_err(said)
}

/// The office that sends the file: the one that its first row names.
///
/// # Errors
/// The file has no rows.
fn authority(csv: &Path) -> Outcome<String> {
    let lines = first_lines(csv, 2)?;
    // Counted from the end: no column after CF_CFJGDM ever holds a comma.
    let code = lines.get(1).and_then(|row| row.rsplit(',').nth(2)).map(|code| code.trim_matches('"').to_owned());
    code.filter(|code| !code.is_empty()).ok_or_else(|| format!("{} has no row with an authority", csv.display()))
}

/// A new installation in a scratch folder.
///
/// # Errors
/// The folder cannot be emptied; `init` failed.
pub(super) fn installation(bench: &Bench, profile: Profile) -> Outcome<PathBuf> {
    let folder = bench.scratch("chengxin")?;
    let mut init = run::command(bench.chengxin());
    init.arg("init").arg("--dir").arg(&folder).args(["--synthetic", "--profile", profile.name()]);
    run::output(&mut init)?;
    Ok(folder)
}

/// The import of a file into a new installation.
///
/// # Errors
/// As [`installation`].
pub(super) fn import(bench: &Bench, profile: Profile, file: &Path, options: &[&str]) -> Outcome<Command> {
    let folder = installation(bench, profile)?;
    let mut import = import_into(bench, &folder, file)?;
    import.args(options);
    Ok(import)
}

/// The import of a file into an installation that is there already.
///
/// # Errors
/// The file has no rows.
pub(super) fn import_into(bench: &Bench, folder: &Path, file: &Path) -> Outcome<Command> {
    let mut import = run::command(bench.chengxin());
    import.arg("--dir").arg(folder).arg("import");
    import.args(["--authority", &authority(&file.with_extension("csv"))?, "--item", "penalty"]).arg(file);
    Ok(import)
}

/// A new installation on a server, in an empty database and the one beside it.
///
/// # Errors
/// As [`installation`].
pub(super) fn installation_on(bench: &Bench, url: &str) -> Outcome<PathBuf> {
    let folder = bench.scratch("chengxin")?;
    let mut init = run::command(bench.chengxin());
    init.arg("init").arg("--dir").arg(&folder).args(["--synthetic", "--database", url]);
    run::output(&mut init)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_asks_for_every_column_of_the_file() {
        let schema = include_str!("../../bench/penalty.schema.json");
        for column in COLUMNS {
            assert!(schema.contains(&format!("\"{column}\": {{")), "{column} has a rule");
            assert!(schema.contains(&format!("\n    \"{column}\"")), "{column} is required");
        }
    }
}
