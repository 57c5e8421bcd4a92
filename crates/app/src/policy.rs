//! Who may do what: one function, asked first by every use case.
//!
//! The grants are policies in files, each with its clause ([`chengxin_policy`]); the list of operations
//! ([`chengxin_core::operation`]) says the same by roles, and a test holds the two against each other. What is refused is
//! refused in one sentence, without telling whether the thing asked for exists.

mod denial;
mod recusal;

pub(crate) use recusal::recused;

use std::sync::LazyLock;

use chengxin_core::catalogue::model::Silence;
use chengxin_core::catalogue::{Catalogue, Clause, Law};
use chengxin_core::operation::{Operation, operation};
use chengxin_core::record::SubjectId;
use chengxin_core::{Caller, Ground, Role, Say, Standing};
use chengxin_policy::{Context, Grant, LoadError, Policy, Principal, Refusal, Request, Resource, SignIn};
use chengxin_store::View;
use chengxin_store::audit::SETTINGS;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use crate::log::rows::marks;
use crate::reading::Reading;
use crate::{AppError, Installation, Kind, Mode, journal};

/// Most years for which a look may be kept from the person whom it concerns.
///
/// # Source
/// A house rule, beneath whatever the clause allows: nothing is hidden for ever, and five years outlast the inquiries for
/// which secrecy is ordered. A longer one is asked for anew, on a new look, by somebody who answers for it.
pub const LONGEST_SILENCE_YEARS: i32 = 5;

/// The policies that this programme was built with, read once.
static POLICY: LazyLock<Result<Policy, LoadError>> = LazyLock::new(Policy::load);

/// The policies in use.
///
/// # Errors
/// An internal fault: the shipped policies do not load, which a test excludes.
pub fn shipped() -> Result<&'static Policy, AppError> {
    POLICY.as_ref().map_err(|error| AppError::internal(format!("policies: {error}")))
}

/// May the caller perform the operation, on anything at all? Asked before anything is looked up.
///
/// The console of the machine that holds the keys stands for both factors and for a confirmation; whoever acts there as a
/// resident is taken for the subject whom they name. That an account *is* that subject is shown by its proofing. Who acts on a mandate has the
/// sign-in of their own session, and one subject more: the one for whom they act now.
///
/// # Errors
/// [`Kind::Forbidden`] with the policy's own sentence; [`Kind::Internal`] for a name that is no operation.
pub fn authorise(caller: &Caller, name: &str) -> Result<&'static Operation, AppError> {
    let Some(operation) = operation(name) else { return Err(AppError::internal(format!("unknown operation {name}"))) };
    within_scope(caller, name)?;
    let (principal, circumstances) = asked(caller);
    let decision = shipped()?.may(&principal, name, &circumstances);
    let decision = decision.map_err(|error| AppError::internal(format!("policy: {error}")))?;
    match decision.refusal {
        None => Ok(operation),
        Some(Refusal::Role) => {
            let role = caller.role.code();
            let allowed: Vec<_> = operation.roles.iter().map(|r| r.code()).collect();
            Err(AppError::new(
                Kind::Forbidden,
                format!("角色 {role} 无权执行该操作（需要：{}）", allowed.join("、")),
                format!("the role {role} may not do this (it takes {})", allowed.join(" or ")),
            ))
        }
        Some(_) => {
            let Say { zh, en } = decision.reason;
            Err(AppError::new(Kind::Forbidden, zh, en).because(decision.policies.join(", ")))
        }
    }
}

/// A machine does what its token is for, which is never more than policies allow its role.
pub(crate) fn within_scope(caller: &Caller, name: &str) -> Result<(), AppError> {
    match &caller.standing {
        Standing::Machine(machine) if !machine.scopes.contains(&name) => Err(AppError::new(
            Kind::Forbidden,
            format!("该访问令牌不含 {name}；由人办理的操作，客户端不得进行"),
            format!("this access token is not for {name}; what takes a person no machine does"),
        )),
        _ => Ok(()),
    }
}

/// From when the house rules of the policies hold. A right at the console never sleeps, so that no later rule matters there.
const RULES_FROM: Date = jiff::civil::date(2026, 4, 1);

/// Who asks and in which circumstances, as policies take them.
fn asked(caller: &Caller) -> (Principal, Context) {
    let sign_in = match caller.standing.own() {
        _ if caller.role == Role::Public => SignIn::Anonymous,
        Standing::Console => SignIn::Console,
        Standing::Session(session) if session.two_factors => SignIn::TwoFactors,
        Standing::Session(_) => SignIn::OneFactor,
        Standing::Machine(_) => SignIn::Client,
        Standing::Anonymous | Standing::Deputy(_) => SignIn::Anonymous,
    };
    let account = if sign_in == SignIn::Anonymous { "" } else { caller.actor.as_str() };
    let mut principal = Principal::new(account, caller.role, sign_in);
    principal.authority.clone_from(&caller.authority);
    let mut circumstances = Context::new(caller.ground.clone(), RULES_FROM);
    circumstances.purpose = !caller.purpose.trim().is_empty();
    let deputy = caller.standing.deputy().filter(|_| sign_in != SignIn::Anonymous);
    principal.mandates.extend(deputy.map(|deputy| deputy.mandator));
    match caller.standing.own() {
        Standing::Console if deputy.is_none() && matches!(caller.role, Role::Resident | Role::Representative) => {
            principal.subject = Some(WHOM_THEY_NAME);
        }
        Standing::Anonymous | Standing::Console | Standing::Deputy(_) => {}
        Standing::Session(session) => {
            principal.subject = session.subject;
            principal.held.clone_from(&session.held);
            // Whoever holds no right any more still looks after their own account.
            if !principal.held.contains(&caller.role) {
                principal.held.push(caller.role);
            }
            circumstances.today = session.today;
            circumstances.confirmed_recently = session.confirmed;
            circumstances.unused_days = session.unused_days;
        }
        Standing::Machine(machine) => {
            circumstances.today = machine.today;
            circumstances.unused_days = machine.unused_days;
        }
    }
    (principal, circumstances)
}

