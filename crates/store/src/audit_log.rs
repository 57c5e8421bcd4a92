//! What checking the log reads: leaves, and the entries that they should be of. Both tables are read from end to end, in
//! slices. They are not joined: on Citus a leaf lies by its place, and an entry by its subject.

use crate::audit::{Cell, cell, cells};
use crate::setwise::EntryKey;
use crate::value::{Row, values};
use crate::{StoreError, View};

crate::statements! {
    AUDIT_LEAVES = "SELECT leaf_index, subject_id, number, commitment FROM log_leaf WHERE leaf_index >= $1 \
        ORDER BY leaf_index LIMIT $2";
    AUDIT_LEAF_ENTRY = "SELECT commitment, leaf_index, at_us FROM log_entry WHERE subject_id = $1 AND number = $2";
    AUDIT_ENTRIES_PLACED = "SELECT count(*) FROM log_entry WHERE leaf_index IS NOT NULL";
    AUDIT_PLACES = "SELECT subject_id, number, leaf_index FROM log_entry WHERE (subject_id, number) > ($1, $2) \
        AND leaf_index IS NOT NULL ORDER BY subject_id, number LIMIT $3";
    AUDIT_LEAF_AT = "SELECT subject_id, number FROM log_leaf WHERE leaf_index = $1";
}

/// Entries looked at a time, where all of them are.
const SLICE: i64 = 5_000;

/// A leaf and the entry that it should be of.
#[derive(Debug, Clone, PartialEq)]
pub struct LeafRow {
    /// Place in the tree.
    pub index: Cell,
    /// Chain and number of the entry.
    pub entry: [Cell; 2],
    /// Commitment as it was published.
    pub commitment: Cell,
    /// Commitment of the entry; NULL, as what follows, where there is none.
    pub of_entry: Cell,
    /// Place that the entry says it has.
    pub place: Cell,
    /// Time of the entry.
    pub at_us: Cell,
}

/// Commitment, place and time of an entry.
pub(crate) type EntrySaid = [Cell; 3];

impl View<'_> {
    /// Leaves of the log from `first` on, with their entries.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_leaves(&self, first: i64, limit: i64) -> Result<Vec<LeafRow>, StoreError> {
        let leaves = self.link.rows(&AUDIT_LEAVES, values![first, limit], |row| cells(row, 4))?;
        let said = self.entries_of_leaves(&leaves.iter().map(|leaf| [&leaf[1], &leaf[2]]).collect::<Vec<_>>())?;
        let with_entry = |(leaf, said): (Vec<Cell>, Option<EntrySaid>)| {
            let [of_entry, place, at_us] = said.unwrap_or([Cell::Null, Cell::Null, Cell::Null]);
            let mut leaf = leaf.into_iter();
            let mut next = || leaf.next().unwrap_or(Cell::Null);
            LeafRow { index: next(), entry: [next(), next()], commitment: next(), of_entry, place, at_us }
        };
        Ok(leaves.into_iter().zip(said).map(with_entry).collect())
    }

    /// One entry, as a leaf names it.
    pub(crate) fn entry_of_leaf(&self, [subject, number]: EntryKey<'_>) -> Result<Option<EntrySaid>, StoreError> {
        let read = |row: Row<'_>| Ok([cell(row, 0)?, cell(row, 1)?, cell(row, 2)?]);
        self.link.first(&AUDIT_LEAF_ENTRY, values![subject, number], read)
    }

    /// How many entries say that they have a place.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_placed(&self) -> Result<i64, StoreError> {
        self.audit_count(&AUDIT_ENTRIES_PLACED)
    }

    /// Entries that say they have a place where no leaf, or another entry's, stands: `limit` at most, each with its key.
    ///
    /// # Errors
    /// The engine's.
    pub fn audit_misplaced(&self, limit: i64) -> Result<Vec<Vec<Cell>>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(0);
        let (mut found, mut after) = (Vec::new(), self.before_every_entry());
        loop {
            let [subject, number] = &after;
            let entries = self.link.rows(&AUDIT_PLACES, values![subject, number, SLICE], |row| cells(row, 3))?;
            let Some(last) = entries.last() else { break };
            after = [last[0].clone(), last[1].clone()];
            let leaves = self.entries_at(&entries.iter().map(|entry| &entry[2]).collect::<Vec<_>>())?;
            let misplaced = entries
                .iter()
                .zip(leaves)
                .filter(|(entry, leaf)| leaf.as_ref().is_none_or(|leaf| leaf[..] != entry[..2]));
            found.extend(misplaced.map(|(entry, _)| entry[..2].to_vec()).take(limit - found.len()));
            if found.len() == limit {
                break;
            }
        }
        Ok(found)
    }

    /// The entry that the leaf at a place names.
    pub(crate) fn entry_at(&self, place: &Cell) -> Result<Option<[Cell; 2]>, StoreError> {
        self.link.first(&AUDIT_LEAF_AT, values![place], |row| Ok([cell(row, 0)?, cell(row, 1)?]))
    }
}
