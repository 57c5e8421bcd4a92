//! Whom a change of a record reaches that no proceeding decided: by a file, by a release, by an identity clerk, by a lock.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::contest;
use crate::desk;

use chengxin_app::check::{CheckRequest, Outcome, OutcomeRequest};
use chengxin_app::held::HeldDecision;
use chengxin_app::log::LogWriter;
use chengxin_app::proceeding::FollowUpLine;
use chengxin_app::reading::Reading;
use chengxin_app::record::{Decision, LockKind, RecordRef};
use chengxin_core::follow_up::FollowUpState;
use chengxin_core::identity::DocumentKind;
use chengxin_core::objection::ObjectionStep as Step;
use chengxin_core::record::State;
use chengxin_core::{Caller, Ground, Role};
use chengxin_store::audit::Cell;
use city::{OFFICE, Row, caller, firm, row};
use contest::{Contest, KIND, MATTER, clerk, decider, identity_clerk, own, revoked};
use jiff::civil::date;

fn work(contest: &mut Contest) {
    let worker = chengxin_app::jobs::worker_name();
    while contest.desk.app.job_run(&desk::administrator(), &worker).unwrap().done > 0 {}
}

/// The same once whatever was under way when a record changed has ended.
fn work_later(contest: &mut Contest) {
    work(contest);
    contest.desk.pass(11 * desk::MINUTE);
    work(contest);
}

fn waiting(contest: &Contest, kind: &str) -> usize {
    let jobs = contest.desk.app.job_list(&desk::administrator()).unwrap();
    jobs.iter().filter(|job| job.kind == kind).count()
}

fn listed(contest: &Contest) -> Vec<FollowUpLine> {
    contest.desk.app.follow_up_list(&clerk()).unwrap()
}

/// Applications and what became of each, in the order of the list.
fn states(contest: &Contest) -> Vec<(String, FollowUpState)> {
    listed(contest).into_iter().map(|line| (line.case_number, line.state)).collect()
}

/// Kinds of what the authority was told in a case.
fn inbox(contest: &Contest, case: &str) -> Vec<String> {
    let told = contest.desk.app.notice_inbox(&decider()).unwrap();
    told.into_iter().filter(|line| line.case_number == case).map(|line| line.kind).collect()
}

/// One matter that is open, one refused on the record, one granted; the check of the refused one.
fn shown() -> (Contest, String) {
    let mut contest = Contest::new();
    contest.check("开1");
    let (refused, granted) = (contest.check("拒1").slip.head.number, contest.check("准1").slip.head.number);
    contest.outcome(&refused, Outcome::Refused, true);
    contest.outcome(&granted, Outcome::Granted, false);
    work(&mut contest);
    (contest, refused)
}

fn withdrawn(row: &Row) -> Row {
    Row { action: "撤销".to_owned(), ..row.clone() }
}

fn changed(row: &Row, facts: &str) -> Row {
    Row { facts: facts.to_owned(), ..row.clone() }
}

fn release(contest: &mut Contest, submission: Option<i64>) {
    contest.desk.app.submission_release(&decider(), submission.unwrap()).unwrap();
}

#[test]
fn a_row_that_withdraws_a_record_reaches_whoever_was_shown_it_and_who_refused_on_it_settles_that() {
    let (mut contest, refused) = shown();
    let row = withdrawn(&contest.row);
    assert_eq!(contest.sends("b.csv", &[row]).quality.counts.withdrawn, 1);
    work(&mut contest);
    let told = [("拒1".to_owned(), FollowUpState::ToSettle), ("开1".to_owned(), FollowUpState::Told)];
    assert_eq!(states(&contest), told);
    assert_eq!(inbox(&contest, "拒1"), ["outcome_review"]);
    assert_eq!(inbox(&contest, "开1"), ["record_withdrawn"]);
    assert!(inbox(&contest, "准1").is_empty());
    let said = serde_json::to_string(&listed(&contest)).unwrap();
    assert!(!said.contains(&contest.row.name) && !said.contains(&contest.row.number), "no name");
    assert!(listed(&contest).iter().all(|line| line.decided.zh.contains("撤销") && line.proceeding.is_none()));

    let reason = "所依据的记录已撤销，重新办理";
    let settled = contest.desk.app.follow_up_settle(&clerk(), &refused, true, reason).unwrap();
    assert_eq!(settled.state, FollowUpState::Reopened);
    // The person sees which: beside the record, in what they are told and in their log.
    let (document, record) = (contest.row.number.clone(), contest.record);
    let ahead = contest.desk.app.record_horizon(&own(), (KIND, &document), &record).unwrap();
    assert_eq!(ahead.reached.len(), 2);
    let own_line = ahead.reached.iter().find(|line| line.check == refused).unwrap();
    assert!(own_line.state == FollowUpState::Reopened && own_line.reason == reason, "{own_line:?}");
    let notices = contest.desk.app.notice_list(&own(), KIND, &document).unwrap();
    let reviewed = notices.iter().find(|line| line.kind == "outcome_reviewed").unwrap().notice.clone();
    let view = contest.desk.app.notice_show(&own(), (KIND, &document), &reviewed).unwrap();
    assert!(format!("{view:?}").contains("重新办理"), "{view:?}");
    let lines = contest.lines();
    assert!(lines.iter().any(|(_, act)| act.contains("告知了曾看过它")), "{lines:?}");
    assert!(lines.iter().any(|(operation, act)| operation == "follow_up_settle" && act.contains("重新办理")));
    contest.desk.assert_whole();
}

