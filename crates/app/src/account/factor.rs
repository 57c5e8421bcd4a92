//! What somebody's own account proves itself by: looked at, added to, taken away from.

use chengxin_core::Caller;
use chengxin_core::account::{Factor, FactorFault, needs_second_factor, removable};
use chengxin_seal::{TOTP_STEP_SECONDS, random_bytes};
use chengxin_store::account::AccountKind;
use chengxin_store::credential::CredentialRow;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde_json::json;

use super::begin::escaped;
use super::credential::{Fresh, PASSKEY, PASSWORD, RECOVERY, TOTP};
use super::keys::actor;
use super::note::{Note, credential};
use super::proof::Candidate;
use super::who::Who;
use crate::{AppError, Installation};

const ADD: &str = "account_factor_add";

/// One thing that an account proves itself by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorLine {
    /// By what it is taken away; of recovery codes `recovery`.
    pub id: String,
    /// `password`, `totp`, `passkey` or `recovery`.
    pub kind: &'static str,
    /// What its holder calls a passkey.
    pub name: Option<String>,
    /// When it was added, microseconds UTC.
    pub added_us: i64,
    /// When it was last used: of an app, to half a minute; of passwords it is not noted.
    pub last_used_us: Option<i64>,
    /// How many recovery codes are left.
    pub left: Option<usize>,
}

/// The secret of an authenticator app that is about to be enrolled. Its `Debug` tells nothing.
#[derive(Clone)]
pub struct NewApp {
    /// What was drawn for this showing, to be brought back.
    pub enrolment: String,
    /// The app's secret, in base 32, to be typed.
    pub totp_secret: String,
    /// The same as an address, for a QR code.
    pub totp_uri: String,
}

impl std::fmt::Debug for NewApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewApp(..)")
    }
}

/// A change of what an account proves itself by.
pub(super) struct Change {
    /// Of which kind.
    pub(super) kind: &'static str,
    /// What goes.
    pub(super) gone: Vec<CredentialRow>,
    /// What comes.
    pub(super) fresh: Fresh,
}

pub(super) fn fault(fault: FactorFault) -> AppError {
    let say = fault.say();
    match fault {
        FactorFault::Name => AppError::invalid(say.zh, say.en),
        _ => AppError::conflict(say.zh, say.en),
    }
}

fn of_kind<'c>(candidate: &'c Candidate, kind: &'static str) -> impl Iterator<Item = &'c CredentialRow> {
    candidate.credentials.iter().filter(move |row| row.kind == kind)
}

fn missing() -> AppError {
    AppError::not_found("账户没有这一验证方式", "the account has no such factor")
}

impl Installation {
    /// The account that somebody is signed in to.
    pub(super) fn own_candidate(&self, who: &Who) -> Result<Candidate, AppError> {
        self.candidate(&who.account)?.ok_or_else(missing)
    }

    /// Recovery codes for an account that gets its first second factor, where it has a password for them to stand beside.
    pub(super) fn first_recovery(&self, candidate: &Candidate, fresh: &mut Fresh) {
        let has = |kind| of_kind(candidate, kind).next().is_some();
        if has(PASSWORD) && !has(TOTP) && !has(PASSKEY) {
            fresh.add_recovery(self, &candidate.account.account_id);
        }
    }

