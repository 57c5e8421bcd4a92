//! 行政处罚法 第四十八条, 第八十五条 (in force 2021-07-15): a published penalty that is revoked is withdrawn in three days, and three
//! days are working days.

use chengxin_core::deadline::DeadlineKind::PenaltyWithdrawal;

use crate::clocks::{day, due_from};

#[test]
fn art_85_three_days_are_working_days() {
    // Revoked on the Thursday before Spring Festival 2026: Friday, the worked Saturday, and the first day after nine days off.
    assert_eq!(due_from(PenaltyWithdrawal, (2026, 2, 12)).last, day((2026, 2, 24)));
}
