//! A plain table as XLSX, row by row, in constant memory and without a temporary file.

use std::fmt::Write as _;
use std::io::{Cursor, Seek, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::error::{Fault, SheetError, cell_name};
use crate::write::place::Place;
use crate::xlsx::MAX_COLUMNS;

/// Rows that a worksheet can have, the heading row among them. More go on in a further sheet.
pub const SHEET_ROWS: u64 = 1_048_576;

/// Bytes of XML after which a sheet is ended, well within the 4 GiB that one part of an archive can have.
const SHEET_BYTES: u64 = 3 << 30;
/// Most UTF-16 units in a cell.
const CELL_UNITS: usize = 32_767;
/// Most characters in the name of a sheet.
const NAME_CHARS: usize = 31;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const SHEET_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// Writes a workbook of text cells and returns how many rows it has (headings not counted).
///
/// Every cell is typed and formatted as text, so that an ID number stays what it is and nothing becomes a
/// formula. The heading row is repeated on every sheet; the further sheets are called `name (2)` and so
/// on. `widths` are in characters; a column without one gets the usual width. What a cell cannot hold,
/// beyond 32 767 characters, is cut off. A file of that name is replaced. Only the owner can read it.
///
/// # Errors
/// [`Fault::SheetName`], [`Fault::TooManyColumns`] (16 384), and a file that cannot be written; then
/// nothing is left.
pub fn write_table_xlsx(
    path: &Path,
    sheet_name: &str,
    headings: &[String],
    rows: impl IntoIterator<Item = Vec<String>>,
    widths: &[u16],
) -> Result<u64, SheetError> {
    write_sheets(path, sheet_name, headings, rows, widths, SHEET_ROWS)
}

/// The same as bytes, for a small table that goes out at once.
///
/// # Errors
/// As [`write_table_xlsx`].
pub fn table_xlsx(
    sheet_name: &str,
    headings: &[String],
    rows: impl IntoIterator<Item = Vec<String>>,
    widths: &[u16],
) -> Result<Vec<u8>, SheetError> {
    let nowhere = |fault| SheetError::new(Path::new(sheet_name), fault);
    check_name(sheet_name).map_err(nowhere)?;
    let mut bytes = Cursor::new(Vec::new());
    write_into(&mut bytes, sheet_name, headings, rows, widths, SHEET_ROWS).map_err(nowhere)?;
    Ok(bytes.into_inner())
}

fn write_sheets(
    path: &Path,
    sheet_name: &str,
    headings: &[String],
    rows: impl IntoIterator<Item = Vec<String>>,
    widths: &[u16],
    sheet_rows: u64,
) -> Result<u64, SheetError> {
    check_name(sheet_name).map_err(|fault| SheetError::new(path, fault))?;
    Place::new(path)?.finish(|out| write_into(out, sheet_name, headings, rows, widths, sheet_rows))
}

fn write_into(
    out: impl Write + Seek,
    sheet_name: &str,
    headings: &[String],
    rows: impl IntoIterator<Item = Vec<String>>,
    widths: &[u16],
    sheet_rows: u64,
) -> Result<u64, Fault> {
    let mut table =
        Table { zip: ZipWriter::new(out), name: sheet_name, widths, sheets: 0, written: 0, line: String::new() };
    let mut rows = rows.into_iter().peekable();
    let mut count = 0;
    loop {
        table.begin_sheet()?;
        table.row(1, headings, HEADING_STYLE)?;
        let mut number = 1;
        while number < sheet_rows
            && table.written < SHEET_BYTES
            && let Some(row) = rows.next()
        {
            number += 1;
            table.row(number, &row, TEXT_STYLE)?;
            count += 1;
        }
        table.end_sheet()?;
        if rows.peek().is_none() {
            break;
        }
    }
    table.finish()?;
    Ok(count)
}

/// # Errors
/// [`Fault::SheetName`] for what a spreadsheet program would not accept.
pub(crate) fn check_name(name: &str) -> Result<(), Fault> {
    let good = (1..=NAME_CHARS).contains(&name.encode_utf16().count())
        && !name.contains(['[', ']', ':', '*', '?', '/', '\\'])
        && !name.starts_with('\'')
        && !name.ends_with('\'')
        && !name.chars().any(char::is_control);
    if good { Ok(()) } else { Err(Fault::SheetName(name.to_owned())) }
}

/// Positions in the `cellXfs` of [`STYLES`].
const TEXT_STYLE: u8 = 1;
const HEADING_STYLE: u8 = 2;

/// Number format 49 is `@`, text.
const STYLES: &str = "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>\
<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
<borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>\
<cellXfs count=\"3\"><xf xfId=\"0\"/><xf numFmtId=\"49\" xfId=\"0\" applyNumberFormat=\"1\"/>\
<xf numFmtId=\"49\" fontId=\"1\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\"/></cellXfs>\
<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>";

struct Table<'a, W: Write + Seek> {
    zip: ZipWriter<W>,
    name: &'a str,
    widths: &'a [u16],
    sheets: usize,
    /// Bytes of XML in the sheet so far.
    written: u64,
    /// The row under construction; kept for its memory.
    line: String,
}

