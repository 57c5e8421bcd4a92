//! How fast the pages are: `page_speed FILE [--seconds N] [--browser FOLDER]`.
//!
//! FILE is a penalty CSV as `chengxin synth --penalty-csv` makes it. 60 of its people have accounts; each opens their pages, asks programs' routes for the same, and now
//! and then grants a consent, as people do: a look, a pause of up to a second, the next look. Then five times as many do, all at once.
//! With `--browser` (a folder with Playwright's packages) Chromium says how soon the largest thing on a page is painted on a slow phone.
//!
//! Prints `WHAT KEY VALUE`, a line each: microseconds, or bytes. The comparison is `cargo xtask bench pages`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a measuring tool at the console"
)]

#[allow(dead_code, reason = "the other measuring tools use the rest")]
#[path = "../check_speed/city.rs"]
mod city;
mod people;
mod users;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use chengxin_app::reading::Pool;
use chengxin_app::{Installation, SystemClock};
use chengxin_web::Rate;
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As many people as the public suite that this is held against has users.
const USERS: usize = 60;
/// How many times as many come at once.
const SPIKE: usize = 5;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|at| args.get(at + 1)).cloned();
    let time = Duration::from_secs(option("--seconds").map_or(20, |text| text.parse().unwrap()));
    let file = PathBuf::from(&args[0]);
    let dir = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let data = dir.path().join("data");
    city::prepare(&data, &file, None);
    let sessions = Arc::new(people::sessions(&data, &file, USERS));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let at = serve(&data).await;
        users::first_visit(at).await;
        users::home(at, &sessions).await.say("home");
        users::looks(at, &sessions, "before").await;
        users::crowd(at, &sessions, USERS, time).await.say("mixed");
        users::looks(at, &sessions, "between").await;
        users::crowd(at, &sessions, USERS * SPIKE, time / 2).await.say("spike");
        users::looks(at, &sessions, "after").await;
        if let Some(folder) = option("--browser") {
            painted(&folder, at, &sessions[0]).await;
        }
    });
    runtime.shutdown_background();
}

/// Serves the pages; nobody is slowed for asking often.
async fn serve(data: &Path) -> SocketAddr {
    let installation = Installation::open(data, Arc::new(SystemClock)).unwrap();
    let pool = Pool::of(&installation);
    let routes = chengxin_web::router_at(installation, pool, Rate(std::num::NonZeroU32::MAX)).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    at
}

/// Largest Contentful Paint, as Chromium sees it on a slow phone.
async fn painted(folder: &str, at: SocketAddr, session: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/browser/paint.mjs");
    let (folder, session) = (folder.to_owned(), session.to_owned());
    let said = tokio::task::spawn_blocking(move || {
        let mut paint = Command::new("node");
        paint.arg(script).args([&folder, &format!("http://{at}"), &session]);
        paint.stderr(Stdio::inherit()).output().unwrap()
    });
    let said = said.await.unwrap();
    assert!(said.status.success(), "the browser has not seen the pages");
    print!("{}", String::from_utf8(said.stdout).unwrap());
}
