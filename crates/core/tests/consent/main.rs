//! Consents: when one holds, what narrowing may do, how long one may be. Each sentence is a rule.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use chengxin_core::consent::{
    Confirmed, Consent, ConsentState, Narrowing, NarrowingFault, PeriodFault, Recipient, Stopped, Terms, Use,
    check_period, holds, narrowed,
};
use chengxin_core::dates::day_start_us;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::subsequence;

const CLASSES: [&str; 4] = ["行政管理", "合同履行", "信用承诺及履行情况", "知识产权"];
const OFFICES: [&str; 2] = ["11990000MB0000001E", "11990000MB0000002C"];
const TODAY: Date = date(2026, 11, 22);

fn consent() -> Consent {
    Consent {
        terms: Terms {
            recipient: Recipient::Authority { code: OFFICES[0].to_owned(), name: "某局".to_owned() },
            purpose: String::new(),
            matter: Some("one".to_owned()),
            classes: [CLASSES[2].to_owned()].into(),
            from_us: 100,
            until_us: 200,
            uses: 2,
        },
        confirmed: Confirmed::Account,
        used: 0,
        stopped: Stopped::No,
    }
}

fn wanted() -> Use<'static> {
    Use { authority: OFFICES[0], matter: Some("one"), classes: &CLASSES[2..3], by_code: false }
}

#[test]
fn it_holds_for_what_it_names_and_for_nothing_else() {
    let good = consent();
    assert!(holds(&good, &wanted(), 100) && holds(&good, &wanted(), 199));
    for (what, use_) in [
        ("another authority", Use { authority: OFFICES[1], ..wanted() }),
        ("another matter", Use { matter: Some("two"), ..wanted() }),
        ("a report", Use { matter: None, ..wanted() }),
        ("more classes", Use { classes: &CLASSES[1..3], ..wanted() }),
        ("a code", Use { by_code: true, ..wanted() }),
    ] {
        assert!(!holds(&good, &use_, 150), "{what}");
    }
    let to_somebody_else =
        Terms { recipient: Recipient::Organisation { name: OFFICES[0].to_owned() }, ..good.terms.clone() };
    assert!(!holds(&Consent { terms: to_somebody_else, ..good.clone() }, &wanted(), 150));
    let in_words = Terms { matter: None, purpose: "办理贷款".to_owned(), ..good.terms.clone() };
    assert!(!holds(&Consent { terms: in_words, ..good }, &wanted(), 150), "words are no matter");
}

#[test]
fn what_came_of_a_code_is_good_by_its_code_only() {
    let of_code = Consent { confirmed: Confirmed::Code, ..consent() };
    assert!(holds(&of_code, &Use { by_code: true, ..wanted() }, 150));
    assert!(!holds(&of_code, &wanted(), 150));
}

#[test]
fn each_state_is_told_and_only_one_of_them_holds() {
    let of = |used, stopped| Consent { used, stopped, ..consent() };
    for (consent, at, state) in [
        (of(0, Stopped::No), 99, ConsentState::NotBegun),
        (of(1, Stopped::No), 100, ConsentState::InForce),
        (of(2, Stopped::No), 100, ConsentState::UsedUp),
        (of(0, Stopped::No), 200, ConsentState::Over),
        (of(2, Stopped::Withdrawn), 300, ConsentState::Withdrawn),
        (of(2, Stopped::Disowned), 300, ConsentState::Disowned),
    ] {
        assert_eq!(consent.state(at), state);
        assert_eq!(holds(&consent, &wanted(), at), state == ConsentState::InForce, "{state:?}");
    }
}

#[test]
fn what_was_stopped_never_begins_again() {
    let all = [Stopped::No, Stopped::Withdrawn, Stopped::Disowned];
    for before in all {
        for asked in all {
            let after = before.and(asked);
            assert!(after as i64 >= before as i64 && after as i64 >= asked as i64);
        }
        assert_eq!(Stopped::from_i64(before as i64), Some(before));
    }
    assert_eq!((Stopped::from_i64(0), Confirmed::from_i64(5)), (None, None));
}

#[test]
fn a_period_is_a_year_at_most_and_uses_are_counted() {
    let (from_us, until_us) = check_period(TODAY, TODAY, date(2026, 11, 23), 1).unwrap();
    assert_eq!((from_us, until_us), (day_start_us(TODAY), day_start_us(date(2026, 11, 23))));
    assert!(check_period(TODAY, TODAY, date(2027, 11, 23), 100).is_ok(), "the day after the last of twelve months");
    for (from, until, uses, fault) in [
        (date(2026, 11, 21), date(2027, 1, 1), 1, PeriodFault::Past),
        (date(2027, 11, 24), date(2027, 12, 1), 1, PeriodFault::TooFarAhead(date(2027, 11, 23))),
        (TODAY, TODAY, 1, PeriodFault::Backwards),
        (TODAY, date(2027, 11, 24), 1, PeriodFault::TooLong(date(2027, 11, 23))),
        (TODAY, date(2027, 1, 1), 0, PeriodFault::Uses(100)),
        (TODAY, date(2027, 1, 1), 101, PeriodFault::Uses(100)),
    ] {
        assert_eq!(check_period(TODAY, from, until, uses), Err(fault));
    }
}