impl<W: Write + Seek> Table<'_, W> {
    fn part(&mut self, name: &str) -> Result<(), Fault> {
        // Without the 64-bit sizes of zip, which LibreOffice does not accept here: SHEET_BYTES sees to that.
        let options =
            SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(2));
        self.zip.start_file(name, options).map_err(fault)
    }

    fn begin_sheet(&mut self) -> Result<(), Fault> {
        self.sheets += 1;
        self.written = 0;
        self.part(&format!("xl/worksheets/sheet{}.xml", self.sheets))?;
        write!(
            self.zip,
            "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"{}>\
             <pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>",
            if self.sheets == 1 { " tabSelected=\"1\"" } else { "" }
        )?;
        if !self.widths.is_empty() {
            write!(self.zip, "<cols>")?;
            for (column, width) in (1..).zip(self.widths) {
                // Style 1: cells that are still empty are text, too.
                write!(
                    self.zip,
                    "<col min=\"{column}\" max=\"{column}\" width=\"{width}\" style=\"{TEXT_STYLE}\" customWidth=\"1\"/>"
                )?;
            }
            write!(self.zip, "</cols>")?;
        }
        Ok(write!(self.zip, "<sheetData>")?)
    }

    fn row(&mut self, number: u64, cells: &[String], style: u8) -> Result<(), Fault> {
        if cells.len() > MAX_COLUMNS {
            let cell = cell_name(number, cells.len());
            return Err(Fault::TooManyColumns { cell, limit: MAX_COLUMNS });
        }
        self.line.clear();
        // Writing to a String cannot fail.
        let _ = write!(self.line, "<row r=\"{number}\">");
        for (column, cell) in (1..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let name = cell_name(number, column);
            let _ = write!(self.line, "<c r=\"{name}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
            push_escaped(&mut self.line, cell);
            self.line.push_str("</t></is></c>");
        }
        self.line.push_str("</row>");
        self.written += self.line.len() as u64;
        Ok(self.zip.write_all(self.line.as_bytes())?)
    }

    fn end_sheet(&mut self) -> Result<(), Fault> {
        Ok(write!(self.zip, "</sheetData></worksheet>")?)
    }

    /// The parts that list the sheets, which are known only now.
    fn finish(mut self) -> Result<(), Fault> {
        let sheets = 1..=self.sheets;
        let mut types = String::new();
        let mut relations = String::new();
        let mut list = String::new();
        for n in sheets {
            let _ = write!(
                types,
                "<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{SHEET_TYPE}.worksheet+xml\"/>"
            );
            let _ = write!(
                relations,
                "<Relationship Id=\"rId{n}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            );
            let mut name = String::new();
            push_escaped(&mut name, &sheet_name(self.name, n));
            let name = name.replace('"', "&quot;");
            let _ = write!(list, "<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>");
        }
        let styles = self.sheets + 1;
        self.part("xl/styles.xml")?;
        write!(self.zip, "{HEAD}<styleSheet xmlns=\"{MAIN}\">{STYLES}</styleSheet>")?;
        self.part("xl/workbook.xml")?;
        write!(
            self.zip,
            "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{list}</sheets></workbook>"
        )?;
        self.part("xl/_rels/workbook.xml.rels")?;
        write!(
            self.zip,
            "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}\
             <Relationship Id=\"rId{styles}\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/></Relationships>"
        )?;
        self.part("_rels/.rels")?;
        write!(
            self.zip,
            "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
             Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        )?;
        self.part("[Content_Types].xml")?;
        write!(
            self.zip,
            "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
             <Override PartName=\"/xl/workbook.xml\" ContentType=\"{SHEET_TYPE}.sheet.main+xml\"/>\
             <Override PartName=\"/xl/styles.xml\" ContentType=\"{SHEET_TYPE}.styles+xml\"/>{types}</Types>"
        )?;
        self.zip.finish().map_err(fault)?.stream_position()?;
        Ok(())
    }
}

/// `name`, `name (2)`, … within the length that a sheet's name may have.
fn sheet_name(name: &str, n: usize) -> String {
    if n == 1 {
        return name.to_owned();
    }
    let suffix = format!(" ({n})");
    let mut room = NAME_CHARS - suffix.len();
    let kept: String = name
        .chars()
        .take_while(|c| {
            let fits = room >= c.len_utf16();
            room -= c.len_utf16().min(room);
            fits
        })
        .collect();
    kept + &suffix
}

/// Appends text as XML: markup escaped, and characters that XML cannot hold as `_x000B_`.
///
/// # Source
/// ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
fn push_escaped(out: &mut String, text: &str) {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > CELL_UNITS {
            break;
        }
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' => out.push(c),
            // A lone carriage return would come back as a line feed.
            '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}' => {
                let _ = write!(out, "_x{:04X}_", u32::from(c));
            }
            '_' if looks_escaped(&text[at..]) => out.push_str("_x005F_"),
            _ => out.push(c),
        }
    }
}

