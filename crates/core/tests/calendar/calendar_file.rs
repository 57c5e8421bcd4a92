//! What a file of a year may not say: each refusal has file, line and what would mend it.

use chengxin_core::calendar::{Calendar, Fault, YearFile};
use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

use crate::shipped::files;

const WHOLE: &str = "\
year = 2027
verified = true
notices = [\"https://example.org/notice\"]
[[holiday]]
festival = \"元旦\"
festival_en = \"New Year\"
first = 2026-12-31
last = 2027-01-02
worked = [2026-12-27]
[[holiday]]
festival = \"春节\"
festival_en = \"Spring Festival\"
first = 2027-02-05
last = 2027-02-12
worked = [2027-01-31, 2027-02-14]
[[holiday]]
festival = \"劳动节\"
festival_en = \"Labour Day\"
first = 2027-05-01
last = \"2027-05-03\"
[[holiday]]
festival = \"国庆节\"
festival_en = \"National Day\"
first = 2027-10-01
last = 2027-10-07
";

/// The faults of the whole file with one thing changed; the change stands on the line of `#!`, where it has one.
fn faults(from: &str, to: &str) -> (Vec<Fault>, Option<usize>) {
    assert!(WHOLE.contains(from), "{from}");
    let text = WHOLE.replacen(from, to, 1);
    let line = text.lines().position(|line| line.contains("#!")).map(|at| at + 1);
    (YearFile::read("2027.toml", &text).unwrap_err(), line)
}

#[test]
fn a_whole_file_is_read_in_order_of_its_days() {
    let year = YearFile::read("2027.toml", WHOLE).unwrap();
    assert_eq!((year.year, year.verified, year.holidays.len()), (2027, true, 4));
    assert_eq!(year.holidays[1].worked, [date(2027, 1, 31), date(2027, 2, 14)]);
    assert_eq!(year.holidays[2].last, date(2027, 5, 3));
}

#[rstest]
#[case::no_toml("year = 2027", "year = #!", "cannot be read")]
#[case::an_unknown_key("verified = true", "verified = true\nhollidays = [] #!", "unknown field")]
#[case::no_date_of_the_calendar("last = 2027-01-02", "last = 2027-02-30 #!", "cannot be read")]
#[case::a_time_of_day("last = \"2027-05-03\"", "last = \"2027-05-03T10:00\" #!", "cannot be read")]
#[case::a_year_before_all_notices("year = 2027", "year = 1980 #!", "2000 to 2999")]
#[case::a_year_of_five_digits("year = 2027", "year = 20270 #!", "2000 to 2999")]
#[case::an_empty_notice("\"https://example.org/notice\"", "\"\" #!\n", "empty address")]
#[case::no_name("festival_en = \"Labour Day\"", "festival_en = \" \" #!", "which festival")]
#[case::backwards("last = 2027-10-07", "last = 2027-09-30 #!", "before it begins")]
#[case::too_long("last = 2027-10-07", "last = 2027-10-17 #!", "longer than 16 days")]
#[case::of_another_year("last = 2027-10-07", "last = 2028-10-07 #!", "is not in 2027")]
#[case::december_for_another_festival(
    "worked = [2027-01-31, 2027-02-14]",
    "worked = [2026-12-26] #!",
    "only the holiday with 1 January"
)]
#[case::worked_on_a_monday("worked = [2026-12-27]", "worked = [2026-12-28] #!", "no weekend")]
#[case::worked_twice("worked = [2027-01-31, 2027-02-14]", "worked = [2027-01-31, 2027-01-31] #!", "stands twice")]
#[case::worked_twice_in_two_holidays(
    "last = 2027-10-07",
    "last = 2027-10-07\nworked = [2027-01-31] #!",
    "stands twice"
)]
#[case::worked_and_off("worked = [2027-01-31, 2027-02-14]", "worked = [2027-02-06] #!", "and worked")]
#[case::overlapping("first = 2027-10-01", "first = 2027-05-03 #!", "overlaps Labour Day")]
fn a_file_that_says_something_impossible_is_refused_with_its_line(
    #[case] from: &str,
    #[case] to: &str,
    #[case] says: &str,
) {
    let (found, line) = faults(from, to);
    let fault = found.iter().find(|fault| fault.say.en.contains(says)).unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!((fault.file.as_str(), Some(fault.line)), ("2027.toml", line), "{found:?}");
    assert!(fault.to_string().starts_with(&format!("2027.toml:{}: ", fault.line)));
    assert!(fault.say.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{fault}");
}

#[rstest]
#[case("first = 2026-12-31\nlast = 2027-01-02", "first = 2027-01-02\nlast = 2027-01-02", "New Year's Day (2027-01-01)")]
#[case("first = 2027-05-01", "first = 2027-05-02", "Labour Day (2027-05-01)")]
#[case("first = 2027-10-01", "first = 2027-10-02", "National Day (2027-10-01)")]
#[case("first = 2027-02-05\nlast = 2027-02-12", "first = 2027-03-05\nlast = 2027-03-12", "Spring Festival")]
fn half_a_notice_is_refused(#[case] from: &str, #[case] to: &str, #[case] says: &str) {
    let (found, _) = faults(from, to);
    assert!(found.iter().any(|fault| fault.say.en.contains(says) && fault.line == 1), "{found:?}");
}

#[test]
fn two_files_of_one_year_are_refused() {
    let twice = [("a.toml".to_owned(), WHOLE.to_owned()), ("b.toml".to_owned(), WHOLE.to_owned())];
    let found = Calendar::load(&twice).unwrap_err();
    assert_eq!((found.len(), found[0].file.as_str()), (1, "b.toml"));
    assert!(found[0].say.en.contains("another file of 2027"));
}

#[test]
fn a_next_year_is_loadable_and_its_notice_holds_for_the_last_days_of_december() {
    let mut years = files("calendars");
    let before = Calendar::load(&years).unwrap();
    assert!(before.is_working_day(date(2026, 12, 31)).unwrap() && !before.is_working_day(date(2026, 12, 27)).unwrap());
    years.push(("2027.toml".to_owned(), WHOLE.to_owned()));
    let after = Calendar::load(&years).unwrap();
    assert!(!after.is_working_day(date(2026, 12, 31)).unwrap() && after.is_working_day(date(2026, 12, 27)).unwrap());
    assert_eq!(after.add_working_days(date(2026, 12, 30), 1).unwrap(), date(2027, 1, 4));
}

#[test]
fn years_that_lack_between_are_named() {
    let years = files("calendars").into_iter().filter(|(name, _)| name != "2010.toml").collect::<Vec<_>>();
    let error = Calendar::load(&years).unwrap().year(2010).unwrap_err();
    assert!(error.say().en.contains("there are 2004–2009, 2011–2026"), "{error}");
    assert!(Calendar::default().year(2026).unwrap_err().say().en.contains("no year is there"));
}

proptest! {
    /// Whatever is written, reading ends in a year or in faults with lines, and never panics.
    #[test]
    fn no_text_breaks_the_reading(text in "[a-z0-9=\\[\\]\"\n# -]{0,200}", at in 0usize..400, put in "[0-9\\-\"\\]\n]{0,4}") {
        let mut broken = WHOLE.to_owned();
        let at = (0..=at.min(broken.len())).rev().find(|at| broken.is_char_boundary(*at)).unwrap_or(0);
        broken.insert_str(at, &put);
        for text in [text, broken] {
            if let Err(faults) = YearFile::read("2027.toml", &text) {
                prop_assert!(!faults.is_empty());
                prop_assert!(faults.iter().all(|fault| fault.line >= 1 && fault.line <= text.lines().count() + 1));
            }
        }
    }
}
