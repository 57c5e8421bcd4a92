//! A one-time code: the person makes it at the desk, shows it, and it grants that one check.

use chengxin_core::Caller;
use chengxin_core::consent::{Confirmed, ConsentCode, Recipient, Terms, limits};
use chengxin_core::dates::shanghai_text;
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_seal::random_bytes;

use super::grant::{Granted, few_enough, within_mandate};
use super::row::{Act, Opened};
use super::terms::classes_of;
use crate::{AppError, Installation};

/// For what a code is made.
#[derive(Debug, Clone)]
pub struct ConsentCodeRequest {
    /// Kind of the person's own document.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// Code of the matter.
    pub matter: String,
    /// Unified social credit code of the authority at whose desk the person stands.
    pub authority: String,
}

/// A one-time code, to be shown at the desk. It is told once and stored nowhere.
#[derive(Debug, Clone)]
pub struct IssuedCode {
    /// The code.
    pub code: ConsentCode,
    /// From when on it is worth nothing, microseconds UTC.
    pub expires_us: i64,
    /// The receipt of what it grants, without the code.
    pub granted: Granted,
}

impl IssuedCode {
    /// When it expires, in Asia/Shanghai.
    #[must_use]
    pub fn expires(&self) -> String {
        shanghai_text(self.expires_us)
    }
}

impl Installation {
    /// Makes a one-time code for one check, in one matter, at one authority.
    ///
    /// # Errors
    /// As [`Self::consent_grant`].
    pub fn consent_code(&mut self, caller: &Caller, request: &ConsentCodeRequest) -> Result<IssuedCode, AppError> {
        const NAME: &str = "consent_code";
        let document = self.ruling(caller, NAME, request.kind, &request.number)?;
        let lasts_us = limits(self.today()).code_us;
        let terms = self.one_check(&document, &request.matter, &request.authority, lasts_us)?;
        let expires_us = terms.until_us;
        within_mandate(caller, &terms)?;
        let draft = self.draft(terms, Confirmed::Code, caller);
        let person = self.new_giver(&document)?;
        let new = Opened::of(draft, &person.giver, &self.keys, self.now_us());
        let code = ConsentCode::new(&random_bytes());
        let row = self.keys.sealed_consent_code(&code, &new.row);
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        let made = self.store.write(NAME, |tx| -> Result<(), AppError> {
            few_enough(tx.view(), &person, now_us)?;
            Act { keys: &keys, now_us, operation: NAME, caller }.add(tx, &person, &new, Some(&row))
        });
        made.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        Ok(IssuedCode { code, expires_us, granted: self.granted(&document, &new)? })
    }

    /// Terms that allow one check in a matter at an authority, from now on.
    pub(super) fn one_check(
        &self,
        document: &Document,
        matter: &str,
        authority: &str,
        lasts_us: i64,
    ) -> Result<Terms, AppError> {
        let office = self.authority_named(authority)?;
        let matter = self.consentable(document, matter, &office)?;
        let from_us = self.now_us();
        Ok(Terms {
            recipient: Recipient::Authority { code: office.code, name: office.name },
            purpose: String::new(),
            matter: Some(matter.code().to_owned()),
            classes: classes_of(&self.catalogue, matter),
            from_us,
            until_us: from_us + lasts_us,
            uses: 1,
        })
    }
}
