//! The rules of intake and the manifest agree on every row: good rows are good, and each fault is found for what it is.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chengxin_core::catalogue::{Catalogue, ItemDef};
use chengxin_core::identity::SyntheticRule;
use chengxin_core::row::{ReadRules, RowReader, Scratch, Verdict};
use chengxin_synth::{Fault, FileEntry, Format, Plan, make};
use common::raw_rows;

fn catalogue() -> Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(p).unwrap()))
        .collect();
    files.sort();
    Catalogue::load(&files).unwrap()
}

/// How a row came out, in one word.
fn word(verdict: &Verdict, scratch: &Scratch) -> String {
    match verdict {
        Verdict::Blank => "blank".to_owned(),
        Verdict::Good(_) => "good".to_owned(),
        Verdict::Held(reason, _) => reason.code().to_owned(),
        // The first reason is the fault; a value that cannot be read may be missed as well.
        Verdict::Refused => scratch.faults.first().map_or("", |f| f.reason.code()).to_owned(),
    }
}

/// What a single row shows of a fault; names that disagree and pairs need more than one.
fn expected(fault: Option<Fault>) -> &'static str {
    match fault {
        None | Some(Fault::NameDisagrees | Fault::DuplicateConflict | Fault::ExactDuplicate) => "good",
        Some(Fault::BadChecksum) => "wrong_number",
        Some(Fault::MissingNumber) => "missing_number",
        Some(Fault::ImpossibleDate) => "no_such_day",
        Some(Fault::UnknownPenaltyType) => "not_in_dictionary",
        Some(Fault::TooLongName) => "too_long",
        Some(Fault::MissingRequired) => "missing",
        Some(Fault::Minor) => "minor",
        Some(Fault::YoungAdultNoConductDate) => "age_unproven",
        Some(Fault::PublicSecurityBasis) => "public_security",
        Some(Fault::LettersInMoney) => "amount",
        Some(Fault::UnknownColumn) => "the heading's own",
    }
}

/// Headings with their columns, and the number of the row that they stand in.
fn headings(file: &FileEntry, rows: &[Vec<String>]) -> (Vec<String>, usize) {
    let at = rows.iter().position(|r| r.iter().filter(|c| !c.is_empty()).count() > 1).unwrap();
    assert!(file.format == Format::Xlsx || at == 0);
    (rows[at].clone(), at)
}

fn check(dir: &Path, file: &FileEntry, item: &ItemDef, plan: &Plan) -> u64 {
    let rows = raw_rows(dir, file);
    let (headings, at) = headings(file, &rows);
    let matched: Vec<Option<usize>> = headings.iter().map(|h| item.match_heading(h)).collect();
    let unknown = matched.iter().filter(|m| m.is_none()).count() as u64;
    assert_eq!(unknown, file.faults.get(&Fault::UnknownColumn).copied().unwrap_or(0), "{}: {headings:?}", file.path);
    let columns = (0..item.fields.len()).map(|f| matched.iter().position(|m| *m == Some(f))).collect();
    let rules = ReadRules { today: plan.today, synthetic: SyntheticRule::Allowed, adults_attested: false };
    let (reader, mut scratch) = (RowReader::new(item, columns, rules), Scratch::default());
    reader.begin(&mut scratch);
    let faults: BTreeMap<u64, Fault> = file.fault_rows.iter().map(|f| (f.row, f.kind)).collect();
    let mut good = 0;
    for (number, row) in (1u64..).zip(&rows).skip(at + 1) {
        let verdict = reader.read(|c| row.get(c).map_or("", String::as_str), &mut scratch);
        let fault = faults.get(&number).copied();
        let found = word(&verdict, &scratch);
        if found != "blank" || fault.is_some() {
            assert_eq!(found, expected(fault), "{} row {number}: {row:?}", file.path);
            good += u64::from(fault.is_none());
        }
    }
    assert_eq!(good, file.good, "{}", file.path);
    good
}

#[test]
fn rows_of_every_file_come_out_as_the_manifest_says() {
    let dir = tempfile::TempDir::new().unwrap();
    let plan = Plan { fault_share: 0.1, ..Plan::new(1_000, 4_000, 11) };
    let manifest = make(&plan, dir.path(), &mut |_, _| {}).unwrap();
    let catalogue = catalogue();
    let tables = manifest.files.iter().filter(|f| f.format != Format::Jsonl);
    let good: u64 = tables.map(|f| check(dir.path(), f, catalogue.item(&f.item).unwrap(), &plan)).sum();
    assert!(good > 3_000, "{good}");
}

#[test]
fn rows_of_plain_files_come_out_as_the_manifest_says() {
    let dir = tempfile::TempDir::new().unwrap();
    let plan = Plan { mixed: false, fault_share: 0.2, ..Plan::new(1_000, 4_000, 12) };
    let manifest = make(&plan, dir.path(), &mut |_, _| {}).unwrap();
    let catalogue = catalogue();
    for file in &manifest.files {
        let kind = &manifest.authorities.iter().find(|a| a.code == file.authority).unwrap().kind;
        let senders = &catalogue.item(&file.item).unwrap().item.authorities;
        assert!(senders.contains(kind), "{kind} may send {}", file.item);
        check(dir.path(), file, catalogue.item(&file.item).unwrap(), &plan);
    }
}
