//! Signing in by another provider: sent away with a state that counts once, for one browser; come back with what the provider says, which
//! leads to an account that is theirs, or to none.
//!
//! A person's is found by a number that the provider verified at the level that the operator asked for, as a window would have compared it; staff
//! are whom an administrator linked by a one-time code. What the provider calls somebody is kept as a keyed tag alone.

use chengxin_core::account::needs_second_factor;
use chengxin_core::identity::{Document, is_of_age_on};
use chengxin_core::issuer::{AWAY_LASTS_US, Awaited, IdClaims, Residents, judge};
use chengxin_core::row::{join_body, split_body};
use chengxin_core::{Caller, Role};
use chengxin_seal::{AeadKey, random_bytes, same_secret};
use chengxin_store::account::{AccountKind, AccountRow, AccountState, BindingRow, RightRow};
use chengxin_store::audit::{ACTIVATIONS, BINDINGS, IDENTITIES, SUBJECTS};
use chengxin_store::issuer::{IdentityRow, SignInRow};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::json;

use super::code::{OneTimeCode, purpose};
use super::keys::Names;
use super::note::{self, Note};
use super::person::{Person, bound_document_of};
use super::proof::Candidate;
use super::session::who;
use super::throttle::{Tried, succeeded};
use super::who::{Token, Who, rights_of};
use crate::issuer::{Said, Trusted};
use crate::keyring::Keyring;
use crate::{AppError, Installation, Kind};

const FINISH: &str = "sign_in_finish";

/// What is remembered of somebody while they are away at a provider. Its `Debug` tells nothing.
#[derive(Clone)]
pub struct Away {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    /// Tag of the one-time code that links an account of staff, where they brought one.
    link: Option<[u8; 32]>,
}

impl std::fmt::Debug for Away {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Away(..)")
    }
}

/// Somebody is about to be sent to a provider.
#[derive(Debug, Clone)]
pub struct Departure {
    /// Where to.
    pub trusted: Trusted,
    /// With what.
    pub away: Away,
    /// What their browser holds meanwhile.
    pub browser: String,
}

/// Somebody came back; what the provider says of them is to be asked.
#[derive(Debug, Clone)]
pub struct Back {
    /// From where.
    pub trusted: Trusted,
    /// With what they went.
    pub away: Away,
    tried: Tried,
}

/// Somebody who came back and is signed in.
#[derive(Debug, Clone)]
pub struct Came {
    /// What the browser holds to show it.
    pub token: Token,
    /// Who it is.
    pub who: Who,
}

/// What is said whatever was wrong with coming back.
fn unbelieved(why: impl std::fmt::Display) -> AppError {
    AppError::new(
        Kind::Forbidden,
        "未能通过该登录提供方登录；请从登录页重新开始，仍不成功的可到窗口办理",
        "signing in by this provider did not succeed: begin again at the sign-in page, or come to a window",
    )
    .because(why)
}

/// What is said to whoever the provider did not vouch for well enough.
fn unvouched(why: &str) -> AppError {
    AppError::new(
        Kind::Forbidden,
        "该登录提供方没有以所需等级核验您的证件号码，因此未登录任何账户；请在该提供方完成实名核验，或持有效证件到窗口领取激活码",
        "the provider did not verify your document at the level that this takes, so you are signed in to nothing: have it verified there, or bring it to a window and redeem the code that you get",
    )
    .because(why)
}

fn drawn() -> String {
    BASE64URL_NOPAD.encode(&random_bytes::<32>())
}

impl Keyring {
    fn state_tag(&self, state: &str) -> [u8; 32] {
        self.code_tag("sign-in-state", &[state.as_bytes()])
    }

    fn browser_tag(&self, browser: &str) -> [u8; 32] {
        self.code_tag("sign-in-browser", &[browser.as_bytes()])
    }

    /// Tag of what an issuer calls somebody. Behind it stands no number of a person: an issuer's own word for them.
    fn identity_tag(&self, trusted: &Trusted, sub: &str) -> [u8; 32] {
        self.code_tag("identity", &[trusted.name.as_bytes(), trusted.terms.url.as_bytes(), sub.as_bytes()])
    }

