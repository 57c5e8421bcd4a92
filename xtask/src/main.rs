//! Developer commands. `cargo xtask help` lists them.
#![allow(clippy::print_stdout, reason = "a developer command talks to the terminal")]

mod bench;
mod calendars;
mod downloaded;
mod kill;
mod migration;
mod passes;
mod run;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask test [--full]            install what is missing, then format, lints, docs, licences, tests
cargo xtask bench [NAME…] [OPTIONS]  ratios against well-known tools, as a Markdown table
cargo xtask kill [--rounds N]        kills a server that logs, N times (200), and checks its log each time
cargo xtask calendars FOLDER         holidays and shifted workdays, from an unpacked chinese-days
cargo xtask screenshots              pictures of the most used pages, in docs/screenshots
cargo xtask new-migration NAME       paired, numbered migration files for both engines
cargo xtask help                     this list

`test` runs all tests on SQLite, and those that touch the database once more on a PostgreSQL server that it starts for
them (of CHENGXIN_TEST_POSTGRES_BIN, a folder, or the newest installed). Where CHENGXIN_TEST_CITUS_URL holds the address of
a Citus coordinator, as a superuser, they run there too.
`test --full` adds the tests whose names begin with `full_`, more random cases, and PostgreSQL 18: minutes, not seconds.
One test on PostgreSQL: cargo run -p chengxin-pgtest -- cargo nextest run -p chengxin-store NAME
`bench --help` lists the benchmarks and options.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    let outcome = match args.first().map(String::as_str) {
        Some("test") => test::command(rest),
        Some("bench") => bench::command(rest),
        Some("calendars") => calendars::command(rest),
        Some("kill") => kill::command(rest),
        Some("screenshots") => passes::screenshots(),
        Some("new-migration") => migration::command(rest),
        Some("help" | "--help" | "-h") => {
            println!("{HELP}");
            Ok(())
        }
        Some(other) => Err(format!("there is no `{other}`\n\n{HELP}")),
        None => Err(HELP.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
