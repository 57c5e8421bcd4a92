//! Opening a file: what it is, its first rows, and the way to the rest.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use crate::blocks::{Blocks, Feed, SheetContext, push_decoded};
use crate::error::{Fault, SheetError, cell_name};
use crate::file::Origin;
use crate::format::{self, Container, Content, Encoding, Format};
use crate::grid::GridPlan;
use crate::json_lines::Keys;
use crate::limits::Limits;
use crate::ole;
use crate::rows::Rows;
use crate::text::cut::Cutter;
use crate::text::input::Input;
use crate::text::parse::Plan;
use crate::text::{Shape, mojibake, survey};
use crate::xls::{Globals, SheetReader, XlsSheet};
use crate::xlsx::book::{Book, Shared};
use crate::xlsx::cut::SheetCutter;
use crate::xlsx::package::Entry;

/// Rows of the head.
const HEAD_ROWS: usize = 40;
/// Bytes from which the separator is judged.
const SAMPLE: usize = 64 * 1024;
/// A row of XML is longer than the record that it stands for.
const XML_OVERHEAD: usize = 8;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// Its format.
    pub format: Format,
    /// The encoding of its text; `None` for workbooks.
    pub encoding: Option<Encoding>,
    /// The sheet that is read.
    pub sheet: Option<String>,
    /// All sheets of the workbook, hidden ones too.
    pub sheets: Vec<String>,
    /// Size of the file, bytes.
    pub bytes: u64,
    /// What the [`Block::bytes`](crate::Block::bytes) of all blocks come to, for progress.
    pub sheet_bytes: u64,
    /// SHA-256 of the whole file.
    pub sha256: [u8; 32],
}

/// An opened file: identified, hashed, validated, its first rows read.
#[derive(Debug)]
pub struct Source {
    origin: Arc<Origin>,
    file: File,
    info: Info,
    head: Rows,
    body: Body,
}

/// What the rows are made from.
#[derive(Debug)]
enum Body {
    Text { encoding: Encoding, shape: Shape },
    JsonLines { encoding: Encoding, shape: Shape, keys: Arc<Keys> },
    Xlsx { shared: Arc<Shared>, entry: Entry },
    Xls { shared: Arc<Shared>, start: u64 },
}

impl Source {
    /// Opens a file. `sheet` names the sheet of a workbook; without it the first visible sheet that holds
    /// anything is read.
    ///
    /// The whole file is read once here, for its hash and, for text, its encoding.
    ///
    /// # Errors
    /// Each [`Fault`] says in which case.
    pub fn open(path: &Path, sheet: Option<&str>, limits: &Limits) -> Result<Source, SheetError> {
        let (origin, file) = Origin::open(path, limits)?;
        let mut opening = Opening { origin: Arc::new(origin), file };
        let origin = Arc::clone(&opening.origin);
        let head = opening.first_bytes().map_err(|fault| origin.error(fault))?;
        let opened = match format::container(&head).map_err(|fault| origin.error(fault))? {
            Container::Zip => {
                origin.at_most(limits.max_workbook_bytes)?;
                opening.xlsx(sheet)
            }
            Container::Ole => {
                origin.at_most(limits.max_xls_bytes)?;
                opening.xls(sheet)
            }
            Container::Text => {
                origin.at_most(limits.max_file_bytes)?;
                opening.text(sheet, &head)
            }
        };
        let source = opened.map_err(|fault| origin.error(fault))?;
        origin.unchanged(&source.file)?;
        Ok(source)
    }

    /// What the file is.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// The first rows that hold anything, up to 40, all their cells: titles, headings and first data, for
    /// the caller to find the heading row in. Of JSON Lines these are data already.
    pub fn head(&self) -> &Rows {
        &self.head
    }

    /// The columns where the format itself names them: the keys of JSON Lines, in order of appearance in
    /// the first 40 lines. `None` where a row of the file holds the headings.
    pub fn headings(&self) -> Option<&[String]> {
        match &self.body {
            Body::JsonLines { keys, .. } => Some(keys.names()),
            _ => None,
        }
    }

