//! On the way to a provider; and the one-time code that links an account of staff to one.

use chengxin_core::Caller;
use chengxin_core::issuer::AWAY_LASTS_US;
use chengxin_store::account::AccountState;
use chengxin_store::activation::ActivationRow;
use chengxin_store::audit::ACTIVATIONS;
use serde_json::json;

use super::keys::Drawn;
use super::{Away, Departure, unbelieved};
use crate::account::code::{OneTimeCode, purpose};
use crate::account::note::Note;
use crate::account::throttle::succeeded;
use crate::{AppError, Installation};

impl Installation {
    /// Makes the one-time code by which a member of staff links their account to a provider: they enter it where they go to sign in there.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for an account or a provider that is not there; [`crate::Kind::Conflict`] for a closed account; [`crate::Kind::Invalid`] for a provider that
    /// signs no staff in; [`crate::Kind::Forbidden`] for one's own account.
    pub fn issuer_link(&mut self, caller: &Caller, login: &str, issuer: &str) -> Result<OneTimeCode, AppError> {
        const NAME: &str = "issuer_link";
        self.authorise(caller, NAME)?;
        let trusted = self.issuer_trusted(issuer).map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        if !trusted.terms.staff {
            return Err(AppError::invalid(
                "该登录提供方未设定用于工作人员登录（staff = true）",
                "this provider is not set up to sign staff in (staff = true)",
            ));
        }
        let (account, _) = self.account_named(login).map_err(|refusal| self.unseen(caller, NAME, refusal))?;
        self.refuse_own(caller, &account).map_err(|refusal| self.refused(caller, NAME, refusal))?;
        if account.state == AccountState::Closed as i64 {
            return Err(AppError::conflict("该账户已注销", "this account is closed already"));
        }
        let id = account.account_id;
        let (code, row) = self.link(purpose::LINK, Some(id), &caller.actor, &trusted.name);
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            tx.activation_add(&row)?;
            let rows = vec![(&ACTIVATIONS, vec![(&row.code_tag).into()])];
            let detail = json!({ "issuer": trusted.name, "expires_us": row.expires_us });
            Note { operation: NAME, caller, account: id, subject: None, detail, rows }.write(tx, &keys, now_us)
        })?;
        Ok(OneTimeCode { link: format!("{}/sign-in", self.issuer()), ..code })
    }

    /// Notes that somebody is about to be sent to a provider. With `code`, to link their account to it.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a provider that is not there, or a code that does not work there; [`crate::Kind::TooOften`] after too many such.
    pub fn sign_in_begin(
        &mut self,
        caller: &Caller,
        issuer: &str,
        code: Option<&str>,
        source: &str,
    ) -> Result<Departure, AppError> {
        const NAME: &str = "sign_in_begin";
        self.authorise(caller, NAME)?;
        let trusted = self.issuer_trusted(issuer)?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let linked = match code {
            None => None,
            Some(code) => {
                let fits = |row: &ActivationRow| row.purpose == purpose::LINK && row.evidence == trusted.name;
                Some(self.redeemable(caller, NAME, code, source, fits)?)
            }
        };
        let (state, browser) = (Drawn::new(), Drawn::new());
        let away = Away {
            state: state.text(),
            nonce: Drawn::new().text(),
            verifier: Drawn::new().text(),
            link: linked.as_ref().map(|(live, _)| live.row.code_tag),
        };
        let row = keys.sealed_away(&trusted.name, (&state, &browser), now_us + AWAY_LASTS_US, &away);
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            tx.sign_in_add(&row)?;
            match &linked {
                Some((_, tried)) => succeeded(tx, tried, None, now_us),
                None => Ok(()),
            }
        })?;
        Ok(Departure { trusted, away, browser: browser.text() })
    }

    /// A provider could not be asked: noted as a refusal, and said in the one sentence for all of them.
    #[must_use]
    pub fn sign_in_failed(&self, caller: &Caller, why: &str) -> AppError {
        self.denied(caller, "sign_in_begin", unbelieved(why))
    }
}
