//! However far a resolver looks ahead, however little it keeps at hand, however late the writing follows and wherever a run
//! is interrupted: each row comes to the same.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use chengxin_core::catalogue::model::SubjectKind;
use chengxin_core::identity::DocumentKind;
use chengxin_core::row::Action;
use chengxin_seal::{FileKeyProvider, KeyFile, Profile};
use chengxin_store::Store;
use chengxin_store::authority::AuthorityRow;
use chengxin_store::lock::LockRow;
use chengxin_store::submission::Acceptance;
use proptest::prelude::*;

use super::super::decide::Effect;
use super::super::load::{Chunk, Draft, Frame, Sealed};
use super::*;

const OFFICE: &str = "11990000MB0000001E";
const NOW_US: i64 = 1_795_305_600_000_000;

/// A row as the test thinks of it: who, under which name, which record, what content, when, and whether it is withdrawn.
type Plain = (u8, u8, u8, u8, Option<i64>, bool);

fn good((who, name, seed, digest, source_time, withdraw): Plain, row: u64) -> GoodRow {
    GoodRow {
        row,
        body: (0, 4),
        tag: [who + 1; 16],
        name_tag: [name + 1; 16],
        seed: [seed + 1; 16],
        digest: [digest + 1; 16],
        subject: SubjectKind::Person,
        document_kind: DocumentKind::ResidentId,
        number: format!("number {who}"),
        name: format!("name {name}"),
        severity: 0,
        decided_on: 20_000,
        display_from: 20_000,
        display_until: None,
        source_time,
        action: if withdraw { Action::Withdraw } else { Action::Put },
        needs_release: false,
    }
}

/// How a file is taken through.
#[derive(Debug, Clone, Copy)]
struct Way {
    bounds: Bounds,
    batch: usize,
    /// Versions sealed at once.
    chunk: usize,
    /// Sealed chunks that wait before the oldest is written.
    lag: usize,
    /// Killed before this row, and begun again behind what is written.
    killed: Option<usize>,
}

struct Scene {
    dir: tempfile::TempDir,
    keys: Keyring,
    store: Store,
    key_store: KeyStore,
    files: u8,
}

