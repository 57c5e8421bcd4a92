//! The server, by what a test or a benchmark asks of it. Where PostgreSQL is missing these fail, with the command to install
//! it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use chengxin_pgtest::{Options, Server, ServerError};

/// A server for tests, and the sentence that says what to install where there is none.
fn start(options: &Options) -> Server {
    Server::start(options).unwrap_or_else(|error| panic!("{error}"))
}

fn answers(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

/// Processes whose working folder is, or was, inside this one: the postmaster and all its children are in the data folder.
fn processes_in(folder: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let places = all.filter_map(|process| std::fs::read_link(process.path().join("cwd")).ok());
    places.filter(|place| place.starts_with(folder)).collect()
}

/// Holds what was left of a server, to see that it goes.
struct Traces {
    port: u16,
    data: PathBuf,
}

impl Traces {
    fn of(server: &Server) -> Self {
        Self { port: server.port(), data: server.data_dir() }
    }

    fn folder(&self) -> &Path {
        self.data.parent().unwrap()
    }

    fn are_gone(&self) -> bool {
        !answers(self.port) && !self.folder().exists() && processes_in(self.folder()).is_empty()
    }

    /// For those that no drop waits for: a minute on a busy machine.
    fn are_gone_soon(&self) -> bool {
        for _ in 0..600 {
            if self.are_gone() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        false
    }
}

#[test]
fn a_server_starts_and_answers_in_utc_and_utf8() {
    let server = start(&Options::default());
    assert_eq!(
        server.psql("postgres", "SHOW timezone; SHOW server_encoding; SHOW lc_messages").unwrap(),
        "UTC\nUTF8\nC"
    );
    assert_eq!(server.psql("postgres", "SELECT '城信', 2").unwrap(), "城信|2");
    let version: u32 = server.psql("postgres", "SHOW server_version_num").unwrap().parse().unwrap();
    assert_eq!(version / 10_000, server.version());
    assert_eq!(server.psql("postgres", "SHOW data_directory").unwrap(), server.data_dir().to_str().unwrap());
}

#[test]
fn an_error_in_sql_is_told_in_the_servers_words() {
    let server = start(&Options::default());
    let error = server.psql("postgres", "SELECT 1; SELECT * FROM nowhere; SELECT 2").unwrap_err();
    assert!(error.to_string().contains("relation \"nowhere\" does not exist"), "{error}");
}

#[test]
fn its_programs_take_the_address_it_gives_and_no_other_password() {
    let server = start(&Options::default());
    server.create_database("city of \"X\"", None).unwrap();
    let ask = |url: &str| {
        let mut psql = Command::new(server.binaries().program("psql"));
        psql.args(["-X", "-A", "-t", "-w", "-c", "SELECT current_database()", url]).output().unwrap()
    };
    let url = server.url("city of \"X\"");
    assert_eq!(String::from_utf8(ask(&url).stdout).unwrap(), "city of \"X\"\n");
    let (before, after) = url.split_once('@').unwrap();
    let refused = ask(&format!("{before}0@{after}"));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("password authentication failed"));
}

#[test]
fn a_database_is_copied_from_a_template() {
    let server = start(&Options::default());
    server.create_database("model", None).unwrap();
    server.psql("model", "CREATE TABLE t (n int); INSERT INTO t VALUES (7)").unwrap();
    server.create_database("copy", Some("model")).unwrap();
    assert_eq!(server.psql("copy", "SELECT n FROM t").unwrap(), "7");
}

#[test]
fn settings_of_the_caller_are_in_force_and_tests_do_not_wait_for_the_disk() {
    let show = "SHOW fsync; SHOW synchronous_commit; SHOW full_page_writes; SHOW shared_buffers; SHOW max_connections";
    let fast = start(&Options::default());
    assert_eq!(fast.psql("postgres", show).unwrap(), "off\noff\noff\n64MB\n200");
    let durable = start(&Options::durable().with("shared_buffers", "32MB"));
    assert_eq!(durable.psql("postgres", show).unwrap(), "on\non\non\n32MB\n200");
}

#[test]
fn after_a_crash_it_comes_back_with_what_was_committed_and_nothing_else() {
    let mut server = start(&Options::durable());
    server.psql("postgres", "CREATE TABLE t (n int); INSERT INTO t SELECT generate_series(1, 1000)").unwrap();
    server.psql("postgres", "BEGIN; INSERT INTO t VALUES (1001); ROLLBACK").unwrap();
    let (url, traces) = (server.url("postgres"), Traces::of(&server));
    server.stop_now();
    assert_eq!(server.pid(), None);
    assert!(!answers(traces.port) && processes_in(traces.folder()).is_empty());
    assert!(server.psql("postgres", "SELECT 1").is_err());
    server.start_again().unwrap();
    assert_eq!(server.psql("postgres", "SELECT count(*), max(n) FROM t").unwrap(), "1000|1000");
    assert_eq!(server.url("postgres"), url);
    assert!(server.log().contains("automatic recovery in progress"), "{}", server.log());
}

#[test]
fn a_postmaster_that_was_killed_starts_again() {
    let mut server = start(&Options::durable());
    server.psql("postgres", "CREATE TABLE t AS SELECT 1 AS n").unwrap();
    let pid = server.pid().unwrap().to_string();
    assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
    while server.psql("postgres", "SELECT 1").is_ok() {
        std::thread::sleep(Duration::from_millis(20));
    }
    // Seen by the guard a moment after it is seen by us: until then it still counts as running.
    while server.psql("postgres", "SELECT 1").is_err() {
        server.start_again().unwrap();
    }
    assert_ne!(server.pid().unwrap().to_string(), pid);
    assert_eq!(server.psql("postgres", "SELECT n FROM t").unwrap(), "1");
}

#[test]
fn a_restart_is_in_good_order() {
    let mut server = start(&Options::default());
    let before = server.pid();
    server.restart().unwrap();
    assert_ne!(server.pid(), before);
    assert_eq!(server.psql("postgres", "SELECT 1").unwrap(), "1");
    assert!(server.log().contains("database system is shut down"), "{}", server.log());
    assert!(!server.log().contains("automatic recovery in progress"), "{}", server.log());
}

#[test]
fn two_servers_live_side_by_side_and_know_nothing_of_each_other() {
    let (one, other) = (start(&Options::default()), start(&Options::default()));
    assert_ne!(one.port(), other.port());
    one.create_database("mine", None).unwrap();
    assert_eq!(other.psql("postgres", "SELECT count(*) FROM pg_database WHERE datname = 'mine'").unwrap(), "0");
    drop(one);
    assert_eq!(other.psql("postgres", "SELECT 1").unwrap(), "1");
}

#[test]
fn a_wrong_folder_of_programs_is_told_with_the_command_to_install_them() {
    let empty = tempfile::tempdir().unwrap();
    let options = Options { binaries: Some(empty.path().to_owned()), ..Options::default() };
    let error = Server::start(&options).unwrap_err();
    assert!(matches!(&error, ServerError::NoBinaries { program: "initdb", .. }), "{error}");
    // `Debug` too: that is what `unwrap` in a test prints.
    assert!(format!("{error:?}").contains("apt-get install postgresql"), "{error:?}");
}

#[test]
fn too_old_a_server_is_refused_with_both_versions() {
    let options = Options { version_at_least: Some(1000), ..Options::default() };
    let error = Server::start(&options).unwrap_err();
    assert!(matches!(error, ServerError::TooOld { wanted: 1000, found, .. } if found > 9), "{error}");
}

#[test]
fn a_setting_that_the_server_does_not_know_is_told_from_its_log() {
    let error = Server::start(&Options::default().with("no_such_setting", "1")).unwrap_err();
    assert!(matches!(&error, ServerError::NotStarted { log } if log.contains("no_such_setting")), "{error}");
}

#[test]
fn nothing_is_left_after_a_drop() {
    let server = start(&Options::default());
    let traces = Traces::of(&server);
    if cfg!(target_os = "linux") {
        assert!(processes_in(traces.folder()).len() > 3, "the postmaster and its helpers, and the guard");
    }
    drop(server);
    assert!(traces.are_gone());
}

#[test]
fn nothing_is_left_after_a_panic() {
    let (tell, told) = std::sync::mpsc::channel();
    let panicked = std::thread::spawn(move || {
        let server = start(&Options::default());
        tell.send(Traces::of(&server)).unwrap();
        panic!("a test fails");
    });
    assert!(panicked.join().is_err());
    assert!(told.recv().unwrap().are_gone());
}

#[test]
fn a_server_outlives_the_thread_that_started_it() {
    let server = std::thread::spawn(|| start(&Options::default())).join().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.psql("postgres", "SELECT 1").unwrap(), "1");
}

#[test]
fn nothing_is_left_when_the_process_that_owns_a_server_is_killed() {
    let mut owner = Command::new(env!("CARGO_BIN_EXE_chengxin-pgtest"));
    let mut owner = owner.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(owner.stdout.take().unwrap()).lines();
    let url = lines.next().expect("a server; what is missing is said above").unwrap();
    let data = PathBuf::from(lines.next().unwrap().unwrap());
    let port = url.rsplit_once(':').unwrap().1.trim_end_matches("/postgres").parse().unwrap();
    let traces = Traces { port, data };
    assert!(answers(port) && traces.data.join("PG_VERSION").exists());
    owner.kill().unwrap();
    owner.wait().unwrap();
    assert!(traces.are_gone_soon(), "still there: {}", traces.folder().display());
}

#[test]
fn a_command_finds_the_server_in_its_environment() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chengxin-pgtest"));
    let output = command.args(["sh", "-c", "echo $CHENGXIN_TEST_DATABASE"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("postgres://chengxin:") && said.ends_with("/postgres\n"), "{said}");
}
