//! Looking ahead: what the database knows about the rows of a batch is asked for all of them at once, question by question,
//! before the first is resolved. Row by row each question would be a round trip to a database server.

use std::collections::{HashMap, HashSet, VecDeque};

use chengxin_core::refusal::HeldReason;
use chengxin_core::row::Action;
use chengxin_store::keys::Wrapped;
use chengxin_store::lock::LockRow;
use chengxin_store::record::VersionHead;
use chengxin_store::setwise::{Pair, StatedRecord};
use chengxin_store::subject::DocumentRow;
use chengxin_store::{KeyStore, StoreError, View};

use super::decide::{Beside, Decision, Judge, is_effective};
use super::resolve::{AtHand, Written};
use super::work::GoodRow;
use crate::keyring::Keyring;

/// What was found out about a row whose subject was here before this run.
pub(super) struct Prospect {
    pub(super) subject_id: [u8; 16],
    /// The name on file.
    pub(super) name_tag: [u8; 16],
    pub(super) record_id: [u8; 16],
    /// Is the row's name one of the subject's?
    pub(super) name_agrees: bool,
    /// What to do with it, unless an earlier row of this very run wrote the record.
    pub(super) decision: Decision,
}

/// The rows that come next, as far as they were looked up.
#[derive(Default)]
pub(super) struct Ahead {
    /// In their order; `None` where the subject is one of this run's own, or nobody yet.
    rows: VecDeque<Option<Prospect>>,
    /// Keys of the subjects about whom a version is to be written, where they were not at hand.
    keys: HashMap<[u8; 16], Wrapped>,
}

/// Where rows are looked up, and what need not be.
pub(super) struct Lookout<'a> {
    pub(super) keys: &'a Keyring,
    pub(super) view: View<'a>,
    /// Absent in a dry run, which needs no key.
    pub(super) key_store: Option<&'a KeyStore>,
    pub(super) at_hand: &'a AtHand,
    pub(super) written: &'a Written,
    pub(super) any_lock: bool,
    pub(super) judge: Judge,
}

impl Ahead {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The next row's.
    pub(super) fn next(&mut self) -> Option<Prospect> {
        self.rows.pop_front().flatten()
    }

    /// A subject's wrapped key.
    pub(super) fn key(&self, subject: &[u8; 16]) -> Option<&[u8]> {
        self.keys.get(subject).map(|(_, wrapped)| wrapped.as_slice())
    }

    /// What was found is true no longer: those that come next are looked up again.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.keys = HashMap::new();
    }

    /// Looks up the rows in place of what was ahead.
    pub(super) fn fill(&mut self, rows: &[GoodRow], out: &Lookout<'_>) -> Result<(), StoreError> {
        self.clear();
        self.rows.extend(out.subjects(rows)?);
        out.records(rows, &mut self.rows)?;
        self.keys = out.keys_to_write(rows, &self.rows)?;
        Ok(())
    }
}

