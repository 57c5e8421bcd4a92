//! A report that an authority asks for on the person's consent: the consent says which classes it shows, and its use is counted in the
//! transaction that keeps the report.

use chengxin_core::Caller;
use chengxin_core::consent::Presented;
use chengxin_core::identity::normalise_name;
use chengxin_core::operation_words::ACCESS_DENY;
use chengxin_store::Tx;
use serde_json::json;

use super::content::ReportContent;
use super::request::Asked;
use crate::account::throttle::{Tried, succeeded};
use crate::authority::{called, served};
use crate::consent::Giver;
use crate::consent::checking::{Case, Wanted, no_consent_to_report, usable, use_up};
use crate::keyring::Keyring;
use crate::{AppError, Installation, journal};

const NAME: &str = "report_issue";

/// A consent that held a moment ago, and by what it is found again.
pub(super) struct ToReport {
    giver: Giver,
    presented: Presented,
    classes: std::collections::BTreeSet<String>,
    authority: String,
    /// How the authority is called.
    office: String,
    tried: Tried,
}

impl Installation {
    /// The consent that was shown, if a report can rest on it. What is asked for becomes no more than it allows, and states what it states: for whom, and
    /// for what. Whoever asks for something else is told what everybody is told.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] in one sentence, whatever is wrong; [`crate::Kind::TooOften`] where too many were tried.
    pub(super) fn consent_to_report(
        &mut self,
        caller: &Caller,
        asked: &mut Asked,
        presented: &Presented,
    ) -> Result<ToReport, AppError> {
        let authority = served(caller)?.to_owned();
        // As for checks: what counts is the account that tries.
        let source = format!("desk:{}@{authority}", caller.actor);
        let tried = self.try_once(caller, NAME, Tried::code(&self.keys, &source))?;
        let giver = self.giver(&asked.document)?;
        let now_us = self.now_us();
        let none = std::collections::BTreeSet::new();
        let found = match &giver {
            Some(giver) => {
                let wanted = Wanted { authority: &authority, matter: None, classes: &none, presented };
                usable(self.store.view(), &self.keys, giver, &wanted, now_us)?
            }
            None => None,
        };
        let found = found.filter(|found| same_words(&found.consent.terms.purpose, &caller.purpose));
        let (Some(giver), Some(found)) = (giver, found) else {
            // The person reads that it was tried; somebody who was never written about gets no row by being asked about.
            let about = super::subjects_of(self.store.view(), &self.keys, &asked.document)?;
            if let Some(subject) = about.first() {
                let keys = self.keys.clone();
                self.store.write(NAME, |tx| {
                    let detail = json!({ "refused": "consent", "report": true });
                    journal::log_about(tx, &keys, subject, now_us, ACCESS_DENY, caller, &detail)
                })?;
            }
            return Err(self.denied(caller, NAME, no_consent_to_report()));
        };
        let classes = found.consent.terms.classes.clone();
        asked.scope.classes = Some(classes.clone());
        asked.recipient = found.report_for().to_owned();
        asked.purpose = Some(found.consent.terms.purpose.clone());
        let row = self.store.view().authority(&authority)?;
        let office = called(row.as_ref(), &authority).zh;
        Ok(ToReport { giver, presented: presented.clone(), classes, authority, office, tried })
    }
}

/// Is it the purpose that was consented to, however it is spaced and punctuated?
fn same_words(consented: &str, stated: &str) -> bool {
    let words = |text: &str| normalise_name(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    words(consented) == words(stated)
}

impl ToReport {
    /// Counts the use; the number of the receipt. `None` where the consent does not hold any more.
    pub(super) fn use_up(
        &self,
        tx: &Tx<'_>,
        keys: &Keyring,
        caller: &Caller,
        content: &ReportContent,
    ) -> Result<Option<String>, AppError> {
        let wanted =
            Wanted { authority: &self.authority, matter: None, classes: &self.classes, presented: &self.presented };
        let now_us = content.issued_at_us;
        let Some(found) = usable(tx.view(), keys, &self.giver, &wanted, now_us)? else { return Ok(None) };
        let number = found.number();
        let on_it = Caller { ground: chengxin_core::Ground::Consent(number.clone()), ..caller.clone() };
        let case =
            Case { operation: NAME, authority: &self.office, case_number: &content.purpose, check: &content.number };
        use_up(tx, keys, &self.giver, &found, (&on_it, now_us), &case)?;
        succeeded(tx, &self.tried, None, now_us)?;
        Ok(Some(number))
    }
}
