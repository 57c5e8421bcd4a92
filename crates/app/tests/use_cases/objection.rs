//! Objections: marked everywhere at once, answered in writing, out of use where the answer is late, and never seen by a clerk.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::contest;
use crate::desk;

use chengxin_app::Kind;
use chengxin_app::check::Outcome;
use chengxin_app::objection::{ObjectionAnswer, ObjectionRequest};
use chengxin_core::check::Headline;
use chengxin_core::follow_up::FollowUpState;
use chengxin_core::objection::ObjectionStep as Step;
use chengxin_core::proceeding::ObjectionAspect as Aspect;
use chengxin_core::record::State;
use chengxin_core::workflow::Party;
use chengxin_core::{Caller, Ground, Role, Say};
use city::{OFFICE, Row, caller};
use contest::{Contest, KIND, attached, clerk, decider, identity_clerk, own, revoked};

#[test]
fn a_record_that_is_contested_is_marked_everywhere_from_the_next_read_on() {
    let mut contest = Contest::new();
    assert_eq!(contest.check("1").slip.answer.findings[0].mark, None);
    let before = contest.report();
    contest.desk.pass(desk::SECOND);
    let number = contest.object();
    assert_eq!(contest.records()[0].mark.as_ref().unwrap().zh, "异议中");
    let finding = contest.check("2").slip.answer.findings.remove(0);
    assert_eq!(finding.mark.unwrap().en, "under objection");
    let report = contest.report();
    let entry = report.content.classes.iter().flat_map(|class| &class.entries).next().unwrap();
    assert_eq!(entry.marks[0].zh, "异议中");
    // Whoever holds the report of before learns that it says something else by now.
    let viewed = contest.desk.app.report_view(&desk::public(), &before.verification_code, None).unwrap();
    assert!(format!("{:?}", viewed.status).contains("Changed"), "{:?}", viewed.status);
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::Keep, "案卷齐全，决定正确").unwrap();
    assert_eq!(contest.records()[0].mark, None);
    assert_eq!(contest.check("3").slip.answer.findings[0].mark, None);
    contest.desk.assert_whole();
}

#[test]
fn an_answer_that_is_late_puts_the_record_out_of_use_until_it_comes_and_counts_against_the_authority() {
    let mut contest = Contest::new();
    let number = contest.object();
    contest.days(20);
    assert_eq!(contest.records()[0].mark.as_ref().unwrap().zh, "异议中", "the last day is in time");
    contest.days(1);
    assert!(contest.records()[0].mark.as_ref().unwrap().zh.contains("停止使用"));
    let answer = contest.check("1").slip.answer;
    assert!(answer.findings.is_empty(), "it is used for nothing");
    assert_eq!(answer.ask.len(), 1, "a revocation is never passed over in silence");
    let report = contest.report();
    assert_eq!(report.content.entry_count(), 0);
    // The daily round tells of it once.
    let worker = chengxin_app::jobs::worker_name();
    contest.desk.app.job_run(&desk::administrator(), &worker).unwrap();
    contest.days(1);
    contest.desk.app.job_run(&desk::administrator(), &worker).unwrap();
    let told = contest.lines().iter().filter(|(operation, _)| operation == "proceeding_overdue").count();
    assert_eq!(told, 1);
    let figures = contest.desk.app.proceeding_figures(&desk::credit_office()).unwrap();
    assert_eq!((figures[0].filed, figures[0].overdue, figures[0].closed), (1, 1, 0));
    contest.decide(&number, Step::Accept, "").unwrap();
    assert!(contest.records()[0].mark.as_ref().unwrap().zh.contains("停止使用"), "taking it up is no answer");
    contest.decide(&number, Step::Keep, "决定正确").unwrap();
    assert_eq!(contest.records()[0].mark, None);
    let figures = contest.desk.app.proceeding_figures(&desk::credit_office()).unwrap();
    assert_eq!((figures[0].closed, figures[0].late, figures[0].late_days, figures[0].overdue), (1, 1, 2, 0));
    contest.desk.assert_whole();
}

