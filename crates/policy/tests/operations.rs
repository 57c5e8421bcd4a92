//! Every operation has its policy, every policy its operation and its clause.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use chengxin_core::catalogue::Catalogue;
use chengxin_core::operation::{Api, OPERATIONS};
use chengxin_core::record::SubjectId;
use chengxin_core::{Ground, Role};
use chengxin_policy::{COMING, Class, Context, Policy, Principal, SignIn};

fn policy() -> Policy {
    Policy::load().unwrap()
}

/// The shipped catalogue.
fn catalogue() -> Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    Catalogue::load(&files).unwrap()
}

/// Somebody in the role to whom nothing but the role can be wanting, on each ground in turn.
fn granted(policy: &Policy, role: Role, action: &str) -> bool {
    let subject = SubjectId([1; 16]);
    let who = if role == Role::Public {
        Principal::anonymous()
    } else {
        Principal::new("zhang", role, SignIn::TwoFactors)
            .serving("jtj")
            .bound_to(subject)
            .mandated_by(SubjectId([2; 16]))
    };
    let until = "2027-01-01".parse().unwrap();
    let grounds = [
        Ground::Duty("a#b".to_owned()),
        Ground::SilentDuty { clause: "a#b".to_owned(), silence: "c#d".to_owned(), until, said: true },
        Ground::Consent("R1".to_owned()),
        Ground::OwnRight,
        Ground::Operation,
    ];
    grounds.into_iter().any(|ground| {
        let context = Context::new(ground, "2026-03-01".parse().unwrap()).confirmed();
        policy.may(&who, action, &context).unwrap().allowed
    })
}

#[test]
fn roles_granted_by_policy_are_those_of_the_operation() {
    let policy = policy();
    let listed = OPERATIONS.iter().map(|operation| (operation.name, operation.roles));
    let coming = COMING.iter().map(|operation| (operation.name, operation.roles));
    for (name, roles) in listed.chain(coming) {
        let granted: BTreeSet<_> = Role::ALL.into_iter().filter(|role| granted(&policy, *role, name)).collect();
        assert_eq!(granted, roles.iter().copied().collect(), "{name}");
    }
}

#[test]
fn every_operation_has_a_policy_or_is_for_the_console_alone_and_no_policy_names_an_unknown_one() {
    let policy = policy();
    let known: BTreeSet<_> = policy.actions().collect();
    for operation in OPERATIONS {
        let console = matches!(operation.api, Api::ConsoleOnly(_)) && operation.roles.is_empty();
        assert!(console || known.contains(operation.name), "{} has no policy", operation.name);
    }
    let listed: BTreeSet<_> = OPERATIONS.iter().map(|o| o.name).chain(COMING.iter().map(|o| o.name)).collect();
    // The schema holds these names and no others, and policies that name what it does not hold do not load.
    assert_eq!(known, listed);
}

#[test]
fn what_discloses_is_marked_so() {
    let listed = OPERATIONS.iter().map(|operation| (operation.name, operation.discloses));
    let coming = COMING.iter().map(|operation| (operation.name, operation.discloses));
    let disclosing: BTreeSet<_> =
        listed.chain(coming).filter(|(_, discloses)| *discloses).map(|(name, _)| name).collect();
    assert_eq!(disclosing, policy().marked("disclosing").iter().map(String::as_str).collect());
    assert!(policy().marked("nonsense").is_empty());
}

#[test]
fn operations_to_come_are_sorted_named_noun_first_and_not_listed_yet() {
    assert!(COMING.windows(2).all(|pair| pair[0].name < pair[1].name));
    for operation in COMING {
        assert!(operation.name.contains('_') && !operation.does.is_empty() && !operation.roles.is_empty());
        assert!(chengxin_core::operation::operation(operation.name).is_none(), "{} has come", operation.name);
    }
}

#[test]
fn every_clause_stands_in_the_catalogue_or_among_the_house_rules() {
    let (policy, catalogue) = (policy(), catalogue());
    let mut cited = BTreeSet::new();
    let clauses = policy.grants().iter().map(|grant| (&*grant.id, &*grant.clause));
    for (of, clause) in clauses.chain(policy.dormancy().iter().map(|rule| ("dormancy", rule.clause.as_str()))) {
        match clause.split_once('#') {
            Some(("house", code)) => {
                assert!(policy.house_rules().iter().any(|rule| rule.code == code), "{of}: {clause}");
                cited.insert(code);
            }
            _ => assert!(catalogue.clause(clause).is_some(), "{of}: {clause}"),
        }
    }
    let rules: BTreeSet<_> = policy.house_rules().iter().map(|rule| rule.code.as_str()).collect();
    assert_eq!(cited, rules, "a house rule that nothing rests on");
}

#[test]
fn every_policy_says_why_in_both_languages() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for grant in policy().grants() {
        let said = &grant.reason;
        assert!(chinese(&said.zh) && !chinese(&said.en), "{}: {said:?}", grant.id);
        assert!(
            !said.zh.ends_with('。') && !said.en.ends_with('.'),
            "{}: whoever prints it ends the sentence",
            grant.id
        );
    }
}

#[test]
fn classes_are_those_of_the_catalogue() {
    let catalogue = catalogue();
    for item in catalogue.items() {
        assert!(Class::from_code(&item.item.class).is_some(), "{}: {}", item.code(), item.item.class);
    }
    for class in Class::ALL {
        assert!(catalogue.items().iter().any(|item| item.item.class == class.code()), "{} has no item", class.code());
    }
}
