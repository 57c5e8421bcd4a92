//! The chain of a subject: read whole, and held against itself and the public tree.

use chengxin_core::operation_words::LOG_REVEAL;
use chengxin_core::{Caller, Say};
use chengxin_store::View;
use chengxin_store::log::LogRow;
use data_encoding::HEXLOWER;
use serde_json::Value;

use super::LineChain;
use crate::AppError;
use crate::keyring::Keyring;
use crate::log::salt::is_ours;

/// Entries read at once.
const SLICE: i64 = 1_024;

/// Entries that follow on each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chain {
    pub(super) kind: LineChain,
    pub(super) subject: [u8; 16],
    pub(super) rows: Vec<LogRow>,
}

impl Chain {
    pub(super) fn read(view: View<'_>, kind: LineChain, subject: &[u8; 16]) -> Result<Self, AppError> {
        let mut rows: Vec<LogRow> = Vec::new();
        loop {
            let after = rows.last().map_or(0, |row| row.number);
            let slice = view.log_of_subject(subject, after, SLICE)?;
            let more = slice.len() as i64 == SLICE;
            rows.extend(slice);
            if !more {
                return Ok(Self { kind, subject: *subject, rows });
            }
        }
    }

    /// The first thing that is wrong: a gap, a line that does not follow on the one before or that was altered, one that was
    /// not written with the installation's key or cannot be read, or one of which the public tree holds another. Not that the last lines are cut off: that shows against an older export, and
    /// to whoever verifies the whole log.
    pub(super) fn fault(&self, view: View<'_>, keys: &Keyring) -> Result<Option<Say>, AppError> {
        let (mut before, mut previous) = (0, [0; 32]);
        for row in &self.rows {
            if row.number != before + 1 {
                return Ok(Some(self.gap(before, row.number)));
            }
            let n = self.name(row.number);
            if row.expected_commitment(&keys.hash(), &self.subject) != row.commitment {
                return Ok(Some(altered(&n)));
            }
            if !is_ours(keys, &self.subject, row) {
                return Ok(Some(Say::new(
                    format!("{}不是由本平台写入的", n.zh),
                    format!("{} was not written by this platform", n.en),
                )));
            }
            if !is_readable(row) {
                return Ok(Some(unreadable(&n)));
            }
            if row.previous != previous {
                return Ok(Some(Say::new(
                    format!("{}与前一条不衔接：其间有留痕被移除或替换", n.zh),
                    format!(
                        "{} does not follow on the one before it: something between them was removed or replaced",
                        n.en
                    ),
                )));
            }
            if let Some(index) = row.leaf_index {
                let leaf = view.log_leaves(index, 1)?.pop();
                let same = leaf.is_some_and(|leaf| leaf.index == index && leaf.commitment == row.commitment);
                if !same {
                    return Ok(Some(Say::new(
                        format!("{}与已公布的日志不符：写入之后被改动过", n.zh),
                        format!("{} is not what the published log holds: it was altered after it was written", n.en),
                    )));
                }
            }
            (before, previous) = (row.number, row.commitment);
        }
        Ok(None)
    }

    fn gap(&self, before: i64, found: i64) -> Say {
        let (from, to) = (self.name(before + 1), self.name(found - 1));
        if before + 1 == found - 1 {
            Say::new(format!("{}缺失", from.zh), format!("{} is missing", from.en))
        } else {
            Say::new(format!("{}至{}缺失", from.zh, to.zh), format!("{} to {} are missing", from.en, to.en))
        }
    }

    /// How people call a line of this chain.
    pub(super) fn name(&self, number: i64) -> Say {
        name(self.kind, number)
    }
}

/// How people call a numbered line.
pub(super) fn name(kind: LineChain, number: i64) -> Say {
    match kind {
        LineChain::Records => Say::new(format!("第 {number} 条"), format!("line {number}")),
        LineChain::Reports => Say::new(format!("第 R{number} 条"), format!("line R{number}")),
    }
}

fn altered(n: &Say) -> Say {
    Say::new(format!("{}被改动过", n.zh), format!("{} was altered", n.en))
}

fn unreadable(n: &Say) -> Say {
    Say::new(format!("{}的内容无法辨认", n.zh), format!("{} cannot be read", n.en))
}

/// Do an entry's caller and detail have their form? What has another says nothing, and must not pass for an act of which
/// there is nothing to say.
pub(super) fn is_readable(row: &LogRow) -> bool {
    serde_json::from_str::<Caller>(&row.caller).is_ok()
        && serde_json::from_str::<Value>(&row.detail).is_ok_and(|detail| detail.is_object())
}

