//! The command line over databases on a server: everything that works over files works there, and an installation moves.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::common;

use chengxin_pgtest::{Options, Server};
use common::{City, LI, ZHANG, office, penalties, penalty};

/// A server with the empty databases `city` and `city_keys`.
fn server() -> Server {
    let server = Server::start(&Options::default()).unwrap();
    for name in ["city", "city_keys"] {
        server.create_database(name, None).unwrap();
    }
    server
}

fn imported(city: &City) {
    let rows = [
        penalty(ZHANG.0, ZHANG.1, "云市监罚〔2026〕1号", "2026-10-05"),
        penalty(LI.0, LI.1, "云市监罚〔2026〕2号", "2026-10-06"),
    ];
    city.write("good.csv", penalties(&rows));
    city.run(&["import", "--authority", &office(), "--item", "penalty", "good.csv"]).ends(0);
    city.run(&["submission", "release", "1"]).ends(0);
}

fn held(city: &City) -> serde_json::Value {
    city.run(&["--json", "me", "records", "--subject", ZHANG.1]).ends(0).value()["records"].clone()
}

#[test]
fn an_installation_on_a_server_takes_in_shows_reports_and_verifies() {
    let (server, city) = (server(), City::without());
    let url = server.url("city");
    city.run(&["init", "--synthetic", "--database", &url]).ends(0);
    assert!(!city.data().join("chengxin.db").exists());
    imported(&city);
    assert_eq!(held(&city).as_array().unwrap().len(), 1);
    city.run(&["report", "--subject", ZHANG.1, "--recipient", "某银行", "-o", "r.pdf"]).ends(0);
    city.run(&["verify", "r.pdf"]).ends(0);
    city.run(&["worker", "run", "--once"]).ends(0);
    assert_eq!(city.run(&["--json", "worker", "list"]).ends(0).value()["kind"], "tidy", "due again tomorrow");
    city.run(&["log", "verify"]).ends(0);
    city.run(&["migrate", "status"]).ends(0);
    let told = city.run(&["--lang", "en", "backup", "b"]).ends(3).err;
    assert!(told.contains("back them up with its own tools"), "{told}");
    let again = City::without().run(&["--lang", "en", "init", "--synthetic", "--database", &url]).ends(8).err;
    assert!(again.contains("there is an installation at 127.0.0.1"), "{again}");
}

#[test]
fn an_installation_moves_from_files_to_a_server_whole_and_goes_on_there() {
    let (server, city) = (server(), City::new());
    imported(&city);
    let before = held(&city);
    let moved = city.run(&["--json", "move", "--to", &server.url("city")]).ends(0).value();
    assert_eq!((&moved["done"], &moved["findings"]), (&true.into(), &0.into()), "{moved}");
    std::fs::remove_file(city.data().join("chengxin.db")).unwrap();
    std::fs::remove_file(city.data().join("keys.db")).unwrap();
    assert_eq!(held(&city), before);
    // The same file again changes nothing there either.
    let again = city.run(&["--json", "import", "--authority", &office(), "--item", "penalty", "good.csv"]).ends(0);
    assert_eq!(again.value()["quality"]["counts"]["unchanged"], 2, "{}", again.out);
    city.run(&["log", "verify"]).ends(0);
    let told = city.run(&["--lang", "en", "move", "--to", &server.url("city")]).ends(8);
    assert!(told.err.contains("there is an installation at") && !told.out.contains("copying"), "{}", told.err);
}

#[test]
fn what_is_wrong_with_a_server_is_said_with_its_remedy_and_never_with_the_password() {
    let (server, city) = (server(), City::without());
    let good = server.url("city");
    let (user, rest) = good.split_once('@').unwrap();
    let secret = user.rsplit(':').next().unwrap();
    let at = rest.split('/').next().unwrap();
    let wrong = format!("postgres://chengxin:wrong@{rest}");
    let absent = server.url("nowhere");
    for (url, exit, says) in [
        ("mysql://u:s3cret@h/c", 3, "postgres://user@host"),
        ("postgres://u:s3cret@127.0.0.1:1/c", 9, "cannot be reached"),
        (wrong.as_str(), 9, "refuses the user"),
        (absent.as_str(), 6, "no database at"),
    ] {
        let told = city.run(&["--lang", "en", "init", "--synthetic", "--database", url]).ends(exit).err;
        assert!(told.contains(says) && !told.contains("s3cret") && !told.contains(secret), "{url}: {told}");
        let clear = ["chengxin.db", "keys.json", "database.toml"].iter().all(|name| !city.data().join(name).exists());
        assert!(clear, "{url}: nothing is left that stands in the way of the next attempt");
    }
    assert!(!at.is_empty());
    let status = city.run(&["--lang", "en", "migrate", "status", "--database", &good]).ends(9).out;
    assert!(status.contains("missing: 0001_foundation"), "{status}");
    city.run(&["migrate", "run", "--database", &good]).ends(0);
    city.run(&["migrate", "run", "--database", &good]).ends(0);
    city.run(&["migrate", "status", "--database", &good]).ends(0);
    city.run(&["init", "--synthetic", "--database", &good]).ends(0);
}
