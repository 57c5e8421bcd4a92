//! Tests of the sequencer: what it writes, and what it refuses to go on from.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::testing::{Sha, leaves, tiles_in};
use crate::{Faulty, MemoryStore, TILE_WIDTH, Write, bundle_entries, root_of};
use std::cell::RefCell;
use std::rc::Rc;

fn begun() -> (Sequencer, MemoryStore) {
    let (sequencer, mut store) = (Sequencer::new(&Sha, 1), MemoryStore::default());
    store.compare_and_set(None, &StoredHead { head: sequencer.head(), note: String::new() }).unwrap();
    (sequencer, store)
}

fn log_of(count: usize) -> (Sequencer, MemoryStore) {
    let (mut sequencer, mut store) = begun();
    sequencer.advance(&Sha, &mut store, leaves(count), |_| String::new()).unwrap();
    (sequencer, store)
}

fn resumed(store: &MemoryStore) -> Result<Sequencer, SequenceError> {
    Sequencer::resume(&Sha, store.load().unwrap().unwrap().head, store)
}

fn hashes(level: u8, index: u64, width: u16) -> TilePath {
    TilePath::Hashes(TileId::new(level, index, width).unwrap())
}

#[test]
fn every_tile_and_bundle_of_the_tree_is_written() {
    let all = leaves(70_000);
    let (mut sequencer, mut store) = begun();
    for batch in all.chunks(30_001) {
        sequencer.advance(&Sha, &mut store, batch.iter().copied(), |_| String::new()).unwrap();
    }
    let tree = tiles_in(&all);
    assert_eq!(sequencer.head().root, root_of(&Sha, all.iter().map(<[u8; 32]>::as_slice)));
    for (tile, bytes) in &tree {
        assert_eq!(store.tile_read(TilePath::Hashes(*tile)).unwrap().as_ref(), Some(bytes), "{tile}");
    }
    for (index, entries) in all.chunks(256).enumerate() {
        let path = TilePath::Entries(TileId::new(0, index as u64, entries.len() as u16).unwrap());
        let bundle = store.tile_read(path).unwrap().unwrap();
        assert_eq!(bundle_entries(&bundle, entries.len() as u16).unwrap(), entries, "{path}");
    }
}

#[test]
fn a_batch_writes_only_what_it_changes() {
    let (_, store) = log_of(70_000);
    let sequencer = resumed(&store).unwrap();
    let written = Rc::new(RefCell::new(Vec::new()));
    let record = Rc::clone(&written);
    let mut store = Faulty::new(store, move |_, write| {
        record.borrow_mut().push(write);
        None
    });
    let entries = |index, width| TilePath::Entries(TileId::new(0, index, width).unwrap());
    let writes = |paths: &[TilePath]| {
        let tiles = paths.iter().copied().map(Write::Tile);
        tiles.chain([Write::Flush]).collect::<Vec<Write>>()
    };
    let batch = sequencer.prepare(&Sha, &mut store, leaves(1)).unwrap();
    let edge = [hashes(0, 273, 113), hashes(1, 1, 17), hashes(2, 0, 1), entries(273, 113)];
    assert_eq!(written.take(), writes(&edge));
    assert_eq!((batch.from(), batch.head().size), ((70_000, 1), 70_001));
    let batch = sequencer.prepare(&Sha, &mut store, leaves(144)).unwrap();
    let filled = [entries(273, 256), hashes(0, 273, TILE_WIDTH), hashes(1, 1, 18), hashes(2, 0, 1)];
    assert_eq!(written.take(), writes(&filled));
    assert_eq!(batch.head().size, 70_144);
    let batch = sequencer.prepare(&Sha, &mut store, []).unwrap();
    assert_eq!(written.take(), [], "nothing to do, nothing written");
    assert_eq!(batch.head(), sequencer.head());
}

