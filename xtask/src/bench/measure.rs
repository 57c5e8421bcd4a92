//! Wall time and peak memory of a program, by GNU time: asking the kernel from here would need `unsafe`.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::Bench;
use crate::run::{self, Outcome};

/// One run of one program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) wall: Duration,
    /// Largest resident set, in KiB.
    pub(super) peak_kib: u64,
}

/// Several runs of one program.
#[derive(Clone, Debug)]
pub(super) struct Runs(Vec<Run>);

impl Runs {
    pub(super) fn new(runs: Vec<Run>) -> Self {
        Self(runs)
    }

    /// The middle wall time; of an even number of runs, the slower of the two in the middle.
    pub(super) fn median(&self) -> Duration {
        let mut walls: Vec<Duration> = self.0.iter().map(|run| run.wall).collect();
        walls.sort();
        walls.get(walls.len() / 2).copied().unwrap_or_default()
    }

    pub(super) fn fastest(&self) -> Duration {
        self.0.iter().map(|run| run.wall).min().unwrap_or_default()
    }

    pub(super) fn slowest(&self) -> Duration {
        self.0.iter().map(|run| run.wall).max().unwrap_or_default()
    }

    /// The most memory any of the runs took, in KiB: a limit holds only if it held each time.
    pub(super) fn peak_kib(&self) -> u64 {
        self.0.iter().map(|run| run.peak_kib).max().unwrap_or(0)
    }
}

/// Makes the command of one run, with a fresh place to work in.
pub(super) type Prepare<'a> = &'a dyn Fn() -> Outcome<Command>;

/// Runs both in turn, `bench.runs` times each, and begins with each as often as with the other.
///
/// # Errors
/// As [`once`], or what the preparation says.
pub(super) fn in_turn(bench: &Bench, ours: Prepare, other: Prepare) -> Outcome<(Runs, Runs)> {
    let (mut our_runs, mut other_runs) = (Vec::new(), Vec::new());
    for number in 0..bench.runs {
        if number % 2 == 0 {
            our_runs.push(once(bench, &mut ours()?)?);
            other_runs.push(once(bench, &mut other()?)?);
        } else {
            other_runs.push(once(bench, &mut other()?)?);
            our_runs.push(once(bench, &mut ours()?)?);
        }
    }
    Ok((Runs::new(our_runs), Runs::new(other_runs)))
}

/// Runs the command under GNU time and says how it went.
///
/// # Errors
/// It could not be started or did not end with 0; what it wrote to standard error is passed on.
pub(super) fn once(bench: &Bench, command: &mut Command) -> Outcome<Run> {
    // What the run before left to be written would otherwise slow this one.
    run::go(&mut run::command("sync"))?;
    let notes = bench.folder.join("time.txt");
    let mut timed = run::command("/usr/bin/time");
    timed.args(["-f", "%M", "-o"]).arg(&notes).arg("--").arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        timed.current_dir(folder);
    }
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
    let started = std::time::Instant::now();
    let said = timed.stdin(Stdio::null()).output().map_err(|error| format!("/usr/bin/time: {error}"))?;
    let wall = started.elapsed();
    if !said.status.success() {
        let error = String::from_utf8_lossy(&said.stderr);
        return Err(format!("`{}` failed ({})\n{error}", run::spelled(command), said.status));
    }
    let notes = std::fs::read_to_string(&notes).map_err(|error| format!("{}: {error}", notes.display()))?;
    let peak_kib = peak_kib(&notes).ok_or_else(|| format!("GNU time wrote `{notes}`"))?;
    eprintln!("   {:>8.2} s {:>6} MiB  {}", wall.as_secs_f64(), peak_kib / 1024, run::spelled(command));
    Ok(Run { wall, peak_kib })
}

fn peak_kib(notes: &str) -> Option<u64> {
    notes.lines().last()?.trim().parse().ok()
}

/// One line about where the numbers come from.
pub(super) fn machine(bench: &Bench) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':')).map_or("", |(_, name)| name);
    format!("{} rows, median of {} runs, {cores} cores,{model}", bench.rows, bench.runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(millis: &[u64]) -> Runs {
        let run = |ms: &u64| Run { wall: Duration::from_millis(*ms), peak_kib: *ms };
        Runs::new(millis.iter().map(run).collect())
    }

    #[test]
    fn the_median_ignores_one_slow_run() {
        assert_eq!(runs(&[10, 900, 12]).median(), Duration::from_millis(12));
    }

    #[test]
    fn the_peak_is_the_largest_of_all_runs() {
        assert_eq!(runs(&[10, 900, 12]).peak_kib(), 900);
    }

    #[test]
    fn peak_memory_is_the_last_line_that_gnu_time_writes() {
        assert_eq!(peak_kib("Command exited with non-zero status 3\n20480\n"), Some(20480));
        assert_eq!(peak_kib(""), None);
    }
}
