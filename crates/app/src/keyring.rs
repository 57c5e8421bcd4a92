//! Keys at work: tags that find a number without storing it, record ids, and the key of each body.

use std::sync::Arc;

use chengxin_core::identity::DocumentKind;
use chengxin_seal::{AeadKey, Key32, KeyProvider, MacKey, Profile, RandomPool};
use chengxin_store::KeyStore;
use chengxin_tlog::{Hash, TreeHash};

use crate::AppError;

/// The hash function of a profile, for trees and commitments.
#[derive(Debug, Clone, Copy)]
pub struct ProfileHash(pub Profile);

impl TreeHash for ProfileHash {
    fn hash(&self, parts: &[&[u8]]) -> Hash {
        self.0.hash(parts)
    }
}

/// The installation's keys, prepared.
#[derive(Clone)]
pub struct Keyring {
    provider: Arc<dyn KeyProvider>,
    index: MacKey,
    /// Record ids and digests must not change when the index key is rotated, and hold no identity number that a leak
    /// of the key would lay open: they stay with the first version.
    record: MacKey,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").field("profile", &self.provider.profile()).finish_non_exhaustive()
    }
}

/// By what a document and its name are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tags {
    /// Tag of the number.
    pub document: [u8; 16],
    /// Tag of the name.
    pub name: [u8; 16],
}

fn half(hash: [u8; 32]) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&hash[..16]);
    out
}

impl Keyring {
    /// Prepares the keys of a provider.
    ///
    /// # Errors
    /// Where the provider lacks the first index key.
    pub fn new(provider: Arc<dyn KeyProvider>) -> Result<Self, AppError> {
        let record = provider.index_key(1).ok_or_else(|| AppError::internal("index key 1 is missing"))?.clone();
        Ok(Self { index: provider.current_index_key().clone(), record, provider })
    }

    /// Where the keys come from.
    #[must_use]
    pub fn provider(&self) -> &dyn KeyProvider {
        self.provider.as_ref()
    }

    /// Hash function of the profile.
    #[must_use]
    pub fn hash(&self) -> ProfileHash {
        ProfileHash(self.provider.profile())
    }

    /// Version of the index key in new tags.
    #[must_use]
    pub fn index_version(&self) -> i64 {
        i64::from(self.provider.current_index_version())
    }

    /// Tag of a document's number.
    #[must_use]
    pub fn document_tag(&self, kind: DocumentKind, number: &str) -> [u8; 16] {
        half(self.index.mac("document", &[&[kind.as_u8()], number.as_bytes()]))
    }

    /// Tag of a name.
    #[must_use]
    pub fn name_tag(&self, name: &str) -> [u8; 16] {
        half(self.index.mac("name", &[name.as_bytes()]))
    }

    /// Tags of a document's number and of a name under an older index key; `None` where there is no such key.
    #[must_use]
    pub fn tags_under(&self, version: i64, kind: DocumentKind, number: &str, name: &str) -> Option<Tags> {
        let key = self.provider.index_key(u32::try_from(version).ok()?)?;
        let document = half(key.mac("document", &[&[kind.as_u8()], number.as_bytes()]));
        Some(Tags { document, name: half(key.mac("name", &[name.as_bytes()])) })
    }

    /// What makes a record of an office and an item the same record, without the subject.
    #[must_use]
    pub fn record_seed(&self, authority: &str, item: &str, identity: &[&[u8]]) -> [u8; 16] {
        let mut parts: [&[u8]; 10] = [&[]; 10];
        parts[0] = authority.as_bytes();
        parts[1] = item.as_bytes();
        let used = identity.len().min(8);
        parts[2..2 + used].copy_from_slice(&identity[..used]);
        half(self.record.mac("record", &parts[..2 + used]))
    }

    /// The record's id: its seed bound to its subject, so that one decision about two people makes two ids that nobody
    /// can see to belong together.
    #[must_use]
    pub fn record_id(&self, subject: &[u8; 16], seed: &[u8; 16]) -> [u8; 16] {
        half(self.provider.profile().hash(&[b"chengxin/record-id/1\0", subject, seed]))
    }

    /// Digest of a record's content; equal content has an equal digest.
    #[must_use]
    pub fn digest(&self, parts: &[&[u8]]) -> [u8; 16] {
        half(self.record.mac("content", parts))
    }

    /// A keyed digest for codes that lead somewhere (verification codes, extract codes).
    #[must_use]
    pub fn code_tag(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.record.mac(label, parts)
    }

    /// A key of the installation's own for one use. Like record ids it stays with the first version of the index key: see
    /// `account/keys.rs` for why what it protects need not follow a rotation.
    #[must_use]
    pub(crate) fn own_key(&self, label: &str) -> Key32 {
        self.record.derive(label, &[])
    }

    /// What stands for the name of a member of staff in the log of a person: `#` and 32 hexadecimal digits. Who runs the
    /// installation finds the name again by trying those of its staff; nobody else can.
    #[must_use]
    pub fn actor_tag(&self, actor: &str) -> String {
        format!("#{}", data_encoding::HEXLOWER.encode(&half(self.code_tag("actor", &[actor.as_bytes()]))))
    }

    /// A new key for a subject, and the same wrapped for the key store.
    pub fn new_subject_key(&self, pool: &mut RandomPool, subject: &[u8; 16]) -> (SubjectKey, Vec<u8>) {
        let key = Key32::generate_from(pool);
        let wrapped = self.provider.wrap(pool, &key, &[&b"subject"[..], subject].concat());
        (SubjectKey::new(self.provider.profile(), &key), wrapped)
    }

