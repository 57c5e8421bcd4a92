//! Use cases. Each reads as a story: authorise, load, decide (in `core`), write.
//!
//! Every function takes a [`Caller`](chengxin_core::Caller), asks [`policy`] first, and leaves a log entry in the same transaction as the change
//! or disclosure that it makes. The command line and bulk imports enter here like everybody else.

pub mod account;
pub mod authority;
pub mod calendar;
pub mod catalogue;
pub mod check;
pub mod client;
pub mod clock;
pub mod complaint;
pub mod consent;
mod contact;
pub mod database;
pub mod deadline;
mod error;
pub mod held;
pub mod idempotency;
pub mod installation;
pub mod intake;
pub mod issuer;
pub mod jobs;
mod journal;
pub mod keyring;
pub mod keys;
pub mod leak;
pub mod log;
pub mod mandate;
pub mod matter;
pub mod notice;
pub mod objection;
pub mod operations;
pub mod paper;
pub mod places;
pub mod policy;
pub mod proceeding;
pub mod publication;
pub mod reading;
pub mod record;
pub mod repair;
pub mod report;
pub mod statistics;
mod subject;
pub mod submission;

pub use clock::{Clock, FixedClock, SystemClock};
pub use error::{AppError, Kind};
pub use installation::{Installation, Mode};

/// 32 hexadecimal digits that nobody can guess.
#[must_use]
pub fn unguessable() -> String {
    data_encoding::HEXLOWER.encode(&chengxin_seal::random_bytes::<16>())
}
