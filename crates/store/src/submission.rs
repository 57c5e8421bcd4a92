//! Submissions: open, accepted, recalled, abandoned; their chunks, trees and receipts.

use crate::value::{Row, Value, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    SUBMISSION_OPEN = "INSERT INTO submission (submission_id, authority, item, file_name, file_sha256, settings, state, \
        opened_at_us, needs_release, sent_by, reason, row_count, version_count, summary) \
        SELECT coalesce(max(submission_id), 0) + 1, $1, $2, $3, $4, $5, 1, $6, 0, $7, $8, 0, 0, '{}' FROM submission \
        RETURNING submission_id";
    SUBMISSION_FIND = "SELECT submission_id, authority, item, file_name, file_sha256, settings, state, opened_at_us, \
        accepted_at_us, needs_release, released_at_us, released_by, sent_by, reason, row_count, version_count, root, summary, \
        receipt FROM submission WHERE submission_id = $1";
    SUBMISSION_OPEN_OF_FILE = "SELECT submission_id, authority, item, file_name, file_sha256, settings, state, opened_at_us, \
        accepted_at_us, needs_release, released_at_us, released_by, sent_by, reason, row_count, version_count, root, summary, \
        receipt FROM submission WHERE authority = $1 AND item = $2 AND state = 1 AND file_sha256 = $3 ORDER BY submission_id";
    SUBMISSION_OPEN_OF_OFFICE = "SELECT submission_id FROM submission WHERE authority = $1 AND item = $2 AND state = 1 ORDER BY submission_id";
    SUBMISSION_RECENT = "SELECT submission_id, row_count FROM submission WHERE authority = $1 AND item = $2 AND state = 2 \
        ORDER BY submission_id DESC LIMIT 8";
    SUBMISSION_ACCEPT = "UPDATE submission SET state = 2, accepted_at_us = $2, needs_release = $3, row_count = $4, \
        version_count = $5, root = $6, summary = $7, receipt = $8 WHERE submission_id = $1 AND state = 1";
    SUBMISSION_RELEASE = "UPDATE submission SET released_at_us = $2, released_by = $3 \
        WHERE submission_id = $1 AND state = 2 AND needs_release = 1 AND released_at_us IS NULL";
    SUBMISSION_END = "UPDATE submission SET state = $2 WHERE submission_id = $1 AND state = $3";
    SUBMISSION_CHUNK_ADD = "INSERT INTO submission_chunk (submission_id, through_row, first_leaf, leaves, tally) \
        VALUES ($1, $2, $3, $4, $5)";
    SUBMISSION_CHUNKS = "SELECT through_row, first_leaf, leaves, tally FROM submission_chunk WHERE submission_id = $1 ORDER BY through_row";
    SUBMISSION_CHUNKS_REMOVE = "DELETE FROM submission_chunk WHERE submission_id = $1";
    SUBMISSION_TILE_ADD = "INSERT INTO submission_tile (submission_id, level, part, hashes) VALUES ($1, $2, $3, $4)";
    SUBMISSION_TILE_FIND = "SELECT hashes FROM submission_tile WHERE submission_id = $1 AND level = $2 AND part = $3";
    SUBMISSION_TILES_REMOVE = "DELETE FROM submission_tile WHERE submission_id = $1";
    SUBMISSION_MEMBER_ADD = "INSERT INTO submission_member (submission_id, part, fingerprints) VALUES ($1, $2, $3)";
    SUBMISSION_MEMBER_LIST = "SELECT part, fingerprints FROM submission_member WHERE submission_id = $1 ORDER BY part";
    SUBMISSION_MEMBER_REMOVE = "DELETE FROM submission_member WHERE submission_id = $1";
}

/// Members of a submission are kept in parts of so many; a part from this number on holds [`Member`]s of twelve bytes, one below it fingerprints of eight
/// alone, as they were kept before the rows were.
const MEMBERS_IN_A_PART: usize = 65_536;
const WITH_ROWS: i64 = 1 << 20;

