//! Signing in by a passkey, and proving anew by one who is there.

use chengxin_core::Caller;
use chengxin_core::account::normalise_login;
use chengxin_passkey::{Passkey, Refused};
use chengxin_store::account::AccountState;
use serde_json::Value;

use super::ceremony::{Asking, Challenge, Kept};
use super::login::{Arriving, SignedIn};
use super::passkey::{Held, unproven, unwritten};
use super::proof::{Candidate, Proof};
use super::throttle::Tried;
use super::who::Who;
use crate::{AppError, Installation};

/// What a browser brings to sign in by a passkey, and from where.
#[derive(Clone)]
pub struct PasskeySignIn {
    /// [`Challenge::ceremony`].
    pub ceremony: String,
    /// What the device answered: `PublicKeyCredential.toJSON()`.
    pub answer: Value,
    /// Where it comes from, as [`super::SignIn::source`].
    pub source: String,
    /// As [`super::SignIn::device`].
    pub device: Option<String>,
    /// The device in words, for the list of sessions.
    pub label: String,
}

impl std::fmt::Debug for PasskeySignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasskeySignIn").finish_non_exhaustive()
    }
}

fn in_use(candidate: &Candidate) -> bool {
    candidate.account.state == AccountState::InUse as i64
}

fn keys_of(held: &[Held]) -> Vec<Passkey> {
    held.iter().map(|held| held.passkey.clone()).collect()
}

impl Installation {
    /// Asks whoever signs in under a name to prove it by a passkey. A name that nobody has, or that has none, is asked alike.
    ///
    /// # Errors
    /// [`crate::Kind::Conflict`] where the address of the installation has no passkeys.
    pub fn session_open_ask(&mut self, caller: &Caller, login: &str) -> Result<Challenge, AppError> {
        const NAME: &str = "session_open";
        self.authorise(caller, NAME)?;
        let here = self.relying_party()?;
        let normal = normalise_login(login);
        let tried_as = normal.as_deref().unwrap_or(login);
        let login_tag = self.keys.login_tag(tried_as);
        let known = if normal.is_ok() { self.store.view().account_of_login(&login_tag)? } else { None };
        let candidate = known.map(|id| self.candidate(&id)).transpose()?.flatten().filter(in_use);
        let held = candidate.as_ref().map(|candidate| self.passkeys(&candidate.credentials)).transpose()?;
        // Made up in any case, so that it takes alike.
        let made_up = self.keys.made_up_passkeys(&login_tag);
        let held = held.map(|held| keys_of(&held)).filter(|held| !held.is_empty());
        let account = candidate.map(|candidate| candidate.account.account_id).filter(|_| held.is_some());
        let asked = here.ask_to_prove(&held.unwrap_or(made_up)).map_err(unwritten)?;
        let login = tried_as.chars().take(64).collect();
        self.ask_passkey(NAME, asked, |pending| Kept { asking: Asking::SignIn, account, session: None, login, pending })
    }

    /// Signs in whoever holds a passkey that was asked for. It verified its user, so that it is two factors by itself.
    ///
    /// # Errors
    /// As [`Self::session_open`], in one sentence for whatever is wrong.
    pub fn session_open_passkey(&mut self, caller: &Caller, sign_in: &PasskeySignIn) -> Result<SignedIn, AppError> {
        const NAME: &str = "session_open";
        self.authorise(caller, NAME)?;
        let here = self.relying_party()?;
        let kept = match self.answered(NAME, Asking::SignIn, &sign_in.ceremony)? {
            Ok(kept) => kept,
            Err(why) => {
                let tried = Tried::ceremony(&self.keys, &sign_in.source);
                self.try_once(caller, NAME, tried)?;
                return Err(self.denied(caller, NAME, unproven(why)));
            }
        };
        let login_tag = self.keys.login_tag(&kept.login);
        let caller = &Caller { actor: self.keys.actor_tag(&kept.login), ..caller.clone() };
        let tried = Tried::login(&self.keys, &login_tag, &sign_in.source, sign_in.device.as_deref());
        let tried = self.try_once(caller, NAME, tried)?;
        let candidate = kept.account.map(|id| self.candidate(&id)).transpose()?.flatten().filter(in_use);
        let held = candidate.as_ref().map(|candidate| self.passkeys(&candidate.credentials)).transpose()?;
        let known = held.as_deref().map_or_else(|| self.keys.made_up_passkeys(&login_tag), keys_of);
        let proven = here.proven(&kept.pending, &kept.account.unwrap_or_default(), &known, &sign_in.answer);
        let passkey = proven.map_err(|why| self.denied(caller, NAME, unproven(why)))?;
        let opened = match (candidate, self.proof_by(held.unwrap_or_default(), &passkey)?) {
            (Some(candidate), Some(proof)) => {
                let (device, label) = (sign_in.device.as_deref(), sign_in.label.as_str());
                self.open_session(caller, &Arriving { login_tag, tried, device, label }, &candidate, &proof)?
            }
            _ => None,
        };
        opened.ok_or_else(|| self.denied(caller, NAME, unproven("nobody's, or it was used meanwhile")))
    }

