//! Civil dates as the store holds them, and the two clocks of the platform.

use jiff::civil::Date;

/// Days since 1970-01-01, the form in which a civil date stands in a column.
#[must_use]
pub fn to_days(date: Date) -> i32 {
    // Howard Hinnant's days-from-civil: exact for every date that `Date` can hold and branch-light, since an import
    // calls it several times a row.
    let (y, m, d) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + d - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146_097 + doe - 719_468
}

/// The date of a column value; `None` outside the years that [`Date`] holds.
#[must_use]
pub fn from_days(days: i32) -> Option<Date> {
    let z = days.checked_add(719_468)?;
    let era = z.div_euclid(146_097);
    let doe = z - era * 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i32::from(month <= 2);
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Offset of Asia/Shanghai from UTC in seconds. China has had one zone without summer time since 1991; no instant
/// before that is ever computed with, only written dates.
pub const SHANGHAI_OFFSET_SECONDS: i64 = 8 * 3600;

/// The civil date in Asia/Shanghai at an instant given in microseconds UTC.
#[must_use]
pub fn shanghai_date(now_us: i64) -> Date {
    let days = (now_us.div_euclid(1_000_000) + SHANGHAI_OFFSET_SECONDS).div_euclid(86_400);
    i32::try_from(days).ok().and_then(from_days).unwrap_or(Date::MAX)
}

/// A date as people write it in Chinese: `2026年9月29日`.
#[must_use]
pub fn chinese_date(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// The first instant of a day in Asia/Shanghai, microseconds UTC.
#[must_use]
pub fn day_start_us(day: Date) -> i64 {
    (i64::from(to_days(day)) * 86_400 - SHANGHAI_OFFSET_SECONDS) * 1_000_000
}

/// An instant as `2026-11-21 09:30:05` in Asia/Shanghai, for people.
#[must_use]
pub fn shanghai_text(now_us: i64) -> String {
    let seconds = now_us.div_euclid(1_000_000) + SHANGHAI_OFFSET_SECONDS;
    let of_day = seconds.rem_euclid(86_400);
    format!("{} {:02}:{:02}:{:02}", shanghai_date(now_us), of_day / 3600, of_day / 60 % 60, of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn epoch_is_day_zero_and_leap_day_counts() {
        assert_eq!(to_days(date(1970, 1, 1)), 0);
        assert_eq!(to_days(date(2000, 3, 1)) - to_days(date(2000, 2, 28)), 2);
        assert_eq!(from_days(to_days(date(2026, 11, 21))), Some(date(2026, 11, 21)));
    }

    #[test]
    fn the_day_in_shanghai_begins_at_sixteen_hours_utc() {
        let before = 1_700_000_000_000_000 - 1_700_000_000_000_000 % 86_400_000_000 + 16 * 3_600_000_000 - 1;
        assert_eq!(to_days(shanghai_date(before)) + 1, to_days(shanghai_date(before + 1)));
        assert_eq!(shanghai_text(0), "1970-01-01 08:00:00");
    }

    proptest! {
        #[test]
        fn days_and_dates_agree_with_the_calendar_library(days in -700_000i32..2_900_000) {
            let date = from_days(days).expect("in range");
            prop_assert_eq!(to_days(date), days);
            let span = date - date.tomorrow().unwrap_or(date);
            prop_assert!(span.get_days() == -1 || date == Date::MAX);
        }
    }
}
