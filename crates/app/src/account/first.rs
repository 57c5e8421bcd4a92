//! The first administrator: nobody is there yet to open an account for them.

use chengxin_core::Caller;
use chengxin_store::View;
use chengxin_store::audit::ACTIVATIONS;
use serde_json::json;

use super::code::{OneTimeCode, purpose};
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::{AppError, Installation, journal};

/// Does anybody administer the installation? A right that was not written with our key is none.
pub(super) fn administered(view: View<'_>, keys: &Keyring) -> Result<bool, AppError> {
    Ok(view.administrators()?.iter().any(|right| keys.is_right(right)))
}

impl Installation {
    /// Does anybody administer accounts yet?
    ///
    /// # Errors
    /// The store's.
    pub fn has_administrator(&self) -> Result<bool, AppError> {
        administered(self.store.view(), &self.keys)
    }

    /// Makes the one-time link by which the first administrator begins. Whoever runs the programme on this machine could do anything to
    /// the installation already; the link gives a name to one of them. There is no default password, here or anywhere.
    ///
    /// # Errors
    /// [`crate::Kind::Conflict`] once there is an administrator.
    pub fn account_first_link(&mut self, caller: &Caller) -> Result<OneTimeCode, AppError> {
        const NAME: &str = "account_first_link";
        self.authorise(caller, NAME)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let (code, row) = self.link(purpose::FIRST, None, &caller.actor, "");
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            if administered(tx.view(), &keys)? {
                return Err(already());
            }
            tx.activation_add(&row)?;
            let rows = marks(tx.view(), &keys, &[(&ACTIVATIONS, vec![(&row.code_tag).into()])])?;
            let detail = json!({ "expires_us": row.expires_us, "rows": rows });
            journal::log(tx, &keys, now_us, NAME, caller, &detail)?;
            Ok(())
        })?;
        Ok(code)
    }
}

/// What is said where the first administrator is not the first.
pub(super) fn already() -> AppError {
    AppError::conflict(
        "已有管理员；其他账户由管理员开立（chengxin account open）",
        "there is an administrator already, who opens further accounts (chengxin account open)",
    )
}
