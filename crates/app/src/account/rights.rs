//! Granting and ending rights.

use chengxin_core::account::dormant;
use chengxin_core::{Caller, Role};
use chengxin_store::account::{AccountRow, AccountState, RightRow};
use serde_json::json;

use super::note::{self, Note};
use super::open::grantable;
use crate::{AppError, Installation, Kind};

fn right_of(row: &RightRow) -> Result<(Role, Option<&str>), AppError> {
    let role = Role::from_code(&row.role).ok_or_else(|| AppError::internal("a right names no role"))?;
    Ok((role, Some(row.authority.as_str()).filter(|authority| !authority.is_empty())))
}

/// The right of an account that was not ended, by role and authority.
fn held<'r>(rights: &'r [RightRow], role: Role, authority: Option<&str>) -> Option<&'r RightRow> {
    // A right that serves no authority has none written.
    let named = |right: &&RightRow| right.role == role.code() && right.authority == authority.unwrap_or_default();
    rights.iter().filter(|right| right.ended_us.is_none()).find(named)
}

fn not_held() -> AppError {
    AppError::not_found("该账户没有这项权限", "the account does not hold this right")
}

impl Installation {
    /// Grants an account of staff a right, or grants anew one that ended or slept too long.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for an account; [`Kind::Forbidden`] for one's own, and for rights that the caller may not give or that do not go
    /// together; [`Kind::Conflict`] for a closed one; [`Kind::Invalid`] for a right that cannot be.
    pub fn account_right_grant(
        &mut self,
        caller: &Caller,
        login: &str,
        role: Role,
        authority: Option<&str>,
    ) -> Result<(), AppError> {
        const NAME: &str = "account_right_grant";
        self.authorise(caller, NAME)?;
        let (account, rights) = self.account_named(login).map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        self.refuse_own(caller, &account).map_err(|refusal| self.refused(caller, NAME, refusal))?;
        if account.state == AccountState::Closed as i64 {
            return Err(AppError::conflict("该账户已注销", "this account is closed"));
        }
        let id = account.account_id;
        let held: Vec<Role> = rights
            .iter()
            .filter(|right| right.ended_us.is_none() && self.keys.is_right(right))
            .filter_map(|right| Role::from_code(&right.role))
            .collect();
        grantable(caller, self.store.view(), &held, role, authority)
            .map_err(|refusal| self.refused(caller, NAME, refusal))?;
        let right = self.new_right(&id, role, authority, &caller.actor);
        self.right_set(caller, NAME, &account, &right)
    }

    /// Ends a right.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for an account, or a right that it does not hold; [`Kind::Forbidden`] for one's own or another's to end;
    /// [`Kind::Conflict`] for that of the last administrator.
    pub fn account_right_end(
        &mut self,
        caller: &Caller,
        login: &str,
        role: Role,
        authority: Option<&str>,
    ) -> Result<(), AppError> {
        const NAME: &str = "account_right_end";
        self.authorise(caller, NAME)?;
        let (account, rights) = self.account_named(login).map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        let held = held(&rights, role, authority).ok_or_else(|| self.denied(caller, NAME, not_held()))?;
        self.may_end(caller, &account, held).map_err(|refusal| self.refused(caller, NAME, refusal))?;
        let (ended_us, ended_by) = (Some(self.now_us()), Some(caller.actor.clone()));
        let ended = self.keys.sealed_right(RightRow { ended_us, ended_by, ..held.clone() });
        self.right_set(caller, NAME, &account, &ended)
    }

    /// Wakes a right that sleeps because it was not used: its ninety days begin anew.
    ///
    /// # Errors
    /// [`Kind::NotFound`] for an account, or a right that it does not hold; [`Kind::Forbidden`] for one's own; [`Kind::Conflict`] for a right
    /// that does not sleep.
    pub fn account_renew(
        &mut self,
        caller: &Caller,
        login: &str,
        role: Role,
        authority: Option<&str>,
    ) -> Result<(), AppError> {
        const NAME: &str = "account_renew";
        self.authorise(caller, NAME)?;
        let (account, rights) = self.account_named(login).map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        self.refuse_own(caller, &account).map_err(|refusal| self.refused(caller, NAME, refusal))?;
        // One that somebody else wrote into the database does not wake either.
        let held = held(&rights, role, authority).filter(|right| self.keys.is_right(right));
        let held = held.ok_or_else(|| self.denied(caller, NAME, not_held()))?;
        let today = self.today_number();
        if !dormant(role, held.last_used_on, today) {
            return Err(AppError::conflict(
                "该权限未停用，无须续期",
                "this right does not sleep: there is nothing to renew",
            ));
        }
        let renewed = self.keys.sealed_right(RightRow { last_used_on: today, ..held.clone() });
        self.right_set(caller, NAME, &account, &renewed)
    }

    /// May the caller end a right of an account?
    pub(super) fn may_end(&self, caller: &Caller, account: &AccountRow, right: &RightRow) -> Result<(), AppError> {
        self.refuse_own(caller, account)?;
        let (role, authority) = right_of(right)?;
        // Whoever may grant it may end it. An authority that is no more has rights that can be ended all the same.
        match grantable(caller, self.store.view(), &[], role, authority) {
            Err(refusal) if refusal.kind == Kind::Forbidden => return Err(refusal),
            _ => {}
        }
        let others = self.store.view().administrators()?;
        let other = others.iter().any(|other| other.account_id != account.account_id && self.keys.is_right(other));
        if role == Role::Administrator && !other {
            return Err(AppError::conflict(
                "这是最后一名管理员；请先授予另一账户管理员角色",
                "this is the last administrator: make another account one first",
            ));
        }
        Ok(())
    }

    /// Nobody changes what they may do themself.
    pub(super) fn refuse_own(&self, caller: &Caller, account: &AccountRow) -> Result<(), AppError> {
        if self.is_own(caller, account)? {
            return Err(AppError::new(
                Kind::Forbidden,
                "不得变更自己的账户和权限；请由另一名管理人员办理",
                "nobody changes their own account and rights: somebody else who administers accounts does",
            ));
        }
        Ok(())
    }

    fn right_set(
        &mut self,
        caller: &Caller,
        operation: &'static str,
        account: &AccountRow,
        right: &RightRow,
    ) -> Result<(), AppError> {
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write(operation, |tx| -> Result<(), AppError> {
            tx.account_right_set(right)?;
            let detail = json!({ "role": right.role, "for": right.authority });
            let rows = vec![note::right(right)];
            let (account, subject) = (account.account_id, account.subject_id);
            Note { operation, caller, account, subject, detail, rows }.write(tx, &keys, now_us)
        })
    }
}
