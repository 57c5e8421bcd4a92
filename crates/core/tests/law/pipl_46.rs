//! 个人信息保护法 第四十六条 (in force 2021-11-01; not verified): what is wrong or incomplete is verified when the person says so, and corrected or completed in time.
//!
//! The clause names no days: those of an objection stand (`order_36_objections`). That whoever was shown the record is told of its correction, and that no later
//! file brings the mistake back, is shown in `crates/app/tests/use_cases/objection.rs`.

use chengxin_core::Role;
use chengxin_core::deadline::DeadlineKind;
use chengxin_core::objection::{OBJECTION, Objection, ObjectionEffect, ObjectionState, ObjectionStep, Said, clock};
use chengxin_core::operation::operation;
use chengxin_core::workflow::{Party, Word as _};

use crate::clocks::{day, due_from};

/// States from which a state can come about, by whoever's steps.
fn leads_to(end: ObjectionState) -> Vec<ObjectionState> {
    let mut found = vec![end];
    let mut at = 0;
    while let Some(state) = found.get(at).copied() {
        for row in OBJECTION.iter().filter(|row| row.to == state) {
            if !found.contains(&row.from) {
                found.push(row.from);
            }
        }
        at += 1;
    }
    found
}

fn said(text: &str) -> Said {
    Said { text: text.to_owned(), attachments: vec!["a1".to_owned()] }
}

#[test]
fn as_long_as_the_authority_has_to_answer_correcting_is_one_of_the_answers() {
    let open: Vec<_> = ObjectionState::ALL.iter().filter(|state| clock(**state).is_some()).collect();
    assert_eq!(open.len(), 3, "{open:?}");
    for (end, name) in [(ObjectionState::Corrected, "corrected"), (ObjectionState::Withdrawn, "withdrawn")] {
        let from = leads_to(end);
        assert!(open.iter().all(|state| from.contains(state)), "{name}: {from:?}");
    }
}

#[test]
fn only_who_determined_the_record_corrects_it() {
    let rows = || OBJECTION.iter().filter(|row| matches!(row.step, ObjectionStep::Correct | ObjectionStep::Withdraw));
    assert_eq!(rows().count(), 4, "while it is looked into, and while more is asked for");
    for row in rows() {
        assert_eq!(row.by, Party::Authority, "{}", row.from.code());
    }
}

#[test]
fn as_long_as_it_is_open_the_person_can_complete_it_and_nothing_handed_in_is_lost() {
    for state in ObjectionState::ALL.iter().filter(|state| clock(**state).is_some()) {
        let supplies =
            OBJECTION.iter().any(|row| (row.from, row.step, row.by) == (*state, ObjectionStep::Supply, Party::Person));
        assert!(supplies, "{}", state.code());
    }
    let on = (2026, 11, 2);
    let due = due_from(DeadlineKind::ObjectionAnswer, on);
    let filed = Objection::file(day(on), said("金额有误"), due).expect("filed");
    let supplied = filed.after(ObjectionStep::Supply, Party::Person, day((2026, 11, 4)), said("补充凭证"));
    assert_eq!(supplied.expect("handed in").attachments().collect::<Vec<_>>(), ["a1", "a1"]);
}

#[test]
fn a_correction_ends_the_mark_and_is_a_decision_that_locks_the_record() {
    let on = (2026, 11, 2);
    let filed = Objection::file(day(on), said("金额有误"), due_from(DeadlineKind::ObjectionAnswer, on)).expect("filed");
    let accepted = filed.after(ObjectionStep::Accept, Party::Authority, day(on), Said::default()).expect("taken up");
    let corrected = accepted
        .after(ObjectionStep::Correct, Party::Authority, day((2026, 11, 6)), said("已按决定书更正"))
        .expect("corrected");
    assert_eq!(corrected.effect(day((2026, 11, 6))), ObjectionEffect::Decided);
    assert!(!corrected.is_open() && corrected.due().is_none());
}

#[test]
fn the_person_asks_for_it_or_a_window_for_whoever_cannot_and_a_decider_answers() {
    for name in ["objection_file", "objection_add"] {
        let roles = operation(name).expect("an operation").roles;
        assert!([Role::Resident, Role::Representative, Role::Clerk].iter().all(|role| roles.contains(role)), "{name}");
    }
    assert_eq!(operation("objection_decide").expect("an operation").roles, [Role::Decider]);
}
