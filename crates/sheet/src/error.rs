//! What makes a whole file unreadable (or unwritable).
//!
//! The sentences are in `error_text.rs`; this file holds the facts that they are made of.

use std::io;
use std::path::Path;

use crate::format::{Content, Encoding, Format};

/// A file that could not be read or written, and why.
///
/// `Display` is the English sentence; [`zh`](Self::zh) is the Chinese one. Both name the file, the place
/// and the way to mend it.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.en())]
pub struct SheetError {
    file: String,
    /// Boxed so that a `Result` stays small on the hot path.
    #[source]
    fault: Box<Fault>,
}

impl SheetError {
    pub(crate) fn new(path: &Path, fault: Fault) -> Self {
        SheetError { file: path.display().to_string(), fault: Box::new(fault) }
    }

    pub(crate) fn into_fault(self) -> Fault {
        *self.fault
    }

    /// The file, as it was named by the caller.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What is wrong, for callers that act on it.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// The sentence in Simplified Chinese.
    pub fn zh(&self) -> String {
        format!("{}\u{ff1a}{}", self.file, self.fault.zh())
    }

    /// The sentence in English.
    pub fn en(&self) -> String {
        format!("{}: {}", self.file, self.fault.en())
    }
}

/// The first byte that does not fit an encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadBytes {
    /// The encoding that was tried.
    pub encoding: Encoding,
    /// Line of the file, 1-based.
    pub row: u64,
    /// Offset in the file, 0-based, in bytes.
    pub offset: u64,
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.en())]
#[non_exhaustive]
pub enum Fault {
    /// The operating system refused.
    Io(#[source] io::Error),
    /// There is no such file.
    NotFound,
    /// A symbolic link: what it points to may change between check and use.
    Symlink,
    /// A folder.
    Folder,
    /// A pipe, device or socket.
    NotRegular,
    /// No bytes at all.
    Empty,
    /// More bytes than the limit.
    TooLarge {
        /// Size of the file, bytes.
        bytes: u64,
        /// The limit, bytes.
        limit: u64,
    },
    /// The file changed while it was being read.
    Changed,
    /// The content is of a kind that is not read (PDF, picture, RAR …).
    OtherContent(Content),
    /// The content and the file ending say different things.
    Mismatch {
        /// What the content is.
        content: Content,
        /// The ending, lower case, without the dot.
        ending: String,
        /// The format whose ending would be right, where there is one.
        right: Option<Format>,
    },
    /// A zip or OLE container that holds no workbook; what it seems to hold.
    NotAWorkbook(Content),
    /// The workbook is protected by a password.
    Encrypted,
    /// Text in none of the encodings that are read.
    Encoding(Vec<BadBytes>),
    /// A NUL byte in a text file.
    Nul {
        /// Line of the file, 1-based.
        row: u64,
        /// Offset in the file, 0-based, in bytes.
        offset: u64,
        /// Every second byte is NUL: UTF-16 without its mark.
        utf16: bool,
    },
    /// Text that went through a wrong encoding before it was saved.
    Mojibake {
        /// Row, 1-based.
        row: u64,
        /// Column, 1-based.
        column: usize,
        /// The start of what the cell holds.
        shown: String,
        /// What it probably said.
        meant: String,
    },
    /// Fields are separated by something other than the file ending says.
    Delimiter {
        /// The separator that the lines use.
        found: char,
        /// The separator that was expected.
        expected: char,
    },
    /// A quotation mark that is never closed.
    UnclosedQuote {
        /// The row in which it opens.
        row: u64,
    },
    /// A record longer than the limit.
    RecordTooLong {
        /// The row.
        row: u64,
        /// The limit, bytes.
        limit: usize,
    },
    /// Something stands in a column beyond the limit.
    TooManyColumns {
        /// The cell, as `AMK7`.
        cell: String,
        /// The limit, columns.
        limit: usize,
    },
    /// A JSON array where JSON Lines is read.
    JsonArray,
    /// None of the first lines is a JSON object.
    NotJsonLines {
        /// The first such line.
        row: u64,
    },
    /// No row holds anything.
    NoRows {
        /// The sheets of the workbook, none for a text file.
        sheets: Vec<String>,
    },
    /// A sheet was asked for that is not there.
    NoSuchSheet {
        /// What was asked for.
        sheet: String,
        /// What there is; empty for a text file, which has no sheets.
        sheets: Vec<String>,
    },
    /// The zip or OLE structure, or the XML inside, is broken.
    Damaged {
        /// The part of the workbook, empty for the whole.
        part: String,
        /// What was found, in English, for support: it stands in no sentence.
        detail: String,
    },
    /// More entries in the archive than the limit.
    TooManyParts {
        /// The limit.
        limit: usize,
    },
    /// A part unpacks to more than the limit.
    PartTooLarge {
        /// The part of the workbook.
        part: String,
        /// The limit, bytes.
        limit: u64,
    },
    /// The shared strings need more memory than the limit.
    SharedStringsTooLarge {
        /// The limit, bytes.
        limit: usize,
    },
    /// The workbook is of Excel 95 or older.
    TooOld,
    /// A name that a spreadsheet does not accept for a sheet.
    SheetName(String),
    /// The library that writes templates refused; its words.
    Template(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Fault::Io(error)
    }
}

/// A cell as a spreadsheet names it: `(1, 3)` is `C1`.
pub(crate) fn cell_name(row: u64, column: usize) -> String {
    format!("{}{row}", column_name(column))
}

/// The letters of a 1-based column: 1 is `A`, 27 is `AA`, 16384 is `XFD`.
pub(crate) fn column_name(mut column: usize) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        column -= 1;
        letters.push(char::from(b'A' + (column % 26) as u8));
        column /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::column_name;

    #[test]
    fn columns_are_named_as_a_spreadsheet_names_them() {
        let names: Vec<_> = [1, 26, 27, 702, 703, 16384].into_iter().map(column_name).collect();
        assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }
}
