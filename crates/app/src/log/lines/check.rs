//! Checking an export of lines with nothing but the public key.

use chengxin_core::operation_words::{act, role};
use chengxin_core::{Caller, Ground, Say};
use chengxin_seal::{Profile, TrustList};
use chengxin_tlog::Hash;
use serde::Serialize;

use super::chain::{name, reference_in};
use super::compose::{parsed, variant};
use super::export::{ExportChain, LINES_FORMAT, LineExport, bytes};
use super::{LineChain, local};
use crate::keyring::ProfileHash;
use crate::log::signer::read_checkpoint;

/// Most entries that an export may have; more than a person's log ever gets.
const MOST: usize = 1_000_000;

/// An export that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedLines {
    /// Name of the log.
    pub origin: String,
    /// Leaves under the checkpoint that all proofs lead to.
    pub size: u64,
    /// The numbered lines, in order, from their checked columns.
    pub lines: Vec<CheckedLine>,
    /// How many entries of the installation stand in the log. What they are, the file only states.
    pub anchors: usize,
}

/// A line whose place in the log was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedLine {
    /// In which chain.
    pub chain: LineChain,
    /// Its number there.
    pub number: i64,
    /// When it was done, in Asia/Shanghai.
    pub at: String,
    /// Operation.
    pub operation: String,
    /// What was done.
    pub act: Say,
    /// In which role.
    pub role: Say,
    /// Code of the authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// What for.
    pub purpose: String,
    /// Clause or consent receipt, as cited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cited: Option<String>,
}

/// Why an export is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinesFault {
    /// It is none.
    #[error("{0}")]
    NotAnExport(Say),
    /// Its checkpoint is signed by nobody on the list.
    #[error("{0}")]
    Unsigned(Say),
    /// A line is altered, missing, doubled or in another place.
    #[error("{say}")]
    Line {
        /// In which chain.
        chain: LineChain,
        /// Which.
        number: i64,
        /// What is wrong with it.
        say: Say,
    },
    /// An entry of the installation does not stand in the log.
    #[error("{0}")]
    Anchor(Say),
}

impl LinesFault {
    /// For people.
    #[must_use]
    pub fn say(&self) -> &Say {
        match self {
            Self::NotAnExport(say) | Self::Unsigned(say) | Self::Anchor(say) | Self::Line { say, .. } => say,
        }
    }
}

/// Checks an export: that its checkpoint is signed by a key of the list; that every chain begins with 1 and goes on without a
/// gap, each line following on the one before; that each commitment fits its columns and stands in the log; that
/// what was revealed is what had been hidden; and that nothing was cut off behind: the last line is the reading that
/// made the export, and says how far the chains went.
///
/// # Errors
/// [`LinesFault`], with the first line at fault.
pub fn check_lines(json: &[u8], trust: &TrustList) -> Result<CheckedLines, LinesFault> {
    let export: LineExport = serde_json::from_slice(json).map_err(|error| not_an_export(&error.to_string()))?;
    let profile = Profile::ALL.into_iter().find(|profile| profile.name() == export.profile);
    let Some(profile) = profile.filter(|_| export.format == LINES_FORMAT) else {
        return Err(not_an_export("another format"));
    };
    let entries: usize = export.chains.iter().chain(&export.revealed).map(|chain| chain.entries.len()).sum();
    if entries.saturating_add(export.anchors.len()) > MOST {
        return Err(not_an_export("too long"));
    }
    let kinds: Vec<_> = export.chains.iter().map(|chain| chain.chain).collect();
    if !matches!(kinds[..], [_] | [LineChain::Records, LineChain::Reports]) {
        return Err(not_an_export("chains"));
    }
    let checkpoint = read_checkpoint(trust, &export.origin, &export.checkpoint)
        .map_err(|refusal| LinesFault::Unsigned(refusal.public))?
        .checkpoint;
    let desk = Desk { hash: ProfileHash(profile), size: checkpoint.size, root: checkpoint.root, export: &export };
    let mut lines = Vec::new();
    for chain in &export.chains {
        desk.chain(chain, &mut lines)?;
    }
    desk.complete()?;
    for anchor in &export.anchors {
        if !anchor.place.holds(desk.hash, desk.size, &desk.root) {
            let n = anchor.number;
            return Err(LinesFault::Anchor(Say::new(
                format!("平台留痕第 {n} 条不在日志中"),
                format!("entry {n} of the installation does not stand in the log"),
            )));
        }
    }
    let (origin, size, anchors) = (export.origin.clone(), desk.size, export.anchors.len());
    Ok(CheckedLines { origin, size, lines, anchors })
}

struct Desk<'a> {
    hash: ProfileHash,
    size: u64,
    root: Hash,
    export: &'a LineExport,
}

