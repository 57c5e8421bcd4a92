//! Who may do what: one function, asked first by every use case.
//!
//! The grants stand in the list of operations ([`chengxin_core::operation`]). What is refused is refused in one
//! sentence, without telling whether the thing asked for exists.

use chengxin_core::catalogue::model::Silence;
use chengxin_core::catalogue::{Catalogue, Clause, Law};
use chengxin_core::operation::{Operation, operation};
use chengxin_core::operation_words::ACCESS_DENY;
use chengxin_core::{Caller, Ground, Role};
use chengxin_store::{Store, View};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use crate::{AppError, Installation, Kind, Mode, journal};

/// Most years for which a look may be kept from the person whom it concerns.
///
/// # Source
/// A house rule, beneath whatever the clause allows: nothing is hidden for ever, and five years outlast the inquiries for
/// which secrecy is ordered. A longer one is asked for anew, on a new look, by somebody who answers for it.
pub const LONGEST_SILENCE_YEARS: i32 = 5;

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
    if matches!(caller.ground, Ground::SilentDuty { .. }) && !(officer && operation.discloses) {
        return Err(AppError::new(
            Kind::Forbidden,
            "只有履行法定职责的单位的查询可以依法暂不告知；变更数据的操作一律告知",
            "only an authority's look may be kept from the person for a time; a change of data never is",
        ));
    }
    Ok(operation)
}

/// May the caller's act be kept from the person whom it concerns for as long as they say? Every other ground passes.
///
/// The clauses must stand in the catalogue and be in force; that which orders silence must be marked as such there, and
/// must say the same as the caller about whether the person may know that something is sealed; in production both must
/// have been read at their source, by whoever wrote the catalogue or by an office that confirmed them.
///
/// # Errors
/// [`Kind::Forbidden`] with what is wanting.
///
/// # Source
/// 个人信息保护法 art. 18: a law or an administrative regulation must order secrecy.
pub fn silence(
    caller: &Caller,
    catalogue: &Catalogue,
    view: View<'_>,
    mode: Mode,
    today: Date,
) -> Result<(), AppError> {
    let Ground::SilentDuty { clause, silence, until, said } = &caller.ground else { return Ok(()) };
    let refused = |zh: String, en: String| AppError::new(Kind::Forbidden, zh, en);
    let latest = today.checked_add(LONGEST_SILENCE_YEARS.years()).unwrap_or(Date::MAX);
    if *until <= today || *until > latest {
        return Err(refused(
            format!("暂不告知的期限须晚于今天，且不晚于 {latest}（最长 {LONGEST_SILENCE_YEARS} 年）"),
            format!("silence ends after today and by {latest} (at most {LONGEST_SILENCE_YEARS} years)"),
        ));
    }
    let in_force = |cited: &String| -> Result<(&Law, &Clause), AppError> {
        let found = catalogue.clause(cited).filter(|(law, _)| law.from <= today && law.until.is_none_or(|u| today < u));
        found.ok_or_else(|| {
            refused(
                format!("目录中没有施行中的条款「{cited}」；写法为 法规#条款"),
                format!("the catalogue has no clause “{cited}” in force: write law#clause"),
            )
        })
    };
    let (_, duty) = in_force(clause)?;
    let (law, orders) = in_force(silence)?;
    let allowed = orders.silence.ok_or_else(|| {
        refused(
            format!("《{}》{}没有规定可以暂不告知", law.title, orders.label),
            format!("{}, {} does not order silence", law.title_en, orders.label),
        )
    })?;
    if (allowed == Silence::Said) != *said {
        return Err(refused(
            format!("《{}》{}对是否可以说明有内容暂不告知另有规定", law.title, orders.label),
            format!("{}, {} says otherwise about whether the person may know of it", law.title_en, orders.label),
        ));
    }
    if mode == Mode::Synthetic {
        return Ok(());
    }
    let confirmed = view.clauses_confirmed()?;
    for (cited, read) in [(clause, duty.verified), (silence, orders.verified)] {
        if !read && !confirmed.contains(cited) {
            return Err(refused(
                format!("条款「{cited}」尚未核对原文；请由信用主管部门运行 chengxin catalogue confirm"),
                format!(
                    "nobody has read the clause “{cited}” at its source: the credit office runs chengxin catalogue confirm"
                ),
            ));
        }
    }
    Ok(())
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
    /// [`authorise`] and [`silence`], with an entry in the log where one refuses.
    pub(crate) fn authorise(&self, caller: &Caller, name: &'static str) -> Result<&'static Operation, AppError> {
        let silence = || silence(caller, &self.catalogue, self.store.view(), self.mode(), self.today());
        let granted = authorise(caller, name).and_then(|operation| silence().map(|()| operation));
        granted.map_err(|refusal| self.denied(caller, name, refusal))
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
                journal::log(tx, &self.keys, self.now_us(), ACCESS_DENY, caller, &detail)
            })
        });
        // The refusal stands whether or not it could be logged; that it could not is the operator's affair.
        if let Err(error) = logged {
            tracing::warn!(%error, operation = name, "a refusal could not be logged");
        }
        refusal
    }
}
