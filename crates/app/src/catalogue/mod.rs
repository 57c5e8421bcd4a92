//! The catalogue in use: where its files come from, whether it may stand, on what may be collected, and what a new one
//! does to what is held.

mod apply;
mod confirm;
mod files;
mod impact;
mod show;
mod template;
mod walk;

pub use apply::Applied;
pub(crate) use apply::UNDER_WAY;
pub use files::{findings, from_json, load, read_dir, refuse_errors, shipped_calendars, shipped_files, to_json};
pub(crate) use files::{read_file, stored};
pub use impact::{CatalogueImpact, Count, ItemImpact};
pub use show::ItemLine;
