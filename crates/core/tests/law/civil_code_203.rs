//! 民法典 第二百零三条 (in force 2021-01-01): 期间的最后一日是法定休假日的，以法定休假日结束的次日为期间的最后一日。
//!
//! Applied to what a person must do in time: reconsideration (60 days) and litigation (six months).

use chengxin_core::deadline::DeadlineKind::{Litigation, Reconsideration};
use rstest::rstest;

use crate::clocks::{day, due_from};

#[rstest]
#[case::a_working_day_stays((2026, 3, 2), (2026, 5, 1), Some((2026, 5, 6)))]
#[case::saturday_moves_to_monday((2026, 5, 6), (2026, 7, 5), Some((2026, 7, 6)))]
#[case::national_day_moves_over_the_whole_holiday((2026, 8, 2), (2026, 10, 1), Some((2026, 10, 8)))]
#[case::a_saturday_that_is_worked_stays((2026, 8, 11), (2026, 10, 10), None)]
#[case::an_ordinary_day((2026, 8, 24), (2026, 10, 23), None)]
fn sixty_days_end_on_a_day_on_which_one_can_act(
    #[case] known: (i16, i8, i8),
    #[case] counted: (i16, i8, i8),
    #[case] moved: Option<(i16, i8, i8)>,
) {
    let due = due_from(Reconsideration, known);
    assert_eq!(due.moved_from, moved.map(|_| day(counted)));
    assert_eq!(due.last, day(moved.unwrap_or(counted)));
}

/// 第二百零二条 first: six months from 31 August end on the last day of February.
#[rstest]
#[case::no_31st_in_february((2025, 8, 31), (2026, 2, 28), None)]
#[case::on_new_years_day((2025, 7, 1), (2026, 1, 1), Some((2026, 1, 4)))]
#[case::corresponding_day((2026, 1, 15), (2026, 7, 15), None)]
fn six_months_end_on_the_corresponding_day_or_after_the_holiday(
    #[case] known: (i16, i8, i8),
    #[case] counted: (i16, i8, i8),
    #[case] moved: Option<(i16, i8, i8)>,
) {
    let due = due_from(Litigation, known);
    assert_eq!(due.moved_from, moved.map(|_| day(counted)));
    assert_eq!(due.last, day(moved.unwrap_or(counted)));
}

#[test]
fn a_resident_reads_why_the_day_moved() {
    let how = due_from(Reconsideration, (2026, 8, 2)).how;
    assert_eq!(
        how.zh,
        "自2026年8月2日次日起 60 日，至2026年10月8日（原止于2026年10月1日，当日为国庆节假期，顺延至其后第一个工作日）"
    );
    assert_eq!(
        how.en,
        "60 days from the day after 2026-08-02, until 2026-10-08 (counted until 2026-10-01, a holiday for National Day, and moved to the next working day)"
    );
    let how = due_from(Reconsideration, (2026, 5, 6)).how;
    assert!(how.zh.contains("当日为周末") && how.en.contains("a weekend"), "{how}");
}