/// A record that a file held: eight bytes that stand for it when two files of an office are compared, and its row. In the order of the former.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member([u8; 12]);

impl Member {
    /// Of a record that stands in a row.
    #[must_use]
    pub fn new(fingerprint: u64, row: u64) -> Self {
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&fingerprint.to_be_bytes());
        // A row beyond four thousand million is one that is not known.
        bytes[8..].copy_from_slice(&u32::try_from(row).unwrap_or(0).to_be_bytes());
        Self(bytes)
    }

    /// What stands for the record: a keyed digest.
    #[must_use]
    pub fn fingerprint(self) -> u64 {
        number(&self.0[..8])
    }

    /// Its row in the file, as a spreadsheet counts; `None` where it was not kept.
    #[must_use]
    pub fn row(self) -> Option<u64> {
        Some(number(&self.0[8..])).filter(|row| *row > 0)
    }
}

/// Of a part, in either of its forms.
fn members_of(part: i64, bytes: &[u8]) -> impl Iterator<Item = Member> {
    let (alone, with_rows) = if part < WITH_ROWS { (bytes, &[][..]) } else { (&[][..], bytes) };
    let alone = alone.as_chunks::<8>().0.iter().map(|print| Member::new(number(print), 0));
    alone.chain(with_rows.as_chunks().0.iter().copied().map(Member))
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b))
}

/// State of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionState {
    /// Being loaded: nobody sees its rows, and they supersede nothing.
    Open = 1,
    /// In effect (adverse rows about persons once released).
    Accepted = 2,
    /// Taken back before release.
    Recalled = 3,
    /// Removed before acceptance.
    Abandoned = 4,
}

/// One submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionRow {
    /// Running number.
    pub id: i64,
    /// Sending office.
    pub authority: String,
    /// Item code.
    pub item: String,
    /// Name of the file.
    pub file_name: String,
    /// Hash of its bytes.
    pub file_sha256: [u8; 32],
    /// Hash of what else decides how it is read.
    pub settings: [u8; 32],
    /// Number of its [`SubmissionState`].
    pub state: i64,
    /// When it was opened.
    pub opened_at_us: i64,
    /// When it was accepted.
    pub accepted_at_us: Option<i64>,
    /// Does anything in it wait, or did it wait, for release?
    pub needs_release: bool,
    /// When it was released.
    pub released_at_us: Option<i64>,
    /// By whom.
    pub released_by: Option<String>,
    /// Who sent it.
    pub sent_by: String,
    /// Reason for an unusual volume.
    pub reason: String,
    /// Rows with content.
    pub row_count: i64,
    /// Versions that it brought.
    pub version_count: i64,
    /// Merkle root.
    pub root: Option<[u8; 32]>,
    /// Quality report, JSON.
    pub summary: String,
    /// Receipt, JSON.
    pub receipt: Option<String>,
}

/// One chunk of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChunkRow {
    /// Last row settled.
    pub through_row: i64,
    /// First leaf.
    pub first_leaf: i64,
    /// Leaves.
    pub leaves: i64,
    /// Tally, JSON.
    pub tally: String,
}

/// What acceptance writes.
#[derive(Debug, Clone)]
pub struct Acceptance<'a> {
    /// When.
    pub at_us: i64,
    /// Does anything wait for release?
    pub needs_release: bool,
    /// Rows with content.
    pub row_count: i64,
    /// Versions that it brought.
    pub version_count: i64,
    /// Merkle root.
    pub root: &'a [u8; 32],
    /// Quality report, JSON.
    pub summary: &'a str,
    /// Receipt, JSON.
    pub receipt: &'a str,
}

