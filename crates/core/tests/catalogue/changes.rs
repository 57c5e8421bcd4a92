//! What a new catalogue changes, and an item in words.

use chengxin_core::catalogue::{RuleKind, Severity, check, display_change, impact, show};
use jiff::civil::date;

use crate::example::{PLACE, TODAY, changed, files, load, with};

#[test]
fn comments_and_order_change_the_hash_and_nothing_else() {
    let (old, new) = (load(&files()), load(&with("\n# a remark\n")));
    let impact = impact(&old, &new);
    assert!(impact.is_empty(), "{impact:#?}");
    assert_ne!(impact.old_hash, impact.new_hash);
}

#[test]
fn each_kind_of_rule_is_told_apart() {
    let old = load(&files());
    for (from, to, rule) in [
        ("name = \"行政处罚\"", "name = \"行政处罚决定\"", RuleKind::Item),
        ("code = \"BZ\"", "code = \"BZXX\"", RuleKind::Field),
        ("aliases = [\"文书号\"]", "aliases = [\"文书号\", \"文号\"]", RuleKind::Field),
        ("identity = true\n", "", RuleKind::Field),
        (
            "[[item.basis]]\nclause = \"penalty-law#art-48\"\nfrom = 2021-07-15",
            "[[item.basis]]\nclause = \"penalty-law#art-48\"\nfrom = 2022-07-15",
            RuleKind::Basis,
        ),
        (
            "level = \"law\"\nfrom = 2021-07-15",
            "level = \"law\"\nfrom = 2021-07-15\nuntil = 2027-01-01",
            RuleKind::Basis,
        ),
        ("person_at_least_fen = 500000", "person_at_least_fen = 600000", RuleKind::Severity),
        ("max_months = 36", "max_months = 24", RuleKind::Period),
        ("severities = [\"general\", \"serious\"]", "severities = [\"serious\"]", RuleKind::Use),
        ("decide_working_days = 10", "decide_working_days = 7", RuleKind::Repair),
    ] {
        let impact = impact(&old, &load(&changed(from, to)));
        assert_eq!(impact.changed.len(), 1, "{to}");
        let change = &impact.changed[0];
        assert_eq!(change.item, "penalty");
        assert!(change.changes.iter().all(|c| c.rule == rule), "{to}: {change:#?}");
        assert!(change.touches(rule));
    }
}

#[test]
fn the_words_say_what_was_and_what_will_be() {
    let impact = impact(&load(&files()), &load(&changed("max_months = 36", "max_months = 24")));
    let says: Vec<_> = impact.changed[0].changes.iter().map(|c| c.say.zh.as_str()).collect();
    assert_eq!(
        says,
        [
            "不再有：自 2026-04-01 起：严重，最短 12 个月，最长 36 个月，自认定之日起，届满自动停止公示（order-36#periods）",
            "新增：自 2026-04-01 起：严重，最短 12 个月，最长 24 个月，自认定之日起，届满自动停止公示（order-36#periods）",
        ]
    );
    assert!(impact.changed[0].moves_display());
}

#[test]
fn items_laws_lists_and_measures_that_come_and_go_are_named() {
    let old = load(&files());
    let renamed = impact(&old, &load(&changed("code = \"penalty\"", "code = \"fine\"")));
    assert_eq!((renamed.added, renamed.removed), (vec!["fine".to_owned()], vec!["penalty".to_owned()]));
    for (from, to, word) in [
        ("code = \"local\"", "code = \"local-2\"", "law local"),
        ("value = \"律师\"", "value = \"律师\"\naliases = [\"执业律师\"]", "dictionary occupation changes"),
        ("code = \"inspection\"", "code = \"inspection-2\"", "measure inspection is gone"),
    ] {
        let impact = impact(&old, &load(&changed(from, to)));
        assert!(impact.shared.iter().any(|say| say.en.contains(word)), "{word}: {:?}", impact.shared);
    }
}

#[test]
fn a_record_is_told_when_its_display_would_end_otherwise() {
    let (old, new) = (load(&files()), load(&changed("max_months = 36", "max_months = 24")));
    let serious = Some(Severity::Serious);
    let of = |a, b, severity| display_change((a, severity), (b, severity), date(2026, 5, 1), None);
    let (a, b) = (old.item("penalty").unwrap(), new.item("penalty").unwrap());
    let change = of(a, b, serious).unwrap();
    assert_eq!((change.before, change.after), (Some(date(2029, 5, 2)), Some(date(2028, 5, 2))));
    assert!(!change.lengthens());
    assert!(of(b, a, serious).unwrap().lengthens());
    assert_eq!(of(a, b, Some(Severity::General)), None);
}

#[test]
fn an_item_is_shown_with_every_rule_and_its_clause() {
    let files = changed(
        "label = \"第四十八条\"\nsays = \"具有一定社会影响的行政处罚决定应当依法公开。\"\nsays_en = \"Penalties with a certain social impact are published.\"\nverified = true",
        "label = \"第四十八条\"\nsays = \"a\"\nsays_en = \"a\"\nverified = false",
    );
    let catalogue = load(&files);
    let sections = show(&catalogue, catalogue.item("penalty").unwrap());
    let titles: Vec<_> = sections.iter().map(|section| section.title.zh.as_str()).collect();
    assert_eq!(
        titles,
        ["信用事项", "归集依据", "数据字段", "严重程度", "公示期限", "保存期限", "用途", "信用修复", "措施"]
    );
    let text: String = sections.iter().flat_map(|section| &section.lines).map(|line| format!("{line}\n")).collect();
    for part in [
        "行政处罚（penalty）",
        "《行政处罚法》第四十八条，未核对",
        "WSH 行政处罚决定书文号：文本，不超过 128 字，必填，决定同一条记录",
        "罚款金额（万元）",
        "自然人罚款金额不低于 5000 元",
        "最长 36 个月",
        "停止公示后保存 36 个月",
        "法人及非法人组织，限一般、严重",
        "10 个工作日内决定",
        "加强检查（市场监督管理部门）",
        "ZJHM 证件号码：证件号码，LB 为自然人时必填，展示给本人",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(check(&files, TODAY, PLACE).iter().all(|finding| !finding.is_error()));
}
