//! Rules asked by date.

use chengxin_core::catalogue::model::{Severity, SubjectKind, Use};
use chengxin_core::catalogue::{Catalogue, ItemDef};
use jiff::civil::{Date, date};

use crate::example::{changed, files, load};

const OLD: Date = date(2026, 3, 31);
const NEW: Date = date(2026, 4, 1);

fn penalty(catalogue: &Catalogue) -> &ItemDef {
    catalogue.item("penalty").unwrap()
}

#[test]
fn a_basis_holds_from_its_first_day_and_only_while_its_law_does() {
    let catalogue = load(&files());
    let count = |day| penalty(&catalogue).basis_on(day).count();
    assert_eq!((count(date(2021, 7, 14)), count(date(2021, 7, 15)), count(NEW)), (0, 1, 1));
    let repealed =
        load(&changed("level = \"law\"\nfrom = 2021-07-15", "level = \"law\"\nfrom = 2021-07-15\nuntil = 2026-01-01"));
    let count = |day| penalty(&repealed).basis_on(day).count();
    assert_eq!((count(date(2025, 12, 31)), count(date(2026, 1, 1))), (1, 0));
    let low = load(&changed(
        "[[item.basis]]\nclause = \"penalty-law#art-48\"",
        "[[item.basis]]\nclause = \"order-36#periods\"",
    ));
    assert_eq!(penalty(&low).basis_on(NEW).count(), 0, "a department rule carries no collection");
}

#[test]
fn the_day_of_the_decision_chooses_the_period() {
    let catalogue = load(&files());
    let months = |day, severity| penalty(&catalogue).period_for(day, severity).and_then(|rule| rule.max_months);
    assert_eq!(months(OLD, Some(Severity::Serious)), Some(12), "the rule of the day knew no severities");
    assert_eq!(months(NEW, Some(Severity::Serious)), Some(36));
    assert_eq!(months(NEW, Some(Severity::General)), Some(12));
    assert_eq!(months(date(2021, 1, 1), Some(Severity::General)), None);
}

#[test]
fn while_severity_is_undecided_the_shortest_period_holds() {
    let catalogue = load(&files());
    assert_eq!(penalty(&catalogue).period_for(NEW, None).and_then(|rule| rule.max_months), Some(3));
}

#[test]
fn severity_is_the_gravest_case_that_matches() {
    let catalogue = load(&files());
    let item = penalty(&catalogue);
    let severity = |subject, kind: &'static str, fen: &'static str| {
        item.severity_of(NEW, subject, |code| match code {
            "CFLB" => kind,
            "FK" => fen,
            _ => "",
        })
    };
    assert_eq!(severity(SubjectKind::Person, "警告", ""), Some(Severity::Minor));
    assert_eq!(severity(SubjectKind::Person, "罚款", "500000"), Some(Severity::General));
    assert_eq!(severity(SubjectKind::Person, "罚款", "499999"), Some(Severity::Minor));
    assert_eq!(severity(SubjectKind::Organisation, "罚款", "500000"), Some(Severity::Minor));
    assert_eq!(severity(SubjectKind::Organisation, "罚款", "5000000"), Some(Severity::General));
    assert_eq!(severity(SubjectKind::Organisation, "吊销许可证件", "5000000"), Some(Severity::Serious));
    assert_eq!(severity(SubjectKind::Person, "罚款、吊销许可证件", ""), Some(Severity::Serious));
    assert_eq!(item.severity_of(OLD, SubjectKind::Person, |_| "吊销许可证件"), None);
}

#[test]
fn a_sole_trader_reaches_only_the_higher_amount() {
    let catalogue = load(&files());
    let severity = |fen: &'static str| {
        penalty(&catalogue).severity_of(NEW, SubjectKind::SoleTrader, |code| if code == "FK" { fen } else { "" })
    };
    assert_eq!(severity("500000"), Some(Severity::Minor));
    assert_eq!(severity("5000000"), Some(Severity::General));
}

#[test]
fn a_use_holds_for_the_subjects_and_severities_it_names() {
    let catalogue = load(&files());
    let item = penalty(&catalogue);
    let public = |subject, severity| item.may_show(Use::Public, NEW, subject, severity).is_some();
    assert!(public(SubjectKind::Organisation, Some(Severity::General)));
    assert!(!public(SubjectKind::Organisation, Some(Severity::Minor)));
    assert!(!public(SubjectKind::Organisation, None), "undecided counts as minor");
    assert!(!public(SubjectKind::Person, Some(Severity::Serious)), "people are off by default");
    assert!(item.may_show(Use::Report, NEW, SubjectKind::Person, None).is_some());
    assert!(item.may_show(Use::Check, NEW, SubjectKind::Person, None).is_none(), "no rule, no use");
    assert!(item.may_show(Use::Report, date(2021, 7, 14), SubjectKind::Person, None).is_none());
    assert_eq!(item.use_rule(Use::Public, NEW).count(), 1);
}

#[test]
fn a_sealed_item_is_shown_for_no_use() {
    let catalogue = load(&changed("open_to_minors = false", "open_to_minors = false\nsealed = true"));
    for use_for in [Use::Public, Use::Report, Use::Check] {
        assert!(
            penalty(&catalogue).may_show(use_for, NEW, SubjectKind::Organisation, Some(Severity::Serious)).is_none()
        );
    }
}

#[test]
fn repair_follows_the_rule_of_the_day_of_asking() {
    let catalogue = load(&files());
    assert!(penalty(&catalogue).repair_on(OLD).is_none());
    assert_eq!(penalty(&catalogue).repair_on(NEW).map(|rule| rule.decide_working_days), Some(10));
}

#[test]
fn display_ends_by_the_period_of_the_decision() {
    let catalogue = load(&files());
    let until = |severity| penalty(&catalogue).display_until(NEW, severity, None);
    assert_eq!(until(Some(Severity::Serious)), Some(date(2029, 4, 2)));
    assert_eq!(until(None), Some(date(2026, 7, 2)));
}

#[test]
fn an_adverse_record_without_a_rule_is_never_shown() {
    let catalogue = load(&files());
    let day = date(2021, 1, 1);
    assert_eq!(penalty(&catalogue).display_until(day, None, Some(date(2030, 1, 1))), Some(day));
}

#[test]
fn a_plain_fact_is_shown_as_long_as_it_is_valid() {
    let mut files = changed("polarity = \"adverse\"", "polarity = \"neutral\"");
    let text = files[2].1.clone();
    let (head, rest) = text.split_once("[[item.period]]").unwrap();
    let tail = &rest[rest.find("[[item.use]]").unwrap()..];
    let rule = "[[item.period]]\nfrom = 2021-07-15\nclock = \"valid_until\"\nclause = \"order-36#periods\"\n";
    for rule in ["", rule] {
        files[2].1 = format!("{head}{rule}{tail}");
        let catalogue = load(&files);
        let item = penalty(&catalogue);
        assert_eq!(item.display_until(NEW, None, Some(date(2027, 12, 31))), Some(date(2028, 1, 1)));
        assert_eq!(item.display_until(NEW, None, None), None);
    }
    files[2].1 = format!("{head}{rule}max_months = 6\n{tail}");
    let catalogue = load(&files);
    assert_eq!(penalty(&catalogue).display_until(NEW, None, Some(date(2027, 8, 31))), Some(date(2028, 3, 1)));
}
