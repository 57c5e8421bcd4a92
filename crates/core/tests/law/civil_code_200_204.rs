//! 民法典 第二百条至第二百零四条 (in force 2021-01-01): how periods are counted.

use chengxin_core::period::{display_until, last_day, repair_from};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rstest::rstest;

/// 第二百零一条: 按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算。
#[test]
fn art_201_the_day_of_the_decision_is_not_counted() {
    // One month from 1 March runs from 2 March to 1 April, both included: 31 days.
    assert_eq!(last_day(date(2026, 3, 1), 1), Some(date(2026, 4, 1)));
    assert_eq!(display_until(date(2026, 3, 1), 1), date(2026, 4, 2));
}

/// 第二百零二条: 按照年、月计算期间的，到期月的对应日为期间的最后一日；没有对应日的，月末日为期间的最后一日。
#[rstest]
#[case::corresponding_day((2026, 4, 15), 3, (2026, 7, 15))]
#[case::a_year_is_twelve_months((2026, 4, 15), 12, (2027, 4, 15))]
#[case::no_31st_in_april((2026, 1, 31), 3, (2026, 4, 30))]
#[case::no_30th_in_february((2026, 11, 30), 3, (2027, 2, 28))]
#[case::leap_february((2027, 11, 30), 3, (2028, 2, 29))]
#[case::from_a_leap_day_one_year((2028, 2, 29), 12, (2029, 2, 28))]
#[case::from_a_leap_day_four_years((2028, 2, 29), 48, (2032, 2, 29))]
#[case::last_day_of_a_short_month_is_not_stretched((2026, 2, 28), 1, (2026, 3, 28))]
#[case::over_new_year((2026, 12, 31), 2, (2027, 2, 28))]
#[case::three_years((2026, 4, 1), 36, (2029, 4, 1))]
fn art_202_a_period_ends_on_the_corresponding_day_or_the_last_of_the_month(
    #[case] start: (i16, i8, i8),
    #[case] months: u32,
    #[case] last: (i16, i8, i8),
) {
    let (start, last) = (date(start.0, start.1, start.2), date(last.0, last.1, last.2));
    assert_eq!(last_day(start, months), Some(last));
    assert_eq!(display_until(start, months), last.saturating_add(1.day()));
}

/// 第二百零三条 would move a last day on a holiday to the next working day. It protects whoever must act in time; the
/// display of a record ends without anybody acting, so it is not lengthened.
#[test]
fn art_203_a_holiday_does_not_lengthen_display() {
    // Three months from 1 July 2026 end on 1 October, National Day.
    assert_eq!(display_until(date(2026, 7, 1), 3), date(2026, 10, 2));
    // One month from 8 February ends on 8 March, a Sunday.
    assert_eq!(display_until(date(2026, 2, 8), 1), date(2026, 3, 9));
}

/// 第二百零四条: 法律另有规定 … 除外. A rule that says "not displayed" sets no period at all.
#[test]
fn art_204_no_months_is_no_display() {
    assert_eq!(last_day(date(2026, 4, 1), 0), None);
    assert_eq!(display_until(date(2026, 4, 1), 0), date(2026, 4, 1));
    assert_eq!(repair_from(date(2026, 4, 1), 0), date(2026, 4, 1));
}

#[test]
fn a_period_beyond_the_calendar_ends_with_it() {
    assert_eq!(display_until(date(9999, 12, 31), 1), Date::MAX);
    assert_eq!(display_until(date(2026, 1, 1), u32::MAX), Date::MAX);
}

fn any_date() -> impl Strategy<Value = Date> {
    (1900i16..2200, 1i8..=12, 1i8..=31).prop_map(|(y, m, d)| {
        let first = date(y, m, 1);
        date(y, m, d.min(first.days_in_month()))
    })
}

proptest! {
    /// The last day lies in the month so many months later, on the same number of day or on its last.
    #[test]
    fn the_last_day_is_the_corresponding_day_or_the_months_end(start in any_date(), months in 1u32..=120) {
        let last = last_day(start, months).expect("one month or more");
        let month_number = |d: Date| i64::from(d.year()) * 12 + i64::from(d.month());
        prop_assert_eq!(month_number(last), month_number(start) + i64::from(months));
        prop_assert_eq!(last.day(), start.day().min(last.days_in_month()));
    }

    /// A longer period never ends earlier, and a later decision never ends earlier.
    #[test]
    fn ends_keep_their_order(start in any_date(), months in 0u32..120, later in 0i32..400) {
        prop_assert!(display_until(start, months) <= display_until(start, months + 1));
        let other = start.saturating_add(later.days());
        prop_assert!(display_until(start, months) <= display_until(other, months));
    }

    /// No period is longer than its months can be: 31 days each, and one day for the end itself.
    #[test]
    fn display_is_never_longer_than_its_months(start in any_date(), months in 0u32..=120) {
        let days = start.until(display_until(start, months)).expect("both within the calendar").get_days();
        prop_assert!(days >= 0);
        prop_assert!(i64::from(days) <= 31 * i64::from(months) + 1);
    }
}
