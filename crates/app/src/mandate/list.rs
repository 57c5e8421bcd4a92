//! Every mandate that somebody gave or holds, for that person: what it covers, how it stands, and each use.

use std::collections::HashMap;

use chengxin_core::dates::shanghai_text;
use chengxin_core::identity::{Document, DocumentKind, mask_name};
use chengxin_core::mandate::{MandateKind, MandateState, RecordedBy, Scope};
use chengxin_core::operation_words::act;
use chengxin_core::{Caller, Say};
use chengxin_store::{KeyStore, View};
use serde::Serialize;
use serde_json::{Value, json};

use super::acting::state;
use super::row::{Opened, all, find};
use super::{Keeper, MOST};
use crate::keyring::Keyring;
use crate::report::{reader, subjects_of};
use crate::{AppError, Installation, journal};

/// Entries of a log read at once.
const SLICE: i64 = 1_024;

/// On which side of a mandate somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MandateSide {
    /// Another acts for them.
    Given,
    /// They act for another.
    Held,
}

/// One of the two, as the other may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartyLine {
    /// Kind of their document.
    pub document: Say,
    /// Its number, masked.
    pub number: String,
    /// Their name, masked; empty where none was stated.
    pub name: String,
}

/// One mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MandateLine {
    /// Its number.
    pub number: String,
    /// On which side the reader stands.
    pub side: MandateSide,
    /// Its kind.
    pub kind: MandateKind,
    /// The same in words: who acts.
    pub kind_name: Say,
    /// How it stands.
    pub state: MandateState,
    /// The same in words.
    pub state_name: Say,
    /// For whom somebody acts.
    pub mandator: PartyLine,
    /// Who acts.
    pub actor: PartyLine,
    /// What it covers.
    pub scope: Vec<Scope>,
    /// The same in words.
    pub scope_names: Vec<Say>,
    /// How it came to be.
    pub given: RecordedBy,
    /// The same in words.
    pub given_name: Say,
    /// The document on which a window recorded it: kind, number, date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper: Option<Say>,
    /// When it was granted or recorded, microseconds UTC.
    pub granted_us: i64,
    /// The same in Asia/Shanghai.
    pub granted: String,
    /// From when it holds, in Asia/Shanghai.
    pub from: String,
    /// From when no longer, in Asia/Shanghai.
    pub until: String,
    /// Each use, and each attempt that was refused, the oldest first.
    pub uses: Vec<MandateUseLine>,
}

/// One use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MandateUseLine {
    /// When, microseconds UTC.
    pub at_us: i64,
    /// The same in Asia/Shanghai.
    pub at: String,
    /// Name of the operation.
    pub operation: String,
    /// What was done.
    pub act: Say,
}

fn party(kind: DocumentKind, number: String, name: String) -> PartyLine {
    PartyLine { document: Say::new(kind.name_zh(), kind.name_en()), number, name }
}

impl MandateLine {
    pub(super) fn of(
        of: &Opened,
        side: MandateSide,
        state: MandateState,
        uses: Vec<MandateUseLine>,
    ) -> Result<Self, AppError> {
        let terms = &of.mandate.terms;
        let mandator = of.body.mandator.document()?;
        // An organisation's name is public, as its code is.
        let name = &of.body.mandator.name;
        let name = if terms.kind.of_organisation() { name.clone() } else { mask_name(name) };
        let actor = &of.body.actor;
        let paper = of.body.paper.as_ref().map(|(_, paper)| {
            let (kind, number, date) = (paper.kind.name(), &paper.number, paper.date);
            Say::new(format!("{} {number}（{date}）", kind.zh), format!("{} {number} ({date})", kind.en))
        });
        Ok(Self {
            number: of.number(),
            side,
            kind: terms.kind,
            kind_name: terms.kind.name(),
            state,
            state_name: state.name(),
            mandator: party(mandator.kind(), mandator.masked(), name),
            actor: party(actor.kind, actor.number.clone(), actor.name.clone()),
            scope: terms.scope.iter().copied().collect(),
            scope_names: terms.scope.iter().map(|scope| scope.name()).collect(),
            given: terms.by,
            given_name: terms.by.name(),
            paper,
            granted_us: of.mandate.granted_us,
            granted: shanghai_text(of.mandate.granted_us),
            from: shanghai_text(terms.from_us),
            until: shanghai_text(terms.until_us),
            uses,
        })
    }
}

