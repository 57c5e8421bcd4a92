//! Accounts of staff: opened by whoever administers accounts, listed, closed.

use chengxin_core::account::{
    ActivationCode, Family, LINK_LIFETIME_US, family, mixes, normalise_login, serves_authority,
};
use chengxin_core::{Caller, Role};
use chengxin_seal::random_bytes;
use chengxin_store::Tx;
use chengxin_store::View;
use chengxin_store::account::{AccountKind, AccountRow, AccountState, RightRow};
use chengxin_store::activation::ActivationRow;
use chengxin_store::audit::{ACTIVATIONS, BINDINGS, LOGINS};
use serde_json::json;

use super::code::{OneTimeCode, purpose};
use super::credential::replace;
use super::keys::Names;
use super::note::{self, Note};
use super::provider::back::unlinked;
use super::who::{Right, rights_of};
use crate::{AppError, Installation, Kind};

/// Accounts read at once for a list.
const SLICE: i64 = 200;

/// Most characters of a name.
const NAME_LENGTH: usize = 40;

/// An account to be opened.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Login name.
    pub login: String,
    /// Name of the person; it stands in the log beside what they do.
    pub name: String,
    /// What they may do: role, and authority where the role serves one. At least one.
    pub rights: Vec<(Role, Option<String>)>,
}

/// An account that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its id.
    pub account: [u8; 16],
    /// With what its owner begins.
    pub code: OneTimeCode,
}

/// One account in the list of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLine {
    /// Its id.
    pub account: [u8; 16],
    /// Login name.
    pub login: String,
    /// Name of the person.
    pub name: String,
    /// `opened`, `in_use` or `closed`.
    pub state: &'static str,
    /// Rights that hold.
    pub rights: Vec<Right>,
    /// When it was opened, microseconds UTC.
    pub opened_us: i64,
    /// By whom.
    pub opened_by: String,
}

fn forbidden(zh: &str, en: &str) -> AppError {
    AppError::new(Kind::Forbidden, zh, en)
}

/// Reads a login name that somebody chooses.
pub(super) fn login_name(text: &str) -> Result<String, AppError> {
    normalise_login(text).map_err(|fault| {
        let say = fault.say();
        AppError::invalid(say.zh, say.en)
    })
}

/// Reads the name of a member of staff.
pub(super) fn person_name(text: &str) -> Result<String, AppError> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > NAME_LENGTH || name.chars().any(|c| c.is_control() || c == '#') {
        return Err(AppError::invalid(
            format!("须填写姓名，最多 {NAME_LENGTH} 个字，不含 #"),
            format!("a name is needed, of at most {NAME_LENGTH} characters and without #"),
        ));
    }
    Ok(name.to_owned())
}

/// May the caller grant or end this right, and can it be held beside `held`?
///
/// # Errors
/// [`Kind::Forbidden`] for a role that only an administrator gives, or that does not go together with what is held; [`Kind::Invalid`] for a
/// role of no staff, or one without the authority that it serves.
pub(super) fn grantable(
    caller: &Caller,
    view: View<'_>,
    held: &[Role],
    role: Role,
    authority: Option<&str>,
) -> Result<(), AppError> {
    if matches!(family(role), Family::Own | Family::Nobody) {
        return Err(AppError::invalid(
            "该角色不授予工作人员账户；个人账户凭窗口激活码开立",
            "this role is given to no account of staff: a person's account begins with a code from a window",
        ));
    }
    if matches!(family(role), Family::Running | Family::Watching) && caller.role != Role::Administrator {
        return Err(forbidden("这一角色只能由平台管理员授予或终止", "only an administrator gives or ends this role"));
    }
    if !mixes(held, role) {
        return Err(forbidden(
            "管理账户的、经办记录的和审计的角色不得由同一账户兼任；请另开账户给另一人",
            "who runs the platform, who works with records and who audits are never one account: open another, for somebody else",
        ));
    }
    match authority {
        None if serves_authority(role) => Err(AppError::invalid(
            "该角色须注明所属单位（角色@单位代码）",
            "this role takes an authority (role@authority)",
        )),
        Some(_) if !serves_authority(role) => {
            Err(AppError::invalid("该角色不属于任何单位", "this role belongs to no authority"))
        }
        Some(code) if view.authority(code)?.is_none() => {
            Err(AppError::invalid(format!("没有登记单位 {code}"), format!("there is no authority {code}")))
        }
        _ => Ok(()),
    }
}

