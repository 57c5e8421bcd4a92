//! `log_lines`: who looked at a person's records, wrote or decided about them, in that person's own words.
//!
//! A line is an entry of the person's own chain, or follows from a submission or a change of the catalogue, whose one entry
//! in the chain of the installation concerns many people: of that, only what it did to this person is told. Nothing
//! else of the log is read, so that nobody else's affairs can come out this way.

mod chain;
mod check;
mod compose;
mod derived;
mod export;
mod line;
mod part;

use std::collections::HashMap;

use chengxin_core::catalogue::Catalogue;
use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::{Caller, Say, dates};
use chengxin_store::log::{INSTALLATION, LogRow};
use chengxin_store::{KeyStore, View};
use serde::{Deserialize, Serialize};
use serde_json::json;

use chain::Chain;
pub use check::{CheckedLine, CheckedLines, LinesFault, check_lines};
use compose::Desk;
pub(crate) use compose::{records_in, variant};
pub use export::{LINES_FORMAT, LineExport};
pub use line::{Line, LineChain, Revealed, Touched, Who};
use part::Part;

use crate::complaint::LineAt;
use crate::keyring::Keyring;
use crate::log::NewEntry;
use crate::reading::{Disclosure, Reading};
use crate::report::{entitled, reader_tag};
use crate::{AppError, Installation, journal, mandate};

/// What a person reads about themself in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Lines {
    /// When it was read, microseconds UTC.
    pub at_us: i64,
    /// The same in Asia/Shanghai, `2026-11-21T09:30:05+08:00`.
    pub at: String,
    /// Newest first. The first one is this reading.
    pub lines: Vec<Line>,
    /// What is wrong with the log, and where; absent while every line is there as it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<Say>,
    /// Said to everybody alike: that a law may order an act to be kept from a person for a time.
    pub sealed: Say,
    /// Said to everybody who acts on a mandate that does not cover all, whether or not anything was left out: that lines beyond it are not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Say>,
    /// The chains as they were read, for an export with proofs.
    #[serde(skip)]
    chains: Vec<Chain>,
    /// Entries that a law had hidden and that a line has revealed since, each with its chain.
    #[serde(skip)]
    revealed: Vec<Chain>,
    /// What the installation's entries behind lines without a number are.
    #[serde(skip)]
    anchors: Vec<(Stated, LogRow)>,
}

/// What is stated of an entry of the installation that stands in an export by its commitment only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Stated {
    operation: String,
    at: String,
    authority: String,
    records: Vec<String>,
}

/// A reading of somebody's log that stands in it already: nobody makes one but by being logged.
#[derive(Debug)]
pub struct LinesAsked {
    chains: Vec<(LineChain, [u8; 16])>,
    now_us: i64,
    city: String,
    caller: Caller,
}

impl Installation {
    /// What the log says about the subject of a document, for the subject themself or its representative. What was hidden
    /// and whose day has come is revealed first. The reading is itself an entry, durable before this returns, and the first of
    /// the lines.
    ///
    /// A submission or a change of the catalogue has one entry for many people: its line has no number, and names the
    /// entry that proves it ([`Line::anchor`]). What waits for a second officer's release is not in it.
    ///
    /// Sealed entries leave no trace in this answer: no gap in its numbers, no count, nothing in its times or its length.
    ///
    /// Whoever acts on a mandate reads what it covers ([`Lines::part`]): neither consents nor other mandates nor what was done in another scope, unless it covers
    /// those too.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not the subject or its representative; [`crate::Kind::Invalid`] for
    /// a number that cannot be; [`crate::Kind::NotFound`] where nothing was ever logged about them.
    ///
    /// # Source
    /// 个人信息保护法 arts 44–45, 48.
    pub fn log_lines(&mut self, caller: &Caller, kind: DocumentKind, number: &str) -> Result<Lines, AppError> {
        let asked = self.log_lines_ask(caller, kind, number)?;
        self.told(&asked)
    }

    /// The half of [`Self::log_lines`] that writes: what was hidden until today is revealed, and the reading stands in the log, durable. What is left is to put
    /// the lines together, which only reads: [`Reading::log_lines_asked`], beside whoever writes.
    ///
    /// # Errors
    /// As [`Self::log_lines`].
    pub fn log_lines_ask(&mut self, caller: &Caller, kind: DocumentKind, number: &str) -> Result<LinesAsked, AppError> {
        self.authorise(caller, "log_lines")?;
        let (document, _) = Document::parse(kind, number, self.synthetic_rule())?;
        entitled(caller, "log_lines", &document, &self.keys, self.store.view())
            .map_err(|refusal| self.refused(caller, "log_lines", refusal))?;
        let (now_us, today, keys) = (self.now_us(), dates::to_days(self.today()), self.keys.clone());
        let city = self.city().to_owned();
        let asked = self.store.write("log_lines", |tx| -> Result<LinesAsked, AppError> {
            let all = chains(tx.view(), &keys, &document)?;
            for (_, subject) in &all {
                journal::reveal(tx, &keys, subject, now_us, today)?;
            }
            let Disclosure { answer, entry } = asking(tx.view(), all, now_us, &city, caller)?;
            journal::log_about_all(tx, &keys, now_us, &[&entry])?;
            Ok(answer)
        });
        asked.map_err(|refusal| self.turned_away(caller, "log_lines", refusal))
    }

