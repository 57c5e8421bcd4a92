//! Accounts, the names they sign in with, what they may do, and whose they are. Everything about one account lies together.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    ACCOUNT_ADD = "INSERT INTO account (account_id, kind, state, subject_id, sealed, opened_us, opened_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ACCOUNT_FIND = "SELECT account_id, kind, state, subject_id, sealed, opened_us, opened_by FROM account WHERE account_id = $1";
    ACCOUNT_STATE = "UPDATE account SET state = $2, subject_id = $3 WHERE account_id = $1";
    ACCOUNT_NAMES = "UPDATE account SET sealed = $2 WHERE account_id = $1";
    LOGIN_ADD = "INSERT INTO account_login (login_tag, account_id) VALUES ($1, $2)";
    LOGIN_FIND = "SELECT account_id FROM account_login WHERE login_tag = $1";
    RIGHT_SET = "INSERT INTO account_right (account_id, role, authority, granted_us, granted_by, ended_us, ended_by, seal, last_used_on) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (account_id, role, authority) DO UPDATE SET \
        granted_us = excluded.granted_us, granted_by = excluded.granted_by, ended_us = excluded.ended_us, \
        ended_by = excluded.ended_by, seal = excluded.seal, last_used_on = excluded.last_used_on";
    RIGHT_LIST = "SELECT account_id, role, authority, granted_us, granted_by, ended_us, ended_by, seal, last_used_on \
        FROM account_right WHERE account_id = $1 ORDER BY role, authority";
    RIGHT_TOUCH = "UPDATE account_right SET last_used_on = $4 WHERE account_id = $1 AND role = $2 AND authority = $3 \
        AND last_used_on < $4";
    BINDING_ADD = "INSERT INTO account_binding (subject_id, account_id, sealed, bound_us, issued_by) VALUES ($1, $2, $3, $4, $5)";
    BINDING_LIST = "SELECT subject_id, account_id, sealed, bound_us, issued_by FROM account_binding WHERE subject_id = $1 \
        ORDER BY bound_us, account_id";
    BINDING_REMOVE = "DELETE FROM account_binding WHERE subject_id = $1 AND account_id = $2";
}

/// What kind of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// Somebody who works with the platform.
    Staff = 1,
    /// A person with a right to know about themself.
    Person = 2,
}

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// Opened; its owner has not begun to use it.
    Opened = 1,
    /// In use.
    InUse = 2,
    /// Closed for good.
    Closed = 3,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Id.
    pub account_id: [u8; 16],
    /// An [`AccountKind`].
    pub kind: i64,
    /// An [`AccountState`].
    pub state: i64,
    /// Whose it is.
    pub subject_id: Option<[u8; 16]>,
    /// Login name and display name, sealed.
    pub sealed: Vec<u8>,
    /// When it was opened.
    pub opened_us: i64,
    /// By whom.
    pub opened_by: String,
}

/// One right of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightRow {
    /// Whose.
    pub account_id: [u8; 16],
    /// Code of the role.
    pub role: String,
    /// For which authority, or nothing.
    pub authority: String,
    /// When it was granted, or granted anew.
    pub granted_us: i64,
    /// By whom.
    pub granted_by: String,
    /// When it was ended.
    pub ended_us: Option<i64>,
    /// By whom.
    pub ended_by: Option<String>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
    /// Day of the last use, days since 1970-01-01.
    pub last_used_on: i64,
}

/// Whose an account is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindingRow {
    /// The person.
    pub subject_id: [u8; 16],
    /// Their account.
    pub account_id: [u8; 16],
    /// Kind and number of the document, sealed under the subject's key.
    pub sealed: Vec<u8>,
    /// When.
    pub bound_us: i64,
    /// Who compared the document.
    pub issued_by: String,
}

/// Columns as in [`ACCOUNT_FIND`].
pub(crate) fn read(row: Row<'_>) -> Result<AccountRow, StoreError> {
    Ok(AccountRow {
        account_id: row.get(0)?,
        kind: row.get(1)?,
        state: row.get(2)?,
        subject_id: row.get(3)?,
        sealed: row.get(4)?,
        opened_us: row.get(5)?,
        opened_by: row.get(6)?,
    })
}

/// Columns as in [`RIGHT_LIST`].
pub(crate) fn read_right(row: Row<'_>) -> Result<RightRow, StoreError> {
    Ok(RightRow {
        account_id: row.get(0)?,
        role: row.get(1)?,
        authority: row.get(2)?,
        granted_us: row.get(3)?,
        granted_by: row.get(4)?,
        ended_us: row.get(5)?,
        ended_by: row.get(6)?,
        seal: row.get(7)?,
        last_used_on: row.get(8)?,
    })
}

