//! The catalogue in use: shown, confirmed, weighed, applied, and written out as a template.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use std::path::Path;

use chengxin_app::catalogue::{Count, findings, from_json, load, read_dir, shipped_files, to_json};
use chengxin_app::record::{Decision, LockKind};
use chengxin_app::{Kind, Mode};
use chengxin_core::Role;
use chengxin_core::dates::to_days;
use chengxin_core::record::RecordId;
use chengxin_seal::Profile;
use common::{City, OFFICE, Person, TODAY, administrator, caller, decider};
use jiff::civil::{Date, date};

const PENALTY: &str = "penalty";
const ITEMS: &str = "items-licence-penalty.toml";

/// General penalties decided since order 36 are shown for 12 months; here for 6.
const GENERAL: &str = "severity = \"general\"\nmin_months = 3\nmax_months = 12";
const GENERAL_SHORTER: &str = "severity = \"general\"\nmin_months = 3\nmax_months = 6";

fn fined(city: &City, person: &Person, decided_on: Date) -> RecordId {
    let document = format!("文书{}", person.number);
    let values =
        [("CF_XDR_MC", person.name.as_str()), ("CF_WSH", &document), ("CF_CFLB", "罚款"), ("CF_NR_FK", "600000")];
    city.record(person, PENALTY, decided_on, &values)
}

fn until(city: &City, person: &Person, record: RecordId) -> Option<i64> {
    city.versions(person, record).last().unwrap().row.display_until
}

fn day(date: Date) -> Option<i64> {
    Some(i64::from(to_days(date)))
}

#[test]
fn the_shipped_catalogue_is_that_of_its_folder_and_may_be_used() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let files = shipped_files();
    assert_eq!(files, read_dir(&folder).unwrap(), "built in and on disk");
    assert!(load(&files).unwrap().items().len() >= 60);
    assert_eq!(findings(&files, TODAY, "990000").iter().filter(|finding| finding.is_error()).count(), 0);
    assert_eq!(from_json(&to_json(&files)).unwrap(), files);
}

#[test]
fn a_catalogue_with_an_error_is_refused_with_file_line_item_and_reason() {
    let mut city = City::new();
    let dir = city.catalogue_with(ITEMS, "clause = \"order-36#general\"", "clause = \"order-36#nowhere\"");
    let before = city.app.catalogue().hash_hex();
    let refusal = city.app.catalogue_apply(&administrator(), &dir).unwrap_err();
    assert_eq!(refusal.kind, Kind::Invalid);
    for part in [ITEMS, PENALTY, "unknown_clause", "order-36#nowhere"] {
        assert!(refusal.public.zh.contains(part) && refusal.public.en.contains(part), "{part} in {}", refusal.public);
    }
    assert_eq!(city.app.catalogue().hash_hex(), before);
    let found = city.app.catalogue_check(&administrator(), &dir).unwrap();
    assert!(found.iter().any(|finding| finding.is_error() && finding.line > 0));
    let empty = city.dir.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    assert_eq!(city.app.catalogue_check(&administrator(), &empty).unwrap_err().kind, Kind::Invalid);
    assert_eq!(city.app.catalogue_check(&administrator(), &empty.join("none")).unwrap_err().kind, Kind::Invalid);
}

#[test]
fn an_item_is_shown_in_words_and_an_unknown_one_is_not_found() {
    let city = City::new();
    let anybody = caller(Role::Public, None);
    let sections = city.app.catalogue_show(&anybody, Some(PENALTY)).unwrap();
    assert!(sections.iter().any(|section| section.lines.iter().any(|line| line.zh.contains("CF_WSH"))));
    let all = city.app.catalogue_show(&anybody, None).unwrap();
    assert_eq!(all[0].lines.len(), city.app.catalogue().items().len());
    assert_eq!(city.app.catalogue_show(&anybody, Some("nothing")).unwrap_err().kind, Kind::NotFound);
}

