//! The years that are shipped: whole, and as the notices have them where somebody could be wrong.

use chengxin_core::calendar::DayKind;
use jiff::civil::{Date, date};
use rstest::rstest;

use crate::shipped::CALENDAR;

#[test]
fn every_year_from_2004_to_2026_is_there() {
    let years: Vec<_> = CALENDAR.years().map(|year| year.year).collect();
    assert_eq!(years, (2004..=2026).collect::<Vec<_>>());
}

#[test]
fn years_from_2006_on_name_the_notice_they_rest_on_and_none_claims_to_be_read() {
    for year in CALENDAR.years() {
        assert_eq!(year.notices.is_empty(), year.year < 2006, "{}", year.year);
        assert!(!year.verified, "{}: nobody here read the notice itself", year.year);
    }
    // Two of them were changed in the course of the year.
    assert_eq!(CALENDAR.year(2019).unwrap().notices.len(), 2);
    assert_eq!(CALENDAR.year(2020).unwrap().notices.len(), 2);
}

/// As many as a second compilation has, made by other people.
#[rstest]
#[case(2004, 252)]
#[case(2005, 251)]
#[case(2012, 249)]
#[case(2015, 249)]
#[case(2020, 249)]
#[case(2024, 251)]
#[case(2025, 248)]
#[case(2026, 248)]
fn a_year_has_its_working_days(#[case] year: i16, #[case] days: u32) {
    let before = date(year - 1, 12, 31);
    assert_eq!(CALENDAR.count_working_days(before, date(year, 12, 31)).unwrap(), days);
}

#[rstest]
#[case::prolonged_in_2020((2020, 1, 31), "春节")]
#[case::victory_day((2015, 9, 3), "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日")]
#[case::in_december_by_the_next_notice((2018, 12, 31), "元旦")]
#[case::a_saturday_of_the_year_before((2022, 12, 31), "元旦")]
#[case::two_festivals_in_one((2025, 10, 6), "国庆节、中秋节")]
fn a_holiday_is_off(#[case] day: (i16, i8, i8), #[case] festival: &str) {
    match CALENDAR.kind(date(day.0, day.1, day.2)).unwrap() {
        DayKind::Holiday(holiday) => assert_eq!(holiday.festival.zh, festival),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::left_out_by_the_package((2005, 12, 31))]
#[case::for_next_years_holiday((2011, 12, 31))]
#[case::sunday((2026, 1, 4))]
#[case::saturday((2026, 10, 10))]
fn a_shifted_saturday_or_sunday_is_worked(#[case] day: (i16, i8, i8)) {
    let day = date(day.0, day.1, day.2);
    assert!(matches!(CALENDAR.kind(day).unwrap(), DayKind::Shifted(_)), "{day}");
    assert!(CALENDAR.is_working_day(day).unwrap());
}

#[test]
fn an_ordinary_week_is_what_its_weekdays_say() {
    let monday = date(2026, 11, 23);
    let worked: Vec<_> =
        monday.series(jiff::Span::new().days(1)).take(7).map(|day| CALENDAR.is_working_day(day).unwrap()).collect();
    assert_eq!(worked, [true, true, true, true, true, false, false]);
    assert_eq!(CALENDAR.kind(date(2026, 11, 28)).unwrap(), DayKind::Weekend);
}

#[rstest]
#[case(date(2003, 12, 31), 2003)]
#[case(date(2027, 1, 1), 2027)]
#[case(Date::MAX, 9999)]
#[case(Date::MIN, -9999)]
fn a_year_without_data_is_named_and_never_guessed(#[case] day: Date, #[case] year: i16) {
    let error = CALENDAR.is_working_day(day).unwrap_err();
    assert_eq!((error.year, error.known.as_slice()), (year, &[(2004, 2026)][..]));
    let said = error.say();
    assert!(
        said.en.contains("there are 2004–2026") && said.en.contains(&format!("calendar apply {year}.toml")),
        "{said}"
    );
    assert!(said.zh.contains(&format!("没有 {year} 年的节假日安排（已有 2004—2026）")), "{said}");
}

#[test]
fn counting_beyond_the_last_year_is_refused() {
    assert_eq!(CALENDAR.add_working_days(date(2026, 12, 25), 4).unwrap(), date(2026, 12, 31));
    assert_eq!(CALENDAR.add_working_days(date(2026, 12, 25), 5).unwrap_err().year, 2027);
    assert_eq!(CALENDAR.count_working_days(date(2026, 12, 25), date(2027, 1, 1)).unwrap_err().year, 2027);
    assert_eq!(CALENDAR.add_working_days(date(2026, 1, 1), u32::MAX).unwrap_err().year, 2027);
}
