//! `chengxin`: see the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    chengxin_cli::run()
}
