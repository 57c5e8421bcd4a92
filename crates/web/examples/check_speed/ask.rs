//! Clients that ask again as soon as they are answered.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring tool at the console"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const CONNECTIONS: usize = 64;

pub(crate) struct Told {
    requests: usize,
    seconds: f64,
    /// Sorted, microseconds.
    latencies: Vec<u32>,
}

impl Told {
    pub(crate) fn say(&self, what: &str) {
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

/// A request as it goes over the wire.
pub(crate) fn request(path: &str, headers: &str, body: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: l\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

/// Serves the routes and asks them for so long, or until told to stop.
pub(crate) async fn ask_all(
    routes: Router,
    requests: &Arc<Vec<String>>,
    time: Duration,
    stop: Option<&Arc<AtomicBool>>,
) -> Told {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move { axum::serve(listener, routes).await });
    let start = Instant::now();
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|client| {
            let (requests, stop) = (Arc::clone(requests), stop.map(Arc::clone));
            tokio::spawn(async move { ask(at, client, &requests, start + time, stop).await })
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
}

/// One connection that asks again as soon as it is answered; latencies in microseconds.
async fn ask(
    at: std::net::SocketAddr,
    client: usize,
    requests: &[String],
    until: Instant,
    stop: Option<Arc<AtomicBool>>,
) -> Vec<u32> {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut latencies, mut buffer, mut next) = (Vec::new(), vec![0u8; 1 << 16], client * 7_919);
    while Instant::now() < until && !stop.as_ref().is_some_and(|stop| stop.load(Ordering::SeqCst)) {
        let request = &requests[next % requests.len()];
        next = next.wrapping_add(104_729);
        let start = Instant::now();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut got = 0;
        loop {
            got += stream.read(&mut buffer[got..]).await.unwrap();
            if let Some(length) = whole(&buffer[..got]) {
                assert!(buffer.starts_with(b"HTTP/1.1 20"), "{}", String::from_utf8_lossy(&buffer[..got]));
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
