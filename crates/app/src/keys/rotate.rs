//! Rotation: a new key in the key file, then everything that follows from it.

use std::sync::Arc;

use chengxin_core::Caller;
use chengxin_seal::{FileKeyProvider, KeyFile};
use chengxin_store::audit::SETTINGS;
use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::json;

use super::write_trust_list;
use crate::installation::files;
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::{AppError, Installation, Kind, journal};

/// Which keys to rotate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotate {
    /// The index key: every tag by which a document is found is made anew.
    Index,
    /// The wrapping key: the key of every subject is wrapped anew. No record is touched.
    Wrapping,
    /// The signing key: receipts and reports are signed with a new one; the old one keeps vouching for what it signed.
    Signing,
    /// All three.
    All,
}

impl Rotate {
    /// Reads `index`, `wrapping`, `signing` or `all`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "index" => Some(Self::Index),
            "wrapping" => Some(Self::Wrapping),
            "signing" => Some(Self::Signing),
            "all" => Some(Self::All),
            _ => None,
        }
    }

    fn covers(self, one: Self) -> bool {
        self == one || self == Self::All
    }
}

/// What a rotation, or the end of an interrupted one, came to. Empty where nothing was left to do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// New version of the index key, documents that got new tags, and documents that kept old ones because another
    /// subject holds the new one.
    pub index: Option<(i64, u64, u64)>,
    /// New version of the wrapping key, and keys that were wrapped anew.
    pub wrapping: Option<(i64, u64)>,
    /// Id of the new signing key.
    pub signing: Option<String>,
}

impl Installation {
    /// Adds new keys to the key file and does what follows. Stop other programmes on this installation before: they
    /// hold the keys that they started with. Afterwards back up the key file: an older one no longer fits.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; [`Kind::Unavailable`] where the key file cannot be read or written, in which case
    /// nothing has changed. After any other error the rotation is finished when the installation is opened next.
    pub fn keys_rotate(&mut self, caller: &Caller, what: Rotate) -> Result<Rotated, AppError> {
        self.authorise(caller, "keys_rotate")?;
        let now_us = self.now_us();
        let mut file = KeyFile::open(self.dir().join(files::KEYS))?;
        let check = self.store.view().setting("key_check")?.unwrap_or_default();
        if !file.fits(&HEXLOWER.decode(check.as_bytes()).unwrap_or_default()) {
            return Err(AppError::new(
                Kind::Unavailable,
                format!("密钥文件 {} 在运行期间被换成了另一安装的密钥", files::KEYS),
                format!("the key file {} was replaced by that of another installation meanwhile", files::KEYS),
            ));
        }
        if what.covers(Rotate::Index) {
            file.rotate_index(now_us);
        }
        if what.covers(Rotate::Wrapping) {
            file.rotate_wrapping(now_us);
        }
        if what.covers(Rotate::Signing) {
            file.rotate_signing(now_us);
        }
        // From here on new things are made with the new keys, so they must outlast a power cut first.
        file.save()?;
        self.keys = Keyring::new(Arc::new(FileKeyProvider::new(&file)?))?;
        self.finish_rotation(caller)
    }

    /// Does what is left of a rotation.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] where the key file is older than the data.
    pub(super) fn finish_rotation(&mut self, caller: &Caller) -> Result<Rotated, AppError> {
        Ok(Rotated {
            index: self.finish_index(caller)?,
            wrapping: self.finish_wrapping(caller)?,
            signing: self.finish_signing(caller)?,
        })
    }

    /// Publishes a new signing key: the trust list, then the log.
    fn finish_signing(&mut self, caller: &Caller) -> Result<Option<String>, AppError> {
        let trust = self.keys.provider().trust_list();
        let id = |key: Option<&chengxin_seal::TrustedKey>| key.map(|key| key.key_id().to_owned()).unwrap_or_default();
        let (first, current) = (id(trust.keys().first()), id(trust.keys().last()));
        // Before the first rotation no setting says which key signs: it is the one that `init` made.
        let held = self.store.view().setting("signing_key")?.unwrap_or(first);
        if held == current {
            return Ok(None);
        }
        if trust.find(&held).is_none() {
            return Err(older_key_file());
        }
        write_trust_list(self.dir(), trust)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("keys_rotate", |tx| -> Result<(), AppError> {
            tx.set_setting("signing_key", &current)?;
            let rows = marks(tx.view(), &keys, &[(&SETTINGS, vec!["signing_key".into()])])?;
            let detail = json!({ "signing": current, "retired": held, "rows": rows });
            journal::log(tx, &keys, now_us, "keys_rotate", caller, &detail)?;
            Ok(())
        })?;
        Ok(Some(current))
    }
}

/// The key file is from before a rotation that the data has been through.
pub(super) fn older_key_file() -> AppError {
    AppError::new(
        Kind::Unavailable,
        format!("密钥文件 {} 比数据旧（缺少轮换后的密钥）；请放回最近备份的密钥文件", files::KEYS),
        format!(
            "the key file {} is older than the data (it lacks the rotated keys): put back its latest backup",
            files::KEYS
        ),
    )
}