#[test]
fn a_row_that_changes_a_record_reaches_nobody_before_a_second_officer_released_it() {
    let (mut contest, _) = shown();
    let row = changed(&contest.row, "在禁停路段停放车辆两小时");
    let submission = contest.sends("b.csv", &[row]).quality.submission;
    work_later(&mut contest);
    assert!(listed(&contest).is_empty(), "it has no effect yet");
    release(&mut contest, submission);
    work_later(&mut contest);
    let told = [("拒1".to_owned(), FollowUpState::ToSettle), ("开1".to_owned(), FollowUpState::Told)];
    assert_eq!(states(&contest), told);
    assert_eq!(inbox(&contest, "开1"), ["record_corrected"]);
    // Whoever is shown it as it is now is told nothing; of the next change everybody is.
    contest.check("新1");
    work_later(&mut contest);
    assert_eq!(states(&contest).len(), 2);
    let row = withdrawn(&contest.row);
    contest.sends("c.csv", &[row]);
    work_later(&mut contest);
    assert_eq!(inbox(&contest, "新1"), ["record_withdrawn"]);
    assert_eq!(states(&contest).len(), 5);
    contest.desk.assert_whole();
}

#[test]
fn a_job_that_is_done_twice_makes_nothing_twice() {
    let (mut contest, _) = shown();
    let row = withdrawn(&contest.row);
    contest.sends("b.csv", &[row]);
    let hand = contest.desk.hand();
    let jobs = "SELECT subject_id, job_id, kind, payload, due_us FROM job WHERE kind = 'record_reach'";
    let before = hand.rows(jobs, &[]).unwrap();
    assert_eq!(before.len(), 1);
    work(&mut contest);
    let (lines, list) = (contest.lines().len(), listed(&contest));
    // As if the worker had died before it could end the job.
    let again = "INSERT INTO job (subject_id, job_id, kind, payload, due_us, lease_until_us, worker, attempts, problem) \
        VALUES ($1, $2, $3, $4, $5, 0, '', 1, '')";
    hand.run(again, &before[0]).unwrap();
    drop(hand);
    work_later(&mut contest);
    assert_eq!(waiting(&contest, "record_reach"), 0);
    assert_eq!(listed(&contest), list);
    // Reading the log is a line itself.
    assert_eq!(contest.lines().len(), lines + 1);
    assert_eq!(inbox(&contest, "开1").len(), 1);
    contest.desk.assert_whole();
}

#[test]
fn only_a_file_that_changes_something_leaves_anything_to_be_looked_for() {
    let mut contest = Contest::new();
    let rows = [contest.row.clone(), revoked(2), revoked(3)];
    let submission = contest.sends("b.csv", &rows).quality.submission;
    assert_eq!(waiting(&contest, "record_reach"), 0);
    release(&mut contest, submission);
    assert_eq!(waiting(&contest, "record_reach"), 0, "new records, and one that is there already");
}

/// A window that read before a change and whose entry became durable after it.
fn answered_late(contest: &mut Contest, case_number: &str, meanwhile: impl FnOnce(&mut Contest)) {
    let request = CheckRequest {
        matter: MATTER.to_owned(),
        kind: KIND,
        number: contest.row.number.clone(),
        name: contest.row.name.clone(),
        case_number: case_number.to_owned(),
    };
    let reading = Reading::open(&contest.desk.app).unwrap();
    let asked = reading.check_answer(&clerk(), &request).unwrap().unwrap();
    assert_eq!(asked.answer.slip.answer.findings.len(), 1);
    meanwhile(contest);
    let writer = LogWriter::start(&contest.desk.app).unwrap();
    writer.write_and_wait(asked.entry).unwrap();
}

