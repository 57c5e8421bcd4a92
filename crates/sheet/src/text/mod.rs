//! Text files: how they are validated, cut into blocks, and parsed.

pub(crate) mod cut;
pub(crate) mod input;
pub(crate) mod mojibake;
pub(crate) mod parse;
mod strict;
pub(crate) mod survey;

/// How records and fields are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Between fields. `None`: a line is one record and quotation marks mean nothing (JSON Lines).
    pub(crate) delimiter: Option<u8>,
    /// Ends a record: a line feed, or a carriage return in files that have no line feed at all.
    pub(crate) line_end: u8,
}

impl Shape {
    /// Chooses the line end from the start of the file.
    pub(crate) fn new(delimiter: Option<u8>, sample: &str) -> Shape {
        let old_mac = sample.contains('\r') && !sample.contains('\n');
        Shape { delimiter, line_end: if old_mac { b'\r' } else { b'\n' } }
    }
}
