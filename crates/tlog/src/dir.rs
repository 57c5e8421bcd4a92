//! A log kept as files in a folder that a static web server can publish as it stands.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::storage::{CheckpointStore, StorageError, StoredHead, TileStore, check_advance, covers};
use crate::{Head, TilePath};

/// First line of the file that holds the head.
const HEAD_FORMAT: &str = "chengxin/head/1";
/// A checkpoint is far smaller; what is larger is not one.
const MAX_NOTE_BYTES: u64 = 1 << 20;
/// A full bundle of the longest entries is the largest file of a log.
const MAX_TILE_BYTES: u64 = 256 * (2 + 65_535);

/// A log as files:
///
/// | path | what |
/// | --- | --- |
/// | `checkpoint` | the newest checkpoint, published |
/// | `tile/…` | tiles and entry bundles, published |
/// | `.head` | size, epoch and root, with the checkpoint: what the log has committed to |
/// | `.lock` | held by the one process that writes |
///
/// **Durability:** each file is written under another name, synced, and renamed; [`TileStore::flush`] syncs the folders. Storing a
/// head flushes, then replaces `.head`, then `checkpoint`: what is published is never ahead of what is stored, and a crash
/// between the two is made good when the folder is next opened for writing.
///
/// **Trust:** the tiles as in [`TileStore`]; `.head` is as trustworthy as the folder's permissions. Below the folder, symbolic
/// links are refused: a link could make the log write, or publish, what is elsewhere.
#[derive(Debug)]
pub struct DirStore {
    root: PathBuf,
    /// Locked as long as it is open; a process that dies lets go of it.
    lock: Option<File>,
    /// Folders with names that are not yet durable.
    unsynced: BTreeSet<PathBuf>,
}

impl DirStore {
    /// The log in this folder, to be read.
    #[must_use]
    pub fn open(root: &Path) -> Self {
        Self { root: root.to_path_buf(), lock: None, unsynced: BTreeSet::new() }
    }

    /// The log in this folder, which is made where it is missing, to be written by this process alone until the value is dropped.
    ///
    /// # Errors
    /// [`StorageError::Locked`] where another process writes it; [`StorageError::Malformed`], [`StorageError::Failed`].
    pub fn open_for_writing(root: &Path) -> Result<Self, StorageError> {
        let mut store = Self::open(root);
        fs::create_dir_all(root).map_err(failed("making", root))?;
        let path = root.join(".lock");
        store.refuse_links(&path)?;
        let lock = File::options().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(failed("opening", &path))?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => StorageError::Locked { place: path.display().to_string() },
            fs::TryLockError::Error(error) => failed("locking", &path)(error),
        })?;
        store.lock = Some(lock);
        if let Some(stored) = store.load()? {
            store.publish(&stored.note)?;
        }
        Ok(store)
    }

    /// Removes the partial tiles and bundles whose place a full one has taken, among those of the trees of `from` leaves and
    /// more, up to the stored head. Returns how many folders of them it removed.
    ///
    /// # Errors
    /// [`StorageError::ReadOnly`], [`StorageError::Failed`], [`StorageError::Malformed`].
    ///
    /// # Source
    /// C2SP tlog-tiles, “Partial Tiles”: they may be deleted once the full tile is available.
    pub fn remove_superseded(&mut self, from: u64) -> Result<u64, StorageError> {
        let size = self.load()?.map_or(0, |stored| stored.head.size);
        let mut removed = 0;
        for level in 0..=crate::MAX_LEVEL {
            let hashes = |size: u64| (size >> (8 * level)) / 256;
            for index in hashes(from)..hashes(size) {
                let Some(tile) = crate::TileId::in_tree(level, index, size) else { continue };
                removed += self.remove_partials(TilePath::Hashes(tile))?;
                if level == 0 {
                    removed += self.remove_partials(TilePath::Entries(tile))?;
                }
            }
        }
        Ok(removed)
    }

    fn remove_partials(&mut self, full: TilePath) -> Result<u64, StorageError> {
        self.writable()?;
        let path = self.root.join(full.to_string());
        let mut partials = path.clone().into_os_string();
        partials.push(".p");
        let partials = PathBuf::from(partials);
        self.refuse_links(&partials)?;
        if !path.is_file() || !partials.is_dir() {
            return Ok(0);
        }
        fs::remove_dir_all(&partials).map_err(failed("removing", &partials))?;
        Ok(1)
    }

    fn writable(&self) -> Result<(), StorageError> {
        let place = || self.root.display().to_string();
        if self.lock.is_some() { Ok(()) } else { Err(StorageError::ReadOnly { place: place() }) }
    }

    /// Refuses the path where the log's folder leads to it over a symbolic link.
    fn refuse_links(&self, path: &Path) -> Result<(), StorageError> {
        for place in path.ancestors().take_while(|place| *place != self.root) {
            match fs::symlink_metadata(place) {
                Ok(there) if there.is_symlink() => {
                    let place = place.display().to_string();
                    let found = "a symbolic link".to_owned();
                    return Err(StorageError::Malformed {
                        place,
                        found,
                        expected: "a file or folder of the log's own",
                    });
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed("looking at", place)(error)),
            }
        }
        Ok(())
    }

    fn read(&self, path: &Path, most: u64) -> Result<Option<Vec<u8>>, StorageError> {
        self.refuse_links(path)?;
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("opening", path)(error)),
        };
        let mut bytes = Vec::new();
        file.take(most + 1).read_to_end(&mut bytes).map_err(failed("reading", path))?;
        if bytes.len() as u64 > most {
            let found = format!("longer than {most} bytes");
            return Err(StorageError::Malformed {
                place: path.display().to_string(),
                found,
                expected: "a file of the log",
            });
        }
        Ok(Some(bytes))
    }

    /// Puts the bytes there in one step: whoever reads finds the old file or the new one, whole.
    fn replace(&mut self, path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
        self.refuse_links(path)?;
        let folder = path.parent().unwrap_or(&self.root).to_path_buf();
        self.make_folder(&folder)?;
        let mut name = path.as_os_str().to_owned();
        name.push(".tmp");
        let temporary = PathBuf::from(name);
        // Left behind by a crash, or put there as a link: made anew, never followed.
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed("removing", &temporary)(error)),
            _ => {}
        }
        let mut file = File::create_new(&temporary).map_err(failed("making", &temporary))?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed("writing", &temporary))?;
        self.unsynced.insert(folder);
        fs::rename(&temporary, path).map_err(failed("renaming to", path))
    }

    fn make_folder(&mut self, folder: &Path) -> Result<(), StorageError> {
        let missing: Vec<&Path> = folder.ancestors().take_while(|place| !place.is_dir()).collect();
        for place in missing.into_iter().rev() {
            fs::create_dir(place).map_err(failed("making", place))?;
            self.unsynced.extend(place.parent().map(Path::to_path_buf));
        }
        Ok(())
    }

    fn publish(&mut self, note: &str) -> Result<(), StorageError> {
        let path = self.root.join("checkpoint");
        if self.read(&path, MAX_NOTE_BYTES)?.as_deref() != Some(note.as_bytes()) {
            self.replace(&path, note.as_bytes())?;
        }
        self.flush()
    }
}

