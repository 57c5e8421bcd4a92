//! What can be wrong with a key file, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use chengxin_core::Say;

/// What is wrong with a key file. Never quotes what the file says.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// There is something at the path already.
    #[error("{} exists already; a key file is never overwritten: name another path, or move it away", .0.display())]
    Exists(PathBuf),
    /// There is nothing at the path.
    #[error("there is no key file at {}; make one with `chengxin init`, or name the right path", .0.display())]
    Missing(PathBuf),
    /// A folder, a pipe or a device.
    #[error("{} is not a plain file; name the key file itself", .0.display())]
    NotAFile(PathBuf),
    /// Readable by group or others.
    #[error("{} can be read by others (mode {mode:03o}); run: chmod 600 {}", path.display(), path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not what a key file says.
    #[error("{} is not a sound key file (see {place}); restore it from its backup", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// A field, or a line and column.
        place: String,
    },
    /// Written by a later program.
    #[error("{} has format version {found}, which this program does not know; use the newer program", path.display())]
    UnknownVersion {
        /// The file.
        path: PathBuf,
        /// The version it states.
        found: u32,
    },
    /// The file system refused.
    #[error("{}: {source}; check the disk and the permissions of its folder", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl KeyFileError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    /// What is wrong and how to mend it, in Chinese and English.
    #[must_use]
    pub fn say(&self) -> Say {
        Say::new(self.zh(), self.to_string())
    }

    fn zh(&self) -> String {
        match self {
            Self::Exists(path) => {
                format!("{} 已存在。密钥文件不会被覆盖；请指定其他路径，或先移走该文件。", path.display())
            }
            Self::Missing(path) => {
                format!("{} 处没有密钥文件。请用 `chengxin init` 生成，或指定正确的路径。", path.display())
            }
            Self::NotAFile(path) => format!("{} 不是普通文件。请指定密钥文件本身。", path.display()),
            Self::TooOpen { path, mode } => {
                let path = path.display();
                format!("{path} 可被他人读取（权限 {mode:03o}）。请执行：chmod 600 {path}")
            }
            Self::Malformed { path, place } => {
                format!("{} 不是完好的密钥文件（见 {place}）。请从备份恢复。", path.display())
            }
            Self::UnknownVersion { path, found } => {
                format!("{} 的格式版本为 {found}，本程序不认识。请使用较新的程序。", path.display())
            }
            Self::Io { path, source } => {
                format!("{}：{source}。请检查磁盘及所在目录的权限。", path.display())
            }
        }
    }
}
