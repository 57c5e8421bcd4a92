//! A server for one command, or until the end of input: for a developer who wants to look at it, or to run one test
//! against it.
#![allow(clippy::print_stdout, reason = "a developer command talks to the terminal")]

use std::io::Read;
use std::process::{Command, ExitCode};

use chengxin_pgtest::{Options, Server};

const HELP: &str = "\
chengxin-pgtest [--durable] [COMMAND ARGUMENT…]

Starts a PostgreSQL server with a new, empty cluster. With a command: runs it with CHENGXIN_TEST_DATABASE set to the
server's address, and stops the server when it ends. Without: prints the address and the data folder, and stops at the end
of standard input or at Ctrl-C. Nothing of the server is left.";

fn main() -> ExitCode {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let mut options = Options::default();
    while words.first().is_some_and(|word| word.starts_with('-')) {
        match words.remove(0).as_str() {
            "--durable" => options.durable = true,
            "--help" | "-h" => {
                println!("{HELP}");
                return ExitCode::SUCCESS;
            }
            other => {
                eprintln!("there is no option `{other}`\n\n{HELP}");
                return ExitCode::FAILURE;
            }
        }
    }
    match run(&options, &words) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options, words: &[String]) -> Result<ExitCode, String> {
    let server = Server::start(options).map_err(|error| error.to_string())?;
    let Some((program, arguments)) = words.split_first() else {
        println!("{}\n{}", server.url("postgres"), server.data_dir().display());
        let mut input = Vec::new();
        std::io::stdin().read_to_end(&mut input).map_err(|error| error.to_string())?;
        return Ok(ExitCode::SUCCESS);
    };
    let mut command = Command::new(program);
    command.args(arguments).env("CHENGXIN_TEST_DATABASE", server.url("postgres"));
    let status = command.status().map_err(|error| format!("{program}: {error}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