    fn identity_seal(&self, row: &IdentityRow) -> [u8; 32] {
        let parts: [&[u8]; 5] = [
            &row.identity_tag,
            &row.account_id,
            row.issuer.as_bytes(),
            &row.linked_us.to_be_bytes(),
            row.linked_by.as_bytes(),
        ];
        self.code_tag("identity-row", &parts)
    }

    fn sealed_identity(&self, row: IdentityRow) -> IdentityRow {
        IdentityRow { seal: self.identity_seal(&row), ..row }
    }

    fn is_identity(&self, row: &IdentityRow) -> bool {
        let written = same_secret(&row.seal, &self.identity_seal(row));
        if !written {
            tracing::warn!("an identity in the database was not written by the platform");
        }
        written
    }

    fn away_key(&self) -> AeadKey {
        AeadKey::new(self.profile(), &self.own_key("sign-in"))
    }

    /// What is kept of somebody who is away: carried over to another browser, issuer or time it opens nothing.
    fn sealed_away(&self, issuer: &str, browser: &str, expires_us: i64, away: &Away) -> SignInRow {
        let (state_tag, browser_tag) = (self.state_tag(&away.state), self.browser_tag(browser));
        let mut row = SignInRow { state_tag, browser_tag, issuer: issuer.to_owned(), expires_us, sealed: Vec::new() };
        let link = away.link.map_or(String::new(), |tag| HEXLOWER.encode(&tag));
        let plain = join_body([away.nonce.as_str(), away.verifier.as_str(), link.as_str()]);
        row.sealed = self.away_key().seal(&away_aad(&row), &plain);
        row
    }

    fn open_away(&self, row: &SignInRow, state: &str) -> Option<Away> {
        let plain = self.away_key().open(&away_aad(row), &row.sealed).ok()?;
        let values = split_body(&plain)?;
        let [nonce, verifier, link] = values[..] else { return None };
        let link = match link {
            "" => None,
            tag => Some(HEXLOWER.decode(tag.as_bytes()).ok()?.try_into().ok()?),
        };
        Some(Away { state: state.to_owned(), nonce: nonce.to_owned(), verifier: verifier.to_owned(), link })
    }
}

fn away_aad(row: &SignInRow) -> Vec<u8> {
    let expires = row.expires_us.to_be_bytes();
    [&b"sign-in\0"[..], &row.state_tag, &row.browser_tag, &expires, row.issuer.as_bytes()].concat()
}

/// Whom what a provider says leads to.
struct Found {
    account: AccountRow,
    new: Option<New>,
    /// The identity as it is to be written, where it was not linked before.
    link: Option<IdentityRow>,
    /// One-time code that linked it.
    code: Option<[u8; 32]>,
}

/// An account that begins.
struct New {
    person: Person,
    binding: BindingRow,
    right: RightRow,
}

