//! Tests of a log kept as files.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::TileId;

fn path(level: u8, index: u64, width: u16) -> TilePath {
    TilePath::Hashes(TileId::new(level, index, width).unwrap())
}

fn stored(size: u64, epoch: u64) -> StoredHead {
    let head = Head { size, epoch, root: [size as u8; 32] };
    StoredHead { head, note: format!("origin\n{size}\nroot\n\n— a b\n") }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_is_written_is_read_again_and_lies_where_the_format_says() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("log");
    let mut store = DirStore::open_for_writing(&root).unwrap();
    assert!(store.load().unwrap().is_none());
    assert!(store.tile_read(path(0, 0, 1)).unwrap().is_none());
    store.tile_write(path(0, 1_234_067, 2), &[7; 64]).unwrap();
    store.compare_and_set(None, &stored(3, 1)).unwrap();
    drop(store);
    assert_eq!(fs::read(root.join("tile/0/x001/x234/067.p/2")).unwrap(), [7; 64]);
    assert_eq!(fs::read_to_string(root.join("checkpoint")).unwrap(), stored(3, 1).note);
    assert_eq!(names(&root), [".head", ".lock", "checkpoint", "tile"], "nothing temporary is left");
    let reader = DirStore::open(&root);
    assert_eq!(reader.load().unwrap(), Some(stored(3, 1)));
    assert_eq!(reader.tile_read(path(0, 1_234_067, 2)).unwrap(), Some(vec![7; 64]));
}

#[test]
fn a_second_writer_is_refused_and_a_reader_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let first = DirStore::open_for_writing(folder.path()).unwrap();
    assert!(matches!(DirStore::open_for_writing(folder.path()), Err(StorageError::Locked { .. })));
    let mut reader = DirStore::open(folder.path());
    assert!(matches!(reader.tile_write(path(0, 0, 1), &[0; 32]), Err(StorageError::ReadOnly { .. })));
    assert!(matches!(reader.compare_and_set(None, &stored(1, 1)), Err(StorageError::ReadOnly { .. })));
    assert!(matches!(reader.remove_superseded(0), Ok(0)), "nothing there to remove");
    drop(first);
    assert!(DirStore::open_for_writing(folder.path()).is_ok());
}

#[test]
fn a_published_tile_never_changes_and_one_left_behind_may() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = DirStore::open_for_writing(folder.path()).unwrap();
    store.tile_write(path(0, 0, 2), &[1; 64]).unwrap();
    store.tile_write(path(0, 0, 2), &[2; 64]).unwrap();
    store.tile_write(path(0, 0, 3), &[3; 96]).unwrap();
    store.compare_and_set(None, &stored(2, 1)).unwrap();
    store.tile_write(path(0, 0, 2), &[2; 64]).unwrap();
    let error = store.tile_write(path(0, 0, 2), &[1; 64]).unwrap_err();
    assert_eq!(error.to_string(), "tile/0/000.p/2 is published: expected it never to change");
    store.tile_write(path(0, 0, 3), &[4; 96]).unwrap();
    assert_eq!(store.tile_read(path(0, 0, 2)).unwrap(), Some(vec![2; 64]));
}

#[test]
fn a_head_that_would_go_back_is_refused_and_nothing_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = DirStore::open_for_writing(folder.path()).unwrap();
    store.compare_and_set(None, &stored(9, 2)).unwrap();
    assert!(matches!(store.compare_and_set(None, &stored(9, 2)), Err(StorageError::Conflict { .. })));
    assert!(matches!(store.compare_and_set(Some((9, 2)), &stored(8, 2)), Err(StorageError::Backwards { .. })));
    assert!(matches!(store.compare_and_set(Some((9, 2)), &stored(10, 1)), Err(StorageError::Backwards { .. })));
    assert_eq!(store.load().unwrap(), Some(stored(9, 2)));
    assert_eq!(fs::read_to_string(folder.path().join("checkpoint")).unwrap(), stored(9, 2).note);
}

