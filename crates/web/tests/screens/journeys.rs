//! Journeys, as people go them, by a browser: `tests/browser/walk.mjs`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use chengxin_core::Role;
use chengxin_web::Rate;
use serde_json::{Value, json};

use crate::browser::{Browser, officer, resident, revoked};
use crate::city::{Row, csv, row};
use crate::desk::PASSWORD;
use crate::looked_at::packages;
use crate::site::Site;

fn walked(asked: &Value) -> Value {
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/browser/walk.mjs");
    let mut node = Command::new("node");
    node.arg(script).arg(packages()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().unwrap();
    writeln!(node.stdin.take().unwrap(), "{asked}").unwrap();
    let output = node.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).expect("the browser ends with what it did")
}

#[tokio::test(flavor = "multi_thread")]
async fn people_go_their_ways_by_a_browser_and_come_to_their_ends() {
    let (city, person) = revoked();
    let mut site = Site::at(city, Rate(std::num::NonZeroU32::new(100_000).unwrap()));
    let people = [
        ("resident", resident(&mut site, &person.number, "zhouming")),
        ("officer", officer(&mut site, Role::DataOfficer, "zhao")),
        ("decider", officer(&mut site, Role::Decider, "chen")),
        ("clerk", officer(&mut site, Role::Clerk, "zhou")),
    ];
    let mut cookies = serde_json::Map::new();
    for (name, person) in &people {
        cookies.insert((*name).to_owned(), Browser::of(&site, person).await.cookie().into());
    }
    // The last that are shown: the clock of the site stands still from here on.
    let digits = site.desk.digits(&people[0].1.secret.unwrap());
    let keys = json!({ "login": people[0].1.login, "password": PASSWORD, "digits": digits });
    let bad = Row { decided: "2026-02-30".to_owned(), ..row(3) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let serving = tokio::spawn(chengxin_web::serve(listener, site.router.clone(), std::future::pending()));
    let asked = json!({
        "base": base, "cookies": cookies, "keys": keys, "file": csv(&[row(2), bad]),
        "person": { "name": person.name, "number": person.number },
    });
    let found = tokio::task::spawn_blocking(move || walked(&asked)).await.unwrap();
    serving.abort();
    assert_eq!(found["wrong"], json!([]), "{found:#}");
    let walked = ["mends a file", "objects and is answered", "checks with a code", "is brought back", "adds a passkey"];
    assert_eq!(found["walked"], json!(walked), "{found:#}");
}
