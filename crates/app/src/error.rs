//! What a use case answers when it does not do what was asked: a closed list, a sentence for the person, a context
//! for the operator.

use chengxin_core::Say;
use chengxin_store::StoreError;

/// The kinds of refusal. `web` alone knows their status codes, `cli` their exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// There is no such thing, or the caller may not know that there is.
    NotFound,
    /// The caller may not do this.
    Forbidden,
    /// The state has changed, or does not allow it.
    Conflict,
    /// What was sent is wrong, and the sentence says how to mend it.
    Invalid,
    /// Cannot be done now; later it can.
    Unavailable,
    /// A fault of the platform.
    Internal,
}

/// A refusal with a public and a private half.
#[derive(Debug, thiserror::Error)]
#[error("{public} [{private}]")]
pub struct AppError {
    /// Kind.
    pub kind: Kind,
    /// What the person is told: what, where, how to mend it.
    pub public: Say,
    /// What the operator's log is told. Never personal data.
    pub private: String,
}

impl AppError {
    /// A refusal with a sentence in both languages.
    pub fn new(kind: Kind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, public: Say::new(zh, en), private: String::new() }
    }

    /// Something in the request is wrong.
    pub fn invalid(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, zh, en)
    }

    /// There is no such thing.
    pub fn not_found(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, zh, en)
    }

    /// The state does not allow it.
    pub fn conflict(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, zh, en)
    }

    /// A fault of the platform; `private` says which.
    pub fn internal(private: impl Into<String>) -> Self {
        Self {
            kind: Kind::Internal,
            public: Say::new(
                "平台内部错误，操作未生效，请联系运行维护人员",
                "a fault of the platform: nothing was changed; tell the operator",
            ),
            private: private.into(),
        }
    }

    /// What the operator is told: the private half, or the English sentence where there is none.
    #[must_use]
    pub fn private_or_public(&self) -> String {
        if self.private.is_empty() { self.public.en.clone() } else { self.private.clone() }
    }

    /// The same with something for the operator.
    #[must_use]
    pub fn because(mut self, private: impl std::fmt::Display) -> Self {
        self.private = private.to_string();
        self
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        let private = error.to_string();
        let refusal = match error {
            StoreError::Missing(path) => Self::not_found(
                format!("{path} 处没有数据库；请先运行 chengxin init"),
                format!("no database at {path}: run chengxin init first"),
            ),
            StoreError::UnknownSchema { found, known } => Self::new(
                Kind::Unavailable,
                format!("数据库结构版本为 {found}，本程序只认识到 {known}；请使用较新的程序"),
                format!("the database has schema version {found}, this programme knows up to {known}: use a newer one"),
            ),
            StoreError::Busy => Self::new(
                Kind::Unavailable,
                "数据库正被另一进程写入，请稍后重试",
                "another process is writing to the database: try again in a moment",
            ),
            StoreError::Full => Self::new(
                Kind::Unavailable,
                "磁盘空间不足，未完成的部分已回退；请清理空间后用同一文件重试，将从中断处继续",
                "the disk is full; what was unfinished was rolled back: free space and send the same file again, it goes on where it stopped",
            ),
            StoreError::Damaged(_) => Self::new(
                Kind::Unavailable,
                "数据库文件已损坏；请从备份恢复",
                "the database file is damaged: restore it from a backup",
            ),
            StoreError::Conflict(_) => Self::conflict(
                "状态已被他人改变，请刷新后再试",
                "somebody else changed it meanwhile: look again, then retry",
            ),
            StoreError::ClockBack { behind_s } => Self::new(
                Kind::Unavailable,
                format!("系统时钟比留痕中最新的条目慢 {behind_s} 秒，已拒绝写入；请校准时钟后重试"),
                format!(
                    "the clock stands {behind_s} seconds before the newest log entry, so nothing is written: set the clock and try again"
                ),
            ),
            StoreError::Value(_) | StoreError::Engine(_) => Self::internal(""),
        };
        refusal.because(private)
    }
}

impl From<chengxin_seal::KeyFileError> for AppError {
    fn from(error: chengxin_seal::KeyFileError) -> Self {
        let say = error.say();
        Self { kind: Kind::Unavailable, public: say, private: error.to_string() }
    }
}

impl From<chengxin_sheet::SheetError> for AppError {
    fn from(error: chengxin_sheet::SheetError) -> Self {
        Self::invalid(error.zh(), error.en())
    }
}

/// An error of the file system, with the path that it concerns.
pub(crate) fn io(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> AppError + '_ {
    move |error| {
        let path = path.display();
        let full = error.kind() == std::io::ErrorKind::StorageFull;
        let kind = if full { Kind::Unavailable } else { Kind::Invalid };
        let (zh, en) = match error.kind() {
            std::io::ErrorKind::StorageFull => ("磁盘空间不足", "the disk is full"),
            std::io::ErrorKind::NotFound => ("不存在", "is not there"),
            std::io::ErrorKind::PermissionDenied => ("无权访问", "may not be accessed"),
            std::io::ErrorKind::AlreadyExists => ("已存在", "exists already"),
            _ => ("无法读写", "cannot be read or written"),
        };
        AppError::new(kind, format!("{path}：{zh}"), format!("{path}: {en}")).because(error)
    }
}
