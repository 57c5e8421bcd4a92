//! What a use case answers when it does not do what was asked: a closed list, a sentence for the person, a context
//! for the operator.

use chengxin_core::Say;
use chengxin_store::StoreError;

/// The kinds of refusal. `web` alone knows their status codes, `cli` their exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// There is no such thing, or the caller may not know that there is.
    NotFound,
    /// The caller must sign in first.
    Unauthenticated,
    /// The caller may not do this.
    Forbidden,
    /// The state has changed, or does not allow it.
    Conflict,
    /// What was sent is wrong, and the sentence says how to mend it.
    Invalid,
    /// Cannot be done now; later it can.
    Unavailable,
    /// Tried too often: it waits for so many seconds.
    TooOften(u32),
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
    /// Did a server go away, or another transaction come in between? Then doing it again may succeed.
    pub(crate) passing: bool,
    /// Is it not known whether it was done? Then doing it again may do it twice.
    pub unknown: bool,
    /// Is nothing wrong but that several rights of the asker allow it, and they did not say in which they act?
    pub which_right: bool,
}

impl AppError {
    /// A refusal with a sentence in both languages.
    pub fn new(kind: Kind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            kind,
            public: Say::new(zh, en),
            private: String::new(),
            passing: false,
            unknown: false,
            which_right: false,
        }
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
            passing: false,
            unknown: false,
            which_right: false,
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
        let passing = matches!(
            error,
            StoreError::Unreachable { .. } | StoreError::Conflict(_) | StoreError::NoConnection | StoreError::Busy
        );
        let unknown = matches!(error, StoreError::CommitUnknown);
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
            StoreError::OldSchema { found: 0, .. } => Self::not_found(
                "该数据库中还没有本系统的数据；请先运行 chengxin init --database",
                "there is nothing of ours in this database yet: run chengxin init --database first",
            ),
            StoreError::OldSchema { found, known } => Self::new(
                Kind::Unavailable,
                format!("数据库结构版本为 {found}，本程序需要 {known}；请运行 chengxin migrate run"),
                format!(
                    "the database has schema version {found}, this programme needs {known}: run chengxin migrate run"
                ),
            ),
            StoreError::Occupied(at) => Self::conflict(
                format!("{at} 中已有安装；请换一个数据库"),
                format!("there is an installation at {at} already: choose another database"),
            ),
            StoreError::Address(why) => Self::invalid(
                format!("数据库地址有误：{why}；应形如 postgres://用户@主机:端口/库名"),
                format!("the address of the database: {why}; write postgres://user@host:port/name"),
            ),
            StoreError::Unreachable { at, .. } => Self::new(
                Kind::Unavailable,
                format!("无法连接数据库服务器 {at}；请检查地址、网络与服务器是否运行，稍后重试"),
                format!(
                    "the database server {at} cannot be reached: check address, network and server, then try again"
                ),
            ),
            StoreError::Refused { at, .. } => Self::new(
                Kind::Unavailable,
                format!("数据库服务器 {at} 拒绝登录；请检查用户名与密码（可用环境变量 PGPASSWORD）"),
                format!("the database server {at} refuses the user: check name and password (PGPASSWORD may hold it)"),
            ),
            StoreError::OldServer { found, needed } => Self::new(
                Kind::Unavailable,
                format!("数据库服务器版本为 {found}，需要 {needed} 以上；请升级服务器"),
                format!("the database server has version {found}, {needed} or newer is needed: upgrade it"),
            ),
            StoreError::Rights(why) => Self::new(
                Kind::Unavailable,
                format!("数据库用户权限不足（{why}）；请由数据库管理员授权，见 docs/operating/postgresql.md"),
                format!(
                    "the database user lacks a right ({why}): its administrator grants it, see docs/operating/postgresql.md"
                ),
            ),
            StoreError::NoConnection => Self::new(
                Kind::Unavailable,
                "数据库服务器的连接数已用完；请稍后重试，或调大 max_connections",
                "the database server has no connection left: try again in a moment, or raise max_connections",
            ),
            StoreError::TimedOut => Self::new(
                Kind::Unavailable,
                "数据库操作超时，已取消，未作任何更改；请稍后重试",
                "the database took longer than it may; it was cancelled and nothing was changed: try again in a moment",
            ),
            StoreError::CommitUnknown => Self::new(
                Kind::Unavailable,
                "提交时与数据库的连接中断，结果未知；请先查询是否已生效，再决定是否重做",
                "the connection to the database ended during a commit and its outcome is not known: look whether it took effect before doing it again",
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
        Self { passing, unknown, ..refusal.because(private) }
    }
}

impl From<chengxin_seal::KeyFileError> for AppError {
    fn from(error: chengxin_seal::KeyFileError) -> Self {
        let say = error.say();
        Self { public: say, private: error.to_string(), ..Self::new(Kind::Unavailable, "", "") }
    }
}

impl From<chengxin_core::identity::DocumentError> for AppError {
    fn from(error: chengxin_core::identity::DocumentError) -> Self {
        let say: Say = error.say();
        Self::invalid(say.zh, say.en)
    }
}

impl From<chengxin_sheet::SheetError> for AppError {
    fn from(error: chengxin_sheet::SheetError) -> Self {
        let refused = Self::invalid(error.zh(), error.en());
        match error.fault() {
            chengxin_sheet::Fault::Damaged { detail, .. } => refused.because(detail),
            _ => refused,
        }
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
