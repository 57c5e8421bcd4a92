//! A dictionary, ready to be asked for every row of a file.

use std::collections::HashMap;

use super::heading::fold;
use super::model::{Dictionary, DictionaryValue};

/// A closed list of values with the spellings accepted for them.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// Code of the dictionary.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    values: Vec<DictionaryValue>,
    /// As written: value or alias. Asked first, so that a clean file costs one look-up a cell.
    exact: HashMap<String, Spelling>,
    /// As [`fold`] leaves it: width, case and spaces do not count.
    folded: HashMap<String, Spelling>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spelling {
    index: usize,
    alias: bool,
}

impl Choices {
    /// Indexes a dictionary. Where one spelling stands for two values the first wins; the checker refuses that.
    #[must_use]
    pub fn new(dictionary: &Dictionary) -> Self {
        let mut exact = HashMap::new();
        let mut folded = HashMap::new();
        // Values before aliases: no alias may hide a value.
        for (index, value) in dictionary.values.iter().enumerate() {
            exact.entry(value.value.clone()).or_insert(Spelling { index, alias: false });
            folded.entry(fold(&value.value)).or_insert(Spelling { index, alias: true });
        }
        for (index, value) in dictionary.values.iter().enumerate() {
            for alias in &value.aliases {
                exact.entry(alias.clone()).or_insert(Spelling { index, alias: true });
                folded.entry(fold(alias)).or_insert(Spelling { index, alias: true });
            }
        }
        Self {
            code: dictionary.code.clone(),
            name: dictionary.name.clone(),
            name_en: dictionary.name_en.clone(),
            values: dictionary.values.clone(),
            exact,
            folded,
        }
    }

    /// The stored value for a spelling, and whether the spelling differed from it (so that the change is reported).
    /// `None`: not in the list.
    #[must_use]
    pub fn normalise(&self, spelling: &str) -> Option<(&str, bool)> {
        let found = self.look_up(spelling)?;
        Some((self.values.get(found.index)?.value.as_str(), found.alias))
    }

    /// Position among [`Self::values`] of the value that a spelling stands for.
    #[must_use]
    pub fn index_of(&self, spelling: &str) -> Option<usize> {
        self.look_up(spelling).map(|found| found.index)
    }

    /// Is it a value exactly as stored?
    #[must_use]
    pub fn holds(&self, value: &str) -> bool {
        self.exact.get(value).is_some_and(|found| !found.alias)
    }

    /// The values as stored, in the order of the catalogue.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &str> {
        self.values.iter().map(|entry| entry.value.as_str())
    }

    /// The values with their English and the spellings accepted for them, in the same order.
    #[must_use]
    pub fn entries(&self) -> &[DictionaryValue] {
        &self.values
    }

    fn look_up(&self, spelling: &str) -> Option<Spelling> {
        self.exact.get(spelling).or_else(|| self.folded.get(&fold(spelling))).copied()
    }
}
