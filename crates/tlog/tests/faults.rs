//! Each storage write fails, persisted and not: sequencing that is tried again afterwards ends in the tree it should, and no
//! checkpoint that was ever stored contradicts a later one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use chengxin_tlog::{
    CheckpointStore, DirStore, Fault, Faulty, Hash, Head, MemoryStore, SequenceError, Sequencer, StorageError,
    StoredHead, StoredTiles, TilePath, TileStore, VerifiedTiles, Write, prove_consistency, prove_inclusion, root_of,
    tiles_of,
};
use common::{Sha, leaves};

/// Sizes after each batch: seams of tiles, one leaf, many at once.
const SIZES: [usize; 9] = [1, 2, 200, 255, 256, 257, 1000, 1024, 1600];

/// Takes the log to the last of [`SIZES`], beginning anew from what is stored whenever a write fails. Gives every head that was
/// ever seen stored.
fn sequence<S: TileStore + CheckpointStore>(store: &mut S, all: &[Hash]) -> Vec<Head> {
    let mut seen: Vec<Head> = Vec::new();
    for round in 0.. {
        assert!(round < 2000, "sequencing does not come to an end");
        match attempt(store, all, &mut seen) {
            Ok(()) => return seen,
            Err(SequenceError::Storage(StorageError::Failed { .. })) => {}
            Err(other) => panic!("no fault may lead to this: {other}"),
        }
    }
    seen
}

fn attempt<S: TileStore + CheckpointStore>(
    store: &mut S,
    all: &[Hash],
    seen: &mut Vec<Head>,
) -> Result<(), SequenceError> {
    let note = |head: &Head| format!("{} leaves\n\n— nobody AAAAAAA=\n", head.size);
    let mut sequencer = match store.load()? {
        Some(stored) => {
            seen.push(stored.head);
            Sequencer::resume(&Sha, stored.head, store)?
        }
        None => {
            let new = Sequencer::new(&Sha, 1);
            store.compare_and_set(None, &StoredHead { head: new.head(), note: note(&new.head()) })?;
            new
        }
    };
    for size in SIZES {
        let from = sequencer.head().size as usize;
        if from < size {
            sequencer.advance(&Sha, store, all[from..size].iter().copied(), note)?;
            seen.push(sequencer.head());
        }
    }
    Ok(())
}

/// The log is whole, its root is the reference's, and every head ever stored is the beginning of every later one.
fn holds(store: &(impl TileStore + CheckpointStore), all: &[Hash], seen: &[Head]) {
    let head = store.load().unwrap().unwrap().head;
    let root = |size: usize| root_of(&Sha, all[..size].iter().map(<[u8; 32]>::as_slice));
    let whole = root(all.len());
    assert_eq!((head.size as usize, head.root), (all.len(), whole));
    let tiles = VerifiedTiles::new(&Sha, StoredTiles::new(store, head.size), head.size, &head.root).unwrap();
    for tile in tiles_of(head.size) {
        use chengxin_tlog::TileReader as _;
        tiles.tile(tile).unwrap();
        if tile.level() == 0 {
            let bundle = store.tile_read(TilePath::Entries(tile)).unwrap().unwrap();
            let first = tile.index() as usize * 256;
            let expected = &all[first..first + usize::from(tile.width())];
            assert_eq!(chengxin_tlog::bundle_entries(&bundle, tile.width()).unwrap(), expected);
        }
    }
    let mut roots = HashMap::new();
    let mut size = 0;
    for head in seen {
        assert!(head.size >= size, "the log went back");
        size = head.size;
        assert_eq!(*roots.entry(head.size).or_insert_with(|| root(head.size as usize)), head.root);
        if head.size > 0 {
            let proof = prove_consistency(&Sha, &tiles, head.size, all.len() as u64).unwrap();
            assert_eq!(proof.verify(&Sha, &head.root, &whole), Ok(()));
        }
    }
}

fn writes_without_faults(all: &[Hash]) -> u64 {
    let mut store = Faulty::new(MemoryStore::default(), |_, _| None);
    let seen = sequence(&mut store, all);
    assert_eq!(seen.len(), SIZES.len());
    holds(store.inner(), all, &seen);
    store.writes()
}

