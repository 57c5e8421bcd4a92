//! Beginning with a one-time code: its holder chooses a password and enrols an authenticator app.

use chengxin_core::account::needs_second_factor;
use chengxin_core::{Caller, Role};
use chengxin_seal::random_bytes;
use chengxin_store::account::{AccountKind, AccountRow, AccountState};
use chengxin_store::activation::ActivationRow;
use chengxin_store::audit::{ACTIVATIONS, LOGINS};
use data_encoding::BASE32_NOPAD;
use serde_json::json;

use super::code::{Live, no_code, purpose};
use super::credential::{PASSKEY, TOTP, replace};
use super::first::{administered, already};
use super::keys::Names;
use super::note::{self, Note};
use super::open::{login_name, person_name, refuse_taken};
use super::provider::back::unlinked;
use super::throttle::{Tried, succeeded};
use crate::{AppError, Installation};

/// What the page that a code leads to shows.
#[derive(Clone)]
pub struct Enrolment {
    /// Login name; absent where its holder chooses it.
    pub login: Option<String>,
    /// Name of the person, where it is an account of staff that was opened already.
    pub name: Option<String>,
    /// Does its holder state their name? Only the first administrator does.
    pub asks_name: bool,
    /// Must an authenticator app be enrolled? Persons may.
    pub needs_second: bool,
    /// Is it an account that is being recovered?
    pub recovers: bool,
    /// What was drawn for this showing: [`Begin::enrolment`] brings it back.
    pub enrolment: String,
    /// The app's secret, in base 32, to be typed.
    pub totp_secret: String,
    /// The same as an address, for a QR code.
    pub totp_uri: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolment").field("needs_second", &self.needs_second).finish_non_exhaustive()
    }
}

/// What its holder chooses. Its `Debug` tells nothing.
#[derive(Clone, Default)]
pub struct Begin {
    /// The code, as it was typed, or the address that it stands in.
    pub code: String,
    /// Login name, where [`Enrolment::login`] has none.
    pub login: Option<String>,
    /// Name, where [`Enrolment::asks_name`].
    pub name: Option<String>,
    /// Password.
    pub password: String,
    /// [`Enrolment::enrolment`] of the showing from which the app was enrolled.
    pub enrolment: String,
    /// Digits of the authenticator app that was enrolled.
    pub totp: Option<String>,
    /// Where it comes from.
    pub source: String,
}

impl std::fmt::Debug for Begin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Begin").finish_non_exhaustive()
    }
}

/// An account that can be signed in to.
#[derive(Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its id.
    pub account: [u8; 16],
    /// Login name, as it is compared.
    pub login: String,
    /// Recovery codes, in groups of four; shown once and never again. None where no second factor was enrolled.
    pub recovery_codes: Vec<String>,
}

impl std::fmt::Debug for Begun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Begun").field("login", &self.login).finish_non_exhaustive()
    }
}

/// What begins: an account that is there, or one that is made.
struct Start {
    account: AccountRow,
    names: Names,
    roles: Vec<Role>,
    /// Was it proven by a second factor until now? Then it is again.
    had_second: bool,
    new: bool,
    /// Had it no name to sign in by, since another provider said who its owner is? Then they choose one.
    names_itself: bool,
}

/// What was drawn when the app was enrolled; anything where none was.
pub(super) fn drawn(begin: &Begin) -> Result<Vec<u8>, AppError> {
    let decoded = BASE32_NOPAD.decode(begin.enrolment.trim().as_bytes()).ok().filter(|drawn| drawn.len() == 16);
    match (decoded, &begin.totp) {
        (Some(drawn), _) => Ok(drawn),
        (None, None) => Ok(Vec::new()),
        (None, Some(_)) => Err(AppError::invalid(
            "页面已失效，请重新打开链接并再次扫描二维码",
            "this page is out of date: open the link again and scan the code anew",
        )),
    }
}

/// Text of an address part.
pub(super) fn escaped(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(one).collect()
}