/// Whether text would be taken for an escape on the way back.
fn looks_escaped(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7 && bytes[1] == b'x' && bytes[6] == b'_' && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}

fn fault(error: zip::result::ZipError) -> Fault {
    match error {
        zip::result::ZipError::Io(e) => Fault::Io(e),
        other => Fault::Io(std::io::Error::other(other)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::{Limits, Rows, Source};

    #[test]
    fn more_rows_than_a_sheet_holds_go_on_in_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.xlsx");
        let rows = (0..7).map(|n| vec![format!("r{n}")]);
        let written = write_sheets(&path, "退回", &["列".to_owned()], rows, &[10], 4).unwrap();
        let mut seen = Vec::new();
        for sheet in ["退回", "退回 (2)", "退回 (3)"] {
            let source = Source::open(&path, Some(sheet), &Limits::default()).unwrap();
            assert_eq!(source.head().row(0).field(0), "列");
            let mut blocks = source.blocks(1, 1).unwrap();
            let mut rows = Rows::default();
            while let Some(block) = blocks.next_block().unwrap() {
                block.decode(&mut rows).unwrap();
                seen.extend(rows.iter().map(|row| row.field(0).to_owned()));
            }
        }
        assert_eq!((written, seen.join(" ")), (7, "r0 r1 r2 r3 r4 r5 r6".to_owned()));
    }

    #[test]
    fn names_of_further_sheets_stay_within_31_characters() {
        assert_eq!(sheet_name(&"名".repeat(31), 12), format!("{} (12)", "名".repeat(26)));
        assert!(check_name(&"名".repeat(32)).is_err());
        assert!(check_name("a/b").is_err());
    }
}