impl Scene {
    fn new(keys: &Keyring) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::create(&dir.path().join("main.db").into()).unwrap();
        store.set_relaxed(true).unwrap();
        let key_store = KeyStore::create(&dir.path().join("keys.db").into()).unwrap();
        let office = |name: &str| AuthorityRow {
            code: OFFICE.to_owned(),
            name: name.to_owned(),
            name_en: name.to_owned(),
            kind: "transport".to_owned(),
        };
        store.write("authority_add", |tx| tx.authority_add(&office("office"), NOW_US)).unwrap();
        Self { dir, keys: keys.clone(), store, key_store, files: 0 }
    }

    /// Imports a file and says what each of its rows came to.
    fn import(&mut self, rows: &[Plain], way: &Way) -> Vec<Decision> {
        self.files += 1;
        let (file, rows): (u8, Vec<_>) =
            (self.files, rows.iter().zip(1..).map(|(plain, row)| good(*plain, row)).collect());
        let (id, layout_id) = self
            .store
            .write("submission_open", |tx| {
                let id =
                    tx.submission_open(OFFICE, "penalty", "a.csv", &[file; 32], &[file; 32], NOW_US, "zhou", "")?;
                Ok::<_, AppError>((id, tx.layout_for("penalty", "a b")?))
            })
            .unwrap();
        let mut decisions = Vec::new();
        let through = way.killed.map_or(0, |end| {
            self.run(id, layout_id, &rows[..end.min(rows.len())], way, true, &mut decisions);
            self.store.view().submission_chunks(id).unwrap().last().map_or(0, |chunk| chunk.through_row as usize)
        });
        decisions.truncate(through);
        self.run(id, layout_id, &rows[through..], way, false, &mut decisions);
        let accepted = Acceptance {
            at_us: NOW_US,
            needs_release: false,
            row_count: 0,
            version_count: 0,
            root: &[0; 32],
            summary: "{}",
            receipt: "{}",
        };
        self.store.write("submission_accept", |tx| tx.submission_accept(id, &accepted)).unwrap();
        decisions
    }

    fn resolver<'k>(&self, keys: &'k Keyring, submission: Option<i64>, bounds: Bounds) -> Resolver<'k> {
        let key_reader = KeyStore::open(&self.dir.path().join("keys.db").into()).unwrap();
        let ids = SubjectIds::new(NOW_US);
        Resolver::new(keys, self.store.reader().unwrap(), key_reader, submission, Some(3), ids, bounds).unwrap()
    }

    /// What a dry run says.
    fn rehearse(&self, rows: &[Plain], way: &Way) -> Vec<Decision> {
        let rows: Vec<_> = rows.iter().zip(1..).map(|(plain, row)| good(*plain, row)).collect();
        let (keys, mut newcomers) = (self.keys.clone(), Newcomers::default());
        let mut resolver = self.resolver(&keys, None, way.bounds);
        let all = rows.chunks(way.batch).flat_map(|batch| (0..batch.len()).map(move |at| &batch[at..]));
        let resolved: Vec<_> = all.map(|rest| resolver.resolve(rest, &mut newcomers).unwrap()).collect();
        assert!(newcomers.subjects.is_empty() && newcomers.keys.is_empty(), "a dry run makes nobody");
        resolved.into_iter().map(|resolved| resolved.decision).collect()
    }

    /// As the collector and the writing thread do it. Where it is killed, what waits is lost.
    fn run(
        &mut self,
        submission: i64,
        layout_id: i64,
        rows: &[GoodRow],
        way: &Way,
        killed: bool,
        decisions: &mut Vec<Decision>,
    ) {
        let keys = self.keys.clone();
        let frame = Frame {
            keys: &keys,
            submission,
            item: "penalty",
            authority: OFFICE,
            layout_id,
            today: 20_500,
            now_us: NOW_US,
        };
        let mut resolver = self.resolver(&keys, Some(submission), way.bounds);
        let last = self.store.view().submission_chunks(submission).unwrap().pop();
        let mut leaf = last.map_or(0, |chunk| chunk.first_leaf + chunk.leaves);
        let (mut chunk, mut waiting, bodies) = (Chunk::default(), VecDeque::new(), Arc::new(b"body".to_vec()));
        for batch in rows.chunks(way.batch) {
            for (at, row) in batch.iter().enumerate() {
                let resolved = resolver.resolve(&batch[at..], &mut chunk.newcomers).unwrap();
                let (subject, record) = (resolved.subject_id, resolved.record_id);
                match &resolved.decision {
                    Decision::Write { version, body_version, state, effect } => {
                        let row = frame.draft(row, subject, record, *version, *body_version, *state, [7; 16]);
                        let plain = if *effect == Effect::Withdrawn { 0..0 } else { 0..4 };
                        let (key, bodies) = (resolved.key.unwrap(), Arc::clone(&bodies));
                        chunk.drafts.push(Draft { row, key, body_salt: [8; 16], bodies, plain });
                    }
                    Decision::Unchanged { newer: Some(time) } => chunk.seen.push((subject, record, *time)),
                    _ => {}
                }
                decisions.push(resolved.decision);
                chunk.through_row = row.row;
                let full = resolver.is_full();
                if full || chunk.drafts.len() >= way.chunk {
                    chunk.first_leaf = leaf;
                    leaf += chunk.drafts.len() as i64;
                    waiting.push_back(frame.seal(std::mem::take(&mut chunk)));
                }
                while waiting.len() > if full { 0 } else { way.lag } {
                    self.write(&frame, waiting.pop_front().unwrap());
                }
                if full {
                    resolver.forget();
                }
            }
        }
        if !killed {
            waiting.into_iter().for_each(|sealed| self.write(&frame, sealed));
            if let Some(row) = rows.last() {
                (chunk.through_row, chunk.first_leaf) = (row.row + 1, leaf);
            }
            self.write(&frame, frame.seal(chunk));
        }
    }

    fn write(&mut self, frame: &Frame<'_>, sealed: Sealed) {
        frame.write(&mut self.store, &mut self.key_store, &mut std::iter::once(sealed), &mut None).unwrap();
    }

    /// The identity clerk gives somebody a further name, and a decision locks one record.
    fn between_files(&mut self) {
        let known = |store: &Store, who: u8| store.view().subject_document(&[who; 16]).unwrap();
        if let Some(found) = known(&self.store, 1) {
            let add = |tx: &chengxin_store::Tx<'_>| {
                tx.subject_name_add(&found.subject_id, &[2; 16], 1, b"sealed", "evidence", "sun", NOW_US)
            };
            self.store.write("name", add).unwrap();
        }
        if let Some(found) = known(&self.store, 2) {
            let record = self.keys.record_id(&found.subject_id, &[1; 16]);
            let (kind, case_no) = ("correction".to_owned(), "case 1".to_owned());
            let lock = LockRow { kind, case_no, decided_on: 20_400, digest: [2; 16] };
            self.store.write("lock", |tx| tx.lock_set(&found.subject_id, &record, &lock, "qian", NOW_US)).unwrap();
        }
    }
}

