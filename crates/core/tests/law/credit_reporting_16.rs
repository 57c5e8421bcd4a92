//! 征信业管理条例 第十六条 (in force 2013-03-15): adverse data are kept five years from the end of the conduct or event, then deleted. It binds credit agencies: a
//! house ceiling by analogy.
//!
//! Departures: the clock is that of Order 36, the day of the determining document, since files seldom say when conduct ended; what is shown leaves after three
//! years at the latest. Behind its display the content is kept, out of use, for as long as the catalogue says (`pipl_19_47`): of what is shown longest that
//! ends six years from its document.

use chengxin_core::catalogue::model::{Polarity, Severity};
use chengxin_core::catalogue::{FindingRule, ItemDef};
use chengxin_core::period;
use chengxin_core::refusal::Reason;
use chengxin_core::retention::{Fate, fate};
use rstest::rstest;

use crate::clocks::{day, item, items};
use crate::penalty_row::PenaltyRow;
use crate::proposal::Proposal;

type Day = (i16, i8, i8);

/// In months, as the civil code counts them.
const FIVE_YEARS: u32 = 60;

const SEVERITIES: [Option<Severity>; 4] =
    [None, Some(Severity::Minor), Some(Severity::General), Some(Severity::Serious)];

fn adverse() -> Vec<&'static ItemDef> {
    let all: Vec<_> = items().iter().filter(|item| item.item.polarity == Polarity::Adverse).collect();
    assert!(all.len() > 10, "{}", all.len());
    all
}

#[rstest]
#[case::under_the_notice_of_2019((2021, 7, 15))]
#[case::under_order_58((2023, 5, 1))]
#[case::under_order_36((2026, 4, 1))]
#[case::on_a_leap_day((2028, 2, 29))]
fn nothing_adverse_is_shown_when_five_years_are_over(#[case] decided: Day) {
    let decided = day(decided);
    let ceiling = period::display_until(decided, FIVE_YEARS);
    for item in adverse() {
        for severity in SEVERITIES {
            let until = item.display_until(decided, severity, None);
            assert!(until.is_some_and(|until| until <= ceiling), "{} {severity:?}: {until:?}", item.code());
        }
    }
}

#[test]
fn a_last_day_of_validity_does_not_stretch_what_is_shown_of_an_adverse_record() {
    let (decided, never) = (day((2026, 9, 1)), day((2099, 12, 31)));
    for item in adverse() {
        for severity in SEVERITIES {
            let without = item.display_until(decided, severity, None);
            assert_eq!(item.display_until(decided, severity, Some(never)), without, "{}", item.code());
        }
    }
}

#[test]
fn a_catalogue_may_keep_nothing_longer_than_five_years_behind_its_display() {
    let kept = |months: u32| {
        let rule = format!("\n[[item.retention]]\nfrom = 2026-04-01\nmonths = {months}\nclause = \"pipl#art-19\"\n");
        Proposal::new().and(&rule).refused()
    };
    assert_eq!(kept(FIVE_YEARS), []);
    assert_eq!(kept(FIVE_YEARS + 1), [FindingRule::Retention]);
}

#[test]
fn what_is_shown_longest_is_destroyed_six_years_from_its_document_and_not_a_day_later() {
    let decided = day((2026, 9, 1));
    let ended = item("penalty").display_until(decided, Some(Severity::Serious), None);
    assert_eq!(ended, Some(day((2029, 9, 2))), "out of use from then on");
    let until = item("penalty").kept_until(ended, day((2032, 9, 1)));
    assert_eq!(fate(&[until], None, day((2032, 9, 1))), Fate::Kept(Some(day((2032, 9, 2)))));
    assert_eq!(fate(&[until], None, day((2032, 9, 2))), Fate::Due);
    let six_years = period::display_until(decided, 72);
    for item in adverse() {
        for severity in SEVERITIES {
            let until = item.kept_until(item.display_until(decided, severity, None), decided);
            assert!(until.is_some_and(|until| until <= six_years), "{} {severity:?}: {until:?}", item.code());
        }
    }
}

#[rstest]
#[case::a_revocation("吊销许可证件", (2027, 6, 1), (2027, 6, 2))]
#[case::a_warning("警告", (2024, 9, 1), (2024, 9, 2))]
fn a_row_whose_time_is_over_does_not_come_in(#[case] kind: &'static str, #[case] last: Day, #[case] after: Day) {
    let row = PenaltyRow { decided: (2021, 6, 1), kind };
    assert!(row.on(last).is_ok(), "the last day is in time");
    assert_eq!(row.on(after).err(), Some(vec![Reason::NoLongerKept]));
    assert!(!Reason::NoLongerKept.may_keep_row(), "and nothing of it is stored for mending");
}
