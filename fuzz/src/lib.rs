//! What each fuzz target does with the bytes it is given. The test suite does the same with bytes of its own making.
//!
//! Two rules hold for every reader: it never panics, and what it takes it writes again byte for byte, so that no two texts
//! mean the same.

use chengxin_tlog::{
    AddCheckpoint, Checkpoint, ConsistencyProof, Hash, InclusionProof, MAX_PROOF_HASHES, Note, StorageError, TilePath,
    TreeBuilder, TreeHash, WitnessState, Witnessed, WitnessedLog, add_checkpoint, bundle_entries, bundle_push,
    leaf_hash, node_hash, parse_cosignatures,
};

/// SHA-256.
pub struct Sha;

impl TreeHash for Sha {
    fn hash(&self, parts: &[&[u8]]) -> Hash {
        use sha2::Digest as _;
        let mut hasher = sha2::Sha256::new();
        parts.iter().for_each(|part| hasher.update(part));
        hasher.finalize().into()
    }
}

/// A signed note.
pub fn note(data: &[u8]) {
    if let Ok(note) = Note::parse(data) {
        assert_eq!(note.to_string().as_bytes(), data);
        assert!(note.open(&[]).is_err(), "nobody's signature is good");
    }
}

/// The text of a checkpoint, and a checkpoint in a note.
pub fn checkpoint(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_string(), text);
    }
    assert!(Checkpoint::open(data, "log.example", &[], &[]).is_err(), "nobody's signature is good");
}

/// The path of a tile or bundle.
pub fn tile_path(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(path) = text.parse::<TilePath>() {
        assert_eq!(path.to_string(), text);
    }
}

/// An entry bundle, its width in the first two bytes.
pub fn entry_bundle(data: &[u8]) {
    let Some((width, bundle)) = data.split_first_chunk::<2>() else { return };
    let width = u16::from_be_bytes(*width) % 300;
    let Ok(entries) = bundle_entries(bundle, width) else { return };
    assert_eq!(entries.len(), usize::from(width));
    let mut again = Vec::new();
    for (position, entry) in entries.into_iter().enumerate() {
        assert_eq!(bundle_push(&mut again, position, entry), Ok(()));
    }
    assert_eq!(again, bundle);
}

/// An inclusion proof: index and size, 8 bytes each, then the hashes. In a small tree, only the true proof may verify.
pub fn inclusion_proof(data: &[u8]) {
    let Some((index, size, hashes)) = sizes_and_hashes(data) else { return };
    let proof = InclusionProof { index, size, hashes };
    if proof.root(&Sha, &[0; 32]).is_ok() {
        assert!(index < size && proof.hashes.len() <= MAX_PROOF_HASHES);
    }
    let size = size % 24 + 1;
    let proof = InclusionProof { index: index % (size + 2), size, ..proof };
    let leaf = proof.index.to_be_bytes();
    let holds = proof.verify(&Sha, &leaf, &root(0, size)).is_ok();
    assert_eq!(holds, proof.index < size && proof.hashes == path(proof.index, 0, size));
    if proof.index < size {
        let truth = InclusionProof { hashes: path(proof.index, 0, size), ..proof };
        assert_eq!(truth.verify(&Sha, &leaf, &root(0, size)), Ok(()));
    }
}

/// A consistency proof: both sizes, 8 bytes each, then the hashes. Between small trees, no hash of a true proof may be altered.
pub fn consistency_proof(data: &[u8]) {
    let Some((old_size, new_size, hashes)) = sizes_and_hashes(data) else { return };
    let proof = ConsistencyProof { old_size, new_size, hashes };
    if proof.verify(&Sha, &[0; 32], &[1; 32]).is_ok() {
        panic!("no proof may lead from one made-up root to another");
    }
    let (old_size, new_size) = (old_size % 26, new_size % 26);
    let proof = ConsistencyProof { old_size, new_size, ..proof };
    let holds = proof.verify(&Sha, &root(0, old_size), &root(0, new_size)).is_ok();
    let possible = old_size > 0 && old_size <= new_size;
    assert_eq!(holds, possible && proof.hashes == subproof(old_size, 0, new_size, true));
    if possible {
        let truth = ConsistencyProof { hashes: subproof(old_size, 0, new_size, true), ..proof };
        assert_eq!(truth.verify(&Sha, &root(0, old_size), &root(0, new_size)), Ok(()));
    }
}