impl Lookout<'_> {
    /// Whose the rows are and which records they name; what to do with them is open yet where the name agrees.
    fn subjects(&self, rows: &[GoodRow]) -> Result<Vec<Option<Prospect>>, StoreError> {
        let strange = rows.iter().map(|row| row.tag).filter(|tag| !self.at_hand.contains_key(tag));
        let documents = self.view.subject_documents(&distinct(strange))?;
        let mut whose: Vec<_> = rows.iter().map(|row| self.prospect(row, documents.get(&row.tag))).collect();
        let doubtful = pairs(rows, &whose).filter(|(_, p)| !p.name_agrees).map(|(row, p)| (p.subject_id, row.name_tag));
        let further = self.view.names_held(&distinct(doubtful))?;
        for (row, prospect) in rows.iter().zip(&mut whose) {
            if let Some(prospect) = prospect {
                prospect.name_agrees |= further.contains(&(prospect.subject_id, row.name_tag));
            }
        }
        Ok(whose)
    }

    fn prospect(&self, row: &GoodRow, document: Option<&DocumentRow>) -> Option<Prospect> {
        let (subject_id, name_tag) = match self.at_hand.get(&row.tag) {
            Some(known) if known.own => return None,
            Some(known) => (known.subject_id, known.name_tag),
            None => document.map(|document| (document.subject_id, document.name_tag))?,
        };
        let record_id = self.keys.record_id(&subject_id, &row.seed);
        let decision = Decision::Hold(HeldReason::NameDisagrees);
        Some(Prospect { subject_id, name_tag, record_id, name_agrees: name_tag == row.name_tag, decision })
    }

    /// Decides on the rows whose name agrees.
    fn records(&self, rows: &[GoodRow], found: &mut VecDeque<Option<Prospect>>) -> Result<(), StoreError> {
        // What this run wrote itself need not be asked for.
        let settled = self.settled(rows, found)?;
        let open = |p: &Prospect| p.name_agrees && !self.written.holds(&p.record_id) && !settled.contains(&of(p));
        let records = distinct(pairs(rows, &*found).filter(|(_, p)| open(p)).map(|(_, p)| of(p)));
        let heads = self.view.version_heads(&records)?;
        let locks = if self.any_lock { self.view.locks(&records)? } else { HashMap::new() };
        let held = |p: &Prospect| heads.get(&of(p)).is_some_and(|heads| heads.iter().any(is_effective));
        // Source times are compared with source times.
        let timed = pairs(rows, &*found).filter(|(row, p)| row.source_time.is_some() && open(p) && held(p));
        let seen = self.view.sources_seen(&distinct(timed.map(|(_, p)| of(p))))?;
        for (row, prospect) in rows.iter().zip(found) {
            if let Some(prospect) = prospect.as_mut().filter(|p| p.name_agrees) {
                prospect.decision = if settled.contains(&of(prospect)) {
                    Decision::Unchanged { newer: None }
                } else {
                    self.decide(row, &of(prospect), &heads, &locks, &seen)
                };
            }
        }
        Ok(())
    }

    /// Records that are held just as every row of the batch that names them states them: most, where a file is sent again.
    fn settled(&self, rows: &[GoodRow], found: &VecDeque<Option<Prospect>>) -> Result<HashSet<Pair>, StoreError> {
        // A lock is looked at with the rest.
        if self.any_lock {
            return Ok(HashSet::new());
        }
        let open = |p: &Prospect| p.name_agrees && !self.written.holds(&p.record_id);
        let mut stated: Vec<StatedRecord> = pairs(rows, found)
            .filter(|(_, p)| open(p))
            .map(|(row, p)| StatedRecord { record: of(p), digest: row.digest, source_time: row.source_time })
            .collect();
        stated.sort_unstable_by_key(|stated| stated.record);
        let mut settled: HashMap<Pair, bool> = HashMap::with_capacity(stated.len());
        let places = self.view.settled_records(&stated)?;
        for (place, stated) in stated.iter().enumerate() {
            *settled.entry(stated.record).or_insert(true) &= places.contains(&place);
        }
        let withdrawn = pairs(rows, found).filter(|(row, _)| row.action != Action::Put);
        for (_, prospect) in withdrawn {
            settled.remove(&of(prospect));
        }
        Ok(settled.into_iter().filter_map(|(record, all)| all.then_some(record)).collect())
    }

    fn decide(
        &self,
        row: &GoodRow,
        record: &Pair,
        heads: &HashMap<Pair, Vec<VersionHead>>,
        locks: &HashMap<Pair, LockRow>,
        seen: &HashMap<Pair, i64>,
    ) -> Decision {
        if self.written.holds(&record.1) {
            return Decision::Seen;
        }
        let heads = heads.get(record).map_or(&[][..], Vec::as_slice);
        self.judge.decide(row, &Beside { heads, lock: locks.get(record), seen: seen.get(record).copied() })
    }

    /// Keys are wanted for what is written only: a file that says nothing new needs none.
    fn keys_to_write(
        &self,
        rows: &[GoodRow],
        found: &VecDeque<Option<Prospect>>,
    ) -> Result<HashMap<[u8; 16], Wrapped>, StoreError> {
        let Some(key_store) = self.key_store else { return Ok(HashMap::new()) };
        let writes = pairs(rows, found).filter(|(_, p)| matches!(p.decision, Decision::Write { .. }));
        let missing = writes.filter(|(row, _)| self.at_hand.get(&row.tag).is_none_or(|known| known.key.is_none()));
        key_store.subject_keys_of(&distinct(missing.map(|(_, p)| p.subject_id)))
    }
}

/// The rows about subjects that were here before.
fn pairs<'a>(
    rows: &'a [GoodRow],
    found: impl IntoIterator<Item = &'a Option<Prospect>>,
) -> impl Iterator<Item = (&'a GoodRow, &'a Prospect)> {
    rows.iter().zip(found).filter_map(|(row, prospect)| Some((row, prospect.as_ref()?)))
}

fn of(prospect: &Prospect) -> Pair {
    (prospect.subject_id, prospect.record_id)
}

/// Each once and in order: an index is then walked from left to right.
fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}
