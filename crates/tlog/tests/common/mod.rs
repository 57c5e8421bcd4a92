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

/// An Ed25519 key under a name, of a type of the signed-note format.
pub(crate) struct Ed25519 {
    name: String,
    id: [u8; 4],
    key: ed25519_dalek::VerifyingKey,
    secret: Option<ed25519_dalek::SigningKey>,
}

impl Ed25519 {
    pub(crate) fn generate(name: &str, kind: &[u8], seed: u8) -> Self {
        let secret = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
        let key = secret.verifying_key();
        let id = chengxin_tlog::key_hash(&Sha, name, kind, key.as_bytes());
        Self { name: name.to_owned(), id, key, secret: Some(secret) }
    }

    pub(crate) fn public(key: &chengxin_tlog::VerifierKey, kind: &[u8]) -> Self {
        let bytes = key.key_of(kind).unwrap().try_into().unwrap();
        let verifying = ed25519_dalek::VerifyingKey::from_bytes(bytes).unwrap();
        Self { name: key.name().to_owned(), id: key.key_hash(), key: verifying, secret: None }
    }

    pub(crate) fn public_bytes(&self) -> &[u8] {
        self.key.as_bytes()
    }
}

impl chengxin_tlog::NoteSigner for Ed25519 {
    fn name(&self) -> &str {
        &self.name
    }
    fn key_hash(&self) -> [u8; 4] {
        self.id
    }
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        use ed25519_dalek::Signer as _;
        self.secret.as_ref().unwrap().sign(message).to_bytes().to_vec()
    }
}

impl chengxin_tlog::NoteVerifier for Ed25519 {
    fn name(&self) -> &str {
        &self.name
    }
    fn key_hash(&self) -> [u8; 4] {
        self.id
    }
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return false };
        self.key.verify_strict(message, &signature).is_ok()
    }
}