#[test]
fn a_window_that_read_just_before_a_record_changed_is_told_too() {
    let mut contest = Contest::new();
    answered_late(&mut contest, "迟1", |contest| {
        let row = withdrawn(&contest.row);
        contest.sends("b.csv", &[row]);
        work(contest);
    });
    work(&mut contest);
    assert!(listed(&contest).is_empty(), "it was looked for before it was there");
    work_later(&mut contest);
    assert_eq!(states(&contest), [("迟1".to_owned(), FollowUpState::Told)]);
    contest.desk.assert_whole();
}

#[test]
fn the_same_goes_for_what_a_proceeding_decides() {
    let mut contest = Contest::new();
    contest.check("早1");
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    answered_late(&mut contest, "迟1", |contest| {
        contest.decide(&number, Step::Withdraw, "决定已被撤销").unwrap();
    });
    assert_eq!(states(&contest), [("早1".to_owned(), FollowUpState::Told)]);
    work_later(&mut contest);
    assert_eq!(states(&contest).len(), 2);
    assert_eq!(inbox(&contest, "迟1"), ["record_withdrawn"]);
    let reached = contest.proceedings().remove(0).reached;
    assert!(reached.len() == 2 && reached.iter().all(|line| line.proceeding.as_deref() == Some(&number)));
    contest.desk.assert_whole();
}

#[test]
fn a_check_that_is_older_than_three_years_is_not_told_of_a_file_either() {
    let mut contest = Contest::new();
    contest.check("旧1");
    contest.days(3 * 366 + 1);
    let row = withdrawn(&contest.row);
    assert_eq!(contest.sends("b.csv", &[row]).quality.counts.withdrawn, 1);
    work_later(&mut contest);
    assert!(listed(&contest).is_empty());
}

fn lock(contest: &mut Contest, kind: LockKind, case_no: &str) {
    let at = RecordRef { kind: KIND, number: contest.row.number.clone(), record: contest.record };
    let decision = Decision { case_no: case_no.to_owned(), decided_on: date(2026, 11, 21) };
    contest.desk.app.record_lock(&decider(), &at, kind, &decision).unwrap();
}

#[test]
fn a_lock_tells_nobody_again_of_what_a_file_told_and_everybody_of_a_repair() {
    let (mut contest, _) = shown();
    // As it stands it says what everybody was shown.
    lock(&mut contest, LockKind::Correction, "云交正〔2026〕1号");
    work_later(&mut contest);
    assert!(listed(&contest).is_empty());
    lock(&mut contest, LockKind::Repair, "云交修〔2026〕1号");
    work_later(&mut contest);
    let told = [("拒1".to_owned(), FollowUpState::ToSettle), ("开1".to_owned(), FollowUpState::Told)];
    assert_eq!(states(&contest), told);
    assert_eq!(inbox(&contest, "开1"), ["record_repaired"]);
    contest.check("后1");
    work_later(&mut contest);
    assert!(inbox(&contest, "后1").is_empty(), "it was repaired when they asked");

    let (mut contest, _) = shown();
    let row = withdrawn(&contest.row);
    contest.sends("b.csv", &[row]);
    lock(&mut contest, LockKind::Withdrawal, "云交撤〔2026〕1号");
    work_later(&mut contest);
    assert_eq!(states(&contest), told);
    assert_eq!(inbox(&contest, "开1"), ["record_withdrawn"]);
    contest.desk.assert_whole();
}

#[test]
fn what_an_identity_clerk_attaches_to_a_record_that_is_there_reaches_them_too() {
    let (mut contest, _) = shown();
    // Another name under the number: held, and found to be a former one.
    let row = Row { name: "周鸣".to_owned(), ..changed(&contest.row, "在禁停路段停放车辆两小时") };
    let sent = contest.sends("b.csv", &[row]).quality;
    assert_eq!(sent.counts.held, 1);
    release(&mut contest, sent.submission);
    work_later(&mut contest);
    assert!(listed(&contest).is_empty());
    let held = contest.desk.app.held_list(&identity_clerk()).unwrap();
    let number = contest.row.number.clone();
    let decision = HeldDecision::Attach { kind: KIND, number, further_name: true, of_age: false };
    contest.desk.app.held_resolve(&identity_clerk(), held[0].id, &decision, "户籍部门出具的曾用名证明").unwrap();
    assert_eq!(contest.records()[0].version, 2);
    work_later(&mut contest);
    assert_eq!(states(&contest).len(), 2);
    assert_eq!(inbox(&contest, "开1"), ["record_corrected"]);
    contest.desk.assert_whole();
}

