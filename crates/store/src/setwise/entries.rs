//! Entries of the log.

use std::collections::{HashMap, HashSet};

use super::lists;
use crate::audit::{Cell, cell};
use crate::audit_log::EntrySaid;
use crate::link::Link;
use crate::log::{Last, LogRow};
use crate::log_tree::LogLeaf;
use crate::value::Value;
use crate::{StoreError, Tx, View};

crate::statements! {
    ENTRIES_PLACE = "UPDATE log_entry e SET leaf_index = k.leaf_index \
        FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS k (subject_id, number, leaf_index) \
        WHERE e.subject_id = k.subject_id AND e.number = k.number AND e.leaf_index IS NULL";
    ENTRIES_OF_LEAVES = "SELECT e.commitment, e.leaf_index, e.at_us, e.subject_id, e.number \
        FROM unnest($1::bytea[], $2::bigint[]) AS k (subject_id, number) \
        JOIN log_entry e ON e.subject_id = k.subject_id AND e.number = k.number";
    LASTS_OF_SUBJECTS = "SELECT k.subject_id, e.number, e.commitment, e.at_us FROM unnest($1::bytea[]) AS k (subject_id) \
        CROSS JOIN LATERAL (SELECT number, commitment, at_us FROM log_entry WHERE subject_id = k.subject_id \
        ORDER BY number DESC LIMIT 1) e";
    ENTRIES_ADD = "INSERT INTO log_entry (subject_id, number, at_us, operation, caller, detail, salt, previous, commitment) \
        SELECT subject_id, number, at_us, operation, caller, detail, salt, previous, commitment \
        FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[], \
        $9::bytea[]) AS k (subject_id, number, at_us, operation, caller, detail, salt, previous, commitment) \
        ORDER BY subject_id, number";
    LEAVES_AT_PLACES = "SELECT subject_id, number, leaf_index FROM log_leaf WHERE leaf_index = ANY($1)";
}

/// Subject and number of an entry, as they are read where a row may hold anything.
pub(crate) type EntryKey<'c> = [&'c Cell; 2];

impl View<'_> {
    /// [`View::entry_of_leaf`] of many leaves, in their order.
    pub(crate) fn entries_of_leaves(&self, leaves: &[EntryKey<'_>]) -> Result<Vec<Option<EntrySaid>>, StoreError> {
        if lists(self.link, leaves.len()).is_none() {
            return leaves.iter().map(|leaf| self.entry_of_leaf(*leaf)).collect();
        }
        let key = |leaf: &EntryKey<'_>| match leaf {
            [Cell::Bytes(subject), Cell::Int(number)] => Some((subject.clone(), *number)),
            // A server keeps columns to their types.
            _ => None,
        };
        let keys: Vec<(Vec<u8>, i64)> = leaves.iter().filter_map(key).collect();
        let (subjects, numbers): (Vec<&[u8]>, Vec<i64>) =
            keys.iter().map(|(s, number)| (s.as_slice(), *number)).unzip();
        let mut found = HashMap::with_capacity(leaves.len());
        self.link.each(&ENTRIES_OF_LEAVES, &[Value::List(&subjects), Value::Ints(&numbers)], |row| {
            found.insert((row.get(3)?, row.get(4)?), [cell(row, 0)?, cell(row, 1)?, cell(row, 2)?]);
            Ok(())
        })?;
        Ok(leaves.iter().map(|leaf| found.get(&key(leaf)?).cloned()).collect())
    }

    /// [`View::entry_at`] of many places, in their order.
    pub(crate) fn entries_at(&self, places: &[&Cell]) -> Result<Vec<Option<[Cell; 2]>>, StoreError> {
        match self.link {
            Link::Postgres(_) if places.len() > 1 => {
                let numbers: Vec<i64> = places.iter().filter_map(|place| place.int()).collect();
                let mut found: HashMap<i64, [Cell; 2]> = HashMap::with_capacity(numbers.len());
                self.link.each(&LEAVES_AT_PLACES, &[Value::Ints(&numbers)], |row| {
                    found.insert(row.get(2)?, [cell(row, 0)?, cell(row, 1)?]);
                    Ok(())
                })?;
                Ok(places.iter().map(|place| found.get(&place.int()?).cloned()).collect())
            }
            _ => places.iter().map(|place| self.entry_at(place)).collect(),
        }
    }

    /// A key that sorts before that of any entry. SQLite keeps no column to its type, and sorts numbers before bytes.
    pub(crate) fn before_every_entry(&self) -> [Cell; 2] {
        let subject = match self.link {
            Link::Sqlite(_) => Cell::Int(i64::MIN),
            Link::Postgres(_) => Cell::Bytes(Vec::new()),
        };
        [subject, Cell::Int(i64::MIN)]
    }
}

