//! Changing one's own password.

use chengxin_core::Caller;
use serde_json::json;

use super::credential::{PASSWORD, is_password};
use super::note::{Note, credential};
use super::proof::wrong;
use super::throttle::{Tried, succeeded};
use super::who::Who;
use crate::{AppError, Installation};

impl Installation {
    /// Changes the password of the account that somebody is signed in to. The old one is asked for; every other session of the account
    /// ends, how many.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without a fresh proof, and for a wrong old password, which waits like a wrong sign-in and is logged;
    /// [`crate::Kind::Invalid`] for a new one that may not be chosen; [`crate::Kind::Conflict`] where the account has none.
    pub fn account_password(&mut self, caller: &Caller, who: &Who, old: &str, new: &str) -> Result<usize, AppError> {
        const NAME: &str = "account_password";
        self.authorise(caller, NAME)?;
        let candidate = self.own_candidate(who)?;
        let Some(held) = candidate.credentials.iter().find(|row| row.kind == PASSWORD) else {
            return Err(AppError::conflict(
                "该账户没有密码：由其他登录提供方登录",
                "this account has no password: another provider signs it in",
            ));
        };
        // What may not be chosen is said before anything is counted.
        let login = self.keys.open_names(&candidate.account)?.login;
        let fresh = self.fresh_password(&who.account, &login, new)?;
        let tried = self.try_once(caller, NAME, Tried::session(&self.keys, &who.tag))?;
        if !is_password(&self.keys, &who.account, Some(held), old) {
            return Err(self.denied(caller, NAME, wrong()));
        }
        if is_password(&self.keys, &who.account, Some(held), new) {
            return Err(AppError::invalid("新密码须与原密码不同", "the new password must be another one"));
        }
        let (now_us, keys, id) = (self.now_us(), self.keys.clone(), who.account);
        self.store.write(NAME, |tx| -> Result<usize, AppError> {
            // Of two changes at once the second has another old password.
            if !tx.credential_remove(held)? {
                return Err(wrong());
            }
            tx.credential_add(&fresh)?;
            let ended = tx.sessions_remove_others(&id, &who.tag)?;
            succeeded(tx, &tried, None, now_us)?;
            let rows = vec![credential(held), credential(&fresh)];
            let (subject, detail) = (candidate.account.subject_id, json!({ "ended": ended }));
            Note { operation: NAME, caller, account: id, subject, detail, rows }.write(tx, &keys, now_us)?;
            Ok(ended)
        })
    }
}
