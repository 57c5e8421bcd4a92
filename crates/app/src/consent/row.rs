//! From a row to a consent and back: what is sealed, whether it is ours, and whether it is the newest.

use std::collections::BTreeSet;

use chengxin_core::Caller;
use chengxin_core::consent::{Confirmed, Consent, ReceiptNumber, Recipient, Stopped, Terms};
use chengxin_core::mandate::MandateKind;
use chengxin_seal::AeadKey;
use chengxin_store::audit::{CONSENT_CODES, CONSENTS, Cell, SUBJECTS, Table};
use chengxin_store::consent::{ConsentCodeRow, ConsentRow};
use chengxin_store::{Tx, View};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::keys::consent_aad;
use super::{Giver, NewGiver};
use crate::keyring::Keyring;
use crate::log::told::{Telling, Thing, told};
use crate::{AppError, journal};

/// What of a consent lies sealed under the person's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    /// Number of its receipt.
    pub(super) number: String,
    recipient: Recipient,
    purpose: String,
    matter: Option<String>,
    classes: BTreeSet<String>,
    /// Who granted it, or which clerk recorded it.
    by: String,
    /// Only on paper: what was compared, and the number of the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paper: Option<(String, String)>,
    /// Only of a report on paper: who is to receive it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) report_for: Option<String>,
    /// Kind and number of the mandate on which it was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mandate: Option<(MandateKind, String)>,
}

/// A consent that is about to be.
pub(super) struct Draft {
    pub(super) number: ReceiptNumber,
    pub(super) terms: Terms,
    pub(super) confirmed: Confirmed,
    pub(super) by: String,
    pub(super) paper: Option<(String, String)>,
    pub(super) report_for: Option<String>,
    pub(super) mandate: Option<(MandateKind, String)>,
}

/// A consent with its row.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    pub(super) row: ConsentRow,
    pub(super) body: Body,
    pub(crate) consent: Consent,
}

impl Opened {
    /// Number of its receipt, as it is printed.
    pub(crate) fn number(&self) -> String {
        ReceiptNumber::parse(&self.body.number).map_or_else(|| self.body.number.clone(), |number| number.text())
    }

    /// Who is to receive a report on it.
    pub(crate) fn report_for(&self) -> &str {
        self.body.report_for.as_deref().unwrap_or_else(|| self.consent.terms.recipient.name())
    }

    /// Its row as the log tells of it, once entry `line` has written it.
    pub(super) fn thing(&self, line: i64) -> Thing<'_> {
        Thing { what: "consent", table: &CONSENTS, subject: &self.row.subject_id, id: &self.row.consent_id, line }
    }

    /// Its first state: not written yet.
    pub(super) fn of(draft: Draft, giver: &Giver, keys: &Keyring, now_us: i64) -> Self {
        let Draft { number, terms, confirmed, by, paper, report_for, mandate } = draft;
        let row = ConsentRow {
            subject_id: giver.subject,
            consent_id: keys.consent_id(&number),
            confirmed: confirmed as i64,
            stopped: Stopped::No as i64,
            from_us: terms.from_us,
            until_us: terms.until_us,
            uses: terms.uses,
            used: 0,
            granted_us: now_us,
            line: 0,
            sealed: Vec::new(),
            seal: [0; 32],
        };
        let body = Body {
            number: number.as_str().to_owned(),
            recipient: terms.recipient.clone(),
            purpose: terms.purpose.clone(),
            matter: terms.matter.clone(),
            classes: terms.classes.clone(),
            by,
            paper,
            report_for,
            mandate,
        };
        Self { row, body, consent: Consent { terms, confirmed, used: 0, stopped: Stopped::No } }
    }

    /// The same after a change.
    pub(super) fn changed(&self, consent: Consent) -> Self {
        let row = ConsentRow {
            stopped: consent.stopped as i64,
            until_us: consent.terms.until_us,
            uses: consent.terms.uses,
            used: consent.used,
            ..self.row.clone()
        };
        let body = Body { classes: consent.terms.classes.clone(), ..self.body.clone() };
        Self { row, body, consent }
    }

    /// The row as entry `line` writes it.
    fn row_at(&self, line: i64, giver: &Giver, keys: &Keyring) -> Result<ConsentRow, AppError> {
        let plain = serde_json::to_vec(&self.body).map_err(|error| AppError::internal(format!("consent: {error}")))?;
        let row = &self.row;
        let sealed = giver.key.seal(&consent_aad(&row.subject_id, &row.consent_id), &plain);
        Ok(keys.sealed_consent(ConsentRow { line, sealed, ..row.clone() }))
    }
}

