//! `chengxin serve` and `chengxin demo`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use common::City;
use serde_json::Value;

/// A process that is ended with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts a command that serves, and hands back its address and the lines before it.
fn started(command: &mut Command) -> (Running, String, Vec<Value>) {
    let mut child = Running(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut lines = vec![];
    for line in BufReader::new(child.0.stdout.take().unwrap()).lines() {
        let value: Value = serde_json::from_str(&line.unwrap()).unwrap();
        if let Some(at) = value["serving"].as_str() {
            return (child, at.trim_start_matches("http://").to_owned(), lines);
        }
        lines.push(value);
    }
    panic!("it ended without serving: {lines:?}");
}

fn get(at: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(at).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_serves_until_it_is_told_to_stop() {
    let city = City::new();
    let (mut child, at, _) = started(&mut city.command(&["--json", "serve", "--listen", "127.0.0.1:0"]));
    assert!(get(&at, "/health").starts_with("HTTP/1.1 200"));
    let stopped = Command::new("kill").args(["-TERM", &child.0.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    assert_eq!(child.0.wait().unwrap().code(), Some(0));
}

/// Starts a server, ends it once it serves, and hands back the notices that it gave.
fn notices_of_a_server(city: &City) -> Vec<Value> {
    let mut command = city.command(&["--json", "serve", "--listen", "127.0.0.1:0"]);
    let (mut child, at, _) = started(command.stderr(Stdio::piped()));
    assert!(get(&at, "/").starts_with("HTTP/1.1 200"), "it serves, whatever it has to say");
    let mut said = child.0.stderr.take().unwrap();
    drop(child);
    let mut text = String::new();
    said.read_to_string(&mut text).unwrap();
    let values = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    values.filter(|value| value.get("notice").is_some()).map(|value| value["notice"].clone()).collect()
}

/// Notices but for that on the first administrator.
fn of_the_log(mut notices: Vec<Value>) -> Vec<Value> {
    notices.retain(|notice| !notice["en"].as_str().unwrap().contains("first-link"));
    notices
}

#[test]
fn while_nobody_administers_accounts_a_server_says_how_to_begin_and_shows_no_link_where_it_would_be_kept() {
    let notices = notices_of_a_server(&City::new());
    let [notice] = &notices[..] else { panic!("{notices:?}") };
    for lang in ["zh", "en"] {
        let said = notice[lang].as_str().unwrap();
        assert!(said.contains("chengxin account first-link") && !said.contains("/begin/"), "{said}");
    }
}

#[test]
fn a_server_whose_log_contradicts_itself_says_so_when_it_starts() {
    let city = City::new();
    city.run(&["log", "sequence"]).ends(0);
    assert_eq!(of_the_log(notices_of_a_server(&city)), [] as [Value; 0], "of a sound log there is nothing to say");
    let database = rusqlite::Connection::open(city.data().join("chengxin.db")).unwrap();
    database.execute("UPDATE log_tile SET hashes = zeroblob(length(hashes))", []).unwrap();
    drop(database);
    let notices = of_the_log(notices_of_a_server(&city));
    let [notice] = &notices[..] else { panic!("{notices:?}") };
    let (zh, en) = (notice["zh"].as_str().unwrap(), notice["en"].as_str().unwrap());
    assert!(zh.contains("留痕日志前后不一致") && zh.contains("log verify") && zh.contains("/health"), "{zh}");
    assert!(en.contains("the log is inconsistent") && en.contains("log verify") && en.contains("/health"), "{en}");
}

#[test]
fn a_taken_port_is_nine_and_says_so() {
    let city = City::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = taken.local_addr().unwrap().to_string();
    let said = city.run(&["serve", "--listen", &at]).ends(9);
    assert!(said.err.contains(&at) && said.err.contains("--listen"), "{}", said.err);
}

#[test]
fn the_demonstration_goes_through_everything_and_takes_the_next_free_port() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let busy = taken.local_addr().unwrap().to_string();
    let city = City { scratch: tempfile::TempDir::new().unwrap() };
    let folder = city.path("demo");
    let mut command = common::chengxin();
    command.arg("--json").arg("--dir").arg(&folder).args([
        "demo",
        "--residents",
        "300",
        "--records",
        "900",
        "--listen",
        &busy,
    ]);
    let (_child, at, said) = started(&mut command);
    assert_ne!(at, busy);
    let step = |name: &str| said.iter().filter(|value| value["step"] == name).collect::<Vec<_>>();

    let imports = step("import");
    assert_eq!(imports.len(), step("city")[0]["files"].as_u64().unwrap() as usize, "every file is taken");
    assert!(imports.iter().any(|i| i["released"].as_u64().unwrap() > 0));
    let quality = &step("quality")[0];
    assert!(quality["quality"]["counts"]["refused"].as_u64().unwrap() > 0);
    for path in quality["written"].as_array().unwrap() {
        assert!(common::exists(path.as_str().unwrap().as_ref()), "{path}");
    }
    assert!(step("report")[0]["entries"].as_u64().unwrap() > 0);
    let verdicts: Vec<_> = step("verify").iter().map(|v| v["verdict"]["status"].as_str().unwrap().to_owned()).collect();
    assert_eq!(verdicts, ["valid", "altered", "altered", "unknown_signer"]);

    let accounts = step("account");
    assert_eq!(
        accounts.iter().map(|of| of["start"].as_str().unwrap()).collect::<Vec<_>>(),
        ["/me", "/desk", "/desk", "/desk", "/office"]
    );
    for of in accounts {
        let link = of["link"].as_str().unwrap();
        let path = link.strip_prefix(&format!("http://{at}")).unwrap_or_else(|| panic!("{link} leads to {at}"));
        let page = get(&at, path);
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("name=\"password\""), "{of}: {page}");
    }
    let url = step("done")[0]["verify_url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(&format!("http://{at}")).unwrap_or_else(|| panic!("{url} leads to {at}"));
    assert!(get(&at, path).starts_with("HTTP/1.1 200"), "the page behind the QR code is there");

    let again = common::run(["--dir", folder.to_str().unwrap(), "demo", "--no-serve"]).ends(8);
    assert!(again.err.contains("demo"), "{}", again.err);
}
