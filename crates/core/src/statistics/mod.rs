//! What statistics may say: numbers of work, of authorities and of catalogue items, and never a number that points at somebody.
//!
//! Pure, and applied before a table is shown, drawn or exported, so that page, chart and file say the same ([`table`]). A figure is about a month or a
//! quarter that is over ([`month`]): one that grew from day to day would tell, by what it was yesterday, of whom it grew.
//!
//! # Source
//! House rule (domain reference, §7): cells of fewer than five people are suppressed, in exports too; nothing counts adverse records, listings or people
//! covered as a target or a rank.

pub mod month;
pub mod share;
pub mod table;

pub use month::Month;
pub use share::Share;
pub use table::{Published, published};

/// From how many people on a number is told.
pub const FEWEST: u64 = 5;

/// Is it a number that could point at somebody? None at all points at nobody.
#[must_use]
pub fn is_small(count: u64) -> bool {
    (1..FEWEST).contains(&count)
}
