//! That repair has become possible is told on the day, whatever moved it, and once.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;
use crate::contest;
use crate::desk;

use chengxin_app::held::HeldDecision;
use chengxin_core::objection::ObjectionStep as Step;
use city::{Row, row};
use contest::{Contest, KIND, decider, identity_clerk, own, revoked};
use jiff::civil::{Date, date};

/// Of a general penalty of 1 September 2026, three months later.
const GENERAL: Date = date(2026, 12, 2);
/// Of a revocation of the same day, which is serious, a year later.
const SERIOUS: Date = date(2027, 9, 2);

/// A fine that is general.
fn general(sequence: u32) -> Row {
    Row { fine: "6.000000".to_owned(), ..row(sequence) }
}

fn work(contest: &mut Contest) {
    let worker = chengxin_app::jobs::worker_name();
    while contest.desk.app.job_run(&desk::administrator(), &worker).unwrap().done > 0 {}
}

/// Goes on to a day, a worker working on each on which something might be told.
fn on(contest: &mut Contest, day: Date) {
    let today = chengxin_core::dates::shanghai_date(contest.desk.now());
    contest.days(i64::from(today.until(day).unwrap().get_days()));
    assert_eq!(chengxin_core::dates::shanghai_date(contest.desk.now()), day);
    work(contest);
}

/// How often the person was told.
fn told(contest: &mut Contest) -> usize {
    let number = contest.row.number.clone();
    let list = contest.desk.app.notice_list(&own(), KIND, &number).unwrap();
    list.iter().filter(|line| line.kind == "repair_possible").count()
}

/// Not the day before, on the day, and not again.
fn assert_told_on(contest: &mut Contest, day: Date) {
    on(contest, day.yesterday().unwrap());
    assert_eq!(told(contest), 0, "too early");
    on(contest, day);
    assert_eq!(told(contest), 1, "on the day");
    on(contest, SERIOUS.tomorrow().unwrap());
    assert_eq!(told(contest), 1, "once");
    contest.desk.assert_whole();
}

/// The authority finds in an objection that it was another penalty.
fn correct(contest: &mut Contest, fields: &[(&str, &str)]) {
    let number = contest.object();
    contest.decide(&number, Step::Accept, "").unwrap();
    let mut answer = Contest::answer(&number, Step::Correct, "登记有误，已更正");
    answer.corrected = fields.iter().map(|(code, value)| ((*code).to_owned(), (*value).to_owned())).collect();
    contest.desk.app.objection_decide(&decider(), &answer).unwrap();
    work(contest);
}

const TO_GENERAL: [(&str, &str); 3] = [("CF_CFLB", "罚款"), ("CF_NR_FK", "6"), ("CF_NR_ZKDX", "")];
const TO_MINOR: [(&str, &str); 3] = [("CF_CFLB", "罚款"), ("CF_NR_FK", "0.02"), ("CF_NR_ZKDX", "")];
const TO_SERIOUS: [(&str, &str); 3] =
    [("CF_CFLB", "吊销许可证件"), ("CF_NR_FK", ""), ("CF_NR_ZKDX", "道路运输从业资格证")];

#[test]
fn the_person_is_told_on_the_first_day_and_once() {
    let mut contest = Contest::new();
    work(&mut contest);
    assert_told_on(&mut contest, SERIOUS);
}

#[test]
fn where_it_is_possible_at_once_the_first_notice_says_so_and_no_second_comes() {
    let mut contest = Contest::with(&[row(1)]);
    work(&mut contest);
    on(&mut contest, SERIOUS);
    assert_eq!(told(&mut contest), 0);
}

#[test]
fn whose_record_an_identity_clerk_attached_is_told_on_the_day_too() {
    let mut contest = Contest::new();
    let nameless = Row { number: String::new(), ..revoked(2) };
    let submission = contest.sends("b.csv", &[nameless]).quality.submission.unwrap();
    contest.desk.app.submission_release(&decider(), submission).unwrap();
    let held = contest.desk.app.held_list(&identity_clerk()).unwrap();
    let number = revoked(2).number;
    let decision = HeldDecision::Attach { kind: KIND, number, further_name: false, of_age: false };
    contest.desk.app.held_resolve(&identity_clerk(), held[0].id, &decision, "调取案卷").unwrap();
    contest.row = revoked(2);
    work(&mut contest);
    assert_told_on(&mut contest, SERIOUS);
}

