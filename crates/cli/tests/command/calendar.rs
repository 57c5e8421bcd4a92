//! `chengxin calendar`, `chengxin deadline` and `chengxin contact`, the way the manual shows them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::{City, chengxin};

const NEXT: &str = include_str!("../../../app/tests/use_cases/calendar/2027.toml");

#[test]
fn a_year_is_checked_applied_and_shown_and_a_deadline_over_it_is_counted() {
    let city = City::new();
    city.write("2027.toml", NEXT);
    let said = city.run(&["--lang", "en", "calendar", "show", "2026"]).ends(0).out;
    assert!(
        said.contains("2026: 248 working days")
            && said.contains("National Day: 2026-10-01 to 2026-10-07; worked: 2026-09-20, 2026-10-10"),
        "{said}"
    );
    assert!(said.contains("nobody has compared it with the notice itself"), "{said}");
    let due = ["--lang", "en", "deadline", "show", "repair-decision", "--from", "2026-12-24"];
    let lacks = city.run(&due).ends(6).err;
    assert!(lacks.contains("chengxin calendar apply 2027.toml"), "{lacks}");

    city.run(&["calendar", "check", "2027.toml"]).ends(0);
    let applied = city.run(&["--lang", "en", "calendar", "apply", "2027.toml"]).ends(0).out;
    assert!(
        applied.contains("the holidays of 2027 are in use") && applied.contains("2026-12-27, 2026-12-31"),
        "{applied}"
    );
    let again = city.run(&["--json", "calendar", "apply", "2027.toml"]).ends(0).value();
    assert_eq!((again["already"].as_bool(), again["year"].as_i64()), (Some(true), Some(2027)));
    let said = city.run(&due).ends(0).out;
    assert!(said.contains("until 2027-01-08") && said.contains("not yet read at its source"), "{said}");
    let years = city.run(&["--json", "calendar", "show"]).ends(0).values();
    assert_eq!((years.len(), years[23]["year"].as_i64()), (24, Some(2027)));
}

#[test]
fn a_file_with_faults_is_told_line_by_line_with_or_without_an_installation() {
    let city = City::new();
    city.write("wrong.toml", NEXT.replace("year = 2027", "year = 2028"));
    let said = city.run(&["--lang", "en", "calendar", "check", "wrong.toml"]).ends(3);
    assert!(said.out.contains("wrong.toml:8") && said.out.contains("is not in 2028"), "{}", said.out);
    assert!(said.err.contains("mend it by line above"), "{}", said.err);
    let elsewhere = ["--lang", "en", "--dir", "nowhere", "calendar", "check", "wrong.toml"];
    let output = chengxin().args(elsewhere).current_dir(city.scratch.path()).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stdout).unwrap()), (Some(3), said.out));
    let said = city.run(&["--lang", "en", "calendar", "apply", "wrong.toml"]).ends(3);
    assert!(said.err.contains("wrong.toml:8"), "{}", said.err);
}

#[test]
fn deadlines_are_listed_in_both_languages() {
    let city = City::new();
    let en = city.run(&["--lang", "en", "deadline", "show"]).ends(0).out;
    let en = en.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        en.contains("repair-acceptance")
            && en.contains("3 working days from the day of receiving the request for repair"),
        "{en}"
    );
    assert!(en.contains("by analogy, as a ceiling that the platform sets itself"), "{en}");
    let zh = city.run(&["--lang", "zh", "deadline", "show"]).ends(0).out;
    assert!(zh.contains("自受理信用修复申请之日起 10 个工作日（约束单位）"), "{zh}");
    assert_eq!(city.run(&["--json", "deadline", "show"]).ends(0).values().len(), 8);
    city.run(&["deadline", "show", "repair-decision"]).ends(2);
    city.run(&["deadline", "show", "repair-decision", "--from", "2026-02-30"]).ends(2);
}

#[test]
fn where_people_reach_the_office_is_said_a_bit_at_a_time() {
    let city = City::new();
    let none = city.run(&["contact", "show"]).ends(0);
    assert!(none.out.contains("chengxin contact set") || none.err.contains("chengxin contact set"), "{none:?}");
    city.run(&["contact", "set", "--phone", "0990-123456", "--place", "一号窗口"]).ends(0);
    let said = city.run(&["--json", "contact", "set", "--hours", "工作日", "--place", ""]).ends(0).value();
    assert_eq!(
        (said["phone"].as_str(), said["place"].as_str(), said["hours"].as_str()),
        (Some("0990-123456"), Some(""), Some("工作日"))
    );
    let wrong = city.run(&["--lang", "en", "contact", "set", "--phone", "call us"]).ends(3).err;
    assert!(wrong.contains("telephone") && wrong.contains("0990-123456"), "{wrong}");
    assert_eq!(city.run(&["--json", "contact", "show"]).ends(0).value(), said);
}
