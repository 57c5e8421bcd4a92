//! Who may do what: one function, asked first by every use case.
//!
//! The grants stand in the list of operations ([`chengxin_core::operation`]). What is refused is refused in one
//! sentence, without telling whether the thing asked for exists.

use chengxin_core::operation::{Operation, operation};
use chengxin_core::{Caller, Role};

use chengxin_store::Store;
use serde_json::json;

use crate::{AppError, Installation, Kind, journal};

/// Operation of the line that tells of a refusal.
pub(crate) const DENIED: &str = "access_deny";

/// May the caller perform the operation?
///
/// # Errors
/// [`Kind::Forbidden`] where the role is not granted it, the purpose is empty, or an officer names no authority;
/// [`Kind::Internal`] for a name that is no operation.
pub fn authorise(caller: &Caller, name: &str) -> Result<&'static Operation, AppError> {
    let Some(operation) = operation(name) else { return Err(AppError::internal(format!("unknown operation {name}"))) };
    if !operation.roles.contains(&caller.role) {
        let role = caller.role.code();
        let allowed: Vec<_> = operation.roles.iter().map(|r| r.code()).collect();
        return Err(AppError::new(
            Kind::Forbidden,
            format!("角色 {role} 无权执行该操作（需要：{}）", allowed.join("、")),
            format!("the role {role} may not do this (it takes {})", allowed.join(" or ")),
        ));
    }
    if caller.purpose.trim().is_empty() {
        return Err(AppError::new(
            Kind::Forbidden,
            "须说明用途（--purpose）；用途会留痕并向当事人展示",
            "a purpose is needed (--purpose); it is logged and shown to the person concerned",
        ));
    }
    let officer = matches!(caller.role, Role::Clerk | Role::DataOfficer | Role::Decider);
    if officer && caller.authority.is_none() {
        return Err(AppError::new(
            Kind::Forbidden,
            "须注明所属单位（--as 角色:姓名@单位代码）",
            "say for which authority you act (--as role:name@authority)",
        ));
    }
    Ok(operation)
}

/// Does the caller act for this authority?
///
/// # Errors
/// [`Kind::NotFound`]: whether another authority has such a thing is none of the caller's business.
pub fn acts_for(caller: &Caller, authority: &str) -> Result<(), AppError> {
    match &caller.authority {
        Some(own) if own == authority => Ok(()),
        None if matches!(
            caller.role,
            Role::Administrator | Role::CreditOffice | Role::IdentityClerk | Role::Auditor
        ) =>
        {
            Ok(())
        }
        _ => Err(AppError::not_found("没有该批次或记录", "there is no such submission or record")),
    }
}

impl Installation {
    /// [`authorise`], with an entry in the log where it refuses.
    pub(crate) fn authorise(&self, caller: &Caller, name: &'static str) -> Result<&'static Operation, AppError> {
        authorise(caller, name).map_err(|refusal| self.denied(caller, name, refusal))
    }

    /// [`acts_for`], with an entry in the log where it refuses.
    pub(crate) fn acts_for(&self, caller: &Caller, name: &'static str, authority: &str) -> Result<(), AppError> {
        acts_for(caller, authority).map_err(|refusal| self.denied(caller, name, refusal))
    }

    /// The same for what a use case found out inside its transaction: that it is not there, or not the caller's.
    pub(crate) fn unseen(&self, caller: &Caller, name: &'static str, refusal: AppError) -> AppError {
        if refusal.kind == Kind::NotFound { self.denied(caller, name, refusal) } else { refusal }
    }

    /// The same for what a use case refused for want of a right.
    pub(crate) fn refused(&self, caller: &Caller, name: &'static str, refusal: AppError) -> AppError {
        if refusal.kind == Kind::Forbidden { self.denied(caller, name, refusal) } else { refusal }
    }

    /// Logs a refusal and hands it on. By a connection of its own: what is refused may be refused while only reading. Not
    /// from within a transaction, which would wait for itself.
    pub(crate) fn denied(&self, caller: &Caller, name: &'static str, refusal: AppError) -> AppError {
        let logged = Store::open(self.database()).map_err(AppError::from).and_then(|mut store| {
            store.write("access_deny", |tx| {
                let detail = json!({ "operation": name, "reason": refusal.public.en });
                journal::log(tx, &self.keys, self.now_us(), DENIED, caller, &detail)
            })
        });
        // The refusal stands whether or not it could be logged; that it could not is the operator's affair.
        if let Err(error) = logged {
            tracing::warn!(%error, operation = name, "a refusal could not be logged");
        }
        refusal
    }
}
