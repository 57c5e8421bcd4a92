//! `cargo xtask test`: what must hold before a change is taken.

use std::time::Duration;

use crate::passes::{self, Passed};
use crate::run::{self, Outcome, cargo};
use crate::tools;

struct Step {
    name: &'static str,
    when: fn(Depth) -> bool,
    go: fn(Depth) -> Outcome<Passed>,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Depth {
    Usual,
    Full,
}

/// The tests come last, so that their count is the last thing on the screen.
const STEPS: &[Step] = &[
    check("tools", |_| tools::ensure_for_tests().map(none)),
    check("format", |_| run::go(&mut cargo(&["fmt", "--all", "--check"])).map(none)),
    check("lints", |_| {
        let clippy = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
        run::go(&mut cargo(&clippy)).map(none)
    }),
    check("docs", |_| {
        let doc = ["doc", "--no-deps", "--workspace", "--locked"];
        run::go(cargo(&doc).env("RUSTDOCFLAGS", "-D warnings")).map(none)
    }),
    // Not `advisories`: that needs a database from the network, and a new entry there would fail a
    // change that has nothing to do with it. Releases run it by hand.
    check("licences, bans, sources", |_| {
        let deny = ["deny", "--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
        run::go(&mut cargo(&deny)).map(none)
    }),
    check("doc tests", |depth| passes::doc_tests(depth).map(none)),
    check("tests, on SQLite", passes::sqlite),
    check("tests of the database, on PostgreSQL", passes::postgres),
    Step { name: "tests of the database, on Citus", when: |_| passes::citus_url().is_some(), go: passes::citus },
    Step {
        name: "tests of the database, on PostgreSQL 18",
        when: |depth| depth == Depth::Full,
        go: |_| passes::postgres_18(),
    },
];

/// A step that is always taken.
const fn check(name: &'static str, go: fn(Depth) -> Outcome<Passed>) -> Step {
    Step { name, when: |_| true, go }
}

/// What a step comes to that runs no counted tests.
fn none((): ()) -> Passed {
    0
}

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
    let steps: Vec<&Step> = STEPS.iter().filter(|step| (step.when)(depth)).collect();
    let mut passed: Passed = 0;
    for (number, step) in (1..).zip(&steps) {
        println!("\n== {number}/{} {} ==", steps.len(), step.name);
        let (outcome, took) = timed(|| (step.go)(depth));
        let took = took.as_secs_f64();
        let tests = outcome.map_err(|error| format!("\n== {} failed after {took:.1} s ==\n{error}", step.name))?;
        passed += tests;
        let count = if tests > 0 { format!(": {tests} tests") } else { String::new() };
        println!("== {} passed in {took:.1} s{count} ==", step.name);
    }
    println!("{passed} passed, 0 failed");
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "shown to the developer; decides nothing")]
    let started = std::time::Instant::now();
    (work(), started.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_argument_is_refused_before_anything_runs() {
        assert_eq!(command(&["--quick".to_owned()]), Err("test takes nothing, or --full; not `--quick`".to_owned()));
    }

    #[test]
    fn postgresql_18_takes_part_in_a_full_run_only() {
        let names = |depth| STEPS.iter().filter(move |step| (step.when)(depth)).map(|step| step.name);
        assert!(names(Depth::Full).any(|name| name.ends_with("PostgreSQL 18")));
        assert!(!names(Depth::Usual).any(|name| name.ends_with("PostgreSQL 18")));
        assert!(names(Depth::Usual).any(|name| name.ends_with("on PostgreSQL")));
    }
}
