//! What a made-up city consists of, and what intake should make of its files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::authority::Authority;
use crate::dress::{Encoding, Format};
use crate::fault::{Expected, Fault};

/// The contents of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Chinese name of the city, which does not exist.
    pub city: String,
    /// English name.
    pub city_en: String,
    /// The plan's seed.
    pub seed: u64,
    /// How many residents there are.
    pub residents: u64,
    /// How many rows the files have together.
    pub records: u64,
    /// Day on which the city was made; every date but those of validity lies before it.
    pub today: jiff::civil::Date,
    /// Units that send files.
    pub authorities: Vec<Authority>,
    /// The files, in an order in which they can be imported.
    pub files: Vec<FileEntry>,
    /// Residents to show things with.
    pub residents_sample: Vec<Sample>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path from the city's folder, with `/`.
    pub path: String,
    /// Code of the authority that sends it.
    pub authority: String,
    /// Code of the item.
    pub item: String,
    /// Format.
    pub format: Format,
    /// Encoding; `utf-8` for workbooks.
    pub encoding: Encoding,
    /// Rows of data: neither title nor headings nor blank rows.
    pub rows: u64,
    /// Rows without a fault: what should become records.
    pub good: u64,
    /// How many of each fault. A file of `rows` has `good` and the sum of these, where
    /// [`Fault::UnknownColumn`] counts for no row.
    pub faults: BTreeMap<Fault, u64>,
    /// Where they are.
    pub fault_rows: Vec<FaultRow>,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRow {
    /// Its kind.
    pub kind: Fault,
    /// Row as a spreadsheet or an editor numbers it, from 1; title, headings and blank rows count.
    pub row: u64,
    /// Row among the rows of data, from 1; 0 for the headings.
    pub data_row: u64,
    /// What should become of it.
    pub expected: Expected,
}

/// A resident to show something with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// What for.
    pub part: SamplePart,
    /// Name.
    pub name: String,
    /// Resident identity number, area 990000.
    pub number: String,
    /// The same in a sentence.
    pub note: String,
}

/// What a sampled resident shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SamplePart {
    /// Has records of several items.
    SeveralKinds,
    /// Has no record.
    NoRecord,
    /// Shares the name with the other one of this part.
    Homonym,
    /// Has a name with a character that GBK and many fonts lack.
    RareName,
    /// Has a name with ·.
    MinorityName,
}