/// How a line of somebody's log calls whoever acted for them, by the number of the mandate.
pub(crate) fn deputies(
    view: View<'_>,
    keys: &Keyring,
    key_store: &KeyStore,
    subject: [u8; 16],
    now_us: i64,
) -> Result<HashMap<String, Say>, AppError> {
    let Some(keeper) = Keeper::of(keys, key_store, subject)? else { return Ok(HashMap::new()) };
    let said = |of: Opened| {
        let (kind, actor) = (of.mandate.terms.kind.name(), &of.body.actor);
        let name = if actor.name.is_empty() { String::new() } else { format!(" {}", actor.name) };
        let say = Say::new(
            format!("{}{name}（{} {}）", kind.zh, actor.kind.name_zh(), actor.number),
            format!("{}{name} ({} {})", kind.en, actor.kind.name_en(), actor.number),
        );
        (of.number(), say)
    };
    Ok(all(view, keys, &keeper, now_us)?.into_iter().map(said).collect())
}

impl Installation {
    /// The mandates that somebody gave or holds, those that they gave first; of these first those that stand, then offers that wait, then the rest, the newest
    /// first among each.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not that one or represents them; [`crate::Kind::Invalid`] for a number that cannot be.
    ///
    /// # Source
    /// 个人信息保护法 arts 44–45.
    pub fn mandate_list(
        &mut self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Vec<MandateLine>, AppError> {
        const NAME: &str = "mandate_list";
        let document = self.ruling(caller, NAME, kind, number)?;
        let (view, now_us, keys) = (self.store.view(), self.now_us(), self.keys.clone());
        // Who was never a reader has none, and there is no log that could say that somebody looked.
        let Some(subject) = reader(view, &keys, &document)? else { return Ok(Vec::new()) };
        let mut lines = Vec::new();
        if let Some(keeper) = Keeper::of(&keys, &self.key_store, subject)? {
            let mut uses = uses(view, &keys, &document)?;
            for found in all(view, &keys, &keeper, now_us)? {
                let made = uses.remove(&found.number()).unwrap_or_default();
                let state = state(view, &keys, &self.key_store, &keeper, &found, now_us)?;
                lines.push(MandateLine::of(&found, MandateSide::Given, state, made)?);
            }
        }
        let mut held = Vec::new();
        for way in view.mandates_held(&subject, MOST)? {
            let Some(keeper) = Keeper::of(&keys, &self.key_store, way.mandator_id)? else { continue };
            let found = find(view, &keys, &keeper, &way.mandate_id)?;
            let Some(found) = found.filter(|it| it.row.actor_id == Some(subject)) else { continue };
            let mut uses = uses(view, &keys, &found.body.mandator.document()?)?;
            let made = uses.remove(&found.number()).unwrap_or_default();
            let state = state(view, &keys, &self.key_store, &keeper, &found, now_us)?;
            held.push(MandateLine::of(&found, MandateSide::Held, state, made)?);
        }
        held.sort_by(|a, b| (b.granted_us, &a.number).cmp(&(a.granted_us, &b.number)));
        lines.extend(held);
        let detail = json!({ "mandates": lines.len() });
        let logged = self
            .store
            .write(NAME, |tx| journal::log_about(tx, &keys, &subject, now_us, NAME, caller, &detail).map(drop));
        logged.map_err(|refusal| self.turned_away(caller, NAME, refusal))?;
        Ok(lines)
    }
}

/// What was done for somebody, by the number of the mandate on which it was.
fn uses(view: View<'_>, keys: &Keyring, document: &Document) -> Result<HashMap<String, Vec<MandateUseLine>>, AppError> {
    let mut uses: HashMap<String, Vec<MandateUseLine>> = HashMap::new();
    for subject in subjects_of(view, keys, document)? {
        let mut after = 0;
        loop {
            let slice = view.log_of_subject(&subject, after, SLICE)?;
            let Some(last) = slice.last() else { break };
            after = last.number;
            for entry in &slice {
                let Some(number) = journal::mandate_of(&entry.caller) else { continue };
                let detail: Value = serde_json::from_str(&entry.detail).unwrap_or(Value::Null);
                let variant = if detail["refused"] == "mandate" { "mandate" } else { "" };
                let operation = entry.operation.clone();
                let act = act(&operation, variant).unwrap_or_else(|| Say::new(&operation, &operation));
                let (at_us, at) = (entry.at_us, shanghai_text(entry.at_us));
                uses.entry(number).or_default().push(MandateUseLine { at_us, at, operation, act });
            }
        }
    }
    uses.values_mut().for_each(|made| made.sort_by_key(|made| made.at_us));
    Ok(uses)
}
