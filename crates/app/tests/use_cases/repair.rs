//! Repair: conditions of the catalogue, clocks of the authority, and an end everywhere at once.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::contest;
use crate::desk;

use chengxin_app::Kind;
use chengxin_app::check::Outcome;
use chengxin_app::record::{Decision, RecordRef};
use chengxin_app::repair::{RepairAnswer, RepairRequest};
use chengxin_core::Role;
use chengxin_core::check::Headline;
use chengxin_core::follow_up::FollowUpState;
use chengxin_core::record::State;
use chengxin_core::repair::RepairStep as Step;
use city::{OFFICE, caller, row};
use contest::{Contest, attached, clerk, decider, own};
use jiff::civil::date;

/// The first day on which repair of a revocation of 1 September 2026 can be asked for is a year later: serious.
fn after_the_minimum() -> Contest {
    let contest = Contest::new();
    contest.days(300);
    contest
}

#[test]
fn before_the_minimum_is_over_a_request_is_refused_with_the_day_and_the_other_steps_are_open() {
    let mut contest = Contest::new();
    let refused = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict);
    assert!(refused.public.zh.contains("2027-09-02"), "{refused}");
    for (step, text) in [
        (Step::Perform, "2026 年 10 月 8 日已交回证件"),
        (Step::AskDelay, "请准予延期三个月"),
        (Step::Explain, "当时因突发疾病"),
    ] {
        let done = contest.desk.app.repair_file(&own(), &contest.toward(step, text)).unwrap();
        assert_eq!(done.proceeding.state, "open");
    }
    let own = contest.proceedings().remove(0).proceeding;
    assert_eq!(own.steps.len(), 3, "one proceeding carries them all");
    assert_eq!(contest.desk.app.proceeding_work(&decider()).unwrap().len(), 1, "more time is asked for");
    contest.decide_repair(&own.number, Step::AnswerDelay, "准予延期至 2027 年 1 月").unwrap();
    assert!(contest.desk.app.proceeding_work(&decider()).unwrap().is_empty());
    // An explanation stands beside the record, without contesting it.
    assert_eq!(contest.records()[0].statement.as_deref(), Some("当时因突发疾病"));
    assert_eq!(contest.check("1").slip.answer.findings[0].mark, None);
    contest.desk.assert_whole();
}

#[test]
fn a_request_takes_proof_and_commitment_and_begins_three_working_days_and_then_ten() {
    let mut contest = after_the_minimum();
    let whole = contest.ask();
    let without_proof = RepairRequest { attachments: Vec::new(), ..whole.clone() };
    let without_commitment = RepairRequest { commitment: None, ..whole.clone() };
    for request in [without_proof, without_commitment] {
        assert_eq!(contest.desk.app.repair_file(&own(), &request).unwrap_err().kind, Kind::Invalid);
    }
    let asked = contest.desk.app.repair_file(&own(), &whole);
    // The calendar of 2027 is not there yet: no day is guessed.
    let refused = asked.unwrap_err();
    assert_eq!(refused.kind, Kind::Unavailable);
    assert!(refused.public.zh.contains("2027"), "{refused}");
}

/// A fine of 200 yuan, decided on 1 September 2026: a minor one, which can be repaired at once.
fn fined() -> Contest {
    Contest::with(&[row(1)])
}

#[test]
fn granted_the_record_ends_everywhere_at_once_and_no_file_brings_it_back() {
    let mut contest = fined();
    let before = contest.report();
    assert_eq!(before.content.entry_count(), 1);
    let asked = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding;
    assert_eq!((asked.state.as_str(), asked.due_on), ("asked", Some(date(2026, 11, 25))));
    assert_eq!(asked.national_number.as_deref(), Some("XYZG2026112200017"));
    assert!(asked.due_how.unwrap().zh.contains("3 个工作日"));
    contest.days(1);
    let accepted = contest.decide_repair(&asked.number, Step::Accept, "").unwrap().proceeding;
    assert_eq!(accepted.due_on, Some(date(2026, 12, 4)), "ten working days from Sunday, 22 November");
    let granted = contest.decide_repair(&asked.number, Step::Grant, "义务已全部履行").unwrap().proceeding;
    assert_eq!(granted.state, "granted");
    assert_eq!(contest.records()[0].state, State::Repaired);
    assert_eq!(contest.report().content.entry_count(), 0);
    assert!(matches!(contest.check("1").slip.answer.headline, Headline::MayProceed { .. }));
    // The same row again says what is held, and shows nothing; one that differs is refused with the number.
    let same = contest.sends("same.csv", std::slice::from_ref(&contest.row.clone()));
    assert_eq!((same.quality.counts.refused, same.quality.counts.unchanged), (0, 1), "{:?}", same.quality);
    let differs = city::Row { facts: "另一说法".to_owned(), ..contest.row.clone() };
    let differs = contest.sends("differs.csv", &[differs]);
    assert_eq!(differs.quality.counts.refused, 1);
    assert_eq!(contest.records()[0].state, State::Repaired);
    // Whoever holds the report of before learns that it has changed.
    let viewed = contest.desk.app.report_view(&desk::public(), &before.verification_code, None).unwrap();
    assert!(format!("{:?}", viewed.status).contains("Changed"));
    let twice = contest.decide_repair(&asked.number, Step::Grant, "").unwrap_err();
    assert_eq!(twice.kind, Kind::Conflict);
    contest.desk.assert_whole();
}

