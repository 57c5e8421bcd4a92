//! The writer of a server's log: two on one log, a clock that goes back, a server that ends.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use std::sync::Arc;

use chengxin_app::log::{LogWriter, NewEntry, Sequencing};
use chengxin_app::{FixedClock, Installation, Kind, Mode};
use chengxin_core::caller::{Caller, Ground, Role};
use chengxin_seal::Profile;
use city::City;
use serde_json::json;

fn resident() -> Caller {
    Caller {
        actor: "resident".to_owned(),
        role: Role::Resident,
        authority: None,
        purpose: "test".to_owned(),
        ground: Ground::OwnRight,
        standing: chengxin_core::Standing::Console,
    }
}

fn entry(subject: u8) -> NewEntry {
    let detail = json!({ "records": [["00".repeat(16), 1]] });
    NewEntry::new([subject; 16], "record_list", resident(), detail)
}

fn whole(installation: &Installation) -> chengxin_app::log::Verified {
    let auditor = Caller { role: Role::Auditor, ..Caller::operator("auditor", "test") };
    let verified = installation.log_verify(&auditor, None).unwrap();
    assert!(verified.is_whole(), "{:?}", verified.findings);
    verified
}

#[test]
fn two_servers_on_one_log_neither_fork_nor_skip_nor_double() {
    let city = City::new();
    let dir = city.installation.dir().to_owned();
    let other = Installation::open(&dir, city::clock()).unwrap();
    let (one, two) = (LogWriter::start(&city.installation).unwrap(), LogWriter::start(&other).unwrap());
    std::thread::scope(|scope| {
        for writer in [&one, &two] {
            for subject in 1..=4 {
                scope.spawn(move || {
                    for _ in 0..60 {
                        writer.write_and_wait(entry(subject)).unwrap();
                    }
                });
            }
        }
    });
    drop((one, two));
    let mut again = Installation::open(&dir, city::clock()).unwrap();
    again.log_sequence().unwrap();
    let verified = whole(&again);
    assert!(verified.entries >= 480 && verified.waiting == 0, "{verified:?}");
}

#[test]
fn what_was_handed_over_is_durable_and_in_the_tree_when_a_server_ends() {
    let city = City::new();
    let writer = LogWriter::start(&city.installation).unwrap();
    let numbers: Vec<i64> = (0..5).map(|_| writer.write_and_wait(entry(9)).unwrap().number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    drop(writer);
    assert_eq!(whole(&city.installation).waiting, 0);
}

#[test]
fn where_another_sequences_entries_are_durable_and_wait() {
    let city = City::new();
    let writer = LogWriter::start_with(&city.installation, Sequencing::Elsewhere).unwrap();
    writer.write_and_wait(entry(9)).unwrap();
    drop(writer);
    assert!(whole(&city.installation).waiting > 0);
}

#[test]
fn a_clock_that_went_back_writes_nothing_and_says_how_far_it_is_behind() {
    let mut city = City::with(Mode::Production, Profile::Intl);
    city.installation.log_sequence().unwrap();
    let dir = city.installation.dir().to_owned();
    let yesterday = Arc::new(FixedClock::on(jiff::civil::date(2026, 11, 20)));
    let mut behind = Installation::open(&dir, yesterday.clone()).unwrap();
    let office = chengxin_store::authority::AuthorityRow {
        code: "11990000MB0000002C".to_owned(),
        name: "局".to_owned(),
        name_en: "Bureau".to_owned(),
        kind: "transport".to_owned(),
    };
    let operator = Caller::operator("operator", "test");
    let refused = behind.authority_add(&operator, &office).unwrap_err();
    assert_eq!(refused.kind, Kind::Unavailable);
    assert!(refused.public.zh.contains("时钟") && refused.public.en.contains("86400 seconds"), "{refused}");
    let writer = LogWriter::start(&behind).unwrap();
    assert_eq!(writer.write_and_wait(entry(9)).unwrap_err().kind, Kind::Unavailable, "nothing may be disclosed");
    drop(writer);
    assert!(behind.authority_list(&operator).unwrap().iter().all(|a| a.code != office.code), "nothing of it remains");

    // Within what servers differ by, the act takes the time of the newest entry.
    let nearly = Arc::new(FixedClock(city::clock().0 - 60_000_000));
    let mut nearly = Installation::open(&dir, nearly).unwrap();
    nearly.authority_add(&operator, &office).unwrap();
    nearly.log_sequence().unwrap();
    whole(&nearly);
}

#[test]
fn beside_a_server_an_import_goes_in_small_slices_and_comes_to_the_same() {
    let rows: Vec<_> = (1..=900).map(city::row).collect();
    let (mut alone, mut busy) = (City::new(), City::new());
    let first = alone.import("a.csv", &rows).quality;
    let presence = chengxin_app::intake::Presence::show(busy.installation.dir()).unwrap();
    let writer = LogWriter::start(&busy.installation).unwrap();
    let second = busy.import("a.csv", &rows).quality;
    writer.write_and_wait(entry(9)).unwrap();
    drop((writer, presence));
    let counts = |quality: &chengxin_app::intake::QualityReport| serde_json::to_value(quality.counts).unwrap();
    assert_eq!(counts(&first), counts(&second));
    let chunks = |city: &City| {
        let reader = chengxin_store::ReadStore::open(city.installation.database()).unwrap();
        reader.view().submission_chunks(1).unwrap().len()
    };
    assert_eq!(chunks(&alone), 1);
    // A server takes many writers: there is nobody to make room for.
    let slices = if busy.installation.database().file().is_some() { 4 } else { 1 };
    assert!(chunks(&busy) >= slices, "{}", chunks(&busy));
    whole(&busy.installation);
}
