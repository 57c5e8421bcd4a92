//! A file that appears whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Fault, SheetError};

/// A file being written beside its final place. Dropped before [`finish`](Self::finish), it disappears.
///
/// Only its owner can read it: what is written here are people's records. Beside its place and not in
/// the system's folder for temporary files, which may be on a disk that must not hold them.
pub(crate) struct Place {
    path: PathBuf,
    file: NamedTempFile,
}

impl Place {
    /// # Errors
    /// Where the folder is missing or may not be written to.
    pub(crate) fn new(path: &Path) -> Result<Place, SheetError> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let file = NamedTempFile::new_in(folder).map_err(|e| SheetError::new(path, e.into()))?;
        Ok(Place { path: path.to_owned(), file })
    }

    /// Lets `write` write the content, then puts the file in its place, over one that is there.
    ///
    /// # Errors
    /// What `write` says, and a disk that is full.
    pub(crate) fn finish<T>(
        mut self,
        write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<T, Fault>,
    ) -> Result<T, SheetError> {
        let path = self.path;
        let result = (|| {
            let mut out = BufWriter::with_capacity(256 * 1024, self.file.as_file_mut());
            let value = write(&mut out)?;
            out.flush()?;
            drop(out);
            self.file.as_file().sync_all()?;
            self.file.persist(&path).map_err(|e| e.error)?;
            Ok(value)
        })();
        result.map_err(|fault| SheetError::new(&path, fault))
    }
}
