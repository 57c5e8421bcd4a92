//! The witness protocol: what is cosigned, and each status code.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::HashMap;

use chengxin_tlog::{
    AddCheckpoint, Answer, Checkpoint, CosignatureVerifier, Hash, MemoryStore, Note, NoteVerifier, StorageError,
    StoredTiles, TYPE_COSIGNATURE_V1, TYPE_ED25519, TreeBuilder, TreeHash, WitnessState, Witnessed, WitnessedLog,
    add_checkpoint, cosignature_time, parse_cosignatures, prove_consistency, root_of,
};
use common::{Ed25519, Sha, leaves};
use proptest::prelude::*;

const ORIGIN: &str = "log.example/1";
const NOW: u64 = 1_777_600_000;

#[derive(Default)]
struct Memory {
    known: HashMap<String, Witnessed>,
    /// What another request stores between this one's look and its write.
    raced: Option<Witnessed>,
}

impl WitnessState for Memory {
    fn known(&self, origin: &str) -> Result<Option<Witnessed>, StorageError> {
        Ok(self.known.get(origin).copied())
    }
    fn compare_and_set(
        &mut self,
        origin: &str,
        expected: Option<Witnessed>,
        new: Witnessed,
    ) -> Result<bool, StorageError> {
        if let Some(raced) = self.raced.take() {
            self.known.insert(origin.to_owned(), raced);
        }
        let fits = self.known.get(origin).copied() == expected;
        if fits {
            self.known.insert(origin.to_owned(), new);
        }
        Ok(fits)
    }
}

fn key(seed: u8) -> Ed25519 {
    Ed25519::generate(ORIGIN, TYPE_ED25519, seed)
}

fn root(size: usize) -> Hash {
    root_of(&Sha, leaves(size).iter().map(<[u8; 32]>::as_slice))
}

fn checkpoint(origin: &str, size: u64, root: Hash) -> Note {
    let checkpoint = Checkpoint { origin: origin.into(), size, root, extensions: vec![] };
    checkpoint.sign(&[&key(1)]).unwrap()
}

/// A truthful request from `old` to `new` leaves.
fn request(old: usize, new: usize) -> String {
    let mut tiles = HashMap::new();
    let mut builder = TreeBuilder::default();
    let mut keep = |tile: chengxin_tlog::Tile| {
        let width = (tile.hashes.len() / 32) as u16;
        tiles.insert(chengxin_tlog::TileId::new(tile.level, tile.part, width).unwrap(), tile.hashes);
    };
    leaves(new).iter().for_each(|leaf| builder.push(&Sha, leaf, &mut keep));
    builder.finish().into_iter().for_each(&mut keep);
    let proof = match old {
        0 => Vec::new(),
        _ => prove_consistency(&Sha, &tiles, old as u64, new as u64).unwrap().hashes,
    };
    AddCheckpoint::new(old as u64, proof, checkpoint(ORIGIN, new as u64, root(new))).unwrap().to_string()
}

fn witness_key() -> Ed25519 {
    Ed25519::generate("witness.example/w", TYPE_COSIGNATURE_V1, 9)
}

fn send(state: &mut Memory, body: &str) -> Answer {
    let key = key(1);
    let keys: [&dyn NoteVerifier; 1] = [&key];
    let logs = [WitnessedLog { origin: ORIGIN, keys: &keys }];
    let answer = add_checkpoint(&Sha, &logs, state, &[&witness_key()], NOW, body.as_bytes()).unwrap();
    assert_eq!(answer.cosigned.is_some(), answer.status == 200);
    assert!(answer.body.ends_with('\n'));
    answer
}

fn known(state: &Memory) -> Option<u64> {
    state.known.get(ORIGIN).map(|known| known.size)
}

/// The answer to a request of a witness that knows the log at 5 leaves; it must not have moved.
fn refused(body: &str) -> (u16, String) {
    let mut state = Memory::default();
    assert_eq!(send(&mut state, &request(0, 5)).status, 200);
    let answer = send(&mut state, body);
    assert_eq!(known(&state), Some(5));
    (answer.status, answer.body)
}

