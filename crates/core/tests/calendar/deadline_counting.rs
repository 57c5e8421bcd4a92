//! What counting promises, for every day and number.

use chengxin_core::deadline::{DeadlineKind, DeadlineRule, DeadlineUnit, due};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::shipped::{CALENDAR, CATALOGUE};

/// A day of the shipped years, with room for a period after it.
fn any_day() -> impl Strategy<Value = Date> {
    (0i32..7_900).prop_map(|days| date(2004, 1, 1).saturating_add(days.days()))
}

fn rule(unit: DeadlineUnit, count: u32, moves: bool) -> DeadlineRule {
    let of = CATALOGUE.deadlines().iter().find(|rule| rule.code == DeadlineKind::Reconsideration).unwrap();
    let holiday_clause = of.holiday_clause.clone().filter(|_| moves);
    DeadlineRule { unit, count, holiday_clause, ..of.clone() }
}

proptest! {
    /// Adding working days and counting them back give the same number, and the last of them is one.
    #[test]
    fn deadline_of_n_working_days_counts_back_to_n(from in any_day(), n in 1u32..120) {
        let last = CALENDAR.add_working_days(from, n).unwrap();
        prop_assert_eq!(CALENDAR.count_working_days(from, last).unwrap(), n);
        prop_assert!(CALENDAR.is_working_day(last).unwrap());
        prop_assert!(last > from);
    }

    /// A longer period ends later, and one that begins later never ends earlier.
    #[test]
    fn deadlines_keep_their_order(from in any_day(), later in 0i32..30, n in 1u32..100) {
        let end = |from, n| CALENDAR.add_working_days(from, n).unwrap();
        prop_assert!(end(from, n) < end(from, n + 1));
        prop_assert!(end(from, n) <= end(from.saturating_add(later.days()), n));
    }

    /// Working days of two spans that touch are those of both.
    #[test]
    fn deadline_days_add_up(from in any_day(), a in 0i32..90, b in 0i32..90) {
        let (middle, to) = (from.saturating_add(a.days()), from.saturating_add((a + b).days()));
        let count = |from, to| CALENDAR.count_working_days(from, to).unwrap();
        prop_assert_eq!(count(from, to), count(from, middle) + count(middle, to));
        prop_assert_eq!(count(to, from.yesterday().unwrap()), 0);
    }

    /// A deadline in working days never ends on a day on which nobody could act; neither does one that a clause moves.
    #[test]
    fn deadline_never_ends_on_a_day_off(start in any_day(), n in 1u32..90, months in 1u32..12) {
        for rule in [rule(DeadlineUnit::WorkingDays, n, false), rule(DeadlineUnit::Days, n, true), rule(DeadlineUnit::Months, months, true)] {
            let due = due(start, &rule, &CALENDAR).unwrap();
            prop_assert!(CALENDAR.is_working_day(due.last).unwrap(), "{:?}", due);
            prop_assert!(!due.is_over(due.last) && due.is_over(due.last.tomorrow().unwrap()));
        }
    }

    /// Moving takes a last day only forward, over days off alone, and says from where.
    #[test]
    fn deadline_moves_over_days_off_alone(start in any_day(), n in 1u32..200) {
        let plain = due(start, &rule(DeadlineUnit::Days, n, false), &CALENDAR).unwrap();
        let moved = due(start, &rule(DeadlineUnit::Days, n, true), &CALENDAR).unwrap();
        prop_assert_eq!(plain.last, start.saturating_add(i64::from(n).days()));
        prop_assert_eq!(moved.moved_from, (moved.last != plain.last).then_some(plain.last));
        if let Some(counted) = moved.moved_from {
            // One working day, itself, from the day before the counted one.
            prop_assert_eq!(CALENDAR.count_working_days(counted.yesterday().unwrap(), moved.last).unwrap(), 1);
        }
    }

    /// Whatever the explanation leaves out, it names the day that counts, in both languages.
    #[test]
    fn deadline_explains_itself(start in any_day(), n in 1u32..60) {
        for unit in [DeadlineUnit::WorkingDays, DeadlineUnit::Days] {
            let due = due(start, &rule(unit, n, unit == DeadlineUnit::Days), &CALENDAR).unwrap();
            prop_assert!(due.how.en.contains(&format!("until {}", due.last)), "{}", due.how);
            prop_assert!(due.how.zh.contains(&format!("至{}", chengxin_core::dates::chinese_date(due.last))), "{}", due.how);
        }
    }
}
