//! Which rows of a table of counts may be told, beside their sum.
//!
//! A row is told whole or not at all: within a row one number follows from the others. Rows that are withheld are never one alone, and together never
//! come to one to four of anything, or the sum would tell them. That is more than is withheld elsewhere, and can be checked by eye.

use super::is_small;

/// What stands in place of a number that is not told.
pub const WITHHELD: &str = "—";

/// Which rows are told, and whether their sum is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// For each row: is it told?
    pub rows: Vec<bool>,
    /// Is the sum of all rows told?
    pub sum: bool,
}

/// The sum of rows, column by column. Rows have as many columns as the first.
#[must_use]
pub fn sum<'r>(rows: impl IntoIterator<Item = &'r [u64]>) -> Vec<u64> {
    let mut sum: Vec<u64> = Vec::new();
    for row in rows {
        sum.resize(sum.len().max(row.len()), 0);
        sum.iter_mut().zip(row).for_each(|(sum, count)| *sum = sum.saturating_add(*count));
    }
    sum
}

/// What of rows of counts may be told. The sum is taken to be told wherever it has no small number itself.
#[must_use]
pub fn published(rows: &[Vec<u64>]) -> Published {
    let mut told: Vec<bool> = rows.iter().map(|row| !row.iter().copied().any(is_small)).collect();
    let of_sum = !sum(rows.iter().map(Vec::as_slice)).into_iter().any(is_small);
    while of_sum && !is_covered(rows, &told) {
        let Some(next) = smallest(rows, &told) else { break };
        told[next] = false;
    }
    Published { rows: told, sum: of_sum }
}

/// Can what is withheld not be found by taking what is told from the sum?
fn is_covered(rows: &[Vec<u64>], told: &[bool]) -> bool {
    let withheld = || rows.iter().zip(told).filter(|(_, told)| !**told).map(|(row, _)| row.as_slice());
    match withheld().count() {
        0 => true,
        1 => false,
        _ => !sum(withheld()).into_iter().any(is_small),
    }
}

/// The told row that is least missed: the smallest that has anything in it, or one of those that have nothing.
fn smallest(rows: &[Vec<u64>], told: &[bool]) -> Option<usize> {
    let left = rows.iter().enumerate().filter(|(at, _)| told[*at]);
    let weight = |row: &Vec<u64>| row.iter().fold(0u64, |sum, count| sum.saturating_add(*count));
    left.min_by_key(|(at, row)| (weight(row) == 0, weight(row), *at)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_row_takes_another_with_it() {
        let rows = vec![vec![90, 10], vec![50, 0], vec![20, 3], vec![700, 80]];
        let of = published(&rows);
        // 3 is withheld; with the next smallest, (50, 0), 3 would stay what is missing in the second column.
        assert_eq!(of, Published { rows: vec![false, false, false, true], sum: true });
    }

    #[test]
    fn where_nothing_is_small_everything_is_told_and_nothing_points_at_nobody() {
        assert_eq!(published(&[vec![5, 0], vec![0, 0]]), Published { rows: vec![true, true], sum: true });
        assert_eq!(published(&[]), Published { rows: vec![], sum: true });
    }

    #[test]
    fn a_sum_that_is_small_is_withheld_itself() {
        let of = published(&[vec![2], vec![0], vec![1]]);
        assert_eq!(of, Published { rows: vec![false, true, false], sum: false });
        assert_eq!(published(&[vec![3]]), Published { rows: vec![false], sum: false });
    }

    fn tables() -> impl Strategy<Value = Vec<Vec<u64>>> {
        let count = prop_oneof![Just(0u64), 1u64..5, 5u64..9, 5u64..500];
        (1usize..4)
            .prop_flat_map(move |columns| prop::collection::vec(prop::collection::vec(count.clone(), columns), 0..8))
    }

    proptest! {
        #[test]
        fn no_number_that_is_told_is_small(rows in tables()) {
            let of = published(&rows);
            for (row, told) in rows.iter().zip(&of.rows) {
                prop_assert!(!told || !row.iter().copied().any(is_small));
            }
            prop_assert!(!of.sum || !sum(rows.iter().map(Vec::as_slice)).into_iter().any(is_small));
        }

        #[test]
        fn the_sum_gives_nothing_away_that_is_withheld(rows in tables()) {
            let of = published(&rows);
            if of.sum {
                let told = rows.iter().zip(&of.rows).filter(|(_, told)| **told).map(|(row, _)| row.as_slice());
                let (all, told) = (sum(rows.iter().map(Vec::as_slice)), sum(told));
                for (column, all) in all.iter().enumerate() {
                    let left = all - told.get(column).copied().unwrap_or(0);
                    prop_assert!(!is_small(left), "{left} is left of column {column}");
                }
                prop_assert_ne!(of.rows.iter().filter(|told| !**told).count(), 1);
            }
        }

        #[test]
        fn whoever_adds_up_finds_other_tables_that_would_read_the_same(rows in tables()) {
            let of = published(&rows);
            let withheld: Vec<usize> = (0..rows.len()).filter(|at| !of.rows[*at]).collect();
            for at in &withheld {
                for (column, number) in rows[*at].iter().enumerate() {
                    if !of.sum || !is_small(*number) {
                        continue;
                    }
                    // One of what another withheld row has could as well be this one's: the sum stays, and all that is told.
                    let other = withheld.iter().any(|other| other != at && rows[*other][column] > 0);
                    prop_assert!(other, "a small number with nobody to hide behind");
                }
            }
        }

        #[test]
        fn what_has_nothing_small_is_told_whole(rows in prop::collection::vec(prop::collection::vec(5u64..99, 2), 0..6)) {
            prop_assert!(published(&rows).rows.iter().all(|told| *told));
        }
    }
}
