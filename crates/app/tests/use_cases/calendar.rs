//! Working days and deadlines of an installation: what it begins with, what an office adds, and who reads them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use std::path::PathBuf;

use chengxin_app::reading::Reading;
use chengxin_app::{AppError, Kind};
use chengxin_core::deadline::DeadlineUnit;
use chengxin_core::{Caller, Role};
use chengxin_store::audit::Cell;
use chengxin_store::testing::Hand;
use common::{City, OFFICE, TODAY, administrator, caller};
use jiff::civil::date;

/// A made-up notice for 2027.
const NEXT: &str = include_str!("calendar/2027.toml");

/// The file of a year, with one thing changed.
fn file(city: &City, name: &str, text: &str) -> PathBuf {
    let path = city.dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn anybody() -> Caller {
    caller(Role::Public, None)
}

/// The English sentence of a refusal of a kind.
fn refused<T: std::fmt::Debug>(kind: Kind, result: Result<T, AppError>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    error.public.en
}

fn entries(city: &City) -> usize {
    city.logged().iter().filter(|(operation, _)| operation == "calendar_apply").count()
}

#[test]
fn a_new_installation_knows_the_shipped_years_and_its_first_entry_says_which() {
    let city = City::new();
    let years = city.app.calendar_show(&anybody(), None).unwrap();
    let (first, last) = (years.first().unwrap(), years.last().unwrap());
    assert_eq!((first.year, last.year, years.len()), (2004, 2026, 23));
    assert_eq!((last.working_days, last.holidays.len(), last.verified), (248, 7, false));
    let (operation, detail) = city.logged().into_iter().next().unwrap();
    let calendar = detail["calendar"].as_str().unwrap();
    assert_eq!((operation.as_str(), calendar.len()), ("installation_init", 64));
    assert_eq!(entries(&city), 0, "what the programme brings at the beginning is part of it");
    assert_eq!(entries(&city.reopen()), 0);
}

#[test]
fn everybody_reads_the_working_days_and_the_administrator_alone_changes_them() {
    let mut city = City::new();
    let next = file(&city, "2027.toml", NEXT);
    for role in Role::ALL {
        let serves = matches!(role, Role::Clerk | Role::DataOfficer | Role::Decider);
        let asks = caller(role, serves.then_some(OFFICE));
        assert!(city.app.calendar_show(&asks, Some(2026)).is_ok(), "{role:?}");
        assert!(city.app.deadline_list(&asks).is_ok(), "{role:?}");
        if role != Role::Administrator {
            refused(Kind::Forbidden, city.app.calendar_apply(&asks, &next));
        }
    }
    refused(Kind::Forbidden, city.app.calendar_check(&anybody(), &next));
    assert!(refused(Kind::NotFound, city.app.calendar_show(&anybody(), Some(2027))).contains("there are 2004–2026"));
}

#[test]
fn a_next_year_counts_at_once_even_for_who_reads_already_and_is_an_entry() {
    let mut city = City::new();
    let reading = Reading::open(&city.app).unwrap();
    let start = date(2026, 12, 24);
    let lacking = refused(Kind::NotFound, reading.deadline_show(&anybody(), "repair-decision", start));
    assert!(
        lacking.contains("the holidays of 2027 are not known") && lacking.contains("calendar apply 2027.toml"),
        "{lacking}"
    );

    let next = file(&city, "next.toml", NEXT);
    assert!(city.app.calendar_check(&administrator(), &next).unwrap().is_empty());
    let applied = city.app.calendar_apply(&administrator(), &next).unwrap();
    // The notice of 2027 makes a Thursday of December a day off, and a Sunday worked.
    assert_eq!((applied.year, applied.already), (2027, false));
    assert_eq!(applied.changed, [date(2026, 12, 27), date(2026, 12, 31)]);
    // 25, 27 (worked), 28, 29, 30 December; 4, 5, 6, 7, 8 January.
    let due = reading.deadline_show(&anybody(), "repair-decision", start).unwrap();
    assert_eq!((due.last, due.moved_from), (date(2027, 1, 8), None));
    assert!(due.how.zh.contains("2026年12月27日调休上班计入"), "{}", due.how);
    assert_eq!(reading.calendar_show(&anybody(), Some(2027)).unwrap()[0].year, 2027);

    let (operation, detail) = city.logged().pop().unwrap();
    assert_eq!((operation.as_str(), detail["years"][0].as_i64()), ("calendar_apply", Some(2027)));
    assert_eq!(detail["calendar"].as_str(), Some(applied.hash.as_str()));
    assert_eq!(detail["changed"].as_array().unwrap().len(), 2);

    let again = city.app.calendar_apply(&administrator(), &next).unwrap();
    assert!(again.already && again.changed.is_empty());
    assert_eq!(entries(&city), 1, "nothing was done, so nothing is logged");
    assert_eq!(city.reopen().app.calendar().unwrap().years().count(), 24);
}

#[test]
fn a_corrected_year_takes_the_place_of_the_old_one_which_is_kept() {
    let mut city = City::new();
    let first = city.app.calendar_apply(&administrator(), &file(&city, "2027.toml", NEXT)).unwrap();
    let corrected = NEXT.replace("last = 2027-01-02", "last = 2027-01-04");
    let second = city.app.calendar_apply(&administrator(), &file(&city, "2027.toml", &corrected)).unwrap();
    assert_eq!(second.changed, [date(2027, 1, 4)], "a Monday");
    assert!(first.hash != second.hash);
    let kept = city.reader().view().catalogue_files(&first.hash).unwrap().unwrap();
    assert!(kept.contains("last = 2027-01-02"), "by what was in use a deadline of that day can be counted again");
}

#[test]
fn a_file_with_a_fault_is_refused_whole_with_its_line() {
    let mut city = City::new();
    let wrong = file(&city, "2027.toml", &NEXT.replace("worked = [2026-12-27]", "worked = [2026-12-28]"));
    let before = city.app.calendar().unwrap();
    let said = refused(Kind::Invalid, city.app.calendar_apply(&administrator(), &wrong));
    assert!(said.contains("2027.toml:10") && said.contains("2026-12-28 is no weekend"), "{said}");
    let found = city.app.calendar_check(&administrator(), &wrong).unwrap();
    assert_eq!((found.len(), found[0].line), (1, 10));
    assert_eq!((city.app.calendar().unwrap(), entries(&city)), (before, 0));

    for (name, bytes) in
        [("none.toml", None), ("empty.toml", Some(&b""[..])), ("bytes.toml", Some(&[0xff, 0xfe, 0x00][..]))]
    {
        let path = city.dir.path().join(name);
        if let Some(bytes) = bytes {
            std::fs::write(&path, bytes).unwrap();
        }
        refused(Kind::Invalid, city.app.calendar_apply(&administrator(), &path));
    }
    let folder = city.dir.path().to_owned();
    refused(Kind::Invalid, city.app.calendar_apply(&administrator(), &folder));
    assert_eq!(entries(&city), 0);
}

#[test]
fn an_installation_of_before_gets_the_shipped_years_when_it_is_opened_and_keeps_its_own() {
    let mut city = City::new();
    let own = include_str!("../../../../catalogue/calendars/2026.toml").replace("verified = false", "verified = true");
    city.app.calendar_apply(&administrator(), &file(&city, "2026.toml", &own)).unwrap();
    // As an older programme left it: without the newest years but with what the office itself put to use.
    let hash = city.app.calendar_apply(&administrator(), &file(&city, "2027.toml", NEXT)).unwrap().hash;
    let files =
        chengxin_app::catalogue::from_json(&city.reader().view().catalogue_files(&hash).unwrap().unwrap()).unwrap();
    let older: Vec<_> = files.into_iter().filter(|(name, _)| name != "2025.toml").collect();
    let older_hash = chengxin_core::calendar::hash_hex(&older);
    city.store()
        .write("test", |tx| {
            tx.catalogue_add(&older_hash, &chengxin_app::catalogue::to_json(&older), 0, "test")?;
            tx.set_setting("calendar", &older_hash)
        })
        .unwrap();
    assert!(city.app.calendar().unwrap().year(2025).is_err());
    let before = entries(&city);
    let city = city.reopen();
    let calendar = city.app.calendar().unwrap();
    assert!(calendar.year(2025).is_ok() && calendar.year(2027).is_ok());
    assert!(calendar.year(2026).unwrap().verified, "what the office put to use stays");
    assert_eq!(entries(&city), before + 1);
    assert_eq!(city.logged().pop().unwrap().1["years"].as_array().unwrap().len(), 1);

    // And one that never had any.
    Hand::in_(city.app.database()).run("DELETE FROM installation WHERE name = $1", &[Cell::from("calendar")]).unwrap();
    assert_eq!(city.app.calendar().unwrap().years().count(), 0);
    let city = city.reopen();
    assert_eq!(city.app.calendar().unwrap().years().count(), 23);
}

#[test]
fn a_calendar_that_was_altered_by_hand_counts_for_nothing() {
    let city = City::new();
    let hand = Hand::in_(city.app.database());
    let moved = "UPDATE catalogue_version SET files = replace(files, 'last = 2026-10-07', 'last = 2026-10-17')";
    assert!(hand.run(moved, &[]).unwrap() >= 1);
    // Read anew, as another process would.
    std::fs::write(city.dir.path().join("2027.toml"), NEXT).unwrap();
    let mut city = city;
    let path = city.dir.path().join("2027.toml");
    let error = city.app.calendar_apply(&administrator(), &path).unwrap_err();
    assert_eq!(error.kind, Kind::Internal);
    assert!(error.to_string().contains("altered by hand"), "{error}");
    assert_eq!(entries(&city), 0);
}

#[test]
fn deadlines_are_told_with_their_clauses_and_whether_anybody_read_them() {
    let mut city = City::new();
    let deadlines = city.app.deadline_list(&anybody()).unwrap();
    assert_eq!(deadlines.len(), 8);
    let due = |city: &City| city.app.deadline_show(&anybody(), "repair-decision", date(2026, 9, 29)).unwrap();
    let before = due(&city);
    assert_eq!(
        (before.last, before.deadline.unit, before.deadline.verified),
        (date(2026, 10, 19), DeadlineUnit::WorkingDays, false)
    );
    assert_eq!(before.deadline.clause.label.zh, "《信用修复管理办法》办理流程");
    city.app
        .catalogue_confirm(&caller(Role::CreditOffice, None), "order-36#procedure", "王某", "虚构市信用办", "公报原文")
        .unwrap();
    assert!(due(&city).deadline.verified);
    let moved = city.app.deadline_show(&anybody(), "reconsideration", date(2026, 8, 2)).unwrap();
    assert_eq!((moved.last, moved.moved_from), (date(2026, 10, 8), Some(date(2026, 10, 1))));
    assert!(moved.deadline.holiday_clause.unwrap().label.zh.contains("第二百零三条"));
}

#[test]
fn a_deadline_that_is_none_or_not_yet_is_refused_with_what_there_is() {
    let city = City::new();
    let show = |code, start| refused(Kind::NotFound, city.app.deadline_show(&anybody(), code, start));
    let unknown = show("score", TODAY);
    assert!(unknown.contains("“score”") && unknown.contains("objection-answer"), "{unknown}");
    let long = "长".repeat(500);
    assert!(show(&long, TODAY).len() < 400, "what was typed is quoted in part");
    assert!(show("repair-decision", date(2026, 3, 31)).contains("[[deadline]]"));
    assert!(show("repair-decision", date(2026, 12, 25)).contains("2027"));
}
