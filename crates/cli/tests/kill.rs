//! `kill -9` in the middle of an import: sent again, the file goes on, and nothing is lost or doubled.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::process::Stdio;
use std::time::Duration;

use common::City;
use serde_json::Value;

/// Rows of the file: several chunks.
const ROWS: &str = "40000";

fn import<'a>(authority: &'a str) -> Vec<&'a str> {
    vec!["--json", "import", "--authority", authority, "--item", "penalty", "big.csv"]
}

/// A city with the big file, and the office that sends it.
fn city() -> (City, String) {
    let city = City::new();
    let args = ["--json", "synth", "--residents", "9000", "--records", ROWS, "--seed", "3", "--penalty-csv", "big.csv"];
    let made = city.run(&args).ends(0).value();
    (city, made["authority"].as_str().unwrap().to_owned())
}

fn counts(value: &Value) -> Value {
    value["quality"]["counts"].clone()
}

/// Size of the write-ahead log and the database together: grows once chunks are written.
fn written(city: &City) -> u64 {
    ["chengxin.db", "chengxin.db-wal"]
        .iter()
        .filter_map(|name| city.data().join(name).metadata().ok())
        .map(|m| m.len())
        .sum()
}

#[test]
fn an_import_that_was_killed_goes_on_without_loss_or_doubles() {
    let (whole, office) = city();
    let expected = whole.run(&import(&office)).ends(0).value();
    assert_eq!(counts(&expected)["rows"], ROWS.parse::<u64>().unwrap());

    let (city, office) = city();
    let mut kills = 0;
    for chunk in 1..=3_u64 {
        let before = written(&city);
        let mut child = city.command(&import(&office)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Killed as soon as more was written than a beginning writes: inside the load, wherever that is.
        while written(&city) < before + chunk * 700_000 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            kills += 1;
        }
        child.wait().unwrap();
    }
    assert!(kills > 0, "the import ended before it could be killed");

    let open = city.run(&["--json", "submission", "list"]).ends(0).values();
    assert_eq!(open.len(), 1, "every attempt goes on with the same submission");
    let value = city.run(&import(&office)).ends(0).value();
    assert_eq!(counts(&value), counts(&expected));
    let list = city.run(&["--json", "submission", "list"]).ends(0).values();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0]["rows"], ROWS.parse::<u64>().unwrap());
    let again = city.run(&import(&office)).ends(0).value();
    assert_eq!(again["quality"]["repeated"], true);
}

#[test]
fn what_was_loaded_before_a_kill_can_be_given_up() {
    let (city, office) = city();
    let mut child = city.command(&import(&office)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while written(&city) < 1_500_000 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    city.run(&["import", "--authority", &office, "--item", "penalty", "--abandon", "big.csv"]).ends(0);
    let list = city.run(&["--json", "submission", "list"]).ends(0).values();
    assert_eq!(list[0]["state"], "abandoned");
    let value = city.run(&import(&office)).ends(0).value();
    assert_eq!(counts(&value)["new"], ROWS.parse::<u64>().unwrap(), "as if it had never begun");
}