#[test]
fn a_log_that_grows_is_cosigned_again_and_again() {
    let mut state = Memory::default();
    let mut old = 0;
    for new in [1, 5, 5, 256, 300, 700] {
        let body = request(old, new);
        let answer = send(&mut state, &body);
        assert_eq!((answer.status, answer.body.lines().count()), (200, 1), "{}", answer.body);
        let mut note = AddCheckpointNote::of(&body);
        for signature in parse_cosignatures(answer.body.as_bytes()).unwrap() {
            note.add(signature).unwrap();
        }
        assert_eq!(answer.cosigned.as_ref(), Some(&note));
        let (log, witness) = (key(1), CosignatureVerifier(witness_key()));
        let open = Checkpoint::open(note.to_string().as_bytes(), ORIGIN, &[&log], &[&witness]).unwrap();
        assert_eq!(open.signatures.len(), 2);
        assert_eq!(cosignature_time(&open.signatures[1].signature), Some(NOW));
        assert_eq!(known(&state), Some(new as u64));
        old = new;
    }
}

struct AddCheckpointNote;
impl AddCheckpointNote {
    fn of(body: &str) -> Note {
        Note::parse(body.split_once("\n\n").unwrap().1.as_bytes()).unwrap()
    }
}

#[test]
fn an_unknown_log_is_404() {
    let note = checkpoint("another.example", 6, root(6));
    let body = AddCheckpoint::new(5, vec![], note).unwrap().to_string();
    assert_eq!(refused(&body), (404, "unknown log \"another.example\"\n".into()));
}

#[test]
fn a_checkpoint_that_the_log_has_not_signed_is_403() {
    let unsigned = |seed| {
        let checkpoint = Checkpoint { origin: ORIGIN.into(), size: 6, root: root(6), extensions: vec![] };
        let note = checkpoint.sign(&[&key(seed)]).unwrap();
        request(5, 6).split_once("\n\n").unwrap().0.to_owned() + "\n\n" + &note.to_string()
    };
    assert_eq!(refused(&unsigned(2)).0, 403);
    let altered = unsigned(1).replace("\n6\n", "\n7\n");
    assert_eq!(refused(&altered), (403, "the signature of log.example/1 does not fit the text\n".into()));
}

#[test]
fn another_old_size_than_the_witness_knows_is_409_with_that_size() {
    let mut state = Memory::default();
    send(&mut state, &request(0, 5));
    for old in [0, 3, 6] {
        let answer = send(&mut state, &request(old, 7));
        assert_eq!((answer.status, answer.content_type, answer.body.as_str()), (409, "text/x.tlog.size", "5\n"));
    }
    let answer = send(&mut Memory::default(), &request(3, 7));
    assert_eq!((answer.status, answer.body.as_str()), (409, "0\n"));
}

#[test]
fn an_old_size_larger_than_the_checkpoint_is_400() {
    let body = request(4, 4).replace("old 4", "old 5");
    assert_eq!(refused(&body).0, 400);
}

#[test]
fn a_checkpoint_that_does_not_go_on_from_the_last_is_422() {
    let signed = |old: u64, proof: Vec<Hash>, size: u64, root: Hash| {
        AddCheckpoint::new(old, proof, checkpoint(ORIGIN, size, root)).unwrap().to_string()
    };
    assert_eq!(refused(&signed(5, vec![], 5, root(6))).0, 422, "the same size, another root");
    assert_eq!(refused(&signed(5, vec![[0; 32]], 5, root(5))).0, 422, "a proof where none is called for");
    assert_eq!(refused(&signed(5, vec![], 7, root(7))).0, 422, "no proof");
    assert_eq!(refused(&signed(5, vec![[0; 32]; 4], 7, root(7))).0, 422, "a wrong proof");
    let fork = request(5, 9);
    let proof = fork.split_once("\n\n").unwrap().0;
    let forked = format!("{proof}\n\n{}", checkpoint(ORIGIN, 9, [3; 32]));
    assert_eq!(refused(&forked).0, 422, "a fork");
    let mut fresh = Memory::default();
    assert_eq!(send(&mut fresh, &signed(0, vec![[0; 32]], 5, root(5))).status, 422, "a proof from nothing");
    assert_eq!(send(&mut fresh, &signed(0, vec![], 0, [1; 32])).status, 422, "an empty tree with a root");
    assert_eq!(known(&fresh), None);
    assert_eq!(send(&mut fresh, &signed(0, vec![], 0, Sha.hash(&[]))).status, 200);
    assert_eq!(send(&mut fresh, &request(0, 5)).status, 200);
}

