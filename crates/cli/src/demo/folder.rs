//! Where a demonstration lies.

use std::path::{Path, PathBuf};

use chengxin_seal::random_bytes;
use data_encoding::HEXLOWER;

use crate::exit::{Exit, Failure};

/// The folders of one demonstration.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) root: PathBuf,
    /// The made-up city's files.
    pub(super) city: PathBuf,
    /// The installation.
    pub(super) data: PathBuf,
    /// Quality report of one file.
    pub(super) quality: PathBuf,
    /// The resident's report, and the altered copies.
    pub(super) report: PathBuf,
}

impl Folder {
    /// The folder that was given, or a new one among the temporary files.
    ///
    /// # Errors
    /// There is a demonstration in it already; it cannot be made.
    pub(super) fn make(given: Option<&Path>) -> Result<Self, Failure> {
        let root = match given {
            Some(dir) => dir.to_owned(),
            None => std::env::temp_dir().join(format!("chengxin-demo-{}", HEXLOWER.encode(&random_bytes::<4>()))),
        };
        let folder = Self {
            city: root.join("city"),
            data: root.join("data"),
            quality: root.join("quality"),
            report: root.join("report"),
            root,
        };
        if folder.data.exists() {
            let shown = folder.root.display();
            return Err(Failure::new(
                Exit::Conflict,
                format!("{shown} 中已有一次演示；请换一个文件夹，或先删除它"),
                format!("there is a demonstration in {shown} already: choose another folder, or delete it"),
            ));
        }
        for dir in [&folder.root, &folder.report] {
            std::fs::create_dir_all(dir).map_err(|error| Failure::io(dir, &error))?;
        }
        Ok(folder)
    }
}
