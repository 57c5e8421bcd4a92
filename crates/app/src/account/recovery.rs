//! Recovery: a password or an app was lost, and somebody who checked in person who it is hands over a code.

use chengxin_core::account::{Family, family};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Role};
use chengxin_store::account::AccountState;
use chengxin_store::audit::ACTIVATIONS;
use serde_json::json;

use super::code::{OneTimeCode, purpose};
use super::note::Note;
use crate::{AppError, Installation, Kind};

/// Whose account it is.
#[derive(Debug, Clone, Copy)]
pub enum Recovering<'a> {
    /// That of a member of staff, by login name.
    Staff(&'a str),
    /// That of a person, by the document that was compared.
    Person(DocumentKind, &'a str),
}

impl Installation {
    /// Makes a one-time code by which an account gets a new password and, where it has one, a new second factor. Until it is used
    /// everything stays as it is; once it is, every session ends and codes handed over before are void. Accounts of staff are recovered
    /// by whoever administers accounts, never by themself; those of persons at a window, and it stands in their own log.
    ///
    /// # Errors
    /// [`Kind::NotFound`] where there is no such account in use; [`Kind::Forbidden`] where it is not the caller's to recover;
    /// [`Kind::Invalid`] without a word on how it was checked.
    pub fn recovery_issue(
        &mut self,
        caller: &Caller,
        whose: Recovering<'_>,
        evidence: &str,
    ) -> Result<OneTimeCode, AppError> {
        const NAME: &str = "recovery_issue";
        self.authorise(caller, NAME)?;
        let administers = family(caller.role) == Family::Running;
        if administers != matches!(whose, Recovering::Staff(_)) {
            let refusal = AppError::new(
                Kind::Forbidden,
                "工作人员账户由账户管理人员恢复，个人账户由窗口当面核对后恢复",
                "accounts of staff are recovered by whoever administers accounts, those of persons at a window",
            );
            return Err(self.denied(caller, NAME, refusal));
        }
        let issued = match whose {
            Recovering::Staff(login) => self.recover_staff(caller, NAME, login, evidence),
            Recovering::Person(kind, number) => self.recover_person(caller, NAME, kind, number, evidence),
        };
        issued.map_err(|refusal| {
            let refusal = match whose {
                Recovering::Person(..) => self.unseen(caller, NAME, refusal),
                Recovering::Staff(_) => refusal,
            };
            self.refused(caller, NAME, refusal)
        })
    }

    fn recover_staff(
        &mut self,
        caller: &Caller,
        name: &'static str,
        login: &str,
        evidence: &str,
    ) -> Result<OneTimeCode, AppError> {
        if evidence.trim().is_empty() {
            return Err(AppError::invalid("须写明如何核对了本人身份", "say how you checked who it is"));
        }
        let (account, rights) = self.account_named(login).map_err(|refusal| self.unseen(caller, name, refusal))?;
        self.refuse_own(caller, &account)?;
        // Otherwise whoever may not give a role could take it over from somebody who has it.
        let above = |role: &str| {
            matches!(Role::from_code(role), Some(Role::Administrator | Role::CreditOffice | Role::Auditor))
        };
        let holds_above = rights.iter().any(|right| right.ended_us.is_none() && above(&right.role));
        if holds_above && caller.role != Role::Administrator {
            return Err(AppError::new(
                Kind::Forbidden,
                "该账户只能由平台管理员恢复",
                "only an administrator recovers this account",
            ));
        }
        // One whose first link ran out gets another.
        let purpose = match account.state {
            state if state == AccountState::InUse as i64 => purpose::RECOVER,
            state if state == AccountState::Opened as i64 => purpose::BEGIN,
            _ => return Err(no_account()),
        };
        let id = account.account_id;
        let (code, row) = self.link(purpose, Some(id), &caller.actor, evidence.trim());
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write(name, |tx| -> Result<(), AppError> {
            tx.activation_add(&row)?;
            let rows = vec![(&ACTIVATIONS, vec![(&row.code_tag).into()])];
            let (subject, detail) = (account.subject_id, json!({ "expires_us": row.expires_us }));
            Note { operation: name, caller, account: id, subject, detail, rows }.write(tx, &keys, now_us)
        })?;
        Ok(code)
    }

    fn recover_person(
        &mut self,
        caller: &Caller,
        name: &'static str,
        kind: DocumentKind,
        number: &str,
        evidence: &str,
    ) -> Result<OneTimeCode, AppError> {
        let document = self.compared(kind, number, evidence)?;
        crate::policy::recused(self.store.view(), &self.keys, caller, name, &document)?;
        let tag = crate::report::reader_tag(&self.keys, &document);
        let subject = self.store.view().subject_document(&tag)?.map(|row| row.subject_id).ok_or_else(no_account)?;
        let bindings = self.store.view().account_bindings(&subject)?;
        let id = bindings.first().map(|binding| binding.account_id).ok_or_else(no_account)?;
        let person = self.person(&document)?;
        let (code, row) = self.window_code(purpose::RECOVER, Some(id), &person, &caller.actor, evidence);
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write(name, |tx| -> Result<(), AppError> {
            tx.activation_add(&row)?;
            let rows = vec![(&ACTIVATIONS, vec![(&row.code_tag).into()])];
            let detail = json!({ "expires_us": row.expires_us });
            let subject = Some(subject);
            Note { operation: name, caller, account: id, subject, detail, rows }.write(tx, &keys, now_us)
        })?;
        Ok(code)
    }
}

fn no_account() -> AppError {
    AppError::not_found("没有在用的账户", "there is no account in use")
}