#[test]
fn a_crash_between_storing_and_publishing_is_made_good() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = DirStore::open_for_writing(folder.path()).unwrap();
    store.compare_and_set(None, &stored(1, 1)).unwrap();
    let before = fs::read(folder.path().join("checkpoint")).unwrap();
    store.compare_and_set(Some((1, 1)), &stored(2, 1)).unwrap();
    drop(store);
    fs::write(folder.path().join("checkpoint"), before).unwrap();
    fs::write(folder.path().join("checkpoint.tmp"), "half a check").unwrap();
    drop(DirStore::open_for_writing(folder.path()).unwrap());
    assert_eq!(fs::read_to_string(folder.path().join("checkpoint")).unwrap(), stored(2, 1).note);
    assert_eq!(names(folder.path()), [".head", ".lock", "checkpoint"]);
}

#[test]
fn a_head_that_was_cut_or_altered_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = DirStore::open_for_writing(folder.path()).unwrap();
    store.compare_and_set(None, &stored(1, 1)).unwrap();
    let head = folder.path().join(".head");
    let good = fs::read_to_string(&head).unwrap();
    for bad in ["", "\n\n", &good[..20], &good.replace("\n1\n", "\n01\n"), &good.replace("head/1", "head/2")] {
        fs::write(&head, bad).unwrap();
        assert!(matches!(store.load(), Err(StorageError::Malformed { .. })), "{bad:?}");
    }
    fs::write(&head, good).unwrap();
    assert_eq!(store.load().unwrap(), Some(stored(1, 1)));
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_refused() {
    use std::os::unix::fs::symlink;
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut store = DirStore::open_for_writing(folder.path()).unwrap();
    fs::write(elsewhere.path().join("secret"), [0; 32]).unwrap();
    fs::create_dir_all(folder.path().join("tile/0/000.p")).unwrap();
    symlink(elsewhere.path().join("secret"), folder.path().join("tile/0/000.p/1")).unwrap();
    symlink(elsewhere.path(), folder.path().join("tile/1")).unwrap();
    let says = |result: Result<(), StorageError>| result.unwrap_err().to_string();
    assert!(says(store.tile_read(path(0, 0, 1)).map(|_| ())).contains("tile/0/000.p/1 is a symbolic link"));
    assert!(says(store.tile_write(path(0, 0, 1), &[1; 32])).contains("is a symbolic link"));
    assert!(says(store.tile_write(path(1, 0, 1), &[1; 32])).contains("tile/1 is a symbolic link"));
    symlink(elsewhere.path().join("secret"), folder.path().join("tile/0/001.tmp")).unwrap();
    store.tile_write(path(0, 1, 256), &[1; 8192]).unwrap();
    assert_eq!(fs::read(elsewhere.path().join("secret")).unwrap(), [0; 32], "a link at the temporary name");
    assert_eq!(names(elsewhere.path()), ["secret"]);
    symlink(elsewhere.path().join("secret"), folder.path().join(".head")).unwrap();
    assert!(says(store.load().map(|_| ())).contains(".head is a symbolic link"));
}

#[test]
fn partial_tiles_go_once_the_full_tile_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = DirStore::open_for_writing(folder.path()).unwrap();
    for width in [1, 200, 256] {
        store.tile_write(path(0, 0, width), &vec![1; usize::from(width) * 32]).unwrap();
    }
    store.tile_write(path(0, 1, 44), &[1; 44 * 32]).unwrap();
    store.tile_write(path(1, 0, 1), &[1; 32]).unwrap();
    store.compare_and_set(None, &stored(200, 1)).unwrap();
    assert_eq!(store.remove_superseded(0).unwrap(), 0, "the full tile is not published yet");
    store.compare_and_set(Some((200, 1)), &stored(300, 1)).unwrap();
    assert_eq!(store.remove_superseded(200).unwrap(), 1);
    assert!(store.tile_read(path(0, 0, 200)).unwrap().is_none());
    assert!(store.tile_read(path(0, 0, 256)).unwrap().is_some());
    assert!(store.tile_read(path(0, 1, 44)).unwrap().is_some(), "the newest checkpoint needs it");
    assert_eq!(store.remove_superseded(0).unwrap(), 0);
}

#[test]
fn a_file_longer_than_any_tile_is_not_read_into_memory() {
    let folder = tempfile::tempdir().unwrap();
    let store = DirStore::open_for_writing(folder.path()).unwrap();
    fs::create_dir_all(folder.path().join("tile/0")).unwrap();
    let file = File::create(folder.path().join("tile/0/000")).unwrap();
    file.set_len(1 << 40).unwrap();
    assert!(matches!(store.tile_read(path(0, 0, 256)), Err(StorageError::Malformed { .. })));
}
