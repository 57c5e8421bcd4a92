//! A file that waits to be mended: sealed under a key that only this process holds, in the folder of files that come in.

use std::fs;

use chengxin_core::Caller;
use chengxin_seal::{AeadKey, Key32, Profile};

use super::{ImportOutcome, ImportRequest, Incoming};
use crate::error::io;
use crate::{AppError, Installation};

/// What the seal is about.
const AAD: &[u8] = b"chengxin/draft/1";

/// A file of an authority that nobody took in yet. It is gone when this is, and cannot be read once the process has ended.
pub struct Draft {
    name: String,
    sealed: Incoming,
    key: AeadKey,
    bytes: usize,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Draft {
    /// Seals a file that has arrived.
    ///
    /// # Errors
    /// The file system's.
    pub fn seal(installation: &Installation, file: &Incoming) -> Result<Self, AppError> {
        let plain = fs::read(file.path()).map_err(io(file.path())).map_err(|error| file.by_name(error))?;
        let name = file.path().file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Self::of(installation, name, &plain)
    }

    /// The same of one row that was typed: a file of a heading and a row, which goes the way of every other.
    ///
    /// # Errors
    /// The file system's.
    pub fn typed(installation: &Installation, name: String, cells: &[(String, String)]) -> Result<Self, AppError> {
        let quoted = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
        let line = |of: fn(&(String, String)) -> &String| {
            cells.iter().map(|cell| quoted(of(cell))).collect::<Vec<_>>().join(",")
        };
        let text = format!("{}\r\n{}\r\n", line(|(code, _)| code), line(|(_, value)| value));
        Self::of(installation, name, text.as_bytes())
    }

    fn of(installation: &Installation, name: String, plain: &[u8]) -> Result<Self, AppError> {
        let profile: Profile = installation.keys.profile();
        let key = AeadKey::new(profile, &Key32::generate());
        let mut sealed = Incoming::begin(installation, "sealed")?;
        sealed.add_sealed(&key.seal_single_use(AAD, plain))?;
        Ok(Self { name, sealed, key, bytes: plain.len() })
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file as it came, for as long as it is read.
    ///
    /// # Errors
    /// The file system's.
    pub fn open(&self, installation: &Installation) -> Result<Incoming, AppError> {
        let sealed = fs::read(self.sealed.path()).map_err(io(self.sealed.path()))?;
        let plain = self.key.open_single_use(AAD, &sealed);
        let plain = plain.map_err(|_| AppError::internal("a file that waits to be mended was changed"))?;
        let mut file = Incoming::begin(installation, &self.name)?;
        file.add(&plain)?;
        Ok(file)
    }
}

impl Installation {
    /// The rows that an import refused, as a workbook (XLSX): see [`Installation::refused_xlsx`].
    ///
    /// # Errors
    /// As there.
    pub fn refused_workbook(
        &self,
        caller: &Caller,
        request: &ImportRequest,
        outcome: &ImportOutcome,
    ) -> Result<Vec<u8>, AppError> {
        let place = Incoming::begin(self, "refused.xlsx")?;
        self.refused_xlsx(caller, request, outcome, place.path())?;
        fs::read(place.path()).map_err(io(place.path()))
    }
}
