//! Objections: each way through, what is refused, and what no history can do.

use chengxin_core::deadline::DeadlineKind;
use chengxin_core::objection::{
    OBJECTION, Objection, ObjectionEffect, ObjectionError, ObjectionState, ObjectionStep, STATEMENT, Said,
    clock as clock_of,
};
use chengxin_core::workflow::{Party, Word as _};
use jiff::civil::Date;
use proptest::prelude::*;
use rstest::rstest;

use crate::{START, clock, day};

/// Days that the authority has in these tests.
const DAYS: i32 = 20;

fn said(text: &str) -> Said {
    Said { text: text.to_owned(), attachments: Vec::new() }
}

fn with(text: &str, attachment: &str) -> Said {
    Said { text: text.to_owned(), attachments: vec![attachment.to_owned()] }
}

fn filed() -> Objection {
    let due = clock(DeadlineKind::ObjectionAnswer, START, DAYS);
    Objection::file(START, with("不是我的罚款", "a0"), due).unwrap()
}

fn not_me() -> Objection {
    Objection::file_not_me(START, Said::default())
}

fn step(of: &Objection, step: ObjectionStep, by: Party, on: Date) -> Objection {
    of.after(step, by, on, said("理由")).unwrap()
}

#[rstest]
#[case(ObjectionStep::Correct, ObjectionState::Corrected, ObjectionEffect::Decided)]
#[case(ObjectionStep::Withdraw, ObjectionState::Withdrawn, ObjectionEffect::Decided)]
#[case(ObjectionStep::Keep, ObjectionState::Kept, ObjectionEffect::None)]
fn an_objection_that_is_answered_in_time(
    #[case] answer: ObjectionStep,
    #[case] to: ObjectionState,
    #[case] effect: ObjectionEffect,
) {
    let objection = filed();
    assert_eq!(objection.effect(START), ObjectionEffect::Marked, "at once");
    let objection = step(&objection, ObjectionStep::Accept, Party::Authority, day(START, 2));
    let objection = step(&objection, ObjectionStep::AskMore, Party::Authority, day(START, 3));
    let objection = objection.after(ObjectionStep::Supply, Party::Person, day(START, 5), with("", "a1")).unwrap();
    let answered = step(&objection, answer, Party::Authority, day(START, DAYS));
    assert_eq!((answered.state(), answered.effect(day(START, 900))), (to, effect));
    assert_eq!((answered.days_late(day(START, 900)), answered.due()), (0, None));
    assert_eq!(answered.attachments().collect::<Vec<_>>(), ["a0", "a1"]);
}

#[test]
fn an_answer_that_is_late_puts_the_record_out_of_use_until_it_comes_and_counts() {
    let objection = step(&filed(), ObjectionStep::Accept, Party::Authority, START);
    assert_eq!(objection.effect(day(START, DAYS)), ObjectionEffect::Marked, "the last day is in time");
    assert_eq!(objection.effect(day(START, DAYS + 1)), ObjectionEffect::OutOfUse);
    assert_eq!(objection.days_late(day(START, DAYS + 7)), 7);
    // Asking for more stops no clock.
    let asked = step(&objection, ObjectionStep::AskMore, Party::Authority, day(START, DAYS));
    assert_eq!(asked.effect(day(START, DAYS + 1)), ObjectionEffect::OutOfUse);
    let kept = step(&asked, ObjectionStep::Keep, Party::Authority, day(START, DAYS + 9));
    assert_eq!((kept.effect(day(START, DAYS + 9)), kept.days_late(day(START, 900))), (ObjectionEffect::None, 9));
    let stated = step(&kept, ObjectionStep::State, Party::Person, day(START, 100));
    assert_eq!((stated.days_late(day(START, 900)), stated.statements().collect::<Vec<_>>()), (9, vec!["理由"]));
}

#[test]
fn not_me_is_out_of_use_from_the_first_day_until_a_clerk_has_decided_on_evidence() {
    let statement = not_me();
    assert_eq!(
        (statement.effect(START), statement.effect(day(START, 900))),
        (ObjectionEffect::OutOfUse, ObjectionEffect::OutOfUse)
    );
    for by in [Party::Person, Party::Authority] {
        assert!(statement.after(ObjectionStep::FindTheirs, by, START, said("比对")).is_err(), "{by:?}");
    }
    let silent = statement.after(ObjectionStep::FindTheirs, Party::IdentityClerk, START, Said::default());
    assert_eq!(silent, Err(ObjectionError::SaysNothing(ObjectionStep::FindTheirs)));
    let theirs = step(&statement, ObjectionStep::FindTheirs, Party::IdentityClerk, day(START, 3));
    let not_theirs = step(&statement, ObjectionStep::FindNotTheirs, Party::IdentityClerk, day(START, 3));
    assert_eq!((theirs.effect(START), not_theirs.effect(START)), (ObjectionEffect::None, ObjectionEffect::Decided));
}

#[test]
fn an_unlawful_step_names_the_lawful_ones_and_who_does_them() {
    let error = filed().after(ObjectionStep::Keep, Party::Authority, START, said("理由")).unwrap_err().say();
    assert_eq!(
        error.en,
        "the state is “filed”, in which the determining authority cannot “answer that it stays”; what may be done is: take up (the determining authority), not take up (the determining authority), hand in more (the person), put a statement beside it (the person), find it not to be theirs (an identity clerk)"
    );
    assert!(error.zh.contains("目前状态为“已提出”") && error.zh.contains("受理（认定单位）"), "{error}");
    let over = step(&filed(), ObjectionStep::Refuse, Party::Authority, START);
    let error = over.after(ObjectionStep::Accept, Party::Authority, START, said("")).unwrap_err().say();
    assert!(
        error.en.ends_with("it is over, and nothing follows") && error.zh.ends_with("已经办结，没有下一步"),
        "{error}"
    );
}

