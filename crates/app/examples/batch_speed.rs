//! How long a batch of checks takes: `batch_speed [--applications N] [--known PERCENT]`.
//!
//! Made-up organisations apply as suppliers, each once: 100 000 where `--applications` is left out. Of `--known` in a hundred (90) a penalty
//! is held; of the others nothing.
//!
//! Prints `batch us_all MICROSECONDS`, three times. The comparison is `cargo xtask bench batch`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a measuring tool at the console"
)]

use std::io::{BufWriter, Write as _};
use std::path::Path;
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
    let stated = |name: &str, usual: usize| option(name).map_or(usual, |text| text.parse().unwrap());
    let (count, known) = (stated("--applications", 100_000), stated("--known", 90));
    let dir = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let (data, file) = (dir.path().join("data"), dir.path().join("penalties.csv"));
    let applicants: Vec<_> = (0..count).map(|at| (company(at), format!("云汀供应商{at}有限公司"))).collect();
    penalties(&file, &applicants[..count * known / 100]);
    prepare(&data, &file);
    let rows: Vec<BatchRow> = applicants.into_iter().enumerate().map(application).collect();
    for _ in 0..3 {
        println!("batch us_all {}", answered(&data, &rows));
    }
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

/// A penalty for each of the organisations.
fn penalties(file: &Path, of: &[(String, String)]) {
    const HEADINGS: &str = "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM,XWFSRQ";
    let mut csv = BufWriter::new(std::fs::File::create(file).unwrap());
    writeln!(csv, "{HEADINGS}").unwrap();
    for (at, (number, name)) in of.iter().enumerate() {
        writeln!(
            csv,
            "{name},法人及非法人组织,{number},云交罚〔2026〕{at}号,违规经营,未经许可从事营运,《道路运输条例》第六十三条,罚款,罚款人民币2000元,2026-09-01,云汀市交通运输局,{SENDER},云汀市交通运输局,{SENDER},2026-08-20"
        )
        .unwrap();
    }
    csv.flush().unwrap();
}

fn company(sequence: usize) -> String {
    let first = format!("91990000MD{sequence:07}");
    format!("{first}{}", Uscc::check_character(first.as_bytes().try_into().unwrap()).unwrap())
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