/// A request to a witness, and a witness's answer.
pub fn witness_request(data: &[u8]) {
    if let Ok(request) = AddCheckpoint::parse(data) {
        assert_eq!(request.to_string().as_bytes(), data);
    }
    let logs = [WitnessedLog { origin: "log.example", keys: &[] }];
    let answer = add_checkpoint(&Sha, &logs, &mut Untouched, &[], 1, data);
    assert!(answer.is_ok_and(|answer| (400..500).contains(&answer.status) && answer.cosigned.is_none()));
    if let Ok(lines) = parse_cosignatures(data) {
        assert_eq!(lines.iter().map(|line| format!("{line}\n")).collect::<String>().as_bytes(), data);
    }
}

struct Untouched;

impl WitnessState for Untouched {
    fn known(&self, _origin: &str) -> Result<Option<Witnessed>, StorageError> {
        Ok(Some(Witnessed { size: 1, root: [0; 32] }))
    }
    fn compare_and_set(&mut self, _: &str, _: Option<Witnessed>, _: Witnessed) -> Result<bool, StorageError> {
        panic!("nothing is signed by the log, so nothing may be stored")
    }
}

fn sizes_and_hashes(data: &[u8]) -> Option<(u64, u64, Vec<Hash>)> {
    let (first, data) = data.split_first_chunk::<8>()?;
    let (second, data) = data.split_first_chunk::<8>()?;
    let (hashes, _) = data.as_chunks::<32>();
    Some((u64::from_be_bytes(*first), u64::from_be_bytes(*second), hashes.to_vec()))
}

/// Root over the leaves from `begin` to `end`, each its own number.
fn root(begin: u64, end: u64) -> Hash {
    let mut builder = TreeBuilder::default();
    (begin..end).for_each(|leaf| builder.push(&Sha, &leaf.to_be_bytes(), &mut |_| {}));
    builder.root(&Sha)
}

/// The definition of RFC 6962 §2.1.1.
fn path(index: u64, begin: u64, end: u64) -> Vec<Hash> {
    if end - begin == 1 {
        return Vec::new();
    }
    let middle = begin + (end - begin).next_power_of_two() / 2;
    let (mut path, sibling) = if index < middle {
        (path(index, begin, middle), root(middle, end))
    } else {
        (path(index, middle, end), root(begin, middle))
    };
    path.push(sibling);
    path
}

/// The definition of RFC 6962 §2.1.2.
fn subproof(old: u64, begin: u64, end: u64, whole: bool) -> Vec<Hash> {
    if old == end {
        return if whole { Vec::new() } else { vec![root(begin, end)] };
    }
    let middle = begin + (end - begin).next_power_of_two() / 2;
    let (mut proof, sibling) = if old <= middle {
        (subproof(old, begin, middle, whole), root(middle, end))
    } else {
        (subproof(old, middle, end, false), root(begin, middle))
    };
    proof.push(sibling);
    proof
}

/// Seeds: one that is taken by each target, so that a fuzzer does not have to find the format first.
pub fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let text = format!("log.example\n5\n{zeros}\n");
    let signed = format!("{text}\n— log.example AAAAAAA=\n");
    let mut bundle = vec![0, 2];
    bundle.extend([0, 2, b'a', b'b', 0, 0]);
    let with_hashes = |first: u64, second: u64, hashes: Vec<Hash>| {
        [first.to_be_bytes().as_slice(), &second.to_be_bytes(), &hashes.concat()].concat()
    };
    let two = node_hash(&Sha, &leaf_hash(&Sha, &0u64.to_be_bytes()), &leaf_hash(&Sha, &1u64.to_be_bytes()));
    assert_eq!(two, root(0, 2));
    vec![
        ("note", signed.clone().into_bytes()),
        ("checkpoint", text.into_bytes()),
        ("tile_path", b"tile/0/x001/x234/067.p/8".to_vec()),
        ("entry_bundle", bundle),
        // The size is taken modulo 24, and one is added.
        ("inclusion_proof", with_hashes(3, 6, path(3, 0, 7))),
        ("consistency_proof", with_hashes(3, 7, subproof(3, 0, 7, true))),
        ("witness_request", format!("old 3\n{zeros}\n\n{signed}").into_bytes()),
    ]
}
