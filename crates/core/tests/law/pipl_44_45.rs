//! 个人信息保护法 第四十四条、第四十五条 (in force 2021-11-01; not verified): a person knows and decides about the processing, reads what is held, copies it and carries it away.
//!
//! Departure: what a law orders to be kept silent is told from its day on, not before (第十八条; shown in `crates/app/tests/use_cases/silence.rs`). The whole in one
//! file, which carries no signature so that nobody can demand it, is shown in `crates/web/tests/screens/held_on.rs`.

use chengxin_core::catalogue::model::Audience;
use chengxin_core::operation::{Api, OPERATIONS, operation};
use chengxin_core::operation_words::act;
use chengxin_core::{Ground, Role};
use rstest::rstest;

use crate::clocks::{catalogue, items};

#[test]
fn nobody_is_shown_a_field_that_the_person_is_not() {
    let mut seen = 0;
    for item in items() {
        for field in item.fields.iter().map(|def| &def.field).filter(|field| !field.shown_to.is_empty()) {
            seen += 1;
            assert!(
                field.shown_to.contains(&Audience::Subject),
                "{} {}: {:?}",
                item.code(),
                field.code,
                field.shown_to
            );
        }
    }
    assert!(seen > 500, "{seen}");
}

#[test]
fn for_every_matter_the_person_may_see_beforehand_what_a_window_would_be_told() {
    assert!(catalogue().matters().len() > 20);
    for matter in catalogue().matters() {
        assert!(matter.accepts(&Ground::OwnRight), "{}", matter.code());
        assert!(!matter.accepts(&Ground::Operation), "{}: who runs the machine is no window", matter.code());
    }
}

#[rstest]
#[case::what_is_held("record_list")]
#[case::who_looked("log_lines")]
#[case::what_windows_were_told("check_slip")]
#[case::what_a_window_would_be_told("check_preview")]
#[case::a_report_to_carry_away("report_issue")]
#[case::what_lies_ahead_of_a_record("record_horizon")]
#[case::what_one_was_told("notice_list")]
#[case::what_one_consented_to("consent_list")]
#[case::stopping_it("consent_withdraw")]
fn each_right_is_used_by_the_person_themself_at_a_command_and_by_a_programme(#[case] name: &str) {
    let operation = operation(name).expect("an operation");
    assert!(operation.roles.contains(&Role::Resident) && operation.roles.contains(&Role::Representative), "{name}");
    let Api::Routes(routes) = operation.api else { panic!("{name} has no route") };
    assert!(routes.iter().any(|route| route.contains("/api/v1/me/")), "{name}: {routes:?}");
    assert!(!operation.cli.is_empty() && operation.cli != "serve", "{name}: {}", operation.cli);
}

#[test]
fn a_person_needs_no_other_ground_than_their_own_right() {
    for role in [Role::Resident, Role::Representative] {
        assert_eq!(Ground::usual(role), Ground::OwnRight);
    }
    for role in [Role::Clerk, Role::DataOfficer, Role::Decider, Role::CreditOffice, Role::Administrator] {
        assert_ne!(Ground::usual(role), Ground::OwnRight, "{role:?}");
    }
}

#[test]
fn whatever_discloses_something_stands_in_the_persons_log_in_words_of_its_own() {
    let disclosing: Vec<_> = OPERATIONS.iter().filter(|operation| operation.discloses).collect();
    assert!(disclosing.len() > 5, "{}", disclosing.len());
    for (at, operation) in disclosing.iter().enumerate() {
        let said = act(operation.name, "").expect("words");
        assert!(!said.zh.is_empty() && !said.en.is_empty(), "{}", operation.name);
        let same = disclosing[..at].iter().any(|other| act(other.name, "") == Some(said.clone()));
        assert!(!same, "{}: {said}", operation.name);
    }
}
