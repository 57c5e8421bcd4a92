//! `chengxin import`: what comes in, what is said about it, and everything that a file can be instead of a good one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::{City, LI, ZHANG, office, office_of, penalties, penalty};

fn good_file() -> String {
    penalties(&[
        penalty(ZHANG.0, ZHANG.1, "云市监罚〔2026〕1号", "2026-03-05"),
        penalty(LI.0, LI.1, "云市监罚〔2026〕2号", "2026年3月6日"),
    ])
}

#[test]
fn a_good_file_ends_with_zero_and_waits_for_a_second_officer() {
    let city = City::new();
    city.write("good.csv", good_file());
    let said = city.run(&["import", "--authority", &office(), "--item", "penalty", "good.csv"]).ends(0);
    for part in ["Quality report · good.csv", "CF_XDR_ZJHM", "second officer", "submission release 1"] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    assert!(!said.out.contains(ZHANG.1) && !said.out.contains(LI.1), "numbers are not printed");
    let again = city.run(&["--json", "import", "--authority", &office(), "good.csv"]).ends(0).value();
    assert_eq!(again["quality"]["repeated"], true);
    assert_eq!(again["quality"]["counts"]["unchanged"], 2);
    assert_eq!(again["quality"]["counts"]["new"], 0);
}

#[test]
fn the_item_is_found_by_the_headings() {
    let city = City::new();
    city.write("good.csv", good_file());
    let value = city.run(&["--json", "import", "--authority", &office(), "--dry-run", "good.csv"]).ends(0).value();
    assert_eq!(value["quality"]["item"], "penalty");
    assert_eq!(value["quality"]["dry_run"], true);
    assert!(value["receipt"].is_null());
    let list = city.run(&["--json", "submission", "list"]).ends(0);
    assert!(list.out.is_empty(), "a dry run writes nothing: {}", list.out);
}

#[test]
fn refused_and_held_rows_end_with_four_and_are_written_out_to_be_mended() {
    let city = City::new();
    let rows = [
        penalty(ZHANG.0, ZHANG.1, "云市监罚〔2026〕1号", "2026-02-30"),
        penalty(LI.0, "990000198505050021", "云市监罚〔2026〕2号", "2026-03-06"),
        penalty(LI.0, LI.1, "云市监罚〔2026〕3号", "2026-03-06"),
    ];
    city.write("mixed.csv", penalties(&rows));
    let said =
        city.run(&["import", "--authority", &office(), "--item", "penalty", "--out", "answer", "mixed.csv"]).ends(4);
    assert!(said.out.contains("row 2") && said.out.contains("no day of the calendar"), "{}", said.out);
    assert!(said.out.contains("held for identity check"), "{}", said.out);
    let answer = city.path("answer");
    for name in ["quality.json", "quality.html", "receipt.json", "refused.xlsx"] {
        assert!(common::exists(&answer.join(name)), "{name}");
    }
    let html = std::fs::read_to_string(answer.join("quality.html")).unwrap();
    assert!(html.contains("lang=\"en\"") && !html.contains(LI.1));
    let quality: serde_json::Value =
        serde_json::from_slice(&std::fs::read(answer.join("quality.json")).unwrap()).unwrap();
    assert_eq!(quality["counts"]["refused"], 1);
    assert_eq!(quality["counts"]["held"], 1);
    assert_eq!(quality["counts"]["new"], 1);
}

#[test]
fn the_file_of_refused_rows_can_be_sent_again_and_is_not_overwritten_by_its_own_answer() {
    let city = City::new();
    city.write("bad.csv", penalties(&[penalty(ZHANG.0, ZHANG.1, "云市监罚〔2026〕1号", "2026-02-30")]));
    let args = ["import", "--authority", &office(), "--item", "penalty", "--out", "answer"];
    city.run(&[&args[..], &["bad.csv"]].concat()).ends(4);
    let refused = std::fs::read(city.path("answer/refused.xlsx")).unwrap();
    city.run(&[&args[..], &["answer/refused.xlsx"]].concat()).ends(4);
    assert_eq!(std::fs::read(city.path("answer/refused.xlsx")).unwrap(), refused);
    assert!(common::exists(&city.path("answer/refused-again.xlsx")));
}

