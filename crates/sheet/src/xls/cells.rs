//! The cells of a sheet.

use crate::error::Fault;
use crate::grid::{GridPlan, GridRow};
use crate::number;
use crate::problem::Problem;
use crate::rows::Rows;
use crate::xls::records::{BOF, EOF, Long, Records, damaged, f64_at, u16_at, u32_at};
use crate::xlsx::book::Shared;

const LABEL_SST: u16 = 0x00FD;
const LABEL: u16 = 0x0204;
const RICH_LABEL: u16 = 0x00D6;
const NUMBER: u16 = 0x0203;
const RK: u16 = 0x027E;
const MULTIPLE_RK: u16 = 0x00BD;
const BOOLEAN_OR_ERROR: u16 = 0x0205;
const FORMULA: u16 = 0x0006;
const STRING: u16 = 0x0207;

/// Rows of one block.
const BLOCK_ROWS: usize = 2048;

/// Reads the rows of one sheet in their order.
#[derive(Debug)]
pub(crate) struct SheetReader {
    records: Records,
    /// Depth of substreams: 1 in the sheet itself, more in charts that lie in it.
    depth: usize,
    next_row: u64,
    at_end: bool,
}

/// Where a value stands, and its style.
struct Place {
    column: usize,
    style: usize,
}

impl Place {
    fn of(body: &[u8]) -> Result<Place, Fault> {
        Ok(Place { column: u16_at(body, 2)?.into(), style: u16_at(body, 4)?.into() })
    }
}

impl SheetReader {
    /// Starts at the sheet's place in the stream.
    pub(crate) fn new(mut records: Records, start: u64) -> SheetReader {
        records.seek(start);
        SheetReader { records, depth: 0, next_row: 1, at_end: false }
    }

    /// Position in the stream, for progress.
    pub(crate) fn position(&self) -> u64 {
        self.records.position()
    }

    /// Reads the rows of the next block; `false` at the end.
    ///
    /// # Errors
    /// [`Fault::Damaged`], [`Fault::TooManyColumns`].
    pub(crate) fn next(&mut self, shared: &Shared, plan: &GridPlan, rows: &mut Rows) -> Result<bool, Fault> {
        rows.clear();
        if self.at_end {
            return Ok(false);
        }
        let mut open: Option<GridRow> = None;
        let mut body = Vec::new();
        loop {
            let kind = self.records.next(&mut body)?.ok_or_else(|| damaged("the sheet breaks off"))?;
            match kind {
                BOF => self.depth += 1,
                EOF if self.depth <= 1 => {
                    self.at_end = true;
                    break;
                }
                EOF => self.depth -= 1,
                LABEL_SST | LABEL | RICH_LABEL | NUMBER | RK | MULTIPLE_RK | BOOLEAN_OR_ERROR | FORMULA
                    if self.depth == 1 =>
                {
                    let number = u64::from(u16_at(&body, 0)?) + 1;
                    if open.as_ref().is_some_and(|row| row.number() != number) {
                        if let Some(row) = open.take() {
                            row.end(rows, plan);
                        }
                        if rows.len() >= BLOCK_ROWS {
                            self.records.unread(&body);
                            break;
                        }
                    }
                    if open.is_none() {
                        if number < self.next_row {
                            return Err(damaged("rows in disorder"));
                        }
                        self.next_row = number + 1;
                    }
                    let row = open.get_or_insert_with(|| GridRow::begin(rows, number));
                    self.cell(kind, &mut body, row, shared, plan, rows)?;
                }
                _ => {}
            }
        }
        if let Some(row) = open {
            row.end(rows, plan);
        }
        rows.note_mojibake();
        Ok(true)
    }

