//! A file whose cells its sender mends before it is taken in.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use chengxin_app::intake::{Draft, ImportRequest, Incoming, Mend, Mends};
use data_encoding::BASE64;

use crate::city::{City, Row, csv, row};

/// What is mended: the date of the second row, and the third is left out.
fn mends(file: &str) -> Mends {
    let date = file.lines().next().unwrap().split(',').position(|heading| heading.trim() == "CF_JDRQ").unwrap();
    let mended = Mend { left_out: false, cells: BTreeMap::from([(date, "2026-02-27".to_owned())]) };
    Mends::from([(3, mended), (4, Mend { left_out: true, cells: BTreeMap::new() })])
}

#[test]
fn a_mended_file_keeps_its_hash_and_report_and_receipt_say_how_many_rows_were_mended() {
    let mut city = City::new();
    let bad = Row { decided: "2026-02-30".to_owned(), ..row(2) };
    let worse = Row { kind: "罚金".to_owned(), ..row(3) };
    let file = csv(&[row(1), bad, worse]);
    let path = city.write("week.csv", &file);
    let plain = city.import_with(&path, |request| request.dry_run = true).unwrap().quality;
    assert_eq!((plain.counts.rows, plain.counts.refused, plain.mended), (3, 2, 0));
    let mended = city.import_with(&path, |request| request.mends = mends(&file)).unwrap();
    let quality = mended.quality;
    assert_eq!((quality.counts.rows, quality.counts.new, quality.counts.refused), (2, 2, 0), "{quality:#?}");
    assert_eq!((quality.mended, &quality.sha256), (2, &plain.sha256));
    let receipt: serde_json::Value = serde_json::from_str(&mended.receipt.unwrap()).unwrap();
    let payload = BASE64.decode(receipt["payload"].as_str().unwrap().as_bytes()).unwrap();
    let payload: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!((&payload["mended"], &payload["sha256"]), (&2.into(), &plain.sha256.into()));
}

#[test]
fn a_mended_cell_is_held_against_every_rule() {
    let mut city = City::new();
    let file = csv(&[row(1), row(2)]);
    let path = city.write("week.csv", &file);
    let number = file.lines().next().unwrap().split(',').position(|heading| heading.trim() == "CF_XDR_ZJHM").unwrap();
    let minor = crate::city::number("20150101", 7);
    let cells = BTreeMap::from([(number, minor.clone())]);
    let request = |request: &mut ImportRequest| request.mends = Mends::from([(3, Mend { left_out: false, cells })]);
    let quality = city.import_with(&path, request).unwrap().quality;
    assert_eq!((quality.counts.new, quality.counts.refused), (1, 1));
    assert_eq!(quality.refused[0].faults[0].code, "minor");
    let stored = city.everything_stored();
    assert!(!stored.windows(minor.len()).any(|window| window == minor.as_bytes()), "nothing of it is kept");
}

#[test]
fn a_file_that_waits_to_be_mended_lies_sealed_and_is_gone_with_its_page() {
    let city = City::new();
    let content = csv(&[row(1)]);
    let mut file = Incoming::begin(&city.installation, "week.csv").unwrap();
    file.add(content.as_bytes()).unwrap();
    let draft = Draft::seal(&city.installation, &file).unwrap();
    drop(file);
    let folder = city.installation.dir().join("incoming");
    let lies = || {
        let folders = std::fs::read_dir(&folder).unwrap().map(|folder| folder.unwrap().path());
        let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()));
        files.map(|file| std::fs::read(file).unwrap()).collect::<Vec<_>>()
    };
    let number = row(1).number;
    assert!(lies().len() == 1 && !lies()[0].windows(18).any(|window| window == number.as_bytes()));
    Incoming::sweep(&city.installation).unwrap();
    let opened = draft.open(&city.installation).unwrap();
    assert_eq!(std::fs::read(opened.path()).unwrap(), content.as_bytes());
    assert_eq!((draft.name(), draft.bytes()), ("week.csv", content.len()));
    drop((opened, draft));
    assert!(lies().is_empty());
}
