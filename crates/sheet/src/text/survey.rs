//! The first pass over a file: its SHA-256 and, for text, the one encoding that it is in throughout.
//!
//! Hash and validation run beside each other on the same buffers, so that the pass costs about what the
//! slower of the two does. Nothing is decoded for keeping: the blocks are decoded later, in parallel.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use sha2::{Digest, Sha256};

use crate::error::{BadBytes, Fault};
use crate::format::Encoding;
use crate::text::strict::{Other, Utf8};

const CHUNK: usize = 256 * 1024;
/// Buffers between reader and hasher: enough to ride out a hiccup, and only 1 MiB.
const BUFFERS: usize = 4;

/// The SHA-256 of the file from its start.
///
/// # Errors
/// Reading fails.
pub fn hash(file: &mut File) -> io::Result<[u8; 32]> {
    file.seek(SeekFrom::Start(0))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; CHUNK];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().into()),
            n => hasher.update(&buffer[..n]),
        }
    }
}

/// Hashes a text file and finds its encoding: by its mark, else strict UTF-8, else strict GB 18030.
///
/// # Errors
/// [`Fault::Encoding`] with the first bad byte of each reading that was tried; [`Fault::Nul`];
/// [`Fault::Io`].
pub(crate) fn survey(file: &mut File, head: &[u8]) -> Result<([u8; 32], Encoding), Fault> {
    let mut readings = match Encoding::of_mark(head) {
        Some(marked) => Readings::only(marked),
        None => Readings::utf8_else_gb18030(),
    };
    let sha256 = scan(file, |chunk, offset| readings.feed(chunk, offset))?;
    readings.end_first_pass();
    if readings.needs_second_pass() {
        scan_unhashed(file, |chunk, offset| readings.feed_second(chunk, offset))?;
    }
    match readings.finish() {
        Ok(encoding) => Ok((sha256, encoding)),
        Err(Verdict::Bad(mut tried)) => {
            for bad in &mut tried {
                bad.row = line_of(file, bad.offset, bad.encoding)?;
            }
            Err(Fault::Encoding(tried))
        }
        Err(Verdict::Nul { offset, utf16, encoding }) => {
            Err(Fault::Nul { row: line_of(file, offset, encoding)?, offset, utf16 })
        }
    }
}

/// Reads the whole file once, hashing in a second thread what `each` sees in this one. `each` says
/// whether it wants to see more; the hash always covers everything.
fn scan(file: &mut File, mut each: impl FnMut(&[u8], u64) -> bool) -> io::Result<[u8; 32]> {
    file.seek(SeekFrom::Start(0))?;
    thread::scope(|scope| {
        let (full, to_hash) = sync_channel::<Vec<u8>>(BUFFERS);
        let (spare, empty) = sync_channel::<Vec<u8>>(BUFFERS);
        for _ in 0..BUFFERS {
            // The receiver lives below, and the channel holds BUFFERS: this cannot fail.
            let _ = spare.send(Vec::with_capacity(CHUNK));
        }
        let hasher = scope.spawn(move || {
            let mut hasher = Sha256::new();
            for chunk in to_hash {
                hasher.update(&chunk);
                let _ = spare.send(chunk);
            }
            hasher.finalize().into()
        });
        let read = feed(file, &empty, |chunk, offset| {
            let _ = each(&chunk, offset);
            // Fails only if the hasher has died, which `join` reports.
            let _ = full.send(chunk);
        });
        drop(full);
        let sha256 = hasher.join().map_err(|_| io::Error::other("the hashing thread died"))?;
        read.map(|()| sha256)
    })
}

fn feed(file: &mut File, empty: &Receiver<Vec<u8>>, mut each: impl FnMut(Vec<u8>, u64)) -> io::Result<()> {
    let mut offset = 0;
    loop {
        let mut chunk = empty.recv().map_err(|_| io::Error::other("the hashing thread died"))?;
        chunk.clear();
        let n = Read::by_ref(file).take(CHUNK as u64).read_to_end(&mut chunk)?;
        if n == 0 {
            return Ok(());
        }
        each(chunk, offset);
        offset += n as u64;
    }
}

fn scan_unhashed(file: &mut File, mut each: impl FnMut(&[u8], u64) -> bool) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; CHUNK];
    let mut offset = 0;
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 || !each(&buffer[..n], offset) {
            return Ok(());
        }
        offset += n as u64;
    }
}

