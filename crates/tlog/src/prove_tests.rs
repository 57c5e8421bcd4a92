//! Tests of proofs: those computed verify, and nothing else does.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::RefCell;

use super::*;
use crate::testing::{Sha, leaves, tiles_in};
use crate::{leaf_hash, root_of};
use proptest::prelude::*;

/// Tiles of the tree over the first `size` leaves, and its root.
fn tree(size: usize) -> (HashMap<TileId, Vec<u8>>, Hash) {
    let leaves = leaves(size);
    (tiles_in(&leaves), root_of(&Sha, leaves.iter().map(<[u8; 32]>::as_slice)))
}

/// The definition of RFC 6962 §2.1.1, word for word.
fn path_by_definition(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let root = |part: &[Hash]| root_of(&Sha, part.iter().map(<[u8; 32]>::as_slice));
    let k = left_half(leaves.len() as u64) as usize;
    let (left, right) = leaves.split_at(k);
    let (mut path, sibling) = if index < k {
        (path_by_definition(index, left), root(right))
    } else {
        (path_by_definition(index - k, right), root(left))
    };
    path.push(sibling);
    path
}

/// SUBPROOF of RFC 6962 §2.1.2, word for word.
fn consistency_by_definition(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    let root = |part: &[Hash]| root_of(&Sha, part.iter().map(<[u8; 32]>::as_slice));
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![root(leaves)] };
    }
    let k = left_half(leaves.len() as u64) as usize;
    let (left, right) = leaves.split_at(k);
    let (mut path, sibling) = if old <= k {
        (consistency_by_definition(old, left, whole), root(right))
    } else {
        (consistency_by_definition(old - k, right, false), root(left))
    };
    path.push(sibling);
    path
}

#[test]
fn proofs_are_those_of_the_definition_for_every_leaf_and_size_up_to_70() {
    for size in 1..=70usize {
        let (tiles, root) = tree(size);
        let all = leaves(size);
        for at in 0..size {
            let proof = prove_inclusion(&Sha, &tiles, at as u64, size as u64).unwrap();
            assert_eq!(proof.hashes, path_by_definition(at, &all));
            assert_eq!(proof.verify(&Sha, &all[at], &root), Ok(()));
            let (_, old_root) = tree(at + 1);
            let proof = prove_consistency(&Sha, &tiles, at as u64 + 1, size as u64).unwrap();
            assert_eq!(proof.hashes, consistency_by_definition(at + 1, &all, true));
            assert_eq!(proof.verify(&Sha, &old_root, &root), Ok(()));
        }
    }
}

#[test]
fn no_wrong_index_or_size_verifies() {
    for size in 1..=40u64 {
        let (tiles, root) = tree(size as usize);
        let all = leaves(size as usize);
        for index in 0..size {
            let right = prove_inclusion(&Sha, &tiles, index, size).unwrap();
            let entry = &all[index as usize];
            for wrong in (0..=size + 2).chain([u64::MAX]) {
                let other_index = InclusionProof { index: wrong, ..right.clone() };
                assert_eq!(other_index.verify(&Sha, entry, &root).is_ok(), wrong == index, "{index} {size} {wrong}");
            }
            let beyond = InclusionProof { size: index, ..right.clone() };
            assert_eq!(
                beyond.verify(&Sha, entry, &root),
                Err(ProofError::IndexBeyondSize { index, size: index }),
                "a size that does not hold the leaf"
            );
        }
    }
}

#[test]
fn a_proof_from_nothing_or_backwards_is_refused() {
    let (tiles, root) = tree(5);
    let proof = |old_size, new_size| ConsistencyProof { old_size, new_size, hashes: Vec::new() };
    assert_eq!(proof(0, 5).verify(&Sha, &Sha.hash(&[]), &root), Err(ProofError::FromEmpty));
    assert_eq!(proof(6, 5).verify(&Sha, &root, &root), Err(ProofError::Shrinks { old_size: 6, new_size: 5 }));
    assert_eq!(proof(5, 5).verify(&Sha, &root, &root), Ok(()));
    assert!(matches!(proof(5, 5).verify(&Sha, &root, &[0; 32]), Err(ProofError::Root { size: 5, .. })));
    assert!(prove_consistency(&Sha, &tiles, 0, 5).is_err());
    assert!(prove_consistency(&Sha, &tiles, 6, 5).is_err());
    assert!(prove_inclusion(&Sha, &tiles, 5, 5).is_err());
}

#[test]
fn the_largest_sizes_do_not_overflow() {
    let long = vec![[0; 32]; MAX];
    const MAX: usize = crate::MAX_PROOF_HASHES + 5;
    for (index, size) in [(0, u64::MAX), (u64::MAX - 1, u64::MAX), (1 << 63, u64::MAX), (0, 1 << 63)] {
        let proof = InclusionProof { index, size, hashes: long.clone() };
        let Err(ProofError::Length { expected, .. }) = proof.verify(&Sha, &[0; 32], &[0; 32]) else {
            panic!("{index} of {size} must be refused for its length")
        };
        assert!(expected <= crate::MAX_PROOF_HASHES);
        let fitting = InclusionProof { index, size, hashes: vec![[0; 32]; expected] };
        assert!(matches!(fitting.verify(&Sha, &[0; 32], &[0; 32]), Err(ProofError::Root { .. })));
        let proof = ConsistencyProof { old_size: index + 1, new_size: size, hashes: long.clone() };
        assert!(matches!(proof.verify(&Sha, &[0; 32], &[0; 32]), Err(ProofError::Length { .. })));
    }
    let proof = ConsistencyProof { old_size: (1 << 63) - 1, new_size: u64::MAX, hashes: long };
    let Err(ProofError::Length { expected, .. }) = proof.verify(&Sha, &[0; 32], &[0; 32]) else {
        panic!("must be refused for its length")
    };
    assert!(expected <= crate::MAX_PROOF_HASHES);
}

