//! 信用修复管理办法 (NDRC Order 36, in force 2026-04-01), 异议处理: who holds content, period or repair result to be wrong objects, and is answered in writing. The days of
//! the order were not read, so the clause is not verified, and the ceiling of `credit_reporting_25` stands in their place.
//!
//! Departures, all house rules: the record is marked from the day of filing; where the answer is late it is out of use until it comes; asking for more stops no
//! clock; “this is not me” puts it out of use at once and has no deadline, since waiting costs the person nothing.

use chengxin_core::dates::day_start_us;
use chengxin_core::deadline::{Bound, DeadlineKind, Due};
use chengxin_core::delivery::{Delivery, counts_from};
use chengxin_core::objection::{
    Objection, ObjectionEffect, ObjectionError, ObjectionState, ObjectionStep, Said, clock,
};
use chengxin_core::proceeding::{Earlier, ObjectionAspect, ProceedingKind, may_object};
use chengxin_core::repair::{RepairState, clock as clock_of_repair};
use chengxin_core::workflow::{Party, Word as _};
use jiff::ToSpan;
use jiff::civil::Date;
use rstest::rstest;

use crate::clocks::{catalogue, day, due_from};

/// A Monday; twenty days later is a Sunday.
const FILED: (i16, i8, i8) = (2026, 11, 2);

fn said(text: &str) -> Said {
    Said { text: text.to_owned(), attachments: Vec::new() }
}

fn clock_of_the_answer() -> Due {
    due_from(DeadlineKind::ObjectionAnswer, FILED)
}

fn filed() -> Objection {
    Objection::file(day(FILED), said("决定书文号有误"), clock_of_the_answer()).expect("filed")
}

fn next(of: &Objection, step: ObjectionStep, by: Party, on: Date) -> Objection {
    of.after(step, by, on, said("理由")).expect("a lawful step")
}

#[test]
fn while_the_days_of_the_order_are_not_read_a_ceiling_by_analogy_stands() {
    let (_, clause) = catalogue().clause("order-36#objection").expect("the clause");
    let rule = catalogue().deadline(DeadlineKind::ObjectionAnswer, day(FILED)).expect("a rule");
    assert!(!clause.verified && rule.analogy, "once its days are read they are the rule");
    assert_eq!((rule.clause.as_str(), rule.binds), ("credit-regulation#art-25", Bound::Authority));
}

#[test]
fn content_period_and_repair_result_can_be_objected_to_each_by_itself() {
    let codes: Vec<_> = ["content", "period", "repair_result"].into_iter().map(ObjectionAspect::from_code).collect();
    assert!(codes.iter().all(Option::is_some) && codes.len() == ObjectionAspect::ALL.len(), "{codes:?}");
    for answered in ObjectionAspect::ALL {
        let before = Earlier {
            kind: ProceedingKind::Objection,
            number: "YY20261102-7KQ2-M9F4-3TWX-8N".to_owned(),
            same_record: true,
            same_version: true,
            aspect: Some(*answered),
            state: "kept".to_owned(),
            open: false,
        };
        for asked in ObjectionAspect::ALL {
            let may = may_object(std::slice::from_ref(&before), Some(*asked)).is_ok();
            assert_eq!(may, asked != answered, "{answered:?}, then {asked:?}");
        }
    }
}

#[test]
fn however_far_a_repair_has_come_its_result_can_be_objected_to() {
    for state in RepairState::ALL {
        let repair = Earlier {
            kind: ProceedingKind::Repair,
            number: "XF20261102-7KQ2-M9F4-3TWX-8N".to_owned(),
            same_record: true,
            same_version: true,
            aspect: None,
            state: state.code().to_owned(),
            open: clock_of_repair(*state).is_some(),
        };
        assert!(may_object(&[repair], Some(ObjectionAspect::RepairResult)).is_ok(), "{}", state.code());
    }
}

#[test]
fn the_record_is_marked_on_the_day_of_filing_until_the_last_day_and_out_of_use_on_the_next() {
    let objection = filed();
    let last = objection.due().expect("a clock").last;
    assert_eq!(last, day((2026, 11, 22)));
    assert_eq!(objection.effect(day(FILED)), ObjectionEffect::Marked);
    assert_eq!((objection.effect(last), objection.is_overdue(last)), (ObjectionEffect::Marked, false));
    let late = day((2026, 11, 23));
    assert_eq!((objection.effect(late), objection.days_late(late)), (ObjectionEffect::OutOfUse, 1));
}