#[test]
fn what_says_nothing_too_much_or_comes_out_of_order_is_refused() {
    let objection = filed();
    let silent = objection.after(ObjectionStep::Refuse, Party::Authority, START, said("  "));
    assert_eq!(silent, Err(ObjectionError::SaysNothing(ObjectionStep::Refuse)));
    let long = "长".repeat(STATEMENT + 1);
    let too_long = objection.after(ObjectionStep::State, Party::Person, START, said(&long));
    assert_eq!(too_long, Err(ObjectionError::TooLong(STATEMENT + 1)));
    assert!(objection.after(ObjectionStep::State, Party::Person, START, said(&long[..STATEMENT * 3])).is_ok());
    let later = step(&objection, ObjectionStep::Accept, Party::Authority, day(START, 5));
    let early = later.after(ObjectionStep::Keep, Party::Authority, day(START, 4), said("理由"));
    assert_eq!(early, Err(ObjectionError::OutOfOrder { on: day(START, 4), last: day(START, 5) }));
    for (kind, start) in [(DeadlineKind::RepairDecision, START), (DeadlineKind::ObjectionAnswer, day(START, 1))] {
        let error = Objection::file(START, said("理由"), clock(kind, start, DAYS)).unwrap_err();
        assert_eq!(error, ObjectionError::WrongClock);
        assert!(error.say().zh.contains("书面答复期限"));
    }
    let groundless = Objection::file(START, Said::default(), clock(DeadlineKind::ObjectionAnswer, START, DAYS));
    assert_eq!(groundless, Err(ObjectionError::Groundless));
}

#[test]
fn every_state_is_reached_and_no_step_leads_to_two() {
    for state in ObjectionState::ALL {
        let begins = [ObjectionState::Filed, ObjectionState::NotMe].contains(state);
        assert!(begins || OBJECTION.iter().any(|row| row.to == *state), "{}", state.code());
    }
    for row in OBJECTION {
        let same = OBJECTION.iter().filter(|of| (of.from, of.step, of.by) == (row.from, row.step, row.by));
        assert_eq!(same.count(), 1, "{} {}", row.from.code(), row.step.code());
    }
    assert!(ObjectionStep::ALL.iter().all(|step| OBJECTION.iter().any(|row| row.step == *step)));
    for state in ObjectionState::ALL {
        let answers = OBJECTION.iter().any(|row| row.from == *state && row.to != *state && row.by == Party::Authority);
        assert_eq!(clock_of(*state).is_some(), answers, "{}: what the authority has to do has a clock", state.code());
    }
}

fn any_step() -> impl Strategy<Value = (usize, usize, i32, bool)> {
    (0..ObjectionStep::ALL.len(), 0..Party::ALL.len(), 0i32..12, any::<bool>())
}

proptest! {
    /// Over any history, lawful steps and others: nothing handed in or stated is lost, a refused step changes nothing, and on every
    /// day after the last an unanswered objection is out of use and late.
    #[test]
    fn no_history_loses_anything_or_lets_a_deadline_pass_unseen(not_me_first in any::<bool>(), steps in prop::collection::vec(any_step(), 0..25)) {
        let mut objection = if not_me_first { not_me() } else { filed() };
        let (mut handed_in, mut stated, mut on) = (objection.attachments().map(str::to_owned).collect::<Vec<_>>(), Vec::new(), START);
        for (n, (step, by, days, attaches)) in steps.into_iter().enumerate() {
            let (step, by) = (ObjectionStep::ALL[step], Party::ALL[by]);
            on = day(on, days);
            let text = format!("第{n}步");
            let words = if attaches { with(&text, &format!("a{}", n + 1)) } else { said(&text) };
            let lawful = OBJECTION.iter().any(|row| (row.from, row.step, row.by) == (objection.state(), step, by));
            match objection.after(step, by, on, words.clone()) {
                Ok(next) => {
                    prop_assert!(lawful);
                    handed_in.extend(words.attachments);
                    if step == ObjectionStep::State {
                        stated.push(text);
                    }
                    prop_assert_eq!(next.done().len(), objection.done().len() + 1);
                    objection = next;
                }
                Err(error) => {
                    prop_assert!(!lawful, "{:?}", error);
                    prop_assert!(!error.say().zh.is_empty());
                }
            }
            prop_assert_eq!(objection.attachments().collect::<Vec<_>>(), handed_in.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(objection.statements().collect::<Vec<_>>(), stated.iter().map(String::as_str).collect::<Vec<_>>());
            for today in (0..60).map(|days| day(START, days)) {
                let late = !not_me_first && today > day(START, DAYS);
                match objection.effect(today) {
                    ObjectionEffect::Marked => prop_assert!(objection.is_open() && !late),
                    ObjectionEffect::OutOfUse => prop_assert!(objection.is_open() && (late || not_me_first)),
                    ObjectionEffect::None | ObjectionEffect::Decided => prop_assert!(!objection.is_open()),
                }
                prop_assert_eq!(objection.is_overdue(today), objection.is_open() && late);
                let answered = objection.done().iter().rfind(|done| done.step != ObjectionStep::State).map(|done| done.on);
                let until = if objection.is_open() { Some(today) } else { answered };
                let counts = !not_me_first && until.is_some_and(|until| until > day(START, DAYS));
                prop_assert_eq!(objection.days_late(today) > 0, counts);
            }
        }
    }
}
