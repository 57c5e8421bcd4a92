//! The city as its reader meets it: files, manifest, and that they agree.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chengxin_synth::{
    Encoding, Expected, Fault, FileEntry, Format, Manifest, Plan, SamplePart, make, number, penalty_csv,
};
use common::{decoded, is_blank, raw_rows};
use tempfile::TempDir;

fn city(plan: &Plan) -> (TempDir, Manifest) {
    let dir = TempDir::new().unwrap();
    let manifest = make(plan, dir.path(), &mut |_, _| {}).unwrap();
    (dir, manifest)
}

fn small() -> Plan {
    Plan::new(1_000, 3_000, 7)
}

/// Rows of data.
fn data_rows(dir: &Path, file: &FileEntry) -> Vec<Vec<String>> {
    let rows = raw_rows(dir, file);
    let is_title = |r: &&Vec<String>| r.iter().filter(|c| !c.is_empty()).count() == 1;
    let headings =
        if file.format == Format::Jsonl { 0 } else { 1 + usize::from(rows.first().is_some_and(|r| is_title(&r))) };
    rows.into_iter().skip(headings).filter(|r| !is_blank(r)).collect()
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let ((one, manifest), (other, _)) = (city(&small()), city(&small()));
    for path in manifest.files.iter().map(|f| f.path.as_str()).chain(["manifest.json", "authorities.json"]) {
        assert!(fs::read(one.path().join(path)).unwrap() == fs::read(other.path().join(path)).unwrap(), "{path}");
    }
    let (third, _) = city(&Plan { seed: 8, ..small() });
    let first = &manifest.files[0].path;
    assert_ne!(fs::read(one.path().join(first)).unwrap(), fs::read(third.path().join(first)).unwrap());
}

#[test]
fn manifest_counts_are_those_of_the_files() {
    let (dir, manifest) = city(&small());
    assert_eq!(manifest.files.iter().map(|f| f.rows).sum::<u64>(), 3_000);
    for file in &manifest.files {
        assert_eq!(data_rows(dir.path(), file).len() as u64, file.rows, "{}", file.path);
        let counted: u64 = file.faults.iter().filter(|(k, _)| **k != Fault::UnknownColumn).map(|(_, n)| n).sum();
        assert_eq!(file.rows - file.good, counted, "{}", file.path);
        assert_eq!(file.fault_rows.len() as u64, file.faults.values().sum::<u64>());
    }
}

#[test]
fn manifest_on_disk_reads_back_as_it_was_returned() {
    let (dir, manifest) = city(&small());
    let read: Manifest = serde_json::from_slice(&fs::read(dir.path().join("manifest.json")).unwrap()).unwrap();
    assert_eq!(read.files, manifest.files);
    assert_eq!(read.residents_sample, manifest.residents_sample);
}

#[test]
fn share_of_faults_is_the_plans_and_every_kind_comes_up() {
    let (_dir, manifest) = city(&small());
    let faulty: u64 = manifest.files.iter().map(|f| f.rows - f.good).sum();
    assert!((50..=65).contains(&faulty), "2 % of 3 000, got {faulty}");
    let kinds: BTreeSet<Fault> = manifest.files.iter().flat_map(|f| f.faults.keys().copied()).collect();
    assert_eq!(kinds, Fault::ALL.into());
}

#[test]
fn a_city_without_faults_has_none() {
    let (_dir, manifest) = city(&Plan { fault_share: 0.0, ..small() });
    assert!(manifest.files.iter().all(|f| f.faults.is_empty() && f.good == f.rows));
}

