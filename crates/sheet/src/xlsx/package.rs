//! The zip archive that a workbook is, read so that it cannot ask for more memory or time than allowed:
//! its directory under a byte budget, its parts as a stream that stops at a limit whatever size they
//! declare.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};

use flate2::read::DeflateDecoder;
use zip::CompressionMethod;

use crate::error::Fault;
use crate::limits::Limits;

/// Bytes that may be read to find and read the directory. 4096 entries with long names need about 1 MiB.
const DIRECTORY_BUDGET: u64 = 8 * 1024 * 1024;

/// One entry of the archive.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    name: String,
    start: u64,
    packed: u64,
    size: u64,
    crc: u32,
    stored: bool,
    readable: bool,
}

/// The directory of the archive.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    entries: Vec<Entry>,
}

impl Package {
    /// Reads the directory.
    ///
    /// # Errors
    /// [`Fault::Damaged`] where it is missing (a truncated file loses it first) or senseless;
    /// [`Fault::TooManyParts`].
    pub(crate) fn open(file: &File, limits: &Limits) -> Result<Package, Fault> {
        // A small buffer: it is filled anew for each of the entries' own headers, which lie far apart.
        let limited = BufReader::with_capacity(1024, Budget { file: file.try_clone()?, left: DIRECTORY_BUDGET });
        let config = zip::read::Config { archive_offset: zip::read::ArchiveOffset::Known(0) };
        let mut archive = zip::ZipArchive::with_config(config, limited).map_err(|e| damaged("", e))?;
        if archive.len() > limits.max_zip_entries {
            return Err(Fault::TooManyParts { limit: limits.max_zip_entries });
        }
        let mut entries = Vec::with_capacity(archive.len());
        for index in 0..archive.len() {
            let raw = archive.by_index_raw(index).map_err(|e| damaged("", e))?;
            entries.push(Entry {
                name: raw.name().map_err(|e| damaged("", e))?.replace('\\', "/"),
                start: raw.data_start().unwrap_or(u64::MAX),
                packed: raw.compressed_size(),
                size: raw.size(),
                crc: raw.crc32(),
                stored: raw.compression() == CompressionMethod::Stored,
                readable: !raw.encrypted()
                    && matches!(raw.compression(), CompressionMethod::Stored | CompressionMethod::Deflated),
            });
        }
        Ok(Package { entries })
    }

    /// Finds a part by name; letter case does not matter, as the standard says.
    pub(crate) fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// Whether any part's name starts so.
    pub(crate) fn any_under(&self, prefix: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.starts_with(prefix))
    }
}

impl Entry {
    /// The part's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Bytes it takes in the file.
    pub(crate) fn packed(&self) -> u64 {
        self.packed
    }

    /// Opens it for reading.
    ///
    /// # Errors
    /// [`Fault::PartTooLarge`] by the declared size already; [`Fault::Damaged`].
    pub(crate) fn open(&self, file: &File, limit: u64) -> Result<Part, Fault> {
        if self.size > limit {
            return Err(Fault::PartTooLarge { part: self.name.clone(), limit });
        }
        if !self.readable {
            return Err(damaged(&self.name, "encrypted, or packed in a way that workbooks do not use"));
        }
        let mut file = file.try_clone()?;
        file.seek(SeekFrom::Start(self.start))?;
        let packed = BufReader::with_capacity(128 * 1024, file.take(self.packed));
        let unpack = match self.stored {
            true => Unpack::Stored(packed),
            false => Unpack::Deflated(Box::new(DeflateDecoder::new(packed))),
        };
        Ok(Part { entry: self.clone(), unpack, crc: crc32fast::Hasher::new(), produced: 0, limit })
    }

    /// Reads the whole part as text.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`Fault::Damaged`] where it is not UTF-8.
    pub(crate) fn text(&self, file: &File, limit: u64) -> Result<String, Fault> {
        let mut part = self.open(file, limit)?;
        let mut bytes = Vec::new();
        while part.fill(&mut bytes, 64 * 1024)? > 0 {}
        let text = String::from_utf8(bytes).map_err(|_| damaged(&self.name, "not UTF-8"))?;
        Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
    }
}

type Packed = BufReader<Take<File>>;

#[derive(Debug)]
enum Unpack {
    Stored(Packed),
    Deflated(Box<DeflateDecoder<Packed>>),
}

/// A part under reading. It counts what really comes out.
#[derive(Debug)]
pub(crate) struct Part {
    entry: Entry,
    unpack: Unpack,
    crc: crc32fast::Hasher,
    produced: u64,
    limit: u64,
}

impl Part {
    /// Appends about `want` bytes to `out`; 0 only at the end, where size and checksum must be right.
    ///
    /// # Errors
    /// [`Fault::PartTooLarge`] once more comes out than allowed; [`Fault::Damaged`].
    pub(crate) fn fill(&mut self, out: &mut Vec<u8>, want: usize) -> Result<usize, Fault> {
        let from = out.len();
        let read = match &mut self.unpack {
            Unpack::Stored(packed) => packed.take(want as u64).read_to_end(out),
            Unpack::Deflated(packed) => packed.take(want as u64).read_to_end(out),
        };
        let read = read.map_err(|e| match e.kind() {
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                damaged(&self.entry.name, e)
            }
            _ => Fault::Io(e),
        })?;
        self.produced += read as u64;
        if self.produced > self.limit {
            return Err(Fault::PartTooLarge { part: self.entry.name.clone(), limit: self.limit });
        }
        self.crc.update(&out[from..]);
        if read == 0 && (self.produced != self.entry.size || self.crc.clone().finalize() != self.entry.crc) {
            return Err(damaged(&self.entry.name, "its size or checksum is wrong"));
        }
        Ok(read)
    }

    /// Bytes of the file taken so far.
    pub(crate) fn taken(&self) -> u64 {
        let left = match &self.unpack {
            Unpack::Stored(packed) => packed.get_ref().limit(),
            Unpack::Deflated(packed) => packed.get_ref().get_ref().limit(),
        };
        self.entry.packed - left
    }

    /// The part's name.
    pub(crate) fn name(&self) -> &str {
        &self.entry.name
    }
}

/// [`Fault::Damaged`] in a part.
pub(crate) fn damaged(part: &str, detail: impl std::fmt::Display) -> Fault {
    Fault::Damaged { part: part.to_owned(), detail: detail.to_string() }
}

/// A file that may be read only so far: a directory that claims millions of entries ends here.
struct Budget {
    file: File,
    left: u64,
}

impl Read for Budget {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the archive's directory is too large"));
        }
        let most = out.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.file.read(&mut out[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}

impl Seek for Budget {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
