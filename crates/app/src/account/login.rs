//! Signing in.

use chengxin_core::account::{lifetime, normalise_login};
use chengxin_core::{Caller, Role};
use chengxin_seal::random_bytes;
use chengxin_store::session::SessionRow;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::json;

use super::credential::RECOVERY;
use super::note::Note;
use super::proof::{Candidate, Proof, Second, wrong};
use super::session::who;
use super::throttle::{Tried, device_tag, succeeded};
use super::who::{Token, Who};
use crate::{AppError, Installation};

/// Most characters of a label: what a browser calls itself is cut there.
const LABEL_LENGTH: usize = 120;

/// What somebody enters to sign in, and from where.
#[derive(Clone)]
pub struct SignIn {
    /// Login name.
    pub login: String,
    /// Password.
    pub password: String,
    /// Second factor.
    pub second: Option<Second>,
    /// Where it comes from: an address, or the network of one. Attempts are counted by it.
    pub source: String,
    /// What [`SignedIn::device`] gave this device at an earlier sign-in, from a cookie of its own that outlives sessions.
    pub device: Option<String>,
    /// The device in words, for the list of sessions.
    pub label: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").finish_non_exhaustive()
    }
}

/// A session that was opened.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// What the browser holds to show it.
    pub token: Token,
    /// What the device holds to be known here again, and not to wait for what strangers try.
    pub device: String,
    /// Who signed in.
    pub who: Who,
    /// How many recovery codes are left, where one was used.
    pub recovery_left: Option<usize>,
}

/// From where somebody signs in, and what it was counted as.
pub(super) struct Arriving<'a> {
    pub(super) login_tag: [u8; 16],
    pub(super) tried: Tried,
    pub(super) device: Option<&'a str>,
    pub(super) label: &'a str,
}

impl Installation {
    /// Signs somebody in. Attempts count, whether or not there is an account of that name, and wait longer the more of them fail; a device
    /// that signed in before waits for its own only.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] in one sentence for whatever is wrong; [`crate::Kind::Unavailable`] where it comes too soon after
    /// others. Both are logged.
    pub fn session_open(&mut self, caller: &Caller, sign_in: &SignIn) -> Result<SignedIn, AppError> {
        self.authorise(caller, "session_open")?;
        let login = normalise_login(&sign_in.login);
        // What is no login name is counted like one that nobody has.
        let tried_as = login.as_deref().unwrap_or(&sign_in.login);
        let login_tag = self.keys.login_tag(tried_as);
        // A refusal says under which name, in a form that only the installation can find again among those of its people: what
        // strangers type may be somebody's number, or a password in the wrong field.
        let caller = &Caller { actor: self.keys.actor_tag(tried_as), ..caller.clone() };
        let tried = Tried::login(&self.keys, &login_tag, &sign_in.source, sign_in.device.as_deref());
        let tried = self.try_once(caller, "session_open", tried)?;
        let known = if login.is_ok() { self.store.view().account_of_login(&login_tag)? } else { None };
        let candidate = known.map(|id| self.candidate(&id)).transpose()?.flatten();
        let proof = self.prove(candidate.as_ref(), &sign_in.password, sign_in.second.as_ref())?;
        let opened = match (&candidate, &proof) {
            (Some(candidate), Some(proof)) => {
                let (device, label) = (sign_in.device.as_deref(), sign_in.label.as_str());
                self.open_session(caller, &Arriving { login_tag, tried, device, label }, candidate, proof)?
            }
            _ => None,
        };
        opened.ok_or_else(|| self.denied(caller, "session_open", wrong()))
    }