#[test]
fn several_files_are_each_answered_and_the_worst_decides() {
    let city = City::new();
    city.write("good.csv", good_file());
    city.write("empty.csv", "");
    city.write("bad.csv", penalties(&[penalty(ZHANG.0, ZHANG.1, "云市监罚〔2026〕9号", "2026-02-30")]));
    let args = ["--json", "import", "--authority", &office(), "--item", "penalty", "--out", "all"];
    let said = city.run(&[&args[..], &["good.csv", "empty.csv", "bad.csv"]].concat()).ends(3);
    let values = said.values();
    assert_eq!(values.len(), 2);
    assert_eq!((&values[0]["exit"], &values[1]["exit"]), (&0.into(), &4.into()));
    assert!(said.err.contains("empty.csv"), "{}", said.err);
    assert!(common::exists(&city.path("all/good.csv/quality.html")));
    assert!(common::exists(&city.path("all/bad.csv/refused.xlsx")));
}

#[test]
fn a_heading_of_their_own_can_be_explained_and_is_remembered() {
    let city = City::new();
    let strange = good_file().replacen("CF_WSH", "我局编号", 1);
    city.write("strange.csv", &strange);
    let args = ["--json", "import", "--authority", &office(), "--item", "penalty"];
    let said = city.run(&[&args[..], &["strange.csv"]].concat());
    assert!([3, 4].contains(&said.code), "without its number a document is nothing: {said:?}");
    city.run(&[&args[..], &["--map", "我局编号=CF_WSH", "strange.csv"]].concat()).ends(0);
    city.write("next.csv", strange.replace("〔2026〕1号", "〔2026〕7号"));
    city.run(&[&args[..], &["next.csv"]].concat()).ends(0);
}

#[test]
fn an_unfinished_import_that_is_not_there_cannot_be_given_up() {
    let city = City::new();
    city.write("good.csv", good_file());
    city.run(&["import", "--authority", &office(), "--abandon", "good.csv"]).ends(6);
}

/// What a path can be instead of a good file: exit code and what the message must name.
#[test]
fn whatever_is_no_good_file_is_refused_in_one_sentence_that_names_it() {
    let city = City::new();
    city.write("empty.csv", "");
    city.write("heading-only.csv", "甲,乙,丙\n1,2,3\n");
    city.write("noise.xlsx", [0x50, 0x4b, 3, 4, 1, 2, 3]);
    city.write("picture.csv", [0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0]);
    city.write("nul.csv", penalties(&["a\0b".to_owned()]));
    std::fs::create_dir(city.path("folder")).unwrap();
    let good = city.write("good.csv", good_file());
    #[cfg(unix)]
    std::os::unix::fs::symlink(&good, city.path("link.csv")).unwrap();
    let cases = [
        ("missing.csv", 3),
        ("folder", 3),
        ("empty.csv", 3),
        ("heading-only.csv", 3),
        ("noise.xlsx", 3),
        ("picture.csv", 3),
        #[cfg(unix)]
        ("link.csv", 3),
    ];
    for (name, code) in cases {
        for lang in ["zh", "en"] {
            let said = city.run(&["--lang", lang, "import", "--authority", &office(), name]).ends(code);
            assert!(said.err.contains(name), "{name}: {}", said.err);
            assert!(said.out.is_empty(), "{name}: {}", said.out);
            assert!(!said.err.contains("panicked"), "{}", said.err);
        }
    }
    let nul = city.run(&["import", "--authority", &office(), "--item", "penalty", "nul.csv"]);
    assert!([3, 4].contains(&nul.code), "{nul:?}");
    assert!(city.run(&["--json", "submission", "list"]).ends(0).out.lines().count() <= 1, "nothing is half-loaded");
}

#[test]
fn an_unknown_item_office_or_sheet_is_named() {
    let city = City::new();
    city.write("good.csv", good_file());
    let said = city.run(&["import", "--authority", &office(), "--item", "nonsense", "good.csv"]);
    assert!([3, 6].contains(&said.code) && said.err.contains("nonsense"), "{said:?}");
    let said = city.run(&["import", "--authority", "119900000000000000", "good.csv"]).ends(6);
    assert!(said.err.contains("119900000000000000"));
    let said = city.run(&["import", "--authority", &office(), "--sheet", "第九张", "good.csv"]);
    assert_eq!(said.code, 3, "{said:?}");
}

#[test]
fn an_office_sends_only_what_the_catalogue_lets_it_send() {
    let city = City::new();
    city.write("good.csv", good_file());
    let court = office_of("court");
    let said = city.run(&["import", "--authority", &court, "--item", "penalty", "good.csv"]);
    assert!([0, 7].contains(&said.code), "{said:?}");
    let other = city.run(&["--as", &format!("data-officer:W@{court}"), "import", "--authority", &office(), "good.csv"]);
    other.ends(6);
}
