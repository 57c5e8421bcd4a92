//! Back from a provider: taken once, and signed in to the account to which its word leads.

use chengxin_core::account::needs_second_factor;
use chengxin_core::issuer::AWAY_LASTS_US;
use chengxin_core::{Caller, Role};
use chengxin_seal::same_secret;
use chengxin_store::Tx;
use chengxin_store::account::{AccountKind, AccountState};
use chengxin_store::audit::{ACTIVATIONS, BINDINGS, IDENTITIES, SUBJECTS};
use chengxin_store::issuer::IdentityRow;
use data_encoding::HEXLOWER;
use serde_json::json;

use super::keys::Drawn;
use super::lead::{Found, New};
use super::{Back, Came, unbelieved};
use crate::account::note::{self, Note};
use crate::account::session::who;
use crate::account::who::{Token, rights_of};
use crate::issuer::{Said, stands};
use crate::{AppError, Installation, Kind};

const FINISH: &str = "sign_in_finish";

const FASTER: &str = "somebody else was faster";

/// Takes links of an account away; the rows that this touches.
pub(in crate::account) fn unlinked(
    tx: &Tx<'_>,
    account: &[u8; 16],
    which: impl Fn(&IdentityRow) -> bool,
) -> Result<Vec<note::Touched>, AppError> {
    let links = tx.view().identities_of(account)?;
    let gone: Vec<_> = links.into_iter().filter(which).map(|link| link.identity_tag).collect();
    for tag in &gone {
        tx.identity_remove(tag)?;
    }
    Ok(gone.iter().map(|tag| (&IDENTITIES, vec![tag.into()])).collect())
}

impl Installation {
    /// Takes back what was remembered of somebody who comes back. It counts once, for the browser that was sent, for ten minutes.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] in one sentence where nobody was sent from there by it, which is logged. Nobody waits for others who came back in vain: a
    /// state is no word that could be guessed.
    pub fn sign_in_awaited(
        &mut self,
        caller: &Caller,
        issuer: &str,
        state: &str,
        browser: Option<&str>,
    ) -> Result<Back, AppError> {
        self.authorise(caller, FINISH)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let state = Drawn::read(state);
        let taken = match &state {
            Some(state) => {
                let tag = keys.state_tag(state);
                self.store.write(FINISH, |tx| -> Result<_, AppError> { Ok(tx.sign_in_take(&tag)?) })?
            }
            None => None,
        };
        let refused = |why: &str| self.denied(caller, FINISH, unbelieved(why));
        let Some((state, row)) = state.zip(taken) else {
            return Err(refused("nobody is away by this state, or they came back already"));
        };
        let sent = |browser: Drawn| same_secret(&row.browser_tag, &keys.browser_tag(&browser));
        if !browser.and_then(Drawn::read).is_some_and(sent) {
            return Err(refused("another browser was sent away"));
        }
        if row.issuer != issuer {
            return Err(refused("they were sent to another issuer"));
        }
        if row.expires_us <= now_us {
            return Err(refused("they were away for too long"));
        }
        let away = keys.open_away(&row, &state).ok_or_else(|| refused("what was kept does not open"))?;
        let trusted = self.issuer_trusted(issuer).map_err(|_| refused("the issuer was removed meanwhile"))?;
        if row.expires_us - AWAY_LASTS_US < trusted.set_us {
            return Err(refused("the issuer was set anew meanwhile"));
        }
        Ok(Back { trusted, away })
    }

    /// Signs somebody in by what a provider says of them. Where it verified their number at the level asked for and nobody has an account yet,
    /// one begins that is theirs; a line in their own log says by which provider.
    ///
    /// # Errors
    /// [`Kind::Forbidden`]: in one sentence for whatever is wrong with the provider's answer; and saying what to do where it did not vouch well enough. All
    /// are logged.
    pub fn sign_in_finish(
        &mut self,
        caller: &Caller,
        back: &Back,
        said: Result<Said, String>,
        label: &str,
    ) -> Result<Came, AppError> {
        self.authorise(caller, FINISH)?;
        let terms = &back.trusted.terms;
        let said = said.map_err(|why| self.denied(caller, FINISH, unbelieved(why)))?;
        // A refusal names whom the provider named, in a form that only the installation finds again.
        let named = Caller {
            actor: self.keys.actor_tag(&format!("{}:{}", back.trusted.name, said.claims.sub)),
            ..caller.clone()
        };
        let found = self.lead(back, &said);
        let found = found.map_err(|refusal| match refusal.kind {
            Kind::Forbidden => self.denied(&named, FINISH, refusal),
            _ => refusal,
        })?;
        let factors = if terms.second.as_ref().is_some_and(|second| second.by(&said.claims.more)) { 2 } else { 1 };
        self.come_in(&named, back, found, factors, said.proven_us, label)
    }

