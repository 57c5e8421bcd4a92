//! Checking an export of lines with nothing but the public key.

use chengxin_core::operation_words::{act, role_in};
use chengxin_core::{Caller, Ground, Say};
use chengxin_seal::{Profile, TrustList};
use chengxin_store::log::LogRow;
use chengxin_tlog::Hash;
use data_encoding::HEXLOWER;
use serde::Serialize;

use super::chain::{is_readable, name, reference_in};
use super::compose::{parsed, variant};
use super::export::{ExportChain, ExportEntry, LINES_FORMAT, LineExport};
use super::{LineChain, local};
use crate::keyring::ProfileHash;
use crate::log::check::open_note;

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
    let (open, key) =
        open_note(trust, &export.origin, &export.checkpoint).map_err(|refusal| LinesFault::Unsigned(refusal.public))?;
    if key.public().profile() != profile {
        return Err(not_an_export("another profile than that of the key which signed"));
    }
    let checkpoint = open.checkpoint;
    let desk = Desk { hash: ProfileHash(profile), size: checkpoint.size, root: checkpoint.root, export: &export };
    let mut lines = Vec::new();
    for chain in &export.chains {
        desk.chain(chain, &mut lines)?;
    }
    desk.complete()?;
    for anchor in &export.anchors {
        let commitment = HEXLOWER.decode(anchor.commitment.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        let stands = |commitment: Hash| anchor.place.holds(&commitment, desk.hash, desk.size, &desk.root);
        if !commitment.is_some_and(stands) {
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
        let (mut previous, mut of) = ([0; 32], None);
        for (number, exported) in (1..).zip(&chain.entries) {
            if exported.entry.number != number {
                return Err(fault(kind, number, "缺失或者不在原来的位置", "is missing or not in its place"));
            }
            let (subject, row) = self.entry(exported).map_err(|(zh, en)| fault(kind, number, zh, en))?;
            if row.previous != previous || *of.get_or_insert(subject) != subject {
                let (zh, en) = ("与前一条不衔接", "does not follow on the one before it");
                return Err(fault(kind, number, zh, en));
            }
            previous = row.commitment;
            let revealed = self.revealed(kind, number, &row.operation, &row.detail)?;
            lines.push(told(kind, number, revealed.as_ref().unwrap_or(&row)));
        }
        Ok(())
    }

    /// An entry of which the commitment fits the columns and stands in the log, with its chain.
    fn entry(&self, exported: &ExportEntry) -> Result<([u8; 16], LogRow), (&'static str, &'static str)> {
        let (chain, row) = exported.entry.read().map_err(|_| ("格式有误", "is malformed"))?;
        if row.expected_commitment(&self.hash, &chain) != row.commitment {
            return Err(("被改动过", "was altered"));
        }
        if !is_readable(&row) {
            return Err(("的内容无法辨认", "cannot be read"));
        }
        if !exported.place.holds(&row.commitment, self.hash, self.size, &self.root) {
            return Err(("不在日志中", "does not stand in the log"));
        }
        Ok((chain, row))
    }

    /// The entry that a line reveals, if it reveals one, checked like any other.
    fn revealed(
        &self,
        kind: LineChain,
        number: i64,
        operation: &str,
        detail: &str,
    ) -> Result<Option<LogRow>, LinesFault> {
        let Some((chain, commitment)) = reference_in(operation, detail) else { return Ok(None) };
        let named = HEXLOWER.encode(&chain);
        let mut entries = self.export.revealed.iter().flat_map(|of| &of.entries);
        let found = entries.find(|exported| exported.entry.chain == named);
        let missing = || fault(kind, number, "所告知的内容缺失", "reveals something that is missing here");
        let (_, row) = self.entry(found.ok_or_else(missing)?).map_err(|_| revealed_altered(kind, number))?;
        if row.commitment == commitment { Ok(Some(row)) } else { Err(revealed_altered(kind, number)) }
    }

    /// Is the end there? The last line of the first chain is the reading, which says how many lines were before it.
    fn complete(&self) -> Result<(), LinesFault> {
        let first = self.export.chains.first().ok_or_else(|| not_an_export("chains"))?;
        let next = first.entries.len() as i64 + 1;
        let cut = |chain: LineChain, from: i64| {
            let (zh, en) = ("及其后的内容缺失", "and what came after it is missing");
            fault(chain, from, zh, en)
        };
        let last = first.entries.last().filter(|last| last.entry.operation == "log_lines");
        let last = last.ok_or_else(|| cut(first.chain, next))?;
        let shown: Option<Vec<i64>> =
            parsed(&last.entry.detail).get("shown").and_then(|shown| serde_json::from_value(shown.clone()).ok());
        let shown = shown.ok_or_else(|| cut(first.chain, next))?;
        if shown.len() != self.export.chains.len() {
            return Err(cut(LineChain::Reports, 1));
        }
        // What no line reveals was checked by nothing.
        let lines = self.export.chains.iter().flat_map(|chain| &chain.entries);
        let reveal = lines.filter(|line| reference_in(&line.entry.operation, &line.entry.detail).is_some()).count();
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

fn told(chain: LineChain, number: i64, row: &LogRow) -> CheckedLine {
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
        role: caller.as_ref().map_or_else(Say::default, |caller| role_in(caller.role, &operation)),
        operation,
        authority: caller.as_ref().and_then(|caller| caller.authority.clone()),
        purpose: caller.map_or_else(String::new, |caller| caller.purpose),
        cited,
    }
}

fn fault(chain: LineChain, number: i64, zh: &str, en: &str) -> LinesFault {
    let n = name(chain, number);
    LinesFault::Line { chain, number, say: Say::new(format!("{}{zh}", n.zh), format!("{} {en}", n.en)) }
}

fn revealed_altered(kind: LineChain, number: i64) -> LinesFault {
    fault(kind, number, "所告知的内容被改动过", "reveals something that was altered")
}

fn not_an_export(why: &str) -> LinesFault {
    LinesFault::NotAnExport(Say::new(
        "这不是留痕记录的导出文件；请用 chengxin me log --json-proofs 导出",
        format!("this is no export of a person's log ({why}): make one with chengxin me log --json-proofs"),
    ))
}
