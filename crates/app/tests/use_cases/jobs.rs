//! Jobs: claimed once, done at least once, believed by nobody; and who has its turn at the tree.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use std::time::Duration;

use chengxin_app::jobs::Round;
use chengxin_app::log::{LogWriter, NewEntry};
use chengxin_app::{FixedClock, Installation, Kind};
use chengxin_core::{Caller, Role};
use chengxin_store::keys::BodyAt;
use chengxin_store::log::INSTALLATION;
use chengxin_store::{KeyStore, ReadStore, Store, StoreError};
use city::{City, row};
use data_encoding::HEXLOWER;

const DAY_US: i64 = 86_400_000_000;

fn operator() -> Caller {
    Caller::operator("operator", "test")
}

/// The city some days later.
fn later(city: &City, days: i64) -> Installation {
    let clock = FixedClock(city::clock().0 + days * DAY_US);
    Installation::open(city.installation.dir(), std::sync::Arc::new(clock)).unwrap()
}

/// Somebody read their records.
fn entry(n: u8) -> NewEntry {
    NewEntry::new(
        [n; 16],
        "record_list",
        Caller { role: Role::Resident, ..operator() },
        serde_json::json!({ "records": [] }),
    )
}

fn done(done: usize) -> Round {
    Round { done, failed: 0 }
}

#[test]
fn the_daily_round_is_made_once_a_day_by_whoever_comes_first() {
    let mut city = City::new();
    assert_eq!(city.installation.job_run(&operator(), "one").unwrap(), done(1));
    assert_eq!(city.installation.job_run(&operator(), "one").unwrap(), done(0));
    assert_eq!(city.installation.another().unwrap().job_run(&operator(), "two").unwrap(), done(0));
    let waits = city.installation.job_list(&operator()).unwrap();
    assert_eq!((waits.len(), waits[0].kind.as_str(), waits[0].attempts), (1, "tidy", 0));
    assert_eq!(later(&city, 1).job_run(&operator(), "two").unwrap(), done(1));
    assert_eq!(later(&city, 1).job_run(&operator(), "one").unwrap(), done(0));
    let clerk = city::caller(Role::Clerk, "li", Some(city::OFFICE));
    assert_eq!(city.installation.job_run(&clerk, "one").unwrap_err().kind, Kind::Forbidden);
    assert_eq!(city.installation.job_list(&clerk).unwrap_err().kind, Kind::Forbidden);
}

#[test]
fn a_job_is_one_workers_until_its_time_is_over() {
    let city = City::new();
    let mut store = Store::open(city.installation.database()).unwrap();
    store.write("test", |tx| tx.job_add(&INSTALLATION, &[7; 16], "tidy", "{}", 10)).unwrap();
    store.write("test", |tx| tx.job_add(&INSTALLATION, &[7; 16], "tidy", "{}", 10)).unwrap();
    let candidates = store.view().job_candidates(10, 9).unwrap();
    assert_eq!(candidates.len(), 1, "the same job waits once");
    let mut claim = |worker: &str, now: i64| {
        store
            .write("test", |tx| -> Result<_, StoreError> { tx.job_claim(&candidates[0], now, now + 100, worker) })
            .unwrap()
    };
    assert_eq!(claim("one", 10).unwrap().attempts, 1);
    assert!(claim("two", 11).is_none() && claim("two", 110).is_none());
    let taken_over = claim("two", 111).unwrap();
    assert_eq!((taken_over.attempts, taken_over.worker.as_str()), (2, "two"));
    // The first is not dead after all: what it says of the job counts no more.
    store.write("test", |tx| tx.job_done(&taken_over, "one")).unwrap();
    assert!(store.view().job(&INSTALLATION, &[7; 16]).unwrap().is_some());
    store.write("test", |tx| tx.job_done(&taken_over, "two")).unwrap();
    assert!(store.view().job(&INSTALLATION, &[7; 16]).unwrap().is_none());
}

