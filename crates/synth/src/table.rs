//! Columns and rows before any office has dressed them: what a value is, not how it is written.

use std::borrow::Cow;

use jiff::civil::Date;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(Cow<'static, str>),
    Day(Date),
    /// 2099-12-31, which stands for "no end".
    NoEnd,
    /// The 30th of February of that year.
    NoSuchDay(i16),
    /// An amount in 分 (0.01 CNY), written in 万元 (10 000 CNY).
    Wan(i64),
    /// A whole number.
    Count(i64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<&'static str> for Cell {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<Date> for Cell {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

/// What a column is to this crate: which values it fills for every item alike, and where a fault can sit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Name,
    SubjectKind,
    DocumentKind,
    Number,
    Uscc,
    /// Name, document kind and number of an organisation's legal representative.
    Head,
    HeadDocumentKind,
    HeadNumber,
    /// Number of the determining document: required, part of the record's identity.
    DocumentNumber,
    Decided,
    Conduct,
    Authority,
    AuthorityCode,
    SourceTime,
    /// Legal basis that a penalty cites.
    Basis,
    PenaltyType,
    Money,
    /// Text that is no part of the record's identity: where two versions of one record differ.
    Content,
    /// Nothing that this crate treats specially.
    Plain,
}

/// One column of an item.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) code: &'static str,
    pub(crate) label: &'static str,
    /// The name that older systems gave it; empty where there is none.
    pub(crate) older: &'static str,
    pub(crate) part: Part,
    /// Do offices leave the column out of their files at will?
    pub(crate) optional: bool,
}

/// A column that every office sends.
pub(crate) const fn column(code: &'static str, label: &'static str, older: &'static str, part: Part) -> Column {
    Column { code, label, older, part, optional: false }
}

/// A column that some offices leave out.
pub(crate) const fn optional(code: &'static str, label: &'static str, older: &'static str, part: Part) -> Column {
    Column { code, label, older, part, optional: true }
}

/// One row: a cell for each column of the item.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    columns: &'static [Column],
    cells: Vec<Cell>,
}

impl Row {
    pub(crate) fn new(columns: &'static [Column]) -> Self {
        Self { columns, cells: vec![Cell::Empty; columns.len()] }
    }

    /// Sets the value of the column with that code; a code the item has not is passed over, which a test of every
    /// item excludes.
    pub(crate) fn set(&mut self, code: &str, value: impl Into<Cell>) {
        let place = self.columns.iter().position(|c| c.code == code);
        debug_assert!(place.is_some(), "no column {code}");
        if let Some(i) = place {
            self.cells[i] = value.into();
        }
    }

    /// Sets the value of every column with that part.
    pub(crate) fn set_part(&mut self, part: Part, value: impl Into<Cell>) {
        let value = value.into();
        for (column, cell) in self.columns.iter().zip(&mut self.cells) {
            if column.part == part {
                cell.clone_from(&value);
            }
        }
    }

    /// The value of the first column with that part.
    pub(crate) fn part(&self, part: Part) -> Option<&Cell> {
        self.columns.iter().position(|c| c.part == part).map(|i| &self.cells[i])
    }

    /// The value of the `i`th column of the item.
    pub(crate) fn cell(&self, i: usize) -> &Cell {
        &self.cells[i]
    }
}
