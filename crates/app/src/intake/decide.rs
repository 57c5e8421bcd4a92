//! What a row means beside what is held about its record: rules alone, nothing is looked up here.

use chengxin_core::refusal::{Fault, HeldReason, Reason};
use chengxin_core::row::Action;
use chengxin_store::lock::LockRow;
use chengxin_store::record::VersionHead;

use super::work::GoodRow;

/// What to do with a good row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// Write this version.
    Write { version: i64, body_version: i64, state: i64, effect: Effect },
    /// Held already with equal content; `newer` where its source time is newer than any before.
    Unchanged { newer: Option<i64> },
    /// Stands in this file already (equal or not: the ledger tells which at the end).
    Seen,
    /// For a human.
    Hold(HeldReason),
    /// Not taken.
    Refuse(Fault),
}

/// What a written version means to the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    New,
    Changed,
    Withdrawn,
}

/// What is held about the record of a row.
pub(super) struct Beside<'a> {
    /// Its versions, those of open submissions included, in order.
    pub(super) heads: &'a [VersionHead],
    /// The decision that it stands under.
    pub(super) lock: Option<&'a LockRow>,
    /// Newest source time with which equal content was repeated. Need not be known where the row has no source time.
    pub(super) seen: Option<i64>,
}

/// What is the same for all rows of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judge {
    /// Whose versions an earlier, interrupted run of this file wrote; none in a dry run.
    pub(super) submission: Option<i64>,
    pub(super) source_field: Option<u16>,
}

impl Judge {
    /// What a row means to a record of which nothing was ever held.
    pub(super) fn first(action: Action) -> Decision {
        anew(action, 1)
    }

    /// What the row means beside what is held.
    ///
    /// # Source
    /// House rules on intake: an older source time never overwrites a newer one; without it, content equal to a
    /// superseded version is held; a decided record is locked.
    pub(super) fn decide(&self, row: &GoodRow, beside: &Beside<'_>) -> Decision {
        let Beside { heads, lock, seen } = beside;
        if self.submission.is_some_and(|own| heads.iter().any(|h| h.submission_id == own)) {
            return Decision::Seen;
        }
        if let Some(lock) = lock {
            return under_lock(row, lock);
        }
        let version = heads.last().map_or(1, |h| h.version + 1);
        let effective = || heads.iter().filter(|h| is_effective(h));
        let Some(current) = effective().next_back() else { return anew(row.action, version) };
        let newest = effective().filter_map(|h| h.source_time).chain(*seen).max();
        if let (Some(own), Some(newest)) = (row.source_time, newest)
            && own < newest
        {
            return Decision::Refuse(Fault { field: self.source_field, reason: Reason::OlderThanHeld });
        }
        match (row.action, current.state) {
            (Action::Withdraw, 1) => {
                Decision::Write { version, body_version: current.body_version, state: 2, effect: Effect::Withdrawn }
            }
            (Action::Withdraw, _) => Decision::Unchanged { newer: None },
            (Action::Put, 1) if current.digest == row.digest => {
                Decision::Unchanged { newer: row.source_time.filter(|own| newest.is_none_or(|n| *own > n)) }
            }
            (Action::Put, _) if row.source_time.is_none() && effective().any(|h| h.digest == row.digest) => {
                Decision::Hold(HeldReason::EqualsSuperseded)
            }
            (Action::Put, _) => Decision::Write { version, body_version: version, state: 1, effect: Effect::Changed },
        }
    }
}

/// Does the version count: was its submission accepted, or is it a decision?
pub(super) fn is_effective(head: &VersionHead) -> bool {
    head.submission_state == 2
}

/// Nothing effective is held: the row is the first, or withdraws nothing.
fn anew(action: Action, version: i64) -> Decision {
    match action {
        Action::Put => Decision::Write { version, body_version: version, state: 1, effect: Effect::New },
        Action::Withdraw => Decision::Refuse(Fault { field: None, reason: Reason::NothingToWithdraw }),
    }
}

fn under_lock(row: &GoodRow, lock: &LockRow) -> Decision {
    if lock.digest == row.digest && row.action == Action::Put {
        return Decision::Unchanged { newer: None };
    }
    match lock.kind.as_str() {
        "retention" => return Decision::Refuse(Fault { field: None, reason: Reason::NoLongerKept }),
        "own_wish" => return Decision::Refuse(Fault { field: None, reason: Reason::DeletedByWish }),
        _ => {}
    }
    let decided_on = i32::try_from(lock.decided_on).ok().and_then(chengxin_core::dates::from_days);
    let decided_on = decided_on.map_or_else(String::new, |d| d.to_string());
    Decision::Refuse(Fault { field: None, reason: Reason::Locked { case: lock.case_no.clone(), decided_on } })
}
