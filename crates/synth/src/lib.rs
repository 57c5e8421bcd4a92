//! A made-up city: authorities, people, organisations, and the files that its offices would send.
//!
//! Tests, the demonstration and the benchmark need data that look like a real city's and name nobody. All identity
//! numbers and codes here are in the area 990000, which does not exist; check characters are right, so that only the
//! area tells them from real ones.
//!
//! The same plan gives the same bytes, on every machine and in every later version that does not say otherwise in
//! the changelog.

mod authority;
mod city;
mod dress;
mod error;
mod fault;
mod file;
mod items;
mod manifest;
mod name;
pub mod number;
mod people;
mod rng;
mod rows;
mod table;
mod write;

pub use authority::{Authority, CITY, CITY_EN, authorities};
pub use city::{Plan, make, penalty_csv};
pub use dress::{Encoding, Format};
pub use error::SynthError;
pub use fault::{Expected, Fault};
pub use manifest::{FaultRow, FileEntry, Manifest, Sample, SamplePart};
