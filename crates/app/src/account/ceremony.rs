//! What a passkey was asked: kept sealed until its answer comes, which counts once, for five minutes, for what and whom it was asked.

use chengxin_core::account::CHALLENGE_LASTS_US;
use chengxin_core::row::{join_body, split_body};
use chengxin_passkey::Asked;
use chengxin_seal::{AeadKey, random_bytes};
use chengxin_store::ceremony::CeremonyRow;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::Value;

use super::who::Who;
use crate::keyring::Keyring;
use crate::{AppError, Installation};

/// What for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    /// To be registered.
    Register,
    /// To sign in.
    SignIn,
    /// To prove anew who is there.
    Prove,
}

impl Asking {
    fn code(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign_in",
            Self::Prove => "prove",
        }
    }
}

/// A question to a passkey, for the browser. Its `Debug` tells nothing.
#[derive(Clone)]
pub struct Challenge {
    /// To be brought back with the answer.
    pub ceremony: String,
    /// What `navigator.credentials` is given, as JSON.
    pub options: Value,
    /// From when on no answer counts, microseconds UTC.
    pub expires_us: i64,
}

impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Challenge(..)")
    }
}

/// What is kept of it.
pub(super) struct Kept {
    pub(super) asking: Asking,
    /// Whose passkeys were asked; nobody's, where nobody has the name.
    pub(super) account: Option<[u8; 16]>,
    /// In which session.
    pub(super) session: Option<[u8; 32]>,
    /// The login name that was entered.
    pub(super) login: String,
    /// What the answer is held against.
    pub(super) pending: String,
}

impl Kept {
    /// Was it asked in this very session?
    pub(super) fn is_of(&self, who: &Who) -> bool {
        self.account == Some(who.account) && self.session == Some(who.tag)
    }
}

fn aad(row: &CeremonyRow) -> Vec<u8> {
    [&b"ceremony\0"[..], &row.ceremony_tag, &row.expires_us.to_be_bytes()].concat()
}

fn hex(bytes: Option<&[u8]>) -> String {
    bytes.map_or(String::new(), |bytes| HEXLOWER.encode(bytes))
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

impl Keyring {
    fn ceremony_tag(&self, ceremony: &str) -> [u8; 32] {
        self.code_tag("ceremony", &[ceremony.as_bytes()])
    }

    fn ceremony_key(&self) -> AeadKey {
        AeadKey::new(self.profile(), &self.own_key("ceremony"))
    }

    fn sealed_ceremony(&self, ceremony: &str, expires_us: i64, kept: &Kept) -> CeremonyRow {
        let mut row = CeremonyRow { ceremony_tag: self.ceremony_tag(ceremony), expires_us, sealed: Vec::new() };
        let (account, session) =
            (hex(kept.account.as_ref().map(|id| &id[..])), hex(kept.session.as_ref().map(|tag| &tag[..])));
        let plain = join_body([kept.asking.code(), &account, &session, &kept.login, &kept.pending]);
        row.sealed = self.ceremony_key().seal(&aad(&row), &plain);
        row
    }

    fn open_ceremony(&self, row: &CeremonyRow, asking: Asking) -> Option<Kept> {
        let plain = self.ceremony_key().open(&aad(row), &row.sealed).ok()?;
        let values = split_body(&plain)?;
        let [code, account, session, login, pending] = values[..] else { return None };
        (code == asking.code()).then(|| Kept {
            asking,
            account: unhex(account),
            session: unhex(session),
            login: login.to_owned(),
            pending: pending.to_owned(),
        })
    }
}

impl Installation {
    /// Keeps what is asked, and gives what the browser is told.
    pub(super) fn ask_passkey(
        &mut self,
        operation: &'static str,
        asked: Asked,
        kept: impl FnOnce(String) -> Kept,
    ) -> Result<Challenge, AppError> {
        let ceremony = BASE64URL_NOPAD.encode(&random_bytes::<32>());
        let expires_us = self.now_us() + CHALLENGE_LASTS_US;
        let row = self.keys.sealed_ceremony(&ceremony, expires_us, &kept(asked.pending));
        self.store.write(operation, |tx| -> Result<(), AppError> { Ok(tx.ceremony_add(&row)?) })?;
        Ok(Challenge { ceremony, options: asked.options, expires_us })
    }

    /// Takes back what was asked, whatever then comes of it; or says why there is nothing.
    pub(super) fn answered(
        &mut self,
        operation: &'static str,
        asking: Asking,
        ceremony: &str,
    ) -> Result<Result<Kept, &'static str>, AppError> {
        let (now_us, tag) = (self.now_us(), self.keys.ceremony_tag(ceremony));
        let row = self.store.write(operation, |tx| -> Result<_, AppError> { Ok(tx.ceremony_take(&tag)?) })?;
        let Some(row) = row else { return Ok(Err("nothing was asked by this name, or it was answered already")) };
        if row.expires_us <= now_us {
            return Ok(Err("it was answered too late"));
        }
        Ok(self
            .keys
            .open_ceremony(&row, asking)
            .ok_or("it was asked for something else, or what was kept does not open"))
    }
}
