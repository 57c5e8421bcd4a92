//! How fast a local check over HTTP is, with the log and without:
//! `check_speed FILE [--seconds N] [--import FILE] [--database URL --key-database URL]`.
//!
//! FILE is a penalty CSV as `chengxin synth --penalty-csv` makes it; its people are who is asked about. A check reads one
//! subject's records, opens their bodies, makes the log entry durable and answers in JSON. The server without the log is the
//! same one but for the entry. With `--import`, the second file is imported beside the server while it is asked.
//!
//! With `--database` everything lies on a server, in two empty databases, and beside the two stands a bare one: a handler
//! that selects one row and inserts one with commit, over as many connections.
//!
//! Prints `WHAT KEY MICROSECONDS`, a line each. The comparisons are `cargo xtask bench check server scale`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a measuring tool at the console"
)]

mod ask;
mod bare;
mod city;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use chengxin_app::intake::Presence;
use chengxin_app::log::LogWriter;
use chengxin_app::places::on_server;
use chengxin_app::reading::{Disclosure, Pool, Readers, Reading};
use chengxin_app::record::RecordList;
use chengxin_app::{AppError, Installation, SystemClock};
use chengxin_core::caller::{Caller, Ground, Role};
use chengxin_core::identity::DocumentKind;

use ask::Told;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Server {
    readers: Readers,
    log: Option<LogWriter>,
}

fn resident() -> Caller {
    Caller {
        actor: "resident".into(),
        role: Role::Resident,
        authority: None,
        purpose: "measuring".into(),
        ground: Ground::OwnRight,
        standing: chengxin_core::Standing::Console,
    }
}

async fn check(State(server): State<Arc<Server>>, body: String) -> Json<RecordList> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let shared = Arc::clone(&server);
    let job = move |reading: Result<&Reading, AppError>| {
        let read = reading.unwrap().record_list(&resident(), DocumentKind::ResidentId, &body);
        let Disclosure { answer, entry } = read.unwrap();
        match &shared.log {
            Some(log) => log.write(entry, move |written| drop(tell.send(written.map(|_| answer)))),
            None => drop(tell.send(Ok(answer))),
        }
    };
    server.readers.run(job).unwrap();
    Json(told.await.unwrap().unwrap())
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).and_then(|at| args.get(at + 1)).cloned();
    let time = Duration::from_secs(option("--seconds").map_or(10, |text| text.parse().unwrap()));
    let beside: Option<PathBuf> = option("--import").map(PathBuf::from);
    let url = option("--database");
    let places = url.as_deref().map(|url| on_server(url, option("--key-database").as_deref()).unwrap());
    let file = PathBuf::from(&args[0]);
    let dir = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let data = dir.path().join("data");
    city::prepare(&data, &file, places);
    let numbers = city::numbers(&file);
    let numbers = Arc::new(numbers.iter().map(|number| ask::request("/check", "", number)).collect::<Vec<_>>());
    for _ in 0..2 {
        for logged in [false, true] {
            let told = measure(&data, &numbers, logged, time, None);
            told.say(if logged { "with-log" } else { "without-log" });
        }
        if let Some(url) = &url {
            let connections = Pool::of(&Installation::open(&data, Arc::new(SystemClock)).unwrap()).readers + 1;
            bare::measure(url, connections, &numbers, time).say("bare");
        }
    }
    let Some(beside) = beside else { return };
    let alone = city::import(&city::copy_of(&data, dir.path()), city::OFFICES[1], &beside);
    let stop = Arc::new(AtomicBool::new(false));
    let importing = {
        let (data, stop) = (data.clone(), Arc::clone(&stop));
        std::thread::spawn(move || {
            // Once the server stands.
            std::thread::sleep(Duration::from_millis(500));
            let took = city::import(&data, city::OFFICES[1], &beside);
            stop.store(true, Ordering::SeqCst);
            took
        })
    };
    let told = measure(&data, &numbers, true, Duration::from_secs(3_600), Some(&stop));
    let took = importing.join().unwrap();
    told.say("beside-import");
    println!("import us_alone {}\nimport us_beside {}", alone * 1e6, took * 1e6);
}

/// Asks for so long, or until told to stop.
fn measure(
    data: &Path,
    numbers: &Arc<Vec<String>>,
    logged: bool,
    time: Duration,
    stop: Option<&Arc<AtomicBool>>,
) -> Told {
    let installation = Installation::open(data, Arc::new(SystemClock)).unwrap();
    let _presence = Presence::show(data).unwrap();
    let log = logged.then(|| LogWriter::start(&installation).unwrap());
    let readers = Readers::start(&installation, Pool::of(&installation)).unwrap();
    let routes = Router::new().route("/check", post(check)).with_state(Arc::new(Server { readers, log }));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let told = runtime.block_on(ask::ask_all(routes, numbers, time, stop));
    runtime.shutdown_background();
    told
}
