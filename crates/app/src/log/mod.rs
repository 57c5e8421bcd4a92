//! The log at work: entries become durable with what they describe, get their places in a public tree, and can be
//! checked by anybody who has the public key.

mod check;
mod consistency;
pub(crate) mod lines;
mod proof;
mod prove;
mod publish;
pub(crate) mod rows;
pub(crate) mod salt;
mod sequence;
mod signer;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
pub(crate) mod testing;
mod tiles;
pub(crate) mod told;
mod verify;
mod witness;
mod writer;

pub use check::{Checked, CheckedRecord, CheckedSigner, check_proof};
pub use chengxin_tlog::TilePath;
pub use consistency::{Consistency, LogPoint, LogState, Relation, check_consistency};
pub use lines::{
    CheckedLine, CheckedLines, LINES_FORMAT, Line, LineChain, LineExport, Lines, LinesAsked, LinesFault, Revealed,
    Touched, Who, check_lines,
};
pub use proof::{LONGEST_PROOF, LogProof, PROOF_FORMAT, ProvenEntry, ProvenPlace, ProvenRecord, ProvenVersion};
pub use publish::Published;
pub use sequence::{Sequenced, Sequencer};
pub use signer::{KeyUse, Signer, Verifier, key_type, origin_of, read_checkpoint, verifiers};
pub use verify::{Finding, Verified};
pub use witness::{Cosigned, Post, Witness};
pub use writer::{LogHealth, LogWriter, NewEntry, Sequencing, Written};
