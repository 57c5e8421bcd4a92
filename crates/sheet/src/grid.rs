//! Rows of a worksheet, whose cells come with a column each and may leave gaps.

use crate::error::{Fault, cell_name};
use crate::problem::Problem;
use crate::rows::{RowMeta, Rows, Span};

/// Most text that the rows of one block may come to. A block is a few hundred KiB of XML, but each of its
/// cells may refer to one and the same very long shared string.
const MAX_BLOCK_TEXT: usize = 32 * 1024 * 1024;

/// What to make of the rows of a worksheet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GridPlan {
    /// Rows up to this number are skipped.
    pub(crate) after_row: u64,
    /// Cells to hand out of each row.
    pub(crate) columns: usize,
    /// Whether cells beyond `columns` are a problem. Not for the head, where nobody knows yet.
    pub(crate) fixed: bool,
    pub(crate) max_columns: usize,
    pub(crate) max_cell_chars: usize,
}

/// A row under construction.
#[derive(Debug)]
pub(crate) struct GridRow {
    meta: RowMeta,
    width: usize,
    holds: bool,
}

impl GridRow {
    pub(crate) fn begin(rows: &Rows, number: u64) -> GridRow {
        GridRow { meta: rows.begin_row(number), width: 0, holds: false }
    }

    pub(crate) fn number(&self) -> u64 {
        self.meta.number
    }

    /// Notes that one of the row's values was calculated.
    pub(crate) fn has_formula(&mut self) {
        self.meta.has_formula = true;
    }

    /// Places the text that was appended to `rows.text` since `start` in `column` (from 0). Says whether
    /// it will be handed out; problems of other cells need not be noted.
    ///
    /// # Errors
    /// [`Fault::TooManyColumns`]; [`Fault::Damaged`] for two values in one place.
    pub(crate) fn place(
        &mut self,
        rows: &mut Rows,
        plan: &GridPlan,
        column: usize,
        start: usize,
    ) -> Result<bool, Fault> {
        let span = Span::new(start, rows.text.len());
        if span.is_empty() {
            return Ok(false);
        }
        if column >= plan.max_columns {
            let cell = cell_name(self.meta.number, column + 1);
            return Err(Fault::TooManyColumns { cell, limit: plan.max_columns });
        }
        if rows.text.len() > MAX_BLOCK_TEXT {
            let limit = MAX_BLOCK_TEXT;
            return Err(Fault::RecordTooLong { row: self.meta.number, limit });
        }
        self.width = self.width.max(column + 1);
        if column >= plan.columns {
            rows.text.truncate(start);
            self.holds = true;
            return Ok(false);
        }
        let index = self.meta.first_field as usize + column;
        if index >= rows.fields.len() {
            rows.fields.resize(index, Span::default());
            rows.fields.push(span);
        } else if rows.fields[index].is_empty() {
            rows.fields[index] = span;
        } else {
            let detail = format!("two values in {}", cell_name(self.meta.number, column + 1));
            return Err(Fault::Damaged { part: String::new(), detail });
        }
        self.holds = self.holds || !span.of(&rows.text).trim().is_empty();
        if span.len() > plan.max_cell_chars {
            let chars = span.of(&rows.text).chars().count();
            if chars > plan.max_cell_chars {
                rows.problems.push(Problem::LongCell { column: column + 1, chars });
            }
        }
        Ok(true)
    }

    /// Ends the row; a row that holds nothing, or is not wanted, leaves no trace but its count.
    pub(crate) fn end(mut self, rows: &mut Rows, plan: &GridPlan) {
        let wanted = self.meta.number > plan.after_row;
        if !wanted || !self.holds {
            rows.fields.truncate(self.meta.first_field as usize);
            rows.problems.truncate(self.meta.first_problem as usize);
            rows.blank += u64::from(wanted);
            return;
        }
        if plan.fixed && self.width > plan.columns {
            rows.problems.push(Problem::TooManyCells { found: self.width, expected: plan.columns });
        }
        self.meta.width = self.width as u32;
        rows.rows.push(self.meta);
    }
}
