//! Why a command ended: one sentence for the person, one code for the script. `docs/operating/exit-codes.md` is the
//! contract.

use chengxin_app::{AppError, Kind};
use chengxin_core::Say;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// A fault of the platform or the machine.
    Internal = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The input is wrong.
    Invalid = 3,
    /// An import was done, and some rows were refused or held.
    Partly = 4,
    /// A file is not what was issued, or must not be relied on.
    NotGenuine = 5,
    /// Not there, or not the caller's to see.
    NotFound = 6,
    /// The role, purpose or ground does not allow it.
    Forbidden = 7,
    /// The state does not allow it.
    Conflict = 8,
    /// Not now.
    Unavailable = 9,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    /// Word in `--json`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Exit::Done => "done",
            Exit::Internal => "internal",
            Exit::Usage => "usage",
            Exit::Invalid => "invalid",
            Exit::Partly => "partly",
            Exit::NotGenuine => "not_genuine",
            Exit::NotFound => "not_found",
            Exit::Forbidden => "forbidden",
            Exit::Conflict => "conflict",
            Exit::Unavailable => "unavailable",
        }
    }

    /// Of the ends of several files, the one that the command ends with: a fault of ours before a fault of the file,
    /// and any of them before rows that were merely refused.
    pub(crate) fn worse(self, other: Exit) -> Exit {
        if other.weight() > self.weight() { other } else { self }
    }

    fn weight(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Partly => 1,
            Exit::NotGenuine => 2,
            Exit::Invalid => 3,
            Exit::NotFound => 4,
            Exit::Conflict => 5,
            Exit::Usage => 6,
            Exit::Forbidden => 7,
            Exit::Unavailable => 8,
            Exit::Internal => 9,
        }
    }
}

/// A command that did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) say: Say,
    /// For the operator; never personal data.
    pub(crate) detail: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { exit, say: Say::new(zh, en), detail: String::new() }
    }

    pub(crate) fn invalid(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Exit::Invalid, zh, en)
    }

    pub(crate) fn because(mut self, detail: impl std::fmt::Display) -> Self {
        self.detail = detail.to_string();
        self
    }

    /// The same with the file that it concerns in front, where the sentence does not name it already.
    pub(crate) fn about(mut self, file: &std::path::Path) -> Self {
        let path = file.display().to_string();
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_else(|| path.clone());
        if !self.say.en.contains(&name) {
            self.say = Say::new(format!("{path}：{}", self.say.zh), format!("{path}: {}", self.say.en));
        }
        self
    }

    /// A file or folder that could not be read or written.
    pub(crate) fn io(path: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind as E;
        let path = path.display();
        let exit = if error.kind() == E::StorageFull { Exit::Unavailable } else { Exit::Invalid };
        let (zh, en) = match error.kind() {
            E::NotFound => ("不存在，请核对路径", "is not there: check the path"),
            E::PermissionDenied => ("无权访问，请检查权限", "may not be accessed: check its permissions"),
            E::AlreadyExists => ("已存在，请换一个名称", "exists already: choose another name"),
            E::StorageFull => ("所在磁盘已满，请清理空间后重试", "is on a full disk: free space and try again"),
            E::IsADirectory => ("是文件夹，请给出文件", "is a folder: name a file"),
            E::NotADirectory => {
                ("的上级不是文件夹，请核对路径", "lies below something that is no folder: check the path")
            }
            _ => ("无法读写", "cannot be read or written"),
        };
        Self::new(exit, format!("{path}：{zh}"), format!("{path}: {en}")).because(error)
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let exit = match error.kind {
            Kind::NotFound => Exit::NotFound,
            Kind::Unauthenticated | Kind::Forbidden => Exit::Forbidden,
            Kind::Conflict => Exit::Conflict,
            Kind::Invalid => Exit::Invalid,
            Kind::Unavailable | Kind::TooOften(_) => Exit::Unavailable,
            Kind::Internal => Exit::Internal,
        };
        Self { exit, say: error.public, detail: error.private }
    }
}