    fn come_in(
        &mut self,
        caller: &Caller,
        back: &Back,
        found: Found,
        factors: u8,
        proven_us: i64,
        label: &str,
    ) -> Result<Came, AppError> {
        let Found { account, new, link, code } = found;
        let (now_us, keys, id) = (self.now_us(), self.keys.clone(), account.account_id);
        let rights = match &new {
            Some(new) => vec![new.right.clone()],
            None => self.store.view().account_rights(&id)?,
        };
        let rights = rights_of(&keys, &rights, self.today_number());
        let roles: Vec<_> = rights.iter().map(|right| right.role).collect();
        let staff = account.kind == AccountKind::Staff as i64;
        if factors < 2 && (staff || needs_second_factor(&roles)) {
            return Err(self.denied(caller, FINISH, unbelieved("it does not show a second factor, which staff take")));
        }
        let token = Token::new(id);
        let session = self.new_session(&token, &roles, factors, proven_us, label, &back.trusted.name)?;
        let who = who(&keys, &session, &account, rights, now_us)?;
        // In their own log a person reads that it was themself.
        let role = if account.kind == AccountKind::Person as i64 { Role::Resident } else { caller.role };
        let acting = Caller { actor: who.actor.clone(), role, ..caller.clone() };
        let issuer = back.trusted.name.as_str();
        let missed = self.store.write(FINISH, |tx| -> Result<Option<&str>, AppError> {
            if !stands(tx.view(), &keys, issuer, back.trusted.set_us)? {
                return Ok(Some("the issuer was set anew or removed meanwhile"));
            }
            // As they were found: neither closed nor linked otherwise meanwhile.
            let state = tx.view().account(&id)?.map(|now| now.state);
            if new.is_none() && state != Some(account.state) {
                return Ok(Some(FASTER));
            }
            let mut rows = Vec::new();
            let mut detail =
                json!({ "issuer": issuer, "factors": factors, "session": HEXLOWER.encode(&session.tag[..8]) });
            if let Some(code) = &code {
                if !tx.activation_use_up(code, now_us, &id)? {
                    return Ok(Some(FASTER));
                }
                tx.account_state_set(&id, AccountState::InUse, None)?;
                rows.extend([note::account(&id), (&ACTIVATIONS, vec![code.into()])]);
                detail["linked"] = json!("code");
            } else if link.is_some() {
                detail["linked"] = json!("number");
            }
            if let Some(New { person, binding, right }) = &new {
                if !tx.view().account_bindings(&person.subject)?.is_empty() {
                    return Ok(Some(FASTER));
                }
                if let Some(reader) = &person.new {
                    reader.write(tx, &keys, now_us)?;
                    rows.push((&SUBJECTS, vec![(&person.subject).into()]));
                }
                tx.account_add_nameless(&account)?;
                tx.account_right_set(right)?;
                tx.account_bind(binding)?;
                rows.extend([note::account(&id), note::right(right)]);
                rows.push((&BINDINGS, vec![(&binding.subject_id).into(), (&id).into()]));
            }
            if let Some(link) = &link {
                if tx
                    .view()
                    .identity(&link.identity_tag)?
                    .is_some_and(|now| now.account_id != id && keys.is_identity(&now))
                {
                    return Ok(Some(FASTER));
                }
                // Whom the provider called otherwise before is linked no more.
                rows.extend(unlinked(tx, &id, |before| {
                    before.issuer == issuer && before.identity_tag != link.identity_tag
                })?);
                tx.identity_set(link)?;
                rows.push((&IDENTITIES, vec![(&link.identity_tag).into()]));
            }
            tx.session_add(&session)?;
            let subject = account.subject_id;
            Note { operation: FINISH, caller: &acting, account: id, subject, detail, rows }.write(tx, &keys, now_us)?;
            Ok(None)
        })?;
        match missed {
            None => Ok(Came { token, who }),
            Some(why) => Err(self.denied(caller, FINISH, unbelieved(why))),
        }
    }
}