fn keyring(dir: &Path) -> Keyring {
    let file = KeyFile::create(dir.join("keys.json"), Profile::Intl, NOW_US).unwrap();
    Keyring::new(Arc::new(FileKeyProvider::new(&file).unwrap())).unwrap()
}

fn rows() -> impl Strategy<Value = Vec<Plain>> {
    let name = prop_oneof![5 => Just(0u8), 1 => Just(1u8), 1 => Just(2u8)];
    let row = (0u8..5, name, 0u8..3, 0u8..3, proptest::option::of(0i64..4), proptest::bool::weighted(0.2));
    prop::collection::vec(row, 1..24)
}

const ROOMY: Bounds = Bounds { ahead: 1_000, at_hand: 1_000, written: 1_000 };

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn what_a_row_comes_to_does_not_hang_on_how_far_one_looks_ahead(
        files in prop::collection::vec(rows(), 3),
        (ahead, at_hand, written) in (1usize..9, 1usize..5, 1usize..9),
        (batch, chunk, lag, killed) in (1usize..9, 1usize..5, 0usize..3, 0usize..24),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let keys = keyring(dir.path());
        let plainly = Way { bounds: Bounds { ahead: 1, ..ROOMY }, batch: 1, chunk: 1, lag: 0, killed: None };
        let ways = [
            Way { bounds: ROOMY, batch: 1_000, chunk: 1_000, lag: 0, killed: None },
            Way { bounds: Bounds { ahead, ..ROOMY }, batch, chunk, lag, killed: None },
            Way { bounds: Bounds { ahead, at_hand, written }, batch: 1_000, chunk, lag, killed: None },
            Way { bounds: Bounds { ahead, at_hand, written }, batch, chunk, lag, killed: Some(killed) },
        ];
        let mut scenes: Vec<_> = (0..=ways.len()).map(|_| Scene::new(&keys)).collect();
        for file in &files {
            let (first, others) = scenes.split_first_mut().unwrap();
            let rehearsed = first.rehearse(file, &plainly);
            prop_assert_eq!(&first.rehearse(file, &ways[0]), &rehearsed);
            let expected = first.import(file, &plainly);
            prop_assert_eq!(&rehearsed, &expected);
            for (scene, way) in others.iter_mut().zip(&ways) {
                prop_assert_eq!(&scene.import(file, way), &expected, "{:?}", way);
            }
            scenes.iter_mut().for_each(Scene::between_files);
        }
    }
}