/// The entry that a line reveals, in the chain of its own in which it stood hidden.
pub(super) fn revealed(view: View<'_>, row: &LogRow) -> Result<Option<Chain>, AppError> {
    let Some((chain, _)) = reference(row) else { return Ok(None) };
    let rows = view.log_of_subject(&chain, 0, 1)?;
    Ok((!rows.is_empty()).then_some(Chain { kind: LineChain::Records, subject: chain, rows }))
}

/// Is the revealed entry the one that the line refers to, as it was written?
pub(super) fn revealed_fault(chain: &Chain, row: &LogRow, revealed: Option<&Chain>, keys: &Keyring) -> Option<Say> {
    if row.operation != LOG_REVEAL {
        return None;
    }
    let n = chain.name(row.number);
    let found = revealed.and_then(|hidden| Some((hidden.subject, hidden.rows.first()?)));
    let Some(((subject, entry), (_, commitment))) = found.zip(reference(row)) else {
        return Some(Say::new(format!("{}所告知的内容缺失", n.zh), format!("what {} reveals is missing", n.en)));
    };
    let written = entry.expected_commitment(&keys.hash(), &subject) == entry.commitment;
    let whole = written && is_ours(keys, &subject, entry);
    if !whole || entry.commitment != commitment {
        return Some(Say::new(format!("{}所告知的内容被改动过", n.zh), format!("what {} reveals was altered", n.en)));
    }
    let what = Say::new(format!("{}所告知", n.zh), format!("what {} reveals", n.en));
    (!is_readable(entry)).then(|| unreadable(&what))
}

/// Chain and commitment to which a line that reveals refers.
pub(super) fn reference(row: &LogRow) -> Option<([u8; 16], [u8; 32])> {
    reference_in(&row.operation, &row.detail)
}

/// The same from the columns.
pub(super) fn reference_in(operation: &str, detail: &str) -> Option<([u8; 16], [u8; 32])> {
    if operation != LOG_REVEAL {
        return None;
    }
    let detail: Value = serde_json::from_str(detail).ok()?;
    let bytes = |name: &str| HEXLOWER.decode(detail.get(name)?.as_str()?.as_bytes()).ok();
    Some((bytes("chain")?.try_into().ok()?, bytes("commitment")?.try_into().ok()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use chengxin_core::operation_words::LOG_REVEAL;

    use super::*;
    use crate::log::testing::{append, caller, installation};

    const SUBJECT: [u8; 16] = [7; 16];

    #[test]
    fn a_line_that_nobody_can_read_is_named_though_it_was_written_with_our_key() {
        for (by, detail) in [("{}", "{}"), ("nobody", "{}"), (caller().as_str(), "nothing"), (caller().as_str(), "[]")]
        {
            let dir = tempfile::tempdir().unwrap();
            let installation = installation(&dir.path().join("data"));
            append(&installation, &SUBJECT, "record_list", &caller(), "{}");
            append(&installation, &SUBJECT, "record_list", by, detail);
            let view = installation.store.view();
            let chain = Chain::read(view, LineChain::Records, &SUBJECT).unwrap();
            let fault = chain.fault(view, &installation.keys).unwrap().unwrap();
            assert_eq!((fault.zh.as_str(), fault.en.as_str()), ("第 2 条的内容无法辨认", "line 2 cannot be read"));
        }
    }

    #[test]
    fn what_a_line_reveals_and_nobody_can_read_is_said() {
        let (dir, hidden) = (tempfile::tempdir().unwrap(), [8; 16]);
        let installation = installation(&dir.path().join("data"));
        let entry = append(&installation, &hidden, "report_issue", "nobody", "{}");
        let (of, commitment) = (HEXLOWER.encode(&hidden), HEXLOWER.encode(&entry.commitment));
        let detail = format!(r#"{{"chain": "{of}", "commitment": "{commitment}"}}"#);
        let line = append(&installation, &SUBJECT, LOG_REVEAL, &caller(), &detail);
        let view = installation.store.view();
        let chain = Chain::read(view, LineChain::Records, &SUBJECT).unwrap();
        assert_eq!(chain.fault(view, &installation.keys).unwrap(), None);
        let shown = revealed(view, &line).unwrap();
        let fault = revealed_fault(&chain, &line, shown.as_ref(), &installation.keys).unwrap();
        assert_eq!(fault.en, "what line 1 reveals cannot be read");
        assert_eq!(fault.zh, "第 1 条所告知的内容无法辨认");
    }
}
