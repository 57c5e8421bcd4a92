//! The same on PostgreSQL: imports against `psql \copy`, a check against a bare handler, and what a check costs as records grow.
//!
//! The server is a private one, started for the run, durable, with the settings of [`SETTINGS`] for both sides.

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use chengxin_pgtest::{Options, Server};

use super::Bench;
use super::check::runs;
use super::data::{self, COLUMNS};
use super::measure::{self, Runs};
use super::table::{Row, Target};
use crate::run::{self, Outcome};

/// What an administrator would set on a machine of this size, and nothing beyond.
const SETTINGS: [(&str, &str); 3] =
    [("shared_buffers", "2GB"), ("max_wal_size", "8GB"), ("checkpoint_timeout", "15min")];
/// People to ask about, as on SQLite.
const RECORDS: u64 = 200_000;
/// Of so many rows of the second file one has changed.
const CHANGED: usize = 100;

fn server(bench: &Bench) -> Outcome<Server> {
    let options = Options { folder: Some(bench.scratch("server")?), ..Options::durable() };
    let options = SETTINGS.iter().fold(options, |options, (name, value)| options.with(name, value));
    Server::start(&options).map_err(|error| error.to_string())
}

/// Databases of these names, empty.
fn empty(server: &Server, names: &[&str]) -> Outcome {
    let said = |error: chengxin_pgtest::ServerError| error.to_string();
    for name in names {
        server.psql("postgres", &format!("DROP DATABASE IF EXISTS {name}")).map_err(said)?;
        server.create_database(name, None).map_err(said)?;
    }
    // What the run before left to be written would otherwise be written in this one.
    server.psql("postgres", "CHECKPOINT").map(drop).map_err(said)
}

/// A full import against `psql \copy` of the same file, and the import of a copy of it in which one row of a hundred has
/// changed against the first.
///
/// # Errors
/// The server does not start; a program failed; rows are missing.
pub(super) fn imports(bench: &Bench) -> Outcome<Vec<Row>> {
    let file = data::penalty_csv(bench)?;
    let again = changed_copy(&file)?;
    let server = server(bench)?;
    let (mut first, mut copied, mut second) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.runs {
        empty(&server, &["city", "city_keys"])?;
        let folder = data::installation_on(bench, &server.url("city"))?;
        first.push(measure::once(bench, &mut data::import_into(bench, &folder, &file)?)?);
        empty(&server, &["plain"])?;
        copied.push(measure::once(bench, &mut plain_copy(&server, &file)?)?);
        all_rows_are_in(bench, &server)?;
        empty(&server, &["plain"])?;
        second.push(measure::once(bench, &mut data::import_into(bench, &folder, &again)?)?);
    }
    let first = Runs::new(first);
    Ok(vec![
        Row {
            name: String::from("import, PostgreSQL"),
            ours: first.clone(),
            other: Some(("psql \\copy", Runs::new(copied))),
            target: Target::AtLeastRatio(1.0),
        },
        Row {
            name: String::from("the file again, 1 % changed, PostgreSQL"),
            ours: Runs::new(second),
            other: Some(("the first import", first)),
            target: Target::AtLeastRatio(2.0),
        },
    ])
}

/// A plain table with the least that a register of penalties needs, filled by the server's own loader.
fn plain_copy(server: &Server, file: &Path) -> Outcome<Command> {
    let columns: Vec<String> = COLUMNS.iter().map(|name| format!("{name} TEXT")).collect();
    let sql = format!(
        "CREATE TABLE penalty ({}, UNIQUE (CF_CFJGDM, CF_WSH, CF_XDR_ZJHM)); \
         CREATE INDEX penalty_number ON penalty (CF_XDR_ZJHM);",
        columns.join(", ")
    );
    server.psql("plain", &sql).map_err(|error| error.to_string())?;
    let mut copy = run::command(server.binaries().program("psql"));
    copy.args(["--no-psqlrc", "--set", "ON_ERROR_STOP=1", &server.url("plain"), "--command"]);
    copy.arg(format!("\\copy penalty FROM '{}' WITH (FORMAT csv, HEADER true)", file.display()));
    Ok(copy)
}

fn all_rows_are_in(bench: &Bench, server: &Server) -> Outcome {
    let count = server.psql("plain", "SELECT count(*) FROM penalty").map_err(|error| error.to_string())?;
    if count.trim() == bench.rows.to_string() {
        return Ok(());
    }
    Err(format!("the plain table holds {} of {} rows", count.trim(), bench.rows))
}

