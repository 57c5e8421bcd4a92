//! The server.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::account::Account;
use crate::binaries::Binaries;
use crate::error::{ServerError, io};
use crate::guard::{Guard, Stop};
use crate::options::Options;
use crate::random;

/// The name of the role that owns the cluster.
pub const SUPERUSER: &str = "chengxin";

const POLL: Duration = Duration::from_millis(20);
/// Five minutes: recovery after a crash takes long with a large log of changes. A server that fails ends, and that is seen
/// at once.
const POLLS: u32 = 15_000;
/// Another process may take the port first, and the processes of a killed server take a moment to notice.
const TRIES: u32 = 20;

/// A PostgreSQL server of one's own, on a temporary cluster. Dropped, it is stopped at once and its folder removed, also
/// when a test panics; when the process is killed its guard does that.
#[derive(Debug)]
pub struct Server {
    // Before the folder: fields are dropped in this order, and the server must end before its files do.
    running: Option<Guard>,
    binaries: Binaries,
    version: u32,
    account: Account,
    password: String,
    port: u16,
    folder: TempDir,
}

impl Server {
    /// Makes a cluster (UTF8, locale C, superuser `chengxin` with a random password, SCRAM) and starts a server on it;
    /// returns when it takes connections, after one to three seconds.
    ///
    /// # Errors
    /// No server installed, or too old a one: the message says what to install. A folder or port that cannot be had. The
    /// server does not start, as with a setting it does not know: the message has the end of its log.
    pub fn start(options: &Options) -> Result<Self, ServerError> {
        let binaries = Binaries::find(options.binaries.as_deref())?;
        let version = binaries.version()?;
        if let Some(wanted) = options.version_at_least.filter(|wanted| version < *wanted) {
            return Err(ServerError::TooOld { folder: binaries.folder().to_owned(), found: version, wanted });
        }
        let parent = options.folder.clone().unwrap_or_else(std::env::temp_dir);
        let folder = tempfile::Builder::new().prefix("chengxin-pg-").tempdir_in(&parent);
        let folder = folder.map_err(io(format!("making a folder in {}", parent.display())))?;
        let account = Account::for_owner_of(folder.path())?;
        account.own(folder.path())?;
        let password = random::password()?;
        let mut server = Self { running: None, binaries, version, account, password, port: 0, folder };
        server.make_cluster(options)?;
        server.run_on_a_free_port(options)?;
        Ok(server)
    }

