//! Repair: each way through, the conditions, the clocks, and what no history can do.

use chengxin_core::Say;
use chengxin_core::deadline::DeadlineKind;
use chengxin_core::repair::{REPAIR, Repair, RepairError, RepairState, RepairStep, Said, clock as clock_of};
use chengxin_core::workflow::{Party, Word as _};
use jiff::civil::Date;
use proptest::prelude::*;
use rstest::rstest;

use crate::{START, clock, day};

/// Days of these tests: until repair is possible, for acceptance, for the decision, until display ends.
const POSSIBLE: i32 = 10;
const ACCEPTANCE: i32 = 3;
const DECISION: i32 = 14;
const SHOWN: i32 = 90;

fn said(text: &str) -> Said {
    Said { text: text.to_owned(), ..Said::default() }
}

/// What a whole request has, on a day.
fn request(on: Date) -> Said {
    Said {
        attachments: vec!["缴款凭证".to_owned()],
        commitment: Some("信用承诺书".to_owned()),
        due: Some(clock(DeadlineKind::RepairAcceptance, on, ACCEPTANCE)),
        ..Said::default()
    }
}

fn taken_up(on: Date) -> Said {
    Said { due: Some(clock(DeadlineKind::RepairDecision, on, DECISION)), ..said("材料齐全") }
}

fn open() -> Repair {
    Repair::of(day(START, POSSIBLE), Some(day(START, SHOWN)))
}

fn asked() -> Repair {
    let on = day(START, POSSIBLE);
    open().after(RepairStep::Ask, Party::Person, on, request(on)).unwrap()
}

fn accepted() -> Repair {
    let on = day(START, POSSIBLE + 1);
    asked().after(RepairStep::Accept, Party::Authority, on, taken_up(on)).unwrap()
}

#[test]
fn a_repair_that_is_granted_ends_display_on_that_day() {
    let repair = accepted();
    assert_eq!(repair.due(), Some(day(START, POSSIBLE + 1 + DECISION)));
    let on = day(START, POSSIBLE + 5);
    assert!(repair.is_shown(on));
    let granted = repair.after(RepairStep::Grant, Party::Authority, on, Said::default()).unwrap();
    assert_eq!((granted.state(), granted.is_shown(on), granted.due()), (RepairState::Granted, false, None));
    assert_eq!(granted.attachments().collect::<Vec<_>>(), ["缴款凭证", "信用承诺书"]);
}

#[test]
fn the_conditions_are_asked_for_one_by_one_and_proof_may_have_been_handed_in_before() {
    let on = day(START, POSSIBLE);
    let ask = |of: &Repair, on, said| of.after(RepairStep::Ask, Party::Person, on, said);
    assert_eq!(ask(&open(), day(on, -1), request(day(on, -1))), Err(RepairError::TooEarly(on)));
    let without = |change: fn(&mut Said)| {
        let mut said = request(on);
        change(&mut said);
        ask(&open(), on, said).unwrap_err()
    };
    assert_eq!(without(|said| said.attachments.clear()), RepairError::NoProof);
    assert_eq!(without(|said| said.commitment = Some(" ".to_owned())), RepairError::NoCommitment);
    assert_eq!(without(|said| said.due = None), RepairError::WrongClock);
    assert_eq!(without(|said| said.due.as_mut().unwrap().kind = DeadlineKind::RepairDecision), RepairError::WrongClock);
    let mut proven = said("10月10日缴清");
    proven.attachments.push("缴款凭证".to_owned());
    let performed = open().after(RepairStep::Perform, Party::Person, START, proven).unwrap();
    let mut only_commitment = request(on);
    only_commitment.attachments.clear();
    assert_eq!(ask(&performed, on, only_commitment).unwrap().state(), RepairState::Asked);
}