impl Tx<'_> {
    /// Where the chains of subjects end, of those that have any; `None` where each is better asked for by itself.
    pub(crate) fn log_lasts(&self, subjects: &[&[u8; 16]]) -> Result<Option<HashMap<[u8; 16], Last>>, StoreError> {
        if lists(self.link, subjects.len()).is_none() {
            return Ok(None);
        }
        let distinct: HashSet<&[u8; 16]> = subjects.iter().copied().collect();
        let subjects: Vec<&[u8]> = distinct.into_iter().map(<[u8; 16]>::as_slice).collect();
        let mut found = HashMap::with_capacity(subjects.len());
        self.link.each(&LASTS_OF_SUBJECTS, &[Value::List(&subjects)], |row| {
            found.insert(row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?));
            Ok(())
        })?;
        Ok(Some(found))
    }

    /// Adds entries that follow their chains' ends. In the order of their keys: two that add about the same people wait for
    /// each other in one direction only.
    pub(crate) fn log_entries_add(&self, subjects: &[&[u8; 16]], entries: &[LogRow]) -> Result<(), StoreError> {
        fn column<'e, T>(entries: &'e [LogRow], of: impl Fn(&'e LogRow) -> T) -> Vec<T> {
            entries.iter().map(of).collect()
        }
        let subjects: Vec<&[u8]> = subjects.iter().map(|subject| subject.as_slice()).collect();
        let added = self.link.run(
            &ENTRIES_ADD,
            &[
                Value::List(&subjects),
                Value::Ints(&column(entries, |e| e.number)),
                Value::Ints(&column(entries, |e| e.at_us)),
                Value::Texts(&column(entries, |e| e.operation.as_str())),
                Value::Texts(&column(entries, |e| e.caller.as_str())),
                Value::Texts(&column(entries, |e| e.detail.as_str())),
                Value::List(&column(entries, |e| e.salt.as_slice())),
                Value::List(&column(entries, |e| e.previous.as_slice())),
                Value::List(&column(entries, |e| e.commitment.as_slice())),
            ],
        )?;
        if added == entries.len() {
            return Ok(());
        }
        Err(StoreError::Engine(format!("{added} of {} entries were added to the log", entries.len())))
    }

    /// Says in each entry which place it has; how many had none before.
    pub(crate) fn log_entries_place(&self, leaves: &[LogLeaf]) -> Result<usize, StoreError> {
        if lists(self.link, leaves.len()).is_some() {
            let subjects: Vec<&[u8]> = leaves.iter().map(|leaf| leaf.subject_id.as_slice()).collect();
            let numbers: Vec<i64> = leaves.iter().map(|leaf| leaf.number).collect();
            let places: Vec<i64> = leaves.iter().map(|leaf| leaf.index).collect();
            let values = [Value::List(&subjects), Value::Ints(&numbers), Value::Ints(&places)];
            return self.link.run(&ENTRIES_PLACE, &values);
        }
        let mut placed = 0;
        for leaf in leaves {
            placed += self.log_entry_place(leaf)?;
        }
        Ok(placed)
    }
}
