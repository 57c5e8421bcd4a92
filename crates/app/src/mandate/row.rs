//! From a row to a mandate and back: what is sealed, whether it is ours, and whether it is the newest.

use std::collections::BTreeSet;

use chengxin_core::Caller;
use chengxin_core::identity::{Document, DocumentKind, SyntheticRule, mask_name};
use chengxin_core::mandate::{Mandate, MandateKind, MandateNumber, Paper, RecordedBy, Scope, Stage, Terms};
use chengxin_store::audit::{Cell, MANDATE_CODES, MANDATE_HOLDERS, MANDATES, SUBJECTS, Table};
use chengxin_store::mandate::{MandateCodeRow, MandateHolderRow, MandateRow};
use chengxin_store::{Tx, View};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::acting::on_this;
use super::keys::mandate_aad;
use super::{Keeper, Somebody};
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::log::told::told;
use crate::report::NewReader;
use crate::{AppError, journal};

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
}

impl Opened {
    /// Its number, as it is printed.
    pub(super) fn number(&self) -> String {
        MandateNumber::parse(&self.body.number).map_or_else(|| self.body.number.clone(), |number| number.text())
    }

    /// The account in which it was granted.
    pub(super) fn account(&self) -> Option<[u8; 16]> {
        HEXLOWER.decode(self.body.account.as_ref()?.as_bytes()).ok()?.try_into().ok()
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
        let account = account.map(|account| HEXLOWER.encode(&account));
        let body = Body { number, mandator, actor, scope, by, account, paper };
        Self { row, body, mandate: Mandate { terms, stage, granted_us: now_us } }
    }

