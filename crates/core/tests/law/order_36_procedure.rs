//! 信用修复管理办法 (NDRC Order 36, in force 2026-04-01), 办理流程: accepted in 3 working days, decided in 10. Sources differ on which
//! step each belongs to, so the clause is not verified.

use chengxin_core::deadline::DeadlineKind::{RepairAcceptance, RepairDecision};
use rstest::rstest;

use crate::clocks::{day, due_from};

#[rstest]
#[case::within_a_week((2026, 11, 23), (2026, 11, 26))]
#[case::over_a_weekend((2026, 11, 26), (2026, 12, 1))]
#[case::asked_on_a_saturday((2026, 11, 28), (2026, 12, 2))]
#[case::before_national_day((2026, 9, 29), (2026, 10, 9))]
#[case::a_worked_saturday_counts((2026, 10, 8), (2026, 10, 12))]
fn acceptance_takes_three_working_days(#[case] asked: (i16, i8, i8), #[case] last: (i16, i8, i8)) {
    assert_eq!(due_from(RepairAcceptance, asked).last, day(last));
}

#[test]
fn decision_takes_ten_working_days_and_says_how_they_are_counted() {
    let due = due_from(RepairDecision, (2026, 9, 29));
    assert_eq!((due.last, due.moved_from), (day((2026, 10, 19)), None));
    assert_eq!(
        due.how.zh,
        "自2026年9月29日次日起 10 个工作日，至2026年10月19日（周末不计，国庆节2026年10月1日至2026年10月7日放假不计，2026年10月10日调休上班计入）"
    );
    assert_eq!(
        due.how.en,
        "10 working days from the day after 2026-09-29, until 2026-10-19 (weekends do not count, nor does National Day, 2026-10-01 to 2026-10-07; 2026-10-10 is worked and counts)"
    );
}

#[test]
fn the_last_day_is_in_time_and_the_next_is_not() {
    let due = due_from(RepairDecision, (2026, 9, 29));
    assert!(!due.is_over(day((2026, 10, 19))) && due.is_over(day((2026, 10, 20))));
}
