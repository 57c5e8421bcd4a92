//! A clean release build.

use std::time::Duration;

use super::measure::{self, Runs};
use super::table::{Row, Target};
use super::{Bench, remove};
use crate::run::{self, Outcome, cargo};

/// Builds what the README's first command builds, into an empty folder of its own. What is downloaded is
/// fetched before: the network is not what is measured.
///
/// # Errors
/// It does not compile.
pub(super) fn clean(bench: &Bench) -> Outcome<Vec<Row>> {
    run::go(&mut cargo(&["fetch", "--locked"]))?;
    let target = bench.folder.join("build");
    remove(&target)?;
    let mut build = cargo(&["build", "--release", "--locked", "--target-dir"]);
    let run = measure::once(bench, build.arg(&target))?;
    remove(&target)?;
    let most = Target::AtMost(Duration::from_secs(600));
    // Peak memory here is that of the largest compiler process, not of the build; it is left out.
    let runs = Runs::new(vec![measure::Run { peak_kib: 0, ..run }]);
    Ok(vec![Row { name: String::from("clean release build"), ours: runs, other: None, target: most }])
}