impl Desk<'_> {
    /// Checks a chain from its first line on.
    fn chain(&self, chain: &ExportChain, lines: &mut Vec<CheckedLine>) -> Result<(), LinesFault> {
        let kind = chain.chain;
        let subject = bytes::<16>(&chain.subject).ok_or_else(|| not_an_export("subject"))?;
        let mut previous = [0; 32];
        for (number, entry) in (1..).zip(&chain.entries) {
            if entry.number != number {
                return Err(fault(kind, number, "缺失或者不在原来的位置", "is missing or not in its place"));
            }
            let row = entry.row().ok_or_else(|| fault(kind, number, "格式有误", "is malformed"))?;
            if row.expected_commitment(&self.hash, &subject) != row.commitment {
                return Err(fault(kind, number, "被改动过", "was altered"));
            }
            if row.previous != previous {
                let (zh, en) = ("与前一条不衔接", "does not follow on the one before it");
                return Err(fault(kind, number, zh, en));
            }
            if !entry.place.holds(self.hash, self.size, &self.root) {
                return Err(fault(kind, number, "不在日志中", "does not stand in the log"));
            }
            previous = row.commitment;
            let revealed = self.revealed(kind, number, &row.operation, &row.detail)?;
            lines.push(told(kind, number, revealed.as_ref().unwrap_or(&row)));
        }
        Ok(())
    }

    /// The entry that a line reveals, if it reveals one, checked like any other.
    fn revealed(
        &self,
        kind: LineChain,
        number: i64,
        operation: &str,
        detail: &str,
    ) -> Result<Option<chengxin_store::log::LogRow>, LinesFault> {
        let Some((subject, commitment)) = reference_in(operation, detail) else { return Ok(None) };
        let of = |chain: &&ExportChain| bytes::<16>(&chain.subject) == Some(subject);
        let found = self.export.revealed.iter().find(of).and_then(|chain| chain.entries.first());
        let missing = || fault(kind, number, "所告知的内容缺失", "reveals something that is missing here");
        let entry = found.ok_or_else(missing)?;
        let row = entry.row().ok_or_else(missing)?;
        let whole = row.commitment == commitment && row.expected_commitment(&self.hash, &subject) == commitment;
        if !whole || !entry.place.holds(self.hash, self.size, &self.root) {
            return Err(fault(kind, number, "所告知的内容被改动过", "reveals something that was altered"));
        }
        Ok(Some(row))
    }

    /// Is the end there? The last line of the first chain is the reading, which says how many lines were before it.
    fn complete(&self) -> Result<(), LinesFault> {
        let first = self.export.chains.first().ok_or_else(|| not_an_export("chains"))?;
        let next = first.entries.len() as i64 + 1;
        let cut = |chain: LineChain, from: i64| {
            let (zh, en) = ("及其后的内容缺失", "and what came after it is missing");
            fault(chain, from, zh, en)
        };
        let last = first.entries.last().filter(|last| last.operation == "log_lines");
        let last = last.ok_or_else(|| cut(first.chain, next))?;
        let shown: Option<Vec<i64>> =
            parsed(&last.detail).get("shown").and_then(|shown| serde_json::from_value(shown.clone()).ok());
        let shown = shown.ok_or_else(|| cut(first.chain, next))?;
        if shown.len() != self.export.chains.len() {
            return Err(cut(LineChain::Reports, 1));
        }
        // What no line reveals was checked by nothing.
        let lines = self.export.chains.iter().flat_map(|chain| &chain.entries);
        let reveal = lines.filter(|line| reference_in(&line.operation, &line.detail).is_some()).count();
        if reveal != self.export.revealed.len() || self.export.revealed.iter().any(|chain| chain.entries.len() != 1) {
            return Err(not_an_export("an entry that no line reveals"));
        }
        for (at, (chain, stated)) in self.export.chains.iter().zip(shown).enumerate() {
            // Of the first chain, the reading itself came after.
            let there = chain.entries.len() as i64 - i64::from(at == 0);
            if there != stated {
                return Err(cut(chain.chain, there.min(stated) + 1));
            }
        }
        Ok(())
    }
}

fn told(chain: LineChain, number: i64, row: &chengxin_store::log::LogRow) -> CheckedLine {
    let caller: Option<Caller> = serde_json::from_str(&row.caller).ok();
    let detail = parsed(&row.detail);
    let operation = row.operation.clone();
    let cited = caller.as_ref().and_then(|caller| match &caller.ground {
        Ground::Duty(clause) | Ground::SilentDuty { clause, .. } => Some(clause.clone()),
        Ground::Consent(receipt) => Some(receipt.clone()),
        Ground::OwnRight | Ground::Operation => None,
    });
    CheckedLine {
        chain,
        number,
        at: local(row.at_us),
        act: act(&operation, variant(&operation, &detail)).unwrap_or_else(|| Say::new(&operation, &operation)),
        operation,
        role: caller.as_ref().map_or_else(Say::default, |caller| role(caller.role)),
        authority: caller.as_ref().and_then(|caller| caller.authority.clone()),
        purpose: caller.map_or_else(String::new, |caller| caller.purpose),
        cited,
    }
}

fn fault(chain: LineChain, number: i64, zh: &str, en: &str) -> LinesFault {
    let n = name(chain, number);
    LinesFault::Line { chain, number, say: Say::new(format!("{}{zh}", n.zh), format!("{} {en}", n.en)) }
}

fn not_an_export(why: &str) -> LinesFault {
    LinesFault::NotAnExport(Say::new(
        "这不是留痕记录的导出文件；请用 chengxin me log --json-proofs 导出",
        format!("this is no export of a person's log ({why}): make one with chengxin me log --json-proofs"),
    ))
}
