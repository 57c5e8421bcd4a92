//! A check over HTTP, with the log and without; and what the log's own work costs.

use std::time::Duration;

use super::Bench;
use super::data;
use super::measure::{Run, Runs};
use super::table::{Row, Target};
use crate::run::{self, Outcome};

/// People to ask about: enough that their records do not all lie in a processor's cache.
const RECORDS: u64 = 200_000;

/// Requests a second with the log against the same server without it, at 64 connections, and the slowest of a hundred; then the
/// same beside an import of the penalty file.
///
/// # Errors
/// The example does not build, or prints something else.
pub(super) fn over_http(bench: &Bench) -> Outcome<Vec<Row>> {
    let people = data::penalty_csv(&bench.with_rows(RECORDS))?;
    let file = data::penalty_csv(bench)?;
    let mut timing = run::example("chengxin-web", "check_speed")?;
    timing.arg(people).args(["--seconds", "8", "--import"]).arg(file).current_dir(bench.scratch("check")?);
    let said = run::output(&mut timing)?;
    let plain = Some(("the same without the log", runs(&said, "without-log", "us_each")?));
    Ok(vec![
        Row {
            name: "check, time a request".into(),
            ours: runs(&said, "with-log", "us_each")?,
            other: plain,
            target: Target::AtLeastRatio(0.6),
        },
        Row {
            name: "check, p99 at 64 connections".into(),
            ours: runs(&said, "with-log", "us_p99")?,
            other: None,
            target: Target::AtMost(Duration::from_millis(25)),
        },
        Row {
            name: "check beside an import, time a request".into(),
            ours: runs(&said, "beside-import", "us_each")?,
            other: None,
            target: Target::Beside,
        },
        Row {
            name: "check beside an import, p99".into(),
            ours: runs(&said, "beside-import", "us_p99")?,
            other: None,
            target: Target::AtMost(Duration::from_millis(50)),
        },
        Row {
            name: "import beside checks".into(),
            ours: runs(&said, "import", "us_beside")?,
            other: Some(("the same alone", runs(&said, "import", "us_alone")?)),
            target: Target::Beside,
        },
    ])
}

/// Requests a second over the interface with everything on, at 64 connections, against a bare handler over the same file; and
/// the slowest of a hundred.
///
/// # Errors
/// The example does not build, or prints something else.
pub(super) fn over_interface(bench: &Bench) -> Outcome<Vec<Row>> {
    let people = data::penalty_csv(&bench.with_rows(RECORDS))?;
    let mut timing = run::example("chengxin-web", "api_speed")?;
    timing.arg(people).args(["--seconds", "8"]).current_dir(bench.scratch("api")?);
    let said = run::output(&mut timing)?;
    Ok(vec![
        Row {
            name: "check over the interface, time a request".into(),
            ours: runs(&said, "check", "us_each")?,
            other: Some(("a bare read and insert", runs(&said, "bare", "us_each")?)),
            target: Target::AtLeastRatio(0.4),
        },
        Row {
            name: "check over the interface, p99 at 64 connections".into(),
            ours: runs(&said, "check", "us_p99")?,
            other: None,
            target: Target::AtMost(Duration::from_millis(25)),
        },
    ])
}

/// 100 000 applications in an approved batch, each answered with its own line in the applicant's log.
///
/// # Errors
/// The example does not build, or prints something else.
pub(super) fn in_a_batch(bench: &Bench) -> Outcome<Vec<Row>> {
    let mut timing = run::example("chengxin-app", "batch_speed")?;
    timing.current_dir(bench.scratch("batch")?);
    let said = run::output(&mut timing)?;
    Ok(vec![Row {
        name: "batch of 100 000 checks".into(),
        ours: runs(&said, "batch", "us_all")?,
        other: None,
        target: Target::AtMost(Duration::from_secs(10)),
    }])
}

/// Every `WHAT KEY MICROSECONDS` that was said of this.
pub(super) fn runs(said: &str, what: &str, key: &str) -> Outcome<Runs> {
    let prefix = format!("{what} {key} ");
    let values = said.lines().filter_map(|line| line.strip_prefix(&prefix)?.trim().parse::<f64>().ok());
    let walls = values.filter_map(|us| Duration::try_from_secs_f64(us / 1e6).ok());
    let runs: Vec<Run> = walls.map(|wall| Run { wall, peak_kib: 0 }).collect();
    if runs.is_empty() { Err(format!("the example said no `{prefix}`:\n{said}")) } else { Ok(Runs::new(runs)) }
}
