//! What an account proves itself by: made anew all together, when its owner begins or recovers.

use chengxin_core::account::{RECOVERY_CODE_LENGTH, RECOVERY_CODES, check_password, prepare_password};
use chengxin_core::code;
use chengxin_seal::{
    PASSWORD_HASH_BYTES, PASSWORD_SALT_BYTES, PasswordCost, TOTP_SECRET_BYTES, hash_password, random_bytes,
    same_secret, totp_step,
};
use chengxin_store::Tx;
use chengxin_store::credential::CredentialRow;

use super::note::{Touched, credential};
use crate::keyring::Keyring;
use crate::{AppError, Installation};

pub(super) const PASSWORD: &str = "password";
pub(super) const TOTP: &str = "totp";
pub(super) const PASSKEY: &str = "passkey";
pub(super) const RECOVERY: &str = "recovery";

/// Credentials about to be written, and the recovery codes to be shown once.
pub(super) struct Fresh {
    pub(super) rows: Vec<CredentialRow>,
    pub(super) recovery_codes: Vec<String>,
}

impl Fresh {
    /// Adds a set of recovery codes.
    pub(super) fn add_recovery(&mut self, installation: &Installation, account: &[u8; 16]) {
        let now_us = installation.now_us();
        for _ in 0..RECOVERY_CODES {
            let text = code::text_of(&random_bytes::<RECOVERY_CODE_LENGTH>());
            let tag = installation.keys.recovery_tag(account, &text);
            self.rows.push(row(account, RECOVERY, tag.to_vec(), now_us));
            self.recovery_codes.push(code::grouped(&text));
        }
    }
}

pub(super) fn row(account: &[u8; 16], kind: &str, secret: Vec<u8>, now_us: i64) -> CredentialRow {
    CredentialRow {
        account_id: *account,
        credential_id: random_bytes(),
        kind: kind.to_owned(),
        parameters: String::new(),
        secret,
        made_us: now_us,
        used_us: None,
        last_step: 0,
    }
}

/// Is it the password that a row holds? Without a row as much is computed, and the answer is no.
pub(super) fn is_password(keys: &Keyring, account: &[u8; 16], held: Option<&CredentialRow>, password: &str) -> bool {
    let read = held.and_then(|row| {
        let cost = PasswordCost::read(&row.parameters)?;
        let (salt, hash) = row.secret.split_first_chunk::<PASSWORD_SALT_BYTES>()?;
        Some((cost, *salt, <[u8; PASSWORD_HASH_BYTES]>::try_from(hash).ok()?))
    });
    let (cost, salt, expected) =
        read.unwrap_or((PasswordCost::CURRENT, [0; PASSWORD_SALT_BYTES], [0; PASSWORD_HASH_BYTES]));
    let made = hash_password(&keys.password_key(), account, &prepare_password(password), &salt, cost);
    read.is_some() & made.is_some_and(|made| same_secret(&made, &expected))
}

impl Installation {
    /// Makes the credentials of an account whose key lies in the key store: password, authenticator app where one is enrolled, recovery
    /// codes.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] for a password that may not be chosen, or digits that the enrolled secret does not give.
    pub(super) fn fresh_credentials(
        &self,
        account: &[u8; 16],
        login: &str,
        password: &str,
        second: Option<(&str, [u8; 20])>,
    ) -> Result<Fresh, AppError> {
        let mut fresh =
            Fresh { rows: vec![self.fresh_password(account, login, password)?], recovery_codes: Vec::new() };
        if let Some((digits, secret)) = second {
            fresh.rows.push(self.fresh_app(account, digits, &secret)?);
            fresh.add_recovery(self, account);
        }
        Ok(fresh)
    }

    /// A password that is chosen.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] for one that may not be.
    pub(super) fn fresh_password(
        &self,
        account: &[u8; 16],
        login: &str,
        password: &str,
    ) -> Result<CredentialRow, AppError> {
        let password = prepare_password(password);
        check_password(&password, login).map_err(|fault| {
            let say = fault.say();
            AppError::invalid(say.zh, say.en)
        })?;
        let (salt, cost) = (random_bytes::<PASSWORD_SALT_BYTES>(), PasswordCost::CURRENT);
        let hash = hash_password(&self.keys.password_key(), account, &password, &salt, cost);
        let hash = hash.ok_or_else(|| AppError::internal("a password could not be hashed"))?;
        let secret = [&salt[..], &hash].concat();
        Ok(CredentialRow { parameters: cost.text(), ..row(account, PASSWORD, secret, self.now_us()) })
    }

    /// An authenticator app that shows these digits for a secret.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] for digits that the secret does not give.
    pub(super) fn fresh_app(
        &self,
        account: &[u8; 16],
        digits: &str,
        secret: &[u8; TOTP_SECRET_BYTES],
    ) -> Result<CredentialRow, AppError> {
        let now_us = self.now_us();
        let step = totp_step(secret, digits.trim(), now_us.div_euclid(1_000_000)).ok_or_else(|| {
            AppError::invalid(
                "验证码不正确：请用身份验证器扫描上面的密钥，再填它现在显示的 6 位数字",
                "the code is wrong: scan the key with your authenticator app, then enter the six digits that it shows now",
            )
        })?;
        let sealed = self.seal_for(account, secret)?;
        // The digits that proved the app was set up are used up thereby.
        Ok(CredentialRow { last_step: step, ..row(account, TOTP, sealed, now_us) })
    }
}

/// Writes the credentials of an account in the place of those that it had; the rows that this touches.
pub(super) fn replace(tx: &Tx<'_>, account: &[u8; 16], fresh: &[CredentialRow]) -> Result<Vec<Touched>, AppError> {
    let before = tx.view().credentials(account)?;
    tx.credentials_remove(account)?;
    fresh.iter().try_for_each(|row| tx.credential_add(row))?;
    Ok(before.iter().chain(fresh).map(credential).collect())
}
