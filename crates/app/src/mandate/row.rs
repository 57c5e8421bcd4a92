//! From a row to a mandate and back: what is sealed, whether it is ours, and whether it is the newest.

use std::collections::BTreeSet;

use chengxin_core::dates::shanghai_date;
use chengxin_core::identity::{Document, DocumentKind, SyntheticRule, mask_name};
use chengxin_core::mandate::{Mandate, MandateKind, MandateNumber, Paper, RecordedBy, Scope, Stage, Terms, limits};
use chengxin_store::View;
use chengxin_store::audit::MANDATES;
use chengxin_store::mandate::MandateRow;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::Keeper;
use super::keys::mandate_aad;
use crate::AppError;
use crate::keyring::Keyring;
use crate::log::told::{Thing, told};

/// The one for whom somebody acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mandator {
    kind: DocumentKind,
    number: String,
    /// As it was stated or compared; may be empty.
    pub(super) name: String,
}

impl Mandator {
    pub(super) fn new(document: &Document, name: String) -> Self {
        Self { kind: document.kind(), number: document.number().to_owned(), name }
    }

    /// Their document.
    pub(super) fn document(&self) -> Result<Document, AppError> {
        // It was read under the installation's own rule when the mandate was made.
        let read = Document::parse(self.kind, &self.number, SyntheticRule::Allowed);
        Ok(read.map_err(|_| AppError::internal("a mandate names a number that cannot be"))?.0)
    }
}

/// Who acts: what is needed to recognise them, and no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Actor {
    pub(super) kind: DocumentKind,
    /// Number, masked.
    pub(super) number: String,
    /// Name, masked; may be empty.
    pub(super) name: String,
    /// Stands for the number, see [`Keyring::meant`].
    pub(super) meant: String,
}

impl Actor {
    pub(super) fn new(keys: &Keyring, document: &Document, name: &str) -> Self {
        Self { kind: document.kind(), number: document.masked(), name: mask_name(name), meant: keys.meant(document) }
    }
}

/// What of a mandate lies sealed under the key of the one for whom somebody acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    number: String,
    pub(super) mandator: Mandator,
    pub(super) actor: Actor,
    scope: BTreeSet<Scope>,
    /// Who granted it, or which clerk recorded it.
    by: String,
    /// The account in which it was granted, hexadecimal: bound to somebody else, or to nobody, it grants nothing any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<String>,
    /// Only at a window: what was compared, and the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) paper: Option<(String, Paper)>,
}

/// A mandate that is about to be.
pub(super) struct Draft {
    pub(super) number: MandateNumber,
    pub(super) terms: Terms,
    pub(super) stage: Stage,
    pub(super) mandator: Mandator,
    pub(super) actor: Actor,
    pub(super) actor_id: Option<[u8; 16]>,
    pub(super) parent_id: Option<[u8; 16]>,
    pub(super) by: String,
    pub(super) account: Option<[u8; 16]>,
    pub(super) paper: Option<(String, Paper)>,
}

/// A mandate with its row.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    pub(super) row: MandateRow,
    pub(super) body: Body,
    pub(super) mandate: Mandate,
    /// The account in which it was granted; none where it rests on paper.
    pub(super) account: Option<[u8; 16]>,
}

impl Opened {
    /// Its number, as it is printed.
    pub(super) fn number(&self) -> String {
        MandateNumber::parse(&self.body.number).map_or_else(|| self.body.number.clone(), |number| number.text())
    }

