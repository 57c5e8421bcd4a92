//! How fast the log is by itself: `log_speed [ENTRIES]`, a million if absent.
//!
//! Writes entries about some thousand subjects through the one writer, 256 to a durable transaction; then sequences them, proves
//! some, and verifies the whole. Prints `WHAT KEY MICROSECONDS`, a line each. The comparison is `cargo xtask bench log`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring tool at the console"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chengxin_app::installation::NewInstallation;
use chengxin_app::log::{LogWriter, NewEntry, Sequencing};
use chengxin_app::reading::Reading;
use chengxin_app::{Installation, Mode, SystemClock};
use chengxin_core::caller::{Caller, Ground, Role};
use chengxin_seal::Profile;
use serde_json::json;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SUBJECTS: u64 = 5_000;
const PROOFS: u64 = 200;

fn main() {
    let entries: u64 = std::env::args().nth(1).map_or(1_000_000, |text| text.parse().unwrap());
    let dir = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let operator = Caller::operator("operator", "measuring");
    let new = NewInstallation {
        mode: Mode::Synthetic,
        profile: Profile::Intl,
        city: "云汀市".into(),
        place: "990000".into(),
        base_url: "https://credit.example".into(),
        places: None,
    };
    let mut installation =
        Installation::init(&dir.path().join("data"), &new, Arc::new(SystemClock), &operator).unwrap();
    installation.log_sequence().unwrap();

    let start = Instant::now();
    write(&installation, entries);
    told("write", start.elapsed() / u32::try_from(entries).unwrap());

    let start = Instant::now();
    let done = installation.log_sequence().unwrap();
    told("sequence", start.elapsed() / u32::try_from(done.entries).unwrap());

    let reading = Reading::open(&installation).unwrap();
    let auditor = Caller { role: Role::Auditor, ground: Ground::Duty("penalty-law#art-48".into()), ..operator };
    reading.log_prove(&auditor, 0).unwrap();
    let start = Instant::now();
    for proof in 0..PROOFS {
        reading.log_prove(&auditor, proof * 7_919_317 % done.size).unwrap();
    }
    told("prove", start.elapsed() / u32::try_from(PROOFS).unwrap());

    let start = Instant::now();
    let verified = installation.log_verify(&auditor, None).unwrap();
    assert!(verified.is_whole(), "{:?}", verified.findings);
    told("verify", start.elapsed());
}

fn told(what: &str, time: Duration) {
    println!("{what} us {:.3}", time.as_secs_f64() * 1e6);
}

fn write(installation: &Installation, entries: u64) {
    let writer = LogWriter::start_with(installation, Sequencing::Elsewhere).unwrap();
    let caller = Caller {
        actor: "resident".into(),
        role: Role::Resident,
        authority: None,
        purpose: "measuring".into(),
        ground: Ground::OwnRight,
        standing: chengxin_core::Standing::Console,
    };
    let durable = Arc::new(AtomicU64::new(0));
    for entry in 0..entries {
        // As many as wait in a busy server, never more than it takes.
        while entry - durable.load(Ordering::Relaxed) >= 2_048 {
            std::thread::sleep(Duration::from_micros(200));
        }
        let mut subject = [0; 16];
        subject[..8].copy_from_slice(&(entry % SUBJECTS + 1).to_be_bytes());
        let detail = json!({ "records": [["00000000000000000000000000000000", 1]] });
        let entry = NewEntry::new(subject, "record_list", caller.clone(), detail);
        let durable = Arc::clone(&durable);
        writer.write(entry, move |written| {
            written.unwrap();
            durable.fetch_add(1, Ordering::Relaxed);
        });
    }
    drop(writer);
    assert_eq!(durable.load(Ordering::SeqCst), entries);
}