#[test]
fn a_correction_that_brings_the_day_forward_is_told_on_that_day() {
    let mut contest = Contest::new();
    work(&mut contest);
    correct(&mut contest, &TO_GENERAL);
    assert_told_on(&mut contest, GENERAL);
}

#[test]
fn a_correction_that_puts_the_day_off_is_not_told_on_the_day_that_it_was() {
    let mut contest = Contest::with(&[general(1)]);
    work(&mut contest);
    correct(&mut contest, &TO_SERIOUS);
    on(&mut contest, GENERAL);
    assert_told_on(&mut contest, SERIOUS);
}

#[test]
fn a_correction_that_makes_it_possible_at_once_is_told_at_once() {
    let mut contest = Contest::new();
    work(&mut contest);
    correct(&mut contest, &TO_MINOR);
    assert_eq!(told(&mut contest), 1);
    on(&mut contest, SERIOUS);
    assert_eq!(told(&mut contest), 1);
    // One that leaves it possible is no news.
    let mut contest = Contest::with(&[row(1)]);
    work(&mut contest);
    correct(&mut contest, &[("CF_SY", "在消防通道停放车辆")]);
    assert_eq!(told(&mut contest), 0);
}

#[test]
fn a_file_that_brings_the_day_forward_is_told_on_that_day() {
    let mut contest = Contest::new();
    work(&mut contest);
    let submission = contest.sends("b.csv", &[general(1)]).quality.submission.unwrap();
    contest.desk.app.submission_release(&decider(), submission).unwrap();
    work(&mut contest);
    assert_told_on(&mut contest, GENERAL);
}

#[test]
fn a_record_that_was_withdrawn_or_repaired_meanwhile_is_told_of_no_more() {
    let mut contest = Contest::new();
    work(&mut contest);
    let gone = Row { action: "撤销".to_owned(), ..contest.row.clone() };
    contest.sends("b.csv", &[gone]);
    on(&mut contest, SERIOUS);
    assert_eq!(told(&mut contest), 0);
}

/// A catalogue that says another minimum for what is general.
fn apply(contest: &mut Contest, name: &str, months: u32) {
    let dir = contest.desk.city.dir.path().join(name);
    std::fs::create_dir_all(dir.join("matters")).unwrap();
    let general = |months: u32| format!("severity = \"general\"\nmin_months = {months}\nmax_months = 12");
    for (file, text) in chengxin_app::catalogue::shipped_files() {
        let text = if file == "items-licence-penalty.toml" {
            assert!(text.contains(&general(3)));
            text.replacen(&general(3), &general(months), 1)
        } else {
            text
        };
        std::fs::write(dir.join(file), text).unwrap();
    }
    contest.desk.app.catalogue_apply(&desk::administrator(), &dir).unwrap();
    work(contest);
}

#[test]
fn a_catalogue_that_brings_the_day_forward_is_told_on_that_day_or_at_once() {
    let mut contest = Contest::with(&[general(1), general(2)]);
    work(&mut contest);
    // Possible since October by the new rules.
    apply(&mut contest, "one", 1);
    assert_eq!(told(&mut contest), 1);
    on(&mut contest, SERIOUS);
    assert_eq!(told(&mut contest), 1);
    contest.row = general(2);
    assert_eq!(told(&mut contest), 1);

    let mut contest = Contest::new();
    work(&mut contest);
    apply(&mut contest, "one", 1);
    assert_told_on(&mut contest, SERIOUS);
}

#[test]
fn a_catalogue_that_puts_the_day_off_and_one_that_brings_it_back_are_told_on_the_day_as_it_is() {
    let mut contest = Contest::with(&[general(1)]);
    work(&mut contest);
    apply(&mut contest, "six", 6);
    on(&mut contest, GENERAL);
    assert_eq!(told(&mut contest), 0);
    apply(&mut contest, "four", 4);
    assert_told_on(&mut contest, date(2027, 1, 2));
}
