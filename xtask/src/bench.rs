//! `cargo xtask bench`: how fast and how small, as ratios against well-known tools in the same run.
//!
//! Ratios, because seconds say more about the machine than about the program. Ours and the other take turns,
//! so that a busy minute falls on both, and the median of the runs counts. Nothing here fails a build: a
//! machine under load would then fail a change that is sound.

mod build;
mod check;
mod data;
mod imports;
mod log;
mod measure;
mod pages;
mod report;
mod server;
mod table;
mod validation;

use std::path::{Path, PathBuf};

use crate::run::{self, Outcome};
use crate::tools;
use table::Row;

struct Benchmark {
    name: &'static str,
    what: &'static str,
    /// Runs when no name is given.
    usual: bool,
    go: fn(&Bench) -> Outcome<Vec<Row>>,
}

const BENCHMARKS: &[Benchmark] = &[
    Benchmark {
        name: "dry-run",
        what: "import --dry-run of the penalty CSV, against `qsvlite validate` with an equivalent JSON Schema",
        usual: true,
        go: validation::dry_run,
    },
    Benchmark {
        name: "import",
        what: "full import of it, against `sqlite3 .import` into a plain table with a unique key and an index",
        usual: true,
        go: imports::full,
    },
    Benchmark {
        name: "memory",
        what: "peak memory of imports of CSV, JSON Lines and XLSX",
        usual: true,
        go: imports::memory,
    },
    Benchmark { name: "report", what: "a one-page report after the first", usual: true, go: report::one_page },
    Benchmark {
        name: "check",
        what: "a check over HTTP with its log entry durable, against the same server without the log; beside an import",
        usual: true,
        go: check::over_http,
    },
    Benchmark {
        name: "api",
        what: "a check over the interface, signed in, with policy and log, against a bare read and insert",
        usual: true,
        go: check::over_interface,
    },
    Benchmark {
        name: "batch",
        what: "100 000 applications checked in an approved batch, over the penalty file; 10 s at most",
        usual: true,
        go: check::in_a_batch,
    },
    Benchmark {
        name: "log",
        what: "sequencing, a proof, and verifying the whole log of as many entries as --rows says",
        usual: true,
        go: log::alone,
    },
    Benchmark {
        name: "round",
        what: "the daily round with 20 objections due, among 1 000 000 records that are not, against 100 000",
        usual: true,
        go: log::round,
    },
    Benchmark {
        name: "pages",
        what: "pages for 60 people and for 300, a resident's home, and how soon pages are painted on a slow phone",
        usual: true,
        go: pages::over_http,
    },
    Benchmark {
        name: "server-import",
        what: "on PostgreSQL: full import against `psql \\copy`; the file again with 1 % changed, against the first",
        usual: true,
        go: server::imports,
    },
    Benchmark {
        name: "server-check",
        what: "on PostgreSQL: a check with its log entry, against one SELECT and one INSERT with commit",
        usual: true,
        go: server::check,
    },
    Benchmark {
        name: "scale",
        what: "on PostgreSQL: a check at 100 000, a million and ten million records; takes 20 GB",
        usual: false,
        go: server::scale,
    },
    Benchmark {
        name: "build",
        what: "a clean release build, as the README's first command makes it",
        usual: false,
        go: build::clean,
    },
];

/// What the benchmarks share.
struct Bench {
    /// Runs of each side; the median counts.
    runs: usize,
    /// Data rows in the penalty file.
    rows: u64,
    /// Where files are made and databases come and go.
    folder: PathBuf,
    /// The program to measure; `None` builds this tree's.
    program: Option<PathBuf>,
}

impl Bench {
    /// The same with another number of rows.
    fn with_rows(&self, rows: u64) -> Self {
        Self { rows, runs: self.runs, folder: self.folder.clone(), program: self.program.clone() }
    }

    /// The program that is measured.
    fn chengxin(&self) -> PathBuf {
        self.program.clone().unwrap_or_else(|| run::root().join("target/release/chengxin"))
    }

    /// An empty folder for one run, removed first if a run before left it.
    fn scratch(&self, name: &str) -> Outcome<PathBuf> {
        let folder = self.folder.join("scratch").join(name);
        remove(&folder)?;
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(folder)
    }
}

