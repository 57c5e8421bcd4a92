//! 个人信息保护法 第二十四条 (in force 2021-11-01): who is decided about by a machine may ask how, and refuse a decision that only a machine made.
//!
//! Departure, stricter: nobody has to refuse. Every adverse outcome has a named person who decided it, and a reason; what happens by itself on a day only
//! relieves. That no machine records the outcome of a check is shown in `crates/policy/tests/refuses.rs`, that it takes a reason in `crates/app/tests/use_cases/check.rs`.

use std::collections::BTreeSet;

use chengxin_core::Say;
use chengxin_core::catalogue::matter::Condition;
use chengxin_core::catalogue::{FindingRule, ItemDef, MatterDef};
use chengxin_core::check::{CheckAnswer, CheckAuthority, CheckRecord, CheckStanding, SlipHead, answer};
use chengxin_core::client::acts_as_machine;
use chengxin_core::complaint::{Complaint, ComplaintError, ComplaintStep};
use chengxin_core::deadline::DeadlineKind;
use chengxin_core::objection::{self, Objection, ObjectionEffect, ObjectionError, ObjectionState, ObjectionStep};
use chengxin_core::operation::operation;
use chengxin_core::proceeding::{ProceedingKind, effect_on};
use chengxin_core::record::RecordId;
use chengxin_core::repair::{self, Repair, RepairError, RepairState, RepairStep};
use chengxin_core::workflow::{Party, Word as _};
use jiff::civil::Date;
use rstest::rstest;

use crate::clocks::{catalogue, day, due_from, item};
use crate::proposal::Proposal;

const TODAY: (i16, i8, i8) = (2026, 11, 2);

/// A record that is made to count in a matter: decided half a year ago by an authority of the kind, with what the clause asks for.
fn record(of: &ItemDef, authority: &str, when: &[Condition]) -> CheckRecord {
    let wanted = |condition: &Condition| {
        let value = condition.any_of.first().or_else(|| condition.contains.first()).cloned().unwrap_or_default();
        condition.fields.iter().map(|code| (code.clone(), value.clone())).collect::<Vec<_>>()
    };
    CheckRecord {
        record: RecordId([7; 16]),
        version: 1,
        item: of.code().to_owned(),
        authority: CheckAuthority {
            code: "11990000MB00000000".to_owned(),
            name: Say::new("诚信市某局", "A bureau of Chengxin City"),
            kind: authority.to_owned(),
        },
        decided_on: day((2026, 5, 20)),
        display_from: day((2026, 5, 20)),
        display_until: None,
        severity: None,
        standing: CheckStanding::Plain,
        fields: when.iter().flat_map(wanted).collect(),
        statement: None,
    }
}

/// Every answer in which a shipped matter finds something, each with one record.
fn answers() -> Vec<(&'static MatterDef, CheckAnswer)> {
    let mut all = Vec::new();
    for matter in catalogue().matters() {
        for relevance in &matter.matter.relevant {
            for code in &relevance.items {
                let authority = relevance.authorities.first().or_else(|| item(code).item.authorities.first());
                let record = record(item(code), authority.expect("an authority"), &relevance.when);
                for applicant in &matter.matter.subjects {
                    let answer = answer(catalogue(), matter, *applicant, std::slice::from_ref(&record), day(TODAY));
                    all.push((matter, answer.expect("in force, and for this applicant")));
                }
            }
        }
    }
    all.retain(|(_, answer)| answer.found());
    all
}

#[test]
fn a_finding_decides_nothing_and_explains_itself_in_every_matter() {
    let answers = answers();
    let matters: BTreeSet<&str> = answers.iter().map(|(matter, _)| matter.code()).collect();
    assert_eq!(matters.len(), catalogue().matters().len(), "{matters:?}");
    for (matter, answer) in &answers {
        let says =
            |note: &Say| note.zh.contains("由经办人依所引条款决定并说明理由") && note.en.contains("gives a reason");
        assert!(answer.notes.iter().any(says), "{}: {:?}", matter.code(), answer.notes);
        for finding in &answer.findings {
            for said in [&finding.clause.label, &finding.clause.says, &finding.means, &finding.can_do] {
                assert!(!said.zh.is_empty() && !said.en.is_empty(), "{} {}", matter.code(), finding.item);
            }
        }
    }
}

#[test]
fn the_applicant_keeps_what_the_clerk_read_and_nothing_in_it_is_a_grade() {
    for (matter, answer) in answers() {
        let slip = answer.slip(SlipHead {
            number: "HC20261102-7KQ2".to_owned(),
            applicant: "周文".to_owned(),
            authority: "诚信市某局".to_owned(),
            case_number: "诚申〔2026〕1号".to_owned(),
            asked_on: day(TODAY),
        });
        assert_eq!(slip.answer, answer, "{}", matter.code());
        let text = serde_json::to_string(&slip).expect("a slip");
        for word in ["\"score\"", "\"grade\"", "\"rank\"", "\"decision\"", "\"outcome\"", "评分", "得分"] {
            assert!(!text.contains(word), "{}: {word}", matter.code());
        }
    }
}

