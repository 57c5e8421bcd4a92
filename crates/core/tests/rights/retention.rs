//! The end of a record, and what keeps the key of its subject.

use chengxin_core::retention::{Fate, Holder, LINES_MONTHS, PutOff, Remains, fate};
use jiff::civil::{Date, date};

const TODAY: Date = date(2030, 3, 1);

#[test]
fn a_record_goes_on_the_day_its_time_is_over_and_not_the_day_before() {
    let until = Some(date(2030, 3, 2));
    assert_eq!(fate(&[until], None, date(2030, 3, 1)), Fate::Kept(until));
    assert_eq!(fate(&[until], None, date(2030, 3, 2)), Fate::Due);
    assert_eq!(fate(&[until], None, date(2031, 1, 1)), Fate::Due);
    assert_eq!(fate(&[None], None, Date::MAX), Fate::Kept(None), "what has no end is kept");
}

#[test]
fn of_several_versions_the_longest_counts() {
    let (early, late) = (Some(date(2029, 1, 1)), Some(date(2031, 1, 1)));
    assert_eq!(fate(&[late, early], None, TODAY), Fate::Kept(late));
    assert_eq!(fate(&[early, None], None, TODAY), Fate::Kept(None));
    assert_eq!(fate(&[early, early], None, TODAY), Fate::Due);
    assert_eq!(fate(&[], None, TODAY), Fate::Kept(None), "of nothing nothing is destroyed");
}

#[test]
fn what_is_open_puts_off_what_is_due_and_nothing_else() {
    let (over, ahead) = (Some(date(2030, 1, 1)), Some(date(2031, 1, 1)));
    for why in PutOff::ALL {
        assert_eq!(fate(&[over], Some(why), TODAY), Fate::PutOff(why));
        assert_eq!(fate(&[ahead], Some(why), TODAY), Fate::Kept(ahead));
        assert!(!why.say().zh.is_empty() && !why.say().en.is_empty());
    }
}

#[test]
fn where_nothing_is_left_the_key_goes() {
    assert!(Remains::default().holders(TODAY).is_empty());
    assert_eq!(Remains::default().asked_again(TODAY), None);
}

/// Somebody about whom exactly one thing is there.
fn one(holder: Holder) -> Remains {
    let mut remains = Remains::default();
    match holder {
        Holder::Record => remains.record = true,
        Holder::Tombstone => remains.guards_until = Some(date(2031, 5, 1)),
        Holder::Consent => remains.consent = true,
        Holder::Mandate => remains.mandate = true,
        Holder::Account => remains.account = true,
        Holder::Proceeding => remains.proceeding = true,
        Holder::FollowUp => remains.follow_up = true,
        Holder::Complaint => remains.complaint = true,
        Holder::Notice => remains.notice = true,
        Holder::Hidden => remains.hidden = true,
        Holder::Lines => remains.last_line = Some(TODAY),
    }
    remains
}

macro_rules! holds {
    ($($name:ident $holder:ident $decided:literal;)*) => { $(
        #[test]
        fn $name() {
            let remains = one(Holder::$holder);
            assert_eq!(remains.holders(TODAY), [Holder::$holder]);
            assert_eq!(remains.holders_beside_decision(TODAY).is_empty(), $decided, "where a decision asks for it");
        }
    )* };
}
holds! {
    a_record_keeps_the_key Record false;
    a_tombstone_that_must_know_a_row_again_keeps_the_key Tombstone true;
    a_consent_keeps_the_key Consent false;
    a_mandate_keeps_the_key Mandate false;
    an_account_keeps_the_key Account false;
    a_proceeding_keeps_the_key Proceeding false;
    what_an_authority_has_to_settle_keeps_the_key FollowUp false;
    a_complaint_keeps_the_key Complaint false;
    a_notice_that_was_not_delivered_keeps_the_key Notice false;
    what_is_hidden_until_a_day_keeps_the_key Hidden false;
    lines_that_the_person_may_want_keep_the_key Lines true;
}

#[test]
fn a_tombstone_holds_until_its_row_would_be_refused_for_its_dates() {
    let remains = one(Holder::Tombstone);
    assert_eq!(remains.asked_again(TODAY), Some(date(2031, 5, 1)));
    assert_eq!(remains.holders(date(2031, 4, 30)), [Holder::Tombstone]);
    assert!(remains.holders(date(2031, 5, 1)).is_empty());
    let always = Remains { guards_until: Some(Date::MAX), ..Remains::default() };
    assert_eq!(always.holders(date(2999, 1, 1)), [Holder::Tombstone]);
    assert_eq!(always.asked_again(TODAY), None, "where it stands for ever nobody asks again");
}

#[test]
fn lines_are_readable_for_three_years_behind_the_last() {
    assert_eq!(LINES_MONTHS, 36);
    let remains = one(Holder::Lines);
    assert_eq!(remains.asked_again(TODAY), Some(date(2033, 3, 2)));
    assert_eq!(remains.holders(date(2033, 3, 1)), [Holder::Lines], "the last day counts whole");
    assert!(remains.holders(date(2033, 3, 2)).is_empty());
}

#[test]
fn whatever_ends_on_no_known_day_is_asked_for_again_in_a_month_and_a_record_asks_by_itself() {
    assert_eq!(one(Holder::Account).asked_again(TODAY), Some(date(2030, 4, 1)));
    assert_eq!(one(Holder::Record).asked_again(TODAY), None);
}
