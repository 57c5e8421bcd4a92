//! Many rows at once, the same on either engine.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use chengxin_store::record::VersionRow;
use chengxin_store::subject::NewSubject;
use chengxin_store::testing::{Databases, Hand};
use chengxin_store::{KeyStore, Place, Store, StoreError};

const SUBJECT: [u8; 16] = [1; 16];

/// A main database and a key store, and what they lie in.
struct City {
    main: Place,
    keys: Place,
    _databases: Databases,
    _dir: tempfile::TempDir,
}

fn city() -> City {
    let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
    let (main, keys) = (databases.main_or(&dir.path().join("main.db")), databases.keys_or(&dir.path().join("keys.db")));
    City { main, keys, _databases: databases, _dir: dir }
}

/// Sorted by their numbers.
fn id(number: usize) -> [u8; 16] {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&(number as u64).to_be_bytes());
    id
}

fn version(number: usize) -> VersionRow {
    let leaf = i64::try_from(number).unwrap();
    VersionRow {
        subject_id: SUBJECT,
        record_id: id(number),
        version: 1,
        body_version: 1,
        cause: 2,
        // A decision: read without a submission.
        submission_id: 0,
        leaf,
        row_no: leaf,
        item: "item".to_owned(),
        authority: "office".to_owned(),
        subject_kind: 1,
        severity: 0,
        decided_on: 20_000,
        display_from: 20_001,
        display_until: Some(21_000),
        state: 1,
        needs_release: 0,
        source_time: Some(leaf),
        layout_id: 1,
        digest: [4; 16],
        salt: [5; 16],
        commitment: [6; 32],
        body: vec![8; 40],
    }
}

fn stored(store: &Store) -> Vec<VersionRow> {
    store.view().versions_of_subject(&SUBJECT).unwrap().into_iter().map(|version| version.row).collect()
}

#[test]
fn a_thousand_rows_come_back_as_they_were_given_whatever_is_in_them() {
    let city = city();
    let mut store = Store::create(&city.main).unwrap();
    let mut versions: Vec<_> = (0..1_000).map(version).collect();
    for (number, version) in versions.iter_mut().enumerate() {
        match number % 9 {
            0 => version.display_until = None,
            1 => version.source_time = None,
            2 => (version.display_until, version.source_time) = (None, None),
            3 => version.item = String::new(),
            4 => version.authority = "市场监督管理局 𠮷 \u{feff}\t\n\\N \\.".to_owned(),
            5 => (version.source_time, version.display_until) = (Some(i64::MIN), Some(i64::MAX)),
            6 => (version.decided_on, version.display_from, version.row_no) = (i64::MAX, i64::MIN, -1),
            7 => version.body = Vec::new(),
            _ => version.body = (0..=255).collect(),
        }
    }
    versions[500].body = vec![0xa5; 2 << 20];
    versions[777].body = b"PGCOPY\n\xff\r\n\0\xff\xff".to_vec();
    store.write("test", |tx| tx.versions_add(&versions)).unwrap();
    assert!(stored(&store) == versions, "not printed: megabytes");
}

#[test]
fn however_few_or_many_they_are() {
    let city = city();
    let mut store = Store::create(&city.main).unwrap();
    let mut all = Vec::new();
    for count in [0, 1, 2, 7, 8, 9, 255] {
        let versions: Vec<_> = (all.len()..all.len() + count).map(version).collect();
        store.write("test", |tx| tx.versions_add(&versions)).unwrap();
        all.extend(versions);
        assert_eq!(stored(&store), all, "{count}");
    }
}

#[test]
fn the_same_row_twice_is_an_error_and_leaves_none() {
    let city = city();
    let mut store = Store::create(&city.main).unwrap();
    for count in [2, 100] {
        let mut versions: Vec<_> = (0..count).map(version).collect();
        versions[1] = versions[0].clone();
        let twice = store.write("test", |tx| tx.versions_add(&versions));
        assert!(matches!(twice, Err(StoreError::Engine(_))), "{twice:?}");
        assert_eq!(stored(&store), []);
    }
    store.write("test", |tx| tx.version_add(&version(1))).unwrap();
    assert_eq!(stored(&store).len(), 1);
}

