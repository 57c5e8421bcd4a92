//! Every consent of a person, for that person: what it allows, how it stands, who used it.

use chengxin_core::catalogue::Catalogue;
use chengxin_core::consent::{Confirmed, ConsentState, Recipient};
use chengxin_core::dates::shanghai_text;
use chengxin_core::identity::DocumentKind;
use chengxin_core::{Caller, Say};
use chengxin_store::View;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::grant::Granted;
use super::keys::use_aad;
use super::receipt::{OnMandate, named};
use super::row::{Opened, all, find};
use super::{Giver, no_such_consent, receipt_number};
use crate::log::NewEntry;
use crate::reading::{Disclosure, Reading};
use crate::{AppError, Installation, journal};

/// Most consents that are listed, the newest: a hundred stand at most, the rest are of the past, and in the log.
pub(super) const MOST: i64 = 1_000;

/// One consent, as the person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentLine {
    /// Number of its receipt.
    pub number: String,
    /// How it stands.
    pub state: ConsentState,
    /// The same in words.
    pub state_name: Say,
    /// To whom.
    pub recipient: Recipient,
    /// For what, in the person's words.
    pub purpose: String,
    /// Code of the matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matter_name: Option<Say>,
    /// Which classes of items.
    pub classes: Vec<Say>,
    /// How it was confirmed.
    pub confirmed: Confirmed,
    /// The same in words.
    pub confirmed_name: Say,
    /// The mandate on which it was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandate: Option<OnMandate>,
    /// When it was granted, microseconds UTC.
    pub granted_us: i64,
    /// The same in Asia/Shanghai.
    pub granted: String,
    /// From when it holds, in Asia/Shanghai.
    pub from: String,
    /// From when no longer, in Asia/Shanghai.
    pub until: String,
    /// How often it may be used.
    pub uses: i64,
    /// Each use, the oldest first.
    pub used: Vec<ConsentUseLine>,
}

/// One use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentUseLine {
    /// When, microseconds UTC.
    pub at_us: i64,
    /// The same in Asia/Shanghai.
    pub at: String,
    /// Name of the authority that asked.
    pub authority: String,
    /// Number of the application.
    pub case_number: String,
    /// Number of the check: under it the person finds what the clerk was told.
    pub check: String,
}

/// What of a use lies sealed under the person's key.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct UseBody {
    pub(super) authority: String,
    pub(super) case_number: String,
    pub(super) check: String,
}

impl Reading {
    /// Every consent that a person gave, the newest first, and the entry that must be durable before they are shown; `None` of who was never a reader: they gave
    /// none, and there is no log that could say that somebody looked.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not the person or the organisation's representative; [`crate::Kind::Invalid`] for a number
    /// that cannot be.
    ///
    /// # Source
    /// 个人信息保护法 arts 44–45.
    pub fn consent_list(
        &self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Option<Disclosure<Vec<ConsentLine>>>, AppError> {
        const NAME: &str = "consent_list";
        let document = self.ruling(caller, NAME, kind, number)?;
        let (view, now_us) = (self.store.view(), self.clock.now_us());
        let Some(giver) = Giver::of(view, &self.keys, &self.key_store, &document)? else { return Ok(None) };
        let found = all(view, &self.keys, &giver, MOST)?;
        let line = |found: &Opened| consent_line(&self.catalogue, view, &giver, found, now_us);
        let answer = found.iter().map(line).collect::<Result<Vec<_>, _>>()?;
        let detail = json!({ "consents": answer.len() });
        let entry = NewEntry::new(giver.subject, NAME, caller.clone(), detail);
        Ok(Some(Disclosure { answer, entry }))
    }
}

impl Installation {
    /// [`Reading::consent_list`], with its entry written before it returns.
    ///
    /// # Errors
    /// As there.
    pub fn consent_list(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Vec<ConsentLine>, AppError> {
        self.disclosed(caller, "consent_list", |reading| reading.consent_list(caller, kind, number))
    }

    /// The signed receipt of a consent as it stands now, once more: it is kept nowhere.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for a receipt that is none of the person's; and as [`Self::consent_list`].
    pub fn consent_receipt(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
        receipt: &str,
    ) -> Result<Granted, AppError> {
        const NAME: &str = "consent_receipt";
        let document = self.ruling(caller, NAME, kind, number)?;
        let id = self.keys.consent_id(&receipt_number(receipt)?);
        let (giver, now_us, keys) = (self.giver(&document)?, self.now_us(), self.keys.clone());
        let found = self.store.write(NAME, |tx| -> Result<Opened, AppError> {
            let giver = giver.as_ref().ok_or_else(no_such_consent)?;
            let found = find(tx.view(), &keys, giver, &id)?.ok_or_else(no_such_consent)?;
            journal::log_about(tx, &keys, &giver.subject, now_us, NAME, caller, &json!({}))?;
            Ok(found)
        });
        let found = found.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        self.granted(&document, &found)
    }
}

/// One, in words.
pub(super) fn consent_line(
    catalogue: &Catalogue,
    view: View<'_>,
    giver: &Giver,
    of: &Opened,
    now_us: i64,
) -> Result<ConsentLine, AppError> {
    let (row, terms) = (&of.row, &of.consent.terms);
    let mut used = Vec::new();
    for made in view.consent_uses(&giver.subject, &row.consent_id)? {
        // One that was put in by hand opens under no key of the person's, and `log verify` finds it.
        let plain = giver.key.open(&use_aad(&giver.subject, &row.consent_id, made.number), &made.sealed).ok();
        let body: Option<UseBody> = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        let Some(UseBody { authority, case_number, check }) = body else { continue };
        used.push(ConsentUseLine { at_us: made.at_us, at: shanghai_text(made.at_us), authority, case_number, check });
    }
    let state = of.consent.state(now_us);
    let matter_name = terms
        .matter
        .as_deref()
        .map(|code| catalogue.matter(code).map_or_else(|| Say::new(code, code), |matter| matter.name()));
    Ok(ConsentLine {
        number: of.number(),
        state,
        state_name: state.name(),
        recipient: terms.recipient.clone(),
        purpose: terms.purpose.clone(),
        matter: terms.matter.clone(),
        matter_name,
        classes: named(catalogue, &terms.classes),
        confirmed: of.consent.confirmed,
        confirmed_name: of.consent.confirmed.name(),
        mandate: OnMandate::of(of),
        granted_us: row.granted_us,
        granted: shanghai_text(row.granted_us),
        from: shanghai_text(row.from_us),
        until: shanghai_text(row.until_us),
        uses: row.uses,
        used,
    })
}