#[rstest]
#[case(RepairStep::TurnAway, RepairState::TurnedAway)]
#[case(RepairStep::Refuse, RepairState::Refused)]
fn who_is_turned_away_or_refused_reads_why_and_may_ask_again(#[case] step: RepairStep, #[case] to: RepairState) {
    let before = if step == RepairStep::Refuse { accepted() } else { asked() };
    let on = day(START, POSSIBLE + 2);
    assert_eq!(before.after(step, Party::Authority, on, said("")), Err(RepairError::SaysNothing(step)));
    let refused = before.after(step, Party::Authority, on, said("义务尚未全部履行")).unwrap();
    assert_eq!((refused.state(), refused.due()), (to, None));
    assert!(refused.is_shown(on));
    assert!(refused.after(RepairStep::Ask, Party::Person, on, request(on)).is_ok());
}

#[test]
fn a_decision_is_extended_with_a_reason_before_it_is_late_and_only_forward() {
    let repair = accepted();
    let due = repair.due().unwrap();
    let extend = |of: &Repair, on, until: Option<Date>| {
        let most = of.due().map(|due| clock(DeadlineKind::RepairExtension, due, 14));
        of.after(RepairStep::Extend, Party::Authority, on, Said { until, due: most, ..said("案情复杂，需要核查") })
    };
    let extended = extend(&repair, due, Some(day(due, 10))).unwrap();
    assert_eq!((extended.due(), extended.state()), (Some(day(due, 10)), RepairState::Accepted));
    for (on, until) in [(due, Some(due)), (due, None), (day(due, 1), Some(day(due, 10)))] {
        assert_eq!(extend(&repair, on, until), Err(RepairError::NoExtension(due)));
    }
    assert_eq!(extend(&repair, due, Some(day(due, 15))), Err(RepairError::ExtendedTooFar(day(due, 14))));
    assert_eq!(extend(&extended, due, Some(day(due, 12))), Err(RepairError::ExtendedBefore), "once");
    assert_eq!(extended.clock().unwrap().last, due, "the period itself is what it was");
    let unbounded = Said { until: Some(day(due, 10)), ..said("案情复杂，需要核查") };
    let unbounded = repair.after(RepairStep::Extend, Party::Authority, due, unbounded);
    assert_eq!(unbounded, Err(RepairError::WrongClock), "never without its bound");
    let silent =
        repair.after(RepairStep::Extend, Party::Authority, due, Said { until: Some(day(due, 9)), ..Said::default() });
    assert_eq!(silent, Err(RepairError::SaysNothing(RepairStep::Extend)));
}

#[test]
fn what_the_authority_does_late_is_seen_before_and_after() {
    let repair = accepted();
    let due = repair.due().unwrap();
    assert!(!repair.is_overdue(due) && repair.is_overdue(day(due, 1)));
    assert_eq!(repair.days_late(day(due, 6)), 6);
    // An explanation of the person's does not make it less late.
    let explained = repair.after(RepairStep::Explain, Party::Person, day(due, 2), said("已尽力")).unwrap();
    assert_eq!((explained.days_late(day(due, 6)), explained.done().last().unwrap().late), (6, 0));
    let granted = explained.after(RepairStep::Grant, Party::Authority, day(due, 6), Said::default()).unwrap();
    assert_eq!(granted.done().last().unwrap().late, 6);
}

#[test]
fn at_the_maximum_display_ends_with_nobodys_help() {
    for repair in [open(), asked(), accepted()] {
        assert!(repair.is_shown(day(START, SHOWN - 1)) && !repair.is_shown(day(START, SHOWN)));
    }
    assert!(Repair::of(START, None).is_shown(Date::MAX));
}

#[test]
fn more_time_an_explanation_and_performed_are_steps_of_their_own() {
    let mut repair = open();
    for (step, by) in [
        (RepairStep::AskDelay, Party::Person),
        (RepairStep::AnswerDelay, Party::Authority),
        (RepairStep::Explain, Party::Person),
        (RepairStep::Perform, Party::Person),
    ] {
        repair = repair.after(step, by, START, said("内容")).unwrap();
        assert_eq!((repair.state(), repair.due()), (RepairState::Open, None));
    }
    assert_eq!(repair.explanations().collect::<Vec<_>>(), ["内容"]);
}

