//! Who is told of what in an objection or a repair: each step once, each last day that passes, whomever the proceeding waits for.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::contest;
use crate::desk;
use crate::post;
use crate::proxy;

use chengxin_app::check::Outcome;
use chengxin_app::notice::{ChannelRequest, OfficeNoticeLine};
use chengxin_app::objection::ObjectionRequest;
use chengxin_app::repair::RepairRequest;
use chengxin_core::delivery::Delivery;
use chengxin_core::mandate::Scope;
use chengxin_core::notice::ChannelKind;
use chengxin_core::objection::ObjectionStep as Step;
use chengxin_core::proceeding::ObjectionAspect;
use chengxin_core::record::RecordId;
use chengxin_core::repair::RepairStep;
use city::row;
use contest::{Contest, KIND, attached, clerk, decider, own, revoked};
use proxy::Proxies;

fn work(contest: &mut Contest) {
    let worker = chengxin_app::jobs::worker_name();
    while contest.desk.app.job_run(&desk::administrator(), &worker).unwrap().done > 0 {}
}

/// What was told in one moment has no order.
fn sorted(kinds: impl Iterator<Item = String>) -> Vec<String> {
    let mut kinds: Vec<String> = kinds.collect();
    kinds.sort_unstable();
    kinds
}

/// Kinds of what the authority was told in a case, in the order of their names.
fn inbox(contest: &Contest, case: &str) -> Vec<String> {
    let told = contest.desk.app.notice_inbox(&decider()).unwrap();
    let of_case = |line: &OfficeNoticeLine| line.case_number == case;
    sorted(told.into_iter().filter(of_case).map(|line| line.kind))
}

/// The same of the person.
fn told(contest: &mut Contest, case: &str) -> Vec<String> {
    let number = contest.row.number.clone();
    let told = contest.desk.app.notice_list(&own(), KIND, &number).unwrap();
    sorted(told.into_iter().filter(|line| line.case_number == case).map(|line| line.kind))
}

#[test]
fn what_is_asked_of_the_person_does_not_hide_that_the_authority_is_late() {
    let mut contest = Contest::new();
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::AskMore, "请提供当日的车票").unwrap();
    let waits = contest.desk.app.proceeding_work(&desk::credit_office()).unwrap();
    assert_eq!(waits.len(), 1, "the credit office sees it as long as nobody answered");
    contest.days(21);
    for _ in 0..2 {
        work(&mut contest);
        contest.days(1);
    }
    assert_eq!(contest.records()[0].mark.as_ref().unwrap().zh, "停止使用（待答复）");
    assert_eq!(contest.lines().iter().filter(|(operation, _)| operation == "proceeding_overdue").count(), 1);
    assert!(told(&mut contest, &number).contains(&"objection_overdue".to_owned()));
    assert!(inbox(&contest, &number).contains(&"objection_overdue".to_owned()));
    let figures = contest.desk.app.proceeding_figures(&desk::credit_office()).unwrap();
    assert_eq!(figures.iter().map(|of| of.overdue).sum::<i64>(), 1, "{figures:?}");
    contest.desk.assert_whole();
}

#[test]
fn what_was_handed_in_is_told_to_whoever_asked_for_it_and_never_as_taken_up_again() {
    let mut contest = Contest::new();
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    contest.decide(&number, Step::AskMore, "请提供当日的车票").unwrap();
    contest.add(&number, false, "车票在此").unwrap();
    contest.days(1);
    contest.add(&number, false, "另附住宿发票").unwrap();
    let steps = ["objection_accepted", "objection_more_asked", "objection_received"];
    let supplied = ["objection_supplied"; 2];
    assert_eq!(told(&mut contest, &number), [&steps[..], &supplied[..]].concat());
    assert_eq!(inbox(&contest, &number), [&["objection_received"][..], &supplied[..]].concat());
    contest.desk.assert_whole();
}

