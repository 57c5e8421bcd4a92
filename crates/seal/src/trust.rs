//! Whose signatures count, and for which time.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::{Profile, VerifyingKey};

/// A public key whose signatures count for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    key_id: String,
    public: VerifyingKey,
    from_us: i64,
    until_us: Option<i64>,
    holder: String,
}

impl TrustedKey {
    /// A key that signs from `from_us` on, and before `until_us` if that is given: microseconds UTC.
    #[must_use]
    pub fn new(public: VerifyingKey, from_us: i64, until_us: Option<i64>, holder: impl Into<String>) -> Self {
        Self { key_id: public.key_id(), public, from_us, until_us, holder: holder.into() }
    }

    /// The key's id, always computed from the key itself.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The public key.
    #[must_use]
    pub const fn public(&self) -> &VerifyingKey {
        &self.public
    }

    /// The first microsecond at which the key signs.
    #[must_use]
    pub const fn from_us(&self) -> i64 {
        self.from_us
    }

    /// The first microsecond at which the key no longer signs.
    #[must_use]
    pub const fn until_us(&self) -> Option<i64> {
        self.until_us
    }

    /// Whose key it is.
    #[must_use]
    pub fn holder(&self) -> &str {
        &self.holder
    }

    /// Whether the key signs at this instant.
    #[must_use]
    pub fn is_valid_at(&self, at_us: i64) -> bool {
        self.from_us <= at_us && self.until_us.is_none_or(|until| at_us < until)
    }
}

/// The dated list of public keys that a verifier trusts: the only ground of trust there is. What a
/// document says about its own signer is a hint for finding the key here, nothing more.
///
/// # Format
/// A JSON array of `{key_id, profile, public, from_us, until_us, holder}`, `public` in base64.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustList {
    keys: Vec<TrustedKey>,
}

/// One entry as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key_id: String,
    profile: Profile,
    public: String,
    from_us: i64,
    until_us: Option<i64>,
    holder: String,
}

impl TrustList {
    /// A list of these keys, kept in order.
    ///
    /// # Errors
    /// [`TrustListError::Duplicate`] or [`TrustListError::Interval`].
    pub fn new(keys: Vec<TrustedKey>) -> Result<Self, TrustListError> {
        for (at, key) in keys.iter().enumerate() {
            if keys[..at].iter().any(|earlier| earlier.key_id == key.key_id) {
                return Err(TrustListError::Duplicate(key.key_id.clone()));
            }
            if key.until_us.is_some_and(|until| until <= key.from_us) {
                return Err(TrustListError::Interval(key.key_id.clone()));
            }
        }
        Ok(Self { keys })
    }

    /// Reads [`Self::to_json`].
    ///
    /// # Errors
    /// [`TrustListError`]. An entry whose `key_id` is not its key's is refused, not mended: somebody changed
    /// one without the other.
    pub fn from_json(text: &[u8]) -> Result<Self, TrustListError> {
        let entries: Vec<Entry> = serde_json::from_slice(text)
            .map_err(|error| TrustListError::Malformed { line: error.line(), column: error.column() })?;
        let keys = entries.into_iter().map(|entry| {
            // In its one form: the decoder takes padding in the middle too.
            let bytes = BASE64.decode(entry.public.as_bytes()).ok().filter(|b| BASE64.encode(b) == entry.public);
            let public = bytes.and_then(|bytes| VerifyingKey::from_bytes(entry.profile, &bytes).ok());
            match public {
                Some(public) if public.key_id() == entry.key_id => {
                    Ok(TrustedKey::new(public, entry.from_us, entry.until_us, entry.holder))
                }
                _ => Err(TrustListError::Key(entry.key_id)),
            }
        });
        Self::new(keys.collect::<Result<_, _>>()?)
    }

    /// The list as a file: JSON, indented, with a line end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let entries: Vec<Entry> = self.keys.iter().map(Entry::from).collect();
        // Unwrap safety: strings and integers always have a JSON form.
        serde_json::to_string_pretty(&entries).expect("a trust list has a JSON form") + "\n"
    }

    /// Every key, in order.
    #[must_use]
    pub fn keys(&self) -> &[TrustedKey] {
        &self.keys
    }

    /// The key of this id.
    #[must_use]
    pub fn find(&self, key_id: &str) -> Option<&TrustedKey> {
        self.keys.iter().find(|key| key.key_id == key_id)
    }

    /// Checks that the key of this id signed exactly these bytes and was valid at `at_us`.
    ///
    /// `at_us` is the instant the signer states. Whoever holds a retired key can state an earlier one: where
    /// that matters, the log says when the document was first seen.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn verify(
        &self,
        key_id: &str,
        at_us: i64,
        message: &[u8],
        signature: &[u8],
    ) -> Result<&TrustedKey, TrustError> {
        let key = self.find(key_id).ok_or(TrustError::UnknownSigner)?;
        // Before the date: of an altered document nothing else is worth saying.
        key.public.verify(message, signature).map_err(|_| TrustError::BadSignature)?;
        if key.is_valid_at(at_us) { Ok(key) } else { Err(TrustError::NotValidThen) }
    }
}

impl From<&TrustedKey> for Entry {
    fn from(key: &TrustedKey) -> Self {
        Self {
            key_id: key.key_id.clone(),
            profile: key.public.profile(),
            public: BASE64.encode(&key.public.to_bytes()),
            from_us: key.from_us,
            until_us: key.until_us,
            holder: key.holder.clone(),
        }
    }
}

/// Why a signature does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// No trusted key has this id.
    #[error("unknown signer: the key is not on the trust list")]
    UnknownSigner,
    /// A trusted key signed it, but not for the time stated.
    #[error("the key did not sign at the stated time")]
    NotValidThen,
    /// Altered, or signed with another key under a trusted key's id.
    #[error("the signature does not fit: the content was altered, or another key signed it")]
    BadSignature,
}

/// Why a trust list cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustListError {
    /// Not the JSON of a trust list.
    #[error("the trust list is malformed at line {line}, column {column}")]
    Malformed {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// A public key that is none, or whose id is not the one written beside it.
    #[error("the trust list's key {0} does not fit its id, or is no key")]
    Key(String),
    /// The same key twice.
    #[error("the trust list has the key {0} twice")]
    Duplicate(String),
    /// A key that would end before it begins.
    #[error("the trust list's key {0} ends before it begins")]
    Interval(String),
}
