//! `chengxin me`: a person reads what is held about them and who looked, and anybody checks the export.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::{City, LI, ZHANG, two_penalties};
use serde_json::Value;

/// A city in which two people have a released penalty each, and the first asked for a report.
fn city() -> City {
    let city = two_penalties();
    city.run(&["report", "--subject", ZHANG.1, "--recipient", "某银行", "-o", "r.json"]).ends(0);
    city
}

/// What a terminal shows, with the report's random number left out.
fn shown(city: &City, lang: &str) -> String {
    let said = city.run(&["--lang", lang, "me", "log", "--subject", ZHANG.1]).ends(0).out;
    let number = said.split_whitespace().find(|word| word.starts_with("XB20261121-")).unwrap().to_owned();
    said.replace(&number, "XB20261121-NNNNNNNN")
}

#[test]
fn the_list_in_chinese_stays_as_it_is() {
    insta::assert_snapshot!("me_log_zh", shown(&city(), "zh"));
}

#[test]
fn the_list_in_english_stays_as_it_is() {
    insta::assert_snapshot!("me_log_en", shown(&city(), "en"));
}

#[test]
fn a_person_reads_their_lines_and_nobody_elses() {
    let city = city();
    let lines = city.run(&["--json", "me", "log", "--subject", ZHANG.1]).ends(0).value();
    let operations: Vec<_> =
        lines["lines"].as_array().unwrap().iter().map(|line| line["operation"].as_str().unwrap()).collect();
    assert_eq!(operations, ["log_lines", "report_issue", "submission_release", "submission_import"]);
    assert!(lines["broken"].is_null());
    let others = city.run_with_input(&["--json", "me", "log", "--subject", "-"], LI.1).ends(0).out;
    assert!(!others.contains("某银行") && !others.contains(ZHANG.0));
    city.run(&["me", "log", "--subject", "990000199001010036"]).ends(3);
    city.run(&["me", "log", "--subject", "99000019880505001X"]).ends(6);
    city.run(&["--as", "clerk:王芳@11990000MA00000151", "me", "log", "--subject", ZHANG.1]).ends(7);
}

#[test]
fn a_person_reads_everything_that_is_held() {
    let city = city();
    let said = city.run(&["me", "records", "--subject", ZHANG.1]).ends(0).out;
    assert!(said.contains("云市监罚〔2026〕1号") && !said.contains("云市监罚〔2026〕2号"), "{said}");
    let list = city.run(&["--json", "me", "records", "--subject", ZHANG.1]).ends(0).value();
    assert_eq!(list["records"].as_array().unwrap().len(), 1);
    city.run(&["--as", "clerk:王芳@11990000MA00000151", "me", "records", "--subject", ZHANG.1]).ends(7);
    let log = city.run(&["--json", "me", "log", "--subject", ZHANG.1]).ends(0).out;
    assert_eq!(log.matches("\"record_list\"").count(), 2, "each reading is a line");
}

#[test]
fn an_export_is_checked_without_an_installation_and_an_altered_one_is_refused_by_its_line() {
    let city = city();
    city.run(&["me", "log", "--subject", ZHANG.1, "--json-proofs", "lines.json"]).ends(0);
    let export = std::fs::read_to_string(city.path("lines.json")).unwrap();
    assert!(!export.contains("console-decider") && !export.contains("console-data_officer"), "no name of staff");
    let trust = city.data().join("trust.json");
    let file = city.path("lines.json");
    let (file, trust) = (file.to_str().unwrap(), trust.to_str().unwrap());
    let alone = ["--dir", "/nonexistent", "--lang", "en", "me", "verify-log", file, "--trust", trust];
    let said = common::run(alone).ends(0);
    assert!(said.out.contains("all 2 lines") && said.out.contains("does not prove"), "{}", said.out);
    assert!(city.run(&["--json", "me", "verify-log", "lines.json"]).ends(0).value()["holds"].as_bool().unwrap());
    let list_alone = city.path("list-alone");
    std::fs::create_dir(&list_alone).unwrap();
    std::fs::copy(trust, list_alone.join("trust.json")).unwrap();
    common::run(["--dir", list_alone.to_str().unwrap(), "me", "verify-log", file]).ends(0);

    city.write("altered.json", export.replace("某银行", "某公司"));
    let said = city.run(&["me", "verify-log", "altered.json"]).ends(5);
    assert!(said.out.contains("line 1 was altered"), "{}", said.out);
    let said: Value = city.run(&["--json", "me", "verify-log", "altered.json"]).ends(5).value();
    assert_eq!((&said["holds"], &said["line"]["number"]), (&Value::Bool(false), &1.into()));
    let other = City::new();
    let others = other.data().join("trust.json");
    city.run(&["me", "verify-log", "lines.json", "--trust", others.to_str().unwrap()]).ends(5);
    city.run(&["me", "verify-log", "good.csv"]).ends(3);
    city.run(&["me", "verify-log", "absent.json"]).ends(3);
}

#[test]
fn a_reading_is_not_logged_for_a_file_that_cannot_be_written() {
    let city = city();
    city.run(&["me", "log", "--subject", ZHANG.1, "--json-proofs", "absent/lines.json"]).ends(3);
    city.run(&["me", "log", "--subject", ZHANG.1, "--json-proofs", "data"]).ends(3);
    let lines = city.run(&["--json", "me", "log", "--subject", ZHANG.1]).ends(0).value();
    assert_eq!(lines["lines"].as_array().unwrap().len(), 4);
}
