//! 发改办财金〔2018〕424号 (number read; the day of issue in 2018 was not), 双公示: licences and penalties go online within seven working days of the decision.
//!
//! Departures: nothing is published about persons and sole traders on these opinions, which are no law. Compulsory measures, which their “等” may or may not
//! mean, are sent in the same time. What comes late is taken all the same and counts against the authority that sent it; nobody it is about loses by that.

use chengxin_core::catalogue::model::SubjectKind::{Organisation, Person, SoleTrader};
use chengxin_core::catalogue::model::{Severity, Use};
use chengxin_core::publication::is_public_notice;
use rstest::rstest;

use crate::clocks::{calendar, day, item, items};
use crate::penalty_row::PenaltyRow;

type Day = (i16, i8, i8);

#[rstest]
#[case::an_ordinary_week((2026, 11, 2), (2026, 11, 11))]
#[case::decided_on_a_saturday((2026, 11, 7), (2026, 11, 17))]
#[case::over_two_holidays((2026, 9, 23), (2026, 10, 10))]
#[case::over_spring_festival((2026, 2, 10), (2026, 2, 26))]
fn seven_working_days_begin_on_the_day_after_the_decision(#[case] decided: Day, #[case] last: Day) {
    for code in ["licence", "penalty"] {
        let days = item(code).item.send_within_working_days.expect("a time for sending");
        assert_eq!(calendar().add_working_days(day(decided), days), Ok(day(last)), "{code}");
    }
}

#[rstest]
#[case::an_ordinary_day((2026, 11, 11), (2026, 11, 2), (2026, 10, 30))]
#[case::after_two_holidays((2026, 10, 10), (2026, 9, 23), (2026, 9, 22))]
fn what_is_sent_on_the_last_day_is_in_time_and_a_decision_before_is_late(
    #[case] sent: Day,
    #[case] in_time: Day,
    #[case] late: Day,
) {
    let days = item("penalty").item.send_within_working_days.expect("a time for sending");
    let since = calendar().in_time_since(day(sent), days).expect("a year that is shipped");
    assert!(since <= day(in_time) && day(late) < since, "{since}");
}

#[test]
fn licences_penalties_and_compulsory_measures_are_the_public_notices_and_nothing_else() {
    let notices: Vec<_> = items().iter().filter(|item| is_public_notice(item)).map(|item| item.code()).collect();
    assert_eq!(notices, ["compulsory-measure", "licence", "penalty"]);
}

#[test]
fn organisations_are_published_and_no_person_is() {
    let on = day((2026, 9, 1));
    for code in ["licence", "penalty"] {
        let public = |kind| item(code).may_show(Use::Public, on, kind, Some(Severity::Serious));
        assert!(public(Organisation).is_some(), "{code}");
        assert!(public(Person).is_none() && public(SoleTrader).is_none(), "{code}");
    }
}

#[test]
fn a_row_that_comes_late_is_taken_and_its_period_still_runs_from_the_decision() {
    let row = PenaltyRow { decided: (2026, 4, 1), kind: "吊销许可证件" };
    let (in_time, late) = (row.on((2026, 4, 2)).expect("taken"), row.on((2026, 9, 1)).expect("taken"));
    assert_eq!((late.decided_on, late.display_until), (in_time.decided_on, in_time.display_until));
}
