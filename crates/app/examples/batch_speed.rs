//! How long a batch of checks takes: `batch_speed FILE [--applications N]`.
//!
//! FILE is a penalty CSV as `chengxin synth --penalty-csv` makes it. Its organisations apply as suppliers, each once; where they are fewer than
//! `--applications` (100 000 where it is left out), made-up ones of whom nothing is held fill up.
//!
//! Prints `batch us_all MICROSECONDS` and how many of the applicants are known. The comparison is `cargo xtask bench batch`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a measuring tool at the console"
)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use chengxin_app::check::{BatchOpened, BatchRequest, BatchRow, PartRequest};
use chengxin_app::installation::NewInstallation;
use chengxin_app::intake::{ImportRequest, Silent};
use chengxin_app::{Installation, Mode, SystemClock};
use chengxin_core::caller::{Caller, Ground, Role};
use chengxin_core::identity::Uscc;
use chengxin_seal::Profile;
use chengxin_store::authority::AuthorityRow;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SENDER: &str = "11990000MB0000001E";
const ASKER: &str = "11990000MB0000002C";
const MATTER: &str = "procurement-supplier";
const CLAUSE: &str = "procurement-credit-notice#screen";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|at| args.get(at + 1)).cloned();
    let count: usize = option("--applications").map_or(100_000, |text| text.parse().unwrap());
    let file = PathBuf::from(&args[0]);
    let dir = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let data = dir.path().join("data");
    prepare(&data, &file);
    let known: Vec<_> = organisations(&file).into_iter().take(count).collect();
    let strangers = (known.len()..count).map(|at| (company(at), format!("云汀供应商{at}有限公司")));
    let rows: Vec<BatchRow> = known.iter().cloned().chain(strangers).enumerate().map(application).collect();
    for _ in 0..3 {
        println!("batch us_all {}", answered(&data, &rows));
    }
    println!("applicants known {} of {}", known.len(), rows.len());
}

fn application((at, (number, name)): (usize, (String, String))) -> BatchRow {
    BatchRow {
        kind: None, number, name, case_number: format!("采审〔2026〕{}号", at + 1), ground: CLAUSE.to_owned()
    }
}

fn officer(office: &str, role: Role, clause: &str) -> Caller {
    Caller {
        actor: format!("{role:?}"),
        role,
        authority: Some(office.into()),
        purpose: "measuring".into(),
        ground: Ground::Duty(clause.into()),
        standing: chengxin_core::Standing::Console,
    }
}

fn prepare(data: &Path, file: &Path) {
    let operator = Caller::operator("operator", "measuring");
    let new = NewInstallation {
        mode: Mode::Synthetic,
        profile: Profile::Intl,
        city: "云汀市".into(),
        place: "990000".into(),
        base_url: "https://credit.example".into(),
        places: None,
    };
    let mut installation = Installation::init(data, &new, Arc::new(SystemClock), &operator).unwrap();
    for (code, kind) in [(SENDER, "transport"), (ASKER, "finance")] {
        let authority =
            AuthorityRow { code: code.into(), name: "局".into(), name_en: "Bureau".into(), kind: kind.into() };
        installation.authority_add(&operator, &authority).unwrap();
    }
    let request = ImportRequest {
        authority: SENDER.into(),
        item: Some("penalty".into()),
        file: file.to_owned(),
        ..ImportRequest::default()
    };
    let duty = "penalty-law#art-48";
    installation.submission_import(&officer(SENDER, Role::DataOfficer, duty), &request, &mut Silent).unwrap();
    installation.submission_release(&officer(SENDER, Role::Decider, duty), 1).unwrap();
    installation.log_sequence().unwrap();
}

/// Numbers and names of the organisations in the file, each once.
fn organisations(file: &Path) -> BTreeMap<String, String> {
    let mut lines = BufReader::new(std::fs::File::open(file).unwrap()).lines();
    let head = lines.next().unwrap().unwrap();
    let at = |heading: &str| head.trim_start_matches('\u{feff}').split(',').position(|c| c == heading).unwrap();
    let (name, number) = (at("CF_XDR_MC"), at("CF_XDR_SHXYM"));
    let mut found = BTreeMap::new();
    for line in lines.map(Result::unwrap).filter(|line| !line.contains('"')) {
        let cells: Vec<_> = line.split(',').collect();
        if matches!(Uscc::parse(cells[number]), Ok((_, None))) {
            found.entry(cells[number].to_owned()).or_insert_with(|| cells[name].to_owned());
        }
    }
    found
}

fn company(sequence: usize) -> String {
    let first = format!("91990000ZZ{sequence:07}");
    let Some(check) = Uscc::check_character(first.as_bytes().try_into().unwrap()) else { return company(sequence + 1) };
    format!("{first}{check}")
}

/// Asks for all of them, approves, and answers part by part; microseconds of the answering.
fn answered(data: &Path, rows: &[BatchRow]) -> u128 {
    let mut app = Installation::open(data, Arc::new(SystemClock)).unwrap();
    let clerk = officer(ASKER, Role::Clerk, CLAUSE);
    let asked = BatchRequest { matter: MATTER.to_owned(), rows: rows.to_vec() };
    let opened = app.check_batch_open(&clerk, &asked).unwrap();
    let BatchOpened::Waits(batch) = opened else { panic!("{opened:?}") };
    app.check_batch_approve(&officer(ASKER, Role::Decider, CLAUSE), &batch.number).unwrap();
    let start = Instant::now();
    let mut told = 0;
    for (at, rows) in rows.chunks(batch.part_size).enumerate() {
        let part = PartRequest { number: batch.number.clone(), part: at + 1, rows: rows.to_vec() };
        told += app.check_batch_answer(&clerk, &part).unwrap().answers.len();
    }
    assert_eq!(told, rows.len());
    start.elapsed().as_micros()
}
