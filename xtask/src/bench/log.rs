//! What the log costs by itself: sequencing, a proof, verifying all of it. And what the daily round costs.

use std::time::Duration;

use super::Bench;
use super::check::runs;
use super::table::{Row, Target};
use crate::run::{self, Outcome};

/// Sequencing of a million entries, a proof, and the whole log verified.
///
/// # Errors
/// The example does not build, or prints something else.
pub(super) fn alone(bench: &Bench) -> Outcome<Vec<Row>> {
    let mut timing = run::example("chengxin-app", "log_speed")?;
    let said = run::output(timing.arg(bench.rows.to_string()).current_dir(bench.scratch("log")?))?;
    let row = |name: &str, what: &str, target| {
        Ok::<Row, String>(Row { name: name.to_owned(), ours: runs(&said, what, "us")?, other: None, target })
    };
    Ok(vec![
        row("log, an entry made durable", "write", Target::Beside)?,
        // 20 000 entries a second.
        row("log, an entry sequenced", "sequence", Target::AtMost(Duration::from_micros(50)))?,
        row("log, a proof", "prove", Target::AtMost(Duration::from_millis(1)))?,
        row("log verify, all entries", "verify", Target::AtMost(Duration::from_secs(30)))?,
    ])
}

/// The daily round with so much due, in a city of 1 000 000 records against one of a tenth.
///
/// # Errors
/// The example does not build, or prints something else.
pub(super) fn round(bench: &Bench) -> Outcome<Vec<Row>> {
    let mut timing = run::example("chengxin-app", "round_speed")?;
    let said = run::output(timing.current_dir(bench.scratch("round")?))?;
    Ok(vec![Row {
        name: "daily round, 20 due among 1 000 000 records".to_owned(),
        ours: runs(&said, "round", "us_large")?,
        other: Some(("the same among 100 000", runs(&said, "round", "us_small")?)),
        // At most 1.5 times as long.
        target: Target::AtLeastRatio(1.0 / 1.5),
    }])
}
