//! Reports: what they say and to whom, whether a change to one is found, and what its page tells.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;
mod issue;
mod verify;
mod view;
