//! What a file says twice: the same record with other content, the same number with another name.
//!
//! Neither can be known before the last row, and a file may have any number of rows. Each row leaves 56 bytes here
//! (keyed digests only, nothing that could be read); beyond [`IN_MEMORY`] rows they go to temporary files, cut by the
//! first bits of the tag, and come back one part at a time.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};

use chengxin_store::submission::Member;

use super::settle::outcome::is_write;
use crate::AppError;

/// Rows kept in memory before they are written out.
const IN_MEMORY: usize = 131_072;
/// Parts. With 64, ten million rows come back 9 MB at a time.
const PARTS: usize = 64;
const BYTES: usize = 56;

/// What one row leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    /// Tag of the subject's number.
    pub(crate) tag: [u8; 16],
    /// What makes the record the same record.
    pub(crate) seed: [u8; 16],
    /// Row of the file.
    pub(crate) row: u64,
    /// How the row was counted, see `settle`.
    pub(crate) outcome: u8,
    /// Beginning of the content's digest.
    pub(crate) digest: [u8; 8],
    /// Beginning of the name's tag.
    pub(crate) name: [u8; 8],
}

impl Mark {
    fn to_bytes(self) -> [u8; BYTES] {
        let mut out = [0; BYTES];
        out[..16].copy_from_slice(&self.tag);
        out[16..32].copy_from_slice(&self.seed);
        out[32..40].copy_from_slice(&self.row.to_be_bytes());
        // No file has 2⁵⁶ rows: the first byte of the number is free.
        out[32] = self.outcome;
        out[40..48].copy_from_slice(&self.digest);
        out[48..].copy_from_slice(&self.name);
        out
    }

    fn from_bytes(bytes: &[u8; BYTES]) -> Self {
        let mut mark = Self { tag: [0; 16], seed: [0; 16], row: 0, outcome: bytes[32], digest: [0; 8], name: [0; 8] };
        mark.tag.copy_from_slice(&bytes[..16]);
        mark.seed.copy_from_slice(&bytes[16..32]);
        let mut row = [0; 8];
        row[1..].copy_from_slice(&bytes[33..40]);
        mark.row = u64::from_be_bytes(row);
        mark.digest.copy_from_slice(&bytes[40..48]);
        mark.name.copy_from_slice(&bytes[48..]);
        mark
    }
}

/// What the file turned out to contradict itself in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Contradiction {
    /// Rows of one number with more than one name, every row listed.
    Names(Vec<Mark>),
    /// Rows of one record with more than one content, every row listed.
    Contents(Vec<Mark>),
    /// Rows of one record, equal, of which more than one was counted as written: in a dry run of a very large file,
    /// where what was met before had been forgotten.
    Doubles(Vec<Mark>),
}

/// The marks of a file's rows.
#[derive(Debug)]
pub(crate) struct Ledger {
    parts: Vec<Vec<Mark>>,
    spilled: Vec<Option<File>>,
    in_memory: usize,
    limit: usize,
    rows: usize,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::with_limit(IN_MEMORY)
    }
}

impl Ledger {
    pub(crate) fn with_limit(limit: usize) -> Self {
        let spilled = (0..PARTS).map(|_| None).collect();
        Self { parts: vec![Vec::new(); PARTS], spilled, in_memory: 0, limit, rows: 0 }
    }

    pub(crate) fn push(&mut self, mark: Mark) -> Result<(), AppError> {
        self.parts[usize::from(mark.tag[0]) * PARTS / 256].push(mark);
        self.in_memory += 1;
        self.rows += 1;
        if self.in_memory >= self.limit { self.spill() } else { Ok(()) }
    }