#[test]
fn what_a_new_decision_brought_back_after_a_repair_can_be_repaired_anew() {
    let mut contest = fined();
    let first = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding.number;
    contest.decide_repair(&first, Step::Accept, "").unwrap();
    contest.decide_repair(&first, Step::Grant, "义务已全部履行").unwrap();
    let again = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap_err();
    assert_eq!(again.kind, Kind::Conflict, "it is repaired");
    // The repair is undone by a decision of its own, and the office sends what it decided.
    let at = RecordRef { kind: contest::KIND, number: contest.row.number.clone(), record: contest.record };
    let decision = Decision { case_no: "云交撤修〔2026〕1号".to_owned(), decided_on: date(2026, 11, 21) };
    contest.desk.app.record_unlock(&decider(), &at, &decision, "撤销信用修复决定书").unwrap();
    let differs = city::Row { facts: "复核后认定的事实".to_owned(), ..contest.row.clone() };
    contest.sends("anew.csv", &[differs]);
    assert_eq!(contest.records()[0].state, State::Repaired, "a file alone brings nothing back");
    contest.desk.app.submission_release(&caller(Role::Decider, "he", Some(OFFICE)), 2).unwrap();
    assert_eq!(contest.records()[0].state, State::Active);
    let second = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding.number;
    assert_ne!(second, first);
    contest.decide_repair(&second, Step::Accept, "").unwrap();
    contest.decide_repair(&second, Step::Grant, "义务已全部履行").unwrap();
    assert_eq!(contest.records()[0].state, State::Repaired);
    contest.desk.assert_whole();
}

#[test]
fn a_late_authority_is_seen_from_the_first_day_on_and_told_once() {
    let mut contest = fined();
    let asked = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding;
    contest.days(4);
    assert!(!contest.proceedings()[0].proceeding.overdue, "the last day is in time");
    contest.days(1);
    assert!(contest.proceedings()[0].proceeding.overdue);
    let worker = chengxin_app::jobs::worker_name();
    for _ in 0..2 {
        contest.desk.app.job_run(&desk::administrator(), &worker).unwrap();
        contest.days(1);
    }
    let told = contest.lines().iter().filter(|(operation, _)| operation == "proceeding_overdue").count();
    assert_eq!(told, 1);
    contest.decide_repair(&asked.number, Step::Accept, "").unwrap();
    let late = contest.proceedings().remove(0).proceeding;
    assert_eq!((late.late_days, late.overdue), (3, false));
    contest.desk.assert_whole();
}

#[test]
fn a_complex_case_is_extended_with_a_reason_before_it_is_late() {
    let mut contest = fined();
    let number = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding.number;
    contest.decide_repair(&number, Step::Accept, "").unwrap();
    let mut extend = |text: &str, until| {
        let answer = RepairAnswer {
            number: number.clone(),
            step: Step::Extend,
            text: text.to_owned(),
            attachments: Vec::new(),
            until,
        };
        contest.desk.app.repair_decide(&decider(), &answer)
    };
    assert_eq!(extend("案情复杂", None).unwrap_err().kind, Kind::Invalid);
    assert_eq!(extend("", Some(date(2026, 12, 18))).unwrap_err().kind, Kind::Invalid);
    let too_far = extend("须向外省核实缴款", Some(date(2026, 12, 19))).unwrap_err();
    assert!(too_far.kind == Kind::Invalid && too_far.public.zh.contains("2026-12-18"), "{too_far}");
    let extended = extend("须向外省核实缴款", Some(date(2026, 12, 17))).unwrap().proceeding;
    assert_eq!(extended.due_on, Some(date(2026, 12, 17)));
    let how = extended.due_how.unwrap();
    assert!(how.zh.contains("原定2026-12-04届满") && how.zh.contains("2026-12-18"), "{how:?}");
    assert_eq!(extend("仍须核实", Some(date(2026, 12, 18))).unwrap_err().kind, Kind::Conflict, "once");
    contest.days(28);
    assert!(contest.proceedings()[0].proceeding.overdue);
}

