//! Proving who one is: a password, and a second factor.

use chengxin_core::account::{RECOVERY_CODE_LENGTH, accepts_step, needs_second_factor};
use chengxin_core::code;
use chengxin_seal::{TOTP_SECRET_BYTES, same_secret, totp_step};
use chengxin_store::Tx;
use chengxin_store::account::{AccountRow, AccountState};
use chengxin_store::credential::CredentialRow;

use super::credential::{PASSKEY, PASSWORD, RECOVERY, TOTP, is_password};
use super::note::{Touched, credential};
use super::who::{Right, rights_of};
use crate::{AppError, Installation, Kind};

/// A second factor. Its `Debug` tells nothing.
#[derive(Clone)]
pub enum Second {
    /// Six digits of an authenticator app.
    Totp(String),
    /// A recovery code.
    Recovery(String),
}

impl std::fmt::Debug for Second {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Totp(_) => "Totp(..)",
            Self::Recovery(_) => "Recovery(..)",
        })
    }
}

/// An account with what it proves itself by.
pub(super) struct Candidate {
    pub(super) account: AccountRow,
    pub(super) rights: Vec<Right>,
    pub(super) credentials: Vec<CredentialRow>,
}

impl Candidate {
    /// Is a one-time code that was handed over then void, since the account got a password after that?
    pub(super) fn voids(&self, issued_us: i64) -> bool {
        let passwords = self.credentials.iter().filter(|credential| credential.kind == PASSWORD);
        passwords.map(|credential| credential.made_us).max().is_some_and(|made_us| issued_us < made_us)
    }
}

/// What was proved; what it was proved by is yet to be used up.
pub(super) struct Proof {
    pub(super) factors: u8,
    used: Option<(CredentialRow, Used)>,
}

enum Used {
    Step(i64),
    Code,
    Passkey(CredentialRow),
}

impl Proof {
    /// A passkey proved itself; it is kept as `after` from now on. Since it verified its user it is two factors.
    pub(super) fn by_passkey(before: CredentialRow, after: CredentialRow) -> Self {
        Self { factors: 2, used: Some((before, Used::Passkey(after))) }
    }

    /// By what, where it is worth telling.
    pub(super) fn by(&self) -> Option<&'static str> {
        match self.used {
            Some((_, Used::Code)) => Some(RECOVERY),
            Some((_, Used::Passkey(_))) => Some(PASSKEY),
            Some((_, Used::Step(_))) | None => None,
        }
    }

    /// Uses the second factor up; the rows that this touches, or nothing where somebody used it before.
    pub(super) fn use_up(&self, tx: &Tx<'_>, now_us: i64) -> Result<Option<Vec<Touched>>, AppError> {
        Ok(match &self.used {
            None => Some(Vec::new()),
            Some((row, Used::Step(step))) => tx.credential_step(row, *step)?.then(Vec::new),
            Some((row, Used::Code)) => tx.credential_use_up(row, now_us)?.then(|| vec![credential(row)]),
            Some((row, Used::Passkey(after))) => {
                let used_us = after.used_us.unwrap_or(now_us);
                tx.credential_reseal(row, &after.secret, used_us)?.then(|| vec![credential(row)])
            }
        })
    }
}

/// What is said of every proof that fails, whatever was wrong with it.
pub(super) fn wrong() -> AppError {
    AppError::new(
        Kind::Forbidden,
        "登录名、密码或验证码不正确；忘记的，可到窗口或向账户管理人员申请恢复",
        "name, password or code is wrong; if you forgot them, a window or whoever administers accounts can help you recover",
    )
}

impl Installation {
    /// The account with an id, with what it proves itself by.
    pub(super) fn candidate(&self, id: &[u8; 16]) -> Result<Option<Candidate>, AppError> {
        let (view, today) = (self.store.view(), self.today_number());
        let Some(account) = view.account(id)? else { return Ok(None) };
        let rights = rights_of(&self.keys, &view.account_rights(id)?, today);
        Ok(Some(Candidate { credentials: view.credentials(id)?, rights, account }))
    }

    /// Today, in days since 1970-01-01.
    pub(crate) fn today_number(&self) -> i64 {
        i64::from(chengxin_core::dates::to_days(self.today()))
    }

    /// Holds a password and a second factor against an account, or against nobody, which takes as long and proves nothing.
    pub(super) fn prove(
        &self,
        candidate: Option<&Candidate>,
        password: &str,
        second: Option<&Second>,
    ) -> Result<Option<Proof>, AppError> {
        let of_kind = |kind: &str| candidate.and_then(|c| c.credentials.iter().find(|row| row.kind == kind));
        let id = candidate.map_or([0; 16], |c| c.account.account_id);
        let right_password = is_password(&self.keys, &id, of_kind(PASSWORD), password);
        let Some(candidate) = candidate else { return Ok(None) };
        let totp = of_kind(TOTP);
        let used = match second {
            None => None,
            Some(Second::Totp(digits)) => self.step(totp, digits)?,
            Some(Second::Recovery(text)) => self.recovery(candidate, text),
        };
        // One that was given must be right, and where one is enrolled it must be given.
        let right_second = match (second, &used) {
            (Some(_), used) => used.is_some(),
            (None, _) => totp.is_none() && of_kind(PASSKEY).is_none(),
        };
        let factors = if used.is_some() { 2 } else { 1 };
        let roles: Vec<_> = candidate.rights.iter().map(|right| right.role).collect();
        let enough = factors == 2 || !needs_second_factor(&roles);
        let in_use = candidate.account.state == AccountState::InUse as i64;
        Ok((right_password && right_second && enough && in_use).then_some(Proof { factors, used }))
    }

    fn step(&self, totp: Option<&CredentialRow>, digits: &str) -> Result<Option<(CredentialRow, Used)>, AppError> {
        let Some(row) = totp else { return Ok(None) };
        let secret = self.open_for(&row.account_id, &row.secret)?;
        let secret = <[u8; TOTP_SECRET_BYTES]>::try_from(secret.as_slice())
            .map_err(|_| AppError::internal("the secret of an authenticator app has another length"))?;
        let step = totp_step(&secret, digits.trim(), self.now_us().div_euclid(1_000_000));
        Ok(step.filter(|step| accepts_step(*step, row.last_step)).map(|step| (row.clone(), Used::Step(step))))
    }

    fn recovery(&self, candidate: &Candidate, text: &str) -> Option<(CredentialRow, Used)> {
        let text = code::canonical(text, RECOVERY_CODE_LENGTH)?;
        let tag = self.keys.recovery_tag(&candidate.account.account_id, &text);
        let unused = candidate.credentials.iter().filter(|row| row.kind == RECOVERY && row.used_us.is_none());
        let found = unused.into_iter().find(|row| same_secret(&row.secret, &tag))?;
        Some((found.clone(), Used::Code))
    }
}
