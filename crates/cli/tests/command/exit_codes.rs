//! Every code of docs/operating/exit-codes.md, met the way an operator meets it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::{City, ZHANG, office, penalties, penalty};

#[test]
fn a_folder_without_an_installation_is_six_and_says_how_to_make_one() {
    let said = common::run(["--lang", "en", "--dir", "/nonexistent/chengxin", "authority", "list"]).ends(6);
    assert!(said.err.contains("chengxin init"), "{}", said.err);
    let said = common::run(["--dir", "/nonexistent/chengxin", "authority", "list"]).ends(6);
    assert!(said.err.starts_with("错误：") && said.err.contains("chengxin init"), "{}", said.err);
}

#[test]
fn an_error_is_one_json_value_where_machines_ask() {
    let said = common::run(["--json", "--dir", "/nonexistent/chengxin", "authority", "list"]).ends(6);
    let error: serde_json::Value = serde_json::from_str(said.err.trim()).unwrap();
    assert_eq!(error["error"]["kind"], "not_found");
    assert_eq!(error["error"]["exit"], 6);
    assert!(error["error"]["zh"].is_string() && error["error"]["en"].is_string());
    assert!(said.out.is_empty());
}

#[test]
fn a_second_installation_in_the_same_folder_is_a_conflict() {
    let city = City::new();
    let said = city.run(&["init", "--synthetic"]).ends(8);
    assert!(said.err.contains("already"), "{}", said.err);
}

#[test]
fn the_wrong_key_file_and_a_missing_one_are_nine() {
    let (city, other) = (City::new(), City::new());
    let keys = city.data().join("keys.json");
    std::fs::copy(other.data().join("keys.json"), &keys).unwrap();
    let said = city.run(&["authority", "list"]).ends(9);
    assert!(said.err.contains("keys.json") && said.err.contains("does not fit"), "{}", said.err);
    std::fs::remove_file(&keys).unwrap();
    let said = city.run(&["authority", "list"]).ends(9);
    assert!(said.err.contains("keys.json"), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_is_nine() {
    use std::os::unix::fs::PermissionsExt;
    let city = City::new();
    let keys = city.data().join("keys.json");
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).unwrap();
    city.run(&["authority", "list"]).ends(9);
}

#[test]
fn a_damaged_database_is_nine() {
    let city = City::new();
    city.write("data/chengxin.db", vec![7_u8; 4096]);
    city.run(&["authority", "list"]).ends(9);
}

#[test]
fn a_role_that_may_not_is_seven() {
    let city = City::new();
    city.write("a.csv", penalties(&[penalty(ZHANG.0, ZHANG.1, "云市监罚〔2026〕1号", "2026-03-05")]));
    let said = city.run(&["--as", "auditor", "import", "--authority", &office(), "a.csv"]).ends(7);
    assert!(said.err.contains("auditor") && said.err.contains("data_officer"), "{}", said.err);
    city.run(&["--as", "decider:W", "submission", "release", "1"]).ends(7);
    city.run(&["--purpose", " ", "authority", "list"]).ends(7);
}

#[test]
fn in_production_nobody_acts_without_role_and_purpose() {
    let scratch = tempfile::TempDir::new().unwrap();
    let dir = scratch.path().join("data");
    let dir = dir.to_str().unwrap();
    let init = ["--lang", "en", "--dir", dir, "init", "--city", "云汀市", "--place", "990000"];
    common::run(init).ends(2);
    let full = [&init[..], &["--base-url", "https://credit.example"]].concat();
    common::run(&full).ends(7);
    common::run([&full[..], &["--as", "administrator:Z"]].concat()).ends(7);
    let signed = ["--as", "administrator:Z", "--purpose", "set up"];
    let plain = [&init[..], &["--base-url", "http://credit.example"], &signed[..]].concat();
    common::run(plain).ends(3);
    let said = common::run([&full[..], &signed[..]].concat()).ends(0);
    assert!(said.out.contains("keys.json"), "{}", said.out);
    let said = common::run(["--lang", "en", "--dir", dir, "authority", "list"]).ends(7);
    assert!(said.err.contains("--as") && said.err.contains("--purpose"), "{}", said.err);
    common::run([&["--dir", dir, "--on", "2026-01-01", "authority", "list"], &signed[..]].concat()).ends(2);
    let listed = common::run([&["--json", "--dir", dir, "authority", "list"], &signed[..]].concat()).ends(0);
    assert!(listed.out.is_empty(), "no made-up office is registered in production: {}", listed.out);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_nine_and_a_reader_that_goes_away_is_no_fault() {
    let city = City::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = city.command(&["catalogue", "show"]).stdout(full).status().unwrap();
    assert_eq!(status.code(), Some(9));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = city.command(&["catalogue", "show"]).stdout(writer).status().unwrap();
    assert_eq!(status.code(), Some(0));
}
