//! What the public sees of the log: the signed head and the tiles under it, over HTTP or as files in a folder that any web
//! server can hand out. Both hold commitments only.

use std::path::Path;

use chengxin_core::Caller;
use chengxin_store::View;
use chengxin_tlog::{
    CheckpointStore as _, DirStore, StorageError, StoredHead, TileId, TilePath, TileStore as _, bundle_push, tiles_of,
};

use super::sequence::{head_of, inconsistent};
use super::signer::{KeyUse, Verifier};
use super::tiles::DatabaseTiles;
use crate::reading::Reading;
use crate::{AppError, Installation, Kind};

/// What a publication came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Leaves under the published checkpoint.
    pub size: u64,
    /// Files written.
    pub files: u64,
}

/// The newest signed checkpoint: with the signatures of witnesses where the log has any.
fn checkpoint(view: View<'_>) -> Result<Option<String>, AppError> {
    let Some(head) = view.log_head()? else { return Ok(None) };
    Ok(Some(if head.cosigned.is_empty() { head.note } else { head.cosigned }))
}

/// The bytes behind a path below the signed head; `None` for what that tree does not have.
fn published(view: View<'_>, size: u64, path: TilePath) -> Result<Option<Vec<u8>>, AppError> {
    let (TilePath::Hashes(tile) | TilePath::Entries(tile)) = path;
    if TileId::in_tree(tile.level(), tile.index(), size).is_none_or(|there| there.width() < tile.width()) {
        return Ok(None);
    }
    if let TilePath::Hashes(_) = path {
        let tiles = DatabaseTiles::reading(view);
        let bytes = tiles.tile_read(path).map_err(|error| inconsistent(&error.to_string()))?;
        return bytes.map(Some).ok_or_else(|| inconsistent(&format!("{path} is missing")));
    }
    let first = i64::try_from(tile.index() * 256).map_err(|_| inconsistent("a leaf index"))?;
    let leaves = view.log_leaves(first, i64::from(tile.width()))?;
    if leaves.len() != usize::from(tile.width()) {
        return Err(inconsistent(&format!("leaves of {path} are missing")));
    }
    let mut bundle = Vec::with_capacity(leaves.len() * 34);
    for (position, leaf) in leaves.iter().enumerate() {
        bundle_push(&mut bundle, position, &leaf.commitment).map_err(|error| inconsistent(&error.to_string()))?;
    }
    Ok(Some(bundle))
}

impl Reading {
    /// The newest signed checkpoint; `None` before the first.
    ///
    /// # Errors
    /// The store's.
    ///
    /// # Source
    /// C2SP tlog-tiles, “Checkpoints”.
    pub fn log_checkpoint(&self) -> Result<Option<String>, AppError> {
        checkpoint(self.store.view())
    }

    /// What is published under a path such as `tile/0/x001/234`; `None` for what there is not.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for a path of another form; [`Kind::Unavailable`] where the log is inconsistent.
    ///
    /// # Source
    /// C2SP tlog-tiles, “Merkle Tree” and “Log entries”.
    pub fn log_tile(&self, path: &str) -> Result<Option<(TilePath, Vec<u8>)>, AppError> {
        let path: TilePath = path.parse().map_err(|error: chengxin_tlog::TileError| {
            AppError::invalid(
                "瓦片路径有误，应形如 tile/0/x001/x234/067 或 tile/0/001.p/5",
                format!("this is no path of a tile ({error}): write it as tile/0/x001/x234/067 or tile/0/001.p/5"),
            )
        })?;
        let Some(head) = self.store.view().log_head()? else { return Ok(None) };
        let bytes = published(self.store.view(), head_of(&head)?.size, path)?;
        Ok(bytes.map(|bytes| (path, bytes)))
    }
}

impl Installation {
    /// The newest signed checkpoint, with the signatures of witnesses where the log has any; what waits gets its place first.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; [`Kind::Unavailable`] where the log is inconsistent.
    pub fn log_checkpoint(&mut self, caller: &Caller) -> Result<String, AppError> {
        self.authorise(caller, "log_checkpoint")?;
        self.log_sequence()?;
        checkpoint(self.store.view())?.ok_or_else(|| AppError::internal("a log that was sequenced has no head"))
    }

