//! Where the keys come from.

use crate::{
    Key32, KeyFile, KeyFileError, MacKey, Profile, RandomPool, SigningKey, TrustList, UnwrapError, WrappingKey,
};

/// The one seam behind which an installation's keys stand: a file ([`FileKeyProvider`]), or a key service
/// or certified module that hands over the working keys when the program starts.
///
/// A provider is asked for a prepared key and keeps it: nothing here is a round trip per subject or record.
/// Every version that ever made something still stored must be at hand.
pub trait KeyProvider: Send + Sync {
    /// The installation's profile.
    fn profile(&self) -> Profile;

    /// [`KeyFile::check_value`]: what the data stores so as to be served by the right keys only.
    fn check_value(&self) -> [u8; 32];

    /// The version of index key that new tags are made with.
    fn current_index_version(&self) -> u32;

    /// One version of the index key.
    fn index_key(&self, version: u32) -> Option<&MacKey>;

    /// The wrapping key that new keys are wrapped with.
    fn current_wrapping_key(&self) -> &WrappingKey;

    /// One version of the wrapping key.
    fn wrapping_key(&self, version: u32) -> Option<&WrappingKey>;

    /// The key that signs now.
    fn signing_key(&self) -> &SigningKey;

    /// Every key whose signatures count, this installation's own among them.
    fn trust_list(&self) -> &TrustList;

    /// The index key that new tags are made with.
    fn current_index_key(&self) -> &MacKey;

    /// Wraps a key with the current wrapping key, bound to `aad`: whose key it is.
    fn wrap(&self, pool: &mut RandomPool, key: &Key32, aad: &[u8]) -> Vec<u8> {
        self.current_wrapping_key().wrap(pool, key, aad)
    }

    /// Opens a key wrapped by any version at hand.
    ///
    /// # Errors
    /// [`UnwrapError`].
    fn unwrap_key(&self, wrapped: &[u8], aad: &[u8]) -> Result<Key32, UnwrapError> {
        let version = WrappingKey::version_of(wrapped).ok_or(crate::OpenError::TooShort)?;
        self.wrapping_key(version).ok_or(UnwrapError::UnknownVersion(version))?.unwrap_key(wrapped, aad)
    }
}

/// The keys of a [`KeyFile`], prepared for use.
///
/// It shows the file as it was when this was made: a server takes up a rotation when it starts again.
#[derive(Debug)]
pub struct FileKeyProvider {
    profile: Profile,
    check_value: [u8; 32],
    earlier_index: Vec<(u32, MacKey)>,
    index: (u32, MacKey),
    earlier_wrapping: Vec<WrappingKey>,
    wrapping: WrappingKey,
    signing: SigningKey,
    trust: TrustList,
}

impl FileKeyProvider {
    /// Prepares every key of the file.
    ///
    /// # Errors
    /// [`KeyFileError::Malformed`] if a signing seed is no key of the profile.
    pub fn new(file: &KeyFile) -> Result<Self, KeyFileError> {
        let profile = file.profile();
        let mut index: Vec<_> = file.index_keys().map(|(v, key)| (v, MacKey::new(profile, key.as_bytes()))).collect();
        let mut wrapping: Vec<_> = file.wrapping_keys().map(|(v, key)| WrappingKey::new(profile, v, key)).collect();
        let malformed = |place: &str| KeyFileError::Malformed { path: file.path().to_owned(), place: place.to_owned() };
        Ok(Self {
            profile,
            check_value: file.check_value(),
            index: index.pop().ok_or_else(|| malformed("index_keys"))?,
            earlier_index: index,
            wrapping: wrapping.pop().ok_or_else(|| malformed("wrapping_keys"))?,
            earlier_wrapping: wrapping,
            signing: file.signing_key()?,
            trust: file.trust_list()?,
        })
    }
}

impl KeyProvider for FileKeyProvider {
    fn profile(&self) -> Profile {
        self.profile
    }

    fn check_value(&self) -> [u8; 32] {
        self.check_value
    }

    fn current_index_version(&self) -> u32 {
        self.index.0
    }

    fn current_index_key(&self) -> &MacKey {
        &self.index.1
    }

    fn index_key(&self, version: u32) -> Option<&MacKey> {
        let all = core::iter::once(&self.index).chain(&self.earlier_index);
        all.into_iter().find(|(v, _)| *v == version).map(|(_, key)| key)
    }

    fn current_wrapping_key(&self) -> &WrappingKey {
        &self.wrapping
    }

    fn wrapping_key(&self, version: u32) -> Option<&WrappingKey> {
        core::iter::once(&self.wrapping).chain(&self.earlier_wrapping).find(|key| key.version() == version)
    }

    fn signing_key(&self) -> &SigningKey {
        &self.signing
    }

    fn trust_list(&self) -> &TrustList {
        &self.trust
    }
}
