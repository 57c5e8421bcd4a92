//! Moving an installation to other databases.

use std::fs::TryLockError;
use std::path::Path;
use std::sync::Arc;

use chengxin_core::{Caller, Say};
use chengxin_store::{Claim, Places, migrate, transfer};
use serde_json::json;

use crate::clock::Clock;
use crate::intake::SERVER_LOCK;
use crate::log::Verified;
use crate::{AppError, Installation, journal, places, policy};

/// What moving came to.
#[derive(Debug)]
pub struct Moved {
    /// Tables and their rows, key store and main database.
    pub tables: Vec<(String, u64)>,
    /// What checking the whole log found there.
    pub verified: Verified,
    /// Does the installation's folder lead to the new databases now? Only where nothing was found.
    pub done: bool,
}

impl Installation {
    /// Copies everything, log and keys included, into empty databases at `to`, verifies the whole log there, and has the folder
    /// lead to them. Nothing is taken away at the old place.
    ///
    /// # Errors
    /// [`crate::Kind::Conflict`] while a server or an import is at work, or where either database at `to` holds something
    /// already; why either side cannot be used. Interrupted, at most the keys are there: empty databases are named then,
    /// and it is run again.
    pub fn installation_move(
        dir: &Path,
        from: &Places,
        to: &Places,
        clock: Arc<dyn Clock>,
        caller: &Caller,
        each: &mut dyn FnMut(&str),
    ) -> Result<Moved, AppError> {
        policy::authorise(caller, "installation_move")?;
        nobody_serves(dir)?;
        let busy = || {
            AppError::conflict("有导入正在进行；请等它结束后再迁移", "an import is under way: move when it has ended")
        };
        let _claim = Claim::take(&from.main, "import")?.ok_or_else(busy)?;
        for (place, schema) in [(&to.main, migrate::MAIN), (&to.keys, migrate::KEYS)] {
            migrate::check_vacant(place, schema)?;
        }
        // Keys first, as in every change: what is there afterwards without the other harms nobody.
        let mut tables = transfer::copy_keys(&from.keys, &to.keys, each)?;
        tables.extend(transfer::copy_main(&from.main, &to.main, each)?);
        let mut installation = Self::open_at(dir, to.clone(), clock)?;
        let verified = installation.verified(None)?;
        let done = verified.is_whole();
        if done {
            let (keys, now_us) = (installation.keys.clone(), installation.now_us());
            let rows: u64 = tables.iter().map(|(_, rows)| rows).sum();
            installation.store.write("installation_move", |tx| -> Result<(), AppError> {
                let detail = json!({ "moved": rows, "from": from.main.to_string(), "to": to.main.to_string() });
                journal::log(tx, &keys, now_us, "installation_move", caller, &detail).map(drop)
            })?;
            places::note(dir, to)?;
        }
        Ok(Moved { tables, verified, done })
    }
}

/// Servers of a folder hold a shared lock in it.
fn nobody_serves(dir: &Path) -> Result<(), AppError> {
    let Ok(lock) = std::fs::File::open(dir.join(SERVER_LOCK)) else { return Ok(()) };
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => {
            let say = Say::new(
                "有服务正在运行；请先停止 chengxin serve 与 chengxin worker，再迁移",
                "a server is at work: stop chengxin serve and chengxin worker, then move",
            );
            Err(AppError::conflict(say.zh, say.en))
        }
        _ => Ok(()),
    }
}
