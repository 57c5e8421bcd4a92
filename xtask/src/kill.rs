//! `cargo xtask kill`: a server that writes and sequences its log, killed again and again.

use crate::run::{self, Outcome, cargo};

const USUAL: u64 = 200;

/// Runs the long form of the test.
///
/// # Errors
/// Unknown arguments; the test failed: it says in which round.
pub(crate) fn command(args: &[String]) -> Outcome {
    let rounds = match args {
        [] => USUAL,
        [flag, number] if flag == "--rounds" => number.parse().map_err(|_| format!("`{number}` is no number"))?,
        _ => return Err(format!("kill takes --rounds N; not `{}`", args.join(" "))),
    };
    let filter = "full_a_server_that_is_killed_again_and_again_never_forks_skips_or_doubles";
    let test = ["test", "--locked", "--package", "chengxin-cli", "--test", "log_kill", "--", "--nocapture", filter];
    run::go(cargo(&test).env("CHENGXIN_KILL_ROUNDS", rounds.to_string()))
}