    /// Version of the wrapping key in what is wrapped now.
    #[must_use]
    pub fn wrapping_version(&self) -> i64 {
        i64::from(self.provider.current_wrapping_key().version())
    }

    /// A subject's key out of the key store.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] once it was destroyed; an internal fault where it cannot be unwrapped.
    pub fn subject_key(&self, keys: &KeyStore, subject: &[u8; 16]) -> Result<SubjectKey, AppError> {
        let Some((_, wrapped)) = keys.subject_key(subject)? else {
            return Err(AppError::not_found("该主体的密钥已销毁", "this subject's key was destroyed"));
        };
        self.open_subject_key(subject, &wrapped)
    }

    /// The same; `None` once it was destroyed.
    pub(crate) fn subject_key_kept(&self, keys: &KeyStore, subject: &[u8; 16]) -> Result<Option<SubjectKey>, AppError> {
        keys.subject_key(subject)?.map(|(_, wrapped)| self.open_subject_key(subject, &wrapped)).transpose()
    }

    /// A subject's key out of its wrapping.
    ///
    /// # Errors
    /// As [`Self::unwrap`].
    pub(crate) fn open_subject_key(&self, subject: &[u8; 16], wrapped: &[u8]) -> Result<SubjectKey, AppError> {
        let key = self.unwrap("subject", subject, wrapped)?;
        Ok(SubjectKey::new(self.provider.profile(), &key))
    }

    /// Unwraps a key of `kind` that belongs to `owner`.
    ///
    /// # Errors
    /// An internal fault: the wrapping key is missing, or the key store was tampered with.
    pub fn unwrap(&self, kind: &str, owner: &[u8], wrapped: &[u8]) -> Result<Key32, AppError> {
        let aad = [kind.as_bytes(), owner].concat();
        self.provider.unwrap_key(wrapped, &aad).map_err(|e| AppError::internal(format!("unwrap {kind} key: {e}")))
    }

    /// Wraps a key of `kind` that belongs to `owner`.
    #[must_use]
    pub fn wrap(&self, pool: &mut RandomPool, kind: &str, owner: &[u8], key: &Key32) -> Vec<u8> {
        self.provider.wrap(pool, key, &[kind.as_bytes(), owner].concat())
    }

    /// The key that seals a submission's refused and held rows.
    #[must_use]
    pub fn submission_aead(&self, key: &Key32) -> AeadKey {
        AeadKey::new(self.provider.profile(), key)
    }

    /// The profile.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.provider.profile()
    }
}

/// A subject's key, ready to derive from.
#[derive(Clone)]
pub struct SubjectKey {
    mac: MacKey,
    profile: Profile,
}

impl std::fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SubjectKey(..)")
    }
}

impl SubjectKey {
    pub(crate) fn new(profile: Profile, key: &Key32) -> Self {
        Self { mac: MacKey::new(profile, key.as_bytes()), profile }
    }

    /// The key of one body: derived from the subject's key and a salt that can be erased.
    #[must_use]
    pub fn body(&self, record: &[u8; 16], version: i64, salt: &[u8; 16]) -> AeadKey {
        AeadKey::new(self.profile, &self.mac.derive("body", &[record, &version.to_be_bytes(), salt]))
    }

    /// The key that seals what others wrote about the subject in the log: reasons of decisions.
    #[must_use]
    pub fn notes(&self) -> AeadKey {
        AeadKey::new(self.profile, &self.mac.derive("notes", &[]))
    }

    /// The key that seals what the subject's document table holds: numbers and names.
    #[must_use]
    pub fn identity(&self) -> AeadKey {
        AeadKey::new(self.profile, &self.mac.derive("identity", &[]))
    }

    /// The key that seals what the subject consents to, and who used it: erasing the subject's key leaves nothing of either.
    #[must_use]
    pub fn consents(&self) -> AeadKey {
        AeadKey::new(self.profile, &self.mac.derive("consents", &[]))
    }

    /// The key that seals who acts for the subject, and on what paper.
    #[must_use]
    pub fn mandates(&self) -> AeadKey {
        AeadKey::new(self.profile, &self.mac.derive("mandates", &[]))
    }

    /// The key that seals what is said and handed in when the subject contests a record or asks for its repair.
    #[must_use]
    pub fn proceedings(&self) -> AeadKey {
        AeadKey::new(self.profile, &self.mac.derive("proceedings", &[]))
    }

    /// The key that seals where the subject is told that a notice waits.
    #[must_use]
    pub fn channels(&self) -> AeadKey {
        AeadKey::new(self.profile, &self.mac.derive("channels", &[]))
    }

    /// The key that seals what the subject complains of.
    #[must_use]
    pub fn complaints(&self) -> AeadKey {
        AeadKey::new(self.profile, &self.mac.derive("complaints", &[]))
    }

    /// The key that seals what was confirmed for the public pages of the subject's records.
    #[must_use]
    pub fn publications(&self) -> AeadKey {
        AeadKey::new(self.profile, &self.mac.derive("publications", &[]))
    }

    /// The key that seals what an account proves itself by and where it signed in: an account has a key of its own among those
    /// of subjects, so that rotation of the wrapping key treats it alike, and closing a person's account destroys it.
    #[must_use]
    pub fn account(&self) -> AeadKey {
        AeadKey::new(self.profile, &self.mac.derive("account", &[]))
    }
}

/// What is authenticated beside a body, so that a body cannot be moved to another record.
#[must_use]
pub fn body_aad(subject: &[u8; 16], record: &[u8; 16], version: i64) -> [u8; 40] {
    let mut aad = [0; 40];
    aad[..16].copy_from_slice(subject);
    aad[16..32].copy_from_slice(record);
    aad[32..].copy_from_slice(&version.to_be_bytes());
    aad
}