#[test]
fn production_refuses_an_unread_clause_until_an_office_confirms_it_by_name() {
    let mut city = City::with(Mode::Production, Profile::Intl);
    let catalogue = city.app.catalogue().clone();
    let unread = catalogue.items().iter().find(|item| {
        let mut bases = item.basis_on(TODAY).peekable();
        bases.peek().is_some() && bases.all(|basis| !catalogue.clause(&basis.clause).unwrap().1.verified)
    });
    let item = unread.expect("the shipped catalogue has an item whose basis nobody has read");
    let clause = item.basis_on(TODAY).next().unwrap().clause.clone();

    let refusal = city.app.collectable(item, TODAY).unwrap_err();
    assert_eq!(refusal.kind, Kind::Conflict);
    assert!(
        refusal.public.zh.contains(&clause) && refusal.public.zh.contains("catalogue confirm"),
        "{}",
        refusal.public
    );

    let office = caller(Role::CreditOffice, None);
    let confirm = |city: &mut City, caller: &chengxin_core::Caller, clause: &str, by: &str| {
        city.app.catalogue_confirm(caller, clause, by, "虚构市信用办", "国家法律法规数据库")
    };
    assert_eq!(confirm(&mut city, &administrator(), &clause, "王某").unwrap_err().kind, Kind::Forbidden);
    assert_eq!(confirm(&mut city, &office, "no-law#art-1", "王某").unwrap_err().kind, Kind::NotFound);
    assert_eq!(confirm(&mut city, &office, &clause, " ").unwrap_err().kind, Kind::Invalid);
    assert!(city.app.collectable(item, TODAY).is_err());
    confirm(&mut city, &office, &clause, "王某").unwrap();
    assert!(city.app.collectable(item, TODAY).is_ok());

    let (operation, detail) = city.logged().pop().unwrap();
    assert_eq!((operation.as_str(), detail["clause"].as_str()), ("catalogue_confirm", Some(clause.as_str())));
    assert!(!detail.to_string().contains("王某"), "the log names nobody; the confirmation does");
    let before_any_basis = date(1950, 1, 1);
    assert_eq!(city.app.collectable(item, before_any_basis).unwrap_err().kind, Kind::Conflict);
    assert!(City::new().app.collectable(item, TODAY).is_ok(), "a made-up city collects no real data");
}

#[test]
fn applying_a_catalogue_computes_the_columns_again_and_logs_it() {
    let mut city = City::new();
    let (recent, before_the_order, minor) = (Person::new(1), Person::new(2), Person::new(3));
    let changed = fined(&city, &recent, date(2026, 5, 1));
    let unchanged = fined(&city, &before_the_order, date(2026, 3, 1));
    let warned = city.record(&minor, PENALTY, date(2026, 5, 1), &[("CF_WSH", "3号"), ("CF_CFLB", "警告")]);
    assert_eq!(until(&city, &recent, changed), day(date(2027, 5, 2)));
    let old = city.app.catalogue().hash_hex();

    let dir = city.catalogue_with(ITEMS, GENERAL, GENERAL_SHORTER);
    let applied = city.app.catalogue_apply(&administrator(), &dir).unwrap();

    assert_eq!((applied.examined, applied.changed, applied.earlier, applied.later), (3, 1, 1, 0));
    assert_eq!(until(&city, &recent, changed), day(date(2026, 11, 2)));
    assert_eq!(city.versions(&before_the_order, unchanged).len(), 1, "the rule of the day of the decision decides");
    assert_eq!(city.versions(&minor, warned).len(), 1);
    let versions = city.versions(&recent, changed);
    let (row, before) = (&versions[1].row, &versions[0].row);
    assert_eq!((row.cause, row.submission_id, row.body_version, row.digest), (3, 0, 1, before.digest));
    assert!(row.body.is_empty() && !versions[1].awaits_release);
    city.verify_commitments(&versions);
    let last: Vec<_> = city.logged().into_iter().rev().take(2).collect();
    assert!(last.iter().all(|(operation, _)| operation == "catalogue_apply"));
    assert_eq!((last[0].1["changed"].as_i64(), last[1].1["records"].as_i64()), (Some(1), Some(1)));
    assert!(last[1].1["root"].as_str().is_some_and(|root| root.len() == 64));

    let city = city.reopen();
    assert_eq!(city.app.catalogue().hash_hex(), applied.hash);
    assert_ne!(applied.hash, old);
    assert!(
        city.reader().view().catalogue_files(&old).unwrap().is_some(),
        "records are read by the rules of their day"
    );
}

