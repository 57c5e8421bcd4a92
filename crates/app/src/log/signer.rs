//! The installation's signing keys as keys of notes, and the checkpoints that they sign.

use chengxin_seal::{Profile, SigningKey, TrustList, VerifyingKey};
use chengxin_tlog::{
    Checkpoint, CheckpointError, Hash, NoteSigner, NoteVerifier, OpenCheckpoint, TYPE_COSIGNATURE_V1, TYPE_ED25519,
    TYPE_SM2, TYPE_SM2_COSIGNATURE, VerifierKey, VerifierKeyError, key_hash,
};

use crate::keyring::{Keyring, ProfileHash};
use crate::{AppError, Kind};

/// Ids of keys are SHA-256 in every profile: they tell keys apart and protect nothing.
pub(crate) const KEY_IDS: ProfileHash = ProfileHash(Profile::Intl);

/// What a key signs: its type in a key's text follows from it and from the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// Checkpoints of its own log.
    Log,
    /// Checkpoints of others, as a witness.
    Witness,
}

/// Type of a key in its text form.
#[must_use]
pub fn key_type(profile: Profile, key_use: KeyUse) -> &'static [u8] {
    match (profile, key_use) {
        (Profile::Intl, KeyUse::Log) => TYPE_ED25519,
        (Profile::Intl, KeyUse::Witness) => TYPE_COSIGNATURE_V1,
        (Profile::Gm, KeyUse::Log) => TYPE_SM2,
        (Profile::Gm, KeyUse::Witness) => TYPE_SM2_COSIGNATURE,
    }
}

/// Name of the log of an installation: the address under which it is served, without its scheme.
#[must_use]
pub fn origin_of(base_url: &str) -> String {
    let bare = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    format!("{}/log", bare.trim_end_matches('/'))
}

/// A signing key under the name of a log or witness.
#[derive(Debug)]
pub struct Signer<'a> {
    name: &'a str,
    key: &'a SigningKey,
    id: [u8; 4],
}

impl<'a> Signer<'a> {
    /// The key, named.
    #[must_use]
    pub fn new(name: &'a str, key: &'a SigningKey, key_use: KeyUse) -> Self {
        let id = key_hash(&KEY_IDS, name, key_type(key.profile(), key_use), &key.verifying_key().to_bytes());
        Self { name, key, id }
    }
}

impl NoteSigner for Signer<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn key_hash(&self) -> [u8; 4] {
        self.id
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message)
    }
}

/// A public key under the name of a log or witness.
#[derive(Debug, Clone)]
pub struct Verifier {
    name: String,
    key: VerifyingKey,
    id: [u8; 4],
}

impl Verifier {
    /// The key, named.
    #[must_use]
    pub fn new(name: &str, key: &VerifyingKey, key_use: KeyUse) -> Self {
        let id = key_hash(&KEY_IDS, name, key_type(key.profile(), key_use), &key.to_bytes());
        Self { name: name.to_owned(), key: key.clone(), id }
    }

    /// Reads the text form of a key, `name+id+base64`.
    ///
    /// # Errors
    /// [`Kind::Invalid`] with what is wrong with it.
    pub fn parse(text: &str, key_use: KeyUse) -> Result<Self, AppError> {
        let wrong = |why: String| {
            AppError::invalid(
                format!("公钥文本有误：{why}"),
                format!("this is no public key of the kind asked for: {why}"),
            )
        };
        let parsed = VerifierKey::parse(&KEY_IDS, text).map_err(|error: VerifierKeyError| wrong(error.to_string()))?;
        let found =
            Profile::ALL.into_iter().find_map(|profile| Some((profile, parsed.key_of(key_type(profile, key_use))?)));
        let (profile, bytes) = found.ok_or_else(|| wrong("another type of key".to_owned()))?;
        let key = VerifyingKey::from_bytes(profile, bytes).map_err(|error| wrong(error.to_string()))?;
        Ok(Self { name: parsed.name().to_owned(), key, id: parsed.key_hash() })
    }

    /// The text form of the key.
    ///
    /// # Errors
    /// An internal fault where the name is none that a key can have.
    pub fn text(&self, key_use: KeyUse) -> Result<String, AppError> {
        let kind = key_type(self.key.profile(), key_use);
        let key = VerifierKey::new(&KEY_IDS, &self.name, kind, &self.key.to_bytes());
        key.map(|key| key.to_string()).map_err(|error| AppError::internal(error.to_string()))
    }

    /// Which hash the log of this key uses.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.key.profile()
    }
}

impl NoteVerifier for Verifier {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_hash(&self) -> [u8; 4] {
        self.id
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify(message, signature).is_ok()
    }
}

/// Every key of a trust list under the name of a log. A checkpoint carries no time, so a key that was rotated out still
/// vouches for what it signed; a log is signed anew with the new key as soon as it grows.
#[must_use]
pub fn verifiers(trust: &TrustList, origin: &str) -> Vec<Verifier> {
    trust.keys().iter().map(|key| Verifier::new(origin, key.public(), KeyUse::Log)).collect()
}

/// Signs the head of a log.
pub(super) fn sign_checkpoint(keys: &Keyring, origin: &str, size: u64, root: &Hash) -> Result<String, AppError> {
    let checkpoint = Checkpoint { origin: origin.to_owned(), size, root: *root, extensions: Vec::new() };
    let signer = Signer::new(origin, keys.provider().signing_key(), KeyUse::Log);
    let note = checkpoint.sign(&[&signer]).map_err(|error| AppError::internal(format!("sign checkpoint: {error}")))?;
    Ok(note.to_string())
}

/// Reads a checkpoint that must be signed by a key of the trust list.
///
/// # Errors
/// [`Kind::Invalid`] for a text that is no checkpoint of this log, or is signed by nobody on the list.
pub fn read_checkpoint(trust: &TrustList, origin: &str, note: &str) -> Result<OpenCheckpoint, AppError> {
    let keys = verifiers(trust, origin);
    let keys: Vec<&dyn NoteVerifier> = keys.iter().map(|key| key as &dyn NoteVerifier).collect();
    Checkpoint::open(note.as_bytes(), origin, &keys, &[]).map_err(|error| no_checkpoint(&error))
}

fn no_checkpoint(error: &CheckpointError) -> AppError {
    AppError::new(
        Kind::Invalid,
        format!("这不是本日志的有效检查点，或其签名不在信任清单中：{error}"),
        format!("this is no valid checkpoint of this log, or nobody on the trust list signed it: {error}"),
    )
}