#[test]
fn faults_stand_where_the_manifest_says() {
    let (dir, manifest) = city(&Plan { mixed: false, ..small() });
    let mut seen = BTreeSet::new();
    for file in &manifest.files {
        let rows = raw_rows(dir.path(), file);
        let column = |ends: &str| rows[0].iter().position(|h| h.ends_with(ends));
        for fault in &file.fault_rows {
            let row = &rows[fault.row as usize - 1];
            let value = |ends: &str| column(ends).map_or("", |i| row[i].as_str());
            let earlier = &rows[1..fault.row as usize - 1];
            match fault.kind {
                Fault::BadChecksum => assert!(!checks(value("ZJHM"))),
                Fault::MissingNumber => assert!(value("ZJHM").is_empty() && value("LB") == "自然人"),
                Fault::NameDisagrees => {
                    let (name, number) = (column("XDR_MC").unwrap(), column("ZJHM").unwrap());
                    assert!(earlier.iter().any(|r| r[number] == row[number] && r[name] != row[name]));
                }
                Fault::ImpossibleDate => assert!(value("JDRQ").ends_with("-02-30")),
                Fault::UnknownPenaltyType => assert_eq!(value("CFLB"), "口头教育"),
                Fault::TooLongName => assert!(value("XDR_MC").chars().count() > 200),
                Fault::MissingRequired => assert!(value("WSH").is_empty()),
                Fault::Minor => assert!(value("ZJHM")[6..10].parse::<u32>().unwrap() >= 2010),
                Fault::YoungAdultNoConductDate => {
                    assert!((2005..=2007).contains(&value("ZJHM")[6..10].parse::<u32>().unwrap()));
                    assert!(value("XWFSRQ").is_empty());
                }
                Fault::PublicSecurityBasis => assert!(value("YJ").contains("治安管理处罚法")),
                Fault::LettersInMoney => assert!(row.iter().any(|c| c.contains(".O"))),
                Fault::ExactDuplicate => assert!(earlier.contains(row)),
                Fault::DuplicateConflict => {
                    let number = column("WSH").unwrap();
                    assert!(rows.iter().any(|r| r[number] == row[number] && r != row));
                }
                Fault::UnknownColumn => unreachable!("plain files have no columns of their own"),
            }
            seen.insert(fault.kind);
        }
    }
    assert_eq!(seen.len(), Fault::ALL.len() - 1);
}

#[test]
fn rows_of_mixed_files_are_numbered_as_a_spreadsheet_numbers_them() {
    let (dir, manifest) = city(&small());
    let mut looked_at = 0;
    for file in &manifest.files {
        let rows = raw_rows(dir.path(), file);
        for fault in file.fault_rows.iter().filter(|f| f.kind == Fault::PublicSecurityBasis) {
            assert!(rows[fault.row as usize - 1].iter().any(|c| c.contains("治安管理处罚法")), "{}", file.path);
            looked_at += 1;
        }
    }
    assert!(looked_at > 0);
}

#[test]
fn nothing_but_the_stated_rows_rests_on_the_public_security_law() {
    let (dir, manifest) = city(&small());
    for file in &manifest.files {
        let rows = data_rows(dir.path(), file);
        let found = rows.iter().filter(|r| r.iter().any(|c| c.contains("治安管理"))).count() as u64;
        assert_eq!(found, file.faults.get(&Fault::PublicSecurityBasis).copied().unwrap_or(0), "{}", file.path);
    }
}

#[test]
fn every_expectation_is_met_by_some_fault() {
    let expected: BTreeSet<Expected> = Fault::ALL.iter().map(|f| f.expected()).collect();
    assert_eq!(expected.len(), 5);
}

/// Full-width digits as plain ones.
fn narrow(text: &str) -> String {
    let plain = |c: char| if ('０'..='９').contains(&c) { char::from_u32(c as u32 - 0xFEE0).unwrap() } else { c };
    text.chars().map(plain).collect()
}

fn checks(number: &str) -> bool {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits: Vec<u32> = number.chars().take(17).filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits.iter().zip(weights).map(|(d, w)| d * w).sum();
    digits.len() == 17 && number.chars().nth(17) == "10X98765432".chars().nth((sum % 11) as usize)
}

fn uscc_checks(code: &str) -> bool {
    let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let values: Vec<u32> = code.chars().map(|c| alphabet.find(c).unwrap() as u32).collect();
    let sum: u32 = values.iter().take(17).zip(0u32..).map(|(v, i)| v * (3u32.pow(i) % 31)).sum();
    values.len() == 18 && values[17] == (31 - sum % 31) % 31
}

