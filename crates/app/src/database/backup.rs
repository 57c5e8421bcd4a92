//! Backups of an installation in files, and what proves that one was restored whole.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chengxin_core::{Caller, Say};
use chengxin_store::transfer;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::error::io;
use crate::installation::files;
use crate::log::Verified;
use crate::record::REGISTER;
use crate::{AppError, Installation, Kind, policy};

/// What a backup says of itself.
const ABOUT: &str = "backup.json";

/// A backup in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Backup {
    /// When it was made, microseconds UTC.
    pub made_us: i64,
    /// The newest signed checkpoint in it: what is restored from it must go on from here.
    pub checkpoint: Option<String>,
    /// Size of each file in bytes, by name.
    pub files: Vec<(String, u64)>,
}

/// A restored installation.
#[derive(Debug)]
pub struct Restored {
    /// The backup.
    pub backup: Backup,
    /// What checking the whole log against the whole database, and against the backup's checkpoint, found.
    pub verified: Verified,
}

impl Installation {
    /// Writes a backup into a new folder while others go on working. The main database is copied first and the keys after it, so that
    /// no body in it lacks its key; the register of erasures last, so that none that was made meanwhile is missed. The key file is
    /// not in it: whoever has both can read everything.
    ///
    /// # Errors
    /// [`Kind::Conflict`] where the folder is there already; [`Kind::Invalid`] for databases on a server, whose own tools make their
    /// backups; [`Kind::Unavailable`] for a full disk.
    pub fn installation_backup(&self, caller: &Caller, to: &Path) -> Result<Backup, AppError> {
        self.authorise(caller, "installation_backup")?;
        let (Some(main), Some(keys)) = (self.places.main.file(), self.places.keys.file()) else {
            return Err(AppError::invalid(
                "数据在数据库服务器上；请用服务器自身的备份工具，见 docs/operating/postgresql.md",
                "the databases are a server's: back them up with its own tools, see docs/operating/postgresql.md",
            ));
        };
        if to.exists() {
            let shown = to.display();
            return Err(AppError::conflict(
                format!("{shown} 已存在；请给出一个新的文件夹"),
                format!("{shown} is there already: name a new folder"),
            ));
        }
        // Whole under its name, or not there under it.
        let making = making(to);
        std::fs::create_dir_all(&making).map_err(io(&making))?;
        let backup = self.copy_into(main, keys, &making).inspect_err(|_| drop(std::fs::remove_dir_all(&making)))?;
        std::fs::rename(&making, to).map_err(io(to))?;
        self.note_backup();
        Ok(backup)
    }

    fn copy_into(&self, main: &Path, keys: &Path, into: &Path) -> Result<Backup, AppError> {
        transfer::copy_file(main, &into.join(files::DATABASE))?;
        transfer::copy_file(keys, &into.join(files::KEY_STORE))?;
        for name in [files::TRUST, REGISTER] {
            let from = self.dir().join(name);
            if from.exists() {
                std::fs::copy(&from, into.join(name)).map_err(io(&from))?;
            }
        }
        let copied = chengxin_store::ReadStore::open(&into.join(files::DATABASE).into())?;
        let checkpoint = copied.view().log_head()?.map(|head| head.note);
        drop(copied);
        let mut sizes = Vec::new();
        for name in [files::DATABASE, files::KEY_STORE, files::TRUST, REGISTER] {
            let path = into.join(name);
            if let Ok(about) = std::fs::metadata(&path) {
                sizes.push((name.to_owned(), about.len()));
            }
            restrict(&path)?;
        }
        let backup = Backup { made_us: self.now_us(), checkpoint, files: sizes };
        let text = serde_json::to_string_pretty(&backup).map_err(|error| AppError::internal(error.to_string()))?;
        let path = into.join(ABOUT);
        std::fs::write(&path, text + "\n").map_err(io(&path))?;
        Ok(backup)
    }

    /// Restores a backup into a new folder, with the key file that was kept apart from it, and proves it: the whole log against
    /// the whole database, going on from the checkpoint in the backup. Erasures that the register of the backup, or a newer one laid
    /// beside it, knows are repeated before anything is served.
    ///
    /// # Errors
    /// [`Kind::Conflict`] where there is an installation in `dir`; [`Kind::Invalid`] for a folder that is no backup, or not the whole of
    /// one; [`Kind::Unavailable`] where the key file does not fit.
    pub fn installation_restore(
        caller: &Caller,
        from: &Path,
        dir: &Path,
        key_file: &Path,
        clock: Arc<dyn Clock>,
    ) -> Result<(Self, Restored), AppError> {
        policy::authorise(caller, "installation_restore")?;
        let backup = about(from)?;
        for name in [files::DATABASE, files::KEY_STORE, files::PLACES, files::KEYS] {
            if dir.join(name).exists() {
                return Err(AppError::conflict(
                    format!("{} 中已有安装（{name}）；请恢复到一个新的文件夹", dir.display()),
                    format!("there is an installation in {} ({name}): restore into a new folder", dir.display()),
                ));
            }
        }
        std::fs::create_dir_all(dir).map_err(io(dir))?;
        for (name, _) in &backup.files {
            let (source, target) = (from.join(name), dir.join(name));
            std::fs::copy(&source, &target).map_err(io(&source))?;
            restrict(&target)?;
        }
        let keys = dir.join(files::KEYS);
        std::fs::copy(key_file, &keys).map_err(io(key_file))?;
        restrict(&keys)?;
        let mut installation = Self::open(dir, clock)?;
        installation.log_sequence()?;
        let verified = installation.verified(backup.checkpoint.as_deref())?;
        Ok((installation, Restored { backup, verified }))
    }
}

/// Reads what a backup says of itself, and holds its files against it.
fn about(from: &Path) -> Result<Backup, AppError> {
    let path = from.join(ABOUT);
    let wrong = |say: Say| AppError::new(Kind::Invalid, say.zh, say.en);
    let text = std::fs::read_to_string(&path).map_err(|_| {
        let shown = from.display();
        wrong(Say::new(
            format!("{shown} 不是备份文件夹：其中没有 {ABOUT}"),
            format!("{shown} is no backup: there is no {ABOUT} in it"),
        ))
    })?;
    let backup: Backup = serde_json::from_str(&text).map_err(|error| {
        wrong(Say::new(
            format!("{} 有误：{error}", path.display()),
            format!("{} cannot be read: {error}", path.display()),
        ))
    })?;
    for (name, size) in &backup.files {
        let plain = Path::new(name).components().count() == 1 && !name.starts_with('.');
        let found = std::fs::metadata(from.join(name)).map_or(0, |of| of.len());
        // A newer register may have been laid beside it.
        if !plain || (found != *size && name != REGISTER) {
            return Err(wrong(Say::new(
                format!("备份不完整：{name} 应为 {size} 字节，实为 {found}；请用完整的备份"),
                format!("the backup is not whole: {name} should have {size} bytes and has {found}; take a whole one"),
            )));
        }
    }
    Ok(backup)
}

fn making(to: &Path) -> PathBuf {
    let mut name = to.file_name().unwrap_or_default().to_os_string();
    name.push(".making");
    to.with_file_name(name)
}

/// Nobody else's on this machine.
fn restrict(path: &Path) -> Result<(), AppError> {
    use std::os::unix::fs::PermissionsExt as _;
    if !path.exists() {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(io(path))
}