impl Installation {
    /// What a code leads to, for the page that shows it. Uses nothing up; the attempt counts like every other.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a code that does not work; [`crate::Kind::Unavailable`] after too many.
    pub fn account_enrol(&mut self, caller: &Caller, code: &str, source: &str) -> Result<Enrolment, AppError> {
        const NAME: &str = "account_begin";
        self.authorise(caller, NAME)?;
        let (Live { code, row }, tried) =
            self.redeemable(caller, NAME, code, source, |row| row.purpose != purpose::LINK)?;
        let names = match row.account_id.filter(|_| row.used_us.is_none()) {
            Some(id) => {
                let account = self.store.view().account(&id)?.ok_or_else(no_code)?;
                Some((self.keys.open_names(&account)?, account.kind))
            }
            None => None,
        };
        let now_us = self.now_us();
        self.store.write("throttle", |tx| succeeded(tx, &tried, None, now_us))?;
        let staff =
            names.as_ref().map_or(row.purpose == purpose::FIRST, |(_, kind)| *kind == AccountKind::Staff as i64);
        let drawn: [u8; 16] = random_bytes();
        let secret = BASE32_NOPAD.encode(&self.keys.enrolment_secret(code.as_str(), &drawn));
        let label = names.as_ref().map(|(names, _)| names.login.clone()).filter(|login| !login.is_empty());
        let label = label.unwrap_or_else(|| "account".to_owned());
        let issuer = escaped(self.city());
        Ok(Enrolment {
            totp_uri: format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", escaped(&label)),
            enrolment: BASE32_NOPAD.encode(&drawn),
            totp_secret: secret,
            asks_name: row.purpose == purpose::FIRST,
            needs_second: staff,
            recovers: row.purpose == purpose::RECOVER,
            name: names.as_ref().map(|(names, _)| names.name.clone()).filter(|name| !name.is_empty()),
            login: names.map(|(names, _)| names.login).filter(|login| !login.is_empty()),
        })
    }

    /// Begins to use an account with a one-time code from an administrator or, where a password or an app was lost, from a window. Staff
    /// enrol a second factor with it. A recovery ends every session; whoever came by another provider alone until now chooses a login name too.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a code that does not work; [`crate::Kind::Invalid`] for names, passwords or digits that cannot be;
    /// [`crate::Kind::Conflict`] for a login name that is taken, or a first administrator who is not the first.
    pub fn account_begin(&mut self, caller: &Caller, begin: &Begin) -> Result<Begun, AppError> {
        const NAME: &str = "account_begin";
        self.authorise(caller, NAME)?;
        let fits = |row: &ActivationRow| row.purpose != purpose::BIND && row.purpose != purpose::LINK;
        let (live, tried) = self.redeemable(caller, NAME, &begin.code, &begin.source, fits)?;
        let start = self.start(&live.row, begin)?;
        self.settle(caller, &live, &tried, &start, begin)
    }

    fn start(&mut self, row: &ActivationRow, begin: &Begin) -> Result<Start, AppError> {
        let Some(id) = row.account_id else {
            if administered(self.store.view(), &self.keys)? {
                return Err(already());
            }
            let names = Names {
                login: login_name(begin.login.as_deref().unwrap_or_default())?,
                name: person_name(begin.name.as_deref().unwrap_or_default())?,
            };
            let id = random_bytes();
            let account = AccountRow {
                account_id: id,
                kind: AccountKind::Staff as i64,
                state: AccountState::Opened as i64,
                subject_id: None,
                sealed: self.keys.seal_names(&id, &names),
                opened_us: self.now_us(),
                opened_by: row.issued_by.clone(),
            };
            self.new_account_key(&id)?;
            return Ok(Start {
                account,
                names,
                roles: vec![Role::Administrator],
                had_second: false,
                new: true,
                names_itself: false,
            });
        };
        let found = self.candidate(&id)?.ok_or_else(no_code)?;
        let expected = if row.purpose == purpose::RECOVER { AccountState::InUse } else { AccountState::Opened };
        // A recovery that was handed over before the last one was done is worth nothing any more.
        if found.account.state != expected as i64 || found.voids(row.issued_us) {
            return Err(no_code());
        }
        let mut names = self.keys.open_names(&found.account)?;
        let names_itself = names.login.is_empty();
        if names_itself {
            names.login = login_name(begin.login.as_deref().unwrap_or_default())?;
        }
        let roles = found.rights.iter().map(|right| right.role).collect();
        let had_second = found.credentials.iter().any(|credential| [TOTP, PASSKEY].contains(&credential.kind.as_str()));
        Ok(Start { account: found.account, names, roles, had_second, new: false, names_itself })
    }

