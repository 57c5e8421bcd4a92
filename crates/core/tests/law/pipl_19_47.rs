//! 个人信息保护法 art. 19 and 47: kept no longer than the purpose needs, then deleted. How long that is, is data; here is how it is counted.

use chengxin_core::period::kept_until;
use jiff::civil::date;

#[test]
fn the_period_begins_with_the_last_day_shown_which_is_not_counted() {
    // First not shown on 2 December 2026, so last shown on the 1st: three years later, the 1st is the last day kept.
    assert_eq!(kept_until(date(2026, 12, 2), 36), date(2029, 12, 2));
}

#[test]
fn it_ends_with_the_last_day_of_a_month_that_has_no_such_day() {
    // Last shown on 31 August (civil code art. 202).
    assert_eq!(kept_until(date(2026, 9, 1), 6), date(2027, 3, 1));
    // Last shown on 29 February of a leap year.
    assert_eq!(kept_until(date(2028, 3, 1), 12), date(2029, 3, 1));
}

#[test]
fn it_does_not_wait_for_a_working_day() {
    // 1 October is a holiday. Article 203 keeps nobody from losing a right; here it would lengthen a burden.
    assert_eq!(kept_until(date(2026, 10, 2), 12), date(2027, 10, 2));
}

#[test]
fn a_year_beyond_the_calendar_is_its_end() {
    assert_eq!(kept_until(date(9999, 6, 1), 36), jiff::civil::Date::MAX);
}
