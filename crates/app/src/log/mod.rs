//! The log at work: entries become durable with what they describe, get their places in a public tree, and can be
//! checked by anybody who has the public key.

mod publish;
mod sequence;
mod signer;
mod tiles;
mod writer;

pub use chengxin_tlog::TilePath;
pub use publish::Published;
pub use sequence::{Sequenced, Sequencer};
pub use signer::{KeyUse, Signer, Verifier, key_type, origin_of, read_checkpoint, verifiers};
pub use writer::{LogHealth, LogWriter, NewEntry, Written};