    fn settle(
        &mut self,
        caller: &Caller,
        live: &Live,
        tried: &Tried,
        start: &Start,
        begin: &Begin,
    ) -> Result<Begun, AppError> {
        let id = start.account.account_id;
        let staff = start.account.kind == AccountKind::Staff as i64;
        if (staff || start.had_second || needs_second_factor(&start.roles)) && begin.totp.is_none() {
            return Err(needs_app());
        }
        let secret = self.keys.enrolment_secret(live.code.as_str(), &drawn(begin)?);
        let second = begin.totp.as_deref().map(|digits| (digits, secret));
        let fresh = self.fresh_credentials(&id, &start.names.login, &begin.password, second)?;
        let right = start.new.then(|| self.new_right(&id, Role::Administrator, None, &live.row.issued_by));
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let login_tag = keys.login_tag(&start.names.login);
        let named = keys.seal_names(&id, &start.names);
        let actor = super::keys::actor(&start.names.name, &id);
        let acting = Caller { actor, ..caller.clone() };
        self.store.write("account_begin", |tx| -> Result<(), AppError> {
            if !tx.activation_use_up(&live.row.code_tag, now_us, &id)? {
                return Err(no_code());
            }
            let mut rows = vec![note::account(&id), (&ACTIVATIONS, vec![(&live.row.code_tag).into()])];
            if start.new {
                if administered(tx.view(), &keys)? {
                    return Err(already());
                }
                refuse_taken(tx.view(), &login_tag)?;
                tx.account_add(&start.account, &login_tag)?;
                rows.push((&LOGINS, vec![(&login_tag).into()]));
            } else if start.names_itself {
                // Of two codes that are used at once one names it.
                if tx.view().account(&id)?.is_none_or(|now| now.sealed != start.account.sealed) {
                    return Err(no_code());
                }
                refuse_taken(tx.view(), &login_tag)?;
                tx.account_name(&id, &named, &login_tag)?;
                rows.push((&LOGINS, vec![(&login_tag).into()]));
            }
            if let Some(right) = &right {
                tx.account_right_set(right)?;
                rows.push(note::right(right));
            }
            tx.account_state_set(&id, AccountState::InUse, start.account.subject_id.as_ref())?;
            tx.sessions_remove(&id)?;
            // Whoever has somebody's account at a provider comes in by it no more: they are linked anew.
            rows.extend(unlinked(tx, &id, |_| true)?);
            rows.extend(replace(tx, &id, &fresh.rows)?);
            succeeded(tx, tried, None, now_us)?;
            let mut detail = json!({ "purpose": live.row.purpose, "issued_by": live.row.issued_by });
            let subject = start.account.subject_id;
            if subject.is_some() {
                // In a person's own log staff have no names.
                detail["issued_by"] = json!(keys.actor_tag(&live.row.issued_by));
            }
            Note { operation: "account_begin", caller: &acting, account: id, subject, detail, rows }
                .write(tx, &keys, now_us)
        })?;
        Ok(Begun { account: id, login: start.names.login.clone(), recovery_codes: fresh.recovery_codes })
    }
}

fn needs_app() -> AppError {
    AppError::invalid(
        "工作人员账户须启用双因素认证：请用身份验证器扫描密钥并填写 6 位验证码",
        "an account of staff takes two factors: scan the key with an authenticator app and enter its six digits",
    )
}
