//! Locks: what was decided about a record is not undone by a file that still has the old mistake in it.

use chengxin_core::record::State;
use chengxin_core::{Caller, dates};
use chengxin_store::Tx;
use chengxin_store::audit::LOCKS;
use chengxin_store::lock::LockRow;
use serde_json::json;

use super::decision::{Decision, Found, RecordRef, filled, find};
use super::newest;
use crate::keyring::Keyring;
use crate::log::rows::marks;
use crate::proceeding::after_lock;
use crate::{AppError, Installation, journal};

/// What kind of decision locks a record. An erasure locks by itself: see [`Installation::record_erase`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockKind {
    /// The record was corrected: it stays as it now stands.
    Correction,
    /// It was withdrawn: it stays withdrawn.
    Withdrawal,
    /// It was repaired: it stays as it now stands.
    Repair,
}

impl LockKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Correction, Self::Withdrawal, Self::Repair];

    /// The word in the store and on the command line.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Withdrawal => "withdrawal",
            Self::Repair => "repair",
        }
    }

    /// Reads [`Self::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Installation {
    /// Locks a record as it stands: a later row that differs is refused with case number and date, one that says the
    /// same passes. Changes nothing about the record itself; whoever was shown it before it became so is told, where they were not.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for what is not the caller's authority's; [`crate::Kind::Conflict`] where the record
    /// waits for release, is erased, is to be locked as withdrawn but is not, or is locked by a later decision;
    /// [`crate::Kind::Invalid`] for a decision without number or of the future.
    pub fn record_lock(
        &mut self,
        caller: &Caller,
        at: &RecordRef,
        kind: LockKind,
        decision: &Decision,
    ) -> Result<(), AppError> {
        self.authorise(caller, "record_lock")?;
        decision.check(self.today())?;
        let (tag, now_us, keys) = (self.decidable(caller, "record_lock", at)?, self.now_us(), self.keys.clone());
        let done = self.store.write("record_lock", |tx| {
            let found = find(tx.view(), &tag, at, caller, "record_lock")?;
            let lock = LockRow {
                kind: kind.code().to_owned(),
                case_no: decision.case_no.clone(),
                decided_on: i64::from(dates::to_days(decision.decided_on)),
                digest: digest_in_force(&found, kind)?,
            };
            if let Some(held) = tx.view().lock(&found.subject, &at.record.0)?
                && held.decided_on > lock.decided_on
            {
                return Err(AppError::conflict(
                    format!("该记录已被更晚的决定（{}）锁定", held.case_no),
                    format!("the record is locked by a later decision ({})", held.case_no),
                ));
            }
            tx.lock_set(&found.subject, &at.record.0, &lock, &caller.actor, now_us)?;
            let detail = json!({
                "record": at.record.hex(), "kind": lock.kind, "case_no": lock.case_no, "decided_on": decision.decided_on,
                "rows": lock_mark(tx, &keys, &found.subject, &at.record.0)?,
            });
            journal::log_about(tx, &keys, &found.subject, now_us, "record_lock", caller, &detail)?;
            after_lock(tx, &keys, now_us, (&found.subject, &at.record.0), kind == LockKind::Repair)
        });
        done.map_err(|refusal| self.unseen(caller, "record_lock", self.refused(caller, "record_lock", refusal)))
    }

    /// Takes a lock off on a new decision document: files may then say something new about the record.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for what is not the caller's authority's; [`crate::Kind::Conflict`] where the record is
    /// not locked, or the decision is that which locked it, or older; [`crate::Kind::Invalid`] as in
    /// [`Self::record_lock`].
    pub fn record_unlock(
        &mut self,
        caller: &Caller,
        at: &RecordRef,
        decision: &Decision,
        document: &str,
    ) -> Result<(), AppError> {
        self.authorise(caller, "record_unlock")?;
        decision.check(self.today())?;
        filled(document, "新的决定文书", "the new decision document")?;
        let (tag, now_us, keys) = (self.decidable(caller, "record_unlock", at)?, self.now_us(), self.keys.clone());
        let done = self.store.write("record_unlock", |tx| {
            let found = find(tx.view(), &tag, at, caller, "record_unlock")?;
            let Some(held) = tx.view().lock(&found.subject, &at.record.0)? else {
                return Err(AppError::conflict("该记录未被锁定", "the record is not locked"));
            };
            let decided_on = i64::from(dates::to_days(decision.decided_on));
            if held.case_no == decision.case_no || decided_on < held.decided_on {
                return Err(AppError::conflict(
                    format!("须有新的决定文书：案号不同于 {}，且日期不早于原决定", held.case_no),
                    format!("it takes a new decision: of another case number than {}, and no older", held.case_no),
                ));
            }
            tx.lock_remove(&found.subject, &at.record.0)?;
            let detail = json!({
                "record": at.record.hex(), "kind": held.kind, "was": held.case_no, "case_no": decision.case_no,
                "decided_on": decision.decided_on, "document": document,
                "rows": lock_mark(tx, &keys, &found.subject, &at.record.0)?,
            });
            journal::log_about(tx, &keys, &found.subject, now_us, "record_unlock", caller, &detail)?;
            Ok(())
        });
        done.map_err(|refusal| self.unseen(caller, "record_unlock", self.refused(caller, "record_unlock", refusal)))
    }
}

/// What the entry says of the lock as it now stands.
fn lock_mark(
    tx: &Tx<'_>,
    keys: &Keyring,
    subject: &[u8; 16],
    record: &[u8; 16],
) -> Result<serde_json::Value, AppError> {
    marks(tx.view(), keys, &[(&LOCKS, vec![subject.into(), record.into()])])
}

/// Digest of the content that the decision leaves in force; zeros where it leaves none.
fn digest_in_force(found: &Found, kind: LockKind) -> Result<[u8; 16], AppError> {
    let Some(current) = newest(&found.versions) else {
        return Err(AppError::conflict(
            "该记录尚待审核发布；请撤回该批次",
            "the record still waits for release: recall its submission instead",
        ));
    };
    match State::from_i64(current.state) {
        Some(State::Active) if kind == LockKind::Withdrawal => Err(AppError::conflict(
            "该记录尚未撤销；请先报送撤销行，再锁定",
            "the record is not withdrawn: send a withdrawal row first, then lock it",
        )),
        Some(State::Active | State::Repaired) => Ok(current.digest),
        Some(State::Withdrawn) => Ok([0; 16]),
        Some(State::Erased) => {
            Err(AppError::conflict("该记录已删除并锁定", "the record is erased, and locked thereby"))
        }
        None => Err(AppError::internal("state of a version")),
    }
}
