//! Holds the programme against the section “The log as published” of `docs/log-format.md`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use chengxin_tlog::{
    Checkpoint, CheckpointStore, Hash, Head, InclusionProof, MemoryStore, Note, Sequencer, StoredHead, StoredTiles,
    TYPE_ED25519, TYPE_SM2, TYPE_SM2_COSIGNATURE, TileStore, VerifierKey, prove_consistency, prove_inclusion,
};
use common::{Ed25519, Sha};
use data_encoding::{BASE64, HEXLOWER};

const PAGE: &str = include_str!("../../../docs/log-format.md");
const ORIGIN: &str = "log.chengxin.example";

fn page() -> &'static str {
    PAGE.split_once("## The log as published").expect("the page has the section").1
}

/// The page has this as a block of its own; a failure shows the block, to be copied after a deliberate change of the format.
fn states(block: &str) {
    let block = format!("```\n{}\n```", block.trim_end());
    assert!(page().contains(&block), "docs/log-format.md does not have\n{block}");
}

/// The three commitments of the page: `00…`, `01…`, `02…`.
fn commitments() -> [Hash; 3] {
    [[0; 32], [1; 32], [2; 32]]
}

fn key() -> Ed25519 {
    Ed25519::generate(ORIGIN, TYPE_ED25519, 7)
}

fn signed(head: &Head) -> String {
    let checkpoint = Checkpoint { origin: ORIGIN.into(), size: head.size, root: head.root, extensions: vec![] };
    checkpoint.sign(&[&key()]).unwrap().to_string()
}

fn log() -> (MemoryStore, StoredHead) {
    let (mut store, mut sequencer) = (MemoryStore::default(), Sequencer::new(&Sha, 1));
    store.compare_and_set(None, &StoredHead { head: sequencer.head(), note: signed(&sequencer.head()) }).unwrap();
    sequencer.advance(&Sha, &mut store, commitments(), signed).unwrap();
    let stored = store.load().unwrap().unwrap();
    (store, stored)
}

#[test]
fn tiles_bundles_and_paths_are_those_of_the_page() {
    let (store, _) = log();
    let paths: Vec<String> = store.paths().map(|path| path.to_string()).collect();
    assert_eq!(paths, ["tile/0/000.p/3", "tile/entries/000.p/3"]);
    for path in paths {
        assert!(page().contains(&format!("`{path}`")), "{path}");
        states(&HEXLOWER.encode(&store.tile_read(path.parse().unwrap()).unwrap().unwrap()));
    }
}

#[test]
fn root_checkpoint_and_key_are_those_of_the_page() {
    let (_, stored) = log();
    states(&HEXLOWER.encode(&stored.head.root));
    states(&stored.note);
    let vkey = VerifierKey::new(&Sha, ORIGIN, TYPE_ED25519, key().public_bytes()).unwrap();
    states(&vkey.to_string());
    let key = Ed25519::public(&VerifierKey::parse(&Sha, &vkey.to_string()).unwrap(), TYPE_ED25519);
    let open = Checkpoint::open(stored.note.as_bytes(), ORIGIN, &[&key], &[]).unwrap();
    assert_eq!((open.checkpoint.size, open.checkpoint.root), (3, stored.head.root));
}

#[test]
fn proofs_are_those_of_the_page() {
    let (store, stored) = log();
    let tiles = StoredTiles::new(&store, 3);
    let lines = |hashes: &[Hash]| hashes.iter().map(|hash| BASE64.encode(hash)).collect::<Vec<_>>().join("\n");
    let inclusion = prove_inclusion(&Sha, &tiles, 0, 3).unwrap();
    states(&lines(&inclusion.hashes));
    assert_eq!(inclusion.verify(&Sha, &commitments()[0], &stored.head.root), Ok(()));
    let other = InclusionProof { index: 1, ..inclusion };
    assert!(other.verify(&Sha, &commitments()[0], &stored.head.root).is_err());
    let consistency = prove_consistency(&Sha, &tiles, 2, 3).unwrap();
    states(&lines(&consistency.hashes));
}

#[test]
fn the_identifiers_of_the_gm_keys_are_those_of_the_page() {
    for kind in [TYPE_SM2, TYPE_SM2_COSIGNATURE] {
        let (first, identifier) = kind.split_first().unwrap();
        assert_eq!(*first, 0xff);
        let identifier = std::str::from_utf8(identifier).unwrap().strip_suffix('\n').unwrap();
        assert!(page().contains(&format!("`ff` ‖ `{identifier}` ‖ `0a`")), "{identifier}");
    }
}

#[test]
fn the_page_and_the_programme_agree_that_a_note_is_read_whole_or_not_at_all() {
    let (_, stored) = log();
    assert!(Note::parse(stored.note.as_bytes()).is_ok());
    assert!(Note::parse(stored.note.trim_end().as_bytes()).is_err());
}
