//! Files about people, written for whoever runs the command and nobody else on the machine.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use crate::exit::Failure;

/// How such a file is opened: made with mode 0600; one that is there keeps its own.
pub(crate) fn options() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes such a file, in the place of what stood there.
///
/// # Errors
/// The file system's, with the path.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    let opened = options().truncate(true).open(path);
    opened.and_then(|mut file| file.write_all(bytes.as_ref())).map_err(|error| Failure::io(path, &error))
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn only_whoever_wrote_it_may_read_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("slip.pdf");
        write(&path, "longer than what comes next").unwrap();
        write(&path, "short").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "short");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
