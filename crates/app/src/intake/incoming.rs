//! A file that comes over a network: in a folder of the installation that only it may read, until it was taken in.

use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use chengxin_core::{Caller, Say};
use chengxin_sheet::{Limits, Source};
use tempfile::TempDir;

use crate::error::io;
use crate::{AppError, Installation};

/// Largest file that is received, in bytes. Larger ones are imported by command, which reads them where they lie.
pub const LARGEST_INCOMING: usize = 64 * 1024 * 1024;

/// Folder within the installation.
const FOLDER: &str = "incoming";
/// Most bytes of a file's name.
const LONGEST_NAME: usize = 200;

/// A file that is being received. It is gone when this is, whatever happened; what a killed process left goes at the next start.
#[derive(Debug)]
pub struct Incoming {
    /// Locked as long as it is in use.
    file: File,
    path: PathBuf,
    left: usize,
    _folder: TempDir,
}

impl Incoming {
    /// Makes room for a file of this name, under which the list of submissions shows it.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] for what is no name of a file; the file system's.
    pub fn begin(installation: &Installation, name: &str) -> Result<Self, AppError> {
        let fits = (1..=LONGEST_NAME).contains(&name.len())
            && !name.starts_with('.')
            && !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'));
        if !fits {
            return Err(AppError::invalid(
                format!("文件名（file）不超过 {LONGEST_NAME} 字节，不以点开头，不含斜杠、反斜杠和控制字符"),
                format!(
                    "the name of the file (file) has {LONGEST_NAME} bytes at most, begins with no dot and holds no slash, backslash or control character"
                ),
            ));
        }
        // Whoever sends learns nothing of the folders here.
        let failed = |error: std::io::Error| AppError::internal(format!("the folder for files that come in: {error}"));
        let all = installation.dir().join(FOLDER);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&all).map_err(failed)?;
        let folder = TempDir::new_in(&all).map_err(failed)?;
        let path = folder.path().join(name);
        let file = File::options().write(true).create_new(true).mode(0o600).open(&path).map_err(failed)?;
        file.try_lock().map_err(|error| AppError::internal(format!("a new file is locked: {error}")))?;
        Ok(Self { file, path, left: LARGEST_INCOMING, _folder: folder })
    }

    /// Adds what has arrived.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] beyond [`LARGEST_INCOMING`]; the file system's.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        self.left = self
            .left
            .checked_sub(bytes.len())
            .ok_or_else(|| AppError::invalid("文件超过 64 MiB", "the file is larger than 64 MiB"))?;
        self.file.write_all(bytes).map_err(io(&self.path)).map_err(|error| self.by_name(error))
    }

    /// The same of what is sealed, which is a little longer than what it seals.
    pub(super) fn add_sealed(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        self.file.write_all(bytes).map_err(io(&self.path))
    }

    /// An error that names the file as whoever sent it does, and not where it lies.
    #[must_use]
    pub fn by_name(&self, error: AppError) -> AppError {
        let (path, name) = (self.path.display().to_string(), self.path.file_name().unwrap_or_default());
        let named = |text: &str| text.replace(&path, &name.to_string_lossy());
        let public = Say::new(named(&error.public.zh), named(&error.public.en));
        AppError { public, ..error }
    }

    /// SHA-256 of what has arrived.
    ///
    /// # Errors
    /// The file system's.
    pub fn sha256(&self) -> Result<[u8; 32], AppError> {
        let mut file = File::open(&self.path).map_err(io(&self.path)).map_err(|error| self.by_name(error))?;
        chengxin_sheet::file_sha256(&mut file).map_err(io(&self.path)).map_err(|error| self.by_name(error))
    }

    /// Is it a table that can be read? Nothing of its rows is asked.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] with what is wrong with the file, and how to mend it.
    pub fn is_table(&self) -> Result<(), AppError> {
        let opened = Source::open(&self.path, None, &Limits::default());
        opened.map(drop).map_err(|error| self.by_name(error.into()))
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes what a process left that was killed; what another one is receiving stays.
    ///
    /// # Errors
    /// The file system's.
    pub fn sweep(installation: &Installation) -> Result<(), AppError> {
        let all = installation.dir().join(FOLDER);
        let Ok(folders) = fs::read_dir(&all) else { return Ok(()) };
        for folder in folders {
            let folder = folder.map_err(io(&all))?.path();
            if !in_use(&folder) {
                fs::remove_dir_all(&folder).map_err(io(&folder))?;
            }
        }
        Ok(())
    }
}

impl Installation {
    /// May the caller send files? Asked before one is received; [`Installation::submission_import`] asks again.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`].
    pub fn submission_import_allowed(&self, caller: &Caller) -> Result<(), AppError> {
        self.authorise(caller, "submission_import").map(drop)
    }
}

fn in_use(folder: &Path) -> bool {
    let mut files = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    files.any(|file| File::open(file.path()).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock))))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn what_is_in_use_is_told_from_what_was_left() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!in_use(dir.path()), "nothing in it yet");
        let path = dir.path().join("a.csv");
        let file = File::options().write(true).create_new(true).mode(0o600).open(&path).unwrap();
        file.try_lock().unwrap();
        assert!(in_use(dir.path()));
        drop(file);
        assert!(!in_use(dir.path()) && path.is_file());
    }
}
