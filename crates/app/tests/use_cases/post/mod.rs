//! Where messages go in tests: a small mail server and a small web server, each on a real socket and a thread of its own.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What came, oldest first, and what is answered to the next ones; `200` once nothing is said.
#[derive(Clone, Default)]
pub struct Postbox {
    came: Arc<Mutex<Vec<Came>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

/// One message.
#[derive(Debug, Clone)]
pub struct Came {
    /// Headers, or the lines of the envelope.
    pub head: Vec<String>,
    pub body: String,
}

impl Came {
    pub fn header(&self, name: &str) -> String {
        let found = self.head.iter().filter_map(|line| line.split_once(':'));
        let mut found = found.filter(|(of, _)| of.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned());
        found.next().unwrap_or_default()
    }
}

impl Postbox {
    pub fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }

    pub fn answer(&self, with: &[u16]) {
        self.answers.lock().unwrap().extend(with);
    }

    /// Refuses nothing any more.
    pub fn take_all(&self) {
        self.answers.lock().unwrap().clear();
    }

    fn next(&self) -> u16 {
        self.answers.lock().unwrap().pop_front().unwrap_or(200)
    }
}

fn serve(talk: impl Fn(TcpStream) -> Option<()> + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // Whoever hangs up in the middle has said what they had to say.
            let _ = talk(stream.unwrap());
        }
    });
    at
}

/// A web server that takes what is posted.
pub fn web() -> (SocketAddr, Postbox) {
    let kept = Postbox::default();
    let held = kept.clone();
    let at = serve(move |stream| {
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let (mut head, mut length) = (Vec::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let line = line.trim_end().to_owned();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            head.push(line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        held.came.lock().unwrap().push(Came { head, body: String::from_utf8(body).ok()? });
        let status = held.next();
        let mut stream = stream;
        let location = if status / 100 == 3 { "Location: /elsewhere\r\n" } else { "" };
        write!(stream, "HTTP/1.1 {status} Answer\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n").ok()
    });
    (at, kept)
}

/// A mail server that takes mail for anybody.
pub fn mail() -> (SocketAddr, Postbox) {
    let kept = Postbox::default();
    let held = kept.clone();
    let at = serve(move |stream| {
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let mut stream = stream;
        let mut envelope = Vec::new();
        write!(stream, "220 mail.example ESMTP\r\n").ok()?;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_owned();
            match line.split(' ').next().unwrap_or_default() {
                "EHLO" => write!(stream, "250-mail.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n").ok()?,
                "MAIL" | "RCPT" => {
                    envelope.push(line);
                    write!(stream, "250 ok\r\n").ok()?;
                }
                "DATA" => {
                    write!(stream, "354 go on\r\n").ok()?;
                    let mut text = String::new();
                    while !text.ends_with("\r\n.\r\n") {
                        if reader.read_line(&mut text).ok()? == 0 {
                            return None;
                        }
                    }
                    let (head, body) = text.split_once("\r\n\r\n")?;
                    let mut lines = std::mem::take(&mut envelope);
                    lines.extend(head.lines().map(str::to_owned));
                    held.came.lock().unwrap().push(Came { head: lines, body: body.to_owned() });
                    match held.next() {
                        200 => write!(stream, "250 taken\r\n").ok()?,
                        other => write!(stream, "{other} no\r\n").ok()?,
                    }
                }
                "QUIT" => return write!(stream, "221 bye\r\n").ok(),
                _ => write!(stream, "502 what\r\n").ok()?,
            }
        }
    });
    (at, kept)
}
