//! The cells of a block of rows.

use std::borrow::Cow;

use crate::error::Fault;
use crate::grid::{GridPlan, GridRow};
use crate::number;
use crate::problem::Problem;
use crate::rows::Rows;
use crate::serial::NumberKind;
use crate::xlsx::book::Shared;
use crate::xlsx::strings::rich_text;
use crate::xlsx::xml::{Token, Tokens, XmlFault, attribute, attributes, push_resolved, resolved, undo_escapes};
use crate::xlsx::{MAX_COLUMNS, MAX_ROWS};

/// Reads whole rows of XML into `rows`. `first_row` is the number of the first one where it says none.
///
/// # Errors
/// The detail of a [`Fault::Damaged`], or another fault.
pub(crate) fn read(
    xml: &[u8],
    first_row: u64,
    shared: &Shared,
    plan: &GridPlan,
    rows: &mut Rows,
) -> Result<(), CellFault> {
    let text = simdutf8::basic::from_utf8(xml).map_err(|_| "not UTF-8")?;
    let mut tokens = Tokens::new(text);
    let mut number = first_row;
    while let Some(token) = tokens.next()? {
        let Token::Open { name: "row", attributes, empty } = token else { continue };
        if let Some(said) = attribute(attributes, "r")? {
            number = said.parse().map_err(|_| "a row number that is none")?;
        }
        let mut row = GridRow::begin(rows, number);
        if !empty {
            read_row(&mut tokens, &mut row, shared, plan, rows)?;
        }
        row.end(rows, plan);
        number += 1;
    }
    rows.note_mojibake();
    Ok(())
}

/// Why a block could not be read.
pub(crate) enum CellFault {
    /// The XML is broken: what was found, for support.
    Broken(Cow<'static, str>),
    /// Anything else.
    Other(Fault),
}

impl From<XmlFault> for CellFault {
    fn from(fault: XmlFault) -> Self {
        CellFault::Broken(Cow::Borrowed(fault))
    }
}

impl From<Fault> for CellFault {
    fn from(fault: Fault) -> Self {
        CellFault::Other(fault)
    }
}

fn read_row(
    tokens: &mut Tokens<'_>,
    row: &mut GridRow,
    shared: &Shared,
    plan: &GridPlan,
    rows: &mut Rows,
) -> Result<(), CellFault> {
    let mut column = 0;
    loop {
        match tokens.next()?.ok_or("a row breaks off")? {
            Token::Open { name: "c", attributes, empty } => {
                let cell = Cell::new(attributes, row.number(), column)?;
                column = cell.column + 1;
                if !empty {
                    cell.read(tokens, row, shared, plan, rows)?;
                }
            }
            Token::Close { name: "row" } => return Ok(()),
            _ => {}
        }
    }
}

/// A cell's tag.
struct Cell<'a> {
    /// From 0.
    column: usize,
    style: Option<usize>,
    kind: &'a str,
}

impl<'a> Cell<'a> {
    #[inline]
    fn new(text: &'a str, row: u64, next_column: usize) -> Result<Cell<'a>, CellFault> {
        let mut cell = Cell { column: next_column, style: None, kind: "n" };
        for (name, value) in attributes(text) {
            match name {
                "r" => {
                    cell.column = position(value, row).ok_or_else(|| {
                        let value: String = value.chars().take(16).collect();
                        CellFault::Broken(format!("a cell called {value} in row {row}").into())
                    })?;
                }
                "s" => cell.style = value.parse().ok(),
                "t" => cell.kind = value,
                _ => {}
            }
        }
        match cell.column < MAX_COLUMNS && row <= MAX_ROWS {
            true => Ok(cell),
            false => Err(CellFault::Broken("a cell beyond the last column or row".into())),
        }
    }

    fn read(
        &self,
        tokens: &mut Tokens<'_>,
        row: &mut GridRow,
        shared: &Shared,
        plan: &GridPlan,
        rows: &mut Rows,
    ) -> Result<(), CellFault> {
        let start = rows.text.len();
        let mut value = "";
        loop {
            match tokens.next()?.ok_or("a cell breaks off")? {
                Token::Open { name: "v", empty: false, .. } => match tokens.next()? {
                    Some(Token::Text(text) | Token::Raw(text)) => value = text,
                    Some(Token::Close { name: "v" }) => {}
                    _ => return Err("a value in pieces".into()),
                },
                Token::Open { name: "is", empty: false, .. } => rich_text(tokens, "is", &mut rows.text)?,
                Token::Open { name: "f", empty, .. } => {
                    row.has_formula();
                    while !empty && !matches!(tokens.next()?, Some(Token::Close { name: "f" }) | None) {}
                }
                Token::Close { name: "c" } => break,
                _ => {}
            }
        }
        let problem = if value.is_empty() { None } else { self.push_value(value, shared, &mut rows.text)? };
        let kept = row.place(rows, plan, self.column, start)?;
        if kept && let Some(problem) = problem {
            rows.problems.push(problem);
        }
        Ok(())
    }

    /// Appends the text of a value.
    #[inline]
    fn push_value(&self, value: &str, shared: &Shared, out: &mut String) -> Result<Option<Problem>, CellFault> {
        match self.kind {
            "s" => {
                let text = value.trim().parse().ok().and_then(|index| shared.strings.get(index));
                out.push_str(text.ok_or("a string that is not in the string table")?);
            }
            "n" => return Ok(self.push_number(value, shared, out)),
            "str" => {
                let start = out.len();
                push_resolved(out, value)?;
                undo_escapes(out, start);
            }
            "b" => out.push_str(if matches!(value.trim(), "1" | "true") { "TRUE" } else { "FALSE" }),
            "e" => {
                let code = resolved(value)?.into_owned();
                out.push_str(&code);
                return Ok(Some(Problem::ErrorCell { column: self.column + 1, code }));
            }
            // ISO dates, which hardly any program writes; a date without a time ends in midnight.
            "d" => out.push_str(value.strip_suffix('Z').unwrap_or(value).trim_end_matches("T00:00:00")),
            // `<is>` was read already.
            "inlineStr" => {}
            _ => return Err("a kind of cell that is not known".into()),
        }
        Ok(None)
    }

    #[inline]
    fn push_number(&self, value: &str, shared: &Shared, out: &mut String) -> Option<Problem> {
        let kind = self.style.and_then(|style| shared.kinds.get(style)).copied().unwrap_or_default();
        if kind == NumberKind::Number && number::is_plain_integer(value) {
            out.push_str(value);
            return None;
        }
        match value.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => number::push_cell(out, number, kind, shared.epoch_1904)
                .then_some(Problem::LossyNumber { column: self.column + 1 }),
            // Some programs put text into numeric cells; it is what the cell holds.
            _ => {
                out.push_str(value);
                None
            }
        }
    }
}

