//! Records: a type, a length, a body; long ones go on in `CONTINUE` records.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use cfb::CompoundFile;

use crate::error::Fault;
use crate::ole;

pub(crate) const BOF: u16 = 0x0809;
pub(crate) const EOF: u16 = 0x000A;
pub(crate) const CONTINUE: u16 = 0x003C;

const CHUNK: usize = 256 * 1024;
const HEADER: usize = 4;

/// The records of the workbook stream.
#[derive(Debug)]
pub(crate) struct Records {
    container: CompoundFile<File>,
    /// Bytes loaded, and how many of them are done with.
    loaded: Vec<u8>,
    done: usize,
    /// Position in the stream behind what is loaded.
    end: u64,
}

impl Records {
    pub(crate) fn new(container: CompoundFile<File>) -> Records {
        Records { container, loaded: Vec::new(), done: 0, end: 0 }
    }

    /// Goes to a place in the stream.
    pub(crate) fn seek(&mut self, to: u64) {
        self.loaded.clear();
        self.done = 0;
        self.end = to;
    }

    /// Position of the next record.
    pub(crate) fn position(&self) -> u64 {
        self.end - (self.loaded.len() - self.done) as u64
    }

    /// Reads the next record into `body` and returns its type; `None` at the end of the stream.
    pub(crate) fn next(&mut self, body: &mut Vec<u8>) -> Result<Option<u16>, Fault> {
        let Some((kind, length)) = self.peek()? else { return Ok(None) };
        if !self.load(HEADER + length)? {
            return Err(damaged("a record breaks off"));
        }
        let start = self.done + HEADER;
        body.clear();
        body.extend_from_slice(&self.loaded[start..start + length]);
        self.done = start + length;
        Ok(Some(kind))
    }

    /// Type and length of the next record.
    fn peek(&mut self) -> Result<Option<(u16, usize)>, Fault> {
        if !self.load(HEADER)? {
            return Ok(None);
        }
        let header = &self.loaded[self.done..];
        Ok(Some((u16::from_le_bytes([header[0], header[1]]), u16::from_le_bytes([header[2], header[3]]).into())))
    }

    /// Puts the record that was read last back.
    pub(crate) fn unread(&mut self, body: &[u8]) {
        // `next` leaves the whole record in `loaded`; only `load` drops what is done.
        self.done -= HEADER + body.len();
    }

    /// Makes sure that `wanted` bytes are loaded; `false` where the stream has fewer.
    fn load(&mut self, wanted: usize) -> Result<bool, Fault> {
        if self.loaded.len() - self.done >= wanted {
            return Ok(true);
        }
        self.loaded.drain(..self.done);
        self.done = 0;
        // Opened anew each time: an open stream cannot move to another thread.
        let mut stream = self.container.open_stream("Workbook").map_err(ole::damaged)?;
        if self.end > stream.len() {
            return Err(damaged("a sheet lies beyond the end"));
        }
        stream.seek(SeekFrom::Start(self.end)).map_err(ole::damaged)?;
        while self.loaded.len() < wanted {
            let from = self.loaded.len();
            self.loaded.resize(from + CHUNK, 0);
            let read = stream.read(&mut self.loaded[from..]).map_err(ole::damaged)?;
            self.loaded.truncate(from + read);
            self.end += read as u64;
            if read == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// [`Fault::Damaged`] of an XLS workbook.
pub(crate) fn damaged(detail: &str) -> Fault {
    Fault::Damaged { part: String::new(), detail: detail.to_owned() }
}

/// Reads numbers and strings off a record and the `CONTINUE` records behind it.
pub(crate) struct Long<'a> {
    records: &'a mut Records,
    body: Vec<u8>,
    at: usize,
}

impl<'a> Long<'a> {
    pub(crate) fn new(records: &'a mut Records, body: Vec<u8>) -> Long<'a> {
        Long { records, body, at: 0 }
    }

    fn more(&mut self) -> Result<(), Fault> {
        match self.records.next(&mut self.body)? {
            Some(CONTINUE) if !self.body.is_empty() => {
                self.at = 0;
                Ok(())
            }
            _ => Err(damaged("a long record breaks off")),
        }
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Fault> {
        if self.at == self.body.len() {
            self.more()?;
        }
        self.at += 1;
        Ok(self.body[self.at - 1])
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Fault> {
        Ok(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Fault> {
        Ok(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    pub(crate) fn skip(&mut self, mut count: usize) -> Result<(), Fault> {
        while count > 0 {
            if self.at == self.body.len() {
                self.more()?;
            }
            let step = count.min(self.body.len() - self.at);
            self.at += step;
            count -= step;
        }
        Ok(())
    }

    /// Appends a string of `count` UTF-16 units. Where it goes on in the next record, a byte says anew
    /// whether the units there are two bytes wide or one.
    pub(crate) fn string(&mut self, count: usize, mut wide: bool, out: &mut String) -> Result<(), Fault> {
        let mut units = Vec::with_capacity(count);
        while units.len() < count {
            if self.at == self.body.len() {
                self.more()?;
                wide = self.u8()? & 1 != 0;
            }
            let left = &self.body[self.at..];
            let before = units.len();
            let most = count - before;
            if wide {
                units.extend(left.chunks_exact(2).take(most).map(|u| u16::from_le_bytes([u[0], u[1]])));
                self.at += 2 * (units.len() - before);
            } else {
                units.extend(left.iter().take(most).map(|&u| u16::from(u)));
                self.at += units.len() - before;
            }
            if units.len() == before {
                return Err(damaged("half a character"));
            }
        }
        out.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        Ok(())
    }
}

/// Little-endian numbers of a short record.
pub(crate) fn u16_at(body: &[u8], at: usize) -> Result<u16, Fault> {
    let bytes = body.get(at..at + 2).and_then(|b| b.try_into().ok());
    bytes.map(u16::from_le_bytes).ok_or_else(|| damaged("a short record"))
}

/// As [`u16_at`].
pub(crate) fn u32_at(body: &[u8], at: usize) -> Result<u32, Fault> {
    let bytes = body.get(at..at + 4).and_then(|b| b.try_into().ok());
    bytes.map(u32::from_le_bytes).ok_or_else(|| damaged("a short record"))
}

/// As [`u16_at`].
pub(crate) fn f64_at(body: &[u8], at: usize) -> Result<f64, Fault> {
    let bytes = body.get(at..at + 8).and_then(|b| b.try_into().ok());
    bytes.map(f64::from_le_bytes).ok_or_else(|| damaged("a short record"))
}
