//! Opening a file: what it is, its first rows, and the way to the rest.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use crate::blocks::{Blocks, Feed, SheetContext};
use crate::error::{Fault, SheetError};
use crate::file::Origin;
use crate::format::{self, Container, Encoding, Format};
use crate::grid::GridPlan;
use crate::json_lines::Keys;
use crate::limits::Limits;
use crate::ole;
use crate::opening::Opening;
use crate::rows::Rows;
use crate::text::Shape;
use crate::text::cut::Cutter;
use crate::text::input::Input;
use crate::text::parse::Plan;
use crate::xls::SheetReader;
use crate::xlsx::book::Shared;
use crate::xlsx::cut::SheetCutter;
use crate::xlsx::package::Entry;

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
    pub(crate) origin: Arc<Origin>,
    pub(crate) file: File,
    pub(crate) info: Info,
    pub(crate) head: Rows,
    pub(crate) body: Body,
}

/// What the rows are made from.
#[derive(Debug)]
pub(crate) enum Body {
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
pub(crate) struct Wanted {
    after_row: u64,
    columns: usize,
    fixed: bool,
}

impl Wanted {
    pub(crate) fn head(limits: &Limits) -> Wanted {
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
    pub(crate) fn feed(&self, origin: &Origin, file: &File, rows: Wanted, block_bytes: usize) -> Result<Feed, Fault> {
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
