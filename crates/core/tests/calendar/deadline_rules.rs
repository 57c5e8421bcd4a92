//! The deadlines that are shipped, and what the checker refuses about one.

use chengxin_core::catalogue::{Catalogue, FindingRule, check};
use chengxin_core::deadline::{Bound, DeadlineError, DeadlineKind, DeadlineUnit, due};
use jiff::civil::{Date, date};
use rstest::rstest;

use crate::shipped::{CALENDAR, CATALOGUE, files};

const TODAY: Date = date(2026, 11, 21);

#[test]
fn every_deadline_is_there_today_and_says_by_which_clause() {
    for kind in DeadlineKind::ALL {
        let rule = CATALOGUE.deadline(kind, TODAY).unwrap();
        assert!(rule.clauses().all(|(_, clause)| CATALOGUE.clause(clause).is_some()), "{}", kind.code());
        assert_eq!(DeadlineKind::from_code(kind.code()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
    }
    assert_eq!(DeadlineKind::from_code("score"), None);
}

#[test]
fn what_nobody_read_at_its_source_is_said_to_be_unread() {
    let verified = |kind| {
        let rule = CATALOGUE.deadline(kind, TODAY).unwrap();
        CATALOGUE.clause(&rule.clause).unwrap().1.verified
    };
    for kind in [
        DeadlineKind::RepairAcceptance,
        DeadlineKind::RepairDecision,
        DeadlineKind::Reconsideration,
        DeadlineKind::Litigation,
    ] {
        assert!(!verified(kind), "{}", kind.code());
    }
    assert!(verified(DeadlineKind::PenaltyWithdrawal) && verified(DeadlineKind::ObjectionAnswer));
}

#[test]
fn the_house_ceiling_is_an_analogy_in_calendar_days_that_no_holiday_lengthens() {
    let rule = CATALOGUE.deadline(DeadlineKind::ObjectionAnswer, TODAY).unwrap();
    assert_eq!((rule.analogy, rule.count, rule.unit, rule.binds), (true, 20, DeadlineUnit::Days, Bound::Authority));
    // Twenty days from 11 September 2026 end on National Day.
    let due = due(date(2026, 9, 11), rule, &CALENDAR).unwrap();
    assert_eq!((due.last, due.moved_from), (date(2026, 10, 1), None));
}

#[test]
fn before_its_first_day_a_rule_decides_nothing() {
    let kind = DeadlineKind::RepairDecision;
    let error = CATALOGUE.deadline(kind, date(2026, 3, 31)).unwrap_err();
    assert_eq!(error, DeadlineError::NoRule { kind, on: date(2026, 3, 31) });
    assert!(error.say().en.contains("[[deadline]]") && error.say().zh.contains("repair-decision"), "{}", error.say());
    assert!(CATALOGUE.deadline(kind, date(2026, 4, 1)).is_ok());
}

#[test]
fn a_period_into_a_year_without_holidays_has_no_last_day() {
    let rule = CATALOGUE.deadline(DeadlineKind::RepairDecision, TODAY).unwrap();
    assert!(matches!(due(date(2026, 12, 25), rule, &CALENDAR), Err(DeadlineError::NoYear(of)) if of.year == 2027));
    let reconsideration = CATALOGUE.deadline(DeadlineKind::Reconsideration, TODAY).unwrap();
    assert!(
        matches!(due(date(2026, 12, 1), reconsideration, &CALENDAR), Err(DeadlineError::NoYear(of)) if of.year == 2027)
    );
    // Calendar days that nothing moves need no holidays.
    let objection = CATALOGUE.deadline(DeadlineKind::ObjectionAnswer, TODAY).unwrap();
    assert_eq!(due(date(2026, 12, 25), objection, &CALENDAR).unwrap().last, date(2027, 1, 14));
}

#[test]
fn a_period_beyond_the_end_of_time_is_refused() {
    let objection = CATALOGUE.deadline(DeadlineKind::ObjectionAnswer, TODAY).unwrap();
    assert_eq!(due(Date::MAX, objection, &CALENDAR), Err(DeadlineError::TooFar));
    let litigation = CATALOGUE.deadline(DeadlineKind::Litigation, TODAY).unwrap();
    assert_eq!(due(date(9999, 12, 1), litigation, &CALENDAR), Err(DeadlineError::TooFar));
}

#[test]
fn years_are_twelve_months_each() {
    let mut rule = CATALOGUE.deadline(DeadlineKind::Litigation, TODAY).unwrap().clone();
    (rule.unit, rule.count, rule.holiday_clause) = (DeadlineUnit::Years, 1, None);
    let due = due(date(2024, 2, 29), &rule, &CALENDAR).unwrap();
    assert_eq!(due.last, date(2025, 2, 28));
    assert_eq!(due.how.en, "1 year from the day after 2024-02-29, until 2025-02-28 (weekends and holidays count)");
}

/// The shipped catalogue with one thing changed in its deadlines, and the line of `#!`.
fn changed(from: &str, to: &str) -> (Vec<(String, String)>, usize) {
    let mut all = files("");
    let (_, text) = all.iter_mut().find(|(name, _)| name == "deadlines.toml").unwrap();
    assert!(text.contains(from), "{from}");
    *text = text.replacen(from, to, 1);
    let line = text.lines().position(|line| line.contains("#!")).map_or(0, |at| at + 1);
    (all, line)
}

#[rstest]
#[case::no_name("name = \"受理信用修复申请\"", "name = \" \" #!", FindingRule::Deadline)]
#[case::no_event("starts_en = \"receiving the objection\"", "starts_en = \"\" #!", FindingRule::Deadline)]
#[case::no_days("count = 20", "count = 0 #!", FindingRule::Deadline)]
#[case::too_many("count = 20", "count = 1001 #!", FindingRule::Deadline)]
#[case::a_move_that_cannot_be(
    "clause = \"order-36#procedure\"",
    "clause = \"order-36#procedure\"\nholiday_clause = \"civil-code#art-203\" #!",
    FindingRule::Deadline
)]
#[case::a_unit_clause_for_calendar_days(
    "count = 60",
    "count = 60\nunit_clause = \"penalty-law#art-85\" #!",
    FindingRule::Deadline
)]
#[case::no_such_clause(
    "clause = \"credit-regulation#art-25\"",
    "clause = \"credit-regulation#art-99\" #!",
    FindingRule::UnknownClause
)]
#[case::no_such_holiday_clause(
    "holiday_clause = \"civil-code#art-203\"",
    "holiday_clause = \"civil-code#art-9999\" #!",
    FindingRule::UnknownClause
)]
#[case::over_before_it_begins(
    "from = \"2013-03-15\"",
    "from = \"2013-03-15\"\nuntil = \"2013-03-15\" #!",
    FindingRule::OverlappingDates
)]
#[case::twice_on_a_day("code = \"litigation\"", "code = \"reconsideration\"", FindingRule::OverlappingDates)]
#[case::unknown("code = \"litigation\"", "code = \"lawsuit\" #!", FindingRule::NotReadable)]
fn a_deadline_that_cannot_be_is_refused_with_its_line(#[case] from: &str, #[case] to: &str, #[case] rule: FindingRule) {
    let (files, line) = changed(from, to);
    let found = check(&files, TODAY, "990000");
    let fault = found.iter().find(|fault| fault.rule == rule).unwrap_or_else(|| panic!("{to}"));
    assert_eq!(fault.file, "deadlines.toml");
    assert!(line == 0 || fault.line == line, "{fault}, expected in line {line}");
    assert!(fault.is_error());
}