#[test]
fn an_unlawful_step_names_the_lawful_ones_and_every_refusal_says_what_to_do() {
    let error = asked().after(RepairStep::Grant, Party::Authority, START, Said::default()).unwrap_err().say();
    assert!(
        error.en.contains("what may be done is: explain (the person), take up (the determining authority)"),
        "{error}"
    );
    let by_the_person = accepted().after(RepairStep::Grant, Party::Person, day(START, 30), Said::default());
    assert!(matches!(by_the_person, Err(RepairError::Unlawful(_))));
    let early = accepted().after(RepairStep::Refuse, Party::Authority, START, said("理由")).unwrap_err();
    assert_eq!(early, RepairError::OutOfOrder { on: START, last: day(START, POSSIBLE + 1) });
    for error in [
        RepairError::TooEarly(START),
        RepairError::NoProof,
        RepairError::NoCommitment,
        RepairError::SaysNothing(RepairStep::Refuse),
        RepairError::WrongClock,
        RepairError::NoExtension(START),
        early,
    ] {
        let Say { zh, en } = error.say();
        assert!(
            zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && en.is_ascii() || en.contains('“'),
            "{zh} {en}"
        );
    }
}

#[test]
fn every_state_is_reached_and_each_clock_belongs_to_a_state_that_the_authority_leaves() {
    for state in RepairState::ALL {
        assert!(*state == RepairState::Open || REPAIR.iter().any(|row| row.to == *state), "{}", state.code());
        let leaves = |by| REPAIR.iter().any(|row| row.from == *state && row.to != *state && row.by == by);
        assert_eq!(clock_of(*state).is_some(), leaves(Party::Authority), "{}", state.code());
    }
    for row in REPAIR {
        let same = REPAIR.iter().filter(|of| (of.from, of.step, of.by) == (row.from, row.step, row.by));
        assert_eq!(same.count(), 1, "{} {}", row.from.code(), row.step.code());
    }
    assert!(RepairStep::ALL.iter().all(|step| REPAIR.iter().any(|row| row.step == *step)));
}

fn any_step() -> impl Strategy<Value = (usize, usize, i32, bool)> {
    (0..RepairStep::ALL.len(), 0..Party::ALL.len(), 0i32..9, any::<bool>())
}

proptest! {
    /// Over any history: nothing handed in or explained is lost; where the authority has to act there is a last day, and every day after it
    /// shows as late until it acted, and in what it did then; a record is never shown once repaired or at its maximum.
    #[test]
    fn no_history_loses_anything_or_lets_a_deadline_pass_unseen(steps in prop::collection::vec(any_step(), 0..30)) {
        let (mut repair, mut on) = (open(), START);
        let (mut handed_in, mut explained): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for (n, (step, by, days, attaches)) in steps.into_iter().enumerate() {
            let (step, by) = (RepairStep::ALL[step], Party::ALL[by]);
            on = day(on, days);
            let mut words = match step {
                RepairStep::Ask => request(on),
                RepairStep::Accept => taken_up(on),
                _ => said(&format!("第{n}步")),
            };
            words.until = Some(day(on, days * 3));
            if attaches {
                words.attachments.push(format!("a{n}"));
            }
            let before = repair.clone();
            if let Ok(next) = repair.after(step, by, on, words.clone()) {
                handed_in.extend(words.attachments.iter().cloned().chain(words.commitment.clone()));
                if step == RepairStep::Explain {
                    explained.push(words.text.clone());
                }
                let late = next.done().last().unwrap().late;
                let fulfils = clock_of(before.state()).is_some() && next.state() != before.state();
                prop_assert_eq!(late > 0, fulfils && before.is_overdue(on), "{:?}", step);
                repair = next;
            }
            prop_assert_eq!(repair.attachments().collect::<Vec<_>>(), handed_in.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(repair.explanations().collect::<Vec<_>>(), explained.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(repair.due().is_some(), clock_of(repair.state()).is_some());
            for today in (0..120).map(|days| day(START, days)) {
                prop_assert_eq!(repair.is_overdue(today), repair.due().is_some_and(|due| today > due));
                prop_assert_eq!(repair.days_late(today) > 0, repair.is_overdue(today));
                let shown = repair.state() != RepairState::Granted && today < day(START, SHOWN);
                prop_assert_eq!(repair.is_shown(today), shown);
            }
        }
    }
}