#[test]
fn every_narrowing_that_is_none_says_what_it_is() {
    let words = Terms {
        matter: None,
        purpose: "办理贷款".to_owned(),
        classes: CLASSES[..2].iter().map(|class| (*class).to_owned()).collect(),
        uses: 5,
        ..consent().terms
    };
    let open = Consent { terms: words, used: 2, ..consent() };
    let classes = |of: &[&str]| Some(of.iter().map(|class| (*class).to_owned()).collect::<BTreeSet<_>>());
    let by = Narrowing::default;
    for (narrowing, fault) in [
        (Narrowing { until_us: Some(201), ..by() }, NarrowingFault::Later),
        (Narrowing { until_us: Some(150), ..by() }, NarrowingFault::Ended),
        (Narrowing { uses: Some(6), ..by() }, NarrowingFault::MoreUses),
        (Narrowing { uses: Some(2), ..by() }, NarrowingFault::FewerThanMade(2)),
        (Narrowing { classes: classes(&CLASSES[..3]), ..by() }, NarrowingFault::MoreClasses(CLASSES[2].to_owned())),
        (Narrowing { classes: classes(&[]), ..by() }, NarrowingFault::NoClass),
        (by(), NarrowingFault::Same),
        (Narrowing { until_us: Some(200), uses: Some(5), classes: classes(&CLASSES[..2]) }, NarrowingFault::Same),
    ] {
        assert_eq!(narrowed(&open, &narrowing, 150), Err(fault));
    }
    let all = Narrowing { until_us: Some(160), uses: Some(3), classes: classes(&CLASSES[..1]) };
    let less = narrowed(&open, &all, 150).unwrap();
    assert_eq!((less.until_us, less.uses, less.classes.len()), (160, 3, 1));
    let two: BTreeSet<String> = classes(&CLASSES[1..3]).unwrap();
    let of_matter = Consent { terms: Terms { classes: two, ..consent().terms }, ..consent() };
    let fewer = Narrowing { classes: classes(&CLASSES[1..2]), ..by() };
    assert_eq!(narrowed(&of_matter, &fewer, 150), Err(NarrowingFault::MatterNeedsAll));
    let stopped = Consent { stopped: Stopped::Disowned, ..open };
    assert_eq!(narrowed(&stopped, &all, 150), Err(NarrowingFault::NotOpen(ConsentState::Disowned)));
}

fn any_classes() -> impl Strategy<Value = BTreeSet<String>> {
    subsequence(CLASSES.to_vec(), 0..=4).prop_map(|some| some.into_iter().map(str::to_owned).collect())
}

fn any_consent() -> impl Strategy<Value = Consent> {
    let terms = (any_classes(), 0..300i64, 0..300i64, 1..6i64, 0..2usize, proptest::option::of(0..2usize));
    (terms, 0..7i64, 1..=3i64, 1..=3i64).prop_map(
        |((classes, from_us, long, uses, office, matter), used, how, stop)| Consent {
            terms: Terms {
                recipient: Recipient::Authority { code: OFFICES[office].to_owned(), name: String::new() },
                purpose: String::new(),
                matter: matter.map(|at| ["one", "two"][at].to_owned()),
                classes,
                from_us,
                until_us: from_us + long,
                uses,
            },
            confirmed: Confirmed::from_i64(how).unwrap(),
            used,
            stopped: if stop == 1 { Stopped::Withdrawn } else { Stopped::No },
        },
    )
}

fn any_narrowing() -> impl Strategy<Value = Narrowing> {
    let option = proptest::option::of::<BoxedStrategy<i64>>;
    (option((0..700i64).boxed()), option((0..7i64).boxed()), proptest::option::of(any_classes()))
        .prop_map(|(until_us, uses, classes)| Narrowing { until_us, uses, classes })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn narrowing_never_widens(consent in any_consent(), by in any_narrowing(), now in 0..700i64) {
        let Ok(terms) = narrowed(&consent, &by, now) else { return Ok(()) };
        let (old, new) = (&consent.terms, &terms);
        prop_assert!(new.until_us <= old.until_us && new.uses <= old.uses && new.classes.is_subset(&old.classes));
        prop_assert!(new != old && new.uses > consent.used && new.until_us > now);
        prop_assert_eq!((&new.recipient, &new.matter, new.from_us), (&old.recipient, &old.matter, old.from_us));
        let after = Consent { terms: terms.clone(), ..consent.clone() };
        for at in (0..700).step_by(7) {
            for authority in OFFICES {
                for matter in [Some("one"), Some("two"), None] {
                    for classes in [&CLASSES[..1], &CLASSES[2..], &CLASSES[..]] {
                        for by_code in [false, true] {
                            let wanted = Use { authority, matter, classes, by_code };
                            prop_assert!(!holds(&after, &wanted, at) || holds(&consent, &wanted, at));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_stopped_used_up_or_over_holds_for_nothing(consent in any_consent(), now in 0..700i64) {
        let wanted = Use {
            authority: OFFICES[0], matter: Some("one"), classes: &[], by_code: consent.confirmed == Confirmed::Code,
        };
        if consent.stopped != Stopped::No || consent.used >= consent.terms.uses || now >= consent.terms.until_us {
            prop_assert!(!holds(&consent, &wanted, now));
        }
    }
}