#[test]
fn a_statement_stands_beside_a_record_that_is_kept_wherever_it_shows() {
    let mut contest = Contest::new();
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::Keep, "决定正确").unwrap();
    let statement = "我已提起诉讼，对方电话 13800000000";
    let said = contest.add(&number, true, statement).unwrap();
    assert_eq!(said.warnings.len(), 1, "a number of somebody's is starred, and the person is told");
    let shown = "我已提起诉讼，对方电话 138******00";
    assert_eq!(contest.records()[0].statement.as_deref(), Some(shown));
    let checked = contest.check("1");
    assert_eq!(checked.slip.answer.findings[0].statement.as_deref(), Some(shown));
    let report = contest.report();
    let entry = report.content.classes.iter().flat_map(|class| &class.entries).next().unwrap();
    assert_eq!(entry.fields.last().unwrap().value.zh, shown);
    // The slip is written again as it was, also once another statement stands there.
    contest.add(&number, true, "二审已经开庭").unwrap();
    let document = contest.row.number.clone();
    let slips = contest.desk.app.check_slip(&own(), KIND, &document).unwrap();
    assert_eq!(slips[0].answer.as_ref().unwrap().findings[0].statement.as_deref(), Some(shown));
    assert_eq!(contest.check("2").slip.answer.findings[0].statement.as_deref(), Some("二审已经开庭"));
    let too_long = contest.add(&number, true, &"长".repeat(501)).unwrap_err();
    assert_eq!(too_long.kind, Kind::Invalid);
    assert!(too_long.public.zh.contains("501") && too_long.public.zh.contains("500"));
    contest.desk.assert_whole();
}

#[test]
fn a_correction_says_something_else_from_then_on_and_last_months_file_does_not_bring_the_mistake_back() {
    let mut contest = Contest::new();
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    let mut answer = Contest::answer(&number, Step::Correct, "处罚种类登记有误，已改为警告");
    answer.corrected =
        [("CF_CFLB", "警告"), ("CF_NR_ZKDX", "")].map(|(code, value)| (code.into(), value.into())).into();
    let done = contest.desk.app.objection_decide(&decider(), &answer).unwrap();
    assert_eq!(done.proceeding.state, "corrected");
    assert_eq!(done.proceeding.routes.len(), 2, "reconsideration and the courts are named");
    let named = |routes: &[Say], what: &str| routes.iter().all(|route| route.zh.contains(what));
    assert!(named(&done.proceeding.routes, "自知道该答复之日起"), "no day runs out for somebody who was not told");
    let calendar = contest.desk.city.write("2027.toml", &contest::year_2027());
    let app = &mut contest.desk.app;
    app.calendar_apply(&desk::administrator(), &calendar).unwrap();
    let lines = app.notice_list(&own(), KIND, &contest.row.number).unwrap();
    let answered = lines.iter().find(|line| line.kind == "objection_answered").unwrap();
    app.notice_show(&own(), (KIND, &contest.row.number), &answered.notice).unwrap();
    let own_list = app.proceeding_list(&own(), KIND, &contest.row.number).unwrap();
    let told = &own_list.iter().find(|own| own.proceeding.number == number).unwrap().proceeding.routes;
    assert!(named(told, "2027年"), "each with its last day, counted from the reading: {told:?}");
    let record = contest.records().remove(0);
    assert_eq!((record.version, record.state), (2, State::Active));
    assert!(record.fields.iter().any(|(_, value)| value.zh == "警告"), "{record:#?}");
    assert!(contest.check("1").slip.answer.findings.is_empty(), "a warning is of no account in this matter");
    // Last month's file, with the mistake still in it.
    let again = contest.sends("again.csv", &[contest.row.clone(), revoked(2)]);
    assert_eq!((again.quality.counts.refused, again.quality.counts.new), (1, 1), "{:?}", again.quality);
    let refused = serde_json::to_string(&again.quality.refused).unwrap();
    assert!(refused.contains(&number), "refused with the number of the objection: {refused}");
    contest.desk.assert_whole();
}

