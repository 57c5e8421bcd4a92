//! People at their browsers, and programs beside them: a look, a pause, the next look.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring tool at the console"
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What is looked at, pages before routes of the interface.
const LOOKS: [&str; 8] = [
    "/me",
    "/me/records",
    "/me/log",
    "/me/checks",
    "/me/notices",
    "/me/consents",
    "/api/v1/me/records",
    "/api/v1/me/log",
];

/// Bytes of an answer for which there is room from the start. Much more for each of hundreds of people is half a second in which nobody on these cores
/// does anything but clear memory.
const ROOM: usize = 1 << 14;

/// What was measured, microseconds.
#[derive(Default)]
pub(crate) struct Told {
    reads: Vec<u32>,
    writes: Vec<u32>,
    /// Answers that say that the server failed.
    failed: usize,
}

impl Told {
    pub(crate) fn say(mut self, what: &str) {
        for (kind, latencies) in [("read", &mut self.reads), ("write", &mut self.writes)] {
            latencies.sort_unstable();
            for (key, part) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)] {
                let place = (latencies.len() as f64 * part) as usize;
                if let Some(latency) = latencies.get(place.min(latencies.len().saturating_sub(1))) {
                    println!("{what}-{kind} us_{key} {latency}");
                }
            }
        }
        let asked = self.reads.len() + self.writes.len();
        println!("{what} asked {asked}");
        println!("{what} per_million_failed {}", self.failed * 1_000_000 / asked.max(1));
    }

    fn add(&mut self, other: Self) {
        self.reads.extend(other.reads);
        self.writes.extend(other.writes);
        self.failed += other.failed;
    }
}

/// An answer.
struct Answer {
    status: u16,
    bytes: usize,
    body: Vec<u8>,
}

/// A connection that stays open, as a browser's does.
struct Connection {
    at: SocketAddr,
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn new(at: SocketAddr) -> Self {
        let stream = TcpStream::connect(at).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { at, stream, buffer: vec![0; ROOM] }
    }

    async fn ask(&mut self, request: &str) -> Answer {
        self.stream.write_all(request.as_bytes()).await.unwrap();
        let mut got = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[got..]).await.unwrap();
            assert!(read > 0, "{} closed: {}", self.at, String::from_utf8_lossy(&self.buffer[..got]));
            got += read;
            if got == self.buffer.len() {
                self.buffer.resize(2 * got, 0);
            }
            let Some(head) = self.buffer[..got].windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            let text = std::str::from_utf8(&self.buffer[..head]).unwrap().to_ascii_lowercase();
            let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
            let length: usize = length.unwrap_or_else(|| panic!("no length: {text}")).parse().unwrap();
            if got >= head + 4 + length {
                let status = text.split(' ').nth(1).unwrap().parse().unwrap();
                return Answer { status, bytes: got, body: self.buffer[head + 4..got].to_vec() };
            }
        }
    }
}

fn get(path: &str, session: &str) -> String {
    let who = if path.starts_with("/api/") {
        format!("authorization: Bearer {session}\r\n")
    } else {
        format!("cookie: __Host-chengxin={session}\r\n")
    };
    format!("GET {path} HTTP/1.1\r\nhost: credit.example\r\naccept-language: zh\r\n{who}\r\n")
}

/// A consent of three uses, for a window of another authority.
fn consent(session: &str) -> String {
    let until = jiff::Zoned::now().date().saturating_add(jiff::Span::new().days(30));
    let office = crate::city::OFFICES[1];
    let body = format!(r#"{{"authority":"{office}","matter":"commitment-based-approval","until":"{until}","uses":3}}"#);
    format!(
        "POST /api/v1/me/consents HTTP/1.1\r\nhost: credit.example\r\nauthorization: Bearer {session}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// What a first visit of the home page transfers: the page, and whatever it names.
pub(crate) async fn first_visit(at: SocketAddr) {
    let mut connection = Connection::new(at).await;
    let page = connection.ask(&get("/", "")).await;
    assert_eq!(page.status, 200);
    let html = String::from_utf8(page.body).unwrap();
    let named = html.split(['"', '\'']).filter(|text| text.starts_with("/assets/")).map(str::to_owned);
    let mut named: Vec<String> = named.collect();
    named.sort_unstable();
    named.dedup();
    assert!(named.iter().any(|path| path.contains(".css")), "{named:?}");
    let mut bytes = page.bytes;
    for path in &named {
        let answer = connection.ask(&get(path, "")).await;
        assert_eq!(answer.status, 200, "{path}");
        bytes += answer.bytes;
    }
    println!("first-visit bytes {bytes}");
    println!("first-visit files {}", named.len() + 1);
}

/// The resident's home, one after the other.
pub(crate) async fn home(at: SocketAddr, sessions: &[String]) -> Told {
    let (mut connection, mut told) = (Connection::new(at).await, Told::default());
    for turn in 0..600 {
        let request = get("/me", &sessions[turn % sessions.len()]);
        let start = Instant::now();
        let answer = connection.ask(&request).await;
        told.reads.push(micros(start));
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }
    told
}

/// Each look by itself, so that it is known which of them takes how long.
pub(crate) async fn looks(at: SocketAddr, sessions: &[String], when: &str) {
    let mut connection = Connection::new(at).await;
    for path in LOOKS {
        let mut took = Vec::new();
        for session in sessions {
            let start = Instant::now();
            let answer = connection.ask(&get(path, session)).await;
            took.push(micros(start));
            assert_eq!(answer.status, 200, "{path}");
        }
        took.sort_unstable();
        println!("look-{when} {path} us_p50 {}", took[took.len() / 2]);
    }
}

/// So many people at once, for so long.
pub(crate) async fn crowd(at: SocketAddr, sessions: &Arc<Vec<String>>, users: usize, time: Duration) -> Told {
    let until = Instant::now() + time;
    let tasks: Vec<_> = (0..users)
        .map(|user| {
            let sessions = Arc::clone(sessions);
            tokio::spawn(async move { one(at, &sessions[user % sessions.len()], user, until).await })
        })
        .collect();
    let mut told = Told::default();
    for task in tasks {
        told.add(task.await.unwrap());
    }
    told
}

/// One of them. Which look comes next, and after which pause, follows from a number that is the same every time.
async fn one(at: SocketAddr, session: &str, user: usize, until: Instant) -> Told {
    let (mut connection, mut told) = (Connection::new(at).await, Told::default());
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(user as u64 + 1);
    let mut below = |most: u64| {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        (chance >> 20) % most
    };
    while Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(below(1_000))).await;
        let writes = below(20) == 0;
        let request = if writes { consent(session) } else { get(LOOKS[below(8) as usize], session) };
        let start = Instant::now();
        let answer = connection.ask(&request).await;
        if writes {
            told.writes.push(micros(start));
        } else {
            told.reads.push(micros(start));
        }
        told.failed += usize::from(answer.status >= 500);
        assert!(answer.status < 400 || answer.status >= 500, "{request}\n{}", String::from_utf8_lossy(&answer.body));
    }
    told
}

fn micros(start: Instant) -> u32 {
    u32::try_from(start.elapsed().as_micros()).unwrap()
}
