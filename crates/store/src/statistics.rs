//! What statistics are made from: figures of submissions, kept with their acceptance, and how often each matter was asked about in a month.

use crate::value::{Row, values};
use crate::{StoreError, Tx, View};

crate::statements! {
    SUBMISSION_FIGURE_ADD = "INSERT INTO submission_figure (submission_id, authority, month, row_count, taken, refused, held, judged, in_time) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SUBMISSION_FIGURE_REMOVE = "DELETE FROM submission_figure WHERE submission_id = $1";
    // How authorities sent, month by month. Bound: the submissions of these months, by the index submission_figure_month.
    SUBMISSION_FIGURES = "SELECT authority, month, count(*), CAST(coalesce(sum(row_count), 0) AS BIGINT), CAST(coalesce(sum(taken), 0) AS BIGINT), \
        CAST(coalesce(sum(refused), 0) AS BIGINT), CAST(coalesce(sum(held), 0) AS BIGINT), CAST(coalesce(sum(judged), 0) AS BIGINT), \
        CAST(coalesce(sum(in_time), 0) AS BIGINT) FROM submission_figure WHERE month >= $1 AND month <= $2 \
        GROUP BY authority, month ORDER BY authority, month";
    // Items that anybody has sent. Bound: the index submission_by_office.
    ITEMS_SENT = "SELECT DISTINCT item FROM submission WHERE state = 2 ORDER BY item";
    CHECK_COUNT_ADD = "INSERT INTO check_count (month, matter, checks) VALUES ($1, $2, $3) ON CONFLICT (month, matter) DO NOTHING";
    // Months that were counted. Bound: twelve rows a year.
    CHECK_MONTHS = "SELECT month FROM check_count WHERE matter = '' ORDER BY month DESC LIMIT $1";
    // Bound: matters of these months, by the primary key.
    CHECK_COUNTS = "SELECT matter, CAST(coalesce(sum(checks), 0) AS BIGINT) FROM check_count WHERE month >= $1 AND month <= $2 AND matter <> '' \
        GROUP BY matter ORDER BY matter";
}

/// Figures of one accepted submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionFigure<'a> {
    /// Its number.
    pub submission: i64,
    /// Sending office.
    pub authority: &'a str,
    /// Month of its acceptance: 202610.
    pub month: i64,
    /// What came in it.
    pub counts: SubmissionCounts,
}

/// What came in submissions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SubmissionCounts {
    /// Rows with content.
    pub rows: i64,
    /// Of them, neither refused nor held.
    pub taken: i64,
    /// Of them, refused.
    pub refused: i64,
    /// Of them, held.
    pub held: i64,
    /// New records of items with a time for sending.
    pub judged: i64,
    /// Of those, sent within it.
    pub in_time: i64,
}

/// What an office sent in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthOfOffice {
    /// Sending office.
    pub authority: String,
    /// The month: 202610.
    pub month: i64,
    /// Accepted submissions.
    pub submissions: i64,
    /// What came in them.
    pub counts: SubmissionCounts,
}

fn read(row: Row<'_>) -> Result<MonthOfOffice, StoreError> {
    let counts = SubmissionCounts {
        rows: row.get(3)?,
        taken: row.get(4)?,
        refused: row.get(5)?,
        held: row.get(6)?,
        judged: row.get(7)?,
        in_time: row.get(8)?,
    };
    Ok(MonthOfOffice { authority: row.get(0)?, month: row.get(1)?, submissions: row.get(2)?, counts })
}

impl View<'_> {
    /// What offices sent from one month to another, both with it, by office and month.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_figures(&self, from: i64, to: i64) -> Result<Vec<MonthOfOffice>, StoreError> {
        self.link.rows(&SUBMISSION_FIGURES, values![from, to], read)
    }

    /// Codes of items of which anything was ever accepted.
    ///
    /// # Errors
    /// The engine's.
    pub fn items_sent(&self) -> Result<Vec<String>, StoreError> {
        self.link.rows(&ITEMS_SENT, &[], |row| row.get(0))
    }

    /// Months whose checks were counted, the newest first, `limit` at most.
    ///
    /// # Errors
    /// The engine's.
    pub fn check_months(&self, limit: i64) -> Result<Vec<i64>, StoreError> {
        self.link.rows(&CHECK_MONTHS, values![limit], |row| row.get(0))
    }

    /// How often each matter was answered from one month to another, both with it.
    ///
    /// # Errors
    /// The engine's.
    pub fn check_counts(&self, from: i64, to: i64) -> Result<Vec<(String, i64)>, StoreError> {
        self.link.rows(&CHECK_COUNTS, values![from, to], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

impl Tx<'_> {
    /// Keeps the figures of a submission.
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_figure_add(&self, new: &SubmissionFigure<'_>) -> Result<(), StoreError> {
        let SubmissionCounts { rows, taken, refused, held, judged, in_time } = new.counts;
        let values = values![new.submission, new.authority, new.month, rows, taken, refused, held, judged, in_time];
        self.link.run(&SUBMISSION_FIGURE_ADD, values)?;
        Ok(())
    }

    /// Forgets the figures of a submission that was taken back; were there any?
    ///
    /// # Errors
    /// The engine's.
    pub fn submission_figure_remove(&self, submission: i64) -> Result<bool, StoreError> {
        Ok(self.link.run(&SUBMISSION_FIGURE_REMOVE, values![submission])? > 0)
    }

    /// Keeps how often a matter was answered in a month; a month that another counted first stays as it is.
    ///
    /// # Errors
    /// The engine's.
    pub fn check_count_add(&self, month: i64, matter: &str, checks: i64) -> Result<(), StoreError> {
        self.link.run(&CHECK_COUNT_ADD, values![month, matter, checks])?;
        Ok(())
    }
}
