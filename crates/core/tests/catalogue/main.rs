//! The catalogue: what loading, checking and comparing promise, and the catalogue that is shipped.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod changes;
mod dated_rules;
mod example;
mod load;
mod matters;
mod refusals;
mod refusals_of_fields;
mod retention;
mod shipped;
