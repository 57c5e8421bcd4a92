//! What a key file says, and when that makes sense.

use std::path::Path;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::KeyFileError;
use crate::{Key32, Profile, SigningKey};

/// The value of `format`.
pub(super) const FORMAT: &str = "chengxin-keys";
/// The only version there is so far.
pub(super) const VERSION: u32 = 1;

/// The whole file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    pub(super) format: String,
    pub(super) version: u32,
    pub(super) installation: String,
    pub(super) profile: Profile,
    pub(super) holder: String,
    pub(super) index_keys: Vec<VersionedKey>,
    pub(super) wrapping_keys: Vec<VersionedKey>,
    pub(super) signing_keys: Vec<SigningEntry>,
}

/// One version of an index or wrapping key.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionedKey {
    pub(super) version: u32,
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub(super) key: Key32,
    pub(super) created_us: i64,
}

/// One signing key.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SigningEntry {
    pub(super) id: String,
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub(super) seed: Key32,
    pub(super) created_us: i64,
    pub(super) retired_us: Option<i64>,
}

/// Just enough to tell a newer file from a broken one.
#[derive(Deserialize)]
struct Header {
    format: String,
    version: u32,
}

impl VersionedKey {
    pub(super) fn generate(version: u32, created_us: i64) -> Self {
        Self { version, key: Key32::generate(), created_us }
    }
}

impl SigningEntry {
    pub(super) fn generate(profile: Profile, created_us: i64) -> Self {
        let key = SigningKey::generate(profile);
        Self { id: key.key_id().to_owned(), seed: key.to_seed(), created_us, retired_us: None }
    }
}

impl Content {
    /// The file's text, overwritten when dropped.
    pub(super) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        // Large enough from the start: a buffer that grew would leave secrets behind in the old one.
        let keys = self.index_keys.len() + self.wrapping_keys.len() + self.signing_keys.len();
        let mut text = Zeroizing::new(Vec::with_capacity(4096 + self.holder.len() * 6 + keys * 512));
        // Unwrap safety: writing to memory does not fail, and no map here has keys other than strings.
        serde_json::to_writer_pretty(&mut *text, self).expect("a key file has a JSON form");
        text.push(b'\n');
        text
    }

    /// Reads [`Self::to_json`]. `path` is for the error, which says where but never quotes the text.
    pub(super) fn from_json(text: &[u8], path: &Path) -> Result<Self, KeyFileError> {
        let malformed = |place: String| KeyFileError::Malformed { path: path.to_owned(), place };
        let at = |error: serde_json::Error| malformed(format!("line {}, column {}", error.line(), error.column()));
        let header: Header = serde_json::from_slice(text).map_err(at)?;
        if header.format != FORMAT {
            return Err(malformed("format".to_owned()));
        }
        if header.version != VERSION {
            return Err(KeyFileError::UnknownVersion { path: path.to_owned(), found: header.version });
        }
        let content: Self = serde_json::from_slice(text).map_err(at)?;
        match content.first_fault() {
            None => Ok(content),
            Some(place) => Err(malformed(place.to_owned())),
        }
    }

    /// The first field whose value makes no sense.
    fn first_fault(&self) -> Option<&'static str> {
        let is_hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        if self.installation.len() != 32 || !self.installation.bytes().all(is_hex) {
            return Some("installation");
        }
        if !are_versions(&self.index_keys) {
            return Some("index_keys");
        }
        if !are_versions(&self.wrapping_keys) {
            return Some("wrapping_keys");
        }
        let has_current = self.signing_keys.last().is_some_and(|last| last.retired_us.is_none());
        let earlier = self.signing_keys.iter().rev().skip(1);
        let are_retired = earlier.clone().all(|key| key.retired_us.is_some_and(|end| end > key.created_us));
        if !has_current || !are_retired || !self.signing_keys.iter().all(|key| key.has_own_id(self.profile)) {
            return Some("signing_keys");
        }
        None
    }
}

impl SigningEntry {
    fn has_own_id(&self, profile: Profile) -> bool {
        SigningKey::from_seed(profile, &self.seed).is_ok_and(|key| key.key_id() == self.id)
    }
}

/// At least one, counted upwards from 1 without a gap.
fn are_versions(keys: &[VersionedKey]) -> bool {
    !keys.is_empty() && keys.iter().zip(1..).all(|(key, version)| key.version == version)
}

fn to_base64<S: Serializer>(key: &Key32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&key.to_base64())
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Key32, D::Error> {
    // Borrowed: base64 needs no escapes, so the only copy of the text is the buffer that gets overwritten.
    let text = <&str>::deserialize(deserializer)?;
    Key32::from_base64(text).ok_or_else(|| D::Error::custom("a secret is not 32 bytes in base64"))
}
