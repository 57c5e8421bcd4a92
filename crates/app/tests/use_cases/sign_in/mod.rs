//! Signing in by another provider: what it vouches for, and everything that it may do wrong.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bench;
mod ended;
mod hostile;
mod issuer;
mod person;
mod vouched;
