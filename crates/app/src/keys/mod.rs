//! Keys of the installation: which there are, and their rotation.
//!
//! A rotation adds a key to the key file first. What follows from it — new tags, new wrappings, a new trust list — is
//! done in slices, each of which may be the last before an interruption: opening the installation finishes it.

mod index;
mod list;
mod rotate;
mod trust;
mod wrapping;

pub use list::{KeyList, KeyVersion, SigningKeyLine};
pub use rotate::{Rotate, Rotated};
pub use trust::write_trust_list;

use chengxin_core::Caller;

use crate::{AppError, Installation};

impl Installation {
    /// Finishes whatever an interruption, or the restore of a backup, left undone: erased records and destroyed keys that
    /// came back, tags of an older index key, keys wrapped with an older wrapping key, a trust list that lacks a key.
    /// Where nothing is, it only looks.
    ///
    /// # Errors
    /// [`crate::Kind::Unavailable`] where the key file is older than the data.
    pub(crate) fn finish_keys(&mut self) -> Result<(), AppError> {
        self.repeat_registered_erasures()?;
        self.destroy_erased_keys(i64::MAX)?;
        self.finish_rotation(&Caller::operator("chengxin", "finish an interrupted rotation of keys"))?;
        Ok(())
    }
}
