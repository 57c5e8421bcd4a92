//! Working days and deadlines: what is shipped, what a file may not say, and what counting promises.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod calendar_file;
mod calendar_shipped;
mod deadline_counting;
mod deadline_rules;
mod shipped;