    /// The data rows: those after row `after_row` (the heading row; 0 for JSON Lines), of which the first
    /// `columns` cells are handed out.
    ///
    /// # Errors
    /// Where the file cannot be read any more.
    pub fn blocks(self, after_row: u64, columns: usize) -> Result<Blocks, SheetError> {
        let Source { origin, file, body, .. } = self;
        let rows = Wanted { after_row, columns, fixed: true };
        let block_bytes = origin.limits.block_bytes;
        let feed = body.feed(&origin, &file, rows, block_bytes).map_err(|fault| origin.error(fault))?;
        Ok(Blocks { origin, feed })
    }
}

/// Which rows and columns are wanted.
#[derive(Clone, Copy)]
struct Wanted {
    after_row: u64,
    columns: usize,
    fixed: bool,
}

impl Wanted {
    fn head(limits: &Limits) -> Wanted {
        Wanted { after_row: 0, columns: limits.max_columns, fixed: false }
    }

    fn plan(self, shape: Shape, limits: &Limits) -> Plan {
        let Wanted { after_row, columns, fixed } = self;
        Plan { shape, after_row, columns, fixed, max_cell_chars: limits.max_cell_chars }
    }

    fn grid(self, limits: &Limits) -> GridPlan {
        GridPlan {
            after_row: self.after_row,
            columns: self.columns,
            fixed: self.fixed,
            max_columns: limits.max_columns,
            max_cell_chars: limits.max_cell_chars,
        }
    }
}

impl Body {
    fn feed(&self, origin: &Origin, file: &File, rows: Wanted, block_bytes: usize) -> Result<Feed, Fault> {
        let limits = &origin.limits;
        let file = file.try_clone()?;
        let cutter = |file, encoding, shape| {
            let input = Input::new(file, encoding)?;
            Ok::<_, Fault>(Cutter::new(input, shape, block_bytes, limits.max_record_bytes))
        };
        Ok(match self {
            Body::Text { encoding, shape } => Feed::Text {
                cutter: cutter(file, *encoding, *shape)?,
                encoding: *encoding,
                plan: rows.plan(*shape, limits),
            },
            Body::JsonLines { encoding, shape, keys } => Feed::JsonLines {
                cutter: cutter(file, *encoding, *shape)?,
                encoding: *encoding,
                keys: Arc::clone(keys),
                plan: rows.plan(*shape, limits),
            },
            Body::Xlsx { shared, entry } => {
                let part = entry.open(&file, limits.max_unzipped_bytes)?;
                let max_row = limits.max_record_bytes.saturating_mul(XML_OVERHEAD);
                let cutter = Box::new(SheetCutter::new(part, block_bytes, max_row));
                let sheet = context(entry.name(), shared, rows.grid(limits));
                Feed::Xlsx { cutter, sheet, file }
            }
            Body::Xls { shared, start } => {
                let records = crate::xls::Records::new(ole::open(&file)?);
                let reader = SheetReader::new(records, *start);
                Feed::Xls { reader, sheet: context("Workbook", shared, rows.grid(limits)), file }
            }
        })
    }
}

fn context(part: &str, shared: &Arc<Shared>, plan: GridPlan) -> Arc<SheetContext> {
    Arc::new(SheetContext { part: part.to_owned(), shared: Arc::clone(shared), plan })
}

/// A file on its way to a [`Source`].
struct Opening {
    origin: Arc<Origin>,
    file: File,
}

impl Opening {
    fn first_bytes(&mut self) -> Result<Vec<u8>, Fault> {
        let mut head = Vec::with_capacity(512);
        Read::by_ref(&mut self.file).take(512).read_to_end(&mut head)?;
        self.file.seek(SeekFrom::Start(0))?;
        Ok(head)
    }

