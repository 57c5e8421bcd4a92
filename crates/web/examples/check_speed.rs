//! How fast a local check over HTTP is, with the log and without: `check_speed FILE [--seconds N] [--import FILE]`.
//!
//! FILE is a penalty CSV as `chengxin synth --penalty-csv` makes it; its people are who is asked about. A check reads one
//! subject's records, opens their bodies, makes the log entry durable and answers in JSON. The server without the log is the
//! same one but for the entry. With `--import`, the second file is imported beside the server while it is asked.
//!
//! Prints `WHAT KEY MICROSECONDS`, a line each. The comparison is `cargo xtask bench check`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a measuring tool at the console"
)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use chengxin_app::installation::NewInstallation;
use chengxin_app::intake::{ImportRequest, Presence, Silent};
use chengxin_app::log::LogWriter;
use chengxin_app::reading::{Disclosure, Readers, Reading};
use chengxin_app::record::RecordList;
use chengxin_app::{Installation, Mode, SystemClock};
use chengxin_core::caller::{Caller, Ground, Role};
use chengxin_core::identity::DocumentKind;
use chengxin_seal::Profile;
use chengxin_store::authority::AuthorityRow;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CONNECTIONS: usize = 64;
const OFFICES: [&str; 2] = ["11990000MB0000001E", "11990000MB0000002C"];

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
    }
}

async fn check(State(server): State<Arc<Server>>, body: String) -> Json<RecordList> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let shared = Arc::clone(&server);
    let job = move |reading: &Reading| {
        let read = reading.record_list(&resident(), DocumentKind::ResidentId, &body);
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
    let seconds: u64 = option("--seconds").map_or(10, |text| text.parse().unwrap());
    let beside: Option<PathBuf> = option("--import").map(PathBuf::from);
    let file = PathBuf::from(&args[0]);
    let dir = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let data = dir.path().join("data");
    prepare(&data, &file);
    let numbers = Arc::new(numbers(&file));
    for _ in 0..2 {
        for logged in [false, true] {
            let told = measure(&data, &numbers, logged, Duration::from_secs(seconds), None);
            told.say(if logged { "with-log" } else { "without-log" });
        }
    }
    let Some(beside) = beside else { return };
    let alone = import(&copy_of(&data, dir.path()), OFFICES[1], &beside);
    let stop = Arc::new(AtomicBool::new(false));
    let importing = {
        let (data, stop) = (data.clone(), Arc::clone(&stop));
        std::thread::spawn(move || {
            // Once the server stands.
            std::thread::sleep(Duration::from_millis(500));
            let took = import(&data, OFFICES[1], &beside);
            stop.store(true, Ordering::SeqCst);
            took
        })
    };
    let told = measure(&data, &numbers, true, Duration::from_secs(3_600), Some(&stop));
    let took = importing.join().unwrap();
    told.say("beside-import");
    println!("import us_alone {}\nimport us_beside {}", alone * 1e6, took * 1e6);
}

/// An installation with the file's records, released.
fn prepare(data: &Path, file: &Path) {
    let operator = Caller::operator("operator", "measuring");
    let new = NewInstallation {
        mode: Mode::Synthetic,
        profile: Profile::Intl,
        city: "云汀市".into(),
        place: "990000".into(),
        base_url: "https://credit.example".into(),
        places: None,
    };
    let mut installation = Installation::init(data, &new, Arc::new(SystemClock), &operator).unwrap();
    for code in OFFICES {
        let authority =
            AuthorityRow { code: code.into(), name: "局".into(), name_en: "Bureau".into(), kind: "transport".into() };
        installation.authority_add(&operator, &authority).unwrap();
    }
    drop(installation);
    import(data, OFFICES[0], file);
    let mut installation = Installation::open(data, Arc::new(SystemClock)).unwrap();
    installation.submission_release(&officer(OFFICES[0], Role::Decider), 1).unwrap();
    installation.log_sequence().unwrap();
}

fn copy_of(data: &Path, dir: &Path) -> PathBuf {
    let copy = dir.join("copy");
    std::fs::create_dir(&copy).unwrap();
    for entry in std::fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
    }
    copy
}