    /// Its row as the log tells of it, once entry `line` has written it.
    pub(super) fn thing(&self, line: i64) -> Thing<'_> {
        Thing { what: "mandate", table: &MANDATES, subject: &self.row.subject_id, id: &self.row.mandate_id, line }
    }

    /// Its first state: not written yet.
    pub(super) fn of(draft: Draft, subject: [u8; 16], keys: &Keyring, now_us: i64) -> Self {
        let Draft { number, terms, stage, mandator, actor, actor_id, parent_id, by, account, paper } = draft;
        let row = MandateRow {
            subject_id: subject,
            mandate_id: keys.mandate_id(&number),
            kind: terms.kind as i64,
            given: terms.by as i64,
            stage: stage as i64,
            actor_id,
            parent_id,
            from_us: terms.from_us,
            until_us: terms.until_us,
            granted_us: now_us,
            line: 0,
            sealed: Vec::new(),
            seal: [0; 32],
        };
        let (number, scope) = (number.as_str().to_owned(), terms.scope.clone());
        let granted_in = account.map(|account| HEXLOWER.encode(&account));
        let body = Body { number, mandator, actor, scope, by, account: granted_in, paper };
        Self { row, body, mandate: Mandate { terms, stage, granted_us: now_us }, account }
    }

    /// The same at another stage.
    pub(super) fn at(&self, stage: Stage) -> Self {
        let row = MandateRow { stage: stage as i64, ..self.row.clone() };
        Self { row, body: self.body.clone(), mandate: Mandate { stage, ..self.mandate.clone() }, account: self.account }
    }

    /// The same, ended on a document: what it was recorded on gives way to it.
    pub(super) fn on(mut self, evidence: &str, paper: &Paper) -> Self {
        self.body.paper = Some((evidence.to_owned(), paper.clone()));
        self
    }

    /// The same accepted by somebody.
    pub(super) fn accepted_by(&self, actor: [u8; 16]) -> Self {
        let mut accepted = self.at(Stage::Accepted);
        accepted.row.actor_id = Some(actor);
        accepted
    }

    /// The row as entry `line` writes it.
    pub(super) fn row_at(&self, line: i64, keeper: &Keeper, keys: &Keyring) -> Result<MandateRow, AppError> {
        let plain = serde_json::to_vec(&self.body).map_err(|error| AppError::internal(format!("mandate: {error}")))?;
        let row = &self.row;
        let sealed = keeper.key.seal(&mandate_aad(&row.subject_id, &row.mandate_id), &plain);
        Ok(keys.sealed_mandate(MandateRow { line, sealed, ..row.clone() }))
    }
}

/// The mandate of a row; `None` for one that was not written with our keys, which is no mandate.
pub(super) fn opened(keys: &Keyring, keeper: &Keeper, row: MandateRow) -> Option<Opened> {
    let read = || -> Option<Opened> {
        let plain = keeper.key.open(&mandate_aad(&row.subject_id, &row.mandate_id), &row.sealed).ok()?;
        let body: Body = serde_json::from_slice(&plain).ok()?;
        let terms = Terms {
            kind: MandateKind::from_i64(row.kind)?,
            by: RecordedBy::from_i64(row.given)?,
            scope: body.scope.clone(),
            from_us: row.from_us,
            until_us: row.until_us,
        };
        let mandate = Mandate { terms, stage: Stage::from_i64(row.stage)?, granted_us: row.granted_us };
        // One that cannot be read is none: it must not pass for a mandate that rests on paper.
        let account = match &body.account {
            Some(account) => Some(HEXLOWER.decode(account.as_bytes()).ok()?.try_into().ok()?),
            None => None,
        };
        Some(Opened { row: row.clone(), body, mandate, account })
    };
    let found = keys.is_mandate(&row).then(read).flatten();
    if found.is_none() {
        tracing::warn!(
            table = MANDATES.name,
            "a row was not written with the installation's keys, and counts for nothing"
        );
    }
    found
}

/// The mandate with an id, if its row is ours and no entry tells of a later one.
pub(super) fn find(view: View<'_>, keys: &Keyring, keeper: &Keeper, id: &[u8; 16]) -> Result<Option<Opened>, AppError> {
    let Some(row) = view.mandate(&keeper.subject, id)? else { return Ok(None) };
    let Some(found) = opened(keys, keeper, row) else { return Ok(None) };
    Ok(found.thing(found.row.line).is_newest(view)?.then_some(found))
}

/// Mandates of somebody's that are ours and the newest, [`super::MOST`] at most: those that stand first, then offers that wait, then the rest; the latest granted
/// first among each.
pub(super) fn all(view: View<'_>, keys: &Keyring, keeper: &Keeper, now_us: i64) -> Result<Vec<Opened>, AppError> {
    newest(view, keys, keeper, view.mandates(&keeper.subject, (now_us, offered_us(now_us)), super::MOST)?)
}

/// Every mandate of a kind that nothing has stopped, however many there are.
pub(super) fn open(
    view: View<'_>,
    keys: &Keyring,
    keeper: &Keeper,
    kind: MandateKind,
) -> Result<Vec<Opened>, AppError> {
    newest(view, keys, keeper, view.mandates_open(&keeper.subject, kind as i64)?)
}

fn newest(view: View<'_>, keys: &Keyring, keeper: &Keeper, rows: Vec<MandateRow>) -> Result<Vec<Opened>, AppError> {
    let told = told(view, &keeper.subject, 0, "mandate")?;
    let opened = rows.into_iter().filter_map(|row| opened(keys, keeper, row));
    Ok(opened.filter(|of| of.thing(of.row.line).is_newest_of(&told)).collect())
}

/// An offer made then, or before, is worth nothing at `now_us`.
pub(super) fn offered_us(now_us: i64) -> i64 {
    now_us - limits(shanghai_date(now_us)).code_us
}