    fn told(&self, asked: &LinesAsked) -> Result<Lines, AppError> {
        told(self.store.view(), (&self.keys, &self.key_store), &self.catalogue, asked)
    }

    /// A line of the log of a document's holder, with its subject and the tag of who made it; `None` where there is no such line, or where it lies beyond the
    /// mandate of whoever asks.
    pub(crate) fn own_line(
        &self,
        caller: &Caller,
        document: &Document,
        at: LineAt,
    ) -> Result<Option<([u8; 16], Line, String)>, AppError> {
        let (view, keys) = (self.store.view(), &self.keys);
        let chains = chains(view, keys, document)?;
        let is = |line: &Line| match at {
            LineAt::Number(chain, number) => line.chain == chain && line.number == Some(number),
            LineAt::Anchor(anchor) => line.anchor == Some(anchor),
        };
        let part = Part::of(caller);
        let asked =
            LinesAsked { chains, now_us: self.now_us(), city: self.city().to_owned(), caller: Caller::clone(caller) };
        let lines = lines(view, (keys, &self.key_store), &self.catalogue, &asked)?.lines;
        let Some(line) = lines.into_iter().find(|line| is(line) && part.as_ref().is_none_or(|part| part.covers(line)))
        else {
            return Ok(None);
        };
        let Some((_, subject)) = asked.chains.into_iter().find(|(chain, _)| *chain == line.chain) else {
            return Ok(None);
        };
        let row = match at {
            LineAt::Number(_, number) => view.log_entry(&subject, number)?,
            LineAt::Anchor(anchor) => view.log_entry(&INSTALLATION, anchor)?,
        };
        let Some(row) = row else { return Ok(None) };
        let hidden = chain::revealed(view, &row)?;
        let made = hidden.as_ref().and_then(|chain| chain.rows.first()).unwrap_or(&row);
        let actor = serde_json::from_str::<Caller>(&made.caller).map(|caller| caller.actor).unwrap_or_default();
        let tagged = if matches!(at, LineAt::Anchor(_)) { keys.actor_tag(&actor) } else { actor };
        Ok(Some((subject, line, tagged)))
    }

    /// Reveals, to every subject, what was hidden until today or earlier. A server does it daily by itself; whoever reads
    /// their own log has it done for them.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; the store's.
    pub fn log_reveal_due(&mut self, caller: &Caller) -> Result<usize, AppError> {
        self.authorise(caller, "log_reveal")?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        journal::reveal_due(&mut self.store, &keys, now_us)
    }
}

impl Reading {
    /// [`Installation::log_lines_ask`], with its entry yet to be written. Nothing where something is to be revealed first, which is a change.
    ///
    /// # Errors
    /// As [`Installation::log_lines`].
    pub fn log_lines_ask(
        &self,
        caller: &Caller,
        kind: DocumentKind,
        number: &str,
    ) -> Result<Option<Disclosure<LinesAsked>>, AppError> {
        self.authorise(caller, "log_lines")?;
        let (view, today) = (self.store.view(), dates::to_days(self.today()));
        let (document, _) = Document::parse(kind, number, self.synthetic)?;
        entitled(caller, "log_lines", &document, &self.keys, view)?;
        let all = chains(view, &self.keys, &document)?;
        for (_, subject) in &all {
            if !view.log_hidden_due(subject, today)?.is_empty() {
                return Ok(None);
            }
        }
        asking(view, all, self.clock.now_us(), &self.city, caller).map(Some)
    }

    /// The half of [`Installation::log_lines`] that reads. Lines that others wrote since stand before that of this reading.
    ///
    /// # Errors
    /// The stores'.
    pub fn log_lines_asked(&self, asked: &LinesAsked) -> Result<Lines, AppError> {
        told(self.store.view(), (&self.keys, &self.key_store), &self.catalogue, asked)
    }
}