/// SQLite keeps a zero character in text, PostgreSQL has none. No value of a file comes into a column of text, and core
/// refuses control characters in one: what could hold one is typed at the console or in a form.
#[test]
fn a_zero_character_in_text_is_kept_or_refused_and_never_cut_off() {
    let city = city();
    let mut store = Store::create(&city.main).unwrap();
    let sqlite = Hand::in_(&city.main).is_sqlite();
    for count in [1, 20] {
        let mut versions: Vec<_> = (count * 100..count * 101).map(version).collect();
        versions[count - 1].authority = "a\0b".to_owned();
        let added = store.write("test", |tx| tx.versions_add(&versions));
        let setting: Result<(), StoreError> = store.write("test", |tx| tx.set_setting("city", "a\0b"));
        if sqlite {
            added.unwrap();
            setting.unwrap();
            assert_eq!(store.view().setting("city").unwrap().as_deref(), Some("a\0b"));
            assert_eq!(stored(&store).last(), versions.last());
        } else {
            assert!(matches!(added, Err(StoreError::Value(_))), "{added:?}");
            assert!(matches!(setting, Err(StoreError::Value(_))), "{setting:?}");
            assert_eq!((stored(&store).len(), store.view().setting("city").unwrap()), (0, None));
        }
    }
    store.write("test", |tx| tx.set_setting("city", "ab")).unwrap();
}

#[test]
fn wrapped_keys_of_new_subjects_are_added_a_few_or_many_at_a_time_and_never_replaced() {
    let city = city();
    let mut keys = KeyStore::create(&city.keys).unwrap();
    let mut expected = Vec::new();
    for count in [0, 1, 127, 128, 129, 256, 300] {
        let first = expected.len();
        let wrapped = |of: usize| (id(first + of), vec![u8::try_from(count % 256).unwrap(); 40]);
        let new: Vec<_> = (0..count).map(wrapped).collect();
        keys.write(|tx| tx.subject_keys_load(count as i64, &new)).unwrap();
        expected.extend(new.iter().map(|(id, key)| (*id, (count as i64, key.clone()))));
        if count > 0 {
            assert!(keys.write(|tx| tx.subject_keys_load(1, &new[..1])).is_err(), "a key that is there stays");
        }
        assert_eq!(keys.subject_keys(&[0xff; 16], 2_000).unwrap(), []);
        let found: Vec<_> = std::iter::once(id(0))
            .filter_map(|id| Some((id, keys.subject_key(&id).unwrap()?)))
            .chain(keys.subject_keys(&[0; 16], 2_000).unwrap())
            .collect();
        assert!(found == expected, "{count}: {} found, {} expected", found.len(), expected.len());
    }
}

#[test]
fn new_subjects_are_loaded_with_their_documents() {
    let city = city();
    let mut store = Store::create(&city.main).unwrap();
    let subjects: Vec<_> = (0..400)
        .map(|number| NewSubject {
            subject_id: id(number),
            kind: 1 + (number % 4) as i64,
            tag: id(10_000 - number),
            document_kind: 1,
            name_tag: id(20_000 + number),
            sealed: vec![number as u8; number],
        })
        .collect();
    store.write("test", |tx| tx.subjects_load(&subjects, 3, 5, 1_000)).unwrap();
    for subject in &subjects {
        let document = store.view().subject_document(&subject.tag).unwrap().unwrap();
        assert_eq!((document.subject_id, document.name_tag), (subject.subject_id, subject.name_tag));
        assert_eq!((document.sealed, document.key_version), (subject.sealed.clone(), 3));
        assert_eq!(store.view().subject_kind(&subject.subject_id).unwrap(), Some(subject.kind));
    }
    let again = store.write("test", |tx| tx.subjects_load(&subjects[7..20], 3, 5, 1_000));
    assert!(matches!(again, Err(StoreError::Engine(_))), "{again:?}");
}