#[rstest]
#[case::releasing_adverse_rows("submission_release")]
#[case::answering_an_objection("objection_decide")]
#[case::finding_whose_a_record_is("objection_identify")]
#[case::deciding_on_repair("repair_decide")]
#[case::answering_a_complaint("complaint_answer")]
#[case::approving_a_batch("check_batch_approve")]
#[case::erasing_by_decision("record_erase")]
#[case::locking_by_decision("record_lock")]
fn no_machine_acts_in_a_role_that_decides(#[case] name: &str) {
    let roles = operation(name).expect("an operation").roles;
    assert!(!roles.is_empty() && !roles.iter().any(|role| acts_as_machine(*role)), "{name}: {roles:?}");
}

#[test]
fn a_day_that_passes_relieves_the_person_or_changes_nothing() {
    for state in ObjectionState::ALL {
        match (objection::effect(*state, false), objection::effect(*state, true)) {
            (ObjectionEffect::Marked, ObjectionEffect::OutOfUse) => {}
            (in_time, late) => assert_eq!(in_time, late, "{}", state.code()),
        }
    }
    let (due, before, after) = (day((2026, 11, 20)), day((2026, 11, 20)), day((2026, 11, 21)));
    for state in RepairState::ALL {
        let on = |today: Date| effect_on(ProceedingKind::Repair, state.code(), Some(due), today);
        assert_eq!(on(before), on(after), "{}", state.code());
    }
    for state in ["filed", "accepted", "more_asked"] {
        assert_eq!(effect_on(ProceedingKind::Objection, state, Some(due), after), Some(ObjectionEffect::OutOfUse));
    }
}

#[test]
fn an_objection_is_turned_down_by_a_person_with_a_reason_or_not_at_all() {
    let filed = Objection::file(
        day(TODAY),
        objection::Said { text: "有误".to_owned(), attachments: Vec::new() },
        due_from(DeadlineKind::ObjectionAnswer, TODAY),
    )
    .expect("filed");
    let silent = objection::Said::default;
    let accepted = filed.after(ObjectionStep::Accept, Party::Authority, day(TODAY), silent()).expect("taken up");
    let not_me = Objection::file_not_me(day(TODAY), silent());
    for (of, step, by) in [
        (&filed, ObjectionStep::Refuse, Party::Authority),
        (&accepted, ObjectionStep::Keep, Party::Authority),
        (&not_me, ObjectionStep::FindTheirs, Party::IdentityClerk),
    ] {
        assert_eq!(of.after(step, by, day(TODAY), silent()), Err(ObjectionError::SaysNothing(step)));
    }
}

#[test]
fn a_repair_is_turned_down_by_a_person_with_a_reason_or_not_at_all() {
    let request = repair::Said {
        attachments: vec!["缴款凭证".to_owned()],
        commitment: Some("信用承诺书".to_owned()),
        due: Some(due_from(DeadlineKind::RepairAcceptance, TODAY)),
        ..repair::Said::default()
    };
    let asked = Repair::of(day(TODAY), None).after(RepairStep::Ask, Party::Person, day(TODAY), request).expect("asked");
    let taken_up = repair::Said { due: Some(due_from(DeadlineKind::RepairDecision, TODAY)), ..repair::Said::default() };
    let accepted = asked.after(RepairStep::Accept, Party::Authority, day(TODAY), taken_up).expect("taken up");
    for (of, step) in [(&asked, RepairStep::TurnAway), (&accepted, RepairStep::Refuse)] {
        let silent = of.after(step, Party::Authority, day(TODAY), repair::Said::default());
        assert_eq!(silent, Err(RepairError::SaysNothing(step)));
    }
}

#[test]
fn a_complaint_is_turned_down_by_a_person_with_a_reason_or_not_at_all() {
    let due = due_from(DeadlineKind::ComplaintAnswer, TODAY);
    let filed = Complaint::file(day(TODAY), "无关人员查看".to_owned(), due).expect("filed");
    let accepted =
        filed.after(ComplaintStep::Accept, Party::CreditOffice, day(TODAY), String::new()).expect("taken up");
    let silent = accepted.after(ComplaintStep::NotUphold, Party::CreditOffice, day(TODAY), String::new());
    assert_eq!(silent, Err(ComplaintError::SaysNothing));
}

#[rstest]
#[case::a_score("信用评分")]
#[case::a_grade("信用等级")]
#[case::points("累计积分")]
fn no_catalogue_has_a_machine_value_people(#[case] heading: &str) {
    assert_eq!(Proposal::new().with("拟采集内容", heading).refused(), [FindingRule::ScoresPeople]);
}
