//! Times one import of a penalty file into a new installation: `import_speed FILE [--dry-run] [--gm]`.
//!
//! Prints seconds of each step. The comparison with other programmes is `cargo xtask bench`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring tool at the console"
)]

use std::sync::Arc;
use std::time::Instant;

use chengxin_app::installation::NewInstallation;
use chengxin_app::intake::{ImportRequest, Progress};
use chengxin_app::{Installation, Mode, SystemClock};
use chengxin_core::Say;
use chengxin_core::caller::{Caller, Ground, Role};
use chengxin_seal::Profile;
use chengxin_store::authority::AuthorityRow;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Steps(Instant);

impl Progress for Steps {
    fn step(&mut self, what: &Say, _: u64) {
        println!("{:8.2} s  {}", self.0.elapsed().as_secs_f64(), what.en);
    }
    fn advance(&mut self, _: u64) {}
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let profile = if args.iter().any(|a| a == "--gm") { Profile::Gm } else { Profile::Intl };
    let dir = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let operator = Caller::operator("operator", "measuring");
    let new = NewInstallation {
        mode: Mode::Synthetic,
        profile,
        city: "云汀市".into(),
        place: "990000".into(),
        base_url: "https://credit.example".into(),
        places: None,
    };
    let mut installation =
        Installation::init(&dir.path().join("data"), &new, Arc::new(SystemClock), &operator).unwrap();
    let code = "11990000MB0000001E".to_owned();
    let authority =
        AuthorityRow { code: code.clone(), name: "局".into(), name_en: "Bureau".into(), kind: "transport".into() };
    installation.authority_add(&operator, &authority).unwrap();
    let caller = Caller {
        actor: "zhou".into(),
        role: Role::DataOfficer,
        authority: Some(code.clone()),
        purpose: "measuring".into(),
        ground: Ground::Duty("penalty-law#art-48".into()),
        standing: chengxin_core::Standing::Console,
    };
    let request = ImportRequest {
        authority: code,
        item: Some("penalty".into()),
        file: args[0].clone().into(),
        dry_run: args.iter().any(|a| a == "--dry-run"),
        ..ImportRequest::default()
    };
    let start = Instant::now();
    let outcome = installation.submission_import(&caller, &request, &mut Steps(start)).unwrap();
    println!("{:8.2} s  done: {:?}", start.elapsed().as_secs_f64(), outcome.quality.counts);
    for fault in outcome.quality.faults.iter().take(5) {
        println!("{fault:?}");
    }
}
