//! `chengxin consent`, and a check on one, from end to end.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::{City, LI, Said, ZHANG, office, office_of};

const MATTER: &str = "commitment-based-approval";

/// A clerk of the market regulation office asks about Zhang Wei with what was shown.
fn ask(city: &City, shown: &[&str]) -> Said {
    let who = format!("clerk:王芳@{}", office());
    let mut args = vec!["--as", &who, "--purpose", "办理审批", "--json", "check", "ask", "--matter", MATTER];
    args.extend(["--case", "受理〔2026〕3号", "--subject", ZHANG.1, "--name", ZHANG.0]);
    args.extend(shown);
    city.run(&args)
}

fn grant(city: &City, more: &[&str]) -> Said {
    let office = office();
    let mut args = vec!["--json", "consent", "grant", "--subject", ZHANG.1, "--authority", &office];
    args.extend(["--matter", MATTER, "--until", "2027-06-01"]);
    args.extend(more);
    city.run(&args)
}

#[test]
fn a_consent_goes_from_its_grant_to_its_last_use_and_every_step_is_read_back() {
    let city = City::new();
    let receipt = grant(&city, &["--uses", "2", "--out", "receipt.json"]).ends(0).value();
    let number = receipt["number"].as_str().unwrap().to_owned();
    let said = city.run(&["verify", "receipt.json"]).ends(3);
    assert!(said.out.contains("receipt of a consent") || said.err.contains("receipt of a consent"), "{said:?}");
    ask(&city, &["--consent", &number]).ends(0);
    let list = city.run(&["--json", "consent", "list", "--subject", ZHANG.1]).ends(0).value();
    assert_eq!((&list[0]["state"], &list[0]["used"][0]["caseNumber"]), (&"in_force".into(), &"受理〔2026〕3号".into()));
    let wider = city.run(&["consent", "narrow", &number, "--subject", ZHANG.1, "--uses", "3"]).ends(3);
    assert!(wider.err.contains("only become narrower"), "{}", wider.err);
    city.run(&["consent", "narrow", &number, "--subject", ZHANG.1, "--until", "2027-01-01"]).ends(0);
    city.run(&["consent", "withdraw", &number, "--subject", ZHANG.1]).ends(0);
    let withdrawn = ask(&city, &["--consent", &number]).ends(7).err;
    let unknown = ask(&city, &["--consent", "SQ20261121-0000-0000-0000-00"]).ends(7).err;
    assert_eq!(withdrawn, unknown, "the same to the byte");
    for (lang, words) in [("zh", ["授权给", "已撤回", "不含"]), ("en", ["to:", "withdrawn", "exclusive"])] {
        let said = city.run(&["--lang", lang, "consent", "list", "--subject", ZHANG.1]).ends(0).out;
        assert!(words.iter().all(|word| said.contains(word)) && said.contains(&number), "{said}");
    }
    let log = city.run(&["--json", "me", "log", "--subject", ZHANG.1]).ends(0).out;
    for operation in ["consent_grant", "consent_narrow", "consent_withdraw", "consent_list", "access_deny"] {
        assert!(log.contains(operation), "{operation}");
    }
    city.run(&["log", "verify"]).ends(0);
}

#[test]
fn a_code_and_signed_paper_are_each_good_for_one_check() {
    let city = City::new();
    let office = office();
    let args = ["consent", "code", "--subject", ZHANG.1, "--matter", MATTER, "--authority", &office];
    let issued = city.run(&[&["--json"], &args[..]].concat()).ends(0).value();
    let code = issued["code"].as_str().unwrap().to_owned();
    ask(&city, &["--code", &code.to_lowercase()]).ends(0);
    ask(&city, &["--code", &code]).ends(7);
    let shown = city.run(&[&["--lang", "en"], &args[..]].concat()).ends(0).out;
    assert!(shown.contains("works once") && shown.contains("Receipt SQ20261121-"), "{shown}");

    let who = format!("clerk:王芳@{office}");
    let record =
        ["consent", "record", "--subject", ZHANG.1, "--matter", MATTER, "--evidence", "身份证原件，与本人相符"];
    let paper = ["--paper", "授权书31号"];
    let recorded = city.run(&[&["--json", "--as", &who], &record[..], &paper].concat()).ends(0).value();
    ask(&city, &["--consent", recorded["number"].as_str().unwrap()]).ends(0);
    city.run(&[&["--as", "resident:张伟"], &record[..], &paper].concat()).ends(7);
    let disowned = issued["receipt"]["number"].as_str().unwrap();
    city.run(&["consent", "disown", disowned, "--subject", ZHANG.1]).ends(0);
    city.run(&["log", "verify"]).ends(0);
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_written() {
    let city = City::new();
    grant(&city, &["--out", "absent/receipt.json"]).ends(3);
    grant(&city, &["--uses", "0"]).ends(3);
    grant(&city, &["--class", "宗教信仰"]).ends(3);
    city.run(&["consent", "grant", "--subject", ZHANG.1, "--until", "2027-06-01"]).ends(2);
    let ecology = office_of("ecology");
    let args = ["consent", "code", "--subject", ZHANG.1, "--matter", MATTER, "--authority", &ecology];
    assert!(city.run(&args).ends(3).err.contains("does not handle"));
    let mine = grant(&city, &[]).ends(0).value()["number"].as_str().unwrap().to_owned();
    city.run(&["consent", "withdraw", &mine, "--subject", LI.1]).ends(6);
    city.run(&["consent", "withdraw", "12345", "--subject", ZHANG.1]).ends(3);
    ask(&city, &["--consent", &mine, "--code", "0000000000"]).ends(2);
    ask(&city, &[]).ends(7);
    let list = city.run(&["--json", "consent", "list", "--subject", ZHANG.1]).ends(0).value();
    assert_eq!(list.as_array().unwrap().len(), 1);
}

#[test]
fn a_consent_in_words_names_its_purpose_and_says_for_what_it_was_asked_separately() {
    let city = City::new();
    let args =
        ["--purpose", "自己查阅", "--json", "consent", "grant", "--subject", ZHANG.1, "--organisation", "云汀虚构银行"];
    let terms = ["--for", "申请住房贷款", "--class", "Contract performance", "--until", "2027-06-01"];
    let receipt = city.run(&[&args[..], &terms].concat()).ends(0).value();
    assert_eq!((&receipt["purpose"], &receipt["recipient"]["name"]), (&"申请住房贷款".into(), &"云汀虚构银行".into()));
    let log = city.run(&["--json", "me", "log", "--subject", ZHANG.1]).ends(0).out;
    assert!(log.contains("自己查阅") && !log.contains("申请住房贷款"), "the purpose of a consent lies sealed");
}
