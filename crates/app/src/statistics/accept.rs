//! What is kept of a submission when it is accepted: how many rows were taken, and how many new records were sent in time.
//!
//! Kept then, because the quality report of a file is JSON of any size, and the versions of a year are millions.

use std::collections::HashMap;

use chengxin_core::catalogue::ItemDef;
use chengxin_core::dates::{shanghai_date, to_days};
use chengxin_core::statistics::Month;
use chengxin_store::statistics::{SubmissionCounts, SubmissionFigure};
use chengxin_store::{Tx, View};

use crate::intake::Counts;
use crate::{AppError, Installation};

/// From which day on what is accepted today was sent in time; nothing where the item has no time, or its days cannot be counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InTime {
    since: Option<i32>,
    found: (i64, i64),
}

impl InTime {
    /// For what is accepted today.
    pub(crate) fn of(installation: &Installation, item: &ItemDef) -> Self {
        let today = shanghai_date(installation.now_us());
        let since = match item.item.send_within_working_days {
            None => None,
            // Where the holidays of a year lack nothing is judged: that is no reason to turn a file away.
            Some(days) => {
                installation.calendar().ok().and_then(|calendar| calendar.in_time_since(today, days).ok()).map(to_days)
            }
        };
        Self { since, found: (0, 0) }
    }

    /// How many new records a submission brought, and how many of them in time, by the days of their decisions.
    pub(crate) fn count(&mut self, fresh: &HashMap<i32, i64>) {
        if let Some(since) = self.since {
            let in_time = fresh.iter().filter(|(day, _)| **day >= since).map(|(_, count)| count).sum();
            self.found = (fresh.values().sum(), in_time);
        }
    }

    /// The same by looking at each, where some were written before or taken out again.
    pub(crate) fn again(&mut self, view: View<'_>, id: i64) -> Result<(), AppError> {
        if let Some(since) = self.since {
            self.found = view.submission_in_time(id, since)?;
        }
        Ok(())
    }

    /// Keeps the figures of a submission.
    pub(crate) fn keep(
        self,
        tx: &Tx<'_>,
        id: i64,
        authority: &str,
        now_us: i64,
        counts: &Counts,
    ) -> Result<(), AppError> {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let taken = counts.rows.saturating_sub(counts.refused).saturating_sub(counts.held);
        let counts = SubmissionCounts {
            rows: whole(counts.rows),
            taken: whole(taken),
            refused: whole(counts.refused),
            held: whole(counts.held),
            judged: self.found.0,
            in_time: self.found.1,
        };
        let month = Month::of(shanghai_date(now_us)).number();
        Ok(tx.submission_figure_add(&SubmissionFigure { submission: id, authority, month, counts })?)
    }
}
