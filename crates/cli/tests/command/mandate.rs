//! `chengxin mandate`, and acting on one, from end to end.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::{City, LI, ZHANG, office};

#[test]
fn a_mandate_goes_from_its_offer_to_its_end_and_every_step_is_read_back() {
    let city = City::new();
    let offer = ["--json", "mandate", "offer", "--subject", ZHANG.1, "--actor", LI.1, "--actor-name", LI.0];
    let terms = ["--scope", "consents", "--scope", "log", "--until", "2027-06-01"];
    let offered = city.run(&[&offer[..], &terms].concat()).ends(0).value();
    let code = offered["code"].as_str().unwrap().to_owned();
    let number = offered["mandate"]["number"].as_str().unwrap().to_owned();
    let looked = city.run(&["--json", "mandate", "accept", &code, "--subject", LI.1, "--look"]).ends(0).value();
    assert_eq!(looked["state"], "offered");
    city.run(&["mandate", "accept", &code, "--subject", ZHANG.1]).ends(6);
    city.run(&["--json", "mandate", "accept", &code, "--subject", LI.1]).ends(0);

    city.run(&["consent", "list", "--subject", LI.1, "--mandate", &number]).ends(0);
    city.run(&["me", "records", "--subject", LI.1, "--mandate", &number]).ends(7);
    city.run(&["me", "log", "--subject", ZHANG.1, "--mandate", &number]).ends(7);
    city.run(&["submission", "list", "--mandate", &number]).ends(2);
    let log = city.run(&["--lang", "en", "me", "log", "--subject", ZHANG.1]).ends(0).out;
    for words in ["attorney 李*", &number, "looked at the consents", "tried to act for you"] {
        assert!(log.contains(words), "{words}: {log}");
    }
    for (lang, words) in [("zh", ["代我办理", "委托代理人", "有效"]), ("en", ["acts for me", "attorney", "in force"])]
    {
        let said = city.run(&["--lang", lang, "mandate", "list", "--subject", ZHANG.1]).ends(0).out;
        assert!(words.iter().all(|word| said.contains(word)) && said.contains(&number), "{said}");
    }
    city.run(&["mandate", "resign", &number, "--subject", LI.1]).ends(0);
    city.run(&["mandate", "revoke", &number, "--subject", ZHANG.1]).ends(0);
    city.run(&["consent", "list", "--subject", LI.1, "--mandate", &number]).ends(7);
    city.run(&["log", "verify"]).ends(0);
}

#[test]
fn a_window_records_a_legal_representative_who_takes_the_report_of_the_organisation() {
    let city = City::new();
    let office = office();
    let who = format!("clerk:王芳@{office}");
    let paper =
        ["--evidence", "证照原件", "--paper-kind", "licence", "--paper", "执照1号", "--paper-date", "2026-03-01"];
    let kind = ["--kind", "legal-representative", "--subject", &office];
    let record =
        ["--json", "--as", &who, "mandate", "record", "--name", "某局", "--actor", ZHANG.1, "--actor-name", ZHANG.0];
    let recorded = city.run(&[&record[..], &kind, &["--until", "2028-01-01"], &paper].concat()).ends(0).value();
    let number = recorded["number"].as_str().unwrap().to_owned();
    let report = ["report", "--subject", ZHANG.1, "--mandate", &number, "-o", "report.json"];
    city.run(&report).ends(0);
    let end = ["--as", &who, "mandate", "end"];
    city.run(&[&end[..], &kind, &paper].concat()).ends(0);
    city.run(&report).ends(7);
    city.run(&["--as", &who, "mandate", "record", "--kind", "mayor"]).ends(2);
    city.run(&["log", "verify"]).ends(0);
}
