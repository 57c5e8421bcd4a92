//! 信用修复管理办法 (NDRC Order 36, in force 2026-04-01), 公示期限: minor penalties at most three months, general ones three months to a year,
//! serious ones one to three years, from the date of the determining document.
//!
//! Departure: the rule says that minor ones are in principle not published at all; of people nothing of them is, see `publication` of the item.

use chengxin_core::catalogue::model::{Clock, Polarity, Severity, Use};
use chengxin_core::period::repair_from;
use rstest::rstest;

use crate::clocks::{day, item, items};

type Day = (i16, i8, i8);

#[rstest]
#[case::minor(Severity::Minor, (2026, 9, 1), (2026, 12, 2))]
#[case::general(Severity::General, (2026, 9, 1), (2027, 9, 2))]
#[case::serious(Severity::Serious, (2026, 9, 1), (2029, 9, 2))]
#[case::no_31st_in_november(Severity::Minor, (2026, 8, 31), (2026, 12, 1))]
#[case::the_29th_of_february(Severity::General, (2028, 2, 29), (2029, 3, 1))]
#[case::on_the_first_day_of_the_rule(Severity::Serious, (2026, 4, 1), (2029, 4, 2))]
fn display_ends_by_itself_on_the_day_after_the_last(
    #[case] of: Severity,
    #[case] decided: Day,
    #[case] first_day_not_shown: Day,
) {
    assert_eq!(item("penalty").display_until(day(decided), Some(of), None), Some(day(first_day_not_shown)));
}

#[test]
fn while_nobody_has_said_how_grave_it_is_the_shortest_period_holds() {
    assert_eq!(item("penalty").display_until(day((2026, 9, 1)), None, None), Some(day((2026, 12, 2))));
}

#[rstest]
#[case::minor(Severity::Minor, None)]
#[case::general(Severity::General, Some((2026, 12, 2)))]
#[case::serious(Severity::Serious, Some((2027, 9, 2)))]
fn repair_may_be_asked_for_once_the_minimum_is_over(#[case] of: Severity, #[case] from: Option<Day>) {
    let decided = day((2026, 9, 1));
    let rule = item("penalty").period_for(decided, Some(of)).expect("a period");
    let possible = (rule.min_months > 0).then(|| repair_from(decided, rule.min_months));
    assert_eq!(possible, from.map(day), "a minor one as soon as the duties are done");
}

/// One city plan caps adverse records at three years, which no period of the rule exceeds either.
#[test]
fn no_adverse_record_shows_for_more_than_three_years_from_its_decision() {
    let decided = day((2026, 9, 1));
    let adverse: Vec<_> = items().iter().filter(|item| item.item.polarity == Polarity::Adverse).collect();
    assert!(adverse.len() > 10, "{}", adverse.len());
    for item in adverse {
        for severity in [None, Some(Severity::Minor), Some(Severity::General), Some(Severity::Serious)] {
            let counted = item.period_for(decided, severity).is_none_or(|rule| rule.clock == Clock::DecidedOn);
            let until = item.display_until(decided, severity, None);
            assert!(!counted || until.is_some_and(|until| until <= day((2029, 9, 2))), "{}: {until:?}", item.code());
        }
    }
}

#[test]
fn a_minor_penalty_of_a_person_is_published_nowhere() {
    use chengxin_core::catalogue::model::SubjectKind::{Person, SoleTrader};
    for kind in [Person, SoleTrader] {
        for severity in [None, Some(Severity::Minor)] {
            assert!(item("penalty").may_show(Use::Public, day((2026, 9, 1)), kind, severity).is_none());
        }
    }
}
