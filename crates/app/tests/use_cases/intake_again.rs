//! The file that was sent before: what it costs, and what it must not touch.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use chengxin_app::Kind;
use chengxin_core::identity::DocumentKind;
use chengxin_store::KeyStore;
use city::{City, Row, csv, number, row};

/// More rows than are looked up at once.
fn many() -> Vec<Row> {
    let one = |i: u32| {
        let mut r = row(1);
        r.number = number(&format!("19{:02}0505", 60 + i / 900), i % 900);
        r.document = format!("云交罚〔2026〕{i}号");
        r
    };
    (0..2_500).map(one).collect()
}

#[test]
fn a_file_that_says_nothing_new_needs_no_key_of_anybody() {
    let mut city = City::new();
    let mut rows: Vec<_> = (1..=20).map(row).collect();
    city.import("a.csv", &rows);
    let subject = |number: &str| city.installation.find_subject(DocumentKind::ResidentId, number).unwrap().unwrap();
    let subjects: Vec<_> = rows.iter().map(|r| subject(&r.number)).collect();
    let mut key_store = KeyStore::open(&city.installation.places().keys).unwrap();
    let remove = |tx: &chengxin_store::keys::KeyTx<'_>| subjects.iter().try_for_each(|s| tx.subject_key_remove(s));
    key_store.write(remove).unwrap();
    let mut stranger = row(1);
    stranger.name = "李四".to_owned();
    stranger.document = "云交罚〔2026〕99号".to_owned();
    let mut again = rows.clone();
    again.push(stranger);
    let report = city.import("b.csv", &again).quality;
    assert_eq!((report.counts.unchanged, report.counts.held), (20, 1), "{report:#?}");
    rows[7].fine = "0.050000".to_owned();
    let path = city.write("c.csv", &csv(&rows));
    let dry = city.import_with(&path, |r| r.dry_run = true).unwrap().quality;
    assert_eq!((dry.counts.unchanged, dry.counts.changed), (19, 1), "a dry run writes nothing, so it needs no key");
    assert_eq!(city.import_with(&path, |_| {}).unwrap_err().kind, Kind::Internal, "what changed cannot be sealed");
}

#[test]
fn among_thousands_of_rows_each_is_held_against_its_own_record() {
    let mut city = City::new();
    let mut rows = many();
    assert_eq!(city.import("a.csv", &rows).quality.counts.new, 2_500);
    for at in [0, 1_000, 2_047, 2_048, 2_499] {
        rows[at].fine = "0.050000".to_owned();
    }
    rows[1_500].action = "撤销".to_owned();
    rows[1_501].name = "李四".to_owned();
    // Who is known has a new record, and a stranger comes between; both stand here twice.
    let (mut further, mut stranger) = (rows[3].clone(), row(7));
    further.document = "云交罚〔2026〕9001号".to_owned();
    stranger.document = "云交罚〔2026〕9002号".to_owned();
    for at in [2_400, 9] {
        rows.insert(at, further.clone());
        rows.insert(at, stranger.clone());
    }
    let path = city.write("b.csv", &csv(&rows));
    let dry = city.import_with(&path, |r| r.dry_run = true).unwrap().quality;
    let real = city.import_with(&path, |_| {}).unwrap().quality;
    for report in [&dry, &real] {
        let c = report.counts;
        assert_eq!((c.new, c.changed, c.withdrawn), (2, 5, 1), "{report:#?}");
        assert_eq!((c.repeated, c.held, c.refused, c.unchanged), (2, 1, 0, 2_493));
    }
    let again = city.import("b.csv", &rows).quality.counts;
    assert_eq!((again.new, again.changed, again.withdrawn, again.held), (0, 0, 0, 1));
}