/// The chains of the holder of a document, whatever stands in them.
fn chains(view: View<'_>, keys: &Keyring, document: &Document) -> Result<Vec<(LineChain, [u8; 16])>, AppError> {
    let tags = [
        (LineChain::Records, keys.document_tag(document.kind(), document.number())),
        (LineChain::Reports, reader_tag(keys, document)),
    ];
    let mut chains = Vec::new();
    for (chain, tag) in tags {
        chains.extend(view.subject_document(&tag)?.map(|row| (chain, row.subject_id)));
    }
    Ok(chains)
}

/// A reading of those of the chains of which there is something to tell, with its entry. That one says how far each chain went: an export from which the last lines were cut does not
/// end with an entry that says so.
fn asking(
    view: View<'_>,
    chains: Vec<(LineChain, [u8; 16])>,
    now_us: i64,
    city: &str,
    caller: &Caller,
) -> Result<Disclosure<LinesAsked>, AppError> {
    let mut told = Vec::with_capacity(chains.len());
    for (chain, subject) in chains {
        if has_something(view, &subject)? {
            told.push((chain, subject));
        }
    }
    let Some(&(_, subject)) = told.first() else {
        return Err(AppError::not_found("平台上没有关于您的留痕", "nothing was ever logged about you"));
    };
    let shown = told.iter().map(|(_, subject)| *subject).collect();
    let entry = NewEntry { shown, ..NewEntry::new(subject, "log_lines", caller.clone(), json!({})) };
    let answer = LinesAsked { chains: told, now_us, city: city.to_owned(), caller: caller.clone() };
    Ok(Disclosure { answer, entry })
}

/// Puts the lines together that whoever asked may read.
fn told(
    view: View<'_>,
    keys: (&Keyring, &KeyStore),
    catalogue: &Catalogue,
    asked: &LinesAsked,
) -> Result<Lines, AppError> {
    let lines = lines(view, keys, catalogue, asked)?;
    Ok(match Part::of(&asked.caller) {
        Some(part) => part.of_lines(lines),
        None => lines,
    })
}

/// Puts all lines together.
fn lines(
    view: View<'_>,
    (keys, key_store): (&Keyring, &KeyStore),
    catalogue: &Catalogue,
    asked: &LinesAsked,
) -> Result<Lines, AppError> {
    let LinesAsked { chains, now_us, city, .. } = asked;
    let mut said = Said::default();
    // Mandates lie in one chain, what was done on them in either.
    let mut deputies = HashMap::new();
    for (_, subject) in chains {
        deputies.extend(mandate::deputies(view, keys, key_store, *subject, *now_us)?);
    }
    for (kind, subject) in chains {
        let versions = view.versions_of_subject(subject)?;
        let desk = Desk::new(catalogue, view.authorities()?, city, &versions, &deputies);
        let chain = Chain::read(view, *kind, subject)?;
        said.broken(chain.fault(view, keys)?);
        for row in &chain.rows {
            let revealed = chain::revealed(view, row)?;
            said.broken(chain::revealed_fault(&chain, row, revealed.as_ref(), keys));
            said.lines.push(desk.line(*kind, row, revealed.as_ref()));
            said.revealed.extend(revealed);
        }
        derived::add(&mut said, &desk, view, keys, *kind, &versions)?;
        said.chains.push(chain);
    }
    // Newest first; of one instant, this reading's chain, in it the higher number, and then what has none.
    let rank = |line: &Line| (line.told_us, line.chain == LineChain::Records, line.number, line.anchor);
    said.lines.sort_by_key(|line| std::cmp::Reverse(rank(line)));
    let Said { lines, broken, chains, revealed, anchors } = said;
    let (at, sealed) = (local(*now_us), compose::sealed());
    Ok(Lines { at_us: *now_us, at, lines, broken, sealed, part: None, chains, revealed, anchors })
}

/// What has been put together so far.
#[derive(Debug, Default)]
struct Said {
    lines: Vec<Line>,
    broken: Option<Say>,
    chains: Vec<Chain>,
    revealed: Vec<Chain>,
    anchors: Vec<(Stated, LogRow)>,
}

impl Said {
    /// Keeps the first fault: what comes behind it may only follow from it.
    fn broken(&mut self, fault: Option<Say>) {
        if self.broken.is_none() {
            self.broken = fault;
        }
    }
}

/// Was anything logged about a subject, or recorded with effect? Whom only a submission has named that is not accepted, or
/// waits for its release, is told the same as anybody of whom there is nothing.
fn has_something(view: View<'_>, subject: &[u8; 16]) -> Result<bool, AppError> {
    Ok(view.log_last_number(subject)? > 0
        || view.versions_of_subject(subject)?.iter().any(|version| !version.awaits_release))
}

/// An instant in Asia/Shanghai by ISO 8601, to the second.
pub(crate) fn local(at_us: i64) -> String {
    format!("{}+08:00", dates::shanghai_text(at_us).replacen(' ', "T", 1))
}
