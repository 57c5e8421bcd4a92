//! XLS: the binary format of Excel 97–2003 (BIFF8), as a stream of records.
//!
//! Read here and not by a library because a library lays every sheet out as a full grid with a copy of
//! each shared string: a file of 20 MB can ask for tens of gigabytes that way. Here it costs the shared
//! strings once, under the same limit as for XLSX, and the rows of one block.
//!
//! # Source
//! [MS-XLS], Excel Binary File Format (.xls) Structure.

mod cells;
mod globals;
mod records;

pub(crate) use cells::SheetReader;
pub(crate) use globals::{Globals, XlsSheet};
pub(crate) use records::Records;
