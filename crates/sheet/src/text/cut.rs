//! Cutting a text file into blocks of whole records, on raw bytes.
//!
//! Record ends can be found before decoding because neither the quotation mark, nor a separator, nor a
//! line end is ever part of a longer character: in UTF-8 those have the high bit, and in GB 18030 a
//! trailing byte is 0x30–0x39, 0x40–0x7E or 0x80–0xFE.

use crate::error::Fault;
use crate::text::Shape;
use crate::text::input::Input;

/// Whole records, still encoded.
#[derive(Debug)]
pub(crate) struct RawRecords {
    pub(crate) bytes: Vec<u8>,
    /// Row number of the first record.
    pub(crate) first_row: u64,
    /// Bytes of the file that were read for it.
    pub(crate) read: u64,
}

/// Cuts a file into [`RawRecords`].
#[derive(Debug)]
pub(crate) struct Cutter {
    input: Input,
    scanner: Scanner,
    block_bytes: usize,
    max_record: usize,
    /// The start of a record whose end is not read yet; already scanned.
    carry: Vec<u8>,
    next_row: u64,
    at_end: bool,
}

impl Cutter {
    pub(crate) fn new(input: Input, shape: Shape, block_bytes: usize, max_record: usize) -> Cutter {
        Cutter {
            input,
            scanner: Scanner::new(shape),
            block_bytes: block_bytes.max(1),
            max_record,
            carry: Vec::new(),
            next_row: 1,
            at_end: false,
        }
    }

    /// The next whole records; `None` at the end of the file.
    ///
    /// # Errors
    /// [`Fault::UnclosedQuote`], [`Fault::RecordTooLong`], [`Fault::Io`].
    pub(crate) fn next(&mut self) -> Result<Option<RawRecords>, Fault> {
        if self.at_end {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(self.carry.len() + self.block_bytes);
        bytes.append(&mut self.carry);
        let mut read = 0;
        loop {
            let scanned = bytes.len();
            let n = self.input.fill(&mut bytes, self.block_bytes)?;
            read += n as u64;
            if n == 0 {
                return self.last(bytes, read);
            }
            let found = self.scanner.scan(&bytes[scanned..]);
            if let Some(end) = found.last_end {
                let first_row = self.next_row;
                self.next_row += found.ends;
                self.carry.extend_from_slice(&bytes[scanned + end..]);
                bytes.truncate(scanned + end);
                return Ok(Some(RawRecords { bytes, first_row, read }));
            }
            if bytes.len() > self.max_record {
                return Err(self.endless());
            }
        }
    }

    /// What is left at the end of the file: a record without a line end, or nothing.
    fn last(&mut self, bytes: Vec<u8>, read: u64) -> Result<Option<RawRecords>, Fault> {
        self.at_end = true;
        if self.scanner.in_quotes() {
            return Err(Fault::UnclosedQuote { row: self.next_row });
        }
        Ok((!bytes.is_empty()).then_some(RawRecords { bytes, first_row: self.next_row, read }))
    }

    fn endless(&self) -> Fault {
        match self.scanner.in_quotes() {
            true => Fault::UnclosedQuote { row: self.next_row },
            false => Fault::RecordTooLong { row: self.next_row, limit: self.max_record },
        }
    }

    /// The input, for a look at the file under it.
    pub(crate) fn input(&self) -> &Input {
        &self.input
    }
}

/// Where a quotation mark stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Outside quotation marks.
    Outside,
    /// Inside.
    Inside,
    /// Right behind a mark that closes, unless another one follows at once (`""`).
    Closed,
}

/// Finds record ends in a stream of bytes. A quotation mark opens only at the start of a field, as in
/// [`parse`](crate::text::parse): both must agree on where a record ends.
#[derive(Debug)]
struct Scanner {
    shape: Shape,
    state: State,
    /// The last byte of the previous chunk; at the start of the file, as if after a line end.
    previous: u8,
}

/// What a scan found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// Behind the last record end, from the start of the chunk.
    last_end: Option<usize>,
    /// How many records end in the chunk.
    ends: u64,
}

impl Scanner {
    fn new(shape: Shape) -> Scanner {
        Scanner { shape, state: State::Outside, previous: shape.line_end }
    }

    fn in_quotes(&self) -> bool {
        self.state == State::Inside
    }

    fn scan(&mut self, chunk: &[u8]) -> Found {
        let unquoted =
            self.state != State::Inside && (self.shape.delimiter.is_none() || memchr::memchr(b'"', chunk).is_none());
        let found = if unquoted { self.scan_unquoted(chunk) } else { self.scan_quoted(chunk) };
        if let Some(&last) = chunk.last() {
            self.previous = last;
        }
        found
    }

    fn scan_unquoted(&mut self, chunk: &[u8]) -> Found {
        if !chunk.is_empty() {
            self.state = State::Outside;
        }
        let line_end = self.shape.line_end;
        Found {
            last_end: memchr::memrchr(line_end, chunk).map(|at| at + 1),
            ends: memchr::memchr_iter(line_end, chunk).count() as u64,
        }
    }

    fn scan_quoted(&mut self, chunk: &[u8]) -> Found {
        let mut found = Found::default();
        // Where the last mark closed, as the offset at which a second mark would reopen.
        let mut reopens_at = (self.state == State::Closed).then_some(0);
        for at in memchr::memchr2_iter(b'"', self.shape.line_end, chunk) {
            let is_quote = chunk[at] == b'"';
            match self.state {
                State::Inside if is_quote => {
                    self.state = State::Closed;
                    reopens_at = Some(at + 1);
                }
                State::Inside => {}
                _ if is_quote => {
                    let before = if at == 0 { self.previous } else { chunk[at - 1] };
                    let escaped = reopens_at == Some(at);
                    if escaped || before == self.shape.line_end || Some(before) == self.shape.delimiter {
                        self.state = State::Inside;
                    }
                }
                _ => {
                    self.state = State::Outside;
                    found.ends += 1;
                    found.last_end = Some(at + 1);
                }
            }
        }
        // `Closed` outlives the chunk only where the mark was its very last byte.
        if self.state == State::Closed && reopens_at != Some(chunk.len()) {
            self.state = State::Outside;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: Shape = Shape { delimiter: Some(b','), line_end: b'\n' };

    fn ends(text: &str, chunk: usize) -> (Vec<usize>, bool) {
        let mut scanner = Scanner::new(CSV);
        let mut all = Vec::new();
        let mut base = 0;
        for piece in text.as_bytes().chunks(chunk) {
            let found = scanner.scan(piece);
            if let Some(end) = found.last_end {
                all.push(base + end);
            }
            base += piece.len();
        }
        (all, scanner.in_quotes())
    }

    #[test]
    fn a_line_end_in_quotes_ends_no_record_however_the_chunks_fall() {
        let text = "a,\"b\n\"\"c\n\",d\nx\"y,z\n\"q\"\"\n\"\n";
        for chunk in 1..text.len() {
            let (all, open) = ends(text, chunk);
            assert!(!open, "chunk {chunk}");
            assert!(all.iter().all(|end| [13, 19, 26].contains(end)), "chunk {chunk}: {all:?}");
        }
        assert_eq!(ends(text, 1).0, [13, 19, 26]);
    }

    #[test]
    fn an_open_quotation_mark_is_seen_at_the_end() {
        assert!(ends("a,\"b\nc,d\n", 3).1);
        assert!(!ends("a,b\"\nc,d\n", 3).1);
    }
}