#[test]
fn a_withdrawal_takes_the_record_out_and_no_file_brings_it_back() {
    let mut contest = Contest::new();
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::Withdraw, "决定已被撤销").unwrap();
    assert_eq!(contest.records()[0].state, State::Withdrawn);
    assert!(matches!(contest.check("1").slip.answer.headline, Headline::MayProceed { .. }));
    let again = contest.sends("again.csv", std::slice::from_ref(&contest.row.clone()));
    assert_eq!(again.quality.counts.refused, 1);
    assert_eq!(contest.records()[0].state, State::Withdrawn);
    contest.desk.assert_whole();
}

#[test]
fn this_is_not_me_puts_the_record_out_of_use_until_an_identity_clerk_has_decided() {
    let mut contest = Contest::new();
    let request = contest.request(None, "");
    let filed = contest.desk.app.objection_file(&own(), &request).unwrap().proceeding;
    assert_eq!((filed.state.as_str(), filed.due_on), ("not_me", None));
    assert!(contest.check("1").slip.answer.findings.is_empty());
    contest.days(400);
    assert!(contest.records()[0].mark.as_ref().unwrap().zh.contains("停止使用"), "no time brings it back");
    // The authority that is held to be wrong does not even find it.
    let refused = contest.decide(&filed.number, Step::FindTheirs, "就是本人").unwrap_err();
    assert_eq!(refused.kind, Kind::NotFound);
    assert!(contest.desk.app.proceeding_work(&decider()).unwrap().is_empty());
    assert_eq!(contest.desk.app.proceeding_work(&identity_clerk()).unwrap().len(), 1);
    let finding = Contest::answer(&filed.number, Step::FindNotTheirs, "照片和签名均非本人");
    contest.desk.app.objection_identify(&identity_clerk(), &finding).unwrap();
    assert_eq!(contest.records()[0].state, State::Withdrawn);
    let again = contest.sends("again.csv", std::slice::from_ref(&contest.row.clone()));
    assert_eq!(again.quality.counts.refused, 1, "nor does a file");
    contest.desk.assert_whole();
}

#[test]
fn that_it_is_not_theirs_is_said_beside_an_objection_which_ends_with_it() {
    for (finding, states, found) in [
        (Step::FindNotTheirs, ["not_theirs", "not_theirs"], State::Withdrawn),
        (Step::FindTheirs, ["theirs", "accepted"], State::Active),
    ] {
        let mut contest = Contest::new();
        let objection = contest.object();
        contest.decide(&objection, Step::Accept, "").unwrap();
        let request = contest.request(None, "");
        let said = contest.desk.app.objection_file(&own(), &request).unwrap().proceeding.number;
        assert!(contest.check("1").slip.answer.findings.is_empty(), "out of use at once");
        let next = |contest: &mut Contest| {
            let work = contest.desk.app.proceeding_show(&decider(), &objection).unwrap();
            work.next.into_iter().map(|step| step.by).collect::<Vec<_>>()
        };
        assert!(!next(&mut contest).contains(&Party::IdentityClerk), "nobody finds that out in the objection");
        let answer = Contest::answer(&said, finding, "照片和签名已比对");
        assert_eq!(
            contest
                .desk
                .app
                .objection_identify(&identity_clerk(), &Contest::answer(&objection, finding, "比对"))
                .unwrap_err()
                .kind,
            Kind::NotFound
        );
        contest.desk.app.objection_identify(&identity_clerk(), &answer).unwrap();
        let state = |contest: &mut Contest, number: &str| {
            contest.proceedings().into_iter().find(|it| it.proceeding.number == number).unwrap().proceeding.state
        };
        assert_eq!([state(&mut contest, &said), state(&mut contest, &objection)], states);
        assert_eq!(contest.records()[0].state, found);
        let kept = contest.decide(&objection, Step::Keep, "经核查属实");
        assert_eq!(kept.is_ok(), found == State::Active, "{kept:?}");
        if found == State::Withdrawn {
            let read = contest.desk.app.proceeding_show(&decider(), &objection).unwrap();
            let last = read.steps.last().unwrap();
            assert!(last.text.contains(&said) && !last.text.contains("比对"), "no evidence: {}", last.text);
            assert!(contest.desk.app.proceeding_work(&decider()).unwrap().is_empty());
        }
        contest.desk.assert_whole();
    }
}

