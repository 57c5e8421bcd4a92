//! Cutting a worksheet into blocks of whole rows as it is unpacked.

use memchr::memmem::{self, Finder};

use crate::error::Fault;
use crate::xlsx::MAX_ROWS;
use crate::xlsx::package::{Part, damaged};
use crate::xlsx::xml::attributes;

/// Most bytes before the rows begin (column widths, views).
const MAX_PREAMBLE: usize = 16 * 1024 * 1024;

/// Whole rows, still XML.
#[derive(Debug)]
pub(crate) struct RawRows {
    pub(crate) xml: Vec<u8>,
    /// The number that the first row has where it does not say one.
    pub(crate) first_row: u64,
    /// Bytes of the file that were read for it.
    pub(crate) read: u64,
}

/// Cuts one worksheet into [`RawRows`].
#[derive(Debug)]
pub(crate) struct SheetCutter {
    part: Part,
    block_bytes: usize,
    max_row: usize,
    tags: Option<Tags>,
    carry: Vec<u8>,
    next_row: u64,
    taken: u64,
    at_end: bool,
}

/// The tags to look for, with the prefix that the document uses.
#[derive(Debug)]
struct Tags {
    row: Finder<'static>,
    row_end: Finder<'static>,
    sheet_end: Finder<'static>,
}

impl Tags {
    fn new(prefix: &[u8]) -> Tags {
        let finder = |a: &[u8], b: &[u8]| Finder::new(&[a, prefix, b].concat()).into_owned();
        Tags { row: finder(b"<", b"row"), row_end: finder(b"</", b"row>"), sheet_end: finder(b"</", b"sheetData") }
    }
}

/// Where the rows that are whole end, and whether more can follow.
enum Scan {
    More(usize),
    Done(usize),
}

impl SheetCutter {
    pub(crate) fn new(part: Part, block_bytes: usize, max_row: usize) -> SheetCutter {
        SheetCutter {
            part,
            block_bytes: block_bytes.max(1),
            max_row,
            tags: None,
            carry: Vec::new(),
            next_row: 1,
            taken: 0,
            at_end: false,
        }
    }

    /// The next whole rows; `None` at the end of the sheet.
    ///
    /// # Errors
    /// [`Fault::Damaged`], [`Fault::RecordTooLong`], [`Fault::PartTooLarge`].
    pub(crate) fn next(&mut self) -> Result<Option<RawRows>, Fault> {
        while !self.at_end {
            let mut xml = Vec::with_capacity(self.carry.len() + self.block_bytes);
            xml.append(&mut self.carry);
            if self.part.fill(&mut xml, self.block_bytes)? == 0 {
                return Err(damaged(self.part.name(), "the sheet breaks off"));
            }
            if self.tags.is_none() && !self.enter(&mut xml)? {
                self.carry = xml;
                continue;
            }
            let first_row = self.next_row;
            let whole = match self.scan(&xml)? {
                Scan::More(whole) => {
                    self.carry.extend_from_slice(&xml[whole..]);
                    whole
                }
                Scan::Done(whole) => {
                    self.finish()?;
                    whole
                }
            };
            if whole > 0 {
                xml.truncate(whole);
                let taken = self.part.taken();
                let read = taken - std::mem::replace(&mut self.taken, taken);
                return Ok(Some(RawRows { xml, first_row, read }));
            }
            if self.carry.len() > self.max_row {
                return Err(Fault::RecordTooLong { row: self.next_row, limit: self.max_row });
            }
        }
        Ok(None)
    }

    /// Looks for the start of the rows and drops what is before it. `false`: not there yet.
    fn enter(&mut self, xml: &mut Vec<u8>) -> Result<bool, Fault> {
        for at in memmem::find_iter(xml, b"sheetData") {
            let Some(open) = memchr::memrchr(b'<', &xml[..at]) else { continue };
            let prefix = &xml[open + 1..at];
            if !(prefix.is_empty() || prefix.ends_with(b":") && !prefix.contains(&b' ')) {
                continue;
            }
            let Some(end) = memchr::memchr(b'>', &xml[at..]) else { return Ok(false) };
            if xml[at + end - 1] == b'/' {
                xml.clear();
                self.finish()?;
                return Ok(false);
            }
            self.tags = Some(Tags::new(prefix));
            xml.drain(..=at + end);
            return Ok(true);
        }
        if xml.len() > MAX_PREAMBLE {
            return Err(damaged(self.part.name(), "no rows within the first megabytes"));
        }
        Ok(false)
    }

    /// Goes from row to row and numbers them, as far as they are whole.
    fn scan(&mut self, xml: &[u8]) -> Result<Scan, Fault> {
        let Some(tags) = &self.tags else { return Ok(Scan::More(0)) };
        let mut whole = 0;
        loop {
            let rest = &xml[whole..];
            let Some(open) = tags.row.find(rest) else {
                return Ok(match tags.sheet_end.find(rest) {
                    Some(_) => Scan::Done(whole),
                    None => Scan::More(whole),
                });
            };
            // Elements behind the rows have names that start so, too (`<rowBreaks`).
            if !matches!(
                rest.get(open + tags.row.needle().len()),
                None | Some(b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n')
            ) {
                return Ok(Scan::Done(whole));
            }
            if tags.sheet_end.find(&rest[..open]).is_some() {
                return Ok(Scan::Done(whole));
            }
            let Some(close) = memchr::memchr(b'>', &rest[open..]) else { return Ok(Scan::More(whole)) };
            let close = open + close;
            let end = match rest[close - 1] {
                b'/' => close + 1,
                _ => match tags.row_end.find(&rest[close..]) {
                    Some(end) => close + end + tags.row_end.needle().len(),
                    None => return Ok(Scan::More(whole)),
                },
            };
            let number = row_number(&rest[open..close]).unwrap_or(self.next_row);
            if number < self.next_row || number > MAX_ROWS {
                let detail = format!("row {number} where row {} or a later one belongs", self.next_row);
                return Err(damaged(self.part.name(), detail));
            }
            self.next_row = number + 1;
            whole += end;
        }
    }

    /// Reads what follows the rows, for the checksum.
    fn finish(&mut self) -> Result<(), Fault> {
        self.at_end = true;
        let mut rest = Vec::new();
        while self.part.fill(&mut rest, self.block_bytes)? > 0 {
            rest.clear();
        }
        Ok(())
    }
}

/// The number that a row's tag says.
fn row_number(tag: &[u8]) -> Option<u64> {
    let tag = std::str::from_utf8(tag).ok()?;
    let tag = tag.split_once(|c: char| c.is_ascii_whitespace())?.1;
    attributes(tag).find(|(name, _)| *name == "r").and_then(|(_, value)| value.parse().ok())
}
