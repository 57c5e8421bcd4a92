//! 个人信息保护法 第四十八条 (in force 2021-11-01; not verified): a person has the rules of processing explained.
//!
//! The rules are the catalogue's own data, told in words to anybody, signed in or not. How a record of one's own comes under them (until when, the way there,
//! where it counts) is shown in `crates/app/tests/use_cases/objection.rs`, of `record_horizon`.

use chengxin_core::Role;
use chengxin_core::catalogue::model::Polarity;
use chengxin_core::catalogue::{ShowSection, show};
use chengxin_core::deadline::{DeadlineKind, due};
use chengxin_core::operation::operation;

use crate::clocks::{calendar, catalogue, day, items};

fn section<'s>(sections: &'s [ShowSection], title: &str) -> Option<&'s ShowSection> {
    sections.iter().find(|section| section.title.zh == title)
}

#[test]
fn each_item_says_on_what_it_rests_what_it_holds_and_how_long_in_both_languages() {
    for item in items() {
        let sections = show(catalogue(), item);
        let mut expected = vec!["信用事项", "归集依据", "数据字段", "保存期限", "用途"];
        if item.item.polarity == Polarity::Adverse {
            expected.extend(["公示期限", "信用修复"]);
        }
        for title in expected {
            let lines = &section(&sections, title).unwrap_or_else(|| panic!("{}: {title}", item.code())).lines;
            assert!(lines.iter().all(|line| !line.zh.is_empty() && !line.en.is_empty()), "{}: {title}", item.code());
        }
    }
}

#[test]
fn every_rule_names_its_law_and_clause_and_says_where_nobody_has_read_it() {
    let (mut read, mut not_read) = (0, 0);
    for item in items() {
        let sections = show(catalogue(), item);
        let lines = &section(&sections, "归集依据").expect("a basis").lines;
        assert_eq!(lines.len(), item.item.bases.len(), "{}", item.code());
        for (line, basis) in lines.iter().zip(&item.item.bases) {
            let (law, clause) = catalogue().clause(&basis.clause).expect("a clause");
            assert!(line.zh.contains(&format!("《{}》{}", law.title, clause.label)), "{line}");
            assert!(line.en.contains(&law.title_en), "{line}");
            assert_eq!(line.zh.contains("未核对"), !clause.verified, "{line}");
            *(if clause.verified { &mut read } else { &mut not_read }) += 1;
        }
    }
    assert!(read > 0 && not_read > 0, "{read}, {not_read}");
}

#[test]
fn every_field_says_to_whom_it_is_shown() {
    for item in items() {
        let sections = show(catalogue(), item);
        let lines = &section(&sections, "数据字段").expect("fields").lines;
        assert_eq!(lines.len(), item.fields.len(), "{}", item.code());
        for (line, def) in lines.iter().zip(&item.fields) {
            assert!(line.zh.contains(&def.field.label) && line.zh.contains("展示"), "{line}");
        }
    }
}

#[test]
fn every_deadline_is_counted_in_words_that_one_can_follow() {
    let start = day((2026, 5, 6));
    for kind in DeadlineKind::ALL {
        let rule = catalogue().deadline(kind, start).expect("a rule");
        let due = due(start, rule, calendar()).expect("a day");
        assert!(due.how.zh.contains("自2026年5月6日次日起"), "{}: {}", kind.code(), due.how);
        assert!(due.how.en.contains(&format!("until {}", due.last)), "{}: {}", kind.code(), due.how);
    }
}

#[test]
fn the_rules_are_told_to_anybody_without_signing_in() {
    for name in ["catalogue_show", "matter_show", "deadline_show", "calendar_show"] {
        let roles = operation(name).expect("an operation").roles;
        assert!(roles.contains(&Role::Public) && roles.contains(&Role::Resident), "{name}: {roles:?}");
    }
}