    /// Changes what an account proves itself by, as it was read; its recovery codes, where there are new ones.
    pub(super) fn factors_change(
        &mut self,
        caller: &Caller,
        who: &Who,
        operation: &'static str,
        candidate: &Candidate,
        change: Change,
    ) -> Result<Vec<String>, AppError> {
        let Change { kind, gone, fresh } = change;
        let (now_us, keys, id) = (self.now_us(), self.keys.clone(), who.account);
        self.store.write(operation, |tx| -> Result<(), AppError> {
            // What may go was decided by what there was: two sessions of one account must not each take one of two away.
            if tx.view().credentials(&id)? != candidate.credentials {
                return Err(AppError::conflict(
                    "账户的验证方式刚刚有变动，请刷新后再试",
                    "what this account proves itself by was changed a moment ago: look again",
                ));
            }
            let renewed = fresh.rows.iter().any(|row| row.kind == RECOVERY);
            if renewed {
                tx.credentials_remove_kind(&id, RECOVERY)?;
            }
            for row in &gone {
                tx.credential_remove(row)?;
            }
            fresh.rows.iter().try_for_each(|row| tx.credential_add(row))?;
            let goes = |row: &&CredentialRow| gone.contains(row) || renewed && row.kind == RECOVERY;
            let gone = candidate.credentials.iter().filter(goes);
            let rows = gone.chain(&fresh.rows).map(credential).collect();
            let (subject, detail) = (candidate.account.subject_id, json!({ "factor": kind }));
            Note { operation, caller, account: id, subject, detail, rows }.write(tx, &keys, now_us)
        })?;
        Ok(fresh.recovery_codes)
    }

    /// What the account that somebody is signed in to proves itself by.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; the store's.
    pub fn account_factor_list(&self, caller: &Caller, who: &Who) -> Result<Vec<FactorLine>, AppError> {
        self.authorise(caller, "account_factor_list")?;
        let candidate = self.own_candidate(who)?;
        let line = |row: &CredentialRow, kind, name, last_used_us| FactorLine {
            id: HEXLOWER.encode(&row.credential_id),
            kind,
            name,
            added_us: row.made_us,
            last_used_us,
            left: None,
        };
        let mut lines: Vec<_> = of_kind(&candidate, PASSWORD).map(|row| line(row, PASSWORD, None, None)).collect();
        lines.extend(of_kind(&candidate, TOTP).map(|row| {
            line(row, TOTP, None, Some(row.last_step * TOTP_STEP_SECONDS * 1_000_000).filter(|at| *at > 0))
        }));
        let mut passkeys = self.passkeys(&candidate.credentials)?;
        passkeys.sort_by_key(|held| (held.row.made_us, held.row.credential_id));
        lines.extend(passkeys.into_iter().map(|held| line(&held.row, PASSKEY, Some(held.name), held.row.used_us)));
        if let Some(row) = of_kind(&candidate, RECOVERY).next() {
            let used = of_kind(&candidate, RECOVERY).filter_map(|row| row.used_us).max();
            let left = of_kind(&candidate, RECOVERY).filter(|row| row.used_us.is_none()).count();
            lines.push(FactorLine { id: RECOVERY.to_owned(), left: Some(left), ..line(row, RECOVERY, None, used) });
        }
        Ok(lines)
    }

    /// Takes away one of the things that the account proves itself by: an app, a passkey, or all recovery codes (`recovery`). With the last
    /// second factor, recovery codes go too.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without a fresh proof; [`crate::Kind::NotFound`]; [`crate::Kind::Conflict`] for the last second factor of an
    /// account of staff, and for a password.
    pub fn account_factor_remove(&mut self, caller: &Caller, who: &Who, id: &str) -> Result<(), AppError> {
        const NAME: &str = "account_factor_remove";
        self.authorise(caller, NAME)?;
        let candidate = self.own_candidate(who)?;
        let named = |row: &&CredentialRow| match row.kind.as_str() {
            RECOVERY => id == RECOVERY,
            _ => HEXLOWER.encode(&row.credential_id) == id,
        };
        let mut gone: Vec<CredentialRow> = candidate.credentials.iter().filter(named).cloned().collect();
        let kind = gone.first().and_then(|row| Factor::from_code(&row.kind));
        let kind = kind.ok_or_else(|| self.unseen(caller, NAME, missing()))?;
        let opened: Vec<_> = self.passkeys(&candidate.credentials)?.into_iter().map(|held| held.row).collect();
        // A passkey that does not open is no factor; it may go, and keeps none of the others from staying.
        let counts = |row: &&CredentialRow| row.kind != PASSKEY || opened.contains(row);
        let has: Vec<_> =
            candidate.credentials.iter().filter(counts).filter_map(|row| Factor::from_code(&row.kind)).collect();
        let roles: Vec<_> = candidate.rights.iter().map(|right| right.role).collect();
        let takes_two = candidate.account.kind == AccountKind::Staff as i64 || needs_second_factor(&roles);
        if gone.first().is_some_and(|row| counts(&row)) {
            removable(&has, kind, takes_two).map_err(fault)?;
        }
        if kind.is_second() && has.iter().filter(|factor| factor.is_second()).count() < 2 {
            gone.extend(of_kind(&candidate, RECOVERY).cloned());
        }
        let fresh = Fresh { rows: Vec::new(), recovery_codes: Vec::new() };
        let change = Change { kind: kind.code(), gone, fresh };
        self.factors_change(caller, who, NAME, &candidate, change).map(drop)
    }

