//! `chengxin log`: checked, proven and compared from the console.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::{City, ZHANG, two_penalties};

/// Lays hands on the database.
fn alter(city: &City, text: &str) {
    rusqlite::Connection::open(city.data().join("chengxin.db")).unwrap().execute_batch(text).unwrap();
}

#[test]
fn a_log_that_fits_ends_with_zero_and_one_that_was_altered_with_five_table_and_key() {
    let city = two_penalties();
    let sequenced = city.run(&["--json", "log", "sequence"]).ends(0).value();
    assert!(sequenced["size"].as_u64().unwrap() > 4, "{sequenced}");
    let said = city.run(&["--lang", "en", "log", "verify"]).ends(0).out;
    assert!(said.contains("log and database agree") && said.contains("2 versions"), "{said}");
    alter(&city, "UPDATE authority SET name = name || '二'");
    let said = city.run(&["--lang", "zh", "log", "verify"]).ends(5).out;
    assert!(said.contains("✕ authority ") && said.contains("去哪里查"), "{said}");
    let findings = city.run(&["--json", "log", "verify"]).ends(5).value()["findings"].clone();
    assert_eq!(findings[0]["table"], "authority");
    assert!(findings[0]["what"]["en"].as_str().unwrap().contains("not what the log says"));
}

#[test]
fn a_checkpoint_kept_elsewhere_shows_a_cut_off_tail() {
    let city = two_penalties();
    city.run(&["log", "sequence"]).ends(0);
    let before = std::fs::read(city.data().join("chengxin.db")).unwrap();
    city.run(&["me", "records", "--subject", ZHANG.1]).ends(0);
    city.run(&["log", "checkpoint", "-o", "outside.txt"]).ends(0);
    assert!(city.run(&["log", "checkpoint"]).ends(0).out.contains("/log\n"));
    let since = city.run(&["--json", "log", "verify", "--since", "outside.txt"]).ends(0).value();
    assert_eq!(since["since"], since["leaves"]);
    let grew = city.run(&["--lang", "en", "log", "consistency", "1", "outside.txt"]).ends(0).out;
    assert!(grew.contains("the log only grew"), "{grew}");
    for file in ["chengxin.db-wal", "chengxin.db-shm"] {
        let _absent = std::fs::remove_file(city.data().join(file));
    }
    std::fs::write(city.data().join("chengxin.db"), before).unwrap();
    city.run(&["log", "verify"]).ends(0);
    let said = city.run(&["--lang", "en", "log", "verify", "--since", "outside.txt"]).ends(5).out;
    assert!(said.contains("a cut-off tail"), "{said}");
    city.run(&["log", "consistency", "outside.txt"]).ends(5);
    city.write("nothing.txt", "nothing");
    city.run(&["log", "verify", "--since", "nothing.txt"]).ends(3);
    city.run(&["log", "consistency", "nothing.txt"]).ends(3);
}

#[test]
fn a_proof_is_checked_without_an_installation_and_refused_once_it_is_altered() {
    let city = two_penalties();
    city.run(&["report", "--subject", ZHANG.1, "--recipient", "某银行", "-o", "r.json"]).ends(0);
    city.run(&["log", "prove", "0", "-o", "entry.json"]).ends(0);
    let lines = city.run(&["--json", "me", "records", "--subject", ZHANG.1]).ends(0).value();
    let record = lines["records"][0]["record"].as_str().unwrap().to_owned();
    city.run_with_input(&["log", "prove", "--record", &record, "--subject", "-", "-o", "record.json"], ZHANG.1).ends(0);
    let trust = city.data().join("trust.json");
    let trust = trust.to_str().unwrap();
    for (name, says) in [("entry.json", "installation_init"), ("record.json", record.as_str())] {
        let file = city.path(name);
        let file = file.to_str().unwrap();
        let alone = ["--dir", "/nonexistent", "--lang", "en", "log", "verify-proof", file, "--trust", trust];
        let said = common::run(alone).ends(0).out;
        assert!(said.contains(says) && said.contains("signed"), "{said}");
        city.run(&["log", "verify-proof", name]).ends(0);
        let text = std::fs::read_to_string(city.path(name)).unwrap();
        city.write("altered.json", text.replace("\"atUs\": 1", "\"atUs\": 2"));
        city.write("broken.json", text.replace("{\n", "{{"));
        city.run(&["log", "verify-proof", "altered.json"]).ends(5);
        city.run(&["log", "verify-proof", "broken.json"]).ends(3);
    }
    let other = City::new();
    let strange = other.data().join("trust.json");
    city.run(&["log", "verify-proof", "entry.json", "--trust", strange.to_str().unwrap()]).ends(5);
    city.run(&["log", "prove", "99999"]).ends(6);
    city.run(&["log", "prove"]).ends(2);
    city.run(&["--as", "clerk:王芳@11990000MA00000151", "log", "prove", "0"]).ends(7);
}