impl Installation {
    /// Makes the one-time code by which a member of staff links their account to a provider: they enter it where they go to sign in there.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for an account or a provider that is not there; [`Kind::Conflict`] for a closed account; [`Kind::Invalid`] for a provider that
    /// signs no staff in; [`Kind::Forbidden`] for one's own account.
    pub fn issuer_link(&mut self, caller: &Caller, login: &str, issuer: &str) -> Result<OneTimeCode, AppError> {
        const NAME: &str = "issuer_link";
        self.authorise(caller, NAME)?;
        let trusted = self.issuer_trusted(issuer).map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        if !trusted.terms.staff {
            return Err(AppError::invalid(
                "该登录提供方未设定用于工作人员登录（staff = true）",
                "this provider is not set up to sign staff in (staff = true)",
            ));
        }
        let (account, _) = self.account_named(login).map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        self.refuse_own(caller, &account).map_err(|refusal| self.refused(caller, NAME, refusal))?;
        if account.state == AccountState::Closed as i64 {
            return Err(AppError::conflict("该账户已注销", "this account is closed already"));
        }
        let id = account.account_id;
        let (code, row) = self.link(purpose::LINK, Some(id), &caller.actor, &trusted.name);
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            tx.activation_add(&row)?;
            let rows = vec![(&ACTIVATIONS, vec![(&row.code_tag).into()])];
            let detail = json!({ "issuer": trusted.name, "expires_us": row.expires_us });
            Note { operation: NAME, caller, account: id, subject: None, detail, rows }.write(tx, &keys, now_us)
        })?;
        Ok(OneTimeCode { link: format!("{}/sign-in", self.issuer()), ..code })
    }

    /// Notes that somebody is about to be sent to a provider. With `code`, to link their account to it.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for a provider that is not there, or a code that does not work there; [`Kind::TooOften`] after too many such.
    pub fn sign_in_begin(
        &mut self,
        caller: &Caller,
        issuer: &str,
        code: Option<&str>,
        source: &str,
    ) -> Result<Departure, AppError> {
        const NAME: &str = "sign_in_begin";
        self.authorise(caller, NAME)?;
        let trusted = self.issuer_trusted(issuer)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let linked = match code {
            None => None,
            Some(code) => {
                let fits = |row: &chengxin_store::activation::ActivationRow| {
                    row.purpose == purpose::LINK && row.evidence == trusted.name
                };
                Some(self.redeemable(caller, NAME, code, source, fits)?)
            }
        };
        let away = Away {
            state: drawn(),
            nonce: drawn(),
            verifier: drawn(),
            link: linked.as_ref().map(|(live, _)| live.row.code_tag),
        };
        let browser = drawn();
        let row = keys.sealed_away(&trusted.name, &browser, now_us + AWAY_LASTS_US, &away);
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            tx.sign_in_add(&row)?;
            match &linked {
                Some((_, tried)) => succeeded(tx, tried, None, now_us),
                None => Ok(()),
            }
        })?;
        Ok(Departure { trusted, away, browser })
    }

    /// A provider could not be asked: noted as a refusal, and said in the one sentence for all of them.
    #[must_use]
    pub fn sign_in_failed(&self, caller: &Caller, why: &str) -> AppError {
        self.denied(caller, "sign_in_begin", unbelieved(why))
    }

    /// Takes back what was remembered of somebody who comes back. It counts once, for the browser that was sent, for ten minutes.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] in one sentence where nobody was sent from there by it; [`Kind::TooOften`] after too many such. Both are logged.
    pub fn sign_in_awaited(
        &mut self,
        caller: &Caller,
        issuer: &str,
        state: &str,
        browser: Option<&str>,
        source: &str,
    ) -> Result<Back, AppError> {
        self.authorise(caller, FINISH)?;
        let tried = self.try_once(caller, FINISH, Tried::provider(&self.keys, source))?;
        let (now_us, tag) = (self.now_us(), self.keys.state_tag(state));
        let row = self.store.write(FINISH, |tx| -> Result<_, AppError> { Ok(tx.sign_in_take(&tag)?) })?;
        let refused = |why: &str| self.denied(caller, FINISH, unbelieved(why));
        let row = row.ok_or_else(|| refused("nobody is away by this state, or they came back already"))?;
        let browser_tag = self.keys.browser_tag(browser.unwrap_or_default());
        if browser.is_none() || !same_secret(&row.browser_tag, &browser_tag) {
            return Err(refused("another browser was sent away"));
        }
        if row.issuer != issuer {
            return Err(refused("they were sent to another issuer"));
        }
        if row.expires_us <= now_us {
            return Err(refused("they were away for too long"));
        }
        let away = self.keys.open_away(&row, state).ok_or_else(|| refused("what was kept does not open"))?;
        let trusted = self.issuer_trusted(issuer).map_err(|_| refused("the issuer was removed meanwhile"))?;
        Ok(Back { trusted, away, tried })
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
        let now_us = self.now_us();
        let terms = &back.trusted.terms;
        let awaited = Awaited { issuer: &terms.url, client_id: &terms.client_id, nonce: &back.away.nonce, now_us };
        let judged = said.and_then(|Said(claims)| match judge(&claims, &awaited) {
            Ok(proven_us) => Ok((claims, proven_us)),
            Err(fault) => Err(format!("its ID token: {fault:?}")),
        });
        let (claims, proven_us) = judged.map_err(|why| self.denied(caller, FINISH, unbelieved(why)))?;
        // A refusal names whom the provider named, in a form that only the installation finds again.
        let named =
            Caller { actor: self.keys.actor_tag(&format!("{}:{}", back.trusted.name, claims.sub)), ..caller.clone() };
        let found = self.lead(back, &claims);
        let found = found.map_err(|refusal| match refusal.kind {
            Kind::Forbidden => self.denied(&named, FINISH, refusal),
            _ => refusal,
        })?;
        let factors = if terms.second.as_ref().is_some_and(|second| second.by(&claims.more)) { 2 } else { 1 };
        self.come_in(&named, back, found, factors, proven_us, label)
    }

    /// Whom what a provider says leads to.
    fn lead(&mut self, back: &Back, claims: &IdClaims) -> Result<Found, AppError> {
        let tag = self.keys.identity_tag(&back.trusted, &claims.sub);
        let linked = self.store.view().identity(&tag)?.filter(|row| self.keys.is_identity(row));
        let known = match &linked {
            Some(row) => {
                self.candidate(&row.account_id)?.filter(|known| known.account.state != AccountState::Closed as i64)
            }
            None => None,
        };
        match (back.away.link, known) {
            (Some(code), known) => self.link_staff(back, tag, code, known.as_ref()),
            (None, Some(known)) if known.account.kind == AccountKind::Staff as i64 => {
                if !back.trusted.terms.staff || known.account.state != AccountState::InUse as i64 {
                    return Err(unbelieved("it signs no staff in, or the account is not in use"));
                }
                Ok(Found { account: known.account, new: None, link: None, code: None })
            }
            (None, known) => self.lead_person(back, claims, tag, known),
        }
    }

    /// An account of staff that an administrator's code links.
    fn link_staff(
        &self,
        back: &Back,
        tag: [u8; 32],
        code: [u8; 32],
        known: Option<&Candidate>,
    ) -> Result<Found, AppError> {
        let row = self
            .store
            .view()
            .activation(&code)?
            .filter(|row| self.keys.is_activation(row) && row.used_us.is_none() && self.now_us() < row.expires_us);
        let row = row.ok_or_else(|| unbelieved("the one-time code is used or over"))?;
        let id = row.account_id.ok_or_else(|| AppError::internal("a code that links names no account"))?;
        let account = self.candidate(&id)?.map(|candidate| candidate.account);
        let account = account.filter(|account| {
            account.kind == AccountKind::Staff as i64 && account.state != AccountState::Closed as i64
        });
        let account = account.ok_or_else(|| unbelieved("the account is closed"))?;
        if !back.trusted.terms.staff || known.is_some_and(|known| known.account.account_id != id) {
            return Err(unbelieved("it signs no staff in, or whom it names has another account"));
        }
        let link = self.new_identity(&back.trusted, tag, id, &row.issued_by);
        Ok(Found { account, new: None, link: Some(link), code: Some(code) })
    }

    fn new_identity(&self, trusted: &Trusted, tag: [u8; 32], account_id: [u8; 16], by: &str) -> IdentityRow {
        let (issuer, linked_us, linked_by) = (trusted.name.clone(), self.now_us(), by.to_owned());
        self.keys.sealed_identity(IdentityRow {
            identity_tag: tag,
            account_id,
            issuer,
            linked_us,
            linked_by,
            seal: [0; 32],
        })
    }

    /// A person, by the number that the provider verified. Each sign-in shows it anew.
    fn lead_person(
        &mut self,
        back: &Back,
        claims: &IdClaims,
        tag: [u8; 32],
        known: Option<Candidate>,
    ) -> Result<Found, AppError> {
        let residents = back.trusted.terms.residents.as_ref().ok_or_else(|| unbelieved("it signs no persons in"))?;
        let document = self.vouched(residents, claims)?;
        let person = self.person(&document)?;
        let bindings = self.store.view().account_bindings(&person.subject)?;
        let by = format!("issuer:{}", back.trusted.name);
        if let Some(known) = known {
            let bound = bindings.iter().find(|binding| binding.account_id == known.account.account_id);
            let same = match bound {
                Some(binding) => {
                    let (kind, number) = bound_document_of(&self.keys, &self.key_store, binding)?;
                    kind == document.kind() && number == document.number()
                }
                None => false,
            };
            if !same || known.account.state != AccountState::InUse as i64 {
                return Err(unbelieved("the number of whom it names is another than when they were linked"));
            }
            return Ok(Found { account: known.account, new: None, link: None, code: None });
        }
        if let Some(binding) = bindings.first() {
            // The window compared the same document: it is the same person, who has one account.
            let candidate = self.candidate(&binding.account_id)?;
            let in_use = candidate.filter(|candidate| candidate.account.state == AccountState::InUse as i64);
            let account = in_use.ok_or_else(|| unbelieved("the person's account is not in use"))?.account;
            let link = self.new_identity(&back.trusted, tag, account.account_id, "self");
            return Ok(Found { account, new: None, link: Some(link), code: None });
        }
        let id = random_bytes();
        self.new_account_key(&id)?;
        let names = Names { login: String::new(), name: String::new() };
        let account = AccountRow {
            account_id: id,
            kind: AccountKind::Person as i64,
            state: AccountState::InUse as i64,
            subject_id: Some(person.subject),
            sealed: self.keys.seal_names(&id, &names),
            opened_us: self.now_us(),
            opened_by: "self".to_owned(),
        };
        let binding = BindingRow {
            subject_id: person.subject,
            account_id: id,
            sealed: self.sealed_for(&person.subject, &id, &person.sealed)?,
            bound_us: self.now_us(),
            issued_by: by.clone(),
        };
        let right = self.new_right(&id, Role::Resident, None, &by);
        let link = self.new_identity(&back.trusted, tag, id, "self");
        Ok(Found { account, new: Some(New { person, binding, right }), link: Some(link), code: None })
    }

    /// The document that a provider vouches for.
    fn vouched(&self, residents: &Residents, claims: &IdClaims) -> Result<Document, AppError> {
        if !residents.level.by(&claims.more) {
            return Err(unvouched("the level is another"));
        }
        let number = claims.more.get(&residents.number).and_then(serde_json::Value::as_str);
        let number = number.ok_or_else(|| unvouched("there is no number"))?;
        let document = Document::parse(residents.kind, number, self.synthetic_rule());
        let (document, _) = document.map_err(|_| unvouched("the number cannot be"))?;
        if document.birth_date().is_some_and(|birth| !is_of_age_on(birth, self.today())) {
            return Err(AppError::new(
                Kind::Forbidden,
                "平台没有未成年人的记录，未满 18 周岁的不在网上开立账户；有需要的，请由监护人陪同到窗口",
                "there are no records about anybody under 18, and no account begins for them here: come to a window with a guardian",
            ));
        }
        Ok(document)
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
        if factors < 2 && needs_second_factor(&roles) {
            return Err(self.denied(caller, FINISH, unbelieved("it does not show a second factor, which staff take")));
        }
        let token = Token::new(id);
        let session = self.new_session(&token, &roles, factors, proven_us, label)?;
        let who = who(&keys, &session, &account, rights, now_us)?;
        // In their own log a person reads that it was themself.
        let role = if account.kind == AccountKind::Person as i64 { Role::Resident } else { caller.role };
        let acting = Caller { actor: who.actor.clone(), role, ..caller.clone() };
        let issuer = back.trusted.name.as_str();
        let in_time = self.store.write(FINISH, |tx| -> Result<bool, AppError> {
            let mut rows = Vec::new();
            let mut detail =
                json!({ "issuer": issuer, "factors": factors, "session": HEXLOWER.encode(&session.tag[..8]) });
            if let Some(code) = &code {
                if !tx.activation_use_up(code, now_us, &id)? {
                    return Ok(false);
                }
                tx.account_state_set(&id, AccountState::InUse, None)?;
                rows.extend([note::account(&id), (&ACTIVATIONS, vec![code.into()])]);
                detail["linked"] = json!("code");
            } else if link.is_some() {
                detail["linked"] = json!("number");
            }
            if let Some(New { person, binding, right }) = &new {
                if !tx.view().account_bindings(&person.subject)?.is_empty() {
                    return Ok(false);
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
                tx.identity_set(link)?;
                rows.push((&IDENTITIES, vec![(&link.identity_tag).into()]));
            }
            tx.session_add(&session)?;
            succeeded(tx, &back.tried, None, now_us)?;
            let subject = account.subject_id;
            Note { operation: FINISH, caller: &acting, account: id, subject, detail, rows }.write(tx, &keys, now_us)?;
            Ok(true)
        })?;
        if !in_time {
            return Err(self.denied(caller, FINISH, unbelieved("somebody else was faster")));
        }
        Ok(Came { token, who })
    }
}
