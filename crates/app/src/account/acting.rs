//! From a token to a caller: which right is used for what is asked, and what is said where there is none.

use chengxin_core::check::without_numbers;
use chengxin_core::operation::{Operation, operation};
use chengxin_core::{Caller, Ground, Role, Standing};
use chengxin_store::{KeyStore, View};

use super::person::is_bound;
use super::who::{Token, Who};
use crate::keyring::Keyring;
use crate::mandate::{Looked, Wanted};
use crate::reading::Reading;
use crate::{AppError, Installation, Kind, mandate, policy};

/// As whom somebody wants to act, and what for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acting {
    /// In which role; may be left out where only one of their rights allows what they ask.
    pub role: Option<Role>,
    /// For which authority; may be left out likewise.
    pub authority: Option<String>,
    /// The right that they chose for when several allow what they ask and nothing else says which. It gives none, and takes none away.
    pub prefers: Option<(Role, Option<String>)>,
    /// What for, in words. What one does about oneself needs none.
    pub purpose: String,
    /// For another, on the mandate of this number.
    pub mandate: Option<String>,
}

/// Most characters of a purpose that are kept.
const LONGEST_PURPOSE: usize = 200;

/// What a person's own acts are for, where they say nothing else.
const OWN_PURPOSE: &str = "本人行使权利";
/// The same for looking after one's account.
const OWN_ACCOUNT: &str = "管理本人账户";

/// Is it something that whoever signed in may do to their own account, in whichever of their rights?
fn cares(operation: &Operation) -> bool {
    policy::shipped().is_ok_and(|policy| policy.marked("care").iter().any(|name| name == operation.name))
}

impl Acting {
    /// The right of somebody's that an operation takes.
    fn right(&self, who: &Who, operation: &Operation) -> Result<(Role, Option<String>), AppError> {
        let fits = |role: Role, authority: Option<&str>| {
            operation.roles.contains(&role)
                && self.role.is_none_or(|wanted| wanted == role)
                && (self.authority.is_none() || self.authority.as_deref() == authority)
        };
        let mut fitting = who.rights.iter().filter(|right| fits(right.role, right.authority.as_deref()));
        match (fitting.next(), fitting.next().filter(|_| !cares(operation))) {
            (Some(only), None) => Ok((only.role, only.authority.clone())),
            (Some(_), Some(_)) => match &self.prefers {
                Some((role, authority))
                    if who.holds(*role, authority.as_deref()) && fits(*role, authority.as_deref()) =>
                {
                    Ok((*role, authority.clone()))
                }
                _ => Err(which_right()),
            },
            // That nothing fits is for the right to refuse, which logs as whom it was tried.
            (None, _) if cares(operation) => Ok((Role::Resident, None)),
            (None, _) => {
                let first = operation.roles.first().copied().unwrap_or(Role::Public);
                Ok((self.role.unwrap_or(first), self.authority.clone()))
            }
        }
    }

    /// What it is for: what one does about oneself needs no word of one's own.
    fn purpose_for(&self, role: Role, operation: &Operation) -> String {
        let own = matches!(role, Role::Resident | Role::Representative);
        match self.purpose.trim() {
            "" if cares(operation) => OWN_ACCOUNT.to_owned(),
            "" if own => OWN_PURPOSE.to_owned(),
            // Typed by mistake, a person's number is never logged.
            stated => without_numbers(stated).chars().take(LONGEST_PURPOSE).collect(),
        }
    }

    fn caller(&self, who: &Who, operation: &Operation, now_us: i64) -> Result<Caller, AppError> {
        let (role, authority) = self.right(who, operation)?;
        let (purpose, ground) = (self.purpose_for(role, operation), Ground::usual(role));
        if cares(operation) {
            return Ok(who.caring(role, authority, purpose, ground, now_us));
        }
        who.acting(role, authority.as_deref(), purpose, ground, now_us)
    }
}

