//! Log entries of accounts: a person's in the person's own chain, where they read it, all others in that of the installation.

use chengxin_core::Caller;
use chengxin_store::Tx;
use chengxin_store::account::RightRow;
use chengxin_store::audit::{ACCOUNTS, CREDENTIALS, Cell, RIGHTS, Table};
use chengxin_store::credential::CredentialRow;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::{AppError, journal};

/// A table and the key of a row in it.
pub(super) type Touched = (&'static Table, Vec<Cell>);

/// The row of an account.
pub(super) fn account(id: &[u8; 16]) -> Touched {
    (&ACCOUNTS, vec![id.into()])
}

/// The row of a right.
pub(super) fn right(right: &RightRow) -> Touched {
    (&RIGHTS, vec![(&right.account_id).into(), right.role.as_str().into(), right.authority.as_str().into()])
}

/// The row of a credential.
pub(super) fn credential(credential: &CredentialRow) -> Touched {
    (&CREDENTIALS, vec![(&credential.account_id).into(), (&credential.credential_id).into()])
}

/// What an act did to an account.
pub(super) struct Note<'a> {
    pub(super) operation: &'static str,
    pub(super) caller: &'a Caller,
    pub(super) account: [u8; 16],
    /// Whose account it is. All entries that tell of a row stand in one chain: checking takes what a chain says last.
    pub(super) subject: Option<[u8; 16]>,
    pub(super) detail: Value,
    pub(super) rows: Vec<Touched>,
}

impl Note<'_> {
    /// Writes the entry.
    pub(super) fn write(self, tx: &Tx<'_>, keys: &Keyring, now_us: i64) -> Result<(), AppError> {
        let Self { operation, caller, account, subject, mut detail, rows } = self;
        detail["account"] = json!(HEXLOWER.encode(&account));
        if !rows.is_empty() {
            detail["rows"] = marks(tx.view(), keys, &rows)?;
        }
        match &subject {
            Some(subject) => journal::log_about(tx, keys, subject, now_us, operation, caller, &detail)?,
            None => journal::log(tx, keys, now_us, operation, caller, &detail)?,
        };
        Ok(())
    }
}