/// The 1-based line in which a byte lies. Only for messages: the file is read again up to there.
fn line_of(file: &mut File, offset: u64, encoding: Encoding) -> io::Result<u64> {
    let mut line = 1;
    let wide = match encoding {
        Encoding::Utf16Le => Some(0),
        Encoding::Utf16Be => Some(1),
        _ => None,
    };
    scan_unhashed(file, |chunk, start| {
        let wanted = &chunk[..(offset.saturating_sub(start) as usize).min(chunk.len())];
        line += match wide {
            None => memchr::memchr_iter(b'\n', wanted).count(),
            // CHUNK is even, so code units do not straddle chunks.
            Some(low) => wanted.chunks_exact(2).filter(|u| u[low] == b'\n' && u[1 - low] == 0).count(),
        } as u64;
        start + (chunk.len() as u64) < offset
    })?;
    Ok(line)
}

enum Verdict {
    Bad(Vec<BadBytes>),
    Nul { offset: u64, utf16: bool, encoding: Encoding },
}

/// The readings of the file that are still possible.
struct Readings {
    marked: Option<Encoding>,
    utf8: Option<Utf8>,
    other: Option<Other>,
    failed: Vec<BadBytes>,
    nul: Option<(u64, bool)>,
    second_pass: bool,
}

impl Readings {
    fn utf8_else_gb18030() -> Readings {
        Readings {
            marked: None,
            utf8: Some(Utf8::default()),
            other: Some(Other::new(Encoding::Gb18030)),
            failed: Vec::new(),
            nul: None,
            second_pass: false,
        }
    }

    fn only(marked: Encoding) -> Readings {
        let utf8 = (marked == Encoding::Utf8Bom).then(Utf8::default);
        let other = utf8.is_none().then(|| Other::new(marked));
        Readings { marked: Some(marked), utf8, other, failed: Vec::new(), nul: None, second_pass: false }
    }

    fn wide(&self) -> bool {
        matches!(self.marked, Some(Encoding::Utf16Le | Encoding::Utf16Be))
    }

    /// Validates one chunk; says whether anything is left to validate.
    fn feed(&mut self, chunk: &[u8], offset: u64) -> bool {
        if self.nul.is_none()
            && !self.wide()
            && let Some(at) = memchr::memchr(0, chunk)
        {
            let zeros = memchr::memchr_iter(0, &chunk[..chunk.len().min(64)]).count();
            self.nul = Some((offset + at as u64, zeros * 4 > chunk.len().min(64)));
        }
        if let Some(utf8) = &mut self.utf8 {
            match utf8.feed(chunk, offset) {
                Ok(()) => return true,
                Err(at) => {
                    self.utf8 = None;
                    self.failed.push(bad(self.marked.unwrap_or(Encoding::Utf8), at));
                    // A GBK file shows itself in its first chunk, and then needs no second pass.
                    self.second_pass = self.other.is_some() && offset > 0;
                }
            }
        }
        if self.second_pass { false } else { self.feed_second(chunk, offset) }
    }

    fn feed_second(&mut self, chunk: &[u8], offset: u64) -> bool {
        let Some(other) = &mut self.other else { return false };
        if let Err(at) = other.feed(chunk, offset) {
            self.failed.push(bad(other.encoding, at));
            self.other = None;
        } else if let Some(at) = other.nul {
            self.nul.get_or_insert((at, false));
        }
        self.other.is_some()
    }

    /// The end of the file may cut a UTF-8 character off.
    fn end_first_pass(&mut self) {
        if let Some(at) = self.utf8.as_ref().and_then(|utf8| utf8.finish().err()) {
            self.utf8 = None;
            self.failed.push(bad(self.marked.unwrap_or(Encoding::Utf8), at));
            self.second_pass = self.other.is_some();
        }
    }

    fn needs_second_pass(&self) -> bool {
        self.second_pass && self.nul.is_none()
    }

    fn finish(mut self) -> Result<Encoding, Verdict> {
        let encoding = self.marked.unwrap_or(Encoding::Utf8);
        if let Some((offset, utf16)) = self.nul {
            return Err(Verdict::Nul { offset, utf16, encoding });
        }
        if self.utf8.is_some() {
            return Ok(encoding);
        }
        if let Some(other) = &mut self.other {
            match other.finish() {
                Ok(()) => return Ok(other.encoding),
                Err(at) => self.failed.push(bad(other.encoding, at)),
            }
        }
        Err(Verdict::Bad(self.failed))
    }
}

fn bad(encoding: Encoding, offset: u64) -> BadBytes {
    BadBytes { encoding, row: 0, offset }
}
