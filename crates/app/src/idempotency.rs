//! Requests that may be sent again: whoever could not see an answer sends the same under the same key, and it is not done twice.
//!
//! A key is taken before anything is done, in a transaction of its own; what was answered is kept afterwards, sealed, for a day. Where a
//! server ended in between, it is not known here what became of the request, and the key says so instead of doing it again: at most
//! once is what holds, never exactly once ([decision 0016](../../../docs/decisions/0016-idempotency-keys.md)).

use chengxin_seal::AeadKey;
use chengxin_store::idempotency::IdempotencyRow;

use crate::account::{Acting, Token};
use crate::keyring::Keyring;
use crate::{AppError, Installation, policy};

/// How long a key is taken, in microseconds.
pub const KEPT_FOR_US: i64 = 24 * 3_600 * 1_000_000;

/// How long a request may be under way: twice what a server gives it. After that whoever had it in hand is gone.
pub const UNDER_WAY_FOR_US: i64 = 120 * 1_000_000;

/// An answer, to be given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Its status.
    pub status: u16,
    /// Type of its body; empty where it has none.
    pub kind: String,
    /// Its body.
    pub body: Vec<u8>,
}

/// A key that was taken for a request.
#[derive(Debug, Clone)]
pub struct TakenKey(IdempotencyRow);

/// What is to be done with a request that came with a key.
#[derive(Debug, Clone)]
pub enum Repeated {
    /// Nobody is signed in: it is refused as it would be without a key.
    Stranger,
    /// Carry it out, then [`Installation::request_answered`].
    First(TakenKey),
    /// It was answered before: with this.
    Again(KeptAnswer),
    /// Another request has the key.
    Other,
    /// It is being carried out.
    UnderWay,
    /// It was begun, and it is not known whether it was done.
    Unknown,
}

/// Which request it is.
#[derive(Debug, Clone, Copy)]
pub struct Repeatable<'a> {
    /// The operation.
    pub name: &'static str,
    /// The key.
    pub key: &'a str,
    /// Everything by which one request is told from another.
    pub parts: &'a [&'a [u8]],
}

impl Keyring {
    fn repeat_aead(&self) -> AeadKey {
        AeadKey::new(self.profile(), &self.own_key("idempotency"))
    }
}

/// What is authenticated beside an answer: moved to another key, another request or somebody else, it opens no more.
fn aad(row: &IdempotencyRow) -> Vec<u8> {
    [&b"idempotency"[..], &row.actor_id, &row.key_tag, &row.request_tag, &row.begun_us.to_be_bytes()].concat()
}

impl KeptAnswer {
    fn to_bytes(&self) -> Vec<u8> {
        let kind = self.kind.as_bytes();
        let length = u8::try_from(kind.len()).unwrap_or(0);
        [&self.status.to_be_bytes()[..], &[length], &kind[..usize::from(length)], &self.body].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (status, rest) = bytes.split_first_chunk()?;
        let (length, rest) = rest.split_first()?;
        let (kind, body) = rest.split_at_checked(usize::from(*length))?;
        let kind = String::from_utf8(kind.to_vec()).ok()?;
        Some(Self { status: u16::from_be_bytes(*status), kind, body: body.to_vec() })
    }
}

impl Installation {
    /// Takes a key for a request of whoever a token belongs to, or says what became of it. An answer is given again to who may still ask
    /// for it: session and right are looked at anew.
    ///
    /// # Errors
    /// Those of [`Installation::session_caller`], for an answer that is here; the store's.
    pub fn request_begin(
        &mut self,
        token: Option<&Token>,
        acting: &Acting,
        request: Repeatable<'_>,
    ) -> Result<Repeated, AppError> {
        let who = token.map(|token| self.session_find(token)).transpose()?.flatten();
        let Some(who) = who else { return Ok(Repeated::Stranger) };
        let begun_us = self.now_us();
        let row = IdempotencyRow {
            actor_id: who.account,
            key_tag: self.keys.code_tag("idempotency-key", &[&who.account, request.key.as_bytes()]),
            request_tag: self.keys.code_tag("idempotency-request", request.parts),
            begun_us,
            expires_us: begun_us + KEPT_FOR_US,
            answer: None,
        };
        let had = self.store.write("request_begin", |tx| -> Result<Option<IdempotencyRow>, AppError> {
            if tx.idempotency_claim(&row)? {
                return Ok(None);
            }
            let had = tx.view().idempotency(&row.actor_id, &row.key_tag)?;
            had.map(Some).ok_or_else(|| AppError::internal("a key that is taken is nobody's"))
        })?;
        let Some(had) = had else { return Ok(Repeated::First(TakenKey(row))) };
        if had.request_tag != row.request_tag {
            return Ok(Repeated::Other);
        }
        let Some(sealed) = &had.answer else {
            let long = begun_us - had.begun_us >= UNDER_WAY_FOR_US;
            return Ok(if long { Repeated::Unknown } else { Repeated::UnderWay });
        };
        let (_, caller) = self.session_caller(token, request.name, acting)?;
        policy::within_scope(&caller, request.name).map_err(|refusal| self.denied(&caller, request.name, refusal))?;
        let opened = self.keys.repeat_aead().open(&aad(&had), sealed);
        let answer = opened.ok().as_deref().and_then(KeptAnswer::from_bytes);
        answer.map(Repeated::Again).ok_or_else(|| AppError::internal("a kept answer was not written by the platform"))
    }

    /// Keeps what was answered; or lets go of the key, where nothing was done.
    ///
    /// # Errors
    /// The store's.
    pub fn request_answered(&mut self, taken: TakenKey, answer: Option<&KeptAnswer>) -> Result<(), AppError> {
        let TakenKey(mut row) = taken;
        let keys = self.keys.clone();
        row.answer = answer.map(|answer| keys.repeat_aead().seal(&aad(&row), &answer.to_bytes()));
        self.store.write("request_answered", |tx| -> Result<(), AppError> {
            match row.answer {
                Some(_) => tx.idempotency_answer(&row)?,
                None => tx.idempotency_release(&row)?,
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_answer_is_read_back_as_it_was(status: u16, kind in "[a-z/+]{0,60}", body: Vec<u8>) {
            let answer = KeptAnswer { status, kind, body };
            prop_assert_eq!(KeptAnswer::from_bytes(&answer.to_bytes()), Some(answer));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = KeptAnswer::from_bytes(&bytes);
        }
    }
}
