//! The check at the window: what it answers, and what its answer may never depend on.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod examples;
mod properties;
mod records;
