//! Age by the calendar, as Chinese law counts it.

use jiff::civil::Date;

/// The age in completed years from which a person may be the subject of a record (民法典 art. 17–18).
pub const ADULT_YEARS: i16 = 18;

/// Completed years of life (周岁) of someone born on `birth`, on the day `on`.
///
/// A year is completed on the day *after* the birthday: on the 18th birthday itself the result is
/// still 17. Someone born on 29 February has the last day of February as the birthday in a common
/// year. On the day of birth the result is 0; it is negative if and only if `on` lies before `birth`.
///
/// # Source
/// 法释〔2006〕1号 art. 2: age counts by the solar calendar, from the day after the birthday. 民法典
/// art. 202: a period whose last month lacks the corresponding day ends on that month's last day.
/// Where another law counts the birthday itself, this is one day stricter on purpose (house rule:
/// the doubt goes to the child).
///
/// # Example
/// ```
/// use chengxin_core::identity::age_on;
/// use jiff::civil::date;
/// assert_eq!(age_on(date(2008, 3, 1), date(2026, 3, 1)), 17);
/// assert_eq!(age_on(date(2008, 3, 1), date(2026, 3, 2)), 18);
/// ```
#[must_use]
pub fn age_on(birth: Date, on: Date) -> i16 {
    if on < birth {
        return -1;
    }
    let birthday = if birth.month() == 2 && birth.day() == 29 && !on.in_leap_year() {
        (2, 28)
    } else {
        (birth.month(), birth.day())
    };
    let completed = (on.month(), on.day()) > birthday;
    (on.year() - birth.year() - i16::from(!completed)).max(0)
}

/// Whether someone born on `birth` has reached full age by the day `on`, counted as [`age_on`] does.
#[must_use]
pub fn is_of_age_on(birth: Date, on: Date) -> bool {
    age_on(birth, on) >= ADULT_YEARS
}