#[test]
fn an_office_may_answer_while_it_is_found_out_whose_the_record_is() {
    let mut contest = Contest::new();
    let objection = contest.object();
    contest.decide(&objection, Step::Accept, "").unwrap();
    let request = contest.request(None, "");
    let said = contest.desk.app.objection_file(&own(), &request).unwrap().proceeding.number;
    contest.decide(&objection, Step::Withdraw, "决定已被撤销").unwrap();
    assert_eq!(contest.records()[0].state, State::Withdrawn);
    let finding = Contest::answer(&said, Step::FindNotTheirs, "照片和签名均非本人");
    contest.desk.app.objection_identify(&identity_clerk(), &finding).unwrap();
    assert_eq!(contest.records()[0].state, State::Withdrawn);
    let states: Vec<_> = contest.proceedings().into_iter().map(|it| it.proceeding.state).collect();
    assert!(states.contains(&"withdrawn".to_owned()) && states.contains(&"not_theirs".to_owned()), "{states:?}");
    contest.desk.assert_whole();
}

#[test]
fn once_decided_on_evidence_a_further_doubt_is_an_objection() {
    let mut contest = Contest::new();
    let request = contest.request(None, "");
    let number = contest.desk.app.objection_file(&own(), &request).unwrap().proceeding.number;
    let without = Contest::answer(&number, Step::FindTheirs, "");
    assert_eq!(contest.desk.app.objection_identify(&identity_clerk(), &without).unwrap_err().kind, Kind::Invalid);
    let finding = Contest::answer(&number, Step::FindTheirs, "签名经比对一致");
    contest.desk.app.objection_identify(&identity_clerk(), &finding).unwrap();
    assert_eq!(contest.records()[0].mark, None);
    let twice = contest.desk.app.objection_file(&own(), &request).unwrap_err();
    assert_eq!(twice.kind, Kind::Conflict);
    assert!(twice.public.zh.contains("提出异议"));
    contest.object();
    assert_eq!(contest.records()[0].mark.as_ref().unwrap().zh, "异议中");
}

#[test]
fn whoever_was_shown_a_record_that_changed_is_told_and_who_refused_on_it_settles_that() {
    let mut contest = Contest::new();
    let (open, refused, granted) = (contest.check("开1"), contest.check("拒1"), contest.check("准1"));
    let number_of = |checked: &chengxin_app::check::Checked| checked.slip.head.number.clone();
    contest.outcome(&number_of(&refused), Outcome::Refused, true);
    contest.outcome(&number_of(&granted), Outcome::Granted, false);
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    assert!(contest.desk.app.follow_up_list(&clerk()).unwrap().is_empty(), "nothing was decided yet");
    contest.decide(&number, Step::Withdraw, "决定已被撤销").unwrap();
    let listed = contest.desk.app.follow_up_list(&clerk()).unwrap();
    let states: Vec<_> = listed.iter().map(|line| (line.case_number.as_str(), line.state)).collect();
    assert_eq!(states, [("拒1", FollowUpState::ToSettle), ("开1", FollowUpState::Told)]);
    let told = serde_json::to_string(&listed).unwrap();
    assert!(!told.contains(&contest.row.name) && !told.contains(&contest.row.number), "no name");
    assert!(!told.contains(&number), "nor that somebody objected");
    let settle = |contest: &mut Contest, check: &str, reason: &str| {
        contest.desk.app.follow_up_settle(&clerk(), check, true, reason)
    };
    assert_eq!(settle(&mut contest, &number_of(&refused), "好").unwrap_err().kind, Kind::Invalid);
    assert_eq!(settle(&mut contest, &number_of(&open), "原决定已撤销").unwrap_err().kind, Kind::NotFound);
    let settled = settle(&mut contest, &number_of(&refused), "所依据的记录已撤销，重新办理").unwrap();
    assert_eq!(settled.state, FollowUpState::Reopened);
    assert_eq!(settle(&mut contest, &number_of(&refused), "再次重新办理").unwrap_err().kind, Kind::NotFound, "once");
    let own = contest.proceedings().remove(0);
    assert_eq!(own.reached.len(), 2, "the person sees which");
    assert!(own.reached.iter().any(|line| line.reason.contains("重新办理") && line.proceeding.is_some()));
    contest.desk.assert_whole();
}