#[test]
fn a_malformed_request_is_400() {
    let good = request(5, 7);
    assert_eq!(refused("").0, 400);
    for (from, to) in [
        ("old 5", "old 05"),
        ("old 5", "old  5"),
        ("old 5", "Old 5"),
        ("old 5", "old -1"),
        ("old 5", "old 5 "),
        ("old 5\n", ""),
        ("old 5\n", "old 5\n\n"),
        ("old 5\n", "old 5\nAAAA\n"),
        ("old 5\n", "old 5\nzzz\n"),
        ("\n\n", "\n"),
        ("— ", "- "),
        ("log.example/1\n7\n", "log.example/1\n07\n"),
        ("log.example/1\n7\n", "7\n"),
        ("old 5\n", "old 5\r\n"),
    ] {
        assert!(good.contains(from), "{from:?}");
        let (status, body) = refused(&good.replacen(from, to, 1));
        assert_eq!(status, 400, "{from:?} {to:?}: {body}");
    }
    let line = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n";
    let own = good.lines().take_while(|line| !line.is_empty()).count() - 1;
    let lines = |n: usize| good.replacen("old 5\n", &format!("old 5\n{}", line.repeat(n - own)), 1);
    assert_eq!(refused(&lines(63)).0, 422, "as many lines as may be, and wrong");
    assert_eq!(refused(&lines(64)).0, 400);
    assert!(AddCheckpoint::new(5, vec![[0; 32]; 64], checkpoint(ORIGIN, 7, root(7))).is_err());
}

#[test]
fn of_two_requests_at_once_one_is_told_where_the_other_went() {
    let mut state = Memory::default();
    send(&mut state, &request(0, 5));
    state.raced = Some(Witnessed { size: 9, root: root(9) });
    let answer = send(&mut state, &request(5, 7));
    assert_eq!((answer.status, answer.body.as_str()), (409, "9\n"));
    assert_eq!(known(&state), Some(9), "the log did not go back");
}

#[test]
fn the_examples_of_the_specification_are_read_and_written() {
    let example = include_str!("vectors/c2sp/add-checkpoint-request.txt");
    let request = AddCheckpoint::parse(example.as_bytes()).unwrap();
    assert_eq!(request.to_string(), example);
    assert_eq!(request.checkpoint().size, 20_852_163);
    let response = include_str!("vectors/c2sp/add-checkpoint-response.txt");
    let names: Vec<String> = parse_cosignatures(response.as_bytes()).unwrap().into_iter().map(|s| s.name).collect();
    assert_eq!(names, ["witness.example/w1", "witness.example/w1", "witness.example/w2"]);
    assert!(parse_cosignatures(response.replacen('\n', "\n\n", 1).as_bytes()).is_err());
    assert!(parse_cosignatures(b"").is_err());
}

proptest! {
    #[test]
    fn no_altered_request_is_cosigned_unless_it_says_the_same(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut bytes = request(5, 13).into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        let mut state = Memory::default();
        send(&mut state, &request(0, 5));
        let key = key(1);
        let keys: [&dyn NoteVerifier; 1] = [&key];
        let logs = [WitnessedLog { origin: ORIGIN, keys: &keys }];
        let answer = add_checkpoint(&Sha, &logs, &mut state, &[&witness_key()], NOW, &bytes).unwrap();
        prop_assert!(answer.status >= 400, "{}", answer.status);
        prop_assert_eq!(known(&state), Some(5));
    }
}

/// A log of the crate's own making, from its store to the witness.
#[test]
fn a_sequenced_log_is_witnessed() {
    use chengxin_tlog::{CheckpointStore as _, Head, Sequencer, StoredHead};
    let sign = |head: &Head| checkpoint(ORIGIN, head.size, head.root).to_string();
    let (mut store, mut sequencer) = (MemoryStore::default(), Sequencer::new(&Sha, 1));
    let first = sequencer.head();
    store.compare_and_set(None, &StoredHead { head: first, note: sign(&first) }).unwrap();
    let (mut state, mut old) = (Memory::default(), 0);
    for size in [3, 300, 1000] {
        let batch = leaves(size)[old as usize..].to_vec();
        let head = sequencer.advance(&Sha, &mut store, batch, sign).unwrap();
        let proof = match old {
            0 => vec![],
            _ => prove_consistency(&Sha, &StoredTiles::new(&store, head.size), old, head.size).unwrap().hashes,
        };
        let note = Note::parse(store.load().unwrap().unwrap().note.as_bytes()).unwrap();
        let body = AddCheckpoint::new(old, proof, note).unwrap().to_string();
        assert_eq!(send(&mut state, &body).status, 200);
        old = head.size;
    }
}