#[test]
fn numbers_and_codes_have_right_check_characters_and_the_made_up_area() {
    let (dir, manifest) = city(&Plan { mixed: false, fault_share: 0.0, ..small() });
    assert!(manifest.authorities.iter().all(|a| uscc_checks(&a.code) && &a.code[2..8] == number::AREA));
    let mut people = 0;
    for file in &manifest.files {
        let rows = raw_rows(dir.path(), file);
        for (i, heading) in rows[0].iter().enumerate() {
            let values = rows[1..].iter().map(|r| r[i].as_str()).filter(|v| !v.is_empty());
            if heading.ends_with("ZJHM") {
                people += values.clone().count();
                assert!(values.clone().all(|v| checks(v) && v.starts_with(number::AREA)), "{}", file.path);
            } else if heading.ends_with("SHXYM") || heading.ends_with("JGDM") {
                assert!(values.clone().all(|v| uscc_checks(v) && &v[2..8] == number::AREA), "{}", file.path);
            }
        }
    }
    assert!(people > 1_000);
}

#[test]
fn sampled_residents_are_what_they_are_said_to_be() {
    let (dir, manifest) = city(&small());
    let read: Vec<_> = manifest.files.iter().map(|f| (&f.item, raw_rows(dir.path(), f))).collect();
    let files_with = |number: &str| -> BTreeSet<&String> {
        let has = |rows: &[Vec<String>]| rows.iter().flatten().any(|c| narrow(c).contains(number));
        read.iter().filter(|(_, rows)| has(rows)).map(|(item, _)| *item).collect()
    };
    let of = |part: SamplePart| manifest.residents_sample.iter().filter(move |s| s.part == part);
    assert!(files_with(&of(SamplePart::SeveralKinds).next().unwrap().number).len() > 1);
    assert!(files_with(&of(SamplePart::NoRecord).next().unwrap().number).is_empty());
    let pair: Vec<_> = of(SamplePart::Homonym).collect();
    assert!(pair.len() == 2 && pair[0].name == pair[1].name && pair[0].number != pair[1].number);
    assert!(pair.iter().all(|s| !files_with(&s.number).is_empty()));
    assert!(encoding_rs::GBK.encode(&of(SamplePart::RareName).next().unwrap().name).2);
    assert!(of(SamplePart::MinorityName).next().unwrap().name.contains('·'));
}

#[test]
fn gb18030_files_hold_characters_that_gbk_has_not() {
    let (dir, manifest) = city(&Plan::new(2_000, 8_000, 7));
    let beyond = |f: &&FileEntry| encoding_rs::GBK.encode(&decoded(dir.path(), f)).2;
    assert!(manifest.files.iter().filter(|f| f.encoding == Encoding::Gb18030).any(|f| beyond(&f)));
    assert!(manifest.files.iter().any(|f| f.encoding == Encoding::Gbk));
}

#[test]
fn benchmark_file_is_clean_large_in_its_rows_and_about_every_adult() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("penalty.csv");
    let plan = Plan { residents: 3_333, records: 10_000, ..Plan::benchmark() };
    let mut told = 0;
    let entry = penalty_csv(&plan, &path, &mut |done, _| told = done).unwrap();
    assert_eq!((entry.rows, entry.good, entry.path.as_str(), told), (10_000, 10_000, "penalty.csv", 10_000));
    let bytes = fs::metadata(&path).unwrap().len() / entry.rows;
    assert!((345..=375).contains(&bytes), "{bytes} bytes a row");
    let mut reader = csv::Reader::from_path(&path).unwrap();
    assert_eq!(reader.headers().unwrap().len(), 16);
    let (mut documents, mut adults) = (BTreeSet::new(), BTreeMap::<String, u64>::new());
    for record in reader.records().map(Result::unwrap) {
        assert!(checks(&record[3]));
        let (born, decided) = (record[3][6..14].to_owned(), record[11].replace('-', ""));
        assert!(decided.parse::<u32>().unwrap() - born.parse::<u32>().unwrap() >= 230_000, "23 at the decision");
        assert!(documents.insert(record[4].to_owned()));
        *adults.entry(record[3].to_owned()).or_default() += 1;
    }
    assert_eq!(adults.len(), 3_333);
    assert!(adults.values().all(|n| (3..=4).contains(n)));
}

#[test]
fn plans_that_cannot_be_carried_out_are_refused() {
    let dir = TempDir::new().unwrap();
    for plan in [
        Plan { residents: 3, ..small() },
        Plan { fault_share: f64::NAN, ..small() },
        Plan { fault_share: 0.9, ..small() },
        Plan { today: jiff::civil::date(1800, 1, 1), ..small() },
    ] {
        assert!(make(&plan, dir.path(), &mut |_, _| {}).is_err(), "{plan:?}");
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}
