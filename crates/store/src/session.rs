//! Sessions: who has proved who they are, and until when that counts.

use crate::account::AccountRow;
use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    SESSION_ADD = "INSERT INTO session (account_id, tag, opened_us, ends_us, idle_us, factors, proven_us, issuer, seal, last_seen_us, label) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    // Session and account at once: every request of somebody signed in asks this.
    SESSION_FIND = "SELECT s.account_id, s.tag, s.opened_us, s.ends_us, s.idle_us, s.factors, s.proven_us, s.issuer, s.seal, \
        s.last_seen_us, s.label, a.kind, a.state, a.subject_id, a.sealed, a.opened_us, a.opened_by FROM session s \
        JOIN account a ON a.account_id = s.account_id WHERE s.account_id = $1 AND s.tag = $2";
    SESSION_LIST = "SELECT account_id, tag, opened_us, ends_us, idle_us, factors, proven_us, issuer, seal, last_seen_us, label FROM session \
        WHERE account_id = $1 ORDER BY opened_us, tag";
    SESSION_TOUCH = "UPDATE session SET last_seen_us = $3 WHERE account_id = $1 AND tag = $2 AND last_seen_us < $3";
    SESSION_PROVEN = "UPDATE session SET proven_us = $3, factors = $4, seal = $5 WHERE account_id = $1 AND tag = $2";
    SESSION_REMOVE = "DELETE FROM session WHERE account_id = $1 AND tag = $2";
    SESSIONS_REMOVE = "DELETE FROM session WHERE account_id = $1";
    SESSIONS_REMOVE_OTHERS = "DELETE FROM session WHERE account_id = $1 AND tag <> $2";
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose.
    pub account_id: [u8; 16],
    /// HMAC of its token.
    pub tag: [u8; 32],
    /// When it was opened.
    pub opened_us: i64,
    /// When it ends whatever happens.
    pub ends_us: i64,
    /// After how long without a request it ends, in microseconds.
    pub idle_us: i64,
    /// How many factors opened it.
    pub factors: i64,
    /// When who sits there last proved who they are.
    pub proven_us: i64,
    /// By which provider of sign-in it began; empty where that was here.
    pub issuer: String,
    /// Says that all of this was written with the installation's key.
    pub seal: [u8; 32],
    /// Last request, to a minute.
    pub last_seen_us: i64,
    /// Device in words, sealed.
    pub label: Vec<u8>,
}

fn read(row: Row<'_>) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        account_id: row.get(0)?,
        tag: row.get(1)?,
        opened_us: row.get(2)?,
        ends_us: row.get(3)?,
        idle_us: row.get(4)?,
        factors: row.get(5)?,
        proven_us: row.get(6)?,
        issuer: row.get(7)?,
        seal: row.get(8)?,
        last_seen_us: row.get(9)?,
        label: row.get(10)?,
    })
}

fn read_both(row: Row<'_>) -> Result<(SessionRow, AccountRow), StoreError> {
    let account = AccountRow {
        account_id: row.get(0)?,
        kind: row.get(11)?,
        state: row.get(12)?,
        subject_id: row.get(13)?,
        sealed: row.get(14)?,
        opened_us: row.get(15)?,
        opened_by: row.get(16)?,
    };
    Ok((read(row)?, account))
}

impl View<'_> {
    /// A session with its account.
    ///
    /// # Errors
    /// The engine's.
    pub fn session(&self, account: &[u8; 16], tag: &[u8; 32]) -> Result<Option<(SessionRow, AccountRow)>, StoreError> {
        self.link.first(&SESSION_FIND, values![account, tag], read_both)
    }

    /// Sessions of an account, oldest first.
    ///
    /// # Errors
    /// The engine's.
    pub fn sessions(&self, account: &[u8; 16]) -> Result<Vec<SessionRow>, StoreError> {
        self.link.rows(&SESSION_LIST, values![account], read)
    }
}

impl Tx<'_> {
    /// Adds a session.
    ///
    /// # Errors
    /// The engine's.
    pub fn session_add(&self, new: &SessionRow) -> Result<(), StoreError> {
        let SessionRow { account_id, tag, opened_us, ends_us, idle_us, factors, .. } = new;
        let SessionRow { proven_us, issuer, seal, last_seen_us, label, .. } = new;
        self.link.run(
            &SESSION_ADD,
            values![
                account_id,
                tag,
                opened_us,
                ends_us,
                idle_us,
                factors,
                proven_us,
                issuer,
                seal,
                last_seen_us,
                label
            ],
        )?;
        Ok(())
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// The engine's.
    pub fn session_touch(&self, account: &[u8; 16], tag: &[u8; 32], at_us: i64) -> Result<(), StoreError> {
        self.link.run(&SESSION_TOUCH, values![account, tag, at_us])?;
        Ok(())
    }

    /// Notes that who sits there proved again who they are; `seal` is over the row as it then stands.
    ///
    /// # Errors
    /// The engine's.
    pub fn session_proven(&self, session: &SessionRow) -> Result<(), StoreError> {
        let SessionRow { account_id, tag, proven_us, factors, seal, .. } = session;
        self.link.run(&SESSION_PROVEN, values![account_id, tag, proven_us, factors, seal])?;
        Ok(())
    }

    /// Ends a session; whether there was one.
    ///
    /// # Errors
    /// The engine's.
    pub fn session_remove(&self, account: &[u8; 16], tag: &[u8; 32]) -> Result<bool, StoreError> {
        Ok(self.link.run(&SESSION_REMOVE, values![account, tag])? > 0)
    }

    /// Ends every session of an account; how many.
    ///
    /// # Errors
    /// The engine's.
    pub fn sessions_remove(&self, account: &[u8; 16]) -> Result<usize, StoreError> {
        self.link.run(&SESSIONS_REMOVE, values![account])
    }

    /// Ends every session of an account but one; how many.
    ///
    /// # Errors
    /// The engine's.
    pub fn sessions_remove_others(&self, account: &[u8; 16], but: &[u8; 32]) -> Result<usize, StoreError> {
        self.link.run(&SESSIONS_REMOVE_OTHERS, values![account, but])
    }
}