pub(crate) fn read(row: Row<'_>) -> Result<SubmissionRow, StoreError> {
    Ok(SubmissionRow {
        id: row.get(0)?,
        authority: row.get(1)?,
        item: row.get(2)?,
        file_name: row.get(3)?,
        file_sha256: row.get(4)?,
        settings: row.get(5)?,
        state: row.get(6)?,
        opened_at_us: row.get(7)?,
        accepted_at_us: row.get(8)?,
        needs_release: row.get(9)?,
        released_at_us: row.get(10)?,
        released_by: row.get(11)?,
        sent_by: row.get(12)?,
        reason: row.get(13)?,
        row_count: row.get(14)?,
        version_count: row.get(15)?,
        root: row.get(16)?,
        summary: row.get(17)?,
        receipt: row.get(18)?,
    })
}

impl View<'_> {
    /// A submission by its number.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission(&self, id: i64) -> Result<Option<SubmissionRow>, StoreError> {
        self.link.first(&SUBMISSION_FIND, values![id], read)
    }

    /// The open submission of the same office, item and file, if there is one.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_open_of_file(
        &self,
        authority: &str,
        item: &str,
        sha256: &[u8; 32],
    ) -> Result<Option<SubmissionRow>, StoreError> {
        self.link.first(&SUBMISSION_OPEN_OF_FILE, values![authority, item, sha256], read)
    }

    /// Numbers of the open submissions of an office for an item.
    ///
    /// # Errors
    /// The engine's.
    pub fn submissions_open(&self, authority: &str, item: &str) -> Result<Vec<i64>, StoreError> {
        self.link.rows(&SUBMISSION_OPEN_OF_OFFICE, values![authority, item], |row| row.get(0))
    }

    /// Number and row count of an office's last accepted submissions for an item, newest first, eight at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn submissions_recent(&self, authority: &str, item: &str) -> Result<Vec<(i64, i64)>, StoreError> {
        self.link.rows(&SUBMISSION_RECENT, values![authority, item], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Chunks of a submission, in order.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_chunks(&self, id: i64) -> Result<Vec<ChunkRow>, StoreError> {
        self.link.rows(&SUBMISSION_CHUNKS, values![id], |row| {
            Ok(ChunkRow { through_row: row.get(0)?, first_leaf: row.get(1)?, leaves: row.get(2)?, tally: row.get(3)? })
        })
    }

    /// Hashes of a tile of a submission's tree.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_tile(&self, id: i64, level: i64, part: i64) -> Result<Option<Vec<u8>>, StoreError> {
        self.link.first(&SUBMISSION_TILE_FIND, values![id, level, part], |row| row.get(0))
    }

    /// Records that a submission held, sorted.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_members(&self, id: i64) -> Result<Vec<Member>, StoreError> {
        let parts = self
            .link
            .rows(&SUBMISSION_MEMBER_LIST, values![id], |row| Ok((row.get::<i64>(0)?, row.get::<Vec<u8>>(1)?)))?;
        let mut members = Vec::with_capacity(parts.iter().map(|(_, part)| part.len() / 8).sum());
        for (part, bytes) in parts {
            members.extend(members_of(part, &bytes));
        }
        Ok(members)
    }
}

