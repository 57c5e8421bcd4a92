//! Reads and writes the tabular files that offices send: CSV, TSV, XLSX, XLS and JSON Lines.
//!
//! Plain data in and out: this crate knows cells, rows and files, and nothing about credit records.
//! It is the front of an import, so it is built around three promises:
//!
//! - **Nothing is guessed silently.** A file is read strictly in the encoding it really has, and what
//!   cannot be read is an error that names the file, the row, the column and the way to mend it
//!   ([`SheetError`]). What is wrong with one row is data on that row ([`Problem`]), so that one bad
//!   row never stops a file.
//! - **Bounded memory.** Text of any size and worksheets of a million rows pass through in blocks;
//!   only the shared strings of a workbook are held, up to a limit ([`Limits`]).
//! - **Parallel where it counts.** One thread cuts the file into [`Block`]s, any number of threads
//!   [`decode`](Block::decode) them.
//!
//! # Example
//! ```
//! use chengxin_sheet::{Limits, Rows, Source};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = tempfile::tempdir()?;
//! # let path = dir.path().join("names.csv");
//! # std::fs::write(&path, "姓名,证件号码\n张三,990000199001010017\n")?;
//! let source = Source::open(&path, None, &Limits::default())?;
//! let heading = source.head().row(0);
//! let (after, columns) = (heading.number(), heading.len());
//! let mut blocks = source.blocks(after, columns)?;
//! let mut rows = Rows::default();
//! while let Some(block) = blocks.next_block()? {
//!     block.decode(&mut rows)?;
//!     for row in rows.iter() {
//!         assert_eq!((row.number(), row.field(0)), (2, "张三"));
//!     }
//! }
//! # Ok(()) }
//! ```

mod blocks;
mod error;
mod error_text;
mod file;
mod format;
mod grid;
mod json_lines;
mod limits;
mod number;
mod ole;
mod opening;
mod problem;
mod rows;
mod serial;
mod source;
mod text;
mod write;
mod xls;
mod xlsx;

pub use blocks::{Block, Blocks};
pub use error::{BadBytes, Fault, SheetError};
pub use format::{Content, Encoding, Format};
pub use limits::Limits;
pub use problem::Problem;
pub use rows::{Mend, Mends, RowRef, Rows};
pub use source::{Info, Source};
pub use text::survey::hash as file_sha256;
pub use write::csv::{guard_formula, table_csv, unguard_formula, write_csv};
pub use write::table::{SHEET_ROWS, table_xlsx, write_table_xlsx};
pub use write::template::{ColumnKind, Template, TemplateColumn, plain_heading, write_template};