    fn text(mut self, sheet: Option<&str>, head: &[u8]) -> Result<Source, Fault> {
        if let Some(sheet) = sheet {
            return Err(Fault::NoSuchSheet { sheet: sheet.to_owned(), sheets: Vec::new() });
        }
        let ending = format::ending(&self.origin.path);
        let (sha256, encoding) = survey::survey(&mut self.file, head)?;
        let sample = self.sample(encoding)?;
        let format = format::of_text(&sample, &ending)?;
        let body = match format {
            Format::JsonLines => {
                let shape = Shape::new(None, &sample);
                let keys = self.keys(encoding, shape)?;
                Body::JsonLines { encoding, shape, keys: Arc::new(keys) }
            }
            Format::Tsv => Body::Text { encoding, shape: Shape::new(Some(b'\t'), &sample) },
            _ => Body::Text { encoding, shape: Shape::new(Some(b','), &sample) },
        };
        let bytes = self.origin.bytes;
        let info = Info {
            format,
            encoding: Some(encoding),
            sheet: None,
            sheets: Vec::new(),
            bytes,
            sheet_bytes: bytes - encoding.mark_len() as u64,
            sha256,
        };
        let head = self.head(&body)?;
        if head.is_empty() {
            return Err(Fault::NoRows { sheets: Vec::new() });
        }
        mojibake::check(&head)?;
        Ok(Source { origin: self.origin, file: self.file, info, head, body })
    }