#[test]
fn a_request_for_more_time_is_told_to_who_answers_it_and_its_answer_to_who_asked() {
    let mut contest = Contest::new();
    let asked = contest.toward(RepairStep::AskDelay, "请准予延期三个月履行");
    let number = contest.desk.app.repair_file(&own(), &asked).unwrap().proceeding.number;
    assert_eq!(inbox(&contest, &number), ["repair_delay_asked"]);
    contest.decide_repair(&number, RepairStep::AnswerDelay, "准予延期三个月").unwrap();
    assert_eq!(told(&mut contest, &number), ["repair_delay_answered", "repair_delay_asked"]);
    let list = contest.desk.app.notice_list(&own(), KIND, &contest.row.number).unwrap();
    let answer = list.iter().find(|line| line.kind == "repair_delay_answered").unwrap().notice.clone();
    let view = contest.desk.app.notice_show(&own(), (KIND, &contest.row.number), &answer).unwrap();
    assert!(view.parts.iter().any(|part| part.heading.zh == "救济途径"), "{view:?}");
    // Asked again, it is told again.
    contest.days(30);
    contest.desk.app.repair_file(&own(), &contest.toward(RepairStep::AskDelay, "再请延期一个月")).unwrap();
    assert_eq!(inbox(&contest, &number), ["repair_delay_asked"; 2]);
    contest.desk.assert_whole();
}

#[test]
fn an_authority_that_is_late_twice_in_one_repair_is_told_twice_and_of_every_request() {
    let mut contest = Contest::with(&[row(1)]);
    let number = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding.number;
    contest.days(6);
    work(&mut contest);
    contest.decide_repair(&number, RepairStep::Accept, "").unwrap();
    contest.days(18);
    work(&mut contest);
    contest.decide_repair(&number, RepairStep::Refuse, "尚未履行完毕").unwrap();
    contest.days(1);
    contest.desk.app.repair_file(&own(), &contest.ask()).unwrap();
    let kinds = ["repair_overdue", "repair_overdue", "repair_received", "repair_received"];
    assert_eq!(inbox(&contest, &number), kinds);
    let own = told(&mut contest, &number);
    assert_eq!(own.iter().filter(|kind| *kind == "repair_overdue").count(), 2, "{own:?}");
    contest.desk.assert_whole();
}

#[test]
fn whoever_was_shown_a_withdrawn_record_is_told_and_what_they_confirm_reaches_the_person_outside() {
    let (address, postbox) = post::web();
    let mut contest = Contest::new();
    let number = contest.row.number.clone();
    let hook = ChannelRequest {
        kind: KIND,
        number: number.clone(),
        channel: ChannelKind::Webhook,
        address: format!("http://{address}/hook"),
    };
    let added = contest.desk.app.channel_add(&own(), &hook).unwrap();
    work(&mut contest);
    let code = postbox.came().last().unwrap().body.clone();
    let (_, code) = code.split_once("Code of the credit platform: ").unwrap();
    contest.desk.app.channel_prove(&own(), (KIND, &number), &added.channel.channel, &code[..8]).unwrap();
    contest.check("开1");
    let refused = contest.check("拒1").slip.head.number;
    contest.outcome(&refused, Outcome::Refused, true);
    let objection = contest.object();
    contest.decide(&objection, Step::Accept, "").unwrap();
    contest.decide(&objection, Step::Withdraw, "决定已被撤销").unwrap();
    assert_eq!(inbox(&contest, "开1"), ["record_withdrawn"]);
    assert_eq!(inbox(&contest, "拒1"), ["outcome_review"]);
    work(&mut contest);
    let before = postbox.came().len();
    contest.desk.app.follow_up_settle(&clerk(), &refused, true, "所依据的记录已撤销，重新办理").unwrap();
    work(&mut contest);
    assert_eq!(postbox.came().len(), before + 1, "one neutral sentence more went out");
    let list = contest.desk.app.notice_list(&own(), KIND, &number).unwrap();
    let settled = list.iter().find(|line| line.kind == "outcome_reviewed").unwrap();
    assert_eq!(settled.delivery, Delivery::Channel);
    contest.desk.assert_whole();
}

#[test]
fn what_is_settled_about_somebody_without_a_channel_is_a_letter_of_who_settled_it() {
    let mut contest = Contest::new();
    let refused = contest.check("拒1").slip.head.number;
    contest.outcome(&refused, Outcome::Refused, true);
    let objection = contest.object();
    contest.decide(&objection, Step::Accept, "").unwrap();
    contest.decide(&objection, Step::Withdraw, "决定已被撤销").unwrap();
    contest.desk.app.follow_up_settle(&clerk(), &refused, false, "另有其他不予许可的理由").unwrap();
    let letters = contest.desk.app.notice_undelivered(&decider()).unwrap();
    let letter = letters.iter().find(|line| line.kind == "outcome_reviewed").unwrap();
    assert_eq!(letter.case_number, "拒1");
    let printed = contest.desk.app.notice_letter(&clerk(), &letter.notice, chengxin_core::Lang::Zh).unwrap();
    assert!(printed.pdf().unwrap().starts_with(b"%PDF-"));
}

