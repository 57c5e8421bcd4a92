//! Intake: a file of an authority becomes records. `submission_import` is the story; the files beside it are its steps.

mod accept;
mod ahead;
mod collect;
mod decide;
mod difference;
mod draft;
mod headings;
mod import;
mod incoming;
mod ledger;
mod load;
mod manners;
mod mapping;
mod opening;
mod pipeline;
mod prints;
mod quality;
mod refused;
mod resolve;
mod settle;
mod summary;
mod work;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use chengxin_sheet::{Mend, Mends};

pub use accept::RECEIPT_TYPE;
pub use difference::{Difference, ranges};
pub use draft::Draft;
pub use headings::{FileField, FileHeadings};
pub use incoming::{Incoming, LARGEST_INCOMING};
pub(crate) use load::row_aad;
pub use manners::{Presence, SERVER_LOCK};
pub(crate) use mapping::label as field_label;
pub(crate) use opening::item_of;
pub use quality::{
    ColumnRead, Counts, FaultCount, HeldLine, LISTED_ROWS, NormalisedCount, QualityReport, RefusedField, RefusedRow,
};
pub use refused::{RefusedCell, RefusedCells};
pub(crate) use summary::refused_fields;
pub(crate) use work::content_parts;

use chengxin_core::Say;
use chengxin_core::refusal::Fault;

/// What is to be imported, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportRequest {
    /// Code of the sending office.
    pub authority: String,
    /// Item code; found by the headings where it is not given.
    pub item: Option<String>,
    /// The file.
    pub file: PathBuf,
    /// Sheet of a workbook; the first with content where it is not given.
    pub sheet: Option<String>,
    /// Say everything that a real run would, write nothing.
    pub dry_run: bool,
    /// Reason for an unusual volume.
    pub reason: String,
    /// Headings that stand for fields, as the office says: (heading, field code; empty to leave the column out).
    pub mapping: Vec<(String, String)>,
    /// The office attests that every person in the file was of age.
    pub adults_attested: bool,
    /// What was mended away from the file, before it is read: rows by their numbers, cells by their columns.
    pub mends: Mends,
}

/// Where progress is shown.
pub trait Progress {
    /// A step begins: `total` bytes of file lie before it.
    fn step(&mut self, what: &Say, total: u64);
    /// `done` bytes of the step's total are behind it.
    fn advance(&mut self, done: u64);
}

/// Shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&mut self, _: &Say, _: u64) {}
    fn advance(&mut self, _: u64) {}
}

/// What came of an import.
#[derive(Debug, Clone)]
pub struct ImportOutcome {
    /// The quality report.
    pub quality: QualityReport,
    /// The signed receipt (JSON of a signed envelope); absent in a dry run.
    pub receipt: Option<String>,
    /// Faults of the refused rows (of the first 100 000), for the file of refused rows.
    pub(crate) refused: BTreeMap<u64, Vec<Fault>>,
}
