//! Reading and writing a file that nobody else may read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::KeyFileError;
use crate::random_bytes;

/// More than any key file has; a wrong path to something huge must not fill the memory.
const LARGEST: u64 = 1 << 20;
/// Read and write for the owner.
const PRIVATE: u32 = 0o600;

/// Writes a file that must not exist yet, and leaves nothing behind if that fails.
pub(super) fn write_new(path: &Path, text: &[u8]) -> Result<(), KeyFileError> {
    write_exclusively(path, text).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => KeyFileError::Exists(path.to_owned()),
        _ => KeyFileError::io(path, error),
    })
}

/// Puts `text` in the place of what is at `path`, in one step.
pub(super) fn replace(path: &Path, text: &[u8]) -> Result<(), KeyFileError> {
    let io = |error| KeyFileError::io(path, error);
    // Behind a link it is the file that is replaced, not the link.
    let target = fs::canonicalize(path).map_err(io)?;
    let fresh = beside(&target);
    write_exclusively(&fresh, text).map_err(io)?;
    fs::rename(&fresh, &target).map_err(|error| {
        let _ = fs::remove_file(&fresh);
        io(error)
    })?;
    sync_folder(&target).map_err(io)
}

/// Reads a plain file that only its owner can read.
pub(super) fn read_private(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let io = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => KeyFileError::Missing(path.to_owned()),
        _ => KeyFileError::io(path, error),
    };
    // Asked before opening: opening a pipe would wait for a writer.
    if !fs::metadata(path).map_err(io)?.is_file() {
        return Err(KeyFileError::NotAFile(path.to_owned()));
    }
    let file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::TooOpen { path: path.to_owned(), mode });
    }
    if metadata.len() > LARGEST {
        return Err(KeyFileError::Malformed { path: path.to_owned(), place: "its size".to_owned() });
    }
    // Room for all of it at once: a buffer that grew would leave secrets behind in the old one.
    let mut text = Zeroizing::new(Vec::with_capacity(metadata.len() as usize + 64));
    file.take(LARGEST).read_to_end(&mut text).map_err(io)?;
    Ok(text)
}

fn write_exclusively(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path)?;
    let written = file.write_all(text).and_then(|()| file.sync_all()).and_then(|()| sync_folder(path));
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

/// A name in the same folder that nothing else has.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.new", HEXLOWER.encode(&random_bytes::<6>())))
}

/// Makes a new or changed name in a folder outlast a power cut.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