/// The consent of a row; `None` for one that was not written with our keys, which is no consent.
pub(super) fn opened(keys: &Keyring, key: &AeadKey, row: ConsentRow) -> Option<Opened> {
    let read = || -> Option<Opened> {
        let plain = key.open(&consent_aad(&row.subject_id, &row.consent_id), &row.sealed).ok()?;
        let body: Body = serde_json::from_slice(&plain).ok()?;
        let terms = Terms {
            recipient: body.recipient.clone(),
            purpose: body.purpose.clone(),
            matter: body.matter.clone(),
            classes: body.classes.clone(),
            from_us: row.from_us,
            until_us: row.until_us,
            uses: row.uses,
        };
        let (confirmed, stopped) = (Confirmed::from_i64(row.confirmed)?, Stopped::from_i64(row.stopped)?);
        let consent = Consent { terms, confirmed, used: row.used, stopped };
        Some(Opened { row: row.clone(), body, consent })
    };
    let found = keys.is_consent(&row).then(read).flatten();
    if found.is_none() {
        tracing::warn!(
            table = CONSENTS.name,
            "a row was not written with the installation's keys, and counts for nothing"
        );
    }
    found
}

/// The consent with an id, if its row is ours and no entry tells of a later one: withdrawn or used since.
pub(super) fn find(view: View<'_>, keys: &Keyring, giver: &Giver, id: &[u8; 16]) -> Result<Option<Opened>, AppError> {
    let Some(row) = view.consent(&giver.subject, id)? else { return Ok(None) };
    let Some(found) = opened(keys, &giver.key, row) else { return Ok(None) };
    Ok(found.thing(found.row.line).is_newest(view)?.then_some(found))
}

/// Every consent of a person's that is ours and the newest, the latest granted first, `most` at most.
pub(super) fn all(view: View<'_>, keys: &Keyring, giver: &Giver, most: i64) -> Result<Vec<Opened>, AppError> {
    let told = told(view, &giver.subject, 0, "consent")?;
    let rows = view.consents(&giver.subject, most)?;
    let opened = rows.into_iter().filter_map(|row| opened(keys, &giver.key, row));
    Ok(opened.filter(|of| of.thing(of.row.line).is_newest_of(&told)).collect())
}

/// Who does something to a consent, and how the log calls it.
pub(super) struct Act<'a> {
    pub(super) keys: &'a Keyring,
    pub(super) now_us: i64,
    pub(super) operation: &'static str,
    pub(super) caller: &'a Caller,
}

impl Act<'_> {
    /// Writes a new consent, with the code that leads to it where there is one.
    pub(super) fn add(
        &self,
        tx: &Tx<'_>,
        person: &NewGiver,
        new: &Opened,
        code: Option<&ConsentCodeRow>,
    ) -> Result<(), AppError> {
        let mut rows = Vec::new();
        if let Some(reader) = &person.new {
            reader.write(tx, self.keys, self.now_us)?;
            rows.push((&SUBJECTS, vec![(&person.giver.subject).into()]));
        }
        if let Some(code) = code {
            tx.consent_code_add(code)?;
            rows.push((&CONSENT_CODES, vec![(&code.subject_id).into(), (&code.code_tag).into()]));
        }
        let line = tx.view().log_last_number(&person.giver.subject)? + 1;
        tx.consent_add(&new.row_at(line, &person.giver, self.keys)?)?;
        self.tell(tx, new, line, rows, json!({}))
    }

    /// Writes a consent as it is after a change; `more` are other rows that the change wrote, `detail` what else the entry says.
    pub(super) fn set(
        &self,
        tx: &Tx<'_>,
        giver: &Giver,
        after: &Opened,
        more: Vec<(&'static Table, Vec<Cell>)>,
        detail: &Value,
    ) -> Result<(), AppError> {
        let line = tx.view().log_last_number(&giver.subject)? + 1;
        tx.consent_set(&after.row_at(line, giver, self.keys)?, after.row.line)?;
        self.tell(tx, after, line, more, detail.clone())
    }

    /// Says that it was asked for and changed nothing: the consent was stopped before. A look all the same.
    pub(super) fn again(&self, tx: &Tx<'_>, of: &Opened) -> Result<(), AppError> {
        let Self { keys, now_us, operation, caller } = *self;
        let detail = json!({ "receipt": of.number(), "again": true });
        journal::log_about(tx, keys, &of.row.subject_id, now_us, operation, caller, &detail)?;
        Ok(())
    }

    fn tell(
        &self,
        tx: &Tx<'_>,
        of: &Opened,
        line: i64,
        rows: Vec<(&'static Table, Vec<Cell>)>,
        mut detail: Value,
    ) -> Result<(), AppError> {
        let Self { keys, now_us, operation, caller } = *self;
        detail["receipt"] = json!(of.number());
        of.thing(line).tell(tx, &Telling { keys, now_us, operation, caller }, rows, detail)
    }
}
