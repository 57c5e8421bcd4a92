//! `kill -9` of a server that logs and sequences: what was answered is in the log, and the log is whole.
//!
//! `cargo xtask kill --rounds N` runs the long form.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking; the long form says how far it came"
)]

use crate::common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chengxin_store::ReadStore;
use common::{City, LI, ZHANG, office, penalties, penalty};
use serde_json::Value;

/// A city with two people about whom something is held.
fn city() -> City {
    let city = City::new();
    let rows = [
        penalty(ZHANG.0, ZHANG.1, "云市监罚〔2026〕1号", "2026-05-06"),
        penalty(LI.0, LI.1, "云市监罚〔2026〕2号", "2026-05-06"),
    ];
    city.write("a.csv", penalties(&rows));
    let office = office();
    city.run(&["import", "--authority", &office, "--item", "penalty", "a.csv"]).ends(0);
    let second = format!("decider:second@{office}");
    city.run(&["submission", "release", "1", "--as", &second, "--purpose", "test"]).ends(0);
    city
}

/// Starts a server; the process and its address.
fn serve(city: &City) -> (Child, String) {
    let mut command = city.command(&["--json", "serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let value: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("it does not serve: {line}"));
    let at = value["serving"].as_str().unwrap().trim_start_matches("http://").to_owned();
    (child, at)
}

/// Asks for what is held about somebody; whether an answer came.
fn answered(at: &str, number: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(at)?;
        let body = format!("{{\"number\":\"{number}\"}}");
        write!(
            stream,
            "POST /demo/records HTTP/1.1\r\nHost: {at}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200") && answer.contains("\"records\":[{"))
}

/// Every entry that says that records were listed, and the signed head.
fn logged(city: &City) -> (u64, i64) {
    let reader = ReadStore::open(&city.data().join("chengxin.db").into()).unwrap();
    let (mut count, mut at) = (0, ([0; 16], 0));
    loop {
        let page = reader.view().log_walk(&at.0, at.1, 1_000).unwrap();
        let Some((subject, last)) = page.last() else { break };
        at = (*subject, last.number);
        count += page.iter().filter(|(_, entry)| entry.operation == "record_list").count() as u64;
    }
    (count, reader.view().log_head().unwrap().map_or(0, |head| head.size))
}

fn survives(rounds: u64) {
    let city = city();
    let (mut answers, mut size, mut notes) = (0, 0, Vec::new());
    for round in 0..rounds {
        let (mut child, at) = serve(&city);
        // Killed after 20 to 400 ms, each time at another point of writing and sequencing.
        let time = Duration::from_millis(20 + round * 7_919 % 380);
        let got = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for number in [ZHANG.1, LI.1, ZHANG.1, LI.1] {
                let (at, got) = (&at, &got);
                scope.spawn(move || {
                    while answered(at, number) {
                        got.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            std::thread::sleep(time);
            child.kill().unwrap();
        });
        child.wait().unwrap();
        answers += got.into_inner();
        let (entries, signed) = logged(&city);
        assert!(entries >= answers, "round {round}: {answers} answers left, {entries} are in the log");
        assert!(signed >= size, "round {round}: the log went back from {size} to {signed}");
        size = signed;
        if round % 20 == rounds.min(20) - 1 {
            city.run(&["log", "verify"]).ends(0);
            let note = format!("{round}.txt");
            city.run(&["log", "checkpoint", "-o", &note]).ends(0);
            notes.push(note);
        }
    }
    assert!(answers > 0, "no round came to an answer");
    city.run(&["log", "verify"]).ends(0);
    let last = "last.txt";
    city.run(&["log", "checkpoint", "-o", last]).ends(0);
    for note in &notes {
        city.run(&["log", "consistency", note, last]).ends(0);
        city.run(&["log", "verify", "--since", note]).ends(0);
    }
    println!("{rounds} rounds, {answers} answers, {size} leaves");
}

#[test]
fn a_server_that_is_killed_has_logged_what_it_answered_and_goes_on_with_the_same_log() {
    survives(6);
}

#[test]
fn full_a_server_that_is_killed_again_and_again_never_forks_skips_or_doubles() {
    survives(std::env::var("CHENGXIN_KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(200));
}