#[test]
fn the_same_catalogue_twice_changes_nothing() {
    let mut city = City::new();
    fined(&city, &Person::new(1), date(2026, 5, 1));
    let dir = city.catalogue_with(ITEMS, GENERAL, GENERAL_SHORTER);
    assert!(!city.app.catalogue_apply(&administrator(), &dir).unwrap().already);
    let logged = city.logged().len();
    assert!(city.app.catalogue_apply(&administrator(), &dir).unwrap().already);
    assert_eq!(city.logged().len(), logged);
}

#[test]
fn an_application_that_was_interrupted_goes_on_where_it_stopped() {
    let city = City::new();
    let people: Vec<_> = (1..=6).map(Person::new).collect();
    let records: Vec<_> = people.iter().map(|person| fined(&city, person, date(2026, 5, 1))).collect();
    let dir = city.catalogue_with(ITEMS, GENERAL, GENERAL_SHORTER);
    let new = load(&read_dir(&dir).unwrap()).unwrap();
    // The power went when the first three records by subject were done: the cursor stands behind the third.
    let heads = city.reader().view().records_walk(&[0; 16], &[0; 16], 10).unwrap();
    let (subject, record, _) = heads[2];
    let state = serde_json::json!({
        "to": new.hash_hex(), "items": [PENALTY], "cursor": [subject, record], "examined": 3, "changed": 3, "earlier": 3, "later": 0,
    });
    city.store().write("test", |tx| tx.set_setting("catalogue_under_way", &state.to_string())).unwrap();

    let mut city = city.reopen();
    assert_ne!(city.app.catalogue().hash_hex(), new.hash_hex(), "the old one is in use until all is done");
    let applied = city.app.catalogue_apply(&administrator(), &dir).unwrap();
    assert_eq!((applied.examined, applied.changed), (6, 6));
    let done =
        people.iter().zip(&records).filter(|(person, record)| city.versions(person, **record).len() == 2).count();
    assert_eq!(done, 3, "what lay before the cursor is not done twice");
    assert_eq!(city.app.catalogue().hash_hex(), new.hash_hex());
}

#[test]
fn a_catalogue_given_up_half_way_leaves_nothing_behind_when_another_is_applied() {
    let mut city = City::new();
    let person = Person::new(1);
    let record = fined(&city, &person, date(2026, 5, 1));
    // Half an application has given the record columns of a catalogue that never came into use.
    let mut row = city.versions(&person, record)[0].row.clone();
    (row.version, row.cause, row.body, row.display_until) = (2, 3, Vec::new(), day(date(2026, 6, 1)));
    let zeros = [0; 16];
    let state = serde_json::json!({
        "to": "given up", "items": [PENALTY], "cursor": [zeros, zeros], "examined": 1, "changed": 1, "earlier": 1, "later": 0,
    });
    city.store()
        .write("test", |tx| {
            tx.version_add(&row)?;
            tx.set_setting("catalogue_under_way", &state.to_string())
        })
        .unwrap();
    let dir = city.catalogue_with(ITEMS, "name = \"行政处罚\"", "name = \"行政处罚\"");
    assert_eq!(load(&read_dir(&dir).unwrap()).unwrap().hash_hex(), city.app.catalogue().hash_hex());
    let applied = city.app.catalogue_apply(&administrator(), &dir).unwrap();
    assert_eq!((applied.already, applied.changed, applied.later), (false, 1, 1));
    assert_eq!(until(&city, &person, record), day(date(2027, 5, 2)));
}

#[test]
fn what_waits_for_release_must_be_released_or_recalled_before_its_rules_change() {
    let mut city = City::new();
    let person = Person::new(1);
    let submission = city.submission(PENALTY, true);
    let values = [("CF_WSH", "1号"), ("CF_CFLB", "罚款"), ("CF_NR_FK", "600000")];
    let record = city.record_of(&person, PENALTY, date(2026, 5, 1), &values, submission, true);
    let dir = city.catalogue_with(ITEMS, GENERAL, GENERAL_SHORTER);
    let refusal = city.app.catalogue_apply(&administrator(), &dir).unwrap_err();
    assert_eq!(refusal.kind, Kind::Conflict);
    assert!(refusal.public.zh.contains(&submission.to_string()));
    assert_eq!(city.versions(&person, record).len(), 1);
    city.store().write("test", |tx| tx.submission_release(submission, 2, "second")).unwrap();
    assert_eq!(city.app.catalogue_apply(&administrator(), &dir).unwrap().changed, 1);
}