#[test]
fn a_row_that_was_altered_by_hand_keeps_nobody_else_from_being_told_that_the_office_is_late() {
    let mut contest = Contest::with(&[revoked(1), revoked(2)]);
    contest.object();
    contest.desk.hand().run("UPDATE proceeding SET late_days = 7", &[]).unwrap();
    contest.row = revoked(2);
    contest.record = RecordId::from_hex(&contest.records().remove(0).record).unwrap();
    let number = contest.object();
    contest.days(21);
    work(&mut contest);
    assert!(told(&mut contest, &number).contains(&"objection_overdue".to_owned()));
    let jobs = contest.desk.app.job_list(&desk::administrator()).unwrap();
    let round = jobs.iter().find(|job| job.kind == "tidy").unwrap();
    assert!(round.problem.is_some(), "an operator reads that the round met a row that it could not tell of: {jobs:?}");
}

#[test]
fn an_attorney_objects_and_asks_for_repair_within_the_mandate_and_nowhere_else() {
    let mut town = Proxies::new();
    let (objections, repairs) = (town.granted(&[Scope::Objections]), town.granted(&[Scope::Repairs]));
    town.refused(|it| &it.daughter, "repair_file", &objections);
    town.refused(|it| &it.daughter, "objection_file", &repairs);
    let (her, kind, number) = town.as_whom(|it| &it.mother, "record_list", None).unwrap();
    let record = town.desk.app.record_list(&her, kind, &number).unwrap().records.remove(0).record;
    let record = RecordId::from_hex(&record).unwrap();

    let (caller, kind, number) = town.as_whom(|it| &it.daughter, "objection_file", Some(&objections)).unwrap();
    let request = ObjectionRequest {
        kind,
        number: number.clone(),
        record,
        aspect: Some(ObjectionAspect::Content),
        grounds: "金额与决定书不一致".to_owned(),
        attachments: Vec::new(),
        evidence: None,
    };
    let filed = town.desk.app.objection_file(&caller, &request).unwrap().proceeding;
    assert!(filed.way.zh.contains("受托人"), "{filed:?}");

    let (caller, kind, number) = town.as_whom(|it| &it.daughter, "repair_file", Some(&repairs)).unwrap();
    let request = RepairRequest {
        kind,
        number,
        record,
        step: RepairStep::Ask,
        text: "申请修复".to_owned(),
        attachments: vec![attached("缴款凭证.txt", "已缴清".as_bytes())],
        commitment: Some(attached("承诺书.txt", "本人承诺守法经营".as_bytes())),
        national_number: None,
        evidence: None,
    };
    let filed = town.desk.app.repair_file(&caller, &request).unwrap().proceeding;
    assert!(filed.way.zh.contains("受托人") && filed.state == "asked", "{filed:?}");

    let lines = town.lines(|it| &it.mother, None);
    for (operation, mandate) in [("objection_file", &objections), ("repair_file", &repairs)] {
        let line = lines.iter().find(|line| line.operation == operation).unwrap();
        assert_eq!(line.mandate.as_ref(), Some(mandate));
        assert!(!line.who.yourself && line.who.say.zh.contains("委托代理人"), "{line:?}");
    }
    town.desk.assert_whole();
}

#[test]
fn a_later_step_counts_from_the_days_as_they_are_now() {
    let mut contest = Contest::new();
    // Serious as it stands: possible a year after the decision. The first step keeps that day in mind.
    contest.desk.app.repair_file(&own(), &contest.toward(RepairStep::Explain, "当时因突发疾病")).unwrap();
    let refused = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap_err();
    assert!(refused.public.zh.contains("2027-09-02"), "{refused}");
    // Corrected to a small fine, it may be repaired at once.
    let objection = contest.object();
    contest.decide(&objection, Step::Accept, "").unwrap();
    let mut answer = Contest::answer(&objection, Step::Correct, "实为罚款，已更正");
    for (field, value) in [("CF_CFLB", "罚款"), ("CF_NR_FK", "0.02"), ("CF_NR_ZKDX", "")] {
        answer.corrected.insert(field.to_owned(), value.to_owned());
    }
    contest.desk.app.objection_decide(&decider(), &answer).unwrap();
    let asked = contest.desk.app.repair_file(&own(), &contest.ask()).unwrap().proceeding;
    assert_eq!(asked.state, "asked");
    contest.desk.assert_whole();
}
