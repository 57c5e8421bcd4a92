//! Decoded rows, flat: one buffer of text, and spans into it. Reused from block to block, so that a
//! million rows cost a handful of allocations.

use std::collections::BTreeMap;

use memchr::memmem;

use crate::problem::Problem;

/// What is mended in a row, away from its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mend {
    /// Is the row passed over?
    pub left_out: bool,
    /// What a cell says instead, by its column, counted from 0.
    pub cells: BTreeMap<usize, String>,
}

/// Mended rows by their numbers.
pub type Mends = BTreeMap<u64, Mend>;

/// A piece of the text buffer. 32 bits are enough: a block is bounded by the limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Span {
        debug_assert!(end <= u32::MAX as usize, "a block is far smaller than 4 GiB");
        Span { start: start as u32, end: end as u32 }
    }

    pub(crate) fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }

    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub(crate) fn len(self) -> usize {
        (self.end - self.start) as usize
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct RowMeta {
    pub(crate) number: u64,
    pub(crate) first_field: u32,
    pub(crate) first_problem: u32,
    pub(crate) width: u32,
    pub(crate) has_formula: bool,
}

/// Rows of a block, decoded. Fill it with [`Block::decode`](crate::Block::decode) and use it again for the
/// next block.
///
/// Rows that hold nothing (empty lines, cells of white space only) are left out and counted
/// ([`blank_rows`](Self::blank_rows)); the numbers of the other rows are not disturbed by that.
#[derive(Debug, Default, Clone)]
pub struct Rows {
    pub(crate) text: String,
    pub(crate) fields: Vec<Span>,
    pub(crate) rows: Vec<RowMeta>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) blank: u64,
}

impl Rows {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Row `index`, counted from 0.
    ///
    /// # Panics
    /// Where there is no such row, as a slice does.
    pub fn row(&self, index: usize) -> RowRef<'_> {
        assert!(index < self.rows.len(), "row {index} of {}", self.rows.len());
        RowRef { rows: self, index }
    }

    /// The rows in their order.
    pub fn iter(&self) -> impl Iterator<Item = RowRef<'_>> {
        (0..self.rows.len()).map(|index| RowRef { rows: self, index })
    }

    /// Rows that were there and held nothing.
    pub fn blank_rows(&self) -> u64 {
        self.blank
    }

    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.fields.clear();
        self.rows.clear();
        self.problems.clear();
        self.blank = 0;
    }

    /// Puts what was mended in the place of what the file says. What was wrong with a cell is gone with what stood in it; what is wrong
    /// with a row as a whole stays.
    pub fn mend(&mut self, mends: &Mends) {
        let (Some(first), Some(last)) = (self.rows.first(), self.rows.last()) else { return };
        if mends.range(first.number..=last.number).next().is_none() {
            return;
        }
        let mut mended = Rows { blank: self.blank, ..Rows::default() };
        for row in self.iter() {
            match mends.get(&row.number()) {
                Some(mend) if mend.left_out => {}
                mend => mended.push_mended(row, mend.map(|mend| &mend.cells)),
            }
        }
        *self = mended;
    }

    fn push_mended(&mut self, row: RowRef<'_>, cells: Option<&BTreeMap<usize, String>>) {
        let cell = |column: usize| cells.and_then(|cells| cells.get(&column));
        let last = cells.and_then(|cells| cells.keys().next_back()).map_or(0, |column| column + 1);
        let meta =
            RowMeta { width: row.width() as u32, has_formula: row.has_formula(), ..self.begin_row(row.number()) };
        for column in 0..row.len().max(last.min(row.width())) {
            let start = self.text.len();
            self.text.push_str(cell(column).map_or_else(|| row.field(column), String::as_str));
            self.fields.push(Span::new(start, self.text.len()));
        }
        let stands = |problem: &&Problem| problem.column().and_then(|column| cell(column.checked_sub(1)?)).is_none();
        self.problems.extend(row.problems().iter().filter(stands).cloned());
        self.rows.push(meta);
    }

    /// Starts a row: its fields and problems are what is pushed until the row itself is pushed.
    pub(crate) fn begin_row(&self, number: u64) -> RowMeta {
        RowMeta {
            number,
            first_field: self.fields.len() as u32,
            first_problem: self.problems.len() as u32,
            width: 0,
            has_formula: false,
        }
    }

    /// Appends copies of `other`'s rows until there are `most`.
    pub(crate) fn append(&mut self, other: &Rows, most: usize) {
        for row in other.iter().take(most.saturating_sub(self.len())) {
            let meta =
                RowMeta { width: row.width() as u32, has_formula: row.has_formula(), ..self.begin_row(row.number()) };
            for field in row.fields() {
                let start = self.text.len();
                self.text.push_str(field);
                self.fields.push(Span::new(start, self.text.len()));
            }
            self.problems.extend_from_slice(row.problems());
            self.rows.push(meta);
        }
    }

    /// Looks for characters that only a broken conversion leaves behind, and notes the rows that have
    /// them. One search over the whole buffer: almost no file has any.
    pub(crate) fn note_mojibake(&mut self) {
        const SIGNS: [&str; 2] = ["\u{FFFD}", "\u{951F}\u{65A4}\u{62F7}"];
        let mut hits: Vec<usize> =
            SIGNS.iter().flat_map(|sign| memmem::find_iter(self.text.as_bytes(), sign)).collect();
        if hits.is_empty() {
            return;
        }
        hits.sort_unstable();
        // Problems lie in row order, so they are laid out anew with the additions in their places.
        let old = std::mem::take(&mut self.problems);
        let bounds: Vec<(usize, usize)> = (0..self.rows.len()).map(|i| self.problem_bounds(i, old.len())).collect();
        for (index, (from, to)) in bounds.into_iter().enumerate() {
            let first = self.problems.len() as u32;
            self.problems.extend_from_slice(&old[from..to]);
            let lost = |span: &Span| {
                let at = hits.partition_point(|&hit| hit < span.start as usize);
                hits.get(at).is_some_and(|&hit| hit < span.end as usize)
            };
            let columns = (1..).zip(self.field_spans(index)).filter(|(_, span)| lost(span));
            let found: Vec<Problem> = columns.map(|(column, _)| Problem::Mojibake { column }).collect();
            self.problems.extend(found);
            self.rows[index].first_problem = first;
        }
    }

    fn field_spans(&self, index: usize) -> &[Span] {
        let first = self.rows[index].first_field as usize;
        let end = self.rows.get(index + 1).map_or(self.fields.len(), |next| next.first_field as usize);
        &self.fields[first..end]
    }

    fn problem_bounds(&self, index: usize, total: usize) -> (usize, usize) {
        let first = self.rows[index].first_problem as usize;
        (first, self.rows.get(index + 1).map_or(total, |next| next.first_problem as usize))
    }
}

