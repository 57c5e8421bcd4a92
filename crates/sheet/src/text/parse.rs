//! Records of CSV and TSV into [`Rows`].
//!
//! RFC 4180 with the leniency of spreadsheets: a quotation mark opens only at the start of a field and
//! is an ordinary character elsewhere; text behind a closing mark belongs to the field, and is noted as
//! [`Problem::StrayQuote`]. `csv-core` gives the same fields (a test holds the two against each other) by
//! stepping through every byte; here the block's text itself becomes the buffer of the rows, and only the
//! separators are visited, several times faster.

use crate::problem::Problem;
use crate::rows::{RowMeta, Rows, Span};
use crate::text::Shape;

/// What to make of the records of a block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) shape: Shape,
    /// Rows up to this number are skipped.
    pub(crate) after_row: u64,
    /// Fields to hand out of each row.
    pub(crate) columns: usize,
    /// Whether a row with fewer fields than `columns` is short. Not for the head, where nobody knows yet.
    pub(crate) fixed: bool,
    pub(crate) max_cell_chars: usize,
}

/// The quotation marks of the field under reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    None,
    Open { escapes: bool },
    Closed { at: usize, escapes: bool },
}

/// Parses `rows.text`, which holds whole records, the first of which is row `first_row`.
pub(crate) fn parse(rows: &mut Rows, first_row: u64, plan: &Plan) {
    let text = std::mem::take(&mut rows.text);
    let mut fields = Fields::new(&text, first_row, plan, rows);
    let delimiter = plan.shape.delimiter.unwrap_or(b',');
    let line_end = plan.shape.line_end;
    let bytes = text.as_bytes();
    for at in memchr::memchr3_iter(delimiter, b'"', line_end, bytes) {
        let byte = bytes[at];
        match fields.quotes {
            Quotes::None if byte == b'"' => {
                if at == fields.start {
                    fields.quotes = Quotes::Open { escapes: false };
                }
                continue;
            }
            Quotes::None => {}
            Quotes::Open { escapes } => {
                if byte == b'"' {
                    fields.quotes = Quotes::Closed { at, escapes };
                }
                continue;
            }
            Quotes::Closed { at: closed, .. } if byte == b'"' => {
                if at == closed + 1 {
                    fields.quotes = Quotes::Open { escapes: true };
                }
                continue;
            }
            Quotes::Closed { .. } => {}
        }
        if byte == line_end {
            let end = if line_end == b'\n' && at > fields.start && bytes[at - 1] == b'\r' { at - 1 } else { at };
            fields.end_field(end);
            fields.end_row(at + 1);
        } else {
            fields.end_field(at);
            fields.start = at + 1;
        }
    }
    if fields.start < text.len() || fields.seen > 0 {
        fields.end_field(text.len());
        fields.end_row(text.len());
    }
    let unescaped = fields.unescaped;
    rows.text = text;
    rows.text.push_str(&unescaped);
    rows.note_mojibake();
}

/// The row under reading.
struct Fields<'a> {
    text: &'a str,
    plan: &'a Plan,
    rows: &'a mut Rows,
    /// Fields that are not a piece of the text as it stands; goes behind it in the end.
    unescaped: String,
    /// Where the field under reading starts.
    start: usize,
    quotes: Quotes,
    meta: RowMeta,
    /// Fields of the row so far.
    seen: usize,
    /// Fields up to the last one that is not empty.
    filled: usize,
    /// Whether the row has more than white space.
    holds: bool,
}

