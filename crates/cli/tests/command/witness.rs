//! `chengxin log witness` beside an installation whose log it watches, and the log as a folder.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use std::io::{BufRead, BufReader};
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

/// Starts a witness; its key and address.
fn witness(city: &City, log: &str) -> (Running, String, String) {
    let mut command: Command = common::chengxin();
    command.arg("--json").args(["log", "witness", "--name", "witness.example", "--log", log]);
    command.arg("--state").arg(city.path("witness")).args(["--listen", "127.0.0.1:0"]);
    let mut child = Running(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let mut value = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let key = value()["key"].as_str().unwrap().to_owned();
    let at = value()["serving"].as_str().unwrap().to_owned();
    (child, key, at)
}

fn log_key(city: &City) -> String {
    let installation = chengxin_app::Installation::open(&city.data(), std::sync::Arc::new(chengxin_app::SystemClock));
    installation.unwrap().log_key().unwrap()
}

#[test]
fn a_witness_signs_over_http_and_its_signature_is_published() {
    let city = City::new();
    let key = log_key(&city);
    let (running, witness_key, at) = witness(&city, &key);
    city.run(&["log", "witness-add", &witness_key, &at]).ends(0);
    let signed = city.run(&["--json", "log", "cosign"]).ends(0).value();
    assert_eq!((signed["witness"].as_str(), signed["problem"].as_str()), (Some("witness.example"), None));
    let published = city.run(&["log", "checkpoint"]).ends(0).out;
    assert!(published.contains("— witness.example "), "{published}");

    city.run(&["log", "publish", "--to", "public"]).ends(0);
    let folder = city.path("public");
    assert!(common::exists(&folder.join("checkpoint")) && folder.join("tile/0").is_dir());
    let again = city.run(&["--json", "log", "publish", "--to", "public"]).ends(0).value();
    assert!(again["size"].as_u64().unwrap() > 1);

    // Gone, it is told by name; the log goes on without.
    drop(running);
    city.run(&["authority", "add", "11990000MB0000001E", "--name", "局", "--kind", "transport"]).ends(0);
    let refused = city.run(&["--json", "log", "cosign"]).ends(9).value();
    assert!(refused["problem"].as_str().is_some_and(|why| !why.is_empty()), "{refused}");
    city.run(&["log", "verify"]).ends(0);
}

#[test]
fn another_logs_folder_is_left_as_it_is() {
    let (one, two) = (City::new(), City::new());
    one.run(&["log", "publish", "--to", "public"]).ends(0);
    let before = std::fs::read(one.path("public/checkpoint")).unwrap();
    let folder = one.path("public");
    let said = two.run(&["log", "publish", "--to", folder.to_str().unwrap()]);
    assert_ne!(said.code, 0, "{}", said.out);
    assert_eq!(std::fs::read(one.path("public/checkpoint")).unwrap(), before);
}

#[test]
fn a_witness_takes_only_keys_of_logs_and_a_name() {
    let city = City::new();
    let state = city.path("w");
    let run = |name: &str, log: &str| {
        common::run(["log", "witness", "--name", name, "--state", state.to_str().unwrap(), "--log", log]).code
    };
    assert_eq!(run("w.example", "nonsense"), 3);
    assert_eq!(run("two words", &log_key(&city)), 3);
}
