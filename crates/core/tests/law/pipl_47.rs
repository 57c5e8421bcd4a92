//! 个人信息保护法 第四十七条 (in force 2021-11-01; not verified): deleted once the purpose is reached, the period over or consent withdrawn. How periods are counted is in
//! `pipl_19_47`; that content is destroyed and no file brings it back, in `crates/app/tests/use_cases/erasure.rs` and `retention.rs`.
//!
//! Departures: what the person has open about a record puts its end off, so that it cannot be lost under their hands. In production so does a clause that
//! nobody has read.

use chengxin_core::Role;
use chengxin_core::catalogue::FindingRule;
use chengxin_core::catalogue::model::{Polarity, Severity};
use chengxin_core::consent::{Confirmed, Consent, Recipient, Stopped, Terms, Use, holds};
use chengxin_core::operation::operation;
use chengxin_core::retention::{Fate, Holder, PutOff, Remains, fate};
use jiff::ToSpan;

use crate::clocks::{day, items};
use crate::proposal::Proposal;

#[test]
fn every_adverse_record_has_a_day_on_which_it_goes_and_stays_until_the_day_before() {
    let decided = day((2026, 9, 1));
    let adverse: Vec<_> = items().iter().filter(|item| item.item.polarity == Polarity::Adverse).collect();
    assert!(adverse.len() > 10, "{}", adverse.len());
    for item in adverse {
        for severity in [None, Some(Severity::Minor), Some(Severity::General), Some(Severity::Serious)] {
            let ended = item.display_until(decided, severity, None);
            let until = item.kept_until(ended, decided).expect("a day");
            assert!(Some(until) > ended, "{}: time to read and contest it", item.code());
            assert_eq!(fate(&[Some(until)], None, until), Fate::Due, "{}", item.code());
            let before = until.saturating_sub(1.day());
            assert_eq!(fate(&[Some(until)], None, before), Fate::Kept(Some(until)), "{}", item.code());
        }
    }
}

#[test]
fn only_what_is_open_about_it_puts_its_end_off() {
    let until = day((2032, 9, 2));
    for why in PutOff::ALL {
        assert_eq!(fate(&[Some(until)], Some(why), until), Fate::PutOff(why));
    }
    assert_eq!(fate(&[Some(until)], None, until), Fate::Due);
}

#[test]
fn what_rests_on_the_persons_wish_alone_is_never_held_against_them_and_goes_when_they_want() {
    let wished: Vec<_> = items().iter().filter(|item| item.item.own_wish).collect();
    let codes: Vec<_> = wished.iter().map(|item| item.code()).collect();
    assert_eq!(
        codes,
        ["charity-donation", "self-reported-performance", "self-reported-qualification", "volunteer-service"]
    );
    assert!(wished.iter().all(|item| item.item.polarity != Polarity::Adverse));
    let roles = operation("record_delete").expect("an operation").roles;
    assert!(roles.contains(&Role::Resident) && !roles.contains(&Role::Decider), "{roles:?}");
}

#[test]
fn no_catalogue_calls_a_wish_what_is_held_against_somebody() {
    let proposal = Proposal::new().with("open_to_minors = false", "open_to_minors = false\nown_wish = true");
    assert_eq!(proposal.refused(), [FindingRule::OwnWish]);
}

#[test]
fn nothing_is_shared_on_a_consent_from_the_moment_of_its_withdrawal() {
    let consent = Consent {
        terms: Terms {
            recipient: Recipient::Authority {
                code: "11990000MB00000000".to_owned(), name: "诚信市某局".to_owned()
            },
            matter: Some("commitment-based-approval".to_owned()),
            classes: ["信用承诺及履行情况".to_owned()].into_iter().collect(),
            purpose: "告知承诺办理".to_owned(),
            from_us: 0,
            until_us: 1_000,
            uses: 3,
        },
        confirmed: Confirmed::Account,
        used: 0,
        stopped: Stopped::No,
    };
    let wanted = Use {
        authority: "11990000MB00000000",
        matter: Some("commitment-based-approval"),
        classes: &["信用承诺及履行情况"],
        by_code: false,
    };
    assert!(holds(&consent, &wanted, 500));
    for stopped in [Stopped::Withdrawn, Stopped::Disowned] {
        let consent = Consent { stopped: Stopped::No.and(stopped), ..consent.clone() };
        assert!(!holds(&consent, &wanted, 500), "{stopped:?}");
        assert_eq!(stopped.and(Stopped::No), stopped, "and it does not begin again");
    }
}

#[test]
fn where_nothing_is_left_number_and_name_go_too() {
    let on = day((2032, 9, 2));
    assert_eq!(Remains { record: true, ..Remains::default() }.holders(on), [Holder::Record]);
    assert_eq!(Remains::default().holders(on), []);
}
