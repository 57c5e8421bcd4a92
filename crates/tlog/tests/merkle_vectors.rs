//! The public proof vectors: those that hold are taken, those that must fail are refused.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use chengxin_tlog::{ConsistencyProof, Hash, InclusionProof};
use common::{Sha, base64};
use serde_json::Value;

/// Some vectors have texts like “don't care 1” for roots, which our types cannot hold: they are filled up with zeros, so that
/// what the vector is about is still tried. Different texts stay different.
fn hash(value: &Value) -> Hash {
    let bytes = base64(value.as_str().unwrap());
    let mut hash = [0; 32];
    hash[..bytes.len()].copy_from_slice(&bytes);
    hash
}

fn hashes(value: &Value) -> Vec<Hash> {
    value.as_array().map(|list| list.iter().map(hash).collect()).unwrap_or_default()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn inclusion_holds(v: &Value) -> bool {
    // “Empty root and leaf” must fail because they are no hashes: here that is refused when they are read.
    if v["leafHash"] == "" || v["root"] == "" {
        return false;
    }
    let proof =
        InclusionProof { index: number(&v["leafIdx"]), size: number(&v["treeSize"]), hashes: hashes(&v["proof"]) };
    proof.verify_hash(&Sha, &hash(&v["leafHash"]), &hash(&v["root"])).is_ok()
}

fn consistency_holds(v: &Value) -> bool {
    let (old_size, new_size) = (number(&v["size1"]), number(&v["size2"]));
    let proof = ConsistencyProof { old_size, new_size, hashes: hashes(&v["proof"]) };
    proof.verify(&Sha, &hash(&v["root1"]), &hash(&v["root2"])).is_ok()
}

fn agrees(vectors: &str, holds: impl Fn(&Value) -> bool) {
    let vectors: Vec<Value> = serde_json::from_str(vectors).unwrap();
    let must_fail = vectors.iter().filter(|v| v["wantErr"] == true).count();
    assert_eq!((vectors.len(), must_fail), (98, 92), "the file is whole");
    for v in &vectors {
        assert_eq!(holds(v), v["wantErr"] == false, "{}: {}", v["file"], v["desc"]);
    }
}

#[test]
fn inclusion_vectors_agree() {
    agrees(include_str!("vectors/merkle/inclusion.json"), inclusion_holds);
}

#[test]
fn consistency_vectors_agree() {
    agrees(include_str!("vectors/merkle/consistency.json"), consistency_holds);
}