    /// [`Self::log_sequence`], asked for by somebody.
    ///
    /// # Errors
    /// As there, and see [`crate::policy::authorise`].
    pub fn log_sequence_now(&mut self, caller: &Caller) -> Result<super::Sequenced, AppError> {
        self.authorise(caller, "log_sequence")?;
        self.log_sequence()
    }

    /// The key by which others check this log's checkpoints, in its text form.
    ///
    /// # Errors
    /// Internal faults.
    pub fn log_key(&self) -> Result<String, AppError> {
        let key = self.keys.provider().signing_key().verifying_key();
        Verifier::new(&super::origin_of(self.base_url()), &key, KeyUse::Log).text(KeyUse::Log)
    }

    /// Sequences, then brings a folder up to date: first the tiles, then the checkpoint over them. A static web server can
    /// publish the folder as it stands.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; [`Kind::Conflict`] where the folder holds another log, or one that has gone further;
    /// [`Kind::Unavailable`] where it cannot be written or another process does.
    pub fn log_publish(&mut self, caller: &Caller, dir: &Path) -> Result<Published, AppError> {
        self.authorise(caller, "log_publish")?;
        self.log_sequence()?;
        let mut folder = DirStore::open_for_writing(dir).map_err(|error| unwritten(&error))?;
        self.mirror(&mut folder)
    }

    /// Brings an open folder up to date.
    ///
    /// # Errors
    /// As [`Self::log_publish`].
    pub fn mirror(&self, folder: &mut DirStore) -> Result<Published, AppError> {
        let view = self.store.view();
        let Some(head) = view.log_head()? else { return Ok(Published { size: 0, files: 0 }) };
        let stands = head_of(&head)?;
        let there = folder.load().map_err(|error| unwritten(&error))?;
        let from = there.as_ref().map_or(0, |stored| stored.head.size);
        let mut files = 0;
        // Tiles that the folder's own tree has whole are there and never change.
        let old = |tile: &TileId| TileId::in_tree(tile.level(), tile.index(), from).is_some_and(|had| had.is_full());
        for tile in tiles_of(stands.size).filter(|tile| !old(tile)) {
            let entries = (tile.level() == 0).then_some(TilePath::Entries(tile));
            for path in std::iter::once(TilePath::Hashes(tile)).chain(entries) {
                let bytes = published(view, stands.size, path)?.ok_or_else(|| inconsistent("a tile is missing"))?;
                folder.tile_write(path, &bytes).map_err(|error| unwritten(&error))?;
                files += 1;
            }
        }
        folder.flush().map_err(|error| unwritten(&error))?;
        let published = StoredHead { head: stands, note: head.note };
        let expected = there.as_ref().map(|stored| stored.head.mark());
        folder.compare_and_set(expected, &published).map_err(|error| unwritten(&error))?;
        folder.remove_superseded(from).map_err(|error| unwritten(&error))?;
        Ok(Published { size: stands.size, files: files + 1 })
    }
}

fn unwritten(error: &StorageError) -> AppError {
    let (kind, zh, en) = match error {
        StorageError::Conflict { .. }
        | StorageError::Backwards { .. }
        | StorageError::Fork { .. }
        | StorageError::Changed { .. } => (
            Kind::Conflict,
            "该目录中的日志与本平台的日志不一致，未作改动；请换一个空目录，或核对是否恢复过旧备份",
            "the folder holds another log, or one that has gone further, and was left as it is: choose an empty folder, or look whether an old backup was restored",
        ),
        StorageError::Locked { .. } => (
            Kind::Unavailable,
            "另一进程正在写该目录；请等它结束后再试",
            "another process is writing that folder: wait for it to end, then try again",
        ),
        _ => (
            Kind::Unavailable,
            "该目录无法写入或内容有误；请检查磁盘空间与权限",
            "the folder cannot be written, or holds something else: check space and permissions",
        ),
    };
    AppError::new(kind, zh, en).because(error)
}
