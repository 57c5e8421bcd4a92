//! What a new catalogue would do to the records held today. Nothing is written.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use chengxin_core::Caller;
use chengxin_core::catalogue::{self, Impact};
use serde::{Serialize, Serializer};

use super::walk::{Walk, items_to_recompute};
use super::{findings, load, read_dir, refuse_errors};
use crate::{AppError, Installation};

/// Records read at a time.
const SLICE: i64 = 2000;

/// What a new catalogue would change: in its rules, and for records held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CatalogueImpact {
    /// In its rules.
    pub rules: Impact,
    /// For records held, of the items whose rules change and of which anything is held.
    pub items: Vec<ItemImpact>,
}

/// What would happen to the records of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemImpact {
    /// Code of the item.
    pub item: String,
    /// Records in force.
    pub records: Count,
    /// Display would end earlier.
    pub earlier: Count,
    /// Display would end later.
    pub later: Count,
    /// Severity would change.
    pub severity: Count,
}

/// A count for people: fewer than five are not told apart, for a small cell can point at somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// None, or at least five.
    Exactly(u64),
    /// One to four.
    UnderFive,
}

impl From<u64> for Count {
    fn from(count: u64) -> Self {
        if (1..5).contains(&count) { Self::UnderFive } else { Self::Exactly(count) }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(count) => count.fmt(f),
            Self::UnderFive => f.write_str("<5"),
        }
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Exactly(count) => to.serialize_u64(*count),
            Self::UnderFive => to.serialize_str("<5"),
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    records: u64,
    earlier: u64,
    later: u64,
    severity: u64,
}

impl Installation {
    /// What the catalogue in folder `new` would change against that of folder `old`, or against the one in use. Records
    /// are counted as they are held: against the columns that they have now.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] where a folder cannot be read or the new catalogue may not stand.
    pub fn catalogue_impact<'p>(
        &self,
        caller: &Caller,
        old: impl Into<Option<&'p Path>>,
        new: &Path,
    ) -> Result<CatalogueImpact, AppError> {
        self.authorise(caller, "catalogue_impact")?;
        let files = read_dir(new)?;
        let new = load(&files)?;
        refuse_errors(&findings(&files, self.today(), self.place()))?;
        let rules = match old.into() {
            Some(old) => catalogue::impact(&load(&read_dir(old)?)?, &new),
            None => catalogue::impact(&self.catalogue, &new),
        };
        let items = items_to_recompute(&rules);
        let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
        if !items.is_empty() {
            let mut walk = Walk::new(&new, &items, &self.keys, &self.key_store);
            let mut cursor = ([0; 16], [0; 16]);
            while walk.slice(self.store.view(), &mut cursor, SLICE, &mut |held| {
                let tally = tallies.entry(held.row.item.clone()).or_default();
                tally.records += 1;
                tally.earlier += u64::from(held.ends_earlier());
                tally.later += u64::from(held.ends_later());
                tally.severity += u64::from(held.severity != held.row.severity);
                Ok(())
            })? {}
        }
        let items = tallies.into_iter().map(|(item, tally)| ItemImpact {
            item,
            records: tally.records.into(),
            earlier: tally.earlier.into(),
            later: tally.later.into(),
            severity: tally.severity.into(),
        });
        Ok(CatalogueImpact { rules, items: items.collect() })
    }
}
