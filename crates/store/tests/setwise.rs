//! Look-ups of many keys at once find what those of one key find, on either engine.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{HashMap, HashSet};

use chengxin_store::lock::LockRow;
use chengxin_store::log::{CLOCK_TOLERANCE_US, LogRow, NewLogEntry};
use chengxin_store::log_tree::LogLeaf;
use chengxin_store::record::VersionRow;
use chengxin_store::setwise::{Pair, StatedRecord};
use chengxin_store::subject::NewDocument;
use chengxin_store::submission::{Acceptance, SubmissionState};
use chengxin_store::testing::{Databases, Hand};
use chengxin_store::{KeyStore, Store, StoreError, Tx};
use chengxin_tlog::{Hash, TreeHash};

/// Numbers that look like chance, and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn often(&mut self) -> bool {
        self.below(3) > 0
    }

    /// Some of `all`, in any order, some twice, and some that are not there.
    fn some<T: Copy>(&mut self, count: u64, all: &[T]) -> Vec<T> {
        (0..count).map(|_| all[self.below(all.len() as u64) as usize]).collect()
    }
}

fn id(of: u8, number: u64) -> [u8; 16] {
    let mut id = [of; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    id
}

fn version(pair: Pair, version: i64, submission_id: i64, chance: &mut Chance) -> VersionRow {
    VersionRow {
        subject_id: pair.0,
        record_id: pair.1,
        version,
        body_version: 1,
        cause: 1,
        submission_id,
        leaf: version,
        row_no: 1,
        item: "item".to_owned(),
        authority: "office".to_owned(),
        subject_kind: 1,
        severity: chance.below(4) as i64,
        decided_on: 20_000,
        display_from: 20_001,
        display_until: chance.often().then_some(21_000),
        state: 1 + chance.below(3) as i64,
        needs_release: chance.below(2) as i64,
        source_time: chance.often().then_some(5),
        layout_id: 1,
        digest: id(4, chance.below(1_000)),
        salt: [5; 16],
        commitment: [6; 32],
        body: vec![8; 40],
    }
}

/// Submissions open, accepted, released, recalled and abandoned; their numbers.
fn submissions(tx: &Tx<'_>) -> Result<Vec<i64>, StoreError> {
    let mut numbers = Vec::new();
    for kind in 0..5 {
        let number = tx.submission_open("office", "item", "a.csv", &[1; 32], &[kind; 32], 1, "clerk", "")?;
        let acceptance = Acceptance {
            at_us: 2,
            needs_release: kind == 2,
            row_count: 1,
            version_count: 1,
            root: &[0; 32],
            summary: "{}",
            receipt: "{}",
        };
        if (1..=3).contains(&kind) {
            tx.submission_accept(number, &acceptance)?;
        }
        match kind {
            2 => tx.submission_release(number, 3, "other")?,
            3 => tx.submission_end(number, SubmissionState::Accepted, SubmissionState::Recalled)?,
            4 => tx.submission_end(number, SubmissionState::Open, SubmissionState::Abandoned)?,
            _ => {}
        }
        numbers.push(number);
    }
    numbers.push(0);
    Ok(numbers)
}

#[test]
fn records_names_and_documents_are_found_many_at_once_as_they_are_one_by_one() {
    let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
    let mut store = Store::create(&databases.main_or(&dir.path().join("main.db"))).unwrap();
    let pairs: Vec<Pair> = (0..120).map(|number| (id(1, number / 5), id(2, number))).collect();
    let tags: Vec<[u8; 16]> = (0..60).map(|number| id(3, number)).collect();
    let filled = store.write_once("test", |tx| -> Result<(), StoreError> {
        let mut chance = Chance(7);
        let submissions = submissions(tx)?;
        for pair in &pairs {
            for number in 0..chance.below(4) {
                let submission = submissions[chance.below(submissions.len() as u64) as usize];
                tx.version_add(&version(*pair, number as i64 + 1, submission, &mut chance))?;
                if chance.often() {
                    tx.source_seen_add(&pair.0, &pair.1, submission, chance.below(1_000) as i64)?;
                }
            }
            if chance.often() {
                let lock = LockRow { kind: "correction".into(), case_no: "1".into(), decided_on: 1, digest: id(4, 1) };
                tx.lock_set(&pair.0, &pair.1, &lock, "clerk", 1)?;
                tx.subject_name_add(&pair.0, &pair.1, 1, b"sealed", "evidence", "clerk", 1)?;
            }
        }
        for tag in tags.iter().step_by(2) {
            let (subject_id, name_tag) = (&id(1, chance.below(20)), &id(5, chance.below(20)));
            tx.subject_document_add(NewDocument { tag, subject_id, kind: 1, key_version: 1, name_tag, sealed: b"s" })?;
        }
        Ok(())
    });
    filled.unwrap();

    let view = store.view();
    let mut chance = Chance(11);
    let (mut heads, mut sources) = (0, 0);
    for count in [0, 1, 1, 2, 2, 3, 10, 50, 300] {
        let asked = chance.some(count, &pairs);
        let unique: HashSet<Pair> = asked.iter().copied().collect();
        let with = |pair: &Pair| view.versions_of_record(&pair.0, &pair.1).unwrap();
        let expected: HashMap<_, _> =
            unique.iter().map(|pair| (*pair, with(pair))).filter(|(_, heads)| !heads.is_empty()).collect();
        assert_eq!(view.version_heads(&asked).unwrap(), expected, "{count}");
        heads += expected.len();

        let seen = |pair: &Pair| Some((*pair, view.source_seen(&pair.0, &pair.1).unwrap()?));
        let expected: HashMap<_, _> = unique.iter().filter_map(seen).collect();
        assert_eq!(view.sources_seen(&asked).unwrap(), expected, "{count}");
        sources += expected.len();

        let locked = |pair: &Pair| Some((*pair, view.lock(&pair.0, &pair.1).unwrap()?));
        assert_eq!(view.locks(&asked).unwrap(), unique.iter().filter_map(locked).collect(), "{count}");

        let held = |pair: &&Pair| view.subject_has_name(&pair.0, &pair.1).unwrap();
        assert_eq!(view.names_held(&asked).unwrap(), unique.iter().filter(held).copied().collect(), "{count}");

        let asked = chance.some(count, &tags);
        let found = |tag: &[u8; 16]| Some((*tag, view.subject_document(tag).unwrap()?));
        assert_eq!(view.subject_documents(&asked).unwrap(), asked.iter().filter_map(found).collect(), "{count}");
    }
    assert!(heads > 50 && sources > 20, "{heads} {sources}: something was found");
}

/// A server finds settled just what needs no further question; with SQLite each record is asked for.
#[test]
fn a_record_is_settled_where_its_only_version_says_the_same_and_counts() {
    let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
    let place = databases.main_or(&dir.path().join("main.db"));
    let mut store = Store::create(&place).unwrap();
    let on_server = !Hand::in_(&place).is_sqlite();
    let pair = |number| -> Pair { (id(1, number / 3), id(2, number)) };
    let states = [
        "as stated",
        "as stated, without a time",
        "unknown",
        "other content",
        "other time",
        "a time where none is stated",
        "withdrawn",
        "changed since",
        "not its first version",
        "of an open file",
        "of a recalled file",
        "of a decision",
        "its time was repeated",
    ];
    let filled = store.write_once("test", |tx| -> Result<(), StoreError> {
        let files = submissions(tx)?;
        for (number, state) in (0..).zip(states) {
            let pair = pair(number);
            let file = match state {
                "of an open file" => files[0],
                "of a recalled file" => files[3],
                "of a decision" => 0,
                _ => files[1],
            };
            let mut row = version(pair, 1, file, &mut Chance(1));
            (row.state, row.digest, row.source_time) = (1, id(4, number), Some(5));
            match state {
                "unknown" => continue,
                "as stated, without a time" => row.source_time = None,
                "other content" => row.digest = id(4, 1_000),
                "other time" => row.source_time = Some(6),
                "withdrawn" => row.state = 2,
                "not its first version" => row.version = 2,
                "its time was repeated" => tx.source_seen_add(&pair.0, &pair.1, files[1], 7)?,
                _ => {}
            }
            tx.version_add(&row)?;
            if state == "changed since" {
                tx.version_add(&VersionRow { version: 2, leaf: 2, ..row })?;
            }
        }
        Ok(())
    });
    filled.unwrap();
    let stated = |(number, state): (u64, &str)| StatedRecord {
        record: pair(number),
        digest: id(4, number),
        source_time: (!state.contains("without a time") && !state.contains("none is stated")).then_some(5),
    };
    let asked: Vec<StatedRecord> = (0..).zip(states).map(stated).collect();
    let settled = store.view().settled_records(&asked).unwrap();
    assert_eq!(settled, if on_server { HashSet::from([0, 1]) } else { HashSet::new() });
    // Named twice, once otherwise than it is held.
    let twice = [asked[0], StatedRecord { digest: id(4, 77), ..asked[0] }, asked[1]];
    let settled = store.view().settled_records(&twice).unwrap();
    assert_eq!(settled, if on_server { HashSet::from([0, 2]) } else { HashSet::new() });
}

#[test]
fn a_record_that_is_asked_for_twice_has_its_versions_once() {
    let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
    let mut store = Store::create(&databases.main_or(&dir.path().join("main.db"))).unwrap();
    let (one, other): (Pair, Pair) = ((id(1, 1), id(2, 1)), (id(1, 1), id(2, 2)));
    for pair in [one, other] {
        store.write("test", |tx| tx.version_add(&version(pair, 1, 0, &mut Chance(1)))).unwrap();
    }
    let heads = store.view().version_heads(&[one, other, one]).unwrap();
    assert_eq!((heads[&one].len(), heads[&other].len()), (1, 1));
}

#[test]
fn keys_of_subjects_are_found_many_at_once_as_they_are_one_by_one() {
    let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
    let mut keys = KeyStore::create(&databases.keys_or(&dir.path().join("keys.db"))).unwrap();
    let subjects: Vec<[u8; 16]> = (0..90).map(|number| id(1, number)).collect();
    keys.write(|tx| subjects.iter().step_by(2).try_for_each(|subject| tx.subject_key_set(subject, 1, &subject[..9])))
        .unwrap();
    let mut chance = Chance(3);
    for count in [0, 1, 2, 3, 40, 200] {
        let asked = chance.some(count, &subjects);
        let one = |subject: &[u8; 16]| Some((*subject, keys.subject_key(subject).unwrap()?));
        assert_eq!(keys.subject_keys_of(&asked).unwrap(), asked.iter().filter_map(one).collect(), "{count}");
    }
}

struct Sum;

impl TreeHash for Sum {
    fn hash(&self, parts: &[&[u8]]) -> Hash {
        let mut sum = [0; 32];
        parts
            .iter()
            .flat_map(|part| part.iter())
            .zip((0..32).cycle())
            .for_each(|(byte, at): (_, usize)| sum[at] ^= byte);
        sum
    }
}

#[test]
fn entries_of_the_log_get_their_places_many_at_once_and_only_once() {
    let (dir, databases) = (tempfile::tempdir().unwrap(), Databases::for_test());
    let mut store = Store::create(&databases.main_or(&dir.path().join("main.db"))).unwrap();
    let mut first = 0;
    for count in [1, 2, 5, 40] {
        let mut leaves = Vec::new();
        for index in first..first + count {
            let subject_id = id(1, index as u64 % 3);
            let new = NewLogEntry { subject_id: &subject_id, at_us: 1, operation: "test", caller: "{}", detail: "{}" };
            let entry = store.write("test", |tx| tx.log_append(&Sum, &new, |_| [1; 16])).unwrap();
            leaves.push(LogLeaf { index, subject_id, number: entry.number, commitment: entry.commitment });
        }
        store.write("test", |tx| tx.log_place(&leaves)).unwrap();
        first += count;
        assert_eq!(store.view().log_leaves(first - count, 100).unwrap(), leaves);
        for leaf in &leaves {
            let entry = store.view().log_entry(&leaf.subject_id, leaf.number).unwrap().unwrap();
            assert_eq!(entry.leaf_index, Some(leaf.index));
        }
        let again: Vec<_> = leaves.iter().map(|leaf| LogLeaf { index: leaf.index + 1_000, ..leaf.clone() }).collect();
        let again = store.write("test", |tx| tx.log_place(&again));
        assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
        assert_eq!(store.view().log_placed().unwrap(), first);
    }
}

#[test]
fn entries_appended_many_at_once_stand_as_those_appended_one_by_one() {
    let databases = Databases::for_test();
    let mut chance = Chance(5);
    let salt = |subject: &[u8; 16], row: &LogRow| {
        let mut salt = *subject;
        salt[15] = row.number as u8;
        salt
    };
    let dir = tempfile::tempdir().unwrap();
    let (main, empty) =
        (databases.main_or(&dir.path().join("many.db")), databases.empty_or(&dir.path().join("one.db")));
    let (many, single) = (Store::create(&main), Store::create(&empty));
    let (mut many, mut single) = (many.unwrap(), single.unwrap());
    for round in 0..20 {
        let count = [1, 2, 40][chance.below(3) as usize];
        let subjects: Vec<[u8; 16]> = (0..count).map(|_| id(1, chance.below(6))).collect();
        // Some acts began before others that are logged already, and a quote is no syntax.
        let acts: Vec<(i64, String)> = subjects
            .iter()
            .map(|_| (1_000 * round + chance.below(5_000) as i64, format!("{{\"'\\\\{{}},\": {round}}}")))
            .collect();
        let new: Vec<NewLogEntry<'_>> = subjects
            .iter()
            .zip(&acts)
            .map(|(subject_id, (at_us, detail))| NewLogEntry {
                subject_id,
                at_us: *at_us,
                operation: "test",
                caller: "{\"actor\": \"甲\"}",
                detail,
            })
            .collect();
        let appended = many.write("test", |tx| tx.log_append_all(&Sum, &new, salt)).unwrap();
        for (new, appended) in new.iter().zip(&appended) {
            let row = single.write("test", |tx| tx.log_append(&Sum, new, |row| salt(new.subject_id, row))).unwrap();
            assert_eq!(row, *appended);
        }
    }
    for number in 0..6 {
        let subject = id(1, number);
        let entries = many.view().log_of_subject(&subject, 0, 10_000).unwrap();
        assert!(entries.len() > 1);
        assert_eq!(entries, single.view().log_of_subject(&subject, 0, 10_000).unwrap());
    }
    let late = [id(9, 1), id(9, 2)];
    let new = |at_us| {
        late.each_ref().map(|subject_id| NewLogEntry {
            subject_id,
            at_us,
            operation: "test",
            caller: "{}",
            detail: "{}",
        })
    };
    many.write("test", |tx| tx.log_append_all(&Sum, &new(CLOCK_TOLERANCE_US * 9), salt)).unwrap();
    let refused = many.write("test", |tx| tx.log_append_all(&Sum, &new(1), salt));
    assert!(matches!(refused, Err(StoreError::ClockBack { .. })), "{refused:?}");
    assert_eq!(many.view().log_last_number(&late[0]).unwrap(), 1);
}
