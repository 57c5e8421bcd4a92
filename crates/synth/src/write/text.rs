//! CSV, TSV and JSON Lines, in any of the encodings that offices use.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Sink;
use crate::dress::{Dress, Encoding, Format, Shown};
use crate::error::SynthError;

/// Bytes gathered before they are encoded and written.
const CHUNK: usize = 1 << 18;

pub(super) struct TextFile {
    path: PathBuf,
    file: File,
    buffer: String,
    encoding: Encoding,
    /// What separates values; `None` for JSON Lines.
    delimiter: Option<char>,
    line_end: &'static str,
    /// Headings as JSON strings with their colon, or empty.
    keys: Vec<String>,
    columns: usize,
    lines: u64,
    blanks: u64,
}

impl TextFile {
    pub(super) fn open(path: &Path, dress: &Dress) -> Result<Self, SynthError> {
        let file = File::create(path).map_err(|source| SynthError::Write { path: path.to_owned(), source })?;
        let delimiter = match dress.format {
            Format::Jsonl => None,
            Format::Tsv => Some('\t'),
            Format::Csv | Format::Xlsx => Some(','),
        };
        let mut buffer = String::with_capacity(CHUNK + CHUNK / 4);
        if dress.encoding == Encoding::Utf8Bom {
            buffer.push('\u{FEFF}');
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            buffer,
            encoding: dress.encoding,
            delimiter,
            line_end: if dress.crlf { "\r\n" } else { "\n" },
            keys: Vec::new(),
            columns: 0,
            lines: 0,
            blanks: 0,
        })
    }

    fn end_line(&mut self) -> Result<(), SynthError> {
        self.buffer.push_str(self.line_end);
        self.lines += 1;
        if self.buffer.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), SynthError> {
        let (bytes, lost) = match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => (self.buffer.as_bytes().into(), false),
            Encoding::Gbk => drop_used(encoding_rs::GBK.encode(&self.buffer)),
            Encoding::Gb18030 => drop_used(encoding_rs::GB18030.encode(&self.buffer)),
        };
        if lost {
            let encoding = if self.encoding == Encoding::Gbk { "GBK" } else { "GB18030" };
            return Err(SynthError::Encoding { path: self.path.clone(), encoding });
        }
        self.file.write_all(&bytes).map_err(|source| SynthError::Write { path: self.path.clone(), source })?;
        self.buffer.clear();
        Ok(())
    }

    fn delimited(&mut self, delimiter: char, values: &[Shown<'_>]) {
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                self.buffer.push(delimiter);
            }
            match value {
                Shown::Empty => {}
                Shown::Text(text) => push_quoted(&mut self.buffer, delimiter, text),
                Shown::Number(number) => self.buffer.push_str(number),
                Shown::Serial { days, .. } => self.buffer.push_str(&days.to_string()),
            }
        }
    }

    fn object(&mut self, values: &[Shown<'_>]) -> Result<(), SynthError> {
        self.buffer.push('{');
        let mut first = true;
        for (key, value) in self.keys.iter().zip(values) {
            let value = match value {
                Shown::Empty => continue,
                Shown::Text(text) => serde_json::to_string(text)?,
                Shown::Number(number) => number.clone(),
                Shown::Serial { days, .. } => days.to_string(),
            };
            if !first {
                self.buffer.push(',');
            }
            first = false;
            self.buffer.push_str(key);
            self.buffer.push_str(&value);
        }
        self.buffer.push('}');
        Ok(())
    }
}

/// Forgets which encoding was used: it is the one asked for.
fn drop_used<'a>(
    (bytes, _, lost): (std::borrow::Cow<'a, [u8]>, &'static encoding_rs::Encoding, bool),
) -> (std::borrow::Cow<'a, [u8]>, bool) {
    (bytes, lost)
}

/// RFC 4180 quoting, only where it is needed.
fn push_quoted(buffer: &mut String, delimiter: char, text: &str) {
    if !text.contains([delimiter, '"', '\r', '\n']) {
        buffer.push_str(text);
        return;
    }
    buffer.push('"');
    buffer.push_str(&text.replace('"', "\"\""));
    buffer.push('"');
}

impl Sink for TextFile {
    fn title(&mut self, _title: &str, _columns: usize) -> Result<(), SynthError> {
        Ok(())
    }

    fn headings(&mut self, headings: &[&'static str]) -> Result<(), SynthError> {
        self.columns = headings.len();
        let Some(delimiter) = self.delimiter else {
            let key = |h: &&'static str| serde_json::to_string(h).map(|k| k + ":");
            self.keys = headings.iter().map(key).collect::<Result<_, _>>()?;
            return Ok(());
        };
        let shown: Vec<Shown<'_>> = headings.iter().map(|h| Shown::Text((*h).into())).collect();
        self.delimited(delimiter, &shown);
        self.end_line()
    }

    fn row(&mut self, values: &[Shown<'_>]) -> Result<(), SynthError> {
        match self.delimiter {
            Some(delimiter) => self.delimited(delimiter, values),
            None => self.object(values)?,
        }
        self.end_line()
    }

    /// By turns an empty line and a line of nothing but separators: spreadsheets write either.
    fn blank(&mut self) -> Result<(), SynthError> {
        self.blanks += 1;
        if let Some(delimiter) = self.delimiter.filter(|_| self.blanks.is_multiple_of(2)) {
            self.buffer.extend(std::iter::repeat_n(delimiter, self.columns.saturating_sub(1)));
        }
        self.end_line()
    }

    fn written(&self) -> u64 {
        self.lines
    }

    fn finish(mut self: Box<Self>) -> Result<(), SynthError> {
        self.flush()?;
        self.file.flush().map_err(|source| SynthError::Write { path: self.path.clone(), source })
    }
}