/// Stands for the person whom somebody at the console names.
const WHOM_THEY_NAME: SubjectId = SubjectId([0; 16]);

/// May the caller perform the operation on this very thing? Asked once it is found; [`authorise`] was asked before.
///
/// # Errors
/// [`Kind::Forbidden`] with the policy's own sentence.
pub(crate) fn on(caller: &Caller, name: &str, thing: &Resource) -> Result<(), AppError> {
    let (principal, context) = asked(caller);
    answered(&Request { principal: &principal, action: name, resource: thing, context: &context })
}

fn answered(request: &Request<'_>) -> Result<(), AppError> {
    let decision = shipped()?.decide(request).map_err(|error| AppError::internal(format!("policy: {error}")))?;
    if decision.refusal.is_none() {
        return Ok(());
    }
    let Say { zh, en } = decision.reason;
    Err(AppError::new(Kind::Forbidden, zh, en).because(decision.policies.join(", ")))
}

/// The same for what is about a person, of whom `reader` is who reads their own records; nobody, where they never did.
///
/// # Errors
/// As [`on`].
pub(crate) fn on_person(caller: &Caller, name: &str, reader: Option<[u8; 16]>) -> Result<(), AppError> {
    let subject = match caller.standing {
        Standing::Console => WHOM_THEY_NAME,
        Standing::Anonymous | Standing::Session(_) | Standing::Machine(_) | Standing::Deputy(_) => {
            reader.map_or(NOBODY, SubjectId)
        }
    };
    on(caller, name, &Resource::new().about(subject))
}

/// Somebody to whom no account is bound.
const NOBODY: SubjectId = SubjectId([0xff; 16]);

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

impl Reading {
    /// As [`Installation::policy_show`].
    ///
    /// # Errors
    /// As there.
    pub fn policy_show(&self, caller: &Caller) -> Result<&'static [Grant], AppError> {
        self.authorise(caller, "policy_show")?;
        Ok(shipped()?.grants())
    }
}

/// Setting that holds the digest of the policies in use.
pub(crate) const SETTING: &str = "policy";

impl Installation {
    /// Every policy, those that forbid first, each with its clause and its sentence: anybody may read by what is decided.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] without a purpose.
    pub fn policy_show(&self, caller: &Caller) -> Result<&'static [Grant], AppError> {
        self.authorise(caller, "policy_show")?;
        Ok(shipped()?.grants())
    }

    /// Where this programme brings other policies than the last that was at work here, that is an entry in the log.
    pub(crate) fn note_policies(&mut self) -> Result<(), AppError> {
        let (now, before) = (shipped()?.digest_hex(), self.store.view().setting(SETTING)?);
        if before.as_deref() == Some(now.as_str()) {
            return Ok(());
        }
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write("policy_apply", |tx| {
            tx.set_setting(SETTING, &now)?;
            let rows = marks(tx.view(), &keys, &[(&SETTINGS, vec![SETTING.into()])])?;
            let detail = json!({ "before": before, "policy": now, "rows": rows });
            let caller = Caller::operator("", "启用新的权限规则");
            journal::log(tx, &keys, now_us, "policy_apply", &caller, &detail).map(drop)
        })
    }

    /// [`authorise`] and [`silence`], with an entry in the log where one refuses.
    pub(crate) fn authorise(&self, caller: &Caller, name: &'static str) -> Result<&'static Operation, AppError> {
        let silence = || silence(caller, &self.catalogue, self.store.view(), self.mode(), self.today());
        let granted = authorise(caller, name).and_then(|operation| silence().map(|()| operation));
        granted.map_err(|refusal| self.denied(caller, name, refusal))
    }

    /// May the caller do this at all? Asked before a form is shown; the act is asked for again.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] where not.
    pub fn allowed(&self, caller: &Caller, name: &'static str) -> Result<(), AppError> {
        self.authorise(caller, name).map(drop)
    }

    /// [`acts_for`], with an entry in the log where it refuses.
    pub(crate) fn acts_for(&self, caller: &Caller, name: &'static str, authority: &str) -> Result<(), AppError> {
        acts_for(caller, authority).map_err(|refusal| self.denied(caller, name, refusal))
    }
}