impl<'a> Fields<'a> {
    fn new(text: &'a str, first_row: u64, plan: &'a Plan, rows: &'a mut Rows) -> Fields<'a> {
        let meta = rows.begin_row(first_row);
        Fields {
            text,
            plan,
            rows,
            unescaped: String::new(),
            start: 0,
            quotes: Quotes::None,
            meta,
            seen: 0,
            filled: 0,
            holds: false,
        }
    }

    #[inline]
    fn end_field(&mut self, end: usize) {
        self.seen += 1;
        let span = match self.quotes {
            Quotes::None => Span::new(self.start, end),
            Quotes::Closed { at, escapes: false } if at + 1 == end => Span::new(self.start + 1, at),
            quotes => self.unescape(quotes, end),
        };
        self.quotes = Quotes::None;
        if span.is_empty() {
            if self.seen <= self.plan.columns {
                self.rows.fields.push(span);
            }
            return;
        }
        self.filled = self.seen;
        self.holds = self.holds || !self.field(span).trim().is_empty();
        if self.seen <= self.plan.columns {
            self.rows.fields.push(span);
            if span.len() > self.plan.max_cell_chars {
                self.note_length(span);
            }
        }
    }

    /// A field's text. Spans behind the text lie in `unescaped`.
    fn field(&self, span: Span) -> &str {
        let behind = self.text.len() as u32;
        if span.start < behind || self.unescaped.is_empty() {
            return span.of(self.text);
        }
        Span { start: span.start - behind, end: span.end - behind }.of(&self.unescaped)
    }

    #[cold]
    fn note_length(&mut self, span: Span) {
        let chars = self.field(span).chars().count();
        if chars > self.plan.max_cell_chars {
            self.rows.problems.push(Problem::LongCell { column: self.seen, chars });
        }
    }

    fn unescape(&mut self, quotes: Quotes, end: usize) -> Span {
        // The cutter lets no block end inside quotation marks; were it so, the rest is the field.
        let closed = match quotes {
            Quotes::Closed { at, .. } => at,
            _ => end,
        };
        let from = self.unescaped.len();
        let mut quoted = &self.text[self.start + 1..closed];
        while let Some(at) = memchr::memchr(b'"', quoted.as_bytes()) {
            self.unescaped.push_str(&quoted[..=at]);
            quoted = &quoted[(at + 2).min(quoted.len())..];
        }
        self.unescaped.push_str(quoted);
        if closed + 1 != end {
            self.unescaped.push_str(self.text.get(closed + 1..end).unwrap_or_default());
            self.rows.problems.push(Problem::StrayQuote { column: self.seen });
        }
        Span::new(self.text.len() + from, self.text.len() + self.unescaped.len())
    }

    #[inline]
    fn end_row(&mut self, next: usize) {
        let columns = self.plan.columns;
        let number = self.meta.number;
        let wanted = number > self.plan.after_row;
        if wanted && self.holds {
            self.meta.width = if self.seen <= columns { self.seen } else { self.filled.max(columns) } as u32;
            if self.plan.fixed && self.meta.width as usize != columns {
                self.note_width();
            }
            self.rows.rows.push(self.meta);
        } else {
            self.rows.fields.truncate(self.meta.first_field as usize);
            self.rows.problems.truncate(self.meta.first_problem as usize);
            self.rows.blank += u64::from(wanted);
        }
        self.start = next;
        self.seen = 0;
        self.filled = 0;
        self.holds = false;
        self.meta = self.rows.begin_row(number + 1);
    }

    #[cold]
    fn note_width(&mut self) {
        let (found, expected) = (self.meta.width as usize, self.plan.columns);
        self.rows.problems.push(match found < expected {
            true => Problem::TooFewCells { found, expected },
            false => Problem::TooManyCells { found, expected },
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str, columns: usize) -> Rows {
        let shape = Shape { delimiter: Some(b','), line_end: b'\n' };
        let plan = Plan { shape, after_row: 0, columns, fixed: true, max_cell_chars: 10 };
        let mut rows = Rows { text: text.to_owned(), ..Rows::default() };
        parse(&mut rows, 1, &plan);
        rows
    }

    fn cells(rows: &Rows) -> Vec<Vec<&str>> {
        rows.iter().map(|row| row.fields().collect()).collect()
    }

    #[test]
    fn quoted_fields_lose_their_marks_and_keep_what_is_inside() {
        let rows = parsed("\"a,b\",\"c\"\"d\"\r\n\"e\nf\",g\"h", 2);
        assert_eq!(cells(&rows), [["a,b", "c\"d"], ["e\nf", "g\"h"]]);
        assert!(rows.iter().all(|row| row.problems().is_empty()));
    }

    #[test]
    fn text_behind_a_closing_mark_is_kept_and_noted() {
        let rows = parsed("\"a\"b,c\n", 2);
        assert_eq!(cells(&rows), [["ab", "c"]]);
        assert_eq!(rows.row(0).problems(), [Problem::StrayQuote { column: 1 }]);
    }

    #[test]
    fn blank_rows_are_left_out_and_keep_their_numbers() {
        let rows = parsed("a,b\n\n , \u{3000}\n,\nc,d\n", 2);
        let numbers: Vec<u64> = rows.iter().map(|row| row.number()).collect();
        assert_eq!((numbers, rows.blank_rows()), (vec![1, 5], 3));
    }

    #[test]
    fn ragged_rows_say_how_many_cells_they_have() {
        let rows = parsed("a,b,c,\na\na,b,,\n", 2);
        assert_eq!(rows.row(0).problems(), [Problem::TooManyCells { found: 3, expected: 2 }]);
        assert_eq!(rows.row(1).problems(), [Problem::TooFewCells { found: 1, expected: 2 }]);
        assert!(rows.row(2).problems().is_empty(), "empty cells beyond the headings do no harm");
        assert_eq!((rows.row(0).len(), rows.row(1).field(1)), (2, ""));
    }

    #[test]
    fn a_long_cell_is_counted_in_characters() {
        let rows = parsed("十个字十个字十个字十,12345678901\n", 2);
        assert_eq!(rows.row(0).problems(), [Problem::LongCell { column: 2, chars: 11 }]);
    }

    #[test]
    fn lost_characters_are_noted_where_they_stand() {
        let rows = parsed("a,b\n\u{951F}\u{65A4}\u{62F7},x\ny,\"z\"\"\u{FFFD}\"\n", 2);
        assert!(rows.row(0).problems().is_empty());
        assert_eq!(rows.row(1).problems(), [Problem::Mojibake { column: 1 }]);
        assert_eq!(rows.row(2).problems(), [Problem::Mojibake { column: 2 }]);
    }
}
