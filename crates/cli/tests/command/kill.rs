//! `kill -9` in the middle of an import: sent again, the file goes on, and nothing is lost or doubled.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use std::process::{Child, Stdio};
use std::time::Duration;

use chengxin_store::ReadStore;
use common::City;
use serde_json::Value;

/// A city with a file of so many penalties, and the office that sends it.
fn city(rows: u64) -> (City, String) {
    let (city, records) = (City::new(), rows.to_string());
    let args = ["--json", "synth", "--residents", "9000", "--records", &records, "--penalty-csv", "big.csv"];
    let made = city.run(&args).ends(0).value();
    (city, made["authority"].as_str().unwrap().to_owned())
}

fn import(city: &City, office: &str) -> Value {
    city.run(&words(office)).ends(0).value()
}

fn words(office: &str) -> [&str; 7] {
    ["--json", "import", "--authority", office, "--item", "penalty", "big.csv"]
}

fn counts(value: &Value) -> Value {
    value["quality"]["counts"].clone()
}

/// How far the open submission has come: `None` before it is opened, else the last row that a commit settled.
fn settled(city: &City) -> Option<i64> {
    let reader = ReadStore::open(&city.data().join("chengxin.db").into()).ok()?;
    let view = reader.view();
    let open = view.submission_list(0, 10).ok()?.into_iter().next()?;
    let chunks = view.submission_chunks(open.id).ok()?;
    Some(chunks.last().map_or(0, |chunk| chunk.through_row))
}

/// Starts the import and kills it as soon as that many rows are settled. `false`: it ended before.
fn killed_at(city: &City, office: &str, rows: i64) -> bool {
    let mut child: Child = city.command(&words(office)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while child.try_wait().unwrap().is_none() {
        if settled(city).is_some_and(|through| through >= rows) {
            child.kill().unwrap();
            return child.wait().unwrap().code().is_none();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    false
}

/// Kills the import at each of these rows, sends the file again, and holds what came of it against an uninterrupted run.
fn survives(rows: u64, kills: &[i64]) {
    let (whole, office) = city(rows);
    let expected = import(&whole, &office);
    assert_eq!(counts(&expected)["rows"], rows);

    let (city, office) = city(rows);
    let killed = kills.iter().filter(|rows| killed_at(&city, &office, **rows)).count();
    assert_eq!(killed, kills.len(), "the import ended before it could be killed");
    let open = city.run(&["--json", "submission", "list"]).ends(0).values();
    assert_eq!(open.len(), 1, "every attempt goes on with the same submission");
    assert_eq!(open[0]["state"], "open");
    let report = city.run(&["--json", "report", "--subject", common::ZHANG.1, "-o", "r.json"]).ends(0).value();
    assert_eq!(report["entries"], 0, "nobody sees an open submission");

    let value = import(&city, &office);
    assert_eq!(counts(&value), counts(&expected));
    let list = city.run(&["--json", "submission", "list"]).ends(0).values();
    assert_eq!((list.len(), &list[0]["rows"]), (1, &rows.into()));
    let again = import(&city, &office);
    assert_eq!(again["quality"]["repeated"], true);
    assert_eq!(counts(&again)["unchanged"], counts(&expected)["new"]);
}

#[test]
fn an_import_that_was_killed_goes_on_without_loss_or_doubles() {
    survives(12_000, &[0, 1]);
}

#[test]
fn full_an_import_that_was_killed_between_commits_goes_on_without_loss_or_doubles() {
    survives(500_000, &[0, 1, 200_000]);
}

#[test]
fn what_was_loaded_before_a_kill_can_be_given_up() {
    let (city, office) = city(12_000);
    assert!(killed_at(&city, &office, 1));
    city.run(&["import", "--authority", &office, "--item", "penalty", "--abandon", "big.csv"]).ends(0);
    let list = city.run(&["--json", "submission", "list"]).ends(0).values();
    assert_eq!(list[0]["state"], "abandoned");
    let value = import(&city, &office);
    assert_eq!(counts(&value)["new"], 12_000, "as if it had never begun");
}
