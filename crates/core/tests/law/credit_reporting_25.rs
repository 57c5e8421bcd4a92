//! 征信业管理条例 第二十五条 (in force 2013-03-15): an objection is answered within 20 days. It binds credit agencies: a house ceiling by analogy, until the days
//! of Order 36 or a local regulation are confirmed.
//!
//! Departure: the days are calendar days, holidays or not, since the deadline binds the office and the person should not wait for its holidays.

use chengxin_core::deadline::DeadlineKind::{ComplaintAnswer, ObjectionAnswer};
use rstest::rstest;

use crate::clocks::{day, due_from};

#[rstest]
#[case::an_ordinary_month((2026, 11, 2), (2026, 11, 22))]
#[case::over_spring_festival((2026, 2, 10), (2026, 3, 2))]
#[case::over_national_day((2026, 9, 15), (2026, 10, 5))]
fn twenty_days_whatever_falls_between(#[case] received: (i16, i8, i8), #[case] last: (i16, i8, i8)) {
    for kind in [ObjectionAnswer, ComplaintAnswer] {
        let due = due_from(kind, received);
        assert_eq!((due.last, due.moved_from), (day(last), None), "{kind:?}");
        assert!(!due.is_over(day(last)), "the last day is in time");
    }
}