    /// Draws the secret of an authenticator app for the account that somebody is signed in to. Nothing changes before
    /// [`Self::app_add`].
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without a fresh proof.
    pub fn app_offer(&mut self, caller: &Caller, who: &Who) -> Result<NewApp, AppError> {
        self.authorise(caller, ADD)?;
        let names = self.keys.open_names(&self.own_candidate(who)?.account)?;
        let drawn: [u8; 16] = random_bytes();
        let secret = BASE32_NOPAD.encode(&self.keys.anew_secret(&who.account, &who.tag, &drawn));
        let label = if names.login.is_empty() { actor("", &who.account) } else { names.login };
        let issuer = escaped(self.city());
        Ok(NewApp {
            totp_uri: format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", escaped(&label)),
            enrolment: BASE32_NOPAD.encode(&drawn),
            totp_secret: secret,
        })
    }

    /// Enrols the app that shows these digits, in the place of the one before. Where it is the account's first second factor, gives
    /// recovery codes, which are shown once.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without a fresh proof; [`crate::Kind::Invalid`] for digits that the app does not show.
    pub fn app_add(
        &mut self,
        caller: &Caller,
        who: &Who,
        enrolment: &str,
        digits: &str,
    ) -> Result<Vec<String>, AppError> {
        self.authorise(caller, ADD)?;
        let drawn = BASE32_NOPAD.decode(enrolment.trim().as_bytes()).ok().filter(|drawn| drawn.len() == 16);
        let drawn = drawn.ok_or_else(|| {
            AppError::invalid(
                "页面已失效，请重新打开并再次扫描二维码",
                "this page is out of date: open it again and scan the code anew",
            )
        })?;
        let candidate = self.own_candidate(who)?;
        let secret = self.keys.anew_secret(&who.account, &who.tag, &drawn);
        let app = self.fresh_app(&who.account, digits, &secret)?;
        let mut fresh = Fresh { rows: vec![app], recovery_codes: Vec::new() };
        self.first_recovery(&candidate, &mut fresh);
        let gone = of_kind(&candidate, TOTP).cloned().collect();
        self.factors_change(caller, who, ADD, &candidate, Change { kind: TOTP, gone, fresh })
    }

    /// Makes new recovery codes, shown once; those from before are worth nothing any more.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without a fresh proof; [`crate::Kind::Conflict`] where there is no password, or no second factor that
    /// they could stand in for.
    pub fn recovery_add(&mut self, caller: &Caller, who: &Who) -> Result<Vec<String>, AppError> {
        self.authorise(caller, ADD)?;
        let candidate = self.own_candidate(who)?;
        let has = |kind| of_kind(&candidate, kind).next().is_some();
        if !has(PASSWORD) || !has(TOTP) && !has(PASSKEY) {
            return Err(fault(FactorFault::NoSecond));
        }
        let mut fresh = Fresh { rows: Vec::new(), recovery_codes: Vec::new() };
        fresh.add_recovery(self, &who.account);
        self.factors_change(caller, who, ADD, &candidate, Change { kind: RECOVERY, gone: Vec::new(), fresh })
    }
}