fn remove(folder: &Path) -> Outcome {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(format!("{}: {error}", folder.display())),
        _ => Ok(()),
    }
}

/// Runs the benchmarks named, or the usual ones, and prints the table; it is kept as `target/bench/results.md`.
///
/// # Errors
/// Unknown names or options; a program that could not be built, installed or run.
pub(crate) fn command(args: &[String]) -> Outcome {
    let Some((bench, names, fresh)) = parse(args)? else {
        println!("{}", help());
        return Ok(());
    };
    let unknown = names.iter().find(|name| !BENCHMARKS.iter().any(|benchmark| benchmark.name == **name));
    if let Some(name) = unknown {
        return Err(format!("there is no benchmark `{name}`\n\n{}", help()));
    }
    tools::ensure_for_bench()?;
    if fresh {
        remove(&bench.folder)?;
    }
    std::fs::create_dir_all(&bench.folder).map_err(|error| format!("{}: {error}", bench.folder.display()))?;
    let mut rows = Vec::new();
    for benchmark in BENCHMARKS {
        let chosen = if names.is_empty() { benchmark.usual } else { names.iter().any(|name| name == benchmark.name) };
        if chosen {
            eprintln!("== {}: {} ==", benchmark.name, benchmark.what);
            rows.extend((benchmark.go)(&bench).map_err(|error| format!("{}: {error}", benchmark.name))?);
        }
    }
    remove(&bench.folder.join("scratch"))?;
    let page = format!("{}\n\n{}", measure::machine(&bench), table::markdown(&rows));
    println!("{page}");
    let results = bench.folder.join("results.md");
    std::fs::write(&results, page).map_err(|error| format!("{}: {error}", results.display()))
}

fn help() -> String {
    let mut help = String::from("cargo xtask bench [NAME…] [--runs N] [--rows N] [--bin FILE] [--fresh]\n\n");
    for benchmark in BENCHMARKS {
        let when = if benchmark.usual { "" } else { " (only when named)" };
        help += &format!("{:13} {}{when}\n", benchmark.name, benchmark.what);
    }
    help + "\n--runs N   runs of each side, the median counts (default 5)\
            \n--rows N   rows of the penalty file (default 1000000)\
            \n--bin FILE measure this program instead of building one, as to compare with an older one\
            \n--fresh    make the files anew"
}

/// The settings, the names, and whether to start anew; `None` when help is asked for.
fn parse(args: &[String]) -> Outcome<Option<(Bench, Vec<String>, bool)>> {
    let mut bench = Bench { runs: 5, rows: 1_000_000, folder: run::root().join("target/bench"), program: None };
    let (mut names, mut fresh) = (Vec::new(), false);
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let mut number = || {
            let value = words.next().and_then(|value| value.parse::<u64>().ok()).filter(|value| *value > 0);
            value.ok_or_else(|| format!("{word} takes a number above 0"))
        };
        match word.as_str() {
            "--runs" => bench.runs = usize::try_from(number()?).map_err(|error| error.to_string())?,
            "--rows" => bench.rows = number()?,
            "--bin" => bench.program = Some(words.next().ok_or("--bin takes a file")?.into()),
            "--fresh" => fresh = true,
            "--help" | "-h" => return Ok(None),
            option if option.starts_with('-') => return Err(format!("there is no option `{option}`\n\n{}", help())),
            name => names.push(name.to_owned()),
        }
    }
    Ok(Some((bench, names, fresh)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn names_and_options_come_in_any_order() {
        let (bench, names, fresh) = parse(&words("import --runs 3 memory --rows 1000 --fresh")).unwrap().unwrap();
        assert_eq!((bench.runs, bench.rows, fresh), (3, 1000, true));
        assert_eq!(names, ["import", "memory"]);
    }

    #[test]
    fn a_run_count_that_is_no_number_is_refused() {
        for line in ["--runs", "--runs none", "--rows 0", "--rows -5"] {
            assert!(parse(&words(line)).is_err(), "{line}");
        }
    }

    #[test]
    fn an_unknown_benchmark_is_refused_before_anything_is_built() {
        assert!(command(&words("speed")).unwrap_err().starts_with("there is no benchmark `speed`"));
    }
}
