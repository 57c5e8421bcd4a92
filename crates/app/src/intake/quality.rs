//! What the sending office is told: counts, what was read and changed, and each refused row with its remedy.

use std::collections::BTreeMap;

use chengxin_core::Say;
use serde::{Deserialize, Serialize};

use super::difference::Difference;

/// Most refused and held rows that a report lists one by one; beyond that it counts, and the file of refused rows has
/// them all.
pub const LISTED_ROWS: usize = 200;

/// The quality report of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QualityReport {
    /// Number of the submission; absent in a dry run.
    pub submission: Option<i64>,
    /// Was nothing written?
    pub dry_run: bool,
    /// Had this file been accepted before? Then nothing was done, and this is the report of that time.
    pub repeated: bool,
    /// Name of the file.
    pub file: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Format and, for text files, encoding, as people call them: `CSV · GB18030`.
    pub read_as: String,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Sending office.
    pub authority: String,
    /// Its name.
    pub authority_name: String,
    /// Item code.
    pub item: String,
    /// Its name.
    pub item_name: Say,
    /// Content hash of the catalogue that the rows were held against.
    pub catalogue: String,
    /// Row of the headings.
    pub heading_row: u64,
    /// Columns in the order of the file.
    pub columns: Vec<ColumnRead>,
    /// Counts.
    pub counts: Counts,
    /// What was normalised, by field and kind.
    pub normalised: Vec<NormalisedCount>,
    /// Faults by field and code.
    pub faults: Vec<FaultCount>,
    /// The first refused rows.
    pub refused: Vec<RefusedRow>,
    /// The first held rows, with what the sender may know of the reason.
    pub held: Vec<HeldLine>,
    /// Against the office's last accepted file for this item.
    pub difference: Option<Difference>,
    /// Things to know: columns left out, codes accepted with a warning, mojibake.
    pub warnings: Vec<Say>,
    /// Do adverse rows about persons wait for a second officer?
    pub needs_release: bool,
    /// Merkle root over what was accepted, hexadecimal.
    pub root: Option<String>,
    /// Rows that were mended or left out away from the file, whose bytes [`Self::sha256`] is of.
    #[serde(default, skip_serializing_if = "none")]
    pub mended: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn none(count: &u64) -> bool {
    *count == 0
}

/// How one column was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ColumnRead {
    /// Heading as it stands.
    pub heading: String,
    /// Field code; `None` for a column that is neither read nor stored.
    pub field: Option<String>,
    /// Label of the field.
    pub label: Option<Say>,
    /// Does the heading name a kind of data that may never be collected?
    pub forbidden: bool,
}

/// Counts of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Counts {
    /// Rows with content.
    pub rows: u64,
    /// Blank rows.
    pub blank: u64,
    /// Became new records.
    pub new: u64,
    /// Became new versions.
    pub changed: u64,
    /// Are held already, with equal content.
    pub unchanged: u64,
    /// Withdrew a record.
    pub withdrawn: u64,
    /// Stand in the file a second time with equal content.
    pub repeated: u64,
    /// Were refused.
    pub refused: u64,
    /// Are held for a human.
    pub held: u64,
    /// Of the new and changed: wait for a second officer's release.
    pub awaiting_release: u64,
}

/// How often something was normalised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NormalisedCount {
    /// Field code.
    pub field: String,
    /// Its label.
    pub label: Say,
    /// What was done.
    pub what: Say,
    /// In how many rows.
    pub count: u64,
}

/// How often a fault occurred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FaultCount {
    /// Field code; empty where the whole row is meant.
    pub field: String,
    /// Its label.
    pub label: Say,
    /// Code of the reason.
    pub code: String,
    /// In how many rows.
    pub count: u64,
}

/// One refused row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RefusedRow {
    /// Row of the file, as a spreadsheet shows it.
    pub row: u64,
    /// What is wrong.
    pub faults: Vec<RefusedField>,
}

/// One fault of a refused row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RefusedField {
    /// Field code; empty where the whole row is meant.
    pub field: String,
    /// Code of the reason.
    pub code: String,
    /// What is wrong and how to mend it.
    pub say: Say,
}

/// One held row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HeldLine {
    /// Row of the file.
    pub row: u64,
    /// What the sender may know.
    pub say: Say,
}

/// Counts that grow while a file is read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Tally {
    /// Counts of rows.
    pub(crate) counts: Counts,
    /// Field index and kind of normalisation → rows.
    pub(crate) normalised: BTreeMap<String, u64>,
    /// Field index (or -1) and code → rows.
    pub(crate) faults: BTreeMap<String, u64>,
    /// Rows accepted with a warning about their code.
    pub(crate) warned: u64,
    /// Unlisted keys met in rows of JSON Lines.
    pub(crate) unlisted: u64,
}

impl Tally {
    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: &Tally) {
        let (a, b) = (&mut self.counts, &other.counts);
        a.rows += b.rows;
        a.blank += b.blank;
        a.new += b.new;
        a.changed += b.changed;
        a.unchanged += b.unchanged;
        a.withdrawn += b.withdrawn;
        a.repeated += b.repeated;
        a.refused += b.refused;
        a.held += b.held;
        a.awaiting_release += b.awaiting_release;
        self.warned += other.warned;
        self.unlisted += other.unlisted;
        for (into, from) in [(&mut self.normalised, &other.normalised), (&mut self.faults, &other.faults)] {
            for (key, count) in from {
                *into.entry(key.clone()).or_default() += count;
            }
        }
    }
}