#[test]
fn a_job_that_fails_is_put_off_and_says_why() {
    let mut city = City::new();
    city.installation.job_run(&operator(), "one").unwrap();
    let mut store = Store::open(city.installation.database()).unwrap();
    store.write("test", |tx| tx.job_add(&INSTALLATION, &[7; 16], "keys_destroy", "nonsense", 0)).unwrap();
    assert_eq!(city.installation.job_run(&operator(), "one").unwrap(), Round { done: 0, failed: 1 });
    assert_eq!(city.installation.job_run(&operator(), "one").unwrap(), done(0), "not at once again");
    let waits = city.installation.job_list(&operator()).unwrap();
    let failed = waits.iter().find(|job| job.kind == "keys_destroy").unwrap();
    assert!(
        failed.problem.is_some() && failed.attempts == 1 && failed.due_us > city.installation.now_us(),
        "{failed:?}"
    );
}

#[test]
fn what_an_acceptance_took_out_loses_its_keys_and_a_forged_job_destroys_nothing() {
    let mut city = City::new();
    let one = city::Row { facts: "一".to_owned(), ..row(1) };
    let other = city::Row { facts: "二".to_owned(), ..row(1) };
    let report = city.import("a.csv", &[one, other, row(2)]).quality;
    assert_eq!((report.counts.refused, report.counts.new), (2, 1));
    assert!(city.installation.job_list(&operator()).unwrap().is_empty(), "it was done with the import");
    let key_store = KeyStore::open(&city.installation.places().keys).unwrap();
    let reader = ReadStore::open(city.installation.database()).unwrap();
    let (subject, record, version) = reader.view().submission_versions(1).unwrap()[0];
    let kept = reader.view().versions_of_subject(&subject).unwrap().remove(0).row;
    for leaf in 0..3 {
        let at = BodyAt { subject: &subject, record: &record, version, submission: 1, leaf };
        assert_eq!(
            key_store.body_salt(&at).unwrap().is_some_and(|salt| salt != [0; 16]),
            leaf == kept.leaf,
            "leaf {leaf}"
        );
    }
    assert!(key_store.body_salt(&kept.body_at()).unwrap().is_some());
    let hex = |id: &[u8; 16]| HEXLOWER.encode(id);
    let forged = serde_json::json!({
        "submission": 1, "bodies": [[hex(&subject), hex(&record), version, kept.leaf]], "subjects": [hex(&subject)],
    });
    let mut store = Store::open(city.installation.database()).unwrap();
    store.write("test", |tx| tx.job_add(&INSTALLATION, &[9; 16], "keys_destroy", &forged.to_string(), 0)).unwrap();
    assert_eq!(city.installation.job_run(&operator(), "one").unwrap().failed, 0);
    assert!(key_store.body_salt(&kept.body_at()).unwrap().is_some());
    assert!(key_store.subject_key(&subject).unwrap().is_some());
}

#[test]
fn one_process_has_its_turn_at_the_tree_and_the_next_takes_over_when_it_ends() {
    let mut city = City::new();
    let founded = city.installation.log_sequence().unwrap().size;
    let (first, second) =
        (LogWriter::start(&city.installation).unwrap(), LogWriter::start(&city.installation).unwrap());
    let grown = |writer: &LogWriter, to: u64| {
        (0..200).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            writer.health().size >= to
        })
    };
    for n in 1..=4 {
        let writer = if n % 2 == 0 { &first } else { &second };
        writer.write_and_wait(entry(n)).unwrap();
    }
    let all = founded + 4;
    assert!(grown(&first, all) && grown(&second, all), "whoever sequences, both know how far it came");
    drop(first);
    second.write_and_wait(entry(5)).unwrap();
    assert!(grown(&second, all + 1), "the second took over");
    drop(second);
    let auditor = Caller { role: Role::Auditor, ..operator() };
    let verified = city.installation.log_verify(&auditor, None).unwrap();
    assert!(verified.is_whole() && verified.waiting == 0, "{verified:#?}");
}

#[test]
fn the_last_process_to_end_leaves_nothing_waiting() {
    let city = City::new();
    let (first, second) =
        (LogWriter::start(&city.installation).unwrap(), LogWriter::start(&city.installation).unwrap());
    second.write_and_wait(entry(1)).unwrap();
    // Both know by now whose turn it is. The one that ends last does not go by that.
    std::thread::sleep(Duration::from_millis(600));
    drop(first);
    drop(second);
    let auditor = Caller { role: Role::Auditor, ..operator() };
    assert_eq!(city.installation.log_verify(&auditor, None).unwrap().waiting, 0);
}
