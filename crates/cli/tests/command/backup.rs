//! Backups in files: taken while a server works, restored whole or not at all, erasures repeated.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use common::{City, ZHANG, two_penalties};

#[test]
fn a_backup_restores_into_a_new_folder_and_proves_itself() {
    let city = two_penalties();
    let before = city.run(&["--json", "me", "records", "--subject", ZHANG.1]).ends(0).value()["records"].clone();
    city.run(&["backup", "saved"]).ends(0);
    city.run(&["backup", "saved"]).ends(8);
    let saved = city.path("saved");
    assert!(!saved.join("keys.json").exists(), "the key file is kept apart");
    let restore = [saved.display().to_string(), city.data().join("keys.json").display().to_string()];
    let restore = ["--json", "restore", &restore[0], "--key-file", &restore[1]];
    let other = City::without();
    let restored = other.run(&restore).ends(0).value();
    assert_eq!(restored["findings"], 0, "{restored}");
    let after = other.run(&["--json", "me", "records", "--subject", ZHANG.1]).ends(0).value();
    assert_eq!(after["records"], before);
    other.run(&restore).ends(8);
}

#[test]
fn a_backup_that_is_not_whole_or_was_altered_is_not_taken_for_one() {
    let city = two_penalties();
    city.run(&["backup", "saved"]).ends(0);
    let (saved, keys) = (city.path("saved").display().to_string(), city.data().join("keys.json").display().to_string());
    let restore = |from: &str| City::without().run(&["--lang", "en", "restore", from, "--key-file", &keys]);
    let database = city.path("saved").join("chengxin.db");
    let whole = std::fs::read(&database).unwrap();
    std::fs::write(&database, &whole[..whole.len() / 2]).unwrap();
    restore(&saved).ends(3);
    std::fs::write(&database, &whole).unwrap();
    let hand = rusqlite::Connection::open(&database).unwrap();
    hand.execute_batch("UPDATE version SET severity = severity + 1; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    drop(hand);
    let told = restore(&saved).ends(5).out;
    assert!(told.contains("✕ version"), "{told}");
    restore("nothing").ends(3);
}
