//! CSV that is safe to open in a spreadsheet program.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use crate::error::{Fault, SheetError};
use crate::write::place::Place;

/// Keeps a cell from being taken for a formula: a leading `=`, `+`, `-`, `@`, tab, carriage return or line
/// feed, or the full-width form that a Chinese keyboard gives, gets an apostrophe before it. So does text
/// that already starts with apostrophes and such a sign, so that [`unguard_formula`] can undo it exactly.
///
/// A negative number gets one, too. Reading does not take it off by itself, because an apostrophe may be
/// what the sender meant: whoever reads back a file that was written here calls [`unguard_formula`].
///
/// # Source
/// OWASP, "CSV Injection".
///
/// # Example
/// ```
/// use chengxin_sheet::{guard_formula, unguard_formula};
/// assert_eq!(guard_formula("=1+1"), "'=1+1");
/// assert_eq!(guard_formula("张三"), "张三");
/// assert_eq!(unguard_formula("'=1+1"), "=1+1");
/// ```
pub fn guard_formula(text: &str) -> Cow<'_, str> {
    if is_dangerous(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes the apostrophe off that [`guard_formula`] put there.
pub fn unguard_formula(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest) => rest,
        _ => text,
    }
}

fn is_dangerous(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    bare.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'])
}

/// Writes a CSV file (UTF-8, lines ended by CR LF), every cell through [`guard_formula`], and returns how
/// many rows it has. With `mark` a byte order mark goes first, without which Excel takes UTF-8 for GBK.
/// A file of that name is replaced. Only the owner can read it.
///
/// # Errors
/// Where the file cannot be written; then nothing is left.
pub fn write_csv(
    path: &Path,
    mark: bool,
    headings: &[String],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<u64, SheetError> {
    Place::new(path)?.finish(|out| write_into(out, mark, headings, rows))
}

/// The same as bytes, for a small table that goes out at once.
///
/// # Errors
/// Where memory runs out.
pub fn table_csv(
    mark: bool,
    headings: &[String],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<Vec<u8>, SheetError> {
    let mut bytes = Vec::new();
    write_into(&mut bytes, mark, headings, rows).map_err(|fault| SheetError::new(Path::new("csv"), fault))?;
    Ok(bytes)
}

fn write_into(
    mut out: impl Write,
    mark: bool,
    headings: &[String],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<u64, Fault> {
    if mark {
        out.write_all("\u{FEFF}".as_bytes())?;
    }
    let mut writer = ::csv::WriterBuilder::new().flexible(true).terminator(::csv::Terminator::CRLF).from_writer(out);
    let mut count = 0;
    let record = |cells: &[String], writer: &mut ::csv::Writer<_>| {
        let guarded = cells.iter().map(|cell| guard_formula(cell));
        writer.write_record(guarded.map(Guarded)).map_err(fault)
    };
    record(headings, &mut writer)?;
    for row in rows {
        record(&row, &mut writer)?;
        count += 1;
    }
    writer.flush()?;
    Ok(count)
}

struct Guarded<'a>(Cow<'a, str>);

impl AsRef<[u8]> for Guarded<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn fault(error: ::csv::Error) -> Fault {
    match error.into_kind() {
        ::csv::ErrorKind::Io(e) => Fault::Io(e),
        other => Fault::Io(std::io::Error::other(format!("{other:?}"))),
    }
}