    /// The session, or nothing where what it was proved by was used meanwhile.
    pub(super) fn open_session(
        &mut self,
        caller: &Caller,
        arriving: &Arriving<'_>,
        candidate: &Candidate,
        proof: &Proof,
    ) -> Result<Option<SignedIn>, AppError> {
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let id = candidate.account.account_id;
        let roles: Vec<_> = candidate.rights.iter().map(|right| right.role).collect();
        let token = Token::new(id);
        let session = self.new_session(&token, &roles, proof.factors, now_us, arriving.label, "")?;
        let who = who(&keys, &session, &candidate.account, candidate.rights.clone(), now_us)?;
        let acting = Caller { actor: who.actor.clone(), ..caller.clone() };
        let device =
            arriving.device.map(str::to_owned).unwrap_or_else(|| BASE64URL_NOPAD.encode(&random_bytes::<16>()));
        let device_tag = device_tag(&keys, &arriving.login_tag, &device);
        let left = self.store.write("session_open", |tx| -> Result<Option<usize>, AppError> {
            let Some(rows) = proof.use_up(tx, now_us)? else { return Ok(None) };
            tx.session_add(&session)?;
            succeeded(tx, &arriving.tried, Some(&device_tag), now_us)?;
            let mut detail = json!({ "factors": proof.factors, "session": HEXLOWER.encode(&session.tag[..8]) });
            if let Some(by) = proof.by() {
                detail["by"] = json!(by);
            }
            let (account, subject) = (id, candidate.account.subject_id);
            Note { operation: "session_open", caller: &acting, account, subject, detail, rows }
                .write(tx, &keys, now_us)?;
            let credentials = tx.view().credentials(&id)?;
            Ok(Some(credentials.iter().filter(|c| c.kind == RECOVERY && c.used_us.is_none()).count()))
        })?;
        let recovery_left = left.filter(|_| proof.by() == Some(RECOVERY));
        Ok(left.map(|_| SignedIn { token, device, who, recovery_left }))
    }

    /// A session as it begins now, by a provider of sign-in or, with an empty `issuer`, here.
    pub(super) fn new_session(
        &self,
        token: &Token,
        roles: &[Role],
        factors: u8,
        proven_us: i64,
        label: &str,
        issuer: &str,
    ) -> Result<SessionRow, AppError> {
        let (now_us, lasts) = (self.now_us(), lifetime(roles));
        let label: String = label.chars().filter(|c| !c.is_control()).take(LABEL_LENGTH).collect();
        let mut session = SessionRow {
            account_id: token.account,
            tag: self.keys.session_tag(&token.account, &token.secret),
            opened_us: now_us,
            ends_us: now_us + lasts.whole_us,
            idle_us: lasts.idle_us,
            factors: i64::from(factors),
            proven_us,
            issuer: issuer.to_owned(),
            seal: [0; 32],
            last_seen_us: now_us,
            label: self.seal_for(&token.account, label.as_bytes())?,
        };
        session.seal = self.keys.session_seal(&session);
        Ok(session)
    }

    /// Has somebody who is signed in prove again who they are. Wrong answers wait like those of a sign-in.
    ///
    /// # Errors
    /// As [`Self::session_open`].
    pub fn session_reauthenticate(
        &mut self,
        caller: &Caller,
        who: &Who,
        password: &str,
        second: Option<&Second>,
    ) -> Result<Who, AppError> {
        const NAME: &str = "session_reauthenticate";
        self.authorise(caller, NAME)?;
        let keys = self.keys.clone();
        let Some(candidate) = self.candidate(&who.account)? else { return Err(self.denied(caller, NAME, wrong())) };
        let tried = self.try_once(caller, NAME, Tried::session(&keys, &who.tag))?;
        match self.prove(Some(&candidate), password, second)? {
            Some(proof) => self.proven_again(caller, who, candidate, &tried, &proof),
            None => Err(self.denied(caller, NAME, wrong())),
        }
    }

    /// Notes that somebody who is signed in proved again who they are.
    pub(super) fn proven_again(
        &mut self,
        caller: &Caller,
        who: &Who,
        candidate: Candidate,
        tried: &Tried,
        proof: &Proof,
    ) -> Result<Who, AppError> {
        const NAME: &str = "session_reauthenticate";
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let proven = self.store.write(NAME, |tx| -> Result<Option<SessionRow>, AppError> {
            let Some((mut session, _)) = tx.view().session(&who.account, &who.tag)? else { return Ok(None) };
            if !keys.is_session(&session) {
                return Ok(None);
            }
            let Some(rows) = proof.use_up(tx, now_us)? else { return Ok(None) };
            session.proven_us = now_us;
            session.factors = session.factors.max(i64::from(proof.factors));
            session.seal = keys.session_seal(&session);
            tx.session_proven(&session)?;
            succeeded(tx, tried, None, now_us)?;
            let mut detail = json!({ "factors": proof.factors });
            if let Some(by) = proof.by() {
                detail["by"] = json!(by);
            }
            let (account, subject) = (who.account, candidate.account.subject_id);
            Note { operation: NAME, caller, account, subject, detail, rows }.write(tx, &keys, now_us)?;
            Ok(Some(session))
        })?;
        match proven {
            Some(session) => super::session::who(&keys, &session, &candidate.account, candidate.rights, now_us),
            None => Err(self.denied(caller, NAME, wrong())),
        }
    }
}