impl TileStore for DirStore {
    fn tile_read(&self, path: TilePath) -> Result<Option<Vec<u8>>, StorageError> {
        self.read(&self.root.join(path.to_string()), MAX_TILE_BYTES)
    }

    fn tile_write(&mut self, path: TilePath, bytes: &[u8]) -> Result<(), StorageError> {
        self.writable()?;
        let file = self.root.join(path.to_string());
        match self.tile_read(path)? {
            // The name may not be durable yet, if the writer died before it synced.
            Some(there) if there == bytes => {
                self.unsynced.extend(file.parent().map(Path::to_path_buf));
                return Ok(());
            }
            Some(_) if covers(self.load()?.map_or(0, |stored| stored.head.size), path) => {
                return Err(StorageError::Changed { path });
            }
            _ => {}
        }
        self.replace(&file, bytes)
    }

    fn flush(&mut self) -> Result<(), StorageError> {
        while let Some(folder) = self.unsynced.first().cloned() {
            File::open(&folder).and_then(|open| open.sync_all()).map_err(failed("syncing", &folder))?;
            self.unsynced.remove(&folder);
        }
        Ok(())
    }

    fn keeps_entries(&self) -> bool {
        true
    }
}

impl CheckpointStore for DirStore {
    fn load(&self) -> Result<Option<StoredHead>, StorageError> {
        let path = self.root.join(".head");
        let Some(bytes) = self.read(&path, MAX_NOTE_BYTES + 256)? else { return Ok(None) };
        let malformed = || StorageError::Malformed {
            place: path.display().to_string(),
            found: format!("{} bytes that state no head", bytes.len()),
            expected: "format, size, epoch, root, a blank line and the checkpoint",
        };
        std::str::from_utf8(&bytes).ok().and_then(parse_head).map(Some).ok_or_else(malformed)
    }

    fn compare_and_set(&mut self, expected: Option<(u64, u64)>, new: &StoredHead) -> Result<(), StorageError> {
        self.writable()?;
        check_advance(self.load()?.map(|stored| stored.head).as_ref(), expected, &new.head)?;
        self.flush()?;
        let Head { size, epoch, root } = &new.head;
        let root = crate::proof::encoded(root);
        let text = format!("{HEAD_FORMAT}\n{size}\n{epoch}\n{root}\n\n{}", new.note);
        self.replace(&self.root.join(".head"), text.as_bytes())?;
        self.flush()?;
        self.publish(&new.note)
    }
}

fn parse_head(text: &str) -> Option<StoredHead> {
    let (lines, note) = text.split_once("\n\n")?;
    let mut lines = lines.split('\n');
    if lines.next()? != HEAD_FORMAT {
        return None;
    }
    let (size, epoch) = (crate::tile::canonical(lines.next()?)?, crate::tile::canonical(lines.next()?)?);
    let root = crate::base64::decode_hash(lines.next()?)?;
    let head = Head { size, epoch, root };
    lines.next().is_none().then(|| StoredHead { head, note: note.to_owned() })
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StorageError {
    let what = format!("{doing} {}", path.display());
    move |error| StorageError::Failed { what, source: Box::new(error) }
}

#[cfg(test)]
#[path = "dir_tests.rs"]
mod tests;
