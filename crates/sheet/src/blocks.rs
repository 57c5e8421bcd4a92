//! Blocks: what one thread cuts and others decode.

use std::sync::Arc;

use encoding_rs::GB18030;

use crate::error::{Fault, SheetError};
use crate::file::Origin;
use crate::format::Encoding;
use crate::grid::GridPlan;
use crate::json_lines::{self, Keys};
use crate::rows::Rows;
use crate::text::cut::{Cutter, RawRecords};
use crate::text::parse::{self, Plan};
use crate::xls::SheetReader;
use crate::xlsx::book::Shared;
use crate::xlsx::cells;
use crate::xlsx::cut::{RawRows, SheetCutter};

/// Cuts the data rows of a file into [`Block`]s, in order. For one thread; it can be moved to another.
#[derive(Debug)]
pub struct Blocks {
    pub(crate) origin: Arc<Origin>,
    pub(crate) feed: Feed,
}

/// Where the blocks come from.
#[derive(Debug)]
pub(crate) enum Feed {
    Text { cutter: Cutter, encoding: Encoding, plan: Plan },
    JsonLines { cutter: Cutter, encoding: Encoding, keys: Arc<Keys>, plan: Plan },
    Xlsx { cutter: Box<SheetCutter>, sheet: Arc<SheetContext>, file: std::fs::File },
    Xls { reader: SheetReader, sheet: Arc<SheetContext>, file: std::fs::File },
}

/// What the cells of a worksheet are read with.
#[derive(Debug)]
pub(crate) struct SheetContext {
    pub(crate) part: String,
    pub(crate) shared: Arc<Shared>,
    pub(crate) plan: GridPlan,
}

/// Whole rows of a file, not yet decoded. It can be decoded in any thread, in any order.
#[derive(Debug)]
pub struct Block {
    origin: Arc<Origin>,
    bytes: u64,
    raw: Raw,
}

#[derive(Debug)]
enum Raw {
    Text { records: RawRecords, encoding: Encoding, plan: Plan },
    JsonLines { records: RawRecords, encoding: Encoding, keys: Arc<Keys>, plan: Plan },
    Xlsx { rows: RawRows, sheet: Arc<SheetContext> },
    Ready(Rows),
}

impl Blocks {
    /// The next block; `None` at the end of the file.
    ///
    /// # Errors
    /// Whatever makes the rest of the file unreadable: an unclosed quotation mark, damage, a limit, a
    /// file that changed since it was opened. What was handed out before stays good.
    pub fn next_block(&mut self) -> Result<Option<Block>, SheetError> {
        let origin = Arc::clone(&self.origin);
        let raw = self.next_raw().map_err(|fault| origin.error(fault))?;
        if raw.is_none() {
            let file = match &self.feed {
                Feed::Text { cutter, .. } | Feed::JsonLines { cutter, .. } => cutter.input().file(),
                Feed::Xlsx { file, .. } | Feed::Xls { file, .. } => file,
            };
            origin.unchanged(file)?;
        }
        Ok(raw.map(|(raw, bytes)| Block { origin, bytes, raw }))
    }

    fn next_raw(&mut self) -> Result<Option<(Raw, u64)>, Fault> {
        Ok(match &mut self.feed {
            Feed::Text { cutter, encoding, plan } => cutter.next()?.map(|records| {
                let read = records.read;
                (Raw::Text { records, encoding: *encoding, plan: *plan }, read)
            }),
            Feed::JsonLines { cutter, encoding, keys, plan } => cutter.next()?.map(|records| {
                let read = records.read;
                let keys = Arc::clone(keys);
                (Raw::JsonLines { records, encoding: *encoding, keys, plan: *plan }, read)
            }),
            Feed::Xlsx { cutter, sheet, .. } => cutter.next()?.map(|rows| {
                let read = rows.read;
                (Raw::Xlsx { rows, sheet: Arc::clone(sheet) }, read)
            }),
            Feed::Xls { reader, sheet, .. } => {
                let before = reader.position();
                let mut rows = Rows::default();
                let more = reader.next(&sheet.shared, &sheet.plan, &mut rows)?;
                more.then(|| (Raw::Ready(rows), reader.position() - before))
            }
        })
    }
}

impl Block {
    /// Bytes of the file that this block took, for progress. Together they are the size of the file; for
    /// a workbook, the size of the packed sheet, which is less ([`Info::sheet_bytes`](crate::Info)).
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Decodes the rows into `rows`, which is emptied first.
    ///
    /// # Errors
    /// Damage inside a worksheet that shows only now. Text was validated when the file was opened, so for
    /// text this fails only where the file was changed since.
    pub fn decode(self, rows: &mut Rows) -> Result<(), SheetError> {
        let Block { origin, raw, .. } = self;
        rows.clear();
        let result = match raw {
            Raw::Text { records, encoding, plan } => push_decoded(&records.bytes, encoding, &mut rows.text).map(|()| {
                parse::parse(rows, records.first_row, &plan);
            }),
            Raw::JsonLines { records, encoding, keys, plan } => {
                let mut text = String::new();
                push_decoded(&records.bytes, encoding, &mut text).map(|()| {
                    json_lines::parse(&text, &plan, records.first_row, &keys, rows);
                })
            }
            Raw::Xlsx { rows: raw, sheet } => cells::read(&raw.xml, raw.first_row, &sheet.shared, &sheet.plan, rows)
                .map_err(|fault| cells::fault(fault, &sheet.part)),
            Raw::Ready(ready) => {
                *rows = ready;
                Ok(())
            }
        };
        result.map_err(|fault| origin.error(fault))
    }
}

/// Appends the text of bytes that were found valid when the file was opened.
///
/// # Errors
/// [`Fault::Changed`]: they are not valid any more.
pub(crate) fn push_decoded(bytes: &[u8], encoding: Encoding, out: &mut String) -> Result<(), Fault> {
    if encoding != Encoding::Gb18030 {
        out.push_str(simdutf8::basic::from_utf8(bytes).map_err(|_| Fault::Changed)?);
        return Ok(());
    }
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let most = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    out.reserve(most.ok_or(Fault::Changed)?);
    match decoder.decode_to_string_without_replacement(bytes, out, true) {
        (encoding_rs::DecoderResult::InputEmpty, _) => Ok(()),
        _ => Err(Fault::Changed),
    }
}
