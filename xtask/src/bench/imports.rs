//! Import of a million rows into the database, in time and memory.

use std::path::Path;
use std::process::Command;

use super::Bench;
use super::data::{self, COLUMNS, Profile};
use super::measure::{self, Runs};
use super::table::{Row, Target};
use crate::run::{self, Outcome};

/// 300 MB.
const PEAK_MIB: u64 = 286;

/// A full import against `.import` of SQLite's own shell into a plain table.
///
/// # Errors
/// A program failed, or the plain table did not take every row.
pub(super) fn full(bench: &Bench) -> Outcome<Vec<Row>> {
    let file = data::penalty_csv(bench)?;
    let ours = || data::import(bench, Profile::Intl, &file, &[]);
    let other = || plain_import(bench, &file);
    let (ours, other) = measure::in_turn(bench, &ours, &other)?;
    all_rows_are_in(bench)?;
    let other = Some(("sqlite3 .import", other));
    Ok(vec![Row { name: String::from("import, intl"), ours, other, target: Target::AtLeastRatio(1.0) }])
}

/// A text key that is unique and an index on the number: the least that a register of penalties needs.
fn plain_import(bench: &Bench, file: &Path) -> Outcome<Command> {
    let database = bench.scratch("plain")?.join("plain.db");
    let columns: Vec<String> = COLUMNS.iter().map(|name| format!("{name} TEXT")).collect();
    let sql = format!(
        "CREATE TABLE penalty ({}, UNIQUE (CF_WSH)); CREATE INDEX penalty_number ON penalty (CF_XDR_ZJHM);",
        columns.join(", ")
    );
    run::go(run::command("sqlite3").arg(&database).arg(sql))?;
    let mut import = run::command("sqlite3");
    // Quotes as the shell wants them: a path may hold spaces.
    import.arg("-bail").arg(database).arg(format!(".import --csv --skip 1 \"{}\" penalty", file.display()));
    Ok(import)
}

/// The shell drops a row that breaks the unique key and ends with 0 all the same: a file with doubles would
/// give it less to do.
fn all_rows_are_in(bench: &Bench) -> Outcome {
    let database = bench.folder.join("scratch/plain/plain.db");
    let count = run::output(run::command("sqlite3").arg(database).arg("SELECT count(*) FROM penalty"))?;
    if count.trim() == bench.rows.to_string() {
        return Ok(());
    }
    Err(format!("the plain table holds {} of {} rows: document numbers repeat", count.trim(), bench.rows))
}

/// Peak memory of an import of each kind of file.
///
/// # Errors
/// A file could not be made, or not imported.
pub(super) fn memory(bench: &Bench) -> Outcome<Vec<Row>> {
    ["csv", "jsonl", "xlsx"].into_iter().map(|format| memory_of(bench, format)).collect()
}

fn memory_of(bench: &Bench, format: &str) -> Outcome<Row> {
    let file = data::penalty_as(bench, format)?;
    let run = measure::once(bench, &mut data::import(bench, Profile::Intl, &file, &[])?)?;
    Ok(Row {
        name: format!("memory, {format}"),
        ours: Runs::new(vec![run]),
        other: None,
        target: Target::AtMostPeakMib(PEAK_MIB),
    })
}
