//! What only this crate can see: that questions fit the schema, and that wrong policies do not load.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::load::{FILES, File, RULES, SCHEMA};
use crate::seen::Side;
use crate::{Class, SignIn, Stage};

fn wrong(policy: &'static str) -> String {
    let files: Vec<File> = [("wrong.cedar", policy)].into_iter().chain(FILES.iter().copied()).collect();
    Policy::of(&files, SCHEMA.1, RULES.1).unwrap_err().to_string()
}

const NOTED: &str = r#"@id("x") @clause("house#audit") @reason("甲") @reason_en("a") "#;

fn noted(policy: &str) -> String {
    let text: &'static str = Box::leak(format!("{NOTED}{policy}").into_boxed_str());
    wrong(text)
}

#[test]
fn every_word_a_question_can_hold_fits_the_schema() {
    let policy = Policy::load().unwrap();
    for (at, (name, action)) in policy.actions.iter().enumerate() {
        for step in 0..Role::ALL.len() * SignIn::ALL.len() {
            let role = Role::ALL[step % Role::ALL.len()];
            let mut asker = Asker::readiest(role, GroundKind::ALL[(step + at) % 5]);
            asker.sign_in = SignIn::ALL[step / Role::ALL.len()];
            let side = |by: usize| Side::ALL[(step + by) % 4];
            let thing = Thing {
                authority: side(0),
                subject: side(1),
                submitter: side(2),
                holder: side(3),
                stage: Stage::ALL[(step + at) % 5],
                class: Class::ALL.get((step + at) % 14).copied(),
                item: Some("administrative-penalty").filter(|_| step % 2 == 0),
            };
            let asker = policy.engine.prepare(&asker).unwrap();
            let checked = policy.engine.ask(&action.slice, &asker, &thing, Some(&policy.schema));
            let checked = checked.unwrap_or_else(|error| panic!("{name}: {error}"));
            let unchecked = policy.engine.ask(&action.slice, &asker, &thing, None).unwrap();
            assert_eq!(checked.allowed, unchecked.allowed, "{name}");
            assert_eq!(policy.ordered(checked.by), policy.ordered(unchecked.by), "{name}");
        }
    }
}

#[test]
fn words_of_the_schema_are_those_of_the_program() {
    let words = |kind: &str| -> Vec<String> {
        let text = SCHEMA.1.split_once(&format!("entity {kind} enum [")).unwrap().1;
        let list = text.split_once(']').unwrap().0;
        list.split(", ").map(|word| word.trim_matches('"').to_owned()).collect()
    };
    assert_eq!(words("Role"), Role::ALL.map(Role::code));
    assert_eq!(words("SignIn"), SignIn::ALL.map(SignIn::code));
    assert_eq!(words("Ground"), GroundKind::ALL.map(GroundKind::code));
    assert_eq!(words("Side"), Side::ALL.map(Side::code));
    assert_eq!(words("Stage"), Stage::ALL.map(Stage::code));
    assert_eq!(words("Class"), Class::ALL.map(Class::code));
}

#[test]
fn a_policy_of_an_unknown_operation_does_not_load() {
    let said = noted(r#"permit (principal, action == Action::"person_score", resource);"#);
    assert!(said.contains("person_score"), "{said}");
}

#[test]
fn a_policy_that_misspells_an_attribute_a_role_or_a_class_does_not_load() {
    for (policy, word) in [
        (r#"permit (principal, action, resource) when { resource.score == 1 };"#, "score"),
        (r#"permit (principal, action, resource) when { principal.role == Role::"mayor" };"#, "mayor"),
        (
            r#"permit (principal, action, resource) when { resource has class && resource.class == Class::"信用分" };"#,
            "信用分",
        ),
        (r#"permit (principal, action, resource) when { resource.class == Class::"行政管理" };"#, "class"),
    ] {
        let said = noted(policy);
        assert!(said.contains(word), "{policy}: {said}");
    }
}

#[test]
fn a_policy_without_its_clause_or_its_reason_does_not_load() {
    for (left_out, word) in
        [("@clause(\"house#audit\")", "@clause"), ("@reason(\"甲\")", "@reason"), ("@id(\"x\")", "@id")]
    {
        let text =
            format!("{NOTED}forbid (principal, action, resource) when {{ context.asleep }};").replace(left_out, "");
        let said = wrong(Box::leak(text.into_boxed_str()));
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn a_policy_that_stands_twice_names_one_account_or_is_no_policy_does_not_load() {
    let twice = NOTED.replace("\"x\"", "\"clerk-checks-an-applicant\"")
        + "forbid (principal, action, resource) when { context.purpose };";
    assert!(wrong(Box::leak(twice.into_boxed_str())).contains("clerk-checks-an-applicant"));
    assert!(noted(r#"permit (principal == Account::"zhang", action, resource);"#).contains("names one principal"));
    assert!(noted("permit principal;").contains("wrong.cedar"));
}

#[test]
fn the_digest_changes_with_every_file() {
    let digest = |files: &[File], schema: &str, rules: &str| Policy::of(files, schema, rules).unwrap().digest_hex();
    let first = digest(FILES, SCHEMA.1, RULES.1);
    assert_eq!(first, Policy::load().unwrap().digest_hex());
    assert_eq!(first.len(), 64);
    let fewer = digest(&FILES[..FILES.len() - 1], SCHEMA.1, RULES.1);
    let schema = digest(FILES, &format!("{}\n", SCHEMA.1), RULES.1);
    let rules = digest(FILES, SCHEMA.1, &RULES.1.replace("days = 90", "days = 60"));
    let all = [first, fewer, schema, rules];
    assert!((0..4).all(|at| !all[..at].contains(&all[at])), "{all:?}");
}

#[test]
fn a_policy_that_names_items_is_followed_by_lists() {
    let text = r#"
        @id("by-item") @clause("house#audit") @reason("甲") @reason_en("a")
        permit (principal, action == Action::"record_list", resource)
        when { resource has item && resource.item == "honour" };
        @id("not-by-item") @clause("house#audit") @reason("甲") @reason_en("a")
        permit (principal, action == Action::"log_lines", resource)
        unless { resource has item && ["penalty", "listing"].contains(resource.item) };"#;
    let policy = Policy::of(&[("items.cedar", text)], SCHEMA.1, RULES.1).unwrap();
    let who = Principal::new("li", Role::Resident, SignIn::OneFactor);
    let context = Context::new(chengxin_core::Ground::OwnRight, "2026-03-01".parse().unwrap());
    for (action, admitted) in [("record_list", [false, false, true, false]), ("log_lines", [true, false, true, true])] {
        let filter = policy.filter(&who, action, &context).unwrap();
        let new = crate::Resource::new;
        let things = [new(), new().of_item("penalty"), new().of_item("honour"), new().of_item("anything")];
        for (thing, admitted) in things.iter().zip(admitted) {
            let decided =
                policy.decide(&Request { principal: &who, action, resource: thing, context: &context }).unwrap();
            assert_eq!((filter.admits(thing), decided.allowed), (admitted, admitted), "{action} {thing:?}");
        }
    }
}