#[test]
fn a_deadline_may_change_from_a_day_on() {
    let (files, _) = changed("from = \"2013-03-15\"", "from = \"2013-03-15\"\nuntil = \"2027-01-01\"");
    let again = "\n[[deadline]]\ncode = \"objection-answer\"\nname = \"a\"\nname_en = \"a\"\nstarts = \"a\"\nstarts_en = \"a\"\n\
        binds = \"authority\"\ncount = 7\nunit = \"working_days\"\nclause = \"order-36#objection\"\nfrom = 2027-01-01\n";
    let more: Vec<_> = files
        .into_iter()
        .map(|(name, text)| if name == "deadlines.toml" { (name, text + again) } else { (name, text) })
        .collect();
    assert!(!check(&more, TODAY, "990000").iter().any(|found| found.rule == FindingRule::OverlappingDates));
    let new = Catalogue::load(&more).unwrap();
    let count = |day| new.deadline(DeadlineKind::ObjectionAnswer, day).unwrap().count;
    assert_eq!((count(date(2026, 12, 31)), count(date(2027, 1, 1))), (20, 7));
    let impact = chengxin_core::catalogue::impact(&CATALOGUE, &new);
    assert!(impact.shared.iter().any(|say| say.en == "deadline objection-answer changes"), "{:?}", impact.shared);
}
