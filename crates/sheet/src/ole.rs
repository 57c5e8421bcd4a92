//! The container of old Office files: which kind of file is in it.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};

use cfb::CompoundFile;

use crate::error::Fault;
use crate::format::Content;

/// Opens the container and makes sure that an XLS workbook is in it.
///
/// # Errors
/// [`Fault::Encrypted`] for XLSX under a password, which is kept in such a container;
/// [`Fault::TooOld`], [`Fault::NotAWorkbook`], [`Fault::Damaged`].
pub(crate) fn open(file: &File) -> Result<CompoundFile<File>, Fault> {
    let mut file = file.try_clone()?;
    file.seek(SeekFrom::Start(0))?;
    let container = CompoundFile::open(file).map_err(damaged)?;
    let has = |name: &str| container.exists(name);
    if has("EncryptedPackage") {
        Err(Fault::Encrypted)
    } else if has("Workbook") {
        Ok(container)
    } else if has("Book") {
        Err(Fault::TooOld)
    } else if has("WordDocument") {
        Err(Fault::NotAWorkbook(Content::Word))
    } else if has("PowerPoint Document") {
        Err(Fault::NotAWorkbook(Content::Slides))
    } else {
        Err(Fault::NotAWorkbook(Content::Ole))
    }
}

/// An error of the container: the disk's, or the file's.
pub(crate) fn damaged(error: io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::InvalidData
        | io::ErrorKind::InvalidInput
        | io::ErrorKind::UnexpectedEof
        | io::ErrorKind::NotFound
        | io::ErrorKind::OutOfMemory => Fault::Damaged { part: String::new(), detail: error.to_string() },
        _ => Fault::Io(error),
    }
}
