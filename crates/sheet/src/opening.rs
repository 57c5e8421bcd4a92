//! The steps of opening a file, one way for each kind of content.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use crate::blocks::{Blocks, push_decoded};
use crate::error::{Fault, SheetError, cell_name};
use crate::file::Origin;
use crate::format::{self, Content, Encoding, Format};
use crate::json_lines::Keys;
use crate::ole;
use crate::rows::Rows;
use crate::source::{Body, Info, Source, Wanted};
use crate::text::cut::Cutter;
use crate::text::input::Input;
use crate::text::{Shape, mojibake, survey};
use crate::xls::{Globals, XlsSheet};
use crate::xlsx::book::Book;

/// Rows of the head.
const HEAD_ROWS: usize = 40;
/// Bytes from which the separator is judged.
const SAMPLE: usize = 64 * 1024;

/// A file on its way to a [`Source`].
pub(crate) struct Opening {
    pub(crate) origin: Arc<Origin>,
    pub(crate) file: File,
}

impl Opening {
    pub(crate) fn first_bytes(&mut self) -> Result<Vec<u8>, Fault> {
        let mut head = Vec::with_capacity(512);
        Read::by_ref(&mut self.file).take(512).read_to_end(&mut head)?;
        self.file.seek(SeekFrom::Start(0))?;
        Ok(head)
    }

    pub(crate) fn text(mut self, sheet: Option<&str>, head: &[u8]) -> Result<Source, Fault> {
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

    pub(crate) fn xlsx(mut self, sheet: Option<&str>) -> Result<Source, Fault> {
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

    pub(crate) fn xls(mut self, sheet: Option<&str>) -> Result<Source, Fault> {
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
