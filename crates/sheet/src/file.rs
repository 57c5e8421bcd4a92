//! Opening a file that somebody names: a regular file, the one that was checked, unchanged to the end.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{Fault, SheetError};
use crate::limits::Limits;

/// A file under reading: where it is, and how it looked when reading began.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) path: PathBuf,
    pub(crate) limits: Limits,
    pub(crate) bytes: u64,
    modified: Option<SystemTime>,
}

impl Origin {
    /// Opens `path` for reading.
    ///
    /// # Errors
    /// Links, folders, pipes, devices and empty files are refused, each in its own words. A link is not
    /// followed because the file behind it could be another one by the time it is read again.
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<(Origin, File), SheetError> {
        Self::try_open(path, limits).map_err(|fault| SheetError::new(path, fault))
    }

    fn try_open(path: &Path, limits: &Limits) -> Result<(Origin, File), Fault> {
        let named = fs::symlink_metadata(path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => Fault::NotFound,
            _ => Fault::Io(e),
        })?;
        // Before opening: to open a pipe for reading waits until somebody writes to it.
        if named.file_type().is_symlink() {
            return Err(Fault::Symlink);
        }
        if named.is_dir() {
            return Err(Fault::Folder);
        }
        if !named.is_file() {
            return Err(Fault::NotRegular);
        }
        let file = File::open(path)?;
        let opened = file.metadata()?;
        if !same_file(&named, &opened) {
            return Err(Fault::Changed);
        }
        if opened.len() == 0 {
            return Err(Fault::Empty);
        }
        let origin = Origin {
            path: path.to_owned(),
            limits: limits.clone(),
            bytes: opened.len(),
            modified: opened.modified().ok(),
        };
        Ok((origin, file))
    }

    /// Says so where the file grew, shrank or was written since it was opened. What was hashed and
    /// validated first must be what is read afterwards.
    pub(crate) fn unchanged(&self, file: &File) -> Result<(), SheetError> {
        let now = file.metadata().map_err(|e| self.error(e.into()))?;
        if now.len() != self.bytes || now.modified().ok() != self.modified {
            return Err(self.error(Fault::Changed));
        }
        Ok(())
    }

    pub(crate) fn error(&self, fault: Fault) -> SheetError {
        SheetError::new(&self.path, fault)
    }

    /// Refuses a file above `limit`.
    pub(crate) fn at_most(&self, limit: u64) -> Result<(), SheetError> {
        if self.bytes > limit {
            return Err(self.error(Fault::TooLarge { bytes: self.bytes, limit }));
        }
        Ok(())
    }
}

#[cfg(unix)]
fn same_file(named: &Metadata, opened: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (named.dev(), named.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn same_file(named: &Metadata, opened: &Metadata) -> bool {
    named.len() == opened.len() && opened.is_file()
}