#[test]
fn each_tile_is_read_once_a_proof() {
    struct Counting<'a>(&'a HashMap<TileId, Vec<u8>>, RefCell<Vec<TileId>>);
    impl TileReader for Counting<'_> {
        fn tile(&self, tile: TileId) -> Result<Vec<u8>, ReadError> {
            assert!(!self.1.borrow().contains(&tile), "{tile} was read twice");
            self.1.borrow_mut().push(tile);
            self.0.tile(tile)
        }
    }
    let size = 67_000;
    let (tiles, root) = tree(size);
    for index in [0, 255, 256, 65_535, 65_536, 66_999] {
        let counting = Counting(&tiles, RefCell::default());
        let proof = prove_inclusion(&Sha, &counting, index, size as u64).unwrap();
        assert_eq!(proof.verify(&Sha, &leaves(size)[index as usize], &root), Ok(()));
        assert!(counting.1.borrow().len() <= 6);
        let counting = Counting(&tiles, RefCell::default());
        prove_consistency(&Sha, &counting, index + 1, size as u64).unwrap();
        assert!(counting.1.borrow().len() <= 6);
    }
}

#[test]
fn a_missing_or_shortened_tile_is_named() {
    let (mut tiles, _) = tree(600);
    let tile = TileId::new(0, 1, 256).unwrap();
    tiles.get_mut(&tile).unwrap().truncate(8191);
    let error = prove_inclusion(&Sha, &tiles, 300, 600).unwrap_err();
    assert_eq!(error.to_string(), "tile/0/001 has 8191 bytes: expected 8192");
    tiles.remove(&tile);
    assert_eq!(prove_inclusion(&Sha, &tiles, 300, 600).unwrap_err().to_string(), "tile/0/001 is missing");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn inclusion_proofs_hold_and_no_altered_one_does(size in 1usize..1200, at in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), bit in 0u8..8) {
        let (tiles, root) = tree(size);
        let index = at.index(size);
        let entry = Sha.hash(&[index.to_string().as_bytes()]);
        let proof = prove_inclusion(&Sha, &tiles, index as u64, size as u64).unwrap();
        prop_assert_eq!(proof.verify(&Sha, &entry, &root), Ok(()));
        prop_assert_eq!(proof.verify_hash(&Sha, &leaf_hash(&Sha, &entry), &root), Ok(()));
        for altered in altered(&proof.hashes, place, bit) {
            let proof = InclusionProof { hashes: altered, ..proof.clone() };
            prop_assert!(proof.verify(&Sha, &entry, &root).is_err());
        }
        let mut other = entry;
        other[usize::from(bit)] ^= 1 << bit;
        prop_assert!(proof.verify(&Sha, &other, &root).is_err());
    }

    #[test]
    fn consistency_proofs_hold_and_no_altered_one_does(old in 1usize..700, more in 0usize..700, place in any::<prop::sample::Index>(), bit in 0u8..8) {
        let ((_, old_root), (tiles, root)) = (tree(old), tree(old + more));
        let proof = prove_consistency(&Sha, &tiles, old as u64, (old + more) as u64).unwrap();
        prop_assert_eq!(proof.verify(&Sha, &old_root, &root), Ok(()));
        for altered in altered(&proof.hashes, place, bit) {
            let proof = ConsistencyProof { hashes: altered, ..proof.clone() };
            prop_assert!(proof.verify(&Sha, &old_root, &root).is_err());
        }
        let mut other = old_root;
        other[usize::from(bit)] ^= 1 << bit;
        prop_assert!(proof.verify(&Sha, &other, &root).is_err());
        if more > 0 {
            prop_assert!(proof.verify(&Sha, &root, &old_root).is_err());
        }
    }

    #[test]
    fn the_root_of_any_earlier_size_comes_from_its_right_edge(size in 0usize..1200) {
        let (tiles, root) = tree(size);
        prop_assert_eq!(root_at(&Sha, &tiles, size as u64).unwrap(), root);
    }
}

/// The hashes with one bit flipped, one left out, one added at every end, and two exchanged.
fn altered(hashes: &[Hash], place: prop::sample::Index, bit: u8) -> Vec<Vec<Hash>> {
    let mut out = vec![[&[[7; 32]], hashes].concat(), [hashes, &[[7; 32]]].concat()];
    if !hashes.is_empty() {
        let at = place.index(hashes.len());
        let mut flipped = hashes.to_vec();
        flipped[at][usize::from(bit) * 4] ^= 1 << bit;
        let mut shorter = hashes.to_vec();
        shorter.remove(at);
        out.extend([flipped, shorter]);
    }
    if hashes.len() > 1 {
        let mut exchanged = hashes.to_vec();
        exchanged.swap(0, hashes.len() - 1);
        out.push(exchanged);
    }
    out
}
