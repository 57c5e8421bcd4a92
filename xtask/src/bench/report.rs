//! A one-page report.

use std::time::Duration;

use super::Bench;
use super::measure::{Run, Runs};
use super::table::{Row, Target};
use crate::run::{self, Outcome};

/// Milliseconds of the first one-page report and of those after it. A process that starts pays once for
/// fonts and caches; a server does not start for each report, so the target is on those after.
///
/// The numbers come from an example of the typesetting crate, which prints one line for each report:
/// `first 120.5` once, then `next 7.9`, in milliseconds.
///
/// # Errors
/// The example does not build or prints something else.
pub(super) fn one_page(_bench: &Bench) -> Outcome<Vec<Row>> {
    let said = run::output(&mut run::example("chengxin-typeset", "timing")?)?;
    let (first, next) = (times(&said, "first "), times(&said, "next "));
    if first.is_empty() || next.is_empty() {
        return Err(format!("the example printed no `first` or no `next`:\n{said}"));
    }
    let row = |name: &str, runs, target| Row { name: name.to_owned(), ours: Runs::new(runs), other: None, target };
    Ok(vec![
        row("report, the first of a process", first, Target::Beside),
        row("report, after the first", next, Target::AtMost(Duration::from_millis(10))),
    ])
}

fn times(said: &str, label: &str) -> Vec<Run> {
    let milliseconds = said.lines().filter_map(|line| line.strip_prefix(label)?.trim().parse::<f64>().ok());
    let walls = milliseconds.filter_map(|ms| Duration::try_from_secs_f64(ms / 1000.0).ok());
    walls.map(|wall| Run { wall, peak_kib: 0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_by_their_label() {
        let said = "one page, 3 records\nfirst 120.5\nnext 8.0\nnext 7.5\n";
        let walls = |label| times(said, label).iter().map(|run| run.wall).collect::<Vec<_>>();
        assert_eq!(walls("first "), [Duration::from_micros(120_500)]);
        assert_eq!(walls("next "), [Duration::from_millis(8), Duration::from_micros(7500)]);
    }
}
