//! What the tests of this crate share.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "each test file uses what it needs")]

use chengxin_tlog::{Hash, TreeHash};

/// SHA-256.
pub(crate) struct Sha;

impl TreeHash for Sha {
    fn hash(&self, parts: &[&[u8]]) -> Hash {
        use sha2::Digest as _;
        let mut hasher = sha2::Sha256::new();
        parts.iter().for_each(|part| hasher.update(part));
        hasher.finalize().into()
    }
}

/// The bytes of a base64 text.
pub(crate) fn base64(text: &str) -> Vec<u8> {
    data_encoding::BASE64.decode(text.as_bytes()).unwrap()
}

/// Leaves `H("0")`, `H("1")` …: commitments of 32 bytes as the log holds.
pub(crate) fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|i| Sha.hash(&[i.to_string().as_bytes()])).collect()
}
