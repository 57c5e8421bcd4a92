//! `cargo xtask test`: what must hold before a change is taken.

use std::process::Command;
use std::time::Duration;

use crate::run::{self, Outcome, cargo};
use crate::tools;

struct Step {
    name: &'static str,
    go: fn(Depth) -> Outcome,
}

#[derive(Clone, Copy, PartialEq)]
enum Depth {
    Usual,
    Full,
}

/// The tests come last, so that their count is the last thing on the screen.
const STEPS: &[Step] = &[
    Step { name: "tools", go: |_| tools::ensure_for_tests() },
    Step { name: "format", go: |_| run::go(&mut cargo(&["fmt", "--all", "--check"])) },
    Step {
        name: "lints",
        go: |_| run::go(&mut cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])),
    },
    Step {
        name: "docs",
        go: |_| run::go(cargo(&["doc", "--no-deps", "--workspace", "--locked"]).env("RUSTDOCFLAGS", "-D warnings")),
    },
    // Not `advisories`: that needs a database from the network, and a new entry there would fail a
    // change that has nothing to do with it. Releases run it by hand.
    Step {
        name: "licences, bans, sources",
        go: |_| {
            run::go(&mut cargo(&["deny", "--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))
        },
    },
    Step {
        name: "doc tests",
        go: |depth| run::go(for_tests(&mut cargo(&["test", "--doc", "--workspace", "--locked"]), depth)),
    },
    Step { name: "tests", go: nextest },
];

/// Runs every step in turn.
///
/// # Errors
/// The first step that failed, by name. Unknown arguments.
pub(crate) fn command(args: &[String]) -> Outcome {
    let depth = match args {
        [] => Depth::Usual,
        [flag] if flag == "--full" => Depth::Full,
        _ => return Err(format!("test takes nothing, or --full; not `{}`", args.join(" "))),
    };
    let count = STEPS.len();
    for (number, step) in (1..).zip(STEPS) {
        println!("\n== {number}/{count} {} ==", step.name);
        let (outcome, took) = timed(|| (step.go)(depth));
        outcome.map_err(|error| format!("\n== {} failed after {:.1} s ==\n{error}", step.name, took.as_secs_f64()))?;
        // After the last step the count of tests stays the last line.
        if number < count {
            println!("== {} passed in {:.1} s ==", step.name, took.as_secs_f64());
        }
    }
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "shown to the developer; decides nothing")]
    let started = std::time::Instant::now();
    (work(), started.elapsed())
}

fn nextest(depth: Depth) -> Outcome {
    let mut tests = cargo(&["nextest", "run", "--workspace", "--locked", "--color", run::colour()]);
    if depth == Depth::Full {
        tests.args(["--profile", "full"]);
    }
    let lines = run::watch_stderr(for_tests(&mut tests, depth), |line| line.contains("tests run:"))?;
    let summary = lines.last().ok_or("nextest ended without its summary")?;
    let passed = passed(summary).ok_or_else(|| format!("this summary has no count of passed tests: {summary}"))?;
    println!("{passed} passed, 0 failed");
    Ok(())
}

/// What the tests find in their environment.
fn for_tests(tests: &mut Command, depth: Depth) -> &mut Command {
    if let Some(python) = tools::openpyxl_python() {
        tests.env("CHENGXIN_PYTHON", python);
    }
    if depth == Depth::Full {
        tests.env("PROPTEST_CASES", "4096");
    }
    tests
}

/// `Summary [ 1.2s] 12 tests run: 12 passed (1 slow), 3 skipped` → 12
fn passed(summary: &str) -> Option<u64> {
    let plain = without_colour(summary);
    let before = plain.split_once("tests run:")?.1.split_once(" passed")?.0;
    before.trim().parse().ok()
}

/// Drops terminal colour sequences: ESC `[` … `m`.
fn without_colour(line: &str) -> String {
    let mut pieces = line.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or(piece, |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read_from_the_runners_summary() {
        assert_eq!(passed("     Summary [   0.105s] 12 tests run: 12 passed (1 slow), 3 skipped"), Some(12));
        assert_eq!(passed("nothing of the kind"), None);
    }

    #[test]
    fn the_count_is_read_through_colour() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [ 0.1s] \u{1b}[1m7\u{1b}[0m tests run: \u{1b}[1m7\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m";
        assert_eq!(passed(line), Some(7));
    }

    #[test]
    fn an_unknown_argument_is_refused_before_anything_runs() {
        assert_eq!(command(&["--quick".to_owned()]), Err("test takes nothing, or --full; not `--quick`".to_owned()));
    }
}
