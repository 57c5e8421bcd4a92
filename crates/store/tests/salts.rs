//! Salts of bodies: in blocks by submission and leaf, and of decisions one by one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::ops::{Deref, DerefMut};

use chengxin_store::keys::BodyAt;
use chengxin_store::testing::Databases;
use chengxin_store::{KeyStore, StoreError};

const SUBJECT: [u8; 16] = [1; 16];
const RECORD: [u8; 16] = [2; 16];

/// A key store, and what it lies in.
struct Keys {
    store: KeyStore,
    dir: tempfile::TempDir,
    _databases: Databases,
}

fn store() -> Keys {
    let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
    let store = KeyStore::create(&databases.keys_or(&dir.path().join("keys.db"))).unwrap();
    Keys { store, dir, _databases: databases }
}

impl Deref for Keys {
    type Target = KeyStore;

    fn deref(&self) -> &KeyStore {
        &self.store
    }
}

impl DerefMut for Keys {
    fn deref_mut(&mut self) -> &mut KeyStore {
        &mut self.store
    }
}

fn at(submission: i64, leaf: i64) -> BodyAt<'static> {
    BodyAt { subject: &SUBJECT, record: &RECORD, version: 1, submission, leaf }
}

fn salt(n: usize) -> [u8; 16] {
    [u8::try_from(n % 251).unwrap() + 1; 16]
}

#[test]
fn every_salt_of_a_chunk_is_found_at_its_leaf() {
    let mut keys = store();
    let salts: Vec<_> = (0..500).map(salt).collect();
    keys.write(|tx| -> Result<(), StoreError> {
        tx.body_salts_load(7, 0, &salts[..300])?;
        tx.body_salts_load(7, 300, &salts[300..])
    })
    .unwrap();
    for (leaf, expected) in (0..).zip(&salts) {
        assert_eq!(keys.body_salt(&at(7, leaf)).unwrap(), Some(*expected), "leaf {leaf}");
    }
    assert_eq!(keys.body_salt(&at(7, 500)).unwrap(), None, "behind the last");
    assert_eq!(keys.body_salt(&at(8, 0)).unwrap(), None, "of another submission");
    assert_eq!(keys.body_salt(&at(0, 0)).unwrap(), None, "of a decision");
}

#[test]
fn destroying_one_salt_leaves_its_neighbours_and_no_trace_in_the_file() {
    let mut keys = store();
    let salts: Vec<_> = (0..240).map(salt).collect();
    keys.write(|tx| tx.body_salts_load(7, 0, &salts)).unwrap();
    keys.write(|tx| tx.body_salt_remove(&at(7, 130))).unwrap();
    keys.checkpoint().unwrap();
    assert_eq!(keys.body_salt(&at(7, 129)).unwrap(), Some(salt(129)));
    assert_eq!(keys.body_salt(&at(7, 130)).unwrap(), None);
    assert_eq!(keys.body_salt(&at(7, 131)).unwrap(), Some(salt(131)));
    let gone = salt(130);
    for file in ["keys.db", "keys.db-wal"] {
        let bytes = std::fs::read(keys.dir.path().join(file)).unwrap_or_default();
        assert!(!bytes.windows(16).any(|w| w == gone), "the salt lingers in {file}");
    }
}

#[test]
fn what_an_interrupted_run_left_behind_is_replaced_from_the_leaf_where_the_next_goes_on() {
    let mut keys = store();
    let (first, stale, fresh): (Vec<_>, Vec<_>, Vec<_>) =
        ((0..100).map(salt).collect(), vec![[0xee; 16]; 400], vec![[0xdd; 16]; 50]);
    keys.write(|tx| tx.body_salts_load(7, 0, &first)).unwrap();
    keys.write(|tx| tx.body_salts_load(7, 100, &stale)).unwrap();
    keys.write(|tx| tx.body_salts_load(7, 100, &fresh)).unwrap();
    assert_eq!(keys.body_salt(&at(7, 99)).unwrap(), Some(salt(99)));
    assert_eq!(keys.body_salt(&at(7, 149)).unwrap(), Some([0xdd; 16]));
    assert_eq!(keys.body_salt(&at(7, 150)).unwrap(), None);
    keys.write(|tx| tx.submission_salts_remove(7)).unwrap();
    assert_eq!(keys.body_salt(&at(7, 0)).unwrap(), None);
}

#[test]
fn a_single_salt_can_be_put_back_and_a_decisions_salt_stands_alone() {
    let mut keys = store();
    keys.write(|tx| tx.body_salts_load(7, 0, &[salt(1), [0; 16], salt(3)])).unwrap();
    assert_eq!(keys.body_salt(&at(7, 1)).unwrap(), None, "a version without a body");
    keys.write(|tx| -> Result<(), StoreError> {
        tx.body_salt_set(&at(7, 1), &salt(2))?;
        tx.body_salt_set(&at(9, 4), &salt(4))?;
        tx.body_salt_set(&at(0, 0), &salt(5))
    })
    .unwrap();
    let found = |submission, leaf| keys.body_salt(&at(submission, leaf)).unwrap();
    assert_eq!([found(7, 0), found(7, 1), found(7, 2)], [Some(salt(1)), Some(salt(2)), Some(salt(3))]);
    assert_eq!((found(9, 4), found(0, 0)), (Some(salt(4)), Some(salt(5))));
    keys.write(|tx| tx.body_salt_remove(&at(0, 0))).unwrap();
    assert_eq!(keys.body_salt(&at(0, 0)).unwrap(), None);
}