#[test]
fn a_check_that_is_older_than_three_years_is_not_told() {
    let mut contest = Contest::new();
    contest.check("旧1");
    contest.days(3 * 366 + 1);
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::Withdraw, "决定已被撤销").unwrap();
    assert!(contest.desk.app.follow_up_list(&clerk()).unwrap().is_empty());
}

#[test]
fn an_attachment_is_known_by_its_content_sealed_and_read_by_who_may() {
    let mut contest = Contest::new();
    let secret = "当日车票：云汀至上海";
    let request = ObjectionRequest {
        attachments: vec![attached("..\\..\\车票\u{202e}fdp.exe", secret.as_bytes())],
        ..contest.request(Some(Aspect::Content), "当日不在本市")
    };
    let filed = contest.desk.app.objection_file(&own(), &request).unwrap().proceeding;
    assert_eq!(filed.attachments[0].name, "车票fdp.exe.txt");
    assert_eq!(filed.document_number.as_deref(), Some(contest.row.document.as_str()), "an office finds its file by it");
    let stored = contest.desk.city.everything_stored();
    assert!(!stored.windows(secret.len()).any(|part| part == secret.as_bytes()), "it lies sealed");
    let app = &mut contest.desk.app;
    let (_, _, content) = app.proceeding_attachment(&decider(), None, &filed.number, 1).unwrap();
    assert_eq!(content, secret.as_bytes());
    let (number, other) = (contest.row.number.clone(), city::number("19850505", 2));
    let own_file = |app: &mut chengxin_app::Installation, whose: &str| {
        app.proceeding_attachment(&own(), Some((KIND, whose)), &filed.number, 1)
    };
    assert_eq!(own_file(app, &number).unwrap().2, secret.as_bytes());
    assert_eq!(own_file(app, &other).unwrap_err().kind, Kind::NotFound);
    assert_eq!(app.proceeding_attachment(&decider(), None, &filed.number, 2).unwrap_err().kind, Kind::NotFound);
    assert_eq!(app.proceeding_attachment(&clerk(), None, &filed.number, 1).unwrap_err().kind, Kind::Forbidden);
    assert!(contest.lines().iter().any(|(operation, _)| operation == "proceeding_attachment"));
    contest.desk.assert_whole();
}

#[test]
fn bad_attachments_refuse_the_whole_step_and_say_which_and_why() {
    let mut contest = Contest::new();
    let big = vec![b'a'; chengxin_core::attachment::LARGEST + 1];
    for (name, content, why) in [
        ("空.txt", &b""[..], "空文件"),
        ("大.txt", &big[..], "超过"),
        ("锁.pdf", b"%PDF-1.7\n/Encrypt 1 0 R\n%%EOF", "密码"),
        ("动.pdf", b"%PDF-1.7\n/JavaScript\n%%EOF", "脚本"),
        ("假.pdf", b"MZ\x90\x00\x03", "按内容判断"),
    ] {
        let good = attached("好.txt", b"ok");
        let request = ObjectionRequest {
            attachments: vec![good, attached(name, content)],
            ..contest.request(Some(Aspect::Content), "理由")
        };
        let refused = contest.desk.app.objection_file(&own(), &request).unwrap_err();
        assert_eq!(refused.kind, Kind::Invalid);
        assert!(refused.public.zh.contains(name) && refused.public.zh.contains(why), "{refused}");
    }
    let many = vec![attached("多.txt", b"ok"); 6];
    let request = ObjectionRequest { attachments: many, ..contest.request(Some(Aspect::Content), "理由") };
    assert_eq!(contest.desk.app.objection_file(&own(), &request).unwrap_err().kind, Kind::Invalid);
    assert!(contest.proceedings().is_empty(), "nothing of it was taken");
    assert_eq!(contest.records()[0].mark, None);
}

