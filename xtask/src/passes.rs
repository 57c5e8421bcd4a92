//! The runs of the tests: all of them on SQLite, and those that touch the database again on servers.
//!
//! A test chooses its engine by the environment's `CHENGXIN_TEST_DATABASE`: SQLite where it is unset, else the server at that
//! address, a superuser's, where each test makes databases of its own.

use std::path::Path;
use std::process::Command;

use chengxin_pgtest::{BINARIES_VARIABLE, Options, Server};

use crate::downloaded;
use crate::run::{self, Outcome, cargo};
use crate::test::Depth;
use crate::tools;

/// How many tests passed.
pub(crate) type Passed = u64;

const DATABASE: &str = "CHENGXIN_TEST_DATABASE";
const CITUS: &str = "CHENGXIN_TEST_CITUS_URL";

/// Which tests are asked of the runner: all of them, or those of the crates whose tests open a database. Both name the
/// whole workspace, so that what was built for the first pass serves the others: Cargo picks features by package.
const ALL: &[&str] = &["--workspace"];
const ON_A_SERVER: &[&str] = &["--workspace", "-E", "package(chengxin-store) + package(chengxin-app)"];
/// Without those that start servers of their own, to kill them: they ran in the first pass, on the same programs.
const ON_THAT_SERVER: &[&str] = &[
    "--workspace",
    "-E",
    "(package(chengxin-store) + package(chengxin-app)) - binary(server) - (binary(use_cases) & test(/^server::/))",
];

/// The examples in the documentation.
///
/// # Errors
/// One fails.
pub(crate) fn doc_tests(depth: Depth) -> Outcome {
    run::go(for_tests(&mut cargo(&["test", "--doc", "--workspace", "--locked"]), depth))
}

/// All tests, on SQLite.
///
/// # Errors
/// A test fails, or the runner does.
pub(crate) fn sqlite(depth: Depth) -> Outcome<Passed> {
    nextest(ALL, depth, None)
}

/// Tests of the database, on a server of the version that the machine has.
///
/// # Errors
/// As [`sqlite`]; the server does not start.
pub(crate) fn postgres(depth: Depth) -> Outcome<Passed> {
    on_own_server(None, depth)
}

/// Tests of the database, on PostgreSQL 18, which few machines have yet. What takes long has run on the machine's own
/// version: here the usual depth.
///
/// # Errors
/// As [`postgres`]; the server cannot be downloaded.
pub(crate) fn postgres_18() -> Outcome<Passed> {
    on_own_server(Some(&downloaded::postgres_18()?), Depth::Usual)
}

fn on_own_server(binaries: Option<&Path>, depth: Depth) -> Outcome<Passed> {
    let options = Options { binaries: binaries.map(Path::to_owned), ..Options::default() };
    let server = Server::start(&options).map_err(|error| error.to_string())?;
    println!("PostgreSQL {} of {}", server.version(), server.binaries().folder().display());
    let which = if binaries.is_some() { ON_A_SERVER } else { ON_THAT_SERVER };
    nextest(which, depth, Some((&server.url("postgres"), binaries)))
}

/// The address of a Citus coordinator, if the caller has one.
pub(crate) fn citus_url() -> Option<String> {
    std::env::var(CITUS).ok().filter(|url| !url.is_empty())
}

/// Tests of the database, on the caller's Citus.
///
/// # Errors
/// As [`sqlite`]; the caller names none.
pub(crate) fn citus(depth: Depth) -> Outcome<Passed> {
    let url = citus_url().ok_or_else(|| format!("{CITUS} is not set"))?;
    nextest(ON_THAT_SERVER, depth, Some((&url, None)))
}

/// Runs tests, on the server at an address if there is one; those that start servers take its programs where they are named.
fn nextest(which: &[&str], depth: Depth, database: Option<(&str, Option<&Path>)>) -> Outcome<Passed> {
    let mut tests = cargo(&["nextest", "run", "--locked", "--color", run::colour()]);
    tests.args(which);
    if depth == Depth::Full {
        tests.args(["--profile", "full"]);
    }
    for_tests(&mut tests, depth);
    if let Some((url, binaries)) = database {
        tests.env(DATABASE, url);
        if let Some(folder) = binaries {
            tests.env(BINARIES_VARIABLE, folder);
        }
    }
    let lines = run::watch_stderr(&mut tests, |line| line.contains("tests run:"));
    let lines = lines.map_err(|error| without_address(&error, database.map(|(url, _)| url)))?;
    let summary = lines.last().ok_or("nextest ended without its summary")?;
    passed(summary).ok_or_else(|| format!("this summary has no count of passed tests: {summary}"))
}

/// What the tests find in their environment, before a pass names its server: the caller's own is none of SQLite's.
fn for_tests(tests: &mut Command, depth: Depth) -> &mut Command {
    tests.env_remove(DATABASE);
    if let Some(python) = tools::openpyxl_python() {
        tests.env("CHENGXIN_PYTHON", python);
    }
    if let Ok(program) = downloaded::schemathesis() {
        tests.env("CHENGXIN_SCHEMATHESIS", program);
    }
    if let Ok(folder) = downloaded::oidc_provider() {
        tests.env("CHENGXIN_OIDC_PROVIDER", folder);
    }
    if let Ok(folder) = downloaded::browser() {
        tests.env("CHENGXIN_BROWSER", folder);
    }
    if depth == Depth::Full {
        tests.env("PROPTEST_CASES", "4096");
    }
    tests
}

/// Pictures of the most used pages, in `docs/screenshots`: taken by the test that looks at every page, so that nothing is shown that it finds wrong.
///
/// # Errors
/// The test's; what it needs cannot be had.
pub(crate) fn screenshots() -> Outcome {
    let mut tests = cargo(&[
        "nextest",
        "run",
        "--workspace",
        "--locked",
        "--test",
        "screens",
        "-E",
        "test(looked_at) - test(every_picture)",
    ]);
    for_tests(&mut tests, Depth::Usual).env("CHENGXIN_BROWSER", downloaded::browser()?);
    run::go(tests.env("CHENGXIN_SCREENSHOTS", run::root().join("docs/screenshots")))
}

/// An error names the command with its environment; the caller's password must not come to a log that way.
fn without_address(error: &str, database: Option<&str>) -> String {
    database.map_or_else(|| error.to_owned(), |url| error.replace(url, "postgres://…"))
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
    fn an_error_does_not_show_the_servers_password() {
        let url = "postgres://chengxin:secret@127.0.0.1:20000/postgres";
        let outcome = run::go(Command::new("false").env(DATABASE, url)).map_err(|e| without_address(&e, Some(url)));
        let said = outcome.expect_err("`false` fails");
        assert!(said.contains(DATABASE) && !said.contains("secret"), "{said}");
    }

    #[test]
    fn the_callers_own_database_is_not_handed_on() {
        let mut tests = Command::new("cargo");
        for_tests(&mut tests, Depth::Usual);
        assert!(tests.get_envs().any(|(name, value)| name == DATABASE && value.is_none()));
    }
}
