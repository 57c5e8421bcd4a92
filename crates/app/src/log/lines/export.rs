//! A person's lines as a file that proves itself: the columns of each entry, and the way from its commitment to the root
//! that the log has signed.
//!
//! The file holds no words that a reader would have to believe. What is shown of it is made from the columns, after they
//! were checked; only of the installation's entries, which name others too, it can but state what they are.

use chengxin_store::log::{INSTALLATION, LogRow};
use chengxin_tlog::{Hash, InclusionProof, prove_inclusion};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::chain::Chain;
use super::{LineChain, Lines, Stated};
use crate::keyring::ProfileHash;
use crate::log::proof::{ProvenEntry, encoded, hashes};
use crate::log::prove::{unproven, verified};
use crate::log::sequence::{head_of, inconsistent};
use crate::{AppError, Installation, Kind};

/// Format of an export, with its version.
pub const LINES_FORMAT: &str = "chengxin/lines/1";

/// How often another sequencer may be faster before this one gives up.
const TRIES: usize = 8;

/// An export with proofs. Format: `docs/log-format.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineExport {
    pub(super) format: String,
    pub(super) profile: String,
    pub(super) origin: String,
    /// The signed checkpoint that every proof leads to.
    pub(super) checkpoint: String,
    pub(super) chains: Vec<ExportChain>,
    /// Entries that lines of the chains reveal, each alone in a chain of its own.
    pub(super) revealed: Vec<ExportChain>,
    /// Entries of the installation from which lines without a number follow.
    pub(super) anchors: Vec<ExportAnchor>,
}

/// Lines that follow on each other. Each entry names the chain in which it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ExportChain {
    pub(super) chain: LineChain,
    pub(super) entries: Vec<ExportEntry>,
}

/// An entry, and where its commitment stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ExportEntry {
    pub(super) entry: ProvenEntry,
    pub(super) place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ExportAnchor {
    /// What it is, as the platform says: the file does not prove it, since the entry's columns name others too.
    pub(super) stated: Stated,
    pub(super) number: i64,
    pub(super) commitment: String,
    pub(super) place: Place,
}

/// The way from a commitment to the root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Place {
    pub(super) leaf_index: u64,
    pub(super) inclusion: Vec<String>,
}

impl LineExport {
    /// The file.
    ///
    /// # Errors
    /// An internal fault.
    pub fn to_json(&self) -> Result<String, AppError> {
        serde_json::to_string_pretty(self).map_err(|error| AppError::internal(format!("export of lines: {error}")))
    }
}

impl Installation {
    /// The lines that were just read, with proofs against a fresh checkpoint. Sequences first, so that the newest line,
    /// the reading itself, has its place too.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] of a part: a proof holds for a whole chain, and shows it. [`Kind::Unavailable`] where the log contradicts itself, or a line has no place in it yet.
    pub fn log_export(&mut self, lines: &Lines) -> Result<LineExport, AppError> {
        if lines.part.is_some() {
            return Err(only_the_whole());
        }
        self.sequence_patiently()?;
        let view = self.store.view();
        let head = view.log_head()?.ok_or_else(|| inconsistent("there is no head"))?;
        let (size, hash) = (head_of(&head)?.size, self.keys.hash());
        let tiles = verified(view, &hash, &head)?;
        let place = |subject: &[u8; 16], row: &LogRow| -> Result<Place, AppError> {
            // It was read before it was sequenced.
            let sequenced = view.log_entry(subject, row.number)?.and_then(|row| row.leaf_index);
            let index = sequenced.and_then(|index| u64::try_from(index).ok()).filter(|index| *index < size);
            let index = index.ok_or_else(unplaced)?;
            let proof = prove_inclusion(&hash, &tiles, index, size).map_err(unproven)?;
            Ok(Place { leaf_index: index, inclusion: encoded(&proof.hashes) })
        };
        let chain = |chain: &Chain| -> Result<ExportChain, AppError> {
            let entry = |row: &LogRow| -> Result<ExportEntry, AppError> {
                Ok(ExportEntry { entry: ProvenEntry::new(&chain.subject, row), place: place(&chain.subject, row)? })
            };
            Ok(ExportChain { chain: chain.kind, entries: chain.rows.iter().map(entry).collect::<Result<_, _>>()? })
        };
        let anchor = |(stated, row): &(Stated, LogRow)| -> Result<ExportAnchor, AppError> {
            let (stated, commitment) = (stated.clone(), HEXLOWER.encode(&row.commitment));
            Ok(ExportAnchor { stated, number: row.number, commitment, place: place(&INSTALLATION, row)? })
        };
        Ok(LineExport {
            format: LINES_FORMAT.to_owned(),
            profile: self.keys.profile().name().to_owned(),
            origin: head.origin,
            checkpoint: head.note,
            chains: lines.chains.iter().map(chain).collect::<Result<_, _>>()?,
            revealed: lines.revealed.iter().map(chain).collect::<Result<_, _>>()?,
            anchors: lines.anchors.iter().map(anchor).collect::<Result<_, _>>()?,
        })
    }

    /// Sequences beside a server that sequences too: whichever is faster, the entries get their places.
    fn sequence_patiently(&mut self) -> Result<(), AppError> {
        let mut done = self.log_sequence();
        for _ in 1..TRIES {
            match done {
                Err(error) if error.kind == Kind::Conflict => done = self.log_sequence(),
                _ => break,
            }
        }
        done.map(drop)
    }
}

fn only_the_whole() -> AppError {
    AppError::new(
        Kind::Forbidden,
        "带证明的导出包含全部留痕，超出委托的范围；请当事人本人导出",
        "an export with proofs holds every line, which is more than the mandate covers: the person exports it themself",
    )
}

fn unplaced() -> AppError {
    AppError::new(
        Kind::Unavailable,
        "新的留痕尚未编入日志，请稍后重试",
        "the newest entries have no place in the log yet: try again in a moment",
    )
}

impl Place {
    /// Does the commitment stand at this place under this root?
    pub(super) fn holds(&self, commitment: &Hash, hash: ProfileHash, size: u64, root: &Hash) -> bool {
        let Ok(hashes) = hashes("inclusion", &self.inclusion) else { return false };
        InclusionProof { index: self.leaf_index, size, hashes }.verify(&hash, commitment, root).is_ok()
    }
}
