//! An installation on a server that dies under it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::city;

use std::sync::Arc;
use std::time::Duration;

use chengxin_app::installation::NewInstallation;
use chengxin_app::intake::{ImportRequest, Progress};
use chengxin_app::log::{LogWriter, NewEntry};
use chengxin_app::{Installation, Kind, Mode, places};
use chengxin_core::{Caller, Role, Say};
use chengxin_pgtest::{Options, Server};
use chengxin_seal::Profile;
use chengxin_store::authority::AuthorityRow;
use city::{OFFICE, row};

fn operator() -> Caller {
    Caller::operator("operator", "test")
}

/// A server with an installation on it, which an office may send to.
fn installed(dir: &std::path::Path) -> (Server, Installation) {
    let server = Server::start(&Options::durable()).unwrap();
    for name in ["city", "city_keys"] {
        server.create_database(name, None).unwrap();
    }
    let new = NewInstallation {
        mode: Mode::Synthetic,
        profile: Profile::Intl,
        city: "云汀市".to_owned(),
        place: "990000".to_owned(),
        base_url: "https://credit.example".to_owned(),
        places: Some(places::on_server(&server.url("city"), None).unwrap()),
    };
    let mut installation = Installation::init(&dir.join("data"), &new, city::clock(), &operator()).unwrap();
    let authority = AuthorityRow {
        code: OFFICE.to_owned(),
        name: "云汀市交通运输局".to_owned(),
        name_en: "Yunting Transport Bureau".to_owned(),
        kind: "transport".to_owned(),
    };
    installation.authority_add(&operator(), &authority).unwrap();
    (server, installation)
}

/// Kills the server, and brings it back, at one step of an import.
struct Killing {
    server: Server,
    steps: usize,
    at: usize,
}

impl Progress for Killing {
    fn step(&mut self, _: &Say, _: u64) {
        if self.steps == self.at {
            self.server.stop_now();
            self.server.start_again().unwrap();
        }
        self.steps += 1;
    }

    fn advance(&mut self, _: u64) {}
}

fn request(dir: &std::path::Path, rows: u32) -> ImportRequest {
    let path = dir.join("a.csv");
    std::fs::write(&path, city::csv(&(1..=rows).map(row).collect::<Vec<_>>())).unwrap();
    ImportRequest { authority: OFFICE.to_owned(), item: Some("penalty".to_owned()), file: path, ..Default::default() }
}

#[test]
fn an_import_outlives_the_death_of_its_server_and_is_whole() {
    // Before its first chunk, and before it is accepted.
    for at in [1, 2] {
        let dir = tempfile::tempdir().unwrap();
        let (server, mut installation) = installed(dir.path());
        let mut killing = Killing { server, steps: 0, at };
        let officer = city::caller(Role::DataOfficer, "zhou", Some(OFFICE));
        let request = request(dir.path(), 300);
        let outcome = installation.submission_import(&officer, &request, &mut killing).unwrap();
        assert!(killing.steps > at, "killed at step {at}");
        assert_eq!(outcome.quality.counts.new, 300, "killed at step {at}");
        installation.log_sequence().unwrap();
        let auditor = Caller { role: Role::Auditor, ..operator() };
        let verified = installation.log_verify(&auditor, None).unwrap();
        assert!(verified.is_whole() && verified.versions == 300 && verified.open == 0, "{verified:#?}");
    }
}

#[test]
fn entries_are_durable_or_refused_and_never_doubled_while_the_server_dies_again_and_again() {
    let dir = tempfile::tempdir().unwrap();
    let (mut server, installation) = installed(dir.path());
    let writer = Arc::new(LogWriter::start(&installation).unwrap());
    let entry = || {
        NewEntry::new(
            [7; 16],
            "record_list",
            Caller { role: Role::Resident, ..operator() },
            serde_json::json!({ "records": [] }),
        )
    };
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let writer = Arc::clone(&writer);
            std::thread::spawn(move || {
                let told = (0..60).map(|_| writer.write_and_wait(entry()));
                told.filter_map(|written| match written {
                    Ok(written) => Some(written.number),
                    Err(error) => {
                        assert!(matches!(error.kind, Kind::Unavailable | Kind::Conflict), "{error}");
                        None
                    }
                })
                .collect::<Vec<_>>()
            })
        })
        .collect();
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(150));
        server.stop_now();
        server.start_again().unwrap();
    }
    let mut numbers: Vec<i64> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    numbers.sort_unstable();
    drop(writer);
    let held = chengxin_store::ReadStore::open(installation.database()).unwrap();
    let held: Vec<i64> = held.view().log_of_subject(&[7; 16], 0, 1_000).unwrap().iter().map(|e| e.number).collect();
    assert_eq!(held, (1..=held.len() as i64).collect::<Vec<_>>(), "no gap");
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "no number was given twice");
    assert!(numbers.iter().all(|number| held.contains(number)), "what was answered is there");
    assert!(!numbers.is_empty());
    let auditor = Caller { role: Role::Auditor, ..operator() };
    assert!(installation.log_verify(&auditor, None).unwrap().is_whole());
}