impl Installation {
    /// A right as it is granted now.
    pub(super) fn new_right(&self, account: &[u8; 16], role: Role, authority: Option<&str>, by: &str) -> RightRow {
        self.keys.sealed_right(RightRow {
            account_id: *account,
            role: role.code().to_owned(),
            authority: authority.unwrap_or_default().to_owned(),
            granted_us: self.now_us(),
            granted_by: by.to_owned(),
            ended_us: None,
            ended_by: None,
            seal: [0; 32],
            // A grant counts as a use: its ninety days begin with it.
            last_used_on: self.today_number(),
        })
    }

    /// A code in a link, and its row.
    pub(super) fn link(
        &self,
        purpose: &str,
        account: Option<[u8; 16]>,
        by: &str,
        evidence: &str,
    ) -> (OneTimeCode, ActivationRow) {
        let code = ActivationCode::for_link(&random_bytes());
        let (issued_us, expires_us) = (self.now_us(), self.now_us() + LINK_LIFETIME_US);
        let row = ActivationRow {
            code_tag: self.keys.activation_tag(code.as_str()),
            purpose: purpose.to_owned(),
            account_id: account,
            subject_id: None,
            sealed: Vec::new(),
            evidence: evidence.to_owned(),
            issued_by: by.to_owned(),
            issued_us,
            expires_us,
            used_us: None,
            seal: Vec::new(),
        };
        let row = self.keys.sealed_activation(row);
        (OneTimeCode::new(self, code, expires_us), row)
    }

