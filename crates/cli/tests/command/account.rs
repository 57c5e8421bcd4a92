//! `chengxin account`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::City;

/// A made-up transport bureau, of those that a made-up city has from the start.
fn office(city: &City) -> String {
    city.run(&["--json", "authority", "list"]).ends(0).values()[0]["code"].as_str().unwrap().to_owned()
}

#[test]
fn a_new_installation_prints_the_first_administrators_link_and_no_password() {
    let city = City::without();
    let made = city.run(&["--json", "init", "--synthetic"]).ends(0).value();
    let link = made["first_link"].as_str().unwrap();
    assert!(link.contains("/begin/") && made["first_link_expires_us"].as_i64().is_some(), "{made}");
    let again = city.run(&["--json", "account", "first-link"]).ends(0).value();
    assert_ne!(again["link"].as_str().unwrap(), link, "each is its own, until somebody begins");
    for (lang, words) in [("zh", "首位管理员"), ("en", "the first administrator")] {
        let said = City::without().run(&["--lang", lang, "init", "--synthetic"]).ends(0).out;
        assert!(said.contains(words) && said.contains("/begin/"), "{said}");
        assert!(!said.to_lowercase().contains("password:") && !said.contains("密码："), "{said}");
    }
}

#[test]
fn an_account_is_opened_listed_given_rights_and_closed() {
    let city = City::new();
    let office = office(&city);
    let clerk = format!("clerk@{office}");
    let opened =
        city.run(&["--lang", "en", "account", "open", "zhou", "--name", "周明", "--right", &clerk]).ends(0).out;
    assert!(opened.contains("opened the account zhou") && opened.contains("one-time code"), "{opened}");
    city.run(&["account", "right", "grant", "zhou", &format!("decider@{office}")]).ends(0);
    let line = city.run(&["--json", "account", "list"]).ends(0).value();
    assert_eq!((line["login"].as_str(), line["state"].as_str()), (Some("zhou"), Some("opened")));
    assert_eq!(line["rights"].as_array().unwrap().len(), 2);
    let table = city.run(&["--lang", "zh", "account", "list"]).ends(0).out;
    assert!(table.contains("周明") && table.contains("窗口经办人员") && table.contains("未启用"), "{table}");
    city.run(&["account", "renew", "zhou", &clerk]).ends(8);
    let dir = city.data();
    let renewed = ["--json", "--dir", dir.to_str().unwrap(), "--on", "2027-06-01", "account", "renew", "zhou", &clerk];
    assert_eq!(common::run(renewed).ends(0).value()["renewed"], true, "it slept for months");
    city.run(&["account", "renew", "zhou", "auditor"]).ends(6);
    city.run(&["--as", "credit-office", "account", "renew", "zhou", &clerk]).ends(7);
    city.run(&["account", "right", "end", "zhou", &clerk]).ends(0);
    city.run(&["account", "right", "end", "zhou", &clerk]).ends(6);
    city.run(&["account", "close", "zhou"]).ends(0);
    city.run(&["account", "close", "zhou"]).ends(8);
    city.run(&["log", "verify"]).ends(0);
}

/// Opening an account with rights.
fn with<'a>(rights: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["account", "open", "zhou", "--name", "周明"];
    rights.iter().for_each(|right| args.extend(["--right", right]));
    args
}

#[test]
fn what_may_not_be_is_refused_in_both_languages() {
    let city = City::new();
    let clerk = format!("clerk@{}", office(&city));
    for (lang, words) in [("zh", "不得由同一账户兼任"), ("en", "never one account")] {
        let both = with(&[&clerk, "administrator"]);
        let said = city.run(&[&["--lang", lang], &both[..]].concat()).ends(7).err;
        assert!(said.contains(words), "{said}");
    }
    city.run(&with(&["clerk"])).ends(3);
    city.run(&with(&["mayor"])).ends(2);
    city.run(&with(&["clerk:zhou@1"])).ends(2);
    city.run(&with(&[])).ends(2);
    city.run(&["--as", "auditor", "account", "open", "zhou", "--name", "周明", "--right", "auditor"]).ends(7);
    city.run(&["account", "close", "nobody"]).ends(6);
}

#[test]
fn a_window_hands_over_a_code_for_a_person_and_an_administrator_does_not() {
    let city = City::new();
    let activate = ["account", "activate", "--subject", "990000199001010017", "--evidence", "身份证原件，与本人相符"];
    let code = city.run(&[&["--json"], &activate[..]].concat()).ends(0).value();
    assert_eq!(code["code"].as_str().unwrap().len(), 19, "{code}");
    city.run(&[&["--as", "administrator"], &activate[..]].concat()).ends(7);
    city.run(&["account", "activate", "--subject", "990000199001010018", "--evidence", "x"]).ends(3);
    let recover = ["account", "recover", "--subject", "990000199001010017", "--evidence", "x"];
    city.run(&[&["--as", "identity-clerk"], &recover[..]].concat()).ends(6);
    city.run(&recover).ends(7);
    city.run(&["account", "recover", "--evidence", "x"]).ends(2);
    city.run(&["account", "recover", "--login", "nobody", "--evidence", "x"]).ends(6);
}
