//! Which keys there are, without any of their secrets.

use chengxin_core::Caller;
use chengxin_seal::KeyFile;
use serde::Serialize;

use crate::installation::files;
use crate::{AppError, Installation};

/// The keys of an installation. Instants are microseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyList {
    /// Id of the installation.
    pub installation: String,
    /// `intl` or `gm`.
    pub profile: String,
    /// The office under whose name reports are signed.
    pub holder: String,
    /// Short name of this state of the key file: a backup with another one is an older or newer state.
    pub fingerprint: String,
    /// Index keys: tags by which documents are found.
    pub index: Vec<KeyVersion>,
    /// Wrapping keys: what the keys of subjects are wrapped with.
    pub wrapping: Vec<KeyVersion>,
    /// Signing keys.
    pub signing: Vec<SigningKeyLine>,
}

/// One version of an index or wrapping key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct KeyVersion {
    /// 1, 2, 3 …
    pub version: u32,
    /// When it was made.
    pub made_at_us: i64,
    /// Is it the one in use?
    pub current: bool,
}

/// One signing key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SigningKeyLine {
    /// Its id, as in the trust list.
    pub id: String,
    /// From when on it signs.
    pub from_us: i64,
    /// From when on it no longer signs; absent for the one in use.
    pub until_us: Option<i64>,
}

impl Installation {
    /// The keys in the key file as it is now.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; [`crate::Kind::Unavailable`] where the key file cannot be read.
    pub fn keys_list(&self, caller: &Caller) -> Result<KeyList, AppError> {
        self.authorise(caller, "keys_list")?;
        let file = KeyFile::open(self.dir().join(files::KEYS))?;
        let trust = file.trust_list()?;
        Ok(KeyList {
            installation: file.installation().to_owned(),
            profile: file.profile().name().to_owned(),
            holder: file.holder().to_owned(),
            fingerprint: file.fingerprint(),
            index: versions(&file.index_versions()),
            wrapping: versions(&file.wrapping_versions()),
            signing: trust
                .keys()
                .iter()
                .map(|key| SigningKeyLine {
                    id: key.key_id().to_owned(),
                    from_us: key.from_us(),
                    until_us: key.until_us(),
                })
                .collect(),
        })
    }
}

fn versions(all: &[(u32, i64)]) -> Vec<KeyVersion> {
    let last = all.last().map(|(version, _)| *version);
    let line = |&(version, made_at_us)| KeyVersion { version, made_at_us, current: Some(version) == last };
    all.iter().map(line).collect()
}
