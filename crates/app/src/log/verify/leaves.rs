//! The tree: every leaf against its entry, every tile and the head against the tree made anew from the leaves.

use chengxin_store::audit::LeafRow;
use chengxin_store::log::CLOCK_TOLERANCE_US;
use chengxin_store::log_tree::LogHead;
use chengxin_tlog::{Hash, MAX_LEVEL, Tile, TileId, TreeBuilder};
use data_encoding::BASE64;

use super::chains::joined;
use super::{Check, engine};
use crate::AppError;
use crate::log::check::open_note;
use crate::log::consistency::Relation;
use crate::log::sequence::head_of;
use crate::log::signer::origin_of;

/// Leaves in a slice.
const LEAVES: i64 = 5_000;

/// A checkpoint that was kept outside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outside {
    size: u64,
    root: Hash,
}

/// The tree as it grows again.
struct Tree {
    builder: TreeBuilder,
    full: Vec<Tile>,
    size: u64,
    newest_us: i64,
    outside_root: Option<Hash>,
    /// Leaves in it and its root, once it is whole.
    count: u64,
    root: Hash,
}

impl Check<'_> {
    /// Opens the outside checkpoint.
    pub(super) fn outside(&mut self, base_url: &str, note: &str) -> Result<Outside, AppError> {
        let open = open_note(self.keys.provider().trust_list(), &origin_of(base_url), note)?.0;
        Ok(Outside { size: open.checkpoint.size, root: open.checkpoint.root })
    }

    /// Goes through the leaves, then looks at tiles, head and outside checkpoint.
    pub(super) fn leaves(&mut self, base_url: &str, since: Option<Outside>) -> Result<(), AppError> {
        let head = engine(self.view.log_head())?;
        self.out.origin = origin_of(base_url);
        let size = head.as_ref().map_or(0, |head| u64::try_from(head.size).unwrap_or(0));
        self.out.leaves = size;
        let mut tree = Tree {
            builder: TreeBuilder::default(),
            full: Vec::new(),
            size,
            newest_us: i64::MIN,
            outside_root: None,
            count: 0,
            root: [0; 32],
        };
        self.outside_at(&mut tree, since);
        let (mut next, mut count, mut beyond_us) = (0i64, 0i64, i64::MIN);
        loop {
            let page = self.view.audit_leaves(if count == 0 { i64::MIN } else { next }, LEAVES)?;
            let Some(last) = page.last() else { break };
            let end = last.index.int();
            for leaf in &page {
                count += 1;
                next = self.leaf(leaf, next, &mut tree, &mut beyond_us, since)?;
            }
            let Some(end) = end else { break };
            next = next.max(end.saturating_add(1));
        }
        self.places(count)?;
        tree.count = tree.builder.size();
        tree.root = tree.builder.root(&self.keys.hash());
        for tile in std::mem::take(&mut tree.builder).finish() {
            self.tile(&tile)?;
        }
        self.extra_tiles(size)?;
        self.head(base_url, head.as_ref(), &tree)?;
        self.compare_outside(since, &tree);
        Ok(())
    }

    /// One leaf; the place that the next one has.
    fn leaf(
        &mut self,
        leaf: &LeafRow,
        next: i64,
        tree: &mut Tree,
        newest_us: &mut i64,
        since: Option<Outside>,
    ) -> Result<i64, AppError> {
        let key = leaf.index.to_string();
        let index = leaf.index.int().unwrap_or(next);
        let entry = joined(&leaf.entry);
        if index != next {
            let (zh, en) = (
                format!("叶子缺失：下一个是第 {index} 位"),
                format!("the leaf is missing: the next one is at place {index}"),
            );
            self.out.add("log_leaf", next.to_string(), zh, en);
        }
        if leaf.of_entry == chengxin_store::audit::Cell::Null {
            let (zh, en) = (
                format!("其条目 {entry} 不存在：条目被删除，或该叶子是手工加入的"),
                format!("its entry {entry} is not there: it was removed, or the leaf was added by hand"),
            );
            self.out.add("log_leaf", key.clone(), zh, en);
            self.out.add(
                "log_entry",
                entry.clone(),
                format!("已编入日志第 {key} 位，但条目不存在：被删除"),
                format!("it has place {key} of the log and is not there: it was removed"),
            );
        } else if leaf.of_entry != leaf.commitment {
            let (zh, en) = (
                format!("与条目 {entry} 的承诺值不同：其一被改动"),
                format!("its commitment is not that of entry {entry}: one of them was altered"),
            );
            self.out.add("log_leaf", key.clone(), zh, en);
            self.out.add(
                "log_entry",
                entry.clone(),
                format!("与日志第 {key} 位已公布的承诺值不同"),
                format!("its commitment is not the one published at place {key} of the log"),
            );
        } else if leaf.place != leaf.index {
            let (zh, en) = (
                format!("条目 {entry} 自称在另一位置（{}）", leaf.place),
                format!("entry {entry} says that it stands elsewhere ({})", leaf.place),
            );
            self.out.add("log_leaf", key.clone(), zh, en);
        }
        let at_us = leaf.at_us.int().unwrap_or(i64::MIN);
        // Over made-up data one may look at any day, so time proves nothing there.
        if !self.synthetic && at_us < newest_us.saturating_sub(CLOCK_TOLERANCE_US) && at_us != i64::MIN {
            let (zh, en) = (
                format!("条目 {entry} 的时间比其前的条目早十分钟以上：次序被改动"),
                format!("entry {entry} is more than ten minutes older than one before it: the order was changed"),
            );
            self.out.add("log_leaf", key.clone(), zh, en);
        }
        *newest_us = (*newest_us).max(at_us);
        if tree.builder.size() < tree.size {
            tree.newest_us = *newest_us;
            let commitment = match &leaf.commitment {
                chengxin_store::audit::Cell::Bytes(bytes) => bytes.clone(),
                _ => Vec::new(),
            };
            let hash = self.keys.hash();
            let Tree { builder, full, .. } = tree;
            builder.push(&hash, &commitment, &mut |tile| full.push(tile));
            for tile in std::mem::take(full) {
                self.tile(&tile)?;
            }
            self.outside_at(tree, since);
        } else {
            self.out.waiting += 1;
        }
        Ok(index.saturating_add(1))
    }

    fn outside_at(&self, tree: &mut Tree, since: Option<Outside>) {
        if since.is_some_and(|since| since.size == tree.builder.size()) {
            tree.outside_root = Some(tree.builder.root(&self.keys.hash()));
        }
    }

    /// Every entry that says it has a place has its leaf: leaves name different entries, so counting is enough.
    fn places(&mut self, leaves: i64) -> Result<(), AppError> {
        if self.view.audit_placed()? == leaves && self.out.findings.iter().all(|finding| finding.table != "log_leaf") {
            return Ok(());
        }
        for row in self.view.audit_misplaced(super::LISTED as i64)? {
            let (zh, en) = (
                "自称已编入日志，但该位置没有叶子，或是另一条目的",
                "it says that it has a place in the log, and no leaf, or another entry's, stands there",
            );
            self.out.add("log_entry", joined(&row), zh, en);
        }
        Ok(())
    }

    /// A tile of the tree made anew, against the one that is kept.
    fn tile(&mut self, tile: &Tile) -> Result<(), AppError> {
        let part = i64::try_from(tile.part).unwrap_or(i64::MAX);
        let kept = self.view.log_tile(i64::from(tile.level), part);
        let key = format!("{}/{}", tile.level, tile.part);
        let kept = self.unreadable("log_tile", &key, engine(kept))?.flatten();
        match kept {
            Some(kept) if kept == tile.hashes => {}
            Some(kept) => {
                let at = kept.chunks(32).zip(tile.hashes.chunks(32)).position(|(kept, made)| kept != made);
                let at = at.unwrap_or_else(|| kept.len().min(tile.hashes.len()) / 32);
                self.out.add(
                    "log_tile",
                    key,
                    format!("自第 {at} 个哈希起与叶子算出的不同：瓦片被改动，或其下的叶子被改动、删除、加入、调换"),
                    format!("from hash {at} on it is not what the leaves give: it was altered, or leaves under it were altered, removed, added or moved"),
                );
            }
            None => self.out.add("log_tile", key, "瓦片缺失", "the tile is missing"),
        }
        Ok(())
    }

    fn extra_tiles(&mut self, size: u64) -> Result<(), AppError> {
        let mut after = (i64::MIN, i64::MIN);
        loop {
            let page = self.view.audit_log_tiles(after, LEAVES)?;
            for row in &page {
                let (level, part) = (row[0].int(), row[1].int());
                let level_u8 = level.and_then(|level| u8::try_from(level).ok()).filter(|level| *level <= MAX_LEVEL);
                let part_u64 = part.and_then(|part| u64::try_from(part).ok());
                let there = level_u8.zip(part_u64).and_then(|(level, part)| TileId::in_tree(level, part, size));
                if there.is_none() {
                    let (zh, en) = (
                        "日志的树没有这一瓦片：它是手工加入的，或尾部被截断",
                        "the tree has no such tile: it was added by hand, or the tail was cut off",
                    );
                    self.out.add("log_tile", joined(row), zh, en);
                }
                after = (level.unwrap_or(i64::MAX), part.unwrap_or(i64::MAX));
            }
            if page.is_empty() {
                return Ok(());
            }
        }
    }

    fn head(&mut self, base_url: &str, head: Option<&LogHead>, tree: &Tree) -> Result<(), AppError> {
        let heads = self.view.audit_heads()?;
        for extra in heads.iter().skip(1) {
            self.out.add(
                "log_head",
                joined(extra),
                "日志只有一个头：该行是手工加入的",
                "a log has one head: this row was added by hand",
            );
        }
        let Some(head) = head else {
            if !self.view.audit_log_tiles((i64::MIN, i64::MIN), 1)?.is_empty() {
                let (zh, en) = ("有瓦片而没有日志头：被删除", "there are tiles and no head: it was removed");
                self.out.add("log_head", origin_of(base_url), zh, en);
            }
            return Ok(());
        };
        let key = head.origin.clone();
        let mut fault = |zh: String, en: String| self.out.add("log_head", key.clone(), zh, en);
        if head.origin != origin_of(base_url) {
            fault(format!("日志名应为 {}", origin_of(base_url)), format!("the log is called {}", origin_of(base_url)));
        }
        let stands = head_of(head);
        if tree.count != tree.size {
            fault(
                format!("日志头说有 {} 条，叶子只有 {} 个：尾部被删除，或日志头被改动", tree.size, tree.count),
                format!(
                    "the head is of {} leaves and there are {}: the tail was removed, or the head altered",
                    tree.size, tree.count
                ),
            );
        }
        if stands.as_ref().map(|stands| stands.root).ok() != Some(tree.root) {
            fault(
                "树根与叶子算出的不同：叶子被改动、删除、加入或调换，或日志头被改动".to_owned(),
                "its root is not what the leaves give: leaves were altered, removed, added or moved, or the head was"
                    .to_owned(),
            );
        }
        let trust = self.keys.provider().trust_list();
        match open_note(trust, &head.origin, &head.note) {
            Ok((open, _)) => {
                let signed = open.checkpoint;
                if i64::try_from(signed.size).ok() != Some(head.size) || signed.root != head.root {
                    fault(
                        "与其签名的检查点不一致：被改动".to_owned(),
                        "it is not what its signed checkpoint says: it was altered".to_owned(),
                    );
                }
            }
            Err(error) => fault(
                format!("检查点的签名无效：{}", error.public.zh),
                format!("its checkpoint is not signed by this installation: {}", error.public.en),
            ),
        }
        if !head.cosigned.is_empty() {
            let open = open_note(trust, &head.origin, &head.cosigned);
            if !open.is_ok_and(|(open, _)| open.checkpoint.size <= tree.size) {
                fault(
                    "见证检查点无效：被改动".to_owned(),
                    "the checkpoint with witnesses is not valid: it was altered".to_owned(),
                );
            }
        }
        let early = !self.synthetic && head.last_us < tree.newest_us.saturating_sub(CLOCK_TOLERANCE_US);
        if tree.size > 0 && (head.last_us > tree.newest_us || early) {
            fault(
                "最新时间与条目不符：被改动".to_owned(),
                "its newest time is not that of the entries: it was altered".to_owned(),
            );
        }
        Ok(())
    }

    fn compare_outside(&mut self, since: Option<Outside>, tree: &Tree) {
        let Some(since) = since else { return };
        let relation = match tree.outside_root {
            _ if since.size > tree.size => Relation::CutOff,
            Some(root) if root == since.root => {
                self.out.since = Some(since.size);
                return;
            }
            _ => Relation::Fork,
        };
        let say = relation.say();
        let (size, root) = (since.size, BASE64.encode(&since.root));
        self.out.add(
            "log_head",
            self.out.origin.clone(),
            format!("{}（检查点：{size} 条，树根 {root}）", say.zh),
            format!("{} (checkpoint: {size} leaves, root {root})", say.en),
        );
    }
}
