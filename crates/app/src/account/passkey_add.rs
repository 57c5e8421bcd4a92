//! Registering a passkey: somebody who is signed in, and proved a moment ago who they are, adds a device.

use chengxin_core::Caller;
use chengxin_core::account::{FactorFault, PASSKEYS, passkey_name};
use chengxin_passkey::Holder;
use serde_json::Value;

use super::ceremony::{Asking, Challenge, Kept};
use super::credential::{Fresh, PASSKEY, row};
use super::factor::{Change, fault};
use super::keys::actor;
use super::passkey::{unproven, unwritten};
use super::who::Who;
use crate::{AppError, Installation};

const NAME: &str = "account_factor_add";

impl Installation {
    /// Asks a device for a passkey of the account that somebody is signed in to.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without a fresh proof; [`crate::Kind::Conflict`] where there are enough, or where the address of the
    /// installation has no passkeys.
    pub fn passkey_offer(&mut self, caller: &Caller, who: &Who) -> Result<Challenge, AppError> {
        self.authorise(caller, NAME)?;
        let here = self.relying_party()?;
        let candidate = self.own_candidate(who)?;
        let held = self.passkeys(&candidate.credentials)?;
        if held.len() >= PASSKEYS {
            let say = FactorFault::Enough.say();
            return Err(AppError::conflict(say.zh, say.en));
        }
        let names = self.keys.open_names(&candidate.account)?;
        // Whom a provider vouches for has neither.
        let called = |text: String| if text.is_empty() { actor("", &who.account) } else { text };
        let (login, name) = (called(names.login), called(names.name));
        let holder = Holder { id: who.account, login: &login, name: &name };
        let known: Vec<_> = held.into_iter().map(|held| held.passkey).collect();
        let asked = here.ask_to_register(&holder, &known).map_err(unwritten)?;
        self.ask_passkey(NAME, asked, |pending| Kept {
            asking: Asking::Register,
            account: Some(who.account),
            session: Some(who.tag),
            login: String::new(),
            pending,
        })
    }

    /// Takes the passkey that a device made, under a name that its holder gives it. Where it is the account's first second factor, gives
    /// recovery codes, which are shown once.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] for a name that cannot be; [`crate::Kind::Forbidden`] in one sentence for whatever is wrong with the answer, which
    /// is logged.
    pub fn passkey_add(
        &mut self,
        caller: &Caller,
        who: &Who,
        ceremony: &str,
        name: &str,
        answer: &Value,
    ) -> Result<Vec<String>, AppError> {
        self.authorise(caller, NAME)?;
        let name = passkey_name(name).map_err(fault)?;
        let here = self.relying_party()?;
        let kept = self.answered(NAME, Asking::Register, ceremony)?;
        let kept = kept.and_then(|kept| if kept.is_of(who) { Ok(kept) } else { Err("it was asked of somebody else") });
        let kept = kept.map_err(|why| self.denied(caller, NAME, unproven(why)))?;
        let made = here.registered(&kept.pending, answer);
        let passkey = made.map_err(|why| self.denied(caller, NAME, unproven(why)))?;
        let candidate = self.own_candidate(who)?;
        if self.passkeys(&candidate.credentials)?.len() >= PASSKEYS {
            let say = FactorFault::Enough.say();
            return Err(AppError::conflict(say.zh, say.en));
        }
        let row = self.sealed_passkey(row(&who.account, PASSKEY, Vec::new(), self.now_us()), &name, &passkey)?;
        let mut fresh = Fresh { rows: vec![row], recovery_codes: Vec::new() };
        self.first_recovery(&candidate, &mut fresh);
        self.factors_change(caller, who, NAME, &candidate, Change { kind: PASSKEY, gone: Vec::new(), fresh })
    }
}
