//! XLSX: a zip archive of XML parts.
//!
//! Like text, a worksheet is cut into blocks of whole rows as it is unpacked, and the XML of a block is
//! read by whichever thread decodes it: unpacking is the only step that must be done in sequence. The
//! alternative, a library that hands out cells one by one, keeps both steps on one thread, turns every
//! number into a float before anybody can see how many digits it had, and holds the shared strings
//! without a bound.

pub(crate) mod book;
pub(crate) mod cells;
pub(crate) mod cut;
pub(crate) mod package;
pub(crate) mod strings;
pub(crate) mod styles;
pub(crate) mod xml;

/// Rows and columns that the format itself allows.
pub(crate) const MAX_ROWS: u64 = 1_048_576;
/// Columns that the format itself allows.
pub(crate) const MAX_COLUMNS: usize = 16_384;