/// The same file with one row in [`CHANGED`] told otherwise, at a later time.
fn changed_copy(file: &Path) -> Outcome<PathBuf> {
    let copy = file.with_extension("changed.csv");
    data::made_whole(&copy, |part| {
        let said = |error| format!("{}: {error}", part.display());
        let mut out = BufWriter::new(std::fs::File::create(part).map_err(said)?);
        let lines = BufReader::new(std::fs::File::open(file).map_err(said)?).lines();
        for (number, line) in lines.enumerate() {
            let line = line.map_err(said)?;
            let line = if number % CHANGED == 1 { changed(&line)? } else { line };
            writeln!(out, "{line}").map_err(said)?;
        }
        out.flush().map_err(said)
    })?;
    Ok(copy)
}

/// The row with other facts and the last source time that there can be this year.
fn changed(row: &str) -> Outcome<String> {
    let odd = || format!("this row has not what is changed in it: {row}");
    let (rest, time) = row.rsplit_once(',').ok_or_else(odd)?;
    let other = rest.replacen("当事人", "经复核，当事人", 1);
    if other == rest || time.len() != 14 {
        return Err(odd());
    }
    Ok(format!("{other},20261231{}", &time[8..]))
}

/// Time of a check with its log entry against a bare handler over as many connections.
///
/// # Errors
/// As [`imports`].
pub(super) fn check(bench: &Bench) -> Outcome<Vec<Row>> {
    let people = data::penalty_csv(&bench.with_rows(RECORDS))?;
    let server = server(bench)?;
    let said = check_speed(bench, &server, &people, 8)?;
    Ok(vec![
        Row {
            name: "check with log entry, PostgreSQL, time a request".into(),
            ours: runs(&said, "with-log", "us_each")?,
            other: Some(("one SELECT, one INSERT with commit", runs(&said, "bare", "us_each")?)),
            target: Target::AtLeastRatio(0.6),
        },
        Row {
            name: "check without log entry, PostgreSQL, time a request".into(),
            ours: runs(&said, "without-log", "us_each")?,
            other: None,
            target: Target::Beside,
        },
        Row {
            name: "check with log entry, PostgreSQL, p99 at 64 connections".into(),
            ours: runs(&said, "with-log", "us_p99")?,
            other: Some(("the bare handler", runs(&said, "bare", "us_p99")?)),
            target: Target::Beside,
        },
    ])
}

fn check_speed(bench: &Bench, server: &Server, people: &Path, seconds: u64) -> Outcome<String> {
    empty(server, &["city", "city_keys"])?;
    let mut timing = run::example("chengxin-web", "check_speed")?;
    timing.arg(people).args(["--seconds", &seconds.to_string(), "--database", &server.url("city")]);
    run::output(timing.current_dir(bench.scratch("check")?))
}

/// The cost of a check as records grow, three of each person: 100 000, a million, ten million.
///
/// # Errors
/// As [`imports`].
pub(super) fn scale(bench: &Bench) -> Outcome<Vec<Row>> {
    let server = server(bench)?;
    let mut rows: Vec<Row> = Vec::new();
    for records in [100_000, 1_000_000, 10_000_000] {
        let people = data::penalty_csv(&bench.with_rows(records))?;
        let said = check_speed(bench, &server, &people, 10)?;
        let sizes = server
            .psql(
                "city",
                "SELECT string_agg(format('%s %s MB + indexes %s MB', relname, pg_table_size(oid) / 1000000, \
                 pg_indexes_size(oid) / 1000000), ', ' ORDER BY pg_total_relation_size(oid) DESC) \
                 FROM pg_class WHERE relkind = 'r' AND pg_total_relation_size(oid) > 10000000",
            )
            .map_err(|error| error.to_string())?;
        eprintln!("   {records} records: {}", sizes.trim());
        let ours = runs(&said, "with-log", "us_each")?;
        let smallest = rows.first().map(|row| ("at 100 000 records", row.ours.clone()));
        let target = if smallest.is_some() { Target::AtLeastRatio(1.0 / 1.3) } else { Target::Beside };
        rows.push(Row { name: format!("check at {records} records"), ours, other: smallest, target });
        if records == 10_000_000 {
            std::fs::remove_file(&people).map_err(|error| format!("{}: {error}", people.display()))?;
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_row_has_other_facts_and_a_later_time() {
        let row = "甲,自然人,当事人在某路,11990000MA0000023U,2026-03-30,20260508162412";
        let changed = changed(row);
        assert_eq!(
            changed.as_deref(),
            Ok("甲,自然人,经复核，当事人在某路,11990000MA0000023U,2026-03-30,20261231162412")
        );
        assert!(
            super::changed("甲,乙,20260508162412").is_err(),
            "a row in which nothing can be changed is no row of ours"
        );
    }
}
