//! Jobs: what follows from a change and must not be lost, done by any process that works on the installation.
//!
//! A job is written in the transaction of the change. A worker claims it for a while, does it and ends it; one that dies leaves
//! its claim to run out, and another does it again. So each is done at least once, and a second time does no harm. What a
//! job says is not believed: before it destroys anything it looks whether the database agrees, since whoever can write to the
//! database could write a job.

pub(crate) mod destroy;
mod tidy;
mod worker;

pub use worker::{JobLine, Round, worker_name};

/// What can be a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobKind {
    /// Destroy the keys of what a submission brought and its acceptance took out again.
    Destroy,
    /// The daily round: what is past its deadline goes, what was hidden until today is revealed, what an authority is late with is told.
    Tidy,
}

impl JobKind {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Destroy => "keys_destroy",
            Self::Tidy => "tidy",
        }
    }

    fn of(code: &str) -> Option<Self> {
        [Self::Destroy, Self::Tidy].into_iter().find(|kind| kind.code() == code)
    }
}
