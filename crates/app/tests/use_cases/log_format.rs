//! The vectors of `docs/log-format.md`, which were computed by other software.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use chengxin_app::keyring::{Keyring, ProfileHash};
use chengxin_app::record::{VERSION_LABEL, version_commitment};
use chengxin_seal::{FileKeyProvider, KeyFile, Profile};
use chengxin_store::log::{LOG_LABEL, LogRow};
use chengxin_store::record::VersionRow;
use data_encoding::HEXLOWER;

const PAGE: &str = include_str!("../../../../docs/log-format.md");

fn run(first: u8) -> [u8; 16] {
    std::array::from_fn(|at| first + at as u8)
}

/// The hashes that the page gives for a profile, in its order: version, log entry.
fn stated(profile: Profile) -> Vec<String> {
    let row = format!("| `{profile}` | `");
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix(row.as_str()));
    rows.map(|rest| rest.trim_end_matches("` |").to_owned()).collect()
}

#[test]
fn the_vector_of_a_version_is_what_the_programme_computes() {
    let row = VersionRow {
        subject_id: run(0),
        record_id: run(0x10),
        version: 2,
        body_version: 2,
        cause: 1,
        submission_id: 7,
        leaf: 3,
        row_no: 5,
        item: "penalty".to_owned(),
        authority: "11990000MB0000001Q".to_owned(),
        subject_kind: 1,
        severity: 2,
        decided_on: 20_574,
        display_from: 20_574,
        display_until: None,
        state: 1,
        needs_release: 1,
        source_time: Some(20_260_501_093_000),
        layout_id: 1,
        digest: run(0x20),
        salt: run(0x40),
        commitment: [0; 32],
        body: vec![1, 2, 3],
    };
    let dir = tempfile::tempdir().unwrap();
    for profile in Profile::ALL {
        let file = KeyFile::create(dir.path().join(profile.name()), profile, 0).unwrap();
        let keys = Keyring::new(Arc::new(FileKeyProvider::new(&file).unwrap())).unwrap();
        let mut input = Vec::new();
        let commitment = version_commitment(&keys, &row, &mut input);
        assert!(PAGE.contains(&format!("\n{}\n", HEXLOWER.encode(&input))), "{}", HEXLOWER.encode(&input));
        assert_eq!(HEXLOWER.encode(&commitment), stated(profile)[0]);
    }
    assert!(PAGE.contains(&format!("## `{VERSION_LABEL}`")));
}

#[test]
fn the_vector_of_a_log_entry_is_what_the_programme_computes() {
    let entry = LogRow {
        number: 1,
        at_us: 1_777_600_000_000_000,
        operation: "record_erase".to_owned(),
        caller: "{\"actor\":\"审核人\"}".to_owned(),
        detail: "{\"case_no\":\"删1\"}".to_owned(),
        salt: run(0x40),
        previous: [0; 32],
        commitment: [0; 32],
        leaf_index: None,
    };
    for profile in Profile::ALL {
        let commitment = entry.expected_commitment(&ProfileHash(profile), &run(0));
        assert_eq!(HEXLOWER.encode(&commitment), stated(profile)[1]);
    }
    assert!(PAGE.contains(&format!("## `{LOG_LABEL}`")));
}

#[test]
fn the_page_gives_two_vectors_for_each_profile() {
    for profile in Profile::ALL {
        assert_eq!(stated(profile).len(), 2);
    }
}