#[test]
fn refused_it_names_reasons_and_routes_and_may_be_asked_for_again() {
    let mut contest = fined();
    let number = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding.number;
    contest.decide_repair(&number, Step::Accept, "").unwrap();
    assert_eq!(contest.decide_repair(&number, Step::Refuse, "").unwrap_err().kind, Kind::Invalid);
    let refused = contest.decide_repair(&number, Step::Refuse, "罚款尚欠五十元").unwrap().proceeding;
    assert_eq!(refused.routes.len(), 2);
    assert_eq!(contest.records()[0].state, State::Active);
    let again = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding;
    assert_eq!((again.number.as_str(), again.state.as_str()), (number.as_str(), "asked"));
    assert_eq!(again.attachments.len(), 4, "nothing that was handed in is lost");
    contest.desk.assert_whole();
}

#[test]
fn whoever_refused_on_a_record_that_is_repaired_settles_that() {
    let mut contest = Contest::new();
    let refused = contest.check("拒1").slip.head.number;
    contest.outcome(&refused, Outcome::Refused, true);
    // The minimum of a serious one lies in 2027, whose holidays are loaded by then.
    let calendar = contest.desk.city.write("2027.toml", &contest::year_2027());
    contest.desk.app.calendar_apply(&desk::administrator(), &calendar).unwrap();
    contest.days(300);
    let number = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding.number;
    contest.decide_repair(&number, Step::Accept, "").unwrap();
    contest.decide_repair(&number, Step::Grant, "义务已全部履行").unwrap();
    let listed = contest.desk.app.follow_up_list(&clerk()).unwrap();
    assert_eq!(listed[0].state, FollowUpState::ToSettle);
    let settled = contest.desk.app.follow_up_settle(&clerk(), &refused, false, "当时依据充分，维持").unwrap();
    assert_eq!(settled.state, FollowUpState::Confirmed);
    assert_eq!(contest.proceedings()[0].reached[0].state, FollowUpState::Confirmed);
    contest.desk.assert_whole();
}

#[test]
fn what_is_no_adverse_record_in_use_is_not_repaired_and_another_authority_does_not_decide() {
    let mut contest = fined();
    let elsewhere = caller(Role::Decider, "wu", Some("11990000MB0000002C"));
    let number = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding.number;
    let answer = RepairAnswer { number, step: Step::Accept, text: String::new(), attachments: vec![], until: None };
    assert_eq!(contest.desk.app.repair_decide(&elsewhere, &answer).unwrap_err().kind, Kind::NotFound);
    let sender = caller(Role::Decider, "zhou", Some(OFFICE));
    assert_eq!(contest.desk.app.repair_decide(&sender, &answer).unwrap_err().kind, Kind::Forbidden);
    let other = RepairRequest { number: city::number("19850505", 9), ..contest.toward(Step::Explain, "x") };
    assert_eq!(contest.desk.app.repair_file(&own(), &other).unwrap_err().kind, Kind::NotFound);
    let by_authority = contest.toward(Step::Grant, "自己准予");
    assert_eq!(contest.desk.app.repair_file(&own(), &by_authority).unwrap_err().kind, Kind::Conflict);
    let hostile = RepairRequest { commitment: Some(attached("x.pdf", b"MZ\x90\x00")), ..contest.ask() };
    assert_eq!(contest.desk.app.repair_file(&own(), &hostile).unwrap_err().kind, Kind::Invalid);
}

#[test]
fn granted_refused_or_turned_away_it_is_a_signed_decision_with_a_code() {
    let lang = chengxin_core::Lang::Zh;
    for (steps, outcome) in [
        (&[(Step::TurnAway, "材料不齐全，缺少缴款凭证")][..], "不予受理"),
        (&[(Step::Accept, ""), (Step::Refuse, "罚款尚欠五十元")], "不予修复"),
        (&[(Step::Accept, ""), (Step::Grant, "义务已全部履行")], "准予修复"),
    ] {
        let mut contest = fined();
        let number = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding.number;
        let document = contest.row.number.clone();
        for (step, text) in steps {
            contest.decide_repair(&number, *step, text).unwrap();
        }
        let paper = contest.desk.app.proceeding_decision(&own(), (contest::KIND, &document), &number, lang).unwrap();
        assert!(paper.pdf.starts_with(b"%PDF-"));
        assert_eq!(paper.decided.reasons, steps.last().unwrap().1);
        let trust = contest.desk.app.keys().provider().trust_list().clone();
        let verified = chengxin_app::proceeding::verify_decision(paper.json.as_bytes(), &trust).unwrap();
        assert_eq!(verified, paper.decided);
        let altered = paper.json.replacen('e', "f", 3);
        assert!(chengxin_app::proceeding::verify_decision(altered.as_bytes(), &trust).is_err());
        let (_, code) = paper.decided.verify_url.rsplit_once('/').unwrap();
        let status = contest.desk.app.decision_verify(&desk::public(), &number, code).unwrap();
        assert!(status.outcome.zh.contains(outcome), "{status:?}");
    }
}
