//! What can go wrong while a city is made.

use std::path::PathBuf;

/// Why a city could not be made. Files already written stay where they are; making the city again replaces them.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// The plan asks for more people than there are numbers for, or for too few to show what a city must show.
    #[error("residents must be between {least} and {most}, got {asked}")]
    Residents {
        /// Fewest that can be made.
        least: u64,
        /// Most that can be made for this `today`.
        most: u64,
        /// What the plan says.
        asked: u64,
    },
    /// The plan's share of faults is no share.
    #[error("fault share must be between 0 and 0.5, got {0}")]
    FaultShare(f64),
    /// The plan's day lies where people's ages cannot be counted back from.
    #[error("today must lie between 1950-01-01 and 2100-01-01, got {0}")]
    Today(jiff::civil::Date),
    /// A folder or file could not be made or written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A workbook could not be written.
    #[error("cannot write {path}: {source}")]
    Workbook {
        /// The workbook.
        path: PathBuf,
        /// What the spreadsheet library said.
        source: rust_xlsxwriter::XlsxError,
    },
    /// A row holds a character that the file's encoding has not: a mistake in this crate.
    #[error("{path} cannot hold a character in {encoding}")]
    Encoding {
        /// The file.
        path: PathBuf,
        /// Its encoding.
        encoding: &'static str,
    },
    /// The manifest could not be put into JSON: a mistake in this crate.
    #[error("cannot write the manifest: {0}")]
    Manifest(#[from] serde_json::Error),
}
