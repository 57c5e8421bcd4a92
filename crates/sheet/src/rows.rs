//! Decoded rows, flat: one buffer of text, and spans into it. Reused from block to block, so that a
//! million rows cost a handful of allocations.

use memchr::memmem;

use crate::problem::Problem;

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
