//! 公共信用信息报告标准 (2022): natural persons of full civil capacity only. 民法典 第十七条: full age is eighteen.
//!
//! The birthday itself is not yet full age (周岁 counts from the day after). Where the date of the conduct lacks: limitation runs up to five years, so that
//! somebody of 18 to 22 at the decision may have been a child when it happened.

use chengxin_core::identity::is_of_age_on;
use rstest::rstest;

use crate::clocks::{day, items};
use chengxin_core::catalogue::model::{Polarity, SubjectKind};

type Day = (i16, i8, i8);

#[rstest]
#[case::the_day_before((2008, 9, 2), (2026, 9, 1), false)]
#[case::on_the_birthday((2008, 9, 1), (2026, 9, 1), false)]
#[case::the_day_after((2008, 8, 31), (2026, 9, 1), true)]
#[case::born_on_a_29th_of_february((2008, 2, 29), (2026, 2, 28), false)]
#[case::and_of_age_from_the_first_of_march((2008, 2, 29), (2026, 3, 1), true)]
fn full_age_begins_on_the_day_after_the_eighteenth_birthday(#[case] born: Day, #[case] on: Day, #[case] adult: bool) {
    assert_eq!(is_of_age_on(day(born), day(on)), adult);
}

#[test]
fn no_adverse_item_about_people_is_open_to_minors() {
    let people = |kind: &SubjectKind| kind.is_person_like();
    let adverse = items().iter().filter(|item| item.item.polarity == Polarity::Adverse);
    let about_people: Vec<_> = adverse.filter(|item| item.item.subjects.iter().any(people)).collect();
    assert!(about_people.len() > 5);
    for item in about_people {
        assert!(!item.item.open_to_minors, "{}", item.code());
    }
}
