//! Each command once, the way the manual shows it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use std::path::Path;

use common::{City, LI, ZHANG, office, penalties, penalty};
use serde_json::Value;

/// A city with one accepted penalty about each of two people.
fn with_penalties() -> City {
    let city = City::new();
    let rows = [
        penalty(ZHANG.0, ZHANG.1, "云市监罚〔2026〕1号", "2026-10-05"),
        penalty(LI.0, LI.1, "云市监罚〔2026〕2号", "2026-10-06"),
    ];
    city.write("good.csv", penalties(&rows));
    city.run(&["import", "--authority", &office(), "--item", "penalty", "good.csv"]).ends(0);
    city
}

fn released() -> City {
    let city = with_penalties();
    city.run(&["submission", "release", "1"]).ends(0);
    city
}

fn report(city: &City) -> Value {
    city.run(&["--json", "report", "--subject", ZHANG.1, "-o", "report.json"]).ends(0).value()
}

/// The content of a signed report.
fn content(path: &Path) -> Value {
    let envelope: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let payload = data_encoding::BASE64.decode(envelope["payload"].as_str().unwrap().as_bytes()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

fn first_record(city: &City) -> String {
    report(city);
    let content = content(&city.path("report.json"));
    let entry = content["classes"].as_array().unwrap().iter().find_map(|class| class["entries"].get(0).cloned());
    entry.unwrap()["record"].as_str().unwrap().to_owned()
}

#[test]
fn authorities_are_added_loaded_and_listed() {
    let city = City::new();
    city.write("more.json", r#"[{"code":"11990000MA00000151","name":"新名称","kind":"tax"}]"#);
    city.run(&["authority", "load", "more.json"]).ends(0);
    let list = city.run(&["--json", "authority", "list"]).ends(0).values();
    assert!(list.len() >= 16);
    assert!(list.iter().any(|a| a["name"] == "新名称" && a["kind"] == "tax"));
    city.write("broken.json", "[{\"code\":1}]");
    assert!(city.run(&["authority", "load", "broken.json"]).ends(3).err.contains("broken.json"));
    assert!(city.run(&["authority", "load", "absent.json"]).ends(3).err.contains("absent.json"));
    city.run(&["authority", "add", "123", "--name", "某局", "--kind", "tax"]).ends(3);
    city.run(&["authority", "add", &office(), "--name", "某局", "--kind", "castle"]).ends(3);
    city.run(&["authority", "add", &office(), "--name", "云汀市市场监督管理局", "--kind", "market_regulation"]).ends(0);
}

#[test]
fn the_shipped_catalogue_may_be_used_and_a_broken_one_may_not() {
    let city = City::new();
    city.run(&["catalogue", "check"]).ends(0);
    common::run(["catalogue", "check"]).ends(0);
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalogue");
    city.run(&["catalogue", "check", shipped]).ends(0);
    std::fs::create_dir(city.path("broken")).unwrap();
    city.write("broken/items.toml", "[[item]]\ncode = 1\n");
    let said = city.run(&["catalogue", "check", "broken"]).ends(3);
    assert!(said.out.contains("items.toml:"), "{}", said.out);
    std::fs::create_dir(city.path("empty")).unwrap();
    city.run(&["catalogue", "check", "empty"]).ends(3);
    city.run(&["catalogue", "check", "absent"]).ends(3);
}

#[test]
fn an_item_is_shown_and_has_a_template() {
    let city = City::new();
    let said = city.run(&["catalogue", "show", "penalty"]).ends(0);
    assert!(said.out.contains("CF_WSH") && said.out.contains("Legal basis"), "{}", said.out);
    assert!(city.run(&["catalogue", "show"]).ends(0).out.contains("penalty"));
    city.run(&["catalogue", "show", "nonsense"]).ends(6);
    city.run(&["catalogue", "template", "penalty", "-o", "t.xlsx"]).ends(0);
    assert!(std::fs::read(city.path("t.xlsx")).unwrap().starts_with(b"PK"));
    city.run(&["catalogue", "template", "nonsense"]).ends(6);
}

#[test]
fn a_clause_is_confirmed_by_name() {
    let city = City::new();
    let by = ["--by", "王芳", "--office", "云汀市信用办", "--note", "read in the gazette"];
    city.run(&[&["catalogue", "confirm", "order-36#clock"], &by[..]].concat()).ends(0);
    city.run(&[&["catalogue", "confirm", "nothing#1"], &by[..]].concat()).ends(6);
    city.run(&["catalogue", "confirm", "order-36#clock", "--by", "王芳", "--office", "x"]).ends(3);
}

#[test]
fn a_new_catalogue_says_what_it_would_change_before_it_is_applied() {
    let city = released();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let new = city.path("new");
    std::fs::create_dir_all(new.join("matters")).unwrap();
    let files =
        |folder: &Path| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    for path in files(&shipped.join("matters")) {
        std::fs::copy(&path, new.join("matters").join(path.file_name().unwrap())).unwrap();
    }
    for path in files(&shipped).into_iter().filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.replace("name = \"行政处罚\"", "name = \"行政处罚决定\"");
        std::fs::write(new.join(path.file_name().unwrap()), text).unwrap();
    }
    let shipped = shipped.to_str().unwrap();
    let impact = city.run(&["--json", "catalogue", "impact", "new"]).ends(0).value();
    assert!(impact["rules"]["changed"].to_string().contains("penalty"), "{impact}");
    city.run(&["catalogue", "impact", shipped, "new"]).ends(0);
    let without =
        common::run(["--dir", "/nonexistent", "--json", "catalogue", "impact", shipped, new.to_str().unwrap()]);
    assert!(without.ends(0).value()["items"].is_null());
    let applied = city.run(&["--json", "catalogue", "apply", "new"]).ends(0).value();
    assert_eq!(applied["already"], false);
    assert!(city.run(&["catalogue", "show", "penalty"]).ends(0).code == 0);
    assert_eq!(city.run(&["--json", "catalogue", "apply", "new"]).ends(0).value()["already"], true);
}

#[test]
fn adverse_rows_are_shown_only_after_a_second_officer_released_them() {
    let city = with_penalties();
    assert_eq!(report(&city)["entries"], 0);
    let office = office();
    let sender = format!("decider:console-data_officer@{office}");
    city.run(&["--as", &sender, "submission", "release", "1"]).ends(7);
    city.run(&["submission", "release", "99"]).ends(7);
    city.run(&["submission", "release", "1"]).ends(0);
    assert_eq!(report(&city)["entries"], 1);
    city.run(&["submission", "release", "1"]).ends(8);
    city.run(&["submission", "recall", "1", "--reason", "too late"]).ends(8);
    let list = city.run(&["submission", "list"]).ends(0);
    assert!(list.out.contains("good.csv") && list.out.contains("accepted"), "{}", list.out);
}

#[test]
fn a_submission_is_recalled_before_release() {
    let city = with_penalties();
    city.run(&["submission", "recall", "1", "--reason", "wrong week", "--as", &format!("data_officer:W@{}", office())])
        .ends(0);
    let list = city.run(&["--json", "submission", "list"]).ends(0).values();
    assert_eq!(list[0]["state"], "recalled");
    city.run(&["submission", "release", "1"]).ends(8);
    assert_eq!(report(&city)["entries"], 0);
}

#[test]
fn held_rows_are_listed_shown_and_resolved_on_evidence() {
    let city = City::new();
    let wrong = "990000198505050021";
    let rows = [1, 2, 3].map(|n| penalty(LI.0, wrong, &format!("云市监罚〔2026〕{n}号"), "2026-10-05"));
    city.write("held.csv", penalties(&rows));
    city.run(&["import", "--authority", &office(), "--item", "penalty", "held.csv"]).ends(4);
    let list = city.run(&["--json", "held", "list"]).ends(0).values();
    assert_eq!(list.len(), 3);
    let id = list.iter().map(|h| h["held"].as_i64().unwrap().to_string()).collect::<Vec<_>>();
    let shown = city.run(&["held", "show", &id[0]]).ends(0);
    assert!(shown.out.contains(LI.0) && shown.out.contains("fails its own rules"), "{}", shown.out);
    city.run(&["--as", &format!("data_officer:W@{}", office()), "held", "show", &id[0]]).ends(7);
    city.run(&["held", "resolve", &id[0], "--reject", "--evidence", " "]).ends(3);
    city.run(&["held", "resolve", &id[0], "--attach", LI.1, "--evidence", "seen"]).ends(8);
    city.run(&["submission", "release", "1"]).ends(0);
    city.run(&["held", "resolve", &id[0], "--attach", wrong, "--evidence", "seen"]).ends(3);
    city.run_with_input(&["held", "resolve", &id[0], "--attach", "-", "--evidence", "the card was seen"], LI.1).ends(0);
    city.run(&["held", "resolve", &id[1], "--reject", "--evidence", "the office says so"]).ends(0);
    city.run(&["held", "resolve", &id[1], "--reject", "--evidence", "again"]).ends(6);
    assert_eq!(city.run(&["--json", "held", "list"]).ends(0).values().len(), 1);
    city.run(&["held", "show", "999"]).ends(6);
    city.run(&["held", "purge"]).ends(0);
    let later = city.run(&["--json", "held", "purge", "--on", "2027-11-21"]).ends(0).value();
    assert_eq!(later["held"], 1, "nobody decided it in time");
    assert!(city.run(&["held", "list"]).ends(0).out.contains("no row is held"));
}

#[test]
fn a_record_is_locked_unlocked_and_erased_by_decision() {
    let city = released();
    let record = first_record(&city);
    let office = office();
    let at = ["--subject", ZHANG.1, "--authority", &office, "--decided-on", "2026-10-20"];
    let lock = ["record", "lock", &record, "--kind", "correction", "--case", "更字1号"];
    city.run(&[&lock[..], &at[..]].concat()).ends(0);
    let unlock = ["record", "unlock", &record, "--case", "更字2号", "--document", "云市监更〔2026〕2号"];
    city.run(&[&unlock[..], &at[..]].concat()).ends(0);
    city.run(&[&unlock[..], &at[..]].concat()).ends(8);
    let erase = ["record", "erase", &record, "--case", "删字1号"];
    city.run(&[&erase[..], &at[..]].concat()).ends(0);
    city.run(&[&erase[..], &at[..]].concat()).ends(8);
    assert_eq!(report(&city)["entries"], 0);
    city.run(&[&["record", "erase", "12", "--case", "x"], &at[..]].concat()).ends(2);
    let absent = "0".repeat(32);
    city.run(&[&["record", "erase", &absent, "--case", "x"], &at[..]].concat()).ends(6);
    let elsewhere =
        [&erase[..], &["--subject", ZHANG.1, "--authority", "11990000MA0000023U", "--decided-on", "2026-10-20"]]
            .concat();
    city.run(&elsewhere).ends(6);
}

#[test]
fn a_report_is_issued_verified_and_every_change_to_it_found() {
    let city = released();
    let issued =
        city.run(&["--json", "report", "--subject", ZHANG.1, "-o", "r.pdf", "--recipient", "某银行"]).ends(0).value();
    assert_eq!(issued["entries"], 1);
    let pdf = std::fs::read(city.path("r.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF"));
    let said = city.run(&["verify", "r.pdf"]).ends(0);
    assert!(said.out.contains("valid") && said.out.contains(issued["report"].as_str().unwrap()), "{}", said.out);

    let trust = city.data().join("trust.json");
    let by_list = ["--dir", "/nonexistent", "verify", "--trust", trust.to_str().unwrap()];
    let path = |name: &str| city.path(name).to_str().unwrap().to_owned();
    common::run(by_list.iter().copied().chain([path("r.pdf").as_str()])).ends(0);

    let mut altered = pdf.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    city.write("altered.pdf", &altered);
    std::fs::copy(city.path("r.pdf.sig"), city.path("altered.pdf.sig")).unwrap();
    assert!(city.run(&["verify", "altered.pdf"]).ends(5).out.contains("altered"));
    city.run(&["verify", "r.pdf", "--sig", "altered.pdf.sig"]).ends(0);
    std::fs::remove_file(city.path("r.pdf.sig")).unwrap();
    assert!(city.run(&["verify", "r.pdf"]).ends(3).out.contains(".sig"));
}

#[test]
fn a_report_of_another_installation_has_an_unknown_signer() {
    let (city, other) = (released(), City::new());
    report(&city);
    let file = city.path("report.json");
    let said = other.run(&["--json", "verify", file.to_str().unwrap()]).ends(5).value();
    assert_eq!(said["verdict"]["status"], "unknown_signer");
    city.run(&["verify", "report.json"]).ends(0);
}

#[test]
fn what_is_no_report_is_three() {
    let city = City::new();
    city.write("note.txt", "hello");
    city.write("bad-trust.json", "[1]");
    city.run(&["verify", "note.txt"]).ends(3);
    city.run(&["verify", "absent.pdf"]).ends(3);
    city.run(&["verify", "data"]).ends(3);
    city.run(&["verify", "note.txt", "--trust", "bad-trust.json"]).ends(3);
}

#[test]
fn a_withdrawn_report_must_not_be_relied_on() {
    let city = released();
    let issued = report(&city);
    city.run(&["report-withdraw", issued["verification_code"].as_str().unwrap()]).ends(0);
    let said = city.run(&["verify", "report.json"]).ends(5);
    assert!(said.out.contains("withdrawn"), "{}", said.out);
    city.run(&["report-withdraw", issued["verification_code"].as_str().unwrap()]).ends(8);
    city.run(&["report-withdraw", "XB20260101-00000000"]).ends(6);
}

#[test]
fn a_report_says_what_cannot_be_asked() {
    let city = released();
    city.run(&["report", "--subject", ZHANG.1, "-o", "r.docx"]).ends(2);
    city.run(&["report", "--subject", ZHANG.1, "-o", "absent/r.pdf"]).ends(3);
    city.run(&["report", "--subject", "990000199001010018", "-o", "r.pdf"]).ends(3);
    city.run(&["report", "--subject", ZHANG.1, "--name", LI.0, "-o", "r.pdf"]).ends(8);
    city.run(&["report", "--subject", ZHANG.1, "--domain", "weather", "-o", "r.pdf"]).ends(3);
    city.run(&["--as", &format!("clerk:W@{}", office()), "report", "--subject", ZHANG.1, "-o", "r.pdf"]).ends(7);
    city.run(&["--as", "administrator", "report", "--subject", ZHANG.1, "-o", "r.pdf"]).ends(7);
    assert!(!city.path("r.pdf").exists(), "nothing is left of what was refused");
    let on_consent = ["--as", &format!("clerk:W@{}", office()), "report", "--subject", ZHANG.1, "--consent", "SQ-1"];
    // A receipt that nobody gave is taken on nobody's word; paper that was signed at the window is recorded first.
    city.run(&[&on_consent[..], &["-o", "r.pdf"]].concat()).ends(7);
    let clerk = format!("clerk:W@{}", office());
    let paper =
        ["consent", "record", "--report", "--subject", ZHANG.1, "--evidence", "居民身份证原件", "--paper", "1号"];
    let record = [&["--json", "--as", clerk.as_str()], &paper[..]].concat();
    city.run(&record).ends(2);
    let bounds = ["--for", "办理贷款", "--class", "行政管理", "--recipient", "云汀银行"];
    let recorded = city.run(&[&record[..], &bounds].concat()).ends(0).value();
    let receipt = recorded["number"].as_str().unwrap();
    let report = ["report", "--subject", ZHANG.1, "--consent", receipt, "-o", "r.pdf"];
    city.run(&[&["--as", &clerk, "--purpose", "招聘"], &report[..]].concat()).ends(7);
    city.run(&[&["--as", &clerk, "--purpose", "办理贷款"], &report[..]].concat()).ends(0);
    city.run_with_input(&["report", "--subject", "-", "-o", "r.json"], ZHANG.1).ends(0);
    let nobody = city.run(&["report", "--subject", "990000200002290013", "-o", "n.json"]);
    assert!([0, 3].contains(&nobody.code), "{nobody:?}");
}

#[test]
fn keys_are_listed_and_rotated_and_old_reports_stay_valid() {
    let city = released();
    report(&city);
    let before = city.run(&["--json", "keys", "list"]).ends(0).value();
    assert_eq!(before["signing"].as_array().unwrap().len(), 1);
    city.run(&["keys", "rotate", "signing"]).ends(0);
    city.run(&["keys", "rotate"]).ends(0);
    let after = city.run(&["--json", "keys", "list"]).ends(0).value();
    assert_eq!(after["signing"].as_array().unwrap().len(), 3);
    assert_eq!(after["index"].as_array().unwrap().len(), 2);
    assert!(city.run(&["keys", "list"]).ends(0).out.contains("wrapping"));
    city.run(&["verify", "report.json"]).ends(0);
    assert_eq!(report(&city)["entries"], 1, "the subject is still found");
    city.run(&["keys", "rotate", "all-of-them"]).ends(2);
}

#[test]
fn a_city_is_made_and_a_bad_plan_refused() {
    let city = City::new();
    city.run(&["synth", "--residents", "60", "--records", "300", "--out", "town"]).ends(0);
    assert!(common::exists(&city.path("town/manifest.json")));
    city.run(&["authority", "load", "town/authorities.json"]).ends(0);
    city.run(&["synth", "--residents", "60", "--records", "300"]).ends(2);
    city.run(&["synth", "--residents", "1", "--records", "300", "--out", "town"]).ends(2);
    city.run(&["synth", "--residents", "60", "--records", "300", "--faults", "2", "--out", "town"]).ends(2);
    city.run(&["synth", "--residents", "60", "--records", "300", "--out", "data/chengxin.db"]).ends(3);
}