/// The column (from 0) of a cell called `B7`, if it is in row 7.
#[inline]
fn position(name: &str, row: u64) -> Option<usize> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column = name.as_bytes()[..letters.min(4)]
        .iter()
        .fold(0, |column, byte| column * 26 + usize::from(byte.to_ascii_uppercase() - b'A') + 1);
    (letters > 0 && letters < 4 && name[letters..].parse::<u64>() == Ok(row)).then(|| column - 1)
}

/// Adds the place to what a broken block says.
pub(crate) fn fault(fault: CellFault, part: &str) -> Fault {
    match fault {
        CellFault::Other(fault) => fault,
        CellFault::Broken(detail) => Fault::Damaged { part: part.to_owned(), detail: detail.into_owned() },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn plan() -> GridPlan {
        GridPlan { after_row: 0, columns: 4, fixed: true, max_columns: 1024, max_cell_chars: 32_767 }
    }

    fn cells(xml: &str) -> Result<Rows, Fault> {
        let mut shared = Shared { kinds: vec![NumberKind::Number, NumberKind::Date], ..Shared::default() };
        let append = |out: &mut String| {
            out.push_str("共享");
            Ok(())
        };
        shared.strings.add(100, append).unwrap();
        let mut rows = Rows::default();
        read(xml.as_bytes(), 1, &shared, &plan(), &mut rows).map_err(|e| fault(e, "sheet"))?;
        Ok(rows)
    }

    #[test]
    fn every_kind_of_cell_becomes_text() {
        let rows = cells(
            "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"B3\" s=\"1\"><v>46082</v></c>\
             <c r=\"D3\" t=\"inlineStr\"><is><r><t>a</t></r><r><t>&amp;b</t></r><rPh><t>x</t></rPh></is></c></row>\
             <row><c><v>1.50</v></c><c t=\"b\"><v>1</v></c><c t=\"str\"><f>A1</f><v>x_x000A_y</v></c></row>",
        )
        .unwrap();
        assert_eq!(rows.row(0).fields().collect::<Vec<_>>(), ["共享", "2026-03-01", "", "a&b"]);
        assert_eq!(rows.row(1).fields().collect::<Vec<_>>(), ["1.5", "TRUE", "x\ny"]);
        let flags: Vec<_> = rows.iter().map(|row| (row.number(), row.has_formula())).collect();
        assert_eq!(flags, [(3, false), (4, true)]);
    }

    #[test]
    fn lost_digits_and_errors_are_problems_of_the_row() {
        let rows = cells(
            "<row><c><v>990000199001010017</v></c><c t=\"e\"><v>#N/A</v></c></row>\
             <row><c><v>9.9000019900101005E+17</v></c><c r=\"E2\"><v>1</v></c></row>",
        )
        .unwrap();
        let codes = |i: usize| rows.row(i).problems().iter().map(Problem::code).collect::<Vec<_>>();
        assert_eq!(codes(0), ["lossy-number", "error-cell"]);
        assert_eq!(codes(1), ["lossy-number", "too-many-cells"]);
    }

    #[test]
    fn rows_without_values_are_left_out() {
        let rows = cells("<row r=\"1\"/><row r=\"2\"><c r=\"A2\" s=\"1\"/><c r=\"B2\"><v></v></c></row>").unwrap();
        assert_eq!((rows.len(), rows.blank_rows()), (0, 2));
    }

    #[test]
    fn a_cell_in_a_far_column_is_named_and_an_empty_one_does_no_harm() {
        let far = cells("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>").err().unwrap();
        assert!(matches!(far, Fault::TooManyColumns { cell, limit: 1024 } if cell == "XFD1048576"));
        assert!(cells("<row r=\"1\"><c r=\"XFD1\" s=\"1\"/></row>").unwrap().is_empty());
    }

    #[test]
    fn broken_rows_are_damage_not_data() {
        for xml in [
            "<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>",
            "<row><c t=\"s\"><v>9</v></c></row>",
            "<row><c><v>1</v>",
            "<row><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>",
            "<row><c t=\"q\"><v>1</v></c></row>",
            "<row r=\"1\"><c r=\"AAAAA1\"><v>1</v></c></row>",
        ] {
            assert!(matches!(cells(xml), Err(Fault::Damaged { .. })), "{xml}");
        }
    }
}