#[test]
fn late_double_conflicting_and_unlawful_steps_are_refused_with_the_lawful_ones() {
    let mut contest = Contest::new();
    let number = contest.object();
    let twice = contest.desk.app.objection_file(&own(), &contest.request(Some(Aspect::Period), "又")).unwrap_err();
    assert!(twice.kind == Kind::Conflict && twice.public.zh.contains(&number), "{twice}");
    let early = contest.decide(&number, Step::Keep, "没有受理就答复").unwrap_err();
    assert_eq!(early.kind, Kind::Conflict);
    assert!(early.public.zh.contains("受理（认定单位）"), "the lawful steps are named: {early}");
    assert_eq!(contest.decide(&number, Step::Refuse, "").unwrap_err().kind, Kind::Invalid, "a reason");
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::Keep, "决定正确").unwrap();
    assert_eq!(contest.decide(&number, Step::Withdraw, "反悔").unwrap_err().kind, Kind::Conflict);
    let again = contest.desk.app.objection_file(&own(), &contest.request(Some(Aspect::Content), "再来")).unwrap_err();
    assert!(again.public.zh.contains("行政复议"), "{again}");
    // Another aspect of the same record is another objection.
    let other = contest.desk.app.objection_file(&own(), &contest.request(Some(Aspect::Period), "期限算错")).unwrap();
    assert_eq!(other.proceeding.state, "filed");
    let mistyped = contest.decide("YY20261121-0000-0000-0000-00", Step::Accept, "").unwrap_err();
    assert_eq!(mistyped.kind, Kind::Invalid);
}

#[test]
fn of_two_who_decide_at_once_one_wins_and_the_other_is_told() {
    let mut contest = Contest::new();
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    let mut other = contest.desk.app.another().unwrap();
    let answers = std::thread::scope(|scope| {
        let keep = Contest::answer(&number, Step::Keep, "决定正确");
        let withdraw = Contest::answer(&number, Step::Withdraw, "决定有误");
        let first = scope.spawn(move || other.objection_decide(&decider(), &keep));
        let second = contest.desk.app.objection_decide(&caller(Role::Decider, "chen", Some(OFFICE)), &withdraw);
        [first.join().unwrap(), second]
    });
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(won, 1, "{answers:?}");
    let lost = answers.into_iter().find_map(Result::err).unwrap();
    assert_eq!(lost.kind, Kind::Conflict, "{lost}");
    contest.desk.assert_whole();
}

#[test]
fn only_the_authority_that_determined_decides_and_not_who_sent_it() {
    let mut contest = Contest::new();
    let number = contest.object();
    let accept = Contest::answer(&number, Step::Accept, "");
    let elsewhere = caller(Role::Decider, "wu", Some("11990000MB0000002C"));
    assert_eq!(contest.desk.app.objection_decide(&elsewhere, &accept).unwrap_err().kind, Kind::NotFound);
    assert!(contest.desk.app.proceeding_work(&elsewhere).unwrap().is_empty());
    // The officer who sent the row holds the role of a decider too, under the same name.
    let sender = caller(Role::Decider, "zhou", Some(OFFICE));
    let refused = contest.desk.app.objection_decide(&sender, &accept).unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden, "{refused}");
    assert_eq!(contest.desk.app.proceeding_show(&sender, &number).unwrap().state, "filed", "they may read it");
    for role in [Role::Clerk, Role::DataOfficer, Role::CreditOffice, Role::Auditor, Role::Administrator] {
        let other = caller(role, "other", Some(OFFICE));
        assert_eq!(contest.desk.app.objection_decide(&other, &accept).unwrap_err().kind, Kind::Forbidden, "{role:?}");
        assert_eq!(contest.desk.app.proceeding_show(&other, &number).unwrap_err().kind, Kind::Forbidden, "{role:?}");
    }
    contest.desk.app.objection_decide(&decider(), &accept).unwrap();
}

#[test]
fn a_work_list_names_nobody_and_the_credit_office_reads_no_more() {
    let mut contest = Contest::new();
    let number = contest.object();
    for caller in [decider(), desk::credit_office()] {
        let work = contest.desk.app.proceeding_work(&caller).unwrap();
        assert_eq!(work[0].number, number);
        let text = serde_json::to_string(&work).unwrap();
        assert!(!text.contains(&contest.row.name) && !text.contains(&contest.row.number) && !text.contains("车票"));
    }
}

