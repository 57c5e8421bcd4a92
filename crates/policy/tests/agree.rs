//! What a list shows is what a decision allows, for whomever and whatever.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use chengxin_core::record::SubjectId;
use chengxin_core::{Ground, Role};
use chengxin_policy::{Class, Context, Policy, Principal, Refusal, Request, Resource, SignIn, Stage};
use proptest::prelude::*;
use proptest::sample::select;

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::load().unwrap());

/// Few of each, so that they meet.
fn code() -> impl Strategy<Value = Option<String>> {
    select(vec![None, Some("jtj"), Some("scjg")]).prop_map(|code| code.map(str::to_owned))
}

fn account() -> impl Strategy<Value = Option<String>> {
    select(vec![None, Some("zhang"), Some("li")]).prop_map(|name| name.map(str::to_owned))
}

fn subject() -> impl Strategy<Value = Option<SubjectId>> {
    select(vec![None, Some(1), Some(2), Some(3)]).prop_map(|id| id.map(|id| SubjectId([id; 16])))
}

fn principal() -> impl Strategy<Value = Principal> {
    let held = prop::collection::vec(select(&Role::ALL[..]), 0..2);
    let mandates = prop::collection::vec(subject(), 0..2);
    // Most sign in well: else nearly everything would be refused, and agreeing on that says little.
    let sign_in = prop_oneof![2 => select(&SignIn::ALL[..]), 3 => Just(SignIn::TwoFactors)];
    (select(&Role::ALL[..]), held, sign_in, account(), code(), subject(), mandates).prop_map(
        |(role, mut held, sign_in, account, authority, subject, mandates)| {
            held.push(role);
            let anonymous = sign_in == SignIn::Anonymous;
            Principal {
                account: account.unwrap_or_else(|| if anonymous { String::new() } else { "wang".to_owned() }),
                role,
                held,
                sign_in,
                authority,
                subject: subject.filter(|_| !anonymous),
                mandates: mandates.into_iter().flatten().filter(|_| !anonymous).collect(),
            }
        },
    )
}

fn resource() -> impl Strategy<Value = Resource> {
    let class = prop::option::of(select(&Class::ALL[..]));
    let item = select(vec![None, Some("honour".to_owned())]);
    (code(), subject(), account(), account(), select(&Stage::ALL[..]), class, item).prop_map(
        |(authority, subject, submitter, holder, stage, class, item)| Resource {
            authority,
            subject,
            submitter,
            holder,
            stage,
            class,
            item,
        },
    )
}

fn context() -> impl Strategy<Value = Context> {
    let until = "2027-01-01".parse().unwrap();
    let grounds = vec![
        Ground::Duty("pipl#art-34".to_owned()),
        Ground::Duty(" ".to_owned()),
        Ground::SilentDuty { clause: "a#b".to_owned(), silence: "c#d".to_owned(), until, said: true },
        Ground::Consent("R1".to_owned()),
        Ground::OwnRight,
        Ground::Operation,
    ];
    let unused = prop_oneof![4 => Just(0), 1 => 0_u32..200];
    (prop::bool::weighted(0.9), select(grounds), prop::bool::weighted(0.8), unused).prop_map(
        |(purpose, ground, confirmed_recently, unused_days)| Context {
            purpose,
            ground,
            confirmed_recently,
            unused_days,
            today: "2026-03-01".parse().unwrap(),
        },
    )
}

fn action() -> impl Strategy<Value = String> {
    select(POLICY.actions().map(str::to_owned).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn a_list_shows_exactly_what_a_decision_allows(
        principal in principal(),
        action in action(),
        context in context(),
        things in prop::collection::vec(resource(), 4),
    ) {
        let filter = POLICY.filter(&principal, &action, &context).unwrap();
        let may = POLICY.may(&principal, &action, &context).unwrap();
        prop_assert_eq!(may.allowed, !filter.is_nothing());
        prop_assert_eq!(filter.refusal.is_some(), filter.is_nothing());
        for thing in things {
            let asked = Request { principal: &principal, action: &action, resource: &thing, context: &context };
            let decision = POLICY.decide(&asked).unwrap();
            prop_assert_eq!(filter.admits(&thing), decision.allowed, "{:?} {:?}", thing, filter);
            prop_assert!(decision.allowed || !filter.is_everything());
            prop_assert_eq!(decision.refusal.is_none(), decision.allowed);
            if decision.refusal.is_some() {
                prop_assert_eq!(decision.refusal == Some(Refusal::Thing), may.allowed);
            }
            prop_assert!(!decision.reason.zh.is_empty() && !decision.reason.en.is_empty());
        }
    }
}

#[test]
fn the_questions_of_this_test_are_neither_all_refused_nor_all_allowed() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let questions = (principal(), action(), context(), resource());
    let mut allowed = 0;
    for _ in 0..1000 {
        let (principal, action, context, resource) = questions.new_tree(&mut runner).unwrap().current();
        let asked = Request { principal: &principal, action: &action, resource: &resource, context: &context };
        allowed += u32::from(POLICY.decide(&asked).unwrap().allowed);
    }
    assert!((20..980).contains(&allowed), "{allowed} of 1000");
}
