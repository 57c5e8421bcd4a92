//! The installation that is asked, and its people.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measuring tool at the console")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use chengxin_app::installation::NewInstallation;
use chengxin_app::intake::{ImportRequest, Silent};
use chengxin_app::places::Places;
use chengxin_app::{Installation, Mode, SystemClock};
use chengxin_core::caller::{Caller, Ground, Role};
use chengxin_seal::Profile;
use chengxin_store::authority::AuthorityRow;

pub(crate) const OFFICES: [&str; 2] = ["11990000MB0000001E", "11990000MB0000002C"];

/// An installation with the file's records, released.
pub(crate) fn prepare(data: &Path, file: &Path, places: Option<Places>) {
    let operator = Caller::operator("operator", "measuring");
    let new = NewInstallation {
        mode: Mode::Synthetic,
        profile: Profile::Intl,
        city: "云汀市".into(),
        place: "990000".into(),
        base_url: "https://credit.example".into(),
        places,
    };
    let mut installation = Installation::init(data, &new, Arc::new(SystemClock), &operator).unwrap();
    for code in OFFICES {
        let authority =
            AuthorityRow { code: code.into(), name: "局".into(), name_en: "Bureau".into(), kind: "transport".into() };
        installation.authority_add(&operator, &authority).unwrap();
    }
    drop(installation);
    import(data, OFFICES[0], file);
    let mut installation = Installation::open(data, Arc::new(SystemClock)).unwrap();
    installation.submission_release(&officer(OFFICES[0], Role::Decider), 1).unwrap();
    installation.log_sequence().unwrap();
}

pub(crate) fn copy_of(data: &Path, dir: &Path) -> PathBuf {
    let copy = dir.join("copy");
    std::fs::create_dir(&copy).unwrap();
    for entry in std::fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
    }
    copy
}

fn officer(office: &str, role: Role) -> Caller {
    Caller {
        actor: format!("{role:?}"),
        role,
        authority: Some(office.into()),
        purpose: "measuring".into(),
        ground: Ground::Duty("penalty-law#art-48".into()),
        standing: chengxin_core::Standing::Console,
    }
}

/// Imports a file; seconds.
pub(crate) fn import(data: &Path, office: &str, file: &Path) -> f64 {
    let start = Instant::now();
    let mut installation = Installation::open(data, Arc::new(SystemClock)).unwrap();
    let request = ImportRequest {
        authority: office.into(),
        item: Some("penalty".into()),
        file: file.to_owned(),
        ..ImportRequest::default()
    };
    installation.submission_import(&officer(office, Role::DataOfficer), &request, &mut Silent).unwrap();
    start.elapsed().as_secs_f64()
}

/// The numbers of the people in a file, each once.
pub(crate) fn numbers(file: &Path) -> Vec<String> {
    let mut lines = BufReader::new(std::fs::File::open(file).unwrap()).lines();
    let head = lines.next().unwrap().unwrap();
    let column = head.trim_start_matches('\u{feff}').split(',').position(|c| c == "CF_XDR_ZJHM").unwrap();
    let mut numbers: Vec<String> =
        lines.map(|line| line.unwrap().split(',').nth(column).unwrap().to_owned()).filter(|n| n.len() == 18).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
