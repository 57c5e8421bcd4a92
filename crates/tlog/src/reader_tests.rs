//! Tests of reading tiles: wider ones stand in for narrower, and altered ones are named.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::testing::{Sha, leaves, tiles_in};
use crate::{MemoryStore, prove_consistency, prove_inclusion, root_of};

fn tile(level: u8, index: u64, width: u16) -> TileId {
    TileId::new(level, index, width).unwrap()
}

/// A store with the tiles of the trees of each of these sizes.
fn store_of(sizes: &[usize]) -> MemoryStore {
    let mut store = MemoryStore::default();
    for size in sizes {
        for (tile, bytes) in tiles_in(&leaves(*size)) {
            store.tile_write(TilePath::Hashes(tile), &bytes).unwrap();
        }
    }
    store
}

fn root(size: usize) -> Hash {
    root_of(&Sha, leaves(size).iter().map(<[u8; 32]>::as_slice))
}

#[test]
fn where_a_partial_tile_is_gone_a_wider_or_the_full_one_serves() {
    let store = store_of(&[300]);
    let tiles = StoredTiles::new(&store, 300);
    let full = tiles.tile(tile(0, 0, 256)).unwrap();
    assert_eq!(tiles.tile(tile(0, 0, 7)).unwrap(), full[..7 * 32]);
    let widest = tiles.tile(tile(0, 1, 44)).unwrap();
    assert_eq!(tiles.tile(tile(0, 1, 43)).unwrap(), widest[..43 * 32]);
    assert_eq!(tiles.tile(tile(0, 1, 45)).unwrap_err().to_string(), "tile/0/001.p/45 is missing");
}

#[test]
fn an_old_tree_can_be_proved_from_the_tiles_of_a_newer_one() {
    let store = store_of(&[70_000]);
    let tiles = StoredTiles::new(&store, 70_000);
    assert_eq!(root_at(&Sha, &tiles, 1000).unwrap(), root(1000));
    let proof = prove_inclusion(&Sha, &tiles, 999, 1000).unwrap();
    assert_eq!(proof.verify(&Sha, &leaves(1000)[999], &root(1000)), Ok(()));
}

#[test]
fn checked_tiles_give_proofs_of_the_tree_and_of_trees_before_it() {
    let store = store_of(&[70_000]);
    let root = root(70_000);
    let tiles = VerifiedTiles::new(&Sha, StoredTiles::new(&store, 70_000), 70_000, &root).unwrap();
    for index in [0, 256, 65_535, 65_536, 69_999] {
        let proof = prove_inclusion(&Sha, &tiles, index, 70_000).unwrap();
        assert_eq!(proof.verify(&Sha, &leaves(70_000)[index as usize], &root), Ok(()));
    }
    let proof = prove_consistency(&Sha, &tiles, 66_000, 70_000).unwrap();
    assert_eq!(proof.verify(&Sha, &root_at(&Sha, &tiles, 66_000).unwrap(), &root), Ok(()));
    assert!(matches!(tiles.tile(tile(0, 273, 113)), Err(ReadError::Outside { .. })));
    assert!(matches!(tiles.tile(tile(3, 0, 1)), Err(ReadError::Outside { .. })));
}

#[test]
fn an_altered_tile_is_refused_and_named_whichever_it_is() {
    let size = 66_000u64;
    let (store, root) = (store_of(&[size as usize]), root(size as usize));
    let all: Vec<TilePath> = store.paths().collect();
    for path in all.iter().copied().step_by(37).chain(all.iter().copied().rev().take(4)) {
        let TilePath::Hashes(altered) = path else { panic!("{path} is no tile") };
        let mut store = store.clone();
        store.bytes_mut(path).unwrap()[17] ^= 1;
        let tiles = VerifiedTiles::new(&Sha, StoredTiles::new(&store, size), size, &root);
        let error = tiles.and_then(|tiles| tiles.tile(altered)).unwrap_err().to_string();
        assert!(error.contains(&altered.to_string()), "{altered}: {error}");
        assert!(error.contains("altered"), "{altered}: {error}");
    }
}

#[test]
fn a_shortened_or_missing_tile_is_refused_and_named() {
    let size = 66_000u64;
    let (mut store, root) = (store_of(&[size as usize]), root(size as usize));
    let path = TilePath::Hashes(tile(0, 3, 256));
    store.bytes_mut(path).unwrap().truncate(8190);
    let error = |store: &MemoryStore| {
        let tiles = VerifiedTiles::new(&Sha, StoredTiles::new(store, size), size, &root).unwrap();
        tiles.tile(tile(0, 3, 256)).unwrap_err().to_string()
    };
    assert_eq!(error(&store), "tile/0/003 has 8190 bytes: expected 8192");
    store.remove(path);
    assert_eq!(error(&store), "tile/0/003 is missing");
    store.remove(TilePath::Hashes(tile(2, 0, 1)));
    let tiles = VerifiedTiles::new(&Sha, StoredTiles::new(&store, size), size, &root).map(|_| ());
    assert_eq!(tiles.unwrap_err().to_string(), "tile/2/000.p/1 is missing");
}

#[test]
fn the_root_of_another_log_is_refused() {
    let store = store_of(&[300]);
    let tiles = VerifiedTiles::new(&Sha, StoredTiles::new(&store, 300), 300, &[0; 32]).map(|_| ());
    let error = tiles.unwrap_err().to_string();
    assert!(error.ends_with("altered is one of tile/0/001.p/44, tile/1/000.p/1"), "{error}");
    let empty = VerifiedTiles::new(&Sha, StoredTiles::new(&store, 300), 0, &[0; 32]).map(|_| ());
    assert!(matches!(empty, Err(ReadError::Root { size: 0, .. })));
    assert!(VerifiedTiles::new(&Sha, StoredTiles::new(&store, 300), 0, &root(0)).is_ok());
}
