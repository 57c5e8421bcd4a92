//! Signing in by another provider: what it vouches for, and everything that it may do wrong.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bench;
#[path = "../city/mod.rs"]
mod city;
#[path = "../desk/mod.rs"]
mod desk;
mod ended;
mod hostile;
mod issuer;
mod person;
#[path = "../provider/mod.rs"]
mod provider;
mod vouched;
