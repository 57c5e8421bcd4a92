//! A table for a terminal: columns as wide as their widest cell, lines cut to what the terminal can hold.

use crate::out::{Look, Out};
use crate::width::{cut, pad, pad_left, width};

/// Rows under headings.
#[derive(Debug, Default)]
pub(crate) struct Table {
    headings: Vec<String>,
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Headings; one that begins with `>` stands over a column of numbers.
    pub(crate) fn new(headings: &[&str]) -> Self {
        Self {
            headings: headings.iter().map(|h| h.trim_start_matches('>').to_owned()).collect(),
            right: headings.iter().map(|h| h.starts_with('>')).collect(),
            rows: vec![],
        }
    }

    pub(crate) fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Prints it, `indent` columns in.
    pub(crate) fn print(&self, out: &Out, indent: usize) {
        let widths = self.widths();
        let limit = out.limit().saturating_sub(indent);
        if self.headings.iter().any(|h| !h.is_empty()) {
            let line = self.line(&self.headings, &widths, limit);
            out.line(&format!("{}{}", " ".repeat(indent), out.look(Look::Faint, &line)));
        }
        for row in &self.rows {
            out.line(&format!("{}{}", " ".repeat(indent), self.line(row, &widths, limit)));
        }
    }

    fn widths(&self) -> Vec<usize> {
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let widest = |column: usize| cells(column).map(|cell| width(cell)).max().unwrap_or(0);
        self.headings.iter().enumerate().map(|(i, heading)| width(heading).max(widest(i))).collect()
    }

    fn line(&self, cells: &[String], widths: &[usize], limit: usize) -> String {
        let mut line = String::new();
        for (i, cell) in cells.iter().enumerate() {
            let columns = widths.get(i).copied().unwrap_or(0);
            let right = self.right.get(i).copied().unwrap_or(false);
            if i > 0 {
                line.push_str("  ");
            }
            line.push_str(&if right { pad_left(cell, columns) } else { pad(cell, columns) });
        }
        cut(line.trim_end(), limit)
    }
}