impl Tx<'_> {
    /// Opens a submission.
    ///
    /// # Errors
    /// The engine's.
    #[expect(clippy::too_many_arguments, reason = "the columns of one row, each of another meaning")]
    pub fn submission_open(
        &self,
        authority: &str,
        item: &str,
        file_name: &str,
        sha256: &[u8; 32],
        settings: &[u8; 32],
        at_us: i64,
        sent_by: &str,
        reason: &str,
    ) -> Result<i64, StoreError> {
        let values = values![authority, item, file_name, sha256, settings, at_us, sent_by, reason];
        self.link.one(&SUBMISSION_OPEN, values, |row| row.get(0))
    }

    /// Settles a chunk of rows.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_chunk_add(&self, id: i64, chunk: &ChunkRow) -> Result<(), StoreError> {
        let ChunkRow { through_row, first_leaf, leaves, tally } = chunk;
        self.link.run(&SUBMISSION_CHUNK_ADD, values![id, through_row, first_leaf, leaves, tally])?;
        Ok(())
    }

    /// Accepts an open submission.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if it is not open any more.
    pub fn submission_accept(&self, id: i64, a: &Acceptance<'_>) -> Result<(), StoreError> {
        let changed = self.link.run(
            &SUBMISSION_ACCEPT,
            values![id, a.at_us, a.needs_release, a.row_count, a.version_count, a.root, a.summary, a.receipt],
        )?;
        one(changed, "submission")
    }

    /// Releases the adverse rows about persons of an accepted submission.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if there is nothing to release any more.
    pub fn submission_release(&self, id: i64, at_us: i64, by: &str) -> Result<(), StoreError> {
        let changed = self.link.run(&SUBMISSION_RELEASE, values![id, at_us, by])?;
        one(changed, "submission")
    }

    /// Ends a submission: from open to abandoned, from accepted to recalled.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if it is not in `from` any more.
    pub fn submission_end(&self, id: i64, from: SubmissionState, to: SubmissionState) -> Result<(), StoreError> {
        one(self.link.run(&SUBMISSION_END, values![id, to as i64, from as i64])?, "submission")
    }

    /// Forgets how a submission was cut into chunks.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_chunks_remove(&self, id: i64) -> Result<(), StoreError> {
        self.link.run(&SUBMISSION_CHUNKS_REMOVE, values![id])?;
        Ok(())
    }

    /// Keeps tiles of the submission's tree.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_tiles_add(&self, id: i64, tiles: &[chengxin_tlog::Tile]) -> Result<(), StoreError> {
        let (id, level) = (Value::Int(id), |tile: &chengxin_tlog::Tile| Value::Int(i64::from(tile.level)));
        let rows = tiles.iter().map(|tile| [id, level(tile), Value::Int(tile.part as i64), Value::Bytes(&tile.hashes)]);
        self.link.load(&SUBMISSION_TILE_ADD, rows)
    }

    /// Forgets the tiles of a submission whose tree is built anew.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_tiles_remove(&self, id: i64) -> Result<(), StoreError> {
        self.link.run(&SUBMISSION_TILES_REMOVE, values![id])?;
        Ok(())
    }

    /// Keeps the records that a file held, sorted, in place of those of the file before it.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_members_set(&self, id: i64, before: Option<i64>, sorted: &[Member]) -> Result<(), StoreError> {
        if let Some(before) = before {
            self.link.run(&SUBMISSION_MEMBER_REMOVE, values![before])?;
        }
        for (part, members) in (WITH_ROWS..).zip(sorted.chunks(MEMBERS_IN_A_PART)) {
            let bytes: Vec<u8> = members.iter().flat_map(|member| member.0).collect();
            self.link.run(&SUBMISSION_MEMBER_ADD, values![id, part, bytes])?;
        }
        Ok(())
    }
}

fn one(changed: usize, what: &'static str) -> Result<(), StoreError> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(what)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_says_its_row_and_one_kept_before_rows_were_says_none() {
        let member = Member::new(0x0102_0304_0506_0708, 9);
        assert_eq!((member.fingerprint(), member.row()), (0x0102_0304_0506_0708, Some(9)));
        assert_eq!(Member::new(1, 1 << 32).row(), None, "rather none than another");
        assert!(member < Member::new(0x0102_0304_0506_0709, 2), "in the order of what stands for the record");
        let old = [1u64, 5].iter().flat_map(|print| print.to_be_bytes()).collect::<Vec<_>>();
        let read: Vec<_> = members_of(0, &old).map(|member| (member.fingerprint(), member.row())).collect();
        assert_eq!(read, [(1, None), (5, None)]);
        assert_eq!(members_of(WITH_ROWS, &member.0).collect::<Vec<_>>(), [member]);
    }
}
