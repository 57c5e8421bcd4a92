//! The trust list beside the database: what verifiers are handed.

use std::io::Write as _;
use std::path::Path;

use chengxin_seal::{TrustList, random_bytes};
use data_encoding::HEXLOWER;

use crate::AppError;
use crate::error::io;
use crate::installation::files;

/// Writes the dated list of public keys: whoever reads it meanwhile finds the old list or the new.
///
/// # Errors
/// Those of the file system.
pub fn write_trust_list(dir: &Path, list: &TrustList) -> Result<(), AppError> {
    let path = dir.join(files::TRUST);
    let fresh = dir.join(format!(".{}.{}.new", files::TRUST, HEXLOWER.encode(&random_bytes::<6>())));
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&fresh)?;
        file.write_all(list.to_json().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, &path)?;
        std::fs::File::open(dir)?.sync_all()
    };
    write().map_err(|error| {
        let _ = std::fs::remove_file(&fresh);
        io(&path)(error)
    })
}