#[test]
fn whoever_was_only_told_holds_up_no_destruction_and_what_is_to_be_settled_does() {
    for (refused_on_it, state) in [(false, State::Erased), (true, State::Withdrawn)] {
        let mut contest = Contest::new();
        let check = contest.check("开1").slip.head.number;
        if refused_on_it {
            contest.outcome(&check, Outcome::Refused, true);
        }
        let row = withdrawn(&contest.row);
        contest.sends("b.csv", &[row]);
        work_later(&mut contest);
        assert_eq!(states(&contest).len(), 1);
        // Thirty-six months behind the day on which it ended.
        contest.days(3 * 366 + 2);
        work_later(&mut contest);
        assert_eq!(contest.records()[0].state, state);
    }
}

#[test]
fn of_two_changes_before_anybody_looked_the_last_is_told() {
    let (mut contest, _) = shown();
    let row = changed(&contest.row, "在禁停路段停放车辆两小时");
    let submission = contest.sends("b.csv", &[row]).quality.submission;
    release(&mut contest, submission);
    let row = withdrawn(&contest.row);
    contest.sends("c.csv", &[row]);
    assert_eq!(contest.records()[0].state, State::Withdrawn);
    work_later(&mut contest);
    assert_eq!(inbox(&contest, "开1"), ["record_withdrawn"]);
    assert_eq!(states(&contest).len(), 2);
}

#[test]
fn a_record_about_a_firm_reaches_them_as_one_about_a_person_does() {
    let mut contest = Contest::new();
    contest.desk.city.import_firms("firms.csv", &[firm(1)]);
    let clause = "road-transport-regulation#art-24".to_owned();
    let window = Caller { ground: Ground::Duty(clause), ..caller(Role::Clerk, "li", Some(OFFICE)) };
    let (kind, number) = (DocumentKind::Uscc, firm(1).code);
    let request = CheckRequest {
        matter: "goods-transport-licence".to_owned(),
        kind,
        number: number.clone(),
        name: firm(1).name,
        case_number: "企1".to_owned(),
    };
    let slip = contest.desk.app.check_answer(&window, &request).unwrap().slip;
    let rests_on: Vec<_> = slip.answer.records().into_iter().map(|(record, _)| record.to_owned()).collect();
    assert_eq!(rests_on.len(), 1, "{slip:?}");
    let (check, reason) = (slip.head.number, "一年内多次违法".to_owned());
    let refused = OutcomeRequest { kind, number, check: check.clone(), outcome: Outcome::Refused, reason, rests_on };
    contest.desk.app.check_outcome(&window, &refused).unwrap();
    let gone = city::Firm { action: "撤销".to_owned(), ..firm(1) };
    contest.desk.city.import_firms("gone.csv", &[gone]);
    work_later(&mut contest);
    assert_eq!(states(&contest), [("企1".to_owned(), FollowUpState::ToSettle)]);
    contest.desk.app.follow_up_settle(&clerk(), &check, false, "另有其他不予许可的理由").unwrap();
    contest.desk.assert_whole();
}

#[test]
fn of_many_that_a_file_changes_each_reaches_its_own() {
    let rows: Vec<Row> = (1..=3).map(revoked).chain([row(4)]).collect();
    let mut contest = Contest::with(&rows);
    for (sequence, case) in [(1, "一"), (3, "三")] {
        contest.row = revoked(sequence);
        contest.check(case);
    }
    let gone: Vec<Row> = rows.iter().map(withdrawn).collect();
    assert_eq!(contest.sends("gone.csv", &gone).quality.counts.withdrawn, 4);
    work_later(&mut contest);
    let mut cases: Vec<_> = states(&contest).into_iter().map(|(case, _)| case).collect();
    cases.sort_unstable();
    assert_eq!(cases, ["一", "三"]);
    contest.desk.assert_whole();
}

#[test]
fn a_log_that_was_altered_by_hand_keeps_nobody_else_from_being_told() {
    let mut contest = Contest::with(&[revoked(1), revoked(2)]);
    contest.check("一");
    let altered = "UPDATE log_entry SET caller = 'nobody' WHERE operation = 'check_answer' AND subject_id IN \
        (SELECT subject_id FROM version WHERE record_id = $1)";
    contest.desk.hand().run(altered, &[Cell::Bytes(contest.record.0.to_vec())]).unwrap();
    contest.row = revoked(2);
    contest.check("二");
    let gone = [revoked(1), revoked(2)].map(|row| withdrawn(&row));
    contest.sends("gone.csv", &gone);
    work_later(&mut contest);
    assert_eq!(states(&contest), [("二".to_owned(), FollowUpState::Told)]);
    let jobs = contest.desk.app.job_list(&desk::administrator()).unwrap();
    let apart: Vec<_> = jobs.iter().filter(|job| job.kind == "record_reach").collect();
    assert!(apart.len() == 1 && apart[0].problem.is_some(), "an operator reads of it: {jobs:?}");
}
