//! `record_retention`: how many records the daily round destroys until a day. Counts of records by item, and nobody's name.

use std::collections::{BTreeMap, BTreeSet};

use chengxin_core::retention::{Fate, PutOff};
use chengxin_core::{Caller, Say};
use chengxin_store::record::EndedRecord;
use jiff::civil::Date;
use serde::Serialize;

use crate::{AppError, Installation};

/// Records looked at in one statement.
const SLICE: i64 = 500;
/// Fewer than this are not counted out: a small number may be somebody.
const FEWEST: u64 = 5;

/// What is due of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DueLine {
    /// Code of the item.
    pub item: String,
    /// Its name.
    pub name: Say,
    /// Records to be destroyed; absent where there are some, but fewer than five.
    pub due: Option<u64>,
    /// Records that something still needs, by what that is; absent likewise.
    pub put_off: Vec<(PutOff, Option<u64>)>,
}

/// What is due until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DueList {
    /// The day, itself included.
    pub until: Date,
    /// By item; items of which nothing is due are left out.
    pub lines: Vec<DueLine>,
    /// Clauses that nobody has read at their source: production destroys nothing on them.
    pub unread: Vec<String>,
}

impl Installation {
    /// Counts what the round destroys until a day, by the rules as they are on it.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`]; [`crate::Kind::Invalid`] for a day that has passed.
    pub fn record_retention(&self, caller: &Caller, until: Date) -> Result<DueList, AppError> {
        self.authorise(caller, "record_retention")?;
        if until < self.today() {
            return Err(AppError::invalid(
                format!("{until} 已过；请写今天或者以后的日期"),
                format!("{until} has passed: name today or a later day"),
            ));
        }
        let law = self.law()?.on(until);
        let catalogue = std::sync::Arc::clone(&self.catalogue);
        let (mut lines, mut unread) = (Vec::new(), BTreeSet::new());
        for item in catalogue.items() {
            unread.extend(law.unread(item).map(str::to_owned));
            let Some(before) = law.ended_before(item) else { continue };
            let (mut due, mut put_off, mut seen) = (0, BTreeMap::new(), BTreeSet::new());
            let mut after: EndedRecord = (i64::MIN, [0; 16], [0; 16]);
            loop {
                let view = self.store.view();
                let slice = view.records_ended(item.code(), &after, before, SLICE)?;
                let Some(last) = slice.last().copied() else { break };
                after = last;
                for (_, subject, record) in slice {
                    // A record of several versions stands there once for each.
                    if !seen.insert((subject, record)) {
                        continue;
                    }
                    match law.judged(view, &subject, &record)?.map(|judged| judged.fate) {
                        Some(Fate::Due) => due += 1,
                        Some(Fate::PutOff(why)) => *put_off.entry(why).or_insert(0) += 1,
                        Some(Fate::Kept(_)) | None => {}
                    }
                }
            }
            if due > 0 || !put_off.is_empty() {
                let name = Say::new(&item.item.name, &item.item.name_en);
                let put_off = put_off.into_iter().map(|(why, count)| (why, counted(count))).collect();
                lines.push(DueLine { item: item.code().to_owned(), name, due: counted(due), put_off });
            }
        }
        Ok(DueList { until, lines, unread: unread.into_iter().collect() })
    }
}

fn counted(count: u64) -> Option<u64> {
    Some(count).filter(|count| *count == 0 || *count >= FEWEST)
}