#[test]
fn a_head_that_the_tiles_do_not_lead_to_is_refused() {
    let (_, store) = log_of(300);
    let mut head = store.load().unwrap().unwrap().head;
    head.root[0] ^= 1;
    let error = Sequencer::resume(&Sha, head, &store).unwrap_err().to_string();
    assert!(error.starts_with("log is inconsistent: its tiles of 300 leaves lead to root "), "{error}");
    let error = Sequencer::resume(&Sha, Head { size: 301, ..head }, &store).unwrap_err().to_string();
    assert_eq!(error, "log is inconsistent: tile/0/001.p/45 is missing: expected it for a tree of 301 leaves");
}

#[test]
fn an_altered_shortened_or_missing_tile_is_refused() {
    let (_, mut store) = log_of(300);
    let tile = hashes(0, 1, 44);
    store.bytes_mut(tile).unwrap()[100] ^= 1;
    assert!(matches!(resumed(&store), Err(SequenceError::Root { size: 300, .. })));
    store.bytes_mut(tile).unwrap().truncate(43 * 32);
    let error = resumed(&store).unwrap_err().to_string();
    assert_eq!(error, "log is inconsistent: tile/0/001.p/44 has 1376 bytes: expected 1408");
    store.remove(tile);
    assert!(matches!(resumed(&store), Err(SequenceError::Tile(ResumeError::Missing { .. }))));
}

#[test]
fn an_altered_shortened_or_missing_bundle_is_refused() {
    let (_, mut store) = log_of(300);
    let bundle = TilePath::Entries(TileId::new(0, 1, 44).unwrap());
    assert!(resumed(&store).is_ok());
    store.bytes_mut(bundle).unwrap()[50] ^= 1;
    let error = resumed(&store).unwrap_err().to_string();
    assert!(error.starts_with("log is inconsistent: tile/entries/001.p/44 was altered"), "{error}");
    store.bytes_mut(bundle).unwrap().pop();
    assert!(matches!(resumed(&store), Err(SequenceError::Bundle { expected: 44, .. })));
    store.remove(bundle);
    assert!(matches!(resumed(&store), Err(SequenceError::Bundle { found: "is missing", .. })));
}

#[test]
fn of_two_sequencers_the_second_is_shut_out() {
    let (mut first, mut store) = log_of(300);
    let mut second = resumed(&store).unwrap();
    second.take_over();
    second.advance(&Sha, &mut store, [], |_| String::new()).unwrap();
    assert_eq!(second.head().mark(), (300, 2));
    let before = store.clone();
    let error = first.advance(&Sha, &mut store, [[1; 32]], |_| String::new()).unwrap_err();
    assert_eq!(error.to_string(), "the log stands at 300 leaves in epoch 2: expected it at 300 leaves in epoch 1");
    assert_eq!(store.load().unwrap(), before.load().unwrap());
    assert!(matches!(first.advance(&Sha, &mut store, [], |_| String::new()), Err(SequenceError::Unknown)));
    second.advance(&Sha, &mut store, [[2; 32]], |_| String::new()).unwrap();
    assert_eq!(resumed(&store).unwrap().head(), second.head());
}

#[test]
fn a_batch_that_is_dropped_may_be_followed_by_another_with_other_leaves() {
    let (mut sequencer, mut store) = log_of(250);
    let dropped = sequencer.prepare(&Sha, &mut store, (0..20).map(|i| [i; 32])).unwrap();
    assert_eq!(dropped.head().size, 270);
    drop(dropped);
    sequencer.advance(&Sha, &mut store, (0..30).map(|i| [i + 100; 32]), |_| String::new()).unwrap();
    assert_eq!(resumed(&store).unwrap().head(), sequencer.head());
    let all: Vec<Hash> = leaves(250).into_iter().chain((0..30).map(|i| [i + 100; 32])).collect();
    for (tile, bytes) in tiles_in(&all) {
        assert_eq!(store.tile_read(TilePath::Hashes(tile)).unwrap(), Some(bytes), "{tile}");
    }
}
