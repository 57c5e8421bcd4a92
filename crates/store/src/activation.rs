//! One-time codes: what a window or an administrator hands over, so that somebody can begin.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    ACTIVATION_ADD = "INSERT INTO activation (code_tag, purpose, account_id, subject_id, sealed, evidence, issued_by, issued_us, \
        expires_us, used_us, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    ACTIVATION_FIND = "SELECT code_tag, purpose, account_id, subject_id, sealed, evidence, issued_by, issued_us, expires_us, used_us, \
        seal FROM activation WHERE code_tag = $1";
    ACTIVATION_USED = "UPDATE activation SET used_us = $2, account_id = $3, seal = $4 \
        WHERE code_tag = $1 AND used_us IS NULL AND expires_us > $2";
}

/// One code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivationRow {
    /// HMAC of the code.
    pub code_tag: [u8; 32],
    /// `first`, `begin`, `bind`, `recover` or `link`.
    pub purpose: String,
    /// Which account it is for, or led to.
    pub account_id: Option<[u8; 16]>,
    /// Whom it binds to an account.
    pub subject_id: Option<[u8; 16]>,
    /// Their document, sealed under their key; else empty.
    pub sealed: Vec<u8>,
    /// What was compared.
    pub evidence: String,
    /// Who handed it over.
    pub issued_by: String,
    /// When.
    pub issued_us: i64,
    /// From then on it is worth nothing.
    pub expires_us: i64,
    /// When it was used up.
    pub used_us: Option<i64>,
    /// Keyed seal over what it is for; empty once it was used, so that it cannot be made good again by hand.
    pub seal: Vec<u8>,
}

fn read(row: Row<'_>) -> Result<ActivationRow, StoreError> {
    Ok(ActivationRow {
        code_tag: row.get(0)?,
        purpose: row.get(1)?,
        account_id: row.get(2)?,
        subject_id: row.get(3)?,
        sealed: row.get(4)?,
        evidence: row.get(5)?,
        issued_by: row.get(6)?,
        issued_us: row.get(7)?,
        expires_us: row.get(8)?,
        used_us: row.get(9)?,
        seal: row.get(10)?,
    })
}

impl View<'_> {
    /// The code with a tag.
    ///
    /// # Errors
    /// The engine's.
    pub fn activation(&self, tag: &[u8; 32]) -> Result<Option<ActivationRow>, StoreError> {
        self.link.first(&ACTIVATION_FIND, values![tag], read)
    }
}

impl Tx<'_> {
    /// Adds a code.
    ///
    /// # Errors
    /// The engine's.
    pub fn activation_add(&self, new: &ActivationRow) -> Result<(), StoreError> {
        let ActivationRow {
            code_tag,
            purpose,
            account_id,
            subject_id,
            sealed,
            evidence,
            issued_by,
            issued_us,
            expires_us,
            used_us,
            seal,
        } = new;
        let values = values![
            code_tag, purpose, account_id, subject_id, sealed, evidence, issued_by, issued_us, expires_us, used_us,
            seal
        ];
        self.link.run(&ACTIVATION_ADD, values)?;
        Ok(())
    }

    /// Uses a code up for an account; whether it was neither used up nor too old.
    ///
    /// # Errors
    /// The engine's.
    pub fn activation_use_up(&self, tag: &[u8; 32], at_us: i64, account: &[u8; 16]) -> Result<bool, StoreError> {
        Ok(self.link.run(&ACTIVATION_USED, values![tag, at_us, account, &[][..]])? > 0)
    }
}
