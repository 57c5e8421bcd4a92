//! A password nobody can guess, and ports that two servers do not both try first.

use std::io::Read;
use std::net::TcpListener;

use crate::error::{ServerError, io};

/// Below the ports that Linux (32768…) and macOS (49152…) give to outgoing connections: otherwise one of those could take
/// the port of a server that was stopped and is about to come back.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

fn bytes<const N: usize>() -> Result<[u8; N], ServerError> {
    let mut bytes = [0; N];
    let mut source = std::fs::File::open("/dev/urandom").map_err(io("/dev/urandom"))?;
    source.read_exact(&mut bytes).map_err(io("/dev/urandom"))?;
    Ok(bytes)
}

/// 32 hexadecimal digits, 128 bits.
///
/// # Errors
/// The system gives no random bytes.
pub(crate) fn password() -> Result<String, ServerError> {
    Ok(bytes::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A port of 127.0.0.1 that nobody listened on just now; by the time it is used somebody may.
///
/// # Errors
/// None of a hundred is free.
pub(crate) fn port() -> Result<u16, ServerError> {
    let mut last = None;
    for _ in 0..100 {
        let port = PORTS.start + u16::from_le_bytes(bytes()?) % (PORTS.end - PORTS.start);
        match TcpListener::bind(("127.0.0.1", port)) {
            Ok(_freed_at_once) => return Ok(port),
            Err(error) => last = Some(error),
        }
    }
    let source = last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into());
    Err(ServerError::Io { what: "looking for a free port on 127.0.0.1".to_owned(), source })
}
