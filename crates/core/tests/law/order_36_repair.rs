//! 信用修复管理办法 (NDRC Order 36, in force 2026-04-01), 修复条件: the minimum is over, conduct corrected and duties performed, a public commitment,
//! other statutory conditions. Volunteering or donating is no condition, and nothing is paid.

use chengxin_core::catalogue::model::Polarity;

use crate::clocks::{day, item, items};

#[test]
fn the_four_conditions_are_the_whole_of_it() {
    let rule = item("penalty").repair_on(day((2026, 9, 1))).expect("a rule");
    assert_eq!((rule.accept_working_days, rule.decide_working_days), (3, 10));
    assert_eq!((rule.conditions.len(), rule.conditions_en.len()), (4, 4));
    for (at, said) in ["最短公示期限", "履行", "信用承诺", "其他条件"].iter().enumerate() {
        assert!(rule.conditions[at].contains(said), "{:?}", rule.conditions);
    }
}

#[test]
fn before_the_order_there_is_no_rule_of_it() {
    assert!(item("penalty").repair_on(day((2026, 3, 31))).is_none());
    assert!(item("penalty").repair_on(day((2026, 4, 1))).is_some());
}

#[test]
fn no_item_sells_repair_for_volunteering_donations_or_a_fee() {
    let mut seen = 0;
    for item in items().iter().filter(|item| item.item.polarity == Polarity::Adverse) {
        let Some(rule) = item.repair_on(day((2026, 9, 1))) else { continue };
        seen += 1;
        for said in rule.conditions.iter().chain(&rule.conditions_en) {
            for bought in ["志愿", "捐", "献血", "公益", "收费", "缴费", "volunteer", "donat", "fee"] {
                assert!(!said.contains(bought), "{}: {said}", item.code());
            }
        }
    }
    assert!(seen > 5, "{seen}");
}
