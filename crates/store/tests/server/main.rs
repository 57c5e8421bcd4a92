//! The store against a server that is killed, filled, slow, or lies: each test starts one of its own, and fails where no
//! PostgreSQL is installed.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod claims;
mod collisions;
mod commits;
mod connecting;
mod encryption;
mod limits;
mod migrations;
mod proxy;
mod restarts;
mod support;