impl View<'_> {
    /// An account.
    ///
    /// # Errors
    /// The engine's.
    pub fn account(&self, id: &[u8; 16]) -> Result<Option<AccountRow>, StoreError> {
        self.link.first(&ACCOUNT_FIND, values![id], read)
    }

    /// The account that a login name leads to.
    ///
    /// # Errors
    /// The engine's.
    pub fn account_of_login(&self, tag: &[u8; 16]) -> Result<Option<[u8; 16]>, StoreError> {
        self.link.first(&LOGIN_FIND, values![tag], |row| row.get(0))
    }

    /// Rights of an account, ended ones among them.
    ///
    /// # Errors
    /// The engine's.
    pub fn account_rights(&self, id: &[u8; 16]) -> Result<Vec<RightRow>, StoreError> {
        self.link.rows(&RIGHT_LIST, values![id], read_right)
    }

    /// Accounts of a person.
    ///
    /// # Errors
    /// The engine's.
    pub fn account_bindings(&self, subject: &[u8; 16]) -> Result<Vec<BindingRow>, StoreError> {
        self.link.rows(&BINDING_LIST, values![subject], |row| {
            Ok(BindingRow {
                subject_id: row.get(0)?,
                account_id: row.get(1)?,
                sealed: row.get(2)?,
                bound_us: row.get(3)?,
                issued_by: row.get(4)?,
            })
        })
    }
}

impl Tx<'_> {
    /// Adds an account and the name that it signs in with.
    ///
    /// # Errors
    /// The engine's; a name that is taken is one.
    pub fn account_add(&self, account: &AccountRow, login_tag: &[u8; 16]) -> Result<(), StoreError> {
        let AccountRow { account_id, kind, state, subject_id, sealed, opened_us, opened_by } = account;
        self.link.run(&ACCOUNT_ADD, values![account_id, kind, state, subject_id, sealed, opened_us, opened_by])?;
        self.link.run(&LOGIN_ADD, values![login_tag, account_id])?;
        Ok(())
    }

    /// Adds an account that signs in by no name of its own: another provider says who it is.
    ///
    /// # Errors
    /// The engine's.
    pub fn account_add_nameless(&self, account: &AccountRow) -> Result<(), StoreError> {
        let AccountRow { account_id, kind, state, subject_id, sealed, opened_us, opened_by } = account;
        self.link.run(&ACCOUNT_ADD, values![account_id, kind, state, subject_id, sealed, opened_us, opened_by])?;
        Ok(())
    }

    /// Gives an account that had none a name to sign in by; `sealed` are its names as they then are.
    ///
    /// # Errors
    /// The engine's.
    pub fn account_name(&self, id: &[u8; 16], sealed: &[u8], login_tag: &[u8; 16]) -> Result<(), StoreError> {
        self.link.run(&ACCOUNT_NAMES, values![id, sealed])?;
        self.link.run(&LOGIN_ADD, values![login_tag, id])?;
        Ok(())
    }

    /// Sets where an account stands and whose it is.
    ///
    /// # Errors
    /// The engine's.
    pub fn account_state_set(
        &self,
        id: &[u8; 16],
        state: AccountState,
        subject: Option<&[u8; 16]>,
    ) -> Result<(), StoreError> {
        self.link.run(&ACCOUNT_STATE, values![id, state as i64, subject])?;
        Ok(())
    }

    /// Writes a right as it now stands.
    ///
    /// # Errors
    /// The engine's.
    pub fn account_right_set(&self, right: &RightRow) -> Result<(), StoreError> {
        let RightRow { account_id, role, authority, granted_us, granted_by, ended_us, ended_by, seal, last_used_on } =
            right;
        let values =
            values![account_id, role, authority, granted_us, granted_by, ended_us, ended_by, seal, last_used_on];
        self.link.run(&RIGHT_SET, values)?;
        Ok(())
    }

    /// Notes that a right was used on a day; whether that was not noted yet.
    ///
    /// # Errors
    /// The engine's.
    pub fn account_right_touch(&self, id: &[u8; 16], role: &str, authority: &str, on: i32) -> Result<bool, StoreError> {
        Ok(self.link.run(&RIGHT_TOUCH, values![id, role, authority, on])? > 0)
    }

    /// Binds an account to a person.
    ///
    /// # Errors
    /// The engine's.
    pub fn account_bind(&self, binding: &BindingRow) -> Result<(), StoreError> {
        let BindingRow { subject_id, account_id, sealed, bound_us, issued_by } = binding;
        self.link.run(&BINDING_ADD, values![subject_id, account_id, sealed, bound_us, issued_by])?;
        Ok(())
    }

    /// Takes a binding away.
    ///
    /// # Errors
    /// The engine's.
    pub fn account_unbind(&self, subject: &[u8; 16], id: &[u8; 16]) -> Result<(), StoreError> {
        self.link.run(&BINDING_REMOVE, values![subject, id])?;
        Ok(())
    }
}
