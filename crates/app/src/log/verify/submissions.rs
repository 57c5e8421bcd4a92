//! Every submission: the tree over its versions made anew, against the root in the entry of its acceptance and the tiles.

use std::collections::VecDeque;

use chengxin_store::audit::SubmissionLeaf;
use chengxin_tlog::{EMPTY_TILE_ROOM, MAX_LEVEL, Tile, TileId, TreeBuilder};

use super::chains::joined;
use super::fold::{Accepted, Claim, ClaimState};
use super::{Check, readable};
use crate::AppError;

/// Tiles in a slice.
const TILES: i64 = 5_000;

/// The first place at which a submission's tree is not what its tiles say.
struct Apart {
    tile: String,
    /// Key of the version there.
    version: Option<String>,
}

/// One submission's tree as it grows again.
struct Tree {
    builder: TreeBuilder,
    full: Vec<Tile>,
    /// Keys of the last leaves: as many as a tile has.
    recent: VecDeque<String>,
    last: Option<i64>,
    doubled: Option<String>,
}

impl Check<'_> {
    /// Goes through the submissions that the log knows, then through tiles that belong to none.
    pub(super) fn submissions(&mut self) -> Result<(), AppError> {
        let claims: Vec<(i64, Claim)> = self.known.submissions.iter().map(|(id, claim)| (*id, *claim)).collect();
        for (id, claim) in claims {
            match claim.state {
                ClaimState::Accepted(accepted) => self.accepted(id, accepted, claim.line)?,
                ClaimState::Ended => {
                    if let Some(version) = self.view.audit_version_of(id)? {
                        let (zh, en) = (
                            format!("属于已撤回或放弃的批次 {id}，应不存在：它是手工加入的"),
                            format!(
                                "it is of submission {id}, which was recalled or abandoned and left none: it was added by hand"
                            ),
                        );
                        self.out.add("version", joined(&version), zh, en);
                    }
                }
                ClaimState::Open => {}
            }
        }
        self.extra_submission_tiles()
    }

    fn accepted(&mut self, id: i64, claim: Accepted, line: i64) -> Result<(), AppError> {
        let (view, hash) = (self.view, self.keys.hash());
        let mut tree = Tree {
            builder: TreeBuilder::default(),
            full: Vec::new(),
            recent: VecDeque::with_capacity(EMPTY_TILE_ROOM),
            last: None,
            doubled: None,
        };
        let mut apart: Vec<Apart> = Vec::new();
        let read = view.audit_submission(id, |leaf| -> Result<(), AppError> {
            push(&mut tree, &hash, leaf);
            for tile in std::mem::take(&mut tree.full) {
                apart.extend(differs(view, id, &tile, &tree.recent)?.filter(|_| apart.len() < 16));
            }
            Ok(())
        });
        if self.unreadable("version", &format!("submission {id}"), read)?.is_none() {
            return Ok(());
        }
        let (size, root) = (tree.builder.size(), tree.builder.root(&hash));
        // The right edge ends in the middle of what is remembered: count from its own beginning.
        let edge = (size % EMPTY_TILE_ROOM as u64) as usize;
        let recent: VecDeque<String> = tree.recent.iter().skip(tree.recent.len() - edge).cloned().collect();
        for tile in tree.builder.finish() {
            apart.extend(differs(view, id, &tile, &recent)?);
        }
        if let Some(key) = tree.doubled {
            self.out.add("version", key, "同一批次的同一叶位出现两次", "the same leaf of its submission stands twice");
        }
        if root == claim.root && size == claim.versions {
            for Apart { tile, .. } in apart {
                let (zh, en) = (
                    "与批次的版本算出的不同：瓦片被改动或删除",
                    "it is not what the submission's versions give: it was altered or removed",
                );
                self.out.add("submission_tile", tile, zh, en);
            }
            return Ok(());
        }
        self.out.add(
            "version",
            format!("submission_id={id}"),
            format!(
                "批次 {id} 验收时（平台留痕第 {line} 条）有 {} 个版本，现有 {size} 个，树根不同：有版本被改动、删除、加入或调换",
                claim.versions
            ),
            format!(
                "submission {id} was accepted (entry {line} of the installation) with {} versions; there are {size}, and their root is another: some were altered, removed, added or reordered",
                claim.versions
            ),
        );
        // What was removed has no row to name; the first that stands in a wrong place has.
        if let Some(key) = apart.into_iter().find_map(|apart| apart.version) {
            let (zh, en) = (
                format!("批次 {id} 的版本自此起与验收时的不同"),
                format!("from here on the versions of submission {id} are not those that were accepted"),
            );
            self.out.add("version", key, zh, en);
        }
        Ok(())
    }

    fn extra_submission_tiles(&mut self) -> Result<(), AppError> {
        let mut after = (i64::MIN, i64::MIN, i64::MIN);
        loop {
            let page = self.view.audit_submission_tiles(after, TILES)?;
            for row in &page {
                let [id, level, part] = [0, 1, 2].map(|at| row[at].int());
                let claim = id.and_then(|id| self.known.submissions.get(&id)).copied();
                let there = match claim {
                    Some(Claim { state: ClaimState::Accepted(Accepted { versions, .. }), .. }) => {
                        let level = level.and_then(|n| u8::try_from(n).ok()).filter(|level| *level <= MAX_LEVEL);
                        let part = part.and_then(|n| u64::try_from(n).ok());
                        level.zip(part).is_some_and(|(level, part)| TileId::in_tree(level, part, versions).is_some())
                    }
                    Some(Claim { state: ClaimState::Open, .. }) => true,
                    _ => false,
                };
                if !there {
                    let (zh, en) = (
                        "该批次的树没有这一瓦片：它是手工加入的",
                        "the submission's tree has no such tile: it was added by hand",
                    );
                    self.out.add("submission_tile", joined(row), zh, en);
                }
                after = (id.unwrap_or(i64::MAX), level.unwrap_or(i64::MAX), part.unwrap_or(i64::MAX));
            }
            if page.is_empty() {
                return Ok(());
            }
        }
    }
}

fn push(tree: &mut Tree, hash: &impl chengxin_tlog::TreeHash, leaf: SubmissionLeaf) {
    let at = leaf.leaf.int();
    if at.is_none() || at <= tree.last {
        tree.doubled.get_or_insert_with(|| leaf.key.clone());
    }
    tree.last = at;
    if tree.recent.len() == EMPTY_TILE_ROOM {
        tree.recent.pop_front();
    }
    tree.recent.push_back(leaf.key);
    let Tree { builder, full, .. } = tree;
    builder.push(hash, &leaf.commitment, &mut |tile| full.push(tile));
}

/// Is a tile of the tree made anew another than the one that is kept? `recent` are the keys of its leaves, if it is of level 0.
fn differs(
    view: chengxin_store::View<'_>,
    id: i64,
    tile: &Tile,
    recent: &VecDeque<String>,
) -> Result<Option<Apart>, AppError> {
    let part = i64::try_from(tile.part).unwrap_or(i64::MAX);
    let kept = readable(view.submission_tile(id, i64::from(tile.level), part))?.flatten();
    // A tile is never empty: one that is missing, or is no bytes, differs from its first hash on.
    let kept = kept.unwrap_or_else(Vec::new);
    if kept == tile.hashes {
        return Ok(None);
    }
    let at = kept.chunks(32).zip(tile.hashes.chunks(32)).position(|(kept, made)| kept != made);
    let version = at.filter(|_| tile.level == 0).and_then(|at| recent.get(at)).cloned();
    Ok(Some(Apart { tile: format!("{id}/{}/{}", tile.level, tile.part), version }))
}
