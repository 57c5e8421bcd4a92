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

use std::collections::HashMap;

use chengxin_core::identity::{Document, DocumentKind};
use chengxin_core::{Caller, Say, dates};
use chengxin_store::View;
use chengxin_store::log::LogRow;
use serde::{Deserialize, Serialize};
use serde_json::json;

use chain::Chain;
pub use check::{CheckedLine, CheckedLines, LinesFault, check_lines};
use compose::Desk;
pub use export::{LINES_FORMAT, LineExport};

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

/// Where a numbered line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineChain {
    /// In the chain of the subject whose records are held.
    Records,
    /// In the chain of somebody who asked for a report while nothing was held about them.
    Reports,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// In which chain it is numbered.
    pub chain: LineChain,
    /// Its running number there, without gaps from 1; absent for what follows from an entry of the installation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// Number of the installation's entry from which it follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<i64>,
    /// When it was done, microseconds UTC.
    pub at_us: i64,
    /// The same in Asia/Shanghai, `2026-11-21T09:30:05+08:00`.
    pub at: String,
    /// Operation.
    pub operation: String,
    /// Who did it.
    pub who: Who,
    /// What was done, in a sentence that goes on from `who`.
    pub act: Say,
    /// The person's records that it touched.
    pub records: Vec<Touched>,
    /// What for, as whoever did it stated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// On which clause, consent or right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Say>,
    /// Case number of the decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_no: Option<String>,
    /// Number of the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Who was to receive it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// Number of the receipt of the consent that was granted, changed or used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// Number of the mandate that was granted, changed, or acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandate: Option<String>,
    /// Of what a law had kept from the person: since when they may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revealed: Option<Revealed>,
    /// Of what is still sealed, where the law allows saying so: the first day on which it may be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_until: Option<String>,
    /// Where to complain.
    pub complain: Say,
    /// By what lines are in order: when the person could first read it.
    #[serde(skip)]
    told_us: i64,
}

/// Who did something. Authority and role, never the name of a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Who {
    /// For people: `云汀市交通运输局 · 审核人员`.
    pub say: Say,
    /// Code of the authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Code of the role; absent where the entry cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Was it the person themself?
    pub yourself: bool,
}

/// A record of the person that was touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Touched {
    /// Id, 32 hexadecimal digits.
    pub record: String,
    /// Item code.
    pub item: String,
    /// Name of the item.
    pub item_name: Say,
    /// Class of the national catalogue.
    pub class: Say,
}

/// When, and under which clause, an act was kept from the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Revealed {
    /// When the line came to be, in Asia/Shanghai.
    pub at: String,
    /// The clause that ordered silence.
    pub clause: Say,
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
    /// # Errors
    /// [`crate::Kind::Forbidden`] where the caller is not the subject or its representative; [`crate::Kind::Invalid`] for
    /// a number that cannot be; [`crate::Kind::NotFound`] where nothing was ever logged about them.
    ///
    /// # Source
    /// 个人信息保护法 arts 44–45, 48.
    pub fn log_lines(&mut self, caller: &Caller, kind: DocumentKind, number: &str) -> Result<Lines, AppError> {
        self.authorise(caller, "log_lines")?;
        let (document, _) = Document::parse(kind, number, self.synthetic_rule())?;
        entitled(caller, "log_lines", &document, &self.keys, self.store.view())
            .map_err(|refusal| self.refused(caller, "log_lines", refusal))?;
        let (now_us, today, keys) = (self.now_us(), dates::to_days(self.today()), self.keys.clone());
        let tags = [
            (LineChain::Records, keys.document_tag(document.kind(), document.number())),
            (LineChain::Reports, reader_tag(&keys, &document)),
        ];
        let chains = self.store.write("log_lines", |tx| -> Result<Vec<_>, AppError> {
            let mut chains = Vec::new();
            for (chain, tag) in tags {
                let Some(found) = tx.view().subject_document(&tag)? else { continue };
                journal::reveal(tx, &keys, &found.subject_id, now_us, today)?;
                if has_something(tx.view(), &found.subject_id)? {
                    chains.push((chain, found.subject_id));
                }
            }
            let Some((_, subject)) = chains.first() else {
                return Err(AppError::not_found("平台上没有关于您的留痕", "nothing was ever logged about you"));
            };
            // How far each chain went: an export from which the last lines were cut does not end with an entry that says so.
            let last = |(_, subject): &(_, [u8; 16])| Ok(tx.view().log_last_number(subject)?);
            let shown = chains.iter().map(last).collect::<Result<Vec<i64>, AppError>>()?;
            journal::log_about(tx, &keys, subject, now_us, "log_lines", caller, &json!({ "shown": shown }))?;
            Ok(chains)
        })?;
        self.lines(&chains, now_us)
    }

    /// Puts the lines together.
    fn lines(&self, chains: &[(LineChain, [u8; 16])], now_us: i64) -> Result<Lines, AppError> {
        let view = self.store.view();
        let mut said = Said::default();
        // Mandates lie in one chain, what was done on them in either.
        let mut deputies = HashMap::new();
        for (_, subject) in chains {
            deputies.extend(mandate::deputies(view, &self.keys, &self.key_store, *subject)?);
        }
        for (kind, subject) in chains {
            let versions = view.versions_of_subject(subject)?;
            let desk = Desk::new(&self.catalogue, view.authorities()?, self.city(), &versions, &deputies);
            let chain = Chain::read(view, *kind, subject)?;
            said.broken(chain.fault(view, &self.keys)?);
            for row in &chain.rows {
                let revealed = chain::revealed(view, row)?;
                said.broken(chain::revealed_fault(&chain, row, revealed.as_ref(), &self.keys));
                said.lines.push(desk.line(*kind, row, revealed.as_ref()));
                said.revealed.extend(revealed);
            }
            derived::add(&mut said, &desk, view, &self.keys, *kind, &versions)?;
            said.chains.push(chain);
        }
        // Newest first; of one instant, this reading's chain, in it the higher number, and then what has none.
        let rank = |line: &Line| (line.told_us, line.chain == LineChain::Records, line.number, line.anchor);
        said.lines.sort_by_key(|line| std::cmp::Reverse(rank(line)));
        let Said { lines, broken, chains, revealed, anchors } = said;
        let (at, sealed) = (local(now_us), compose::sealed());
        Ok(Lines { at_us: now_us, at, lines, broken, sealed, chains, revealed, anchors })
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
fn local(at_us: i64) -> String {
    format!("{}+08:00", dates::shanghai_text(at_us).replacen(' ', "T", 1))
}