fn officer(office: &str, role: Role) -> Caller {
    Caller {
        actor: format!("{role:?}"),
        role,
        authority: Some(office.into()),
        purpose: "measuring".into(),
        ground: Ground::Duty("penalty-law#art-48".into()),
    }
}

/// Imports a file; seconds.
fn import(data: &Path, office: &str, file: &Path) -> f64 {
    let start = Instant::now();
    let mut installation = Installation::open(data, Arc::new(SystemClock)).unwrap();
    let request = ImportRequest {
        authority: office.into(),
        item: Some("penalty".into()),
        file: file.to_owned(),
        ..ImportRequest::default()
    };
    installation.submission_import(&officer(office, Role::DataOfficer), &request, &mut Silent).unwrap();
    start.elapsed().as_secs_f64()
}

/// The numbers of the people in a file, each once.
fn numbers(file: &Path) -> Vec<String> {
    let mut lines = BufReader::new(std::fs::File::open(file).unwrap()).lines();
    let head = lines.next().unwrap().unwrap();
    let column = head.trim_start_matches('\u{feff}').split(',').position(|c| c == "CF_XDR_ZJHM").unwrap();
    let mut numbers: Vec<String> =
        lines.map(|line| line.unwrap().split(',').nth(column).unwrap().to_owned()).filter(|n| n.len() == 18).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

struct Told {
    requests: usize,
    seconds: f64,
    /// Sorted, microseconds.
    latencies: Vec<u32>,
}

impl Told {
    fn say(&self, what: &str) {
        let at = |part: f64| {
            let place = (self.latencies.len() as f64 * part) as usize;
            self.latencies[place.min(self.latencies.len() - 1)]
        };
        println!("{what} us_each {:.2}", self.seconds * 1e6 / self.requests as f64);
        for (key, part) in [("us_p50", 0.5), ("us_p99", 0.99), ("us_p999", 0.999), ("us_max", 1.0)] {
            println!("{what} {key} {}", at(part));
        }
    }
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
    let server = Arc::new(Server { readers: Readers::start(&installation).unwrap(), log });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let told = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let routes = Router::new().route("/check", post(check)).with_state(Arc::clone(&server));
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await });
        let start = Instant::now();
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|client| {
                let (numbers, stop) = (Arc::clone(numbers), stop.map(Arc::clone));
                tokio::spawn(async move { ask(at, client, &numbers, start + time, stop).await })
            })
            .collect();
        let mut latencies = Vec::new();
        for client in clients {
            latencies.extend(client.await.unwrap());
        }
        let seconds = start.elapsed().as_secs_f64();
        serving.abort();
        latencies.sort_unstable();
        Told { requests: latencies.len(), seconds, latencies }
    });
    runtime.shutdown_background();
    told
}

/// One connection that asks again as soon as it is answered; latencies in microseconds.
async fn ask(
    at: std::net::SocketAddr,
    client: usize,
    numbers: &[String],
    until: Instant,
    stop: Option<Arc<AtomicBool>>,
) -> Vec<u32> {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut latencies, mut buffer, mut next) = (Vec::new(), vec![0u8; 1 << 16], client * 7_919);
    while Instant::now() < until && !stop.as_ref().is_some_and(|stop| stop.load(Ordering::SeqCst)) {
        let number = &numbers[next % numbers.len()];
        next = next.wrapping_add(104_729);
        let request = format!("POST /check HTTP/1.1\r\nhost: l\r\ncontent-length: {}\r\n\r\n{number}", number.len());
        let start = Instant::now();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut got = 0;
        loop {
            got += stream.read(&mut buffer[got..]).await.unwrap();
            if let Some(length) = whole(&buffer[..got]) {
                assert!(buffer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&buffer[..got]));
                assert_eq!(got, length);
                break;
            }
        }
        latencies.push(u32::try_from(start.elapsed().as_micros()).unwrap());
    }
    latencies
}

/// Length of the answer at the beginning of a buffer, once it is there whole.
fn whole(buffer: &[u8]) -> Option<usize> {
    let head = buffer.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..head]).ok()?.to_ascii_lowercase();
    let length: usize = text.split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok()?;
    (buffer.len() >= head + length).then_some(head + length)
}
