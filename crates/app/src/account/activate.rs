//! Activation: a clerk compares a document in person and hands over a code; who redeems it is that person to the platform.

use chengxin_core::account::{ActivationCode, WINDOW_CODE_LIFETIME_US};
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Role};
use chengxin_seal::random_bytes;
use chengxin_store::account::{AccountKind, AccountRow, AccountState, BindingRow, RightRow};
use chengxin_store::activation::ActivationRow;
use chengxin_store::audit::{ACTIVATIONS, BINDINGS, LOGINS, SUBJECTS};
use serde_json::json;

use super::begin::{Begin, Begun, drawn};
use super::code::{Live, OneTimeCode, no_code, purpose};
use super::credential::{Fresh, replace};
use super::keys::Names;
use super::note::{self, Note};
use super::open::{login_name, refuse_taken};
use super::throttle::succeeded;
use super::who::Who;
use crate::{AppError, Installation};

/// To what a code binds its person.
#[derive(Debug)]
pub enum Redeem<'a> {
    /// A new account.
    New(&'a Begin),
    /// The account that somebody is signed in to, which is bound to nobody yet.
    SignedIn {
        /// Who is signed in.
        who: &'a Who,
        /// The code.
        code: &'a str,
        /// Where it comes from.
        source: &'a str,
    },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redeemed {
    /// An account was made and bound.
    Begun(Begun),
    /// The account was bound.
    Bound,
}

impl Installation {
    /// A code from a window, and its row.
    pub(super) fn window_code(
        &self,
        purpose: &str,
        account: Option<[u8; 16]>,
        person: &super::person::Person,
        by: &str,
        evidence: &str,
    ) -> (OneTimeCode, ActivationRow) {
        let code = ActivationCode::for_window(&random_bytes());
        let (issued_us, expires_us) = (self.now_us(), self.now_us() + WINDOW_CODE_LIFETIME_US);
        let row = ActivationRow {
            code_tag: self.keys.activation_tag(code.as_str()),
            purpose: purpose.to_owned(),
            account_id: account,
            subject_id: Some(person.subject),
            sealed: person.sealed.clone(),
            evidence: evidence.trim().to_owned(),
            issued_by: by.to_owned(),
            issued_us,
            expires_us,
            used_us: None,
            seal: Vec::new(),
        };
        let row = self.keys.sealed_activation(row);
        (OneTimeCode::new(self, code, expires_us), row)
    }

    /// Makes a one-time code for the person whose document the caller has compared in person. Who handed it over stands in that person's
    /// own log, whatever becomes of the code.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] for a number that cannot be, or no word on what was compared; [`crate::Kind::Conflict`] where the person
    /// has an account: a lost one is recovered.
    pub fn activation_issue(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
        evidence: &str,
    ) -> Result<OneTimeCode, AppError> {
        const NAME: &str = "activation_issue";
        self.authorise(caller, NAME)?;
        let document = self.compared(kind, number, evidence)?;
        self.recused(caller, NAME, &document)?;
        let person = self.person(&document)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        // Asking whether somebody has an account leaves a line for them, as every look does.
        if !self.store.view().account_bindings(&person.subject)?.is_empty() {
            self.store.write(NAME, |tx| {
                let detail = json!({ "refused": "account" });
                crate::journal::log_about(tx, &keys, &person.subject, now_us, NAME, caller, &detail)
            })?;
            return Err(has_account());
        }
        let (code, row) = self.window_code(purpose::BIND, None, &person, &caller.actor, evidence);
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            if !tx.view().account_bindings(&person.subject)?.is_empty() {
                return Err(has_account());
            }
            let mut rows = vec![(&ACTIVATIONS, vec![(&row.code_tag).into()])];
            if let Some(new) = &person.new {
                new.write(tx, &keys, now_us)?;
                rows.push((&SUBJECTS, vec![(&person.subject).into()]));
            }
            tx.activation_add(&row)?;
            let detail = json!({
                "expires_us": row.expires_us, "rows": crate::log::rows::marks(tx.view(), &keys, &rows)?,
            });
            crate::journal::log_about(tx, &keys, &person.subject, now_us, NAME, caller, &detail)?;
            Ok(())
        })?;
        Ok(code)
    }

    /// Redeems a code from a window: the account is that person's from now on. Nothing else makes it so; no number that is typed does.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a code that does not work; [`crate::Kind::Invalid`] for a name, password or digits that cannot be;
    /// [`crate::Kind::Conflict`] where person or account are bound already, or the login name is taken.
    pub fn activation_redeem(&mut self, caller: &Caller, redeem: &Redeem<'_>) -> Result<Redeemed, AppError> {
        const NAME: &str = "activation_redeem";
        self.authorise(caller, NAME)?;
        let (code, source) = match redeem {
            Redeem::New(begin) => (begin.code.as_str(), begin.source.as_str()),
            Redeem::SignedIn { code, source, .. } => (*code, *source),
        };
        let (live, tried) = self.redeemable(caller, NAME, code, source, |row| row.purpose == purpose::BIND)?;
        let subject = live.row.subject_id.ok_or_else(|| AppError::internal("a code that binds names nobody"))?;
        let holder = match redeem {
            Redeem::New(begin) => self.new_holder(&live, begin, subject)?,
            Redeem::SignedIn { who, .. } => self.signed_in_holder(who)?,
        };
        let (now_us, keys, id) = (self.now_us(), self.keys.clone(), holder.account.account_id);
        let binding = BindingRow {
            subject_id: subject,
            account_id: id,
            sealed: self.sealed_for(&subject, &id, &live.row.sealed)?,
            bound_us: now_us,
            issued_by: live.row.issued_by.clone(),
        };
        let acting = Caller { actor: keys.actor_of(&holder.account)?, role: Role::Resident, ..caller.clone() };
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            let view = tx.view();
            if !view.account_bindings(&subject)?.is_empty() {
                return Err(has_account());
            }
            if !tx.activation_use_up(&live.row.code_tag, now_us, &id)? {
                return Err(no_code());
            }
            let mut rows = vec![note::account(&id), (&ACTIVATIONS, vec![(&live.row.code_tag).into()])];
            if let Some((login_tag, fresh)) = &holder.new {
                refuse_taken(view, login_tag)?;
                tx.account_add(&holder.account, login_tag)?;
                rows.push((&LOGINS, vec![login_tag.into()]));
                rows.extend(replace(tx, &id, &fresh.rows)?);
            } else {
                let bound = view.account(&id)?.is_none_or(|account| account.subject_id.is_some());
                if bound {
                    return Err(AppError::conflict("该账户已与一人绑定", "this account is bound to somebody already"));
                }
                tx.account_state_set(&id, AccountState::InUse, Some(&subject))?;
            }
            tx.account_right_set(&holder.right)?;
            tx.account_bind(&binding)?;
            rows.push(note::right(&holder.right));
            rows.push((&BINDINGS, vec![(&subject).into(), (&id).into()]));
            succeeded(tx, &tried, None, now_us)?;
            let detail = json!({ "issued_by": keys.actor_tag(&live.row.issued_by) });
            let subject = Some(subject);
            Note { operation: NAME, caller: &acting, account: id, subject, detail, rows }.write(tx, &keys, now_us)
        })?;
        Ok(match (redeem, holder.new) {
            (Redeem::New(_), Some((_, fresh))) => {
                Redeemed::Begun(Begun { account: id, login: holder.login, recovery_codes: fresh.recovery_codes })
            }
            _ => Redeemed::Bound,
        })
    }

    fn new_holder(&mut self, live: &Live, begin: &Begin, subject: [u8; 16]) -> Result<Holder, AppError> {
        let login = login_name(begin.login.as_deref().unwrap_or_default())?;
        let id = random_bytes();
        self.new_account_key(&id)?;
        let secret = self.keys.enrolment_secret(live.code.as_str(), &drawn(begin)?);
        let second = begin.totp.as_deref().map(|digits| (digits, secret));
        let fresh = self.fresh_credentials(&id, &login, &begin.password, second)?;
        let names = Names { login: login.clone(), name: String::new() };
        let account = AccountRow {
            account_id: id,
            kind: AccountKind::Person as i64,
            state: AccountState::InUse as i64,
            subject_id: Some(subject),
            sealed: self.keys.seal_names(&id, &names),
            opened_us: self.now_us(),
            opened_by: "self".to_owned(),
        };
        let right = self.new_right(&id, Role::Resident, None, &live.row.issued_by);
        let new = Some((self.keys.login_tag(&login), fresh));
        Ok(Holder { account, login, right, new })
    }

    fn signed_in_holder(&self, who: &Who) -> Result<Holder, AppError> {
        let account = self.store.view().account(&who.account)?.ok_or_else(no_code)?;
        // Who serves and is served has two accounts.
        if account.kind != AccountKind::Person as i64 {
            return Err(AppError::conflict(
                "工作人员账户不与个人绑定；请另开个人账户",
                "an account of staff binds to nobody: begin an account of your own",
            ));
        }
        let right = self.new_right(&who.account, Role::Resident, None, &who.actor);
        Ok(Holder { account, login: String::new(), right, new: None })
    }
}

/// The account that a code binds.
struct Holder {
    account: AccountRow,
    login: String,
    right: RightRow,
    new: Option<([u8; 16], Fresh)>,
}

fn has_account() -> AppError {
    AppError::conflict(
        "此人已有账户；忘记登录名或密码的，请办理恢复",
        "this person has an account already: if name or password were forgotten, recover it",
    )
}