    /// Opens an account for a member of staff, and gives the one-time code by which its owner chooses a password. Whoever opens it never
    /// learns that.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for names or rights that cannot be; [`Kind::Forbidden`] for rights that the caller may not give or that do not go
    /// together; [`Kind::Conflict`] for a login name that is taken.
    pub fn account_open(&mut self, caller: &Caller, new: &NewAccount) -> Result<Opened, AppError> {
        const NAME: &str = "account_open";
        self.authorise(caller, NAME)?;
        let names = Names { login: login_name(&new.login)?, name: person_name(&new.name)? };
        if new.rights.is_empty() {
            return Err(AppError::invalid("须至少授予一项权限", "an account needs at least one right"));
        }
        let id = random_bytes();
        let (mut held, mut rights) = (Vec::new(), Vec::new());
        for (role, authority) in &new.rights {
            grantable(caller, self.store.view(), &held, *role, authority.as_deref())
                .map_err(|refusal| self.refused(caller, NAME, refusal))?;
            held.push(*role);
            rights.push(self.new_right(&id, *role, authority.as_deref(), &caller.actor));
        }
        self.new_account_key(&id)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let account = AccountRow {
            account_id: id,
            kind: AccountKind::Staff as i64,
            state: AccountState::Opened as i64,
            subject_id: None,
            sealed: keys.seal_names(&id, &names),
            opened_us: now_us,
            opened_by: caller.actor.clone(),
        };
        let login_tag = keys.login_tag(&names.login);
        let (code, activation) = self.link(purpose::BEGIN, Some(id), &caller.actor, "");
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            refuse_taken(tx.view(), &login_tag)?;
            tx.account_add(&account, &login_tag)?;
            rights.iter().try_for_each(|right| tx.account_right_set(right))?;
            tx.activation_add(&activation)?;
            let mut rows = vec![
                note::account(&id),
                (&LOGINS, vec![(&login_tag).into()]),
                (&ACTIVATIONS, vec![(&activation.code_tag).into()]),
            ];
            rows.extend(rights.iter().map(note::right));
            let said: Vec<_> = rights.iter().map(|right| json!([right.role, right.authority])).collect();
            let detail = json!({ "rights": said, "expires_us": activation.expires_us });
            Note { operation: NAME, caller, account: id, subject: None, detail, rows }.write(tx, &keys, now_us)
        })?;
        Ok(Opened { account: id, code })
    }

    /// The account that signs in with a name, with its rights.
    ///
    /// # Errors
    /// [`Kind::NotFound`].
    pub(super) fn account_named(&self, login: &str) -> Result<(AccountRow, Vec<RightRow>), AppError> {
        let missing = || AppError::not_found("没有这个账户", "there is no such account");
        let login = normalise_login(login).map_err(|_| missing())?;
        let view = self.store.view();
        let id = view.account_of_login(&self.keys.login_tag(&login))?.ok_or_else(missing)?;
        let account = view.account(&id)?.ok_or_else(missing)?;
        // Of persons' accounts whoever administers accounts learns nothing.
        if account.kind != AccountKind::Staff as i64 {
            return Err(missing());
        }
        let rights = view.account_rights(&id)?;
        Ok((account, rights))
    }

    /// How the log calls whoever acts with the account of a login name, staff's or a person's; `None` where there is no such account.
    pub(crate) fn account_actor(&self, login: &str) -> Result<Option<String>, AppError> {
        let Ok(login) = normalise_login(login) else { return Ok(None) };
        let view = self.store.view();
        let Some(id) = view.account_of_login(&self.keys.login_tag(&login))? else { return Ok(None) };
        view.account(&id)?.map(|account| self.keys.actor_of(&account)).transpose()
    }

    /// Accounts of staff, by login name. Persons' accounts are nobody's to list.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; the store's.
    pub fn account_list(&self, caller: &Caller) -> Result<Vec<AccountLine>, AppError> {
        self.authorise(caller, "account_list")?;
        let (view, today) = (self.store.view(), self.today_number());
        let (mut lines, mut after) = (Vec::new(), [0; 16]);
        loop {
            let slice = view.staff_accounts(&after, SLICE)?;
            let Some(last) = slice.last() else { break };
            after = last.account_id;
            for account in &slice {
                let names = self.keys.open_names(account)?;
                lines.push(AccountLine {
                    account: account.account_id,
                    login: names.login,
                    name: names.name,
                    state: state_code(account.state),
                    rights: rights_of(&self.keys, &view.account_rights(&account.account_id)?, today),
                    opened_us: account.opened_us,
                    opened_by: account.opened_by.clone(),
                });
            }
        }
        lines.sort_by(|a, b| a.login.cmp(&b.login));
        Ok(lines)
    }

    /// Closes an account of staff for good: its rights end, its sessions too, and what it proved itself by is deleted. Its login name is
    /// never given to somebody else, since the log speaks of it.
    ///
    /// # Errors
    /// [`Kind::NotFound`]; [`Kind::Conflict`] where it is closed already or is that of the last administrator; [`Kind::Forbidden`] for one's
    /// own.
    pub fn account_close(&mut self, caller: &Caller, login: &str) -> Result<(), AppError> {
        const NAME: &str = "account_close";
        self.authorise(caller, NAME)?;
        let (account, rights) = self.account_named(login).map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        let holding: Vec<_> = rights.into_iter().filter(|right| right.ended_us.is_none()).collect();
        for right in &holding {
            self.may_end(caller, &account, right).map_err(|refusal| self.refused(caller, NAME, refusal))?;
        }
        if account.state == AccountState::Closed as i64 {
            return Err(AppError::conflict("该账户已注销", "this account is closed already"));
        }
        let (now_us, keys, id) = (self.now_us(), self.keys.clone(), account.account_id);
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            let mut rows = close(tx, &account)?;
            for right in &holding {
                let ended = RightRow { ended_us: Some(now_us), ended_by: Some(caller.actor.clone()), ..right.clone() };
                tx.account_right_set(&keys.sealed_right(ended))?;
                rows.push(note::right(right));
            }
            let (subject, detail) = (account.subject_id, json!({}));
            Note { operation: NAME, caller, account: id, subject, detail, rows }.write(tx, &keys, now_us)
        })
    }
}

/// Closes an account in a transaction, its rights apart; the rows that this touches.
fn close(tx: &Tx<'_>, account: &AccountRow) -> Result<Vec<note::Touched>, AppError> {
    let id = &account.account_id;
    tx.account_state_set(id, AccountState::Closed, None)?;
    tx.sessions_remove(id)?;
    let mut rows = replace(tx, id, &[])?;
    rows.push(note::account(id));
    rows.extend(unlinked(tx, id, |_| true)?);
    if let Some(subject) = &account.subject_id {
        tx.account_unbind(subject, id)?;
        rows.push((&BINDINGS, vec![subject.into(), id.into()]));
    }
    Ok(rows)
}

/// Refuses a login name that somebody has, or had.
pub(super) fn refuse_taken(view: View<'_>, login_tag: &[u8; 16]) -> Result<(), AppError> {
    if view.account_of_login(login_tag)?.is_some() {
        return Err(AppError::conflict("该登录名已被使用，请换一个", "this login name is taken: choose another"));
    }
    Ok(())
}

fn state_code(state: i64) -> &'static str {
    match state {
        1 => "opened",
        2 => "in_use",
        _ => "closed",
    }
}