/// One row of [`Rows`].
#[derive(Debug, Clone, Copy)]
pub struct RowRef<'a> {
    rows: &'a Rows,
    index: usize,
}

impl<'a> RowRef<'a> {
    /// The row number as a spreadsheet shows it: from 1, headings, titles and blank rows counted. A text
    /// record of several lines counts as one row, as it does in a spreadsheet. For JSON Lines, the line.
    pub fn number(&self) -> u64 {
        self.rows.rows[self.index].number
    }

    /// Cells handed out: at most the columns asked for. Cells that the row lacks are not counted.
    pub fn len(&self) -> usize {
        self.rows.field_spans(self.index).len()
    }

    /// Whether no cells are handed out (a line that is not JSON).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of cell `column`, counted from 0; a cell that the row lacks is the empty text.
    pub fn field(&self, column: usize) -> &'a str {
        self.rows.field_spans(self.index).get(column).map_or("", |span| span.of(&self.rows.text))
    }

    /// The cells in their order.
    pub fn fields(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let rows = self.rows;
        rows.field_spans(self.index).iter().map(move |span| span.of(&rows.text))
    }

    /// Cells in the file: in text, what the separators say (empty cells beyond the headings are not
    /// counted); in a workbook, up to the last cell that holds something.
    pub fn width(&self) -> usize {
        self.rows.rows[self.index].width as usize
    }

    /// Whether a formula made one of its values (XLSX only; XLS does not tell). The value is the one the
    /// spreadsheet program calculated last.
    pub fn has_formula(&self) -> bool {
        self.rows.rows[self.index].has_formula
    }

    /// What is wrong with the row.
    pub fn problems(&self) -> &'a [Problem] {
        let (from, to) = self.rows.problem_bounds(self.index, self.rows.problems.len());
        &self.rows.problems[from..to]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Rows {
        let mut rows = Rows::default();
        for (number, cells) in [(2, ["a", "b"]), (3, ["c", "d"]), (4, ["e", "f"])] {
            let meta = RowMeta { width: 2, ..rows.begin_row(number) };
            for cell in cells {
                let start = rows.text.len();
                rows.text.push_str(cell);
                rows.fields.push(Span::new(start, rows.text.len()));
            }
            rows.problems.push(Problem::LossyNumber { column: 2 });
            rows.rows.push(meta);
        }
        rows
    }

    fn read(rows: &Rows) -> Vec<(u64, String, usize)> {
        rows.iter()
            .map(|row| (row.number(), row.fields().collect::<Vec<_>>().join("|"), row.problems().len()))
            .collect()
    }

    #[test]
    fn a_mended_cell_takes_the_place_of_the_one_in_the_file_and_of_what_was_wrong_with_it() {
        let mut mended = rows();
        let cells = BTreeMap::from([(1, "字".to_owned())]);
        let left_out = Mend { left_out: true, cells: BTreeMap::new() };
        mended.mend(&Mends::from([(3, Mend { left_out: false, cells }), (4, left_out)]));
        assert_eq!(read(&mended), [(2, "a|b".to_owned(), 1), (3, "c|字".to_owned(), 0)]);
        let mut elsewhere = rows();
        elsewhere.mend(&Mends::from([(9, Mend::default())]));
        assert_eq!(read(&elsewhere), read(&rows()));
    }

    #[test]
    fn a_cell_beyond_the_row_is_not_made() {
        let mut mended = rows();
        mended.mend(&Mends::from([(2, Mend { left_out: false, cells: BTreeMap::from([(7, "x".to_owned())]) })]));
        assert_eq!(read(&mended)[0], (2, "a|b".to_owned(), 1));
    }
}
