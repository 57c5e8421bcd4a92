//! A network between client and server that fails at a chosen word.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What a client says: the letter of a message and what is in it.
type Word = fn(u8, &[u8]) -> bool;

/// What then happens, once.
pub(crate) enum Fault {
    /// The message does not arrive, and both sides see the connection end.
    Cut,
    /// The message does not arrive; the client sees the connection end, the server does not.
    Strand,
    /// The message does not arrive, and nobody sees anything.
    Swallow,
    /// The message arrives; so many bytes of what is answered do, then both sides see the connection end.
    CutAnswer(usize),
    /// As `Cut`, and something else is done before the client sees it.
    CutThen(Box<dyn FnOnce() + Send>),
    /// As `CutAnswer(0)`, and something else is done before the client sees it.
    CutAnswerThen(Box<dyn FnOnce() + Send>),
}

/// The client commits.
pub(crate) fn commit(letter: u8, text: &[u8]) -> bool {
    letter == b'Q' && text.starts_with(b"COMMIT")
}

/// The client sends rows of a COPY.
pub(crate) fn rows(letter: u8, _: &[u8]) -> bool {
    letter == b'd'
}

/// The client gives values to a statement that it has prepared, and wants its answer.
pub(crate) fn values(letter: u8, _: &[u8]) -> bool {
    letter == b'B'
}

/// The client has a statement of the log understood.
pub(crate) fn log_append(letter: u8, text: &[u8]) -> bool {
    letter == b'P' && text.windows(10).any(|name| name == b"LOG_APPEND")
}

/// The proxy.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    fault: Mutex<Option<(Word, Fault)>>,
    connections: AtomicUsize,
    /// Sides that are neither used nor closed.
    stranded: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// Stands before the server at `port`.
    pub(crate) fn before(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let own = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let of_listener = Arc::clone(&shared);
        // Ends with the test's process.
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                of_listener.connections.fetch_add(1, Ordering::SeqCst);
                // A server that is being started again: the client sees its connection end, as from the server itself.
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                let shared = Arc::clone(&of_listener);
                thread::spawn(move || carry(client, server, &shared));
            }
        });
        Self { port: own, shared }
    }

    /// What is to happen at the next such word of whichever client.
    pub(crate) fn at(&self, word: Word, fault: Fault) {
        *self.shared.fault.lock().unwrap() = Some((word, fault));
    }

    /// Has it happened?
    pub(crate) fn happened(&self) -> bool {
        self.shared.fault.lock().unwrap().is_none()
    }

    /// Connections that were made.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

/// Bytes of an answer that still arrive, and what is done then.
type Ending = Mutex<Option<(usize, Option<Box<dyn FnOnce() + Send>>)>>;

fn carry(mut client: TcpStream, mut server: TcpStream, shared: &Shared) {
    let ending: Arc<Ending> = Arc::default();
    let (from, to, ends) = (server.try_clone().unwrap(), client.try_clone().unwrap(), Arc::clone(&ending));
    thread::spawn(move || carry_answers(from, to, &ends));
    let mut begun = false;
    while let Some((letter, message)) = read_message(&mut client, &mut begun) {
        let fault = {
            let mut waiting = shared.fault.lock().unwrap();
            let text = message.get(5..).unwrap_or_default();
            waiting.take_if(|(word, _)| letter.is_some_and(|letter| word(letter, text))).map(|(_, fault)| fault)
        };
        match fault {
            None => {}
            Some(Fault::CutAnswer(bytes)) => *ending.lock().unwrap() = Some((bytes, None)),
            Some(Fault::CutAnswerThen(act)) => *ending.lock().unwrap() = Some((0, Some(act))),
            Some(Fault::Cut) => break,
            Some(Fault::CutThen(act)) => {
                drop(server.shutdown(Shutdown::Both));
                act();
                break;
            }
            Some(Fault::Strand) => {
                shared.stranded.lock().unwrap().push(server);
                drop(client.shutdown(Shutdown::Both));
                return;
            }
            Some(Fault::Swallow) => {
                shared.stranded.lock().unwrap().extend([server, client]);
                return;
            }
        }
        if server.write_all(&message).is_err() {
            break;
        }
    }
    drop((client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both)));
}

fn carry_answers(mut server: TcpStream, mut client: TcpStream, ending: &Ending) {
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = server.read(&mut bytes) {
        if let Some((left, act)) = ending.lock().unwrap().as_mut() {
            let some = count.min(*left);
            *left -= some;
            drop(client.write_all(&bytes[..some]));
            if *left > 0 {
                continue;
            }
            if let Some(act) = act.take() {
                act();
            }
            break;
        }
        if client.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    drop((client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both)));
}

/// One message of a client; its first one has no letter.
fn read_message(client: &mut TcpStream, begun: &mut bool) -> Option<(Option<u8>, Vec<u8>)> {
    let head = if std::mem::replace(begun, true) { 5 } else { 4 };
    let mut message = vec![0; head];
    client.read_exact(&mut message).ok()?;
    let length = u32::from_be_bytes(message[head - 4..].try_into().ok()?) as usize;
    message.resize(head - 4 + length, 0);
    client.read_exact(&mut message[head..]).ok()?;
    Some((if head == 5 { Some(message[0]) } else { None }, message))
}
