//! Requests that may be sent again: what was asked under which key, and what was answered.

use crate::value::values;
use crate::{StoreError, Tx, View};

crate::statements! {
    // A key that was let go of, and one whose day is over, is free: the row is taken over. Of two that come at once one is first.
    IDEMPOTENCY_CLAIM = "INSERT INTO idempotency (actor_id, key_tag, request_tag, begun_us, expires_us, answer) \
        VALUES ($1, $2, $3, $4, $5, NULL) ON CONFLICT (actor_id, key_tag) DO UPDATE SET request_tag = excluded.request_tag, \
        begun_us = excluded.begun_us, expires_us = excluded.expires_us, answer = NULL WHERE idempotency.expires_us <= excluded.begun_us";
    IDEMPOTENCY_FIND = "SELECT request_tag, begun_us, expires_us, answer FROM idempotency WHERE actor_id = $1 AND key_tag = $2";
    IDEMPOTENCY_ANSWER = "UPDATE idempotency SET answer = $4 WHERE actor_id = $1 AND key_tag = $2 AND begun_us = $3 AND answer IS NULL";
    IDEMPOTENCY_RELEASE = "DELETE FROM idempotency WHERE actor_id = $1 AND key_tag = $2 AND begun_us = $3 AND answer IS NULL";
}

/// A key under which something was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRow {
    /// Who asked: an account or a machine.
    pub actor_id: [u8; 16],
    /// HMAC of the key.
    pub key_tag: [u8; 32],
    /// HMAC of the request.
    pub request_tag: [u8; 32],
    /// When it was first sent.
    pub begun_us: i64,
    /// From when the key is free again.
    pub expires_us: i64,
    /// What was answered, sealed; nothing while it is not known.
    pub answer: Option<Vec<u8>>,
}

impl View<'_> {
    /// What was asked under a key.
    ///
    /// # Errors
    /// The engine's.
    pub fn idempotency(&self, actor: &[u8; 16], key_tag: &[u8; 32]) -> Result<Option<IdempotencyRow>, StoreError> {
        self.link.first(&IDEMPOTENCY_FIND, values![actor, key_tag], |row| {
            Ok(IdempotencyRow {
                actor_id: *actor,
                key_tag: *key_tag,
                request_tag: row.get(0)?,
                begun_us: row.get(1)?,
                expires_us: row.get(2)?,
                answer: row.get(3)?,
            })
        })
    }
}

impl Tx<'_> {
    /// Takes a key for a request; `false` where another has it.
    ///
    /// # Errors
    /// The engine's.
    pub fn idempotency_claim(&self, new: &IdempotencyRow) -> Result<bool, StoreError> {
        let IdempotencyRow { actor_id, key_tag, request_tag, begun_us, expires_us, .. } = new;
        Ok(self.link.run(&IDEMPOTENCY_CLAIM, values![actor_id, key_tag, request_tag, begun_us, expires_us])? > 0)
    }

    /// Keeps what was answered to the request that took a key at `begun_us`.
    ///
    /// # Errors
    /// The engine's.
    pub fn idempotency_answer(&self, row: &IdempotencyRow) -> Result<(), StoreError> {
        let IdempotencyRow { actor_id, key_tag, begun_us, answer, .. } = row;
        self.link.run(&IDEMPOTENCY_ANSWER, values![actor_id, key_tag, begun_us, answer])?;
        Ok(())
    }

    /// Lets go of a key under which nothing came to be.
    ///
    /// # Errors
    /// The engine's.
    pub fn idempotency_release(&self, row: &IdempotencyRow) -> Result<(), StoreError> {
        let IdempotencyRow { actor_id, key_tag, begun_us, .. } = row;
        self.link.run(&IDEMPOTENCY_RELEASE, values![actor_id, key_tag, begun_us])?;
        Ok(())
    }
}
