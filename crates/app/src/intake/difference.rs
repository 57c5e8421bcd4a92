//! What a file brings, and leaves out, against the office's last one for the item: counted, and shown by the rows of the two files.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use chengxin_store::submission::Member;
use serde::{Deserialize, Serialize};

use super::LISTED_ROWS;
use crate::{AppError, Installation};

/// Against the office's last file for the item. Absence withdraws nothing; it is only shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Difference {
    /// Number of the last accepted submission.
    pub last_submission: i64,
    /// Records that the last file had not.
    pub added: u64,
    /// Records in both.
    pub in_both: u64,
    /// Records of the last file that this one leaves out.
    pub left_out: u64,
    /// The first rows of this file whose records the last had not, [`LISTED_ROWS`] at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added_rows: Vec<u64>,
    /// The first rows of the last file whose records this one leaves out, as many at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out_rows: Vec<u64>,
}

impl Installation {
    /// The difference from the last accepted file, if there is one.
    pub(super) fn difference(
        &self,
        authority: &str,
        item: &str,
        members: &[Member],
    ) -> Result<Option<Difference>, AppError> {
        let view = self.store.view();
        let Some((last, _)) = view.submissions_recent(authority, item)?.first().copied() else { return Ok(None) };
        Ok(Some(compare(last, &view.submission_members(last)?, members)))
    }
}

/// Both lists are sorted and without doubles.
pub(super) fn compare(last: i64, before: &[Member], now: &[Member]) -> Difference {
    let (mut left_out, mut added) = (FirstRows::default(), FirstRows::default());
    let (mut old, mut new) = (before.iter().peekable(), now.iter().peekable());
    let mut in_both = 0;
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(was), Some(is)) => was.fingerprint().cmp(&is.fingerprint()),
        };
        if order == Ordering::Equal {
            in_both += 1;
        }
        let (was, is) = (old.next_if(|_| order.is_le()), new.next_if(|_| order.is_ge()));
        match order {
            Ordering::Less => left_out.count(was),
            Ordering::Greater => added.count(is),
            Ordering::Equal => {}
        }
    }
    Difference {
        last_submission: last,
        added: added.count,
        in_both,
        left_out: left_out.count,
        added_rows: added.rows(),
        left_out_rows: left_out.rows(),
    }
}

/// How many there are, and the first rows of them.
#[derive(Default)]
struct FirstRows {
    count: u64,
    /// The last of those that are kept on top.
    first: BinaryHeap<u64>,
}

impl FirstRows {
    fn count(&mut self, member: Option<&Member>) {
        let Some(member) = member else { return };
        self.count += 1;
        self.first.extend(member.row());
        if self.first.len() > LISTED_ROWS {
            self.first.pop();
        }
    }

    fn rows(self) -> Vec<u64> {
        self.first.into_sorted_vec()
    }
}

/// Rows in words: those that follow one another together, `2–4, 7`.
#[must_use]
pub fn ranges(rows: &[u64]) -> String {
    let runs = rows.chunk_by(|a, b| a + 1 == *b).filter_map(|run| Some((run.first()?, run.last()?)));
    let words = runs.map(|(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_that_follow_one_another_stand_together() {
        assert_eq!(ranges(&[2, 3, 4, 7, 9, 10]), "2–4, 7, 9–10");
        assert_eq!(ranges(&[]), "");
    }

    proptest! {
        #[test]
        fn each_record_is_in_one_file_in_the_other_or_in_both(
            before in prop::collection::btree_map(0u64..900, 2u64..5_000, 0..600),
            now in prop::collection::btree_map(0u64..900, 2u64..5_000, 0..600),
        ) {
            let members = |of: &BTreeMap<u64, u64>| of.iter().map(|(print, row)| Member::new(*print, *row)).collect::<Vec<_>>();
            let difference = compare(7, &members(&before), &members(&now));
            let rows = |of: &BTreeMap<u64, u64>, other: &BTreeMap<u64, u64>| {
                let mut rows: Vec<_> = of.iter().filter(|(print, _)| !other.contains_key(print)).map(|(_, row)| *row).collect();
                rows.sort_unstable();
                rows
            };
            let (added, left_out) = (rows(&now, &before), rows(&before, &now));
            prop_assert_eq!((difference.added, difference.left_out), (added.len() as u64, left_out.len() as u64));
            prop_assert_eq!(difference.in_both, now.len() as u64 - difference.added);
            prop_assert_eq!(difference.added_rows, added.into_iter().take(LISTED_ROWS).collect::<Vec<_>>());
            prop_assert_eq!(difference.left_out_rows, left_out.into_iter().take(LISTED_ROWS).collect::<Vec<_>>());
        }
    }
}
