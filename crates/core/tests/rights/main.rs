//! Objection and repair: examples, random histories, and the diagrams of the manual.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod complaint;
mod diagrams;
mod objection;
mod publication;
mod repair;
mod retention;

use chengxin_core::deadline::{DeadlineKind, Due};
use chengxin_core::say::Say;
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// The day on which histories begin.
const START: Date = date(2026, 9, 1);

/// A clock of so many days, as `deadline::due` would give one.
fn clock(kind: DeadlineKind, start: Date, days: i32) -> Due {
    Due { kind, start, last: day(start, days), moved_from: None, how: Say::default() }
}

fn day(from: Date, days: i32) -> Date {
    from.saturating_add(days.days())
}