#[test]
fn a_locked_record_is_not_shown_for_longer_because_a_rule_changed() {
    let mut city = City::new();
    let (locked, free) = (Person::new(1), Person::new(2));
    let (a, b) = (fined(&city, &locked, date(2026, 5, 1)), fined(&city, &free, date(2026, 5, 1)));
    let decision = Decision { case_no: "更1".to_owned(), decided_on: TODAY };
    city.app.record_lock(&decider(), &locked.record(a), LockKind::Correction, &decision).unwrap();
    let dir = city.catalogue_with(ITEMS, GENERAL, "severity = \"general\"\nmin_months = 3\nmax_months = 18");
    let applied = city.app.catalogue_apply(&administrator(), &dir).unwrap();
    assert_eq!((applied.changed, applied.later), (1, 1));
    assert_eq!(until(&city, &locked, a), day(date(2027, 5, 2)));
    assert_eq!(until(&city, &free, b), day(date(2027, 11, 2)));
}

#[test]
fn the_impact_counts_records_held_and_writes_nothing() {
    let city = City::new();
    for n in 1..=7 {
        fined(&city, &Person::new(n), date(2026, 5, 1));
    }
    for n in 8..=9 {
        fined(&city, &Person::new(n), date(2026, 3, 1));
    }
    let erased = Person::new(10);
    let at = erased.record(fined(&city, &erased, date(2026, 5, 1)));
    let mut city = city;
    let decision = Decision { case_no: "删1".to_owned(), decided_on: TODAY };
    city.app.record_erase(&decider(), &at, &decision, chengxin_app::record::Afterwards::KeepLock).unwrap();
    let logged = city.logged().len();

    let dir = city.catalogue_with(ITEMS, GENERAL, GENERAL_SHORTER);
    let auditor = caller(Role::Auditor, None);
    let impact = city.app.catalogue_impact(&auditor, None, &dir).unwrap();
    assert_eq!(impact.rules.changed.iter().map(|change| change.item.as_str()).collect::<Vec<_>>(), [PENALTY]);
    let [item] = &impact.items[..] else { panic!("{:?}", impact.items) };
    assert_eq!((item.records, item.earlier, item.later), (Count::Exactly(9), Count::Exactly(7), Count::Exactly(0)));

    // The other way round, by two folders: nothing held has the shorter period, so nothing would change.
    let shipped = city.catalogue_with(ITEMS, GENERAL, GENERAL);
    let back = city.app.catalogue_impact(&auditor, dir.as_path(), &shipped).unwrap();
    assert_eq!((back.items[0].earlier, back.items[0].later), (Count::Exactly(0), Count::Exactly(0)));
    assert_eq!(city.logged().len(), logged);
    assert_eq!(city.app.catalogue_impact(&decider(), None, &dir).unwrap_err().kind, Kind::Forbidden);
}

#[test]
fn a_count_under_five_is_not_told() {
    let city = City::new();
    fined(&city, &Person::new(1), date(2026, 5, 1));
    let dir = city.catalogue_with(ITEMS, GENERAL, GENERAL_SHORTER);
    let impact = city.app.catalogue_impact(&administrator(), None, &dir).unwrap();
    assert_eq!(impact.items[0].earlier, Count::UnderFive);
    assert_eq!(serde_json::to_value(&impact.items[0]).unwrap()["earlier"], "<5");
    assert_eq!([0, 1, 4, 5].map(|n| Count::from(n).to_string()), ["0", "<5", "<5", "5"]);
}

#[test]
fn the_template_of_every_item_is_read_back_by_its_headings() {
    let city = City::new();
    let officer = caller(Role::DataOfficer, Some(OFFICE));
    for def in city.app.catalogue().items() {
        let path = city.dir.path().join("template.xlsx");
        city.app.catalogue_template(&officer, def.code(), &path).unwrap();
        let source = chengxin_sheet::Source::open(&path, None, &chengxin_sheet::Limits::default()).unwrap();
        let row = source.head().row(0);
        let found: Vec<_> =
            (0..row.len()).map(|at| def.match_heading(chengxin_sheet::plain_heading(row.field(at)))).collect();
        let every: Vec<_> = (0..def.fields.len()).map(Some).collect();
        assert_eq!(found, every, "{}", def.code());
    }
    let missing = city.app.catalogue_template(&officer, "nothing", &city.dir.path().join("x.xlsx")).unwrap_err();
    assert_eq!(missing.kind, Kind::NotFound);
}
