//! Providers of sign-in, who was linked to one of them, and who is away there.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    ISSUER_SET = "INSERT INTO issuer (name, terms, secret, set_us, set_by, ended_us, ended_by, seal) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO UPDATE SET terms = excluded.terms, secret = excluded.secret, \
        set_us = excluded.set_us, set_by = excluded.set_by, ended_us = excluded.ended_us, ended_by = excluded.ended_by, \
        seal = excluded.seal";
    ISSUER_FIND = "SELECT name, terms, secret, set_us, set_by, ended_us, ended_by, seal FROM issuer WHERE name = $1";
    IDENTITY_SET = "INSERT INTO account_identity (identity_tag, account_id, issuer, linked_us, linked_by, seal) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (identity_tag) DO UPDATE SET account_id = excluded.account_id, \
        issuer = excluded.issuer, linked_us = excluded.linked_us, linked_by = excluded.linked_by, seal = excluded.seal";
    IDENTITY_FIND = "SELECT identity_tag, account_id, issuer, linked_us, linked_by, seal FROM account_identity WHERE identity_tag = $1";
    IDENTITY_REMOVE = "DELETE FROM account_identity WHERE identity_tag = $1";
    SIGN_IN_ADD = "INSERT INTO sign_in (state_tag, browser_tag, issuer, expires_us, sealed) VALUES ($1, $2, $3, $4, $5)";
    SIGN_IN_FIND = "SELECT state_tag, browser_tag, issuer, expires_us, sealed FROM sign_in WHERE state_tag = $1";
    SIGN_IN_REMOVE = "DELETE FROM sign_in WHERE state_tag = $1";
}

/// One provider of sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerRow {
    /// As it stands in our addresses.
    pub name: String,
    /// Its terms, as JSON.
    pub terms: String,
    /// What we prove ourselves to it by, sealed.
    pub secret: Vec<u8>,
    /// When it was last set.
    pub set_us: i64,
    /// By whom.
    pub set_by: String,
    /// When it was removed.
    pub ended_us: Option<i64>,
    /// By whom.
    pub ended_by: Option<String>,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// Who somebody at an issuer is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRow {
    /// HMAC of the issuer's name and address and of what it calls them.
    pub identity_tag: [u8; 32],
    /// Their account.
    pub account_id: [u8; 16],
    /// Name of the issuer.
    pub issuer: String,
    /// When they were linked.
    pub linked_us: i64,
    /// Who handed over the code; of a person `self`.
    pub linked_by: String,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
}

/// Somebody who was sent to an issuer and has not come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRow {
    /// HMAC of the state.
    pub state_tag: [u8; 32],
    /// HMAC of what their browser holds.
    pub browser_tag: [u8; 32],
    /// Where they were sent.
    pub issuer: String,
    /// From then on nobody comes back by it.
    pub expires_us: i64,
    /// What is needed then, sealed.
    pub sealed: Vec<u8>,
}

pub(crate) fn read(row: Row<'_>) -> Result<IssuerRow, StoreError> {
    Ok(IssuerRow {
        name: row.get(0)?,
        terms: row.get(1)?,
        secret: row.get(2)?,
        set_us: row.get(3)?,
        set_by: row.get(4)?,
        ended_us: row.get(5)?,
        ended_by: row.get(6)?,
        seal: row.get(7)?,
    })
}

pub(crate) fn read_identity(row: Row<'_>) -> Result<IdentityRow, StoreError> {
    Ok(IdentityRow {
        identity_tag: row.get(0)?,
        account_id: row.get(1)?,
        issuer: row.get(2)?,
        linked_us: row.get(3)?,
        linked_by: row.get(4)?,
        seal: row.get(5)?,
    })
}

impl View<'_> {
    /// An issuer.
    ///
    /// # Errors
    /// The engine's.
    pub fn issuer(&self, name: &str) -> Result<Option<IssuerRow>, StoreError> {
        self.link.first(&ISSUER_FIND, values![name], read)
    }

    /// Who somebody at an issuer is here.
    ///
    /// # Errors
    /// The engine's.
    pub fn identity(&self, tag: &[u8; 32]) -> Result<Option<IdentityRow>, StoreError> {
        self.link.first(&IDENTITY_FIND, values![tag], read_identity)
    }
}

impl Tx<'_> {
    /// Sets an issuer.
    ///
    /// # Errors
    /// The engine's.
    pub fn issuer_set(&self, row: &IssuerRow) -> Result<(), StoreError> {
        let IssuerRow { name, terms, secret, set_us, set_by, ended_us, ended_by, seal } = row;
        self.link.run(&ISSUER_SET, values![name, terms, secret, set_us, set_by, ended_us, ended_by, seal])?;
        Ok(())
    }

    /// Sets who somebody at an issuer is here.
    ///
    /// # Errors
    /// The engine's.
    pub fn identity_set(&self, row: &IdentityRow) -> Result<(), StoreError> {
        let IdentityRow { identity_tag, account_id, issuer, linked_us, linked_by, seal } = row;
        self.link.run(&IDENTITY_SET, values![identity_tag, account_id, issuer, linked_us, linked_by, seal])?;
        Ok(())
    }

    /// Takes a link away.
    ///
    /// # Errors
    /// The engine's.
    pub fn identity_remove(&self, tag: &[u8; 32]) -> Result<(), StoreError> {
        self.link.run(&IDENTITY_REMOVE, values![tag])?;
        Ok(())
    }

    /// Notes that somebody was sent to an issuer.
    ///
    /// # Errors
    /// The engine's.
    pub fn sign_in_add(&self, row: &SignInRow) -> Result<(), StoreError> {
        let SignInRow { state_tag, browser_tag, issuer, expires_us, sealed } = row;
        self.link.run(&SIGN_IN_ADD, values![state_tag, browser_tag, issuer, expires_us, sealed])?;
        Ok(())
    }

    /// Takes what was noted of somebody who comes back: of two who come at once, one does.
    ///
    /// # Errors
    /// The engine's.
    pub fn sign_in_take(&self, tag: &[u8; 32]) -> Result<Option<SignInRow>, StoreError> {
        let found = self.link.first(&SIGN_IN_FIND, values![tag], |row| {
            Ok(SignInRow {
                state_tag: row.get(0)?,
                browser_tag: row.get(1)?,
                issuer: row.get(2)?,
                expires_us: row.get(3)?,
                sealed: row.get(4)?,
            })
        })?;
        let taken = self.link.run(&SIGN_IN_REMOVE, values![tag])? > 0;
        Ok(found.filter(|_| taken))
    }
}