    /// Marks taken so far.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    fn spill(&mut self) -> Result<(), AppError> {
        for (part, file) in self.parts.iter_mut().zip(&mut self.spilled) {
            if file.is_none() {
                *file = Some(tempfile::tempfile().map_err(temporary)?);
            }
            let bytes: Vec<u8> = part.drain(..).flat_map(Mark::to_bytes).collect();
            if let Some(file) = file {
                file.write_all(&bytes).map_err(temporary)?;
            }
        }
        self.in_memory = 0;
        Ok(())
    }

    /// Hands each contradiction to `found` and each distinct record to `member`, with the first of its rows.
    pub(crate) fn settle(
        mut self,
        mut member: impl FnMut(Member),
        mut found: impl FnMut(Contradiction) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        for (part, file) in self.parts.iter_mut().zip(&mut self.spilled) {
            let mut marks = std::mem::take(part);
            if let Some(file) = file {
                let mut bytes = Vec::new();
                file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(temporary)?;
                let (whole, _) = bytes.as_chunks::<BYTES>();
                marks.extend(whole.iter().map(Mark::from_bytes));
            }
            marks.sort_unstable();
            for person in marks.chunk_by(|a, b| a.tag == b.tag) {
                if person.iter().any(|m| m.name != person[0].name) {
                    found(Contradiction::Names(person.to_vec()))?;
                }
                for record in person.chunk_by(|a, b| a.seed == b.seed) {
                    member(Member::new(fingerprint(&record[0]), record[0].row));
                    if record.iter().any(|m| m.digest != record[0].digest) {
                        found(Contradiction::Contents(record.to_vec()))?;
                    } else if record.iter().filter(|m| is_write(m.outcome)).count() > 1 {
                        found(Contradiction::Doubles(record.to_vec()))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// 8 bytes that stand for a record when two files of one office are compared. Both halves are keyed digests.
pub(crate) fn fingerprint(mark: &Mark) -> u64 {
    let half = |bytes: &[u8; 16]| bytes[..8].iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
    half(&mark.tag).rotate_left(1) ^ half(&mark.seed)
}

fn temporary(error: std::io::Error) -> AppError {
    AppError::new(
        crate::Kind::Unavailable,
        "无法写入临时文件（磁盘空间不足？），尚未导入任何内容；可用环境变量 TMPDIR 指定其他目录",
        "cannot write a temporary file (disk full?); nothing was taken in: name another folder by TMPDIR",
    )
    .because(error)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use proptest::prelude::*;

    fn mark(tag: u8, seed: u8, row: u64, digest: u8, name: u8) -> Mark {
        Mark { tag: [tag; 16], seed: [seed; 16], row, outcome: 0, digest: [digest; 8], name: [name; 8] }
    }

    fn settle(limit: usize, marks: &[Mark]) -> (Vec<Member>, Vec<Contradiction>) {
        let mut ledger = Ledger::with_limit(limit);
        marks.iter().for_each(|m| ledger.push(*m).unwrap());
        let (mut members, mut found) = (Vec::new(), Vec::new());
        ledger
            .settle(
                |m| members.push(m),
                |c| {
                    found.push(c);
                    Ok(())
                },
            )
            .unwrap();
        (members, found)
    }

    #[test]
    fn equal_rows_are_no_contradiction() {
        let (members, found) = settle(100, &[mark(1, 1, 2, 7, 9), mark(1, 1, 3, 7, 9), mark(1, 2, 4, 8, 9)]);
        assert_eq!((members.len(), found.len()), (2, 0));
    }

    #[test]
    fn other_content_and_other_names_are_found_with_every_row() {
        let marks = [mark(1, 1, 5, 7, 9), mark(2, 1, 3, 7, 9), mark(1, 1, 2, 6, 9), mark(2, 2, 9, 7, 8)];
        let (_, found) = settle(100, &marks);
        assert!(matches!(&found[0], Contradiction::Contents(m) if m.iter().map(|m| m.row).eq([2, 5])));
        assert!(matches!(&found[1], Contradiction::Names(m) if m.iter().map(|m| m.row).eq([3, 9])));
    }

    proptest! {
        #[test]
        fn spilling_changes_nothing(rows in prop::collection::vec((0u8..9, 0u8..3, 0u8..2, 0u8..2), 0..120), limit in 1usize..40) {
            let marks: Vec<Mark> = rows.iter().zip(1..).map(|((t, s, d, n), row)| mark(t * 29, *s, row, *d, *n)).collect();
            prop_assert_eq!(settle(limit, &marks), settle(1000, &marks));
        }
    }
}