    /// `postgres://chengxin:…@127.0.0.1:PORT/DATABASE`, as the superuser. The name is percent-encoded where it must be.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let mut name = String::new();
        for byte in database.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => name.push(char::from(byte)),
                _ => name += &format!("%{byte:02X}"),
            }
        }
        format!("postgres://{SUPERUSER}:{}@127.0.0.1:{}/{name}", self.password, self.port)
    }

    /// Runs SQL, one or more statements, each in a transaction of its own unless it says otherwise, and gives the rows:
    /// one a line, columns separated by `|`, without the last line's end. The first error ends it.
    ///
    /// # Errors
    /// The server's error, in its words. It is stopped.
    pub fn psql(&self, database: &str, sql: &str) -> Result<String, ServerError> {
        let mut psql = self.command("psql");
        let port = self.port.to_string();
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", &port, "-U", SUPERUSER]);
        psql.args(["-d", database, "-f", "-"]).env("PGPASSWORD", &self.password);
        let rows = said(&mut psql, sql)?;
        Ok(rows.strip_suffix('\n').unwrap_or(&rows).to_owned())
    }

    /// Makes a database, a copy of `template` if one is named; nobody may be connected to that.
    ///
    /// # Errors
    /// It exists, the template does not, or somebody is connected to the template.
    pub fn create_database(&self, name: &str, template: Option<&str>) -> Result<(), ServerError> {
        let template = template.map(|template| format!(" TEMPLATE {}", quoted(template))).unwrap_or_default();
        self.psql("postgres", &format!("CREATE DATABASE {}{template}", quoted(name))).map(drop)
    }

    /// Stops the server at once, without a checkpoint, as a crash of it would (`pg_ctl stop -m immediate`); what was
    /// committed is recovered by [`Server::start_again`]. Returns when all its processes have ended. Nothing happens if it
    /// is stopped already.
    pub fn stop_now(&mut self) {
        self.stop(Stop::Immediate);
    }

    /// Starts the server that was stopped, or ended by itself, with its data, password and port; returns when it takes
    /// connections. Nothing happens if it runs.
    ///
    /// # Errors
    /// It does not start; its log says why.
    pub fn start_again(&mut self) -> Result<(), ServerError> {
        if self.running.as_mut().is_some_and(|guard| !guard.has_ended()) {
            return Ok(());
        }
        let mut tries = 1;
        loop {
            match self.run() {
                Err(ServerError::NotStarted { log }) if tries < TRIES && may_pass(&log) => {
                    tries += 1;
                    std::thread::sleep(POLL * 25);
                }
                outcome => return outcome,
            }
        }
    }

    /// Stops it in good order, with a checkpoint, and starts it again.
    ///
    /// # Errors
    /// As [`Server::start_again`].
    pub fn restart(&mut self) -> Result<(), ServerError> {
        self.stop(Stop::Fast);
        self.start_again()
    }

    /// The major version, such as 15.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process id of the postmaster, for a test that kills it; `None` when stopped.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.running.as_ref().map(Guard::server)
    }

    /// The folder of the cluster: `postgresql.conf`, `base`, `pg_wal`.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The programs it runs with.
    #[must_use]
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// All that the server wrote to its log so far.
    #[must_use]
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.folder.path().join("server.log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn stop(&mut self, how: Stop) {
        if let Some(guard) = self.running.take() {
            guard.stop(how);
        }
    }

    fn make_cluster(&self, options: &Options) -> Result<(), ServerError> {
        let secret = self.folder.path().join("password");
        std::fs::write(&secret, &self.password).map_err(io(format!("writing {}", secret.display())))?;
        self.account.own(&secret)?;
        let mut initdb = self.command("initdb");
        self.account.run(&mut initdb);
        initdb.arg("-D").arg(self.data_dir()).arg("--pwfile").arg(&secret).args(["-U", SUPERUSER]);
        initdb.args(["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256"]);
        if !options.durable {
            initdb.arg("--no-sync");
        }
        said(&mut initdb, "")?;
        std::fs::remove_file(&secret).map_err(io(format!("removing {}", secret.display())))
    }

    fn run_on_a_free_port(&mut self, options: &Options) -> Result<(), ServerError> {
        let file = self.data_dir().join("postgresql.conf");
        let made = std::fs::read_to_string(&file).map_err(io(file.display().to_string()))?;
        // A path of more than 107 bytes is none for a socket, wherever one may keep its temporary files.
        let socket = self.folder.path().join(".s.PGSQL.00000");
        let sockets = self.folder.path().to_str().filter(|_| socket.as_os_str().len() < 104).map(str::to_owned);
        let mut tries = 1;
        loop {
            self.port = random::port()?;
            let text = made.clone() + &options.configuration(self.port, sockets.as_deref());
            std::fs::write(&file, text).map_err(io(file.display().to_string()))?;
            match self.run() {
                Err(ServerError::NotStarted { log }) if tries < TRIES && may_pass(&log) => tries += 1,
                outcome => return outcome,
            }
        }
    }

    /// Starts the server once and waits until it is ready.
    fn run(&mut self) -> Result<(), ServerError> {
        let log_before = self.log().len();
        let mut postgres = Command::new(self.binaries.program("postgres"));
        postgres.arg("-D").arg(self.data_dir());
        let mut guard = Guard::start(self.folder.path(), &postgres, |shell| {
            self.surround(shell);
            self.account.run(shell);
        })?;
        for _ in 0..POLLS {
            if self.is_ready(guard.server()) {
                self.running = Some(guard);
                return Ok(());
            }
            if guard.has_ended() {
                break;
            }
            std::thread::sleep(POLL);
        }
        drop(guard);
        let log = self.log();
        let lines: Vec<&str> = log.get(log_before..).unwrap_or(&log).lines().collect();
        Err(ServerError::NotStarted { log: lines[lines.len().saturating_sub(20)..].join("\n") })
    }

    /// What `pg_ctl` looks at: the first line of `postmaster.pid` is the process, the eighth its state. The file may be that
    /// of a run before, which was killed.
    fn is_ready(&self, server: u32) -> bool {
        let status = std::fs::read_to_string(self.data_dir().join("postmaster.pid")).unwrap_or_default();
        let mut lines = status.lines().map(str::trim);
        lines.next() == Some(server.to_string().as_str()) && lines.nth(6) == Some("ready")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.program(program));
        self.surround(&mut command);
        command
    }

    /// A folder that the account may enter, and nothing of the caller's own settings for PostgreSQL.
    fn surround(&self, command: &mut Command) {
        command.current_dir(self.folder.path());
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("PG")) {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C").env("TZ", "UTC");
    }
}

/// Whether the reason that a start failed may be gone in a moment.
fn may_pass(log: &str) -> bool {
    ["Address already in use", "is still in use", "Is another postmaster"].iter().any(|reason| log.contains(reason))
}

fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}

/// Runs it with `input` and gives what it wrote to standard output.
fn said(command: &mut Command, input: &str) -> Result<String, ServerError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |said: String| ServerError::Program { program: program.clone(), said };
    let output = fed(command, input).map_err(io(format!("running {program}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(failed(format!("{} ({})", said.trim(), output.status)));
    }
    String::from_utf8(output.stdout).map_err(|_| failed("it wrote bytes that are not UTF-8".to_owned()))
}

/// Writes and reads at once: a long output would otherwise stop a long input.
fn fed(command: &mut Command, input: &str) -> std::io::Result<Output> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let pipe = child.stdin.take();
    std::thread::scope(|scope| {
        // A program that ended at an error does not read the rest; its status says so.
        scope.spawn(move || pipe.map(|mut pipe| pipe.write_all(input.as_bytes())));
        child.wait_with_output()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_a_name_does_not_end_it() {
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
    }

    #[test]
    fn only_a_port_or_a_lock_that_is_taken_is_worth_another_try() {
        assert!(may_pass("LOG:  could not bind IPv4 address \"127.0.0.1\": Address already in use"));
        assert!(!may_pass("FATAL:  unrecognized configuration parameter \"no_such\""));
    }
}