#[test]
fn a_checking_clerk_never_learns_that_somebody_objected_to_what_they_may_not_see() {
    // A fine is of no account in this matter: neither is an objection to it.
    let fine = Row { document: "云交罚〔2026〕2号".to_owned(), ..city::row(1) };
    let mut contest = Contest::with(&[fine]);
    let before = serde_json::to_string(&contest.check("1").slip.answer).unwrap();
    contest.object();
    assert_eq!(serde_json::to_string(&contest.check("1").slip.answer).unwrap(), before);
    contest.days(21);
    let late = contest.check("1").slip.answer;
    assert!(late.findings.is_empty() && late.ask.is_empty());
}

#[test]
fn a_window_files_for_somebody_whose_document_was_compared_and_the_log_says_so() {
    let mut contest = Contest::new();
    let window = Caller { ground: Ground::usual(Role::Clerk), ..clerk() };
    let request = contest.request(Some(Aspect::Content), "不识字，由窗口代为提交");
    let without = contest.desk.app.objection_file(&window, &request).unwrap_err();
    assert_eq!(without.kind, Kind::Invalid);
    let request = ObjectionRequest { evidence: Some("居民身份证原件，与本人相符".to_owned()), ..request };
    let filed = contest.desk.app.objection_file(&window, &request).unwrap().proceeding;
    assert!(filed.way.zh.contains("窗口"));
    assert!(contest.lines().iter().any(|(operation, _)| operation == "objection_file"));
    let other = ObjectionRequest { number: city::number("19850505", 77), ..request };
    assert_eq!(contest.desk.app.objection_file(&window, &other).unwrap_err().kind, Kind::NotFound);
}

#[test]
fn nobody_objects_to_anothers_record_or_to_one_that_is_used_for_nothing() {
    let mut contest = Contest::with(&[revoked(1), revoked(2)]);
    let other = ObjectionRequest {
        number: city::number("19850505", 2),
        ..contest.request(Some(Aspect::Content), "不是我的也来")
    };
    assert_eq!(contest.desk.app.objection_file(&own(), &other).unwrap_err().kind, Kind::NotFound);
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::Withdraw, "撤销").unwrap();
    let gone = contest.desk.app.objection_file(&own(), &contest.request(Some(Aspect::Period), "期限")).unwrap_err();
    assert_eq!(gone.kind, Kind::Conflict);
}

#[test]
fn a_correction_cannot_change_whose_or_which_record_it_is_nor_bring_in_what_the_item_refuses() {
    let mut contest = Contest::new();
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    let before = contest.records();
    let other = city::number("19850505", 9);
    for (fields, why) in [
        (vec![], "要更正的字段"),
        (vec![("NO_SUCH", "1")], "没有字段"),
        (vec![("CF_WSH", "云交罚〔2026〕999号")], "哪一条记录"),
        (vec![("CF_XDR_ZJHM", other.as_str())], "哪一条记录"),
        (vec![("CF_JDRQ", "2026-02-30")], "有误"),
        (vec![("CF_SY", "在禁停路段停放车辆")], "与现在的相同"),
    ] {
        let corrected = fields.into_iter().map(|(code, value)| (code.to_owned(), value.to_owned())).collect();
        let answer = ObjectionAnswer { corrected, ..Contest::answer(&number, Step::Correct, "更正") };
        let refused = contest.desk.app.objection_decide(&decider(), &answer).unwrap_err();
        assert_eq!(refused.kind, Kind::Invalid, "{refused}");
        assert!(refused.public.zh.contains(why), "{why}: {refused}");
    }
    assert_eq!(contest.records(), before, "nothing was changed");
}

