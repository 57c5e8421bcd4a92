//! How much a file may ask of this machine.

/// Bounds on what a file may make the reader do. Every bound is on what is really read, not on what the
/// file says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Largest CSV, TSV or JSON Lines file, in bytes.
    pub max_file_bytes: u64,
    /// Largest XLSX file as it lies on the disk, in bytes.
    pub max_workbook_bytes: u64,
    /// Largest XLS file, in bytes.
    pub max_xls_bytes: u64,
    /// Most entries in the archive that an XLSX file is.
    pub max_zip_entries: usize,
    /// Most bytes that one part of an XLSX file may unpack to.
    pub max_unzipped_bytes: u64,
    /// Most memory for the shared strings of a workbook, in bytes (text plus four bytes a string).
    pub max_shared_strings_bytes: usize,
    /// Most columns that may hold anything.
    pub max_columns: usize,
    /// Most characters in one cell; more is a [`Problem`](crate::Problem) of the row. 32 767 is what a
    /// spreadsheet cell can hold.
    pub max_cell_chars: usize,
    /// Longest record in bytes. It bounds memory, and it is how an unclosed quotation mark, which would
    /// swallow the rest of the file, is found.
    pub max_record_bytes: usize,
    /// How many bytes of rows make one [`Block`](crate::Block), about.
    pub block_bytes: usize,
}

const MIB: usize = 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Limits {
            max_file_bytes: 64 * 1024 * MIB as u64,
            max_workbook_bytes: 1024 * MIB as u64,
            max_xls_bytes: 256 * MIB as u64,
            max_zip_entries: 4096,
            max_unzipped_bytes: 8 * 1024 * MIB as u64,
            max_shared_strings_bytes: 128 * MIB,
            max_columns: 1024,
            max_cell_chars: 32_767,
            max_record_bytes: MIB,
            block_bytes: 512 * 1024,
        }
    }
}