fn named(name: &'static str) -> Result<&'static Operation, AppError> {
    operation(name).ok_or_else(|| AppError::internal(format!("unknown operation {name}")))
}

impl Reading {
    /// Whose token it is, and they as whoever they act as. Nothing is noted and nothing logged: where it refuses, where
    /// [`Who::stale`] says so, and for the first use of a right in a day, [`Installation::session_caller`] is asked.
    ///
    /// # Errors
    /// As there.
    pub fn session_caller(
        &self,
        token: Option<&Token>,
        name: &'static str,
        acting: &Acting,
    ) -> Result<(Who, Caller), AppError> {
        let mut who = token.map(|token| self.session_find(token)).transpose()?.flatten().ok_or_else(signed_out)?;
        let now_us = self.clock.now_us();
        let caller = acting.caller(&who, named(name)?, now_us)?;
        who.stale |= who.unused_today(&caller, now_us);
        let Some(number) = &acting.mandate else { return Ok((who, caller)) };
        let (view, keys, key_store) = (self.store.view(), &self.keys, &self.key_store);
        let actor = bound(view, keys, key_store, &who)?.ok_or_else(mandate::no_mandate)?;
        let wanted = Wanted { actor, behind: &caller.standing, number, operation: name };
        match mandate::look(view, keys, key_store, &wanted, now_us)? {
            Looked::Holds(deputy) => Ok((who, mandate::deputised(&caller, deputy))),
            Looked::Not(_) | Looked::None => Err(mandate::no_mandate()),
        }
    }
}

/// The person whose account it is, by a binding that opens.
fn bound(view: View<'_>, keys: &Keyring, key_store: &KeyStore, who: &Who) -> Result<Option<[u8; 16]>, AppError> {
    let Some(subject) = who.subject else { return Ok(None) };
    Ok(is_bound(view, keys, key_store, &subject, &who.account)?.then_some(subject))
}

impl Installation {
    /// Whose token it is, and they as whoever they act as for the operation `name`. Notes that session and right were used,
    /// and logs where it refuses.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] for a token that is absent, forged or over; [`Kind::Forbidden`] where no right of theirs allows
    /// it, the right sleeps, or the mandate that they name does not hold; [`Kind::Invalid`] where several do and nothing says which.
    pub fn session_caller(
        &mut self,
        token: Option<&Token>,
        name: &'static str,
        acting: &Acting,
    ) -> Result<(Who, Caller), AppError> {
        let operation = named(name)?;
        let found = token.map(|token| self.session_find(token)).transpose()?.flatten();
        let Some(who) = found else {
            let role = acting.role.or(operation.roles.first().copied()).unwrap_or(Role::Public);
            let nobody = Caller {
                actor: "unknown".to_owned(),
                role,
                authority: None,
                // Nothing that a stranger writes is kept.
                purpose: String::new(),
                ground: Ground::usual(role),
                standing: Standing::Anonymous,
            };
            return Err(self.denied(&nobody, name, signed_out()));
        };
        let caller = if cares(operation) {
            // It keeps no right awake, and needs none that is.
            self.session_touch(&who, None)?;
            acting.caller(&who, operation, self.now_us())?
        } else {
            let (role, authority) = acting.right(&who, operation)?;
            let (purpose, ground) = (acting.purpose_for(role, operation), Ground::usual(role));
            self.session_act(&who, name, role, authority.as_deref(), &purpose, ground)?
        };
        let Some(number) = &acting.mandate else { return Ok((who, caller)) };
        let actor = bound(self.store.view(), &self.keys, &self.key_store, &who)?;
        let caller = self.on_mandate(&caller, name, actor, number)?;
        Ok((who, caller))
    }
}

fn which_right() -> AppError {
    let error = AppError::invalid(
        "您的账户有多项权限可办理此事：请在工作台选择以哪一项办理；程序用 Chengxin-Role 和 Chengxin-Authority 注明",
        "more than one of your rights allows this: choose in which you act on the page of your work; programs say it by Chengxin-Role and Chengxin-Authority",
    );
    AppError { which_right: true, ..error }
}

fn signed_out() -> AppError {
    AppError::new(
        Kind::Unauthenticated,
        "请先登录；登录已过期的，请重新登录",
        "sign in first; if you were signed in, the session is over: sign in again",
    )
}
