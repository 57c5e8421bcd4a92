//! 行政许可法 第四十二条、第八十二条 (in force 2004-07-01): a decision is put off once, by ten working days, with its reason. It binds licensing authorities: for
//! repair a house ceiling by analogy, until the extension of Order 36 is confirmed.
//!
//! Departure: the agreement of the head of the authority is the authority's own affair; here a decider extends, with a reason that the person reads.

use chengxin_core::deadline::DeadlineKind::RepairExtension;
use rstest::rstest;

use crate::clocks::{day, due_from};

#[rstest]
#[case::two_weeks((2026, 12, 4), (2026, 12, 18))]
#[case::over_national_day((2026, 9, 25), (2026, 10, 15))]
fn a_decision_is_put_off_by_ten_working_days_from_its_last_day(
    #[case] due: (i16, i8, i8),
    #[case] last: (i16, i8, i8),
) {
    assert_eq!(due_from(RepairExtension, due).last, day(last));
}