#[test]
fn whichever_single_write_fails_the_log_ends_the_same() {
    let all = leaves(SIZES[SIZES.len() - 1]);
    let writes = writes_without_faults(&all);
    assert!(writes > 40, "{writes} writes");
    for fault in [Fault::Persisted, Fault::NotPersisted] {
        for failing in 0..writes {
            let mut store = Faulty::new(MemoryStore::default(), move |n, _| (n == failing).then_some(fault));
            let seen = sequence(&mut store, &all);
            holds(store.inner(), &all, &seen);
        }
    }
}

/// A plan by which each write fails twice, in this order, and then goes well.
fn twice(faults: [Fault; 2]) -> impl FnMut(u64, Write) -> Option<Fault> {
    let mut tried: BTreeMap<Write, usize> = BTreeMap::new();
    let mut flushes = 0u64;
    move |_, write| {
        let count = if write == Write::Flush {
            flushes += 1;
            (flushes - 1) as usize % 3
        } else {
            let count = tried.entry(write).or_default();
            *count += 1;
            *count - 1
        };
        faults.get(count).copied()
    }
}

#[test]
fn when_each_write_fails_twice_the_log_ends_the_same() {
    let all = leaves(SIZES[SIZES.len() - 1]);
    for faults in [[Fault::Persisted, Fault::NotPersisted], [Fault::NotPersisted, Fault::Persisted]] {
        let mut store = Faulty::new(MemoryStore::default(), twice(faults));
        let seen = sequence(&mut store, &all);
        assert!(store.writes() > 2 * writes_without_faults(&all));
        holds(store.inner(), &all, &seen);
    }
}

#[test]
fn when_each_write_fails_twice_a_log_of_files_ends_the_same() {
    let all = leaves(SIZES[SIZES.len() - 1]);
    for faults in [[Fault::Persisted, Fault::NotPersisted], [Fault::NotPersisted, Fault::Persisted]] {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Faulty::new(DirStore::open_for_writing(folder.path()).unwrap(), twice(faults));
        let seen = sequence(&mut store, &all);
        holds(store.inner(), &all, &seen);
        let mut store = store.into_inner();
        assert!(store.remove_superseded(0).unwrap() > 0);
        holds(&store, &all, &seen);
        assert_eq!(
            std::fs::read_to_string(folder.path().join("checkpoint")).unwrap(),
            store.load().unwrap().unwrap().note
        );
    }
}

/// The leaves that wait may come in another order after a failure: only what a stored head covers is fixed.
#[test]
fn after_a_failure_the_next_leaves_may_be_others() {
    for fault in [Fault::Persisted, Fault::NotPersisted] {
        for failing in 0..40u64 {
            let stored: Rc<RefCell<Vec<Hash>>> = Rc::default();
            let mut store = Faulty::new(MemoryStore::default(), move |n, _| (n == failing).then_some(fault));
            let mut serial = 0u32;
            for _ in 0..8 {
                let _ = other_leaves(&mut store, &mut serial, &stored);
            }
            let head = store.load().unwrap().unwrap().head;
            let all = stored.borrow();
            assert_eq!(head.size as usize, all.len());
            assert_eq!(head.root, root_of(&Sha, all.iter().map(<[u8; 32]>::as_slice)));
            let tiles =
                VerifiedTiles::new(&Sha, StoredTiles::new(store.inner(), head.size), head.size, &head.root).unwrap();
            for (index, leaf) in all.iter().enumerate().step_by(149) {
                let proof = prove_inclusion(&Sha, &tiles, index as u64, head.size).unwrap();
                assert_eq!(proof.verify(&Sha, leaf, &head.root), Ok(()));
            }
        }
    }
}

/// One batch of 150 leaves that no other attempt has; those that happened are remembered.
fn other_leaves(
    store: &mut Faulty<MemoryStore>,
    serial: &mut u32,
    stored: &Rc<RefCell<Vec<Hash>>>,
) -> Result<(), SequenceError> {
    use chengxin_tlog::TreeHash as _;
    let Some(there) = store.load()? else {
        let head = Sequencer::new(&Sha, 1).head();
        return Ok(store.compare_and_set(None, &StoredHead { head, note: String::new() })?);
    };
    let mut sequencer = Sequencer::resume(&Sha, there.head, store)?;
    let batch: Vec<Hash> = (0..150u32)
        .map(|_| {
            *serial += 1;
            Sha.hash(&[&serial.to_be_bytes()])
        })
        .collect();
    let result = sequencer.advance(&Sha, store, batch.iter().copied(), |_| String::new());
    if store.load()?.is_some_and(|now| now.head.size > there.head.size) {
        stored.borrow_mut().extend(batch);
    }
    result.map(|_| ())
}