#[test]
fn a_row_that_was_altered_by_hand_is_an_error_and_never_an_uncontested_record() {
    let mut contest = Contest::new();
    contest.object();
    contest.desk.hand().run("UPDATE proceeding SET state = 'kept', waits = 0", &[]).unwrap();
    let number = contest.row.number.clone();
    let refused = contest.desk.app.record_list(&own(), KIND, &number).unwrap_err();
    assert_eq!(refused.kind, Kind::Internal);
    contest.desk.app.log_sequence().unwrap();
    let auditor = caller(Role::Auditor, "audit", None);
    let verified = contest.desk.app.log_verify(&auditor, None).unwrap();
    assert!(verified.findings.iter().any(|finding| finding.table == "proceeding"), "{:#?}", verified.findings);
}

#[test]
fn a_decision_is_signed_has_a_code_of_its_own_and_tells_a_bank_no_more_than_it_must() {
    let mut contest = Contest::new();
    let number = contest.object();
    let document = contest.row.number.clone();
    let lang = chengxin_core::Lang::En;
    let early = contest.desk.app.proceeding_decision(&own(), (KIND, &document), &number, lang).unwrap_err();
    assert_eq!(early.kind, Kind::Conflict);
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::Withdraw, "决定已被撤销").unwrap();
    let paper = contest.desk.app.proceeding_decision(&own(), (KIND, &document), &number, lang).unwrap();
    assert!(paper.pdf.starts_with(b"%PDF-") && paper.decided.reasons == "决定已被撤销");
    assert!(!paper.json.contains(&document) && !paper.decided.document_number.contains(&document));
    let trust = contest.desk.app.keys().provider().trust_list().clone();
    let verified = chengxin_app::proceeding::verify_decision(paper.json.as_bytes(), &trust).unwrap();
    assert_eq!(verified, paper.decided);
    let altered = paper.json.replacen('e', "f", 3);
    assert!(chengxin_app::proceeding::verify_decision(altered.as_bytes(), &trust).is_err());
    let (address, code) = paper.decided.verify_url.rsplit_once('/').unwrap();
    assert!(address.starts_with("https://credit.example/d/YY"));
    let public = desk::public();
    let status = contest.desk.app.decision_verify(&public, &number, code).unwrap();
    assert_eq!(status.outcome.zh, "已撤销");
    let told = serde_json::to_string(&status).unwrap();
    assert!(!told.contains("周明") && !told.contains(&contest.record.hex()) && !told.contains("决定已被撤销"));
    for (number, code) in [(number.as_str(), "000000000000"), ("YY20261121-0000-0000-0000-00", code), ("x", "y")] {
        assert_eq!(contest.desk.app.decision_verify(&public, number, code).unwrap_err().kind, Kind::NotFound);
    }
}

#[test]
fn the_horizon_says_when_a_record_ends_the_way_there_what_it_affects_and_who_saw_it() {
    let mut contest = Contest::new();
    contest.check("1");
    contest.report();
    let (document, record) = (contest.row.number.clone(), contest.record);
    let horizon = contest.desk.app.record_horizon(&own(), (KIND, &document), &record).unwrap();
    assert_eq!(horizon.repair_from, Some(jiff::civil::date(2027, 9, 2)));
    assert_eq!(horizon.stops_on, Some(jiff::civil::date(2029, 9, 2)));
    assert!(horizon.in_use && horizon.way.len() == 4, "{horizon:#?}");
    assert_eq!((horizon.conditions.len(), horizon.documents.len()), (4, 2));
    assert!(horizon.affects.iter().any(|of| of.matter == contest::MATTER && of.finding.is_some()));
    let seen: Vec<_> = horizon.seen_by.iter().map(|seen| seen.who.zh.as_str()).collect();
    assert!(seen.contains(&"云汀市交通运输局") && seen.contains(&"云汀银行"), "{seen:?}");
    let other = city::number("19850505", 2);
    let refused = contest.desk.app.record_horizon(&own(), (KIND, &other), &record).unwrap_err();
    assert_eq!(refused.kind, Kind::NotFound);
    // Once it is withdrawn nothing lies ahead.
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::Withdraw, "决定已被撤销").unwrap();
    let horizon = contest.desk.app.record_horizon(&own(), (KIND, &document), &record).unwrap();
    assert!(!horizon.in_use && horizon.affects.is_empty() && horizon.repair_from.is_none());
    contest.desk.assert_whole();
}
