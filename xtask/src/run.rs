//! Starting other programs from the root of the workspace.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a command of this crate comes to: nothing, or a sentence for the terminal.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A command that will run in the root of the workspace.
///
/// `cargo run` tells its child about *this* package in the environment; a build started from here must not
/// take that for its own, so those variables are removed.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_about_this_package) {
            command.env_remove(name);
        }
    }
    command
}

fn is_about_this_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
        || matches!(name, "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE" | "OUT_DIR")
}

/// Cargo, the one that started this command.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(args);
    cargo
}

/// The command as a person would type it.
pub(crate) fn spelled(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut words: Vec<String> = command
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={}", name.to_string_lossy(), quoted(value?))))
        .collect();
    words.push(program.to_string_lossy().into_owned());
    words.extend(command.get_args().map(quoted));
    words.join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into_owned() } else { format!("'{word}'") }
}

/// Runs it with this terminal.
///
/// # Errors
/// It could not be started, or did not end with 0.
pub(crate) fn go(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| format!("`{}` did not start: {error}", spelled(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", spelled(command))) }
}

/// Runs it without a word; true if it ended with 0.
pub(crate) fn quietly(command: &mut Command) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

/// Runs it and gives what it wrote to standard output; standard error goes to this terminal.
///
/// # Errors
/// It could not be started, did not end with 0, or wrote something that is not UTF-8.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let said = command.stderr(Stdio::inherit()).output().map_err(|e| format!("`{}`: {e}", spelled(command)))?;
    if !said.status.success() {
        return Err(format!("`{}` failed ({})", spelled(command), said.status));
    }
    String::from_utf8(said.stdout).map_err(|_| format!("`{}` wrote bytes that are not UTF-8", spelled(command)))
}

/// Runs it, passes its standard error on line by line, and gives the lines for which `keep` holds.
///
/// # Errors
/// As [`go`].
pub(crate) fn watch_stderr(command: &mut Command, keep: impl Fn(&str) -> bool) -> Outcome<Vec<String>> {
    let started = command.stderr(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| format!("`{}` did not start: {error}", spelled(command)))?;
    let mut kept = Vec::new();
    if let Some(pipe) = child.stderr.take() {
        let mut terminal = std::io::stderr();
        // Split by bytes: a test may print what is not UTF-8, and that must not end the run.
        for line in BufReader::new(pipe).split(b'\n') {
            let line = line.map_err(|error| format!("`{}`: {error}", spelled(command)))?;
            // The terminal may have gone away; the run still counts.
            let _gone = terminal.write_all(&line).and_then(|()| terminal.write_all(b"\n"));
            let line = String::from_utf8_lossy(&line).into_owned();
            if keep(&line) {
                kept.push(line);
            }
        }
    }
    let status = child.wait().map_err(|error| format!("`{}`: {error}", spelled(command)))?;
    if status.success() { Ok(kept) } else { Err(format!("`{}` failed ({status})", spelled(command))) }
}

/// `always` where a person is looking, `never` in a file: a piped child cannot see that for itself.
pub(crate) fn colour() -> &'static str {
    if std::io::stderr().is_terminal() { "always" } else { "never" }
}

/// The file that `name` would run, as the shell would find it.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// An example in release, ready to run. Built together with the command line, so that both share what they depend on: alone it
/// would be built with other features of the same crates, for minutes.
///
/// # Errors
/// It does not build.
pub(crate) fn example(package: &str, name: &str) -> Outcome<Command> {
    let packages = ["--package", "chengxin-cli", "--package", package, "--example", name];
    go(cargo(&["build", "--release", "--locked"]).args(packages))?;
    Ok(command(root().join("target/release/examples").join(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_spelled_as_a_person_would_type_it() {
        let mut command = Command::new("/usr/bin/sqlite3");
        command.env("A", "b c").args(["x.db", "SELECT 1;"]);
        assert_eq!(spelled(&command), "A='b c' sqlite3 x.db 'SELECT 1;'");
    }

    #[test]
    fn a_build_started_from_here_does_not_hear_of_this_package() {
        assert!(is_about_this_package("CARGO_PKG_NAME"));
        assert!(is_about_this_package("CARGO_MANIFEST_DIR"));
        assert!(!is_about_this_package("CARGO_HOME"));
        assert!(!is_about_this_package("CARGO_TARGET_DIR"));
    }

    #[test]
    fn lines_are_passed_on_and_the_wanted_ones_kept() {
        let kept = watch_stderr(Command::new("sh").args(["-c", "echo one >&2; echo two >&2"]), |line| line == "two");
        assert_eq!(kept, Ok(vec!["two".to_owned()]));
    }

    #[test]
    fn a_failing_command_is_named_with_its_status() {
        let outcome = go(Command::new("sh").args(["-c", "exit 3"]));
        assert_eq!(outcome, Err("`sh -c 'exit 3'` failed (exit status: 3)".to_owned()));
    }
}
