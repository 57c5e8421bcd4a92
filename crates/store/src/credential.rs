//! What an account proves itself by.

use crate::value::values;
use crate::{StoreError, Tx, View};

crate::statements! {
    CREDENTIAL_ADD = "INSERT INTO credential (account_id, credential_id, kind, parameters, secret, made_us, used_us, last_step) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    CREDENTIAL_LIST = "SELECT account_id, credential_id, kind, parameters, secret, made_us, used_us, last_step FROM credential \
        WHERE account_id = $1 ORDER BY kind, credential_id";
    CREDENTIAL_STEP = "UPDATE credential SET last_step = $3 WHERE account_id = $1 AND credential_id = $2 AND last_step < $3";
    CREDENTIAL_USED = "UPDATE credential SET used_us = $3 WHERE account_id = $1 AND credential_id = $2 AND used_us IS NULL";
    CREDENTIAL_RESEAL = "UPDATE credential SET secret = $3, used_us = $4 WHERE account_id = $1 AND credential_id = $2 AND secret = $5";
    CREDENTIAL_REMOVE = "DELETE FROM credential WHERE account_id = $1 AND credential_id = $2";
    CREDENTIALS_REMOVE_KIND = "DELETE FROM credential WHERE account_id = $1 AND kind = $2";
    CREDENTIALS_REMOVE = "DELETE FROM credential WHERE account_id = $1";
}

/// One credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialRow {
    /// Whose.
    pub account_id: [u8; 16],
    /// Id.
    pub credential_id: [u8; 16],
    /// `password`, `totp`, `passkey` or `recovery`.
    pub kind: String,
    /// How it was made.
    pub parameters: String,
    /// Hash, or sealed secret.
    pub secret: Vec<u8>,
    /// When.
    pub made_us: i64,
    /// When it was used up; of a passkey, when it was last used.
    pub used_us: Option<i64>,
    /// Last step that was accepted.
    pub last_step: i64,
}

impl View<'_> {
    /// Credentials of an account.
    ///
    /// # Errors
    /// The engine's.
    pub fn credentials(&self, account: &[u8; 16]) -> Result<Vec<CredentialRow>, StoreError> {
        self.link.rows(&CREDENTIAL_LIST, values![account], |row| {
            Ok(CredentialRow {
                account_id: row.get(0)?,
                credential_id: row.get(1)?,
                kind: row.get(2)?,
                parameters: row.get(3)?,
                secret: row.get(4)?,
                made_us: row.get(5)?,
                used_us: row.get(6)?,
                last_step: row.get(7)?,
            })
        })
    }
}

impl Tx<'_> {
    /// Adds a credential.
    ///
    /// # Errors
    /// The engine's.
    pub fn credential_add(&self, new: &CredentialRow) -> Result<(), StoreError> {
        let CredentialRow { account_id, credential_id, kind, parameters, secret, made_us, used_us, last_step } = new;
        let values = values![account_id, credential_id, kind, parameters, secret, made_us, used_us, last_step];
        self.link.run(&CREDENTIAL_ADD, values)?;
        Ok(())
    }

    /// Accepts a step of a TOTP; whether neither it nor a later one was accepted before.
    ///
    /// # Errors
    /// The engine's.
    pub fn credential_step(&self, of: &CredentialRow, step: i64) -> Result<bool, StoreError> {
        Ok(self.link.run(&CREDENTIAL_STEP, values![of.account_id, of.credential_id, step])? > 0)
    }

    /// Uses a recovery code up; whether it was not used up before.
    ///
    /// # Errors
    /// The engine's.
    pub fn credential_use_up(&self, of: &CredentialRow, at_us: i64) -> Result<bool, StoreError> {
        Ok(self.link.run(&CREDENTIAL_USED, values![of.account_id, of.credential_id, at_us])? > 0)
    }

    /// Puts another sealed secret in the place of that of `of`, for a use at `at_us`; whether nobody else did meanwhile.
    ///
    /// # Errors
    /// The engine's.
    pub fn credential_reseal(&self, of: &CredentialRow, secret: &[u8], at_us: i64) -> Result<bool, StoreError> {
        let values = values![of.account_id, of.credential_id, secret, at_us, of.secret];
        Ok(self.link.run(&CREDENTIAL_RESEAL, values)? > 0)
    }

    /// Takes a credential away; whether it was there.
    ///
    /// # Errors
    /// The engine's.
    pub fn credential_remove(&self, of: &CredentialRow) -> Result<bool, StoreError> {
        Ok(self.link.run(&CREDENTIAL_REMOVE, values![of.account_id, of.credential_id])? > 0)
    }

    /// Takes every credential of a kind away from an account.
    ///
    /// # Errors
    /// The engine's.
    pub fn credentials_remove_kind(&self, account: &[u8; 16], kind: &str) -> Result<(), StoreError> {
        self.link.run(&CREDENTIALS_REMOVE_KIND, values![account, kind])?;
        Ok(())
    }

    /// Takes every credential of an account away.
    ///
    /// # Errors
    /// The engine's.
    pub fn credentials_remove(&self, account: &[u8; 16]) -> Result<(), StoreError> {
        self.link.run(&CREDENTIALS_REMOVE, values![account])?;
        Ok(())
    }
}
