//! What everybody reads of how authorities send: shares alone, in the order of their codes, of a month that is over.

use chengxin_core::statistics::{Month, Share};
use chengxin_core::{Caller, Say};
use serde::Serialize;

use super::figure::Figure;
use crate::AppError;
use crate::authority::called;
use crate::reading::Reading;

/// How authorities sent in a month. A row of it is no rank, and none is sorted by what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// The last month that is over: `2026-10`.
    #[schema(value_type = String)]
    pub month: Month,
    /// Authorities that sent in it, by code.
    pub authorities: Vec<BoardLine>,
}

/// How an authority sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BoardLine {
    /// Its code.
    pub authority: String,
    /// Its name.
    pub authority_name: Say,
    /// Files that were accepted.
    pub submissions: u64,
    /// Share of new records that were sent within the working days that the catalogue sets.
    pub in_time: Figure,
    /// Share of rows that were taken.
    pub taken: Figure,
}

impl Reading {
    /// How authorities sent in the last month that is over, for everybody.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without a purpose; the store's.
    pub fn statistics_board(&self, caller: &Caller) -> Result<Board, AppError> {
        self.authorise(caller, "statistics_board")?;
        let (month, view) = (Month::last_over(self.today()), self.store.view());
        let number = month.number();
        let mut authorities = Vec::new();
        for row in view.submission_figures(number, number)? {
            let office = view.authority(&row.authority)?;
            let count = |count: i64| u64::try_from(count).unwrap_or(0);
            authorities.push(BoardLine {
                authority_name: called(office.as_ref(), &row.authority),
                submissions: count(row.submissions),
                in_time: Share::of(count(row.counts.in_time), count(row.counts.judged)).into(),
                taken: Share::of(count(row.counts.taken), count(row.counts.rows)).into(),
                authority: row.authority,
            });
        }
        Ok(Board { month, authorities })
    }
}
