//! Did the log only grow? Two checkpoints, and the proof that the newer tree begins with the older.

use chengxin_core::{Caller, Say};
use chengxin_seal::TrustList;
use chengxin_tlog::{ConsistencyProof, Hash, prove_consistency, root_at};
use data_encoding::BASE64;
use serde::Serialize;

use super::check::{false_proof, open_note, origin_in};
use super::proof::{encoded, hashes, malformed};
use super::prove::{unproven, verified};
use super::sequence::{head_of, inconsistent};
use crate::keyring::ProfileHash;
use crate::{AppError, Installation, Kind};

/// A state of the log that somebody names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogPoint {
    /// By its number of leaves: our own tree as it was then.
    Size(u64),
    /// By a signed checkpoint, kept outside.
    Note(String),
    /// As it stands now.
    Newest,
}

/// How two states of the log stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The newer goes on from the older.
    Grew,
    /// One of the checkpoints has another root than our tree had at that size: the log was rewritten, or there are two.
    Fork,
    /// One of the checkpoints is larger than our log: its newest entries are gone.
    CutOff,
}

impl Relation {
    /// For people.
    #[must_use]
    pub fn say(self) -> Say {
        match self {
            Self::Grew => Say::new("日志只增未改", "the log only grew"),
            Self::Fork => Say::new(
                "分叉：该检查点的树根与本日志同一大小时的树根不同，日志曾被改写，或存在两本日志",
                "a fork: the checkpoint has another root than this log had at that size, so the log was rewritten, or there are two",
            ),
            Self::CutOff => Say::new(
                "尾部被截断：该检查点之下的条目比本日志现有的多，最新的条目已经丢失，或恢复了旧备份",
                "a cut-off tail: the checkpoint has more entries than this log, so the newest are gone, or an old backup was restored",
            ),
        }
    }
}

/// A state of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogState {
    /// Leaves.
    pub size: u64,
    /// Root, base64; absent where nobody states it: a size that the log does not have, without a checkpoint.
    pub root: Option<String>,
    /// The signed checkpoint, where there is one.
    pub note: Option<String>,
}

/// What comparing two states came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Consistency {
    /// Name of the log.
    pub origin: String,
    /// The older.
    pub old: LogState,
    /// The newer.
    pub new: LogState,
    /// How they stand to each other.
    pub relation: Relation,
    /// The proof, each hash in base64: empty unless the log grew. With both checkpoints it can be checked anywhere.
    pub hashes: Vec<String>,
}

/// Checks that the tree of `new_note` begins with that of `old_note`. Needs nothing but the list of trusted keys.
///
/// # Errors
/// [`Kind::Invalid`] for what is no checkpoint; [`Kind::Conflict`] where nobody on the list signed it, the two are of different
/// logs, or the proof does not hold.
pub fn check_consistency(
    old_note: &str,
    new_note: &str,
    proof: &[String],
    trust: &TrustList,
) -> Result<(u64, u64), AppError> {
    let origin = origin_in(new_note)?;
    let (old, _) = open_note(trust, &origin, old_note)?;
    let (new, key) = open_note(trust, &origin, new_note)?;
    let (old, new, hash) = (old.checkpoint, new.checkpoint, ProfileHash(key.public().profile()));
    if old.size == 0 {
        old.check_empty(&hash).map_err(|error| malformed(&error.to_string()))?;
        return Ok((0, new.size));
    }
    let proof = ConsistencyProof { old_size: old.size, new_size: new.size, hashes: hashes("proof", proof)? };
    proof.verify(&hash, &old.root, &new.root).map_err(|error| {
        false_proof("较新的日志不是从较旧的延续而来", &format!("the newer log does not go on from the older: {error}"))
    })?;
    Ok((old.size, new.size))
}

impl Installation {
    /// Compares two states of the log, each by size or by a checkpoint that was kept outside, with the tiles as they are.
    ///
    /// # Errors
    /// See [`crate::policy::authorise`]; [`Kind::Invalid`] for what is no checkpoint of this log, or where `old` is larger than
    /// `new`; [`Kind::Conflict`] for a checkpoint that no key of this installation signed; [`Kind::NotFound`] where the log has no head
    /// yet; [`Kind::Unavailable`] where its own tiles and head do not fit.
    pub fn log_consistency(&self, caller: &Caller, old: &LogPoint, new: &LogPoint) -> Result<Consistency, AppError> {
        self.authorise(caller, "log_consistency")?;
        let view = self.store.view();
        let head = view.log_head()?.ok_or_else(|| {
            AppError::not_found(
                "日志还没有检查点；请先运行 chengxin log sequence",
                "the log has no checkpoint yet: run chengxin log sequence first",
            )
        })?;
        let (hash, stands) = (self.keys.hash(), head_of(&head)?);
        let tiles = verified(view, &hash, &head)?;
        let state = |point: &LogPoint| -> Result<(LogState, Option<Hash>, Relation), AppError> {
            let (size, root, note) = match point {
                LogPoint::Newest => (stands.size, Some(stands.root), Some(head.note.clone())),
                LogPoint::Size(size) => (*size, None, None),
                LogPoint::Note(note) => {
                    let (open, _) = open_note(self.keys.provider().trust_list(), &head.origin, note)?;
                    (open.checkpoint.size, Some(open.checkpoint.root), Some(note.clone()))
                }
            };
            let own = match size <= stands.size {
                true => Some(root_at(&hash, &tiles, size).map_err(|error| inconsistent(&error.to_string()))?),
                false => None,
            };
            let relation = match (own, root) {
                (None, _) => Relation::CutOff,
                (Some(own), Some(root)) if own != root => Relation::Fork,
                _ => Relation::Grew,
            };
            let root = root.or(own);
            Ok((LogState { size, root: root.map(|root| BASE64.encode(&root)), note }, root, relation))
        };
        let ((old, old_root, first), (new, new_root, second)) = (state(old)?, state(new)?);
        if old.size > new.size && first == Relation::Grew {
            return Err(AppError::new(
                Kind::Invalid,
                format!("先给出的检查点（{} 条）比后给出的（{} 条）大；请交换次序", old.size, new.size),
                format!("the first has {} leaves, the second {}: give the older one first", old.size, new.size),
            ));
        }
        let relation = [first, second].into_iter().find(|relation| *relation != Relation::Grew);
        let relation = relation.unwrap_or(Relation::Grew);
        let mut path = Vec::new();
        if relation == Relation::Grew && old.size > 0 {
            // A state without a root is beyond the log, and that is no growth.
            let (Some(old_root), Some(new_root)) = (old_root, new_root) else {
                return Err(AppError::internal("a state within the log has no root"));
            };
            let proof = prove_consistency(&hash, &tiles, old.size, new.size).map_err(unproven)?;
            proof.verify(&hash, &old_root, &new_root).map_err(|error| inconsistent(&error.to_string()))?;
            path = encoded(&proof.hashes);
        }
        Ok(Consistency { origin: head.origin.clone(), old, new, relation, hashes: path })
    }
}
