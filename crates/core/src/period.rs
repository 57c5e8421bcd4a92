//! Periods in months, counted by the Civil Code.
//!
//! Article 203 (a last day that is a holiday moves to the next working day) is not applied to display: it exists so
//! that nobody loses a right because an office is closed, and here it would lengthen what burdens the person. Display
//! needs no office to end. Article 204 leaves room for this, and it is the reading that favours the person. Nor do we
//! count to the hour: a record is shown or not shown for whole days in Asia/Shanghai.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The first day on which a record is no longer shown: the day after the last day of a period of `months` months that
/// runs from the determining document of `start`.
///
/// The day of the document itself is not counted; the period's last day is the day of the same number in the month in
/// which it ends, or that month's last day where it has none. No months means no display: the result is `start`. A
/// result beyond year 9999 is [`Date::MAX`].
///
/// # Source
/// 民法典 art. 200–202 (in force 2021-01-01); 信用修复管理办法 (NDRC Order 36, in force 2026-04-01) for the periods.
///
/// # Example
/// ```
/// use chengxin_core::period::display_until;
/// use jiff::civil::date;
///
/// // Decided on 31 August, six months: 28 February is the last day shown.
/// assert_eq!(display_until(date(2026, 8, 31), 6), date(2027, 3, 1));
/// ```
#[must_use]
pub fn display_until(start: Date, months: u32) -> Date {
    day_after(start, months)
}

/// The first day on which repair may be asked for: the day after the minimum period. No months: the day itself.
///
/// # Source
/// As [`display_until`]; 信用修复管理办法 for the minimum.
#[must_use]
pub fn repair_from(start: Date, min_months: u32) -> Date {
    day_after(start, min_months)
}

/// The first day on which a record is no longer kept, `months` behind the end of its display. `ended` is the first day on which it was no longer shown:
/// what begins the period is the last day before it, which is not counted.
///
/// # Source
/// 民法典 art. 200–202 for the counting; 个人信息保护法 art. 19, 47 for the end (not verified).
///
/// # Example
/// ```
/// use chengxin_core::period::kept_until;
/// use jiff::civil::date;
///
/// // Last shown on 31 August, six months: 28 February is the last day on which it is kept.
/// assert_eq!(kept_until(date(2026, 9, 1), 6), date(2027, 3, 1));
/// ```
#[must_use]
pub fn kept_until(ended: Date, months: u32) -> Date {
    day_after(ended.saturating_sub(1.day()), months)
}

/// Last day of a period of months from `start`; `None` for no months, which have no last day.
///
/// # Source
/// 民法典 art. 201, 202.
#[must_use]
pub fn last_day(start: Date, months: u32) -> Option<Date> {
    // The calendar library refuses more months than its own range holds; by then the answer is the end of time.
    let span = Span::new().try_months(months).ok();
    (months > 0).then(|| span.and_then(|span| start.checked_add(span).ok()).unwrap_or(Date::MAX))
}

fn day_after(start: Date, months: u32) -> Date {
    last_day(start, months).map_or(start, |last| last.saturating_add(1.day()))
}
