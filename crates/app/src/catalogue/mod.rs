//! The catalogue in use: where its files come from, whether they may stand, and what a new one does to what is held.

mod files;

pub use files::{findings, from_json, load, read_dir, refuse_errors, shipped_files, to_json};