#[test]
fn the_clock_begins_with_the_filing_and_is_that_of_the_answer() {
    let other_day = due_from(DeadlineKind::ObjectionAnswer, (2026, 11, 3));
    let other_kind = due_from(DeadlineKind::RepairDecision, FILED);
    for due in [other_day, other_kind] {
        assert_eq!(Objection::file(day(FILED), said("有误"), due), Err(ObjectionError::WrongClock));
    }
}

#[test]
fn neither_taking_up_nor_asking_for_more_gives_the_authority_a_day() {
    let last = clock_of_the_answer().last;
    let accepted = next(&filed(), ObjectionStep::Accept, Party::Authority, day((2026, 11, 4)));
    let asked = next(&accepted, ObjectionStep::AskMore, Party::Authority, last);
    for objection in [&accepted, &asked] {
        assert_eq!(objection.due().map(|due| due.last), Some(last));
        assert_eq!(objection.effect(last.saturating_add(1.day())), ObjectionEffect::OutOfUse);
    }
    let supplied = next(&asked, ObjectionStep::Supply, Party::Person, day((2026, 11, 30)));
    assert_eq!(
        supplied.effect(day((2026, 11, 30))),
        ObjectionEffect::OutOfUse,
        "and what is handed in late ends nothing"
    );
}

#[rstest]
#[case::corrected(ObjectionStep::Correct, ObjectionState::Corrected)]
#[case::withdrawn(ObjectionStep::Withdraw, ObjectionState::Withdrawn)]
#[case::kept(ObjectionStep::Keep, ObjectionState::Kept)]
fn the_answer_is_the_determining_authoritys_in_words_and_a_late_one_counts(
    #[case] answer: ObjectionStep,
    #[case] to: ObjectionState,
) {
    let accepted = next(&filed(), ObjectionStep::Accept, Party::Authority, day(FILED));
    let late = day((2026, 11, 25));
    assert_eq!(
        accepted.after(answer, Party::Authority, late, Said::default()),
        Err(ObjectionError::SaysNothing(answer)),
        "an answer in writing"
    );
    for by in Party::ALL.into_iter().filter(|by| *by != Party::Authority) {
        assert!(accepted.after(answer, by, late, said("理由")).is_err(), "{by:?}");
    }
    let answered = next(&accepted, answer, Party::Authority, late);
    assert_eq!((answered.state(), answered.answered_on()), (to, Some(late)));
    assert_eq!(answered.days_late(day((2027, 6, 1))), 3, "three days, however long ago");
}

#[test]
fn beside_a_record_that_is_kept_stands_the_persons_own_statement() {
    let accepted = next(&filed(), ObjectionStep::Accept, Party::Authority, day(FILED));
    let stated =
        accepted.after(ObjectionStep::State, Party::Person, day(FILED), said("款项已于当日缴清")).expect("stated");
    assert_eq!(stated.statement(), None, "while it is open nobody is told what they said");
    let kept = next(&stated, ObjectionStep::Keep, Party::Authority, day((2026, 11, 20)));
    assert_eq!((kept.statement(), kept.effect(day((2026, 11, 21)))), (Some("款项已于当日缴清"), ObjectionEffect::None));
}

#[test]
fn not_me_is_out_of_use_on_every_day_until_somebody_has_decided_on_evidence() {
    let not_me = Objection::file_not_me(day(FILED), Said::default());
    assert_eq!((not_me.due(), clock(not_me.state())), (None, None));
    for on in [day(FILED), day((2026, 11, 23)), day((2028, 1, 1))] {
        assert_eq!(not_me.effect(on), ObjectionEffect::OutOfUse, "{on}");
    }
    let theirs = next(&not_me, ObjectionStep::FindTheirs, Party::IdentityClerk, day((2026, 11, 9)));
    assert_eq!(theirs.effect(day((2026, 11, 9))), ObjectionEffect::None);
}

#[test]
fn against_the_answer_review_and_court_stay_open_from_the_day_on_which_it_was_told() {
    let told = (2026, 5, 11);
    let told_us = Some(day_start_us(day(told)));
    assert_eq!(counts_from(Delivery::NotDelivered, told_us), None, "untold, nothing runs against the person");
    assert_eq!(counts_from(Delivery::Letter, told_us), Some(day(told)));
    assert_eq!(due_from(DeadlineKind::Reconsideration, told).last, day((2026, 7, 10)));
    assert_eq!(due_from(DeadlineKind::Litigation, told).last, day((2026, 11, 11)));
    for kind in [DeadlineKind::Reconsideration, DeadlineKind::Litigation] {
        assert_eq!(catalogue().deadline(kind, day(told)).map(|rule| rule.binds), Ok(Bound::Person), "{kind:?}");
    }
}