    fn cell(
        &mut self,
        kind: u16,
        body: &mut Vec<u8>,
        row: &mut GridRow,
        shared: &Shared,
        plan: &GridPlan,
        rows: &mut Rows,
    ) -> Result<(), Fault> {
        if kind == MULTIPLE_RK {
            return multiple(body, row, shared, plan, rows);
        }
        let place = Place::of(body)?;
        let start = rows.text.len();
        let problem = match kind {
            LABEL_SST => {
                let text = shared.strings.get(u32_at(body, 6)? as usize);
                rows.text.push_str(text.ok_or_else(|| damaged("a string that is not in the string table"))?);
                None
            }
            LABEL | RICH_LABEL => {
                self.string(body.split_off(6), &mut rows.text)?;
                None
            }
            NUMBER => push(&place, f64_at(body, 6)?, shared, &mut rows.text),
            RK => push(&place, rk(u32_at(body, 6)?), shared, &mut rows.text),
            BOOLEAN_OR_ERROR => {
                let value = u16_at(body, 6)?;
                push_boolean_or_error(&place, value as u8, value >> 8 != 0, &mut rows.text)
            }
            _ => {
                row.has_formula();
                self.formula(&place, body, shared, &mut rows.text)?
            }
        };
        let kept = row.place(rows, plan, place.column, start)?;
        rows.problems.extend(problem.filter(|_| kept));
        Ok(())
    }

    /// The value that a formula had when the file was saved.
    fn formula(
        &mut self,
        place: &Place,
        body: &mut Vec<u8>,
        shared: &Shared,
        out: &mut String,
    ) -> Result<Option<Problem>, Fault> {
        if u16_at(body, 12)? != 0xFFFF {
            return Ok(push(place, f64_at(body, 6)?, shared, out));
        }
        let (kind, value) = (u16_at(body, 6)? as u8, u16_at(body, 8)? as u8);
        match kind {
            0 => {
                // The text follows, perhaps behind a record that describes a shared or array formula.
                for _ in 0..2 {
                    match self.records.next(body)? {
                        Some(STRING) => {
                            self.string(std::mem::take(body), out)?;
                            return Ok(None);
                        }
                        Some(0x04BC | 0x0221 | 0x0236) => {}
                        _ => break,
                    }
                }
                Err(damaged("a formula without its text"))
            }
            1 | 2 => Ok(push_boolean_or_error(place, value, kind == 2, out)),
            _ => Ok(None),
        }
    }

    fn string(&mut self, body: Vec<u8>, out: &mut String) -> Result<(), Fault> {
        let mut long = Long::new(&mut self.records, body);
        let (count, wide) = (long.u16()?, long.u8()? & 1 != 0);
        long.string(count.into(), wide, out)
    }
}

fn multiple(body: &[u8], row: &mut GridRow, shared: &Shared, plan: &GridPlan, rows: &mut Rows) -> Result<(), Fault> {
    let mut place = Place::of(body)?;
    let cells = body.get(4..body.len().saturating_sub(2)).unwrap_or_default();
    for cell in cells.chunks_exact(6) {
        place.style = u16_at(cell, 0)?.into();
        let start = rows.text.len();
        let problem = push(&place, rk(u32_at(cell, 2)?), shared, &mut rows.text);
        let kept = row.place(rows, plan, place.column, start)?;
        rows.problems.extend(problem.filter(|_| kept));
        place.column += 1;
    }
    Ok(())
}

fn push(place: &Place, value: f64, shared: &Shared, out: &mut String) -> Option<Problem> {
    let kind = shared.kinds.get(place.style).copied().unwrap_or_default();
    number::push_cell(out, value, kind, shared.epoch_1904).then_some(Problem::LossyNumber { column: place.column + 1 })
}

fn push_boolean_or_error(place: &Place, value: u8, is_error: bool, out: &mut String) -> Option<Problem> {
    if !is_error {
        out.push_str(if value == 0 { "FALSE" } else { "TRUE" });
        return None;
    }
    let code = match value {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };
    out.push_str(code);
    Some(Problem::ErrorCell { column: place.column + 1, code: code.to_owned() })
}

/// A number packed into 32 bits: two flags, and either a whole number or the upper half of a float.
fn rk(packed: u32) -> f64 {
    let value = match packed & 2 {
        0 => f64::from_bits(u64::from(packed & !3) << 32),
        _ => f64::from((packed as i32) >> 2),
    };
    if packed & 1 == 0 { value } else { value / 100.0 }
}

#[cfg(test)]
mod tests {
    use super::rk;

    #[test]
    fn packed_numbers_are_unpacked() {
        // [MS-XLS] 2.5.217 and the arithmetic of its flags.
        assert_eq!(rk(0x3FF0_0000), 1.0);
        assert_eq!(rk(0x3FF0_0001), 0.01);
        assert_eq!(rk(12_345 << 2 | 2), 12_345.0);
        assert_eq!(rk((-5_i32 << 2) as u32 | 3), -0.05);
    }
}
