//! Where messages go in tests: a small mail server and a small web server, each on a real socket and a thread of its own.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part of it, and fails by panicking"
)]

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A connection, encrypted or not.
trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}
type Line = BufReader<Box<dyn Wire>>;

/// With the keys of a server.
type Tls = Arc<ServerConfig>;

fn encrypt(tls: &Tls, wire: Box<dyn Wire>) -> Option<Line> {
    let connection = ServerConnection::new(tls.clone()).ok()?;
    Some(BufReader::new(Box::new(StreamOwned::new(connection, wire))))
}

/// Reads a line; nothing once whoever speaks has hung up.
fn line(from: &mut Line) -> Option<String> {
    let mut line = String::new();
    (from.read_line(&mut line).ok()? > 0).then(|| line.trim_end().to_owned())
}

fn say(to: &mut Line, text: &str) -> Option<()> {
    let to = to.get_mut();
    to.write_all(text.as_bytes()).ok()?;
    to.flush().ok()
}

/// What came, oldest first, and what is answered to the next ones; `200` once nothing is said.
#[derive(Clone, Default)]
pub struct Postbox {
    came: Arc<Mutex<Vec<Came>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
    in_the_clear: Arc<Mutex<Vec<String>>>,
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

    /// What a mail server was told before anything was encrypted.
    pub fn in_the_clear(&self) -> Vec<String> {
        self.in_the_clear.lock().unwrap().clone()
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
    web_over(None)
}

/// The same over TLS.
pub fn web_encrypted(tls: Tls) -> (SocketAddr, Postbox) {
    web_over(Some(tls))
}

fn web_over(tls: Option<Tls>) -> (SocketAddr, Postbox) {
    let kept = Postbox::default();
    let held = kept.clone();
    let at = serve(move |stream| {
        let mut wire = begun(tls.as_ref(), stream)?;
        let (mut head, mut length) = (Vec::new(), 0);
        loop {
            let line = line(&mut wire)?;
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            head.push(line);
        }
        let mut body = vec![0; length];
        wire.read_exact(&mut body).ok()?;
        held.came.lock().unwrap().push(Came { head, body: String::from_utf8(body).ok()? });
        let status = held.next();
        let location = if status / 100 == 3 { "Location: /elsewhere\r\n" } else { "" };
        say(&mut wire, &format!("HTTP/1.1 {status} Answer\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n"))
    });
    (at, kept)
}

fn begun(tls: Option<&Tls>, stream: TcpStream) -> Option<Line> {
    match tls {
        Some(tls) => encrypt(tls, Box::new(stream)),
        None => Some(BufReader::new(Box::new(stream))),
    }
}

/// A mail server that takes mail for anybody.
pub fn mail() -> (SocketAddr, Postbox) {
    mail_over(Greeting::Plain)
}

/// How a mail server is spoken to.
#[derive(Clone)]
pub enum Greeting {
    /// In the clear, and it asks for no name.
    Plain,
    /// Encrypted from the first byte; asks who is there.
    Implicit(Tls),
    /// In the clear until it is asked to encrypt; asks who is there after that.
    StartTls(Tls),
}

/// A mail server that takes mail for anybody who signs in as `notice` with `a quiet secret`, where it asks at all.
pub fn mail_over(greeting: Greeting) -> (SocketAddr, Postbox) {
    let kept = Postbox::default();
    let held = kept.clone();
    let at = serve(move |stream| {
        let implicit = if let Greeting::Implicit(tls) = &greeting { Some(tls) } else { None };
        let mut wire = begun(implicit, stream)?;
        let (mut encrypted, mut known) = (implicit.is_some(), matches!(greeting, Greeting::Plain));
        let mut envelope = Vec::new();
        say(&mut wire, "220 mail.example ESMTP\r\n")?;
        loop {
            let line = line(&mut wire)?;
            if !encrypted {
                held.in_the_clear.lock().unwrap().push(line.clone());
            }
            let answer = match (line.split(' ').next().unwrap_or_default(), &greeting) {
                ("EHLO", Greeting::StartTls(_)) if !encrypted => "250-mail.example\r\n250 STARTTLS\r\n",
                ("EHLO", Greeting::Plain) => "250-mail.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
                ("EHLO", _) => "250-mail.example\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
                ("STARTTLS", Greeting::StartTls(tls)) if !encrypted => {
                    say(&mut wire, "220 go on\r\n")?;
                    wire = encrypt(tls, wire.into_inner())?;
                    encrypted = true;
                    continue;
                }
                ("AUTH", _) if encrypted => {
                    // `\0notice\0a quiet secret`, as RFC 4616 has it.
                    known = line == "AUTH PLAIN AG5vdGljZQBhIHF1aWV0IHNlY3JldA==";
                    if known { "235 welcome\r\n" } else { "535 who\r\n" }
                }
                ("MAIL" | "RCPT", _) if known => {
                    envelope.push(line);
                    "250 ok\r\n"
                }
                ("MAIL", _) => "530 who are you\r\n",
                ("DATA", _) if known => {
                    say(&mut wire, "354 go on\r\n")?;
                    let mut text = String::new();
                    while !text.ends_with("\r\n.\r\n") {
                        if wire.read_line(&mut text).ok()? == 0 {
                            return None;
                        }
                    }
                    let (head, body) = text.split_once("\r\n\r\n")?;
                    let mut lines = std::mem::take(&mut envelope);
                    lines.extend(head.lines().map(str::to_owned));
                    held.came.lock().unwrap().push(Came { head: lines, body: body.to_owned() });
                    match held.next() {
                        200 => "250 taken\r\n",
                        other => &format!("{other} no\r\n"),
                    }
                }
                ("QUIT", _) => return say(&mut wire, "221 bye\r\n"),
                _ => "502 what\r\n",
            };
            say(&mut wire, answer)?;
        }
    });
    (at, kept)
}
