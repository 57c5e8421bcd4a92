//! The public pages, asked as a browser, a program and an attacker ask them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "the tests of the reports themselves use the rest")]
#[path = "../../../app/tests/use_cases/report/fixture.rs"]
mod fixture;
mod hostile;
mod log;
mod pages;
mod report;
mod visitor;
