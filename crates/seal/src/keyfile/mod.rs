//! The file that holds an installation's secrets.

mod content;
mod disk;
mod error;

use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use subtle::ConstantTimeEq;

use crate::encoding::length_prefixed;
use crate::hash::Hasher;
use crate::{Key32, MacKey, Profile, SigningKey, TrustList, TrustedKey, random_bytes};
use content::{Content, SigningEntry, VersionedKey};
pub use error::KeyFileError;

/// An installation's keys, as its key file holds them.
///
/// Index keys make the tags by which documents are found, wrapping keys seal the keys of subjects and
/// records, signing keys sign receipts, reports and checkpoints. Each kind has versions; the last is
/// current, and earlier ones stay for what they made. Rotation changes the value in memory: nothing may
/// be made with a new key before [`Self::save`] has returned.
///
/// # Format
/// JSON with `format` `"chengxin-keys"` and `version` 1; secrets in base64, instants in microseconds UTC.
/// Mode 0600, and refused when group or others can read it. Secrets are overwritten in memory when
/// dropped, and `Debug` does not show them.
#[derive(Debug)]
pub struct KeyFile {
    path: PathBuf,
    content: Content,
}

impl KeyFile {
    /// Makes a key file with one new key of each kind. `now_us`: microseconds UTC.
    ///
    /// # Errors
    /// [`KeyFileError::Exists`] if there is anything at `path`: a key file is never overwritten, since what
    /// it sealed would be lost. [`KeyFileError::Io`] otherwise; then nothing is left behind.
    pub fn create(path: impl AsRef<Path>, profile: Profile, now_us: i64) -> Result<Self, KeyFileError> {
        let installation = HEXLOWER.encode(&random_bytes::<16>());
        let content = Content {
            format: content::FORMAT.to_owned(),
            version: content::VERSION,
            profile,
            holder: format!("installation {}", &installation[..8]),
            installation,
            index_keys: vec![VersionedKey::generate(1, now_us)],
            wrapping_keys: vec![VersionedKey::generate(1, now_us)],
            signing_keys: vec![SigningEntry::generate(profile, now_us)],
        };
        let file = Self { path: path.as_ref().to_owned(), content };
        disk::write_new(&file.path, &file.content.to_json())?;
        Ok(file)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyFileError`]: missing, no plain file, readable by group or others, malformed, or of a version that
    /// this program does not know.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, KeyFileError> {
        let path = path.as_ref().to_owned();
        let content = Content::from_json(&disk::read_private(&path)?, &path)?;
        Ok(Self { path, content })
    }

    /// Writes the file anew, wholly or not at all: whoever reads it meanwhile, or after a crash, finds the
    /// old content or the new.
    ///
    /// # Errors
    /// [`KeyFileError::Io`]; then the old file stands.
    pub fn save(&self) -> Result<(), KeyFileError> {
        disk::replace(&self.path, &self.content.to_json())
    }

    /// Where the file lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The installation's profile.
    #[must_use]
    pub const fn profile(&self) -> Profile {
        self.content.profile
    }

    /// The installation's id: 32 lower-case hexadecimal digits, drawn at random when the file was made.
    #[must_use]
    pub fn installation(&self) -> &str {
        &self.content.installation
    }

    /// The name under which the signing keys stand in the trust list: the operating office.
    #[must_use]
    pub fn holder(&self) -> &str {
        &self.content.holder
    }

    /// Names the operating office.
    pub fn set_holder(&mut self, holder: impl Into<String>) {
        self.content.holder = holder.into();
    }

    /// Adds an index key and returns its version. Tags made with earlier ones are to be rewritten.
    pub fn rotate_index(&mut self, now_us: i64) -> u32 {
        add_version(&mut self.content.index_keys, now_us)
    }

    /// Adds a wrapping key and returns its version. Keys wrapped by earlier ones stay readable.
    pub fn rotate_wrapping(&mut self, now_us: i64) -> u32 {
        add_version(&mut self.content.wrapping_keys, now_us)
    }

    /// Retires the current signing key at `now_us`, adds a new one and returns its id. What was signed
    /// before stays verifiable.
    pub fn rotate_signing(&mut self, now_us: i64) -> String {
        let entries = &mut self.content.signing_keys;
        let mut from_us = now_us;
        if let Some(last) = entries.last_mut() {
            // A clock that went back must not give a key that ends before it begins.
            from_us = now_us.max(last.created_us.saturating_add(1));
            last.retired_us = Some(from_us);
        }
        let entry = SigningEntry::generate(self.content.profile, from_us);
        let id = entry.id.clone();
        entries.push(entry);
        id
    }

    /// A value to store beside the data: a MAC by index key version 1 over the installation's id and
    /// profile. It stays the same through every rotation and gives nothing away.
    #[must_use]
    pub fn check_value(&self) -> [u8; 32] {
        let first = self.content.index_keys.first().map_or(&[][..], |key| key.key.as_bytes());
        MacKey::new(self.profile(), first)
            .mac("chengxin key check v1", &[self.content.installation.as_bytes(), &[self.profile().as_u8()]])
    }

    /// Whether these keys belong to data that stores `check_value`. Where they do not, the program must not
    /// start: it would find nobody, and seal new data that the right keys cannot open.
    #[must_use]
    pub fn fits(&self, check_value: &[u8]) -> bool {
        self.check_value().as_slice().ct_eq(check_value).into()
    }

    /// A short name for this state of the file, for people to compare two copies by: 16 hexadecimal digits
    /// of a hash over installation, profile, the versions and the public halves. Changes with a rotation.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hasher = Hasher::new(self.profile());
        let mut item = |bytes: &[u8]| length_prefixed(bytes, |piece| hasher.update(piece));
        item(b"chengxin key file fingerprint v1");
        item(self.content.installation.as_bytes());
        item(&[self.profile().as_u8()]);
        for key in self.content.index_keys.iter().chain(&self.content.wrapping_keys) {
            item(&key.version.to_be_bytes());
        }
        for entry in &self.content.signing_keys {
            item(entry.id.as_bytes());
        }
        HEXLOWER.encode(&hasher.finalize()[..8])
    }

    /// Every index key's version and when it was made, in order; the last is current.
    #[must_use]
    pub fn index_versions(&self) -> Vec<(u32, i64)> {
        self.content.index_keys.iter().map(|key| (key.version, key.created_us)).collect()
    }

    /// Every wrapping key's version and when it was made, in order; the last is current.
    #[must_use]
    pub fn wrapping_versions(&self) -> Vec<(u32, i64)> {
        self.content.wrapping_keys.iter().map(|key| (key.version, key.created_us)).collect()
    }

    /// The public halves of all signing keys, with the time in which each signs.
    ///
    /// # Errors
    /// [`KeyFileError::Malformed`] for a seed that is no key of the profile.
    pub fn trust_list(&self) -> Result<TrustList, KeyFileError> {
        let keys = self.content.signing_keys.iter().map(|entry| {
            let public = self.signing_key_of(entry)?.verifying_key();
            Ok(TrustedKey::new(public, entry.created_us, entry.retired_us, self.holder()))
        });
        TrustList::new(keys.collect::<Result<_, KeyFileError>>()?).map_err(|_| self.malformed("signing_keys"))
    }

    /// The signing key now in use.
    pub(crate) fn signing_key(&self) -> Result<SigningKey, KeyFileError> {
        let entry = self.content.signing_keys.last().ok_or_else(|| self.malformed("signing_keys"))?;
        self.signing_key_of(entry)
    }

    /// Every index key, in order of version.
    pub(crate) fn index_keys(&self) -> impl Iterator<Item = (u32, &Key32)> {
        self.content.index_keys.iter().map(|key| (key.version, &key.key))
    }

    /// Every wrapping key, in order of version.
    pub(crate) fn wrapping_keys(&self) -> impl Iterator<Item = (u32, &Key32)> {
        self.content.wrapping_keys.iter().map(|key| (key.version, &key.key))
    }

    fn signing_key_of(&self, entry: &SigningEntry) -> Result<SigningKey, KeyFileError> {
        SigningKey::from_seed(self.profile(), &entry.seed).map_err(|_| self.malformed("signing_keys"))
    }

    fn malformed(&self, place: &str) -> KeyFileError {
        KeyFileError::Malformed { path: self.path.clone(), place: place.to_owned() }
    }
}

fn add_version(keys: &mut Vec<VersionedKey>, now_us: i64) -> u32 {
    let version = keys.last().map_or(1, |last| last.version.saturating_add(1));
    keys.push(VersionedKey::generate(version, now_us));
    version
}