    /// Asks somebody who is signed in to prove anew by a passkey who they are.
    ///
    /// # Errors
    /// [`crate::Kind::Conflict`] where the account has none, or the address of the installation does not allow it.
    pub fn session_reauthenticate_ask(&mut self, caller: &Caller, who: &Who) -> Result<Challenge, AppError> {
        const NAME: &str = "session_reauthenticate";
        self.authorise(caller, NAME)?;
        let here = self.relying_party()?;
        let held = self.passkeys(&self.own_candidate(who)?.credentials)?;
        if held.is_empty() {
            return Err(AppError::conflict(
                "该账户没有通行密钥；请用密码和验证码再次验证身份",
                "this account has no passkey: prove anew by password and code",
            ));
        }
        let asked = here.ask_to_prove(&keys_of(&held)).map_err(unwritten)?;
        self.ask_passkey(NAME, asked, |pending| Kept {
            asking: Asking::Prove,
            account: Some(who.account),
            session: Some(who.tag),
            login: String::new(),
            pending,
        })
    }

    /// Has somebody who is signed in prove anew by a passkey who they are.
    ///
    /// # Errors
    /// As [`Self::session_reauthenticate`], in one sentence for whatever is wrong.
    pub fn session_reauthenticate_passkey(
        &mut self,
        caller: &Caller,
        who: &Who,
        ceremony: &str,
        answer: &Value,
    ) -> Result<Who, AppError> {
        const NAME: &str = "session_reauthenticate";
        self.authorise(caller, NAME)?;
        let here = self.relying_party()?;
        let tried = self.try_once(caller, NAME, Tried::session(&self.keys, &who.tag))?;
        let kept = self.answered(NAME, Asking::Prove, ceremony)?;
        let kept = kept.and_then(|kept| if kept.is_of(who) { Ok(kept) } else { Err("it was asked of somebody else") });
        let kept = kept.map_err(|why| self.denied(caller, NAME, unproven(why)))?;
        let candidate = self.own_candidate(who)?;
        let held = self.passkeys(&candidate.credentials)?;
        let proven = here.proven(&kept.pending, &who.account, &keys_of(&held), answer);
        let passkey = proven.map_err(|why| self.denied(caller, NAME, unproven(why)))?;
        match self.proof_by(held, &passkey)?.filter(|_| in_use(&candidate)) {
            Some(proof) => self.proven_again(caller, who, candidate, &tried, &proof),
            None => Err(self.denied(caller, NAME, unproven(Refused::Unknown))),
        }
    }

    /// What a passkey proves, which is kept as it is now from its use on.
    fn proof_by(&self, held: Vec<Held>, proven: &Passkey) -> Result<Option<Proof>, AppError> {
        let Some(Held { row, name, .. }) = held.into_iter().find(|held| held.passkey.id() == proven.id()) else {
            return Ok(None);
        };
        let used = chengxin_store::credential::CredentialRow { used_us: Some(self.now_us()), ..row.clone() };
        Ok(Some(Proof::by_passkey(row, self.sealed_passkey(used, &name, proven)?)))
    }
}