    /// The same at another stage.
    pub(super) fn at(&self, stage: Stage) -> Self {
        let row = MandateRow { stage: stage as i64, ..self.row.clone() };
        Self { row, body: self.body.clone(), mandate: Mandate { stage, ..self.mandate.clone() } }
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
    fn row_at(&self, line: i64, keeper: &Keeper, keys: &Keyring) -> Result<MandateRow, AppError> {
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
        Some(Opened { row: row.clone(), body, mandate })
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

/// The mandate with an id, if its row is ours and no entry tells of a later one: a row as it was before it was revoked, put back by hand, has a
/// fitting seal and is none all the same.
pub(super) fn find(view: View<'_>, keys: &Keyring, keeper: &Keeper, id: &[u8; 16]) -> Result<Option<Opened>, AppError> {
    let Some(row) = view.mandate(&keeper.subject, id)? else { return Ok(None) };
    let Some(found) = opened(keys, keeper, row) else { return Ok(None) };
    let later = told(view, &keeper.subject, found.row.line, "mandate")?;
    Ok((!later.contains_key(&HEXLOWER.encode(id))).then_some(found))
}

/// Every mandate of somebody's that is ours and the newest, the latest granted first.
pub(super) fn all(view: View<'_>, keys: &Keyring, keeper: &Keeper) -> Result<Vec<Opened>, AppError> {
    let newest = told(view, &keeper.subject, 0, "mandate")?;
    let rows = view.mandates(&keeper.subject, super::MOST)?;
    let opened = rows.into_iter().filter_map(|row| opened(keys, keeper, row));
    let is_newest = |of: &Opened| newest.get(&HEXLOWER.encode(&of.row.mandate_id)) == Some(&of.row.line);
    Ok(opened.filter(is_newest).collect())
}

/// Who does something to a mandate, and how the log calls it.
pub(super) struct Act<'a> {
    pub(super) keys: &'a Keyring,
    pub(super) now_us: i64,
    pub(super) operation: &'static str,
    pub(super) caller: &'a Caller,
}

impl Act<'_> {
    /// Writes a new mandate, with the code that leads to it where there is one.
    pub(super) fn add(
        &self,
        tx: &Tx<'_>,
        keeper: &Keeper,
        reader: Option<&NewReader>,
        new: &Opened,
        code: Option<&MandateCodeRow>,
    ) -> Result<(), AppError> {
        let mut rows = self.readers(tx, keeper.subject, reader)?;
        if let Some(code) = code {
            tx.mandate_code_add(code)?;
            rows.push((&MANDATE_CODES, vec![(&code.subject_id).into(), (&code.code_tag).into()]));
        }
        let line = tx.view().log_last_number(&keeper.subject)? + 1;
        tx.mandate_add(&new.row_at(line, keeper, self.keys)?)?;
        self.log(tx, self.caller, new, line, rows)
    }

    /// Writes a mandate as it is after a change.
    pub(super) fn set(&self, tx: &Tx<'_>, keeper: &Keeper, after: &Opened) -> Result<(), AppError> {
        let line = tx.view().log_last_number(&keeper.subject)? + 1;
        tx.mandate_set(&after.row_at(line, keeper, self.keys)?, after.row.line)?;
        self.log(tx, self.caller, after, line, Vec::new())
    }

    /// The same by the one who acts on it: the other reads that it was they, on this mandate.
    pub(super) fn set_by_actor(&self, tx: &Tx<'_>, keeper: &Keeper, after: &Opened) -> Result<(), AppError> {
        let line = tx.view().log_last_number(&keeper.subject)? + 1;
        tx.mandate_set(&after.row_at(line, keeper, self.keys)?, after.row.line)?;
        self.log(tx, &on_this(self.caller, after)?, after, line, Vec::new())
    }

    /// Tells the one who acts, in their own log, and lays the way from them to the mandate where there is none yet.
    pub(super) fn tell_actor(&self, tx: &Tx<'_>, actor: &Somebody, of: &Opened, new: bool) -> Result<(), AppError> {
        let Self { keys, now_us, operation, caller } = *self;
        let mut rows = self.readers(tx, actor.subject, actor.new.as_ref())?;
        if new {
            let (mandate_id, mandator_id) = (of.row.mandate_id, of.row.subject_id);
            tx.mandate_holder_add(&MandateHolderRow { subject_id: actor.subject, mandate_id, mandator_id })?;
            rows.push((&MANDATE_HOLDERS, vec![(&actor.subject).into(), (&mandate_id).into()]));
        }
        let mut detail = json!({ "mandate_number": of.number(), "held": true });
        if !rows.is_empty() {
            detail["rows"] = marks(tx.view(), keys, &rows)?;
        }
        journal::log_about(tx, keys, &actor.subject, now_us, operation, caller, &detail)?;
        Ok(())
    }

    fn readers(
        &self,
        tx: &Tx<'_>,
        subject: [u8; 16],
        reader: Option<&NewReader>,
    ) -> Result<Vec<(&'static Table, Vec<Cell>)>, AppError> {
        let Some(reader) = reader else { return Ok(Vec::new()) };
        reader.write(tx, self.keys, self.now_us)?;
        Ok(vec![(&SUBJECTS, vec![(&subject).into()])])
    }

    fn log(
        &self,
        tx: &Tx<'_>,
        caller: &Caller,
        of: &Opened,
        line: i64,
        mut rows: Vec<(&'static Table, Vec<Cell>)>,
    ) -> Result<(), AppError> {
        let Self { keys, now_us, operation, .. } = *self;
        let (subject, id) = (&of.row.subject_id, &of.row.mandate_id);
        rows.push((&MANDATES, vec![subject.into(), id.into()]));
        let mut detail: Value = json!({ "mandate": HEXLOWER.encode(id), "mandate_number": of.number() });
        detail["rows"] = marks(tx.view(), keys, &rows)?;
        let entry = journal::log_about(tx, keys, subject, now_us, operation, caller, &detail)?;
        // Nothing else is written to that one's log in this transaction before it.
        if entry.number == line {
            Ok(())
        } else {
            Err(AppError::internal("a mandate names another entry than its own"))
        }
    }
}
