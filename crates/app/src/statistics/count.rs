//! How often each matter was asked about: counted from the log once for each month that is over, by the daily round.
//!
//! Counting with every check would have all windows wait for one row. An answer that a law orders hidden is not counted: a number must not tell of it.

use std::collections::BTreeMap;

use chengxin_core::Caller;
use chengxin_core::dates::shanghai_date;
use chengxin_core::statistics::Month;
use chengxin_store::audit::{CHECK_COUNTS, Cell};
use chengxin_store::log::INSTALLATION;
use serde::Deserialize;
use serde_json::json;

use super::TREND;
use crate::log::rows::marks;
use crate::{AppError, Installation, journal};

/// Entries read at a time.
const SLICE: i64 = 2_000;

/// What an entry says of a check.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    matter: String,
    /// There where the name did not agree, and nothing was answered.
    refused: Option<serde_json::Value>,
    /// There where the entry is hidden.
    about: Option<serde_json::Value>,
}

/// Checks by matter, for each month that is to be counted.
type Months = BTreeMap<Month, BTreeMap<String, i64>>;

impl Installation {
    /// Counts the checks of months that are over and were not counted yet, of the last year; how many months.
    ///
    /// # Errors
    /// The store's. A month is counted whole or not at all.
    pub(crate) fn statistics_count(&mut self) -> Result<usize, AppError> {
        const NAME: &str = "statistics_count";
        let mut months = self.months_to_count()?;
        if months.is_empty() {
            return Ok(0);
        }
        self.count_checks(&mut months)?;
        let (counted, caller) = (months.len(), Caller::operator("chengxin", "月度统计"));
        for (month, matters) in months {
            let (now_us, keys, number) = (self.now_us(), self.keys.clone(), month.number());
            self.store.write(NAME, |tx| -> Result<(), AppError> {
                let all = matters.values().sum();
                let mut written = vec![(String::new(), all)];
                written.extend(matters.iter().map(|(matter, checks)| (matter.clone(), *checks)));
                for (matter, checks) in &written {
                    tx.check_count_add(number, matter, *checks)?;
                }
                let key = |matter: &str| vec![Cell::Int(number), Cell::from(matter)];
                let rows: Vec<_> = written.iter().map(|(matter, _)| (&CHECK_COUNTS, key(matter))).collect();
                let detail = json!({ "month": month, "rows": marks(tx.view(), &keys, &rows)? });
                journal::log(tx, &keys, now_us, NAME, &caller, &detail).map(drop)
            })?;
        }
        Ok(counted)
    }

    /// Months of the last year that are over, in which there was this installation, and that nobody counted.
    fn months_to_count(&self) -> Result<Months, AppError> {
        let view = self.store.view();
        let Some(first) = view.log_entry(&INSTALLATION, 1)? else { return Ok(Months::new()) };
        let begun = Month::of(shanghai_date(first.at_us));
        let counted = view.check_months(i64::from(TREND) + 1)?;
        let last = Month::last_over(self.today());
        let months = (0..TREND).map(|back| last.back(back));
        let lacking = months.filter(|month| *month >= begun && !counted.contains(&month.number()));
        Ok(lacking.map(|month| (month, BTreeMap::new())).collect())
    }

    /// Walks the log once, in slices.
    fn count_checks(&self, months: &mut Months) -> Result<(), AppError> {
        let view = self.store.view();
        let (mut subject, mut number) = ([0; 16], 0);
        loop {
            let slice = view.log_walk(&subject, number, SLICE)?;
            let Some((last, entry)) = slice.last() else { return Ok(()) };
            (subject, number) = (*last, entry.number);
            for (_, entry) in slice.iter().filter(|(_, entry)| entry.operation == "check_answer") {
                let Some(matters) = months.get_mut(&Month::of(shanghai_date(entry.at_us))) else { continue };
                let Ok(said) = serde_json::from_str::<Said>(&entry.detail) else { continue };
                if said.refused.is_none() && said.about.is_none() && !said.matter.is_empty() {
                    *matters.entry(said.matter).or_default() += 1;
                }
            }
        }
    }
}