    /// The start of the text, up to the last line end in it.
    fn sample(&self, encoding: Encoding) -> Result<String, Fault> {
        let mut bytes = Vec::new();
        let mut input = Input::new(self.file.try_clone()?, encoding)?;
        if input.fill(&mut bytes, SAMPLE)? == SAMPLE {
            let end = bytes.iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(bytes.len(), |at| at + 1);
            bytes.truncate(end);
        }
        let mut text = String::new();
        if push_decoded(&bytes, encoding, &mut text).is_err() {
            // One line longer than the sample, cut inside a character.
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
        Ok(text)
    }

    /// The columns of JSON Lines.
    fn keys(&self, encoding: Encoding, shape: Shape) -> Result<Keys, Fault> {
        let limits = &self.origin.limits;
        let input = Input::new(self.file.try_clone()?, encoding)?;
        let mut cutter = Cutter::new(input, shape, SAMPLE, limits.max_record_bytes);
        let mut lines: Vec<(u64, String)> = Vec::new();
        while lines.len() < HEAD_ROWS
            && let Some(records) = cutter.next()?
        {
            let mut text = String::new();
            push_decoded(&records.bytes, encoding, &mut text)?;
            let numbered = (records.first_row..).zip(text.split(char::from(shape.line_end)));
            lines.extend(numbered.filter(|(_, l)| !l.trim().is_empty()).map(|(n, l)| (n, l.to_owned())));
        }
        let first = lines.iter().take(HEAD_ROWS).map(|(number, line)| (*number, line.as_str()));
        Keys::collect(first, limits.max_columns)
    }

    fn xlsx(mut self, sheet: Option<&str>) -> Result<Source, Fault> {
        let book = Book::open(&self.file, &self.origin.limits)?;
        format::agree(Format::Xlsx, Content::Xlsx, &format::ending(&self.origin.path))?;
        let shared = Arc::new(book.shared);
        let names: Vec<String> = book.sheets.iter().map(|s| s.name.clone()).collect();
        let visible: Vec<bool> = book.sheets.iter().map(|s| s.visible).collect();
        let package = &book.package;
        let body = |index: usize| {
            let part = book.sheets[index].part.as_deref()?;
            let entry = package.find(part)?.clone();
            Some(Body::Xlsx { shared: Arc::clone(&shared), entry })
        };
        let (index, body, head) = self.choose(sheet, &names, &visible, body)?;
        let sheet_bytes = match &body {
            Body::Xlsx { entry, .. } => entry.packed(),
            _ => 0,
        };
        let info = self.workbook_info(Format::Xlsx, names, index, sheet_bytes)?;
        Ok(Source { origin: self.origin, file: self.file, info, head, body })
    }

    fn xls(mut self, sheet: Option<&str>) -> Result<Source, Fault> {
        let globals = Globals::read(ole::open(&self.file)?, &self.origin.limits)?;
        format::agree(Format::Xls, Content::Xls, &format::ending(&self.origin.path))?;
        let shared = Arc::new(globals.shared);
        let names: Vec<String> = globals.sheets.iter().map(|s| s.name.clone()).collect();
        let visible: Vec<bool> = globals.sheets.iter().map(|s| s.visible).collect();
        let body = |index: usize| {
            let start = globals.sheets[index].start?;
            Some(Body::Xls { shared: Arc::clone(&shared), start })
        };
        let (index, body, head) = self.choose(sheet, &names, &visible, body)?;
        let sheet_bytes = xls_sheet_bytes(&globals.sheets, index, self.origin.bytes);
        let info = self.workbook_info(Format::Xls, names, index, sheet_bytes)?;
        Ok(Source { origin: self.origin, file: self.file, info, head, body })
    }

    /// The named sheet, or the first visible one that holds anything.
    fn choose(
        &self,
        wanted: Option<&str>,
        names: &[String],
        visible: &[bool],
        body: impl Fn(usize) -> Option<Body>,
    ) -> Result<(usize, Body, Rows), Fault> {
        if let Some(wanted) = wanted {
            let found = names.iter().position(|name| name == wanted);
            let chosen = found.and_then(|index| Some((index, body(index)?)));
            let Some((index, body)) = chosen else {
                return Err(Fault::NoSuchSheet { sheet: wanted.to_owned(), sheets: names.to_vec() });
            };
            let head = self.head(&body)?;
            if head.is_empty() {
                return Err(Fault::NoRows { sheets: vec![wanted.to_owned()] });
            }
            return Ok((index, body, head));
        }
        for index in (0..names.len()).filter(|&index| visible[index]) {
            let Some(body) = body(index) else { continue };
            let head = self.head(&body)?;
            if !head.is_empty() {
                return Ok((index, body, head));
            }
        }
        Err(Fault::NoRows { sheets: names.to_vec() })
    }

    fn workbook_info(
        &mut self,
        format: Format,
        sheets: Vec<String>,
        index: usize,
        sheet_bytes: u64,
    ) -> Result<Info, Fault> {
        Ok(Info {
            format,
            encoding: None,
            sheet: sheets.get(index).cloned(),
            sheets,
            bytes: self.origin.bytes,
            sheet_bytes,
            sha256: survey::hash(&mut self.file)?,
        })
    }

    /// The first rows. Goes on over blank ones until there are enough, or the end is reached.
    fn head(&self, body: &Body) -> Result<Rows, Fault> {
        let limits = &self.origin.limits;
        let feed = body.feed(&self.origin, &self.file, Wanted::head(limits), SAMPLE)?;
        let mut blocks = Blocks { origin: Arc::clone(&self.origin), feed };
        let mut head = Rows::default();
        let mut block_rows = Rows::default();
        while head.len() < HEAD_ROWS
            && let Some(block) = blocks.next_block().map_err(SheetError::into_fault)?
        {
            block.decode(&mut block_rows).map_err(SheetError::into_fault)?;
            head.append(&block_rows, HEAD_ROWS);
        }
        if let Some(row) = head.iter().find(|row| row.width() > limits.max_columns) {
            let cell = cell_name(row.number(), row.width());
            return Err(Fault::TooManyColumns { cell, limit: limits.max_columns });
        }
        Ok(head)
    }
}

/// The bytes between a sheet's place in the stream and the next sheet's.
fn xls_sheet_bytes(sheets: &[XlsSheet], index: usize, file: u64) -> u64 {
    let Some(start) = sheets.get(index).and_then(|sheet| sheet.start) else { return 0 };
    let next = sheets.iter().filter_map(|sheet| sheet.start).filter(|&other| other > start).min();
    next.unwrap_or(file.max(start)) - start
}
