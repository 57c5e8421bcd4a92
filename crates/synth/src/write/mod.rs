//! Files of the four formats, written row by row.

mod text;
mod workbook;

use std::path::Path;

use crate::dress::{Dress, Format, Shown};
use crate::error::SynthError;

/// A file that is being written.
pub(crate) trait Sink {
    /// A title across all columns. Only workbooks have one.
    fn title(&mut self, title: &str, columns: usize) -> Result<(), SynthError>;
    /// The row of headings.
    fn headings(&mut self, headings: &[&'static str]) -> Result<(), SynthError>;
    /// A row of values, one for each heading.
    fn row(&mut self, values: &[Shown<'_>]) -> Result<(), SynthError>;
    /// A row with nothing in it.
    fn blank(&mut self) -> Result<(), SynthError>;
    /// How many rows or lines there are.
    fn written(&self) -> u64;
    /// Writes what is left.
    fn finish(self: Box<Self>) -> Result<(), SynthError>;
}

/// Starts a file at `path`.
pub(crate) fn open(path: &Path, dress: &Dress) -> Result<Box<dyn Sink>, SynthError> {
    match dress.format {
        Format::Xlsx => Ok(Box::new(workbook::Workbook::open(path)?)),
        Format::Csv | Format::Tsv | Format::Jsonl => Ok(Box::new(text::TextFile::open(path, dress)?)),
    }
}
